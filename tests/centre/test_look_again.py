"""A help note about somebody missing is looked at again every 12 hours: said on time, until somebody has looked."""

import msgspec
import pytest

from support.centres import held, make_folder
from support.escalations import ANA, Room
from support.fakes import ManualClock
from tocsin.model.commands import Claim, Close, Reopen
from tocsin.model.errors import Conflict
from tocsin.model.escalation import LOOK_AGAIN
from tocsin.model.help_note import HelpNote, Missing
from tocsin.system import SystemClock

HOUR_S = 3600
HOUR = HOUR_S * 1_000_000
NOTE = HelpNote(missing=Missing(harm_feared=("cold",)))
NOBODY = HelpNote()


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def room(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        yield Room(made)


def searched(room):
    """A claimed incident about somebody missing: no panel sends one."""
    incident = room.alarm("TA")
    changed = msgspec.structs.replace(room.store.incident(incident), hazard="missing_person", type="MISSING-LOST")
    with room.store.transaction() as transaction:
        transaction.put_incidents([changed])
    room.core.take_over([changed], room.made.journal.head.seq)
    room.act(incident, Claim())
    return incident


def write(room, incident, note=NOTE, seen=0):
    room.centre.help_notes.write(incident, note, seen, ANA, f"w{room.made.journal.head.seq}")
    room.scheduler.wake()


def confirm(room, incident, seen=1):
    room.centre.help_notes.confirm(incident, seen, ANA, f"w{room.made.journal.head.seq}")
    room.scheduler.wake()


def state(room, incident):
    row = room.store.incident(incident)
    left_h = None if row.look_again_at is None else round((row.look_again_at - room.clock.now_us()) / HOUR, 2)
    return left_h, row.look_again_due


def due_facts(room):
    return [fact["body"]["late_s"] for fact in room.facts("incident.look_again") if fact["body"]["reason"] == "due"]


def test_note_about_somebody_missing_is_due_after_12_hours_and_every_screen_is_told(room):
    incident = searched(room)
    write(room, incident)
    assert state(room, incident) == (12, False)
    room.pass_s(12 * HOUR_S - 1)
    assert due_facts(room) == []
    room.pass_s(2)
    assert (state(room, incident)[1], due_facts(room)) == (True, [0])
    assert room.committed[-1].incidents[0].look_again_due
    room.pass_s(24 * HOUR_S)
    assert due_facts(room) == [0]  # once; the sound goes on until somebody has looked


@pytest.mark.parametrize("how", [write, confirm])
def test_written_anew_or_confirmed_it_is_looked_at_in_12_hours_again(room, how):
    incident = searched(room)
    write(room, incident)
    room.pass_s(13 * HOUR_S)
    how(room, incident, seen=1)
    assert state(room, incident) == (12, False)
    assert room.facts("incident.look_again")[-1]["actor"] == ANA
    room.pass_s(12 * HOUR_S + 1)
    assert len(due_facts(room)) == 2


def test_nobody_is_missing_any_more_and_nothing_is_due(room):
    incident = searched(room)
    write(room, incident)
    write(room, incident, NOBODY, seen=1)
    assert (state(room, incident), room.store.timers(kind=LOOK_AGAIN)) == ((None, False), [])


def test_confirming_another_version_or_a_note_about_nobody_is_refused(room):
    incident = searched(room)
    write(room, incident)
    for wanted, seen in (("help_note.changed", 2), ("help_note.not_due", 2)):
        with pytest.raises(Conflict) as refused:
            confirm(room, incident, seen)
        assert refused.value.code == wanted
        write(room, incident, NOBODY, seen=1) if wanted == "help_note.changed" else None


def test_closed_incident_is_not_looked_at_and_reopened_it_is_due_at_once(room):
    incident = searched(room)
    write(room, incident)
    room.act(incident, Close(disposition="real"))
    assert room.store.timers(kind=LOOK_AGAIN) == []
    room.pass_s(13 * HOUR_S)
    assert due_facts(room) == []
    room.act(incident, Reopen(reason="more_to_do"))
    room.pass_s(1)
    assert (state(room, incident)[1], due_facts(room)) == (True, [HOUR_S])


def test_look_again_survives_a_restart_and_says_how_late_it_came(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        room = Room(made)
        incident = searched(room)
        write(room, incident)
    clock.advance(15 * HOUR_S)
    with held(folder, clock=clock) as made:
        room = Room(made)
        room.scheduler.turn()
        assert (state(room, incident)[1], due_facts(room)) == (True, [3 * HOUR_S])


def test_note_of_an_earlier_release_gets_its_date_after_the_upgrade(room):
    incident = searched(room)
    write(room, incident)
    row = msgspec.structs.replace(room.store.incident(incident), look_again_at=None)
    room.made.journal.decide(lambda tx, _: (tx.put_incidents([row]), tx.drop_timer(LOOK_AGAIN, incident)))
    assert room.centre.escalating.schedule_found(room.made.journal, room.clock.now_us()) == 1
    assert state(room, incident) == (12, False)
    assert [timer.ref for timer in room.store.timers(kind=LOOK_AGAIN)] == [incident]
