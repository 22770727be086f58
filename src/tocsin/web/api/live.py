"""`/api/v1/live`: the stream of what changes, as server-sent events (docs/reference/live.md)."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, QueryParameter

from tocsin.access.access import Access
from tocsin.web.live import LIVE_ID_CHARACTERS_MAX, parse_live_id
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs, of_roles
from tocsin.web.security import Principal
from tocsin.web.stream import LiveStream

PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The live stream."""

    @get(
        "/api/v1/live",
        opt=needs("live.read"),
        sync_to_thread=False,
        media_type="text/event-stream",
        summary="What changes, as it changes",
    )
    def live(
        request: PrincipalRequest,
        after: Annotated[
            str | None,
            QueryParameter(
                description="Id to go on from, where a program cannot send `Last-Event-ID`; that header counts more",
                max_length=LIVE_ID_CHARACTERS_MAX,
                required=False,
            ),
        ] = None,
        last_event_id: Annotated[
            str | None,
            HeaderParameter(
                name="Last-Event-ID",
                description="Id to go on from: `live` of a snapshot, or the id of the last event",
                max_length=LIVE_ID_CHARACTERS_MAX,
                required=False,
            ),
        ] = None,
    ) -> LiveStream:
        """Tell what changes from an id on; without one, from now on: events `delta`, `beat` and `reset`."""
        last = last_event_id or after
        if last is not None:
            parse_live_id(last)
        user = request.user
        # A desk that is locked goes on listening: nothing personal is in the stream.
        session = None if user.session is None else user.session.id
        return LiveStream(parts.hub, user.granted, lambda: _may_still(parts.access, user), last, session, user.actor)

    return [live]


def _may_still(access: Access, user: Principal) -> bool:
    """The session or token is still open, and its rights are those that the stream began with."""
    opened_by = user.session or user.token
    if opened_by is None or not access.is_open(opened_by.id, None if user.session is None else user.session.key):
        return False
    return user.session is None or of_roles(access.roles_of(user.actor)) == user.granted
