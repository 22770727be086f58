"""The centre's process on a simulated machine: the product's own wiring, without threads and without sockets.

`SimulatedService` is `tocsin serve` but for what the machine gives: the threads of writer, timers and heads do their
turns in the event loop; panels come in as bytes to the very objects that serve sockets; providers are simulated ones.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from tocsin.access.passwords import Cost, Passwords
from tocsin.app import Service
from tocsin.app.supervising import Supervising
from tocsin.centre.centre import Centre
from tocsin.centre.scheduler import Scheduler
from tocsin.centre.step_guard import StepGuard
from tocsin.intake.dc09.sockets import PanelConnection, PanelDatagrams
from tocsin.intake.ways import Tag
from tocsin.journal.head_keeper import HeadKeeper
from tocsin.journal.heads import HEAD_INTERVAL_S
from tocsin.journal.journal import Journal
from tocsin.journal.writer import Writer
from tocsin.model.incidents import Committed
from tocsin.model.journal import Head
from tocsin.model.ports import Clock, Notifier
from tocsin.model.values import Actor, Ref, Seq, Transport
from tocsin.rules.ladder import Way
from tocsin.settings import Settings
from tocsin.simulation.disk import Disk, DiskStore, SimulatedRoom
from tocsin.simulation.machine import SeededIds, SimulatedDeath, World

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

CHEAP: Final = Cost(rounds=1, memory_kib=8, lanes=1)
"""Nobody guesses here."""

T = TypeVar("T")
Reply = Callable[[bytes], None]


class Host:
    """The machine: its clocks (`model.ports.Clock`), its disk, and when its centre could take something in."""

    def __init__(self, world: World) -> None:
        """Begin switched off."""
        self.world = world
        self.disk = Disk()
        self.is_ready = False
        self._down_s = 0.0
        self.restarts = 0
        self.saved_s = 0.0
        """When last-seen was written last."""
        self._down_since_s: float | None = 0.0
        self.moves_s = 0.0
        """By how much at most our own outages have moved deadlines of supervision beyond their length."""

    def now_us(self) -> Any:
        """Wall time."""
        return self.world.now_us()

    def monotonic_s(self) -> float:
        """Seconds, while it is not suspended."""
        return self.world.monotonic_s()

    def note_down(self, *, is_down: bool, moves_s: float = 0.0) -> None:
        """From now on it takes nothing in, or takes in again."""
        now_s = self.world.now_s
        if is_down and self._down_since_s is None:
            self._down_since_s = now_s
        elif not is_down and self._down_since_s is not None:
            self._down_s += now_s - self._down_since_s
            self._down_since_s = None
        self.moves_s += moves_s

    @property
    def up_s(self) -> float:
        """Seconds in which it took signals in, since the beginning."""
        down_s = self._down_s
        if self._down_since_s is not None:
            down_s += self.world.now_s - self._down_since_s
        return self.world.now_s - down_s


class SimulatedWriter(Writer[Tag]):
    """The writer's turns, in the event loop: each begins as long after what it serves as the disk takes."""

    _loop: asyncio.AbstractEventLoop | None = None
    _is_planned = False
    _has_stopped = False

    def start(self) -> None:
        """Begin."""
        self._loop = asyncio.get_running_loop()
        self._rouse()

    @property
    def is_alive(self) -> bool:
        """It has not been stopped."""
        return not self._has_stopped

    def stop(self, timeout_s: float = 30.0) -> bool:
        """Commit what waits, and end."""
        del timeout_s
        self._is_stopping = True
        while self.turn():
            pass
        self._has_stopped = True
        return True

    def _rouse(self) -> None:
        if self._loop is None or self._is_planned:
            return
        self._is_planned = True
        host = cast("Host", self._clock)
        self._loop.call_later(host.disk.latency_s, self._turn_planned)

    def _turn_planned(self) -> None:
        self._is_planned = False
        if self._has_stopped:
            return
        try:
            if self.turn():
                self._rouse()
        except SimulatedDeath:
            pass


