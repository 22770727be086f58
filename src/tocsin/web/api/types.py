"""What the API takes and answers. Times are integers, microseconds since 1970 UTC, as in the journal.

These types make `/api/openapi.json`, and from that the console's own types: change one, and the console does not build
until it agrees.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.model.access import SignInHow
from tocsin.model.action_plans import WaiveReason
from tocsin.model.catalogue import HazardClass, Kind, OpenedBy, Priority
from tocsin.model.escalation import Escalation
from tocsin.model.incidents import (
    MOVED_MAX,
    SHELF_MAX_MIN,
    SHELF_MIN,
    Condition,
    Disposition,
    Origin,
    Point,
    Presentation,
    ReopenReason,
    Shelved,
    ShelveReason,
    State,
    ToldPlace,
)
from tocsin.model.on_test import TestReason
from tocsin.model.out_of_service import OutReason
from tocsin.model.sites import SiteHazard
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Place, Ref, Seq, SignalId, Transport, Words
from tocsin.web.api.action_plan_types import ActionPlanItem, PlanDetail, PlanMark, UndoneStep
from tocsin.web.api.chain_types import ChainItem, GroupItem
from tocsin.web.api.coded import Coded
from tocsin.web.api.configuration_types import AccountItem, SiteItem, ZonesAnswer
from tocsin.web.api.holiday_types import HolidaysItem
from tocsin.web.api.rule_types import ParametersAnswer

NOTE_CHARACTERS_MAX = 2_000
NoteText = Annotated[str, Meta(min_length=1, max_length=NOTE_CHARACTERS_MAX, extra={"personal": True})]
LiveId = Annotated[str, Meta(pattern=r"^[0-9]{1,16}-[0-9]{1,16}$", description="EPOCH-SEQ of the live stream")]


class IncidentItem(msgspec.Struct, frozen=True, kw_only=True):
    """An incident with the names of its place. In the live stream the names are null: fetch `/places`."""

    account: AccountNumber | None
    account_id: Ref | None
    area: Code | None
    """`mains`: it is about the mains of an area, and of no account alone."""
    area_accounts: int
    """Then: how many accounts are active."""
    chatter_count: int
    """Signals that were counted since detectors of it began to chatter, for those that still do."""
    chatter_since: Micros | None
    """Since when a detector of it alarms again and again; null: none does."""
    claimed_at: Micros | None
    claimed_by: Actor | None
    closed_at: Micros | None
    closed_by: Actor | None
    code: Code | None
    condition: Condition
    confirmed: bool
    disposition: Disposition | None
    escalated: list[Escalation]
    """What was done since it began to wait for somebody to claim it."""
    exercise: bool
    hazard: HazardClass
    id: Ref
    is_room: bool
    """The control room itself calls for help in silence: no console sounds it."""
    last_at: Micros
    look_again_at: Micros | None
    """When its help note must be looked at again."""
    look_again_due: bool
    """That time has come, and nobody has looked."""
    number: int
    opened_at: Micros
    origin: Origin
    plan: PlanMark | None
    """How far it has come with its action plan; null where none has begun."""
    presentation: Presentation
    priority: Priority
    raised_by: Actor | None
    """By whose hold-up keys; their own screens show nothing of it while it is open."""
    reason: Code
    reports: int
    """How often people reported it."""
    shelved: Shelved | None
    """Who put it aside, why and until when; null: it is not shelved."""
    signals: int
    silent: bool
    site_id: Ref | None
    state: State
    test: Ref | None
    """The test that its place was on when it opened."""
    told_place: ToldPlace | None
    """Its place is in the words of the report that opened it; `unclear`: and nobody is sure of them."""
    type: Code
    version: Seq
    """Of two rows of one incident the one with the higher version counts, whichever came later."""
    zone: Code | None
    # Names stand last: everything before them is encoded once, for the stream and for pages (`web.board`).
    account_name: Place | None
    site: Place | None
    """Name of the site."""
    zone_name: Place | None


class IncidentPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of incidents, most urgent first: priority, unclaimed before claimed before shelved, oldest first.

    Closed ones: the one that was changed last comes first.
    """

    items: list[IncidentItem]
    live: LiveId
    """Where the live stream goes on from this page. With several pages: that of the first."""
    next: str | None
    """Give it as `after` for the next page."""
    total: int


