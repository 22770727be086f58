"""`/api/v1/status`: what the header of every screen shows, for programs that do not listen to the stream."""

from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from tocsin.web.api.types import StatusAnswer
from tocsin.web.hidden import hidden_from
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The centre's state in a few figures."""

    @get("/api/v1/status", opt=needs("status.read"), sync_to_thread=False, summary="How the centre is")
    def read_status(request: Request[Principal, Any, Any]) -> StatusAnswer:
        """Whether everything is ready, what is missing, when the last signal came, how much is open."""
        beat = parts.hub.beat()
        return StatusAnswer(
            ready=not beat.missing,
            missing=beat.missing,
            now=beat.now,
            last_signal_at=beat.last_signal_at,
            open=len(parts.board) - len(hidden_from(parts.board, request.user)),
            consoles=parts.hub.consoles,
            unknown=beat.unknown if "unknown.read" in request.user.permissions else None,
            live=parts.board.live,
        )

    return [read_status]
