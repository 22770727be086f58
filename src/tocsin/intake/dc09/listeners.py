"""The sockets that DC-09 comes in by: TCP and UDP of one number on each address, and TLS on its own."""

import asyncio
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
        is_bound = self._tls.client_ca is not None and self._tls.client_binding == "account"
        for stream in self._tls_sockets:
            self._servers.append(
                await loop.create_server(
                    lambda: PanelConnection(connections, "tls", is_bound=is_bound),
                    sock=stream,
                    backlog=BACKLOG,
                    ssl=self._context,
                    ssl_handshake_timeout=HANDSHAKE_S,
                )
            )

    def stop(self) -> None:
        """Take no more connections. Those that are open, and the datagrams' sockets, still carry answers."""
        for server in self._servers:
            server.close()

    def close(self) -> None:
        """Close everything, after what is written."""
        self.stop()
        if self._connections is not None:
            self._connections.close()
        for transport in self._datagrams:
            transport.close()
        if not self._servers:
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
