"""Sources, and ids that they gave, as SQL."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.sources import StoredSource
from tocsin.model.values import Code, Micros, Ref, Seq, SignalId
from tocsin.store.plain import do_many
from tocsin.store.reading import SqlReads
from tocsin.store.remembered import Remembered
from tocsin.store.schema import GIVEN_IDS, SIGNALS, SOURCES

ASKED_AT_ONCE: Final = 500
"""Ids in one question: well under what SQLite takes as parameters of a statement."""

_ENCODE: Final = msgspec.json.Encoder().encode
_SOURCE: Final = msgspec.json.Decoder(StoredSource).decode
_ADD_GIVEN: Final = "INSERT INTO given_ids (digest, hash, id, seq) VALUES (?, ?, ?, ?)"


class SourceReads(SqlReads):
    """What `SqliteStore` reads of them (`model.ports.SourceStore`)."""

    _sources: Remembered[list[StoredSource]]

    def sources(self) -> list[StoredSource]:
        """All sources, by the number in their id."""
        return list(self._sources.get(self._read_sources))

    def _read_sources(self) -> list[StoredSource]:
        with self._read() as connection:
            rows = list(connection.execute(sa.select(SOURCES.c.row)).scalars())
        return sorted(map(_SOURCE, rows), key=lambda one: (len(one.id), one.id))

    def given_ids(self, digests: Sequence[bytes]) -> list[tuple[bytes, bytes, SignalId, Seq]]:
        """Those of these ids that were given before."""
        found: list[tuple[bytes, bytes, SignalId, Seq]] = []
        with self._read() as connection:
            for begin in range(0, len(digests), ASKED_AT_ONCE):
                part = list(digests[begin : begin + ASKED_AT_ONCE])
                wanted = sa.select(GIVEN_IDS).where(GIVEN_IDS.c.digest.in_(part))
                for digest, content, id_, seq in connection.execute(wanted):
                    found.append((bytes(digest), bytes(content), SignalId(id_), Seq(seq)))
        return found

    def devices_heard(self, account_id: Ref, limit: int) -> list[tuple[Code | None, int, Micros, Micros]]:
        """By zone of an account's newest signals: how many, the first and the last time."""
        newest = (
            sa.select(SIGNALS.c.zone, SIGNALS.c.at)
            .where(SIGNALS.c.account_id == account_id)
            .order_by(SIGNALS.c.seq.desc())
            .limit(limit)
            .subquery()
        )
        asked = (
            sa.select(newest.c.zone, sa.func.count(), sa.func.min(newest.c.at), sa.func.max(newest.c.at))
            .group_by(newest.c.zone)
            .order_by(newest.c.zone)
        )
        with self._read() as connection:
            return [(zone, n, Micros(first), Micros(last)) for zone, n, first, last in connection.execute(asked)]


class SourceWrites:
    """What `SqliteTransaction` does to them (`model.ports.SourceTransaction`)."""

    _connection: sa.Connection
    changed: set[str]

    def put_sources(self, sources: Iterable[StoredSource]) -> None:
        """Insert sources, or replace those of the same id; one that was removed is dropped."""
        for one in sources:
            self._connection.execute(SOURCES.delete().where(SOURCES.c.id == one.id))
            if not one.row.removed:
                row = {"id": one.id, "seq": one.seq, "row": _ENCODE(one)}
                self._connection.execute(insert(SOURCES), row)
        self.changed.add("sources")

    def is_source(self, account_id: Ref) -> bool:
        """A source speaks for this account."""
        rows = self._connection.execute(sa.select(SOURCES.c.row)).scalars()
        return any(_SOURCE(row).row.account_id == account_id for row in rows)

    def add_given(self, rows: Sequence[tuple[bytes, bytes, SignalId, Seq]]) -> None:
        """Insert ids that were given."""
        do_many(
            self._connection,
            _ADD_GIVEN,
            [(bytearray(digest), bytearray(content), id_, seq) for digest, content, id_, seq in rows],
        )
