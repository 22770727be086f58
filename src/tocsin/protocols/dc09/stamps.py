"""Time stamps: UTC by the standard, local time on many panels."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from tocsin.model.values import Micros, ZoneName

SECOND: Final = 1_000_000
_DAY_S: Final = 86_400
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_STAMP: Final = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2}),([0-9]{2}-[0-9]{2}-[0-9]{4})")
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_DATE: Final = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{2}|[0-9]{4})")
_READ_LATELY_MAX: Final = 1024
_read_lately: dict[str, Micros] = {}
"""The stamps of the last frames: in a storm thousands of panels send the same seconds. Only stamps that were right."""


def format_stamp(at: Micros) -> str:
    """Write a time as DC-09 does, in UTC and month before day: `07:05:09,03-04-2027`. Parts of a second are dropped."""
    return _format_second(at // SECOND)


@lru_cache(maxsize=64)
def _format_second(second: int) -> str:
    day, of_day = divmod(second, _DAY_S)
    when = date.fromordinal(_EPOCH_DAY + day)
    return f"{of_day // 3600:02}:{of_day // 60 % 60:02}:{of_day % 60:02},{when.month:02}-{when.day:02}-{when.year:04}"


def parse_stamp(text: str) -> Micros | None:
    """Read a time stamp as UTC; None where it is malformed or impossible (`25:61:00`)."""
    at = _read_lately.get(text)
    if at is not None:
        return at
    match = _STAMP.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, day_text = match.groups()
    day, of_day = _day(day_text), _of_day(int(hour), int(minute), int(second))
    if day is None or of_day is None:
        return None
    at = Micros((day * _DAY_S + of_day) * SECOND)
    if len(_read_lately) >= _READ_LATELY_MAX:
        _read_lately.clear()
    _read_lately[text] = at
    return at


def read_stamp(text: str, zone: ZoneName | None, near: Micros | None) -> Micros | None:
    """Read a time stamp of a panel that sends the time of `zone` (None: UTC, as it should be).

    Where the clocks go back an hour comes twice: the reading nearer to `near` is taken.
    """
    at = parse_stamp(text)
    return at if at is None or zone is None else to_utc(at, zone, near)


def read_event_time(
    clock: str, day: str | None, zone: ZoneName | None, near: Micros, sent_at: Micros | None
) -> Micros | None:
    """Read the modifiers `ti` (hh:mm or hh:mm:ss) and `da` (MM-DD-YY); None where they are malformed.

    Without a day it is the one that brings the time nearest to `sent_at`, the message's stamp, or else to `near`.
    """
    match = _CLOCK.fullmatch(clock)
    if match is None:
        return None
    hour, minute, second = match.groups()
    of_day = _of_day(int(hour), int(minute), int(second or 0))
    if of_day is None:
        return None
    if day is not None:
        when = _short_day(day)
        return None if when is None else _local(when, of_day, zone, near)
    base = near if sent_at is None else sent_at
    base_day = base // SECOND // _DAY_S
    readings = [_local(when, of_day, zone, base) for when in (base_day, base_day - 1, base_day + 1)]
    return min(readings, key=lambda at: abs(at - base))


def to_utc(at: Micros, zone: ZoneName, near: Micros | None) -> Micros:
    """Take the digits of `at` for the time of `zone`. A zone that does not exist counts as UTC."""
    place = _zone(zone)
    if place is None:
        return at
    try:
        local = (_EPOCH + timedelta(microseconds=at)).replace(tzinfo=place)
        first, second = (_micros(local.replace(fold=fold)) for fold in (0, 1))
    except (OverflowError, ValueError):  # the first or last day of the calendar
        return at
    return second if near is not None and abs(second - near) < abs(first - near) else first


def _micros(when: datetime) -> Micros:
    return Micros((when - _EPOCH) // timedelta(microseconds=1))


def _local(day: int, of_day: int, zone: ZoneName | None, near: Micros) -> Micros:
    at = Micros((day * _DAY_S + of_day) * SECOND)
    return at if zone is None else to_utc(at, zone, near)


def _of_day(hour: int, minute: int, second: int) -> int | None:
    return None if hour > 23 or minute > 59 or second > 59 else hour * 3600 + minute * 60 + second


@lru_cache(maxsize=256)
def _day(text: str) -> int | None:
    """Days since 1970 of `MM-DD-YYYY`."""
    try:
        return date(int(text[6:]), int(text[:2]), int(text[3:5])).toordinal() - _EPOCH_DAY
    except ValueError:
        return None


def _short_day(text: str) -> int | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    month, day, year = match.groups()
    return _day(f"{int(month):02}-{int(day):02}-{'20' if len(year) == 2 else ''}{year}")


@lru_cache(maxsize=64)
def _zone(name: ZoneName) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return None
