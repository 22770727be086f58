"""`/api/v1/incidents/{id}/plan/...`: what whoever has an incident does with the steps of its action plan."""

import asyncio
from typing import Any

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tocsin.model.calls import CALL_OUTCOMES, CallOutcome
from tocsin.model.commands import BeginPlan, Command, DoStep, PassStep, PlanAct, WaiveStep
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Incident
from tocsin.model.values import Code, Ref, Seq
from tocsin.web.action_plan_items import PlanItems
from tocsin.web.api.action_plan_types import BeginBody, NextBody, PlanDetail, StepBody, WaiveBody
from tocsin.web.api.incidents import Desk, IdempotencyKey, IncidentId, checked_id
from tocsin.web.api.types import PlanAnswer
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of an incident's plan."""
    desk = Desk(parts)
    items = PlanItems(parts)
    notes = parts.centre.help_notes

    def act(request: PrincipalRequest, incident_id: str, key: str, what: PlanAct) -> PlanAnswer:
        command = Command(
            actor=request.user.actor, id=Code(key), incident=checked_id(incident_id), version=None, act=what
        )
        done = desk.carry_out(command, None, request.user)
        return answer(request, done.incident.id, done.seq)

    def answer(request: PrincipalRequest, id_: Ref, seq: Seq) -> PlanAnswer:
        incident = desk.seen(id_, request.user)
        plan = items.of_incident(incident, parts.clock.now_us())
        return PlanAnswer(incident=desk.item(incident, request.user), plan=plan, seq=seq)

    @get("/api/v1/incidents/{incident_id:str}/plan", opt=needs("incident.texts"), summary="The action plan")
    @in_thread
    def read_plan(request: PrincipalRequest, incident_id: IncidentId) -> PlanDetail:
        """The plan of an incident with what became of each step, or the plan that it would begin now."""
        incident = desk.seen(checked_id(incident_id), request.user)
        found = items.of_incident(incident, parts.clock.now_us())
        if found is None:
            raise BadInput("This incident has no action plan. Nothing was read. Handle it by its type", "plan.nothing")
        return found

    @post(
        "/api/v1/incidents/{incident_id:str}/plan/begin",
        opt=needs("incident.handle"),
        status_code=200,
        summary="Begin the action plan",
    )
    async def begin_plan(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[BeginBody], idempotency_key: IdempotencyKey
    ) -> PlanAnswer:
        """Begin the plan where none has begun: of an incident that was claimed before there were plans."""
        del data
        return await asyncio.to_thread(act, request, incident_id, idempotency_key, BeginPlan())

    @post(
        "/api/v1/incidents/{incident_id:str}/plan/step",
        opt=needs("incident.handle"),
        status_code=200,
        summary="What became of a step",
    )
    async def do_step(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[StepBody], idempotency_key: IdempotencyKey
    ) -> PlanAnswer:
        """Say what became of the step whose turn it is. A call to a keyholder is the same fact as on the call list."""
        if data.of is not None:
            return await asyncio.to_thread(call, request, checked_id(incident_id), data, idempotency_key)
        what = DoStep(
            step=Code(data.step),
            result=Code(data.result),
            asked_at=data.asked_at,
            asks=tuple(map(Code, data.asks or ())),
            reference=None if data.reference is None else Code(data.reference),
        )
        return await asyncio.to_thread(act, request, incident_id, idempotency_key, what)

    def call(request: PrincipalRequest, id_: Ref, data: StepBody, key: str) -> PlanAnswer:
        incident = desk.seen(id_, request.user)
        _refuse_no_call(incident, data)
        assert data.of is not None, "it was looked at"
        outcome = outcome_of(data.result)
        _, seq = notes.called(id_, Ref(data.of), data.telephone or 1, outcome, request.user.actor, Code(key))
        return answer(request, id_, seq)

    @post(
        "/api/v1/incidents/{incident_id:str}/plan/waive",
        opt=needs("incident.handle"),
        status_code=200,
        summary="Leave a step undone",
    )
    async def waive_step(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[WaiveBody], idempotency_key: IdempotencyKey
    ) -> PlanAnswer:
        """Leave the step undone whose turn it is, for a coded reason; or all that stand in the way of closing."""
        what = WaiveStep(step=Code(data.step), reason=data.reason, all_undone=data.all_undone)
        return await asyncio.to_thread(act, request, incident_id, idempotency_key, what)

    @post(
        "/api/v1/incidents/{incident_id:str}/plan/next",
        opt=needs("incident.handle"),
        status_code=200,
        summary="Go past a step",
    )
    async def pass_step(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[NextBody], idempotency_key: IdempotencyKey
    ) -> PlanAnswer:
        """Go past the step whose turn it is, which is not mandatory."""
        return await asyncio.to_thread(act, request, incident_id, idempotency_key, PassStep(step=Code(data.step)))

    return [read_plan, begin_plan, do_step, waive_step, pass_step]


def outcome_of(result: str) -> CallOutcome:
    """The outcome of a call that a result names.

    Raises:
        BadInput: it is none.
    """
    found: dict[str, CallOutcome] = {known: known for known in CALL_OUTCOMES}
    if result not in found:
        raise BadInput(
            f"{result[:30]} is no outcome of a call. Nothing was noted. Give one of {', '.join(CALL_OUTCOMES)}",
            "plan.result",
        )
    return found[result]


def _refuse_no_call(incident: Incident, data: StepBody) -> None:
    """Whoever names a step must mean the one whose turn it is: somebody else may have been faster."""
    plan = incident.plan
    if plan is None:
        raise Conflict(
            f"Incident {incident.number} has no plan that has begun. Nothing was noted. Begin it first", "plan.none"
        )
    if plan.step != data.step:
        raise Conflict(
            f"Incident {incident.number}: it is not the turn of this step any more. Nothing was noted. Look at the "
            "plan again, and note the call on the call list where it was made",
            "plan.other_step",
        )
