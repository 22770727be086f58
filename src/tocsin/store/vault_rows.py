"""Values under their holders' keys, timers, legal holds and erasures, as SQL."""

from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.incidents import Incident
from tocsin.model.retention import Erasure, Hold
from tocsin.model.values import Code, KeyId, Micros, Ref
from tocsin.model.vault import Timer, ValueRow
from tocsin.store.schema import ERASURES, HOLDER_KEYS, HOLDS, INCIDENTS, TIMERS, VAULT_VALUES

_ENCODE: Final = msgspec.json.Encoder().encode
_HOLD: Final = msgspec.json.Decoder(Hold)
_ERASURE: Final = msgspec.json.Decoder(Erasure)
_INCIDENT: Final = msgspec.json.Decoder(Incident)
_VALUE_COLUMNS: Final = ("ref", "holder", "field", "key", "sealed", "at")
_ADD_VALUES: Final = (
    "INSERT INTO vault_values (ref, holder, field, key, sealed, at) VALUES (?, ?, ?, ?, ?, ?)"  # once, not each time
)
_ADD_KEYS: Final = "INSERT OR IGNORE INTO holder_keys (key, holder, at) VALUES (?, ?, ?)"
_PUT_TIMER: Final = str(
    insert(TIMERS)
    .on_conflict_do_update(index_elements=["kind", "ref"], set_={"due_at": insert(TIMERS).excluded.due_at})
    .compile(dialect=sqlite.dialect())
)


def add_values(connection: sa.Connection, rows: Sequence[ValueRow]) -> int:
    """Insert values, and note whose their keys are; return how many bytes were written, about."""
    connection.exec_driver_sql(
        _ADD_VALUES, [(row.ref, row.holder, row.field, row.key, bytearray(row.sealed), row.at) for row in rows]
    )
    keys = {row.key: row for row in rows}
    connection.exec_driver_sql(_ADD_KEYS, [(key, row.holder, row.at) for key, row in keys.items()])
    return sum(len(row.sealed) + 150 for row in rows)


def drop_values(connection: sa.Connection, holder: Ref) -> int:
    """Delete a holder's values and let go of its keys; return how many values there were."""
    dropped = connection.execute(sa.delete(VAULT_VALUES).where(VAULT_VALUES.c.holder == holder)).rowcount
    connection.execute(sa.delete(HOLDER_KEYS).where(HOLDER_KEYS.c.holder == holder))
    return dropped


def drop_field(connection: sa.Connection, holder: Ref, field: Code) -> int:
    """Delete a holder's values of one field; return how many there were."""
    found = sa.delete(VAULT_VALUES).where(VAULT_VALUES.c.holder == holder, VAULT_VALUES.c.field == field)
    return connection.execute(found).rowcount


def read_values(connection: sa.Connection, holder: Ref, field: Code | None, limit: int | None) -> list[ValueRow]:
    """A holder's values, oldest first: all, or the newest."""
    found = sa.select(*(VAULT_VALUES.c[name] for name in _VALUE_COLUMNS)).where(VAULT_VALUES.c.holder == holder)
    if field is not None:
        found = found.where(VAULT_VALUES.c.field == field)
    rows = connection.execute(found.order_by(VAULT_VALUES.c.id.desc()).limit(limit)).all()
    return [ValueRow(**dict(zip(_VALUE_COLUMNS, row, strict=True))) for row in reversed(rows)]


def count_values(connection: sa.Connection, holder: Ref) -> int:
    """How many values a holder has."""
    counted = sa.select(sa.func.count()).select_from(VAULT_VALUES).where(VAULT_VALUES.c.holder == holder)
    return connection.execute(counted).scalar() or 0


def read_holder_keys(connection: sa.Connection, holder: Ref) -> list[KeyId]:
    """The keys that values of a holder are sealed under, rising."""
    found = sa.select(HOLDER_KEYS.c.key).where(HOLDER_KEYS.c.holder == holder).order_by(HOLDER_KEYS.c.key)
    return [KeyId(key) for key in connection.execute(found).scalars()]


def highest_holder_key(connection: sa.Connection) -> KeyId:
    """The highest key that any holder has, 0 where none has one."""
    return KeyId(connection.execute(sa.select(sa.func.max(HOLDER_KEYS.c.key))).scalar() or 0)


