"""A dry run says what other parameters would have made of the same signals, and changes nothing."""

import json
import os
import subprocess
import sys

import msgspec
import pytest

from support.centres import held, make_folder
from support.cores import CoreAtWork, PlacesOf
from support.fakes import START_US, ManualClock
from tocsin.centre.dry_run import DryRun, dry_run
from tocsin.centre.dry_run_worker import DryRunForm
from tocsin.cli import main
from tocsin.cli.rules import NICE
from tocsin.model.accounts import AccountRow
from tocsin.model.commands import Claim, Close
from tocsin.model.errors import BadInput
from tocsin.model.journal import Fact
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.judgement import JUDGEMENT
from tocsin.rules.parameters import RANGES, judgement_with, parse
from tocsin.store.sqlite import SqliteStore

CATALOGUE = shipped_catalogue()
COUNT = 8


def centre_with_accounts():
    """A core whose configuration stands in its journal too."""
    made = CoreAtWork(places=PlacesOf({f"account-{n}": f"site-{n}" for n in range(1, COUNT + 1)}))
    rows = [AccountRow(account=str(n), config=n, site_id=f"site-{n}") for n in range(1, COUNT + 1)]
    assert made.journal.record([Fact(kind="account.set", body=row) for row in rows]) == list(range(1, COUNT + 1))
    return made


def run(centre, *words, since=0):
    would = judgement_with(parse(words))
    return dry_run(lambda: iter(centre.store.entries(0, 1_000_000)), since, JUDGEMENT, would, CATALOGUE)


def take(centre, code, account, zone, after_s=0):
    centre.clock.advance(after_s)
    return centre.signal(code, str(account), account_ref=f"account-{account}", address=zone)


def test_same_parameters_end_every_signal_as_the_journal_says():
    centre = centre_with_accounts()
    for code, account, zone, after_s in (
        ("FA", 1, "1", 0), ("FA", 1, "2", 60), ("FH", 1, "1", 5), ("BA", 2, "4", 5), ("BR", 2, "4", 2),
        ("BA", 2, "4", 2), ("BA", 2, "4", 2), ("BA", 2, "4", 2), ("RP", 3, None, 9), ("AT", 3, None, 9),
        ("AT", 4, None, 9), ("AT", 5, None, 9), ("AT", 6, None, 9), ("AT", 7, None, 9), ("AR", 4, None, 9),
    ):  # fmt: skip
        take(centre, code, account, zone, after_s)
    found = run(centre)
    assert (found.signals, found.as_decided, found.differing, found.examples) == (15, 15, 0, [])
    assert found.now == found.would
    assert (found.now["fire"].opened, found.now["fire"].joined) == (1, 2)


def test_shorter_window_would_have_opened_a_second_fire_and_the_first_signal_that_differs_is_named():
    centre = centre_with_accounts()
    first = take(centre, "FA", 1, "1")
    later = take(centre, "FA", 1, "2", 1_000)
    before = centre.store.head()
    found = run(centre, "fire.window_s=900")
    assert (found.differing, found.now["fire"].opened, found.would["fire"].opened) == (1, 1, 2)
    (example,) = found.examples
    assert (example.seq, example.was, example.would) == (later.seq, "joined", "opened")
    assert example.was_in == centre.store.incident(first.incident).number
    assert centre.store.head() == before


def test_what_people_closed_is_closed_in_it_too():
    centre = centre_with_accounts()
    row = take(centre, "FA", 1, "1")
    centre.handle(row.incident, Claim())
    centre.handle(row.incident, Close(disposition="unwanted"))
    take(centre, "FA", 1, "1", 60)
    found = run(centre, "fire.window_s=7200")
    assert (found.as_decided, found.differing, found.now["fire"].opened) == (2, 0, 2)


def test_what_is_counted_in_the_fault_of_a_detector_is_so_in_it_too_and_other_numbers_would_open_it():
    centre = centre_with_accounts()
    for _ in range(JUDGEMENT.chatter.runaway_alarms):
        alarm = take(centre, "BA", 2, "4", 1)
    centre.handle(alarm.incident, Claim())
    centre.handle(alarm.incident, Close(disposition="fault"))
    first = take(centre, "BA", 2, "4", 1)
    assert first.reason == "counted_in_fault"
    take(centre, "BA", 2, "4", 1)
    found = run(centre)
    assert (found.signals - found.as_decided, found.differing, found.now["intrusion"].opened) == (0, 0, 1)
    other = run(centre, "runaway.alarms=200")
    fault = centre.store.incident(first.incident)
    (example, _) = other.examples
    assert (example.seq, example.was, example.was_in_id, example.would) == (first.seq, "folded", fault.id, "opened")
    centre.handle(fault.id, Claim())
    centre.handle(fault.id, Close(disposition="fault"))
    assert take(centre, "BA", 2, "4", 1).outcome == "opened"
    again = run(centre)
    assert (again.signals - again.as_decided, again.now["intrusion"].opened) == (0, 2)


