"""Legal holds and early erasure: both take two persons, a coded reason, and leave facts (SCOPE.md, R4).

A hold keeps an incident's texts beyond their time, until its date or until it is lifted. It is set on an incident, open
or closed, whose texts are still there: the incident's own copies are what it holds; where one is missing it is made.
"""

from collections.abc import Callable, Sequence
from typing import Final

from tocsin.access.approvals import digest_of
from tocsin.centre.configuration import Run
from tocsin.centre.erasure import INCIDENT, Erasing, IncidentKeeper
from tocsin.centre.timers import set_timer
from tocsin.centre.values import Values
from tocsin.journal.journal import Journal
from tocsin.model.access import Act, Approval
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.retention import (
    DAY_US,
    HOLD_DAYS_MAX,
    HOLDS_MAX,
    EraseEarly,
    Hold,
    HoldLifted,
    HoldSet,
    IncidentData,
    LiftHold,
    SetHold,
    retention_of,
)
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref
from tocsin.model.vault import SIGNAL_FIELD, SealedValue

HOLD_SET: Final = Code("hold.set")
HOLD_LIFTED: Final = Code("hold.lifted")
COPIES_MAX: Final = 5_000
"""Signals of one incident whose missing copies a hold makes, the newest."""

Take = Callable[[Ref, Act, HexHash, Actor], Approval]
"""Uses an approval of two persons up (`ApprovalBook.take`)."""


