"""A help note about somebody missing is looked at again every 12 hours: said on time, until somebody has looked."""

import msgspec
import pytest

from support.centres import make_folder
from support.erasing import ANA, DAY_S, Room
from support.fakes import ManualClock
from support.look_again import (
    HOUR_S,
    HOUR_US,
    NOBODY,
    NOTE,
    confirm,
    due_facts,
    last_fact,
    pass_s,
    scheduler,
    search,
    state,
    waiting,
    write,
)
from support.restoring import Living
from tocsin.centre.timers import set_timer
from tocsin.model.commands import Claim, Release
from tocsin.model.errors import Conflict
from tocsin.model.escalation import LOOK_AGAIN
from tocsin.settings import load


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre", clock=ManualClock())


@pytest.fixture
def room(settings):
    made = Room(settings)
    yield made
    assert made.findings() == []  # a rebuild equals the tables, timers too
    made.close_folder()


@pytest.fixture
def turning(room):
    return scheduler(room)


def test_note_about_somebody_missing_is_due_after_12_hours_and_every_screen_is_told(room, turning):
    incident = search(room)
    write(room, incident)
    assert (state(room, incident), waiting(room)) == ((12, False), {incident: room.clock.now_us() + 12 * HOUR_US})
    pass_s(room, turning, 12 * HOUR_S - 1)
    assert due_facts(room) == []
    pass_s(room, turning, 2)
    assert (state(room, incident)[1], due_facts(room), waiting(room)) == (True, [0], {})
    (told,) = room.shown[-1].incidents
    assert (told, room.shown[-1].seq) == (room.store.incident(incident), room.journal.head.seq)
    pass_s(room, turning, 24 * HOUR_S)
    assert due_facts(room) == [0]  # once; the sound goes on until somebody has looked


@pytest.mark.parametrize("how", [write, confirm])
@pytest.mark.parametrize("hours", [3, 13])
def test_written_anew_or_confirmed_it_is_looked_at_in_12_hours_again(room, turning, how, hours):
    incident = search(room)
    write(room, incident)
    pass_s(room, turning, hours * HOUR_S)
    answered, _ = how(room, incident, seen=1)
    assert (state(room, incident), answered) == ((12, False), room.store.incident(incident))
    assert (last_fact(room)["actor"], waiting(room)) == (ANA, {incident: room.clock.now_us() + 12 * HOUR_US})
    before = len(due_facts(room))
    pass_s(room, turning, 12 * HOUR_S + 1)
    assert len(due_facts(room)) == before + 1


def test_same_confirmation_sent_again_gets_the_same_answer_and_moves_nothing_on(room, turning):
    incident = search(room)
    write(room, incident)
    pass_s(room, turning, 13 * HOUR_S)
    first = room.centre.help_notes.confirm(incident, 1, ANA, "once")
    pass_s(room, turning, HOUR_S)
    assert room.centre.help_notes.confirm(incident, 1, ANA, "once") == first
    assert state(room, incident) == (11, False)


def test_nobody_is_missing_any_more_and_nothing_is_due(room, turning):
    incident = search(room)
    write(room, incident)
    write(room, incident, NOBODY, seen=1)
    assert (state(room, incident), waiting(room)) == ((None, False), {})
    pass_s(room, turning, 24 * HOUR_S)
    assert due_facts(room) == []


def test_note_of_an_incident_with_nobody_missing_is_looked_at_by_no_timer(room):
    incident = room.alarm()
    write(room, incident, NOBODY)
    assert (state(room, incident), room.bodies("incident.look_again")) == ((None, False), [])


@pytest.mark.parametrize(("code", "note"), [("help_note.changed", NOTE), ("help_note.not_due", NOBODY)])
def test_confirming_another_version_or_a_note_about_nobody_is_refused_and_changes_nothing(room, code, note):
    incident = search(room)
    write(room, incident)
    write(room, incident, note, seen=1)
    before = room.journal.head
    with pytest.raises(Conflict) as refused:
        confirm(room, incident, 1 if code == "help_note.changed" else 2)
    assert (refused.value.code, room.journal.head) == (code, before)


def test_closed_incident_is_not_looked_at_and_reopened_it_is_due_at_once(room, turning):
    incident = search(room)
    write(room, incident)
    room.close(incident)
    assert waiting(room) == {}
    with pytest.raises(Conflict) as refused:
        confirm(room, incident)
    assert refused.value.code == "incident.closed"
    pass_s(room, turning, 13 * HOUR_S)
    assert due_facts(room) == []
    room.reopen(incident)
    pass_s(room, turning, 1)
    assert (state(room, incident)[1], due_facts(room)) == (True, [HOUR_S])


def test_what_was_due_when_it_was_closed_is_due_when_it_is_reopened_and_is_said_once(room, turning):
    incident = search(room)
    write(room, incident)
    pass_s(room, turning, 13 * HOUR_S)
    room.close(incident)
    room.reopen(incident)
    assert (state(room, incident)[1], waiting(room)) == (True, {})
    pass_s(room, turning, 24 * HOUR_S)
    assert due_facts(room) == [0]


def test_incident_that_is_reopened_after_its_note_was_erased_has_nothing_to_look_at(room, turning):
    incident = search(room)
    write(room, incident)
    room.close(incident)
    room.pass_days(2)
    assert room.store.erasure(incident) is not None
    room.reopen(incident)
    pass_s(room, turning, HOUR_S)
    assert (state(room, incident), waiting(room), due_facts(room)) == ((None, False), {}, [])
    assert last_fact(room)["body"]["reason"] == "withdrawn"


