"""Versions of action plans, and which types a plan may handle without an operator, as SQL."""

from collections.abc import Iterable
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.action_plans import PlanSwitch, StoredActionPlan
from tocsin.model.values import HexHash, Seq
from tocsin.store.reading import SqlReads
from tocsin.store.schema import ACTION_PLAN_SWITCHES, ACTION_PLANS

_ENCODE: Final = msgspec.json.Encoder().encode
_PLAN: Final = msgspec.json.Decoder(StoredActionPlan).decode
_SWITCH: Final = msgspec.json.Decoder(PlanSwitch).decode
_NEWEST: Final = sa.select(ACTION_PLANS.c.row).where(
    ACTION_PLANS.c.seq.in_(sa.select(sa.func.max(ACTION_PLANS.c.seq)).group_by(ACTION_PLANS.c.id))
)


class ActionPlanReads(SqlReads):
    """What `SqliteStore` reads of them (`model.ports.ActionPlanStore`)."""

    def action_plans(self) -> list[StoredActionPlan]:
        """The newest version of each plan of the centre's own that was not removed, by the number in its id."""
        with self._read() as connection:
            found = map(_PLAN, connection.execute(_NEWEST).scalars())
            return in_order(one for one in found if not (one.row.removed or one.row.shipped))

    def action_plan_version(self, seq: Seq) -> StoredActionPlan | None:
        """One version of a plan, of the centre's own or one that shipped."""
        with self._read() as connection:
            return _version(connection, seq)

    def action_plan_versions(self) -> list[StoredActionPlan]:
        """Every version of every plan, oldest first."""
        with self._read() as connection:
            rows = connection.execute(sa.select(ACTION_PLANS.c.row).order_by(ACTION_PLANS.c.seq)).scalars()
            return list(map(_PLAN, rows))

    def plan_switches(self) -> list[PlanSwitch]:
        """What was said of types, by type."""
        with self._read() as connection:
            rows = connection.execute(sa.select(ACTION_PLAN_SWITCHES.c.row)).scalars()
            return sorted(map(_SWITCH, rows), key=lambda one: one.type)


class ActionPlanWrites:
    """What `SqliteTransaction` does to them (`model.ports.ActionPlanTransaction`)."""

    _connection: sa.Connection

    def action_plan_version(self, seq: Seq) -> StoredActionPlan | None:
        """One version, as this transaction sees it."""
        return _version(self._connection, seq)

    def shipped_plan(self, hash_: HexHash) -> StoredActionPlan | None:
        """The version of a plan that ships with this hash, where an incident has gone by it."""
        wanted = sa.select(ACTION_PLANS.c.row).where(ACTION_PLANS.c.hash == hash_).order_by(ACTION_PLANS.c.seq)
        found = map(_PLAN, self._connection.execute(wanted).scalars())
        return next((one for one in found if one.row.shipped), None)

    def add_action_plans(self, plans: Iterable[StoredActionPlan]) -> None:
        """Insert versions: none is ever changed."""
        for one in plans:
            row = {"seq": one.seq, "id": one.id, "hash": one.hash, "row": _ENCODE(one)}
            self._connection.execute(sa.insert(ACTION_PLANS), row)

    def put_plan_switches(self, switches: Iterable[PlanSwitch]) -> None:
        """Insert what was said of types, or replace it."""
        for one in switches:
            put = insert(ACTION_PLAN_SWITCHES).values(type=one.type, row=_ENCODE(one))
            self._connection.execute(put.on_conflict_do_update(index_elements=["type"], set_={"row": put.excluded.row}))


def _version(connection: sa.Connection, seq: Seq) -> StoredActionPlan | None:
    row = connection.execute(sa.select(ACTION_PLANS.c.row).where(ACTION_PLANS.c.seq == seq)).scalar()
    return None if row is None else _PLAN(row)


def in_order(plans: Iterable[StoredActionPlan]) -> list[StoredActionPlan]:
    """In the order in which they were made."""
    return sorted(plans, key=lambda one: (len(one.id), one.id))
