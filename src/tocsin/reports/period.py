"""The period of a report: from days and clock times of this machine's zone to what the computations ask for."""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Final

from tocsin.model.errors import BadInput
from tocsin.model.profiles import Profile
from tocsin.model.values import Micros
from tocsin.reports.figures import DAY_US, HOUR_US, MINUTE_US, Ask, Span

DAYS_MAX: Final = 400
DAYS_PLAIN: Final = 30
"""Without a choice: today, and the days before up to so many."""

BARS_MAX: Final = 62
STEPS_US: Final = (MINUTE_US, 5 * MINUTE_US, 10 * MINUTE_US, 30 * MINUTE_US, HOUR_US, 3 * HOUR_US, 6 * HOUR_US)
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def time_of(words: str, *, is_end: bool, zone: dt.tzinfo | None = None) -> Micros:
    """A day (`2026-11-23`: its beginning, or as an end that of the next one) or a local time (`2026-11-23T14:00`).

    Raises:
        BadInput: it is neither.
    """
    try:
        if len(words) == len("2026-11-23"):
            day = dt.date.fromisoformat(words)
            at = dt.datetime.combine(day + dt.timedelta(days=int(is_end)), dt.time())
        else:
            at = dt.datetime.fromisoformat(words)
        return _micros(at if at.tzinfo is not None else _local(at, zone))
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{words[:40]!r} is neither a day such as 2026-11-23 nor a time such as 2026-11-23T14:00. No "
            "report was made",
            "report.period",
        ) from error


def plain_since(as_of: Micros, zone: dt.tzinfo | None = None) -> Micros:
    """Where a period begins that nobody has chosen."""
    today = _face(as_of, zone).date()
    return _midnight(today - dt.timedelta(days=DAYS_PLAIN - 1), zone)


def make_ask(
    since: Micros,
    until: Micros,
    *,
    begins: Micros,
    as_of: Micros,
    profile: Profile,
    load_profile: Profile,
    shift_changes: Sequence[str],
    zone: dt.tzinfo | None = None,
) -> Ask:
    """What is asked of the journal: never from before it begins, nor beyond the moment of the report.

    Raises:
        BadInput: the period is empty, or longer than DAYS_MAX days.
    """
    if until - since > DAYS_MAX * DAY_US + HOUR_US:
        raise BadInput(f"A report is of {DAYS_MAX} days at most. No report was made", "report.period")
    if until <= since:
        raise BadInput("The period ends before it begins. No report was made", "report.period")
    since, until = Micros(max(since, begins)), Micros(min(until, as_of + 1))
    if until <= since:
        raise BadInput(
            "The journal holds nothing of this period: it begins later, or the period is still to come. No report was "
            "made. Choose another period",
            "report.empty",
        )
    first, last = _face(since, zone).date(), _face(Micros(until - 1), zone).date()
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 2)]
    midnights = tuple(_midnight(day, zone) for day in days)
    return Ask(
        since=since,
        until=until,
        as_of=as_of,
        months=_months(first, last, zone),
        shifts=_shifts([first - dt.timedelta(days=1), *days], shift_changes, zone),
        days=tuple(at for at in midnights if since <= at < until),
        buckets=_buckets(since, until, midnights),
        profile=profile,
        load_profile=load_profile,
    )


def _months(first: dt.date, last: dt.date, zone: dt.tzinfo | None) -> tuple[Span, ...]:
    made: list[Span] = []
    month = first.replace(day=1)
    while month <= last:
        after = (month + dt.timedelta(days=32)).replace(day=1)
        made.append(Span(label=f"{month:%Y-%m}", since=_midnight(month, zone), until=_midnight(after, zone)))
        month = after
    return tuple(made)


def _shifts(days: Sequence[dt.date], changes: Sequence[str], zone: dt.tzinfo | None) -> tuple[Span, ...]:
    times = [dt.time.fromisoformat(one) for one in changes]
    edges = [
        (_micros(_local(dt.datetime.combine(day, at), zone)), number) for day in days for number, at in enumerate(times)
    ]
    return tuple(
        Span(label=f"{changes[number]} to {changes[(number + 1) % len(changes)]}", since=begin, until=end)
        for (begin, number), (end, _) in itertools.pairwise(edges)
        if end > begin
    )


def _buckets(since: Micros, until: Micros, midnights: Sequence[Micros]) -> tuple[Micros, ...]:
    """Where bars begin: at the full hour or less, else at midnights; the first where the period begins."""
    for step in STEPS_US:
        if (until - since) / step <= BARS_MAX:
            inner = range((since // step + 1) * step, until, step)
            return (since, *(Micros(at) for at in inner))
    days = 1 if len(midnights) <= BARS_MAX else 7
    return (since, *(at for at in midnights[days::days] if since < at < until))


def _local(at: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    return at.astimezone() if zone is None else at.replace(tzinfo=zone)


def _face(at: Micros, zone: dt.tzinfo | None) -> dt.datetime:
    return (_EPOCH + dt.timedelta(microseconds=at)).astimezone(zone)


def _midnight(day: dt.date, zone: dt.tzinfo | None) -> Micros:
    return _micros(_local(dt.datetime.combine(day, dt.time()), zone))


def _micros(at: dt.datetime) -> Micros:
    return Micros((at - _EPOCH) // dt.timedelta(microseconds=1))
