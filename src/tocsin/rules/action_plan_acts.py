"""What people, the clock and the plan itself do with a step: act and incident in, bodies of facts or a refusal out.

Pure. The bodies of one act are put one after another, in the same transaction.
"""

from collections.abc import Sequence

from tocsin.model.action_plans import (
    END,
    HANDLED,
    MISSED,
    SKIPPED,
    WAIVED,
    ActionPlanRow,
    Asked,
    DoneStep,
    PlanBegun,
    PlanEnd,
    PlanEnded,
    PlanReason,
    PlanState,
    PlanStep,
    StepDone,
    StepOverdue,
    StepWaived,
    StoredActionPlan,
    WaiveReason,
)
from tocsin.model.commands import BeginPlan, DoStep, IncidentAct, PassStep, WaiveStep
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Incident, IncidentClosed
from tocsin.model.values import Actor, Code, Micros, Ref
from tocsin.rules.action_plan import (
    DURESS,
    Leads,
    begins_with,
    ends_call,
    leads,
    leads_to,
    results_of,
    steps_of,
)

PlanBody = PlanBegun | StepDone | StepWaived | StepOverdue | PlanEnded | IncidentClosed


def begun(stored: StoredActionPlan, incident: Incident, now: Micros, reason: PlanReason, *, alone: bool) -> PlanBegun:
    """Begin a plan, or begin it anew: steps of the same id that were done before stay done."""
    row = stored.row
    ids = steps_of(row)
    before = () if incident.plan is None else incident.plan.done
    kept = tuple(one for one in before if one.step in ids and one.result != MISSED)
    led = leads(row, kept, begins_with(row, alone=alone), now, alone=alone)
    return PlanBegun(
        alone=alone,
        due_at=led.due_at,
        exercise=incident.exercise,
        hash=stored.hash,
        keeps=tuple(one.step for one in kept),
        name=row.name,
        of=len(row.steps),
        plan=stored.id,
        reason=reason,
        step=led.step,
        undone=led.undone,
        version=stored.seq,
    )


def decide_step(
    incident: Incident, row: ActionPlanRow, act: DoStep | WaiveStep | PassStep, now: Micros
) -> list[PlanBody]:
    """What a person did with a step.

    Raises:
        Conflict: it is not its turn, or it cannot be gone past so. Nothing was changed.
        BadInput: this is no result of such a step.
    """
    plan = _going(incident)
    step = _its_turn(incident, plan, row, act.step)
    match act:
        case WaiveStep():
            ids = [step.id, *(one for one in plan.undone if act.all_undone and one != step.id)]
            return _waived(incident, plan, row, ids, act.reason, now)
        case PassStep():
            if step.is_mandatory:
                raise Conflict(
                    f"Incident {incident.number}: step {step.id} is mandatory. Nothing was changed. Do it, or leave it "
                    "undone with a reason",
                    "plan.mandatory",
                )
            return finished(incident, row, step, SKIPPED, now)
        case DoStep():
            return _done(incident, row, step, act, now)


def waive_undone(incident: Incident, row: ActionPlanRow, reason: WaiveReason, now: Micros) -> list[PlanBody]:
    """Leave every mandatory step undone that stands in the way of closing."""
    plan = _going(incident)
    return _waived(incident, plan, row, plan.undone, reason, now)


def called(
    incident: Incident, row: ActionPlanRow, outcome: Code, of: Ref, place: int, now: Micros, *, has_more: bool
) -> list[PlanBody]:
    """A keyholder was called: where it is the turn of a call step, it may be over with that."""
    plan = incident.plan
    step = None if plan is None or plan.step is None else steps_of(row).get(plan.step)
    if step is None or step.kind != "call" or step.call != "keyholders":
        return []
    result = ends_call(step, outcome, has_more=has_more)
    return [] if result is None else finished(incident, row, step, result, now, of=of, place=place)


