"""Carries the bytes of a fleet over real sockets: TCP, UDP or TLS, one connection a panel."""

import asyncio
import socket
import ssl
from collections.abc import Iterator, Sequence
from typing import Final, cast

from tocsin.model.errors import BadInput
from tocsin.model.ports import Clock
from tocsin.panel.faults import FaultPlan
from tocsin.panel.fleet import Due, Fleet, RawFrameDue, Target
from tocsin.panel.messages import Message, build
from tocsin.panel.report import Ledger, Report, Tally
from tocsin.panel.session import Session
from tocsin.protocols.dc09.framing import read_datagram
from tocsin.system import SystemClock, cpu_s, raise_file_limit, seeded, timeout

CONNECTING_MAX: Final = 500
"""Connections being made at the same time; more only fill the receiver's backlog and wait there."""
CONNECT_MAX_S: Final = 10.0
PREPARED_MAX: Final = 200_000
"""Frames made ahead in one run (about 0.4 KiB each)."""
EARLY_S: Final = 0.001
"""A timer may fire so much early."""


def schedule(fleet: Fleet, place: int) -> Iterator[Due | RawFrameDue]:
    """Give the messages of the panel at `place` (from 0) in order of time."""
    rng = seeded(fleet.seed * 1_000_003 + place)
    plan = FaultPlan(fleet.faults)
    if fleet.plans:
        for due in fleet.plans[place]:
            if isinstance(due, Due) and due.message.fault is None and plan and not due.message.is_poll:
                message = due.message
                fault = plan.pick(rng)
                yield Due(due.at_s, Message(message.number, message.token, message.data, message.blocks, fault))
            else:
                yield due
        return
    assert fleet.recipe is not None, "a fleet checks this"
    panels, account = len(fleet.panels), fleet.panels[place].account
    start = 0.0 if fleet.within_s is None else fleet.within_s * place / panels
    for k in range(fleet.count):
        at = start if fleet.rate_per_s is None else (place + k * panels) / fleet.rate_per_s
        yield Due(at, build(fleet.recipe, account, fleet.first + k, plan.pick(rng)))