class TypeItem(msgspec.Struct, frozen=True, kw_only=True):
    """An incident type of the catalogue."""

    type: Code
    short: Code
    hazard: HazardClass
    meaning: Words
    opened_by: OpenedBy
    """`any`: a zone may name it, unless its class needs a person's report."""
    priority: Priority
    questions: list[Words]
    checks: list[Words]
    first_units: list[Words]


class ClaimLimit(msgspec.Struct, frozen=True, kw_only=True):
    """Within how many seconds incidents of a hazard class are to be claimed."""

    hazard: HazardClass
    priority: Priority
    limit_s: int


class TimeToClaim(msgspec.Struct, frozen=True, kw_only=True):
    """The time to claim, by the chosen profile. Classes that it says nothing about are left out."""

    profile: Code
    title: Words
    is_confirmed: bool
    """Its figures stand in a public text, or somebody compared them with the bought one."""
    trouble: Words | None
    """Why the chosen profile is not used, and the shipped one instead."""
    limits: list[ClaimLimit]


class CatalogueAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of `/catalogue`."""

    version: Code
    types: list[TypeItem]
    dispositions: list[Coded]
    reopen_reasons: list[Coded]
    shelve_reasons: list[Coded]
    time_to_claim: TimeToClaim


class TimelineItem(msgspec.Struct, frozen=True, kw_only=True):
    """One fact about an incident."""

    seq: Seq
    at: Micros
    kind: Code
    actor: Actor | None
    cause: Seq | None
    words: str
    """What happened, in words; people by id, as `{user-12}`, which the console replaces by the name."""
    note: Ref | None
    """Where a note's words lie: `/incidents/{id}/texts`."""


class SignalItem(msgspec.Struct, frozen=True, kw_only=True):
    """A signal of an incident or of an account."""

    seq: Seq
    id: SignalId
    received_at: Micros
    device_time: Micros | None
    account: AccountNumber
    account_id: Ref | None
    account_name: Place | None
    code: Code | None
    """As shown: a Contact ID code carries its letter."""
    meaning: Words | None
    kind: Kind | None
    zone: Code | None
    zone_name: Place | None
    partition: Code | None
    partition_name: Place | None
    outcome: Code
    reason: str
    """Why it opened, joined or was filed, in words."""
    incident: Ref | None
    duplicates: int
    encrypted: bool
    disputed: bool
    transport: Transport
    has_text: bool
    """Something is sealed with it: `/incidents/{id}/texts`."""


class SignalPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of an account's signals, newest first."""

    items: list[SignalItem]
    next: str | None
    """Give it as `after` for older ones."""


class OnTestNote(msgspec.Struct, frozen=True, kw_only=True):
    """The test that an incident's place was on when it opened."""

    id: Ref
    ended_at: Micros | None
    """None: the place is on test still."""
    reason: TestReason
    until: Micros


class OutNote(msgspec.Struct, frozen=True, kw_only=True):
    """By what an incident's zone was out of service when it opened."""

    id: Ref
    ended_at: Micros | None
    """None: the zone is out of service still."""
    reason: OutReason
    until: Micros


class MergedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that was merged into this one."""

    id: Ref
    merged_at: Micros
    merged_by: Actor | None
    """null: the centre did it."""
    number: int
    type: Code


class OtherIncident(msgspec.Struct, frozen=True, kw_only=True):
    """Another incident that this one belongs to, or came from."""

    at: Micros
    id: Ref
    number: int


class IncidentDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One incident, whole."""

    incident: IncidentItem
    type: TypeItem | None
    """None where the catalogue does not have the type any more."""
    why: str
    """Why it has this type and priority, in words."""
    address: Place | None
    directions: Place | None
    hazards: list[SiteHazard]
    """What is dangerous about the premises themselves."""
    hazard_details: Place | None
    on_test: OnTestNote | None
    out_of_service: OutNote | None
    merged: list[MergedItem]
    """What was merged into it, oldest first."""
    merged_into: OtherIncident | None
    """It was closed as a duplicate of this one, which has what comes of it."""
    plan: PlanDetail | None
    """Its action plan, or the one that would begin now."""
    points: list[Point]
    split_from: OtherIncident | None
    """A person made it of signals of this one."""
    timeline: list[TimelineItem]
    """Oldest first, the last 500."""
    signals: list[SignalItem]
    """Newest first, the last 200."""
    live: LiveId


