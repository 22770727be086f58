"""Check-ins of lone workers, of the store in memory."""

from tocsin.model.check_ins import CheckIn
from tocsin.model.values import Ref
from tocsin.store.memory_tables import InTables


class MemoryCheckInReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.CheckInStore`)."""

    def check_in(self, id_: Ref) -> CheckIn | None:
        """One of them."""
        return self._tables.check_ins.get(id_)

    def check_ins(self) -> list[CheckIn]:
        """All of them, in the order in which they were begun."""
        return sorted(self._tables.check_ins.values(), key=lambda one: int(one.id.rpartition("-")[2]))


class MemoryCheckInWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.CheckInTransaction`)."""

    def put_check_in(self, one: CheckIn) -> None:
        """Insert a check-in, or replace the one of the same id."""
        self._tables.check_ins[one.id] = one

    def drop_check_in(self, id_: Ref) -> None:
        """Delete a check-in."""
        self._tables.check_ins.pop(id_, None)
