"""Bodies and answers of sources, and of what they send."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.model.hushed import Hushed
from tocsin.model.sources import MqttConvention, SourceWay
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Place, Ref, Secret, Seq, SignalId, Words

ContentType = Literal["application/json", "application/cloudevents+json", "application/cloudevents-batch+json"]
"""In which forms a source sends."""


class SignalReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that a signal is durable."""

    id: SignalId
    seq: Seq | None
    duplicate_of: SignalId | None
    """The signal that it repeats: it is counted on that, and nothing else comes of it."""


class SignalReceipts(msgspec.Struct, frozen=True, kw_only=True):
    """One receipt a message, in their order."""

    receipts: list[SignalReceipt]


class SourceBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source as it is to be."""

    account_id: Annotated[str, Meta(pattern=r"^account-[0-9]{1,16}$", max_length=24)]
    """The account that it speaks for: its site, zones and supervision are the source's."""
    mqtt: "MqttBody | None" = None
    """What of the broker is read for it; with it the way is `mqtt`."""
    pbx: "PbxBody | None" = None
    """How a telephone system tells of calls; with it the way is `pbx`."""
    way: Literal["webhook", "aml"] = "webhook"
    """Where neither of both is given: signals, or positions of callers."""
    tokens: Annotated[
        list[Annotated[str, Meta(pattern=r"^token-[0-9]{1,16}$", max_length=22)]], Meta(max_length=10)
    ] = []
    """Ids of tokens of scope `intake` that may send for it, of a webhook."""


class PbxWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word of ours, and the telephone system's."""

    ours: Literal["event", "call", "caller", "line", "extension", "location", "ringing", "answered", "ended"]
    theirs: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_.*-]{1,40}$")]


class PbxBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a telephone system tells of calls."""

    hosts: Annotated[list[Annotated[str, Meta(pattern=r"^[0-9A-Fa-f:./]{2,43}$")]], Meta(max_length=20)] = []
    """Addresses and networks that it sends from; none: from anywhere, with its token."""
    names: Annotated[list[PbxWord], Meta(max_length=20)] = []
    """Its words where they are not ours."""


class PbxWordItem(msgspec.Struct, frozen=True, kw_only=True):
    """A word of ours, and the telephone system's."""

    ours: Code
    theirs: Code


class PbxItem(msgspec.Struct, frozen=True, kw_only=True):
    """How a telephone system tells of calls."""

    hosts: list[Code]
    names: list[PbxWordItem]


class MqttBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Topics of a source at the broker."""

    convention: MqttConvention
    base: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,60}$")]
    """First level of its topics, such as `zigbee2mqtt`; of ChirpStack the id of the application."""
    cameras: Annotated[list[Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,60}$")]], Meta(max_length=100)] = []
    """Of Frigate: names of its cameras."""


class MqttItem(msgspec.Struct, frozen=True, kw_only=True):
    """Topics of a source at the broker, as they are."""

    convention: MqttConvention
    base: Code
    cameras: list[Code]


class SourceChange(SourceBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a source is to be, and the version that was looked at."""

    version: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class RefusedByRule(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule refused of a source."""

    rule: Code
    """The end of the problem's code: `unit` for `intake.unit`."""
    count: int
    first_day: Micros
    last_day: Micros
    """Midnight UTC."""


class SourceDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device that was heard among the newest signals of a source."""

    device: Code | None
    """None: signals that name none."""
    name: Place | None
    """What the sender calls it; known of some conventions, and kept nowhere."""
    is_known: bool
    """It stands in the account's list of zones."""
    count: int
    first_at: Micros
    last_at: Micros


class SourceItem(msgspec.Struct, frozen=True, kw_only=True):
    """A source, and what came from it."""

    id: Ref
    way: SourceWay
    account_id: Ref
    account: AccountNumber | None
    """None: the account was removed, and everything of the source is refused."""
    name: Place | None
    site_id: Ref | None
    site: Place | None
    silence_s: int | None
    """After so long without a signal it is told as silent. None or 0: nobody watches it."""
    is_silent: bool
    """Nothing has come from it for so long: an incident says so."""
    is_signed: bool
    """Its requests must be signed too."""
    mqtt: MqttItem | None
    pbx: PbxItem | None
    is_best_effort: bool
    """Something of it came with QoS 0 since the start: nobody had promised to bring it."""
    unread: list[Place]
    """Its topics that the broker does not let us read."""
    tokens: list[Ref]
    received: int
    """Requests."""
    stored: int
    """Signals."""
    repeated: int
    refused: list[RefusedByRule]
    last_at: Micros | None
    """When something of it was stored last."""
    version: Seq
    changed_at: Micros
    changed_by: Actor | None


class PanelsItem(msgspec.Struct, frozen=True, kw_only=True):
    """The panels' receiver, as one row of the ways in. Counts are those since the start of the centre."""

    accounts: int
    stored: int
    repeated: int
    refused: list["PanelsRefused"]


class PanelsRefused(msgspec.Struct, frozen=True, kw_only=True):
    """How often for one reason."""

    reason: Code
    count: int


class SourcesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every way in."""

    items: list[SourceItem]
    broker: "BrokerItem | None"
    """None: no broker is set up."""
    panels: PanelsItem
    words: list["WordItem"]
    """What a machine may say."""


class BrokerItem(msgspec.Struct, frozen=True, kw_only=True):
    """The broker that is read."""

    is_connected: bool
    why: Code | None
    """Why it is not: refused, unreachable, lost, silent or stopped."""
    said: Words | None
    """What it said, or the system."""


class WordItem(msgspec.Struct, frozen=True, kw_only=True):
    """A word that a machine may say."""

    word: Code
    meaning: Words
    cid: Code
    """The Contact ID code that says the same."""
    type: Code | None
    """The incident that it opens, where no zone says otherwise."""


class SourceDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A source with the devices that were heard of it."""

    source: SourceItem
    devices: list[SourceDevice]


class SourceTokenBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token to be made for a source."""

    version: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    days: Annotated[int, Meta(ge=1, le=3650)] = 365


class SourceTokenAnswer(Hushed, frozen=True, kw_only=True):
    """A token of a source, shown this once."""

    id: Ref
    secret: Secret
    expires_at: Micros
    version: Seq
    """Of the source, which has it now."""


class SecretBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A secret to be made for a source."""

    version: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class SecretAnswer(Hushed, frozen=True, kw_only=True):
    """What a source signs with, shown this once."""

    secret: Secret
    version: Seq
    """Of the source."""


class MessageBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message that was pasted, to be looked at."""

    text: Annotated[str, Meta(max_length=32_768)]
    content_type: ContentType = "application/json"
    topic: Annotated[str, Meta(max_length=200)] = ""
    """On which it came, of a source at the broker."""

    def __repr__(self) -> str:
        """Tell nothing of it."""
        return "MessageBody()"


class ReadMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What would be kept of one message."""

    cid: Code | None
    words: Words
    """The incident that it would open, or what else would come of it."""
    type: Code | None
    state: Code
    """active or returned."""
    device: Code | None
    is_known_device: bool
    values: list[Code]
    """Such as `21.5_degC`."""
    device_time: Micros | None
    has_text: bool
    """Its text would be sealed: at most 120 characters."""
    has_id: bool


class MessageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether it would be stored, and why not. Nothing was stored or counted."""

    is_accepted: bool
    code: Code | None
    """Of the problem that its sender would be told."""
    why: Words | None
    index: int | None
    """The message that is wrong, from 0."""
    messages: list[ReadMessage]