@pytest.mark.parametrize("hours", [15, 24 * 20])
def test_what_fell_due_while_the_centre_was_down_is_said_once_after_the_start_with_how_late_it_came(settings, hours):
    before = Room(settings)
    incident = search(before)
    write(before, incident)
    before.close_folder()
    before.clock.advance(hours * HOUR_S)
    for _ in range(2):  # the second start finds it said
        room = Room(load(settings.folder, {}), clock=before.clock)
        pass_s(room, scheduler(room), 60)
        # A clock that is days ahead is doubted where something would be erased, and not here.
        assert (state(room, incident)[1], due_facts(room)) == (True, [(hours - 12) * HOUR_S])
        assert room.findings() == []
        room.close_folder()


def test_clock_that_is_set_back_while_the_centre_works_holds_it_up_by_nothing(room, turning):
    incident = search(room)
    write(room, incident)
    pass_s(room, turning, HOUR_S)
    room.clock.wall_us -= 30 * DAY_S * 1_000_000
    pass_s(room, turning, 11 * HOUR_S - 1)
    assert due_facts(room) == []
    pass_s(room, turning, 1)
    assert due_facts(room) == [0]
    room.clock.wall_us += 30 * DAY_S * 1_000_000
    pass_s(room, turning, HOUR_S)
    assert due_facts(room) == [0]


def test_clock_that_is_set_forward_brings_it_at_once_and_once(room, turning):
    incident = search(room)
    write(room, incident)
    pass_s(room, turning, HOUR_S)
    room.clock.wall_us += 13 * HOUR_US
    pass_s(room, turning, 1)
    assert due_facts(room) == [2 * HOUR_S]
    room.clock.wall_us -= 13 * HOUR_US
    pass_s(room, turning, 24 * HOUR_S)
    assert len(due_facts(room)) == 1


def test_clock_in_doubt_holds_up_what_erases_and_never_who_is_missing(settings):
    room = Room(settings, is_clock_in_doubt=lambda _now: True)
    turning = scheduler(room)
    closed, incident = room.closed(), search(room)
    write(room, incident)
    room.clock.advance(40 * DAY_S)
    pass_s(room, turning, 60)
    assert (len(due_facts(room)), room.store.erasure(closed)) == (1, None)
    room.close_folder()


def test_what_erases_is_run_by_the_same_thread(room, turning):
    closed = room.closed()
    pass_s(room, turning, 1)
    room.clock.advance(30 * DAY_S - 60)
    pass_s(room, turning, 1)
    assert room.store.erasure(closed) is None
    pass_s(room, turning, 60)
    assert room.store.erasure(closed) is not None


class Failing:
    """A kind of timer that fails until it is mended (`timers.Handler`)."""

    def __init__(self):
        self.is_broken, self.fired = True, 0

    def not_before(self, timer, now):
        return None

    def destroy(self, timers, now):
        pass

    def fire(self, timer, transaction, appender):
        if self.is_broken:
            raise ZeroDivisionError
        self.fired += 1

    def done(self, timers, seq):
        pass


def test_timer_that_fails_is_counted_holds_up_no_other_and_is_tried_every_5_s_until_it_works(room, turning):
    incident = search(room)
    write(room, incident)
    failing = Failing()
    room.timers.register("failing", failing, is_prompt=True)
    due_at = room.clock.now_us() + 12 * HOUR_US
    room.journal.decide(
        lambda tx, appender: [set_timer(tx, appender, "failing", ref, due_at, "found") for ref in ("site-1", "site-2")]
    )
    pass_s(room, turning, 12 * HOUR_S + 1)
    assert (due_facts(room), turning.failing, failing.fired) == ([0], 2, 0)
    failing.is_broken = False
    pass_s(room, turning, 5)
    assert (turning.failing, failing.fired) == (0, 2)


def test_backup_that_is_restored_says_what_fell_due_since_it_was_made_and_is_confirmed_as_any(settings):
    living = Living(settings, clock=ManualClock())
    incident = search(living)
    write(living, incident)
    living.back_up()
    living.clock.advance(13 * HOUR_S)
    pass_s(living, scheduler(living), 0)
    _, room = living.over()
    turning = scheduler(room)
    assert (state(room, incident), due_facts(room)) == ((-1, False), [])  # a restore itself says nothing of yesterday
    pass_s(room, turning, 1)
    assert (state(room, incident)[1], due_facts(room)) == (True, [HOUR_S])
    confirm(room, incident)
    assert (state(room, incident), room.findings()) == ((12, False), [])
    room.close_folder()


def test_claiming_and_giving_back_leave_the_time_where_it_was(room):
    incident = search(room)
    write(room, incident)
    before = waiting(room), room.bodies("timer.set")
    room.clock.advance(HOUR_S)
    room.act(Claim(), incident)
    room.act(Release(), incident)
    assert (waiting(room), room.bodies("timer.set")) == before


def test_note_of_an_earlier_release_gets_its_date_after_the_upgrade(room):
    incident = search(room)
    write(room, incident)
    row = msgspec.structs.replace(room.store.incident(incident), look_again_at=None)
    room.journal.decide(lambda tx, _: (tx.put_incidents([row]), tx.drop_timer(LOOK_AGAIN, incident)))
    assert room.centre.escalating.schedule_found(room.journal, room.clock.now_us()) == 1
    assert (state(room, incident), list(waiting(room))) == ((12, False), [incident])
