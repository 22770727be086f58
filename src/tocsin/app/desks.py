"""Who is at the desks, looked at every two seconds."""

import asyncio
import threading
from typing import Final

import structlog

from tocsin.access.access import Access
from tocsin.centre.attendance import Attendance
from tocsin.centre.queue_parts import QueueParts
from tocsin.model.errors import CentreFault
from tocsin.model.ports import Clock
from tocsin.model.values import Ref
from tocsin.web.screens import Screens

DESKS_S: Final = 2.0
"""How often it is looked who is at the desks."""

_LOG = structlog.get_logger("centre")


class Desks:
    """Looks at which desks somebody sits, and what becomes of those that nobody sits at."""

    def __init__(
        self,
        access: Access,
        attendance: Attendance,
        queue_parts: QueueParts,
        screens: Screens,
        clock: Clock,
        idle_s: float,
    ) -> None:
        """After `idle_s` with something urgent unclaimed, a desk counts only where somebody touches it."""
        self._access = access
        self._attendance = attendance
        self._queue_parts = queue_parts
        self._screens = screens
        self._clock = clock
        self._idle_s = idle_s
        self._looking = threading.Lock()
        self._urgent_since_s = clock.monotonic_s()
        """When something of priority 1 or 2 began to wait for a claim, without a moment in which nothing did."""

    def listening(self) -> set[Ref]:
        """Sessions whose consoles live; while something urgent waits long enough, those alone that somebody touches."""
        now_s = self._clock.monotonic_s()
        if not self._screens.board.has_urgent():
            self._urgent_since_s = now_s
        return self._screens.hub.listening(self._idle_s if now_s - self._urgent_since_s >= self._idle_s else None)

    def look_soon(self, listening: set[Ref]) -> None:
        """Beside the event loop: it reads the store, and may wait for the writer."""
        asyncio.get_running_loop().run_in_executor(None, self._look, listening)

    def _look(self, listening: set[Ref]) -> None:
        if not self._looking.acquire(blocking=False):
            return  # a look before this one waits for the disk
        try:
            self._attendance.look(self._access.present(listening))
            self._queue_parts.look()
        except CentreFault as fault:
            _LOG.warning("desks.not_looked_at", code=fault.code)
        except Exception:  # noqa: BLE001 - the next look tries again; it is logged
            _LOG.exception("desks.failed")
        finally:
            self._looking.release()
