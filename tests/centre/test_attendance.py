"""Unattended desks: who is missed and who is not, what every screen is told, and what does not wait."""

import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, SECOND
from support.fakes import ManualClock
from support.shifts import BO, Desks
from tocsin.centre.attendance import Attendance
from tocsin.model.commands import Claim
from tocsin.model.errors import Conflict
from tocsin.system import SystemClock

LIMIT_S = 60


class Watched(Desks):
    """A room whose desks somebody looks at every two seconds."""

    def __init__(self, made):
        super().__init__(made)
        self.restart()

    def restart(self):
        self.attendance = Attendance(
            store=self.store, run=lambda work: work(self.made.journal), clock=self.clock, limit_s=LIMIT_S,
            on_hastened=self.scheduler.wake,
        )  # fmt: skip

    def look(self, seconds, *alive):
        """Time goes by with these people at their consoles."""
        for _ in range(int(seconds / 2)):
            self.pass_s(2)
            self.attendance.look(set(alive))
            self.made.journal.store([])
        self.pass_s(0.2)

    def unattended(self):
        return [desk.row.label for desk in self.shifts.desks() if desk.unattended_since is not None]

    def said(self):
        return [
            (one.condition, one.claimed_by)
            for one in self.store.incidents("open", None, 100)
            if one.reason == "notice_desk_unattended"
        ]


@pytest.fixture
def room(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        one = Watched(made)
        yield one
        assert rebuild_findings(one.store) == []


def test_desk_without_a_living_console_is_unattended_after_its_time_and_an_incident_on_every_screen(room):
    room.begin(ANA)
    room.begin(BO, room.add("south"))
    room.look(LIMIT_S, ANA, BO)
    room.look(LIMIT_S - 4, BO)
    assert (room.unattended(), room.said()) == ([], [])
    room.look(8, BO)
    assert (room.unattended(), room.said()) == (["north"], [("active", None)])
    (fact,) = room.facts("desk.unattended")
    assert (fact["ref"], fact["actor"]) == (room.desk, None)
    room.look(600, BO)
    assert len(room.facts("desk.unattended")) == 1


def test_desk_is_attended_again_as_soon_as_a_console_lives_and_the_incident_says_so(room):
    room.begin(ANA)
    room.look(LIMIT_S + 10)
    room.look(4, ANA)
    assert (room.unattended(), room.said()) == ([], [("returned", None)])
    assert [fact["body"]["is_staffed"] for fact in room.facts("desk.attended")] == [True]


@pytest.mark.parametrize("hours", [-1, 1])
def test_clock_set_an_hour_wrong_neither_hides_an_empty_desk_nor_empties_one(room, hours):
    room.begin(ANA)
    room.begin(BO, room.add("south"))
    room.look(10, ANA, BO)
    room.clock.wall_us += hours * 3600 * SECOND
    room.look(LIMIT_S - 4, BO)
    assert room.unattended() == []
    room.look(8, BO)
    assert room.unattended() == ["north"]


def test_one_incident_is_for_all_desks_and_over_with_the_last(room):
    room.begin(ANA)
    room.begin(BO, room.add("south"))
    room.look(LIMIT_S + 10)
    assert room.unattended() == ["north", "south"]
    room.look(4, ANA)
    assert (room.unattended(), room.said()) == (["south"], [("active", None)])
    room.look(4, ANA, BO)
    assert (room.unattended(), room.said()) == ([], [("returned", None)])


def test_one_of_two_at_a_desk_is_enough(room):
    room.begin(ANA)
    room.begin(BO)
    room.look(LIMIT_S * 3, BO)
    assert room.unattended() == []


def test_desk_whose_shift_ends_is_not_missed_any_more(room):
    shift = room.begin(ANA)
    room.look(LIMIT_S + 10)
    room.shifts.end(shift, BOSS, is_lead=True)
    room.look(2)
    assert (room.unattended(), [fact["body"]["is_staffed"] for fact in room.facts("desk.attended")]) == ([], [False])


def test_start_of_the_centre_misses_nobody_before_the_time_is_over(room):
    room.begin(ANA)
    room.look(4, ANA)
    room.clock.advance(3600)
    room.restart()
    room.look(LIMIT_S - 4)
    assert room.unattended() == []
    room.look(8)
    assert room.unattended() == ["north"]


def test_supervisor_is_told_at_once_that_a_desk_is_unattended(room):
    room.home(BOSS)
    room.begin(ANA)
    room.begin(BO, room.add("south"))
    room.look(LIMIT_S + 8, BO)
    (notice,) = room.store.notices(10)
    assert (notice.recipient, notice.purpose) == (BOSS, "incident")
    (incident,) = room.store.incidents("open", None, 10)
    assert room.told(incident.id) == [("second_desk", 0), ("supervisor", 1)]
    assert "nobody_at_desk" in {fact["body"]["reason"] for fact in room.facts("timer.set")}


def test_with_nobody_at_any_console_what_nobody_claims_does_not_wait_out_its_steps(room):
    room.home(BOSS)
    room.begin(ANA)
    room.look(LIMIT_S + 8)
    room.clock.advance(60)  # so that the notice of a moment before counts for nothing
    incident = room.alarm()
    room.look(6)
    assert room.told(incident) == [("second_desk", 0), ("supervisor", 1)]
    room.look(20)
    assert len(room.told(incident)) == 2, "from there the chain goes by its own times"


def test_with_somebody_at_a_console_an_alarm_waits_for_its_steps_as_ever(room):
    room.home(BOSS)
    room.begin(ANA)
    room.look(LIMIT_S, ANA)
    incident = room.alarm()
    room.look(16, ANA)
    assert room.told(incident) == []
    room.act(incident, Claim())
    assert room.timers() == {}


def test_somebody_without_a_shift_at_a_console_is_somebody_too(room):
    room.look(LIMIT_S * 2, ANA)
    incident = room.alarm()
    room.look(16, ANA)
    assert room.told(incident) == []


def test_centre_without_desks_misses_nobody(room):
    room.shifts.remove_desk(room.desk, BOSS)
    room.look(LIMIT_S + 10)
    incident = room.alarm()
    room.look(16)
    assert (room.told(incident), room.said()) == ([], [])


def test_desk_is_not_removed_before_it_is_said_that_nobody_is_missed_there(room):
    shift = room.begin(ANA)
    room.look(LIMIT_S + 10)
    room.shifts.end(shift, BOSS, is_lead=True)
    with pytest.raises(Conflict) as caught:
        room.shifts.remove_desk(room.desk, BOSS)
    assert caught.value.code == "desk.staffed"
    room.look(2)
    room.shifts.remove_desk(room.desk, BOSS)
    assert room.said() == [("returned", None)]
