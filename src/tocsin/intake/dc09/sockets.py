"""Sockets of the receiver: TCP, TLS and UDP, each bounded.

A connection reads at most 8 KiB at a time into one buffer that all share, keeps at most that much undecoded, and is not
read while it has its fill waiting for storage. Past `connections_max` the oldest connection that never sent a frame
makes room, so that a port scan cannot shut out panels.
"""

import asyncio
import socket
import ssl
from collections import OrderedDict
from typing import Any, Final, Protocol, cast

import structlog

from tocsin.intake.dc09.receiver import Receiver
from tocsin.model.values import AccountNumber, Transport
from tocsin.protocols.dc09.framing import StreamDecoder, read_datagram

READ_BYTES: Final = 8192
WRITE_HIGH_BYTES: Final = 16_384
"""A panel that does not take its answers is not read any more past this."""

WRITE_MAX_BYTES: Final = 131_072
"""And past this its connection is closed."""

DATAGRAM_MAX: Final = 4_200
FULL_LOG_S: Final = 60.0
_LOG = structlog.get_logger("intake.dc09")


class Held(Protocol):
    """What takes a place among the connections: a panel's connection, or one that waits for its TLS handshake."""

    heard_s: float
    is_known: bool

    def abort(self) -> None:
        """Close at once, and give the place back before this returns."""
        ...

    def close(self) -> None:
        """Close after what is written."""
        ...


class ConnectionLimits:
    """Limits of all connections of the receiver together."""

    def __init__(self, connections_max: int, per_connection_max: int, first_frame_s: float, idle_s: float) -> None:
        """Hold the settings; `idle_s` 0 closes no idle connection."""
        self.connections_max = connections_max
        self.per_connection_max = per_connection_max
        self.first_frame_s = first_frame_s
        self.idle_s = idle_s


class Connections:
    """All open connections, and who of them must go."""

    def __init__(self, receiver: Receiver, limits: ConnectionLimits) -> None:
        """Serve frames to `receiver` within `limits`."""
        self.receiver = receiver
        self.limits = limits
        self.open: set[Held] = set()
        self.silent: OrderedDict[Held, float] = OrderedDict()
        """Connections without a frame yet, oldest first, and when they were opened."""
        self.strangers: OrderedDict[Held, None] = OrderedDict()
        """Connections that sent frames, none of them for an account of ours, oldest first."""
        self.buffer = memoryview(bytearray(READ_BYTES))
        self._evicted = self._refused = 0
        self._full_logged_s: float | None = None

    def admit(self, connection: Held) -> bool:
        """Let a connection in. Where all places are taken the oldest silent one goes, else the oldest stranger."""
        counters = self.receiver.counters
        if len(self.open) >= self.limits.connections_max:
            oldest = next(iter(self.silent), None) or next(iter(self.strangers), None)
            if oldest is None:
                counters.connections_refused += 1
                self._refused += 1
                return False
            counters.connections_silent += 1
            self._evicted += 1
            oldest.abort()
        counters.connections_opened += 1
        self.open.add(connection)
        self.silent[connection] = self.receiver.now_s
        return True

    def hand_over(self, gate: Held, connection: Held) -> bool:
        """Give the place of `gate` to what comes after it; False where it has lost it. It was counted at the gate."""
        if gate not in self.open:
            return False
        self.forget(gate)
        self.open.add(connection)
        self.silent[connection] = self.receiver.now_s
        return True

    def forget(self, connection: Held) -> None:
        """A connection has gone."""
        self.open.discard(connection)
        self.silent.pop(connection, None)
        self.strangers.pop(connection, None)

    def heard(self, connection: Held) -> None:
        """A connection sent a frame: it is silent no more, and no stranger once one was for an account of ours."""
        self.silent.pop(connection, None)
        if connection.is_known:
            self.strangers.pop(connection, None)
        else:
            self.strangers.setdefault(connection)

    def sweep(self) -> None:
        """Close what has been silent too long. Called once a second."""
        now_s = self.receiver.now_s
        limits = self.limits
        while self.silent:
            connection, opened_s = next(iter(self.silent.items()))
            if now_s - opened_s < limits.first_frame_s:
                break
            self.receiver.counters.connections_silent += 1
            connection.abort()
        if limits.idle_s:
            for connection in [c for c in self.open if now_s - c.heard_s >= limits.idle_s]:
                connection.abort()
        self._log_full(now_s)

    def _log_full(self, now_s: float) -> None:
        """Say how many had to go for want of places; once a minute, since a flood would fill the log."""
        if not self._evicted and not self._refused:
            return
        if self._full_logged_s is not None and now_s - self._full_logged_s < FULL_LOG_S:
            return
        _LOG.warning(
            "connections.full",
            evicted=self._evicted,
            refused=self._refused,
            open=len(self.open),
            connections_max=self.limits.connections_max,
        )
        self._full_logged_s = now_s
        self._evicted = self._refused = 0

    def close(self) -> None:
        """Close every connection, sending first what was already answered."""
        for connection in list(self.open):
            connection.close()


