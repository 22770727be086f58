"""`tocsin import plans` and `tocsin export plans`: a file goes round and changes nothing; a bad one changes nothing."""

import json

import pytest

from support.centres import make_folder
from tocsin.cli import main

PLAN = """\
[[plans]]
name = "fire-alarm"

[[plans.steps]]
id = "send"
kind = "dispatch"
words = "Send the works fire brigade."
mandatory = true
limit_s = 60
missed = { do = "tell" }
"""


@pytest.fixture
def folder(tmp_path):
    make_folder(tmp_path / "centre")
    return tmp_path / "centre"


@pytest.fixture
def run(capsysbinary):
    """Run a command; return its status, and what it prints of each sort."""

    def run(*arguments):
        capsysbinary.readouterr()
        status = main(list(map(str, arguments)))
        said = capsysbinary.readouterr()
        return status, said.out.decode(), said.err.decode()

    return run


def test_plans_go_round_and_change_nothing(folder, tmp_path, run):
    file, out = tmp_path / "plans.toml", tmp_path / "out.json"
    file.write_text(PLAN)
    assert "Would import: 1 new" in run("import", "plans", file, "--dir", folder, "--dry-run")[1]
    assert json.loads(run("export", "plans", "--dir", folder)[1]) == {"format": 1, "plans": []}
    assert run("import", "plans", file, "--dir", folder)[:2] == (0, "Imported: 1 new, 0 changed, 0 same.\n")
    assert run("export", "plans", "--dir", folder, "--out", out)[0] == 0
    assert json.loads(out.read_text())["plans"][0]["steps"][0]["words"] == "Send the works fire brigade."
    assert json.loads(run("import", "plans", out, "--dir", folder, "--json")[1])["same"] == 1


def test_plan_that_loops_is_refused_by_its_name_and_steps(folder, tmp_path, run):
    file = tmp_path / "plans.toml"
    file.write_text(PLAN + 'next = "send"\n')
    status, _, errors = run("import", "plans", file, "--dir", folder)
    assert status != 0
    assert "fire-alarm" in errors
    assert "send -> send" in errors
    assert json.loads(run("export", "plans", "--dir", folder)[1]) == {"format": 1, "plans": []}


def test_one_plan_is_written_also_one_that_ships_and_a_dry_run_says_what_would_be_otherwise(folder, tmp_path, run):
    file = tmp_path / "hold-up.json"
    assert run("export", "plans", "--plan", "hold-up", "--dir", folder, "--out", file)[0] == 0
    (plan,) = json.loads(file.read_text())["plans"]
    said = run("import", "plans", file, "--dir", folder, "--dry-run")[1]
    assert "new: hold-up, in place of the one that ships" in said
    assert run("import", "plans", file, "--dir", folder)[0] == 0
    plan["steps"][0]["words"] = "Otherwise."
    file.write_text(json.dumps({"format": 1, "plans": [plan]}))
    said = run("import", "plans", file, "--dir", folder, "--dry-run")[1]
    assert f"changed: hold-up (changed {plan['steps'][0]['id']})" in said
    assert "action_plan.unknown" in run("export", "plans", "--plan", "none-such", "--dir", folder)[2]
    assert "usage.plan" in run("export", "sites", "--plan", "hold-up", "--dir", folder)[2]
