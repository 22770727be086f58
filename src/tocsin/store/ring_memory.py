"""Calls that a telephone system tells of, and telephone lines, of the store in memory."""

from collections.abc import Iterable

from tocsin.model.rings import Ring, StoredLine
from tocsin.model.values import HexHash, Ref
from tocsin.store.memory_tables import InTables


def _number(id_: Ref) -> int:
    return int(id_.rpartition("-")[2])


class MemoryRingReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.RingStore`)."""

    def ring(self, id_: Ref) -> Ring | None:
        """One of them."""
        return self._tables.rings.get(id_)

    def ring_of(self, key: HexHash) -> Ring | None:
        """The newest that the telephone system calls so."""
        found = [one for one in self._tables.rings.values() if one.key == key]
        return max(found, key=lambda one: _number(one.id), default=None)

    def rings(self) -> list[Ring]:
        """All of them, in the order in which we were told of them."""
        return sorted(self._tables.rings.values(), key=lambda one: _number(one.id))

    def lines(self) -> list[StoredLine]:
        """All telephone lines, in the order in which they were made."""
        return sorted(self._tables.lines.values(), key=lambda one: _number(one.id))


class MemoryRingWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.RingTransaction`)."""

    def put_ring(self, ring: Ring) -> None:
        """Insert a ring, or replace the one of the same id."""
        self._tables.rings[ring.id] = ring

    def drop_ring(self, id_: Ref) -> None:
        """Delete a ring: its number is erased."""
        self._tables.rings.pop(id_, None)

    def put_lines(self, lines: Iterable[StoredLine]) -> None:
        """Insert lines, or replace those of the same id; those whose row says removed go."""
        for line in lines:
            if line.row.removed:
                self._tables.lines.pop(line.id, None)
            else:
                self._tables.lines[line.id] = line
