"""Calendars of other programs (iCalendar, RFC 5545) as days of a schedule.

An event of whole days closes the place on these days. An event with times is when it is open on its day, in place of
the weekday's hours. What an event is called, where it is and who comes is not read: it may name people.

A file can make its reader work without end, so this runs in a process of its own with limits (`calendar_worker`).
"""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, cast

import msgspec

from tocsin.centre.schedule_times import minutes_of
from tocsin.model.errors import BadInput
from tocsin.model.schedules import DAY_MIN, DAYS_MAX, SPANS_A_DAY_MAX, DayHours, Hours
from tocsin.model.values import Code, Micros

CALENDAR_BYTES_MAX: Final = 256 << 10
EVENTS_MAX: Final = 2_000
REPEATS_MAX: Final = 10_000
"""Times that one event may come again, from its first to the end of what is looked at."""

AHEAD_DAYS: Final = 400
_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class CalendarDays(msgspec.Struct, frozen=True, kw_only=True):
    """What a calendar says of the days that are looked at."""

    days: tuple[DayHours, ...]
    left_out: int
    """Events that say nothing here: called off, or longer than the day after."""


def read_calendar(data: bytes, zone: str, begin: date, *, is_absence: bool = False) -> CalendarDays:
    """Read a calendar: the days from `begin` on, by the clock of `zone`.

    `is_absence`: of a day that has both, the whole of it counts, and not the hours: it is when somebody is away.

    Raises:
        BadInput: it is no calendar, is too large, comes again too often, or says too much of one day.
    """
    import icalendar

    walked: Any  # the library's types are not whole
    if len(data) > CALENDAR_BYTES_MAX:
        raise BadInput(
            _said(f"It is larger than {CALENDAR_BYTES_MAX // 1024} KiB", "Leave out what is over"), "calendar.size"
        )
    try:
        walked = icalendar.Calendar.from_ical(data)
        events: list[Any] = list(walked.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadInput(_said("It is no iCalendar file", "Export it again, as .ics"), "calendar.form") from error
    if len(events) > EVENTS_MAX:
        raise BadInput(_said(f"It has more than {EVENTS_MAX:,} events", "Leave out what is over"), "calendar.events")
    end = begin + timedelta(days=AHEAD_DAYS)
    moved = {(_uid(one), _face(one.decoded("RECURRENCE-ID"))) for one in events if "RECURRENCE-ID" in one}
    closed: set[date] = set()
    hours: dict[date, list[Hours]] = {}
    left_out = 0
    for event in events:
        try:
            if str(event.get("STATUS", "")).upper() == "CANCELLED" or "DTSTART" not in event:
                left_out += 1
                continue
            for first, last in _times(event, moved, begin, end):
                if not isinstance(first, datetime) and not isinstance(last, datetime):
                    days = itertools.takewhile(lambda day, to=last: day < to and day < end, _days(max(first, begin)))
                    closed.update(days)
                elif not _add(hours, first, last, zone, begin):
                    left_out += 1
        except BadInput:
            raise
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
            raise BadInput(
                _said("An event of it cannot be read", "Leave that out, or export it again"), "calendar.form"
            ) from error
    whole: dict[date, tuple[Hours, ...]] = dict.fromkeys(closed, ())
    some = {day: _whole(day, of_day) for day, of_day in hours.items()}
    found = some | whole if is_absence else whole | some
    if len(found) > DAYS_MAX:
        raise BadInput(
            _said(f"It speaks of more than {DAYS_MAX} days", "Leave out what the week says already"), "calendar.days"
        )
    return CalendarDays(
        days=tuple(
            DayHours(date=Code(day.isoformat()), hours=of_day, source="calendar")
            for day, of_day in sorted(found.items())
        ),
        left_out=left_out,
    )


def _times(event: Any, moved: set[tuple[str, object]], begin: date, end: date) -> Iterator[tuple[Any, Any]]:
    """From when to when the event is, each time that it comes within what is looked at."""
    first = event.decoded("DTSTART")
    if "DTEND" in event:
        length = _face(event.decoded("DTEND")) - _face(first)
    elif "DURATION" in event:
        length = event.decoded("DURATION")
    else:
        length = timedelta(0) if isinstance(first, datetime) else timedelta(days=1)
    if length < timedelta(0):
        raise ValueError("it ends before it begins")
    rule = event.get("RRULE")
    if rule is None:
        yield first, first + length
        return
    uid = _uid(event)
    left = {_face(one.dt) for listed in _listed(event.get("EXDATE")) for one in listed.dts}
    is_day = not isinstance(first, datetime)
    face = datetime.combine(first, time()) if is_day else first.replace(tzinfo=None)
    for number, at in enumerate(_repeats(rule, first, face, end)):
        if number >= REPEATS_MAX:
            raise BadInput(
                _said(f"An event of it comes more than {REPEATS_MAX:,} times", "Let it begin later"), "calendar.repeats"
            )
        shown = at.date() if is_day else at
        if shown in left or (uid, shown) in moved:
            continue
        if (at + length).date() < begin:
            continue
        if is_day:
            yield at.date(), at.date() + length
        else:
            begun = at.replace(tzinfo=first.tzinfo)
            yield begun, begun + length


def _repeats(rule: Any, first: Any, face: datetime, end: date) -> Iterator[datetime]:
    from dateutil.rrule import rrulestr

    if not isinstance(rule, dict):
        raise BadInput(_said("An event of it has several rules of when it comes", "Give it one"), "calendar.rule")
    form: Any = cast("Any", rule).__class__
    parts: dict[str, Any] = {str(name): value for name, value in cast("Any", rule).items()}
    if {str(one).upper() for one in parts.get("FREQ", [])} - _FREQUENCIES or "FREQ" not in parts:
        raise BadInput(_said("An event of it comes more often than once a day", "Leave that out"), "calendar.rule")
    until = parts.pop("UNTIL", None)
    last = datetime.combine(end, time())
    if until:
        limit = until[0]
        if not isinstance(limit, datetime):
            limit = datetime.combine(limit, time(23, 59, 59))
        elif limit.tzinfo is not None:
            limit = limit.astimezone(getattr(first, "tzinfo", None) or UTC).replace(tzinfo=None)
        last = min(last, limit)
    text: str = form(parts).to_ical().decode()
    return itertools.takewhile(lambda at: at <= last, rrulestr(text, dtstart=face))


def _add(hours: dict[date, list[Hours]], first: datetime, last: datetime, zone: str, begin: date) -> bool:
    """Note from when to when it is open; False where that cannot be said of one day."""
    if first.tzinfo is None:
        day, opens_min = first.date(), first.hour * 60 + first.minute
        closes_min = opens_min + (last - first) // timedelta(minutes=1)
    else:
        opens_at = Micros((first.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1))
        closes_at = Micros((last.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1))
        day = first.astimezone(_zone(zone)).date()
        opens_min, closes_min = minutes_of(day, zone, opens_at), minutes_of(day, zone, closes_at)
    if not opens_min < closes_min <= 2 * DAY_MIN:
        return False
    if begin <= day < begin + timedelta(days=AHEAD_DAYS):
        hours.setdefault(day, []).append(Hours(closes_min=closes_min, opens_min=opens_min))
    return True


def _whole(day: date, found: list[Hours]) -> tuple[Hours, ...]:
    """The hours of a day, without overlaps."""
    joined: list[Hours] = []
    for one in sorted(found, key=lambda hours: (hours.opens_min, hours.closes_min)):
        if joined and one.opens_min <= joined[-1].closes_min:
            closes_min = max(joined[-1].closes_min, one.closes_min)
            joined[-1] = Hours(closes_min=closes_min, opens_min=joined[-1].opens_min)
        else:
            joined.append(one)
    if len(joined) > SPANS_A_DAY_MAX:
        raise BadInput(
            _said(f"On {day.isoformat()} it is open more than {SPANS_A_DAY_MAX} times", "Join them"), "calendar.spans"
        )
    return tuple(joined)


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in itertools.count())


def _face(at: Any) -> Any:
    """What a clock shows at it."""
    return at.replace(tzinfo=None) if isinstance(at, datetime) else at


def _listed(found: Any) -> list[Any]:
    return [] if found is None else cast("list[Any]", found) if isinstance(found, list) else [found]


def _uid(event: Any) -> str:
    return str(event.get("UID", ""))


def _zone(name: str) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _said(what: str, remedy: str) -> str:
    return f"The calendar was not taken. {what}. Nothing was changed. {remedy}"
