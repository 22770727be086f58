"""Calls that are being taken, as SQL."""

from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.call_forms import CallForm
from tocsin.model.values import Ref
from tocsin.store.reading import SqlReads
from tocsin.store.schema import CALL_FORMS

_ENCODE: Final = msgspec.json.Encoder().encode
_DECODE: Final = msgspec.json.Decoder(CallForm).decode
_INSERT: Final = insert(CALL_FORMS)
_PUT: Final = _INSERT.on_conflict_do_update(index_elements=["id"], set_={"row": _INSERT.excluded["row"]})


class CallFormReads(SqlReads):
    """What `SqliteStore` reads of them (`model.ports.CallFormStore`)."""

    def call_form(self, id_: Ref) -> CallForm | None:
        """One of them."""
        with self._read() as connection:
            row = connection.execute(sa.select(CALL_FORMS.c.row).where(CALL_FORMS.c.id == id_)).scalar()
        return None if row is None else _DECODE(row)

    def call_forms(self) -> list[CallForm]:
        """All of them, in the order in which they were begun."""
        with self._read() as connection:
            rows = connection.execute(sa.select(CALL_FORMS.c.row).order_by(CALL_FORMS.c.begun)).scalars()
            return [_DECODE(row) for row in rows]


class CallFormWrites:
    """What `SqliteTransaction` does to them (`model.ports.CallFormTransaction`)."""

    _connection: sa.Connection

    def put_call_form(self, call: CallForm) -> None:
        """Insert a call, or replace the one of the same id."""
        begun = int(call.id.rpartition("-")[2])
        self._connection.execute(_PUT, {"id": call.id, "begun": begun, "row": _ENCODE(call)})

    def drop_call_form(self, id_: Ref) -> None:
        """Delete a call: its draft is erased."""
        self._connection.execute(sa.delete(CALL_FORMS).where(CALL_FORMS.c.id == id_))
