"""Part of the queue goes to another desk once it is accepted there, and nothing is nobody's in between."""

import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.escalations import BOSS
from support.fakes import ManualClock
from support.shifts import BO, Desks
from tocsin.centre.queue_parts import stored_parts
from tocsin.model.commands import Claim, Close
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.system import SystemClock
from tocsin.web.items import timeline_item

ANA = "user-2"


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        room = Desks(made)
        room.south = room.add("south")
        room.begin(ANA)
        room.begin(BO, room.south)
        room.parts = room.centre.queue_parts
        yield room
        assert rebuild_findings(room.store) == []


def some(room, *codes):
    """Open incidents at accounts of their own."""
    return [room.alarm(code, str(2_000 + number)) for number, code in enumerate(codes)]


def opened(room):
    return sorted(room.store.incidents("open", None, 100), key=lambda one: one.number)


def offered(room, *codes, hazard="intrusion"):
    some(room, *codes)
    return room.parts.offer(room.south, hazard, None, ANA)


def test_until_the_other_desk_accepts_nothing_changes(room):
    some(room, "BA", "BA", "FA")
    one, other, fire = opened(room)
    room.act(one.id, Claim(), actor=ANA)
    part = room.parts.offer(room.south, "intrusion", None, ANA)
    assert (part.from_desk, part.to_desk, set(part.incidents)) == (room.desk, room.south, {one.id, other.id})
    assert room.store.incident(one.id).claimed_by == ANA
    room.parts.accept(part.id, BO)
    assert [room.store.incident(it.id).claimed_by for it in (one, other, fire)] == [BO, None, None]
    (now,) = room.parts.all()
    assert (now.accepted_by, set(now.incidents)) == (BO, {one.id, other.id})
    with pytest.raises(Conflict) as told:
        room.parts.accept(part.id, BO)
    assert told.value.code == "part.accepted"


def test_what_others_have_claimed_stays_theirs_and_is_in_no_part(room):
    some(room, "BA", "BA")
    one, other = opened(room)
    room.act(one.id, Claim(), actor=BOSS)
    assert room.parts.offer(room.south, "intrusion", None, ANA).incidents == (other.id,)


def test_what_waits_goes_on_waiting_for_everybody(room):
    """A part hushes nothing: chains and timers of an urgent incident are as they were."""
    before = offered(room, "FA", hazard="fire")
    (fire,) = opened(room)
    timers = room.store.timers(None, 100)
    room.parts.accept(before.id, BO)
    assert room.store.timers(None, 100) == timers
    assert room.store.incident(fire.id) == fire


@pytest.mark.parametrize(("by", "reason"), [(BO, "declined"), (ANA, "withdrawn"), (BOSS, "withdrawn")])
def test_offer_ends_by_either_side_or_a_supervisor(room, by, reason):
    part = offered(room, "BA")
    assert room.parts.end(part.id, by, is_lead=by == BOSS) == reason
    assert room.parts.all() == ()
    with pytest.raises(BadInput) as told:
        room.parts.accept(part.id, BO)
    assert told.value.code == "part.unknown"


def test_accepted_part_is_given_back_by_its_desk_and_not_by_who_offered_it(room):
    part = offered(room, "BA")
    room.parts.accept(part.id, BO)
    with pytest.raises(Forbidden):
        room.parts.end(part.id, ANA)
    assert room.parts.end(part.id, BO) == "given_back"


@pytest.mark.parametrize("is_accepted", [False, True])
def test_part_is_the_rooms_again_once_nobody_is_at_that_desk(room, is_accepted):
    part = offered(room, "BA")
    if is_accepted:
        room.parts.accept(part.id, BO)
    room.parts.look()
    assert len(room.parts.all()) == 1
    room.shifts.end(next(one.id for one in room.store.shifts() if one.user == BO), BO)
    room.parts.look()
    assert room.parts.all() == ()
    assert room.facts("queue.ended")[-1]["body"] == {"reason": "unstaffed"}


def test_part_ends_with_the_last_of_it(room):
    part = offered(room, "BA")
    room.parts.accept(part.id, BO)
    (one,) = opened(room)
    room.act(one.id, Claim(), actor=BO)
    room.act(one.id, Close(disposition="unwanted"), actor=BO)
    room.parts.look()
    assert room.facts("queue.ended")[-1]["body"] == {"reason": "done"}


