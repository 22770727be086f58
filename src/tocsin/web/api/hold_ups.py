"""`/api/v1/hold-up`: the control room itself calls for help, in silence."""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread


class HoldUpBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a call for help of the control room itself."""

    exercise: bool = False
    """A test press: it goes the same way, marked as an exercise."""


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The route of the hold-up keys, and of a button that a program reads."""
    hold_ups = parts.centre.hold_ups

    @post("/api/v1/hold-up", opt=needs("hold_up.press"), status_code=204, summary="Call for help in silence")
    @in_thread
    def hold_up(request: Request[Principal, Any, Any], data: JSONBody[HoldUpBody]) -> Response[None]:
        """Open a hold-up of the control room itself, and have people elsewhere told at once.

        Of a person it shows nothing on the own screens while it is open; of a program's token, on no operator's. The
        answer says nothing but that it is stored; the same again is answered alike. A locked session may, too.
        """
        user = request.user
        hold_ups.press(user.actor, raised_by=None if user.session is None else user.actor, exercise=data.exercise)
        return Response(None, status_code=204)

    return [hold_up]
