"""Sources, and ids that they gave, of the store in memory."""

from collections.abc import Iterable, Sequence

from tocsin.model.sources import StoredSource
from tocsin.model.values import Code, Micros, Ref, Seq, SignalId
from tocsin.store.memory_tables import InTables


class MemorySourceReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.SourceStore`)."""

    def sources(self) -> list[StoredSource]:
        """All sources, by the number in their id."""
        return sorted(self._tables.sources.values(), key=lambda one: (len(one.id), one.id))

    def given_ids(self, digests: Sequence[bytes]) -> list[tuple[bytes, bytes, SignalId, Seq]]:
        """Those of these ids that were given before."""
        given = self._tables.given
        return [(digest, *given[digest]) for digest in dict.fromkeys(digests) if digest in given]

    def devices_heard(self, account_id: Ref, limit: int) -> list[tuple[Code | None, int, Micros, Micros]]:
        """By zone of an account's newest signals: how many, the first and the last time."""
        newest = [row for _, row in sorted(self._tables.signals.items(), reverse=True) if row.account_id == account_id]
        by_zone: dict[Code | None, list[Micros]] = {}
        for row in newest[:limit]:
            by_zone.setdefault(row.zone, []).append(row.at)
        return [
            (zone, len(times), min(times), max(times))
            for zone, times in sorted(by_zone.items(), key=lambda one: (one[0] is not None, one[0] or ""))
        ]


class MemorySourceWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.SourceTransaction`)."""

    def put_sources(self, sources: Iterable[StoredSource]) -> None:
        """Insert sources, or replace those of the same id; one that was removed is dropped."""
        for one in sources:
            self._tables.sources.pop(one.id, None)
            if not one.row.removed:
                self._tables.sources[one.id] = one

    def is_source(self, account_id: Ref) -> bool:
        """A source speaks for this account."""
        return any(one.row.account_id == account_id for one in self._tables.sources.values())

    def add_given(self, rows: Sequence[tuple[bytes, bytes, SignalId, Seq]]) -> None:
        """Insert ids that were given."""
        for digest, content, id_, seq in rows:
            self._tables.given[digest] = (content, id_, seq)
