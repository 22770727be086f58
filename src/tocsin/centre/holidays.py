"""Calendars of holidays that many schedules share: one change changes all of them.

A schedule names its calendar and holds the calendar's days among its own, so whoever reads a schedule reads one row,
and a rebuild asks nothing else. A change of a calendar is one fact; its schedules follow, some in each turn of the
writer, and what an ended process left behind follows at the next start. A day that a schedule says for itself, by hand,
out of a calendar of its own or for tonight, goes before the shared one. Source: decision 0059.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.editing import Overtaken
from tocsin.centre.holiday_rows import CALENDARS, calendar_of, stored_holidays, with_holidays
from tocsin.centre.schedule_check import wrong_days
from tocsin.centre.schedule_facts import put_schedule
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.holidays import (
    HOLIDAY_CALENDARS_MAX,
    HOLIDAY_DAYS_MAX,
    HOLIDAYS_SET,
    Holidays,
    HolidaysRow,
)
from tocsin.model.journal import Fact, StoredEntry
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.schedules import DayHours, Schedule
from tocsin.model.values import Actor, Code, Micros, Ref, Seq

UNSETTLED: Final = Code("holidays_unsettled")
"""Small value: the change whose schedules may not have followed yet; empty where all have."""

AT_ONCE: Final = 8
"""Schedules in one turn of the writer, which intake waits for."""

NAMED_MAX: Final = 5
_ENCODE: Final = msgspec.json.Encoder(order="sorted").encode


class _Entry(msgspec.Struct):
    actor: Actor | None
    body: HolidaysRow
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class HolidayCalendars:
    """Commands about them. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._following = threading.Lock()

    def all(self) -> tuple[Holidays, ...]:
        """Every calendar, by its label."""
        return tuple(sorted(stored_holidays(self._store), key=lambda one: (one.row.label.casefold(), one.id)))

    def one(self, id_: Ref) -> Holidays:
        """A calendar.

        Raises:
            BadInput: there is none.
        """
        return calendar_of(stored_holidays(self._store), id_)

    def users(self) -> dict[Ref, list[Schedule]]:
        """Schedules by the calendar that they share, in the order in which they were made."""
        found: dict[Ref, list[Schedule]] = {}
        for one in self._store.schedules():
            if one.row.holidays is not None:
                found.setdefault(one.row.holidays, []).append(one)
        return found

    def set(self, id_: Ref | None, row: HolidaysRow, version: Seq, actor: Actor) -> Holidays:
        """Make a calendar, or change one whole; all schedules that share it have its days when this returns.

        Raises:
            BadInput: no such calendar, or days that cannot be.
            Overtaken: somebody else changed it since `version`.
            Conflict: another has its label, or there are as many as can be.
        """
        row = _checked(row)

        def work(transaction: StoreTransaction, appender: Appender) -> Holidays:
            known = stored_holidays(transaction)
            if id_ is not None:
                _refuse_overtaken(calendar_of(known, id_), version)
            elif len(known) >= HOLIDAY_CALENDARS_MAX:
                raise Conflict(
                    f"There are {HOLIDAY_CALENDARS_MAX} calendars of holidays, and no more can be. Nothing was "
                    "changed. Remove one that nobody uses",
                    "holidays.full",
                )
            if any(one.row.label.casefold() == row.label.casefold() and one.id != id_ for one in known):
                raise Conflict(
                    f"Another calendar is called {row.label}; labels are compared without case. Nothing was changed. "
                    "Give another label",
                    "holidays.label",
                )
            return _put(transaction, appender, known, id_, row, actor)

        made = self._run(lambda journal: journal.decide(work))
        self.follow()
        return made

    def remove(self, id_: Ref, version: Seq, actor: Actor) -> None:
        """Let there be no such calendar any more.

        Raises:
            BadInput, Overtaken: as `set`.
            Conflict: schedules share it; says of which accounts.
        """
        using = self.users().get(id_, [])
        if using:
            accounts = {one.id: one.row.account for one in self._store.accounts({one.row.account_id for one in using})}
            numbers = sorted(set(accounts.values()))
            named = ", ".join(numbers[:NAMED_MAX])
            more = f" and {len(numbers) - NAMED_MAX} more" if len(numbers) > NAMED_MAX else ""
            raise Conflict(
                f"{len(using)} schedules share this calendar, of the accounts {named}{more}. Nothing was changed. Give "
                "those another one, or none, first",
                "holidays.used",
            )

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            known = stored_holidays(transaction)
            old = calendar_of(known, id_)
            _refuse_overtaken(old, version)
            row = msgspec.structs.replace(old.row, days=(), removed=True)
            _put(transaction, appender, known, id_, row, actor)

        self._run(lambda journal: journal.decide(work))

    def follow(self) -> int:
        """Let schedules have the days of a calendar that was changed; return how many had not. At a start too.

        Raises:
            JournalFull, DiskFault: some follow later.
        """
        with self._following:
            unsettled = self._store.get_meta(UNSETTLED)
            if not unsettled:
                return 0
            calendars = {one.id: one for one in stored_holidays(self._store)}
            behind = [one for one in self._store.schedules() if _is_behind(one, calendars)]
            for begin in range(0, len(behind), AT_ONCE):
                self._follow(behind[begin : begin + AT_ONCE])

            def settled(transaction: StoreTransaction, _appender: Appender) -> None:
                if transaction.get_meta(UNSETTLED) == unsettled:  # else one was changed meanwhile
                    transaction.put_meta(UNSETTLED, "")

            self._run(lambda journal: journal.decide(settled))
            return len(behind)

    def _follow(self, part: Sequence[Schedule]) -> None:
        def work(transaction: StoreTransaction, appender: Appender) -> None:
            calendars = {one.id: one for one in stored_holidays(transaction)}
            for known in part:
                now = self._store.schedule(known.id)
                if now is not None and _is_behind(now, calendars):
                    assert now.row.holidays is not None, "it follows a calendar"
                    by = calendars[now.row.holidays].by
                    put_schedule(transaction, appender, with_holidays(now.row, calendars.values()), now.id, by)

        self._run(lambda journal: journal.decide(work))


