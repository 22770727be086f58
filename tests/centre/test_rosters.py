"""Rosters: setting them up, exceptions, and whom they name when somebody is to be told."""

from datetime import UTC, date, datetime

import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS
from support.fakes import ManualClock
from support.shifts import BO, HOUR, Desks
from tocsin.centre.rosters import AHEAD_DAYS, DAY_US, Wanted
from tocsin.centre.shifts import Wanted as WantedDesk
from tocsin.model.access import User, UserRow
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.rosters import OVERRIDE_DAYS_MAX, OVERRIDES_MAX, ROSTERS_MAX, RosterLayer
from tocsin.system import SystemClock


class Calls(Desks):
    """A room with desks, and rosters that begin yesterday at 8."""

    def __init__(self, made):
        super().__init__(made)
        self.rosters = self.centre.rosters
        today = datetime.fromtimestamp(self.clock.now_us() / 1_000_000, UTC).date()
        self.today = (today - date(1970, 1, 1)).days

    def layer(self, *people, **fields):
        plain = {
            "at_min": 480, "first_day": self.today - 1, "from_min": 0, "users": people, "to_min": 1440,
            "turn_days": 7, "weekdays": (),
        }  # fmt: skip
        return RosterLayer(**(plain | fields))

    def roster(self, *layers, label="fire", id_=None, version=None, zone="Europe/Vienna"):
        return self.rosters.put(id_, Wanted(label=label, layers=layers, zone=zone), version, BOSS)


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        one = Calls(made)
        yield one
        assert rebuild_findings(one.store) == []


def refused(act):
    with pytest.raises((BadInput, Conflict)) as caught:
        act()
    return caught.value.code


def test_who_is_on_call_now_and_next_and_when(room):
    found = room.rosters.now(room.roster(room.layer(ANA, BO)))
    assert (found.now, found.next, found.gaps) == (ANA, BO, ())
    assert found.next_at - room.clock.now_us() < 7 * DAY_US
    room.clock.advance(7 * 86_400)
    assert room.rosters.now(room.rosters.all()[0]).now == BO


def test_gaps_of_a_roster_are_said_when_it_is_saved(room):
    roster = room.roster(room.layer(ANA, from_min=8 * 60, to_min=20 * 60))
    found = room.rosters.now(roster)
    assert len(found.gaps) >= 18
    assert all(until - since <= 13 * HOUR for since, until in found.gaps)
    whole = room.roster(room.layer(ANA), id_=roster.id, version=roster.seq)
    assert room.rosters.now(whole).gaps == ()


def test_exception_puts_anna_in_for_ben_from_then_to_then_and_is_taken_back(room):
    roster = room.roster(room.layer(ANA))
    now = room.clock.now_us()
    made = room.rosters.override(roster.id, BO, ANA, now, now + HOUR, BOSS)
    assert room.rosters.on_call(roster.id) == BO
    assert (room.rosters.now(made).next, room.rosters.now(made).next_at) == (ANA, now + HOUR)
    room.rosters.end_override(roster.id, made.row.overrides[0].number, BOSS)
    assert room.rosters.on_call(roster.id) == ANA
    seq = room.rosters.all()[0].seq
    room.rosters.end_override(roster.id, 99, BOSS)
    assert room.rosters.all()[0].seq == seq


def test_exception_ends_by_itself_and_is_left_out_when_it_is_old(room):
    roster = room.roster(room.layer(ANA))
    now = room.clock.now_us()
    room.rosters.override(roster.id, BO, None, now, now + HOUR, BOSS)
    room.clock.advance(3600)
    assert room.rosters.on_call(roster.id) == ANA
    room.clock.advance(2 * 86_400)
    later = room.clock.now_us()
    made = room.rosters.override(roster.id, BO, None, later, later + HOUR, BOSS)
    assert [one.number for one in made.row.overrides] == [2]


