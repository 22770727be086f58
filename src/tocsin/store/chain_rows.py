"""Chains and groups of people, as SQL."""

from collections.abc import Collection, Iterable
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.chains import StoredChain, StoredGroup
from tocsin.store.reading import SqlReads
from tocsin.store.remembered import Remembered
from tocsin.store.schema import CHAINS, STAFF_GROUPS

_ENCODE: Final = msgspec.json.Encoder().encode
_CHAIN: Final = msgspec.json.Decoder(StoredChain).decode
_GROUP: Final = msgspec.json.Decoder(StoredGroup).decode


class ChainReads(SqlReads):
    """What `SqliteStore` reads of them (`model.ports.ChainStore`)."""

    _chains: Remembered[list[StoredChain]]
    _groups: Remembered[list[StoredGroup]]

    def chains(self) -> list[StoredChain]:
        """All chains, by the number in their id."""
        return list(self._chains.get(self._read_chains))

    def _read_chains(self) -> list[StoredChain]:
        return sorted(map(_CHAIN, self._rows(CHAINS)), key=lambda one: (len(one.id), one.id))

    def groups(self) -> list[StoredGroup]:
        """All groups, by the number in their id."""
        return list(self._groups.get(self._read_groups))

    def _read_groups(self) -> list[StoredGroup]:
        return sorted(map(_GROUP, self._rows(STAFF_GROUPS)), key=lambda one: (len(one.id), one.id))

    def _rows(self, table: sa.Table) -> list[bytes]:
        with self._read() as connection:
            return list(connection.execute(sa.select(table.c.row)).scalars())


class ChainWrites:
    """What `SqliteTransaction` does to them (`model.ports.ChainTransaction`)."""

    _connection: sa.Connection
    changed: set[str]

    def put_chains(self, chains: Iterable[StoredChain]) -> None:
        """Insert chains, or replace those of the same id; one that was removed is dropped."""
        self._put_rows(CHAINS, list(chains))
        self.changed.add("chains")

    def put_groups(self, groups: Iterable[StoredGroup]) -> None:
        """Insert groups, or replace those of the same id; one that was removed is dropped."""
        self._put_rows(STAFF_GROUPS, list(groups))
        self.changed.add("groups")

    def _put_rows(self, table: sa.Table, items: Collection[StoredChain] | Collection[StoredGroup]) -> None:
        for item in items:
            self._connection.execute(table.delete().where(table.c.id == item.id))
            if not item.row.removed:
                row = {"id": item.id, "seq": item.seq, "row": _ENCODE(item)}
                self._connection.execute(insert(table), row)
