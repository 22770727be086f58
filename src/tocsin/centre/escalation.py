"""Escalation at work: timers of incidents, set and ended in the transaction of whatever causes it, and what they do.

The core tells of each change of an incident (`core.Follower`). What begins to wait gets a timer; what is claimed or
closed loses it, in the same commit. When a step is due, one transaction holds the fact that it was taken, the notices
that go out, and the timer of the next step: whoever is killed before it finds the step due, and after it, done.
"""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from tocsin.centre.outbox import Outbox, queue
from tocsin.centre.timers import Timers, set_timer
from tocsin.journal.journal import Journal
from tocsin.model.commands import ConfirmHelpNote, IncidentAct, Reopen, WriteHelpNote
from tocsin.model.escalation import (
    INCIDENT_ESCALATED,
    INCIDENT_LOOK_AGAIN,
    LOOK_AGAIN,
    UNCLAIMED,
    Chain,
    IncidentEscalated,
    IncidentLookAgain,
    LookAgainReason,
    Tell,
)
from tocsin.model.help_note import HELP_NOTE
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.notices import (
    INCIDENT_NOTIFIED,
    PEOPLE_MAX,
    WAITING_MAX,
    IncidentNotified,
    NoticeQueued,
    NoticeRefusal,
    NoticeStep,
)
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.delivery import EXPIRES_S, SECOND_US, plan_of, refusal_of
from tocsin.rules.escalation import (
    ROLES,
    begins,
    ends,
    is_refused,
    is_searched,
    is_waiting,
    make_chain,
    next_due,
    next_step,
)
from tocsin.rules.incident import IncidentBody, apply
from tocsin.rules.notice_texts import shown_type
from tocsin.settings import Escalation as Times

BUNDLE_US: Final = 45 * SECOND_US
"""Who was told of another incident so short a while ago is not told again: the notice opens the whole queue."""

BEGAN: Final = Code("unclaimed")
NEXT_STEP: Final = Code("next_step")
CANNOT: Final = Code("cannot")
RESTORED: Final = Code("restored")
FOUND: Final = Code("found")
CLOSED: Final = Code("closed")
REOPENED: Final = Code("reopened")
CONFIRMED: Final = Code("confirmed")
SCHEDULED: Final = Code("escalations_scheduled")
"""Small value: `1` since the incidents that an earlier release left open have their timers."""

HOLD_AT_ONCE: Final = 200
PAGE: Final = 1_000
_Plan = tuple[tuple[NoticeStep, ...], NoticeRefusal | None]
_LOG = structlog.get_logger("escalation")


def chain_of(times: Times) -> Chain:
    """The chain of what nobody claims, as the centre has set it."""
    return make_chain(
        second_desk_s=times.second_desk_s,
        supervisor_s=times.supervisor_s,
        again_s=times.again_s,
        repeats=times.repeats,
    )


