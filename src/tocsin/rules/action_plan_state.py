"""What a fact about a plan makes of an incident: part of `rules.incident.apply`, and decides nothing as that does."""

from typing import Final, assert_never

from msgspec.structs import replace

from tocsin.model.action_plans import (
    MISSED,
    WAIVED,
    DoneStep,
    PlanBegun,
    PlanEnded,
    PlanState,
    StepDone,
    StepOverdue,
    StepWaived,
)
from tocsin.model.incidents import Incident
from tocsin.model.values import Actor, Code, Micros, Seq

PlanFact = PlanBegun | StepDone | StepWaived | StepOverdue | PlanEnded
OVER: Final = frozenset({"through", "handled"})
"""Ends after which nothing of a plan goes on."""


def apply_plan(incident: Incident, body: PlanFact, *, seq: Seq, at: Micros, actor: Actor | None) -> Incident:
    """The incident as it is after a fact about its plan."""
    acted = incident.acted if actor is None else seq
    if isinstance(body, PlanBegun):
        return replace(incident, acted=acted, plan=_begun(incident.plan, body, at), version=seq)
    plan = incident.plan
    assert plan is not None, "only a plan that has begun has steps"
    match body:
        case StepDone():
            is_news = body.priority < incident.priority or (body.silent and not incident.silent)
            mark = DoneStep(at=at, by=actor, result=body.result, step=body.step)
            return replace(
                incident,
                acted=acted,
                alarmed=seq if is_news else incident.alarmed,
                plan=plan if body.next == body.step else _moved(plan, mark, body.next, body.due_at, body.undone, at),
                priority=body.priority,
                silent=body.silent,
                version=seq,
            )
        case StepWaived():
            mark = DoneStep(at=at, by=actor, reason=body.reason, result=WAIVED, step=body.step)
            moved = _moved(plan, mark, body.next, body.due_at, body.undone, at)
            return replace(incident, acted=acted, plan=moved, version=seq)
        case StepOverdue():
            return replace(incident, plan=_overdue(plan, body, at), version=seq)
        case PlanEnded():
            over = replace(
                plan,
                alone=False,
                due_at=body.due_at,
                ended=body.reason in OVER,
                late=False,
                since=at,
                step=body.step,
                told=0,
                undone=body.undone,
            )
            return replace(incident, plan=over, version=seq)
    assert_never(body)


def ended(plan: PlanState | None) -> PlanState | None:
    """What a closing leaves of a plan: no step has its turn any more."""
    if plan is None or plan.ended:
        return plan
    return replace(plan, alone=False, due_at=None, ended=True, late=False, step=None, told=0, undone=())


def _begun(before: PlanState | None, body: PlanBegun, at: Micros) -> PlanState:
    done = () if before is None else before.done
    return PlanState(
        alone=body.alone,
        begun_at=at,
        done=tuple(one for one in done if one.step in body.keeps and one.result != MISSED),
        due_at=body.due_at,
        hash=body.hash,
        name=body.name,
        of=body.of,
        plan=body.plan,
        since=at,
        step=body.step,
        undone=body.undone,
        version=body.version,
    )


def _moved(
    plan: PlanState, mark: DoneStep, step: Code | None, due_at: Micros | None, undone: tuple[Code, ...], at: Micros
) -> PlanState:
    """A step is over. Its turn goes on to another only where it was this one's."""
    done = (*(one for one in plan.done if one.step != mark.step), mark)
    if step == plan.step:
        return replace(plan, done=done, undone=undone)
    return replace(plan, done=done, due_at=due_at, late=False, since=at, step=step, told=0, undone=undone)


def _overdue(plan: PlanState, body: StepOverdue, at: Micros) -> PlanState:
    if body.next != body.step:
        mark = DoneStep(at=at, by=None, result=MISSED, step=body.step)
        return _moved(plan, mark, body.next, body.due_at, body.undone, at)
    told = plan.told + (body.do == "tell")
    return replace(plan, due_at=body.due_at, late=True, told=told)
