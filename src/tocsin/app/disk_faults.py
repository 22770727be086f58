"""What becomes of the centre when its disk fills, is full, or fails."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from tocsin.app.ending import Ending
from tocsin.app.intake import Intake
from tocsin.app.notes import Notes
from tocsin.app.readiness import Readiness
from tocsin.centre.disk import DiskRoom
from tocsin.centre.folder import FAULT
from tocsin.model.errors import CentreFault

FATAL_LINGER_S: Final = 1.5
"""After a disk fault `/readyz` says so for a moment longer."""

FATAL_MAX_S: Final = 4.0
"""And the process is gone within 5 s, however far its closing has come."""

_LOG = structlog.get_logger("centre")


class DiskFaults:
    """Nothing is taken in that cannot be kept: a full disk is waited out, with a failed one the centre ends."""

    def __init__(
        self,
        disk: DiskRoom,
        folder: Path,
        *,
        intake: Intake,
        notes: Notes,
        readiness: Readiness,
        ending: Ending,
        loop: asyncio.AbstractEventLoop,
        die_within: Callable[[float], None],
    ) -> None:
        """Watch over the disk of `folder`; `die_within` ends the process by force, after so many seconds."""
        self._disk = disk
        self._folder = folder
        self._intake = intake
        self._notes = notes
        self._readiness = readiness
        self._ending = ending
        self._loop = loop
        self._die_within = die_within
        self._is_low = False

    def full(self) -> None:
        """Take nothing in until there is room; the reserve lets the centre itself go on writing."""
        if self._readiness.lacks("disk"):
            return
        self._readiness.put("disk", "the disk is full: signals are not taken in until there is room")
        self._intake.pause()
        with contextlib.suppress(OSError):
            self._disk.free_reserve()
        _LOG.error("disk.full")
        self._notes.note("disk_full")

    def failed(self, fault: CentreFault) -> None:
        """After a failed fsync nobody knows what is on the disk: stop receiving, say so, and end."""
        if self._ending.status:
            return
        self._ending.status = 1
        self._readiness.put("disk", "the disk failed: what was stored last is unknown, the centre is ending")
        self._intake.pause()
        self._die_within(FATAL_MAX_S)
        self._intake.abort()
        _LOG.error("disk.failed", error=str(fault))
        self._loop.call_later(FATAL_LINGER_S, self._ending.ask)
        with contextlib.suppress(OSError):
            (self._folder / FAULT).touch()

    def go_on_with_room(self) -> None:
        """Take signals in again as soon as the reserve is whole."""
        if not self._readiness.lacks("disk") or self._ending.status or not self._disk.make_reserve():
            return
        self._readiness.drop("disk")
        _LOG.warning("disk.room", free_bytes=self._disk.free_bytes())
        self._notes.note_again()
        self._notes.note("disk_room")
        self._intake.go_on()

    def check_room(self) -> None:
        """Warn while there is time: less than 10 % or 2 GB is left."""
        is_low = self._disk.is_low()
        if is_low != self._is_low:
            self._is_low = is_low
            log = _LOG.warning if is_low else _LOG.info
            log("disk.low" if is_low else "disk.room", free_bytes=self._disk.free_bytes())
