"""Contacts, notices and the outbox of the store in memory."""

from collections.abc import Collection, Iterable

import msgspec

from tocsin.model.notices import Contact, Notice, NoticeState, NoticeTally, OutboxRow, Reach
from tocsin.model.values import Actor, Micros, Ref, Seq
from tocsin.store.memory_tables import InTables


class MemoryNoticeReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.NoticeStore`)."""

    def contacts(self, user: Actor | None = None) -> list[Contact]:
        """Contacts of somebody or of all."""
        found = [one for one in self._tables.contacts.values() if user in (None, one.row.user)]
        return sorted(found, key=lambda one: one.seq)

    def reach(self, user: Actor | None = None) -> list[Reach]:
        """When each may be notified, of somebody or of all."""
        return sorted((one for one in self._tables.reach.values() if user in (None, one.user)), key=lambda one: one.seq)

    def notice(self, id_: Ref) -> Notice | None:
        """One notice."""
        return self._tables.notices.get(id_)

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
        """Notices, newest first."""
        found = [
            one
            for one in self._tables.notices.values()
            if (before is None or one.seq < before)
            and (states is None or one.state in states)
            and incident in (None, one.incident)
            and recipient in (None, one.recipient)
            and cause in (None, one.cause)
        ]
        return sorted(found, key=lambda one: one.seq, reverse=True)[:limit]

    def outbox(self, limit: int, until: Micros | None = None) -> list[OutboxRow]:
        """What notices want, the first due first."""
        found = [row for row in self._tables.outbox.values() if until is None or row.due_at <= until]
        return sorted(found, key=lambda row: (row.due_at, row.notice))[:limit]

    def notice_tally(self) -> NoticeTally:
        """How many wait, and since when."""
        rows = self._tables.outbox.values()
        held = sum(one.state == "held" for one in self._tables.notices.values())
        return NoticeTally(waiting=len(rows), held=held, oldest_due_at=min((row.due_at for row in rows), default=None))


class MemoryNoticeWrites(InTables):
    """What `MemoryTransaction` writes of them (`model.ports.NoticeTransaction`)."""

    def put_contacts(self, contacts: Iterable[Contact]) -> None:
        """Insert contacts, or replace those of the same id; those without an address go."""
        for one in contacts:
            self._tables.contacts[one.id] = one
            if one.row.address is None:
                del self._tables.contacts[one.id]

    def put_reach(self, reach: Iterable[Reach]) -> None:
        """Insert, or replace what is of the same user."""
        self._tables.reach.update({one.user: one for one in reach})

    def notice(self, id_: Ref) -> Notice | None:
        """One notice."""
        return self._tables.notices.get(id_)

    def open_notices(self, incident: Ref) -> list[Notice]:
        """Notices of an incident that want something still, the oldest first; also those of this transaction."""
        found = [one for one in self._tables.notices.values() if one.incident == incident and one.due_at is not None]
        return sorted(found, key=lambda one: one.seq)

    def put_notices(self, notices: Iterable[Notice]) -> None:
        """Insert notices, or replace those of the same id; what they want stands in the outbox, or goes from it."""
        for one in notices:
            self._tables.notices[one.id] = one
            self._tables.outbox.pop(one.id, None)
            if one.due_at is not None:
                self._tables.outbox[one.id] = OutboxRow(notice=one.id, due_at=one.due_at, leased_at=None)

    def lease(self, ids: Iterable[Ref], at: Micros) -> None:
        """Note that somebody is at these."""
        for id_ in ids:
            if (row := self._tables.outbox.get(id_)) is not None:
                self._tables.outbox[id_] = msgspec.structs.replace(row, leased_at=at)
