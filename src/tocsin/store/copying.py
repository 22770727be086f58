"""Copies a database while others go on using it: a little at a time, so that nobody waits for more than a moment.

SQLite's own backup does it page by page. Copied over the very connection that writes, a page that changes after it was
copied is copied again with the commit that changed it, so the copy never has to begin anew, and what comes out is the
database as it was at the last step: every commit before that is in it whole, none later. No read stays open between two
steps, so the write-ahead log does not grow meanwhile.
Source: sqlite.org/backup.html; DESIGN.md, "The journal", 9.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from tocsin.model.errors import CentreFault, DiskFault, JournalFull
from tocsin.model.ports import Clock
from tocsin.store.driver import dbapi

STEP_PAGES: Final = 64
"""Half a megabyte of 8 kB pages: well under a millisecond from memory, a few from a disk."""

PAUSE_S: Final = 0.002
"""After each step, so that a writer that waits gets its turn: a mutex taken again at once is seldom handed on."""

BUSY_S: Final = 0.001
SYNC_BYTES: Final = 16 << 20
"""What was written is synced so often: gigabytes left for the end would hold up everybody else's fsync."""

STALLED_S: Final = 300.0
_FULL: Final = 13


class Copied(msgspec.Struct, frozen=True, gc=False):
    """What a copy took."""

    size_bytes: int
    steps: int
    held_s: float
    """The longest that one step kept the source to itself."""


def copy_database(
    source: Any,
    target: Path,
    clock: Clock,
    sleep: Callable[[float], None],
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Copied:
    """Copy the database of an open connection into a new file, durable when this returns.

    `on_progress` gets the pages that are copied and how many there are; what it raises ends the copy. From any thread:
    the connection may be at work in another one meanwhile.

    Raises:
        JournalFull: no room for the copy. DiskFault: it cannot be read or written. The source is as it was.
    """
    copying = _Copying(target, clock, sleep, on_progress)
    try:
        made = dbapi.connect(str(target), isolation_level=None)
        try:
            # Whatever becomes of this file before it is whole, it is made anew: it needs no journal of its own.
            made.execute("PRAGMA journal_mode=OFF").fetchall()
            made.execute("PRAGMA synchronous=OFF").fetchall()
            with copying:
                source.backup(made, pages=STEP_PAGES, progress=copying.stepped, sleep=BUSY_S)
        finally:
            made.close()
        _sync(target)
    except dbapi.Error as error:
        raise _fault(error, target) from error
    except OSError as error:
        raise _fault(error, target) from error
    return Copied(target.stat().st_size, copying.steps, copying.held_s)


def copy_file(
    path: Path,
    target: Path,
    clock: Clock,
    sleep: Callable[[float], None],
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Copied:
    """Copy a database by a connection of its own; begun anew where somebody writes it meanwhile, so for small ones.

    Raises:
        JournalFull, DiskFault: as `copy_database`.
    """
    try:
        source = dbapi.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    except dbapi.Error as error:
        raise _fault(error, path) from error
    with contextlib.closing(source):
        return copy_database(source, target, clock, sleep, on_progress)


class _Copying:
    """Looks on, step by step."""

    def __init__(
        self, target: Path, clock: Clock, sleep: Callable[[float], None], on_progress: Callable[[int, int], None]
    ) -> None:
        self._target = target
        self._clock = clock
        self._sleep = sleep
        self._on_progress = on_progress
        self._file = -1
        self._synced_pages = 0
        self._begun_s = self._moved_s = 0.0
        self._left: int | None = None
        self.steps = 0
        self.held_s = 0.0

    def __enter__(self) -> None:
        self._file = os.open(self._target, os.O_RDONLY)
        self._begun_s = self._moved_s = self._clock.monotonic_s()

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def stepped(self, _status: int, left: int, total: int) -> None:
        """After a step, or a try for one while the writer is inside a transaction."""
        now_s = self._clock.monotonic_s()
        if left != self._left:
            self.steps += 1
            self.held_s = max(self.held_s, now_s - self._begun_s)
            self._left, self._moved_s = left, now_s
            self._on_progress(total - left, total)
            if (total - left - self._synced_pages) * 8192 >= SYNC_BYTES:
                self._synced_pages = total - left
                os.fdatasync(self._file)
            self._sleep(PAUSE_S)
        elif now_s - self._moved_s > STALLED_S:
            raise CentreFault(
                f"The copy did not get on for {STALLED_S:.0f} s: the database is busy without a break. It was ended, "
                "and nothing else was changed. Try again when there is less to do",
                "backup.stalled",
            )
        self._begun_s = self._clock.monotonic_s()


def _sync(path: Path) -> None:
    for place in (path, path.parent):
        file = os.open(place, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _fault(error: BaseException, path: Path) -> CentreFault:
    number = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if number == _FULL or getattr(error, "errno", None) == 28:
        return JournalFull(
            f"There is no room for the copy {path.name}. Nothing else was changed. Make room, then try again",
            "backup.full",
        )
    return DiskFault(
        f"The copy {path.name} could not be made ({type(error).__name__}): its disk or the database's cannot be "
        "read or written. Check both",
        "backup.disk",
    )
