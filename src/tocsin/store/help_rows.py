"""Keyholders, phrases, wishes and place warnings as SQL. The rows hold references and codes; nothing of a person."""

from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.keyholders import (
    Keyholder,
    KeyholderRow,
    SitePhrases,
    SitePhrasesRow,
    SiteWishes,
    WishesRow,
)
from tocsin.model.values import Ref, Seq
from tocsin.model.warnings import PlaceWarned, PlaceWarning
from tocsin.store.schema import KEYHOLDERS, PLACE_WARNINGS, SITE_PHRASES, SITE_WISHES

IDS_A_QUERY: Final = 500
_ENCODE: Final = msgspec.json.Encoder().encode
_KEYHOLDER: Final = msgspec.json.Decoder(KeyholderRow).decode
_PHRASES: Final = msgspec.json.Decoder(SitePhrasesRow).decode
_WISHES: Final = msgspec.json.Decoder(WishesRow).decode
_WARNED: Final = msgspec.json.Decoder(PlaceWarned).decode


def read_keyholders(
    connection: sa.Connection, site_ids: Collection[Ref] | None, ids: Collection[Ref] | None
) -> list[Keyholder]:
    """All keyholders, or those of some sites, or some of them: sites as made, each by order."""
    column, wanted = (KEYHOLDERS.c.id, ids) if ids is not None else (KEYHOLDERS.c.site_id, site_ids)
    rows = _of(connection, KEYHOLDERS, KEYHOLDERS.c.id, column, wanted)
    return sorted((Keyholder(Ref(id_), _KEYHOLDER(row), Seq(seq)) for id_, row, seq in rows), key=place_of)


def read_phrases(connection: sa.Connection, site_ids: Collection[Ref] | None) -> list[SitePhrases]:
    """Phrases of all sites, or of some."""
    rows = _of(connection, SITE_PHRASES, SITE_PHRASES.c.site_id, SITE_PHRASES.c.site_id, site_ids)
    return sorted((SitePhrases(_PHRASES(row), Seq(seq)) for _, row, seq in rows), key=lambda one: one.seq)


def read_wishes(connection: sa.Connection, site_ids: Collection[Ref] | None) -> list[SiteWishes]:
    """Notes of wishes of all sites, or of some."""
    rows = _of(connection, SITE_WISHES, SITE_WISHES.c.site_id, SITE_WISHES.c.site_id, site_ids)
    return sorted((SiteWishes(_WISHES(row), Seq(seq)) for _, row, seq in rows), key=lambda one: one.seq)


def read_warnings(connection: sa.Connection, site_ids: Collection[Ref] | None) -> list[PlaceWarning]:
    """Warnings that stand, all or those of some sites, in the order in which they were made."""
    rows = _of(connection, PLACE_WARNINGS, PLACE_WARNINGS.c.id, PLACE_WARNINGS.c.site_id, site_ids)
    return sorted((PlaceWarning(Ref(id_), _WARNED(row), Seq(seq)) for id_, row, seq in rows), key=lambda one: one.seq)


def put_keyholders(connection: sa.Connection, keyholders: Iterable[Keyholder]) -> None:
    """Insert keyholders, or replace those of the same id."""
    _run(connection, _PUT_KEYHOLDERS, [(one.id, one.seq, one.row.site_id, _ENCODE(one.row)) for one in keyholders])


def drop_keyholders(connection: sa.Connection, ids: Collection[Ref]) -> None:
    """Drop those that were erased."""
    _drop(connection, KEYHOLDERS.c.id, ids)


def put_phrases(connection: sa.Connection, phrases: Iterable[SitePhrases]) -> None:
    """Insert or replace by site; where the row names no verifier, drop."""
    found = list(phrases)
    kept = [one for one in found if one.row.verifier is not None]
    _run(connection, _PUT_PHRASES, [(one.row.site_id, one.seq, _ENCODE(one.row)) for one in kept])
    _drop(connection, SITE_PHRASES.c.site_id, [one.row.site_id for one in found if one.row.verifier is None])


def put_wishes(connection: sa.Connection, wishes: Iterable[SiteWishes]) -> None:
    """Insert or replace by site; where the row names no note, drop."""
    found = list(wishes)
    kept = [one for one in found if one.row.wishes is not None]
    _run(connection, _PUT_WISHES, [(one.row.site_id, one.seq, _ENCODE(one.row)) for one in kept])
    _drop(connection, SITE_WISHES.c.site_id, [one.row.site_id for one in found if one.row.wishes is None])


def put_warnings(connection: sa.Connection, warnings: Iterable[PlaceWarning]) -> None:
    """Insert warnings, or replace those of the same id."""
    _run(connection, _PUT_WARNINGS, [(one.id, one.seq, one.body.site_id, _ENCODE(one.body)) for one in warnings])


def drop_warnings(connection: sa.Connection, ids: Collection[Ref]) -> None:
    """Drop those that ended."""
    _drop(connection, PLACE_WARNINGS.c.id, ids)


def place_of(keyholder: Keyholder) -> tuple[int, int, int]:
    """Where a keyholder stands among all: site as made, order, then as made."""
    return _made(keyholder.row.site_id), keyholder.row.order, _made(keyholder.id)


def _of(
    connection: sa.Connection,
    table: sa.Table,
    name: "sa.Column[Any]",
    column: "sa.Column[Any]",
    wanted: Collection[Ref] | None,
) -> list[Any]:
    found = sa.select(name, table.c.row, table.c.seq)
    if wanted is None:
        return list(connection.execute(found))
    asked = sorted(set(wanted))
    rows: list[Any] = []
    for begin in range(0, len(asked), IDS_A_QUERY):
        rows.extend(connection.execute(found.where(column.in_(asked[begin : begin + IDS_A_QUERY]))))
    return rows


def _put(table: sa.Table) -> str:
    """Insert or replace a row, its values in the order of the columns."""
    statement = insert(table)
    keys = [column for column in table.c if column.primary_key]
    changed = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    compiled = statement.on_conflict_do_update(index_elements=keys, set_=changed).compile(dialect=sqlite.dialect())
    return str(compiled)


# Compiled once, as in `configuration_rows`: an import of many rows holds the writer for less time.
_PUT_KEYHOLDERS: Final = _put(KEYHOLDERS)
_PUT_PHRASES: Final = _put(SITE_PHRASES)
_PUT_WISHES: Final = _put(SITE_WISHES)
_PUT_WARNINGS: Final = _put(PLACE_WARNINGS)


def _run(connection: sa.Connection, statement: str, values: "list[tuple[Any, ...]]") -> None:
    if values:
        connection.exec_driver_sql(statement, values)


def _drop(connection: sa.Connection, column: "sa.Column[Any]", ids: Collection[Ref]) -> None:
    asked = sorted(set(ids))
    for begin in range(0, len(asked), IDS_A_QUERY):
        connection.execute(sa.delete(column.table).where(column.in_(asked[begin : begin + IDS_A_QUERY])))


def _made(ref: Ref) -> int:
    return int(ref.rpartition("-")[2])
