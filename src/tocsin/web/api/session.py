"""`/api/v1/session` and `/api/v1/users`: who is signed in here, and who the colleagues are."""

from typing import Any

from litestar import Request, Response, delete, get
from litestar.handlers import HTTPRouteHandler

import tocsin
from tocsin.model.access import NamedUser
from tocsin.model.values import Code, Place
from tocsin.web.api.types import SessionAnswer, UserItem, UsersAnswer
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal, Security, is_secure

PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the own session and of colleagues."""
    access = parts.access
    security = Security(access, parts.settings)

    @get("/api/v1/session", opt=needs("session.own"), sync_to_thread=False, summary="Who is signed in")
    def read_session(request: PrincipalRequest) -> SessionAnswer:
        """Who is signed in here, what they may, and what to send with whatever changes something."""
        session = request.user.session
        assert session is not None, "session.own is no scope's"
        person = access.person(session.user)
        assert person is not None, "the session of somebody who was removed is not open"
        return SessionAnswer(
            user=user_item(person),
            permissions=[Code(name) for name in sorted(request.user.permissions)],
            centre=Place(parts.settings.centre.name),
            version=Code(tocsin.__version__),
            csrf=session.csrf,
            expires_at=session.expires_at,
            now=parts.clock.now_us(),
            is_secure=is_secure(request.scope),
            demo=parts.settings.centre.demo,
        )

    @delete("/api/v1/session", opt=needs("session.own"), sync_to_thread=True, summary="Sign out")
    def end_session(request: PrincipalRequest) -> Response[None]:
        """End this session; its cookie opens nothing any more."""
        session = request.user.session
        assert session is not None, "session.own is no scope's"
        access.sign_out(session.id, session.user)
        response: Response[None] = Response(None, status_code=204)
        response.set_cookie(security.no_cookie(request))
        return response

    @get("/api/v1/users", opt=needs("user.read"), sync_to_thread=False, summary="Colleagues")
    def read_users() -> UsersAnswer:
        """Everybody who may come in, with the names that facts and the live stream do not hold."""
        return UsersAnswer(items=[user_item(person) for person in access.people()])

    return [read_session, end_session, read_users]


def user_item(person: NamedUser) -> UserItem:
    """A user as colleagues see one."""
    return UserItem(id=person.id, name=person.name, roles=[Code(role) for role in person.roles])