class SimulatedScheduler(Scheduler):
    """The scheduler's rounds, in the event loop."""

    _loop: asyncio.AbstractEventLoop | None = None
    _next: asyncio.Handle | None = None

    def start(self) -> None:
        """Begin, with what an earlier process left."""
        self._turned_s = self._clock.monotonic_s()
        self._loop = asyncio.get_running_loop()
        self._plan(0.0)

    def wake(self) -> None:
        """Something was set, moved or ended."""
        super().wake()
        self._plan(0.0)

    def stop(self) -> None:
        """End."""
        self._loop = None
        if self._next is not None:
            self._next.cancel()

    def _plan(self, wait_s: float) -> None:
        if self._loop is None:
            return
        if self._next is not None:
            self._next.cancel()
        self._next = self._loop.call_later(wait_s, self._round_planned)

    def _round_planned(self) -> None:
        self._next = None
        try:
            wait_s = self.round()
        except SimulatedDeath:
            return
        if self._next is None:
            self._plan(wait_s)


class SimulatedHeads(HeadKeeper):
    """Signs heads in the event loop."""

    _loop: asyncio.AbstractEventLoop | None = None

    def start(self, head: Head) -> None:
        """Begin, at once with where the journal ends now."""
        self._loop = asyncio.get_running_loop()
        self._latest = head
        self._sign_latest()
        self._loop.call_later(HEAD_INTERVAL_S, self._again)

    def reached(self, head: Head) -> None:
        """The journal is durable up to here."""
        self._latest = head
        if self._is_due():
            self._sign_latest()

    def sign_now(self, head: Head) -> Seq:
        """Have this end signed at once."""
        self.reached(head)
        self._sign_latest()
        return head.seq

    def stop(self) -> None:
        """Sign the end, and end."""
        self._loop = None
        self._sign_latest()

    def _again(self) -> None:
        if self._loop is None or cast("Host", self._clock).disk.is_dead:
            return
        self._sign_latest()
        self._loop.call_later(HEAD_INTERVAL_S, self._again)

    def _sign_latest(self) -> None:
        cast("Host", self._clock).disk.refuse_dead()
        if self._latest is not None and self._latest.seq > self._signed_seq:
            self._sign(self._latest)


class _NoListeners:
    """Nobody listens: panels come to `take_tcp` and `take_udp`."""

    is_open = True

    def stop(self) -> None:
        self.is_open = False

    def close(self) -> None:
        self.is_open = False


class NoGuard(StepGuard):
    """A guard that watches nothing: what a simulated step takes is no time of the simulated host."""

    def start(self) -> None:
        """Begin nothing."""


class SimulatedSupervising(Supervising):
    """What was heard last goes to the simulated disk."""

    def _write(self, *, is_whole: bool) -> None:
        host = cast("Host", self._clock)
        host.disk.refuse_dead()
        if host.disk.free_bytes < 1_000_000:
            raise OSError("no room")
        super()._write(is_whole=is_whole)
        host.saved_s = host.world.now_s


