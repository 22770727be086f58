"""Parameters of judgement as a centre has them: in force from the next signal, in the journal, the same after all."""

import pytest

from support.action_plans import PlanRoom
from support.centres import held, make_folder
from support.fakes import ManualClock
from tocsin.centre.dry_run import dry_run
from tocsin.centre.editing import Overtaken
from tocsin.centre.ruling import VERSIONS_KEPT, Ruling, judgement_in, rebuild_rules, stored_versions
from tocsin.cli import main
from tocsin.model.errors import BadInput
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.judgement import JUDGEMENT


@pytest.fixture
def room(tmp_path):
    clock = ManualClock()
    folder = make_folder(tmp_path / "centre", clock=clock)
    with held(folder, clock=clock) as made:
        made.add(b"account,name\n1001,Mill\n", kind="accounts")
        yield PlanRoom(made)


def entries(room):
    return room.store.entries(0, 100_000)


def test_next_signal_goes_by_what_was_set_and_the_dry_run_of_now_says_the_same(room):
    ruling = room.made.centre.ruling
    first = room.fault("BA")
    room.clock.advance(600)
    assert room.fault("BA") == first
    ruling.set({"intrusion.window_s": 300}, 0, "user-1")
    room.clock.advance(600)
    second = room.fault("BA")
    assert second != first
    (version,) = ruling.versions()
    ruling.set({}, version.seq, "user-2")
    room.clock.advance(600)
    assert room.fault("BA") == second
    found = dry_run(lambda: iter(entries(room)), 0, JUDGEMENT, JUDGEMENT, shipped_catalogue())
    assert (found.signals, found.as_decided) == (4, 4)


def test_versions_say_who_and_when_and_a_rebuild_and_a_restart_have_the_same(room):
    ruling = room.made.centre.ruling
    assert ruling.versions() == () == rebuild_rules(entries(room))
    ruling.set({"chatter.alarms": 5, "fire.window_s": 1_800}, 0, "user-1")
    (version,) = ruling.versions()
    assert (version.by, version.at, version.changed) == ("user-1", room.clock.now_us(), {"chatter.alarms": 5})
    ruling.set({"chatter.alarms": 5}, 0, "user-2")  # nothing new: nothing is stored, whoever looked at what
    assert ruling.versions() == (version,)
    for alarms in range(VERSIONS_KEPT + 3):
        ruling.set({"chatter.alarms": 3 + alarms % 2}, ruling.versions()[0].seq, "user-1")
    kept = ruling.versions()
    assert len(kept) == VERSIONS_KEPT
    assert kept == rebuild_rules(entries(room)) == stored_versions(room.store)
    again = Ruling(room.store, room.made.centre.run)
    assert (again.versions(), again.judgement) == (kept, ruling.judgement)


def test_second_of_two_supervisors_is_told_who_was_first_and_changes_nothing(room):
    ruling = room.made.centre.ruling
    ruling.set({"chatter.alarms": 5}, 0, "user-1")
    with pytest.raises(Overtaken) as refused:
        ruling.set({"chatter.alarms": 6}, 0, "user-2")
    assert (refused.value.by, refused.value.at) == ("user-1", room.clock.now_us())
    assert ruling.judgement.chatter.alarms == 5


@pytest.mark.parametrize(
    "changed",
    [{"fire.window_s": 7_201}, {"medical.window_s": 59}, {"violence.window_s": 60}, {"mains.accounts": 0}, {"x": 1}],
)
def test_what_is_outside_its_range_or_no_parameter_is_refused(room, changed):
    head = room.store.head()
    with pytest.raises(BadInput):
        room.made.centre.ruling.set({"chatter.alarms": 4} | changed, 0, "user-1")
    assert (room.store.head(), room.made.centre.ruling.judgement) == (head, JUDGEMENT)


def test_what_another_release_allowed_is_as_it_ships():
    made = judgement_in({"chatter.alarms": 4, "fire.window_s": 999_999, "gone.window_s": 3})
    assert (made.chatter.alarms, made.correlations) == (4, JUDGEMENT.correlations)


def test_command_line_sets_lists_and_takes_back(tmp_path, capsys):
    make_folder(tmp_path / "centre")
    place = str(tmp_path / "centre")
    assert main(["rules", "set", "--dir", place, "chatter.alarms=5", "mains.accounts=4"]) == 0
    assert "Set by cli" in capsys.readouterr().out
    assert main(["rules", "set", "--dir", place, "chatter.alarms=3"]) == 0
    assert "): mains.accounts=4." in capsys.readouterr().out
    assert main(["rules", "parameters", "--dir", place]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("mains.accounts")]
    assert line.split()[1:3] == ["4", "5"]
    assert main(["rules", "set", "--dir", place, "--as-shipped"]) == 0
    assert "all as they ship" in capsys.readouterr().out
    assert main(["rules", "set", "--dir", place]) == 2
    assert main(["rules", "set", "--dir", place, "fire.window_s=99999"]) == 2
    assert "rules.range" in capsys.readouterr().err