class Holds:
    """Sets and lifts legal holds, erases early, and says how it stands. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        clock: Clock,
        values: Values,
        keeper: IncidentKeeper,
        erasing: Erasing,
        is_in_doubt: Callable[[Micros], bool] = lambda _now: False,
    ) -> None:
        """Work on these; `use_approvals` before anything that takes two persons."""
        self._store = store
        self._run = run
        self._clock = clock
        self._values = values
        self._keeper = keeper
        self._erasing = erasing
        self._is_in_doubt = is_in_doubt
        self._take: Take | None = None

    def use_approvals(self, take: Take) -> None:
        """Let `take` say whether two persons agreed."""
        self._take = take

    def data_of(self, incident: Ref) -> IncidentData:
        """How it stands with an incident's texts.

        Raises:
            BadInput: there is no such incident.
        """
        found = self._found(incident)
        timer, erasure = self._store.timer(INCIDENT, incident), self._store.erasure(incident)
        holds, now = tuple(self._store.holds(incident)), self._clock.now_us()
        return IncidentData(
            incident=incident,
            retention=retention_of(found.hazard),
            values=self._store.value_count(incident),
            due_at=None if timer is None else timer.due_at,
            erased_at=None if erasure is None else erasure.at,
            erased_reason=None if erasure is None else erasure.reason,
            holds=holds,
            is_held=any(hold.holds_at(now) for hold in holds),
            clock_doubted=self._is_in_doubt(now),
        )

    def all(self) -> list[Hold]:
        """Every hold that was ever set, oldest first."""
        return self._store.holds()

    def set(self, wanted: SetHold, approval: Ref, actor: Actor) -> Hold:
        """Keep an incident's texts until a date.

        Raises:
            BadInput: no such incident; the date has passed, or lies more than twelve months ahead.
            Conflict: its texts were erased; it has 20 holds.
            BadInput, Forbidden, Conflict: as `ApprovalBook.take`.
        """
        self._check_date(wanted.until)
        self._check_hold(self._found(wanted.incident), self._store.erasure(wanted.incident) is not None)
        self._agreed(approval, "hold.set", digest_of("hold.set", wanted), actor)
        copies = self._missing_copies(wanted.incident)
        return self._run(lambda journal: self._set(journal, wanted, approval, actor, copies))

    def lift(self, wanted: LiftHold, approval: Ref, actor: Actor) -> Hold:
        """End a hold before its date; where the texts' time is over they are erased within a minute or so.

        Raises:
            BadInput: no such incident or hold.
            Conflict: it has ended already.
            BadInput, Forbidden, Conflict: as `ApprovalBook.take`.
        """
        self._found(wanted.incident)
        self._living(wanted, self._store.holds(wanted.incident))
        self._agreed(approval, "hold.lift", digest_of("hold.lift", wanted), actor)
        return self._run(lambda journal: self._lift(journal, wanted, approval, actor))

    def erase_early(self, wanted: EraseEarly, approval: Ref, actor: Actor) -> IncidentData:
        """Erase the texts of a closed incident now, for ever.

        Raises:
            BadInput: no such incident.
            Conflict: it is open; a hold keeps its texts; they are erased already.
            BadInput, Forbidden, Conflict: as `ApprovalBook.take`.
        """
        self._check_erase(wanted.incident)
        self._agreed(approval, "erase.early", digest_of("erase.early", wanted), actor)

        def erase(journal: Journal) -> None:
            self._check_erase(wanted.incident)  # in the writer's turn nothing comes between the look and the act
            reason = Code(wanted.reason)
            self._erasing.erase_now(journal, wanted.incident, reason, approval, actor, self._clock.now_us())

        self._run(erase)
        return self.data_of(wanted.incident)

    def set_again(self, journal: Journal, wanted: SetHold, actor: Actor) -> Hold:
        """In a restore: set a hold that two persons set after the backup. What they agreed on is not here."""
        return self._set(journal, wanted, None, actor, self._missing_copies(wanted.incident))

    def lift_again(self, journal: Journal, wanted: LiftHold, actor: Actor) -> Hold:
        """In a restore: lift a hold that two persons lifted after the backup."""
        return self._lift(journal, wanted, None, actor)

    def _set(
        self, journal: Journal, wanted: SetHold, approval: Ref | None, actor: Actor, copies: Sequence[SealedValue]
    ) -> Hold:
        def work(transaction: StoreTransaction, appender: Appender) -> Hold:
            incident = transaction.incident(wanted.incident)
            assert incident is not None, "incidents are never removed"
            self._check_hold(incident, transaction.erasure(incident.id) is not None, transaction)
            body = HoldSet(approval=approval, exercise=incident.exercise, reason=wanted.reason, until=wanted.until)
            seq = appender.append(Fact(kind=HOLD_SET, body=body, ref=incident.id, actor=actor))
            hold = Hold(
                id=Ref(f"hold-{seq}"),
                incident=incident.id,
                lifted_at=None,
                lifted_by=None,
                lifted_reason=None,
                reason=wanted.reason,
                set_at=appender.at,
                set_by=actor,
                until=wanted.until,
            )
            transaction.put_hold(hold)
            transaction.add_incident_facts([(incident.id, seq)])
            self._keeper.keep(transaction, copies, appender.at)
            self._move(transaction, appender, incident, Code("hold_set"), actor)
            return hold

        return journal.decide(work)

    def _lift(self, journal: Journal, wanted: LiftHold, approval: Ref | None, actor: Actor) -> Hold:
        def work(transaction: StoreTransaction, appender: Appender) -> Hold:
            incident = transaction.incident(wanted.incident)
            assert incident is not None, "incidents are never removed"
            hold = self._living(wanted, transaction.holds(incident.id))
            body = HoldLifted(approval=approval, exercise=incident.exercise, hold=hold.id, reason=wanted.reason)
            seq = appender.append(Fact(kind=HOLD_LIFTED, body=body, ref=incident.id, actor=actor))
            lifted = lifted_by(hold, body, at=appender.at, actor=actor)
            transaction.put_hold(lifted)
            transaction.add_incident_facts([(incident.id, seq)])
            self._move(transaction, appender, incident, Code("hold_lifted"), actor)
            return lifted

        return journal.decide(work)

    def _move(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, reason: Code, actor: Actor
    ) -> None:
        """Let the timer of a closed incident be what its class and holds say now."""
        if incident.state == "open":
            return
        before = transaction.timer(INCIDENT, incident.id)
        since = incident.closed_at or appender.at
        due_at = self._keeper.due_at(incident, since, transaction.holds(incident.id))
        if before is None or before.due_at != due_at:
            set_timer(
                transaction, appender, INCIDENT, incident.id, due_at, reason, actor=actor, exercise=incident.exercise
            )

    def _missing_copies(self, incident: Ref) -> list[SealedValue]:
        """Copies of signals that came before this program made any: the day's keys would die under the hold."""
        copied = self._values.open_signals(self._store.values(incident, SIGNAL_FIELD), even_waiting=True)
        made = (
            self._keeper.copy_signal(incident, stored.row, is_new=False)
            for row, stored in self._store.incident_signals(incident, COPIES_MAX)
            if row.seq not in copied
        )
        return [value for value in made if value is not None]

    def _agreed(self, approval: Ref, act: Act, digest: HexHash, actor: Actor) -> None:
        assert self._take is not None, "whoever wires the centre says who keeps approvals"
        self._take(approval, act, digest, actor)

    def _found(self, incident: Ref) -> Incident:
        found = self._store.incident(incident)
        if found is None:
            raise BadInput(
                "There is no such incident. Nothing was changed. Look at the queue again", "incident.unknown"
            )
        return found

    def _check_date(self, until: Micros) -> None:
        now = self._clock.now_us()
        if not now < until <= now + HOLD_DAYS_MAX * DAY_US:
            raise BadInput(
                "A legal hold ends at a date to come, at most twelve months ahead. Nothing was changed. Give such a "
                "date; it can be set again later, by two persons again",
                "hold.until",
            )

    def _check_hold(self, incident: Incident, is_erased: bool, transaction: StoreTransaction | None = None) -> None:
        now_or_then = transaction or self._store
        held = now_or_then.holds(incident.id)
        if incident.state == "closed" and is_erased and now_or_then.timer(INCIDENT, incident.id) is None:
            raise Conflict(
                f"Incident {incident.number}: its texts were erased already, there is nothing to hold. Nothing was "
                "changed",
                "incident.erased",
            )
        if sum(hold.holds_at(self._clock.now_us()) for hold in held) >= HOLDS_MAX:
            raise Conflict(
                f"Incident {incident.number} has {HOLDS_MAX} legal holds, the limit. Nothing was changed. Lift one "
                "that is settled",
                "hold.too_many",
            )

    def _living(self, wanted: LiftHold, holds: Sequence[Hold]) -> Hold:
        hold = next((one for one in holds if one.id == wanted.hold), None)
        if hold is None:
            raise BadInput("This incident has no such legal hold. Nothing was changed", "hold.unknown")
        if not hold.holds_at(self._clock.now_us()):
            raise Conflict(
                "This legal hold has ended already. Nothing was changed. Look at the incident again", "hold.ended"
            )
        return hold

    def _check_erase(self, incident: Ref) -> None:
        found = self._found(incident)
        if found.state == "open":
            raise Conflict(
                f"Incident {found.number} is open: its texts are needed. Nothing was erased. Close it first",
                "incident.open",
            )
        now = self._clock.now_us()
        if any(hold.holds_at(now) for hold in self._store.holds(incident)):
            raise Conflict(
                f"Incident {found.number}: a legal hold keeps its texts. Nothing was erased. Lift the hold first, by "
                "two persons",
                "hold.holds",
            )
        if self._store.timer(INCIDENT, incident) is None and self._store.erasure(incident) is not None:
            raise Conflict(
                f"Incident {found.number}: its texts were erased already. Nothing was changed", "incident.erased"
            )


def lifted_by(hold: Hold, body: HoldLifted, *, at: Micros, actor: Actor | None) -> Hold:
    """The hold as it is after the fact that lifted it: the same live and in a rebuild."""
    return Hold(
        id=hold.id,
        incident=hold.incident,
        lifted_at=at,
        lifted_by=actor,
        lifted_reason=body.reason,
        reason=hold.reason,
        set_at=hold.set_at,
        set_by=hold.set_by,
        until=hold.until,
    )
