"""Detectors that chatter: the timer by which they are known to be quiet again, and what its end says.

One timer an incident, made when the first of its detectors begins and gone when none chatters or it is closed. What is
counted meanwhile moves it nowhere: when it is due, it looks how long it has really been quiet, and waits on.
"""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from tocsin.centre.timers import PutApart, Timers, set_timer
from tocsin.model.incidents import Incident
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.chatter import decide_quiet, next_quiet
from tocsin.rules.judgement import JUDGEMENT, Judgement

QUIET: Final = Code("quiet")
"""Kind of its timers."""

BEGAN: Final = Code("chattering")
CLOSED: Final = Code("closed")
_LOG = structlog.get_logger("chatter")


class Quieting:
    """Keeps the timers of what chatters, and says when it is quiet. In the writer's turn."""

    def __init__(self) -> None:
        """Take no part until `use`."""
        self._put: PutApart | None = None
        self._is_firing = False
        """Its timer is at it: that says itself when it looks again."""
        self._judgement: Callable[[], Judgement] = lambda: JUDGEMENT
        self._on_changed: Callable[[Sequence[Incident], Seq], None] = lambda _incidents, _seq: None
        self._changed: dict[Ref, Incident] = {}

    def use(
        self,
        timers: Timers,
        on_changed: Callable[[Sequence[Incident], Seq], None],
        put: PutApart,
        judgement: Callable[[], Judgement] = lambda: JUDGEMENT,
    ) -> None:
        """Watch from now on; `on_changed` is told, in the writer's thread, once of each commit with some."""
        self._on_changed, self._put, self._judgement = on_changed, put, judgement
        timers.register(QUIET, self, is_prompt=True)

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        actor: Actor | None = None,
    ) -> None:
        """An incident has changed: with what begins or ends to chatter, its timer begins or ends."""
        if self._is_firing:
            return
        was = before is not None and before.chatter_since is not None
        due_at = next_quiet(after, self._judgement().chatter)
        if due_at is not None and not was:
            set_timer(transaction, appender, QUIET, after.id, due_at, BEGAN, actor=actor, exercise=after.exercise)
        elif due_at is None and was:
            set_timer(transaction, appender, QUIET, after.id, None, CLOSED, actor=actor, exercise=after.exercise)

    # Its timers (`timers.Handler`) -----------------------------------------------------------------------------------

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: whether it has been quiet is looked at when it is due."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; a transaction begins."""
        del timers, now
        self._changed = {}

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say what is quiet; return when to look again, None where nothing chatters any more."""
        rule = self._judgement().chatter
        incident = transaction.incident(timer.ref)
        if incident is None or incident.state != "open" or self._put is None:
            _LOG.error("chatter.timer_of_none", incident=timer.ref)
            return None
        # Where the clock was set back meanwhile, it is later than it says: the timer counts by another clock too.
        body = decide_quiet(incident, max(appender.at, timer.due_at), rule)
        if body is not None:
            # A plan that waits for the return of its signal learns of it by this.
            self._is_firing = True
            try:
                incident = self._put(transaction, appender, incident, body)
            finally:
                self._is_firing = False
            self._changed[incident.id] = incident
        return next_quiet(incident, rule) if incident.state == "open" else None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable: screens are told."""
        del timers
        changed, self._changed = self._changed, {}
        if changed:
            self._on_changed(list(changed.values()), seq)
