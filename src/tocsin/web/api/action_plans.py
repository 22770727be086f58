"""`/api/v1/action-plans`: what leads operators through an incident, and what may be handled without one."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.action_plan_files import (
    HoursFile,
    MissedFile,
    PlanFile,
    PlanForm,
    StepFile,
    WhomFile,
    form_of,
)
from tocsin.centre.rosters import checked_zone
from tocsin.model.action_plans import DryAnswer
from tocsin.model.errors import BadInput
from tocsin.model.values import Code, Place, Ref, Seq, ZoneName
from tocsin.rules.action_plan import steps_of
from tocsin.web.action_plan_items import LOST, PlanItems, problem_items
from tocsin.web.api.action_plan_types import (
    ActionPlanBody,
    ActionPlanChange,
    ActionPlanItem,
    ActionPlansAnswer,
    PlanCheckAnswer,
    PlanDryAnswer,
    PlanDryBody,
    PlanDryStep,
    PlanStepBody,
    PlanVersionsAnswer,
    SwitchBody,
    SwitchItem,
)
from tocsin.web.configuration_items import shown_now
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PLAN_BYTES_MAX = 131_072
"""40 steps with all their words are about 60,000 bytes."""

PrincipalRequest = Request[Principal, Any, Any]
PlanId = Annotated[str, PathParameter(description="Id of an action plan, or its name", max_length=40)]
TypeId = Annotated[str, PathParameter(description="An incident type", max_length=40)]
MadeId = Annotated[str, PathParameter(max_length=16, description="A version of it")]
Version = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="The version that was looked at")]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of action plans."""
    plans = parts.centre.action_plans
    items = PlanItems(parts)

    @get("/api/v1/action-plans", opt=needs("action_plan.read"), summary="Action plans")
    @in_thread
    def read_action_plans() -> ActionPlansAnswer:
        """The centre's own plans with what is wrong with each now, those that ship, and what an editor needs."""
        return items.answer()

    @get("/api/v1/action-plans/{plan_id:str}", opt=needs("action_plan.read"), summary="One action plan")
    @in_thread
    def read_action_plan(plan_id: PlanId) -> ActionPlanItem:
        """One plan, by its id or its name."""
        return items.item(plan_id)

    @get("/api/v1/action-plans/{plan_id:str}/versions", opt=needs("action_plan.read"), summary="Versions of a plan")
    @in_thread
    def read_action_plan_versions(plan_id: PlanId) -> PlanVersionsAnswer:
        """Who changed a plan when, newest first. By a name: of all that ever had it, removed ones too."""
        return items.versions(plan_id)

    @get(
        "/api/v1/action-plans/{plan_id:str}/versions/{version_id:str}",
        opt=needs("action_plan.read"),
        summary="A plan as it was",
    )
    @in_thread
    def read_action_plan_version(plan_id: PlanId, version_id: MadeId) -> ActionPlanItem:
        """One version, whole: saved again it is how the plan is from then on, as a version of its own."""
        return items.version(plan_id, Seq(int(version_id) if version_id.isascii() and version_id.isdecimal() else 0))

    @post(
        "/api/v1/action-plans",
        opt=needs("action_plan.write"),
        summary="Make an action plan",
        request_max_body_size=PLAN_BYTES_MAX,
    )
    @in_thread
    def make_action_plan(request: PrincipalRequest, data: JSONBody[ActionPlanBody]) -> ActionPlanItem:
        """Make a plan, or one in place of one that ships, under its name. It is checked, and every mistake named."""
        return items.item(plans.make(plan_form(data), request.user.actor).id)

    @put(
        "/api/v1/action-plans/{plan_id:str}",
        opt=needs("action_plan.write"),
        summary="Change an action plan",
        request_max_body_size=PLAN_BYTES_MAX,
    )
    @in_thread
    def change_action_plan(
        request: PrincipalRequest, plan_id: PlanId, data: JSONBody[ActionPlanChange]
    ) -> ActionPlanItem:
        """Put a new version in place of what it is. Incidents go on with the version that they began with."""
        id_, actor, form = Ref(plan_id), request.user.actor, plan_form(data)
        shown_now(lambda: plans.change(id_, data.version, form, actor), lambda: items.item(id_))
        return items.item(id_)

    @delete("/api/v1/action-plans/{plan_id:str}", opt=needs("action_plan.write"), summary="Remove an action plan")
    @in_thread
    def remove_action_plan(request: PrincipalRequest, plan_id: PlanId, version: Version) -> Response[None]:
        """Remove a plan of the centre's own: the one that ships under its name is there again."""
        id_, actor = Ref(plan_id), request.user.actor
        shown_now(lambda: plans.remove(id_, Seq(version), actor), lambda: items.item(id_))
        return Response(None, status_code=204)

    @post(
        "/api/v1/action-plans/check",
        opt=needs("action_plan.write"),
        status_code=200,
        summary="Check an action plan",
        request_max_body_size=PLAN_BYTES_MAX,
    )
    @in_thread
    def check_action_plan(data: JSONBody[ActionPlanBody]) -> PlanCheckAnswer:
        """What is wrong with a plan, or may be. Nothing is saved."""
        return PlanCheckAnswer(problems=problem_items(plans.problems(plan_form(data))))

    @post(
        "/api/v1/action-plans/dry-run",
        opt=needs("action_plan.read"),
        status_code=200,
        summary="Go through an action plan dry",
        request_max_body_size=PLAN_BYTES_MAX,
    )
    @in_thread
    def dry_run_action_plan(data: JSONBody[PlanDryBody]) -> PlanDryAnswer:
        """Which steps would come when, with these answers. Sends nothing."""
        if data.plan is not None:
            form = plan_form(data.plan)
            row, texts = form.row, {one.id: one for one in form.texts}
            problems = plans.problems(form)
        elif data.type is not None:
            row, texts = plans.for_type(Code(data.type), None if data.site_id is None else Ref(data.site_id))
            problems = []
        else:
            raise BadInput("Neither a plan nor a type was given. Nothing was tried. Give one", "action_plan.nothing")
        if any(one.is_refused for one in problems):
            return PlanDryAnswer(name=row.name, steps=[], ends=None, undone=[], problems=problem_items(problems))
        answers = [DryAnswer(after_s=one.after_s, result=Code(one.result), step=Code(one.step)) for one in data.answers]
        ran = plans.dry_run(row, answers, alone=data.alone)
        steps = steps_of(row)
        return PlanDryAnswer(
            name=row.name,
            steps=[
                PlanDryStep(
                    step=one.step,
                    kind=steps[one.step].kind,
                    words=Place(texts[one.step].words) if one.step in texts else LOST,
                    at_s=one.at_s,
                    result=one.result,
                    took_s=one.took_s,
                    answered=one.is_answered,
                )
                for one in ran.steps
            ],
            ends=ran.ends,
            undone=list(ran.undone),
            problems=problem_items(problems),
        )

    @put(
        "/api/v1/action-plans/switches/{type_id:str}",
        opt=needs("action_plan.switch"),
        summary="Let plans handle a type without an operator",
    )
    @in_thread
    def switch_action_plan(request: PrincipalRequest, type_id: TypeId, data: JSONBody[SwitchBody]) -> SwitchItem:
        """Let the plan of a technical type handle its incidents of priority 3 and 4 without an operator, or not."""
        plans.switch(Code(type_id), data.version, request.user.actor, is_on=data.on)
        return items.switch(Code(type_id))

    return [
        read_action_plans,
        read_action_plan,
        read_action_plan_versions,
        read_action_plan_version,
        make_action_plan,
        change_action_plan,
        remove_action_plan,
        check_action_plan,
        dry_run_action_plan,
        switch_action_plan,
    ]


