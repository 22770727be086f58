"""When each path of each account was last heard: written from memory to a file every minute and at stop.

It is no part of the journal: polls are stored nowhere (decision 0005). After a restart supervision measures from here,
plus our own time away. Addresses stand in it as keyed hashes (decision 0017).
"""

import contextlib
import os
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from tocsin.centre.supervision import NEVER, NO_ROW, Route, Watch
from tocsin.model.values import Code, Micros, Ref, Transport

if TYPE_CHECKING:
    Ints: TypeAlias = "array[int]"
    Floats: TypeAlias = "array[float]"
else:  # Python 3.11 cannot say of what
    Ints = Floats = array

INTERVAL_S: Final = 60.0
_VERSION: Final = 2
_ROUTES_MAX: Final = 100_000
_SECOND_US: Final = 1_000_000


class _Version(msgspec.Struct, frozen=True):
    v: int


class LastSeenFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file: when it was written, and a column for each thing that is known of a path."""

    v: int
    saved_at: Micros
    routes: list[tuple[int | None, int | None, Transport]]
    """Receiver, line and transport, which paths share."""
    account: bytes
    """Numbers in the accounts' ids, 8 bytes each; an account's first path stands before its second."""
    heard_at: bytes
    """Microseconds since 1970, 8 bytes each."""
    digest: bytes
    """Keyed hash of the sender's address, 8 bytes each."""
    route: bytes
    """Which of `routes`, 4 bytes each."""
    learnt_s: bytes
    """Interval that was learnt, 4 bytes each; 0 where none was."""
    is_whole: bool = True
    """Nothing was heard after it: the process wrote it at its end."""
    moved_s: bytes = b""
    """By how many seconds our outages had moved its deadline, 8 bytes each; empty in files of earlier releases."""


class _FirstFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file of releases 0.1 and 0.2."""

    v: int
    saved_at: Micros
    seen: list[tuple[Ref, int | None, int | None, Transport, Code, Micros]]


class Paths(msgspec.Struct, frozen=True):
    """What a file of any version says."""

    saved_at: Micros
    routes: list[Route]
    account: Ints
    heard_at: Ints
    digest: Ints
    route: Ints
    learnt_s: Floats
    moved_s: Floats
    is_whole: bool = True


def encode(watch: Watch, now: Micros, now_s: float, *, is_whole: bool = True) -> bytes:
    """The file's bytes. It may run in a thread, whatever the event loop adds meanwhile.

    `is_whole`: the process takes nothing in any more, so that nothing comes after it.
    """
    size = watch.size
    account, heard = watch.account[:size], watch.heard[:size]
    digest, route, learnt = watch.digest[:size], watch.route[:size], watch.learnt[:size]
    rows = [row for row in range(size) if heard[row] != NEVER and account[row] != NO_ROW]
    if len(rows) < size:
        account, digest = array("q", [account[row] for row in rows]), array("Q", [digest[row] for row in rows])
        heard, learnt = array("d", [heard[row] for row in rows]), array("f", [learnt[row] for row in rows])
        route = array("i", [route[row] for row in rows])
    moved = array("d", [watch.moved_of(row) for row in rows])
    heard_at = array("q", [now - round((now_s - at_s) * _SECOND_US) for at_s in heard])
    return msgspec.json.encode(
        LastSeenFile(
            v=_VERSION,
            saved_at=now,
            routes=[(one.receiver, one.line, one.transport) for one in watch.routes],
            account=account.tobytes(),
            heard_at=heard_at.tobytes(),
            digest=digest.tobytes(),
            route=route.tobytes(),
            learnt_s=learnt.tobytes(),
            is_whole=is_whole,
            moved_s=moved.tobytes(),
        )
    )


def restore(watch: Watch, data: bytes, now: Micros, *, is_whole: bool = True) -> float:
    """Take over what an earlier process wrote, of the accounts that are watched now; return our time away in seconds.

    How long each path had been silent when the file was written still counts; our time away does not. `is_whole`: as
    far as is known the process ended in good order. After a kill, and where the end found no room for the file, who was
    heard after it is not known.

    Raises:
        ValueError: the file is broken. Nothing was taken over.
    """
    paths = read(data)
    away_s = max(0.0, (now - paths.saved_at) / _SECOND_US)
    watch.restore(
        paths.account,
        [max(0.0, (paths.saved_at - at) / _SECOND_US) for at in paths.heard_at],
        paths.digest,
        [paths.routes[one] for one in paths.route],
        paths.learnt_s,
        away_s,
        paths.moved_s,
        is_whole=is_whole and paths.is_whole,
    )
    return away_s


def read(data: bytes) -> Paths:
    """What a file of any version says.

    Raises:
        ValueError: it is broken, or of a newer program.
    """
    version = msgspec.json.decode(data, type=_Version).v
    if version == 1:
        return _read_first(msgspec.json.decode(data, type=_FirstFile))
    if version != _VERSION:
        raise ValueError(f"unknown version {version}")
    file = msgspec.json.decode(data, type=LastSeenFile)
    account, heard_at, route = array("q"), array("q"), array("i")
    digest, learnt_s, moved_s = array("Q"), array("f"), array("d")
    for column, raw in (
        (account, file.account),
        (heard_at, file.heard_at),
        (digest, file.digest),
        (route, file.route),
        (learnt_s, file.learnt_s),
        (moved_s, file.moved_s or bytes(len(file.heard_at))),
    ):
        column.frombytes(raw)
    if len({len(account), len(heard_at), len(digest), len(route), len(learnt_s), len(moved_s)}) != 1:
        raise ValueError("its columns differ in length")
    if len(file.routes) > _ROUTES_MAX or (route and not 0 <= min(route) <= max(route) < len(file.routes)):
        raise ValueError("a path names a route that is not there")
    if any(not 0.0 <= one < 1e9 for column in (learnt_s, moved_s) for one in column):
        raise ValueError("an interval is out of range")
    routes = [Route(*one) for one in file.routes]
    return Paths(file.saved_at, routes, account, heard_at, digest, route, learnt_s, moved_s, file.is_whole)


def _read_first(file: _FirstFile) -> Paths:
    """Paths of each account, the latest heard first: with more than are watched, those count."""
    seen = sorted(file.seen, key=lambda one: one[5], reverse=True)
    routes: dict[Route, int] = {}
    made = Paths(file.saved_at, [], array("q"), array("q"), array("Q"), array("i"), array("f"), array("d"))
    for account, receiver, line, transport, digest, at in seen:
        kind, _, number = account.partition("-")
        if kind != "account" or not number.isdecimal() or len(number) > 18:
            raise ValueError("an account has no number")
        made.account.append(int(number))
        made.heard_at.append(at)
        made.digest.append(int(digest, 16) & (1 << 64) - 1)
        made.route.append(routes.setdefault(Route(receiver, line, transport), len(routes)))
        made.learnt_s.append(0.0)
        made.moved_s.append(0.0)
    made.routes.extend(routes)
    return made


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