def finished(
    incident: Incident,
    row: ActionPlanRow,
    step: PlanStep,
    result: Code,
    now: Micros,
    *,
    asked: Asked | None = None,
    of: Ref | None = None,
    place: int | None = None,
    told: int | None = None,
) -> list[PlanBody]:
    """A step is over with this result; and with it the plan, where it leads out."""
    plan = _going(incident)
    led = _after(plan, row, step, result, now)
    is_duress = result == DURESS
    body = StepDone(
        asked=asked,
        due_at=led.due_at,
        exercise=incident.exercise,
        kind=step.kind,
        line=step.line,
        next=led.step,
        of=of,
        place=place,
        priority=1 if is_duress else incident.priority,
        raised_from=incident.priority if is_duress and incident.priority > 1 else None,
        result=result,
        silent=incident.silent or is_duress,
        step=step.id,
        told=told,
        undone=led.undone,
    )
    return [body, *_out(incident, led)]


def overdue(
    incident: Incident,
    row: ActionPlanRow,
    step: PlanStep,
    now: Micros,
    late_s: int,
    *,
    again_at: Micros | None = None,
    refused: int = 0,
    told: int = 0,
) -> list[PlanBody]:
    """The limit of the step whose turn it is was missed. `again_at`: when the next of a chain are told."""
    plan = _going(incident)
    missed = step.missed
    if missed is not None and missed.do == "go" and missed.go is not None:
        mark = DoneStep(at=now, by=None, result=MISSED, step=step.id)
        led = leads(row, (*_others(plan.done, step.id), mark), missed.go, now, alone=plan.alone)
    else:
        led = Leads(step.id, again_at, plan.undone, None)
    body = StepOverdue(
        chain=None if missed is None else missed.chain,
        do="mark" if missed is None else missed.do,
        due_at=led.due_at,
        exercise=incident.exercise,
        late_s=late_s,
        next=led.step,
        refused=refused,
        step=step.id,
        told=told,
        undone=led.undone,
    )
    return [body, *_out(incident, led)]


def left_alone(incident: Incident, reason: PlanEnd) -> PlanEnded:
    """Its part without an operator is over: it goes to the queue, and its plan begins when somebody claims it."""
    return PlanEnded(exercise=incident.exercise, reason=reason)


def _going(incident: Incident) -> PlanState:
    plan = incident.plan
    if plan is None:
        raise Conflict(
            f"Incident {incident.number} has no plan that has begun. Nothing was changed. Begin it first",
            "plan.none",
        )
    return plan


def _its_turn(incident: Incident, plan: PlanState, row: ActionPlanRow, id_: Code) -> PlanStep:
    step = steps_of(row).get(id_)
    is_missed = any(one.step == id_ and one.result == MISSED for one in plan.done)
    if step is not None and (plan.step == id_ or is_missed):
        return step
    if plan.step is None:
        raise Conflict(
            f"Incident {incident.number}: its plan has been gone through. Nothing was changed. Look at it again",
            "plan.over",
        )
    raise Conflict(
        f"Incident {incident.number}: it is not the turn of this step, but of {plan.step}. Nothing was changed. "
        "Look at the plan again",
        "plan.other_step",
    )


def _done(incident: Incident, row: ActionPlanRow, step: PlanStep, act: DoStep, now: Micros) -> list[PlanBody]:
    if step.kind == "wait":
        raise Conflict(
            f"Incident {incident.number}: step {step.id} is a wait, which ends by itself. Nothing was changed. Wait, "
            "or leave it out",
            "plan.by_itself",
        )
    if act.result not in results_of(step):
        raise BadInput(
            f"{act.result} is no result of step {step.id}. Nothing was changed. Give one of "
            + ", ".join(results_of(step)),
            "plan.result",
        )
    if step.kind == "call" and step.call == "keyholders" and act.result != "nobody":
        raise BadInput(
            f"Step {step.id} calls keyholders of the call list. Nothing was changed. Say which one was called, and by "
            "which number",
            "plan.keyholder",
        )
    if step.kind == "dispatch" and act.result == "asked":
        asks = act.asks or step.asks
        asked = Asked(asks=asks, at=act.asked_at or now, reference=act.reference)
        return finished(incident, row, step, act.result, now, asked=asked)
    if step.kind == "call" and ends_call(step, act.result, has_more=False) is None:
        return [_tried(incident, step, act.result)]
    return finished(incident, row, step, act.result, now, told=act.told)


def _tried(incident: Incident, step: PlanStep, result: Code) -> StepDone:
    """A call that reached nobody: it is noted, and the step's turn goes on."""
    plan = _going(incident)
    return StepDone(
        due_at=plan.due_at,
        exercise=incident.exercise,
        kind=step.kind,
        next=step.id,
        priority=incident.priority,
        result=result,
        silent=incident.silent,
        step=step.id,
        undone=plan.undone,
    )


