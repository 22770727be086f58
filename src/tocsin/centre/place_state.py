"""How a place stands now: what is armed or open, as far as its panels said, and its hours of this day. It reads only.

No word of who armed or opened: a place has no list of who came and went.
"""

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from tocsin.centre.schedule_times import DAY, Span, has_hours, hours_of, local, moment, spans
from tocsin.centre.schedules import OPENINGS
from tocsin.model.ports import Store
from tocsin.model.schedules import DaySource, Schedule
from tocsin.model.values import Code, Micros, Ref, Seq

OPENED_US: Final = 31 * DAY
"""An opening longer ago says nothing of now, and is not looked for."""


class ArmedState(NamedTuple):
    """What the panel of an account said last of arming."""

    account_id: Ref
    partitions: tuple[Code, ...] | None
    """Those that are armed; empty: all of it is. None: it is open."""
    since: Micros
    """When the newest signal came that said so."""


class HoursToday(NamedTuple):
    """A schedule's hours of today, by the clock of its place."""

    schedule: Schedule
    is_open_time: bool
    """Now lies in them."""
    source: DaySource | None
    """Where they come from, where they are not the weekday's."""
    spans: tuple[Span, ...]
    """Those that touch today, also where they began yesterday or end tomorrow. Empty: closed all day."""


def armed_states(store: Store, accounts: Collection[Ref], now: Micros) -> list[ArmedState]:
    """By account, those of which it is known: one whose panel never armed, nor opened in a month, is left out."""
    armed: dict[Ref, list[tuple[Code, Seq]]] = {}
    for one in store.armed(accounts):
        armed.setdefault(one.account_id, []).append((one.partition, one.seq))
    found: list[ArmedState] = []
    for account_id in sorted(accounts):
        if rows := armed.get(account_id):
            named = tuple(sorted(partition for partition, _ in rows if partition))
            is_whole = any(not partition for partition, _ in rows)
            since = _at(store, max(seq for _, seq in rows))
            found.append(ArmedState(account_id, () if is_whole else named, since))
            continue
        opened = store.newest_signal_at(account_id, Micros(max(0, now - OPENED_US)), reasons=OPENINGS)
        if opened is not None:
            found.append(ArmedState(account_id, None, opened))
    return found


def hours_today(schedules: Collection[Schedule], now: Micros) -> list[HoursToday]:
    """The hours of today of each schedule that has any hours at all, in their order."""
    return [_hours(one, now) for one in schedules if has_hours(one.row)]


def _hours(one: Schedule, now: Micros) -> HoursToday:
    row = one.row
    today, minute = local(row.zone, now)
    tomorrow = date.fromordinal(today.toordinal() + 1)
    begin = moment(row.zone, today, 0, is_last=False)
    end = moment(row.zone, tomorrow, 0, is_last=False)
    touching = tuple(span for span in spans(row, begin, Micros(end - 1)) if span.closes_at > begin)
    # Past midnight the hours of yesterday may go on, and it is they that were changed.
    yesterday = date.fromordinal(today.toordinal() - 1)
    goes_on = any(hours.closes_min - 24 * 60 > minute for hours in hours_of(row, yesterday))
    sources: dict[str, DaySource] = {day.date: day.source for day in row.days}
    source = (sources.get(yesterday.isoformat()) if goes_on else None) or sources.get(today.isoformat())
    # Until when an opening is in order is another matter: this is whether the place should be open.
    is_open = any(span.opens_at <= now < span.closes_at for span in touching)
    return HoursToday(schedule=one, is_open_time=is_open, source=source, spans=touching)


def _at(store: Store, seq: Seq) -> Micros:
    """When the fact of this number was stored."""
    (entry,) = store.entries(Seq(seq - 1), 1)
    return entry.row.at


__all__ = ["ArmedState", "HoursToday", "armed_states", "hours_today"]
