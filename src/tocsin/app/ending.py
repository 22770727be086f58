"""How a centre ends: when, with which status, and what is undone in which order."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

_LOG = structlog.get_logger("centre")


class Ending:
    """The end of one process: the first thing done is the last undone."""

    def __init__(self) -> None:
        """Nothing is to be undone yet."""
        self.status = 0
        """0 only if all that was accepted is stored."""
        self._asked = asyncio.Event()
        self._closers: list[Callable[[], Awaitable[None]]] = []

    def undo(self, close: Callable[[], Awaitable[None]]) -> None:
        """At the end do this, before what was named earlier."""
        self._closers.append(close)

    def ask(self) -> None:
        """End soon."""
        self._asked.set()

    async def asked(self) -> None:
        """Wait until somebody asks for the end."""
        await self._asked.wait()

    async def close(self) -> None:
        """Undo all; one that fails keeps none of the others from it."""
        while self._closers:
            close = self._closers.pop()
            try:
                await close()
            except Exception:  # noqa: BLE001 - the other parts must be ended too; it is logged and told by the status
                self.status = 1
                _LOG.exception("centre.close_failed")
