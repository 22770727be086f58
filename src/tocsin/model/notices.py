"""Notices: one message to one person about one thing, tried by one way after another until somebody has it.

A notice is a projection of its facts; what stands in `outbox` is when it wants something next. Addresses are sealed,
each under a key of its own, and opened at sending alone: facts, rows and streams name people and contacts by opaque
ids. Fields of facts stand in the order of canonical JSON. Source: INTEGRATIONS.md, section 10.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import Priority
from tocsin.model.values import Actor, Code, HexHash, Micros, PersonalText, Ref, Secret, Seq, Words, ZoneName

CONTACT_SET: Final = Code("contact.set")
REACH_SET: Final = Code("reach.set")
INCIDENT_NOTIFIED: Final = Code("incident.notified")
NOTICE_QUEUED: Final = Code("notice.queued")
NOTICE_MOVED: Final = Code("notice.moved")

URGENT_AFTER_MAX_S: Final = 300
"""So long after it began a channel of the own urgent rules begins at the latest."""

NORMAL_AFTER_MAX_S: Final = 600
WEEKLY_MAX: Final = 21
"""Spans of the own week."""

AWAY_DAYS_MAX: Final = 100
"""Days of the own calendar."""

REFUSED_MAX: Final = 3
"""So often in a row a contact is refused for good; then it is failing, and counts as tested no more."""

FAILING: Final = Code("failing")
CONTACTS_MAX: Final = 10
"""Contacts of one person."""

PEOPLE_MAX: Final = 500
"""People notified at once."""

WAITING_MAX: Final = 20_000
"""Notices that want something: with more, nobody is notified before some are through."""

ATTEMPTS_MAX: Final = 80
"""Attempts of one notice; then nothing more is begun of it."""

ANSWER_DAYS: Final = 7
"""So long after it was made a notice takes answers and receipts."""

Channel = Literal["email", "push", "sms", "voice", "webhook"]
CHANNELS: Final[tuple[Channel, ...]] = ("push", "sms", "webhook", "voice", "email")
"""The channels, in the order in which they are tried where nobody says otherwise (INTEGRATIONS.md, ladder)."""

RECEIPTS: Final[frozenset[Channel]] = frozenset({"push", "sms", "voice", "webhook"})
"""Channels that tell more than that the message was taken. E-mail tells nothing until its link is opened."""

ProviderRank = Literal[1, 2]
"""First or second provider of a channel."""

StaffKind = Literal["on_shift", "from_home"]
STAFF_KINDS: Final[tuple[StaffKind, ...]] = ("on_shift", "from_home")
"""On shift: duty decides, off duty nothing comes, on any channel. From home: reachable unless "not now"."""

NoticePurpose = Literal["check_in", "incident", "program", "reminder", "test"]
"""Check_in: a lone worker is reminded of the own check-in. Program: of an incident too, and called by a chain, whoever
is on duty; its answers say nothing of who is coming. Reminder: a test that the person began is about to end by itself.
Test: of a contact."""

NoticeState = Literal["queued", "accepted", "delivered", "seen", "answered", "failed", "expired", "held"]
NOTICE_STATES: Final[tuple[NoticeState, ...]] = (
    "queued",
    "accepted",
    "delivered",
    "seen",
    "answered",
    "failed",
    "expired",
    "held",
)
"""Queued: nobody has taken it yet. Accepted: a provider took it. Delivered: the device has it. Seen: it was opened.
Answered. Failed: nobody could be reached. Expired: it is over and no device is known to have it. Held: it comes from a
restored backup, and a person decides. That a device has it does not end a notice of an incident: an answer does, or
what makes an answer needless."""

NOBODY_REACHED: Final = Code("nobody_reached")
SOMEBODY_REACHED: Final = Code("somebody_reached")
CONTACT_GONE: Final = Code("contact_gone")
"""Notices of the centre (`CentreNoticed`): nobody could be told now, and somebody can be again; a provider knows
somebody's last contact no more."""

NoticeAnswer = Literal["coming", "cannot", "arrived"]
NOTICE_ANSWERS: Final[tuple[NoticeAnswer, ...]] = ("coming", "cannot", "arrived")
"""What the person said. `arrived`: a test did."""

AttemptState = Literal[
    "sending", "accepted", "delivered", "seen", "answered", "retry", "failed", "silent", "no_answer", "held"
]
Receipt = Literal["delivered", "seen", "no_answer", "failed", "bounced"]
"""What a provider or a device tells later: no_answer is of calls alone, bounced of e-mail."""

BounceOutcome = Literal["noted", "known", "not_final", "unknown"]
BOUNCE_OUTCOMES: Final[tuple[BounceOutcome, ...]] = ("noted", "known", "not_final", "unknown")
"""What became of a bounced mail. Noted: the attempt failed by it. Known: it said nothing new, or too late to count.
Not final: the mail may still arrive. Unknown: it returns no mail of ours; whoever made it up is not believed."""

