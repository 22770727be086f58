"""`/api/v1/grants`: which sites are a site contact's own, and which accounts an installer's."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.model.errors import BadInput
from tocsin.model.values import Ref
from tocsin.web.api.people_types import GrantBody, GrantItem, GrantsAnswer
from tocsin.web.parts import Parts
from tocsin.web.people_items import known_user
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
UserId = Annotated[str, PathParameter(description="Id of a user", max_length=40)]
TargetId = Annotated[str, PathParameter(description="Id of a site or an account", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of grants."""
    access = parts.access
    store = parts.store

    @get("/api/v1/grants", opt=needs("user.write"), summary="Whose own a site or account is")
    @in_thread
    def read_grants() -> GrantsAnswer:
        """Every site of a site contact and every account of an installer."""
        return GrantsAnswer(
            items=[
                GrantItem(user_id=person.id, target_id=target)
                for person in access.people()
                for target in sorted(access.granted(person.id))
            ]
        )

    @post("/api/v1/grants", opt=needs("user.write"), summary="Make it somebody's own")
    @in_thread
    def make_grant(request: PrincipalRequest, data: JSONBody[GrantBody]) -> GrantItem:
        """Let a site contact see a site, or an installer an account."""
        access.refuse_unconfirmed(request.user.own_session.id)
        user, target = known_user(access, data.user_id).id, Ref(data.target_id)
        is_there = store.sites([target]) if target.startswith("site-") else store.accounts([target])
        if not is_there:
            raise BadInput(
                "There is no such site or account, or not any more. Nothing was changed. Look at the list again",
                "grant.unknown",
            )
        access.grant(user, target, request.user.actor)
        return GrantItem(user_id=user, target_id=target)

    @delete("/api/v1/grants/{user_id:str}/{target_id:str}", opt=needs("user.write"), summary="Take it back")
    @in_thread
    def end_grant(request: PrincipalRequest, user_id: UserId, target_id: TargetId) -> Response[None]:
        """Let a site or account be somebody's own no more."""
        access.refuse_unconfirmed(request.user.own_session.id)
        access.revoke_grant(known_user(access, user_id).id, Ref(target_id), request.user.actor)
        return Response(None, status_code=204)

    return [read_grants, make_grant, end_grant]
