"""Entries that are about a place, of the store in memory: looked for each time."""

import abc
from collections.abc import Collection

from tocsin.model.journal import StoredEntry
from tocsin.model.values import Code, Ref, Seq
from tocsin.store.memory_tables import InTables
from tocsin.store.place_index import rows_of


class MemoryPlaceFactReads(InTables, abc.ABC):
    """What `MemoryStore` reads of them (`model.ports.PlaceFactStore`)."""

    @abc.abstractmethod
    def entries_at(self, seqs: Collection[Seq]) -> list[StoredEntry]:
        """The entries of these numbers, in order."""

    def place_facts(self, place: Ref, before: Seq | None, limit: int) -> list[tuple[StoredEntry, Ref]]:
        """Entries about a site or account with a seq below `before`, newest first, each with what it is about."""
        rows = [one for one in rows_of(self._tables.entries) if one.place == place]
        rows = [one for one in rows if before is None or one.seq < before][::-1][:limit]
        things = {one.seq: one.thing for one in rows}
        return [(entry, things[entry.row.seq]) for entry in reversed(self.entries_at(list(things)))]

    def fact_before(self, thing: Ref, kind: Code, before: Seq) -> StoredEntry | None:
        """The last entry of this kind about the same thing before that one; None where that was the first."""
        entries = [one for one in self._tables.entries if one.kind == kind and one.seq < before]
        seqs = [one.seq for one in rows_of(entries) if one.thing == thing]
        return self.entries_at([max(seqs)])[0] if seqs else None
