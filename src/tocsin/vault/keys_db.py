"""`keys.db`: the file that holds every key, each wrapped by the master key.

Destroying a key must leave no copy, so:
- the rollback journal is deleted at commit (journal_mode DELETE) and the folder synced after it (synchronous EXTRA);
  a write-ahead log would keep old pages for as long as it lives;
- secure_delete overwrites what SQLite frees;
- all wrapped values stand in one table to which rows are only appended, and are destroyed by writing zeros of the same
  length over them: no row ever moves within the file, so no stale copy of a living one can stay behind to outlive it.
What a solid-state disk or a snapshot of the file system keeps of overwritten blocks is wrapped by the master key.
"""

import contextlib
import os
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tocsin.model.errors import CentreFault, Conflict, DiskFault, JournalFull, KeyMissing
from tocsin.vault.master import refuse_readable_by_others, sync_folder

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    from pysqlite3 import dbapi2 as sqlite

SCHEMA_VERSION: Final = 2
BUSY_S: Final = 5.0
_SQLITE_FULL: Final = 13
_SCHEMA: Final = """
CREATE TABLE wrapped (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL);
CREATE TABLE day_keys (
    id INTEGER PRIMARY KEY, class TEXT NOT NULL, day INTEGER NOT NULL, seals INTEGER NOT NULL, destroyed_at INTEGER
);
CREATE INDEX day_keys_by_day ON day_keys (class, day);
CREATE TABLE secrets (name TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
_HOLDERS: Final = "CREATE TABLE holder_keys (id INTEGER PRIMARY KEY, destroyed_at INTEGER);"
"""Since version 2."""

_PRAGMAS: Final = (
    ("journal_mode", "DELETE", "delete"),
    ("synchronous", "EXTRA", None),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", None),
    ("trusted_schema", "OFF", None),
)


class KeysDb:
    """The file and its rules. May be used from any thread; one transaction runs at a time."""

    def __init__(self, path: Path) -> None:
        """Open an existing file.

        Raises:
            KeyMissing: it is not there, or it is no `keys.db`.
            Conflict: a newer program wrote it.
            BadInput: others than its owner may read it.
        """
        if not path.exists():
            raise KeyMissing(
                f"{path} is not there, and with it every key of the centre. Nothing was changed. Restore it from the "
                "newest backup of the keys; do not make a new one",
                "keys.missing",
            )
        refuse_readable_by_others(path)
        self._lock = threading.RLock()
        self._path = path
        with _faults(path):
            self._connection = _connect(path)
            try:
                version = int(self._one("PRAGMA user_version"))
                if version == 1:
                    self._add_holders()
                    version = SCHEMA_VERSION
            except BaseException:
                self._connection.close()
                raise
        if version == SCHEMA_VERSION:
            return
        self._connection.close()
        if version > SCHEMA_VERSION:
            raise Conflict(
                f"{path} was written by a newer version of Tocsin. Nothing was opened. Install that version",
                "keys.newer",
            )
        raise KeyMissing(f"{path} holds no keys. Restore it from the newest backup of the keys", "keys.damaged")

    @classmethod
    def create(cls, path: Path) -> "KeysDb":
        """Make a new, empty file that only its owner may read.

        Raises:
            Conflict: the file is there already; it was not touched.
        """
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise Conflict(f"There are keys already in {path}. They were not touched", "keys.exists") from None
        with _faults(path):
            connection = _connect(path)
            try:
                connection.executescript(f"BEGIN; {_SCHEMA} {_HOLDERS} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
            finally:
                connection.close()
        sync_folder(path.parent)
        return cls(path)

    @contextlib.contextmanager
    def transaction(self) -> Generator[None]:
        """Do what the context does or nothing of it; durable when it ends. A thread may not nest two.

        Raises:
            JournalFull: there is no room; nothing was changed.
            DiskFault: a write or fsync failed.
        """
        with self._lock, _faults(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        with self._lock, _faults(self._path):
            return self._connection.execute(sql, values).fetchall()

    def next_id(self) -> int:
        """The id that the next wrapped value will have: its wrapping names it. Inside a transaction."""
        found = self.rows("SELECT seq FROM sqlite_sequence WHERE name = 'wrapped'")
        return int(found[0][0]) + 1 if found else 1

    def add(self, id_: int, wrapped: bytes) -> None:
        """Append a wrapped value under `next_id()`. Inside a transaction."""
        self.rows("INSERT INTO wrapped (id, value) VALUES (?, ?)", (id_, wrapped))

    def add_holders(self, wrapped: Sequence[tuple[int, bytes]]) -> None:
        """Append keys of holders, whose ids go on from `next_id()`. Inside a transaction."""
        with self._lock, _faults(self._path):
            self._connection.executemany("INSERT INTO wrapped (id, value) VALUES (?, ?)", wrapped)
            self._connection.executemany("INSERT INTO holder_keys (id) VALUES (?)", [(id_,) for id_, _ in wrapped])

    def wrapped(self, id_: int) -> bytes:
        """A wrapped value; zeros where it was destroyed.

        Raises:
            KeyMissing: there never was one under this id.
        """
        found = self.rows("SELECT value FROM wrapped WHERE id = ?", (id_,))
        if not found:
            raise KeyMissing(
                f"keys.db has no key {id_}. It may come from an older backup than the database: restore the newest "
                "backup of the keys",
                "keys.unknown",
            )
        return bytes(found[0][0])

    def destroy(self, id_: int) -> None:
        """Write zeros of the same length over a wrapped value. Inside a transaction."""
        self.rows("UPDATE wrapped SET value = zeroblob(length(value)) WHERE id = ?", (id_,))

    def rewrap(self, id_: int, wrapped: bytes) -> None:
        """Write another wrapping of the same length over a wrapped value. Inside a transaction."""
        self.rows("UPDATE wrapped SET value = ? WHERE id = ? AND length(value) = ?", (wrapped, id_, len(wrapped)))

    def last_id(self) -> int:
        """The highest id that a wrapped value ever had."""
        return self.next_id() - 1

    def skip_to(self, id_: int) -> None:
        """Give no id up to this one. Inside a transaction."""
        self.rows("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'wrapped'", (id_,))

    def state(self, name: str) -> int | None:
        """A number that the vault keeps for itself."""
        found = self.rows("SELECT value FROM state WHERE name = ?", (name,))
        return int(found[0][0]) if found else None

    def set_state(self, name: str, value: int | None) -> None:
        """Set or, with None, drop such a number. Inside a transaction."""
        if value is None:
            self.rows("DELETE FROM state WHERE name = ?", (name,))
        else:
            self.rows("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _add_holders(self) -> None:
        """Bring a file of the first release to this one's form: it had no keys of holders."""
        self._connection.executescript(f"BEGIN IMMEDIATE; {_HOLDERS} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")

    def _one(self, sql: str) -> int:
        return self._connection.execute(sql).fetchone()[0]


def _connect(path: Path) -> "sqlite.Connection":
    connection = sqlite.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        for name, value, expected in _PRAGMAS:
            found = connection.execute(f"PRAGMA {name} = {value}").fetchone()
            assert expected is None or found == (expected,), f"this SQLite cannot do {name} = {value}"
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def _faults(path: Path) -> Generator[None]:
    """Turn SQLite's errors into ours. Their texts are left out: they could quote what was written."""
    try:
        yield
    except sqlite.Error as error:
        raise _fault_of(error, path) from error


def _fault_of(error: "sqlite.Error", path: Path) -> CentreFault:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == _SQLITE_FULL or "disk is full" in str(error):
        return JournalFull(f"The disk of {path} is full: no key could be made. Make room", "vault.full")
    if "not a database" in str(error) or "malformed" in str(error):
        return KeyMissing(f"{path} is damaged. Restore it from the newest backup of the keys", "keys.damaged")
    return DiskFault(f"{path} could not be read or written ({type(error).__name__}). Check the disk", "vault.disk")
