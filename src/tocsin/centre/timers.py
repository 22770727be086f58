"""Timers: what falls due is in a table and in the journal, so a restart forgets none; late rather than never.

A timer is made, moved and ended by `timer.set`, in the transaction of whatever causes it. What it does is registered by
its kind. It runs in the writer's turn, so nothing changes between the look and the act. First comes what cannot be
undone and may be done again (a key is destroyed), then one transaction with the facts and the timer's end: whoever is
killed between finds the timer due again.

There are two sorts. What erases waits while the clock is in doubt: too late can be mended, too early cannot. What
tells people waits for no clock: too early is a nuisance, too late may cost a life. Those are *prompt*
(`centre.scheduler`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol, TypeAlias

import structlog

from tocsin.journal.journal import Journal
from tocsin.model.errors import CentreFault
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer, TimerSet
from tocsin.rules.incident import IncidentBody

TIMER_SET: Final = Code("timer.set")
DONE: Final = Code("done")
AT_ONCE: Final = 8
"""Timers in one turn of the writer, which intake waits for."""

FAILED_MAX: Final = 1_000
"""Timers that failed and are left for the next start; with more, something is wrong with all of them."""

_LOG = structlog.get_logger("timers")


PutApart: TypeAlias = Callable[[StoreTransaction, Appender, Incident, IncidentBody], Incident]
"""Appends a fact about an incident that a timer causes, with all that follows from it (`core.put_apart`); returns the
incident as it is then."""


class Handler(Protocol):
    """What is done when timers of one kind fall due."""

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """None: it is to be done now. Else it was put off, and until when."""
        ...

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Before the transaction: what cannot be undone, and is harmless to do again."""
        ...

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Append the facts and change the tables; return when it falls due again, None for never."""
        ...

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable."""
        ...


