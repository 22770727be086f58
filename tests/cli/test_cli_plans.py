"""`tocsin import plans` and `tocsin export plans`: a file goes round and changes nothing; a bad one changes nothing."""

import json

import pytest
from typer.testing import CliRunner

from support.centres import make_folder
from tocsin.cli import _load
from tocsin.model.errors import BadInput

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


def run(command, *arguments):
    done = CliRunner().invoke(_load(command), list(map(str, arguments)))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def test_plans_go_round_and_change_nothing(folder, tmp_path):
    file = tmp_path / "plans.toml"
    file.write_text(PLAN)
    assert "Would import: 1 new" in run("import", "plans", file, "--dir", folder, "--dry-run")
    assert json.loads(run("export", "plans", "--dir", folder)) == {"plans": []}
    assert run("import", "plans", file, "--dir", folder) == "Imported: 1 new, 0 changed, 0 same.\n"
    out = tmp_path / "out.json"
    run("export", "plans", "--dir", folder, "--out", out)
    assert json.loads(out.read_text())["plans"][0]["steps"][0]["words"] == "Send the works fire brigade."
    assert json.loads(run("import", "plans", out, "--dir", folder, "--json"))["same"] == 1


def test_plan_that_loops_is_refused_by_its_name_and_step(folder, tmp_path):
    file = tmp_path / "plans.toml"
    file.write_text(PLAN + 'next = "send"\n')
    with pytest.raises(BadInput) as caught:
        run("import", "plans", file, "--dir", folder)
    assert "fire-alarm" in str(caught.value)
    assert "send -> send" in str(caught.value)
