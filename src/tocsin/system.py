"""The real clock, randomness and waiting. The only module that may ask the machine for them."""

import asyncio
import os
import random
import time
from collections.abc import Callable

from tocsin.model.values import Micros

__all__ = [
    "SystemClock",
    "SystemIds",
    "call_every",
    "cpu_s",
    "raise_file_limit",
    "seeded",
    "sleep",
    "sleep_blocking",
    "thread_cpu_s",
    "timeout",
]

timeout = asyncio.timeout
sleep = asyncio.sleep
sleep_blocking = time.sleep
cpu_s = time.process_time


def thread_cpu_s(thread: int) -> float:
    """Seconds of the processor that a living thread of this process has had; where no one can say, by the clock."""
    if not hasattr(time, "pthread_getcpuclockid"):  # Windows
        return time.monotonic()
    return time.clock_gettime(time.pthread_getcpuclockid(thread))


class SystemClock:
    """The machine's clock (model.ports.Clock)."""

    def now_us(self) -> Micros:
        """Wall time, microseconds since 1970 UTC."""
        return Micros(time.time_ns() // 1000)

    def monotonic_s(self) -> float:
        """Seconds from any start, never running back."""
        return time.monotonic()


class SystemIds:
    """The machine's randomness (model.ports.Ids)."""

    def token_bytes(self, length: int) -> bytes:
        """Bytes fit for salts, nonces and keys."""
        return os.urandom(length)


def seeded(seed: int) -> random.Random:
    """Return a generator for simulations: same seed, same run. Never for keys."""
    return random.Random(seed)  # noqa: S311 - simulations want repeatable numbers, not secret ones


def raise_file_limit(wanted: int) -> int:
    """Let this process open as many files as the system allows, up to `wanted`; return how many that is."""
    try:
        import resource  # not on Windows, where there is no such limit
    except ImportError:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    goal = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < goal:
        resource.setrlimit(resource.RLIMIT_NOFILE, (goal, hard))
        return goal
    return soft


async def call_every(interval_s: float, work: Callable[[], None]) -> None:
    """Call `work` every `interval_s` seconds until cancelled; what it raises ends the task."""
    while True:
        await asyncio.sleep(interval_s)
        work()


def limit_process(*, cpu_s: int, memory_bytes: int) -> None:
    """Let this process have so much and no more: who takes more of the processor is ended, of memory gets an error."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
