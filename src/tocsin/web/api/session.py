"""`/api/v1/session`: who is signed in here; lock, unlock, sign out, and the phone that a session is bound to."""

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

import tocsin
from tocsin.access.access import LiveSession
from tocsin.model.errors import BadInput
from tocsin.model.values import Code, Place, Secret
from tocsin.web.api.people_types import ChallengeAnswer, ConfirmBody, DeviceBody, LockBody, ProofBody, UnlockBody
from tocsin.web.api.types import SessionAnswer
from tocsin.web.parts import Parts
from tocsin.web.people_items import user_item
from tocsin.web.permissions import needs, of_roles
from tocsin.web.security import Principal, Security, address_of, is_secure
from tocsin.web.threads import CHECKS, in_thread
from tocsin.web.zone import utc_offsets

PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the own session."""
    access = parts.access
    security = Security(access, parts.settings)

    def answer(request: PrincipalRequest, session: LiveSession) -> SessionAnswer:
        person = access.person(session.user)
        assert person is not None, "the session of somebody who was removed is not open"
        now = parts.clock.now_us()
        return SessionAnswer(
            id=session.id,
            user=user_item(person),
            permissions=[Code(name) for name in sorted(of_roles(session.roles))],
            centre=Place(parts.settings.centre.name),
            version=Code(tocsin.__version__),
            csrf=session.csrf,
            expires_at=session.expires_at,
            now=now,
            is_secure=is_secure(request.scope),
            demo=parts.settings.centre.demo,
            locked=session.locked,
            how=session.how,
            device=session.device,
            utc_offsets=utc_offsets(now),
        )

    def with_cookie(request: PrincipalRequest, session: LiveSession, secret: Secret) -> Response[SessionAnswer]:
        """The answer with the cookie of a phone's session, which lasts as long as that."""
        response = Response(answer(request, session))
        seconds = max(0, (session.expires_at - parts.clock.now_us()) // 1_000_000)
        response.set_cookie(security.cookie(secret, request, seconds))
        return response

    @get("/api/v1/session", opt=needs("session.own"), sync_to_thread=False, summary="Who is signed in")
    def read_session(request: PrincipalRequest) -> SessionAnswer:
        """Who is signed in here, what they may while it is not locked, and what to send with each change."""
        return answer(request, request.user.own_session)

    @delete("/api/v1/session", opt=needs("session.own", proves=True), sync_to_thread=True, summary="Sign out")
    def end_session(request: PrincipalRequest) -> Response[None]:
        """End this session; its cookie opens nothing any more."""
        session = request.user.own_session
        access.sign_out(session.id, session.user)
        response: Response[None] = Response(None, status_code=204)
        response.set_cookie(security.no_cookie(request))
        return response

    @post("/api/v1/session/lock", opt=needs("session.own"), status_code=200, summary="Lock this desk")
    @in_thread
    def lock_session(request: PrincipalRequest, data: JSONBody[LockBody]) -> SessionAnswer:
        """Let this desk go on showing the queue and sounding, and take no command until it is unlocked."""
        session = request.user.own_session
        access.lock(session.id, data.reason)
        return answer(request, msgspec.structs.replace(session, locked=True))

    @post(
        "/api/v1/session/touched",
        opt=needs("session.own"),
        status_code=204,
        sync_to_thread=False,
        summary="Somebody is at this desk",
    )
    def touch_session(request: PrincipalRequest) -> None:
        """Say that somebody has touched key or pointer here: what tells an attended desk from an abandoned one.

        Kept in memory, as the time alone; the console says it at most once a minute.
        """
        parts.hub.touch(request.user.own_session.id)

    @post("/api/v1/session/unlock", opt=needs("session.own"), status_code=200, summary="Unlock this desk")
    @CHECKS.check
    def unlock_session(request: PrincipalRequest, data: JSONBody[UnlockBody]) -> SessionAnswer:
        """Unlock by PIN or password. A wrong one delays the next, and never ends the session."""
        session = access.unlock(request.user.own_session.id, data.secret, address_of(request.scope))
        return answer(request, session)

    @post("/api/v1/session/confirm", opt=needs("self.manage"), summary="Show again who it is")
    @CHECKS.check
    def confirm_session(request: PrincipalRequest, data: JSONBody[ConfirmBody]) -> Response[None]:
        """Give password and code once more: for 15 minutes one may then change how one signs in."""
        session = request.user.own_session
        access.confirm(session.id, data.password, data.code, address_of(request.scope))
        return Response(None, status_code=204)

    @post("/api/v1/session/device", opt=needs("self.manage"), status_code=200, summary="Bind to this phone")
    @CHECKS.check
    def bind_device(request: PrincipalRequest, data: JSONBody[DeviceBody]) -> Response[SessionAnswer]:
        """Bind a responder's session to a phone's key: 90 days; every 10 minutes the phone shows that it is the one."""
        session = access.bind_device(request.user.own_session.id, bytes.fromhex(data.public_key))
        return with_cookie(request, session, security.secret_of(request))

    @get(
        "/api/v1/session/challenge",
        opt=needs("session.own", proves=True),
        sync_to_thread=False,
        summary="What this phone signs",
    )
    def read_challenge(request: PrincipalRequest) -> ChallengeAnswer:
        """What the phone signs to show that it is the one that this session is bound to. Good for one proof."""
        session = request.user.own_session
        if not session.device:
            raise _no_device()
        made = access.challenge(session.id)
        return ChallengeAnswer(session=session.id, message=made.message, expires_at=made.expires_at, csrf=session.csrf)

    @post("/api/v1/session/proof", opt=needs("session.own", proves=True), status_code=200, summary="Show this phone")
    @in_thread
    def prove_device(request: PrincipalRequest, data: JSONBody[ProofBody]) -> Response[SessionAnswer]:
        """Answer the challenge; the session then goes on for another ten minutes, under the cookie of the answer."""
        session = request.user.own_session
        if not session.device:
            raise _no_device()
        secret, proved = access.prove(session.id, bytes.fromhex(data.signature), security.secret_of(request))
        return with_cookie(request, proved, secret)

    return [
        read_session,
        end_session,
        lock_session,
        touch_session,
        unlock_session,
        confirm_session,
        bind_device,
        read_challenge,
        prove_device,
    ]


def _no_device() -> BadInput:
    return BadInput(
        "This session is bound to no phone. Nothing was changed. Bind it first, or go on without", "session.no_device"
    )
