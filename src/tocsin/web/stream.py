"""A live stream's connection: one HTTP answer that does not end, written to without anything between.

A write through ASGI wakes a task, awaits and frames the body anew for each console; here the hub's bytes, framed once,
go to the transport, which also knows how much of them was not taken (decision 0025).
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any, Final

from litestar import Response
from litestar.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tocsin.model.errors import BadInput
from tocsin.model.values import Actor, Ref
from tocsin.web.api.types import LiveId
from tocsin.web.gone import until_gone
from tocsin.web.live import Hub, Rights

EXTENSION: Final = "tocsin.transport"
_HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
    (b"transfer-encoding", b"chunked"),
    (b"x-accel-buffering", b"no"),  # a proxy in front must pass each event on at once
)
_END: Final = {"type": "http.response.body", "body": b"", "more_body": False}
UNHEARD_MS: Final = 20_000
"""A console that acknowledges nothing for so long is gone: ten beats."""

END_BYTES_MAX: Final = 64 << 10
"""With more than this waiting, the end of a stream is not waited for."""


class TransportProtocol(HttpToolsProtocol):
    """uvicorn's HTTP, which lets an answer have its connection's transport."""

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport}}


class _TransportSink:
    """A connection that an answer has begun on (`live.Sink`)."""

    __slots__ = ("_ended", "_transport")

    def __init__(self, transport: asyncio.Transport, ended: "asyncio.Future[None]") -> None:
        self._transport = transport
        self._ended = ended

    def write(self, data: bytes) -> None:
        """Send, or keep until it can be sent."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def waiting_bytes(self) -> int:
        """What the system has not taken yet."""
        return self._transport.get_write_buffer_size()

    def end(self) -> None:
        """End the answer; a connection that is stuck is cut, or its end would never come."""
        if self.waiting_bytes() > END_BYTES_MAX:
            self.cut()
        elif not self._ended.done():
            self._ended.set_result(None)

    def cut(self) -> None:
        """Drop the connection with all that waits."""
        self._transport.abort()


class LiveStream(Response[None]):
    """The answer to `/live`."""

    def __init__(
        self,
        hub: Hub,
        rights: Rights,
        is_allowed: Callable[[], bool],
        last: LiveId | None,
        session: Ref | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Stream what `hub` tells to whoever has these rights, from `last` on; opened in this session, where in one."""
        super().__init__(None)
        self._hub = hub
        self._rights = rights
        self._is_allowed = is_allowed
        self._last = last
        self._session = session
        self._actor = actor

    def to_asgi_response(self, app: object, request: object, **options: object) -> Any:
        """It is one itself."""
        del app, request, options
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until either side ends it."""
        self._hub.refuse_more()
        transport = _transport_of(scope)
        _end_where_unheard(transport)
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        sink = _TransportSink(transport, ended)
        console = self._hub.connect(sink, self._rights, self._is_allowed, self._last, self._session, self._actor)
        gone = asyncio.ensure_future(until_gone(receive))
        try:
            await asyncio.wait((gone, ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.disconnect(console)
            gone.cancel()
        if not gone.done():
            await send(_END)  # type: ignore[arg-type]


def _end_where_unheard(transport: asyncio.Transport) -> None:
    """Let the system end a connection whose other side has acknowledged no beat for so long: its machine is off.

    Without it, a console that lost its power would seem to be there for a quarter of an hour.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    connection = transport.get_extra_info("socket")
    if option is not None and connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, option, UNHEARD_MS)


def _transport_of(scope: Scope) -> asyncio.Transport:
    if scope.get("http_version") != "1.1":
        raise BadInput(
            "A live stream needs HTTP/1.1. Nothing was opened. Ask by HTTP/1.1; a proxy in between must do so too",
            "live.http_version",
        )
    extensions: Any = scope.get("extensions") or {}
    return extensions[EXTENSION]["transport"]
