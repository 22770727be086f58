"""`tocsin report`, as people give it: of a folder, of an export, in each form, and what it refuses."""

import json

import pytest

from support.centres import make_folder
from support.figures import BEGIN, HOUR, SECOND, Facts
from support.pdf import pages
from tocsin.cli import main

OWN = """\
[profile]
id = "harbour"
title = "Our own"
wording = "designed to measure against"
copied_from = "en50518-2019"
[[figure]]
id = "reaction.urgent.80"
measure = "reaction"
share = 0.9
limit_s = 20
source = "our contract"
evidence = "C"
"""
PERIOD = ("--from", "2026-09-25", "--to", "2026-09-25")


@pytest.fixture
def export(tmp_path):
    journal = Facts()
    for number in range(6):
        at = BEGIN + 8 * HOUR + number * HOUR
        incident = journal.opened(at)
        journal.claimed(at + 10 * SECOND, incident, f"user-{1 + number % 3}")
        journal.closed(at + 70 * SECOND, incident, f"user-{1 + number % 3}", "unwanted")
    file = tmp_path / "journal.jsonl"
    file.write_bytes(b"".join(journal.lines))
    return file


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "centre"
    make_folder(made)
    return made


def test_report_of_an_export_needs_no_folder(export, capsys):
    assert main(["report", "--export", str(export), *PERIOD]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Figures: Harbour\n")
    assert "100.0 %  reached" in said
    assert "Designed to measure against  EN 50518:2019" in said


@pytest.mark.parametrize(
    ("words", "begins"),
    [(("--json",), b'{"format":1,'), (("--csv",), b"section,of,what"), (("--html",), b"<!doctype html>"),
     (("--pdf",), b"%PDF-1.7")],
)  # fmt: skip
def test_each_form_goes_to_a_file_or_the_output(export, tmp_path, capsysbinary, words, begins):
    out = tmp_path / "report.any"
    assert main(["report", "--export", str(export), *PERIOD, *words, "--out", str(out)]) == 0
    assert out.read_bytes().startswith(begins)
    assert main(["report", "--export", str(export), *PERIOD, *words]) == 0
    assert capsysbinary.readouterr().out.startswith(begins)


def test_ending_of_the_file_chooses_the_form(export, tmp_path):
    out = tmp_path / "november.pdf"
    assert main(["report", "--export", str(export), *PERIOD, "--out", str(out)]) == 0
    assert any("Against EN 50518:2019, alarm receiving centre" in page for page in pages(out.read_bytes()))


def test_report_of_a_folder_uses_its_settings_and_its_own_profiles(folder, capsys):
    (folder / "profiles").mkdir()
    (folder / "profiles" / "harbour.toml").write_text(OWN)
    with (folder / "tocsin.toml").open("a") as file:
        file.write('\n[figures]\nprofile = "harbour"\nshift_changes = ["07:00", "19:00"]\n')
    assert main(["report", "--dir", str(folder), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["profile"]["id"], made["profile"]["copied_from"]) == ("harbour", "en50518-2019")
    assert made["trouble"] == []
    assert main(["report", "--dir", str(folder), "--profiles"]) == 0
    assert "harbour" in capsys.readouterr().out


def test_profile_of_the_settings_that_is_wrong_is_said_in_the_report_and_one_asked_for_is_refused(folder, capsys):
    (folder / "profiles").mkdir()
    (folder / "profiles" / "harbour.toml").write_text(OWN.replace('"reaction"\n', '"reacton"\n'))
    with (folder / "tocsin.toml").open("a") as file:
        file.write('\n[figures]\nprofile = "harbour"\n')
    assert main(["report", "--dir", str(folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "line 8: `measure` is 'reacton'; the nearest known one is 'reaction'" in said
    assert "EN 50518:2019" in said
    assert main(["report", "--dir", str(folder), "--profile", "harbour"]) == 1
    assert "profile.figures" in capsys.readouterr().err
    assert main(["report", "--dir", str(folder), "--profiles"]) == 0
    assert "harbour cannot be used" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (("--profile", "en50158"), "profile.unknown", 1),
        (("--profile", "eemua-191"), "profile.kind", 1),
        (("--from", "tomorrow"), "report.period", 1),
        (("--from", "2026-09-26", "--to", "2026-09-25"), "report.period", 1),
        (("--from", "2031-01-01", "--to", "2031-01-02"), "report.empty", 1),
        (("--html", "--csv"), "usage.report", 2),
    ],
)
def test_what_cannot_be_reported_is_refused_with_a_sentence(export, capsys, words, code, status):
    assert main(["report", "--export", str(export), *words]) == status
    said = capsys.readouterr()
    assert code in said.err
    assert said.out == ""


def test_report_wants_a_folder_or_a_file_that_is_there(tmp_path, capsys):
    assert main(["report"]) == 2
    assert main(["report", "--export", str(tmp_path / "none.jsonl")]) == 2
    assert main(["report", "--dir", str(tmp_path)]) == 1
    (tmp_path / "bad.jsonl").write_text("not a journal\n")
    assert main(["report", "--export", str(tmp_path / "bad.jsonl")]) == 1
    assert "Line 1 is no entry of a journal" in capsys.readouterr().err


def test_planted_test_and_exercise_are_in_no_report(export, tmp_path, capsys):
    journal = Facts()
    for more in ({"exercise": True}, {"presentation": "on_test"}):
        incident = journal.opened(BEGIN + HOUR, **more)
        journal.claimed(BEGIN + HOUR + 5 * SECOND, incident)
    file = tmp_path / "planted.jsonl"
    file.write_bytes(b"".join(journal.lines))
    assert main(["report", "--export", str(file), "--from", "2026-09-25", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert dict(figures["excluded"]) | {"exercise": 1, "on_test": 1} == dict(figures["excluded"])
    assert (figures["groups"], figures["load"][0]["annunciated"], figures["sources"]) == ([], 0, [])
