"""Somebody's own calendar: whether it says "not now" at a time. Pure but for the system's tables of time zones."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tocsin.model.notices import AwayHours, NoticeRefusal, OwnCalendar, ReachRow
from tocsin.model.values import Micros
from tocsin.rules.delivery import refusal_of

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MIN: Final = 1_440
_WHOLE: Final = AwayHours(from_min=0, to_min=DAY_MIN)


def is_away(calendar: OwnCalendar | None, now: Micros) -> bool:
    """Does it say "not now"? By the clock of its zone; what passes midnight goes on the day after."""
    if calendar is None:
        return False
    local = (EPOCH + timedelta(microseconds=now)).astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    for day, at in ((local, minute), (local - timedelta(days=1), minute + DAY_MIN)):
        date, weekday = day.date().isoformat(), day.weekday()
        of_day = [hours for one in calendar.days if one.date == date for hours in one.hours or (_WHOLE,)]
        of_week = [one.hours for one in calendar.weekly if one.weekday == weekday]
        if any(hours.from_min <= at < hours.to_min for hours in (*of_day, *of_week)):
            return True
    return False


def refused(reach: ReachRow | None, now: Micros, *, is_last: bool = False) -> NoticeRefusal | None:
    """Why somebody may not be notified now. `is_last`: by the last step of a chain, which no calendar silences."""
    return refusal_of(reach, now, is_away=not is_last and reach is not None and is_away(reach.away, now))
