"""`/api/v1/incidents/{id}/place`: what whoever handles an incident must see of its site, in one answer and one key.

Numbers and states, no names of people: who is called stands in the call list, and reading that is noted. A new row is a
field here, one in `QuickPlace`, and a line of the console's `Quick.svelte`.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from tocsin.centre.help_notes import is_alarm, no_call_first
from tocsin.centre.place_state import ArmedState, HoursToday, armed_states, hours_today
from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.incidents import Condition, Incident, IncidentFilter
from tocsin.model.keyholders import confirm_due_at
from tocsin.model.out_of_service import OutReason
from tocsin.model.schedules import DaySource
from tocsin.model.sites import SiteHazard, SiteResponse
from tocsin.model.supervision import PathRole
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Place, Ref, Words
from tocsin.model.warnings import PlaceDanger
from tocsin.web.api.incidents import Desk, IncidentId, checked_id
from tocsin.web.api.schedule_types import SpanItem
from tocsin.web.hidden import Hidden
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

ACCOUNTS_MAX: Final = 50
OTHERS_MAX: Final = 20
PrincipalRequest = Request[Principal, Any, Any]


class QuickArmed(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an account there is armed, as its panel said last."""

    account: AccountNumber
    is_armed: bool
    partitions: list[Code]
    """Those that are armed, where the panel armed them one by one; empty: all of it."""
    since: Micros
    """When the newest signal came that said so."""


class QuickHours(msgspec.Struct, frozen=True, kw_only=True):
    """The hours of today of an account there, or of a partition of it, by the clock of the place."""

    account: AccountNumber
    is_open_time: bool
    """Now lies in them."""
    partition: Code | None
    """None: all of the account."""
    source: DaySource | None
    """Where they come from, where they are not the weekday's; `tonight`: for this day alone."""
    spans: list[SpanItem]
    """In their order, also what began yesterday or ends tomorrow. Empty: closed all day."""


class QuickMissing(msgspec.Struct, frozen=True, kw_only=True):
    """A path of an account there that is not heard."""

    account: AccountNumber
    path: PathRole
    since: Micros


class QuickTest(msgspec.Struct, frozen=True, kw_only=True):
    """Something there that is on test."""

    id: Ref
    account: AccountNumber | None
    """None: the whole site."""
    by: Actor | None
    live: list[HazardClass]
    """What starts a response all the same."""
    partition: Code | None
    until: Micros
    zones: list[Code]


class QuickOut(msgspec.Struct, frozen=True, kw_only=True):
    """Zones of an account there that are out of service."""

    id: Ref
    account: AccountNumber
    live: list[HazardClass]
    """What starts a response all the same."""
    reason: OutReason
    until: Micros
    zones: list[Code]


class QuickWarning(msgspec.Struct, frozen=True, kw_only=True):
    """What crews who are sent there are warned of."""

    danger: PlaceDanger
    ends_at: Micros


class QuickIncident(msgspec.Struct, frozen=True, kw_only=True):
    """Another open incident there."""

    id: Ref
    condition: Condition
    meaning: Words | None
    number: int
    opened_at: Micros
    priority: Priority
    type: Code


