"""Messages of machines in JSON: our own form and CloudEvents 1.0. Pure: bytes in, reduced messages out.

What is not named here never leaves this module: no other field of a message is kept, logged or put into an error
(INTEGRATIONS.md, sections 0 and 7). Each fault names its message and its rule, and none of its values.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from tocsin.model.machines import (
    DEVICE_MAX,
    GIVEN_ID_MAX,
    INTRUSION_WORDS,
    MACHINE_WORDS,
    MILLI_MAX,
    SCALES,
    TEXT_MAX,
    UNITS,
    VALUES_MAX,
    refused_word,
)
from tocsin.model.signals import Quantity
from tocsin.model.values import Code, Micros, PersonalText

BODY_BYTES_MAX: Final = 65_536
DEPTH_MAX: Final = 16
KEYS_MAX: Final = 256
"""Keys of one message."""

MESSAGES_MAX: Final = 500
"""Messages of one request."""

SCOPE_PAGE: Final = "docs/explanation/scope.md"
JSON_TYPE: Final = "application/json"
EVENT_TYPE: Final = "application/cloudevents+json"
EVENTS_TYPE: Final = "application/cloudevents-batch+json"

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"(\s*+:)?|[{}\[\]]', re.DOTALL)
_INDEX: Final = re.compile(r"\$\[(\d+)\]|\$\.signals\[(\d+)\]")
_PLACE: Final = re.compile(r"\.([a-z_]{1,20})")
_DEVICE: Final = re.compile(rf"[0-9A-Za-z]{{1,{DEVICE_MAX}}}")
_SEPARATORS: Final = re.compile(r"[-_.:]")


class MachineMessage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is kept of one message."""

    cid: Code | None
    """Contact ID code of its word; None where no word is known: an incident of unknown nature."""
    is_active: bool
    """False: what it tells of is over."""
    device: Code | None
    """Letters and digits, upper case: a zone of the source's account."""
    values: tuple[Quantity, ...]
    device_time: Micros | None
    text: PersonalText | None
    """At most TEXT_MAX characters, to be sealed."""
    id: PersonalText | None
    """As the sender gave it."""


class Fault(msgspec.Struct, frozen=True, gc=False):
    """Why a request is refused whole."""

    words: str
    """A sentence without any value of the message."""
    code: Code
    """Of the problem."""
    index: int | None = None
    """The message in a request with many, from 0."""

    @property
    def rule(self) -> Code:
        """What it is counted under: the end of the code."""
        return Code(self.code.rpartition(".")[2])


class _Value(msgspec.Struct):
    value: float
    unit: str


class _Own(msgspec.Struct):
    code: str | None = None
    device: str | int | None = None
    device_time: str | None = None
    id: str | int | None = None
    state: str = "active"
    text: str | None = None
    values: list[_Value] = []


class _Either(_Own):
    signals: list[_Own] | None = None


class _Event(msgspec.Struct):
    id: str
    source: str
    specversion: str
    type: str
    data: _Own | None = None
    data_base64: str | None = None
    subject: str | None = None
    time: str | None = None


_OWN: Final = msgspec.json.Decoder(_Own)
_OWN_LIST: Final = msgspec.json.Decoder(list[_Own])
_EITHER: Final = msgspec.json.Decoder(_Either)
_EVENT: Final = msgspec.json.Decoder(_Event)
_EVENTS: Final = msgspec.json.Decoder(list[_Event])


class _Bad(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.words)
        self.fault = fault


def _refused(words: str, code: str) -> Fault:
    return Fault(words, Code(code))