class Run:
    """One run of a fleet. Make it inside a running loop, await `run`, read `report` at any time."""

    def __init__(
        self, fleet: Fleet, target: Target, *, ledger: Ledger | None = None, clock: Clock | None = None
    ) -> None:
        """`ledger` takes each message's end as it comes."""
        if target.transport == "udp":
            refuse_in_datagrams(fleet)
        self.fleet = fleet
        self.target = target
        self.tally = Tally(ledger)
        self._clock = clock or SystemClock()
        self.loop = asyncio.get_running_loop()
        self._connecting = asyncio.Semaphore(CONNECTING_MAX)
        self._tls = tls_context(target) if target.transport == "tls" else None
        self._lines: list[PanelLine] = []
        self._open = 0
        self._finished = asyncio.Event()
        self._zero_s = self._clock.monotonic_s()
        self._zero_cpu_s = cpu_s()
        self._address = (target.host, target.port)
        self._interrupted = False
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(
        self, *, prepare: bool = False, duration_s: float | None = None, reconnect_every_s: float | None = None
    ) -> Report:
        """Send everything and wait until the last message is settled, or `duration_s` is over.

        `prepare` makes the frames before the clock starts; `reconnect_every_s` drops all connections at once, again
        and again, and has them come back. A cancelled run settles what is outstanding as stopped and re-raises.

        Raises:
            BadInput: the host has no address.
        """
        self._address = await _resolve(self.target, self.loop)
        self._make_lines(prepare=prepare)
        extra = [self.loop.create_task(self._drop_each(reconnect_every_s))] if reconnect_every_s else []
        try:
            if self.fleet.manner.keep_open:
                await self._connect_all()
            self._start()
            await self._wait(duration_s)
        finally:
            for task in extra:
                task.cancel()
            report = self._end()
            await asyncio.gather(*extra, *self.tasks, return_exceptions=True)
        return report

    def stop(self) -> None:
        """End the run now: what is outstanding is settled as stopped. `run` returns its report soon after."""
        self._interrupted = True
        self._finished.set()

    def report(self) -> Report:
        """Return the counters as they stand."""
        return self.tally.report(
            panels=len(self.fleet.panels),
            planned=self.fleet.planned,
            duration_s=self.now_s(),
            cpu_s=cpu_s() - self._zero_cpu_s,
            interrupted=self._interrupted,
        )

    def drop_all(self) -> int:
        """Drop every connection at once; each panel comes back immediately. Returns how many there were."""
        return sum(line.drop() for line in self._lines)

    def now_s(self) -> float:
        """Seconds since the run's start."""
        return self._clock.monotonic_s() - self._zero_s

    def line_done(self) -> None:
        """A panel has nothing more to do."""
        self._open -= 1
        if self._open <= 0:
            self._finished.set()

    # -- the phases of a run -----------------------------------------------------------------------------------------

    def _make_lines(self, *, prepare: bool) -> None:
        fleet = self.fleet
        epoch_us = self._clock.now_us()
        interval = fleet.manner.poll_interval_s or 0.0
        left = PREPARED_MAX if prepare else 0
        for place, panel in enumerate(fleet.panels):
            session = Session(
                panel,
                fleet.manner,
                schedule(fleet, place),
                self.tally,
                epoch_us=epoch_us,
                rng=seeded(fleet.seed * 1_000_003 + place + 500_000_000),
                poll_phase_s=interval * place / len(fleet.panels),
            )
            if left > 0:
                left -= session.prepare(left)
            self._lines.append(PanelLine(self, session))
        self._open = len(self._lines)

    async def _connect_all(self) -> None:
        """Open all connections before the clock starts, so that a rate measures messages."""
        await asyncio.gather(*(line.connect_first() for line in self._lines))

    def _start(self) -> None:
        # The wall time at second 0 was taken before connecting; the panels' clocks start here.
        moved_us = int(self.now_s() * 1_000_000)
        self._zero_s = self._clock.monotonic_s()
        self._zero_cpu_s = cpu_s()
        for line in self._lines:
            line.session.pen.epoch_us = type(line.session.pen.epoch_us)(line.session.pen.epoch_us + moved_us)
            line.start()

    async def _wait(self, duration_s: float | None) -> None:
        if duration_s is None:
            await self._finished.wait()
            return
        try:
            async with timeout(duration_s):
                await self._finished.wait()
        except TimeoutError:
            for line in self._lines:
                line.finish()
            await self._finished.wait()

    async def _drop_each(self, every_s: float) -> None:
        while not self._finished.is_set():
            try:
                async with timeout(every_s):
                    await self._finished.wait()
            except TimeoutError:
                self.drop_all()

    def _end(self) -> Report:
        self._finished.set()
        for line in self._lines:
            line.end()
        for task in self.tasks:
            task.cancel()
        return self.report()

    # -- connections -------------------------------------------------------------------------------------------------

    async def open(self, line: "PanelLine") -> None:
        """Make the connection of one panel; tells it of a failure."""
        try:
            async with self._connecting, timeout(CONNECT_MAX_S):
                host, port = self._address
                if self.target.transport == "udp":
                    await self.loop.create_datagram_endpoint(lambda: line, remote_addr=(host, port))
                else:
                    name = self.target.server_name or self.target.host
                    await self.loop.create_connection(
                        lambda: line, host, port, ssl=self._tls, server_hostname=name if self._tls else None
                    )
        except (OSError, TimeoutError) as error:  # TLS errors are OSErrors
            self.tally.failures[_kind(error)] += 1
            line.refused()


