"""Warnings to crews about a place: shown in the incidents of that place, made and ended by a supervisor."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.centre.place_warnings import MadeWarning
from tocsin.model.values import Ref
from tocsin.model.warnings import PLACE_DANGERS
from tocsin.web.api.help_types import PlaceWarningBody, PlaceWarningItem, PlaceWarningsAnswer
from tocsin.web.api.incidents import Desk, IncidentId, checked_id
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
WarningId = Annotated[str, PathParameter(description="Id of a warning", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of warnings about places. There is no list of them."""
    desk = Desk(parts)
    warnings = parts.centre.place_warnings

    def answer(id_: Ref, who: Principal) -> PlaceWarningsAnswer:
        incident = desk.seen(id_, who)
        may_cause = (
            incident.state == "closed"
            and incident.site_id is not None
            and not incident.exercise
            and "place.warn" in who.permissions
        )
        return PlaceWarningsAnswer(
            items=[_item(one) for one in warnings.of_incident(incident)],
            may_cause=list(PLACE_DANGERS) if may_cause else [],
        )

    @get("/api/v1/incidents/{incident_id:str}/warnings", opt=needs("help.read"), summary="Warnings about the place")
    @in_thread
    def read_place_warnings(request: PrincipalRequest, incident_id: IncidentId) -> PlaceWarningsAnswer:
        """What crews who are sent there are warned of; of a closed incident, the warnings that it is the cause of."""
        return answer(checked_id(incident_id), request.user)

    @post("/api/v1/incidents/{incident_id:str}/warnings", opt=needs("place.warn"), summary="Warn about the place")
    @in_thread
    def warn_of_place(
        request: PrincipalRequest, incident_id: IncidentId, data: JSONBody[PlaceWarningBody]
    ) -> PlaceWarningsAnswer:
        """Warn crews, with this closed incident as the cause, for six months at most. The same danger is renewed."""
        id_ = checked_id(incident_id)
        warnings.warn(id_, data.danger, data.ends_at, request.user.actor)
        return answer(id_, request.user)

    @delete("/api/v1/warnings/{warning_id:str}", opt=needs("place.warn"), summary="End a warning")
    @in_thread
    def end_place_warning(request: PrincipalRequest, warning_id: WarningId) -> Response[None]:
        """End a warning before its time."""
        warnings.lift(Ref(warning_id), request.user.actor)
        return Response(None, status_code=204)

    return [read_place_warnings, warn_of_place, end_place_warning]


def _item(one: MadeWarning) -> PlaceWarningItem:
    body = one.warning.body
    return PlaceWarningItem(
        id=one.warning.id,
        danger=body.danger,
        cause=body.cause,
        ends_at=body.ends_at,
        made_at=one.made_at,
        made_by=one.made_by,
    )
