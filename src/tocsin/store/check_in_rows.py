"""Check-ins of lone workers, as SQL."""

from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.check_ins import CheckIn
from tocsin.model.values import Ref
from tocsin.store.reading import SqlReads
from tocsin.store.schema import CHECK_INS

_ENCODE: Final = msgspec.json.Encoder().encode
_DECODE: Final = msgspec.json.Decoder(CheckIn).decode
_INSERT: Final = insert(CHECK_INS)
_PUT: Final = _INSERT.on_conflict_do_update(index_elements=["id"], set_={"row": _INSERT.excluded["row"]})


class CheckInReads(SqlReads):
    """What `SqliteStore` reads of them (`model.ports.CheckInStore`)."""

    def check_in(self, id_: Ref) -> CheckIn | None:
        """One of them."""
        with self._read() as connection:
            row = connection.execute(sa.select(CHECK_INS.c.row).where(CHECK_INS.c.id == id_)).scalar()
        return None if row is None else _DECODE(row)

    def check_ins(self) -> list[CheckIn]:
        """All of them, in the order in which they were begun."""
        with self._read() as connection:
            rows = connection.execute(sa.select(CHECK_INS.c.row).order_by(CHECK_INS.c.begun)).scalars()
            return [_DECODE(row) for row in rows]


class CheckInWrites:
    """What `SqliteTransaction` does to them (`model.ports.CheckInTransaction`)."""

    _connection: sa.Connection

    def put_check_in(self, one: CheckIn) -> None:
        """Insert a check-in, or replace the one of the same id."""
        begun = int(one.id.rpartition("-")[2])
        self._connection.execute(_PUT, {"id": one.id, "begun": begun, "row": _ENCODE(one)})

    def drop_check_in(self, id_: Ref) -> None:
        """Delete a check-in."""
        self._connection.execute(sa.delete(CHECK_INS).where(CHECK_INS.c.id == id_))
