"""Schedules: set and removed by people, and looked after by timers that outlive a restart.

One timer a schedule, for what falls due next. Whatever fell due while the centre stood still is judged by what is so
now, told once, and marked late. Where a place is on test, or its schedule was changed, nobody waits for it.
"""

import functools
from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.editing import Overtaken, who_made
from tocsin.centre.holiday_rows import stored_holidays, with_holidays
from tocsin.centre.schedule_check import in_order, wrong_of
from tocsin.centre.schedule_core import newest_of, test_codes
from tocsin.centre.schedule_facts import end_schedule, put_schedule
from tocsin.centre.schedule_times import (
    HOUR,
    MINUTE,
    Check,
    checks,
    hours_of,
    is_open_time,
    local,
    minutes_of,
    moment,
    next_check,
    on_test_until,
)
from tocsin.centre.supervision_core import PASSED
from tocsin.centre.timers import Timers
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.schedules import (
    DAY_MIN,
    SCHEDULE_DUE,
    SCHEDULE_MISSED,
    SCHEDULES_MAX,
    Awaited,
    DayHours,
    Hours,
    Schedule,
    ScheduleMissed,
    ScheduleRow,
)
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules import reasons

OPENINGS: Final = frozenset({reasons.FILED_OPEN, reasons.DISARMED})
BEHIND_ENTRIES_MAX: Final = 1_000
"""So many signals that the core has not decided on are looked through for one that could have come in time."""

LOOKED_MAX: Final = 10_000
LOOKS_MAX: Final = 10
"""So many times so many entries are looked at; what lies behind is not waited for."""

PUT_OFF: Final = Code("schedules_put_off")
"""Small value: checks that wait for what came in to be decided on: when each was due, as JSON by schedule."""

PUT_OFF_US: Final = 5_000_000


class Schedules:
    """Commands about schedules. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock

    def one(self, id_: Ref) -> Schedule:
        """A schedule.

        Raises:
            BadInput: there is none.
        """
        found = self._store.schedule(id_)
        if found is None:
            raise BadInput(
                "There is no such schedule, or not any more. Nothing was changed. Look at the account again",
                "schedules.unknown",
            )
        return found

    def set_by(self, found: Schedule) -> Actor | None:
        """Who made a schedule what it is."""
        return who_made(self._store, found.seq)[0]

    def set(self, row: ScheduleRow, version: Seq, actor: Actor) -> Schedule:
        """Set the schedule of an account or of a partition of it, whole. `version` 0: there was none.

        Raises:
            BadInput: no such account, or times that cannot be.
            Overtaken: somebody else set it since `version`.
            Conflict: there are too many.
        """
        row = _checked(row)
        if not self._store.accounts([row.account_id]):
            raise BadInput(
                "There is no such account, or not any more. Nothing was changed. Look at the list again",
                "accounts.unknown",
            )

        def work(transaction: StoreTransaction, appender: Appender) -> Schedule:
            old = newest_of(self._store.schedules([row.account_id]), row.account_id, row.partition)
            self._refuse_overtaken(old, version)
            if old is None and self._store.schedule_count() >= SCHEDULES_MAX:
                raise Conflict(
                    f"There are {SCHEDULES_MAX:,} schedules, and no more can be. Nothing was changed. Remove those "
                    "that nobody needs",
                    "schedules.full",
                )
            shared = with_holidays(row, stored_holidays(transaction))
            return put_schedule(transaction, appender, shared, None if old is None else old.id, actor)

        return self._run(lambda journal: journal.decide(work))

    def tonight(self, id_: Ref, version: Seq, closes_at: Micros, actor: Actor) -> Schedule:
        """Let the place close at this time today, for this one day: later than ever, or sooner.

        Raises:
            BadInput: it has no hours today, or the time is not after now and within a day.
            Overtaken: as `set`.
        """
        now = self._clock.now_us()
        row = self.one(id_).row
        day, closes_min = _tonight(row, now, closes_at)
        hours = [one for one in hours_of(row, day) if moment(row.zone, day, one.opens_min, is_last=False) < closes_at]
        if not hours:
            raise BadInput(
                "The place has no hours before that time today. Nothing was changed. Set the day's hours instead",
                "schedules.tonight",
            )
        hours[-1] = Hours(closes_min=closes_min, opens_min=hours[-1].opens_min)
        today = local(row.zone, now)[0].isoformat()
        kept = tuple(
            one
            for one in row.days
            if one.date != day.isoformat() and not (one.source == "tonight" and one.date < today)
        )
        days = (*kept, DayHours(date=Code(day.isoformat()), hours=tuple(hours), source="tonight"))
        return self.set(msgspec.structs.replace(row, days=days), version, actor)

    def remove(self, id_: Ref, version: Seq, actor: Actor) -> None:
        """Let a place have no schedule.

        Raises:
            BadInput, Overtaken: as `tonight`.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            old = self.one(id_)
            self._refuse_overtaken(old, version)
            end_schedule(transaction, appender, old, actor)

        self._run(lambda journal: journal.decide(work))

    def _refuse_overtaken(self, old: Schedule | None, version: Seq) -> None:
        if old is not None and old.seq != version:
            raise Overtaken(old.id, *who_made(self._store, old.seq))
        if old is None and version:
            raise BadInput(
                "There is no such schedule any more. Nothing was changed. Look at the account again",
                "schedules.unknown",
            )


