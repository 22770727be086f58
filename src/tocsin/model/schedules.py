"""Schedules: when an account opens and closes, and how often it tests. Nothing personal: times alone.

Fields stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.values import AccountNumber, Code, Micros, Ref, Seq, ZoneName

SCHEDULE_SET: Final = Code("schedule.set")
SCHEDULE_MISSED: Final = Code("schedule.missed")
SCHEDULE_DUE: Final = Code("schedule")
"""Kind of the timer that looks whether a schedule was kept."""

Awaited = Literal["open", "close", "test"]
AWAITED: Final[tuple[Awaited, ...]] = ("open", "close", "test")
"""What a schedule waits for."""

DaySource = Literal["by_hand", "calendar", "tonight", "shared"]
"""Where the hours of one day come from: a person set them, a calendar was imported, they count for that day alone and
somebody asked for it on that day, or the calendar of holidays says so that the schedule shares with others."""

DAY_MIN: Final = 24 * 60
SPANS_A_DAY_MAX: Final = 4
DAYS_MAX: Final = 400
"""Days of one schedule that are not as their weekday is."""

SCHEDULES_MAX: Final = 100_000
LATE_MIN_MAX: Final = 12 * 60
EARLY_MIN_MAX: Final = 12 * 60
EARLY_MIN: Final = 30
TEST_H_MAX: Final = 32 * 24


class Hours(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """From when to when a place is open, in minutes since midnight of its day by its own clock."""

    closes_min: int
    """1 to 2,880: past 1,440 it closes on the day after."""
    opens_min: int
    """0 to 1,439."""


class WeekHours(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The same of a weekday."""

    closes_min: int
    opens_min: int
    weekday: int
    """0 is Monday."""


class DayHours(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A day that is not as its weekday is: a holiday, a day before one, tonight."""

    date: Code
    """`2027-03-04`, by the clock of the place."""
    hours: tuple[Hours, ...]
    """Empty: closed all day."""
    source: DaySource


class ScheduleRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One schedule, whole: body of `schedule.set`, version 1. `ref` is None where it is new."""

    account_id: Ref
    close_late_min: int | None
    """So long after closing time it is told that the place was not closed. None: it is not waited for."""
    days: tuple[DayHours, ...]
    early_min: int
    """So long before its time an opening is in order."""
    holidays: Ref | None = None
    """The calendar of holidays that it shares; its days stand among `days`."""
    open_late_min: int | None
    """The same of opening."""
    partition: Code | None
    """Of the account, without leading zeros; None: all of it."""
    removed: bool = False
    test_h: int | None
    """A test report comes at least so often. None: it is not waited for."""
    week: tuple[WeekHours, ...]
    zone: ZoneName
    """By whose clock."""


class Schedule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A schedule and the fact that its row came from."""

    id: Ref
    row: ScheduleRow
    seq: Seq
    since: Micros
    """When it was set so: what fell due before is not waited for."""


class ScheduleMissed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `schedule.missed`, version 1: what a schedule waits for did not come. `ref` is the schedule."""

    account: AccountNumber
    account_id: Ref
    due_at: Micros
    exercise: bool
    late_s: int
    """So late it was told: the centre stood still, or had more to do."""
    partition: Code | None
    what: Awaited
