"""What open incidents wait for by a time: their timers, set and ended in the transaction of whatever causes it.

The core tells of each act on an incident (`core.Follower`). A help note about somebody missing gets a timer when it is
written or confirmed; closing the incident ends it, in the same commit. When it falls due, one transaction holds the
fact and the timer's end: whoever is killed before it finds it due, and after it, done.
"""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from tocsin.centre.timers import Timers, set_timer
from tocsin.model.commands import ConfirmHelpNote, IncidentAct, WriteHelpNote
from tocsin.model.escalation import INCIDENT_LOOK_AGAIN, LOOK_AGAIN, IncidentLookAgain, LookAgainReason
from tocsin.model.help_note import HELP_NOTE
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.incident import apply

CLOSED: Final = Code("closed")
REOPENED: Final = Code("reopened")
_LOG = structlog.get_logger("escalation")


class Escalating:
    """Keeps the timers of open incidents, and does what they are for (`core.Follower`). In the writer's turn."""

    def __init__(self, store: Store, timers: Timers) -> None:
        """Keep the timers of these."""
        self._store = store
        self._timers = timers
        self._on_changed: Callable[[Sequence[Incident], Seq], None] = lambda _incidents, _seq: None
        self._changed: dict[Ref, Incident] = {}

    def use(self, on_changed: Callable[[Sequence[Incident], Seq], None]) -> None:
        """Run them from now on; `on_changed` is told, in the writer's thread, once of each commit with some."""
        self._on_changed = on_changed
        self._timers.register(LOOK_AGAIN, _LookAgain(self), is_prompt=True)

    # What the core tells ---------------------------------------------------------------------------------------------

    def acted(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident,
        after: Incident,
        act: IncidentAct,
        actor: Actor,
    ) -> Incident:
        """Somebody did this to an incident: what it waits for begins or ends with that; return it as it is then."""
        match act:
            case WriteHelpNote():
                if not act.is_looked_for and after.look_again_at is None:
                    return after
                reason: LookAgainReason = "written" if act.is_looked_for else "withdrawn"
                after = self._add(transaction, appender, after, reason, actor)
                self._set(transaction, appender, after, after.look_again_at, Code(reason), actor)
            case ConfirmHelpNote():  # the fact stands in the journal already
                self._set(transaction, appender, after, after.look_again_at, Code("confirmed"), actor)
            case _ if before.state != after.state and after.look_again_at is not None:
                return self._followed(transaction, appender, after, actor)
            case _:
                pass
        return after

    def _followed(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, actor: Actor
    ) -> Incident:
        """It was closed or reopened, and its help note is about somebody missing."""
        if incident.state == "closed":
            self._set(transaction, appender, incident, None, CLOSED, actor)
        elif not self._has_note(incident.id):
            return self._add(transaction, appender, incident, "withdrawn", actor)
        elif not incident.look_again_due:  # a date that has passed meanwhile is due at once
            self._set(transaction, appender, incident, incident.look_again_at, REOPENED, actor)
        return incident

    # What timers do --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A transaction begins: what one before it did not bring to its end never happened."""
        self._changed = {}

    def look_again(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> None:
        """The help note about somebody missing must be looked at now. Where it is erased, nothing is due."""
        incident = transaction.incident(timer.ref)
        if incident is None or incident.state != "open" or incident.look_again_at is None:
            _LOG.error("look_again.timer_of_none", incident=timer.ref)
            return
        if self._has_note(incident.id):
            late_s = self._timers.late_s(timer, appender.at)
            after = self._add(transaction, appender, incident, "due", None, late_s=late_s)
        else:
            after = self._add(transaction, appender, incident, "withdrawn", None)
        self._changed[after.id] = after

    def done(self, seq: Seq) -> None:
        """What the last transaction did is durable."""
        changed = self._changed
        self.begin()
        if changed:
            self._on_changed(list(changed.values()), seq)

    # -----------------------------------------------------------------------------------------------------------------

    def _has_note(self, incident: Ref) -> bool:
        return bool(self._store.values(incident, HELP_NOTE, 1))

    def _add(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        reason: LookAgainReason,
        actor: Actor | None,
        *,
        late_s: int = 0,
    ) -> Incident:
        body = IncidentLookAgain(exercise=incident.exercise, late_s=late_s, reason=reason)
        seq = appender.append(Fact(kind=INCIDENT_LOOK_AGAIN, body=body, ref=incident.id, actor=actor))
        after = apply(incident, body, seq=seq, at=appender.at, actor=actor, id_=incident.id)
        transaction.put_incidents([after])
        transaction.add_incident_facts([(incident.id, seq)])
        return after

    def _set(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        due_at: Micros | None,
        reason: Code,
        actor: Actor,
    ) -> None:
        """Set its timer, or end it where there is one."""
        if due_at is not None or transaction.timer(LOOK_AGAIN, incident.id) is not None:
            set_timer(
                transaction, appender, LOOK_AGAIN, incident.id, due_at, reason, actor=actor, exercise=incident.exercise
            )


class _LookAgain:
    """Nobody has looked at a help note for so long (`timers.Handler`)."""

    def __init__(self, escalating: Escalating) -> None:
        self._escalating = escalating

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: help is not put off."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; a transaction begins."""
        del timers, now
        self._escalating.begin()

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say that it is due."""
        self._escalating.look_again(timer, transaction, appender)

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable: screens are told."""
        del timers
        self._escalating.done(seq)