class Timers:
    """Runs what falls due. In the writer's turn, but for `register`, which comes before the first."""

    def __init__(self, store: Store, is_in_doubt: Callable[[Micros], bool] = lambda _now: False) -> None:
        """Run the timers of `store`; `is_in_doubt` says whether the clock at this time is not to be trusted."""
        self._store = store
        self._is_in_doubt = is_in_doubt
        self._handlers: dict[Code, Handler] = {}
        self._prompt: dict[Code, None] = {}
        self._waited_us: Mapping[tuple[Code, Ref], int] = {}
        self._failed: set[tuple[Code, Ref]] = set()
        self._log_waits = True
        """The database's log may hold what was deleted: after a kill, too."""
        self._is_doubt_told = False

    def register(self, kind: Code, handler: Handler, *, is_prompt: bool = False) -> None:
        """Let `handler` do what timers of this kind are for; `is_prompt`: whatever the clock says."""
        self._handlers[kind] = handler
        if is_prompt:
            self._prompt[kind] = None

    @property
    def prompt_kinds(self) -> tuple[Code, ...]:
        """Kinds that wait for no clock, in one order in every process: what falls due at once is done in it."""
        return tuple(self._prompt)

    def next_due(self) -> Micros | None:
        """When the next one of the other kinds is due that did not fail; None where none is."""
        return min((timer.due_at for timer in self._waiting(None, 1)), default=None)

    def run_prompt(
        self, journal: Journal, timers: Sequence[Timer], now: Micros, waited_us: Mapping[tuple[Code, Ref], int]
    ) -> list[Timer]:
        """Do what these prompt timers are for, where they still stand so; return those that failed.

        `waited_us` says how long each has been due by the monotonic clock.

        Raises:
            JournalFull, DiskFault: as `Journal.record`; what was not done is still due.
        """
        self._waited_us = waited_us
        failed: list[Timer] = []
        living = [timer for timer in timers if self._store.timer(timer.kind, timer.ref) == timer]
        for kind in dict.fromkeys(timer.kind for timer in living):
            self._run_some(journal, [timer for timer in living if timer.kind == kind], now, failed.append)
        return failed

    def late_s(self, timer: Timer, at: Micros) -> int:
        """How late it fires at `at`, in whole seconds: by whichever clock says more."""
        return max(0, at - timer.due_at, self._waited_us.get((timer.kind, timer.ref), 0)) // 1_000_000

    def run_due(self, journal: Journal, now: Micros, *, is_clock_sure: bool = False) -> int:
        """Do what is due, at most `AT_ONCE`; return how many were done: with that many, ask again at once.

        While the clock is in doubt nothing is done, unless a person says that it is right (`is_clock_sure`).

        Raises:
            JournalFull, DiskFault: as `Journal.record`; what was not done is still due.
        """
        if not is_clock_sure and self._is_in_doubt(now):
            if not self._is_doubt_told and self._waiting(now, 1):
                self._is_doubt_told = True
                _LOG.warning("timers.clock_in_doubt")
            return 0
        self._is_doubt_told = False
        due = self._waiting(now, AT_ONCE)[:AT_ONCE]
        done = 0
        for kind in dict.fromkeys(timer.kind for timer in due):
            done += self._run_some(journal, [timer for timer in due if timer.kind == kind], now, self._leave)
        if done:
            self._log_waits = True
        if self._log_waits and done < AT_ONCE:
            self._log_waits = not self._store.truncate_log()
        return done

    def run_all(self, journal: Journal, now: Micros, *, is_clock_sure: bool = False) -> int:
        """Do all that is due, before anything is served; return how much was done. For a restore."""
        total = 0
        while done := self.run_due(journal, now, is_clock_sure=is_clock_sure):
            total += done
        return total

    def run_now(self, journal: Journal, timers: list[Timer], now: Micros) -> None:
        """Do what timers of one kind are for at once, whether or not there are any: people decided so.

        Raises:
            CentreFault: nothing was done, or only what can be done again.
        """
        self._run(journal, timers, now)
        self._log_waits = not self._store.truncate_log()

    def _waiting(self, until: Micros | None, limit: int) -> list[Timer]:
        """Timers of the kinds that wait for a sure clock, the first due first; of each kind at most `limit`."""
        found = [
            timer
            for kind in self._handlers
            if kind not in self._prompt
            for timer in self._store.timers(until, limit + len(self._failed), kind)
            if (timer.kind, timer.ref) not in self._failed
        ]
        return sorted(found, key=lambda timer: (timer.due_at, timer.ref))

    def _leave(self, timer: Timer) -> None:
        """It failed: the next start tries it again."""
        if len(self._failed) < FAILED_MAX:
            self._failed.add((timer.kind, timer.ref))

    def _run_some(self, journal: Journal, timers: list[Timer], now: Micros, on_failed: Callable[[Timer], None]) -> int:
        """Several timers of one kind in one transaction; where one of them fails, each alone."""
        try:
            return self._run(journal, timers, now)
        except CentreFault:
            raise
        except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others; it is logged
            if len(timers) > 1:
                return sum(self._run_some(journal, [timer], now, on_failed) for timer in timers)
            timer = timers[0]
            _LOG.error("timers.failed", kind=timer.kind, ref=timer.ref, error=type(error).__name__, exc_info=error)
            on_failed(timer)
            return 0

    def _run(self, journal: Journal, timers: list[Timer], now: Micros) -> int:
        handler = self._handlers[timers[0].kind]
        later = {timer.ref: until for timer in timers if (until := handler.not_before(timer, now)) is not None}
        ready = [timer for timer in timers if timer.ref not in later]
        if ready:
            handler.destroy(ready, now)

        def work(transaction: StoreTransaction, appender: Appender) -> Seq:
            for timer in timers:
                if timer.ref in later:
                    set_timer(transaction, appender, timer.kind, timer.ref, later[timer.ref], Code("put_off"))
                else:
                    again = handler.fire(timer, transaction, appender)
                    set_timer(transaction, appender, timer.kind, timer.ref, again, DONE)
            return appender.seq

        seq = journal.decide(work)
        if ready:
            handler.done(ready, seq)
        return len(timers)


def set_timer(
    transaction: StoreTransaction,
    appender: Appender,
    kind: Code,
    ref: Ref,
    due_at: Micros | None,
    reason: Code,
    *,
    actor: Actor | None = None,
    exercise: bool = False,
) -> None:
    """Make, move or, with None, end the timer of this kind and object, in the transaction of what causes it."""
    body = TimerSet(due_at=due_at, exercise=exercise, kind=kind, reason=reason)
    appender.append(Fact(kind=TIMER_SET, body=body, ref=ref, actor=actor))
    if due_at is None:
        transaction.drop_timer(kind, ref)
    else:
        transaction.put_timer(Timer(kind=kind, ref=ref, due_at=due_at))
