"""Floor plans of sites. What is sent is drawn anew in a process of its own: its pixels alone are kept and shown."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.editing import who_made
from tocsin.centre.plan_worker import PlanAnswer
from tocsin.model.errors import BadInput
from tocsin.model.plans import FILE_BYTES_MAX, LEVEL_MAX, LEVEL_MIN, DrawnPlan, FloorPlan, PlanZone
from tocsin.model.sites import Zone
from tocsin.model.values import Code, Place, Ref, Seq
from tocsin.web.api.incidents import Desk, IncidentId, checked_id
from tocsin.web.api.plan_types import IncidentPlans, PlanBody, PlanItem, PlansAnswer, PlanZoneItem
from tocsin.web.api.sites import SiteId, Version
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.side_process import SideProcess
from tocsin.web.threads import in_thread

PLAN_BODY_BYTES_MAX: Final = 256 << 10
DRAW_S: Final = 40.0
ACCOUNTS_MAX: Final = 1_000
MEDIA: Final = ("image/png", "image/jpeg", "application/pdf")
PrincipalRequest = Request[Principal, Any, Any]
PlanId = Annotated[str, PathParameter(description="Id of a floor plan", max_length=40)]
Level = Annotated[int, QueryParameter(ge=LEVEL_MIN, le=LEVEL_MAX, description="Which level it shows; 0 is the ground")]
Page = Annotated[int, QueryParameter(ge=1, le=1_000, description="Page of a PDF")]
_ANSWER: Final = msgspec.msgpack.Decoder(PlanAnswer)


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of floor plans."""
    plans, shown, desk = parts.centre.floor_plans, _Shown(parts), Desk(parts)
    worker = SideProcess("tocsin.centre.plan_worker", "plan", DRAW_S)

    async def drawn(request: PrincipalRequest, page: int) -> DrawnPlan:
        answer = _ANSWER.decode(await worker.read(await request.body(), str(page)))
        if answer.plan is None:
            raise BadInput(answer.message, answer.code)
        return answer.plan

    @get("/api/v1/sites/{site_id:str}/plans", opt=needs("site.read"), summary="Floor plans of a site")
    @in_thread
    def read_plans(site_id: SiteId) -> PlansAnswer:
        """The plans with the zones on them, and all zones of the site."""
        return shown.answer(Ref(site_id))

    @get("/api/v1/incidents/{incident_id:str}/plans", opt=needs("incident.texts"), summary="Floor plans of its place")
    @in_thread
    def read_incident_plans(request: PrincipalRequest, incident_id: IncidentId) -> IncidentPlans:
        """The plans of the incident's site, and which zones are active in it."""
        incident = desk.seen(checked_id(incident_id), request.user)
        answer = PlansAnswer(items=[], zones=[]) if incident.site_id is None else shown.answer(incident.site_id)
        points = {(one.account_id, one.zone) for one in incident.points}
        active = [zone for zone in answer.zones if (zone.account_id, zone.number) in points]
        return IncidentPlans(active=active, items=answer.items)

    @get("/api/v1/plans/{plan_id:str}/picture", opt=needs("site.read"), summary="The picture of a floor plan")
    @in_thread
    def read_plan_picture(plan_id: PlanId) -> Response[bytes]:
        """PNG or JPEG. It is kept in no cache: somebody may remove it."""
        plan = plans.one(Ref(plan_id))
        picture = plans.picture(plan)
        if picture is None:
            raise BadInput("The picture of this plan is lost. Send it again", "plan.lost")
        return Response(
            picture,
            media_type=f"image/{plan.row.media}",
            headers={"cache-control": "no-store", "content-security-policy": "default-src 'none'; sandbox"},
        )

    @post(
        "/api/v1/sites/{site_id:str}/plans",
        opt={**needs("site.write"), FILE: MEDIA},
        status_code=200,
        request_max_body_size=FILE_BYTES_MAX,
        summary="Add a floor plan",
    )
    async def add_plan(request: PrincipalRequest, site_id: SiteId, level: Level = 0, page: Page = 1) -> PlanItem:
        """The body is the file: PNG, JPEG or PDF. Its pixels alone are kept."""
        made = await drawn(request, page)
        return await shown.added(Ref(site_id), level, made, request.user)

    @put(
        "/api/v1/plans/{plan_id:str}/picture",
        opt={**needs("site.write"), FILE: MEDIA},
        request_max_body_size=FILE_BYTES_MAX,
        summary="Put another picture in place of a floor plan",
    )
    async def replace_plan(request: PrincipalRequest, plan_id: PlanId, version: Version, page: Page = 1) -> PlanItem:
        """Zones stay where they are."""
        made = await drawn(request, page)
        return await shown.replaced(Ref(plan_id), Seq(version), made, request.user)

    @put(
        "/api/v1/plans/{plan_id:str}",
        opt=needs("site.write"),
        request_max_body_size=PLAN_BODY_BYTES_MAX,
        summary="Say what a floor plan shows",
    )
    @in_thread
    def change_plan(request: PrincipalRequest, plan_id: PlanId, data: JSONBody[PlanBody]) -> PlanItem:
        """Its level, and where zones are on it."""
        zones = [
            PlanZone(account_id=Ref(one.account_id), number=Code(one.number), x=one.x, y=one.y) for one in data.zones
        ]
        return shown.item(plans.change(Ref(plan_id), Seq(data.version), data.level, zones, request.user.actor))

    @delete("/api/v1/plans/{plan_id:str}", opt=needs("site.write"), summary="Remove a floor plan")
    @in_thread
    def remove_plan(request: PrincipalRequest, plan_id: PlanId, version: Version) -> Response[None]:
        """Its picture is destroyed for ever."""
        plans.remove(Ref(plan_id), Seq(version), request.user.actor)
        return Response(None, status_code=204)

    return [read_plans, read_incident_plans, read_plan_picture, add_plan, replace_plan, change_plan, remove_plan]


