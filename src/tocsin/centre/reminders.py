"""Word to one person of something of their own that needs no hurry: by one of their contacts, once, and over in time.

It stands in the transaction of what it tells of, so that it comes once and outlives a restart. Whoever has no contact,
or has said "not now", is told by screens alone: nobody is to telephone after them for it.
"""

from typing import Final

import structlog

from tocsin.centre.outbox import WAITING_MAX, Outbox, queue
from tocsin.centre.own_calendar import refused
from tocsin.model.notices import NoticeQueued
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Micros, Seq
from tocsin.rules.ladder import plan_of

SILENT: Final = frozenset({"email", "push", "sms", "webhook"})
"""No call: nobody is rung up, at night perhaps, for what ends by itself."""

_LOG = structlog.get_logger("reminders")


class Reminders:
    """Queues notices of purpose `reminder`. In the writer's turn."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        """Queue in this outbox."""
        self._store = store
        self._outbox = outbox

    def queue(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        person: Actor,
        cause: Seq,
        expires_at: Micros,
        *,
        exercise: bool,
    ) -> bool:
        """Let this person have word of what `cause` says, until then; False: by nothing but screens."""
        reach = self._store.reach(person)
        if refused(reach[0].row if reach else None, appender.at) is not None:
            return False
        contacts = [one for one in self._store.contacts(person) if one.row.channel in SILENT]
        plan = plan_of(contacts, self._outbox.ways, purpose="reminder")
        if not plan:
            return False
        if self._store.notice_tally().waiting >= WAITING_MAX:
            _LOG.warning("reminder.not_queued", cause=cause)
            return False
        body = NoticeQueued(
            again_s=None,
            begins_at=None,
            ends_at_claim=False,
            exercise=exercise,
            expires_at=expires_at,
            incident=None,
            number=None,
            plan=tuple(step for step in plan if step.contact == plan[0].contact),
            priority=None,
            purpose="reminder",
            recipient=person,
            refusal=None,
            shown_type=None,
            wanted=None,
        )
        queue(transaction, appender, body, cause, None)
        return True

    def wake(self) -> None:
        """What was queued is durable: send it."""
        self._outbox.wake()
