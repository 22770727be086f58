"""`/api/v1/rosters`: who is on call now and next, the turns, and exceptions for a time."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.rosters import Wanted
from tocsin.model.errors import BadInput
from tocsin.model.rosters import Roster
from tocsin.model.values import Actor, Code, Ref, Seq, ZoneName
from tocsin.web.api.roster_types import OverrideBody, RosterBody, RosterItem, RostersAnswer, layer_of, roster_item
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
OneRoster = Annotated[str, PathParameter(description="Id of a roster", max_length=27)]
OneOverride = Annotated[str, PathParameter(description="Number of an exception", max_length=10)]
Version = Annotated[int, QueryParameter(description="Version that was seen", ge=1, le=2**53)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of rosters."""
    rosters = parts.centre.rosters

    def item(roster: Roster) -> RosterItem:
        return roster_item(roster, rosters.now(roster))

    @get("/api/v1/rosters", opt=needs("roster.read"), summary="Who is on call, by every roster")
    @in_thread
    def read_rosters() -> RostersAnswer:
        """Now and next, and the times within five weeks in which nobody is."""
        return RostersAnswer(at=parts.clock.now_us(), items=[item(one) for one in rosters.all()])

    @post("/api/v1/rosters", opt=needs("roster.write"), summary="Add a roster")
    @in_thread
    def add_roster(request: PrincipalRequest, data: JSONBody[RosterBody]) -> RosterItem:
        """With its layers. The answer says where nobody is on call."""
        return item(rosters.put(None, _wanted(data), None, request.user.actor))

    @put("/api/v1/rosters/{roster_id:str}", opt=needs("roster.write"), summary="Change a roster")
    @in_thread
    def change_roster(request: PrincipalRequest, roster_id: OneRoster, data: JSONBody[RosterBody]) -> RosterItem:
        """All of it but its exceptions; refused where somebody changed it since it was looked at."""
        if data.version is None:
            raise BadInput(
                "The change does not say which version of the roster was seen. Nothing was changed. Send `version` of "
                "the roster that is on the screen",
                "roster.version",
            )
        return item(rosters.put(Ref(roster_id), _wanted(data), Seq(data.version), request.user.actor))

    @delete("/api/v1/rosters/{roster_id:str}", opt=needs("roster.write"), summary="Remove a roster")
    @in_thread
    def remove_roster(request: PrincipalRequest, roster_id: OneRoster, version: Version) -> Response[None]:
        """Nobody is asked by it any more; a desk that had it has none."""
        rosters.remove(Ref(roster_id), Seq(version), request.user.actor)
        return Response(None, status_code=204)

    @post("/api/v1/rosters/{roster_id:str}/overrides", opt=needs("roster.write"), summary="Somebody instead of another")
    @in_thread
    def add_override(request: PrincipalRequest, roster_id: OneRoster, data: JSONBody[OverrideBody]) -> RosterItem:
        """For a time; of several exceptions the later one counts."""
        instead_of = None if data.instead_of is None else Actor(data.instead_of)
        user, actor = Actor(data.user), request.user.actor
        return item(rosters.override(Ref(roster_id), user, instead_of, data.from_at, data.until_at, actor))

    @delete(
        "/api/v1/rosters/{roster_id:str}/overrides/{override_id:str}",
        opt=needs("roster.write"),
        summary="Take an exception back",
    )
    @in_thread
    def end_override(request: PrincipalRequest, roster_id: OneRoster, override_id: OneOverride) -> Response[None]:
        """From now on the turns count again. Of one that is not there nothing changes."""
        is_number = override_id.isascii() and override_id.isdigit()
        rosters.end_override(Ref(roster_id), int(override_id) if is_number else 0, request.user.actor)
        return Response(None, status_code=204)

    return [read_rosters, add_roster, change_roster, remove_roster, add_override, end_override]


def _wanted(data: RosterBody) -> Wanted:
    return Wanted(label=Code(data.label), layers=tuple(layer_of(one) for one in data.layers), zone=ZoneName(data.zone))