class SignalText(msgspec.Struct, frozen=True, kw_only=True):
    """What was sealed with a signal."""

    seq: Seq
    text: Annotated[str | None, Meta(extra={"personal": True})]
    user: Annotated[str | None, Meta(extra={"personal": True})]
    """The address of a code whose address is a user's number."""


class NoteItem(msgspec.Struct, frozen=True, kw_only=True):
    """A note's words."""

    note: Ref
    text: Annotated[str | None, Meta(extra={"personal": True})]
    """None: erased."""


class IncidentTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The personal part of an incident. Each person's first reading of each claim is a fact in the journal."""

    signals: list[SignalText]
    notes: list[NoteItem]


class ClaimBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a claim."""

    version: Seq
    take_over: bool = False


class ReleaseBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a release."""

    version: Seq


class NoteBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a note."""

    text: NoteText


class CloseBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a closing."""

    version: Seq
    disposition: Disposition
    note: NoteText | None = None
    waive: WaiveReason | None = None
    """Leave the mandatory steps of its plan undone that are left, and why."""


class ReopenBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a reopening."""

    version: Seq
    reason: ReopenReason


class ShelveBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a shelving: an open incident is put aside for a while."""

    version: Seq
    reason: ShelveReason
    minutes: Annotated[int, Meta(ge=1, le=SHELF_MAX_MIN)] = SHELF_MIN
    """What is about lives (priority 1, fire, explosion, medical, rescue, hazardous material, hold-up): at most 10."""


class UnshelveBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of taking a shelved incident back before its time."""

    version: Seq


class MergeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a merge: this incident becomes a closed duplicate of the other."""

    version: Seq
    into: Annotated[Ref, Meta(pattern=r"^incident-[0-9]{1,16}$")]
    seen: Seq
    """The version of that other that was seen."""
    take_over: bool = False
    """Also where somebody else has one of them: whoever asks has the other one then."""


class UndoBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of an undone merge or split."""

    version: Seq


class SplitBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a split: these signals become an incident of their own."""

    version: Seq
    signals: Annotated[list[Seq], Meta(min_length=1, max_length=MOVED_MAX)]


class CommandAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a command made of the incident."""

    incident: IncidentItem
    seq: Seq


class PlanAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an act made of the incident and its plan."""

    incident: IncidentItem
    plan: PlanDetail | None
    seq: Seq


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457. `code` is stable; `detail` is a sentence with the remedy."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    incident: IncidentItem | None = None
    """With 409: the incident as it is now."""
    retry_after_s: int | None = None
    steps: list[UndoneStep] | None = None
    """With 409 `incident.steps_undone`: what must be done or left undone with a reason before it is closed."""
    problems: list[str] | None = None
    """With a refused body or file: every mistake, each with its place."""
    site: SiteItem | None = None
    account: AccountItem | None = None
    zones: ZonesAnswer | None = None
    chain: ChainItem | None = None
    group: GroupItem | None = None
    action_plan: ActionPlanItem | None = None
    parameters: ParametersAnswer | None = None
    holidays: HolidaysItem | None = None
    """With 409 to a change of the configuration: what it is now."""
    changed_by: Actor | None = None
    changed_at: Micros | None = None
    """Then too: who changed it last, and when."""


