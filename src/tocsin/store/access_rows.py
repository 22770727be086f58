"""Users, what lets them in, what they were granted and what two of them do together, as SQL."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.access import (
    AccessRow,
    Approval,
    Credential,
    CredentialKind,
    CredentialRow,
    Grant,
    GrantRow,
    Scope,
    User,
    UserRow,
)
from tocsin.model.values import Actor, HexHash, Micros, Seq
from tocsin.store.plain import do_many
from tocsin.store.schema import ACCESS, APPROVALS, CREDENTIALS, GRANTS, TOTP_STEPS, USERS

_ENCODE: Final = msgspec.json.Encoder().encode
_USERS: Final = msgspec.json.Decoder(UserRow)
_CREDENTIALS: Final = msgspec.json.Decoder(CredentialRow)
_GRANTS: Final = msgspec.json.Decoder(GrantRow)
_APPROVALS: Final = msgspec.json.Decoder(Approval)
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
    if values := [_values(row) for row in rows]:
        do_many(connection, _PUT_ACCESS, [tuple(one[name] for name in _ACCESS_NAMES) for one in values])


def renew_access(connection: sa.Connection, old: HexHash, row: AccessRow) -> None:
    """Insert what lets somebody in, in place of what has another hash."""
    connection.execute(sa.delete(ACCESS).where(ACCESS.c.hash == bytes.fromhex(old)))
    write_access(connection, [row])


def drop_access(connection: sa.Connection, before: Micros) -> None:
    """Forget what opened nothing any more before this time."""
    ended = sa.func.coalesce(ACCESS.c.ended_at, ACCESS.c.expires_at)
    connection.execute(sa.delete(ACCESS).where(ended < before))


def read_credentials(connection: sa.Connection) -> list[Credential]:
    """What people can sign in or unlock with, by user and kind."""
    rows = connection.execute(sa.select(CREDENTIALS.c.user, CREDENTIALS.c.row, CREDENTIALS.c.seq)).all()
    found = [Credential(Actor(user), _CREDENTIALS.decode(row), Seq(seq)) for user, row, seq in rows]
    return sorted(found, key=lambda one: (_number(one.user), one.row.kind))


def write_credentials(connection: sa.Connection, credentials: Iterable[Credential]) -> None:
    """Insert credentials, or replace those of the same user and kind."""
    values = [{"user": one.user, "kind": one.row.kind, "seq": one.seq, "row": _ENCODE(one.row)} for one in credentials]
    _many(connection, _put(CREDENTIALS), values)


def drop_credentials(connection: sa.Connection, user: Actor, kinds: Iterable[CredentialKind]) -> None:
    """Forget credentials of a user; with `totp` also the last step that was used."""
    gone = tuple(kinds)
    connection.execute(sa.delete(CREDENTIALS).where(CREDENTIALS.c.user == user, CREDENTIALS.c.kind.in_(gone)))
    if "totp" in gone:
        connection.execute(sa.delete(TOTP_STEPS).where(TOTP_STEPS.c.user == user))


def read_totp_steps(connection: sa.Connection) -> dict[Actor, int]:
    """The last step of each user's authenticator that was used."""
    rows = connection.execute(sa.select(TOTP_STEPS.c.user, TOTP_STEPS.c.step)).all()
    return {Actor(user): int(step) for user, step in rows}


def write_totp_step(connection: sa.Connection, user: Actor, step: int) -> None:
    """Note the last step of a user's authenticator that was used."""
    _many(connection, _put(TOTP_STEPS), [{"user": user, "step": step}])


def read_grants(connection: sa.Connection) -> list[Grant]:
    """All grants, by user and target."""
    rows = connection.execute(sa.select(GRANTS.c.user, GRANTS.c.row, GRANTS.c.seq)).all()
    found = [Grant(Actor(user), _GRANTS.decode(row), Seq(seq)) for user, row, seq in rows]
    return sorted(found, key=lambda one: (_number(one.user), one.row.target))


def write_grants(connection: sa.Connection, grants: Iterable[Grant]) -> None:
    """Insert grants, or replace those of the same user and target; those whose row says removed go."""
    for one in grants:
        if one.row.removed:
            connection.execute(sa.delete(GRANTS).where(GRANTS.c.user == one.user, GRANTS.c.target == one.row.target))
        else:
            values = {"user": one.user, "target": one.row.target, "seq": one.seq, "row": _ENCODE(one.row)}
            _many(connection, _put(GRANTS), [values])


def read_approvals(connection: sa.Connection) -> list[Approval]:
    """What two persons did or are asked to do together, in the order in which it was asked."""
    rows = connection.execute(sa.select(APPROVALS.c.row).order_by(APPROVALS.c.seq)).scalars().all()
    return [_APPROVALS.decode(row) for row in rows]


def write_approvals(connection: sa.Connection, approvals: Iterable[Approval]) -> None:
    """Insert what two persons do together, or replace what has the same id."""
    values = [{"id": one.id, "seq": _number(one.id), "row": _ENCODE(one)} for one in approvals]
    _many(connection, _put(APPROVALS), values)


def _put(table: sa.Table) -> sa.Insert:
    """Insert, or replace what has the same key."""
    statement = insert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


_ACCESS_NAMES: Final = tuple(column.name for column in ACCESS.c)
# Written each minute with whoever was at a screen: building it took longer than carrying it out.
_PUT_ACCESS: Final = (
    f"INSERT INTO access ({', '.join(_ACCESS_NAMES)}) VALUES ({', '.join('?' * len(_ACCESS_NAMES))}) "  # noqa: S608 - ours
    f"ON CONFLICT (hash) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _ACCESS_NAMES)}"
)


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
    return _number(user.id)


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])