class QuickPlace(msgspec.Struct, frozen=True, kw_only=True):
    """The site of an incident. Without a site, only what is of the account."""

    at: Micros
    accounts: list[AccountNumber]
    """The first 50 of the site."""
    accounts_total: int
    address: Place | None
    armed: list[QuickArmed]
    """By account; one of which nothing is known is left out."""
    authority_ref: Place | None
    """Under which number brigade or police know it."""
    directions: Place | None
    hazard_details: Place | None
    hazards: list[SiteHazard]
    """What is dangerous about the premises themselves."""
    hours: list[QuickHours]
    """Of accounts with a schedule."""
    has_phrases: bool
    has_wishes: bool
    """A resident's wishes are noted, and this is an alarm: they can be opened."""
    keyholders: int
    keyholders_due: int
    """Of them, those whom nobody confirmed for a year."""
    missing: list[QuickMissing]
    name: Place | None
    no_call_first: bool
    others: list[QuickIncident]
    out_of_service: list[QuickOut]
    plans: list[int]
    """Levels of which there is a floor plan; 0 is the ground floor."""
    response: SiteResponse | None
    """What was agreed for an alarm there."""
    site_id: Ref | None
    tests: list[QuickTest]
    warnings: list[QuickWarning]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The route of the quick page."""
    desk = Desk(parts)
    store, names = parts.store, parts.centre.names
    hidden = Hidden(parts.board, store)

    @get("/api/v1/incidents/{incident_id:str}/place", opt=needs("help.read"), summary="The place, in one look")
    @in_thread
    def read_quick_place(request: PrincipalRequest, incident_id: IncidentId) -> QuickPlace:
        """Hazards, access, warnings, keyholders in numbers; what is armed, on test, out of service or not heard."""
        incident = desk.seen(checked_id(incident_id), request.user)
        site_id, now = incident.site_id, parts.clock.now_us()
        site = None if site_id is None else names.sites([site_id]).get(site_id)
        found = [] if site_id is None else store.account_page(None, ACCOUNTS_MAX, site_id=site_id)
        here = {one.id: one.row.account for one in found}
        if not here and incident.account_id is not None and incident.account is not None:
            here = {incident.account_id: incident.account}
        held = [] if site_id is None else [one for one in store.keyholders([site_id]) if one.row.removed_at is None]
        wishes = [] if site_id is None else store.site_wishes([site_id])
        return QuickPlace(
            at=now,
            accounts=sorted(here.values()),
            accounts_total=len(here) if site_id is None else store.account_count(site_id),
            address=None if site is None else site.row.address,
            armed=[_armed(one, here) for one in armed_states(store, list(here), now)],
            authority_ref=None if site is None else site.row.authority_ref,
            directions=None if site is None else site.row.directions,
            hazard_details=None if site is None else site.row.hazard_details,
            hazards=[] if site is None else list(site.row.hazards),
            hours=[_hours(one, here) for one in hours_today(store.schedules(list(here)), now)],
            has_phrases=site_id is not None and any(one.row.has_phrase for one in store.site_phrases([site_id])),
            has_wishes=bool(wishes) and is_alarm(incident) and incident.state == "open" and not incident.exercise,
            keyholders=len(held),
            keyholders_due=sum(confirm_due_at(one.row) <= now for one in held),
            missing=[
                QuickMissing(account=here[one.account_id], path=one.path, since=one.since)
                for one in (store.outages(list(here)) if here else [])
            ],
            name=None if site is None else site.name,
            no_call_first=no_call_first(incident),
            others=_others(incident, request.user),
            out_of_service=[
                QuickOut(
                    id=one.id,
                    account=here[one.taken.account_id],
                    live=list(one.taken.live),
                    reason=one.taken.reason,
                    until=one.until,
                    zones=list(one.taken.zones),
                )
                for one in store.zones_out()
                if one.taken.account_id in here
            ],
            plans=[] if site_id is None else sorted({one.row.level for one in store.floor_plans([site_id])}),
            response=None if site is None else site.row.response,
            site_id=site_id,
            tests=[
                QuickTest(
                    id=one.id,
                    account=None if one.begun.account_id is None else here.get(one.begun.account_id),
                    by=one.begun_by,
                    live=list(one.begun.live),
                    partition=one.begun.partition,
                    until=one.until,
                    zones=list(one.begun.zones),
                )
                for one in store.site_tests()
                if one.begun.account_id in here or (one.begun.account_id is None and one.begun.site_id == site_id)
            ],
            warnings=[
                QuickWarning(danger=one.warning.body.danger, ends_at=one.warning.body.ends_at)
                for one in parts.centre.place_warnings.of_incident(incident)
            ],
        )

    def _others(incident: Incident, who: Principal) -> list[QuickIncident]:
        """From the store: the board belongs to the event loop."""
        if incident.site_id is None:
            return []
        found = store.incidents("open", None, OTHERS_MAX + 1, IncidentFilter(site_id=incident.site_id))
        return [
            QuickIncident(
                id=one.id,
                condition=one.condition,
                meaning=None if (kind := parts.catalogue.types.get(one.type)) is None else kind.meaning,
                number=one.number,
                opened_at=one.opened_at,
                priority=one.priority,
                type=one.type,
            )
            for one in found
            if one.id != incident.id and not hidden.is_hidden(one, who)
        ][:OTHERS_MAX]

    return [read_quick_place]


def _armed(one: ArmedState, here: Mapping[Ref, AccountNumber]) -> QuickArmed:
    return QuickArmed(
        account=here[one.account_id],
        is_armed=one.partitions is not None,
        partitions=list(one.partitions or ()),
        since=one.since,
    )


def _hours(one: HoursToday, here: Mapping[Ref, AccountNumber]) -> QuickHours:
    return QuickHours(
        account=here[one.schedule.row.account_id],
        is_open_time=one.is_open_time,
        partition=one.schedule.row.partition,
        source=one.source,
        spans=[SpanItem(opens_at=span.opens_at, closes_at=span.closes_at) for span in one.spans],
    )
