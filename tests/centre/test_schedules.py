"""Schedules at work: what is told when a place does not open, close or test in time, and what ends that."""

from datetime import datetime

import msgspec
import pytest

from support.cores import CoreAtWork, PlacesOf
from support.fakes import ManualClock
from tocsin.centre.editing import Overtaken
from tocsin.centre.scheduler import Scheduler
from tocsin.centre.schedules import Schedules, register_schedules
from tocsin.centre.site_tests import SiteTests, Wanted, register_tests
from tocsin.centre.timers import Timers, set_timer
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.errors import BadInput
from tocsin.model.schedules import DayHours, Hours, ScheduleRow, WeekHours
from tocsin.model.sites import Site, SiteRow

MINUTE = 60_000_000
HOUR = 60 * MINUTE
ACCOUNTS = {"account-1": "site-1", "account-2": "site-1"}
DAY_HOURS = tuple(WeekHours(weekday=day, opens_min=8 * 60, closes_min=18 * 60) for day in range(5))


def at(text):
    """A time in Vienna, where it is an hour later than in UTC in winter."""
    return int(datetime.fromisoformat(f"{text}+01:00").timestamp()) * 1_000_000


def row(**fields):
    usual = {
        "account_id": "account-1", "close_late_min": 15, "days": (), "early_min": 30, "open_late_min": 15,
        "partition": None, "test_h": None, "week": DAY_HOURS, "zone": "Europe/Vienna",
    }  # fmt: skip
    return ScheduleRow(**(usual | fields))


class Hall(CoreAtWork):
    """A core, two accounts of one site, and whoever looks after their schedules. It is Monday, 4 January 2027."""

    def __init__(self, **options):
        super().__init__(places=PlacesOf(ACCOUNTS), clock=options.pop("clock", None) or ManualClock(), **options)
        if not self.store.accounts():
            with self.store.transaction() as transaction:
                transaction.put_accounts(
                    Account(id_, AccountRow(account=id_[-1], site_id=site), n)
                    for n, (id_, site) in enumerate(ACCOUNTS.items(), 1)
                )
                transaction.put_sites([Site("site-1", SiteRow(name="site-1"), 8)])
            self.go_to("2027-01-04T12:00")
        run = lambda work: work(self.journal)  # noqa: E731
        self.schedules = Schedules(store=self.store, run=run, clock=self.clock)
        self.tests = SiteTests(store=self.store, run=run, clock=self.clock)
        self.timers = Timers(self.store)
        register_schedules(self.timers, self.store)
        register_tests(self.timers, self.store)
        self.scheduler = Scheduler(self.timers, self.store, run, self.clock)

    def again(self, **options):
        with self.store.transaction() as transaction:
            transaction.put_meta("running", "1")
        return Hall(store=self.store, clock=self.clock, **options)

    def set(self, version=0, **fields):
        return self.schedules.set(row(**fields), version, "user-1")

    def go_to(self, text):
        """The clock runs until then, and nobody looks."""
        self.clock.advance((at(text) - self.clock.now_us()) / 1_000_000)

    def until(self, text):
        """The clock runs until then, and all that falls due on the way is done in its time."""
        end = at(text)
        while (due := [one.due_at for one in self.store.timers() if one.due_at <= end]) and min(
            due
        ) > self.clock.now_us():
            self.clock.advance((min(due) - self.clock.now_us()) / 1_000_000)
            self.look()
        self.clock.advance((end - self.clock.now_us()) / 1_000_000)
        return self.look()

    def look(self):
        self.scheduler.wake()
        self.clock.advance(0.2)
        self.scheduler.wake()
        self.scheduler.turn()
        self.run()
        return self.shown()

    def say(self, code, n=1, **fields):
        self.signal(code, str(n), account_ref=f"account-{n}", address="1", **fields)
        return self.shown()

    def shown(self):
        return [(one.type, one.reason, one.condition) for one in self.open()]


def test_place_that_is_not_opened_in_time_is_told_and_its_opening_returns_it():
    hall = Hall()
    hall.set()
    hall.say("CL")
    assert hall.until("2027-01-05T08:14") == []
    assert hall.until("2027-01-05T08:15:01") == [("WELFARE-NOTOPENED", "not_opened", "active")]
    assert hall.open()[0].site_id == "site-1"
    hall.go_to("2027-01-05T08:20")
    assert hall.say("OP") == [("WELFARE-NOTOPENED", "not_opened", "returned")]
    assert hall.findings() == []


def test_place_that_is_not_closed_in_time_is_told_once_and_its_closing_returns_it():
    hall = Hall()
    hall.set()
    assert hall.until("2027-01-04T18:14") == []
    assert hall.until("2027-01-04T18:15:01") == [("INT-SCHEDULE", "not_closed", "active")]
    assert hall.until("2027-01-04T23:00") == [("INT-SCHEDULE", "not_closed", "active")]
    assert hall.open()[0].priority == 3
    assert hall.say("CL") == [("INT-SCHEDULE", "not_closed", "returned")]
    assert hall.findings() == []


