"""The machine that a simulated centre runs on: one event loop in virtual time, with nobody else's clock or chance.

Two times go on here. The *world's* is true time: panels, people and providers live by it. The *host's* is that of the
centre's machine, its monotonic clock, and it stands still while the machine sleeps. The wall clock is the world's time
plus what somebody has set it wrong by.

What happens in the world is a heap of calls, and the loop comes to them where it would wait for sockets. So a run takes
no longer than its work does, and its order follows from the seed alone.
"""

import asyncio
import contextlib
import heapq
import selectors
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextvars import Context
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from tocsin.model.values import Micros
from tocsin.system import seeded

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - its type alone; the seeded one comes from `system`

SECOND_US: Final = 1_000_000
LEAST_S: Final = 1e-6
BEGIN_US: Final = Micros(1_795_000_000 * SECOND_US)
"""Wall time at the beginning of every run: a Friday in November 2026, 10:26 UTC."""


class SimulatedDeath(BaseException):
    """The centre's process is dead. Nobody may catch it as an error and go on."""


class World:
    """True time, what is going to happen, and the only source of chance."""

    def __init__(self, seed: int) -> None:
        """Begin at second 0."""
        self.now_s = 0.0
        self.seed = seed
        self.asleep_s = 0.0
        """How long the host has slept until now, its monotonic clock standing still."""
        self.wrong_us = 0
        """By how much the wall clock is wrong."""
        self.is_asleep = False
        """The host does nothing at the moment: nothing is taken in and nothing answered."""
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def dice(self, name: str) -> "Random":
        """Chance for one purpose: what one actor draws changes nothing for another."""
        return seeded(int.from_bytes(sha256(f"{self.seed}/{name}".encode()).digest()[:8]))

    def at(self, when_s: float, call: Callable[[], None]) -> None:
        """Let it happen then, or next where that is past. What falls together happens in the order of these calls."""
        self._count += 1
        heapq.heappush(self._heap, (max(when_s, self.now_s), self._count, call))

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Let it happen in so many seconds."""
        self.at(self.now_s + seconds, call)

    @property
    def next_s(self) -> float:
        """When something happens next."""
        return self._heap[0][0] if self._heap else float("inf")

    def run_until(self, until_s: float) -> None:
        """Let happen what is due by then; it is then afterwards."""
        while self._heap and self._heap[0][0] <= until_s:
            self.now_s, _, call = heapq.heappop(self._heap)
            with contextlib.suppress(SimulatedDeath):  # it died of what reached it; who starts it again knows
                call()
        self.now_s = max(self.now_s, until_s)

    # The host's clocks (`model.ports.Clock`) --------------------------------------------------------------------------

    def now_us(self) -> Micros:
        """Wall time as the host has it."""
        return Micros(BEGIN_US + round(self.now_s * SECOND_US) + self.wrong_us)

    def monotonic_s(self) -> float:
        """The host's monotonic clock."""
        return self.now_s - self.asleep_s

    def true_us(self) -> Micros:
        """Wall time as everybody else has it."""
        return Micros(BEGIN_US + round(self.now_s * SECOND_US))

    # What may befall the host ----------------------------------------------------------------------------------------

    def suspend(self, seconds: float) -> None:
        """The machine sleeps: its monotonic clock stands still, and the wall clock is right again afterwards."""
        self._pass_without_host(seconds)
        self.asleep_s += seconds

    def stop(self, seconds: float) -> None:
        """The process gets no processor for so long, and both clocks go on."""
        self._pass_without_host(seconds)

    def _pass_without_host(self, seconds: float) -> None:
        until_s, self.is_asleep = self.now_s + seconds, True
        try:
            self.run_until(until_s)
        finally:
            self.is_asleep = False


class SeededIds:
    """Bytes from a seed (`model.ports.Ids`): same seed, same keys. Nothing of a simulation is secret."""

    def __init__(self, world: World) -> None:
        """Draw from a generator of its own."""
        self._dice = world.dice("ids")

    def token_bytes(self, length: int) -> bytes:
        """So many bytes."""
        return self._dice.randbytes(length)


class _NoSockets(selectors.BaseSelector):
    """Where the loop would wait for sockets, the world goes on."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._files: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = self._files[fileobj] = selectors.SelectorKey(fileobj, 0, events, data)
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._files.pop(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._files

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        world = self._world
        if timeout is not None and timeout <= 0:
            return []
        # Whoever waits for less than a clock can tell would wait for ever.
        until_s = world.next_s if timeout is None else min(world.next_s, world.now_s + max(timeout, LEAST_S))
        assert until_s < float("inf"), "the simulation waits for something that nobody will do"
        world.run_until(until_s)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is the host's, and whose threads do their work at once."""

    def __init__(self, world: World) -> None:
        """Run in this world."""
        self._world = world
        super().__init__(_NoSockets(world))

    def time(self) -> float:
        """The host's monotonic clock."""
        return self._world.monotonic_s()

    def forget_all(self) -> None:
        """Whatever a process that has died had planned does not happen."""
        scheduled: list[asyncio.TimerHandle] = getattr(self, "_scheduled")  # noqa: B009 - the loop's own
        ready: deque[asyncio.Handle] = getattr(self, "_ready")  # noqa: B009 - the same
        for handle in (*scheduled, *ready):
            handle.cancel()

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """There is one thread: nobody sleeps who would have to be woken."""
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """Do it at once; threads of the product wait for the writer, which does its turn inside of this."""
        del executor
        future: asyncio.Future[Any] = self.create_future()
        try:
            future.set_result(func(*args))
        except SimulatedDeath:
            future.cancel()
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for the future
            future.set_exception(error)
        return future
