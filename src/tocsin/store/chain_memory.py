"""Chains and groups of people, of the store in memory."""

from collections.abc import Iterable

from tocsin.model.chains import StoredChain, StoredGroup
from tocsin.store.memory_tables import InTables


class MemoryChainReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.ChainStore`)."""

    def chains(self) -> list[StoredChain]:
        """All chains, by the number in their id."""
        return sorted(self._tables.chains.values(), key=lambda one: (len(one.id), one.id))

    def groups(self) -> list[StoredGroup]:
        """All groups, by the number in their id."""
        return sorted(self._tables.groups.values(), key=lambda one: (len(one.id), one.id))


class MemoryChainWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.ChainTransaction`)."""

    def put_chains(self, chains: Iterable[StoredChain]) -> None:
        """Insert chains, or replace those of the same id; one that was removed is dropped."""
        for one in chains:
            self._tables.chains.pop(one.id, None)
            if not one.row.removed:
                self._tables.chains[one.id] = one

    def put_groups(self, groups: Iterable[StoredGroup]) -> None:
        """Insert groups, or replace those of the same id; one that was removed is dropped."""
        for one in groups:
            self._tables.groups.pop(one.id, None)
            if not one.row.removed:
                self._tables.groups[one.id] = one