class PanelConnection(asyncio.BufferedProtocol):
    """One TCP or TLS connection of a panel (`receiver.Sender`)."""

    __slots__ = (
        "_accounts",
        "_backlog",
        "_connections",
        "_decoder",
        "_gate",
        "_has_ended",
        "_is_choked",
        "_is_paused",
        "_is_settled",
        "_timer",
        "_transport",
        "heard_s",
        "host",
        "is_known",
        "peer",
        "transport",
        "waiting",
    )

    def __init__(
        self, connections: Connections, transport: Transport, *, is_bound: bool = False, gate: Held | None = None
    ) -> None:
        """Serve one connection.

        With `is_bound` the client certificate says which accounts it may send for. `gate` has a place for it already.
        """
        self._connections = connections
        self._decoder = StreamDecoder()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._backlog = b""
        self._is_paused = False
        self._is_choked = False
        self._is_settled = False
        self._has_ended = False
        self._gate = gate
        self._accounts: frozenset[str] | None = frozenset() if is_bound else None
        self.transport: Transport = transport
        self.host = ""
        self.peer = ""
        self.waiting = 0
        self.is_known = False
        self.heard_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or close it at once where there is no place."""
        self._transport = cast("asyncio.Transport", transport)
        address = self._transport.get_extra_info("peername") or ("", 0)
        self.host, self.peer = str(address[0]), f"{address[0]}:{address[1]}"
        self.heard_s = self._connections.receiver.now_s
        if self._accounts is not None:
            self._accounts = _certificate_accounts(self._transport)
        gate, self._gate = self._gate, None
        if not (self._connections.admit(self) if gate is None else self._connections.hand_over(gate, self)):
            self.abort()
            return
        self._transport.set_write_buffer_limits(high=WRITE_HIGH_BYTES)
        # A panel that lost its power never says good-bye: the system finds out within hours, and frees its place.
        made = self._transport.get_extra_info("socket")
        if made is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def get_buffer(self, sizehint: int) -> memoryview:
        """One buffer for all: it is emptied before the loop reads anything else."""
        return self._connections.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Bytes have come in."""
        self._take(bytes(self._connections.buffer[:nbytes]))

    def eof_received(self) -> bool:
        """The panel has said all; it still gets its answers."""
        self._has_ended = True
        return self.waiting > 0

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has gone; what was queued is stored all the same."""
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        self._connections.forget(self)
        for piece in self._decoder.close():
            self._connections.receiver.take(self, piece)

    def pause_writing(self) -> None:
        """The panel does not take its answers: read no more from it."""
        self._is_choked = True
        self._pause()

    def resume_writing(self) -> None:
        """It takes them again."""
        self._is_choked = False
        self._read_on()

    def send(self, data: bytes) -> None:
        """Write an answer; nothing happens where the panel has gone."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > WRITE_MAX_BYTES:
            self.abort()
            return
        transport.write(data)

    def stored_one(self) -> None:
        """A frame has been decided on: read on if that makes room, or close where the panel has said all."""
        if self._has_ended and self.waiting == 0:
            self.close()
        if self._is_paused and self.waiting < self._connections.limits.per_connection_max:
            self._read_on()

    def may_speak_for(self, account: AccountNumber) -> bool:
        """Any account, unless a client certificate names those that it stands for."""
        return self._accounts is None or account.upper() in self._accounts

    def abort(self) -> None:
        """Close at once."""
        self._connections.forget(self)
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Close after what is written."""
        if self._transport is not None:
            self._transport.close()

    def _take(self, data: bytes) -> None:
        receiver = self._connections.receiver
        if receiver.is_full or self.waiting >= self._connections.limits.per_connection_max:
            self._backlog += data
            self._pause()
            return
        for piece in self._decoder.feed(data):
            if receiver.take(self, piece):
                self.heard_s = receiver.now_s
                if not self._is_settled:
                    self._connections.heard(self)
                    self._is_settled = self.is_known
        # A connection that has spoken for an account of ours is read on: only its unknown accounts go unanswered.
        if not self.is_known and (wait_s := receiver.waits_s(self.host)) > 0:
            self._pause()
            self._wait_for_budget(wait_s)

    def _pause(self) -> None:
        if self._is_paused or self._transport is None or self._transport.is_closing():
            return
        self._is_paused = True
        receiver = self._connections.receiver
        receiver.counters.reading_paused += 1
        self._transport.pause_reading()
        if receiver.is_full:
            receiver.on_resume(self._read_on)

    def _wait_for_budget(self, wait_s: float) -> None:
        """Read on when the sender's budget is new; one timer a connection."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._budget_is_new)

    def _budget_is_new(self) -> None:
        self._timer = None
        self._read_on()

    def _read_on(self) -> None:
        if not self._is_paused or self._is_choked or self._transport is None or self._transport.is_closing():
            return
        receiver = self._connections.receiver
        if receiver.is_full:
            receiver.on_resume(self._read_on)
            return
        if self.waiting >= self._connections.limits.per_connection_max:
            return
        if not self.is_known and (wait_s := receiver.waits_s(self.host)) > 0:
            # Others of this address were quicker and have used up the next minute too, or the timer was early.
            self._wait_for_budget(wait_s)
            return
        self._is_paused = False
        data, self._backlog = self._backlog, b""
        if data:
            self._take(data)
        if not self._is_paused:
            self._transport.resume_reading()


