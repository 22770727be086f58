"""Action plans at work: begun, led on and ended in the transaction of whatever causes it, with their timers.

The core asks of each change of an incident (`core.Planner`). Facts that follow are put in the same commit, and the one
timer of a plan is that of the step whose turn it is: made, moved and ended with it. Whoever is killed before a commit
finds nothing of it, and after it, all.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import structlog

from tocsin.centre.outbox import Outbox
from tocsin.centre.roster_turns import minute_of_day
from tocsin.centre.telling import Planned, Telling, notify
from tocsin.centre.timers import Timers, set_timer
from tocsin.model.action_plans import (
    ACTION_PLAN_SET,
    MISSED,
    PLAN_STEP,
    STEPS_MAX,
    ActionPlanRow,
    PlanEnd,
    PlanReason,
    PlanStep,
    PlanSwitch,
    PlanWhom,
    StoredActionPlan,
)
from tocsin.model.commands import BeginPlan, Call, Close, DoStep, IncidentAct, PassStep, WaiveStep
from tocsin.model.errors import Conflict
from tocsin.model.escalation import ChainStep, StepHours
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.action_plan import (
    SECOND_US,
    Shipped,
    hash_of,
    may_be_alone,
    plan_for,
    plan_of,
    steps_of,
)
from tocsin.rules.action_plan_acts import (
    begun,
    called,
    decide_step,
    finished,
    left_alone,
    overdue,
    refuse_not_own,
    waive_undone,
)
from tocsin.rules.chains import plan_of_chain
from tocsin.rules.incident import IncidentBody

CACHED_MAX: Final = 1_000
"""Versions of plans that are kept in memory."""

TELEPHONE_S: Final = 60
STEP: Final = Code("step")
OVER: Final = Code("step_over")
_TELLING: Final = frozenset({"supervisor", "everyone", "notify", "telephone"})
_SUPERVISORS: Final = (ChainStep(tell="supervisor", wait_s=0),)
_LOG = structlog.get_logger("action_plans")


class Put(Protocol):
    """Appends a fact about the incident and returns the incident as it is then. In the writer's transaction."""

    def __call__(self, body: IncidentBody, actor: Actor | None = None) -> Incident:
        """Put it."""
        ...


