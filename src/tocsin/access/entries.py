"""What lets somebody in, in memory: sessions, tokens, links and recovery codes, by the hash of their secrets."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from tocsin.access.base import Change
from tocsin.access.secrets import hash_of
from tocsin.model.access import AccessKind, AccessRow, Role, Scope, SignInHow, User
from tocsin.model.ports import Clock
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref

SECOND_US: Final = 1_000_000
DAY_S: Final = 86_400
BEFORE_MAX: Final = 8
"""Secrets of a phone before its last that are still known as such, so that they are no guesses."""

KEPT_S: Final = 30 * DAY_S
"""What has ended is remembered so long, so that a used link can be told from a forged one."""


class LiveSession(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A session that is open, as a request finds it. The roles are those that the user has now."""

    id: Ref
    user: Actor
    roles: tuple[Role, ...]
    expires_at: Micros
    csrf: Code
    locked: bool = False
    """The desk shows, and takes no commands until it is unlocked."""
    how: SignInHow = "link"
    device: bool = False
    """It is bound to a responder's phone; its roles are `responder` alone, whatever else the user has."""
    key: HexHash | None = None
    """Hash of the secret that the request came with, of a phone: it is renewed with each proof."""
    is_proved: bool = True
    """The phone has signed a challenge within ten minutes; until it has, such a session may do that alone."""