def put_timer(connection: sa.Connection, timer: Timer) -> None:
    """Insert a timer, or replace the one of the same kind and object."""
    connection.exec_driver_sql(_PUT_TIMER, (timer.kind, timer.ref, timer.due_at))


def drop_timer(connection: sa.Connection, kind: Code, ref: Ref) -> None:
    """Delete a timer."""
    connection.execute(sa.delete(TIMERS).where(TIMERS.c.kind == kind, TIMERS.c.ref == ref))


def read_timer(connection: sa.Connection, kind: Code, ref: Ref) -> Timer | None:
    """One timer."""
    found = sa.select(TIMERS.c.due_at).where(TIMERS.c.kind == kind, TIMERS.c.ref == ref)
    due_at = connection.execute(found).scalar()
    return None if due_at is None else Timer(kind=kind, ref=ref, due_at=Micros(due_at))


def read_timers(
    connection: sa.Connection, until: Micros | None, limit: int | None, kind: Code | None = None
) -> list[Timer]:
    """Timers that are due by then, or all, the first due first."""
    found = sa.select(TIMERS.c.kind, TIMERS.c.ref, TIMERS.c.due_at).order_by(TIMERS.c.due_at, TIMERS.c.ref)
    if until is not None:
        found = found.where(TIMERS.c.due_at <= until)
    if kind is not None:
        found = found.where(TIMERS.c.kind == kind)
    rows = connection.execute(found.limit(limit)).all()
    return [Timer(kind=kind, ref=ref, due_at=due_at) for kind, ref, due_at in rows]


def put_hold(connection: sa.Connection, hold: Hold) -> None:
    """Insert a hold, or replace the one of the same id."""
    statement = insert(HOLDS)
    statement = statement.on_conflict_do_update(index_elements=["id"], set_={"row": statement.excluded.row})
    values = {"id": hold.id, "incident": hold.incident, "until": hold.until, "row": _ENCODE(hold)}
    connection.execute(statement, values)


def read_holds(connection: sa.Connection, incident: Ref | None) -> list[Hold]:
    """Holds of an incident, or of all, oldest first."""
    found = sa.select(HOLDS.c.row)
    if incident is not None:
        found = found.where(HOLDS.c.incident == incident)
    holds = [_HOLD.decode(row) for row in connection.execute(found).scalars()]
    return sorted(holds, key=lambda hold: int(hold.id.rpartition("-")[2]))


def put_erasure(connection: sa.Connection, erasure: Erasure) -> None:
    """Note an erasure, in place of any before of the same incident."""
    statement = insert(ERASURES)
    changed = {name: statement.excluded[name] for name in ("seq", "row")}
    values = {"incident": erasure.incident, "seq": erasure.seq, "row": _ENCODE(erasure)}
    connection.execute(statement.on_conflict_do_update(index_elements=["incident"], set_=changed), values)


def read_erasure(connection: sa.Connection, incident: Ref) -> Erasure | None:
    """The last erasure of an incident's data."""
    row = connection.execute(sa.select(ERASURES.c.row).where(ERASURES.c.incident == incident)).scalar()
    return None if row is None else _ERASURE.decode(row)


def read_erasures(connection: sa.Connection) -> list[Erasure]:
    """All of them, in the order of their facts."""
    rows = connection.execute(sa.select(ERASURES.c.row).order_by(ERASURES.c.seq)).scalars()
    return [_ERASURE.decode(row) for row in rows]


def read_unscheduled(connection: sa.Connection, kind: Code, limit: int) -> list[Incident]:
    """Closed incidents that no timer of the kind waits for, and that were never erased, oldest first."""
    joined = INCIDENTS.outerjoin(TIMERS, sa.and_(TIMERS.c.kind == kind, TIMERS.c.ref == INCIDENTS.c.id)).outerjoin(
        ERASURES, ERASURES.c.incident == INCIDENTS.c.id
    )
    found = (
        sa.select(INCIDENTS.c.row)
        .select_from(joined)
        .where(INCIDENTS.c.state == "closed", TIMERS.c.ref.is_(None), ERASURES.c.incident.is_(None))
        .order_by(INCIDENTS.c.version)
        .limit(limit)
    )
    return [_INCIDENT.decode(row) for row in connection.execute(found).scalars()]
