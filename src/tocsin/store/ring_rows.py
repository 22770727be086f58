"""Calls that a telephone system tells of, and telephone lines, as SQL."""

from collections.abc import Iterable
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.rings import Ring, StoredLine
from tocsin.model.values import HexHash, Ref
from tocsin.store.reading import SqlReads
from tocsin.store.schema import LINES, RINGS

_ENCODE: Final = msgspec.json.Encoder().encode
_RING: Final = msgspec.json.Decoder(Ring).decode
_LINE: Final = msgspec.json.Decoder(StoredLine).decode
_INSERT: Final = insert(RINGS)
_PUT: Final = _INSERT.on_conflict_do_update(index_elements=["id"], set_={"row": _INSERT.excluded["row"]})
_INSERT_LINE: Final = insert(LINES)
_PUT_LINE: Final = _INSERT_LINE.on_conflict_do_update(index_elements=["id"], set_={"row": _INSERT_LINE.excluded["row"]})


class RingReads(SqlReads):
    """What `SqliteStore` reads of them (`model.ports.RingStore`)."""

    def ring(self, id_: Ref) -> Ring | None:
        """One of them."""
        with self._read() as connection:
            row = connection.execute(sa.select(RINGS.c.row).where(RINGS.c.id == id_)).scalar()
        return None if row is None else _RING(row)

    def ring_of(self, key: HexHash) -> Ring | None:
        """The newest that the telephone system calls so."""
        asked = sa.select(RINGS.c.row).where(RINGS.c.key == key).order_by(RINGS.c.begun.desc()).limit(1)
        with self._read() as connection:
            row = connection.execute(asked).scalar()
        return None if row is None else _RING(row)

    def rings(self) -> list[Ring]:
        """All of them, in the order in which we were told of them."""
        with self._read() as connection:
            rows = connection.execute(sa.select(RINGS.c.row).order_by(RINGS.c.begun)).scalars()
            return [_RING(row) for row in rows]

    def lines(self) -> list[StoredLine]:
        """All telephone lines, in the order in which they were made."""
        with self._read() as connection:
            rows = connection.execute(sa.select(LINES.c.row).order_by(LINES.c.made)).scalars()
            return [_LINE(row) for row in rows]


class RingWrites:
    """What `SqliteTransaction` does to them (`model.ports.RingTransaction`)."""

    _connection: sa.Connection

    def put_ring(self, ring: Ring) -> None:
        """Insert a ring, or replace the one of the same id."""
        begun = int(ring.id.rpartition("-")[2])
        self._connection.execute(_PUT, {"id": ring.id, "key": ring.key, "begun": begun, "row": _ENCODE(ring)})

    def drop_ring(self, id_: Ref) -> None:
        """Delete a ring: its number is erased."""
        self._connection.execute(sa.delete(RINGS).where(RINGS.c.id == id_))

    def put_lines(self, lines: Iterable[StoredLine]) -> None:
        """Insert lines, or replace those of the same id; those whose row says removed go."""
        for line in lines:
            if line.row.removed:
                self._connection.execute(sa.delete(LINES).where(LINES.c.id == line.id))
            else:
                made = int(line.id.rpartition("-")[2])
                self._connection.execute(_PUT_LINE, {"id": line.id, "made": made, "row": _ENCODE(line)})
