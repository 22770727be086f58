"""Whether somebody is at the desks: consoles that live, of people who are signed in and not locked out of acting.

A desk with somebody on shift and no living console is unattended: that is a fact, and one incident for all such desks,
which every other screen shows and sounds. Where nobody is at any console, what nobody claims does not wait out its
steps: the next one is due at once, by the escalation that there is (`centre.escalation`).
"""

from collections.abc import Callable, Collection
from typing import Final

import structlog

from tocsin.centre.configuration import Run
from tocsin.centre.shifts import mark_unattended
from tocsin.centre.timers import set_timer
from tocsin.journal.journal import Journal
from tocsin.model.escalation import UNCLAIMED
from tocsin.model.incidents import Incident
from tocsin.model.journal import CentreNoticed, Fact
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref
from tocsin.rules.notices import DESK_NOTICE
from tocsin.rules.shifts import SECOND_US, unattended

NOTICED: Final = Code("centre.noticed")
NOBODY: Final = Code("nobody_at_desk")
"""Why a step is due before its time."""

KEPT_S: Final = 24 * 3600.0
HASTENED_MAX: Final = 100
"""Timers looked at in one turn of the writer, the first due first."""

_LOG = structlog.get_logger("attendance")


class Attendance:
    """Looks at the desks every few seconds. From one thread at a time, any but the writer's."""

    def __init__(
        self, *, store: Store, run: Run, clock: Clock, limit_s: int, on_hastened: Callable[[], None] = lambda: None
    ) -> None:
        """A desk is unattended after `limit_s`; before that nobody is missed, after a start neither."""
        self._store = store
        self._run = run
        self._clock = clock
        self._limit_s = limit_s
        self._on_hastened = on_hastened
        self._begun_s = clock.monotonic_s()
        self._seen_s: dict[Actor, float] = {}
        """When a console of each was last alive, by the clock that nobody sets: a desk is empty whatever that says."""
        self._first_s: dict[Ref, float] = {}
        """When each shift that goes on was seen first."""

    @property
    def limit_s(self) -> int:
        """After so many seconds without a living console a desk is unattended."""
        return self._limit_s

    def look(self, alive: Collection[Actor]) -> None:
        """Take up who has a living, unlocked console now, and act on what follows."""
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        self._seen_s = {user: at_s for user, at_s in self._seen_s.items() if now_s - at_s < KEPT_S}
        self._seen_s.update(dict.fromkeys(alive, now_s))
        desks = [desk for desk in self._store.desks() if not desk.row.removed]
        if not desks:
            return  # the centre works without desks
        shifts = self._store.shifts()
        self._first_s = {shift.id: self._first_s.get(shift.id, now_s) for shift in shifts}
        alive_s = {shift.id: max(self._first_s[shift.id], self._seen_s.get(shift.user, 0.0)) for shift in shifts}
        alive_at = {id_: Micros(now - round((now_s - at_s) * SECOND_US)) for id_, at_s in alive_s.items()}
        missed = unattended(desks, shifts, alive_at, now, self._limit_s)
        marked = {desk.id for desk in desks if desk.unattended_since is not None}
        if marked != set(missed):
            self._mark(missed, {shift.desk for shift in shifts})
        is_anybody_here = now_s - max([self._begun_s, *self._seen_s.values()]) < self._limit_s
        if missed or not is_anybody_here:
            self._hasten(all_=not is_anybody_here)

    def _mark(self, missed: dict[Ref, Micros], staffed: set[Ref]) -> None:
        def work(transaction: StoreTransaction, appender: Appender) -> None:
            left = 0
            for desk in self._store.desks():
                since = None if desk.row.removed else missed.get(desk.id)
                left += since is not None
                if (since is None) != (desk.unattended_since is None):
                    mark_unattended(transaction, appender, desk, since, is_staffed=desk.id in staffed)
            # One incident for all such desks: open, or over with the last of them. The board says which.
            name = Code(DESK_NOTICE if left else f"{DESK_NOTICE}_over")
            body = CentreNoticed(account=None, count=left, notice=name, reason=None)
            appender.append(Fact(kind=NOTICED, body=body))

        self._run(lambda journal: journal.decide(work))
        if missed:
            _LOG.warning("desks.unattended", desks=sorted(missed))
        else:
            _LOG.info("desks.attended")

    def _hasten(self, *, all_: bool) -> None:
        """What nobody was told of yet has its next step now: everything, or what says that a desk is unattended."""

        def is_meant(incident: Incident) -> bool:
            return all_ or incident.reason == f"notice_{DESK_NOTICE}"

        if not any(timer.due_at > self._clock.now_us() for timer in self._store.timers(None, HASTENED_MAX, UNCLAIMED)):
            return

        def work(transaction: StoreTransaction, appender: Appender) -> int:
            hastened = 0
            for timer in self._store.timers(None, HASTENED_MAX, UNCLAIMED):
                incident = transaction.incident(timer.ref)
                if timer.due_at <= appender.at or incident is None or not is_meant(incident):
                    continue
                if any(step.told and step.tell != "webhook" for step in incident.escalated):
                    continue  # somebody was told: from there the chain goes by its own times
                set_timer(transaction, appender, UNCLAIMED, timer.ref, appender.at, NOBODY, exercise=incident.exercise)
                hastened += 1
            return hastened

        def turn(journal: Journal) -> int:
            return journal.decide(work)

        if self._run(turn):
            self._on_hastened()