def _waived(
    incident: Incident, plan: PlanState, row: ActionPlanRow, ids: Sequence[Code], reason: WaiveReason, now: Micros
) -> list[PlanBody]:
    """Leave steps undone. Where several are, only that whose turn it is leads on; the others wait for no turn then."""
    done = list(plan.done)
    steps = steps_of(row)
    bodies: list[PlanBody] = []
    at, due_at = plan.step, plan.due_at
    led = Leads(at, due_at, plan.undone, None)
    for id_ in ids:
        done = [*_others(done, id_), DoneStep(at=now, by=None, reason=reason, result=WAIVED, step=id_)]
        if id_ == at or at is None:
            target = steps[id_].next if id_ == at else END
            led = leads(row, done, target, now, alone=plan.alone)
        else:
            led = leads(row, done, at, now, alone=plan.alone)
            led = led._replace(due_at=due_at if led.step == at else led.due_at)
        at, due_at = led.step, led.due_at
        bodies.append(
            StepWaived(due_at=due_at, exercise=incident.exercise, next=at, reason=reason, step=id_, undone=led.undone)
        )
    return [*bodies, *(_out(incident, led) if plan.step is not None else ())]


def _after(plan: PlanState, row: ActionPlanRow, step: PlanStep, result: Code, now: Micros) -> Leads:
    done = (*_others(plan.done, step.id), DoneStep(at=now, by=None, result=result, step=step.id))
    if step.id == plan.step:
        return leads(row, done, leads_to(step, result), now, alone=plan.alone)
    # One that a missed limit had gone past is done late: the turn stays where it is.
    led = leads(row, done, plan.step or END, now, alone=plan.alone)
    return led._replace(due_at=plan.due_at, way_out=None)


def _others(done: Sequence[DoneStep], id_: Code) -> list[DoneStep]:
    return [one for one in done if one.step != id_]


def _out(incident: Incident, led: Leads) -> list[PlanBody]:
    """What follows where the way leads out."""
    plan = _going(incident)
    if led.way_out is None or led.step is not None:
        return []
    if not plan.alone:
        return [PlanEnded(exercise=incident.exercise, reason="through", undone=led.undone)]
    if led.way_out == HANDLED and incident.condition == "returned":
        return [
            PlanEnded(exercise=incident.exercise, reason="handled"),
            IncidentClosed(disposition="handled_by_plan", exercise=incident.exercise, note=None),
        ]
    return [left_alone(incident, "to_queue")]


def refuse_undone(incident: Incident, disposition: str, excused: frozenset[str]) -> None:
    """Refuse to close an incident whose mandatory steps are neither done nor waived.

    Raises:
        Conflict: it names them.
    """
    plan = incident.plan
    if plan is None or not plan.undone or disposition in excused:
        return
    raise Conflict(
        f"Incident {incident.number} was not closed: of its plan {', '.join(plan.undone)} "
        f"{'is' if len(plan.undone) == 1 else 'are'} neither done nor left undone with a reason. Nothing was changed. "
        "Do what is left, or say why it is not done",
        "incident.steps_undone",
    )


def refuse_not_own(incident: Incident, actor: Actor) -> None:
    """Steps are done by whoever has the incident.

    Raises:
        Conflict: it is closed, or another has it, or nobody.
    """
    if incident.state == "closed":
        raise Conflict(
            f"Incident {incident.number} is closed: there is no step to do. Nothing was changed. Reopen it where there "
            "is more to do",
            "incident.closed",
        )
    if incident.claimed_by is None:
        raise Conflict(
            f"Incident {incident.number}: nobody has claimed it. Nothing was changed. Claim it first",
            "incident.not_claimed",
        )
    if incident.claimed_by != actor:
        raise Conflict(
            f"Incident {incident.number}: another operator has it. Nothing was changed. Talk to them, or take it over "
            "first",
            "incident.claimed_by_other",
        )


def is_plan_act(act: IncidentAct) -> bool:
    """Is it about the plan?"""
    return isinstance(act, BeginPlan | DoStep | WaiveStep | PassStep)
