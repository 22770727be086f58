"""Bodies and answers of sources, and of what they send."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.model.hushed import Hushed
from tocsin.model.mappings import Compare
from tocsin.model.sources import MqttConvention, SourceWay
from tocsin.model.values import (
    AccountNumber,
    Actor,
    Code,
    Micros,
    Place,
    Ref,
    Secret,
    Seq,
    SignalId,
    TopicFilter,
    Words,
)

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


PointerText = Annotated[str, Meta(max_length=200)]
UnitText = Annotated[str, Meta(min_length=1, max_length=8)]
LimitNumber = Annotated[float, Meta(ge=-1_000_000_000, le=1_000_000_000)]


class MapLineItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a mapping: what a value at a place says."""

    at: PointerText
    """JSON pointer within one message, such as `/alarm/state`; "" for the whole, of a broker's plain text."""
    compare: Compare = "is"
    """`is`: a text; `above` and `below`: a number with its unit."""
    expected: Annotated[str, Meta(max_length=80)] | None = None
    """With `is`: text, a number as it is written, true, false or null."""
    limit: LimitNumber | None = None
    """Beyond it is so."""
    back: LimitNumber | None = None
    """From here on, back on the other side, it is over."""
    unit: UnitText | None = None
    word: Annotated[str, Meta(min_length=1, max_length=40)]
    """What a machine may say, such as `smoke`."""
    is_active: bool = True
    """False: it says that it is over."""
    device: Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{1,16}$")] | None = None
    """The device that it tells of, where no place says so."""


class MapValueItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that is kept beside each signal."""

    at: PointerText
    unit: UnitText


class MappingItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What messages of a form of their own mean: a table, and no language."""

    lines: Annotated[list[MapLineItem], Meta(min_length=1, max_length=100)]
    """Of each place the first that fits counts."""
    each: PointerText | None = None
    """A list, each element of which is one message."""
    device_at: PointerText | None = None
    id_at: PointerText | None = None
    """The sender's own name of this one signal, never used again for another."""
    state_at: PointerText | None = None
    returned: Annotated[list[Annotated[str, Meta(min_length=1, max_length=80)]], Meta(max_length=20)] = []
    """What stands at `state_at` when it is over."""
    text_at: PointerText | None = None
    """Text that is sealed, 120 characters of it."""
    time_at: PointerText | None = None
    values: Annotated[list[MapValueItem], Meta(max_length=8)] = []


class MailLineItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a line of a mail says."""

    pattern: Annotated[str, Meta(min_length=1, max_length=80)]
    """Fixed text; one `*` stands for the device."""
    word: Annotated[str, Meta(min_length=1, max_length=40)]
    is_active: bool = True
    device: Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{1,16}$")] | None = None


class MailBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may send mail for a source, and what its lines say."""

    senders: Annotated[list[Annotated[str, Meta(min_length=3, max_length=254)]], Meta(max_length=20)]
    """Addresses of the envelope."""
    networks: Annotated[list[Annotated[str, Meta(min_length=2, max_length=49)]], Meta(max_length=20)]
    """From where it may come: 192.0.2.0/24, or one address."""
    lines: Annotated[list[MailLineItem], Meta(max_length=50)] = []

    def __repr__(self) -> str:
        """Tell nothing of it."""
        return "MailBody()"


class MailItem(Hushed, frozen=True, kw_only=True):
    """A mail source, for those who may set it up."""

    address: str | None
    """Where its mail goes; None: no mail is taken, by the settings."""
    senders: list[str]
    networks: list[Words]
    lines: list[MailLineItem]


class SourceBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source as it is to be."""

    account_id: Annotated[str, Meta(pattern=r"^account-[0-9]{1,16}$", max_length=24)]
    """The account that it speaks for: its site, zones and supervision are the source's."""
    mail: MailBody | None = None
    """Who may send mail for it; None: it is no mail source."""
    mapping: MappingItem | None = None
    """What its messages say; None: they have our form, or that of its convention."""
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
    base: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{0,60}$")] = ""
    """First level of its topics, such as `zigbee2mqtt`; of ChirpStack the id of the application; of `generic` none."""
    cameras: Annotated[list[Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,60}$")]], Meta(max_length=100)] = []
    """Of Frigate: names of its cameras."""
    topics: Annotated[list[Annotated[str, Meta(min_length=1, max_length=200)]], Meta(max_length=20)] = []
    """Of `generic`: what is read, with `+` for one level, never `#`."""


class MqttItem(msgspec.Struct, frozen=True, kw_only=True):
    """Topics of a source at the broker, as they are."""

    convention: MqttConvention
    base: Code
    cameras: list[Code]
    topics: list[TopicFilter]


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
    mapping: MappingItem | None
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
    pictures: int
    """Pictures of its mail that were kept, masked."""
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
    takes_mail: bool
    """False: no mail is taken, by the settings."""
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
    has_broker: bool
    takes_mail: bool
    """By the settings."""
    mail: MailItem | None
    """None: it is no mail source, or whoever asks may not set it up."""
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
    mapping: MappingItem | None = None
    """A mapping to be tried, before anybody saves it; None: the source's own."""
    mail_lines: Annotated[list[MailLineItem], Meta(max_length=50)] | None = None
    """Lines of a mail source to be tried likewise."""

    def __repr__(self) -> str:
        """Tell nothing of it."""
        return "MessageBody()"


class SourceTestAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a test that was sent through a way in."""

    id: SignalId
    stored_ms: int
    """From the button until it was durable, and its sender answered."""
    outcome: Code | None
    """Where the rules put it: `filed`, for a test opens nothing. None: they had not come to it after some seconds."""
    words: Words


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
    """Why it would be refused; or what else becomes of it."""
    index: int | None
    """The message that is wrong, from 0."""
    messages: list[ReadMessage]
