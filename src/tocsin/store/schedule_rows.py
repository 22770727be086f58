"""Schedules and floor plans, as SQL."""

from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.plans import FloorPlan
from tocsin.model.schedules import Schedule
from tocsin.model.values import Code, Micros, Ref
from tocsin.store.reading import SqlReads
from tocsin.store.schema import FLOOR_PLANS, SCHEDULES, SIGNALS

IDS_A_QUERY: Final = 500
_ENCODE: Final = msgspec.json.Encoder().encode
_SCHEDULE: Final = msgspec.json.Decoder(Schedule).decode
_INSERT: Final = insert(SCHEDULES)
_PUT: Final = _INSERT.on_conflict_do_update(
    index_elements=["id"], set_={name: _INSERT.excluded[name] for name in ("seq", "account", "row")}
)


_PLAN: Final = msgspec.json.Decoder(FloorPlan).decode
_INSERT_PLAN: Final = insert(FLOOR_PLANS)
_PUT_PLAN: Final = _INSERT_PLAN.on_conflict_do_update(
    index_elements=["id"], set_={name: _INSERT_PLAN.excluded[name] for name in ("seq", "site", "row")}
)


class ScheduleReads(SqlReads):
    """What `SqliteStore` reads of schedules (`model.ports.ScheduleStore`)."""

    def schedule(self, id_: Ref) -> Schedule | None:
        """One schedule."""
        with self._read() as connection:
            row = connection.execute(sa.select(SCHEDULES.c.row).where(SCHEDULES.c.id == id_)).scalar()
        return None if row is None else _SCHEDULE(row)

    def schedules(self, accounts: Collection[Ref] | None = None) -> list[Schedule]:
        """Schedules, all or those of some accounts, in the order in which they were made."""
        found = sa.select(SCHEDULES.c.row)
        with self._read() as connection:
            if accounts is None:
                rows: list[bytes] = list(connection.execute(found).scalars())
            else:
                asked = sorted(set(accounts))
                rows = []
                for begin in range(0, len(asked), IDS_A_QUERY):
                    some = found.where(SCHEDULES.c.account.in_(asked[begin : begin + IDS_A_QUERY]))
                    rows += connection.execute(some).scalars()
        return sorted((_SCHEDULE(row) for row in rows), key=lambda one: int(one.id.rpartition("-")[2]))

    def schedule_count(self) -> int:
        """How many there are."""
        with self._read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(SCHEDULES)).scalar() or 0

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
        which: list[sa.ColumnElement[Any]] = []
        if reasons:
            which.append(SIGNALS.c.reason.in_(sorted(reasons)))
        if codes:
            which.append(sa.tuple_(SIGNALS.c.format, SIGNALS.c.code).in_(sorted(codes)))
        found = (
            sa.select(SIGNALS.c.at)
            .where(SIGNALS.c.account_id == account_id, SIGNALS.c.at > after, sa.or_(*which))
            .order_by(SIGNALS.c.seq.desc())
            .limit(1)
        )
        with self._read() as connection:
            at = connection.execute(found).scalar()
        return None if at is None else Micros(at)

    def floor_plans(self, sites: Collection[Ref] | None = None) -> list[FloorPlan]:
        """Floor plans, all or those of some sites, by id."""
        found = sa.select(FLOOR_PLANS.c.row).order_by(FLOOR_PLANS.c.id)
        if sites is not None:
            found = found.where(FLOOR_PLANS.c.site.in_(sorted(set(sites))))
        with self._read() as connection:
            return [_PLAN(row) for row in connection.execute(found).scalars()]


class ScheduleWrites:
    """What `SqliteTransaction` does to them (`model.ports.ScheduleTransaction`)."""

    _connection: sa.Connection

    def put_schedules(self, schedules: Iterable[Schedule]) -> None:
        """Insert schedules, replace those of the same id; one that was removed is dropped."""
        for one in schedules:
            if one.row.removed:
                self._connection.execute(sa.delete(SCHEDULES).where(SCHEDULES.c.id == one.id))
            else:
                row = {"id": one.id, "seq": one.seq, "account": one.row.account_id, "row": _ENCODE(one)}
                self._connection.execute(_PUT, row)

    def put_floor_plans(self, plans: Iterable[FloorPlan]) -> None:
        """Insert floor plans, replace those of the same id; one without a picture was removed, and is dropped."""
        for one in plans:
            if one.row.content is None:
                self._connection.execute(sa.delete(FLOOR_PLANS).where(FLOOR_PLANS.c.id == one.id))
            else:
                row = {"id": one.id, "seq": one.seq, "site": one.row.site_id, "row": _ENCODE(one)}
                self._connection.execute(_PUT_PLAN, row)
