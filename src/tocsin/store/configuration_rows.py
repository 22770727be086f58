"""The SQLite form of the configuration: accounts, sites, zones, refused numbers. Statements alone, on a connection."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.accounts import Account, AccountRow, NumberRefused, Refusal
from tocsin.model.sites import Site, SiteRow, Zone, ZoneRow
from tocsin.model.values import Code, Ref, Seq
from tocsin.store.schema import ACCOUNTS, REFUSALS, SITES, ZONES

IDS_A_QUERY: Final = 500
ALL_ABOVE: Final = 2_000
"""With more ids than this, all rows are read and the others left out: cheaper than asking in parts."""

_AFTER_ALL: Final = "\x7f"
"""Comes after every letter and digit."""

_ENCODE: Final = msgspec.json.Encoder().encode
_ACCOUNT: Final = msgspec.json.Decoder(AccountRow).decode
_SITE: Final = msgspec.json.Decoder(SiteRow).decode
_ZONE: Final = msgspec.json.Decoder(ZoneRow).decode
_REFUSED: Final = msgspec.json.Decoder(NumberRefused).decode
T = TypeVar("T")


def read_accounts(connection: sa.Connection, ids: Collection[Ref] | None) -> list[Account]:
    """All accounts, or those of some ids, in the order in which they were made."""
    rows = _of(connection, sa.select(ACCOUNTS.c.id, ACCOUNTS.c.row, ACCOUNTS.c.seq), ACCOUNTS.c.id, ids)
    return sorted((Account(Ref(id_), _ACCOUNT(row), Seq(seq)) for id_, row, seq in rows), key=_made)


def read_account_page(
    connection: sa.Connection, after: tuple[str, int] | None, limit: int, site_id: Ref | None, number: str
) -> list[Account]:
    """A page of the accounts, by number."""
    found = sa.select(ACCOUNTS.c.id, ACCOUNTS.c.row, ACCOUNTS.c.seq).where(*_which(site_id, number))
    if after is not None:
        found = found.where(sa.tuple_(ACCOUNTS.c.number, ACCOUNTS.c.made) > sa.tuple_(*map(sa.literal, after)))
    rows = connection.execute(found.order_by(ACCOUNTS.c.number, ACCOUNTS.c.made).limit(limit))
    return [Account(Ref(id_), _ACCOUNT(row), Seq(seq)) for id_, row, seq in rows]


def count_accounts(connection: sa.Connection, site_id: Ref | None, number: str) -> int:
    """How many accounts there are, or stand at a site, or begin so."""
    counted = sa.select(sa.func.count()).select_from(ACCOUNTS).where(*_which(site_id, number))
    return connection.execute(counted).scalar() or 0


def count_by(connection: sa.Connection, column: "sa.Column[Any]", values: Collection[Ref]) -> dict[Ref, int]:
    """How many rows each of these values of a column has."""
    asked = sorted(set(values))
    counts: dict[Ref, int] = {}
    for begin in range(0, len(asked), IDS_A_QUERY):
        some = column.in_(asked[begin : begin + IDS_A_QUERY])
        rows = connection.execute(sa.select(column, sa.func.count()).where(some).group_by(column))
        counts.update((Ref(value), int(count)) for value, count in rows)
    return counts


def read_sites(connection: sa.Connection, ids: Collection[Ref] | None) -> list[Site]:
    """All sites, or those of some ids, in the order in which they were made."""
    rows = _of(connection, sa.select(SITES.c.id, SITES.c.row, SITES.c.seq), SITES.c.id, ids)
    return sorted((Site(Ref(id_), _SITE(row), Seq(seq)) for id_, row, seq in rows), key=_made)


def read_zones(connection: sa.Connection, account_ids: Collection[Ref] | None) -> list[Zone]:
    """All zones, or those of some accounts: accounts in the order in which they were made, zones by number."""
    rows = _of(connection, sa.select(ZONES.c.account_id, ZONES.c.row, ZONES.c.seq), ZONES.c.account_id, account_ids)
    zones = [Zone(_ZONE(row), Seq(seq)) for _, row, seq in rows]
    return sorted(zones, key=lambda zone: (_number(zone.row.account_id), len(zone.row.number), zone.row.number))


def read_refusals(connection: sa.Connection) -> list[Refusal]:
    """Numbers that were ever refused, in the order of the facts."""
    rows = connection.execute(sa.select(REFUSALS.c.row, REFUSALS.c.seq).order_by(REFUSALS.c.seq))
    return [Refusal(_REFUSED(row), Seq(seq)) for row, seq in rows]


def put_accounts(connection: sa.Connection, accounts: Iterable[Account]) -> None:
    """Insert, replace, or drop where the row says removed."""
    put, gone = _parted(accounts, lambda account: account.row.removed)
    values = [
        (
            account.id,
            account.seq,
            _ENCODE(account.row),
            account.row.account.upper(),
            _made(account),
            account.row.site_id,
        )
        for account in put
    ]
    _run(connection, _PUT_ACCOUNTS, values)
    _run(connection, _DROP_ACCOUNTS, [(account.id,) for account in gone])


def put_sites(connection: sa.Connection, sites: Iterable[Site]) -> None:
    """Insert, replace, or drop where the row says removed."""
    put, gone = _parted(sites, lambda site: site.row.removed)
    _run(connection, _PUT_SITES, [(site.id, site.seq, _ENCODE(site.row)) for site in put])
    _run(connection, _DROP_SITES, [(site.id,) for site in gone])


def put_zones(connection: sa.Connection, zones: Iterable[Zone]) -> None:
    """Insert, replace, or drop where the row says removed."""
    put, gone = _parted(zones, lambda zone: zone.row.removed)
    values = [(zone.row.account_id, zone.row.number, zone.seq, _ENCODE(zone.row)) for zone in put]
    _run(connection, _PUT_ZONES, values)
    _run(connection, _DROP_ZONES, [(zone.row.account_id, zone.row.number) for zone in gone])


def put_refusals(connection: sa.Connection, refusals: Iterable[Refusal]) -> None:
    """Insert or replace, by number, receiver and line."""
    rows = [(refusal.row, refusal.seq) for refusal in refusals]
    values = [(row.account.upper(), present(row.receiver), present(row.line), seq, _ENCODE(row)) for row, seq in rows]
    _run(connection, _PUT_REFUSALS, values)


def present(value: str | None) -> str:
    """What stands in a primary key, which has no NULL."""
    return "-" if value is None else value


def absent(value: str) -> Code | None:
    """The reverse of `present`."""
    return None if value == "-" else Code(value)


def _which(site_id: Ref | None, number: str) -> list["sa.ColumnElement[bool]"]:
    """Accounts of a site, or whose numbers begin so."""
    which: list[sa.ColumnElement[bool]] = []
    if site_id is not None:
        which.append(ACCOUNTS.c.site_id == site_id)
    if number:
        which += [ACCOUNTS.c.number >= number, ACCOUNTS.c.number < number + _AFTER_ALL]
    return which


def _of(
    connection: sa.Connection, found: "sa.Select[Any, Any, Any]", column: "sa.Column[Any]", ids: Collection[Ref] | None
) -> Iterator[Any]:
    if ids is None or len(ids) > ALL_ABOVE:
        rows = connection.execute(found)
        wanted = None if ids is None else frozenset(ids)
        yield from rows if wanted is None else (row for row in rows if row[0] in wanted)
        return
    asked = sorted(set(ids))
    for begin in range(0, len(asked), IDS_A_QUERY):
        yield from connection.execute(found.where(column.in_(asked[begin : begin + IDS_A_QUERY])))


def _put(table: sa.Table) -> str:
    """Insert or replace a row, its values in the order of the columns; each column is named once, in the schema."""
    statement = insert(table)
    keys = [column for column in table.c if column.primary_key]
    changed = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    compiled = statement.on_conflict_do_update(index_elements=keys, set_=changed).compile(dialect=sqlite.dialect())
    return str(compiled)


def _drop(table: sa.Table) -> str:
    """Delete a row by its key."""
    keys = [column == sa.bindparam(f"b_{column.name}") for column in table.c if column.primary_key]
    return str(sa.delete(table).where(*keys).compile(dialect=sqlite.dialect()))


# Compiled once: 100,000 rows through the library's own way with parameters take a second more of the writer's turn.
_PUT_ACCOUNTS, _DROP_ACCOUNTS = _put(ACCOUNTS), _drop(ACCOUNTS)
_PUT_SITES, _DROP_SITES = _put(SITES), _drop(SITES)
_PUT_ZONES, _DROP_ZONES = _put(ZONES), _drop(ZONES)
_PUT_REFUSALS = _put(REFUSALS)


def _run(connection: sa.Connection, statement: str, values: "list[tuple[Any, ...]]") -> None:
    if values:
        connection.exec_driver_sql(statement, values)


def _parted(items: Iterable[T], is_gone: Callable[[T], bool]) -> tuple[list[T], list[T]]:
    put: list[T] = []
    gone: list[T] = []
    for item in items:
        (gone if is_gone(item) else put).append(item)
    return put, gone


def _made(thing: Account | Site) -> int:
    return _number(thing.id)


def _number(ref: Ref) -> int:
    return int(ref.rpartition("-")[2])
