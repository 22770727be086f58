"""Whom a step of a chain tells now, by which ways, and the notices that say so. Sends nothing by itself."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tocsin.centre.outbox import Outbox, queue
from tocsin.model.access import Role
from tocsin.model.chains import GroupRow
from tocsin.model.escalation import ChainStep
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.notices import (
    INCIDENT_NOTIFIED,
    PEOPLE_MAX,
    Channel,
    Contact,
    IncidentNotified,
    Notice,
    NoticeQueued,
    NoticeRefusal,
    NoticeStep,
    ReachRow,
)
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Micros, Ref
from tocsin.rules.chains import people_of
from tocsin.rules.delivery import EXPIRES_S, SECOND_US, plan_of, refusal_of
from tocsin.rules.notice_texts import shown_type

Planned = tuple[tuple[NoticeStep, ...], NoticeRefusal | None]


class Staff(NamedTuple):
    """Who works here and how each is reached, as it stands now."""

    living: Mapping[Actor, tuple[Role, ...]]
    groups: Mapping[Ref, GroupRow]
    contacts: Mapping[Actor, Sequence[Contact]]
    reach: Mapping[Actor, ReachRow]


class Telling:
    """Plans whom steps tell. From any thread."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        """Plan by what stands in `store`, and the ways of `outbox`."""
        self._store = store
        self._outbox = outbox

    def staff(self) -> Staff:
        """Look who works here."""
        contacts: dict[Actor, list[Contact]] = {}
        for one in self._store.contacts():
            contacts.setdefault(one.row.user, []).append(one)
        return Staff(
            living={one.id: one.row.roles for one in self._store.users() if not one.row.removed},
            groups={one.id: one.row for one in self._store.groups()},
            contacts=contacts,
            reach={one.user: one.row for one in self._store.reach()},
        )

    def people(self, step: ChainStep, staff: Staff, notices: Sequence[Notice] = ()) -> list[Actor]:
        """Whom a step is about, at most `PEOPLE_MAX`."""
        return people_of(step, staff.living, staff.groups, notices)[:PEOPLE_MAX]

    def planned(self, person: Actor, channels: Sequence[Channel], staff: Staff, now: Micros) -> Planned:
        """By which ways somebody is told now, or why not."""
        refusal = refusal_of(staff.reach.get(person), now)
        if refusal is not None:
            return (), refusal
        own = staff.contacts.get(person, ())
        plan = plan_of([one for one in own if not channels or one.row.channel in channels], self._outbox.ways)
        if not plan:
            return (), "no_way" if own else "no_contact"
        return plan, None


def notify(
    transaction: StoreTransaction,
    appender: Appender,
    incident: Incident,
    planned: Mapping[Actor, Planned],
    wanted: int | None = None,
) -> None:
    """Queue a notice for each, those too who cannot be told: the delivery board shows whom to telephone."""
    refused = sum(refusal is not None for _, refusal in planned.values())
    told = IncidentNotified(count=len(planned), exercise=incident.exercise, refused=refused, wanted=wanted)
    cause = appender.append(Fact(kind=INCIDENT_NOTIFIED, body=told, ref=incident.id, cause=incident.version))
    transaction.add_incident_facts([(incident.id, cause)])
    for person, (plan, refusal) in planned.items():
        body = NoticeQueued(
            exercise=incident.exercise,
            expires_at=Micros(appender.at + EXPIRES_S * SECOND_US),
            incident=incident.id,
            number=incident.number,
            plan=plan,
            priority=incident.priority,
            purpose="incident",
            recipient=person,
            refusal=refusal,
            shown_type=shown_type(incident.type, incident.hazard, is_silent=incident.silent),
            wanted=wanted,
        )
        queue(transaction, appender, body, cause, None)
