"""Calendars of holidays that schedules share: one change changes all, over a kill too; none that is used goes."""

from datetime import date

import pytest

from support.on_test import OnTest
from tocsin.centre.editing import Overtaken
from tocsin.centre.holiday_rows import stored_holidays
from tocsin.centre.holidays import AT_ONCE, HolidayCalendars, rebuild_holidays
from tocsin.centre.schedules import Schedules, register_schedules
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.holidays import HOLIDAY_CALENDARS_MAX, HOLIDAY_DAYS_MAX, HolidaysRow
from tocsin.model.schedules import DAYS_MAX, DayHours, Hours, ScheduleRow, WeekHours

XMAS, NEW_YEAR, EASTER = "2026-12-25", "2027-01-01", "2027-03-29"
WEEK = tuple(WeekHours(weekday=day, opens_min=480, closes_min=1080) for day in range(7))
HALF = Hours(opens_min=480, closes_min=720)


def day(named, *hours, source="by_hand"):
    return DayHours(date=named, hours=hours, source=source)


def row(*days, label="austria"):
    return HolidaysRow(days=days, label=label)


class Places(OnTest):
    """Accounts with schedules, and calendars that these may share."""

    def __init__(self, **options):
        super().__init__(**options)

        def run(work):
            return work(self.journal)

        self.schedules = Schedules(store=self.store, run=run, clock=self.clock)
        self.holidays = HolidayCalendars(store=self.store, run=run)
        register_schedules(self.timers, self.store)

    def schedule(self, account, *days, holidays=None, partition=None, version=0):
        wanted = ScheduleRow(
            account_id=account, close_late_min=15, days=days, early_min=30, holidays=holidays, open_late_min=15,
            partition=partition, test_h=None, week=WEEK, zone="Europe/Vienna",
        )  # fmt: skip
        return self.schedules.set(wanted, version, "user-1")

    def days(self):
        """Days of each schedule, with where they come from."""
        return [[(one.date, one.source) for one in found.row.days] for found in self.store.schedules()]

    def check(self):
        entries = self.store.entries(0, 100_000)
        assert rebuild_holidays(entries) == stored_holidays(self.store)
        assert self.findings() == []


@pytest.fixture
def places():
    made = Places()
    yield made
    made.check()


def test_change_of_a_calendar_changes_every_schedule_that_shares_it_and_no_other(places):
    made = places.holidays.set(None, row(day(XMAS)), 0, "user-1")
    places.schedule("account-1", holidays=made.id)
    places.schedule("account-2", day(EASTER, HALF), holidays=made.id)
    places.schedule("account-3")
    assert places.days() == [[(XMAS, "shared")], [(XMAS, "shared"), (EASTER, "by_hand")], []]
    places.holidays.set(made.id, row(day(NEW_YEAR)), made.seq, "user-2")
    assert places.days() == [[(NEW_YEAR, "shared")], [(NEW_YEAR, "shared"), (EASTER, "by_hand")], []]


def test_timers_of_all_go_by_the_days_that_a_change_brought(places):
    """A holiday in the list of one calendar, and at three places nobody waits for an opening."""
    made = places.holidays.set(None, row(day(NEW_YEAR)), 0, "user-1")
    for account in ("account-1", "account-2", "account-3"):
        places.schedule(account, holidays=made.id)
    before = {one.ref: one.due_at for one in places.store.timers(kind="schedule")}
    today = date.fromtimestamp(places.clock.now_us() / 1_000_000).toordinal()  # noqa: DTZ012 - a day more or less
    dates = [str(date.fromordinal(today + n)) for n in range(3)]
    places.holidays.set(made.id, row(*(day(one) for one in dates)), made.seq, "user-1")
    after = {one.ref: one.due_at for one in places.store.timers(kind="schedule")}
    assert len(before) == len(after) == 3
    assert all(after[ref] > due_at for ref, due_at in before.items())


def test_day_of_its_own_goes_before_the_shared_one_and_the_shared_one_comes_back(places):
    made = places.holidays.set(None, row(day(XMAS)), 0, "user-1")
    found = places.schedule("account-1", day(XMAS, HALF), holidays=made.id)
    assert places.days() == [[(XMAS, "by_hand")]]
    made = places.holidays.set(made.id, row(day(XMAS), day(EASTER)), made.seq, "user-1")
    assert places.days() == [[(XMAS, "by_hand"), (EASTER, "shared")]]
    found = places.store.schedule(found.id)
    places.schedule("account-1", holidays=made.id, version=found.seq)
    assert places.days() == [[(XMAS, "shared"), (EASTER, "shared")]]


