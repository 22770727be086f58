"""`/api/v1/me`: the own account. Password, second factor, PIN, and where one is signed in."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.model.errors import BadInput
from tocsin.model.values import Ref
from tocsin.web.api.people_types import (
    CredentialsItem,
    EndedAnswer,
    MeAnswer,
    PasswordBody,
    PinBody,
    RecoveryAnswer,
    TotpAnswer,
    TotpCodeBody,
)
from tocsin.web.parts import Parts
from tocsin.web.people_items import credentials_item, known_user, session_items, user_item
from tocsin.web.permissions import needs
from tocsin.web.qr import qr_rows
from tocsin.web.security import Principal, address_of
from tocsin.web.threads import CHECKS, in_thread

PrincipalRequest = Request[Principal, Any, Any]
SessionId = Annotated[str, PathParameter(description="Id of a session", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the own account."""
    access = parts.access

    def state(request: PrincipalRequest) -> CredentialsItem:
        return credentials_item(access.credentials_of(request.user.actor))

    @get("/api/v1/me", opt=needs("self.manage"), summary="The own account")
    @in_thread
    def read_me(request: PrincipalRequest) -> MeAnswer:
        """What one can sign in with, where one is signed in, and what is one's own."""
        me, session = request.user.actor, request.user.own_session
        return MeAnswer(
            user=user_item(known_user(access, me)),
            credentials=state(request),
            sessions=session_items(access.sessions(me), session.id),
            own=sorted(access.granted(me)),
            is_fresh=access.is_fresh(session.id),
            needs_old=access.credentials_of(me).password is not None and access.needs_old(me, session.id),
        )

    @post("/api/v1/me/password", opt=needs("self.manage"), status_code=200, summary="A new password")
    @CHECKS.check
    def set_own_password(request: PrincipalRequest, data: JSONBody[PasswordBody]) -> CredentialsItem:
        """Set the own password. It needs the old one, unless one came by a link just now. Other sessions end."""
        me = request.user.actor
        access.set_password(
            me,
            data.new,
            me,
            old=data.old,
            session=request.user.own_session.id,
            address=address_of(request.scope),
        )
        return state(request)

    @post("/api/v1/me/totp", opt=needs("self.manage"), status_code=200, summary="Set up an authenticator")
    @CHECKS.check
    def begin_totp(request: PrincipalRequest) -> TotpAnswer:
        """A secret for an authenticator. It counts when a code of it was given."""
        offer = access.begin_totp(request.user.actor, request.user.own_session.id)
        return TotpAnswer(secret=offer.secret, uri=offer.uri, picture=qr_rows(offer.uri), expires_at=offer.expires_at)

    @post("/api/v1/me/totp/confirm", opt=needs("self.manage"), status_code=200, summary="The first code")
    @CHECKS.check
    def confirm_totp(request: PrincipalRequest, data: JSONBody[TotpCodeBody]) -> RecoveryAnswer:
        """From now on signing in wants a code as well. The recovery codes are shown this once."""
        return RecoveryAnswer(codes=list(access.confirm_totp(request.user.actor, data.code)))

    @post("/api/v1/me/totp/remove", opt=needs("self.manage"), status_code=200, summary="No authenticator any more")
    @CHECKS.check
    def remove_own_totp(request: PrincipalRequest) -> CredentialsItem:
        """Sign in by password alone again. The recovery codes go too."""
        me = request.user.actor
        access.remove_totp(me, me, request.user.own_session.id)
        return state(request)

    @post("/api/v1/me/recovery-codes", opt=needs("self.manage"), status_code=200, summary="New recovery codes")
    @CHECKS.check
    def make_recovery_codes(request: PrincipalRequest) -> RecoveryAnswer:
        """Ten new codes, shown this once; those before are good for nothing any more."""
        return RecoveryAnswer(codes=list(access.make_recovery_codes(request.user.actor, request.user.own_session.id)))

    @post("/api/v1/me/pin", opt=needs("self.manage"), status_code=200, summary="A PIN for unlocking")
    @CHECKS.check
    def set_pin(request: PrincipalRequest, data: JSONBody[PinBody]) -> CredentialsItem:
        """Set the PIN that unlocks a desk where one is signed in. It lets nobody in anywhere else."""
        access.set_pin(request.user.actor, data.pin, request.user.own_session.id)
        return state(request)

    @delete("/api/v1/me/pin", opt=needs("self.manage"), summary="No PIN any more")
    @in_thread
    def remove_pin(request: PrincipalRequest) -> Response[None]:
        """Forget the PIN; a desk is then unlocked by the password."""
        access.remove_pin(request.user.actor, request.user.actor)
        return Response(None, status_code=204)

    @post("/api/v1/me/sign-out", opt=needs("self.manage"), status_code=200, summary="Sign out everywhere else")
    @in_thread
    def sign_out_elsewhere(request: PrincipalRequest) -> EndedAnswer:
        """End every other session of one's own, phones too. This one goes on."""
        me, session = request.user.actor, request.user.own_session
        return EndedAnswer(ended=access.end_all(me, me, "everywhere", session.id))

    @delete("/api/v1/me/sessions/{session_id:str}", opt=needs("self.manage"), summary="End an own session")
    @in_thread
    def end_own_session(request: PrincipalRequest, session_id: SessionId) -> Response[None]:
        """End one of the own sessions: a desk that was left, a phone that was lost."""
        me = request.user.actor
        if session_id not in {one.id for one in access.sessions(me)}:
            raise BadInput(
                "There is no such session of yours, or it has ended. Nothing was changed. Look at the list again",
                "session.unknown",
            )
        access.end_session(Ref(session_id), me, "sign_out")
        return Response(None, status_code=204)

    return [
        read_me,
        set_own_password,
        begin_totp,
        confirm_totp,
        remove_own_totp,
        make_recovery_codes,
        set_pin,
        remove_pin,
        sign_out_elsewhere,
        end_own_session,
    ]
