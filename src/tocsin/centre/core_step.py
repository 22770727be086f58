"""One step of the core: what it has decided and not yet made durable, and how it puts facts about incidents."""

from typing import Final

from tocsin.centre.core_entries import signal_row
from tocsin.centre.core_state import CoreState, Planner
from tocsin.centre.supervision_core import ArmingChange, put_armings
from tocsin.model.incidents import (
    Incident,
    IncidentClosed,
    IncidentFolded,
    IncidentJoined,
    IncidentOpened,
    SignalOutcome,
    SignalRow,
    SignalsFiled,
)
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.signals import SignalBody
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import SealedValue
from tocsin.rules.chatter import Folded, fold
from tocsin.rules.incident import BODIES, IncidentBody, apply, folded
from tocsin.rules.shelving import ends_shelf

KIND_OF: Final = {body: Code(kind) for kind, body in BODIES.items()}


class Step:
    """What one step has decided, in the order in which it is appended, until the transaction ends."""

    def __init__(self, state: CoreState, transaction: StoreTransaction, appender: Appender) -> None:
        """Begin: nothing is taken yet."""
        self._state = state
        self.transaction = transaction
        self.appender = appender
        self.number = state.number
        """The highest number that an incident has in this transaction."""
        self.end = appender.seq
        self.passed = Seq(0)
        self.taken = 0
        self.changed: dict[Ref, Incident] = {}
        self.last_signal_at: Micros | None = None
        self.stored_at: Micros | None = None
        """When what it takes now was stored: timers count from there, not from when the core came to it."""
        self._armings: list[ArmingChange] = []
        self._facts: list[tuple[Ref, Seq]] = []
        self._signals: list[SignalRow] = []
        self._copies: list[SealedValue] = []
        self._filed: list[tuple[Seq, Code]] = []
        self._folds: dict[Ref, tuple[Incident, IncidentFolded]] = {}
        """Incidents as they were, and what was counted in them since."""
        self._is_planning = False
        """Facts of a plan are being put: what follows from them is the planner's own to say."""

    # Incidents -------------------------------------------------------------------------------------------------------

    def open_incident(self, body: IncidentOpened, cause: Seq) -> Ref:
        """Append the fact that opens it."""
        self.number = body.number
        seq = self.appender.append(Fact(kind=KIND_OF[IncidentOpened], body=body, cause=cause))
        id_ = Ref(f"incident-{seq}")
        self._put(apply(None, body, seq=seq, at=self.appender.at, actor=None, id_=id_), seq)
        if (opened := self._state.open.get(id_)) is not None:
            self._state.flood.opened(opened)
        return id_

    def add(self, body: IncidentBody, id_: Ref, cause: Seq) -> None:
        """Append a fact about an open incident."""
        self.end_fold(id_)
        self._add(body, self.one(id_), cause)

    def one(self, id_: Ref) -> Incident:
        """An open incident that is known to be there."""
        incident = self._state.open.get(id_)
        assert incident is not None, "a signal joins one of the candidates that it was given"
        return incident

    def fold(self, decided: Folded, signal: SignalBody, row: EntryRow) -> None:
        """Count it: one fact for all of the step, so that a detector that chatters writes little."""
        before, body = self._folds.get(decided.incident, (self.one(decided.incident), None))
        body = fold(before, body, decided, signal, row.seq, self._state.config)
        self._folds[decided.incident] = before, body
        self._state.open.put(folded(before, body))

    def end_fold(self, id_: Ref) -> None:
        """Append the fact of what was counted, before anything else is said of the incident."""
        found = self._folds.pop(id_, None)
        if found is None:
            return
        before, body = found
        seq = self.appender.append(Fact(kind=KIND_OF[IncidentFolded], body=body, ref=id_, cause=body.signals[-1]))
        incident = apply(before, body, seq=seq, at=self.appender.at, actor=None, id_=id_)
        self._state.open.put(incident)
        self.changed[id_] = incident

    def _add(self, body: IncidentBody, incident: Incident, cause: Seq) -> Incident:
        seq = self.appender.append(Fact(kind=KIND_OF[type(body)], body=body, ref=incident.id, cause=cause))
        after = apply(incident, body, seq=seq, at=self.appender.at, actor=None, id_=incident.id)
        self._put(after, seq)
        shown = ends_shelf(incident, body)
        if shown is not None and (now := self._state.open.get(incident.id)) is not None and now.shelved is not None:
            return self._add(shown, now, cause)
        return after

    def _put(self, incident: Incident, seq: Seq) -> None:
        state, before = self._state, self._state.open.get(incident.id)
        if state.follower is not None:
            since = self.stored_at or self.appender.at
            state.follower.followed(self.transaction, self.appender, before, incident, since)
        state.open.put(incident)
        self.changed[incident.id] = incident
        self._facts.append((incident.id, seq))
        if state.planner is not None and not self._is_planning:
            self._plan(state.planner, before, incident, seq)

    def _plan(self, planner: Planner, before: Incident | None, incident: Incident, cause: Seq) -> None:
        """Put what follows for its plan in the same step. Only what has a plan, or could begin one alone, is asked."""
        now, keeper = incident, self._state.keeper

        def put(body: IncidentBody, actor: Actor | None = None) -> Incident:
            nonlocal now
            assert actor is None, "nobody acts in a step of the core"
            now = self._add(body, now, cause)
            if keeper is not None and now.state == "closed":
                keeper.acted(self.transaction, self.appender, now, body, None, None)
            return now

        self._is_planning = True
        try:
            planner.followed(self.transaction, self.appender, before, incident, put)
        finally:
            self._is_planning = False

    # Signals ---------------------------------------------------------------------------------------------------------

    def add_signal(
        self,
        seq: Seq,
        account_id: Ref | None,
        signal: SignalBody,
        outcome: SignalOutcome,
        reason: Code,
        incident: Ref | None,
    ) -> None:
        """Note where it ended."""
        self._signals.append(signal_row(seq, account_id, signal, outcome, reason, incident))
        if outcome == "filed":
            self._filed.append((seq, reason))

    def copy(self, incident: Ref, row: EntryRow, *, is_new: bool) -> None:
        """Seal the signal's personal part again under the incident's key: retention and holds look at that copy."""
        keeper = self._state.keeper
        if keeper is not None and (copied := keeper.copy_signal(incident, row, is_new=is_new)) is not None:
            self._copies.append(copied)

    def add_arming(self, change: ArmingChange | None) -> None:
        """Note that an account was armed or disarmed."""
        if change is not None:
            self._armings.append(change)

    def write_armings(self) -> None:
        """Before somebody asks, and at the end."""
        if self._armings:
            put_armings(self.transaction, self._armings)
            self._armings = []

    # The end ---------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Write all that it has decided."""
        transaction, appender, state = self.transaction, self.appender, self._state
        for id_ in list(self._folds):
            self.end_fold(id_)
        if self._filed:
            body = SignalsFiled(config=state.config, exercise=False, filed=tuple(self._filed))
            appender.append(Fact(kind=Code("signals.filed"), body=body))
        state.flood.look(transaction, appender)
        self.write_armings()
        transaction.put_incidents(self.changed.values())
        transaction.add_incident_facts(self._facts)
        transaction.add_signals(self._signals)
        if state.keeper is not None:
            state.keeper.keep(transaction, self._copies, appender.at)
        self.end = appender.seq


class Opening:
    """What follows from one entry (`supervision_core.Opening`): facts about incidents that name it as their cause."""

    def __init__(self, step: Step, cause: Seq) -> None:
        """Put facts in this step, caused by that entry."""
        self._step, self._cause = step, cause

    def opened(self, body: IncidentOpened) -> Ref:
        """Open an incident; return its id."""
        return self._step.open_incident(body, self._cause)

    def joined(self, incident: Ref, body: IncidentJoined) -> None:
        """Something belongs to it."""
        self._step.add(body, incident, self._cause)

    def closed(self, incident: Ref, body: IncidentClosed) -> None:
        """It is over, by what nobody decided."""
        self._step.add(body, incident, self._cause)

    def number(self) -> int:
        """The next number to be shown."""
        return self._step.number + 1