class UserItem(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in, as colleagues see them."""

    id: Actor
    name: Annotated[str, Meta(extra={"personal": True})]
    roles: list[Code]


class UsersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of `/users`, in the order in which they were made."""

    items: list[UserItem]


class UtcOffset(msgspec.Struct, frozen=True, kw_only=True):
    """From when on the centre's clock faces are so many minutes from UTC."""

    since: Micros
    minutes: int


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in here."""

    id: Ref
    """Of the session."""
    user: UserItem
    permissions: list[Code]
    """What they may when the desk is not locked."""
    centre: Place
    version: Code
    """Of the program."""
    csrf: Code
    """Send it as `X-CSRF-Token` with whatever changes something."""
    expires_at: Micros
    now: Micros
    is_secure: bool
    """False over plain HTTP from another machine: say so."""
    demo: bool
    """The centre is for trying out (`centre.demo`): lead newcomers through their first steps."""
    locked: bool
    """The desk shows and sounds, and takes no command: 423 until it is unlocked."""
    how: SignInHow
    """What the session was opened by."""
    device: bool
    """It is bound to this phone: where an answer is 401 `access.proof`, answer the challenge and ask again."""
    utc_offsets: list[UtcOffset]
    """Times are shown in the centre's own zone, wherever the screen stands: the oldest first, never empty."""


class AccountPlaceItem(msgspec.Struct, frozen=True, kw_only=True):
    """Names for one account of the live stream."""

    account_id: Ref
    account: AccountNumber
    name: Place | None
    site_id: Ref | None
    site: Place | None
    zones: dict[str, Place]
    """Names by number."""


class SitePlaceItem(msgspec.Struct, frozen=True, kw_only=True):
    """What a site is called."""

    site_id: Ref
    site: Place | None


class PlacesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Names for accounts and sites, at most 200 of each at once."""

    accounts: list[AccountPlaceItem]
    config: int
    sites: list[SitePlaceItem]
    """Those that were asked for by their own id."""


class UnknownSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How many unknown accounts wait, and since when the oldest."""

    count: int
    oldest_at: Micros | None


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change of a delta: exactly one of these is there."""

    incident: IncidentItem | None = None
    """Its new row, names null. A closed one leaves the queue."""
    config: int | None = None
    """Accounts, sites or zones were changed: names fetched before may be old."""
    personal: Ref | None = None
    """Texts of this incident changed: fetch them. Told only to those who may read them."""


class Delta(msgspec.Struct, frozen=True, kw_only=True):
    """Data of `event: delta` in `/live`; the event's id is EPOCH-SEQ.

    A client holds the id of its snapshot, then that of the last delta which it took. A delta whose id is not newer is
    dropped. One whose `prev` is newer than what the client holds follows on something missed: load everything anew.
    """

    prev: LiveId
    """The id before, for this client."""
    changes: list[Change]


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """Data of `event: beat`: at once, then every 2 s, without an id."""

    now: Micros
    missing: list[str]
    """What of the centre is not ready, in words."""
    last_signal_at: Micros | None
    unknown: UnknownSummary | None
    """Unknown accounts that wait; None for those who may not see them."""
    load: int | None = None
    """Incidents that were announced in the last ten minutes, in the whole room."""
    storm_since: Micros | None = None
    """An alarm flood goes on since then."""
    rings: int = 0
    """Changes whenever calls of the telephone system do: ask for `/rings` then."""


class Reset(msgspec.Struct, frozen=True, kw_only=True):
    """Data of `event: reset`: load everything anew, and go on from the snapshot's id.

    The stream itself goes on, but after `rights`, which ends it.
    """

    reason: Literal["gap", "epoch", "slow", "rights"]
    """What was missed is not in memory any more; another epoch; this client took too little; rights ended."""


class StatusAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of `/status`: what the header shows."""

    ready: bool
    missing: list[str]
    now: Micros
    last_signal_at: Micros | None
    open: int
    """Open incidents."""
    consoles: int
    """Live streams that are open."""
    unknown: UnknownSummary | None
    """None for those who may not see the unknown accounts."""
    live: LiveId


class SoundCheckBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a sound check: whether the person at the desk heard the sounds."""

    heard: bool


class SoundCheckAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The sound check is in the journal."""

    seq: Seq
