"""`/api/v1/import/action-plans` and `/export/action-plans`: plans as files, whole and checked as saving checks them."""

import asyncio
from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tocsin.centre.action_plan_imports import ImportedPlan, ImportedPlans
from tocsin.model.errors import BadInput
from tocsin.model.values import HexHash
from tocsin.web.action_plan_items import problem_items
from tocsin.web.api.action_plan_types import PlanImportAnswer, PlanImportItem
from tocsin.web.openapi import ANSWERS, FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

FILE_BYTES_MAX: Final = 16 << 20
MEDIA: Final = ("application/json", "application/toml")
PrincipalRequest = Request[Principal, Any, Any]
PlanKey = Annotated[
    str | None, QueryParameter(max_length=40, description="Id or name of one plan; else all of the centre")
]
Basis = Annotated[
    str | None, QueryParameter(pattern=r"^[0-9a-f]{64}$", description="`basis` of the dry run that was looked at")
]
DryRun = Annotated[bool, QueryParameter(description="Say what it would do; change nothing")]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """An import and an export."""
    plans = parts.centre.action_plans

    @post(
        "/api/v1/import/action-plans",
        opt={**needs("action_plan.write"), FILE: MEDIA},
        status_code=200,
        request_max_body_size=FILE_BYTES_MAX,
        summary="Import action plans",
    )
    async def import_action_plans(
        request: PrincipalRequest, dry_run: DryRun = False, basis: Basis = None
    ) -> PlanImportAnswer:
        """Make and change plans by their names from a JSON or TOML file: all of it or nothing, each as a new version.

        With `dry_run` mistakes stand in the answer; without, they are a problem, and nothing was changed.
        """
        try:
            data = (await request.body()).decode("utf-8")
        except UnicodeDecodeError:
            raise BadInput("The file is not UTF-8. Nothing was read. Save it as UTF-8", "action_plan.file") from None

        def work() -> ImportedPlans:
            if dry_run:
                return plans.preview(data)
            return plans.import_(data, request.user.actor, basis=None if basis is None else HexHash(basis))

        return _answer(await asyncio.to_thread(work), dry_run=dry_run)

    @get(
        "/api/v1/export/action-plans",
        opt={**needs("action_plan.read"), ANSWERS: ("application/json",)},
        summary="Export action plans",
    )
    @in_thread
    def export_action_plans(plan: PlanKey = None) -> Response[bytes]:
        """The centre's own plans with their words, or one plan. Importing the file again changes nothing."""
        name = "action-plans" if plan is None else plan
        return Response(
            plans.export(plan),
            media_type="application/json",
            headers={"content-disposition": f'attachment; filename="{name}.json"', "cache-control": "no-store"},
        )

    return [import_action_plans, export_action_plans]


def _answer(done: ImportedPlans, *, dry_run: bool) -> PlanImportAnswer:
    return PlanImportAnswer(
        dry_run=dry_run,
        refused=bool(done.refused),
        basis=done.basis,
        plans=[_item(one) for one in done.plans],
    )


def _item(plan: ImportedPlan) -> PlanImportItem:
    return PlanImportItem(
        name=plan.name,
        state=plan.state,
        version=plan.version,
        in_place_of_shipped=plan.is_shipped_name,
        added=list(plan.added),
        changed=list(plan.changed),
        removed=list(plan.removed),
        fields=list(plan.fields),
        problems=problem_items(plan.problems),
    )