NoticeRefusal = Literal["no_contact", "not_now", "off_duty", "no_way"]
NOTICE_REFUSALS: Final[tuple[NoticeRefusal, ...]] = ("no_contact", "not_now", "off_duty", "no_way")
"""Why somebody is not notified: no contact was ever entered; "not now"; off duty; no channel of theirs is set up."""


class ContactRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `contact.set`, version 1, whose ref is the contact: one way to reach somebody who works here."""

    address: Ref | None
    """Where its address lies, sealed under the contact's own key. None: it was removed, and its key destroyed."""
    channel: Channel
    reason: Code
    """added, tested, failing (refused for good again and again), removed, gone (the provider knows it no more),
    user_removed."""
    tested_at: Micros | None
    """When a test came through to it. Until then it does not count as reachable, and is tried last."""
    user: Actor


class Contact(msgspec.Struct, frozen=True, gc=False):
    """A contact as the table has it."""

    id: Ref
    row: ContactRow
    seq: Seq


class ChannelTime(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When a channel begins, after somebody is told."""

    after_s: int
    channel: Channel


class OwnRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """By which channels somebody wants to be told, and how soon. Empty: by the ladder of the centre."""

    normal: tuple[ChannelTime, ...]
    """Of priority 3 and 4."""
    urgent: tuple[ChannelTime, ...]
    """Of priority 1 and 2."""


class AwayHours(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """From when to when of a day somebody is not to be told, in minutes since its midnight."""

    from_min: int
    """0 to 1,439."""
    to_min: int
    """1 to 2,880: past 1,440 of the next day."""


class AwayDay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A day of the own calendar."""

    date: Code
    """`2027-03-04`, by the clock of the calendar's zone."""
    hours: tuple[AwayHours, ...]
    """Empty: the whole day."""


class AwayWeekly(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The same of each week."""

    hours: AwayHours
    weekday: int
    """0 is Monday."""


class OwnCalendar(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When somebody who is called from home is not to be told: each week, and absences out of an own calendar."""

    days: tuple[AwayDay, ...]
    weekly: tuple[AwayWeekly, ...]
    zone: ZoneName


class ReachRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `reach.set`, version 1, whose ref is the user: when somebody may be notified."""

    away: OwnCalendar | None = None
    """From home: so "not now" is said by itself. The last step of a chain goes all the same."""
    kind: StaffKind
    not_now_until: Micros | None
    """From home: nothing comes before then."""
    on_duty_until: Micros | None
    """On shift: notices come until then."""
    rules: OwnRules | None = None
    """None: by the ladder of the centre."""


class Reach(msgspec.Struct, frozen=True, gc=False):
    """The same as the table has it."""

    user: Actor
    row: ReachRow
    seq: Seq


class ContactAddress(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is sealed of a contact: where a provider sends to. In memory only while something is sent."""

    address: PersonalText
    """An e-mail address; a number as +COUNTRY...; a URL of a webhook, or of a browser's push service."""
    auth: Secret | None = None
    """Of a browser: 16 bytes, base64url."""
    p256dh: Secret | None = None
    """Of a browser: its public key, base64url."""
    secret: Secret | None = None
    """Of a webhook: what our calls are signed with, `whsec_...`."""

    def __repr__(self) -> str:
        """Name nothing of it: this object passes near logs and tracebacks."""
        return "ContactAddress()"


class NoticeStep(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One way in a notice's plan: when, which contact, by which provider, and how long to wait for a receipt."""

    at_s: int | None
    """Seconds after the notice began; several at once are several devices that ring at once. None: the second provider
    of the way before it, asked where the first cannot, or stays silent."""
    channel: Channel
    contact: Ref
    provider: ProviderRank
    wait_s: int


class IncidentNotified(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.notified`, version 1, whose ref is the incident: somebody had people told of it."""

    count: int
    """People who were asked for."""
    exercise: bool
    refused: int
    """Of them, those who could not be notified; each has a notice that says why."""
    wanted: int | None
    """How many are needed; None: nobody said."""


class NoticeQueued(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `notice.queued`, version 1: somebody is to be told. It names the notice: `notice-` and its seq.

    Its cause is the fact that made it necessary. With a refusal it is at its end at once: nothing is sent.
    """

    again_s: int | None
    """So long after it began all of its ways come again, until somebody answers; None: once."""
    begins_at: Micros | None
    """Nothing is sent before, since its person was told of another incident there a moment ago; None: at once."""
    ends_at_claim: bool
    """Whoever claims the incident ends it: nobody else is needed."""
    exercise: bool
    expires_at: Micros
    incident: Ref | None
    number: int | None
    """The incident's."""
    plan: tuple[NoticeStep, ...]
    priority: Priority | None
    purpose: NoticePurpose
    recipient: Actor
    refusal: NoticeRefusal | None
    shown_type: Code | None
    """Type as a locked screen may show it; None for what must not be given away there (silent alarms, patients)."""
    wanted: int | None


class NoticeMoved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `notice.moved`, version 1, whose ref is the notice: an attempt, a receipt, an answer, or its end."""

    answer: NoticeAnswer | None
    attempt: int
    """Number of the attempt from 1; 0 where it is about none."""
    attempt_due_at: Micros | None
    """When something follows from it by itself: its receipt is missed, or its contact is tried again. None: nothing."""
    attempt_state: AttemptState | None
    attempt_step: int | None
    """Of an attempt that begins with this fact: its way. None: it had begun."""
    due_at: Micros | None
    """When the notice wants something next; None: nothing more."""
    exercise: bool
    expires_at: Micros | None = None
    """Its end from now on: later than before by what the centre itself has missed. None: as it was."""
    incident: Ref | None
    is_late: bool
    """The incident was closed by then, or the notice's time was over."""
    next_at: Micros | None
    """When the next way of its plan begins; None: all have."""
    provider_hash: HexHash | None
    """SHA-256 of the provider's own id of it."""
    reason: Code | None
    state: NoticeState
    """Of the notice from now on."""
    step: int
    """The next way that begins; from 0, and counted on where the plan comes again."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One attempt, as the board shows it."""

    at: Micros
    """When it was last heard of."""
    channel: Channel
    contact: Ref
    due_at: Micros | None
    """When something follows from it by itself."""
    provider: ProviderRank
    provider_hash: HexHash | None
    reason: Code | None
    state: AttemptState
    step: int
    """Its way; from 0, and counted on where the plan comes again."""


class Notice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A notice: what was asked, how far it came, by which attempts. Nothing personal."""

    again_s: int | None
    answer: NoticeAnswer | None
    answered_at: Micros | None
    answered_seq: Seq | None = None
    """Of the fact that says so. While a clock is set back, times stand still, and this tells which answer came last."""
    attempts: tuple[Attempt, ...]
    cause: Seq | None
    changed_at: Micros
    due_at: Micros | None
    """When it wants something next; while something is being sent, since when. None: it is over."""
    ends_at_claim: bool
    exercise: bool
    expires_at: Micros
    id: Ref
    incident: Ref | None
    is_late: bool
    next_at: Micros | None
    number: int | None
    plan: tuple[NoticeStep, ...]
    priority: Priority | None
    purpose: NoticePurpose
    queued_at: Micros
    reason: Code | None
    recipient: Actor
    seq: Seq
    """Of the fact that made it."""
    shown_type: Code | None
    state: NoticeState
    step: int
    version: Seq
    """Of the last fact about it."""
    wanted: int | None


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A notice that wants something, and since when somebody is at it. No projection: a lease is no fact."""

    notice: Ref
    due_at: Micros
    leased_at: Micros | None


class Message(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a provider is given to send. No address, no person, no place: "open to read" (INTEGRATIONS.md, 10)."""

    answer_url: Secret
    """Page on which the recipient reads and answers; its path is unguessable and this notice's alone. Below it stand
    the addresses that providers of messages and calls come back to."""
    bounce_id: Secret
    """By which a bounced mail of this attempt is known again: it goes into the mail's head, and lets nobody answer."""
    callback_url: Secret
    """Under which a program or a device tells of this attempt; the same."""
    exercise: bool
    expires_at: Micros
    key: Code
    """The same for every sending of this attempt, after a restart too: the provider's idempotency key."""
    number: int | None
    priority: Priority | None
    purpose: NoticePurpose
    queued_at: Micros
    sent_at: Micros
    text: Words
    """At most 160 characters of GSM 7 bit, the link behind it."""
    title: Words
    type: Code | None

    def __repr__(self) -> str:
        """Name it without its links, which let anybody answer."""
        return f"Message({self.key})"


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """The provider took it. Not more: whether anybody has it, a receipt tells."""

    provider_id: Secret | None
    is_received: bool = False
    """The provider's answer is the receipt (a webhook's 2xx)."""


class Retry(msgspec.Struct, frozen=True, gc=False):
    """The provider cannot take it now."""

    after_s: int | None
    """When it says to come again; None: it says nothing."""
    reason: Code


class Failed(msgspec.Struct, frozen=True, gc=False):
    """The provider will never take it."""

    reason: Code
    is_gone: bool = False
    """The address is no more: the contact is removed."""
    is_provider: bool = False
    """It is the provider that fails, or its settings, and not this address."""


Outcome = Accepted | Retry | Failed


class NoticeTally(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many notices stand how: the head of the delivery board."""

    waiting: int
    """Queued or accepted, and at it."""
    held: int
    oldest_due_at: Micros | None
