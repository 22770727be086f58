"""A signal: one thing that came in. What of it stands in clear, what is sealed, and how it is recorded."""

import msgspec

from tocsin.model.values import (
    AccountNumber,
    Code,
    HexHash,
    Micros,
    PersonalBytes,
    PersonalText,
    Ref,
    SealClass,
    Seq,
    SignalId,
    Source,
    Transport,
    Unit,
)

SIGNALS_PER_FRAME_MAX = 1_400
"""More than a frame of 4,095 bytes can hold, so that no real frame is refused for it; panels send a dozen at most."""


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """A measured value in thousandths of its unit: 17 degrees Celsius is `milli=17000, unit="degC"`."""

    milli: int
    unit: Unit


class Signal(msgspec.Struct, frozen=True, gc=False):
    """The allow-listed part of one event: what may stand in the journal in clear (DC09.md section 13)."""

    source: Source
    account: AccountNumber
    """The object: whom the event is about."""
    transmitter: AccountNumber
    """The header's account: who sent it."""
    account_ref: Ref | None
    """Opaque id of the object's account, None where it is unknown."""
    data_account: AccountNumber | None
    """The account inside the data where it is not the transmitter's, whether or not it became the object."""
    disputed: bool
    """The data named an account that this frame cannot speak for (DC09.md section 4)."""
    receiver: Code | None
    line: Code | None
    sequence: Code
    token: Code
    format: Code | None
    """`SIA` or `CID`; None for a frame without any event."""
    block: Code | None
    """`N` new or `O` old, SIA only."""
    code: Code | None
    qualifier: Code | None
    address: Code | None
    address_withheld: bool
    """The address names a user, so it is sealed."""
    partition: Code | None
    peripheral: Code | None
    values: tuple[Quantity, ...]
    category: Code | None
    path: Code | None
    trigger: Code | None
    device_time: Micros | None
    """Time stamp of the message, None where it was absent or impossible."""
    event_time: Micros | None
    """When the event happened by the panel (block H, or `ti` and `da`)."""
    encrypted: bool
    transport: Transport


class SealedPart(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """What of a signal is sealed in its own row: read by no rule, erased with the key of its day.

    Not frozen: the writer fills in the identity just before it seals.
    """

    raw: PersonalBytes | None = None
    """The frame as received, LF to CR. Only with the first signal of a frame."""
    peer: PersonalText | None = None
    """Address of the sender. Only with the first signal of a frame."""
    text: PersonalText | None = None
    address: PersonalText | None = None
    """The user's number, where `Signal.address_withheld`."""
    mods: dict[str, PersonalText] | None = None
    """Modifiers that do not stand in clear (`id`, `ph`, ...)."""
    blocks: tuple[PersonalText, ...] = ()
    """Extended data blocks and text blocks that do not stand in clear, letter first. Only with the first signal."""
    identity: PersonalBytes | None = None
    """Keyed hash of what makes a repeat, with the first signal: the window is rebuilt from it at start."""
    identity_since: Micros | None = None
    identity_until: Micros | None = None
    """The window in wall time: a repeat lies inside."""


class Identity(msgspec.Struct, frozen=True, gc=False):
    """What makes two arrivals the same one (DC09.md section 10). Hashed under the centre's key before it is kept."""

    material: PersonalBytes
    window_us: int
    """How long after the original a repeat is a repeat, from 1 s to 24 h."""
    is_fresh: bool = False
    """The sender says that it repeats nothing: it is stored whatever came before; what repeats it later is known."""


class Given(msgspec.Struct, frozen=True, gc=False):
    """The id that a sender gave one signal: the same for ever, within the sender's token (decision 0066).

    Both are hashed under the centre's key before they are kept.
    """

    material: PersonalBytes
    """Token and id."""
    content: PersonalBytes
    """What it says: under the same id nothing else may be said."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one frame or one request brought: its events in order, their sealed parts, and who it is."""

    signals: tuple[Signal, ...]
    """1 to SIGNALS_PER_FRAME_MAX."""
    sealed: tuple[SealedPart | None, ...]
    """As long as `signals`."""
    seal_class: SealClass
    identity: Identity | None
    received_at: Micros
    config: int
    """Version of the configuration that it was judged by."""
    given: tuple[Given | None, ...] | None = None
    """Where each signal has an id of its own, as long as `signals`: such an arrival has no `identity`. Its receipt has
    `each`."""


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """Proof that an arrival is durable. Only `Journal.store` makes one, and only after the commit."""

    id: SignalId
    """The first signal of the frame; of the original where this was a repeat."""
    seq: Seq | None
    """Known where the tier adopts at append."""
    duplicate_of: SignalId | None
    each: "tuple[Receipt, ...]" = ()
    """Where each signal has an id of its own: one a signal, in their order."""


class Differs(msgspec.Struct, frozen=True, gc=False):
    """Nothing of an arrival is stored: under an id that it gives, something else is stored already."""

    index: int
    """Which of its signals, from 0."""


class SignalBody(msgspec.Struct, frozen=True, gc=False):
    """Body of a `signal` fact, version 1. Final: fields stand in the order of canonical JSON, and never change."""

    account: AccountNumber
    address: Code | None
    address_withheld: bool
    block: Code | None
    category: Code | None
    code: Code | None
    commitment: HexHash | None
    config: int
    data_account: AccountNumber | None
    device_time: Micros | None
    disputed: bool
    encrypted: bool
    event: int
    """Number of this event in its frame, from 1."""
    event_time: Micros | None
    events: int
    """How many events the frame had."""
    exercise: bool
    format: Code | None
    frame: SignalId
    """Id of the first signal of the frame."""
    known: bool
    """The object is an account of ours."""
    line: Code | None
    partition: Code | None
    path: Code | None
    peripheral: Code | None
    qualifier: Code | None
    received_at: Micros
    receiver: Code | None
    sequence: Code
    source: Source
    token: Code
    transmitter: AccountNumber
    transport: Transport
    trigger: Code | None
    values: tuple[Quantity, ...]