def plan_form(body: ActionPlanBody) -> PlanForm:
    """The row and words that a body stands for."""
    hours = body.hours
    if hours is not None:
        checked_zone(ZoneName(hours.zone))
    return form_of(
        PlanFile(
            name=body.name,
            steps=tuple(_step(one) for one in body.steps),
            alone=body.alone,
            types=tuple(body.types),
            sites=tuple(body.sites),
            hours=None if hours is None else HoursFile(hours.from_min, hours.to_min, hours.zone),
        )
    )


def _step(body: PlanStepBody) -> StepFile:
    missed, whom = body.missed, body.whom
    if len({one.result for one in body.goes}) < len(body.goes):
        raise BadInput(
            f"Step {body.id}: it leads to two places with one result. Nothing was changed. Choose one",
            "action_plan.result",
        )
    return StepFile(
        id=body.id,
        kind=body.kind,
        words=body.words,
        mandatory=body.mandatory,
        limit_s=body.limit_s,
        missed=None if missed is None else MissedFile(missed.do, missed.chain, missed.go),
        next=body.next,
        goes={one.result: one.to for one in body.goes},
        answers=body.answers,
        choices=body.choices,
        call=body.call,
        telephone=body.telephone,
        asks=tuple(body.asks),
        whom=None
        if whom is None
        else WhomFile(
            own=tuple(dict.fromkeys(whom.own)),
            roles=tuple(dict.fromkeys(whom.roles)),
            users=tuple(dict.fromkeys(whom.users)),
            groups=tuple(dict.fromkeys(whom.groups)),
            rosters=tuple(dict.fromkeys(whom.rosters)),
            desks=tuple(dict.fromkeys(whom.desks)),
            channels=tuple(dict.fromkeys(whom.channels)),
        ),
        wait_s=body.wait_s,
        until_returned=body.until_returned,
        line=body.line,
    )
