"""What tells of a call of the control room, entry by entry: also before anything was decided of it."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from support.centres import held, make_folder
from support.escalations import ANA, BOSS, Room
from support.fakes import ManualClock
from tocsin.model.commands import Claim, Close
from tocsin.system import SystemClock
from tocsin.web.board import Board
from tocsin.web.hidden import Hidden

BO = "user-3"


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        one = Room(made)
        one.users(user_1=("supervisor",), user_2=("operator",), user_3=("operator",))
        one.home(BOSS)
        one.board = Board(1)
        one.board.load(*one.core.open_incidents())
        one.hidden = Hidden(one.board, one.store)
        yield one


def person(actor, *granted):
    return SimpleNamespace(actor=actor, granted=frozenset(granted))


def seen(room, who):
    """Kinds of entries that tell somebody of it, in order."""
    hidden = room.hidden.entries(who)
    return [one.row.kind for one in room.store.entries(0, 10_000) if hidden.has(one.row)]


def press(room, raised_by=ANA):
    room.centre.hold_ups.press(raised_by or "token-1", raised_by=raised_by, exercise=False)
    return room.made.journal.head.seq


def decide(room):
    room.made.journal.store([])
    room.scheduler.wake()
    room.pass_s(1)
    for committed in room.committed:
        room.board.apply(committed)
    room.committed.clear()
    return room.store.incidents("open", None, 1)[0].id


def test_press_that_nothing_has_become_of_yet_tells_nobody_whom_it_must_not(room):
    pressed = press(room)
    assert [seen(room, person(who)) for who in (ANA, BO)] == [["centre.held_up"], []]
    assert [room.hidden.first(person(who)) for who in (ANA, BO)] == [pressed, None]


def test_entries_of_its_notices_and_timers_are_its_entries(room):
    room.alarm()
    pressed = press(room)
    call = decide(room)
    room.act(call, Claim(), BO)
    kinds = seen(room, person(ANA))
    assert {"centre.held_up", "incident.opened", "incident.escalated", "notice.queued", "incident.claimed"} <= set(
        kinds
    )
    assert kinds.count("incident.opened") == 1, "the other alarm tells nothing of it"
    assert seen(room, person(BO)) == []
    assert room.hidden.first(person(ANA)) == pressed
    room.act(call, Close("test", None), BO)
    decide(room)
    assert (seen(room, person(ANA)), room.hidden.first(person(ANA))) == ([], None)


def test_by_a_button_it_is_hidden_from_all_but_supervisors_and_programs_are_none(room):
    pressed = press(room, raised_by=None)
    decide(room)
    assert room.hidden.first(person(BOSS, "shift.lead")) is None
    assert {room.hidden.first(person(who)) for who in (ANA, BO, "token-7")} == {pressed}


def test_notices_of_it_are_in_no_count_of_whoever_pressed(room):
    press(room)
    call = decide(room)
    assert room.store.notice_tally().waiting == len(room.store.notices(10, incident=call, states=("queued",))) == 1
    counts = [room.hidden.counts(person(who)) for who in (ANA, BO)]
    assert [(one.waiting, one.held) for one in counts] == [(1, 0), (0, 0)]
    with room.store.transaction() as transaction:
        found = room.store.notices(10, incident=call)
        transaction.put_notices([replace(one, state="held", due_at=None) for one in found])
    assert room.hidden.counts(person(ANA)).held == len(found)
