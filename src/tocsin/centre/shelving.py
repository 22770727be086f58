"""Shelved incidents: the timer that ends each shelving, and what its end does.

One timer an incident, made with the shelving and gone with it, however it ends. It waits for no clock: too early is a
nuisance, never may cost a life. After a restart what fell due meanwhile is shown at once, and says how late.
"""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from tocsin.centre.timers import PutApart, Timers, set_timer
from tocsin.model.incidents import Incident, IncidentUnshelved
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer

SHELF: Final = Code("shelf")
"""Kind of its timers."""

BEGAN: Final = Code("shelved")
ENDED: Final = Code("unshelved")
_LOG = structlog.get_logger("shelving")


class Shelving:
    """Keeps the timers of what is shelved. In the writer's turn."""

    def __init__(self) -> None:
        """Take no part until `use`."""
        self._timers: Timers | None = None
        self._put: PutApart | None = None
        self._on_changed: Callable[[Sequence[Incident], Seq], None] = lambda _incidents, _seq: None
        self._changed: dict[Ref, Incident] = {}

    def use(
        self,
        timers: Timers,
        on_changed: Callable[[Sequence[Incident], Seq], None],
        put: PutApart,
    ) -> None:
        """End what falls due from now on; `on_changed` is told, in the writer's thread, once of each commit."""
        self._timers, self._on_changed, self._put = timers, on_changed, put
        timers.register(SHELF, self, is_prompt=True)

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        actor: Actor | None = None,
    ) -> None:
        """An incident has changed: with its shelving its timer begins or ends."""
        was = None if before is None else before.shelved
        if was == after.shelved:
            return
        due_at = None if after.shelved is None else after.shelved.until
        if due_at is not None or transaction.timer(SHELF, after.id) is not None:
            reason = ENDED if due_at is None else BEGAN
            set_timer(transaction, appender, SHELF, after.id, due_at, reason, actor=actor, exercise=after.exercise)

    # Its timers (`timers.Handler`) -----------------------------------------------------------------------------------

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: what was put aside until now is shown now."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; a transaction begins."""
        del timers, now
        self._changed = {}

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Show it again."""
        incident = transaction.incident(timer.ref)
        if incident is None or incident.shelved is None or self._put is None or self._timers is None:
            _LOG.error("shelving.timer_of_none", incident=timer.ref)
            return None
        late_s = self._timers.late_s(timer, appender.at)
        body = IncidentUnshelved(exercise=incident.exercise, late_s=late_s, reason="due")
        self._changed[incident.id] = self._put(transaction, appender, incident, body)
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable: screens are told."""
        del timers
        changed, self._changed = self._changed, {}
        if changed:
            self._on_changed(list(changed.values()), seq)
