"""What somebody's screens must show nothing of: open calls of the control room itself, and whatever names one.

Every way out that lists incidents, notices, signals or entries asks here, so that who must not see is decided in one
place. Source: CONSOLE.md, section 2; STANDARDS.md, lesson 13; decisions 0042 and 0044.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.model.hold_up import HELD_UP, HeldUp
from tocsin.model.incidents import Incident
from tocsin.model.journal import EntryRow
from tocsin.model.ports import Store
from tocsin.model.values import Actor, Ref, Seq
from tocsin.rules.hold_up import is_hidden
from tocsin.web.board import Board
from tocsin.web.permissions import Permission
from tocsin.web.security import Principal

LEAD: Final[Permission] = "shift.lead"

NOTICES_MAX: Final = 1_000
"""Notices of one call that are looked through; a call tells everybody a few times at most."""

SIGNALS_MAX: Final = 1_000
"""Signals of one call."""


class _Entry(msgspec.Struct, gc=False):
    cause: Seq | None


class _HeldUpEntry(msgspec.Struct, gc=False):
    body: HeldUp


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_HELD_UP_ENTRY: Final = msgspec.json.Decoder(_HeldUpEntry)


class HiddenCounts(msgspec.Struct, frozen=True):
    """Notices that are in no count."""

    held: int
    waiting: int


class Hidden:
    """Tells what must not be shown to whom. From any thread; what it reads is little, and only while a call is open."""

    def __init__(self, board: Board, store: Store) -> None:
        """Look at the board for calls, and in the store for what belongs to them."""
        self._board = board
        self._store = store

    def incidents(self, who: Principal) -> frozenset[Ref]:
        """Open incidents that nothing shows to them."""
        return hidden_from(self._board, who)

    def is_hidden(self, incident: Incident, who: Principal) -> bool:
        """The same of an incident as the store has it, which may be ahead of the board."""
        return is_hidden(incident, who.actor, is_lead=LEAD in who.granted)

    def counts(self, who: Principal) -> HiddenCounts:
        """How many notices they must not even count."""
        found = [one for id_ in self.incidents(who) for one in self._store.notices(NOTICES_MAX, incident=id_)]
        return HiddenCounts(
            held=sum(one.state == "held" for one in found), waiting=sum(one.due_at is not None for one in found)
        )

    def entries(self, who: Principal) -> "HiddenEntries":
        """Which entries of the journal tell of it."""
        incidents = self.incidents(who)
        names: set[bytes] = set()
        seqs: set[Seq] = set()
        for id_ in incidents:
            opened = Seq(int(id_.removeprefix("incident-")))
            seqs.add(opened)
            seqs.update(cause for cause in self._causes([opened]) if cause is not None)
            seqs.update(row.seq for row, _ in self._store.incident_signals(id_, SIGNALS_MAX))
            of_notices = (notice.id for notice in self._store.notices(NOTICES_MAX, incident=id_))
            names.update(b'"%s"' % name.encode() for name in (id_, *of_notices))
        return HiddenEntries(
            names=tuple(names),
            seqs=frozenset(seqs),
            since=min(seqs, default=None),
            undecided_after=self._board.head,
            actor=who.actor,
            is_lead=LEAD in who.granted,
        )

    def first(self, who: Principal) -> Seq | None:
        """The first entry that tells of it; None where nothing is hidden from them."""
        found = self.entries(who)
        # What was pressed a moment ago, and is no incident yet.
        waiting = (one.row.seq for one in self._store.entries(found.undecided_after, SIGNALS_MAX) if found.has(one.row))
        return min((one for one in (found.since, next(waiting, None)) if one is not None), default=None)

    def _causes(self, seqs: Iterable[Seq]) -> list[Seq | None]:
        return [_ENTRY.decode(one.row.entry).cause for one in self._store.entries_at(tuple(seqs))]


class HiddenEntries(msgspec.Struct, frozen=True):
    """Entries that tell of calls which somebody must not see."""

    names: tuple[bytes, ...]
    """Ids of the calls and of their notices, as they stand in an entry."""
    seqs: frozenset[Seq]
    """What opened them, and their signals."""
    since: Seq | None
    """The first of them."""
    undecided_after: Seq
    """A press after this one may not be an incident yet."""
    actor: Actor
    is_lead: bool

    def has(self, row: EntryRow) -> bool:
        """Does this entry tell of it?"""
        if row.kind == HELD_UP:
            return self._is_call(row)
        if self.since is None or row.seq < self.since:
            return False
        if row.seq in self.seqs or _ENTRY.decode(row.entry).cause in self.seqs:
            return True
        return any(name in row.entry for name in self.names)

    def _is_call(self, row: EntryRow) -> bool:
        body = _HELD_UP_ENTRY.decode(row.entry).body
        is_theirs = not self.is_lead if body.raised_by is None else body.raised_by == self.actor
        is_open = self.since is not None and row.seq >= self.since
        return is_theirs and (is_open or row.seq > self.undecided_after)


def hidden_from(board: Board, who: Principal) -> frozenset[Ref]:
    """Open incidents that nothing shows to them: calls of the control room that they raised. From any thread."""
    return board.hidden_from(who.actor, is_lead=LEAD in who.granted)
