"""Values under their holders' keys, timers, legal holds and erasures, as SQL."""

from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from tocsin.model.incidents import Incident
from tocsin.model.retention import Erasure, Hold
from tocsin.model.values import Code, KeyId, Micros, Ref
from tocsin.model.vault import Timer, ValueRow
from tocsin.store.plain import ask, ask_one, do, do_many
from tocsin.store.schema import ERASURES, HOLDER_KEYS, INCIDENTS, TIMERS, VAULT_VALUES

_ENCODE: Final = msgspec.json.Encoder().encode
_EVER: Final = Micros(1 << 62)
_HOLD: Final = msgspec.json.Decoder(Hold)
_ERASURE: Final = msgspec.json.Decoder(Erasure)
_INCIDENT: Final = msgspec.json.Decoder(Incident)
_VALUE_COLUMNS: Final = ("ref", "holder", "field", "key", "sealed", "at")
_VALUES: Final = (
    "SELECT ref, holder, field, key, sealed, at FROM vault_values WHERE holder = ?{} ORDER BY id DESC LIMIT ?"
)
# Statements as SQLite reads them: building each anew took ten times as long as carrying it out.
_ADD_VALUES: Final = "INSERT INTO vault_values (ref, holder, field, key, sealed, at) VALUES (?, ?, ?, ?, ?, ?)"
_ADD_KEYS: Final = "INSERT OR IGNORE INTO holder_keys (key, holder, at) VALUES (?, ?, ?)"
_PUT_TIMER: Final = "INSERT OR REPLACE INTO timers (kind, ref, due_at) VALUES (?, ?, ?)"
_PUT_HOLD: Final = "INSERT OR REPLACE INTO holds (id, incident, until, row) VALUES (?, ?, ?, ?)"
_PUT_ERASURE: Final = "INSERT OR REPLACE INTO erasures (incident, seq, row) VALUES (?, ?, ?)"


def add_values(connection: sa.Connection, rows: Sequence[ValueRow]) -> int:
    """Insert values, and note whose their keys are; return how many bytes were written, about."""
    do_many(
        connection,
        _ADD_VALUES,
        [(row.ref, row.holder, row.field, row.key, bytearray(row.sealed), row.at) for row in rows],
    )
    keys = {row.key: row for row in rows}
    do_many(connection, _ADD_KEYS, [(key, row.holder, row.at) for key, row in keys.items()])
    return sum(len(row.sealed) + 150 for row in rows)


def drop_values(connection: sa.Connection, holder: Ref) -> int:
    """Delete a holder's values and let go of its keys; return how many values there were."""
    dropped = do(connection, "DELETE FROM vault_values WHERE holder = ?", (holder,))
    do(connection, "DELETE FROM holder_keys WHERE holder = ?", (holder,))
    return dropped


def drop_field(connection: sa.Connection, holder: Ref, field: Code) -> int:
    """Delete a holder's values of one field; return how many there were."""
    sql = "DELETE FROM vault_values WHERE holder = ? AND field = ?"
    return do(connection, sql, (holder, field))


def read_values(connection: sa.Connection, holder: Ref, field: Code | None, limit: int | None) -> list[ValueRow]:
    """A holder's values, oldest first: all, or the newest."""
    of_field, values = ("", ()) if field is None else (" AND field = ?", (field,))
    rows = ask(connection, _VALUES.format(of_field), (holder, *values, -1 if limit is None else limit))
    return [ValueRow(**dict(zip(_VALUE_COLUMNS, row, strict=True))) for row in reversed(rows)]


def count_values(connection: sa.Connection, holder: Ref) -> int:
    """How many values a holder has."""
    counted = sa.select(sa.func.count()).select_from(VAULT_VALUES).where(VAULT_VALUES.c.holder == holder)
    return connection.execute(counted).scalar() or 0


def read_holder_keys(connection: sa.Connection, holder: Ref) -> list[KeyId]:
    """The keys that values of a holder are sealed under, rising."""
    rows = ask(connection, "SELECT key FROM holder_keys WHERE holder = ? ORDER BY key", (holder,))
    return [KeyId(row[0]) for row in rows]


def highest_holder_key(connection: sa.Connection) -> KeyId:
    """The highest key that any holder has, 0 where none has one."""
    return KeyId(connection.execute(sa.select(sa.func.max(HOLDER_KEYS.c.key))).scalar() or 0)


def put_timer(connection: sa.Connection, timer: Timer) -> None:
    """Insert a timer, or replace the one of the same kind and object."""
    do(connection, _PUT_TIMER, (timer.kind, timer.ref, timer.due_at))


def drop_timer(connection: sa.Connection, kind: Code, ref: Ref) -> None:
    """Delete a timer."""
    do(connection, "DELETE FROM timers WHERE kind = ? AND ref = ?", (kind, ref))


def read_timer(connection: sa.Connection, kind: Code, ref: Ref) -> Timer | None:
    """One timer."""
    row = ask_one(connection, "SELECT due_at FROM timers WHERE kind = ? AND ref = ?", (kind, ref))
    return None if row is None else Timer(kind=kind, ref=ref, due_at=Micros(row[0]))


def read_timers(
    connection: sa.Connection, until: Micros | None, limit: int | None, kind: Code | None = None
) -> list[Timer]:
    """Timers that are due by then, or all, the first due first."""
    # Asked every few seconds for ever: building the statement took longer than asking.
    of_kind, values = ("", ()) if kind is None else ("kind = ? AND ", (kind,))
    rows = ask(
        connection,
        f"SELECT kind, ref, due_at FROM timers WHERE {of_kind}due_at <= ? ORDER BY due_at, ref LIMIT ?",  # noqa: S608
        (*values, _EVER if until is None else until, -1 if limit is None else limit),
    )
    return [Timer(kind=kind, ref=ref, due_at=due_at) for kind, ref, due_at in rows]


def put_hold(connection: sa.Connection, hold: Hold) -> None:
    """Insert a hold, or replace the one of the same id."""
    do(connection, _PUT_HOLD, (hold.id, hold.incident, hold.until, _ENCODE(hold)))


def read_holds(connection: sa.Connection, incident: Ref | None) -> list[Hold]:
    """Holds of an incident, or of all, oldest first."""
    if incident is None:
        rows = ask(connection, "SELECT row FROM holds")
    else:
        rows = ask(connection, "SELECT row FROM holds WHERE incident = ?", (incident,))
    return sorted((_HOLD.decode(row[0]) for row in rows), key=lambda hold: int(hold.id.rpartition("-")[2]))


def put_erasure(connection: sa.Connection, erasure: Erasure) -> None:
    """Note an erasure, in place of any before of the same incident."""
    do(connection, _PUT_ERASURE, (erasure.incident, erasure.seq, _ENCODE(erasure)))


def read_erasure(connection: sa.Connection, incident: Ref) -> Erasure | None:
    """The last erasure of an incident's data."""
    row = ask_one(connection, "SELECT row FROM erasures WHERE incident = ?", (incident,))
    return None if row is None else _ERASURE.decode(row[0])


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
