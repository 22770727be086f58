"""From a verdict to what is stored: what stands in clear, what is sealed, and who the frame is.

The allow list of DC09.md section 13 is this module. What it does not name is sealed.
"""

import re
from typing import Final, cast

import msgspec

from tocsin.model.accounts import DUPLICATE_WINDOW_S
from tocsin.model.signals import Arrival, Identity, Quantity, SealedPart, Signal
from tocsin.model.values import Code, Micros, SealClass, Transport, Unit, ZoneName
from tocsin.protocols.code_tables import names_user
from tocsin.protocols.dc09.header import Header
from tocsin.protocols.dc09.judge import Verdict
from tocsin.protocols.dc09.stamps import SECOND, read_event_time, read_stamp
from tocsin.protocols.payload import CidEvent, SiaEvent

TEXT_MAX: Final = 120
"""Characters of a text that stand beside a signal; the sealed raw frame keeps all."""
ADDRESS_MAX: Final = 16
QUANTITIES_MAX: Final = 8
_SIA: Final = Code("SIA")
_CID: Final = Code("CID")
_LINE_0: Final = Code("0")
_HEX_CODE: Final = re.compile(r"[0-9A-Fa-f]{1,8}")
_CATEGORY: Final = re.compile(r"[A-Z]{2}[0-9]{0,2}")
_DIGIT: Final = re.compile(r"[0-9]")
_PATH: Final = re.compile(r"[0-9]{1,3}")
_TRIGGERS: Final = frozenset("FGWSCM")
_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,9})(?:[.,]([0-9]{1,9}))?([A-Z_]{2})")
_UNITS: Final[dict[str, tuple[Unit, int, int]]] = {
    "C_": ("degC", 1, 1),
    "P_": ("%", 1, 1),
    "V_": ("V", 1, 1),
    "A_": ("A", 1, 1),
    "M_": ("s", 60, 1),
    "H_": ("s", 3600, 1),
    "MV": ("V", 1, 1000),
    "MA": ("A", 1, 1000),
}
"""DC-03's units: ours, and by what a value is multiplied and divided. Fahrenheit has an offset: see the code."""
_IDENTITY_LEAVES_OUT: Final = ("A", "G", "K", "N")
"""Blocks that a repeat may change: a hash of the message, the path, a key, the path's address."""


def to_arrival(verdict: Verdict, *, peer: str, transport: Transport, received_at: Micros, config: int) -> Arrival:
    """Turn an accepted event frame into its signals, one an event; a frame without any is one without a code.

    `peer` is the sender's address; it is sealed with the raw bytes, beside the first signal.

    Raises:
        AssertionError: the verdict is not an accepted event.
    Source: DC09.md sections 4, 10 and 13.
    """
    header, payload = verdict.header, verdict.payload
    assert verdict.kind == "event", "only an event is stored"
    assert header is not None
    assert payload is not None
    zone = None if verdict.policy is None else verdict.policy.panel_time_zone
    blocks = _read_blocks(verdict.xdata, zone, received_at)
    texts = tuple(["A" + text for text in payload.texts])
    signals: list[Signal] = []
    sealed: list[SealedPart | None] = []
    seal_class: SealClass = "intake" if payload.has_user else "panel"
    for event in payload.events or (None,):
        if event is None:
            reading = _Reading(text=" ".join(payload.texts)[:TEXT_MAX] or None, event_time=blocks.event_time)
        elif isinstance(event, SiaEvent):
            reading = _read_sia(event, blocks, zone, received_at, verdict.device_time)
        else:
            reading = _read_cid(event, blocks)
        if reading.withheld is not None:
            seal_class = "intake"
        sealed.append(
            _sealed_part(reading)
            if signals
            else SealedPart(
                raw=verdict.frame.raw,
                peer=peer,
                text=reading.text,
                address=reading.withheld,
                mods=reading.mods,
                blocks=texts + payload.others + blocks.sealed,
            )
        )
        signals.append(_signal(verdict, header, reading, blocks, transport))
    return Arrival(
        signals=tuple(signals),
        sealed=tuple(sealed),
        seal_class=seal_class,
        identity=Identity(_material(verdict, header), _window_us(verdict)),
        received_at=received_at,
        config=config,
    )