def read_messages(body: bytes, content_type: str, headers: Mapping[str, str]) -> list[MachineMessage] | Fault:
    """Read a request: one message, or 1 to MESSAGES_MAX; or say why all of it is refused. Raises nothing.

    `headers` by name in lower case: those of CloudEvents' binary mode count (`ce-id`, ...).
    Source: CloudEvents 1.0, JSON event format and HTTP protocol binding.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if len(body) > BODY_BYTES_MAX:
        return _refused(f"The request has more than {BODY_BYTES_MAX:,} bytes", "intake.size")
    fault = too_much(body)
    if fault is not None:
        return fault
    try:
        if kind == EVENT_TYPE:
            found = [_of_event(_EVENT.decode(body))]
            return _each(found)
        if kind == EVENTS_TYPE:
            return _each([_of_event(one) for one in _EVENTS.decode(body)])
        if kind not in ("", JSON_TYPE):
            return _refused(f"The content type is none of {JSON_TYPE}, {EVENT_TYPE} and {EVENTS_TYPE}", "intake.type")
        if "ce-id" in headers:
            own = _OWN.decode(body) if body.strip() else _Own()
            event = msgspec.convert(
                {
                    "id": headers.get("ce-id"),
                    "source": headers.get("ce-source"),
                    "specversion": headers.get("ce-specversion"),
                    "type": headers.get("ce-type"),
                    "subject": headers.get("ce-subject"),
                    "time": headers.get("ce-time"),
                },
                _Event,
            )
            event.data = own
            return _each([_of_event(event)])
        if body.lstrip()[:1] == b"[":
            return _each([(one, None) for one in _OWN_LIST.decode(body)])
        either = _EITHER.decode(body)
        return _each([(one, None) for one in ([either] if either.signals is None else either.signals)])
    except msgspec.ValidationError as error:
        return _misformed(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _refused("The request is no JSON", "intake.json")


def too_much(body: bytes) -> Fault | None:
    """Count depth and keys before anything is made of them."""
    depth, keys = 0, 0
    begins_at = 2 if body.lstrip()[:1] == b"[" else 1
    many = False
    for found in _TOKEN.finditer(body):
        sign = found[0]
        if sign in (b"{", b"["):
            depth += 1
            if depth > DEPTH_MAX:
                return _refused(f"The request is nested deeper than {DEPTH_MAX}", "intake.depth")
            if sign == b"{" and (depth == begins_at or (many and depth == 3)):
                keys = 0
        elif sign in (b"}", b"]"):
            depth -= 1
        elif found[1] is not None:
            keys += 1
            many = many or (depth == 1 and sign.startswith(b'"signals"'))
            if keys > KEYS_MAX:
                return _refused(f"A message has more than {KEYS_MAX} keys", "intake.keys")
    return None


def _each(found: Sequence[tuple[_Own, str | None]]) -> list[MachineMessage] | Fault:
    if not found:
        return _refused("There is no message in the request", "intake.empty")
    if len(found) > MESSAGES_MAX:
        return _refused(f"The request has more than {MESSAGES_MAX} messages", "intake.many")
    made: list[MachineMessage] = []
    for index, (own, given) in enumerate(found):
        try:
            made.append(_reduced(own, given))
        except _Bad as bad:
            return msgspec.structs.replace(bad.fault, index=index)
    return made


def _of_event(event: _Event) -> tuple[_Own, str | None]:
    """The data of an event, with what it says outside of them, and its identity: `source` and `id`."""
    own = event.data or _Own()
    if event.specversion != "1.0" or event.data_base64 is not None or not event.id or not event.source:
        return _Own(code="", state="?cloudevents"), None
    if own.code is None:
        own.code = re.split(r"[./:]", event.type)[-1]
    if own.device is None and event.subject is not None and _DEVICE.fullmatch(_SEPARATORS.sub("", event.subject)):
        own.device = event.subject  # a subject may be anything: what is no device's name is left out
    if own.device_time is None:
        own.device_time = event.time
    return own, f"{event.source}\n{event.id}"


def _reduced(own: _Own, given: str | None) -> MachineMessage:
    if own.state == "?cloudevents":
        raise _Bad(_refused("The event is none of CloudEvents 1.0 with JSON data, an id and a source", "intake.event"))
    if own.state not in ("active", "returned"):
        raise _Bad(_refused("`state` is neither active nor returned", "intake.state"))
    word = own.code or ""
    cid, text = _said(word), own.text
    if cid is None:
        text = word if text is None else f"{word}: {text}"
    id_ = given if given is not None else None if own.id is None else str(own.id)
    if id_ is not None and not 1 <= len(id_) <= GIVEN_ID_MAX:
        raise _Bad(_refused(f"The id is empty, or longer than {GIVEN_ID_MAX} characters", "intake.id"))
    return MachineMessage(
        cid=cid,
        is_active=own.state == "active",
        device=_device(own.device),
        values=_values(own.values),
        device_time=device_time_of(own.device_time),
        text=None if text is None else text[:TEXT_MAX] or None,
        id=id_,
    )


def _said(word: str) -> Code | None:
    if not word:
        raise _Bad(_refused("`code` is missing: say what happened, such as smoke", "intake.code"))
    known = MACHINE_WORDS.get(word)
    if known is not None:
        return known.cid
    fault = unnamed_fault(word, "`code`")
    if fault is not None:
        raise _Bad(fault)
    return None


def unnamed_fault(word: str, what: str) -> Fault | None:
    """Why a word that nobody has named is refused, rather than shown as unknown; None where it may be."""
    if refused_word(word) is not None:
        return _refused(f"{what} names people, which no machine does here ({SCOPE_PAGE})", "intake.scope")
    if any(part in INTRUSION_WORDS for part in re.split(r"[^a-z]+", word.lower())):
        return _refused(
            f"{what} tells of an intrusion, which counts in an armed zone alone; whether it is armed is not known "
            "of a source. Let a panel send it",
            "intake.intrusion",
        )
    return None


def plain_device(device: str | int) -> Code | None:
    """A device's name as a zone's number: letters and digits, without separators. None where it is no such name."""
    plain = _SEPARATORS.sub("", str(device))
    if plain[:2] in ("0x", "0X") and len(plain) > DEVICE_MAX:
        plain = plain[2:]
    return Code(plain.upper()) if _DEVICE.fullmatch(plain) else None


def _device(device: str | int | None) -> Code | None:
    if device is None:
        return None
    plain = plain_device(device)
    if plain is None:
        raise _Bad(
            _refused(f"`device` is not 1 to {DEVICE_MAX} letters and digits, separators left out", "intake.device")
        )
    return plain


def _values(values: Sequence[_Value]) -> tuple[Quantity, ...]:
    if len(values) > VALUES_MAX:
        raise _Bad(_refused(f"There are more than {VALUES_MAX} values", "intake.values"))
    made: list[Quantity] = []
    for one in values:
        if one.unit not in SCALES:
            raise _Bad(
                _refused(f"A value has none of the units {', '.join(UNITS)}, nor one turned into them", "intake.unit")
            )
        quantity = quantity_of(one.value, one.unit)
        if quantity is None:
            raise _Bad(_refused("A value is too large", "intake.value"))
        made.append(quantity)
    return tuple(made)


def quantity_of(value: float, unit: str) -> Quantity | None:
    """A number in a unit of SCALES, turned into the one of its kind; None where it is too large."""
    scale = SCALES[unit]
    milli = (value + scale.before) * scale.factor * 1000
    if not math.isfinite(milli) or abs(milli) > MILLI_MAX:
        return None
    return Quantity(milli=round(milli), unit=scale.unit)


def device_time_of(said: str | None) -> Micros | None:
    """The device's time. It decides nothing, so one that cannot be read is left out."""
    if said is None or len(said) > 40:
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    if at.tzinfo is None or not 1971 <= at.year <= 2200:
        return None
    return Micros(round(at.timestamp() * 1_000_000))


def _misformed(said: str) -> Fault:
    """What msgspec found wrong, by its place alone: a value never stands in it."""
    index = _INDEX.search(said)
    place = _PLACE.findall(said.rpartition("`$")[2])
    named = next((name for name in reversed(place) if name in _FIELDS), None)
    missing = re.search(r"missing required field `([a-z_]{1,20})`", said)
    if missing is not None and missing[1] in _FIELDS:
        words = f"`{missing[1]}` is missing"
    elif named is not None:
        words = f"`{named}` has not the form that it must have"
    else:
        words = "The request has not the form of a message, or of several"
    number: Any = None if index is None else int(index[1] or index[2])
    return msgspec.structs.replace(_refused(words, "intake.form"), index=number)


_FIELDS: Final = frozenset({*_Own.__struct_fields__, *_Value.__struct_fields__, *_Event.__struct_fields__, "signals"})
