"""`/api/v1/notices/bounces`: mail that came back to the centre's address, given to us by whoever has that mailbox.

The centre has no mailbox of its own. A mail server's pipe, or a provider's webhook, sends each report here with a
token. What it says is believed only of mail that was ours (`centre.outbox`).
"""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler

from tocsin.model.notices import BounceOutcome
from tocsin.protocols.bounces import BOUNCE_BYTES_MAX
from tocsin.web.openapi import FILE
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread


class BounceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a bounced mail."""

    outcome: BounceOutcome
    """Noted: its notice goes on by its next way. Known: nothing new. Not final: it may still arrive. Unknown: it is no
    mail of ours, or too old."""


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The route of bounced mail."""
    bounces = parts.centre.bounces

    @post(
        "/api/v1/notices/bounces",
        opt={**needs("notice.bounce"), FILE: ("message/rfc822",)},
        status_code=200,
        request_max_body_size=BOUNCE_BYTES_MAX,
        summary="Give back a mail that could not be delivered",
    )
    async def take_bounce(request: Request[Principal, Any, Any]) -> BounceAnswer:
        """The mail whole, as the server sent it (RFC 3464). The same again changes nothing."""
        return BounceAnswer(outcome=await _take(await request.body()))

    @in_thread
    def _take(raw: bytes) -> BounceOutcome:
        return bounces.take(raw)

    return [take_bounce]
