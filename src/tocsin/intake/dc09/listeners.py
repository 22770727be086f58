"""The sockets that DC-09 comes in by: TCP and UDP of one number on each address, and TLS on its own."""

import asyncio
import contextlib
import socket
import ssl
from typing import Final

from tocsin.intake.dc09.sockets import Connections, PanelConnection, PanelDatagrams, server_context
from tocsin.intake.listening import bind, bind_pair
from tocsin.model.errors import BadInput
from tocsin.settings import Settings

BACKLOG: Final = 4096
"""Connections that the system holds for us while we are busy: a restart brings every panel at once."""

HANDSHAKE_S: Final = 10.0
HANDSHAKE_CROWD_S: Final = 3.0
"""The same while every turn is taken: what stops half way must not keep a panel waiting for its turn."""

HANDSHAKES_MAX: Final = 256
"""TLS handshakes at once: each costs some 50 kB, and about a millisecond of the processor."""

ACCEPTED_AT_ONCE: Final = 100
"""Taken from the system before anybody else has a turn."""

ACCEPT_RETRY_S: Final = 1.0


class TlsGate:
    """A connection to the TLS port until its handshake is done (`sockets.Held`).

    It takes its place when it comes, like any other, and costs a file and little else until its first byte; only then
    it asks for its turn. So a flood that says nothing uses up neither files nor memory nor turns. It reads nothing
    itself: the loop makes a TLS connection of the untouched socket, and the panel's connection gets the place.
    """

    __slots__ = ("_connections", "_context", "_door", "_is_given", "_loop", "_socket", "_task", "heard_s", "is_known")

    def __init__(self, door: "TlsDoor", made: socket.socket) -> None:
        """Take a place for `made`, or close it at once where there is none."""
        self._door = door
        self._connections = door.connections
        self._socket = made
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._is_given = False
        self.heard_s = self._connections.receiver.now_s
        self.is_known = False
        if self._connections.admit(self):
            self._loop.add_reader(made, self._has_begun)
        else:
            made.close()

    def abort(self) -> None:
        """Close at once: in the middle of its handshake, waiting for it, or before."""
        self._connections.forget(self)
        if self._task is not None:
            # The file may be the loop's by now, which closes it: this ends the connection whoever has it.
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._task.cancel()
        elif self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def close(self) -> None:
        """Close at once: nothing was said that wants an answer."""
        self.abort()

    def _has_begun(self) -> None:
        """The first byte is there, or the panel has gone, which the handshake will find."""
        self._loop.remove_reader(self._socket)
        self._task = self._loop.create_task(self._shake_hands())
        self._task.add_done_callback(self._has_ended)

    async def _shake_hands(self) -> None:
        door = self._door
        async with door.turns:
            self._is_given = True
            # TLS errors, time-outs and resets are all OSError. The loop has closed the connection then.
            with contextlib.suppress(OSError):
                await self._loop.connect_accepted_socket(
                    lambda: PanelConnection(self._connections, "tls", is_bound=door.is_bound, gate=self),
                    self._socket,
                    ssl=door.context,
                    ssl_handshake_timeout=HANDSHAKE_CROWD_S if door.turns.locked() else HANDSHAKE_S,
                )

    def _has_ended(self, task: asyncio.Task[None]) -> None:
        """Handed over, failed, or cancelled; a place that is still held here is that of a failed handshake."""
        if self in self._connections.open:
            self._connections.receiver.counters.connections_silent += 1
            self._connections.forget(self)
        if not self._is_given:
            self._socket.close()  # once it is the loop's, its number may be another file's before this
        if not task.cancelled() and (fault := task.exception()) is not None:
            raise fault