def rebuild_holidays(entries: Iterable[StoredEntry]) -> tuple[Holidays, ...]:
    """Apply the journal's facts again. Equals what the store has."""
    found: tuple[Holidays, ...] = ()
    for stored in entries:
        if stored.row.kind == HOLIDAYS_SET:
            entry = _ENTRY.decode(stored.row.entry)
            found = _applied(found, entry.ref, entry.body, stored.row.seq, stored.row.at, entry.actor)
    return found


def _id_of(seq: Seq) -> Ref:
    return Ref(f"holidays-{seq}")


def _applied(
    known: Iterable[Holidays], id_: Ref | None, row: HolidaysRow, seq: Seq, at: Micros, by: Actor | None
) -> tuple[Holidays, ...]:
    made = Holidays(at=at, by=by, id=id_ or _id_of(seq), row=row, seq=seq)
    found = {one.id: one for one in known}
    found[made.id] = made
    return tuple(one for one in found.values() if not one.row.removed)


def _put(
    transaction: StoreTransaction,
    appender: Appender,
    known: Iterable[Holidays],
    id_: Ref | None,
    row: HolidaysRow,
    actor: Actor,
) -> Holidays:
    seq = appender.append(Fact(kind=HOLIDAYS_SET, body=row, ref=id_, actor=actor))
    found = _applied(known, id_, row, seq, appender.at, actor)
    transaction.put_meta(CALENDARS, _ENCODE(found).decode())
    transaction.put_meta(UNSETTLED, str(seq))
    return Holidays(at=appender.at, by=actor, id=id_ or _id_of(seq), row=row, seq=seq)


def _is_behind(one: Schedule, calendars: Mapping[Ref, Holidays]) -> bool:
    """Its days are not those of its calendar. One whose calendar is no more keeps what it has."""
    if one.row.holidays is None or one.row.holidays not in calendars:
        return False
    return with_holidays(one.row, calendars.values()).days != one.row.days


def _refuse_overtaken(old: Holidays, version: Seq) -> None:
    if old.seq != version:
        raise Overtaken(old.id, old.by, old.at)


def _checked(row: HolidaysRow) -> HolidaysRow:
    days = tuple(_shared(one) for one in sorted(row.days, key=lambda one: one.date))
    wrong = wrong_days(days, HOLIDAY_DAYS_MAX)
    if wrong:
        raise BadInput(f"{'; '.join(wrong)}. Nothing was changed. Correct that", "holidays.form")
    return msgspec.structs.replace(row, days=days)


def _shared(day: DayHours) -> DayHours:
    return msgspec.structs.replace(day, hours=tuple(sorted(day.hours, key=lambda one: one.opens_min)), source="shared")
