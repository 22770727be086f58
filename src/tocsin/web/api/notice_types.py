"""What the API takes and answers about notices, contacts, and when somebody may be notified."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.model.access import Role
from tocsin.model.catalogue import Priority
from tocsin.model.notices import (
    NORMAL_AFTER_MAX_S,
    PEOPLE_MAX,
    WEEKLY_MAX,
    AttemptState,
    AwayDay,
    Channel,
    Notice,
    NoticeAnswer,
    NoticePurpose,
    NoticeState,
    ProviderRank,
    StaffKind,
)
from tocsin.model.rosters import ROSTERS_MAX
from tocsin.model.values import Actor, Code, Micros, Ref, Secret, Seq, ZoneName
from tocsin.rules.ladder import way_of
from tocsin.web.api.chain_types import RosterId
from tocsin.web.api.people_types import Hushed, UserId

ADDRESS_MAX = 1000
Typed = Annotated[str, Meta(min_length=1, max_length=ADDRESS_MAX, extra={"personal": True})]
Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_=-]{1,120}$")]


class AttemptItem(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to reach somebody."""

    at: Micros
    channel: Channel
    provider: ProviderRank
    """First or second provider of the channel."""
    reason: Code | None
    state: AttemptState


class NoticeItem(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as the board shows it. Nothing of an address."""

    id: Ref
    purpose: NoticePurpose
    user_id: Actor
    incident: Ref | None
    number: int | None
    priority: Priority | None
    exercise: bool
    state: NoticeState
    reason: Code | None
    answer: NoticeAnswer | None
    answered_at: Micros | None
    is_late: bool
    """It was answered or received after its time, or after the incident was closed."""
    queued_at: Micros
    changed_at: Micros
    expires_at: Micros
    is_waiting: bool
    """It wants something still."""
    next_channel: Channel | None
    """By which it goes on."""
    attempts: list[AttemptItem]


class NoticesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the delivery board, newest first."""

    items: list[NoticeItem]
    next: Seq | None
    """`before` of the next page."""
    waiting: int
    held: int
    failing: list[Code]
    """Providers that fail, as `email_1`."""
    ways: list[Code]
    """Providers that are switched on."""
    failing_of: list[Actor]
    """Whose contacts were refused for good again and again: those count as tested no more."""
    tests_due_of: list[Actor]
    """Whose last test of any contact is older than `notify.test_days`, or never was: they are asked to test."""


class NotifyBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to tell of an incident: some who work here, and everybody who has one of some roles."""

    users: Annotated[list[UserId], Meta(max_length=PEOPLE_MAX)] = []
    roles: Annotated[list[Role], Meta(max_length=8)] = []
    rosters: Annotated[list[RosterId], Meta(max_length=ROSTERS_MAX)] = []
    """Whoever is on call by them now. Somebody who is by two is told once."""
    wanted: Annotated[int, Meta(ge=1, le=PEOPLE_MAX)] | None = None
    """How many are needed; who answers after that is thanked."""


class IncidentNoticesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Who was told of an incident, newest first."""

    items: list[NoticeItem]
    coming: int
    cannot: int
    nobody: list[Code] = []
    """Labels of the rosters that were named and have nobody on call now."""


class ReachItem(msgspec.Struct, frozen=True, kw_only=True):
    """When one may be notified."""

    kind: StaffKind
    not_now_until: Micros | None
    on_duty_until: Micros | None
    is_reachable: bool
    """Notices would come now: by duty or from home, by a contact that was tested and whose channel is on."""
    reason: Code | None
    """Why not: off_duty, not_now, no_contact, no_way, untested."""


class ChannelTimeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a channel begins, after one is told."""

    channel: Channel
    after_s: Annotated[int, Meta(ge=0, le=NORMAL_AFTER_MAX_S)]


class RulesBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By which channels one is told, and how soon. An empty list: by the ladder of the centre."""

    urgent: Annotated[list[ChannelTimeBody], Meta(max_length=5)]
    """Of priority 1 and 2: each within 300 s, and not e-mail alone."""
    normal: Annotated[list[ChannelTimeBody], Meta(max_length=5)]
    """Of priority 3 and 4."""


class WeeklyBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A span of each week."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    """0 is Monday."""
    from_min: Annotated[int, Meta(ge=0, lt=1440)]
    """Minutes since midnight."""
    to_min: Annotated[int, Meta(ge=1, le=2879)]
    """Past 1,440 of the next day."""


class WeekBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The own week: when "not now" holds by itself."""

    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    """Of the IANA database, such as Europe/Vienna."""
    weekly: Annotated[list[WeeklyBody], Meta(max_length=WEEKLY_MAX)]


class AwayItem(msgspec.Struct, frozen=True, kw_only=True):
    """When "not now" holds by itself."""

    zone: ZoneName | None
    weekly: list[WeeklyBody]
    days: list[AwayDay]
    """Days of the calendar that was taken last, those that are over left out."""
    is_now: bool


class CalendarTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken out of an own calendar."""

    days: int
    left_out: int
    """Events that say nothing here: called off, or longer than the day after."""
    reach: "MyReachAnswer"


class ReachBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say when one may be notified."""

    kind: StaffKind
    not_now_until: Micros | None = None
    on_duty_until: Micros | None = None


class ContactItem(msgspec.Struct, frozen=True, kw_only=True):
    """One of the own contacts, with as much of its address as one needs to know it again."""

    id: Ref
    channel: Channel
    hint: Annotated[str, Meta(extra={"personal": True})]
    tested_at: Micros | None
    is_failing: bool
    """Refused for good again and again: it counts as tested no more, until a test comes through."""
    is_test_due: bool
    """Its last test is older than `notify.test_days`, or never was."""
    is_on: bool
    """Its channel is switched on in this centre."""
    test: NoticeItem | None
    """The newest test of it."""


class MyReachAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How one is reached."""

    reach: ReachItem
    rules: RulesBody
    away: AwayItem
    contacts: list[ContactItem]
    channels: list[Channel]
    """Those that are switched on here."""
    contacts_max: int
    push_key: str | None
    """Public key for browsers to subscribe with; null where Web Push is off."""


class ContactBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new contact."""

    channel: Channel
    address: Typed
    auth: Key | None = None
    """Of a browser's subscription."""
    p256dh: Key | None = None


class ContactMade(Hushed, frozen=True, kw_only=True):
    """A contact that was added."""

    contact: ContactItem
    secret: Secret | None
    """Of a webhook: what our calls are signed with, shown this once."""


class ToldBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program or a device tells of a notice."""

    state: Literal["delivered", "seen", "coming", "cannot", "arrived"]


def notice_item(notice: Notice) -> NoticeItem:
    """A notice as the board shows it."""
    is_waiting = notice.due_at is not None
    return NoticeItem(
        id=notice.id,
        purpose=notice.purpose,
        user_id=notice.recipient,
        incident=notice.incident,
        number=notice.number,
        priority=notice.priority,
        exercise=notice.exercise,
        state=notice.state,
        reason=notice.reason,
        answer=notice.answer,
        answered_at=notice.answered_at,
        is_late=notice.is_late,
        queued_at=notice.queued_at,
        changed_at=notice.changed_at,
        expires_at=notice.expires_at,
        is_waiting=is_waiting,
        next_channel=way_of(notice, notice.step).channel if is_waiting and notice.next_at is not None else None,
        attempts=[
            AttemptItem(at=one.at, channel=one.channel, provider=one.provider, reason=one.reason, state=one.state)
            for one in notice.attempts
        ],
    )
