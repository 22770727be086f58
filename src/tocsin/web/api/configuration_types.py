"""What the API takes and answers about sites, accounts, zones, imports, unknown accounts, frames and the journal.

As in `types`: times are integers, microseconds since 1970 UTC; these types make the console's own.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tocsin.model.accounts import KeyForm, RefusalAnswer, RefusalReason
from tocsin.model.catalogue import Priority
from tocsin.model.sites import (
    BUILDINGS_MAX,
    INSTALLER_MAX,
    SITE_HAZARDS,
    SiteGrade,
    SiteHazard,
    SiteResponse,
    ZoneDetector,
)
from tocsin.model.values import (
    AccountNumber,
    Actor,
    Code,
    HexHash,
    Micros,
    Place,
    Ref,
    Seq,
    SignalId,
    Transport,
    Words,
    ZoneName,
)

KeyText = Annotated[str, Meta(max_length=64, description="Hex (32, 48 or 64 digits) or 16, 24 or 32 characters")]


class BuildingItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A building or place of a site."""

    name: Place
    access: Place | None = None
    """How to get in there."""


class SiteItem(msgspec.Struct, frozen=True, kw_only=True):
    """One site. `version` is what a change must name; a change of another person in between is refused with 409."""

    id: Ref
    name: Place | None
    address: Place | None
    directions: Place | None
    latitude: float | None
    """Degrees of WGS 84; never without `longitude`."""
    longitude: float | None
    buildings: list[BuildingItem]
    hazards: list[SiteHazard]
    hazard_details: Place | None
    """Where they are, and how much."""
    authority_ref: Place | None
    """Under which number brigade or police know it."""
    response: SiteResponse | None
    """What was agreed for an alarm."""
    grade: SiteGrade | None
    installer: Code | None
    """Number or short name of the firm; never a person's name."""
    accounts: int
    version: Seq
    changed_at: Micros
    changed_by: Actor | None


class SiteBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site, whole."""

    name: Place
    address: Place | None = None
    directions: Place | None = None
    latitude: float | None = None
    longitude: float | None = None
    buildings: Annotated[list[BuildingItem], Meta(max_length=BUILDINGS_MAX)] = []
    hazards: Annotated[list[SiteHazard], Meta(max_length=len(SITE_HAZARDS))] = []
    hazard_details: Place | None = None
    authority_ref: Place | None = None
    response: SiteResponse | None = None
    grade: SiteGrade | None = None
    installer: Annotated[str, Meta(pattern=f"^[A-Za-z0-9-]{{1,{INSTALLER_MAX}}}$")] | None = None


class SiteChange(SiteBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site as it shall be, and the version that was looked at."""

    version: Seq


class SitePage(msgspec.Struct, frozen=True, kw_only=True):
    """Sites by name."""

    items: list[SiteItem]
    next: str | None
    total: int


class KeyItem(msgspec.Struct, frozen=True, kw_only=True):
    """That there is a key. The key itself is never told."""

    bits: int
    form: KeyForm


class AccountItem(msgspec.Struct, frozen=True, kw_only=True):
    """One account, whole. Null: the default (docs/reference/accounts.md)."""

    id: Ref
    account: AccountNumber
    name: Place | None
    site_id: Ref | None
    site: Place | None
    receiver: Code | None
    line: Code | None
    key: KeyItem | None
    carried_by: AccountNumber | None
    category: Code | None
    supervision_interval_s: int | None
    """None: learnt. 0: off."""
    late_max_s: int | None
    """None: 40 s. -1: no check."""
    early_max_s: int | None
    """None: 20 s. -1: no check."""
    duplicate_window_s: int | None
    panel_time_zone: ZoneName | None
    poll_602: bool
    profile: Code | None
    partitions: Place | None
    """`1: Shop | 2: Strong room`; null: none has a name."""
    paths: Place | None
    """`first: GSM | second: telephone line`; null: none has a name."""
    zones: int
    version: Seq
    changed_at: Micros
    changed_by: Actor | None


class SetKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="set", tag_field="act"):
    """A new key. No answer ever holds it."""

    value: KeyText
    form: KeyForm

    def __repr__(self) -> str:
        """Tell the form and never the key."""
        return f"SetKey({self.form})"


class RemoveKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="remove", tag_field="act"):
    """The key is taken away: messages in clear are accepted from then on."""


class AccountBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account, whole, as `AccountItem` shows it. Null: the default. Without `key` it keeps the one that it has."""

    account: AccountNumber
    name: Place | None = None
    site_id: Ref | None = None
    receiver: Code | None = None
    line: Code | None = None
    carried_by: AccountNumber | None = None
    category: Code | None = None
    supervision_interval_s: int | None = None
    late_max_s: int | None = None
    early_max_s: int | None = None
    duplicate_window_s: int | None = None
    panel_time_zone: ZoneName | None = None
    poll_602: bool = False
    unknown_codes: Code | None = None
    """Withdrawn: null, or `yes`, which is what the centre does."""
    profile: Code | None = None
    partitions: Place | None = None
    paths: Place | None = None
    key: SetKey | RemoveKey | None = None


class AccountChange(AccountBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account as it shall be, and the version that was looked at."""

    version: Seq


