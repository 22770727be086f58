"""Entries that are about a place, as SQL."""

import abc
from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from tocsin.model.journal import EntryRow, StoredEntry
from tocsin.model.values import Code, Ref, Seq
from tocsin.store.place_index import rows_of
from tocsin.store.plain import do_many
from tocsin.store.reading import SqlReads
from tocsin.store.schema import JOURNAL, PLACE_FACTS

_ADD: Final = str(sa.insert(PLACE_FACTS).compile(dialect=sqlite.dialect()))


class PlaceFactReads(SqlReads, abc.ABC):
    """What `SqliteStore` reads of them (`model.ports.PlaceFactStore`)."""

    @abc.abstractmethod
    def entries_at(self, seqs: Collection[Seq]) -> list[StoredEntry]:
        """The entries of these numbers, in order."""

    def place_facts(self, place: Ref, before: Seq | None, limit: int) -> list[tuple[StoredEntry, Ref]]:
        """Entries about a site or account with a seq below `before`, newest first, each with what it is about."""
        found = sa.select(PLACE_FACTS.c.seq, PLACE_FACTS.c.thing).where(PLACE_FACTS.c.place == place)
        if before is not None:
            found = found.where(PLACE_FACTS.c.seq < before)
        with self._read() as connection:
            rows = connection.execute(found.order_by(PLACE_FACTS.c.seq.desc()).limit(limit)).all()
        things = {seq: Ref(thing) for seq, thing in rows}
        return [(entry, things[entry.row.seq]) for entry in reversed(self.entries_at(list(things)))]

    def fact_before(self, thing: Ref, kind: Code, before: Seq) -> StoredEntry | None:
        """The last entry of this kind about the same thing before that one; None where that was the first."""
        found = (
            sa.select(PLACE_FACTS.c.seq)
            .join(JOURNAL, JOURNAL.c.seq == PLACE_FACTS.c.seq)
            .where(PLACE_FACTS.c.thing == thing, PLACE_FACTS.c.seq < before, JOURNAL.c.kind == kind)
            .order_by(PLACE_FACTS.c.seq.desc())
            .limit(1)
        )
        with self._read() as connection:
            seq = connection.execute(found).scalar()
        return None if seq is None else self.entries_at([seq])[0]


def add_place_facts(connection: sa.Connection, rows: Sequence[EntryRow]) -> None:
    """Note which places these entries are about, as they are appended."""
    if found := rows_of(rows):
        do_many(connection, _ADD, list(map(tuple, found)))
