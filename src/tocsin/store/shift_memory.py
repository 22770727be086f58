"""Desks, shifts and rosters, of the store in memory."""

from tocsin.model.rosters import Roster
from tocsin.model.shifts import Desk, Shift
from tocsin.model.values import Micros, Ref
from tocsin.store.memory_tables import InTables


class MemoryShiftReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.ShiftStore`)."""

    def desks(self) -> list[Desk]:
        """All desks, removed ones too, in the order in which they were made."""
        return sorted(self._tables.desks.values(), key=lambda desk: int(desk.id.rpartition("-")[2]))

    def rosters(self) -> list[Roster]:
        """All rosters, removed ones too, in the order in which they were made."""
        return sorted(self._tables.rosters.values(), key=lambda one: int(one.id.rpartition("-")[2]))

    def shift(self, id_: Ref) -> Shift | None:
        """One shift."""
        return self._tables.shifts.get(id_)

    def shifts(self, ended_after: Micros | None = None) -> list[Shift]:
        """Shifts that go on, and with a time those that ended then or later, in the order in which they began."""
        return sorted(
            (
                one
                for one in self._tables.shifts.values()
                if one.ended_at is None or (ended_after is not None and one.ended_at >= ended_after)
            ),
            key=lambda one: one.seq,
        )


class MemoryShiftWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.ShiftTransaction`)."""

    def put_desk(self, desk: Desk) -> None:
        """Insert a desk, or replace the one of the same id."""
        self._tables.desks[desk.id] = desk

    def put_roster(self, roster: Roster) -> None:
        """Insert a roster, or replace the one of the same id."""
        self._tables.rosters[roster.id] = roster

    def put_shift(self, shift: Shift) -> None:
        """Insert a shift, or replace the one of the same id."""
        self._tables.shifts[shift.id] = shift