class PanelLine(asyncio.Protocol, asyncio.DatagramProtocol):
    """The wire of one panel: passes bytes and time between a socket and the panel's session."""

    __slots__ = (
        "_ended",
        "_is_dropping",
        "_opening",
        "_run",
        "_started",
        "_timer",
        "_timer_at_s",
        "_transport",
        "session",
    )

    def __init__(self, run: Run, session: Session) -> None:
        """Take the session; nothing is opened yet."""
        self.session = session
        self._run = run
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at_s = 0.0
        self._opening = False
        self._started = False
        self._ended = False
        self._is_dropping = False

    # -- told by the run ---------------------------------------------------------------------------------------------

    async def connect_first(self) -> None:
        """Open the connection ahead of the start; the session hears of it at the start."""
        self._opening = True
        await self._run.open(self)
        self._opening = False

    def start(self) -> None:
        """The clock has started."""
        self._started = True
        now_s = self._run.now_s()
        if self._transport is not None:
            self._write(self.session.linked(now_s))
        elif self._run.fleet.manner.keep_open:
            self.session.unlinked(now_s)  # the attempt ahead of the start failed: it was the first
        self._settle(now_s)

    def finish(self) -> None:
        """Begin nothing more."""
        self.session.finish()
        self._settle(self._run.now_s())

    def end(self) -> None:
        """The run is over: settle what is outstanding and let go of the socket."""
        if not self._ended:
            self.session.abandon(self._run.now_s())
        self._let_go(hang_up=True)

    def drop(self) -> bool:
        """Drop the connection; it is made again at once. Returns whether there was one."""
        if self._transport is None or self._ended or not self._started:
            return False
        self._is_dropping = True
        self._transport.abort()
        return True

    def refused(self) -> None:
        """No connection could be made."""
        self._opening = False
        if self._started and not self._ended:
            now_s = self._run.now_s()
            self.session.unlinked(now_s)
            self._settle(now_s)

    # -- told by asyncio ---------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is up."""
        self._opening = False
        self._transport = cast("asyncio.Transport", transport)  # datagram transports are told apart in _write
        if self._ended:
            self._transport.abort()
        elif self._started:
            now_s = self._run.now_s()
            self._write(self.session.linked(now_s))
            self._settle(now_s)

    def data_received(self, data: bytes) -> None:
        """Bytes of the stream came."""
        now_s = self._run.now_s()
        out = self.session.receive(data, now_s)
        if out:
            self._write(out)
        self._settle(now_s)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """A datagram came."""
        now_s = self._run.now_s()
        self._write(self.session.receive_datagram(read_datagram(data), now_s))
        self._settle(now_s)

    def error_received(self, exc: Exception) -> None:
        """The host said that nobody listens there: over UDP the wait for the answer tells the same."""
        self._run.tally.failures["refused"] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, by whoever's wish."""
        self._transport = None
        if self._ended or not self._started:
            return
        now_s = self._run.now_s()
        dropped, self._is_dropping = self._is_dropping, False
        if not dropped:
            self._run.tally.connections_lost += 1
        self.session.unlinked(now_s, dropped=dropped)
        self._settle(now_s)

    # -- the wire ----------------------------------------------------------------------------------------------------

    def _write(self, pieces: Sequence[bytes]) -> None:
        transport = self._transport
        if transport is None or not pieces:
            return
        if self._run.target.transport == "udp":
            datagrams = cast("asyncio.DatagramTransport", transport)
            for piece in pieces:
                datagrams.sendto(piece)
        else:
            transport.write(pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def _settle(self, now_s: float) -> None:
        """Open or close the connection as the session wants, and set the one timer."""
        session = self.session
        if self._ended:
            return
        if session.is_done:
            # A connection that is kept open stays until the whole run is over, as a panel's would.
            self._let_go(hang_up=not self._run.fleet.manner.keep_open)
            self._run.line_done()
            return
        if self._transport is not None and not session.wants_link(now_s):
            self._hang_up()
        if self._transport is None and not self._opening and session.wants_link(now_s):
            self._opening = True
            task = self._run.loop.create_task(self._run.open(self))
            self._run.tasks.add(task)
            task.add_done_callback(self._run.tasks.discard)
        at_s = session.next_at()
        if at_s is None or self._opening:
            return
        # A later deadline waits for the earlier timer to fire: with an answer for each message that is one timer in
        # many messages instead of one each.
        if self._timer is None or at_s < self._timer_at_s - EARLY_S:
            self._set_timer(at_s, now_s)

    def _set_timer(self, at_s: float, now_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at_s = at_s
        self._timer = self._run.loop.call_later(max(at_s - now_s, 0.0), self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        now_s = self._run.now_s()
        self._write(self.session.tick(now_s))
        self._settle(now_s)

    def _hang_up(self) -> None:
        """Close after the message: the session comes back when it has another."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.set_protocol(asyncio.Protocol())
            transport.close()
        self.session.hang_up()

    def _let_go(self, *, hang_up: bool) -> None:
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if hang_up and self._transport is not None:
            self._transport.close()
            self._transport = None


async def run_fleet(
    fleet: Fleet,
    target: Target,
    *,
    ledger: Ledger | None = None,
    prepare: bool = False,
    duration_s: float | None = None,
    reconnect_every_s: float | None = None,
) -> Report:
    """Send a fleet's messages to a receiver and return what became of them."""
    room_for(len(fleet.panels))
    return await Run(fleet, target, ledger=ledger).run(
        prepare=prepare, duration_s=duration_s, reconnect_every_s=reconnect_every_s
    )


def refuse_in_datagrams(fleet: Fleet) -> None:
    """Refuse faults that datagrams cannot have.

    Raises:
        BadInput: there is one.
    """
    named = [one.fault for one in fleet.faults]
    named += [due.message.fault for plan in fleet.plans for due in plan if isinstance(due, Due) and due.message.fault]
    for fault in named:
        if fault.mode.stream_only:
            raise BadInput(f"The fault {fault.name} needs a stream: use tcp or tls instead of udp.", "panel.fault")


def tls_context(target: Target) -> ssl.SSLContext:
    """Make the context of TLS connections.

    Raises:
        BadInput: a certificate file cannot be read or is none.
    """
    try:
        context = ssl.create_default_context(cafile=target.ca_file)
        if target.certificate is not None:
            context.load_cert_chain(target.certificate, target.certificate_key)
    except (OSError, ssl.SSLError) as error:
        raise BadInput(
            "A certificate file cannot be read, or its key does not fit; check --ca, --cert and --cert-key.",
            "panel.tls",
        ) from error
    if target.is_insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def room_for(panels: int) -> None:
    """Let the process open a socket for each panel.

    Raises:
        BadInput: the system allows fewer.
    """
    wanted = panels + 100
    allowed = raise_file_limit(wanted)
    if allowed < wanted:
        raise BadInput(
            f"The system lets a process open {allowed} files; {panels} panels need {wanted}. Raise the limit (ulimit"
            " -Hn) or take fewer panels.",
            "panel.limit",
        )


async def _resolve(target: Target, loop: asyncio.AbstractEventLoop) -> tuple[str, int]:
    """Ask for the address once, not once a panel."""
    kind = socket.SOCK_DGRAM if target.transport == "udp" else socket.SOCK_STREAM
    try:
        found = await loop.getaddrinfo(target.host, target.port, type=kind)
    except (OSError, UnicodeError) as error:
        raise BadInput(f"The host {target.host[:80]!r} has no address; check its name.", "panel.host") from error
    return str(found[0][4][0]), target.port


def _kind(error: Exception) -> str:
    match error:
        case ssl.SSLError():
            return "tls"
        case TimeoutError():
            return "timeout"
        case ConnectionRefusedError():
            return "refused"
        case ConnectionError():
            return "reset"
        case _:
            return "other"
