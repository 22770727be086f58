"""Missing paths and what is armed, as SQL."""

from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.supervision import Arming, Outage, PathRole
from tocsin.model.values import Code, Ref, Seq
from tocsin.store.reading import SqlReads
from tocsin.store.schema import ACCOUNTS, ARMED, OUTAGES

IDS_A_QUERY: Final = 500
_ENCODE: Final = msgspec.json.Encoder().encode
_OUTAGE: Final = msgspec.json.Decoder(Outage).decode


def _put(table: sa.Table, keys: Collection[str]) -> Any:
    statement = insert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed)


_PUT_OUTAGES: Final = _put(OUTAGES, ("account", "path"))
_PUT_ARMED: Final = _put(ARMED, ("account", "partition"))


class SupervisionReads(SqlReads):
    """What `SqliteStore` reads of supervision (`model.ports.SupervisionStore`)."""

    def outages(self, accounts: Collection[Ref] | None = None) -> list[Outage]:
        """Missing paths, all or those of some accounts, by account and path."""
        found = sa.select(OUTAGES.c.row).order_by(OUTAGES.c.account, OUTAGES.c.path)
        with self._read() as connection:
            if accounts is None:
                return [_OUTAGE(row) for row in connection.execute(found).scalars()]
            asked = sorted(set(accounts))
            rows: list[Outage] = []
            for begin in range(0, len(asked), IDS_A_QUERY):
                some = found.where(OUTAGES.c.account.in_(asked[begin : begin + IDS_A_QUERY]))
                rows += [_OUTAGE(row) for row in connection.execute(some).scalars()]
        return rows

    def armed(self, accounts: Collection[Ref] | None = None) -> list[Arming]:
        """What is armed, of all or of some accounts, by account and partition."""
        found = sa.select(ARMED.c.account, ARMED.c.partition, ARMED.c.seq).order_by(ARMED.c.account, ARMED.c.partition)
        wanted = [found]
        if accounts is not None:
            asked = sorted(set(accounts))
            parts = (asked[begin : begin + IDS_A_QUERY] for begin in range(0, len(asked), IDS_A_QUERY))
            wanted = [found.where(ARMED.c.account.in_(part)) for part in parts]
        with self._read() as connection:
            rows = [row for one in wanted for row in connection.execute(one)]
        return [Arming(account_id=Ref(row[0]), partition=Code(row[1]), seq=Seq(row[2])) for row in rows]


class SupervisionWrites:
    """What `SqliteTransaction` does to it (`model.ports.SupervisionTransaction`)."""

    _connection: sa.Connection

    def outage(self, account_id: Ref, path: PathRole) -> Outage | None:
        """One missing path."""
        found = sa.select(OUTAGES.c.row).where(OUTAGES.c.account == account_id, OUTAGES.c.path == path)
        row = self._connection.execute(found).scalar()
        return None if row is None else _OUTAGE(row)

    def outage_count(self, incident: Ref) -> int:
        """How many paths of an incident are missing."""
        counted = sa.select(sa.func.count()).select_from(OUTAGES).where(OUTAGES.c.incident == incident)
        return self._connection.execute(counted).scalar() or 0

    def put_outages(self, outages: Iterable[Outage]) -> None:
        """Insert missing paths, or replace those of the same account and path."""
        rows = [
            {"account": one.account_id, "path": one.path, "incident": one.incident, "row": _ENCODE(one)}
            for one in outages
        ]
        if rows:
            self._connection.execute(_PUT_OUTAGES, rows)

    def drop_outages(self, paths: Iterable[tuple[Ref, PathRole]]) -> None:
        """These are missing no more."""
        for account_id, path in paths:
            self._connection.execute(sa.delete(OUTAGES).where(OUTAGES.c.account == account_id, OUTAGES.c.path == path))

    def is_armed(self, account_id: Ref, partition: Code | None = None) -> bool:
        """Some partition of the account is armed, as far as its panel said; or this one, by itself or with all."""
        found = sa.select(ARMED.c.seq).where(ARMED.c.account == account_id)
        if partition is not None:
            bare = sa.func.ltrim(sa.func.upper(ARMED.c.partition), "0")
            found = found.where((ARMED.c.partition == "") | (bare == partition.lstrip("0").upper()))
        return self._connection.execute(found.limit(1)).scalar() is not None

    def is_site_armed(self, site_id: Ref) -> bool:
        """Some partition of some account of the site is armed, as far as their panels said."""
        found = sa.select(ARMED.c.seq).join(ACCOUNTS, ACCOUNTS.c.id == ARMED.c.account)
        found = found.where(ACCOUNTS.c.site_id == site_id)
        return self._connection.execute(found.limit(1)).scalar() is not None

    def arm(self, armings: Iterable[Arming]) -> None:
        """These partitions are armed."""
        rows = [{"account": one.account_id, "partition": one.partition, "seq": one.seq} for one in armings]
        if rows:
            self._connection.execute(_PUT_ARMED, rows)

    def disarm(self, account_id: Ref, partition: Code | None) -> None:
        """A partition is not armed any more; with None, nothing of the account is."""
        gone = sa.delete(ARMED).where(ARMED.c.account == account_id)
        if partition is not None:
            gone = gone.where(ARMED.c.partition == partition)
        self._connection.execute(gone)