class Planning:
    """Leads incidents through their plans (`core.Planner`). In the writer's turn."""

    def __init__(self, store: Store, timers: Timers, outbox: Outbox, shipped: Shipped) -> None:
        """Lead by the plans in `store`, and by those that ship."""
        self._store = store
        self._timers = timers
        self._telling = Telling(store, outbox)
        self._shipped = shipped
        self._shipped_hashes = {row.name: hash_of(row) for row in shipped.rows.values()}
        self._own: tuple[StoredActionPlan, ...] = ()
        self._switches: dict[Code, PlanSwitch] = {}
        self._known: dict[tuple[Seq, HexHash], StoredActionPlan] = {}
        self._common: Callable[[], bool] = lambda: False
        self._on_changed: Callable[[Sequence[Incident], Seq], None] = lambda _incidents, _seq: None
        self._make_put: Callable[[StoreTransaction, Appender, Incident], Put] | None = None
        self._changed: dict[Ref, Incident] = {}
        self._is_queued = False
        self.on_notices: Callable[[], None] = lambda: None
        """Called when notices were queued."""
        self.use_plans()

    # What it goes by -------------------------------------------------------------------------------------------------

    def use_plans(self) -> None:
        """Plans or switches were changed: go by them from now on. What goes on keeps the version that it began with."""
        self._own = tuple(self._store.action_plans())
        self._switches = {one.type: one for one in self._store.plan_switches()}

    def use(
        self,
        on_changed: Callable[[Sequence[Incident], Seq], None],
        make_put: Callable[[StoreTransaction, Appender, Incident], Put],
        common: Callable[[], bool],
    ) -> None:
        """Take what falls due from now on.

        `make_put` puts facts outside the core's own steps; `common` says whether a common cause is open.
        """
        self._on_changed = on_changed
        self._make_put = make_put
        self._common = common
        self._timers.register(PLAN_STEP, self, is_prompt=True)

    def picked(self, incident: Incident, at: Micros) -> StoredActionPlan | ActionPlanRow | None:
        """The plan that it would begin now. From any thread."""
        return plan_for(self._own, self._shipped, plan_of(incident, at), is_within)

    @property
    def shipped(self) -> Shipped:
        """The plans that ship."""
        return self._shipped

    def version(self, seq: Seq, hash_: HexHash) -> StoredActionPlan | None:
        """A version that an incident goes by. From any thread."""
        found = self._known.get((seq, hash_))
        return found if found is not None else self._store.action_plan_version(seq)

    # What the core asks ----------------------------------------------------------------------------------------------

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        put: Put,
    ) -> Incident:
        """An incident has changed: begin, lead on or end its plan; return it as it is then."""
        incident = self._led(transaction, appender, before, after, put)
        incident = self._carried_on(transaction, appender, incident, put)
        self._sync(transaction, appender, before, incident)
        return incident

    def act(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        act: IncidentAct,
        actor: Actor,
        put: Put,
    ) -> Incident:
        """Somebody did something with its plan.

        Raises:
            Conflict, BadInput: it is refused; nothing was changed.
        """
        before = incident
        refuse_not_own(incident, actor)
        match act:
            case BeginPlan():
                if incident.plan is not None:
                    return incident
                incident = self._begin(transaction, appender, incident, "by_hand", put, actor)
            case DoStep() | WaiveStep() | PassStep():
                stored = self._stored(transaction, incident)
                if stored is None:
                    raise Conflict(
                        f"Incident {incident.number} has no plan that has begun. Nothing was changed. Begin it first",
                        "plan.none",
                    )
                if isinstance(act, DoStep) and act.result == "told":
                    act = self._tell_step(transaction, appender, incident, stored.row, act)
                for body in decide_step(incident, stored.row, act, appender.at):
                    incident = put(body, actor)
            case _:
                pass
        return self.followed(transaction, appender, before, incident, put)

    def called(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, act: Call, actor: Actor, put: Put
    ) -> Incident:
        """A keyholder was called, from the plan or from the call list: the same fact counts for both."""
        stored = self._stored(transaction, incident)
        if stored is None or incident.state != "open":
            return incident
        for body in called(
            incident, stored.row, Code(act.outcome), act.of, act.place, appender.at, has_more=act.has_more
        ):
            incident = put(body, actor)
        return incident

    def waived(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, act: Close, actor: Actor, put: Put
    ) -> Incident:
        """Somebody closes it and says why what is left of its plan is not done: a fact for each step."""
        plan, stored = incident.plan, self._stored(transaction, incident)
        if plan is None or stored is None or not plan.undone or act.waive is None:
            return incident
        for body in waive_undone(incident, stored.row, act.waive, appender.at):
            incident = put(body, actor)
        return incident

    def committed(self, *, is_durable: bool) -> None:
        """What it was asked in is durable, or never happened: notices of it leave, or there are none."""
        is_queued, self._is_queued = self._is_queued, False
        if is_queued and is_durable:
            self.on_notices()

    # Leading on ------------------------------------------------------------------------------------------------------

    def _led(
        self, transaction: StoreTransaction, appender: Appender, before: Incident | None, after: Incident, put: Put
    ) -> Incident:
        plan = after.plan
        if after.state == "closed":
            return after
        if before is None:
            return self._begin_alone(transaction, appender, after, put)
        is_claimed = after.claimed_by is not None and before.claimed_by is None
        if before.state == "closed" and plan is not None:
            return self._begin_again(transaction, appender, after, "reopened", put)
        if plan is not None and plan.alone and (reason := self._why_not_alone(after)) is not None:
            after = put(left_alone(after, reason))
            plan = after.plan
        if is_claimed and plan is None:
            return self._begin(transaction, appender, after, "claimed", put)
        if is_claimed and plan is not None and plan.step is None and not plan.ended:
            return self._begin_again(transaction, appender, after, "claimed", put)
        if plan is not None and not plan.alone and _decides(before) != _decides(after):
            return self._changed_plan(transaction, appender, before, after, put)
        return after

    def _why_not_alone(self, incident: Incident) -> PlanEnd | None:
        """Why a plan may not go on without an operator any more."""
        if incident.claimed_by is not None:
            return "taken_over"
        if self._common():
            return "common_cause"
        if not may_be_alone(incident, is_on=True, is_common=False):
            return "not_alone"
        return None

    def _changed_plan(
        self, transaction: StoreTransaction, appender: Appender, before: Incident, after: Incident, put: Put
    ) -> Incident:
        picked = self.picked(after, appender.at)
        plan = after.plan
        assert plan is not None, "it has one"
        name = None if picked is None else (picked.row if isinstance(picked, StoredActionPlan) else picked).name
        if picked is None or name == plan.name:
            return after
        reason: PlanReason = "duress" if after.silent and not before.silent else "changed"
        return self._begin(transaction, appender, after, reason, put)

    def _begin_alone(self, transaction: StoreTransaction, appender: Appender, incident: Incident, put: Put) -> Incident:
        switch = self._switches.get(incident.type)
        is_on = switch is not None and switch.is_on
        if not is_on or not may_be_alone(incident, is_on=True, is_common=self._common()):
            return incident
        picked = self.picked(incident, appender.at)
        row = picked.row if isinstance(picked, StoredActionPlan) else picked
        if picked is None or row is None or row.alone is None:
            return incident
        stored = self._stored_of(transaction, appender, picked)
        return put(begun(stored, incident, appender.at, "opened", alone=True))

    def _begin(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        reason: PlanReason,
        put: Put,
        actor: Actor | None = None,
    ) -> Incident:
        picked = self.picked(incident, appender.at)
        if picked is None:
            return incident
        stored = self._stored_of(transaction, appender, picked)
        return self._through(put(begun(stored, incident, appender.at, reason, alone=False), actor), put)

    def _begin_again(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        reason: PlanReason,
        put: Put,
    ) -> Incident:
        """Go on with the version that it began with."""
        stored = self._stored(transaction, incident)
        if stored is None:
            return incident
        return self._through(put(begun(stored, incident, appender.at, reason, alone=False)), put)

    def _through(self, incident: Incident, put: Put) -> Incident:
        """Where everything was done before, it is through already."""
        plan = incident.plan
        if plan is None or plan.step is not None:
            return incident
        return put(left_alone(incident, "through"))

    def _carried_on(self, transaction: StoreTransaction, appender: Appender, incident: Incident, put: Put) -> Incident:
        """Do what goes by itself: at most so many steps as a plan can have."""
        for _ in range(STEPS_MAX + 1):
            plan = incident.plan
            if incident.state != "open" or plan is None or plan.step is None or plan.ended:
                break
            stored = self._stored(transaction, incident)
            step = None if stored is None else steps_of(stored.row).get(plan.step)
            if stored is None or step is None:
                break
            if step.kind == "wait" and step.until_returned and incident.condition == "returned":
                incident = _put_all(put, incident, finished(incident, stored.row, step, Code("returned"), appender.at))
            elif plan.alone and step.kind == "message":
                incident = _put_all(put, incident, finished(incident, stored.row, step, Code("written"), appender.at))
            elif plan.alone and step.kind == "notify":
                told = self._told(transaction, appender, incident, step.whom)
                result = Code("told") if told else Code("nobody")
                bodies = finished(incident, stored.row, step, result, appender.at, told=told)
                incident = _put_all(put, incident, bodies)
            else:
                break
        return incident

    # Timers ----------------------------------------------------------------------------------------------------------

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: help is not put off."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; a transaction begins."""
        del timers, now
        self._changed = {}
        self._is_queued = False

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """The limit of a step is over, or its wait: do what follows; return when the next is due."""
        incident = transaction.incident(timer.ref)
        plan = None if incident is None else incident.plan
        if incident is None or plan is None or incident.state != "open" or plan.step is None or self._make_put is None:
            return None
        stored = self._stored(transaction, incident)
        step = None if stored is None else steps_of(stored.row).get(plan.step)
        if stored is None or step is None:
            return None
        put = self._make_put(transaction, appender, incident)
        if plan.alone and (reason := self._why_not_alone(incident)) is not None:
            incident = put(left_alone(incident, reason))
        elif step.kind == "wait":
            incident = _put_all(put, incident, finished(incident, stored.row, step, Code("over"), appender.at))
        else:
            late_s = self._timers.late_s(timer, appender.at)
            incident = self._missed(transaction, appender, incident, stored.row, step, late_s, put)
        incident = self._carried_on(transaction, appender, incident, put)
        self._changed[incident.id] = incident
        return incident.plan.due_at if incident.plan is not None and incident.state == "open" else None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable: screens are told, and notices leave."""
        del timers
        changed, is_queued = self._changed, self._is_queued
        self._changed, self._is_queued = {}, False
        if changed:
            self._on_changed(list(changed.values()), seq)
        if is_queued:
            self.on_notices()

    def _missed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        row: ActionPlanRow,
        step: PlanStep,
        late_s: int,
        put: Put,
    ) -> Incident:
        missed, plan = step.missed, incident.plan
        assert plan is not None, "its timer ran"
        if missed is None or missed.do != "tell":
            return _put_all(put, incident, overdue(incident, row, step, appender.at, late_s))
        steps = self._chain_steps(missed.chain)
        told, refused, again_at = 0, 0, None
        if plan.told < len(steps):
            planned = self._planned(steps[plan.told], incident, appender.at)
            told, refused = self._notify(transaction, appender, incident, planned)
        if plan.told + 1 < len(steps):
            again_at = Micros(appender.at + max(1, steps[plan.told + 1].wait_s) * SECOND_US)
        bodies = overdue(incident, row, step, appender.at, late_s, again_at=again_at, refused=refused, told=told)
        return _put_all(put, incident, bodies)

    def _chain_steps(self, chain: Ref | None) -> Sequence[ChainStep]:
        """Whom a missed limit tells, one after another: those of a chain, or the supervisors alone."""
        found = None if chain is None else next((one for one in self._store.chains() if one.id == chain), None)
        if found is None:
            return _SUPERVISORS
        return [one for one in plan_of_chain(found, TELEPHONE_S).steps if one.tell in _TELLING]

    # Telling ---------------------------------------------------------------------------------------------------------

    def _tell_step(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        row: ActionPlanRow,
        act: DoStep,
    ) -> DoStep:
        """An operator has people told: the notices go out in the same commit, and the fact says to how many."""
        plan = incident.plan
        step = steps_of(row).get(act.step)
        is_turn = plan is not None and (
            plan.step == act.step or any(one.step == act.step and one.result == MISSED for one in plan.done)
        )
        if step is None or step.kind != "notify" or not is_turn:
            return act  # refused where it is decided
        told = self._told(transaction, appender, incident, step.whom)
        result = Code("told") if told else Code("nobody")
        return DoStep(step=act.step, result=result, told=told)

    def _told(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, whom: PlanWhom | None
    ) -> int:
        if whom is None:
            return 0
        step = ChainStep(
            channels=whom.channels,
            desks=whom.desks,
            groups=whom.groups,
            roles=whom.roles,
            rosters=whom.rosters,
            tell="notify",
            users=whom.users,
            wait_s=0,
        )
        planned = self._planned(step, incident, appender.at, self._own_people(whom, incident))
        return self._notify(transaction, appender, incident, planned)[0]

    def _planned(
        self, step: ChainStep, incident: Incident, now: Micros, more: Sequence[Actor] = ()
    ) -> dict[Actor, Planned]:
        staff = self._telling.staff()
        people = [*self._telling.whom(step, staff, now).people, *(one for one in more if one in staff.living)]
        return {
            person: self._telling.planned(person, step.channels, staff, now)
            for person in dict.fromkeys(people)
            if person != incident.raised_by
        }

    def _notify(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        planned: Mapping[Actor, Planned],
    ) -> tuple[int, int]:
        if not planned:
            return 0, 0
        told = sum(refusal is None for _, refusal in planned.values())
        notify(transaction, appender, incident, planned, ends_at_claim=False)
        self._is_queued |= told > 0
        return told, len(planned) - told

    def _own_people(self, whom: PlanWhom, incident: Incident) -> list[Actor]:
        """Installers of its account, and contacts of its site: by what they were granted."""
        wanted = {
            *([incident.account_id] if "installer" in whom.own else []),
            *([incident.site_id] if "site_contact" in whom.own else []),
        } - {None}
        if not wanted:
            return []
        return list(dict.fromkeys(one.user for one in self._store.grants() if one.row.target in wanted))

    # Versions --------------------------------------------------------------------------------------------------------

    def _stored(self, transaction: StoreTransaction, incident: Incident) -> StoredActionPlan | None:
        """The version that it goes by."""
        plan = incident.plan
        if plan is None:
            return None
        key = (plan.version, plan.hash)
        found = self._known.get(key) or transaction.action_plan_version(plan.version)
        if found is None or found.hash != plan.hash:
            _LOG.error("action_plans.no_version", incident=incident.id, version=plan.version)
            return None
        if len(self._known) >= CACHED_MAX:
            self._known.clear()
        self._known[key] = found
        return found

    def _stored_of(
        self, transaction: StoreTransaction, appender: Appender, picked: StoredActionPlan | ActionPlanRow
    ) -> StoredActionPlan:
        """The stored version of a plan. One that ships is stored when the first incident goes by it."""
        if isinstance(picked, StoredActionPlan):
            return picked
        hash_ = self._shipped_hashes[picked.name]
        found = transaction.shipped_plan(hash_)
        if found is None:
            seq = appender.append(Fact(kind=ACTION_PLAN_SET, body=picked))
            found = StoredActionPlan(Ref(f"action-plan-{seq}"), picked, seq, hash_)
            transaction.add_action_plans([found])
        return found

    def _sync(
        self, transaction: StoreTransaction, appender: Appender, before: Incident | None, incident: Incident
    ) -> None:
        """Let the one timer of its plan be that of the step whose turn it is."""
        plan = incident.plan
        if plan is None or (before is not None and _runs(before) == _runs(incident)):
            return
        # What falls due while it is shelved is due at the end of that: nobody is there to do it.
        is_on = incident.state == "open" and incident.presentation != "shelved"
        due_at = plan.due_at if is_on and not plan.ended else None
        timer = transaction.timer(PLAN_STEP, incident.id)
        if due_at == (None if timer is None else timer.due_at):
            return
        reason = STEP if due_at is not None else OVER
        set_timer(transaction, appender, PLAN_STEP, incident.id, due_at, reason, exercise=incident.exercise)


def is_within(hours: StepHours, at: Micros) -> bool:
    """Is it within these hours of the day?"""
    minute = minute_of_day(at, ZoneInfo(hours.zone))
    if hours.from_min < hours.to_min:
        return hours.from_min <= minute < hours.to_min
    return minute >= hours.from_min or minute < hours.to_min


def _put_all(put: Put, incident: Incident, bodies: Sequence[IncidentBody]) -> Incident:
    for body in bodies:
        incident = put(body)
    return incident


def _runs(incident: Incident) -> tuple[object, ...]:
    """What of an incident decides when its step is due."""
    return incident.plan, incident.state, incident.presentation == "shelved"


def _decides(incident: Incident) -> tuple[object, ...]:
    """What of an incident decides which plan it has."""
    return incident.type, incident.priority, incident.site_id, incident.silent
