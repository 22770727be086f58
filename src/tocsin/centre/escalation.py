"""Escalation at work: timers of incidents, set and ended in the transaction of whatever causes it, and what they do.

The core tells of each change of an incident (`core.Follower`). What begins to wait gets a timer; what is claimed or
closed loses it, in the same commit. When a step is due, one transaction holds the fact that it was taken, the notices
that go out, and the timer of the next step: whoever is killed before it finds the step due, and after it, done.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import structlog

from tocsin.centre.configuration import Run
from tocsin.centre.outbox import ENOUGH, Outbox, end_notices
from tocsin.centre.quieting import Quieting
from tocsin.centre.runaways import Heard, Runaways
from tocsin.centre.shelving import Shelving
from tocsin.centre.step_timers import LookAgain, OwnChain, Unclaimed
from tocsin.centre.telling import Planned, Staff, Telling, Whom, notify
from tocsin.centre.timers import PutApart, Timers, set_timer
from tocsin.journal.journal import Journal
from tocsin.model.action_plans import PLAN_STEP
from tocsin.model.catalogue import Priority
from tocsin.model.chains import ChainOf, GroupRow, Standing, StoredChain
from tocsin.model.commands import ConfirmHelpNote, IncidentAct, Reopen, WriteHelpNote
from tocsin.model.escalation import (
    CHAIN_STEP,
    INCIDENT_ESCALATED,
    INCIDENT_LOOK_AGAIN,
    LOOK_AGAIN,
    UNCLAIMED,
    BuiltIn,
    Chain,
    ChainStep,
    Escalation,
    IncidentEscalated,
    IncidentLookAgain,
    LookAgainReason,
    Tell,
)
from tocsin.model.help_note import HELP_NOTE
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.notices import WAITING_MAX, Channel, Notice, NoticeAnswer, NoticePurpose
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.action_plan import is_alone
from tocsin.rules.chains import (
    COVERED,
    Plan,
    answers_of,
    chain_for,
    goes_on,
    last_built_in,
    last_of,
    of_incident,
    plan_of_chain,
    standing_of,
    untried,
    was_asked,
    why_over,
)
from tocsin.rules.escalation import (
    SECOND_US,
    begins,
    ends,
    is_end,
    is_refused,
    is_searched,
    is_waiting,
    make_chain,
    next_due,
    next_step,
    tells_people,
)
from tocsin.rules.hold_up import LEAD_ROLE, hurried
from tocsin.rules.incident import IncidentBody, apply
from tocsin.rules.judgement import JUDGEMENT, Judgement
from tocsin.rules.ladder import URGENT
from tocsin.settings import Escalation as Times

BUNDLE_S: Final = 45.0
"""Who was told of another incident of the same site so short a while ago hears of this one when that is over. Not so of
priority 1, and of silent ones: nobody waits for these."""

BEGAN: Final = Code("unclaimed")
NEXT_STEP: Final = Code("next_step")
CANNOT: Final = Code("cannot")
CLAIMED: Final = Code("claimed")
NOT_SHOWN: Final = Code("not_shown")
SHORT: Final = Code("short")
"""Too few are coming again: a chain that had stopped goes on from where it was."""

CHANGED: Final = Code("chain_changed")
RESTORED: Final = Code("restored")
FOUND: Final = Code("found")
CLOSED: Final = Code("closed")
REOPENED: Final = Code("reopened")
CONFIRMED: Final = Code("confirmed")
SCHEDULED: Final = Code("escalations_scheduled")
"""Small value: since which release the incidents that an earlier one left open have their timers: `1`, those of
priority 1 alone; `2`, of priority 2 too."""

SCHEDULED_ALL: Final = "2"

UNSETTLED: Final = Code("chains_unsettled")
"""Small value: `1` from a change of chains or groups until what goes on goes by them."""

HELD_TO: Final = Code("steps_held_to")
"""Small value: the last seq of the backup that was restored last: of incidents up to it no step is taken by itself."""

HOLD_AT_ONCE: Final = 200
SETTLED_AT_ONCE: Final = 100
LOOKS_MAX: Final = 3
NOTICES_MAX: Final = 1_000
"""Notices of one incident that are looked at for answers, the newest."""

PAGE: Final = 1_000
_LOG = structlog.get_logger("escalation")


class _Told(NamedTuple):
    """When somebody was told last, by the clock that nobody sets, and of what."""

    at_s: float
    incident: Ref
    site: Ref | None


class _Meant(NamedTuple):
    """Whom a step is about, what each is told by or why not, and when, where not at once."""

    whom: Whom
    planned: dict[Actor, Planned]
    begins: dict[Actor, Micros]
    bundled: int = 0
    """How many more are being told of it already, or are coming."""

    refused: int = 0
    """How many more have said that they cannot come."""


def chains_of(times: Times) -> BuiltIn:
    """The chain of what nobody claims, by priority, as the centre has set it."""
    urgent = make_chain(
        second_desk_s=times.second_desk_s,
        supervisor_s=times.supervisor_s,
        again_s=times.again_s,
        repeats=times.repeats,
    )
    usual = make_chain(
        second_desk_s=times.second_desk_p2_s,
        supervisor_s=times.supervisor_p2_s,
        again_s=times.again_p2_s,
        repeats=times.repeats,
    )
    return {1: urgent, 2: usual}


class Escalating:
    """Keeps the timers of incidents, and does what they are for (`core.Follower`). In the writer's turn."""

    def __init__(self, store: Store, timers: Timers, outbox: Outbox, chains: BuiltIn, clock: Clock) -> None:
        """Escalate by these chains, and by those of the centre's own that are stored."""
        self._store = store
        self._timers = timers
        self._clock = clock
        self._chains = chains
        self._hurried = hurried(chains[1])
        self._telephone_s = chains[1][-1].wait_s
        self._tell = Telling(store, outbox)
        self._plans: tuple[tuple[StoredChain, Plan], ...] = ()
        self._groups: tuple[GroupRow, ...] = ()
        self.use_chains(store.chains())
        self.use_groups()
        self._on_changed: Callable[[Sequence[Incident], Seq], None] = lambda _incidents, _seq: None
        self._told: dict[Actor, _Told] = {}
        self._telling: dict[Actor, _Told] = {}
        self._changed: dict[Ref, Incident] = {}
        self._is_queued = False
        self.quieting = Quieting()
        """Whose timers are of the detectors that chatter."""
        self.runaways = Runaways()
        """Whose timers are of the detectors that run away."""
        self.shelving = Shelving()
        """Whose timers are of what is shelved."""
        self.on_notices: Callable[[], None] = lambda: None
        """Called when notices were queued."""

    def use(
        self,
        on_changed: Callable[[Sequence[Incident], Seq], None],
        put: PutApart,
        judgement: Callable[[], Judgement] = lambda: JUDGEMENT,
        heard: Heard = lambda _incident: ([], 0),
    ) -> None:
        """Take steps from now on; `on_changed` is told, in the writer's thread, once of each commit with some.

        `put` puts a fact that a timer causes, with what follows for the incident's plan. `heard` says what detectors
        of an account were heard.
        """
        self._on_changed = on_changed
        self._timers.register(UNCLAIMED, Unclaimed(self), is_prompt=True)
        self._timers.register(CHAIN_STEP, OwnChain(self), is_prompt=True)
        self._timers.register(LOOK_AGAIN, LookAgain(self), is_prompt=True)
        self.quieting.use(self._timers, on_changed, put, judgement)
        self.runaways.use(self._timers, on_changed, put, heard, judgement)

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
            skips = self._skips(self._plan_of(after))
            due_at = next_due(self._chain_of(after), last_built_in(after), since, skips)
            timer = None if before is None else transaction.timer(UNCLAIMED, after.id)
            if timer is not None and due_at is not None:
                due_at = min(due_at, timer.due_at)  # nobody waits longer for what became more urgent
            self._set(transaction, appender, UNCLAIMED, after, due_at, BEGAN, actor)
        elif (reason := ends(before, after)) is not None:
            self._set(transaction, appender, UNCLAIMED, after, None, reason, actor)
        self._follow_chain(transaction, appender, before, after, since, actor)
        self.quieting.followed(transaction, appender, before, after, actor)
        self.runaways.followed(transaction, appender, before, after, actor)
        self.shelving.followed(transaction, appender, before, after, actor)
        if before is None or before.state == "closed":
            return
        if after.state == "closed":
            self._set(transaction, appender, LOOK_AGAIN, after, None, CLOSED, actor)
            end_notices(transaction, appender, after.id, CLOSED)
        elif before.presentation == "shown" != after.presentation:
            end_notices(transaction, appender, after.id, NOT_SHOWN)
        elif before.claimed_by is None and after.claimed_by is not None:
            end_notices(transaction, appender, after.id, CLAIMED, lambda one: one.ends_at_claim)

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
        """Once, after an upgrade: give open incidents the timers that they lack; return how many got one.

        What has come to its end, or was open at a restore, is left.
        """
        known = self._store.get_meta(SCHEDULED)
        if known == SCHEDULED_ALL:
            return 0
        held_to = int(self._store.get_meta(HELD_TO) or 0)
        before: Seq | None = None
        unclaimed: list[Incident] = []
        searched: list[Incident] = []
        while page := self._store.incidents("open", before, PAGE):
            unclaimed += [
                one
                for one in page
                if is_waiting(one)
                and one.version > held_to
                and last_built_in(one) is None
                and self._store.timer(UNCLAIMED, one.id) is None
            ]
            if known is None:
                searched += [one for one in page if is_searched(one) and self._has_note(one.id)]
            before = page[-1].version

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            for incident in unclaimed:
                skips = self._skips(self._plan_of(incident))
                due_at = next_due(self._chain_of(incident), None, max(now, appender.at), skips)
                self._set(transaction, appender, UNCLAIMED, incident, due_at, FOUND, None)
            for incident in searched:
                after = self._looked(transaction, appender, incident, "written", None)
                self._set(transaction, appender, LOOK_AGAIN, after, after.look_again_at, FOUND, None)
                self._changed[after.id] = after
            transaction.put_meta(SCHEDULED, SCHEDULED_ALL)

        self.begin()
        journal.decide(work)
        self.done(journal.head.seq)
        return len(unclaimed) + len(searched)

    # What people answer ----------------------------------------------------------------------------------------------

    def answered(self, transaction: StoreTransaction, appender: Appender, incident: Incident, notice: Notice) -> None:
        """Somebody answered this notice of an incident: enough may be coming now, or too few, or all have said no.

        In the transaction of the answer: whoever is killed finds both or neither.
        """
        notices = [one for one in self._store.notices(NOTICES_MAX, incident=incident.id) if one.id != notice.id]
        notices.append(notice)
        timer = transaction.timer(UNCLAIMED, incident.id)
        if timer is not None and is_waiting(incident):
            self._hurry(transaction, appender, timer, incident, last_built_in(incident), notices)
        plan = self._plan_of(incident)
        if plan is None:
            return
        standing = self._standing(plan, notices)
        timer, last = transaction.timer(CHAIN_STEP, incident.id), last_of(incident, plan)
        if not goes_on(incident, plan, standing):
            if timer is not None:
                self._set(transaction, appender, CHAIN_STEP, incident, None, why_over(incident, standing), None)
            if standing is not None and standing.is_reached:
                end_notices(transaction, appender, incident.id, ENOUGH, lambda one: one.wanted is not None)
        elif timer is not None:
            self._hurry(transaction, appender, timer, incident, last, notices)
        elif (due_at := next_due(plan.steps, last, appender.at)) is not None:
            self._set(transaction, appender, CHAIN_STEP, incident, due_at, SHORT, None)

    def _hurry(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        timer: Timer,
        incident: Incident,
        last: Escalation | None,
        notices: Sequence[Notice],
    ) -> None:
        """Where everybody whom the last step told has said no, the next step is due now."""
        if last is not None and timer.due_at > appender.at and is_refused(last, notices):
            self._set(transaction, appender, timer.kind, incident, appender.at, CANNOT, None)

    # What supervisors change -----------------------------------------------------------------------------------------

    def use_chains(self, chains: Sequence[StoredChain]) -> None:
        """Go by these chains of the centre's own from now on. In the writer's turn."""
        self._plans = tuple((one, plan_of_chain(one, self._telephone_s)) for one in chains)

    def use_groups(self) -> None:
        """Groups were changed. In the writer's turn."""
        self._groups = tuple(one.row for one in self._store.groups())

    def settle(self, run: Run) -> None:
        """Chains or groups were changed: let what is open go by them at once, a few in each turn of the writer.

        What was open at a restore, and has not changed since, is left: no step of yesterday is taken by itself.
        """
        for kind in (UNCLAIMED, CHAIN_STEP):
            timers = self._store.timers(kind=kind)
            for begin in range(0, len(timers), SETTLED_AT_ONCE):
                some = timers[begin : begin + SETTLED_AT_ONCE]

                def work(transaction: StoreTransaction, appender: Appender, some: Sequence[Timer] = some) -> None:
                    for timer in some:
                        self._settle(transaction, appender, timer)

                run(lambda journal, work=work: journal.decide(work))
        self._settle_open(run)
        run(lambda journal: journal.decide(lambda transaction, _appender: transaction.put_meta(UNSETTLED, "")))

    def _settle_open(self, run: Run) -> None:
        """What is open and waits by no timer, of any priority: it may have a chain now.

        Looked for more than once: what changes meanwhile moves from page to page.
        """
        for _ in range(LOOKS_MAX):
            found = self._without_timer() if self._plans else []
            if not found:
                return
            self._begin_chains(run, found)

    def _without_timer(self) -> list[Ref]:
        held_to = int(self._store.get_meta(HELD_TO) or 0)
        waiting = {timer.ref for timer in self._store.timers(kind=CHAIN_STEP)}
        before: Seq | None = None
        found: list[Ref] = []
        while page := self._store.incidents("open", before, PAGE):
            found += [one.id for one in page if one.version > held_to and one.id not in waiting and self._begins(one)]
            before = page[-1].version
        return found

    def _begin_chains(self, run: Run, found: Sequence[Ref]) -> None:
        for begin in range(0, len(found), SETTLED_AT_ONCE):
            some = found[begin : begin + SETTLED_AT_ONCE]

            def work(transaction: StoreTransaction, appender: Appender, some: Sequence[Ref] = some) -> None:
                for id_ in some:
                    incident = transaction.incident(id_)
                    plan = self._plan_of(incident)
                    if incident is None or plan is None or transaction.timer(CHAIN_STEP, id_) is not None:
                        continue  # it was quicker
                    due_at = next_due(plan.steps, last_of(incident, plan), appender.at)
                    if due_at is not None and goes_on(incident, plan, self.standing(plan, id_)):
                        self._set(transaction, appender, CHAIN_STEP, incident, due_at, CHANGED, None)

            run(lambda journal, work=work: journal.decide(work))

    def _begins(self, incident: Incident) -> bool:
        plan = self._plan_of(incident)
        if plan is None or next_step(plan.steps, last_of(incident, plan)) is None:
            return False
        return goes_on(incident, plan, self.standing(plan, incident.id))

    def _settle(self, transaction: StoreTransaction, appender: Appender, timer: Timer) -> None:
        incident = transaction.incident(timer.ref)
        if incident is None or transaction.timer(timer.kind, timer.ref) != timer:
            return  # it was quicker
        plan = self._plan_of(incident)
        if timer.kind == UNCLAIMED:
            last = last_built_in(incident)
            if last is not None and timer.due_at > appender.at:  # else somebody must be told now
                due_at = next_due(self._chain_of(incident), last, last.at, self._skips(plan))
                if due_at is not None and (due_at := Micros(max(due_at, appender.at))) != timer.due_at:
                    self._set(transaction, appender, UNCLAIMED, incident, due_at, CHANGED, None)
            if plan is None or transaction.timer(CHAIN_STEP, timer.ref) is not None:
                return
            if not goes_on(incident, plan, self.standing(plan, incident.id)):
                return
        elif plan is None or not goes_on(incident, plan, self.standing(plan, incident.id)):
            self._set(transaction, appender, CHAIN_STEP, incident, None, CHANGED, None)
            return
        if last_of(incident, plan) is not None or (due_at := next_due(plan.steps, None, appender.at)) is None:
            return
        if timer.kind == CHAIN_STEP and not any(one.chain is not None for one in incident.escalated):
            due_at = min(due_at, timer.due_at)  # nobody waits longer for the first step by a change
            if due_at == timer.due_at:
                return
        self._set(transaction, appender, CHAIN_STEP, incident, due_at, CHANGED, None)

    # What timers do --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A transaction begins: what one before it did not bring to its end never happened."""
        self._telling = {}
        self._changed = {}
        self._is_queued = False

    def step(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Take the next step of an incident's chain; return when the one after is due."""
        incident = transaction.incident(timer.ref)
        if incident is None or not is_waiting(incident):
            _LOG.error("escalation.timer_of_none", incident=timer.ref)
            return None
        last, skips = last_built_in(incident), self._skips(self._plan_of(incident))
        chain = self._chain_of(incident)
        step = next_step(chain, last, skips)
        if step is None:
            return None
        notices = self._store.notices(NOTICES_MAX, incident=incident.id) if last is not None else ()
        taken = self._take(timer, transaction, appender, incident, chain[step], step, None, notices)
        return next_due(chain, taken, appender.at, skips)

    def chain_step(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Take the next step of the centre's own chain; return when the one after is due."""
        incident = transaction.incident(timer.ref)
        plan = None if incident is None else self._plan_of(incident)
        if incident is None or plan is None:
            return None  # the chain was removed, and the timer not ended yet
        notices = self._store.notices(NOTICES_MAX, incident=incident.id)
        if not goes_on(incident, plan, self._standing(plan, notices)):
            return None
        step = next_step(plan.steps, last_of(incident, plan))
        if step is None:
            return None
        taken = self._take(timer, transaction, appender, incident, plan.steps[step], step, plan, notices)
        return next_due(plan.steps, taken, appender.at)

    def _take(
        self,
        timer: Timer,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        step: ChainStep,
        number: int,
        plan: Plan | None,
        notices: Sequence[Notice],
    ) -> Escalation:
        # What was queued in this very transaction counts too.
        known = {one.id: one for one in (*notices, *transaction.open_notices(incident.id))}
        is_last = is_end(self._chain_of(incident) if plan is None else plan.steps, number)
        meant = self._whom(step, plan, incident, list(known.values()), appender.at, is_last=is_last)
        whom, planned = meant.whom, meant.planned
        reached = [person for person, (_, refusal) in planned.items() if refusal is None]
        told = [person for person in reached if person not in meant.begins]
        is_full = bool(reached) and self._store.notice_tally().waiting + len(reached) > WAITING_MAX
        body = IncidentEscalated(
            bundled=meant.bundled + (0 if is_full else len(meant.begins)),
            chain=None if plan is None else plan.id,
            counts=plan is not None and plan.strength is not None,
            desks=whom.desks,
            exercise=incident.exercise,
            late_s=self._timers.late_s(timer, appender.at),
            off_hours=whom.off_hours,
            priority=incident.priority,
            refused=meant.refused + len(planned) - (0 if is_full else len(reached)),
            step=number,
            tell=step.tell,
            told=0 if is_full else len(told),
            vacant=whom.vacant,
            version=None if plan is None else plan.version,
        )
        after = self._add(transaction, appender, incident, body, INCIDENT_ESCALATED, None)
        if planned and not is_full:
            wanted = plan.strength.coming if plan is not None and plan.strength is not None else None
            is_program = step.tell == "webhook"
            purpose: NoticePurpose = "program" if is_program else "incident"
            notify(transaction, appender, after, planned, wanted, purpose, meant.begins)
            if not is_program:
                now_told = _Told(self._clock.monotonic_s(), incident.id, incident.site_id)
                self._telling.update(dict.fromkeys(told, now_told))
            self._is_queued |= bool(reached)
        self._changed[after.id] = after
        return after.escalated[-1]

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
        changed, telling, is_queued = self._changed, self._telling, self._is_queued
        self.begin()
        self._told.update(telling)
        if changed:
            self._on_changed(list(changed.values()), seq)
        if is_queued:
            self.on_notices()

    # What people ask -------------------------------------------------------------------------------------------------

    def built_in(self, plan: Plan | None, priority: Priority) -> tuple[Chain, frozenset[Tell]]:
        """The built-in chain of a priority, and what of it is left out beside this one. From any thread.

        Of what does not escalate by itself it has no step.
        """
        return self._chains.get(priority, ()), self._skips(plan)

    def plan_of(self, of: ChainOf) -> Plan | None:
        """The centre's own chain of such an incident; None: the built-in one alone. From any thread."""
        plans = self._plans
        found = chain_for([chain for chain, _ in plans], of)
        return None if found is None else next(plan for chain, plan in plans if chain is found)

    def plan_as(self, chain: StoredChain) -> Plan:
        """How a chain would be carried out. From any thread."""
        return plan_of_chain(chain, self._telephone_s)

    def standing(self, plan: Plan, incident: Ref) -> Standing | None:
        """How near an incident is to the strength that its chain wants. From any thread."""
        if plan.strength is None:
            return None
        return self._standing(plan, self._store.notices(NOTICES_MAX, incident=incident))

    # Inside ----------------------------------------------------------------------------------------------------------

    def _whom(
        self,
        step: ChainStep,
        plan: Plan | None,
        incident: Incident,
        notices: Sequence[Notice],
        now: Micros,
        *,
        is_last: bool,
    ) -> _Meant:
        """Who is told by a step, by which ways or why not, and who need not be: `notices` are those of the incident."""
        if not tells_people(step.tell):
            return _Meant(Whom([], (), ()), {}, {})
        staff = self._tell.staff()
        whom = self._tell.whom(step, staff, now, notices)
        is_program = step.tell == "webhook"
        of_person: dict[Actor, list[Notice]] = {}
        for one in (one for one in notices if (one.purpose == "program") == is_program):
            of_person.setdefault(one.recipient, []).append(one)
        answered = self._answered(incident, plan, notices)
        is_again = plan is None or step.tell in ("again", "telephone")
        planned: dict[Actor, Planned] = {}
        begins: dict[Actor, Micros] = {}
        bundled = refused = 0
        for person in whom.people:
            if person == incident.raised_by or (incident.is_room and self._may_be_forced(person, incident, staff)):
                continue  # whoever forces them may read what they are told
            own = of_person.get(person, [])
            if not is_program and (answer := answered.get(person)) is not None:
                # Who is coming is told. Only where more must come has the step reached nobody: others are told at once.
                bundled += answer == "coming" and (is_again or (plan is not None and plan.strength is None))
                refused += answer == "cannot" and is_again
                continue
            living = [one for one in own if one.due_at is not None]
            # What an earlier notice has not brought out yet goes with this one, which takes its place.
            more = untried(living) - set(step.channels) if step.channels and not is_program else set[Channel]()
            channels: list[Channel] = [*step.channels, *sorted(more)]
            ways = self._tell.planned(
                person, channels, staff, now, incident.priority, is_program=is_program, is_last=is_last
            )
            if ways[0] and not is_program and self._is_at_it(person, incident, plan, living, ways):
                bundled += 1
                continue
            wanted: Sequence[Channel] = step.channels or [way.channel for way in ways[0]]
            if not is_again and ways[0] and was_asked(own, wanted, is_named=bool(step.channels)):
                bundled += 1
                continue
            planned[person] = ways
            if ways[0] and not is_program and (wait_s := self._bundle_s(person, incident, plan)) > 0:
                begins[person] = Micros(now + round(wait_s * SECOND_US))
        return _Meant(whom, planned, begins, bundled, refused)

    def _answered(self, incident: Incident, plan: Plan | None, notices: Sequence[Notice]) -> dict[Actor, NoticeAnswer]:
        """What people said of it. Beside the built-in chain only since it began to wait: nobody has it still."""
        if plan is not None:
            return answers_of(notices)
        since = min((one.seq or 0 for one in incident.escalated if one.chain is None), default=None)
        if since is None:
            return {}
        return answers_of(one for one in notices if one.answered_seq is not None and one.answered_seq > since)

    def _is_at_it(
        self, person: Actor, incident: Incident, plan: Plan | None, living: Sequence[Notice], ways: Planned
    ) -> bool:
        """Was somebody told of this very incident a moment ago, by a notice that goes on by the same ways?

        By the built-in chain alone: of what a chain of the centre's own has told somebody, `was_asked` says more.
        """
        told = (self._told | self._telling).get(person)
        if plan is not None or told is None or told.incident != incident.id:
            return False
        is_moment = self._clock.monotonic_s() - told.at_s < BUNDLE_S
        return is_moment and {way.contact for way in ways[0]} <= {way.contact for one in living for way in one.plan}

    def _bundle_s(self, person: Actor, incident: Incident, plan: Plan | None) -> float:
        """So long somebody is not told of it, who was told of another one of its site a moment ago; 0: at once."""
        told = (self._told | self._telling).get(person)
        counts = plan is not None and plan.strength is not None
        if told is None or told.incident == incident.id or incident.site_id is None or told.site != incident.site_id:
            return 0.0
        if counts or incident.priority <= URGENT or incident.silent or incident.is_room:
            return 0.0
        return max(0.0, told.at_s + BUNDLE_S - self._clock.monotonic_s())

    def is_strong_without(self, incident: Incident, person: Actor) -> bool | None:
        """Are enough coming to an incident, who can do what is needed, without this person? None: nobody counts."""
        plan = self._plan_of(incident)
        if plan is None or plan.strength is None:
            return None
        others = self._store.notices(NOTICES_MAX, incident=incident.id)
        standing = self._standing(plan, [one for one in others if one.recipient != person])
        return standing is not None and standing.is_reached

    def _may_be_forced(self, person: Actor, incident: Incident, staff: Staff) -> bool:
        """By a button, it may be anybody who works at a desk now and whose screens do not show the call."""
        if incident.raised_by is not None or LEAD_ROLE in staff.living.get(person, ()):
            return False
        reach = staff.reach.get(person)
        is_at_work = reach is not None and reach.kind == "on_shift"
        return is_at_work or any(person in people for people in staff.on_shift.values())

    def _plan_of(self, incident: Incident | None) -> Plan | None:
        """The centre's own chain for it; None: the built-in one alone."""
        return None if incident is None or not self._plans else self.plan_of(of_incident(incident))

    def _chain_of(self, incident: Incident) -> Chain:
        """The built-in chain for it; of a call of the control room itself, without its first waits."""
        return self._hurried if incident.is_room else self._chains.get(incident.priority, ())

    def _standing(self, plan: Plan, notices: Sequence[Notice]) -> Standing | None:
        return standing_of(plan.strength, notices, self._groups)

    def _skips(self, plan: Plan | None) -> frozenset[Tell]:
        return frozenset() if plan is None else COVERED

    def _follow_chain(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        since: Micros,
        actor: Actor | None,
    ) -> None:
        """The same for the centre's own chains."""
        had, plan = self._plan_of(before), self._plan_of(after)
        if before is not None and had is plan and _standing_of_row(before) == _standing_of_row(after):
            return
        timer = None if before is None else transaction.timer(CHAIN_STEP, after.id)
        # Of what has just come in nobody was told: nothing is asked of the disk.
        standing = None if plan is None else self.standing(plan, after.id) if before else self._standing(plan, ())
        if plan is None or not goes_on(after, plan, standing):
            if timer is not None:
                reason = CHANGED if plan is None and after.state == "open" else why_over(after, standing)
                self._set(transaction, appender, CHAIN_STEP, after, None, reason, actor)
        elif timer is None or had is not plan:
            last = last_of(after, plan)
            due_at = next_due(plan.steps, last, since)
            if due_at is not None:
                if after.is_room and last is None:
                    due_at = since  # its first step waits for nobody
                self._set(transaction, appender, CHAIN_STEP, after, due_at, BEGAN, actor)

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


def _standing_of_row(incident: Incident) -> tuple[object, ...]:
    """What of an incident decides whether its chain goes on."""
    return incident.state, incident.claimed_by is None, incident.presentation, is_alone(incident)


def hold_steps(journal: Journal, store: Store) -> int:
    """After a restore: no step of yesterday is taken by itself; return how many are held. Before anything runs.

    The queue shows and sounds what nobody has claimed. Only what comes in from here on escalates.
    """
    held = 0
    for kind in (UNCLAIMED, CHAIN_STEP, PLAN_STEP):
        while timers := store.timers(None, HOLD_AT_ONCE, kind):

            def work(transaction: StoreTransaction, appender: Appender, timers: Sequence[Timer] = timers) -> None:
                for timer in timers:
                    incident = transaction.incident(timer.ref)
                    exercise = incident is not None and incident.exercise
                    set_timer(transaction, appender, timer.kind, timer.ref, None, RESTORED, exercise=exercise)

            journal.decide(work)
            held += len(timers)
    journal.decide(lambda transaction, appender: transaction.put_meta(HELD_TO, str(appender.seq)))
    return held
