"""Contacts, notices and the outbox as SQL. Rows hold references and codes; addresses lie in the vault."""

import functools
from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.notices import Contact, ContactRow, Notice, NoticeState, NoticeTally, OutboxRow, Reach, ReachRow
from tocsin.model.values import Actor, Micros, Ref, Seq
from tocsin.store.reading import SqlReads
from tocsin.store.remembered import Remembered
from tocsin.store.schema import CONTACTS, NOTICES, OUTBOX, REACH

_ENCODE: Final = msgspec.json.Encoder().encode
_CONTACT: Final = msgspec.json.Decoder(ContactRow).decode
_REACH: Final = msgspec.json.Decoder(ReachRow).decode
_NOTICE: Final = msgspec.json.Decoder(Notice).decode


def read_notice(connection: sa.Connection, id_: Ref) -> Notice | None:
    """One notice."""
    row = connection.exec_driver_sql("SELECT row FROM notices WHERE id = ?", (id_,)).scalar()
    return None if row is None else _NOTICE(row)


_EVER: Final = Micros(1 << 62)
_OUTBOX: Final = "SELECT notice, due_at, leased_at FROM outbox WHERE due_at <= ? ORDER BY due_at, notice LIMIT ?"
"""Asked twice every few seconds for ever: building the statement took four times as long as asking."""

_OPEN: Final = (
    "SELECT n.row FROM notices AS n CROSS JOIN outbox AS o ON o.notice = n.id WHERE n.incident = ? ORDER BY n.seq"
)
_FIRST_DUE: Final = "SELECT min(due_at) FROM outbox"


@functools.cache
def _put(table: sa.Table, names: tuple[str, ...], key: str) -> tuple[str, tuple[str, ...]]:
    """Insert, or replace what has the same key, and the order of its values; building it took longer than doing it."""
    statement = insert(table).values(dict.fromkeys(names))
    changed = {name: statement.excluded[name] for name in names if name != key}
    made = statement.on_conflict_do_update(index_elements=[key], set_=changed).compile(dialect=sqlite.dialect())
    return str(made), tuple(made.positiontup or ())


class NoticeReads(SqlReads):
    """What `SqliteStore` reads of contacts and notices (`model.ports.NoticeStore`)."""

    _first_due: Remembered[Micros | None]

    def contacts(self, user: Actor | None = None) -> list[Contact]:
        """Contacts of somebody or of all, in the order in which their last facts were made."""
        found = sa.select(CONTACTS.c.id, CONTACTS.c.row, CONTACTS.c.seq)
        if user is not None:
            found = found.where(CONTACTS.c.user == user)
        with self._read() as connection:
            rows = connection.execute(found.order_by(CONTACTS.c.seq)).all()
        return [Contact(Ref(id_), _CONTACT(row), Seq(seq)) for id_, row, seq in rows]

    def reach(self, user: Actor | None = None) -> list[Reach]:
        """When each may be notified, of somebody or of all."""
        found = sa.select(REACH.c.user, REACH.c.row, REACH.c.seq)
        if user is not None:
            found = found.where(REACH.c.user == user)
        with self._read() as connection:
            rows = connection.execute(found.order_by(REACH.c.seq)).all()
        return [Reach(Actor(id_), _REACH(row), Seq(seq)) for id_, row, seq in rows]

    def notice(self, id_: Ref) -> Notice | None:
        """One notice."""
        with self._read() as connection:
            return read_notice(connection, id_)

    def notices(
        self,
        limit: int,
        *,
        before: Seq | None = None,
        states: Collection[NoticeState] | None = None,
        incident: Ref | None = None,
        recipient: Actor | None = None,
        cause: Seq | None = None,
    ) -> list[Notice]:
        """Notices, newest first; `before`: made before the one of this seq."""
        found = sa.select(NOTICES.c.row)
        if before is not None:
            found = found.where(NOTICES.c.seq < before)
        if states is not None:
            found = found.where(NOTICES.c.state.in_(sorted(states)))
        if incident is not None:
            found = found.where(NOTICES.c.incident == incident)
        if recipient is not None:
            found = found.where(NOTICES.c.recipient == recipient)
        if cause is not None:
            found = found.where(NOTICES.c.cause == cause)
        with self._read() as connection:
            rows = connection.execute(found.order_by(NOTICES.c.seq.desc()).limit(limit)).scalars().all()
        return [_NOTICE(row) for row in rows]

    def outbox(self, limit: int, until: Micros | None = None) -> list[OutboxRow]:
        """What notices want, the first due first: all, or what is due by then."""
        first_due = self._first_due.get(self._read_first_due)
        if first_due is None or (until is not None and first_due > until):
            return []
        with self._read() as connection:
            rows = connection.exec_driver_sql(_OUTBOX, (_EVER if until is None else until, limit)).all()
        return [OutboxRow(notice=Ref(row[0]), due_at=Micros(row[1]), leased_at=row[2]) for row in rows]

    def _read_first_due(self) -> Micros | None:
        with self._read() as connection:
            return connection.exec_driver_sql(_FIRST_DUE).scalar()

    def notice_tally(self) -> NoticeTally:
        """How many wait, and since when."""
        with self._read() as connection:
            waiting, oldest = connection.execute(sa.select(sa.func.count(), sa.func.min(OUTBOX.c.due_at))).one()
            held = connection.execute(
                sa.select(sa.func.count()).select_from(NOTICES).where(NOTICES.c.state == "held")
            ).scalar()
        return NoticeTally(waiting=waiting, held=held or 0, oldest_due_at=oldest)


