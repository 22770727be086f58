"""What the live stream costs: the hub, its board and the product's own web server, read by many consoles.

    python -m tocsin.bench.hub

measures it with 200 consoles and prints the figures. The hub's process makes its own updates, as the event loop of a
centre is given them after each commit, so that nothing else is in the figure; the consoles are real sockets of another
process. Both take an order a line and answer with a line.
"""

import asyncio
import selectors
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import msgspec

from tocsin.bench.processes import child_process
from tocsin.model.errors import CentreFault
from tocsin.model.incidents import Committed, Incident
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.settings import Settings
from tocsin.system import SystemClock, cpu_s, raise_file_limit, seeded, sleep
from tocsin.web.api.types import Beat
from tocsin.web.board import Board
from tocsin.web.live import TICK_S, Hub, show
from tocsin.web.permissions import SCOPE_PERMISSIONS
from tocsin.web.server import BACKLOG, WebServer
from tocsin.web.stream import LiveStream

HOST: Final = "127.0.0.1"
OPEN: Final = 2_000
READ_BYTES: Final = 1 << 16
TAIL_BYTES: Final = 1 << 17
SETTLE_S: Final = 0.5
CONNECT_S: Final = 30.0
FILES_SPARE: Final = 100
_CLOCK: Final = SystemClock()
T = TypeVar("T")


class HubOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a hub is to do: so many updates a second, for so long."""

    updates_per_s: int
    seconds: float
    urgent_every: int = 0
    """Each so many-th update is a new signal at a priority 1, which goes at once; 0: none is."""
    consoles: int
    """How many must be connected."""


class HubDone(msgspec.Struct, frozen=True, kw_only=True):
    """What it took."""

    cpu_s: float
    seconds: float
    consoles: int
    last: str
    """Id of the last update."""


class HubRead(msgspec.Struct, frozen=True, kw_only=True):
    """What consoles got since they were asked last."""

    events: int
    bytes: int
    lasts: list[str]
    """The ids that they hold, each once."""


class HubRun(msgspec.Struct, frozen=True, kw_only=True):
    """What the stream cost, as shares of one core."""

    consoles: int
    updates_per_s: int
    seconds: float
    share: float
    """Of the process with the hub: everything that it did."""
    alone_share: float
    """The same updates with nobody listening: board and encoding."""
    idle_share: float
    """All consoles connected and nothing to tell but the beat."""
    writes_per_s: float
    """To one console."""
    bytes_per_s: float
    """To one console."""


class _Lines:
    """Orders to a process and its answers, a line each."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[bytes] = process.stdin
        self._out: IO[bytes] = process.stdout

    def ask(self, order: object, kind: type[T]) -> T:
        self._in.write(msgspec.json.encode(order) + b"\n")
        self._in.flush()
        return self.answer(kind)

    def answer(self, kind: type[T]) -> T:
        line = self._out.readline()
        if not line:
            raise CentreFault("A process of the bench ended too early. Start it by hand to see why", "bench.process")
        return msgspec.json.decode(line, type=kind)


def measure_hub(
    consoles: int = 200, updates_per_s: int = 50, seconds: float = 10.0, urgent_every: int = 0, incidents: int = OPEN
) -> HubRun:
    """Measure one hub with so many consoles and updates.

    Raises:
        CentreFault: a console missed something, so that no figure can be had.
    """
    serve = [sys.executable, "-m", "tocsin.bench.hub", "serve", str(incidents)]
    with child_process(serve, {}, stdin=subprocess.PIPE) as process:
        hub = _Lines(process)
        port = hub.answer(int)

        def run(rate: int, told: int, every: int = 0) -> HubDone:
            order = HubOrder(updates_per_s=rate, seconds=seconds, urgent_every=every, consoles=told)
            return hub.ask(order, HubDone)

        alone = run(updates_per_s, 0, urgent_every)
        read_ = [sys.executable, "-m", "tocsin.bench.hub", "read", HOST, str(port), str(consoles)]
        with child_process(read_, {}, stdin=subprocess.PIPE) as reading:
            readers = _Lines(reading)
            readers.answer(int)
            idle = run(0, consoles)
            readers.ask(None, HubRead)
            done = run(updates_per_s, consoles, urgent_every)
            read = readers.ask(None, HubRead)
    if read.lasts != [done.last]:
        raise CentreFault(
            f"{len(read.lasts)} consoles of the bench hold other ids than {done.last}: no figure can be had from that. "
            "Report this as a fault of Tocsin",
            "bench.hub",
        )
    return HubRun(
        consoles=consoles,
        updates_per_s=updates_per_s,
        seconds=seconds,
        share=done.cpu_s / done.seconds,
        alone_share=alone.cpu_s / alone.seconds,
        idle_share=idle.cpu_s / idle.seconds,
        writes_per_s=read.events / done.seconds / consoles,
        bytes_per_s=read.bytes / done.seconds / consoles,
    )


