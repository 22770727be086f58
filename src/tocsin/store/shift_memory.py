"""Desks, shifts and rosters, of the store in memory."""

from typing import Protocol

from tocsin.model.rosters import Roster
from tocsin.model.shifts import Desk, Shift
from tocsin.model.values import Micros, Ref


class ShiftTables(Protocol):
    """Where they lie."""

    desks: dict[Ref, Desk]
    rosters: dict[Ref, Roster]
    shifts: dict[Ref, Shift]


class MemoryShiftReads:
    """What `MemoryStore` reads of them (`model.ports.ShiftStore`)."""

    def _shift_tables(self) -> ShiftTables:
        raise NotImplementedError

    def desks(self) -> list[Desk]:
        """All desks, removed ones too, in the order in which they were made."""
        return sorted(self._shift_tables().desks.values(), key=lambda desk: int(desk.id.rpartition("-")[2]))

    def rosters(self) -> list[Roster]:
        """All rosters, removed ones too, in the order in which they were made."""
        return sorted(self._shift_tables().rosters.values(), key=lambda one: int(one.id.rpartition("-")[2]))

    def shift(self, id_: Ref) -> Shift | None:
        """One shift."""
        return self._shift_tables().shifts.get(id_)

    def shifts(self, ended_after: Micros | None = None) -> list[Shift]:
        """Shifts that go on, and with a time those that ended then or later, in the order in which they began."""
        return sorted(
            (
                one
                for one in self._shift_tables().shifts.values()
                if one.ended_at is None or (ended_after is not None and one.ended_at >= ended_after)
            ),
            key=lambda one: one.seq,
        )


class MemoryShiftWrites:
    """What `MemoryTransaction` does to them (`model.ports.ShiftTransaction`)."""

    def _shift_tables(self) -> ShiftTables:
        raise NotImplementedError

    def put_desk(self, desk: Desk) -> None:
        """Insert a desk, or replace the one of the same id."""
        self._shift_tables().desks[desk.id] = desk

    def put_roster(self, roster: Roster) -> None:
        """Insert a roster, or replace the one of the same id."""
        self._shift_tables().rosters[roster.id] = roster

    def put_shift(self, shift: Shift) -> None:
        """Insert a shift, or replace the one of the same id."""
        self._shift_tables().shifts[shift.id] = shift
