"""The host's disk: how long a commit takes, how much room there is, and at which commit it or the process fails.

The database is the real one, in a real file: what a commit wrote is there after a death, and what was not committed is
gone with the process's memory. What an fsync is worth is proved elsewhere (tests/journeys), with a shim below SQLite.
"""

import contextlib
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from tocsin.centre.disk import RESERVE_BYTES, RESUME_FREE_BYTES, DiskRoom
from tocsin.centre.folder import RESERVE
from tocsin.model.errors import DiskFault, JournalFull
from tocsin.model.values import Code, Ref
from tocsin.model.vault import Timer
from tocsin.simulation.machine import SimulatedDeath
from tocsin.store.reading import faults
from tocsin.store.sqlite import SqliteStore, SqliteTransaction, make_engine

QUICK_S: Final = 0.002
FREE_BYTES: Final = 8 << 30
A_COMMIT_BYTES: Final = 24_576
"""What a commit takes at least, about."""


class Disk:
    """The disk under one centre, over all its processes."""

    def __init__(self) -> None:
        """Begin with room, quick and whole."""
        self.latency_s = QUICK_S
        """From a request to the commit that serves it."""
        self.free_bytes = FREE_BYTES
        self.has_reserve = False
        self.is_dead = False
        """The process has died: nothing more of it reaches the disk."""
        self.commits = 0
        self.dies_at: int | None = None
        """It dies at the commit of this number."""
        self.is_stored_first = False
        """It dies right after that commit, and not right before it; so it is with an fsync that fails."""
        self.fails_at: int | None = None
        """The fsync of the commit of this number fails."""
        self.has_failed = False
        """An fsync has failed: whatever this process writes from here on, nobody knows what of it is on the disk."""
        self.on_failure: Callable[[], None] = lambda: None
        self.on_written_blind: Callable[[], None] = lambda: None
        """Called where the process commits after that."""
        self.on_death: Callable[[], None] = lambda: None
        self.on_timers_changed: Callable[[Mapping[tuple[Code, Ref], Timer | None]], None] = lambda _timers: None
        """Told of the timers, by kind and object, that a commit has set, moved or, as None, ended."""
        self.is_full_told = False

    def refuse_dead(self) -> None:
        """Whoever comes here after the death goes no further."""
        if self.is_dead:
            raise SimulatedDeath

    def die(self) -> None:
        """The process dies here."""
        self.is_dead, self.dies_at = True, None
        self.on_death()
        raise SimulatedDeath

    def begin_anew(self) -> None:
        """Another process begins; the disk works again."""
        self.is_dead = self.has_failed = False
        self.fails_at = None

    def committing(self, written_bytes: int) -> None:
        """A transaction that changed something is about to be committed."""
        self.refuse_dead()
        if self.has_failed:
            self.on_written_blind()
        needed = written_bytes + A_COMMIT_BYTES
        if self.free_bytes < needed:
            self.is_full_told = True
            raise JournalFull(
                "The disk is full: nothing of this batch was stored. Make room; intake goes on by itself", "store.full"
            )
        self.commits += 1
        if self.dies_at is not None and self.commits >= self.dies_at and not self.is_stored_first:
            self.die()
        if self._is_to_fail and not self.is_stored_first:
            self._fail()
        self.free_bytes -= needed

    def committed(self) -> None:
        """It is durable."""
        if self.dies_at is not None and self.commits >= self.dies_at:
            self.die()
        if self._is_to_fail:
            self._fail()

    @property
    def _is_to_fail(self) -> bool:
        return self.fails_at is not None and self.commits >= self.fails_at

    def _fail(self) -> None:
        self.has_failed, self.fails_at = True, None
        self.on_failure()
        raise DiskFault("The fsync of this batch failed: what is on the disk is unknown", "store.disk")


class DiskStore(SqliteStore):
    """The product's store on this disk."""

    def __init__(self, path: Path, disk: Disk) -> None:
        """Open the database."""
        self._disk = disk
        super().__init__(path)
        self._reader = make_engine(path, sa.pool.StaticPool, begins=False).connect()

    @contextlib.contextmanager
    def transaction(self) -> Generator[SqliteTransaction]:
        """As the real one, with this disk's faults before and after the commit."""
        self._disk.refuse_dead()
        has_changed = False
        with super().transaction() as transaction:
            before = self._changes()
            yield transaction
            has_changed = self._changes() != before
            if has_changed:
                self._disk.committing(transaction.written_bytes)
        if has_changed:
            self._disk.on_timers_changed(transaction.changed_timers)
            self._disk.committed()

    def _changes(self) -> int:
        connection = self._writer.connection.dbapi_connection
        assert connection is not None, "the writer's connection is open"
        return connection.total_changes  # type: ignore[no-any-return] - the driver says so

    @contextlib.contextmanager
    def _read(self) -> Generator:  # type: ignore[type-arg] - as the real one
        # There is one thread: nobody writes between two statements of a read, and a connection each would be half of
        # what reading costs.
        self._disk.refuse_dead()
        with faults():
            yield self._reader

    def close(self) -> None:
        """Let go of the database."""
        self._reader.close()
        self._reader.engine.dispose()
        super().close()


class SimulatedRoom(DiskRoom):
    """Room on this disk, and its reserve."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        """Watch over `disk`."""
        super().__init__(folder, RESERVE)
        self._room = disk

    @property
    def has_reserve(self) -> bool:
        """The reserve is there, whole."""
        return self._room.has_reserve

    def make_reserve(self) -> bool:
        """Make the reserve if there is room; say whether it is there."""
        if not self.has_reserve and self._room.free_bytes >= RESUME_FREE_BYTES:
            self._room.free_bytes -= RESERVE_BYTES
            self._room.has_reserve = True
        return self._room.has_reserve

    def free_reserve(self) -> None:
        """Give the reserve's room back."""
        if self._room.has_reserve:
            self._room.free_bytes += RESERVE_BYTES
            self._room.has_reserve = False

    def free_bytes(self) -> int:
        """Bytes that may still be written."""
        return self._room.free_bytes

    def is_low(self) -> bool:
        """Less than 2 GB is left."""
        return self._room.free_bytes < 2 << 30