class AccountPage(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts by number."""

    items: list[AccountItem]
    next: str | None
    total: int


class PanelNote(msgspec.Struct, frozen=True, kw_only=True):
    """Something known of a maker's panels, and how."""

    says: Words
    label: Words
    """`seen in captures` or `from a manual`."""


class ProfileItem(msgspec.Struct, frozen=True, kw_only=True):
    """A maker whose panels are known: what an account's `profile` may be (`presets.toml`)."""

    profile: Code
    maker: Words
    sets: dict[str, str]
    """What it fills in where an account's field is empty."""
    notes: list[PanelNote]


class ProfilesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of `/profiles`."""

    items: list[ProfileItem]


class ZoneItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A zone of an account."""

    number: Code
    name: Place | None
    type: Code | None
    priority: Priority | None
    partition: Code | None = None
    detector: ZoneDetector | None = None


class ZonesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every zone of an account, by number."""

    items: list[ZoneItem]
    version: Seq
    """What a change of the zones must name. It tells one list of zones from another, and gives no order."""


class ZonesBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every zone that an account shall have, and the version that was looked at."""

    items: list[ZoneItem]
    version: Seq


class BadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A mistake of a file."""

    line: int
    column: str | None
    reason: str


class ImportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    dry_run: bool
    new: int
    changed: int
    same: int
    bad: list[BadRow]
    """The first 1,000. With one of them nothing is imported."""
    more_bad: int
    sites: int
    """Sites that accounts name and that were not there: made with them."""
    config: int
    took_s: float
    """How long checking it, and carrying it out, took."""


class SimilarItem(msgspec.Struct, frozen=True, kw_only=True):
    """A known account that an unknown number may be meant for."""

    account_id: Ref
    account: AccountNumber
    site: Place | None
    why: str
    """`differs in one digit`, `the same without leading zeros`, ..."""


class NumberBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number as the list of unknown accounts has it."""

    account: AccountNumber
    receiver: Code | None
    line: Code | None


class RefuseBody(NumberBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It is none of ours: answer so, and store nothing of it, until a time at most 30 days ahead."""

    answer: RefusalAnswer
    reason: RefusalReason
    until: Micros


class AcceptBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It is one of ours: the account that it shall be, at a site that is there, or that is made with it."""

    account: AccountBody
    new_site: SiteBody | None = None


class RefusedItem(msgspec.Struct, frozen=True, kw_only=True):
    """That a number is none of ours, until when."""

    account: AccountNumber
    receiver: Code | None
    line: Code | None
    answer: RefusalAnswer
    reason: RefusalReason
    until: Micros
    by: Actor | None


class UnknownItem(msgspec.Struct, frozen=True, kw_only=True):
    """A number that sends and is none of ours."""

    account: AccountNumber
    receiver: Code | None
    line: Code | None
    transport: Transport
    first_at: Micros
    last_at: Micros
    signals: int
    polls: int
    unreadable: int
    similar: list[SimilarItem]
    incidents: list[Ref]
    """Open ones of this number."""


class UnknownAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The unknown accounts, newest first."""

    items: list[UnknownItem]
    total: int
    refused: list[RefusedItem]
    """Numbers that are answered as none of ours, until when. They are not among the items."""


class RejectedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A frame that was not accepted, without its content."""

    id: int
    at: Micros
    outcome: Code
    reason: Code
    account: AccountNumber | None
    token: Code | None
    transport: Transport
    is_kept: bool
    """False: its content was erased, or never kept."""


class RejectedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The newest rejected frames, newest first."""

    items: list[RejectedItem]


class OpenFramesBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rejected frames to open, and why."""

    ids: Annotated[list[int], Meta(min_length=1, max_length=200)]
    reason: Literal["installation", "fault_finding", "complaint", "audit"]


class OpenedFrames(msgspec.Struct, frozen=True, kw_only=True):
    """Frames that were opened, newest first; those that are not kept any more are left out."""

    items: list["OpenedFrame"]


class OpenedFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A rejected frame with its content; opening it is in the journal."""

    id: int
    raw: Annotated[str | None, Meta(extra={"personal": True})]
    """Hex; None: erased."""
    peer: Annotated[str | None, Meta(extra={"personal": True})]


class FrameBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frame for the doctor."""

    text: Annotated[str, Meta(min_length=1, max_length=32_768)]
    """Hex or text, as for `tocsin frame`."""
    key: KeyText | None = None
    """For a trial; stored nowhere."""
    now: Micros | None = None
    """None: the time stamp is not judged."""
    late_max_s: int | None = None
    early_max_s: int | None = None
    known: Literal["any", "centre"] = "any"
    """Which accounts are known: every one, or those of this centre with their keys."""


class FrameField(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the frame, in the order of its bytes."""

    name: Literal[
        "before", "start", "crc", "length", "token", "sequence", "receiver", "line", "account", "data", "xdata",
        "timestamp", "end", "behind",
    ]  # fmt: skip
    begin: int
    """First byte; `end` is the one behind the last. Equal: it is missing there."""
    end: int
    state: Literal["right", "wrong", "unread"]
    words: str
    """`as sent 8654, the body gives 8653`"""


class FrameAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the doctor says."""

    raw: Annotated[str, Meta(extra={"personal": True})]
    """What was judged, in hex."""
    explanation: dict[str, Any]
    """As `tocsin frame --jsonl` answers."""
    words: Words
    """As `tocsin frame` prints."""
    remedy: str | None
    fields: list[FrameField]


class EntryItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the journal, as `tocsin journal export` writes it."""

    seq: Seq
    id: SignalId | None
    at: Micros
    kind: Code
    v: int
    ref: Ref | None
    actor: Actor | None
    cause: Seq | None
    body: dict[str, Any]
    """As docs/reference/journal.md lists its fields; empty where the entry was damaged and cannot be read."""
    prev: HexHash
    hash: HexHash
    derived: dict[str, Any]


class JournalPage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries, newest first."""

    items: list[EntryItem]
    next: Seq | None
    """Give it as `before` for older ones; None: the beginning was reached. With a kind that is rare a page may hold few
    or none and still have a next one: each looks at 20,000 entries at most."""
    head: Seq
