"""Versions of action plans, of the store in memory."""

from collections.abc import Iterable

from tocsin.model.action_plans import PlanSwitch, StoredActionPlan
from tocsin.model.values import HexHash, Seq
from tocsin.store.memory_tables import InTables


class MemoryActionPlanReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.ActionPlanStore`)."""

    def action_plans(self) -> list[StoredActionPlan]:
        """The newest version of each plan of the centre's own that was not removed, by the number in its id."""
        newest = {one.id: one for one in self.action_plan_versions()}
        living = (one for one in newest.values() if not (one.row.removed or one.row.shipped))
        return sorted(living, key=lambda one: (len(one.id), one.id))

    def action_plan_version(self, seq: Seq) -> StoredActionPlan | None:
        """One version of a plan, of the centre's own or one that shipped."""
        return self._tables.action_plans.get(seq)

    def action_plan_versions(self) -> list[StoredActionPlan]:
        """Every version of every plan, oldest first."""
        return [one for _, one in sorted(self._tables.action_plans.items())]

    def plan_switches(self) -> list[PlanSwitch]:
        """What was said of types, by type."""
        return [one for _, one in sorted(self._tables.plan_switches.items())]


class MemoryActionPlanWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.ActionPlanTransaction`)."""

    def action_plan_version(self, seq: Seq) -> StoredActionPlan | None:
        """One version, as this transaction sees it."""
        return self._tables.action_plans.get(seq)

    def shipped_plan(self, hash_: HexHash) -> StoredActionPlan | None:
        """The version of a plan that ships with this hash, where an incident has gone by it."""
        found = (one for _, one in sorted(self._tables.action_plans.items()) if one.hash == hash_)
        return next((one for one in found if one.row.shipped), None)

    def add_action_plans(self, plans: Iterable[StoredActionPlan]) -> None:
        """Insert versions: none is ever changed."""
        for one in plans:
            assert one.seq not in self._tables.action_plans, "a version is never changed"
            self._tables.action_plans[one.seq] = one

    def put_plan_switches(self, switches: Iterable[PlanSwitch]) -> None:
        """Insert what was said of types, or replace it."""
        for one in switches:
            self._tables.plan_switches[one.type] = one
