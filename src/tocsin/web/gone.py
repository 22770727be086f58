"""Whether whoever asks is still there."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from litestar.types import Receive

from tocsin.model.errors import BadInput

Made = TypeVar("Made")


async def until_gone(receive: Receive) -> None:
    """Wait until a request's connection ends. Its body must have been read."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def unless_gone(receive: Receive, made: Awaitable[Made]) -> Made:
    """Wait for what is made.

    Raises:
        BadInput: whoever asked went away meanwhile; it was cancelled.
    """
    work = asyncio.ensure_future(made)
    gone = asyncio.ensure_future(until_gone(receive))
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise BadInput("Whoever asked went away. It was not made, and nothing was changed. Ask again", "http.gone")
        return await work
    finally:
        gone.cancel()
        work.cancel()
