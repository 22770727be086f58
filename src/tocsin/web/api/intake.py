"""`/api/v1/intake/signals`: signals of machines and programs, answered when they are durable."""

from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tocsin.model.errors import Forbidden
from tocsin.model.signals import Receipt
from tocsin.model.values import Ref
from tocsin.protocols.machine_messages import BODY_BYTES_MAX, EVENT_TYPE, EVENTS_TYPE, JSON_TYPE
from tocsin.web.api.source_types import SignalReceipt, SignalReceipts
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal, address_of


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The route of signals."""

    @post(
        "/api/v1/intake/signals",
        opt={**needs("signal.send"), FILE: (JSON_TYPE, EVENT_TYPE, EVENTS_TYPE)},
        status_code=202,
        request_max_body_size=BODY_BYTES_MAX,
        summary="Send signals",
    )
    async def take_signals(
        request: Request[Principal, Any, Any],
        source: Annotated[
            str | None,
            QueryParameter(
                description="The source that sends; needed where the token may send for several",
                pattern=r"^source-[0-9]{1,16}$",
                required=False,
            ),
        ] = None,
    ) -> Response[SignalReceipts]:
        """One signal, or several that are stored together or not at all. The answer comes when they are durable."""
        token = request.user.token
        if token is None:
            raise Forbidden(
                "Signals come with a token of a source, not from somebody who is signed in. Nothing was stored. Make a "
                "token on the page of ways in, and send with that",
                "intake.token",
            )
        receipts = await parts.webhooks.take(
            token.id,
            None if source is None else Ref(source),
            await request.body(),
            {name.lower(): value for name, value in request.headers.items()},
            host=address_of(request.scope),
            is_encrypted=request.scope["scheme"] == "https",
        )
        return Response(SignalReceipts(receipts=[_item(one) for one in receipts]), status_code=202)

    return [take_signals]


def _item(one: Receipt) -> SignalReceipt:
    return SignalReceipt(id=one.id, seq=one.seq, duplicate_of=one.duplicate_of)
