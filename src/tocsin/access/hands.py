"""Whose hands a user is in: who made the user, changed it, made a link for it or took its authenticator away lately.

Whoever administers people can be another of them for a while, so two users that come from one pair of hands are one
person to the two-person rule. The journal says whose they are, so a restart forgets nothing and no table is kept; what
was read is held in memory, and the rest is read when the next approval is answered. What is done at the machine
(`cli`) counts for nobody: whoever reads the centre's folder needs no second person.
"""

import threading
from typing import Final

import msgspec

from tocsin.model.journal import StoredEntry
from tocsin.model.ports import Clock, Store
from tocsin.model.values import Actor, Code, Micros, Ref, Seq

HANDS_DAYS: Final = 7
"""So long a user stays in the hands of whoever made or changed it: longer than any link and session lasts."""

_HANDS_US: Final = HANDS_DAYS * 86_400_000_000
_CLI: Final = Actor("cli")
_USER_SET: Final = Code("user.set")
_LINK_CREATED: Final = Code("link.created")
_CREDENTIAL_SET: Final = Code("credential.set")
_CREDENTIAL_REMOVED: Final = Code("credential.removed")
_KINDS: Final = frozenset({_USER_SET, _LINK_CREATED, _CREDENTIAL_SET, _CREDENTIAL_REMOVED})
_PAGE: Final = 1_000
_LOOKED: Final = 50_000


class _Body(msgspec.Struct, gc=False):
    kind: Code | None = None
    """Of `credential.set` and `credential.removed`."""
    link: Ref | None = None
    """Of `session.opened`."""
    user: Actor | None = None
    """Of `link.created`."""


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: _Body
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class _Act(msgspec.Struct, frozen=True, gc=False):
    at: Micros
    by: Actor
    user: Actor


class Hands:
    """Asked before a second person counts. Reads the journal: from any thread but the event loop's."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Read nothing yet: most starts see no approval."""
        self._store = store
        self._clock = clock
        self._reading = threading.Lock()
        self._read_to: Seq | None = None
        self._acts: list[_Act] = []
        self._taken: dict[Actor, Micros] = {}
        """Whose authenticator somebody else took away, and when; until they have another."""

    def meet(self, one: Actor, other: Actor) -> bool:
        """Whether the two may be one person: one is in the other's hands, or both are in somebody else's."""
        acts = self._lately()
        return not _of(one, acts).isdisjoint(_of(other, acts))

    def lender(self, session: Ref) -> Actor | None:
        """Who made the link that a session came by; None where it came by none, or by one made at the machine."""
        link = self._fact(session).body.link
        return None if link is None or (made := self._fact(link)).actor == _CLI else made.actor

    def _fact(self, id_: Ref) -> "_Entry":
        """The fact that an id such as `link-SEQ` is of."""
        [found] = self._store.entries_at([Seq(int(id_.rpartition("-")[2]))])
        return _ENTRY.decode(found.row.entry)

    def _lately(self) -> list[_Act]:
        with self._reading:
            since = Micros(self._clock.now_us() - _HANDS_US)
            # What is stored while this reads is left for the next time.
            head = self._store.head().seq
            begin = self._first(since) if self._read_to is None else self._read_to
            after: Seq | None = begin if begin < head else None
            while after is not None:
                page, going_on = self._store.facts(_KINDS, after, _PAGE, _LOOKED)
                found = [one for one in page if one.row.seq <= head]
                self._note_taken(found)
                self._acts += [act for one in found if (act := _act(one)) is not None]
                self._read_to = head if going_on is None else min(head, going_on)
                after = going_on if going_on is not None and going_on < head else None
            self._acts = [act for act in self._acts if act.at > since]
            return self._acts

    def authenticator_taken(self, user: Actor) -> Micros | None:
        """When somebody else took a user's authenticator away in the last days; None where they have another since."""
        self._lately()
        at = self._taken.get(user)
        return at if at is not None and at > self._clock.now_us() - _HANDS_US else None

    def _note_taken(self, found: list[StoredEntry]) -> None:
        for stored in found:
            if stored.row.kind not in (_CREDENTIAL_SET, _CREDENTIAL_REMOVED):
                continue
            entry = _ENTRY.decode(stored.row.entry)
            if entry.body.kind != "totp" or entry.ref is None:
                continue
            user = Actor(entry.ref)
            if stored.row.kind == _CREDENTIAL_REMOVED and entry.actor != user:
                self._taken[user] = stored.row.at
            else:
                self._taken.pop(user, None)

    def _first(self, since: Micros) -> Seq:
        """The last entry that is older: the journal's time never runs back, so it is found by halves."""
        low, high = 0, self._store.head().seq
        while low < high:
            middle = (low + high + 1) // 2
            [found] = self._store.entries(Seq(middle - 1), 1)
            if found.row.at <= since:
                low = middle
            else:
                high = middle - 1
        return Seq(low)


def _act(stored: StoredEntry) -> _Act | None:
    """What somebody did to another user; None where it was the own one, or done at the machine."""
    entry = _ENTRY.decode(stored.row.entry)
    if stored.row.kind == _LINK_CREATED:
        user = entry.body.user
    else:
        user = Actor(f"user-{stored.row.seq}" if entry.ref is None else entry.ref)
    if user is None or entry.actor in (None, user, _CLI):
        return None
    return _Act(stored.row.at, entry.actor, user)


def _of(user: Actor, acts: list[_Act]) -> set[Actor]:
    """A user, and all whose hands it is in: who made whoever made it, too."""
    found, new = {user}, {user}
    while new:
        new = {act.by for act in acts if act.user in new} - found
        found |= new
    return found