class HubServer:
    """A board and a hub behind the product's web server, without a centre. The event loop owns it."""

    def __init__(self, incidents: int, consoles_max: int = 2_000, settings: Settings | None = None) -> None:
        """Show so many open incidents."""
        self.board = Board(1)
        self.board.load(Seq(incidents), [_incident(number) for number in range(1, incidents + 1)])
        self.hub = Hub(
            epoch=1,
            head=self.board.head,
            unchanged_since=self.board.head,
            clock=_CLOCK,
            timers=asyncio.get_running_loop(),
            beat=lambda: Beat(now=_CLOCK.now_us(), missing=[], last_signal_at=None, unknown=None),
            consoles_max=consoles_max,
        )
        self._listener = socket.create_server((HOST, 0), backlog=BACKLOG)
        self.port: int = self._listener.getsockname()[1]
        self._server = WebServer(self, self._listener, settings or Settings(folder=Path()), None)
        self._random = seeded(1)

    def start(self) -> None:
        """Begin to serve."""
        self._server.start()

    async def stop(self) -> None:
        """End every stream, then the server."""
        self.hub.close()
        await self._server.stop()

    def update(self, is_urgent: bool = False) -> None:
        """Commit a further signal of one of the open incidents."""
        shown = self.board.all() if is_urgent else None
        incident = shown[0] if shown else self._any()
        seq = Seq(self.board.head + 1)
        changed = msgspec.structs.replace(
            incident, signals=incident.signals + 1, version=seq, priority=1 if is_urgent else 3
        )
        show(Committed(seq=seq, incidents=(changed,)), self.board, self.hub)

    def _any(self) -> Incident:
        # Any but the first, which is the one of priority 1.
        found = self.board.get(Ref(f"incident-{self._random.randint(2, max(2, len(self.board)))}"))
        assert found is not None, "nothing is closed here"
        return found

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Every path is the live stream, open to everybody: of a machine's own bench."""
        headers = dict(scope["headers"])
        last = headers.get(b"last-event-id")
        rights = SCOPE_PERMISSIONS["read"]
        await LiveStream(self.hub, rights, lambda: True, None if last is None else last.decode())(scope, receive, send)