class SchedulesDue:
    """Looks whether schedules were kept (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store) -> None:
        """Look in `store`."""
        self._store = store

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: what is put off must be known as due before, and `fire` sees to that."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is sealed of a schedule."""

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say what did not come; return when something falls due next."""
        found = self._store.schedule(timer.ref)
        if found is None:
            return None
        accounts = self._store.accounts([found.row.account_id])
        if not accounts:
            end_schedule(transaction, appender, found, None)
            return None
        row, now = found.row, appender.at
        waiting = _WAITING.decode(transaction.get_meta(PUT_OFF) or "{}")
        begin = waiting.pop(found.id, timer.due_at)
        if self._has_undecided(row.account_id):
            # What came in is decided on first: it may be what is waited for.
            self._wait(transaction, {**waiting, found.id: begin})
            return Micros(now + PUT_OFF_US)
        if begin != timer.due_at:
            self._wait(transaction, waiting)
        begin = min(timer.due_at, max(begin, found.since))  # it may have been changed meanwhile
        test_from = self._test_from(found, now)
        due: dict[Awaited, Check] = {}
        for check in checks(row, test_from, begin, now):
            due[check.what] = check  # of several days the last one: it is told once
        tests = self._store.site_tests() if due else []
        if on_test_until(tests, row.account_id, accounts[0].row.site_id, row.partition) is None:
            for check in due.values():
                if self._is_missed(found, check, transaction, now):
                    body = ScheduleMissed(
                        account=accounts[0].row.account,
                        account_id=row.account_id,
                        due_at=check.due_at,
                        exercise=False,
                        late_s=max(0, now - check.due_at) // 1_000_000,
                        partition=row.partition,
                        what=check.what,
                    )
                    appender.append(Fact(kind=SCHEDULE_MISSED, body=body, ref=found.id))
        return next_check(row, test_from, now)

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more: the core does the rest."""

    def _is_missed(self, found: Schedule, check: Check, transaction: StoreTransaction, now: Micros) -> bool:
        """It did not come, as far as is known; and it still matters."""
        row = found.row
        if check.what == "test" or check.span is None:
            return True  # of one that came `checks` would not have told
        is_armed = transaction.is_armed(row.account_id, row.partition)
        if check.what == "close":
            return not is_armed and not is_open_time(row, now)
        if not is_armed or now >= max(check.span.closes_at, check.due_at + 1):
            return False
        if row.partition is not None:
            return True
        # Some partition is armed; another may have been opened.
        since = Micros(max(found.since, check.span.opens_at - row.early_min * MINUTE))
        return self._store.newest_signal_at(row.account_id, since, reasons=OPENINGS) is None

    def _test_from(self, found: Schedule, now: Micros) -> Micros:
        if found.row.test_h is None:
            return found.since
        since = Micros(max(found.since, now - 2 * found.row.test_h * HOUR))
        newest = self._store.newest_signal_at(found.row.account_id, since, codes=_tests())
        return newest or found.since

    def _wait(self, transaction: StoreTransaction, waiting: dict[Ref, Micros]) -> None:
        living = {id_: due_at for id_, due_at in waiting.items() if self._store.schedule(id_) is not None}
        transaction.put_meta(PUT_OFF, msgspec.json.encode(living).decode())

    def _has_undecided(self, account_id: Ref) -> bool:
        """Is a signal of this account stored, and not decided on yet? Facts that are none may lie between for long."""
        after = Seq(int(self._store.get_meta(PASSED) or 0))
        for _ in range(LOOKS_MAX):
            waiting, going_on = self._store.facts([_SIGNAL], after, BEHIND_ENTRIES_MAX, LOOKED_MAX)
            if len(waiting) == BEHIND_ENTRIES_MAX:
                return True
            if any(_REF.decode(one.row.entry).ref == account_id for one in waiting):
                return True
            if going_on is None:
                return False
            after = going_on
        return False


class _Ref(msgspec.Struct, gc=False):
    ref: Ref | None


_REF: Final = msgspec.json.Decoder(_Ref)
_SIGNAL: Final = Code("signal")
_WAITING: Final = msgspec.json.Decoder(dict[Ref, Micros])


def register_schedules(timers: Timers, store: Store) -> None:
    """Look after schedules by these timers, whatever the clock is thought of: somebody may wait for help."""
    timers.register(SCHEDULE_DUE, SchedulesDue(store), is_prompt=True)


@functools.cache
def _tests() -> frozenset[tuple[str, Code]]:
    from tocsin.rules.catalogue import shipped_catalogue  # a command that serves nothing needs none of it

    return test_codes(shipped_catalogue())


def _tonight(row: ScheduleRow, now: Micros, closes_at: Micros) -> tuple[date, int]:
    """The day whose hours are changed, and the minute of it at which they end."""
    if not now < closes_at <= now + 24 * HOUR:
        raise BadInput(
            "Tonight is after now, and within 24 hours. Nothing was changed. Name such a time, or set the day's hours",
            "schedules.tonight",
        )
    today, minute = local(row.zone, now)
    yesterday = date.fromordinal(today.toordinal() - 1)
    # It is past midnight, and yesterday's hours go on.
    is_of_yesterday = any(one.closes_min - DAY_MIN > minute for one in hours_of(row, yesterday))
    day = yesterday if is_of_yesterday else today
    closes_min = minutes_of(day, row.zone, closes_at)
    if closes_min > 2 * DAY_MIN:
        raise BadInput(
            "The hours of a day end on the day after at the latest. Nothing was changed. Name an earlier time",
            "schedules.tonight",
        )
    return day, closes_min


def _checked(row: ScheduleRow) -> ScheduleRow:
    """The row in its own order, or why it cannot be."""
    if wrong := wrong_of(row):
        raise BadInput(f"{'; '.join(wrong)}. Nothing was changed. Correct that", "schedules.form")
    return in_order(row)
