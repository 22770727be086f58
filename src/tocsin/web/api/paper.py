"""`/api/v1/paper`: an empty call form and the open incidents as PDF, for when the screens are dark."""

from typing import Any, Final

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from tocsin.web.paper import Press
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal

PrincipalRequest = Request[Principal, Any, Any]
PDF: Final = "application/pdf"


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of paper."""
    press = Press(parts)

    @get("/api/v1/paper/call-form", opt=needs("call.take"), summary="Call form on paper", media_type=PDF)
    async def read_call_paper() -> Response[bytes]:
        """An empty call form as PDF."""
        return _file("call-form", await press.call_form())

    @get("/api/v1/paper/open-incidents", opt=needs("call.take"), summary="Open incidents on paper", media_type=PDF)
    async def read_open_paper(request: PrincipalRequest) -> Response[bytes]:
        """The open incidents as they stand now, as PDF, with places that were told, and no other words of callers.

        Each person's first one of each claim is a fact of the incidents whose place was told.
        """
        return _file("open-incidents", await press.open_incidents(request.user.actor))

    return [read_call_paper, read_open_paper]


def _file(name: str, made: bytes) -> Response[bytes]:
    named = f'attachment; filename="{name}.pdf"'
    return Response(made, media_type=PDF, headers={"content-disposition": named, "cache-control": "no-store"})