class _Blocks(msgspec.Struct, frozen=True, gc=False):
    """The extended data blocks: what may stand in clear, and all the rest."""

    category: Code | None = None
    path: Code | None = None
    trigger: Code | None = None
    event_time: Micros | None = None
    sealed: tuple[str, ...] = ()


class _Reading(msgspec.Struct, frozen=True, gc=False):
    """One event, divided into what stands in clear and what is sealed (`text`, `withheld`, `mods`)."""

    format: Code | None = None
    block: Code | None = None
    code: Code | None = None
    qualifier: Code | None = None
    address: Code | None = None
    partition: Code | None = None
    peripheral: Code | None = None
    values: tuple[Quantity, ...] = ()
    event_time: Micros | None = None
    text: str | None = None
    withheld: str | None = None
    """A user's number."""
    mods: dict[str, str] | None = None


_NO_BLOCKS: Final = _Blocks()


def _read_blocks(xdata: tuple[str, ...], zone: ZoneName | None, received_at: Micros) -> _Blocks:
    """Divide the blocks by the allow list. Of a block that comes twice the first counts."""
    if not xdata:
        return _NO_BLOCKS
    category = path = trigger = event_time = None
    sealed: list[str] = []
    for block in xdata:
        value = block[1:]
        match block[:1]:
            case "C" if category is None and _CATEGORY.fullmatch(value):
                category = Code(value)
            case "G" if path is None and _PATH.fullmatch(value):
                path = Code(value)
            case "T" if trigger is None and value in _TRIGGERS:
                trigger = Code(value)
            case "H" if event_time is None and (at := read_stamp(value, zone, received_at)) is not None:
                event_time = at
            case _:
                sealed.append(block)
    return _Blocks(category, path, trigger, event_time, tuple(sealed))


def _read_cid(event: CidEvent, blocks: _Blocks) -> _Reading:
    is_user = names_user("CID", event.code)
    return _Reading(
        _CID,
        None,
        event.code,
        event.qualifier,
        None if is_user or event.zone == "000" else cast("Code", event.zone),
        None if event.group == "00" else event.group,
        event_time=blocks.event_time,
        withheld=event.zone if is_user else None,
    )


def _read_sia(
    event: SiaEvent, blocks: _Blocks, zone: ZoneName | None, received_at: Micros, sent_at: Micros | None
) -> _Reading:
    partition = peripheral = mods = withheld = None
    event_time = blocks.event_time
    if event.mods:
        mods = dict(event.mods)
        partition, peripheral = _take_code(mods, "ri"), _take_code(mods, "pi")
        if event_time is None and "ti" in mods:
            event_time = read_event_time(mods["ti"], mods.get("da"), zone, received_at, sent_at)
            if event_time is not None:
                del mods["ti"]
                mods.pop("da", None)
    values: tuple[Quantity, ...] = ()
    if event.units is not None:
        values = _quantities(event.units)
        if not values:
            mods = {**(mods or {}), "*": event.units}
    address: str | None = event.address or None
    if address is not None:
        if names_user("SIA", event.code):
            address, withheld = None, address
        elif len(address) > ADDRESS_MAX:
            mods, address = {**(mods or {}), "address": address}, None
    return _Reading(
        _SIA,
        event.block,
        event.code,
        None,
        cast("Code | None", address),
        partition,
        peripheral,
        values,
        event_time,
        event.text[:TEXT_MAX] if event.text else None,
        withheld,
        mods or None,
    )