def test_only_the_days_that_are_asked_for_count():
    centre = centre_with_accounts()
    take(centre, "FA", 1, "1")
    take(centre, "FA", 1, "2", 600)
    found = run(centre, since=START_US + 300 * 1_000_000)
    assert (found.signals, found.as_decided, found.now["fire"].joined) == (1, 1, 1)


def test_area_and_chatter_by_other_numbers():
    centre = centre_with_accounts()
    for account in range(1, 5):
        take(centre, "AT", account, None, 10)
    for _ in range(4):
        take(centre, "BA", 5, "1", 5)
    found = run(centre, "mains.accounts=3", "chatter.alarms=4")
    assert found.would["technical"].opened == 3  # the third opens the area's, the fourth joins it
    assert found.would["technical"].joined == 1
    assert (found.now["intrusion"].folded, found.would["intrusion"].folded) == (1, 0)
    assert not found.is_untold
    assert run(centre, "flood.begins=20").is_untold
    assert run(centre, "runaway.alarms=20").is_untold


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("fire.windw_s=900", "rules.parameter"),
        ("fire.window_s=soon", "rules.parameter"),
        ("fire.window_s", "rules.parameter"),
        ("fire.window_s=1", "rules.range"),
        ("chatter.alarms=1", "rules.range"),
        ("violence.window_s=60", "rules.parameter"),  # nothing is merged there, and that stays
        ("fire.window_s=" + "9" * 400, "rules.parameter"),
    ],
)
def test_parameter_that_is_none_or_out_of_range_is_refused_by_name(word, code):
    with pytest.raises(BadInput) as refused:
        judgement_with(parse([word]))
    assert refused.value.code == code
    assert word.partition("=")[0][:20] in str(refused.value)


def test_every_parameter_ships_within_its_range_and_changes_what_it_names():
    assert judgement_with({name: one.shipped for name, one in RANGES.items()}) == JUDGEMENT
    for name, one in RANGES.items():
        assert one.least <= one.shipped <= one.most
        other = one.least if one.shipped != one.least else one.most
        assert judgement_with({name: other}) != JUDGEMENT


def test_command_reads_a_folder_behind_a_centre_at_work_and_says_in_words_and_in_json(tmp_path, capsys, monkeypatch):
    behind = []
    monkeypatch.setattr(os, "nice", behind.append)  # else every test after this one would stand back with it
    folder = make_folder(tmp_path / "centre")
    with held(folder) as made:
        made.add(b"account,name\n1001,Mill\n", kind="accounts")
    place = str(tmp_path / "centre")
    assert main(["rules", "dry-run", "--dir", place, "--days", "3", "--set", "fire.window_s=900"]) == 0
    assert "0 would end elsewhere." in capsys.readouterr().out
    assert behind == [NICE]
    assert main(["rules", "dry-run", "--dir", place, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["signals"] == 0
    assert main(["rules", "dry-run", "--dir", place, "--set", "fire.window_s=1"]) == 2
    assert "fire.window_s is 60 to 7200, and 1 is not" in capsys.readouterr().err
    assert main(["rules", "parameters"]) == 0
    assert "chatter.alarms" in capsys.readouterr().out


def test_worker_decides_what_lies_in_the_database_again_and_writes_nothing(tmp_path):
    clock, store = ManualClock(), SqliteStore(tmp_path / "tocsin.db")
    centre = CoreAtWork(store, clock)
    centre.signal("FA", address="1")
    clock.advance(1_000)
    centre.signal("FA", address="2")
    before = store.head()
    form = DryRunForm(database=str(tmp_path / "tocsin.db"), since=0, changed={"fire.window_s": 900}, examples_max=1)
    done = subprocess.run(
        [sys.executable, "-m", "tocsin.centre.dry_run_worker"],
        input=msgspec.json.encode(form), capture_output=True, check=True,
    )  # fmt: skip
    found = msgspec.json.decode(done.stdout, type=DryRun)
    assert (found.signals, found.differing, found.examples[0].would) == (2, 1, "opened")
    assert store.head() == before
    store.close()