def test_place_that_opens_and_closes_in_time_is_never_told():
    hall = Hall()
    hall.set()
    for day in range(4, 9):
        hall.until(f"2027-01-0{day}T18:05" if day == 4 else f"2027-01-0{day}T07:45")
        if day > 4:
            hall.say("OP")
            hall.until(f"2027-01-0{day}T18:05")
        hall.say("CL")
    assert hall.until("2027-01-11T08:00") == []
    assert hall.until("2027-01-11T08:16") == [("WELFARE-NOTOPENED", "not_opened", "active")]


def test_opening_outside_the_hours_is_an_incident_and_closing_again_returns_it():
    hall = Hall()
    hall.set()
    hall.say("CL")
    hall.until("2027-01-04T23:30")
    assert hall.say("OP") == [("INT-SCHEDULE", "opened_outside", "active")]
    hall.go_to("2027-01-04T23:50")
    assert hall.say("CL") == [("INT-SCHEDULE", "opened_outside", "returned")]
    hall.until("2027-01-05T07:29")
    assert len(hall.say("OP")) == 1  # the same place did it again: the same incident
    assert [one.reason for one in hall.rows()] == ["filed_close", "filed_open", "filed_close", "filed_open"]
    assert hall.findings() == []


def test_opening_a_little_before_the_hours_is_in_order():
    hall = Hall()
    hall.set()
    hall.say("CL")
    hall.until("2027-01-05T07:31")
    assert hall.say("OP") == []


def test_test_report_that_does_not_come_is_told_and_the_next_one_returns_it():
    hall = Hall()
    hall.set(week=(), test_h=25)
    hall.until("2027-01-05T12:59")
    hall.say("RP")
    assert hall.until("2027-01-06T13:58") == []
    assert hall.until("2027-01-06T14:00") == [("TECH-OVERDUE", "not_tested", "active")]
    assert hall.say("RP") == [("TECH-OVERDUE", "not_tested", "returned")]
    assert hall.findings() == []


def test_account_without_schedule_raises_nothing():
    hall = Hall()
    hall.say("OP", n=2)
    hall.say("CL", n=2)
    assert hall.until("2027-01-09T12:00") == []
    assert hall.store.timers() == []


def test_what_fell_due_while_the_centre_stood_still_is_told_once_and_marked_late():
    hall = Hall()
    hall.set()
    hall.until("2027-01-04T18:01")
    hall.say("CL")
    hall.go_to("2027-01-07T09:00")  # three mornings, nobody there
    hall = hall.again()
    assert hall.look() == [("WELFARE-NOTOPENED", "not_opened_told_late", "active")]
    assert hall.until("2027-01-07T17:00") == [("WELFARE-NOTOPENED", "not_opened_told_late", "active")]
    told = [one.row.entry for one in hall.store.entries(0, 1000) if one.row.kind == "schedule.missed"]
    assert [msgspec.json.decode(one)["body"]["late_s"] for one in told] == [45 * 60]


def test_test_reports_of_many_hours_that_the_centre_stood_still_are_told_once():
    hall = Hall()
    hall.set(week=(), test_h=1)
    hall.go_to("2027-01-04T19:30")
    hall = hall.again()
    assert hall.look() == [("TECH-OVERDUE", "not_tested_told_late", "active")]
    assert [one.row.kind for one in hall.store.entries(0, 1000)].count("schedule.missed") == 1


def test_opening_that_waits_to_be_decided_on_is_decided_first():
    hall = Hall()
    hall.set()
    hall.say("CL")
    hall.go_to("2027-01-05T08:14:59")
    hall.receive("OP", "1", account_ref="account-1", address="1")
    hall.clock.advance(2)
    hall.scheduler.wake()
    hall.scheduler.turn()
    hall.run()
    assert hall.until("2027-01-05T08:20") == []


def test_place_is_told_of_though_something_else_of_it_had_to_be_decided_on_first():
    """The check waits for that, and is the same check afterwards: also where the process ended meanwhile."""
    hall = Hall()
    hall.set()
    hall.say("CL")
    hall.go_to("2027-01-05T08:14:59")
    hall.receive("RP", "1", account_ref="account-1", address="1")
    hall.clock.advance(2)
    hall.scheduler.wake()
    hall.scheduler.turn()
    assert hall.shown() == []
    hall = hall.again()
    hall.run()
    assert hall.until("2027-01-05T08:20") == [("WELFARE-NOTOPENED", "not_opened", "active")]
    assert hall.until("2027-01-05T12:00") == [("WELFARE-NOTOPENED", "not_opened", "active")]
    assert sum(one.row.kind == "schedule.missed" for one in hall.store.entries(0, 100_000)) == 1