def _take_code(mods: dict[str, str], name: str) -> Code | None:
    """Take a modifier out of those to be sealed, if it is a short hex number; a name stays in."""
    value = mods.get(name)
    if value is None or _HEX_CODE.fullmatch(value) is None:
        return None
    del mods[name]
    return cast("Code", value)


def _quantities(units: str) -> tuple[Quantity, ...]:
    """Read `17C_`, or several divided by `*`; nothing where one of them has no place in the list of units."""
    found = tuple([_quantity(value) for value in units.split("*", QUANTITIES_MAX)])
    return tuple([value for value in found if value is not None]) if None not in found else ()


def _quantity(text: str) -> Quantity | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction, unit = match.groups()
    fraction = fraction or ""
    thousandths, scale = int(whole + fraction) * 1000, 10 ** len(fraction)
    if sign == "-":
        thousandths = -thousandths
    if unit == "F_":
        return Quantity(_rounded((thousandths - 32_000 * scale) * 5, scale * 9), "degC")
    if unit not in _UNITS:
        return None
    ours, times, divided_by = _UNITS[unit]
    return Quantity(_rounded(thousandths * times, scale * divided_by), ours)


def _rounded(dividend: int, divisor: int) -> int:
    """Divide, rounding half away from zero: no floats in what is hashed."""
    size = (2 * abs(dividend) + divisor) // (2 * divisor)
    return -size if dividend < 0 else size


def _signal(verdict: Verdict, header: Header, reading: _Reading, blocks: _Blocks, transport: Transport) -> Signal:
    named = verdict.data_account
    if named is not None and verdict.account != named and not verdict.disputed and _DIGIT.search(named) is None:
        named = None  # letters alone, and no account of ours: it could be a name, and stays sealed with the frame
    # By position, in the order of the fields: by name it takes six times as long, on the way of every signal.
    return Signal(
        "dc09",
        verdict.account,
        header.account,
        None if verdict.object_policy is None else verdict.object_policy.id,
        None if named is None or named.upper() == header.account.upper() else named,
        verdict.disputed,
        header.receiver,
        _LINE_0 if header.line == "" else header.line,
        header.sequence,
        header.token,
        reading.format,
        reading.block,
        reading.code,
        reading.qualifier,
        reading.address,
        reading.withheld is not None,
        reading.partition,
        reading.peripheral,
        reading.values,
        blocks.category,
        blocks.path,
        blocks.trigger,
        verdict.device_time,
        reading.event_time,
        header.encrypted,
        transport,
    )


def _sealed_part(reading: _Reading) -> SealedPart | None:
    if reading.text is None and reading.withheld is None and reading.mods is None:
        return None
    return SealedPart(text=reading.text, address=reading.withheld, mods=reading.mods)


def _material(verdict: Verdict, header: Header) -> bytes:
    """What makes two frames the same one, each part with its length before it, so that no two readings are possible.

    Without the time stamp, the pad and the blocks that a repeat may change.
    """
    account, token, tail, data = verdict.account.upper(), header.token, header.tail, verdict.data
    # The tail is sequence, receiver, line and account, as sent.
    material = f"{len(account)}:{account}{len(token)}:{token}{len(tail)}:{tail}{len(data)}:{data}"
    for block in verdict.xdata:
        if not block.startswith(_IDENTITY_LEAVES_OUT):
            material += f"{len(block)}:{block}"
    return material.encode()


def _window_us(verdict: Verdict) -> int:
    """How long a repeat is a repeat: as the object's account says, else the transmitter's.

    An encrypted frame may be replayed as long as its time stamp is within the transmitter's window, so it is known for
    longer than that.
    """
    policy = verdict.object_policy or verdict.policy
    window_us = DUPLICATE_WINDOW_S * SECOND if policy is None else policy.duplicate_window_us
    sender = verdict.policy
    if verdict.encrypted and sender is not None and sender.late_max_s is not None and sender.early_max_s is not None:
        return max(window_us, (sender.late_max_s + sender.early_max_s + 1) * SECOND)
    return window_us
