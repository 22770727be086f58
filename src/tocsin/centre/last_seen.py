"""When each path of each account was last heard: kept in memory, written to a file every minute and at stop.

It is no part of the journal: polls are stored nowhere (decision 0005). After a restart, what supervises measures from
here, plus our own time away.
"""

import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec

from tocsin.model.values import Code, Micros, Ref, Transport

PATHS_MAX: Final = 1_000_000
INTERVAL_S: Final = 60.0
_VERSION: Final = 1

Path_ = tuple[Ref, int | None, int | None, Transport, str]


class LastSeenFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file: when it was written, and each path with its last time."""

    v: int
    saved_at: Micros
    seen: list[tuple[Ref, int | None, int | None, Transport, Code, Micros]]
    """Account, receiver, line, transport, keyed hash of the sender's address, time."""


class LastSeen:
    """Last-seen of accounts and paths. Used by the event loop alone; `encode` may run in a worker on a copy."""

    def __init__(self, key: bytes) -> None:
        """Start empty; addresses are hashed under `key`, so that the file tells no addresses."""
        self._key = key
        self._seen: dict[Path_, Micros] = {}
        self._restored: dict[tuple[Ref, int | None, int | None, Transport, Code], Micros] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def note(
        self, account: Ref, receiver: int | None, line: int | None, transport: Transport, host: str, at: Micros
    ) -> None:
        """An account was heard on a path. Any message counts; the sender's port does not."""
        path = (account, receiver, line, transport, host)
        if path in self._seen or len(self._seen) < PATHS_MAX:
            self._seen[path] = at

    def newest(self) -> dict[Ref, Micros]:
        """When each account was last heard on any path, before a restart too."""
        found: dict[Ref, Micros] = {}
        for heard in (self._restored, self._seen):
            for path, at in heard.items():
                if at > found.get(path[0], 0):
                    found[path[0]] = at
        return found

    def encode(self, saved_at: Micros) -> bytes:
        """The file's bytes."""
        hosts: dict[str, Code] = {}
        rows = dict(self._restored)
        for (account, receiver, line, transport, host), at in list(self._seen.items()):
            digest = hosts.get(host) or hosts.setdefault(host, self._digest(host))
            rows[account, receiver, line, transport, digest] = at
        seen = [(*path, at) for path, at in rows.items()][-PATHS_MAX:]
        return msgspec.json.encode(LastSeenFile(v=_VERSION, saved_at=saved_at, seen=seen))

    def restore(self, data: bytes) -> Micros:
        """Take over what an earlier process wrote; return when it did.

        Raises:
            ValueError: the file is broken. Nothing was taken over.
        """
        file = msgspec.json.decode(data, type=LastSeenFile)
        if file.v != _VERSION:
            raise ValueError(f"unknown version {file.v}")
        self._restored = {row[:5]: row[5] for row in file.seen}
        return file.saved_at

    def _digest(self, host: str) -> Code:
        return Code(hashlib.blake2b(host.encode(), key=self._key[:64], digest_size=8).hexdigest())


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a small file so that a power cut leaves the old one or the new one, never half of one."""
    partial = path.with_name(path.name + ".new")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


__all__ = ["INTERVAL_S", "PATHS_MAX", "LastSeen", "LastSeenFile", "write_atomically"]
