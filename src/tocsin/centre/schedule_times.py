"""The times of schedules: what hours by the clock of a place are in time that never jumps. No clock, no state.

Where clocks go forward, an hour of the night does not exist: a time in it is the moment at which they go forward. Where
they go back, an hour comes twice: opening counts from the first, closing from the second. So hours are never cut short,
never turn round, and keep their order.
"""

import functools
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from tocsin.model.on_test import SiteTest
from tocsin.model.schedules import AWAITED, DAY_MIN, Awaited, Hours, ScheduleRow
from tocsin.model.values import Code, Micros, Ref

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
AHEAD_DAYS: Final = 35
"""So far ahead it is looked for what falls due next; with nothing there it is looked again then."""

BACK_DAYS_MAX: Final = 35
"""What fell due longer ago is nobody's business any more."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Span(NamedTuple):
    """Hours in which a place is open."""

    opens_at: Micros
    closes_at: Micros


class Check(NamedTuple):
    """Something that a schedule waits for, and when it is late."""

    due_at: Micros
    what: Awaited
    span: Span | None
    """The hours that it is about; None for a test."""


def moment(zone: str, day: date, minute: int, *, is_last: bool) -> Micros:
    """The moment of a minute of a day by the clock of a zone; `is_last` where it comes twice."""
    found = _zone(zone)
    face = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - what a clock face shows
    first, second = face.replace(tzinfo=found, fold=0), face.replace(tzinfo=found, fold=1)
    if first.astimezone(UTC).astimezone(found).replace(tzinfo=None) != face:
        return _jump(found, second, first)
    return _micros(second if is_last else first)


def local(zone: str, at: Micros) -> tuple[date, int]:
    """The day and the minute of it that a clock there shows."""
    face = (_EPOCH + timedelta(microseconds=at)).astimezone(_zone(zone))
    return face.date(), face.hour * 60 + face.minute


def spans(row: ScheduleRow, begin: Micros, end: Micros) -> list[Span]:
    """The hours that touch this time, in their order. What overlaps is one."""
    found = sorted(_each(row, begin, end))
    joined: list[Span] = []
    for one in found:
        if joined and one.opens_at <= joined[-1].closes_at:
            joined[-1] = Span(joined[-1].opens_at, max(joined[-1].closes_at, one.closes_at))
        else:
            joined.append(one)
    return [one for one in joined if one.closes_at >= begin and one.opens_at <= end]


def hours_of(row: ScheduleRow, day: date) -> tuple[Hours, ...]:
    """The hours of a day: its own, or those of its weekday."""
    name = day.isoformat()
    own = next((one.hours for one in row.days if one.date == name), None)
    if own is not None:
        return own
    return tuple(
        Hours(closes_min=one.closes_min, opens_min=one.opens_min) for one in row.week if one.weekday == day.weekday()
    )


def has_hours(row: ScheduleRow) -> bool:
    """It says when the place is open, or that it never is; not only how often it tests."""
    return bool(row.week or row.days)


def is_open_time(row: ScheduleRow, at: Micros) -> bool:
    """An opening at this time is in order."""
    early = Micros(at + row.early_min * MINUTE)
    return any(one.opens_at <= early and at < one.closes_at for one in spans(row, at, early))


def checks(row: ScheduleRow, test_from: Micros, begin: Micros, end: Micros) -> list[Check]:
    """What falls due from `begin` to `end`, both included, in its order.

    `test_from`: when the last test came, or since when one is waited for.
    """
    begin = Micros(max(begin, end - BACK_DAYS_MAX * DAY))
    found: list[Check] = []
    if row.open_late_min is not None or row.close_late_min is not None:
        grace = max(row.open_late_min or 0, row.close_late_min or 0) * MINUTE
        around = spans(row, Micros(begin - grace), Micros(end + row.early_min * MINUTE))
        for number, one in enumerate(around):
            if row.open_late_min is not None:
                due = Micros(min(one.opens_at + row.open_late_min * MINUTE, one.closes_at))
                found.append(Check(due, "open", one))
            following = around[number + 1] if number + 1 < len(around) else None
            if row.close_late_min is not None:
                due = Micros(one.closes_at + row.close_late_min * MINUTE)
                # It opens again before anybody could call it late.
                if following is None or following.opens_at - row.early_min * MINUTE > due:
                    found.append(Check(due, "close", one))
    if row.test_h is not None:
        step = row.test_h * HOUR
        first = max(1, -(-(begin - test_from) // step))
        found += [
            Check(Micros(test_from + n * step), "test", None) for n in range(first, (end - test_from) // step + 1)
        ]
    inside = (one for one in found if begin <= one.due_at <= end)
    return sorted(inside, key=lambda one: (one.due_at, AWAITED.index(one.what)))


def next_check(row: ScheduleRow, test_from: Micros, after: Micros) -> Micros | None:
    """When something falls due next, later than `after`; None where nothing ever does.

    With nothing in the next AHEAD_DAYS it is when to look again.
    """
    hours = has_hours(row) and (row.open_late_min is not None or row.close_late_min is not None)
    if row.removed or (not hours and row.test_h is None):
        return None
    limit = Micros(after + AHEAD_DAYS * DAY)
    # Day by day: the next one is nearly always tomorrow's.
    for days in (2, 8, AHEAD_DAYS):
        found = checks(row, test_from, Micros(after + 1), Micros(after + days * DAY))
        if found:
            return found[0].due_at
    return limit


def on_test_until(
    tests: Iterable[SiteTest], account_id: Ref, site_id: Ref | None, partition: Code | None = None
) -> Micros | None:
    """Until when one of these tests takes all that an account, or a partition of it, sends; None: none does."""
    found = [
        one.until
        for one in tests
        if one.ended_at is None
        and not one.begun.zones
        and one.begun.partition in (None, partition)
        and (
            one.begun.account_id == account_id
            or (one.begun.account_id is None and site_id is not None and one.begun.site_id == site_id)
        )
    ]
    return max(found, default=None)


def _each(row: ScheduleRow, begin: Micros, end: Micros) -> Iterator[Span]:
    # A day's hours may reach into the day after, and a grace of half a day back into the one before.
    day = local(row.zone, begin)[0] - timedelta(days=3)
    last = local(row.zone, end)[0] + timedelta(days=1)
    while day <= last:
        for hours in hours_of(row, day):
            opens_at = moment(row.zone, day, hours.opens_min, is_last=False)
            closes_at = moment(row.zone, day, hours.closes_min, is_last=True)
            if opens_at < closes_at:  # else they lie in the hour that does not exist
                yield Span(opens_at, closes_at)
        day += timedelta(days=1)


def minutes_of(day: date, zone: str, at: Micros) -> int:
    """How many minutes a clock there shows from midnight of `day` on; over 1,440 on the days after."""
    shown, minute = local(zone, at)
    return (shown - day).days * DAY_MIN + minute


def _jump(zone: ZoneInfo, low: datetime, high: datetime) -> Micros:
    """The moment at which clocks go forward, between these two."""
    before, after = _micros(low), _micros(high)
    offset = _offset(zone, before)
    while after - before > SECOND:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return Micros(after // SECOND * SECOND)


def _offset(zone: ZoneInfo, at: int) -> timedelta | None:
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone).utcoffset()


def _micros(at: datetime) -> Micros:
    return Micros((at - _EPOCH) // timedelta(microseconds=1))


@functools.lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
