"""Schedules and floor plans, of the store in memory."""

from collections.abc import Collection, Iterable

from tocsin.model.plans import FloorPlan
from tocsin.model.schedules import Schedule
from tocsin.model.values import Code, Micros, Ref
from tocsin.store.memory_tables import InTables


class MemoryScheduleReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.ScheduleStore`)."""

    def schedule(self, id_: Ref) -> Schedule | None:
        """One schedule."""
        return self._tables.schedules.get(id_)

    def schedules(self, accounts: Collection[Ref] | None = None) -> list[Schedule]:
        """Schedules, all or those of some accounts, in the order in which they were made."""
        found = (one for one in self._tables.schedules.values() if accounts is None or one.row.account_id in accounts)
        return sorted(found, key=lambda one: int(one.id.rpartition("-")[2]))

    def schedule_count(self) -> int:
        """How many there are."""
        return len(self._tables.schedules)

    def newest_signal_at(
        self,
        account_id: Ref,
        after: Micros,
        *,
        reasons: Collection[Code] = (),
        codes: Collection[tuple[str, Code]] = (),
    ) -> Micros | None:
        """When the newest signal of an account later than `after` was received, of some; None where none was.

        Of those that ended for one of `reasons`, or have one of `codes`: pairs of format and code.
        """
        for _, row in sorted(self._tables.signals.items(), reverse=True):
            is_one = row.reason in reasons or (row.format, row.code) in codes
            if row.account_id == account_id and row.at > after and is_one:
                return row.at
        return None

    def floor_plans(self, sites: Collection[Ref] | None = None) -> list[FloorPlan]:
        """Floor plans, all or those of some sites, by id."""
        found = sorted(self._tables.floor_plans.values(), key=lambda one: one.id)
        return [one for one in found if sites is None or one.row.site_id in sites]


class MemoryScheduleWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.ScheduleTransaction`)."""

    def put_schedules(self, schedules: Iterable[Schedule]) -> None:
        """Insert schedules, replace those of the same id; one that was removed is dropped."""
        tables = self._tables.schedules
        for one in schedules:
            if one.row.removed:
                tables.pop(one.id, None)
            else:
                tables[one.id] = one

    def put_floor_plans(self, plans: Iterable[FloorPlan]) -> None:
        """Insert floor plans, replace those of the same id; one without a picture was removed, and is dropped."""
        tables = self._tables.floor_plans
        for one in plans:
            if one.row.content is None:
                tables.pop(one.id, None)
            else:
                tables[one.id] = one
