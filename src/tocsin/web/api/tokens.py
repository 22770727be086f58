"""`/api/v1/tokens`: what programs come in with."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.model.values import Ref
from tocsin.web.api.people_types import TokenAnswer, TokenBody, TokenListItem, TokensAnswer
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
TokenId = Annotated[str, PathParameter(description="Id of a token", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of tokens."""
    access = parts.access

    @get("/api/v1/tokens", opt=needs("token.write"), summary="Tokens of programs")
    @in_thread
    def read_tokens() -> TokensAnswer:
        """Tokens with their last use, without their secrets."""
        return TokensAnswer(
            items=[
                TokenListItem(
                    id=one.id,
                    scopes=list(one.scopes),
                    created_at=one.created_at,
                    expires_at=one.expires_at,
                    used_at=one.used_at,
                    state=one.state,
                )
                for one in access.tokens()
            ]
        )

    @post("/api/v1/tokens", opt=needs("token.write"), summary="Make a token")
    @in_thread
    def make_token(request: PrincipalRequest, data: JSONBody[TokenBody]) -> TokenAnswer:
        """Make a token for a program. Its secret is in this answer, and kept nowhere."""
        access.refuse_unconfirmed(request.user.own_session.id)
        made = access.create_token(data.scopes, data.days, request.user.actor)
        return TokenAnswer(id=made.id, secret=made.secret, expires_at=made.expires_at)

    @delete("/api/v1/tokens/{token_id:str}", opt=needs("token.write"), summary="Revoke a token")
    @in_thread
    def revoke_token(request: PrincipalRequest, token_id: TokenId) -> Response[None]:
        """Let a token open nothing any more, from now on."""
        access.refuse_unconfirmed(request.user.own_session.id)
        access.revoke_token(Ref(token_id), request.user.actor)
        return Response(None, status_code=204)

    return [read_tokens, make_token, revoke_token]
