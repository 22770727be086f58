"""Alarm floods: when a storm begins and ends, in the journal and over restarts; nothing about lives waits in one."""

import pytest
from msgspec.structs import replace

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, Room
from support.fakes import SECOND, ManualClock, arrival
from tocsin.centre.core import STEP_ENTRIES_MAX
from tocsin.centre.flood import STORM, FloodWatch
from tocsin.centre.shifts import Wanted
from tocsin.model.commands import Claim, Close
from tocsin.rules.flood import is_announced
from tocsin.system import SystemClock


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def room(folder):
    with held(folder, clock=ManualClock(SystemClock().now_us())) as made:
        one = Room(made)
        yield one
        assert rebuild_findings(one.store) == []


def alarms(room, count, first=2000, code="BA"):
    return [room.alarm(code, str(number)) for number in range(first, first + count)]


def test_storm_begins_with_the_eleventh_incident_in_ten_minutes_and_since_the_first(room):
    at = room.clock.now_us()
    alarms(room, 10)
    assert room.core.flood.storm is None
    alarms(room, 1, 3000)
    storm = room.core.flood.storm
    assert storm is not None
    assert at <= storm.since < at + SECOND
    (fact,) = room.facts("storm.began")
    assert {name: fact["body"][name] for name in ("begins", "count", "desks", "window_s")} == {
        "begins": 10,
        "count": 11,
        "desks": 1,
        "window_s": 600,
    }
    alarms(room, 5, 4000)
    assert len(room.facts("storm.began")) == 1


def test_more_of_one_incident_is_no_storm(room):
    for _ in range(30):
        room.alarm("BA", "2000")
    assert room.core.flood.storm is None


@pytest.mark.parametrize(
    ("otherwise", "counts"),
    [
        ({}, True),
        ({"presentation": "on_test"}, False),
        ({"presentation": "out_of_service"}, False),
        ({"exercise": True}, False),
        ({"is_room": True}, False),
    ],
)
def test_what_starts_no_response_counts_towards_no_storm(room, otherwise, counts):
    incident = room.store.incident(room.alarm())
    assert is_announced(replace(incident, **otherwise)) is counts


def test_storm_is_over_below_five_in_ten_minutes_and_not_between_five_and_eleven(room):
    alarms(room, 11)
    for each in range(8):  # one in two minutes: five in each ten
        room.pass_s(115)
        alarms(room, 1, 5000 + each)
        assert room.core.flood.storm is not None
    room.pass_s(110)
    assert room.core.flood.storm is not None
    room.pass_s(60)
    assert room.core.flood.storm is None
    (fact,) = room.facts("storm.ended")
    assert (fact["body"]["count"], fact["body"]["ends"]) == (4, 5)
    assert room.store.timers(kind=STORM) == []
    alarms(room, 11, 6000)
    assert len(room.facts("storm.began")) == 2


def test_storm_goes_on_over_a_restart_and_ends_though_its_incidents_were_closed(folder):
    clock = ManualClock(SystemClock().now_us())
    with held(folder, clock=clock) as made:
        room = Room(made)
        for one in alarms(room, 11):
            room.act(one, Claim())
            room.act(one, Close(disposition="unwanted"))
        storm = room.core.flood.storm
        assert storm is not None
    clock.advance(60)
    with held(folder, clock=clock) as made:
        room = Room(made)
        assert room.core.flood.storm == storm
        assert len(room.core.flood.announced) == 11
        room.scheduler.wake()
        room.pass_s(500)
        assert room.core.flood.storm == storm
        room.pass_s(60)
        assert room.core.flood.storm is None
        assert rebuild_findings(room.store) == []


def test_two_staffed_desks_take_twice_as_many(room):
    room.users(user_2=("operator",), user_3=("operator",))
    shifts = room.centre.shifts
    until = room.clock.now_us() + 8 * 3600 * SECOND
    for label, person in (("north", ANA), ("south", "user-3")):
        desk = shifts.set_desk(None, Wanted(label=label, hazards=(), priorities=(), roster=None), person)
        shifts.begin(desk.id, until, person)
    alarms(room, 20)
    assert room.core.flood.storm is None
    alarms(room, 1, 3000)
    assert room.facts("storm.began")[0]["body"]["desks"] == 2


def test_step_that_fails_begins_no_storm_twice_and_counts_nothing_twice(room):
    alarms(room, 10)
    watch = room.core.flood
    look, times = FloodWatch.look, []

    def once(transaction, appender):
        look(watch, transaction, appender)
        times.append(1)
        if len(times) == 1:
            raise RuntimeError("once")

    watch.look = once
    room.alarm("BA", "3000")
    room.made.journal.store([])
    assert len(room.facts("storm.began")) == 1
    assert len(watch.announced) == 11


@pytest.mark.parametrize("behind", [2_000])
def test_fire_behind_two_thousand_alarms_at_once_is_decided_within_a_few_steps(room, behind):
    """The worst of 2,000 alarms in ten minutes: all in one moment. Counted in steps, each of 20 ms at most."""
    arrivals = [
        arrival(b"f%d" % n, account=str(10_000 + n), code="BA", received_at=room.clock.now_us()) for n in range(behind)
    ]
    for start in range(0, behind, 500):
        room.made.journal.store(arrivals[start : start + 500])
    fire = arrival(b"fire", account="9999", code="FA", received_at=room.clock.now_us())
    room.made.journal.store([fire])
    steps = 0
    while not any(one.hazard == "fire" for one in room.store.incidents("open", None, 10)):
        room.made.journal.store([])
        steps += 1
        assert steps <= behind // STEP_ENTRIES_MAX + 2
    assert room.core.flood.storm is not None
    assert room.store.incident_count("open") == behind + 1
