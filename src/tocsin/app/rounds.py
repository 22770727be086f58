"""What is done again and again in the event loop, and how late the loop was with it."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from tocsin.model.ports import Clock
from tocsin.system import sleep

LOOP_LAG_MAX_S: Final = 0.25
_LOG = structlog.get_logger("centre")


class Rounds:
    """Tasks of the event loop, each with its own interval."""

    def __init__(self, clock: Clock) -> None:
        """None yet."""
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._lag_s = 0.0

    def every(self, interval_s: float, work: Callable[[], None]) -> None:
        """Do this each `interval_s`, after one interval for the first time; a round that fails is logged."""

        async def run() -> None:
            while True:
                due_s = self._clock.monotonic_s() + interval_s
                await sleep(interval_s)
                self._note_lag(self._clock.monotonic_s() - due_s)
                try:
                    work()
                except Exception:  # noqa: BLE001 - one failed round must not end the rounds; it is logged
                    _LOG.exception("centre.task_failed", task=work.__name__)

        self._tasks.add(asyncio.create_task(run()))

    async def stop(self) -> None:
        """No further round."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def take_lag_s(self) -> float:
        """The worst delay of the event loop since this was last asked."""
        lag_s, self._lag_s = self._lag_s, 0.0
        return lag_s

    def _note_lag(self, late_s: float) -> None:
        self._lag_s = max(self._lag_s, late_s)
        if late_s >= LOOP_LAG_MAX_S:
            _LOG.warning("centre.loop_late", seconds=round(late_s, 3))
