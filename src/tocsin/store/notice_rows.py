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
from tocsin.store.plain import ask, ask_one, do, do_many
from tocsin.store.reading import SqlReads
from tocsin.store.remembered import Remembered
from tocsin.store.schema import CONTACTS, NOTICES, OUTBOX, REACH

_ENCODE: Final = msgspec.json.Encoder().encode
_CONTACT: Final = msgspec.json.Decoder(ContactRow).decode
_REACH: Final = msgspec.json.Decoder(ReachRow).decode
_NOTICE: Final = msgspec.json.Decoder(Notice).decode


def read_notice(connection: sa.Connection, id_: Ref) -> Notice | None:
    """One notice."""
    row = ask_one(connection, "SELECT row FROM notices WHERE id = ?", (id_,))
    return None if row is None else _NOTICE(row[0])


_EVER: Final = Micros(1 << 62)
_OUTBOX: Final = "SELECT notice, due_at, leased_at FROM outbox WHERE due_at <= ? ORDER BY due_at, notice LIMIT ?"
"""Asked twice every few seconds for ever: building the statement took four times as long as asking."""

_OPEN: Final = (
    "SELECT n.row FROM notices AS n CROSS JOIN outbox AS o ON o.notice = n.id WHERE n.incident = ? ORDER BY n.seq"
)
_FIRST_DUE: Final = "SELECT min(due_at) FROM outbox"
_TALLY: Final = "SELECT count(*), min(due_at), (SELECT count(*) FROM notices WHERE state = 'held') FROM outbox"


@functools.cache
def _put(table: sa.Table, names: tuple[str, ...], key: str) -> tuple[str, tuple[str, ...]]:
    """Insert, or replace what has the same key, and the order of its values; building it took longer than doing it."""
    statement = insert(table).values(dict.fromkeys(names))
    changed = {name: statement.excluded[name] for name in names if name != key}
    made = statement.on_conflict_do_update(index_elements=[key], set_=changed).compile(dialect=sqlite.dialect())
    return str(made), tuple(made.positiontup or ())


class NoticeReads(SqlReads):
    """What `SqliteStore` reads of contacts and notices (`model.ports.NoticeStore`)."""

    _contacts: Remembered[list[Contact]]
    _first_due: Remembered[Micros | None]
    _reach: Remembered[list[Reach]]

    def contacts(self, user: Actor | None = None) -> list[Contact]:
        """Contacts of somebody or of all, in the order in which their last facts were made."""
        found = self._contacts.get(self._read_contacts)
        return [one for one in found if user is None or one.row.user == user]

    def _read_contacts(self) -> list[Contact]:
        with self._read() as connection:
            rows = ask(connection, "SELECT id, row, seq FROM contacts ORDER BY seq")
        return [Contact(Ref(id_), _CONTACT(row), Seq(seq)) for id_, row, seq in rows]

    def reach(self, user: Actor | None = None) -> list[Reach]:
        """When each may be notified, of somebody or of all."""
        found = self._reach.get(self._read_reach)
        return [one for one in found if user is None or one.user == user]

    def _read_reach(self) -> list[Reach]:
        with self._read() as connection:
            rows = ask(connection, "SELECT user, row, seq FROM reach ORDER BY seq")
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
        named = {"seq < ?": before, "incident = ?": incident, "recipient = ?": recipient, "cause = ?": cause}
        wanted = {condition: value for condition, value in named.items() if value is not None}
        values: list[object] = list(wanted.values())
        conditions = list(wanted)
        if states is not None:
            conditions.append(f"state IN ({', '.join('?' * len(states))})")
            values += sorted(states)
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        with self._read() as connection:
            # Its parts are ours alone: whatever comes from outside is a value.
            rows = ask(connection, f"SELECT row FROM notices {where}ORDER BY seq DESC LIMIT ?", (*values, limit))  # noqa: S608
        return [_NOTICE(row[0]) for row in rows]

    def outbox(self, limit: int, until: Micros | None = None) -> list[OutboxRow]:
        """What notices want, the first due first: all, or what is due by then."""
        first_due = self._first_due.get(self._read_first_due)
        if first_due is None or (until is not None and first_due > until):
            return []
        with self._read() as connection:
            rows = ask(connection, _OUTBOX, (_EVER if until is None else until, limit))
        return [OutboxRow(notice=Ref(row[0]), due_at=Micros(row[1]), leased_at=row[2]) for row in rows]

    def _read_first_due(self) -> Micros | None:
        with self._read() as connection:
            return ask(connection, _FIRST_DUE)[0][0]

    def notice_tally(self) -> NoticeTally:
        """How many wait, and since when."""
        with self._read() as connection:
            waiting, oldest, held = ask(connection, _TALLY)[0]
        return NoticeTally(waiting=waiting, held=held, oldest_due_at=oldest)


class NoticeWrites:
    """What `SqliteTransaction` writes of contacts and notices (`model.ports.NoticeTransaction`)."""

    _connection: sa.Connection
    changed: set[str]

    def put_contacts(self, contacts: Iterable[Contact]) -> None:
        """Insert contacts, or replace those of the same id; those without an address go."""
        self.changed.add("contacts")
        for one in contacts:
            if one.row.address is None:
                self._connection.execute(sa.delete(CONTACTS).where(CONTACTS.c.id == one.id))
            else:
                self._put(CONTACTS, "id", id=one.id, seq=one.seq, user=one.row.user, row=_ENCODE(one.row))

    def put_reach(self, reach: Iterable[Reach]) -> None:
        """Insert, or replace what is of the same user."""
        self.changed.add("reach")
        for one in reach:
            self._put(REACH, "user", user=one.user, seq=one.seq, row=_ENCODE(one.row))

    def notice(self, id_: Ref) -> Notice | None:
        """One notice."""
        return read_notice(self._connection, id_)

    def open_notices(self, incident: Ref) -> list[Notice]:
        """Notices of an incident that want something still, the oldest first; also those of this transaction."""
        return [_NOTICE(row[0]) for row in ask(self._connection, _OPEN, (incident,))]

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
                do(self._connection, "DELETE FROM outbox WHERE notice = ?", (one.id,))
            else:
                self._put(OUTBOX, "notice", notice=one.id, due_at=one.due_at, leased_at=None)

    def lease(self, ids: Iterable[Ref], at: Micros) -> None:
        """Note that somebody is at these."""
        do_many(self._connection, "UPDATE outbox SET leased_at = ? WHERE notice = ?", [(at, id_) for id_ in ids])

    def _put(self, table: sa.Table, key: str, **values: Any) -> None:
        statement, names = _put(table, tuple(values), key)
        do(self._connection, statement, tuple(values[name] for name in names))
