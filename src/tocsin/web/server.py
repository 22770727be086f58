"""The web part's connections: taken, limited and ended here; uvicorn speaks HTTP on them.

Panels must be heard whatever browsers and programs do: the number of connections has a limit, one address never has
more than half of them, and what says nothing, or says it byte by byte, loses its place.
"""

import asyncio
import contextlib
import ipaddress
import logging
import socket
import ssl
from collections import Counter
from typing import Any, Final

import structlog
from litestar.types import ASGIApp
from uvicorn.config import Config
from uvicorn.server import Server

from tocsin.model.errors import BadInput
from tocsin.settings import Settings
from tocsin.system import timeout
from tocsin.web.stream import TransportProtocol

BACKLOG: Final = 1024
"""Connections that the system holds while we are busy: a restart brings every console at once."""

ACCEPTED_AT_ONCE: Final = 50
"""Taken from the system before anybody else has a turn."""

ACCEPT_RETRY_S: Final = 1.0
HANDSHAKE_S: Final = 10.0
HEAD_S: Final = 10.0
"""A request's head must be there this long after its connection, or after its own first byte."""

HEAD_BYTES_MAX: Final = 65_536
BODY_S: Final = 120.0
"""And its body so long after its head."""

KEEP_ALIVE_S: Final = 10
"""A connection without a request is kept this long for the next one."""

LOST_MS: Final = 30_000
"""What a peer has not acknowledged for so long was sent to nobody: its power failed, or its cable was pulled."""

STOP_S: Final = 3.0
FULL_LOG_S: Final = 60.0
_LOG = structlog.get_logger("web")