def test_place_is_told_of_though_nothing_but_facts_of_other_kinds_was_stored_for_long():
    """Seed 5017: the core has nothing to decide on, and the check waited until the next signal."""
    hall = Hall()
    hall.set()
    hall.say("CL")
    for _ in range(3):
        hall.journal.decide(
            lambda transaction, appender: [
                set_timer(transaction, appender, "other", f"thing-{n}", None, "done") for n in range(500)
            ]
        )
    assert hall.until("2027-01-05T08:15:01") == [("WELFARE-NOTOPENED", "not_opened", "active")]


@pytest.mark.parametrize("place", [{"account_id": "account-1"}, {"account_id": None, "site_id": "site-1"}])
def test_place_on_test_is_not_waited_for_and_may_open_at_any_hour(place):
    hall = Hall()
    hall.set()
    hall.go_to("2027-01-04T18:00")
    wanted = {
        "account_id": None, "asked_by": "staff", "company": None, "live": (), "not_live": (), "partition": None,
        "reason": "maintenance", "site_id": None, "until": at("2027-01-04T23:00"), "zones": (),
    }  # fmt: skip
    hall.tests.begin(Wanted(**(wanted | place)), "user-1")
    assert hall.until("2027-01-04T19:00") == []
    assert hall.say("OP") == []


def test_schedule_that_was_changed_or_removed_is_not_waited_for():
    hall = Hall()
    first = hall.set()
    second = hall.set(first.seq, close_late_min=None)
    assert hall.until("2027-01-04T19:00") == []
    with pytest.raises(Overtaken):
        hall.set(first.seq)
    hall.schedules.remove(second.id, second.seq, "user-1")
    assert hall.until("2027-01-06T19:00") == []
    assert (hall.store.schedules(), hall.store.timers(), hall.findings()) == ([], [], [])


def test_tonight_it_closes_later_and_tomorrow_as_ever():
    hall = Hall()
    made = hall.set()
    tonight = hall.schedules.tonight(made.id, made.seq, at("2027-01-04T23:30"), "user-1")
    assert tonight.row.days == (
        DayHours(date="2027-01-04", hours=(Hours(opens_min=480, closes_min=1410),), source="tonight"),
    )
    assert hall.until("2027-01-04T23:44") == []
    assert hall.until("2027-01-04T23:46") == [("INT-SCHEDULE", "not_closed", "active")]
    hall.say("CL")
    hall.until("2027-01-05T08:00")
    hall.say("OP")
    assert [one[2] for one in hall.until("2027-01-05T18:16")] == ["active"]


def test_tonight_may_end_after_midnight_and_not_before_now():
    hall = Hall()
    made = hall.set()
    tonight = hall.schedules.tonight(made.id, made.seq, at("2027-01-05T02:00"), "user-1")
    assert tonight.row.days[0].hours == (Hours(opens_min=480, closes_min=26 * 60),)
    for time in ("2027-01-04T11:00", "2027-01-06T02:00"):
        with pytest.raises(BadInput, match=r"schedules\.tonight"):
            hall.schedules.tonight(made.id, tonight.seq, at(time), "user-1")


def test_holiday_is_closed_all_day_and_opening_on_it_is_outside():
    hall = Hall()
    hall.set(days=(DayHours(date="2027-01-05", hours=(), source="by_hand"),))
    hall.say("CL")
    assert hall.until("2027-01-05T10:00") == []
    assert hall.say("OP") == [("INT-SCHEDULE", "opened_outside", "active")]


def test_partition_has_hours_of_its_own():
    hall = Hall()
    hall.set(partition="02")
    hall.say("CL", partition="1")
    assert hall.until("2027-01-04T18:16") == [("INT-SCHEDULE", "not_closed", "active")]
    assert hall.say("CL", partition="1") == [("INT-SCHEDULE", "not_closed", "active")]
    assert hall.say("CL", partition="2") == [("INT-SCHEDULE", "not_closed", "returned")]
    assert hall.open()[0].zone == "partition-2"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"week": (WeekHours(weekday=7, opens_min=0, closes_min=1),)}, "week"),
        ({"week": (WeekHours(weekday=1, opens_min=600, closes_min=600),)}, "closes later"),
        ({"week": tuple(WeekHours(weekday=1, opens_min=480, closes_min=600 + n) for n in range(2))}, "overlap"),
        ({"week": tuple(WeekHours(weekday=1, opens_min=n * 9, closes_min=n * 9 + 5) for n in range(5))}, "at most 4"),
        ({"days": (DayHours(date="2027-02-30", hours=(), source="by_hand"),)}, "date"),
        ({"days": (DayHours(date="2027-02-01", hours=(), source="by_hand"),) * 2}, "each date once"),
        ({"test_h": 0}, "test_h"),
        ({"open_late_min": 721}, "open_late_min"),
        ({"account_id": "account-9"}, "no such account"),
    ],
)
def test_schedule_that_cannot_be_is_refused_and_says_why(fields, word):
    hall = Hall()
    with pytest.raises(BadInput, match=word):
        hall.set(**fields)
    assert hall.store.schedules() == []