class LiveToken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A token that opens something."""

    id: Ref
    scopes: tuple[Scope, ...]
    expires_at: Micros


class Entry:
    """A row, and when its time is over by a clock that nobody sets."""

    __slots__ = ("csrf", "deadline_s", "live", "live_user", "row")

    def __init__(self, row: AccessRow, deadline_s: float) -> None:
        """Hold a row until `deadline_s`."""
        self.row = row
        self.deadline_s = deadline_s
        self.csrf = Code("")
        """Of a session whose secret was shown since the start."""
        self.live: LiveSession | None = None
        """What requests were told last, while `live_user` is how the user still is."""
        self.live_user: User | None = None


class Entries:
    """Looked up by every request, without I/O. What changes them holds `Base.changing`."""

    def __init__(
        self, clock: Clock, rows: Iterable[AccessRow], passed_us: Callable[[Ref], int] = lambda _id: 0
    ) -> None:
        """Know these rows, as at a start; `passed_us` says how long ago each was made, at least."""
        self._clock = clock
        self._entries: dict[HexHash, Entry] = {}
        self._by_id: dict[Ref, HexHash] = {}
        self._before: dict[HexHash, Ref] = {}
        """Secrets that were renewed, and the session of each."""
        self._used_at: dict[Ref, Micros] = {}
        """Last uses that are not written yet, by session or token."""
        for row in rows:
            passed = passed_us(row.id) if row.ended_at is None and row.kind != "recovery" else 0
            self._entries[row.hash] = self._entry(row, passed)
            self._by_id[row.id] = row.hash

    def alive(self, kind: AccessKind, secret: str) -> Entry | None:
        """The entry of a secret that opens something now."""
        hash_ = hash_of(secret)
        entry = None if hash_ is None else self._entries.get(hash_)
        return entry if entry is not None and entry.row.kind == kind and self.is_alive(entry) else None

    def of_secret(self, secret: str) -> Entry | None:
        """The entry of a secret, whether it still opens something or not."""
        hash_ = hash_of(secret)
        if hash_ is None:
            return None
        return self._entries.get(hash_) or self.of_id(self._before.get(hash_, Ref("")))

    def before(self, secret: str) -> tuple[HexHash, Entry] | None:
        """The hash of a secret that was renewed, and its session's entry, where that opens something now."""
        hash_ = hash_of(secret)
        id_ = None if hash_ is None else self._before.get(hash_)
        entry = None if id_ is None else self.of_id(id_)
        return (hash_, entry) if hash_ is not None and entry is not None and self.is_alive(entry) else None

    def renew(self, old: HexHash, row: AccessRow) -> None:
        """Know a session's row under another hash from now on, as it is stored."""
        there = self._entries[old]
        entry = Entry(row, there.deadline_s)
        entry.csrf = there.csrf
        # In this order: requests look meanwhile, and find the one or the other.
        self._entries[row.hash] = entry
        self._by_id[row.id] = row.hash
        self._before[old] = row.id
        del self._entries[old]
        for hash_ in [hash_ for hash_, id_ in self._before.items() if id_ == row.id][:-BEFORE_MAX]:
            self._before.pop(hash_, None)

    def of_hash(self, hash_: HexHash) -> Entry | None:
        """The entry of a hash, whether it still opens something or not."""
        return self._entries.get(hash_)

    def of_id(self, id_: Ref) -> Entry | None:
        """The entry of a name, whether it still opens something or not."""
        hash_ = self._by_id.get(id_)
        return None if hash_ is None else self._entries.get(hash_)

    def is_alive(self, entry: Entry) -> bool:
        """By the wall clock and by one that nobody sets: a clock set back lengthens nothing."""
        row = entry.row
        if row.ended_at is not None or self._clock.monotonic_s() >= entry.deadline_s:
            return False
        return self._clock.now_us() < row.expires_at

    def session(self, id_: Ref) -> AccessRow | None:
        """The row of a session that is open."""
        entry = self.of_id(id_)
        return None if entry is None or entry.row.kind != "session" or not self.is_alive(entry) else entry.row

    def rows(self, wanted: Callable[[AccessRow], bool]) -> list[AccessRow]:
        """The rows that open something and are wanted."""
        return [entry.row for entry in list(self._entries.values()) if wanted(entry.row) and self.is_alive(entry)]

    def of_kind(self, kind: AccessKind) -> list[Entry]:
        """All of a kind, alive or not."""
        return [entry for entry in list(self._entries.values()) if entry.row.kind == kind]

    def sessions_of(self, user: Actor, but: Ref | None = None) -> list[AccessRow]:
        """A user's open sessions but one."""
        return self.rows(lambda row: row.kind == "session" and row.user == user and row.id != but)

    def ended_rows(self, user: Actor, kind: AccessKind) -> list[AccessRow]:
        """What a user has of a kind, as it is when it opens nothing any more."""
        now = self._clock.now_us()
        return [ended(row, now) for row in self.rows(lambda row: row.kind == kind and row.user == user)]

    def add(self, rows: Sequence[AccessRow], change: Change) -> None:
        """Add rows to a change, to be known when they are durable."""
        if rows:
            change.write(lambda transaction: transaction.put_access(rows))
            change.after(lambda: self.keep(rows))

    def use(self, id_: Ref) -> None:
        """Note that a session or token was used just now."""
        self._used_at[id_] = self._clock.now_us()

    def last_use(self, row: AccessRow) -> Micros | None:
        """When a session or token was last used."""
        return self._used_at.get(row.id, row.used_at)

    def take_uses(self) -> list[AccessRow]:
        """The rows with last uses that are not written yet."""
        used, self._used_at = self._used_at, {}
        made: list[AccessRow] = []
        for id_, at in list(used.items()):
            entry = self.of_id(id_)
            if entry is not None and (entry.row.used_at is None or entry.row.used_at < at):
                made.append(msgspec.structs.replace(entry.row, used_at=at))
        return made

    def keep(self, rows: Iterable[AccessRow]) -> None:
        """Know these rows, as they are stored now; forget those that the store has dropped."""
        for row in rows:
            old = self._entries.get(row.hash)
            if old is None or old.row.expires_at != row.expires_at:
                self._entries[row.hash] = self._entry(row)
            else:
                # What is only changed keeps its deadline: it was worked out when the row was made.
                self._entries[row.hash] = Entry(row, old.deadline_s)
            if old is not None:
                self._entries[row.hash].csrf = old.csrf
            self._by_id[row.id] = row.hash
        before = self._clock.now_us() - KEPT_S * SECOND_US
        for hash_, entry in list(self._entries.items()):
            if (entry.row.expires_at if entry.row.ended_at is None else entry.row.ended_at) < before:
                del self._entries[hash_]
                self._by_id.pop(entry.row.id, None)
        for hash_ in [hash_ for hash_, id_ in list(self._before.items()) if id_ not in self._by_id]:
            self._before.pop(hash_, None)

    def _entry(self, row: AccessRow, passed_us: int = 0) -> Entry:
        now = self._clock.now_us()
        left_us = min(row.expires_at - now, row.expires_at - row.created_at - passed_us)
        return Entry(row, self._clock.monotonic_s() + left_us / SECOND_US)


def ended(row: AccessRow, now: Micros) -> AccessRow:
    """The row as it is when it opens nothing any more."""
    return msgspec.structs.replace(row, ended_at=now)