class SimulatedService(Service):
    """One process of the centre."""

    writer_type = SimulatedWriter
    scheduler_type = SimulatedScheduler
    guard_type = NoGuard
    head_keeper_type = SimulatedHeads
    supervising_type = SimulatedSupervising

    def __init__(self, settings: Settings, host: Host, ids: SeededIds, notifiers: Mapping[Way, Notifier]) -> None:
        """Serve the folder of `settings` on `host`."""
        super().__init__(settings, {}, clock=cast("Clock", host), ids=ids)
        self._host = host
        self._disk = SimulatedRoom(settings.folder, host.disk)
        self._disk_below = host.disk
        self._notifiers = notifiers
        self._doors = _NoListeners()
        self.on_committed: Callable[[Committed], None] = lambda _committed: None
        """Told of what the core has committed, as the screens are."""
        self.on_scanned: Callable[[], None] = lambda: None
        """Called after each scan of supervision."""
        self.store_type = lambda path: DiskStore(path, host.disk)
        self.consoles: set[Ref] = set()
        """Sessions at whose consoles somebody sits."""
        self._is_over = False

    # What tests and invariants look at -------------------------------------------------------------------------------

    @property
    def centre(self) -> Centre:
        """What people do is done by this."""
        return self._centre

    @property
    def parts(self) -> Any:
        """The service's own parts, for whoever judges it."""
        return self

    @property
    def takes_in(self) -> bool:
        """Panels can reach it, and what they say is taken."""
        return self._doors.is_open and not self._host.disk.is_dead and not self._host.world.is_asleep

    def present(self) -> set[Actor]:
        """Who can act at a desk now."""
        return self._access.present(self.consoles)

    # Panels ----------------------------------------------------------------------------------------------------------

    def take_udp(self, data: bytes, address: tuple[str, int], reply: Reply) -> bool:
        """A datagram has reached the machine; False where nobody was there to read it."""
        if not self.takes_in:
            return False
        datagrams = PanelDatagrams(self._receiver)
        datagrams.connection_made(cast("Any", _Datagrams(reply)))
        datagrams.datagram_received(data, address)
        return self._receiver.is_accepting

    def connect(self, address: tuple[str, int], reply: Reply, transport: Transport = "tcp") -> "Connection | None":
        """A panel connects; None where nobody listens."""
        return Connection(self, address, reply, transport) if self.takes_in else None

    # What the machine gives ------------------------------------------------------------------------------------------

    def _hold_folder(self) -> None:
        """There is one process at a time here."""

    def _bind(self) -> None:
        self._listeners = cast("Any", self._doors)
        self._mail = None

    async def _listen_dc09(self) -> None:
        self._ending.undo(self._stop_reading)

    async def _listen_web(self) -> None:
        """People act by `centre` and by the access that the web part would ask."""

    async def _listen_control(self) -> None:
        """Nobody asks by a socket."""

    def _make_passwords(self) -> Passwords:
        return Passwords(CHEAP, on_thread=lambda: None)

    def _make_notifiers(self, push_key: "ec.EllipticCurvePrivateKey | None") -> Mapping[Way, Notifier]:
        del push_key
        return self._notifiers

    def _committed(self, committed: Committed) -> None:
        super()._committed(committed)
        self.on_committed(committed)

    def _supervise(self) -> None:
        super()._supervise()
        self.on_scanned()

    def _listening(self) -> set[Ref]:
        return set(self.consoles)

    def _die_within(self, seconds: float) -> None:
        def die() -> None:
            if not self._is_over and not self._disk_below.is_dead:
                self._disk_below.die()

        self._host.world.after(seconds, die)

    def _run_in_writer(self, work: Callable[[Journal], T]) -> T:
        future: Future[T] = self._writer.call(work)
        while not future.done():
            assert self._writer.turn(), "a turn takes what waits"
        return future.result()

    def abandon(self) -> None:
        """It has died, or ended: let go of its files, as the system does."""
        self._is_over = True
        opened = getattr(self, "_opened", None)
        if opened is not None:
            opened.close()


class _Datagrams:
    """What answers to a datagram go through."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def is_closing(self) -> bool:
        return False

    def sendto(self, data: bytes, _address: object) -> None:
        self._reply(data)


class Connection:
    """One TCP connection, seen from both sides: the panel's `send` and `close`, and the transport of the centre."""

    def __init__(self, service: SimulatedService, address: tuple[str, int], reply: Reply, transport: Transport) -> None:
        """Connect."""
        self._service = service
        self._address = address
        self._reply = reply
        self._is_closed = False
        self._is_paused = False
        self._inbox: list[bytes] = []
        self._protocol = PanelConnection(service.parts._intake.connections, transport)
        self._protocol.connection_made(cast("Any", self))

    def send(self, data: bytes) -> bool:
        """The panel sends; False where it comes to nobody."""
        if self._is_closed or not self._service.takes_in:
            return False
        self._inbox.append(data)
        self._deliver()
        return not self._is_paused

    def end(self) -> None:
        """The panel, or the network between, has ended it."""
        if not self._is_closed:
            self._is_closed = True
            if not self._service._host.disk.is_dead:
                self._protocol.connection_lost(None)

    def _deliver(self) -> None:
        while self._inbox and not self._is_paused and not self._is_closed:
            data = self._inbox.pop(0)
            self._protocol.get_buffer(len(data))[: len(data)] = data
            self._protocol.buffer_updated(len(data))

    # The centre's side (`asyncio.Transport`) --------------------------------------------------------------------------

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Where it comes from."""
        return self._address if name == "peername" else default

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is buffered."""

    def get_write_buffer_size(self) -> int:
        """Nothing is."""
        return 0

    def is_closing(self) -> bool:
        """It is over."""
        return self._is_closed

    def write(self, data: bytes) -> None:
        """An answer leaves, unless the process has died."""
        if not self._is_closed and not self._service._host.disk.is_dead:
            self._reply(bytes(data))

    def pause_reading(self) -> None:
        """The centre reads no more."""
        self._is_paused = True

    def resume_reading(self) -> None:
        """It reads on."""
        self._is_paused = False
        asyncio.get_running_loop().call_soon(self._deliver)

    def close(self) -> None:
        """The centre has ended it."""
        if not self._is_closed:
            self._is_closed = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        """The same."""
        self.close()


__all__ = ["Connection", "Host", "SimulatedService"]