class TlsDoor:
    """One socket that TLS is heard at: takes connections from the system and gives each a gate."""

    def __init__(
        self,
        stream: socket.socket,
        connections: Connections,
        turns: asyncio.Semaphore,
        context: ssl.SSLContext,
        *,
        is_bound: bool,
    ) -> None:
        """Begin to hear at `stream`, for `connections`; handshakes with `context` share `turns` with other doors."""
        self.connections = connections
        self.turns = turns
        self.context = context
        self.is_bound = is_bound
        self._stream = stream
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        stream.setblocking(False)
        stream.listen(BACKLOG)
        self._loop.add_reader(stream, self._accept)

    def close(self) -> None:
        """Take no more connections. What was taken goes on."""
        if self._timer is not None:
            self._timer.cancel()
        if self._stream.fileno() >= 0:
            self._loop.remove_reader(self._stream)
            self._stream.close()

    def _accept(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                made, _address = self._stream.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:
                # No files or memory left: asking again at once would find the same, and take all of the processor.
                self._loop.remove_reader(self._stream)
                self._timer = self._loop.call_later(ACCEPT_RETRY_S, self._hear_again)
                return
            made.setblocking(False)
            TlsGate(self, made)

    def _hear_again(self) -> None:
        self._timer = None
        self._loop.add_reader(self._stream, self._accept)


class Listeners:
    """Every way in of the receiver. Bound before anything is recorded, so that a taken port leaves no trace."""

    def __init__(self, settings: Settings) -> None:
        """Take the addresses of the settings; panels that come already wait until `serve`.

        Raises:
            BadInput: an address, a port or a certificate cannot be used. Nothing is left open.
        """
        self._tls = settings.receivers.dc09.tls
        self._context = tls_context(settings) if self._tls.listen else None
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._tls_sockets: list[socket.socket] = []
        self._servers: list[asyncio.Server] = []
        self._doors: list[TlsDoor] = []
        self._datagrams: list[asyncio.DatagramTransport] = []
        self._connections: Connections | None = None
        try:
            for address in settings.receivers.dc09.listen:
                self._pairs.append(bind_pair(address, "receivers.dc09.listen"))
            for address in self._tls.listen:
                self._tls_sockets.append(bind(address, socket.SOCK_STREAM, "receivers.dc09.tls.listen"))
        except BadInput:
            self.close()
            raise

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where DC-09 is heard over TCP and UDP."""
        return [stream.getsockname()[:2] for stream, _ in self._pairs]

    @property
    def tls_addresses(self) -> list[tuple[str, int]]:
        """Where it is heard inside TLS."""
        return [stream.getsockname()[:2] for stream in self._tls_sockets]

    async def serve(self, connections: Connections) -> None:
        """Begin to hear: what comes in goes to `connections` and its receiver."""
        self._connections = connections
        loop = asyncio.get_running_loop()
        for stream, datagrams in self._pairs:
            self._servers.append(
                await loop.create_server(lambda: PanelConnection(connections, "tcp"), sock=stream, backlog=BACKLOG)
            )
            transport, _ = await loop.create_datagram_endpoint(
                lambda: PanelDatagrams(connections.receiver), sock=datagrams
            )
            self._datagrams.append(transport)
        if (context := self._context) is None:
            return
        is_bound = self._tls.client_ca is not None and self._tls.client_binding == "account"
        turns = asyncio.Semaphore(HANDSHAKES_MAX)
        for stream in self._tls_sockets:
            self._doors.append(TlsDoor(stream, connections, turns, context, is_bound=is_bound))

    def stop(self) -> None:
        """Take no more connections. Those that are open, and the datagrams' sockets, still carry answers."""
        for server in (*self._servers, *self._doors):
            server.close()

    def close(self) -> None:
        """Close everything, after what is written."""
        self.stop()
        if self._connections is not None:
            self._connections.close()
        for transport in self._datagrams:
            transport.close()
        if not self._servers and not self._doors:
            for made in (*(one for pair in self._pairs for one in pair), *self._tls_sockets):
                made.close()


def tls_context(settings: Settings) -> ssl.SSLContext:
    """What the TLS receiver speaks with.

    Raises:
        BadInput: a file is not there, is no certificate or key, or they do not belong together.
    """
    tls, folder = settings.receivers.dc09.tls, settings.folder
    assert tls.certificate is not None, "checked with the settings"
    assert tls.key is not None, "checked with the settings"
    client_ca = None if tls.client_ca is None else str(folder / tls.client_ca)
    try:
        return server_context(str(folder / tls.certificate), str(folder / tls.key), client_ca)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"The certificate or key of receivers.dc09.tls cannot be used ({type(error).__name__}: "
            f"{error.args[-1] if error.args else ''}). Nothing was started. Check both files",
            "settings.tls",
        ) from error