class PanelDatagrams(asyncio.DatagramProtocol):
    """DC-09 over UDP: one frame a datagram, the answer to where it came from."""

    def __init__(self, receiver: Receiver) -> None:
        """Serve datagrams to `receiver`."""
        self._receiver = receiver
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """A datagram has come in. Where there is no room it is dropped: the panel sends it again."""
        receiver = self._receiver
        if receiver.is_full or len(data) > DATAGRAM_MAX:
            receiver.counters.datagrams_dropped += 1
            return
        sender = _DatagramSender(self._transport, addr)
        for piece in read_datagram(data):
            receiver.take(sender, piece)

    def error_received(self, exc: Exception) -> None:
        """An answer could not be delivered: the panel has gone, and sends again if it comes back."""


class _DatagramSender:
    """The sender of one datagram (`receiver.Sender`)."""

    __slots__ = ("_address", "_transport", "host", "is_known", "peer", "transport", "waiting")

    def __init__(self, transport: asyncio.DatagramTransport | None, address: tuple[Any, ...]) -> None:
        self._transport = transport
        self._address = address
        self.transport: Transport = "udp"
        self.host = str(address[0])
        self.peer = f"{address[0]}:{address[1]}"
        self.waiting = 0
        self.is_known = False

    def send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, self._address)

    def stored_one(self) -> None:
        """A datagram has nothing to read on."""

    def may_speak_for(self, account: AccountNumber) -> bool:
        """A datagram has no certificate."""
        return True


def server_context(certificate: str, key: str, client_ca: str | None) -> ssl.SSLContext:
    """TLS 1.2 and newer with our certificate; with `client_ca` a client certificate is required."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(client_ca)
    return context


def _certificate_accounts(transport: asyncio.Transport) -> frozenset[str]:
    """The accounts that a client certificate names: its common name and its DNS names."""
    certificate = transport.get_extra_info("peercert") or {}
    names = [value for rdn in certificate.get("subject", ()) for key, value in rdn if key == "commonName"]
    names += [value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"]
    return frozenset(name.upper() for name in names)
