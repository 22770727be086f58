"""What the API takes and answers about schedules."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.schedules import (
    DAY_MIN,
    DAYS_MAX,
    EARLY_MIN,
    EARLY_MIN_MAX,
    LATE_MIN_MAX,
    SPANS_A_DAY_MAX,
    TEST_H_MAX,
    Awaited,
    DaySource,
)
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Place, Ref, Seq, ZoneName
from tocsin.web.api.on_test_types import Part

Opens = Annotated[int, Meta(ge=0, lt=DAY_MIN)]
Closes = Annotated[int, Meta(ge=1, le=2 * DAY_MIN)]
LateMin = Annotated[int, Meta(ge=0, le=LATE_MIN_MAX)]
Date = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class HoursItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when to when it is open, in minutes since midnight by the clock of the place."""

    opens_min: Opens
    closes_min: Closes
    """Past 1,440 it closes on the day after."""


class WeekdayHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same of a weekday."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    """0 is Monday."""
    opens_min: Opens
    closes_min: Closes


class DateHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day that is not as its weekday is."""

    date: Date
    hours: Annotated[list[HoursItem], Meta(max_length=SPANS_A_DAY_MAX)]
    """Empty: closed all day."""
    source: DaySource = "by_hand"


class ScheduleBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A schedule, whole."""

    version: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    """Of the schedule that it takes the place of; 0: there was none."""
    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    """Name in the IANA database: by whose clock."""
    partition: Part | None = None
    week: Annotated[list[WeekdayHours], Meta(max_length=7 * SPANS_A_DAY_MAX)] = []
    days: Annotated[list[DateHours], Meta(max_length=DAYS_MAX)] = []
    """Those of a shared calendar need not be sent: they are its own."""
    holidays: Annotated[str, Meta(pattern=r"^holidays-[0-9]{1,16}$")] | None = None
    """The calendar of holidays that it shares; null: none."""
    open_late_min: LateMin | None = None
    """So long after opening time it is told; null: it is not waited for."""
    close_late_min: LateMin | None = None
    early_min: Annotated[int, Meta(ge=0, le=EARLY_MIN_MAX)] = EARLY_MIN
    """So long before its time an opening is in order."""
    test_h: Annotated[int, Meta(ge=1, le=TEST_H_MAX)] | None = None
    """A test report comes at least so often; null: it is not waited for."""


class TonightBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When it closes today, for this one day."""

    version: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    closes_at: Annotated[Micros, Meta(ge=0, le=2**53 - 1)]


class SpanItem(msgspec.Struct, frozen=True, kw_only=True):
    """When it is open next, by the time of the world."""

    opens_at: Micros
    closes_at: Micros


class ScheduleItem(msgspec.Struct, frozen=True, kw_only=True):
    """One schedule."""

    id: Ref
    account: AccountNumber
    account_id: Ref
    account_name: Place | None
    changed_at: Micros
    changed_by: Actor | None
    close_late_min: int | None
    days: list[DateHours]
    due_at: Micros | None
    """When it is looked next whether it was kept; null: nothing is waited for."""
    early_min: int
    holidays: Ref | None
    """The calendar of holidays that it shares; its days stand among `days`."""
    is_open_time: bool
    """By its hours it is open now."""
    next: list[SpanItem]
    """The next hours, a week ahead."""
    open_late_min: int | None
    partition: Code | None
    partition_name: Place | None
    test_h: int | None
    version: Seq
    week: list[WeekdayHours]
    zone: ZoneName


class SchedulesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Schedules of an account, or of all accounts of a site."""

    items: list[ScheduleItem]
    is_cut: bool
    """The site has more accounts than are looked at."""


class CalendarAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar says, and the schedule with it."""

    days: int
    """Days that are not as their weekday is."""
    left_out: int
    """Events that say nothing here: called off, or longer than the day after."""
    item: ScheduleItem


class LateItem(msgspec.Struct, frozen=True, kw_only=True):
    """A place that did not open, close or test in time, and has not since."""

    account: AccountNumber | None
    account_id: Ref
    incident: Ref
    incident_number: int
    is_returned: bool
    partition: Code | None
    """As `partition-2`; null: the whole account."""
    partition_name: Place | None
    reason: Code
    since: Micros
    site: Place | None
    site_id: Ref | None
    what: Awaited | None
    """Null: it was opened outside its hours."""


class LateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whose schedule was not kept: open incidents about it."""

    items: list[LateItem]
    schedules: int
    """How many accounts and partitions have one."""