def test_person_on_two_rosters_is_asked_once_and_a_roster_without_anybody_is_named(room):
    fire, water = room.roster(room.layer(ANA)), room.roster(room.layer(ANA), label="water")
    empty = room.roster(room.layer(BO, first_day=room.today + 3), label="later")
    assert room.rosters.people([fire.id, water.id, empty.id, fire.id, empty.id]) == ([ANA], ["later"])


def test_who_was_removed_is_on_call_no_more_and_it_shows_as_a_gap(room):
    roster = room.roster(room.layer(BO))
    with room.store.transaction() as transaction:
        transaction.put_users([User(BO, UserRow(name="gone", roles=(), removed=True), 0)])
    found = room.rosters.now(roster)
    assert found.now is None
    assert found.gaps == ((room.clock.now_us(), room.clock.now_us() + AHEAD_DAYS * DAY_US),)


def test_change_of_what_somebody_else_changed_since_is_refused(room):
    roster = room.roster(room.layer(ANA))
    now = room.clock.now_us()
    room.rosters.override(roster.id, BO, None, now, now + HOUR, BO)
    assert refused(lambda: room.roster(room.layer(BO), id_=roster.id, version=roster.seq)) == "config.overtaken"
    assert refused(lambda: room.rosters.remove(roster.id, roster.seq, BOSS)) == "config.overtaken"
    current = room.rosters.all()[0]
    changed = room.roster(room.layer(BO), id_=roster.id, version=current.seq)
    assert len(changed.row.overrides) == 1, "exceptions stay"


def test_desk_says_who_should_be_at_it_and_nobody_goes_on_shift_by_that(room):
    roster = room.roster(room.layer(ANA))
    wanted = WantedDesk(hazards=(), label="north", priorities=(), roster=roster.id)
    desk = room.shifts.set_desk(room.desk, wanted, BOSS)
    assert (room.shifts.due(desk), room.on()) == (ANA, [])
    room.rosters.remove(roster.id, roster.seq, BOSS)
    assert room.shifts.due(desk) is None
    assert refused(lambda: room.shifts.set_desk(room.desk, wanted, BOSS)) == "roster.unknown"


def test_what_cannot_be_is_refused(room):
    roster = room.roster(room.layer(ANA))
    now = room.clock.now_us()
    assert refused(lambda: room.roster(room.layer(ANA), label="Fire")) == "roster.same"
    assert refused(lambda: room.roster(room.layer(ANA), label="x", zone="Europe/Nowhere")) == "roster.zone"
    assert refused(lambda: room.roster(room.layer(ANA), label="x", zone="../../etc/passwd")) == "roster.zone"
    assert refused(lambda: room.roster(room.layer("user-99"), label="x")) == "roster.people"
    assert refused(lambda: room.rosters.override(roster.id, "user-99", None, now, now + 1, BOSS)) == "roster.people"
    assert refused(lambda: room.rosters.override(roster.id, ANA, ANA, now, now + 1, BOSS)) == "roster.people"
    assert refused(lambda: room.rosters.on_call("roster-99")) == "roster.unknown"
    for since, until in (
        (now, now),
        (now - HOUR, now),
        (now, now + OVERRIDE_DAYS_MAX * DAY_US + 1),
        (now + 5 * OVERRIDE_DAYS_MAX * DAY_US, now + 5 * OVERRIDE_DAYS_MAX * DAY_US + 1),
    ):
        with pytest.raises(BadInput) as caught:
            room.rosters.override(roster.id, BO, None, since, until, BOSS)
        assert caught.value.code == "roster.override"


def test_there_are_so_many_rosters_and_exceptions_at_most(room):
    first = room.roster(room.layer(ANA), label="r0")
    now = room.clock.now_us()
    for n in range(OVERRIDES_MAX):
        room.rosters.override(first.id, BO, None, now + n, now + n + HOUR, BOSS)
    assert refused(lambda: room.rosters.override(first.id, BO, None, now, now + 1, BOSS)) == "roster.overrides"
    for n in range(1, ROSTERS_MAX):
        room.roster(room.layer(ANA), label=f"r{n}")
    assert refused(lambda: room.roster(room.layer(ANA), label="one-more")) == "roster.full"
