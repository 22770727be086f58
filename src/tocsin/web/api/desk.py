"""`/api/v1/desk`: what a desk tells the centre of itself."""

import asyncio
from typing import Any

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tocsin.web.api.types import SoundCheckAnswer, SoundCheckBody
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The sound check at the start of a shift."""

    @post("/api/v1/desk/sound-check", opt=needs("desk.act"), status_code=200, summary="Sound check")
    async def check_sound(request: Request[Principal, Any, Any], data: JSONBody[SoundCheckBody]) -> SoundCheckAnswer:
        """Note whether the person at the desk heard the sounds."""
        seq = await asyncio.to_thread(parts.centre.check_sound, data.heard, request.user.actor)
        return SoundCheckAnswer(seq=seq)

    return [check_sound]