class NoticeWrites:
    """What `SqliteTransaction` writes of contacts and notices (`model.ports.NoticeTransaction`)."""

    _connection: sa.Connection
    changed: set[str]

    def put_contacts(self, contacts: Iterable[Contact]) -> None:
        """Insert contacts, or replace those of the same id; those without an address go."""
        for one in contacts:
            if one.row.address is None:
                self._connection.execute(sa.delete(CONTACTS).where(CONTACTS.c.id == one.id))
            else:
                self._put(CONTACTS, "id", id=one.id, seq=one.seq, user=one.row.user, row=_ENCODE(one.row))

    def put_reach(self, reach: Iterable[Reach]) -> None:
        """Insert, or replace what is of the same user."""
        for one in reach:
            self._put(REACH, "user", user=one.user, seq=one.seq, row=_ENCODE(one.row))

    def notice(self, id_: Ref) -> Notice | None:
        """One notice."""
        return read_notice(self._connection, id_)

    def open_notices(self, incident: Ref) -> list[Notice]:
        """Notices of an incident that want something still, the oldest first; also those of this transaction."""
        rows = self._connection.exec_driver_sql(_OPEN, (incident,)).scalars().all()
        return [_NOTICE(row) for row in rows]

    def put_notices(self, notices: Iterable[Notice]) -> None:
        """Insert notices, or replace those of the same id; what they want stands in the outbox, or goes from it."""
        for one in notices:
            self.changed.add("outbox")
            self._put(
                NOTICES,
                "id",
                id=one.id,
                seq=one.seq,
                cause=one.cause,
                incident=one.incident,
                recipient=one.recipient,
                state=one.state,
                row=_ENCODE(one),
            )
            if one.due_at is None:
                self._connection.execute(sa.delete(OUTBOX).where(OUTBOX.c.notice == one.id))
            else:
                self._put(OUTBOX, "notice", notice=one.id, due_at=one.due_at, leased_at=None)

    def lease(self, ids: Iterable[Ref], at: Micros) -> None:
        """Note that somebody is at these."""
        for id_ in ids:
            self._connection.execute(sa.update(OUTBOX).where(OUTBOX.c.notice == id_).values(leased_at=at))

    def _put(self, table: sa.Table, key: str, **values: Any) -> None:
        statement, names = _put(table, tuple(values), key)
        self._connection.exec_driver_sql(statement, tuple(values[name] for name in names))