async def serve(incidents: int) -> None:
    """Carry out orders from standard input until it ends."""
    raise_file_limit(10_000)
    server = HubServer(incidents)
    server.start()
    orders: asyncio.Queue[HubOrder | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    threading.Thread(target=_read_orders, args=(loop, orders), daemon=True).start()
    _say(server.port)
    while (order := await orders.get()) is not None:
        _say(await _carry_out(server, order))
    await server.stop()


async def _carry_out(server: HubServer, order: HubOrder) -> HubDone:
    deadline_s = _CLOCK.monotonic_s() + CONNECT_S
    while server.hub.consoles != order.consoles and _CLOCK.monotonic_s() < deadline_s:
        await sleep(TICK_S)
    used_s, began_s = cpu_s(), _CLOCK.monotonic_s()
    updates = round(order.updates_per_s * order.seconds)
    for number in range(updates):
        await sleep(max(0.0, began_s + number / order.updates_per_s - _CLOCK.monotonic_s()))
        server.update(bool(order.urgent_every) and number % order.urgent_every == 0)
    await sleep(max(0.0, began_s + order.seconds - _CLOCK.monotonic_s()))
    done = HubDone(
        cpu_s=cpu_s() - used_s,
        seconds=_CLOCK.monotonic_s() - began_s,
        consoles=server.hub.consoles,
        last=server.board.live,
    )
    await sleep(SETTLE_S)  # the last write, and the way to the readers
    return done


def _read_orders(loop: asyncio.AbstractEventLoop, orders: "asyncio.Queue[HubOrder | None]") -> None:
    for line in sys.stdin.buffer:
        loop.call_soon_threadsafe(orders.put_nowait, msgspec.json.decode(line, type=HubOrder))
    loop.call_soon_threadsafe(orders.put_nowait, None)


class _Reader:
    """One console that reads and counts."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._tail = b""
        self.events = 0
        self.bytes = 0

    def read(self) -> None:
        data = self._connection.recv(READ_BYTES)
        if not data:
            raise CentreFault("A console of the bench lost its stream. Report this as a fault of Tocsin", "bench.hub")
        self.bytes += len(data)
        # An event's name may be cut in two; its data never holds it.
        joined = self._tail[-len(_DELTA) + 1 :] + data
        self.events += joined.count(_DELTA)
        self._tail = (self._tail + data)[-TAIL_BYTES:]

    @property
    def last(self) -> str:
        start = self._tail.rfind(_ID)
        return "" if start < 0 else self._tail[start + len(_ID) :].split(b"\n", 1)[0].decode()


_DELTA: Final = b"\nevent: delta\n"
_ID: Final = b"\nid: "


def read(host: str, port: int, consoles: int) -> None:
    """Hold so many consoles; for each line of standard input, tell what they got since."""
    raise_file_limit(consoles + FILES_SPARE)
    with selectors.DefaultSelector() as selector:
        readers: list[_Reader] = []
        for _ in range(consoles):
            connection = socket.create_connection((host, port), CONNECT_S)
            connection.sendall(f"GET /api/v1/live HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            readers.append(_Reader(connection))
            selector.register(connection, selectors.EVENT_READ, readers[-1].read)
        selector.register(sys.stdin.buffer, selectors.EVENT_READ, None)
        _say(consoles)
        while True:
            for key, _ in selector.select():
                if key.data is not None:
                    key.data()
                elif not sys.stdin.buffer.readline():
                    return
                else:
                    _tell(readers)


def _tell(readers: list[_Reader]) -> None:
    _say(
        HubRead(
            events=sum(one.events for one in readers),
            bytes=sum(one.bytes for one in readers),
            lasts=sorted({one.last for one in readers}),
        )
    )
    for one in readers:
        one.events = one.bytes = 0


def _say(answer: object) -> None:
    print(msgspec.json.encode(answer).decode(), flush=True)


def _incident(number: int) -> Incident:
    return Incident(
        account=None,
        account_id=Ref(f"account-{number % 500 + 1}"),
        acted=Seq(number),
        alarm_at=Micros(number),
        alarmed=Seq(number),
        claimed_at=None,
        claimed_by=None,
        closed_at=None,
        closed_by=None,
        code=Code("BA"),
        condition="active",
        confirmed=False,
        disposition=None,
        exercise=False,
        hazard="intrusion",
        id=Ref(f"incident-{number}"),
        last_at=Micros(number),
        line=Code("0"),
        number=number,
        opened_at=Micros(number),
        origin="signal",
        points=(),
        points_full=False,
        presentation="shown",
        priority=1 if number == 1 else 3,
        reason=Code("code"),
        receiver=None,
        signals=1,
        silent=False,
        site_id=Ref(f"site-{number % 40 + 1}"),
        state="open",
        type=Code("INT-BURGLARY"),
        version=Seq(number),
        zone=Code("1"),
    )


def main(arguments: list[str]) -> None:
    """Serve, read, or measure and print."""
    match arguments:
        case ["serve", incidents]:
            try:
                import uvloop
            except ImportError:
                asyncio.run(serve(int(incidents)))
            else:
                uvloop.run(serve(int(incidents)))
        case ["read", host, port, consoles]:
            read(host, int(port), int(consoles))
        case _:
            _say(measure_hub())


if __name__ == "__main__":
    main(sys.argv[1:])
