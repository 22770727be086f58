"""What a schedule may be, whoever brings it: a form, the API, a file."""

import functools
import itertools
from collections.abc import Sequence
from datetime import date
from typing import Final
from zoneinfo import available_timezones

import msgspec

from tocsin.model.holidays import HOLIDAY_DAYS_MAX
from tocsin.model.schedules import (
    DAY_MIN,
    DAYS_MAX,
    EARLY_MIN_MAX,
    LATE_MIN_MAX,
    SPANS_A_DAY_MAX,
    TEST_H_MAX,
    DayHours,
    Hours,
    ScheduleRow,
    WeekHours,
)
from tocsin.model.sites import zone_number

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199


def wrong_of(row: ScheduleRow) -> list[str]:
    """Why a schedule cannot be, each reason beginning with its field; empty where it can."""
    wrong: list[str] = []
    if not is_zone(row.zone):
        wrong.append("zone: no time zone of the IANA database, such as Europe/Vienna")
    for name, value, most in (
        ("open_late_min", row.open_late_min, LATE_MIN_MAX),
        ("close_late_min", row.close_late_min, LATE_MIN_MAX),
        ("early_min", row.early_min, EARLY_MIN_MAX),
    ):
        if value is not None and not 0 <= value <= most:
            wrong.append(f"{name}: 0 to {most} minutes")
    if row.test_h is not None and not 1 <= row.test_h <= TEST_H_MAX:
        wrong.append(f"test_h: 1 to {TEST_H_MAX} hours")
    own_max = DAYS_MAX if row.holidays is None else DAYS_MAX - HOLIDAY_DAYS_MAX
    own = [one for one in row.days if one.source != "shared"]
    if len(own) > own_max:
        wrong.append(f"days: at most {own_max}")
    wrong += wrong_days(row.days, DAYS_MAX)
    for weekday in range(7):
        of_day = [Hours(closes_min=w.closes_min, opens_min=w.opens_min) for w in row.week if w.weekday == weekday]
        wrong += [f"week: {reason}" for reason in _wrong_hours(of_day)]
    if any(not 0 <= one.weekday <= 6 for one in row.week):
        wrong.append("week: weekdays are 0, Monday, to 6")
    return list(dict.fromkeys(wrong))


def wrong_days(days: Sequence[DayHours], most: int) -> list[str]:
    """Why days of their own cannot be; empty where they can."""
    wrong: list[str] = []
    if len(days) > most:
        wrong.append(f"days: at most {most}")
    if len({one.date for one in days}) < len(days):
        wrong.append("days: each date once")
    for one in days:
        wrong += [f"days: {reason}" for reason in _wrong_hours(one.hours)]
        if not _is_date(one.date):
            wrong.append("days: a date is as 2027-03-04")
    return list(dict.fromkeys(wrong))


def is_zone(name: str) -> bool:
    """Is that a time zone of the IANA database?"""
    return name in _zones()


def in_order(row: ScheduleRow) -> ScheduleRow:
    """A schedule that can be, in its own order."""
    return msgspec.structs.replace(
        row,
        days=tuple(
            msgspec.structs.replace(one, hours=tuple(sorted(one.hours, key=lambda h: h.opens_min)))
            for one in sorted(row.days, key=lambda one: one.date)
        ),
        partition=None if row.partition is None else zone_number(row.partition),
        week=tuple(sorted(row.week, key=_by_day)),
    )


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # read from the disk each time


def _by_day(one: WeekHours) -> tuple[int, int]:
    return one.weekday, one.opens_min


def _wrong_hours(hours: Sequence[Hours]) -> list[str]:
    found: list[str] = []
    if len(hours) > SPANS_A_DAY_MAX:
        found.append(f"at most {SPANS_A_DAY_MAX} times a day")
    ordered = sorted(hours, key=lambda one: one.opens_min)
    if any(not 0 <= one.opens_min < DAY_MIN or not one.opens_min < one.closes_min <= 2 * DAY_MIN for one in ordered):
        found.append("it opens within the day and closes later, on the day after at the latest")
    if any(one.closes_min > other.opens_min for one, other in itertools.pairwise(ordered)):
        found.append("hours of a day do not overlap")
    return found


def _is_date(text: str) -> bool:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return False
    return found.isoformat() == text and FIRST_YEAR <= found.year <= LAST_YEAR
