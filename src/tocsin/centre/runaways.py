"""Detectors that run away: the timer by which they are known to be calm again, and what its end says.

One timer for each incident of TECH-RUNAWAY with something active. When it is due it looks how long its detectors have
really been quiet, by what is open of the account, and waits on. Somebody may have closed the incident in which one was
counted: then nothing is heard of it any more, and it is over here too.
"""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from tocsin.centre.timers import PutApart, Timers, set_timer
from tocsin.model.incidents import Incident, Source
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.judgement import JUDGEMENT, Judgement
from tocsin.rules.runaway import decide_calm, first_calm, is_runaway, next_calm

CALM: Final = Code("runaway")
"""Kind of its timers."""

BEGAN: Final = Code("running_away")
CLOSED: Final = Code("closed")
_LOG = structlog.get_logger("runaway")
Heard = Callable[[Incident], tuple[list[Source], int]]
"""The detectors of all open incidents of an incident's account, and the version of the configuration."""


class Runaways:
    """Keeps the timers of what runs away, and says when it is calm. In the writer's turn."""

    def __init__(self) -> None:
        """Take no part until `use`."""
        self._put: PutApart | None = None
        self._judgement: Callable[[], Judgement] = lambda: JUDGEMENT
        self._heard: Heard = lambda _incident: ([], 0)
        self._is_firing = False
        self._on_changed: Callable[[Sequence[Incident], Seq], None] = lambda _incidents, _seq: None
        self._changed: dict[Ref, Incident] = {}

    def use(
        self,
        timers: Timers,
        on_changed: Callable[[Sequence[Incident], Seq], None],
        put: PutApart,
        heard: Heard,
        judgement: Callable[[], Judgement] = lambda: JUDGEMENT,
    ) -> None:
        """Watch from now on; `on_changed` is told, in the writer's thread, once of each commit with some."""
        self._on_changed, self._put, self._heard, self._judgement = on_changed, put, heard, judgement
        timers.register(CALM, self, is_prompt=True)

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        actor: Actor | None = None,
    ) -> None:
        """An incident has changed: with what begins or ends to run away, its timer begins or ends."""
        if self._is_firing or not is_runaway(after):
            return
        was = before is not None and before.state == "open" and bool(before.points)
        due_at = first_calm(after, self._judgement().chatter) if after.state == "open" else None
        if due_at is not None and not was:
            set_timer(transaction, appender, CALM, after.id, due_at, BEGAN, actor=actor, exercise=after.exercise)
        elif due_at is None and was:
            set_timer(transaction, appender, CALM, after.id, None, CLOSED, actor=actor, exercise=after.exercise)

    # Its timers (`timers.Handler`) -----------------------------------------------------------------------------------

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: whether it has been quiet is looked at when it is due."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; a transaction begins."""
        del timers, now
        self._changed = {}

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say what is calm; return when to look again, None where nothing runs away any more."""
        rule = self._judgement().chatter
        incident = transaction.incident(timer.ref)
        if incident is None or incident.state != "open" or self._put is None:
            _LOG.error("runaway.timer_of_none", incident=timer.ref)
            return None
        heard, config = self._heard(incident)
        # Where the clock was set back meanwhile, it is later than it says: the timer counts by another clock too.
        now = max(appender.at, timer.due_at)
        body = decide_calm(incident, heard, now, rule, config)
        if body is not None:
            self._is_firing = True
            try:
                incident = self._put(transaction, appender, incident, body)
            finally:
                self._is_firing = False
            self._changed[incident.id] = incident
        return next_calm(incident, heard, rule) if incident.state == "open" else None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable: screens are told."""
        del timers
        changed, self._changed = self._changed, {}
        if changed:
            self._on_changed(list(changed.values()), seq)