def test_incident_that_is_handed_on_is_in_the_part_that_was_accepted_last(room):
    part = offered(room, "BA")
    room.parts.accept(part.id, BO)
    back = room.parts.offer(room.desk, "intrusion", None, BO)
    room.parts.accept(back.id, ANA)
    first, second = room.parts.all()
    assert (first.incidents, second.incidents) == ((), part.incidents)
    room.parts.look()
    assert [one.id for one in stored_parts(room.store)] == [back.id]


def test_what_comes_later_and_is_of_the_part_goes_to_the_same_desk_until_it_is_given_back(room):
    part = offered(room, "BA")
    room.parts.accept(part.id, BO)
    for number, code in enumerate(("BA", "FA", "BA")):
        room.clock.advance(1)
        room.alarm(code, str(3_000 + number))
    first, one, fire, other = opened(room)
    room.act(other.id, Claim(), actor=ANA)
    room.parts.look()
    room.parts.look()
    (now,) = room.parts.all()
    assert now.incidents == (first.id, one.id)
    assert [fact["body"] for fact in room.facts("queue.joined")] == [{"incidents": [one.id]}]
    assert fire.id not in now.incidents
    assert rebuild_findings(room.store) == []
    room.parts.end(part.id, BO)
    room.alarm("BA", "4000")
    room.parts.look()
    assert room.parts.all() == ()


def test_what_comes_between_offer_and_acceptance_goes_with_it_and_later_ones_by_a_clock_that_was_set_back(room):
    part = offered(room, "BA")
    room.alarm("BA", "3000")
    room.parts.look()
    room.parts.accept(part.id, BO)
    room.clock.wall_us -= 3_600_000_000
    room.alarm("BA", "3001")
    room.parts.look()
    (now,) = room.parts.all()
    assert set(now.incidents) == {one.id for one in opened(room)}


def test_what_comes_later_keeps_the_part_though_its_first_ones_are_closed(room):
    part = offered(room, "BA")
    room.parts.accept(part.id, BO)
    room.clock.advance(1)
    room.alarm("BA", "3000")
    first, later = opened(room)
    room.act(first.id, Claim(), actor=BO)
    room.act(first.id, Close(disposition="unwanted"), actor=BO)
    room.parts.look()
    (now,) = room.parts.all()
    assert later.id in now.incidents


def test_part_stands_in_the_time_line_of_each_incident_and_in_the_watch_log(room):
    part = offered(room, "BA")
    room.parts.accept(part.id, BO)
    room.clock.advance(1)
    room.alarm("BA", "3000")
    first, later = opened(room)
    room.parts.look()
    room.parts.end(part.id, BO)

    def lines(incident):
        found = (one for one in room.store.incident_facts(incident.id, 100) if one.row.kind.startswith("queue."))
        return [timeline_item(one, shipped_catalogue()).words for one in found]

    assert lines(first) == [
        "{user-2} offered it to another desk with a part of the queue. It has not accepted yet.",
        "{user-3} accepted it for their desk with a part of the queue.",
        "{user-3} gave it back to the whole room, with its part of the queue.",
    ]
    assert lines(later)[0] == "It is of a part of the queue that was handed over: it goes to that desk too."
    logged = room.store.logged(None, 0, 1 << 62, 10).entries
    assert [one.row.kind for one in logged[:4]] == ["queue.ended", "queue.joined", "queue.accepted", "queue.offered"]


def test_what_cannot_be_is_refused_in_words(room):
    def refused(*asked, by=ANA, is_lead=False):
        with pytest.raises((BadInput, Conflict, Forbidden)) as told:
            room.parts.offer(*asked, by, is_lead=is_lead)
        return told.value.code

    assert refused(room.south, None, None) == "part.what"
    assert refused("desk-9999", "fire", None) == "desk.unknown"
    assert refused(room.desk, "fire", None) == "part.own"
    assert refused(room.south, "fire", None) == "part.empty"
    assert refused(room.south, "fire", None, by="user-4") == "part.not_on_shift"
    assert refused(room.add("west"), "fire", None, by=BOSS, is_lead=True) == "part.unstaffed"
    part = offered(room, "BA")
    with pytest.raises(Forbidden) as told:
        room.parts.accept(part.id, ANA)
    assert told.value.code == "part.desk"
    assert room.facts("queue.accepted") == []
