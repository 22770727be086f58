"""Users, and what lets them in, as SQL: the tables `users` and `access`."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.access import AccessRow, Scope, User, UserRow
from tocsin.model.values import Actor, HexHash, Micros, Seq
from tocsin.store.schema import ACCESS, USERS

_ENCODE: Final = msgspec.json.Encoder().encode
_USERS: Final = msgspec.json.Decoder(UserRow)
_SCOPES: Final = msgspec.json.Decoder(tuple[Scope, ...])


def read_users(connection: sa.Connection) -> list[User]:
    """All users, in the order in which they were made."""
    rows = connection.execute(sa.select(USERS.c.id, USERS.c.row, USERS.c.seq)).all()
    return sorted((User(Actor(id_), _USERS.decode(row), Seq(seq)) for id_, row, seq in rows), key=_made)


def write_users(connection: sa.Connection, users: Iterable[User]) -> None:
    """Insert users, or replace those of the same id."""
    statement = insert(USERS)
    statement = statement.on_conflict_do_update(
        index_elements=[USERS.c.id], set_={"seq": statement.excluded.seq, "row": statement.excluded.row}
    )
    _many(connection, statement, [{"id": user.id, "seq": user.seq, "row": _ENCODE(user.row)} for user in users])


def read_access(connection: sa.Connection) -> list[AccessRow]:
    """What lets somebody in, in the order in which it was made."""
    found = connection.execute(sa.select(ACCESS).order_by(ACCESS.c.created_at, ACCESS.c.id)).mappings().all()
    return [_access_row(dict(row)) for row in found]


def write_access(connection: sa.Connection, rows: Iterable[AccessRow]) -> None:
    """Insert what lets somebody in, or replace what has the same hash."""
    statement = insert(ACCESS)
    changed = [column.name for column in ACCESS.c if column.name != "hash"]
    statement = statement.on_conflict_do_update(
        index_elements=[ACCESS.c.hash], set_={name: statement.excluded[name] for name in changed}
    )
    _many(connection, statement, [_values(row) for row in rows])


def drop_access(connection: sa.Connection, before: Micros) -> None:
    """Forget what opened nothing any more before this time."""
    ended = sa.func.coalesce(ACCESS.c.ended_at, ACCESS.c.expires_at)
    connection.execute(sa.delete(ACCESS).where(ended < before))


def _values(row: AccessRow) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(row),
        "hash": bytes.fromhex(row.hash),
        "scopes": _ENCODE(row.scopes).decode() if row.scopes else None,
    }


def _access_row(found: dict[str, Any]) -> AccessRow:
    scopes = found["scopes"]
    found["hash"] = HexHash(bytes(found["hash"]).hex())
    found["scopes"] = () if scopes is None else _SCOPES.decode(scopes)
    return AccessRow(**found)


def _many(connection: sa.Connection, statement: sa.Insert, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(statement, values)


def _made(user: User) -> int:
    return int(user.id.rpartition("-")[2])