class Escalating:
    """Keeps the timers of incidents, and does what they are for (`core.Follower`). In the writer's turn."""

    def __init__(self, store: Store, timers: Timers, outbox: Outbox, chain: Chain) -> None:
        """Escalate by this chain."""
        self._store = store
        self._timers = timers
        self._outbox = outbox
        self._chain = chain
        self._on_changed: Callable[[Sequence[Incident], Seq], None] = lambda _incidents, _seq: None
        self._told_at: dict[Actor, Micros] = {}
        self._telling: dict[Actor, Micros] = {}
        self._changed: dict[Ref, Incident] = {}
        self.on_notices: Callable[[], None] = lambda: None
        """Called when notices were queued."""

    def use(self, on_changed: Callable[[Sequence[Incident], Seq], None]) -> None:
        """Take steps from now on; `on_changed` is told, in the writer's thread, once of each commit with some."""
        self._on_changed = on_changed
        self._timers.register(UNCLAIMED, _Unclaimed(self), is_prompt=True)
        self._timers.register(LOOK_AGAIN, _LookAgain(self), is_prompt=True)

    # What the core tells ---------------------------------------------------------------------------------------------

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        since: Micros,
        actor: Actor | None = None,
    ) -> None:
        """An incident has changed: what it waits for begins or ends with that. `since` is when it came in."""
        if begins(before, after):
            last = after.escalated[-1] if after.escalated else None
            due_at = next_due(self._chain, last, since)
            self._set(transaction, appender, UNCLAIMED, after, due_at, BEGAN, actor)
        elif (reason := ends(before, after)) is not None:
            self._set(transaction, appender, UNCLAIMED, after, None, reason, actor)
        if before is not None and before.state == "open" and after.state == "closed":
            self._set(transaction, appender, LOOK_AGAIN, after, None, CLOSED, actor)

    def acted(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident,
        after: Incident,
        act: IncidentAct,
        actor: Actor,
    ) -> Incident:
        """Somebody did this to an incident: see that its help note is looked at again; return it as it is then."""
        match act:
            case WriteHelpNote():
                if not act.is_looked_for and after.look_again_at is None:
                    return after
                reason: LookAgainReason = "written" if act.is_looked_for else "withdrawn"
                after = self._looked(transaction, appender, after, reason, actor)
                self._set(transaction, appender, LOOK_AGAIN, after, after.look_again_at, Code(reason), actor)
            case ConfirmHelpNote():  # the fact stands in the journal already
                self._set(transaction, appender, LOOK_AGAIN, after, after.look_again_at, CONFIRMED, actor)
            case Reopen() if before.state == "closed" and after.look_again_at is not None:
                if not self._has_note(after.id):
                    return self._looked(transaction, appender, after, "withdrawn", actor)
                if not after.look_again_due:  # a date that has passed meanwhile is due at once
                    self._set(transaction, appender, LOOK_AGAIN, after, after.look_again_at, REOPENED, actor)
            case _:
                pass
        return after

    # What an earlier process or release left -------------------------------------------------------------------------

    def schedule_found(self, journal: Journal, now: Micros) -> int:
        """Once, after an upgrade: give open incidents the timers that they lack; return how many got one."""
        if self._store.get_meta(SCHEDULED) is not None:
            return 0
        before: Seq | None = None
        unclaimed: list[Incident] = []
        searched: list[Incident] = []
        while page := self._store.incidents("open", before, PAGE):
            unclaimed += [one for one in page if is_waiting(one) and self._store.timer(UNCLAIMED, one.id) is None]
            searched += [one for one in page if is_searched(one) and self._has_note(one.id)]
            before = page[-1].version

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            for incident in unclaimed:
                due_at = next_due(self._chain, None, max(now, appender.at))
                self._set(transaction, appender, UNCLAIMED, incident, due_at, FOUND, None)
            for incident in searched:
                after = self._looked(transaction, appender, incident, "written", None)
                self._set(transaction, appender, LOOK_AGAIN, after, after.look_again_at, FOUND, None)
                self._changed[after.id] = after
            transaction.put_meta(SCHEDULED, "1")

        self.begin()
        journal.decide(work)
        self.done(journal.head.seq)
        return len(unclaimed) + len(searched)

    # What people answer ----------------------------------------------------------------------------------------------

    def answered(self, journal: Journal, incident: Ref) -> bool:
        """Somebody may have answered a notice of this incident: where all have said no, the next step is due now.

        Whoever is killed before this loses a while, and no step: the timer stands where it stood.
        """
        found, timer = self._store.incident(incident), self._store.timer(UNCLAIMED, incident)
        if found is None or timer is None or not found.escalated or not is_waiting(found):
            return False
        if not is_refused(found.escalated[-1], self._store.notices(PEOPLE_MAX, incident=incident)):
            return False

        def work(transaction: StoreTransaction, appender: Appender) -> bool:
            if timer.due_at <= appender.at:
                return False
            self._set(transaction, appender, UNCLAIMED, found, appender.at, CANNOT, None)
            return True

        return journal.decide(work)

    # What timers do --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A transaction begins: what one before it did not bring to its end never happened."""
        self._telling = {}
        self._changed = {}

    def step(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Take the next step of an incident's chain; return when the one after is due."""
        incident = transaction.incident(timer.ref)
        if incident is None or not is_waiting(incident):
            _LOG.error("escalation.timer_of_none", incident=timer.ref)
            return None
        last = incident.escalated[-1] if incident.escalated else None
        step = next_step(self._chain, last)
        if step is None:
            return None
        tell = self._chain[step].tell
        planned, bundled = self._whom(tell, appender.at)
        told = [person for person, (_, refusal) in planned.items() if refusal is None]
        is_full = bool(told) and self._store.notice_tally().waiting + len(told) > WAITING_MAX
        body = IncidentEscalated(
            bundled=bundled,
            exercise=incident.exercise,
            late_s=self._timers.late_s(timer, appender.at),
            refused=len(planned) if is_full else len(planned) - len(told),
            step=step,
            tell=tell,
            told=0 if is_full else len(told),
        )
        after = self._add(transaction, appender, incident, body, INCIDENT_ESCALATED, None)
        if planned and not is_full:
            self._notify(transaction, appender, after, planned)
            self._telling.update(dict.fromkeys(told, appender.at))
        self._changed[after.id] = after
        return next_due(self._chain, after.escalated[-1], appender.at)

    def look_again(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> None:
        """The help note about somebody missing must be looked at now. Where it is erased, nothing is due."""
        incident = transaction.incident(timer.ref)
        if incident is None or incident.state != "open" or incident.look_again_at is None:
            _LOG.error("look_again.timer_of_none", incident=timer.ref)
            return
        if self._has_note(incident.id):
            late_s = self._timers.late_s(timer, appender.at)
            after = self._looked(transaction, appender, incident, "due", None, late_s=late_s)
        else:
            after = self._looked(transaction, appender, incident, "withdrawn", None)
        self._changed[after.id] = after

    def done(self, seq: Seq) -> None:
        """What the last transaction did is durable."""
        changed, telling = self._changed, self._telling
        self.begin()
        self._told_at.update(telling)
        if changed:
            self._on_changed(list(changed.values()), seq)
        if telling:
            self.on_notices()

    # -----------------------------------------------------------------------------------------------------------------

    def _whom(self, tell: Tell, now: Micros) -> tuple[dict[Actor, _Plan], int]:
        """Who is told by a step, each with the ways or why not; and how many were told a moment before."""
        roles = ROLES[tell]
        if not roles:
            return {}, 0
        known = self._told_at | self._telling
        people = [one.id for one in self._store.users() if not one.row.removed and set(roles) & set(one.row.roles)]
        fresh = [one for one in people if now - known.get(one, Micros(0)) >= BUNDLE_US]
        reach = {one.user: one.row for one in self._store.reach()}
        contacts = self._store.contacts()
        planned: dict[Actor, _Plan] = {}
        for person in fresh[:PEOPLE_MAX]:
            refusal = refusal_of(reach.get(person), now)
            own = [one for one in contacts if one.row.user == person]
            plan = () if refusal is not None else plan_of(own, self._outbox.ways)
            if refusal is None and not plan:
                refusal = "no_way" if own else "no_contact"
            planned[person] = (plan, refusal)
        return planned, len(people) - len(fresh)

    def _notify(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, planned: dict[Actor, _Plan]
    ) -> None:
        """Queue a notice for each, those too who cannot be told: the delivery board shows whom to telephone."""
        refused = sum(refusal is not None for _, refusal in planned.values())
        told = IncidentNotified(count=len(planned), exercise=incident.exercise, refused=refused, wanted=None)
        cause = appender.append(Fact(kind=INCIDENT_NOTIFIED, body=told, ref=incident.id, cause=incident.version))
        transaction.add_incident_facts([(incident.id, cause)])
        for person, (plan, refusal) in planned.items():
            body = NoticeQueued(
                exercise=incident.exercise,
                expires_at=Micros(appender.at + EXPIRES_S * SECOND_US),
                incident=incident.id,
                number=incident.number,
                plan=plan,
                priority=incident.priority,
                purpose="incident",
                recipient=person,
                refusal=refusal,
                shown_type=shown_type(incident.type, incident.hazard, is_silent=incident.silent),
                wanted=None,
            )
            queue(transaction, appender, body, cause, None)

    def _has_note(self, incident: Ref) -> bool:
        return bool(self._store.values(incident, HELP_NOTE, 1))

    def _looked(
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
        return self._add(transaction, appender, incident, body, INCIDENT_LOOK_AGAIN, actor)

    def _add(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        body: IncidentBody,
        kind: Code,
        actor: Actor | None,
    ) -> Incident:
        seq = appender.append(Fact(kind=kind, body=body, ref=incident.id, actor=actor))
        after = apply(incident, body, seq=seq, at=appender.at, actor=actor, id_=incident.id)
        transaction.put_incidents([after])
        transaction.add_incident_facts([(incident.id, seq)])
        return after

    def _set(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        kind: Code,
        incident: Incident,
        due_at: Micros | None,
        reason: Code,
        actor: Actor | None,
    ) -> None:
        """Set its timer, or end it where there is one."""
        if due_at is not None or transaction.timer(kind, incident.id) is not None:
            set_timer(transaction, appender, kind, incident.id, due_at, reason, actor=actor, exercise=incident.exercise)


class _Steps:
    """What both kinds of timers have in common (`timers.Handler`)."""

    def __init__(self, escalating: Escalating) -> None:
        self._escalating = escalating

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: help is not put off."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; a transaction begins."""
        del timers, now
        self._escalating.begin()

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable: screens are told, and notices leave."""
        del timers
        self._escalating.done(seq)


class _Unclaimed(_Steps):
    """Nobody has claimed an incident for so long."""

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Take the next step."""
        return self._escalating.step(timer, transaction, appender)


class _LookAgain(_Steps):
    """Nobody has looked at a help note for so long."""

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say that it is due."""
        self._escalating.look_again(timer, transaction, appender)


def hold_steps(journal: Journal, store: Store) -> int:
    """After a restore: no step of yesterday is taken by itself; return how many are held. Before anything runs.

    The queue shows and sounds what nobody has claimed. Only what comes in from here on escalates.
    """
    held = 0
    while timers := store.timers(None, HOLD_AT_ONCE, UNCLAIMED):

        def work(transaction: StoreTransaction, appender: Appender, timers: Sequence[Timer] = timers) -> None:
            for timer in timers:
                incident = transaction.incident(timer.ref)
                exercise = incident is not None and incident.exercise
                set_timer(transaction, appender, UNCLAIMED, timer.ref, None, RESTORED, exercise=exercise)

        journal.decide(work)
        held += len(timers)
    return held
