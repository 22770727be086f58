"""Times of schedules: clocks that go forward and back, hours past midnight, and what falls due when."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.centre.schedule_times import checks, is_open_time, local, moment, next_check, spans
from tocsin.model.schedules import DayHours, Hours, ScheduleRow, WeekHours

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ZONES = (
    "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo",
    "Asia/Kolkata", "Pacific/Apia", "Europe/Dublin", "Pacific/Chatham", "America/St_Johns", "UTC",
)  # fmt: skip


def us(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def row(week=(), days=(), zone="Europe/Vienna", **fields):
    usual = {"open_late_min": 15, "close_late_min": 15, "early_min": 30, "test_h": None}
    return ScheduleRow(account_id="account-1", days=days, partition=None, week=week, zone=zone, **(usual | fields))


def every_day(opens_min, closes_min, **fields):
    week = tuple(WeekHours(weekday=day, opens_min=opens_min, closes_min=closes_min) for day in range(7))
    return row(week=week, **fields)


def test_hour_that_does_not_exist_is_the_moment_at_which_clocks_go_forward():
    spring = date(2027, 3, 28)  # Vienna: 02:00 becomes 03:00 at 01:00 UTC
    for minute in (120, 121, 150, 179, 180):
        assert moment("Europe/Vienna", spring, minute, is_last=False) == us("2027-03-28T01:00")
    assert moment("Europe/Vienna", spring, 119, is_last=False) == us("2027-03-28T00:59")
    assert moment("Europe/Vienna", spring, 181, is_last=True) == us("2027-03-28T01:01")


def test_hour_that_comes_twice_opens_at_the_first_and_closes_at_the_second():
    autumn = date(2027, 10, 31)
    assert moment("Europe/Vienna", autumn, 150, is_last=False) == us("2027-10-31T00:30")
    assert moment("Europe/Vienna", autumn, 150, is_last=True) == us("2027-10-31T01:30")
    (span,) = spans(every_day(150, 160), us("2027-10-31T00:00"), us("2027-10-31T02:00"))
    assert span == (us("2027-10-31T00:30"), us("2027-10-31T01:40"))


def test_hours_that_lie_wholly_in_the_missing_hour_are_left_out_that_day():
    bar = every_day(125, 170)
    found = spans(bar, us("2027-03-27T00:00"), us("2027-03-29T12:00"))
    assert [one.opens_at for one in found] == [us("2027-03-27T01:05"), us("2027-03-29T00:05")]


def test_night_shift_on_the_night_of_the_change_lasts_as_long_as_it_does():
    night = every_day(22 * 60, 30 * 60)
    spring = spans(night, us("2027-03-28T00:00"), us("2027-03-28T01:00"))[0]
    autumn = spans(night, us("2027-10-31T00:00"), us("2027-10-31T01:00"))[0]
    assert [(one.closes_at - one.opens_at) // HOUR for one in (spring, autumn)] == [7, 9]


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(1995, 1, 1), date(2037, 12, 31)),
    minutes=st.lists(st.integers(0, 2880), min_size=2, max_size=2),
    is_last=st.booleans(),
)
def test_times_of_a_day_keep_their_order_wherever_clocks_are_changed(zone, day, minutes, is_last):
    first, second = sorted(minutes)
    opens, closes = moment(zone, day, first, is_last=is_last), moment(zone, day, second, is_last=is_last)
    assert opens <= closes
    assert moment(zone, day, first, is_last=False) <= moment(zone, day, first, is_last=True)


@given(zone=st.sampled_from(ZONES), day=st.dates(date(1995, 1, 1), date(2037, 12, 31)), minute=st.integers(0, 2879))
def test_time_that_exists_is_what_the_clock_there_shows(zone, day, minute):
    for is_last in (False, True):
        at = moment(zone, day, minute, is_last=is_last)
        shown = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
        face = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).astimezone(ZoneInfo(zone))
        assert face.replace(tzinfo=None) >= shown
        if face.replace(tzinfo=None) != shown:  # clocks went forward: a second before, they had not come so far
            before = (face.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
            assert before.replace(tzinfo=None) < shown
            assert face.utcoffset() != before.utcoffset()


HOURS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda p: (p[0], min(2880, p[0] + p[1])))


@given(
    zone=st.sampled_from(ZONES),
    week=st.lists(st.tuples(st.integers(0, 6), HOURS), max_size=8),
    begin=st.datetimes(datetime(2000, 1, 1), datetime(2036, 1, 1)),  # noqa: DTZ001
    days=st.integers(1, 20),
)
def test_hours_never_overlap_never_turn_round_and_are_the_same_however_the_time_is_cut(zone, week, begin, days):
    made = row(
        week=tuple(WeekHours(weekday=day, opens_min=opens, closes_min=closes) for day, (opens, closes) in week),
        zone=zone,
    )  # fmt: skip
    start = us(begin.isoformat(timespec="seconds"))
    whole = spans(made, start, start + days * DAY)
    assert all(one.opens_at < one.closes_at for one in whole)
    assert all(one.closes_at < other.opens_at for one, other in itertools.pairwise(whole))
    for n in range(days):
        at = start + n * DAY
        is_open = any(one.opens_at <= at < one.closes_at for one in whole)
        early = any(one.opens_at - 30 * MINUTE <= at < one.closes_at for one in spans(made, at - DAY, at + DAY))
        assert is_open_time(made, at) == early
        assert not is_open or early


@given(
    zone=st.sampled_from(ZONES),
    week=st.lists(st.tuples(st.integers(0, 6), HOURS), max_size=6),
    test_h=st.none() | st.integers(1, 768),
    begin=st.datetimes(datetime(2000, 1, 1), datetime(2036, 1, 1)),  # noqa: DTZ001
)
def test_next_thing_due_is_the_first_of_all_that_falls_due(zone, week, test_h, begin):
    made = row(
        week=tuple(WeekHours(weekday=day, opens_min=opens, closes_min=closes) for day, (opens, closes) in week),
        zone=zone, test_h=test_h,
    )  # fmt: skip
    at = us(begin.isoformat(timespec="seconds"))
    due = next_check(made, at, at)
    found = checks(made, at, at + 1, at + 20 * DAY)
    assert [one.due_at for one in found] == sorted(one.due_at for one in found)
    if found:
        assert due == found[0].due_at
    elif due is not None:
        assert due > at + 20 * DAY
    assert (due is None) == (not week and test_h is None)


def test_day_of_its_own_takes_the_place_of_its_weekday():
    days = (
        DayHours(date="2027-01-05", hours=(), source="calendar"),
        DayHours(date="2027-01-06", hours=(Hours(opens_min=600, closes_min=660),), source="by_hand"),
    )
    found = spans(every_day(480, 1080, days=days), us("2027-01-05T00:00"), us("2027-01-07T12:00"))
    assert [one.opens_at for one in found] == [us("2027-01-06T09:00"), us("2027-01-07T07:00")]


def test_what_closes_and_opens_again_at_once_is_not_late_between():
    lunch = row(
        week=(
            WeekHours(weekday=0, opens_min=480, closes_min=720),
            WeekHours(weekday=0, opens_min=725, closes_min=1080),
        )
    )
    found = checks(lunch, 0, us("2027-01-04T00:00"), us("2027-01-04T23:00"))
    assert [(one.what, one.due_at) for one in found] == [
        ("open", us("2027-01-04T07:15")), ("open", us("2027-01-04T11:20")), ("close", us("2027-01-04T17:15")),
    ]  # fmt: skip


def test_what_fell_due_long_ago_is_not_looked_for_without_end():
    found = checks(every_day(480, 1080, test_h=1), 0, 0, us("2027-01-04T23:00"))
    assert len(found) < 35 * 26 + 4
    assert found[0].due_at >= us("2026-11-30T23:00")


@pytest.mark.parametrize(("text", "shown"), [("2027-03-28T00:59", (28, 119)), ("2027-03-28T01:00", (28, 180))])
def test_clock_of_a_place_is_read(text, shown):
    day, minute = local("Europe/Vienna", us(text))
    assert (day.day, minute) == shown
