"""Who is on call: turns by the clock faces of a place, with its summer time, and exceptions.

Pure: a roster + a time + a time zone -> a person, or nobody. A clock face that a change of summer time leaves out is
the moment of that change; one that comes twice is the first. So turns follow one another without a hole and without an
overlap, whatever the clocks do. It is no rule (`tocsin.rules`): whatever asks a time zone reads the system's tables.
"""

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from tocsin.model.rosters import DAY_MIN, RosterLayer, RosterRow
from tocsin.model.values import Actor, Micros

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY: Final = date(1970, 1, 1)
MICROSECOND: Final = timedelta(microseconds=1)
SECOND: Final = timedelta(seconds=1)


class Span(NamedTuple):
    """From when to when somebody is on call, or nobody."""

    since: Micros
    until: Micros
    person: Actor | None


def instant(day: int, minute: int, zone: tzinfo) -> Micros:
    """When a clock of this zone shows that minute of that day (days since 1970-01-01)."""
    face = EPOCH.replace(tzinfo=None) + timedelta(days=day, minutes=minute)
    first = face.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == face:
        return _micros(first)
    # No clock shows it: between two times that have the offsets before and after lies the change.
    low, high = sorted((first, face.replace(tzinfo=zone, fold=1).astimezone(UTC)))
    before = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // SECOND // 2 * SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return _micros(high)


def local_day(at: Micros, zone: tzinfo) -> int:
    """The day that a clock of this zone shows, in days since 1970-01-01."""
    return ((EPOCH + at * MICROSECOND).astimezone(zone).date() - FIRST_DAY).days


def minute_of_day(at: Micros, zone: tzinfo) -> int:
    """What a clock of this zone shows, in minutes since midnight."""
    local = (EPOCH + at * MICROSECOND).astimezone(zone)
    return local.hour * 60 + local.minute


def on_call(row: RosterRow, at: Micros, zone: tzinfo, living: Container[Actor]) -> Actor | None:
    """Who is on call at a time; None: nobody. Who is not among the `living` any more is nobody."""
    person = next(
        (found for layer in reversed(row.layers) if (found := _of_layer(layer, at, zone, living)) is not None), None
    )
    for override in row.overrides:
        is_meant = override.instead_of is None or override.instead_of == person
        if override.from_at <= at < override.until_at and is_meant and override.user in living:
            person = override.user
    return person


def spans(row: RosterRow, since: Micros, until: Micros, zone: tzinfo, living: Container[Actor]) -> list[Span]:
    """Who is on call from `since` to `until`, without a hole: where nobody is, that is said."""
    found: list[Span] = []
    edges = sorted({since, *(at for at in _edges(row, since, until, zone) if since < at < until)})
    for at, end in zip(edges, [*edges[1:], until], strict=True):
        person = on_call(row, at, zone, living)
        if found and found[-1].person == person:
            found[-1] = found[-1]._replace(until=end)
        else:
            found.append(Span(at, end, person))
    return found


def _of_layer(layer: RosterLayer, at: Micros, zone: tzinfo, living: Container[Actor]) -> Actor | None:
    day = local_day(at, zone)
    turn = (day - layer.first_day) // layer.turn_days
    if _turn_begins(layer, turn, zone) > at:
        turn -= 1
    if turn < 0 or not any(begin <= at < end for begin, end in _windows(layer, day - 2, day + 1, zone)):
        return None
    person = layer.users[turn % len(layer.users)]
    return person if person in living else None


def _turn_begins(layer: RosterLayer, turn: int, zone: tzinfo) -> Micros:
    return instant(layer.first_day + turn * layer.turn_days, layer.at_min, zone)


def _windows(layer: RosterLayer, first: int, last: int, zone: tzinfo) -> Iterator[tuple[Micros, Micros]]:
    """When the layer counts that begins on one of these days."""
    for day in range(first, last + 1):
        if layer.weekdays and (day + FIRST_DAY.weekday()) % 7 not in layer.weekdays:
            continue
        end = layer.to_min if layer.to_min > layer.from_min else layer.to_min + DAY_MIN
        yield instant(day, layer.from_min, zone), instant(day, end, zone)


def _edges(row: RosterRow, since: Micros, until: Micros, zone: tzinfo) -> Iterator[Micros]:
    """Every moment at which somebody else may be on call."""
    first, last = local_day(since, zone) - 2, local_day(until, zone) + 1
    for layer in row.layers:
        begin = max(0, (first - layer.first_day) // layer.turn_days)
        for turn in range(begin, max(begin, (last - layer.first_day) // layer.turn_days + 2)):
            yield _turn_begins(layer, turn, zone)
        for window in _windows(layer, first, last, zone):
            yield from window
    for override in row.overrides:
        yield override.from_at
        yield override.until_at


def _micros(at: datetime) -> Micros:
    return Micros((at - EPOCH) // MICROSECOND)
