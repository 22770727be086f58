"""Whom a step of a chain tells now, by which ways, and the notices that say so. Sends nothing by itself."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from tocsin.centre.outbox import REPLACED, Outbox, end_notices, is_to, queue
from tocsin.centre.own_calendar import refused
from tocsin.centre.roster_turns import minute_of_day, on_call
from tocsin.model.access import Role
from tocsin.model.catalogue import Priority
from tocsin.model.chains import GroupRow
from tocsin.model.escalation import ChainStep, StepHours
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.notices import (
    INCIDENT_NOTIFIED,
    PEOPLE_MAX,
    Channel,
    Contact,
    IncidentNotified,
    Notice,
    NoticePurpose,
    NoticeQueued,
    NoticeRefusal,
    NoticeStep,
    ReachRow,
)
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.rosters import RosterRow
from tocsin.model.values import Actor, Micros, Ref
from tocsin.rules.chains import people_of
from tocsin.rules.delivery import EXPIRES_S, SECOND_US
from tocsin.rules.ladder import again_s_of, plan_of
from tocsin.rules.notice_texts import shown_type

_AT_ONCE: Final[Mapping[Actor, Micros]] = {}
Planned = tuple[tuple[NoticeStep, ...], NoticeRefusal | None]


class Staff(NamedTuple):
    """Who works here and how each is reached, as it stands now."""

    living: Mapping[Actor, tuple[Role, ...]]
    groups: Mapping[Ref, GroupRow]
    contacts: Mapping[Actor, Sequence[Contact]]
    reach: Mapping[Actor, ReachRow]
    rosters: Mapping[Ref, RosterRow]
    desks: Mapping[Ref, bool]
    """Whether each is attended: not so where somebody is on shift, and no console of theirs lives."""
    on_shift: Mapping[Ref, Sequence[Actor]]
    """By desk."""


class Whom(NamedTuple):
    """Whom a step is about at a time."""

    people: list[Actor]
    """At most `PEOPLE_MAX`, each once."""
    desks: tuple[Ref, ...]
    """Desks that it names, with somebody at them."""
    vacant: tuple[Ref, ...]
    """Rosters by which nobody is on call, and desks that nobody is at."""
    off_hours: bool = False
    """It is not its time of the day: it is about nobody."""


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
        on_shift: dict[Ref, list[Actor]] = {}
        for shift in self._store.shifts():
            on_shift.setdefault(shift.desk, []).append(shift.user)
        return Staff(
            living={one.id: one.row.roles for one in self._store.users() if not one.row.removed},
            groups={one.id: one.row for one in self._store.groups()},
            contacts=contacts,
            reach={one.user: one.row for one in self._store.reach()},
            rosters={one.id: one.row for one in self._store.rosters() if not one.row.removed},
            desks={one.id: one.unattended_since is None for one in self._store.desks() if not one.row.removed},
            on_shift=on_shift,
        )

    def whom(self, step: ChainStep, staff: Staff, now: Micros, notices: Sequence[Notice] = ()) -> Whom:
        """Whom a step is about: by rosters who is on call at that time, at desks who is on shift there."""
        if step.hours is not None and not _is_within(step.hours, now):
            return Whom([], (), (), off_hours=True)
        holders: dict[Ref, Sequence[Actor]] = {id_: staff.on_shift.get(id_, ()) for id_ in step.desks}
        for id_ in step.rosters:
            row = staff.rosters.get(id_)
            person = None if row is None else on_call(row, now, ZoneInfo(row.zone), staff.living)
            holders[id_] = () if person is None else (person,)
        desks = tuple(id_ for id_ in step.desks if holders[id_] and staff.desks.get(id_, False))
        vacant = (*(id_ for id_ in step.rosters if not holders[id_]), *(id_ for id_ in step.desks if id_ not in desks))
        people = people_of(step, staff.living, staff.groups, notices, holders)
        return Whom(people[:PEOPLE_MAX], desks, vacant)

    def planned(
        self,
        person: Actor,
        channels: Sequence[Channel],
        staff: Staff,
        now: Micros,
        priority: Priority | None = None,
        *,
        is_program: bool = False,
        is_last: bool = False,
    ) -> Planned:
        """By which ways somebody is told now, or why not. Their program is called whether they are on duty or not.

        `is_last`: by the last step of a chain, which nobody's own calendar silences.
        """
        reach = staff.reach.get(person)
        refusal = None if is_program else refused(reach, now, is_last=is_last)
        if refusal is not None:
            return (), refusal
        own = staff.contacts.get(person, ())
        fitting = [one for one in own if not channels or one.row.channel in channels]
        plan = plan_of(
            fitting,
            self._outbox.ways,
            priority,
            "program" if is_program else "incident",
            None if reach is None else reach.rules,
        )
        if not plan:
            return (), "no_way" if own else "no_contact"
        return plan, None


def _is_within(hours: StepHours, now: Micros) -> bool:
    minute = minute_of_day(now, ZoneInfo(hours.zone))
    if hours.from_min < hours.to_min:
        return hours.from_min <= minute < hours.to_min
    return minute >= hours.from_min or minute < hours.to_min


def notify(
    transaction: StoreTransaction,
    appender: Appender,
    incident: Incident,
    planned: Mapping[Actor, Planned],
    wanted: int | None = None,
    purpose: NoticePurpose = "incident",
    begins: Mapping[Actor, Micros] = _AT_ONCE,
    *,
    ends_at_claim: bool = True,
) -> None:
    """Queue a notice for each, those too who cannot be told: the delivery board shows whom to telephone.

    Whoever is being told of it already has one notice in place of two. `begins`: who is told a while later, and when.
    `ends_at_claim`: it is about somebody claiming it; a step of a plan tells of what somebody has.
    """
    refused = sum(refusal is not None for _, refusal in planned.values())
    told = IncidentNotified(count=len(planned), exercise=incident.exercise, refused=refused, wanted=wanted)
    cause = appender.append(Fact(kind=INCIDENT_NOTIFIED, body=told, ref=incident.id, cause=incident.version))
    transaction.add_incident_facts([(incident.id, cause)])
    open_ = [one for one in transaction.open_notices(incident.id) if one.purpose == purpose]
    reached = {person for person, (_, refusal) in planned.items() if refusal is None}
    if purpose == "incident":
        end_notices(transaction, appender, incident.id, REPLACED, lambda one: is_to(one, reached))
    for person, (plan, refusal) in planned.items():
        before = [one for one in open_ if one.recipient == person and person in reached]
        # Whoever was asked by hand is needed though somebody has claimed it.
        is_ended = (
            ends_at_claim and purpose == "incident" and wanted is None and all(one.ends_at_claim for one in before)
        )
        begins_at = begins.get(person)
        body = NoticeQueued(
            again_s=again_s_of(incident.priority, purpose),
            begins_at=begins_at,
            ends_at_claim=is_ended,
            exercise=incident.exercise,
            expires_at=Micros((begins_at or appender.at) + EXPIRES_S * SECOND_US),
            incident=incident.id,
            number=incident.number,
            plan=plan,
            priority=incident.priority,
            purpose=purpose,
            recipient=person,
            refusal=refusal,
            shown_type=shown_type(incident.type, incident.hazard, is_silent=incident.silent),
            wanted=wanted if wanted is not None else next((one.wanted for one in before if one.wanted), None),
        )
        queue(transaction, appender, body, cause, None)
