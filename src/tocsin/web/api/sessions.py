"""`/api/v1/sessions`: who is signed in, and ending that for somebody else."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from tocsin.model.errors import BadInput
from tocsin.model.values import Ref
from tocsin.web.api.people_types import SessionsAnswer
from tocsin.web.parts import Parts
from tocsin.web.people_items import session_items
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
SessionId = Annotated[str, PathParameter(description="Id of a session", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of everybody's sessions."""
    access = parts.access

    @get("/api/v1/sessions", opt=needs("session.end"), summary="Who is signed in")
    @in_thread
    def read_sessions(request: PrincipalRequest) -> SessionsAnswer:
        """Every open session, newest first."""
        return SessionsAnswer(items=session_items(access.sessions(), request.user.own_session.id))

    @delete("/api/v1/sessions/{session_id:str}", opt=needs("session.end"), summary="End a session")
    @in_thread
    def end_any_session(request: PrincipalRequest, session_id: SessionId) -> Response[None]:
        """End somebody's session: a desk that was left open, a phone that was lost."""
        found = {one.id: one for one in access.sessions()}.get(Ref(session_id))
        if found is None:
            raise BadInput(
                "There is no such session, or it has ended. Nothing was changed. Look at the list again",
                "session.unknown",
            )
        access.end_session(found.id, request.user.actor, "lost" if found.device else "another")
        return Response(None, status_code=204)

    return [read_sessions, end_any_session]