class _Shown:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._plans = parts.centre.floor_plans

    @in_thread
    def added(self, site_id: Ref, level: int, drawn: DrawnPlan, who: Principal) -> PlanItem:
        return self.item(self._plans.add(site_id, level, drawn, who.actor))

    @in_thread
    def replaced(self, id_: Ref, version: Seq, drawn: DrawnPlan, who: Principal) -> PlanItem:
        return self.item(self._plans.replace(id_, version, drawn, who.actor))

    def answer(self, site_id: Ref) -> PlansAnswer:
        zones = self._zones(site_id)
        return PlansAnswer(
            items=[self._item(plan, zones) for plan in self._plans.of_site(site_id)], zones=list(zones.values())
        )

    def item(self, plan: FloorPlan) -> PlanItem:
        return self._item(plan, self._zones(plan.row.site_id))

    def _item(self, plan: FloorPlan, zones: dict[tuple[Ref, Code], PlanZoneItem]) -> PlanItem:
        row = plan.row
        assert row.content is not None, "a plan that was removed has no row"
        by, at = who_made(self._parts.store, plan.seq)
        placed = [(one, zones.get((one.account_id, one.number))) for one in row.zones]
        return PlanItem(
            id=plan.id,
            changed_at=at,
            changed_by=by,
            content=row.content,
            height_px=row.height_px,
            level=row.level,
            media=row.media,
            site_id=row.site_id,
            size_bytes=row.size_bytes,
            version=plan.seq,
            width_px=row.width_px,
            # A zone whose account stands elsewhere now is not shown here any more.
            zones=[msgspec.structs.replace(item, x=one.x, y=one.y) for one, item in placed if item is not None],
        )

    def _zones(self, site_id: Ref) -> dict[tuple[Ref, Code], PlanZoneItem]:
        accounts = {
            one.id: one.row.account for one in self._parts.store.account_page(None, ACCOUNTS_MAX, site_id=site_id)
        }
        found: list[Zone] = self._parts.store.zones(list(accounts)) if accounts else []
        names = self._parts.centre.names.zones(accounts) if accounts else {}

        def name(zone: Zone) -> Place | None:
            return names.get(zone.row.account_id, {}).get(zone.row.number)

        return {
            (zone.row.account_id, zone.row.number): PlanZoneItem(
                account=accounts[zone.row.account_id],
                account_id=zone.row.account_id,
                name=name(zone),
                number=zone.row.number,
                type=zone.row.type,
                x=None,
                y=None,
            )
            for zone in found
        }
