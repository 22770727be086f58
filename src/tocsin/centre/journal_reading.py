"""People read the journal, and the journal says so (SCOPE.md, R9).

Once a person and quarter of an hour: an entry for each page that is turned would bury what was read in who read it. The
fact is there before the first page is shown, and says until when it speaks for this person.
"""

import threading
from collections.abc import Callable
from typing import Final

from tocsin.model.journal import EntryPage, Fact, JournalRead
from tocsin.model.ports import Clock, Store
from tocsin.model.values import Actor, Code, Micros, Seq

READING_S: Final = 900
PAGE_MAX: Final = 200
LOOKED_MAX: Final = 20_000
"""Entries that one page looks at, where a kind is looked for."""

_READ: Final = Code("journal.read")
_SECOND_US: Final = 1_000_000


class JournalReading:
    """The journal as people look at it. May be used from any thread."""

    def __init__(self, store: Store, note: Callable[[Fact], None], clock: Clock) -> None:
        """Read from `store`; `note` makes a fact of who reads durable."""
        self._store = store
        self._append = note
        self._clock = clock
        self._lock = threading.Lock()
        self._until: dict[Actor, Micros] = {}
        """Until when each reader's last fact speaks. A restart forgets it: then there is one fact more."""

    def page(self, actor: Actor, before: Seq | None, kind: Code | None, limit: int) -> tuple[EntryPage, Seq]:
        """A page of entries, newest first, and the journal's end; noted before it is read.

        Raises:
            CentreFault: the reading cannot be noted, so nothing is shown.
        """
        self.note(actor, kind)
        head = self._store.head().seq
        return self._store.newest_entries(before, kind, max(1, min(limit, PAGE_MAX)), LOOKED_MAX), head

    def note(self, actor: Actor, kind: Code | None) -> None:
        """Note that somebody reads the journal, unless a fact of the last quarter of an hour says so.

        Raises:
            CentreFault: it cannot be noted, so nothing may be shown.
        """
        with self._lock:
            now = self._clock.now_us()
            until = self._until.get(actor, Micros(0))
            # A clock that was set back is no reason to read unseen.
            if now < until <= now + READING_S * _SECOND_US:
                return
            until = Micros(now + READING_S * _SECOND_US)
            self._append(Fact(kind=_READ, body=JournalRead(kind=kind, until=until), actor=actor))
            self._until = {one: end for one, end in self._until.items() if now < end}
            self._until[actor] = until