def test_schedule_that_shares_none_any_more_loses_its_days(places):
    made = places.holidays.set(None, row(day(XMAS)), 0, "user-1")
    found = places.schedule("account-1", holidays=made.id)
    places.schedule("account-1", *found.row.days, version=found.seq)
    assert places.days() == [[]]


def test_calendar_that_is_used_is_not_removed_and_it_is_said_by_whom(places):
    made = places.holidays.set(None, row(day(XMAS)), 0, "user-1")
    found = [places.schedule(one, holidays=made.id) for one in ("account-1", "account-3")]
    with pytest.raises(Conflict) as refused:
        places.holidays.remove(made.id, made.seq, "user-1")
    assert refused.value.code == "holidays.used"
    assert "2 schedules share this calendar, of the accounts 1, 3." in refused.value.message
    for one in found:
        places.schedules.remove(one.id, one.seq, "user-1")
    places.holidays.remove(made.id, made.seq, "user-1")
    assert places.holidays.all() == ()
    with pytest.raises(BadInput) as refused:
        places.schedule("account-1", holidays=made.id)
    assert refused.value.code == "holidays.unknown"


def test_second_who_changes_it_is_told_who_was_first(places):
    made = places.holidays.set(None, row(day(XMAS)), 0, "user-1")
    places.holidays.set(made.id, row(day(EASTER)), made.seq, "user-2")
    with pytest.raises(Overtaken):
        places.holidays.set(made.id, row(day(NEW_YEAR)), made.seq, "user-1")
    with pytest.raises(Overtaken):
        places.holidays.remove(made.id, made.seq, "user-1")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (row(day("2027-02-30")), "holidays.form"), (row(day(XMAS), day(XMAS, HALF)), "holidays.form"),
        (row(*(day(f"2{n:03}-01-01") for n in range(HOLIDAY_DAYS_MAX + 1))), "holidays.form"),
        (row(day(XMAS, HALF, Hours(opens_min=600, closes_min=900))), "holidays.form"),
        (row(day(XMAS), label="Austria"), "holidays.label"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_nothing(places, wanted, code):
    places.holidays.set(None, row(day(XMAS)), 0, "user-1")
    facts = places.journal.head.seq
    with pytest.raises((BadInput, Conflict)) as refused:
        places.holidays.set(None, wanted, 0, "user-1")
    assert (refused.value.code, places.journal.head.seq) == (code, facts)


def test_there_are_so_many_and_no_more(places):
    for n in range(HOLIDAY_CALENDARS_MAX):
        places.holidays.set(None, row(label=f"c{n}"), 0, "user-1")
    with pytest.raises(Conflict) as refused:
        places.holidays.set(None, row(label="more"), 0, "user-1")
    assert refused.value.code == "holidays.full"


def test_schedule_that_shares_one_leaves_room_for_all_of_its_days(places):
    made = places.holidays.set(None, row(day(XMAS)), 0, "user-1")
    first = date(2030, 1, 1).toordinal()
    own = [day(str(date.fromordinal(first + n))) for n in range(DAYS_MAX - HOLIDAY_DAYS_MAX + 1)]
    with pytest.raises(BadInput) as refused:
        places.schedule("account-1", *own, holidays=made.id)
    assert refused.value.code == "schedules.form"
    places.schedule("account-1", *own[1:], holidays=made.id)
    shared = [day(str(date.fromordinal(first - 1 - n))) for n in range(HOLIDAY_DAYS_MAX)]
    places.holidays.set(made.id, row(*shared), made.seq, "user-1")
    assert len(places.days()[0]) == DAYS_MAX


def test_schedules_that_a_kill_left_behind_follow_at_the_next_start():
    places = Places()
    made = places.holidays.set(None, row(day(XMAS)), 0, "user-1")
    count = AT_ONCE * 2 + 3
    for n in range(count):
        places.schedule("account-1", holidays=made.id, partition=str(n + 1))
    turns = []

    def dying(work):
        turns.append(work)
        if len(turns) > 2:  # the calendar's own, and the first few of its schedules
            raise InterruptedError("killed")
        return work(places.journal)

    dies = HolidayCalendars(store=places.store, run=dying)
    with pytest.raises(InterruptedError):
        dies.set(made.id, row(day(EASTER)), made.seq, "user-1")
    left = sum(found == [(XMAS, "shared")] for found in places.days())
    assert 0 < left == count - AT_ONCE
    again = Places(store=places.store, clock=places.clock)
    assert (again.holidays.follow(), again.days()) == (left, [[(EASTER, "shared")]] * count)
    facts = again.journal.head.seq
    assert (again.holidays.follow(), again.journal.head.seq) == (0, facts), "it is done once"
