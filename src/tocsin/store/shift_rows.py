"""Desks, shifts and rosters, as SQL."""

from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.rosters import Roster
from tocsin.model.shifts import Desk, Shift
from tocsin.model.values import Micros, Ref
from tocsin.store.plain import ask
from tocsin.store.reading import SqlReads
from tocsin.store.remembered import Remembered
from tocsin.store.schema import DESKS, ROSTERS, SHIFTS

_ENCODE: Final = msgspec.json.Encoder().encode
_ALL_DESKS: Final = "SELECT row FROM desks"
_GOING_ON: Final = "SELECT row FROM shifts WHERE ended_at IS NULL ORDER BY seq"
_SINCE: Final = "SELECT row FROM shifts WHERE ended_at IS NULL OR ended_at >= ? ORDER BY seq"
_DESK: Final = msgspec.json.Decoder(Desk).decode
_SHIFT: Final = msgspec.json.Decoder(Shift).decode
_INSERT_DESK: Final = insert(DESKS)
_PUT_DESK: Final = _INSERT_DESK.on_conflict_do_update(index_elements=["id"], set_={"row": _INSERT_DESK.excluded["row"]})
_ROSTER: Final = msgspec.json.Decoder(Roster).decode
_INSERT_ROSTER: Final = insert(ROSTERS)
_PUT_ROSTER: Final = _INSERT_ROSTER.on_conflict_do_update(
    index_elements=["id"], set_={"row": _INSERT_ROSTER.excluded["row"]}
)
_INSERT_SHIFT: Final = insert(SHIFTS)
_PUT_SHIFT: Final = _INSERT_SHIFT.on_conflict_do_update(
    index_elements=["id"], set_={name: _INSERT_SHIFT.excluded[name] for name in ("ended_at", "row")}
)


class ShiftReads(SqlReads):
    """What `SqliteStore` reads of shifts and rosters (`model.ports.ShiftStore`, `RosterStore`)."""

    _desks: Remembered[list[Desk]]
    _rosters: Remembered[list[Roster]]
    _shifts: Remembered[list[Shift]]

    def desks(self) -> list[Desk]:
        """All desks, removed ones too, in the order in which they were made."""
        return list(self._desks.get(self._read_desks))

    def _read_desks(self) -> list[Desk]:
        with self._read() as connection:
            found = [_DESK(row[0]) for row in ask(connection, _ALL_DESKS)]
        return sorted(found, key=_made)

    def rosters(self) -> list[Roster]:
        """All rosters, removed ones too, in the order in which they were made."""
        return list(self._rosters.get(self._read_rosters))

    def _read_rosters(self) -> list[Roster]:
        with self._read() as connection:
            found = [_ROSTER(row) for row in connection.execute(sa.select(ROSTERS.c.row)).scalars()]
        return sorted(found, key=_made)

    def shift(self, id_: Ref) -> Shift | None:
        """One shift."""
        with self._read() as connection:
            row = connection.execute(sa.select(SHIFTS.c.row).where(SHIFTS.c.id == id_)).scalar()
        return None if row is None else _SHIFT(row)

    def shifts(self, ended_after: Micros | None = None) -> list[Shift]:
        """Shifts that go on, and with a time those that ended then or later, in the order in which they began."""
        if ended_after is None:
            return list(self._shifts.get(self._read_shifts))
        with self._read() as connection:
            return [_SHIFT(row[0]) for row in ask(connection, _SINCE, (ended_after,))]

    def _read_shifts(self) -> list[Shift]:
        with self._read() as connection:
            return [_SHIFT(row[0]) for row in ask(connection, _GOING_ON)]


class ShiftWrites:
    """What `SqliteTransaction` does to them (`model.ports.ShiftTransaction`, `RosterTransaction`)."""

    _connection: sa.Connection
    changed: set[str]

    def put_desk(self, desk: Desk) -> None:
        """Insert a desk, or replace the one of the same id."""
        self._connection.execute(_PUT_DESK, {"id": desk.id, "row": _ENCODE(desk)})
        self.changed.add("desks")

    def put_roster(self, roster: Roster) -> None:
        """Insert a roster, or replace the one of the same id."""
        self._connection.execute(_PUT_ROSTER, {"id": roster.id, "row": _ENCODE(roster)})
        self.changed.add("rosters")

    def put_shift(self, shift: Shift) -> None:
        """Insert a shift, or replace the one of the same id."""
        row = {"id": shift.id, "seq": shift.seq, "ended_at": shift.ended_at, "row": _ENCODE(shift)}
        self._connection.execute(_PUT_SHIFT, row)
        self.changed.add("shifts")


def _made(one: Desk | Roster) -> int:
    return int(one.id.rpartition("-")[2])
