"""When each path of each account was last heard: kept in memory, written to a file every minute and at stop.

It is no part of the journal: polls are stored nowhere (decision 0005). After a restart, what supervises measures from
here, plus our own time away.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec

from tocsin.model.values import Code, Micros, Ref, Transport

PATHS_MAX: Final = 16
"""Paths remembered of one account; a new one takes the place of the one longest unheard. So nobody who sends an
account's frames from ever new addresses can fill the memory."""

INTERVAL_S: Final = 60.0
_VERSION: Final = 1

_Heard = dict[tuple[int | None, int | None, Transport, str], Micros]
_Restored = dict[tuple[int | None, int | None, Transport, Code], Micros]


class LastSeenFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file: when it was written, and each path with its last time."""

    v: int
    saved_at: Micros
    seen: list[tuple[Ref, int | None, int | None, Transport, Code, Micros]]
    """Account, receiver, line, transport, keyed hash of the sender's address, time."""


class LastSeen:
    """Last-seen of accounts and paths. The event loop alone writes; `encode` may run in a thread meanwhile."""

    def __init__(self, key: bytes) -> None:
        """Start empty; addresses are hashed under `key`, so that the file tells no addresses."""
        self._key = key
        self._seen: dict[Ref, _Heard] = {}
        self._restored: dict[Ref, _Restored] = {}
        self._paths = 0

    def __len__(self) -> int:
        """Paths heard since the start."""
        return self._paths

    def note(
        self, account: Ref, receiver: int | None, line: int | None, transport: Transport, host: str, at: Micros
    ) -> None:
        """An account was heard on a path. Any message counts; the sender's port does not."""
        path = (receiver, line, transport, host)
        heard = self._seen.setdefault(account, {})
        if path not in heard:
            if len(heard) >= PATHS_MAX:
                del heard[min(heard, key=heard.__getitem__)]
                self._paths -= 1
            self._paths += 1
        heard[path] = at

    def newest(self) -> dict[Ref, Micros]:
        """When each account was last heard on any path, before a restart too."""
        found = {account: max(heard.values()) for account, heard in self._restored.items()}
        for account, heard in self._seen.items():
            found[account] = max(found.get(account, Micros(0)), *heard.values())
        return found

    def encode(self, saved_at: Micros) -> bytes:
        """The file's bytes."""
        hosts: dict[str, Code] = {}
        # `list` takes a dictionary's entries at once, whatever the event loop adds meanwhile.
        paths = {account: dict(heard) for account, heard in self._restored.items()}
        for account, heard in list(self._seen.items()):
            known = paths.setdefault(account, {})
            for (receiver, line, transport, host), at in list(heard.items()):
                digest = hosts.get(host) or hosts.setdefault(host, self._digest(host))
                known[receiver, line, transport, digest] = at
        seen = [(account, *path, at) for account, known in paths.items() for path, at in _newest(known)]
        return msgspec.json.encode(LastSeenFile(v=_VERSION, saved_at=saved_at, seen=seen))

    def restore(self, data: bytes) -> Micros:
        """Take over what an earlier process wrote; return when it did.

        Raises:
            ValueError: the file is broken. Nothing was taken over.
        """
        file = msgspec.json.decode(data, type=LastSeenFile)
        if file.v != _VERSION:
            raise ValueError(f"unknown version {file.v}")
        restored: dict[Ref, _Restored] = {}
        for account, receiver, line, transport, digest, at in file.seen:
            restored.setdefault(account, {})[receiver, line, transport, digest] = at
        self._restored = restored
        return file.saved_at

    def _digest(self, host: str) -> Code:
        return Code(hashlib.blake2b(host.encode(), key=self._key[:64], digest_size=8).hexdigest())


def _newest(paths: _Restored) -> list[tuple[tuple[int | None, int | None, Transport, Code], Micros]]:
    """The paths that are kept of an account, in the order in which they were first heard."""
    if len(paths) <= PATHS_MAX:
        return list(paths.items())
    kept = set(sorted(paths, key=paths.__getitem__)[-PATHS_MAX:])
    return [(path, at) for path, at in paths.items() if path in kept]


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a small file so that a power cut leaves the old one or the new one, never half of one.

    Raises:
        OSError: the old one stays.
    """
    partial = path.with_name(path.name + ".new")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        # On a full disk half a file would only take more of the room.
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


__all__ = ["INTERVAL_S", "PATHS_MAX", "LastSeen", "LastSeenFile", "write_atomically"]