class WebServer:
    """Serves an application on one socket that is bound already."""

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        settings: Settings,
        context: ssl.SSLContext | None,
        *,
        head_s: float = HEAD_S,
        handshake_s: float = HANDSHAKE_S,
    ) -> None:
        """Serve `app` to whoever connects to `listener`, inside TLS where there is a context; `start` begins."""
        # Its warnings are about what somebody else sent; each would be a line of our log.
        logging.getLogger("uvicorn").setLevel(logging.ERROR)
        web = settings.web
        config = Config(
            app,  # type: ignore[arg-type] - the two libraries name the same protocol differently
            http=WebConnection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(web.trusted_proxies),
            forwarded_allow_ips=list(web.trusted_proxies),
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=1,
        )
        config.load()
        self._config = config
        self._server = _QuietServer(config)
        self._listener = listener
        self._context = context
        self.head_s = head_s
        self._handshake_s = handshake_s
        self._loop = asyncio.get_running_loop()
        self._connections_max = web.connections_max
        self._per_address_max = max(1, web.connections_max // 2)
        self._trusted = [ipaddress.ip_network(one, strict=False) for one in web.trusted_proxies]
        self._open = 0
        self._by_address: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._serving: asyncio.Task[None] | None = None
        self._full_logged_s = float("-inf")
        self.refused = 0
        """Connections that were closed at once, because there was no place."""

    @property
    def connections(self) -> int:
        """Connections that have a place now."""
        return self._open

    def start(self) -> None:
        """Begin to serve."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[]))
        self._listener.setblocking(False)
        self._listener.listen(BACKLOG)
        self._loop.add_reader(self._listener, self._accept)

    async def stop(self) -> None:
        """Take nobody more, and end within 3 s; live streams are ended by their hub before this."""
        if self._retry is not None:
            self._retry.cancel()
        if self._listener.fileno() >= 0:
            self._loop.remove_reader(self._listener)
            self._listener.close()
        self._server.should_exit = True
        if self._serving is not None:
            with contextlib.suppress(TimeoutError):
                async with timeout(STOP_S):
                    await self._serving
        for task in tuple(self._tasks):
            task.cancel()
        for connection in tuple(self._server.server_state.connections):
            connection.transport.abort()

    def left(self, address: str) -> None:
        """A connection has ended: its place is free."""
        self._open -= 1
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]

    def _accept(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                made, peer = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:
                # No files or memory left: asking again at once would find the same, and take all of the processor.
                self._loop.remove_reader(self._listener)
                self._retry = self._loop.call_later(ACCEPT_RETRY_S, self._hear_again)
                return
            made.setblocking(False)
            address = str(peer[0])
            if self._open >= self._connections_max or self._has_too_many(address):
                self._refused()
                made.close()
                continue
            self._open += 1
            self._by_address[address] += 1
            task = self._loop.create_task(self._serve(made, address))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, made: socket.socket, address: str) -> None:
        connection = WebConnection(
            config=self._config, server_state=self._server.server_state, app_state={}, _loop=self._loop
        )
        connection.place = (self, address)
        with contextlib.suppress(OSError):
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, LOST_MS)
        try:
            if self._context is None:
                await self._loop.connect_accepted_socket(lambda: connection, made)
            else:
                await self._loop.connect_accepted_socket(
                    lambda: connection, made, ssl=self._context, ssl_handshake_timeout=self._handshake_s
                )
        except OSError:
            # TLS errors, time-outs and resets are all OSError; the loop has closed the connection.
            connection.leave()
        except BaseException:
            connection.leave()  # the socket is the loop's to close
            raise

    def _hear_again(self) -> None:
        self._retry = None
        self._loop.add_reader(self._listener, self._accept)

    def _has_too_many(self, address: str) -> bool:
        """Half of all places are this address's. A proxy speaks for many, and this machine's own programs are ours."""
        if self._by_address[address] < self._per_address_max:
            return False
        place = ipaddress.ip_address(address.partition("%")[0])
        return not place.is_loopback and not any(place in network for network in self._trusted)

    def _refused(self) -> None:
        self.refused += 1
        now_s = self._loop.time()
        if now_s - self._full_logged_s >= FULL_LOG_S:
            self._full_logged_s = now_s
            _LOG.warning("web.full", open=self._open, refused=self.refused)


class WebConnection(TransportProtocol):
    """One connection, which has to say what it wants in time."""

    place: tuple[WebServer, str] | None = None
    _timer: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It has a place, and a time to say something."""
        super().connection_made(transport)
        self._start_timer(self._head_s())

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone, by whichever side."""
        self._stop_timer()
        self.leave()
        super().connection_lost(exc)

    def leave(self) -> None:
        """Give the place back; twice does no harm."""
        if self.place is not None:
            (server, address), self.place = self.place, None
            server.left(address)

    def data_received(self, data: bytes) -> None:
        """Something came: the head of a request, or more of its body."""
        is_head = self.cycle is None or not self.cycle.more_body
        if is_head and self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._start_timer(self._head_s())
        self._head_bytes += len(data) if is_head else 0
        super().data_received(data)
        if self._head_bytes > HEAD_BYTES_MAX and not self.transport.is_closing():
            self.send_400_response(f"A request's head has at most {HEAD_BYTES_MAX} bytes.")

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._stop_timer()
        self._head_bytes = 0
        super().on_headers_complete()
        self._start_timer(BODY_S)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._stop_timer()
        super().on_message_complete()

    def _head_s(self) -> float:
        return HEAD_S if self.place is None else self.place[0].head_s

    def _start_timer(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self._too_late)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        self._timer = None
        self.transport.abort()


class _QuietServer(Server):
    """uvicorn without its signal handlers: signals are the whole process's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leave the signals alone."""
        yield


def web_context(settings: Settings) -> ssl.SSLContext | None:
    """What HTTPS is spoken with; None where there is no certificate in the settings.

    Raises:
        BadInput: a file is not there, is no certificate or key, or they do not belong together.
    """
    web = settings.web
    if web.certificate is None or web.key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(settings.folder / web.certificate, settings.folder / web.key, _no_pass_word)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"web.certificate or web.key cannot be used ({type(error).__name__}: "
            f"{error.args[-1] if error.args else ''}). Nothing was started. Check both files",
            "settings.tls",
        ) from error
    return context


def _no_pass_word() -> str:
    raise ValueError("the key is behind a pass word")


__all__ = ["WebConnection", "WebServer", "web_context"]
