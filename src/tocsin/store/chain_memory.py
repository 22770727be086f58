"""Chains and groups of people, of the store in memory."""

from collections.abc import Iterable
from typing import Protocol

from tocsin.model.chains import StoredChain, StoredGroup
from tocsin.model.values import Ref


class ChainTables(Protocol):
    """Where they lie."""

    chains: dict[Ref, StoredChain]
    groups: dict[Ref, StoredGroup]


class MemoryChainReads:
    """What `MemoryStore` reads of them (`model.ports.ChainStore`)."""

    def _chain_tables(self) -> ChainTables:
        raise NotImplementedError

    def chains(self) -> list[StoredChain]:
        """All chains, by the number in their id."""
        return sorted(self._chain_tables().chains.values(), key=lambda one: (len(one.id), one.id))

    def groups(self) -> list[StoredGroup]:
        """All groups, by the number in their id."""
        return sorted(self._chain_tables().groups.values(), key=lambda one: (len(one.id), one.id))


class MemoryChainWrites:
    """What `MemoryTransaction` does to them (`model.ports.ChainTransaction`)."""

    def _chain_tables(self) -> ChainTables:
        raise NotImplementedError

    def put_chains(self, chains: Iterable[StoredChain]) -> None:
        """Insert chains, or replace those of the same id; one that was removed is dropped."""
        for one in chains:
            self._chain_tables().chains.pop(one.id, None)
            if not one.row.removed:
                self._chain_tables().chains[one.id] = one

    def put_groups(self, groups: Iterable[StoredGroup]) -> None:
        """Insert groups, or replace those of the same id; one that was removed is dropped."""
        for one in groups:
            self._chain_tables().groups.pop(one.id, None)
            if not one.row.removed:
                self._chain_tables().groups[one.id] = one
