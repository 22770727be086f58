"""Messages in a form of their sender's own, read by a mapping. Pure: a body and a table in, reduced messages out.

What no line and no place of the mapping names never leaves this module (INTEGRATIONS.md, sections 0 and 7).
Source: RFC 6901 (JSON pointer), sections 3 and 4; decision 0076.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import msgspec

from tocsin.model.machines import GIVEN_ID_MAX, MACHINE_WORDS, TEXT_MAX
from tocsin.model.mappings import MapLine, Mapping
from tocsin.model.signals import Quantity
from tocsin.model.values import Code
from tocsin.protocols.machine_messages import (
    BODY_BYTES_MAX,
    DEPTH_MAX,
    KEYS_MAX,
    MESSAGES_MAX,
    Fault,
    MachineMessage,
    device_time_of,
    plain_device,
    quantity_of,
    unnamed_fault,
)
from tocsin.protocols.mqtt_devices import device_of

_DECODE: Final = msgspec.json.Decoder().decode
_ENCODE: Final = msgspec.json.Encoder().encode
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?")

NUMBER_MAX: Final = 1e18


class _Nothing:
    """What stands at a place that is not there."""


NOTHING: Final = _Nothing()


def read_mapped(body: bytes, mapping: Mapping) -> list[MachineMessage] | Fault:
    """Read a request in a form of its own; or say why all of it is refused. Raises nothing.

    No message at all: numbers that are neither over a limit nor back behind it.
    """
    value = _value_of(body, is_text_taken=False)
    return value if isinstance(value, Fault) else _messages(value, mapping)


def read_payload(payload: bytes, mapping: Mapping, device: Code | None) -> list[MachineMessage] | Fault:
    """Read a broker's message, which may be plain text. `device`: whom its topic names, where the mapping does not.

    A message with none of the places is refused, for topics carry much that nobody asked for.
    """
    value = _value_of(payload, is_text_taken=True)
    return value if isinstance(value, Fault) else _messages(value, mapping, device, is_asked_for=False)


def at(value: Any, pointer: str) -> Any:
    """What stands at a place; `NOTHING` where it is not there."""
    if pointer == "":
        return value
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(value, list) and _INDEX.fullmatch(key) and int(key) < len(value):  # pyright: ignore[reportUnknownArgumentType]
            value = value[int(key)]  # pyright: ignore[reportUnknownVariableType]
        else:
            return NOTHING
    return value  # pyright: ignore[reportUnknownVariableType]


def _value_of(body: bytes, *, is_text_taken: bool) -> Any | Fault:
    if len(body) > BODY_BYTES_MAX:
        return _declined(f"The message has more than {BODY_BYTES_MAX:,} bytes", "size")
    value: Any
    try:
        value = _DECODE(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if not is_text_taken:
            return _declined("The request is no JSON", "json")
        try:
            value = body.decode("utf-8")
        except UnicodeDecodeError:
            return _declined("The message is no text", "json")
    if not isinstance(value, dict | list) and not is_text_taken:
        return _declined("The request is no JSON object, nor a list of them", "form")
    if _is_too_deep(value):
        return _declined(f"The message is nested deeper than {DEPTH_MAX}", "depth")
    return cast("Any", value)


def _is_too_deep(value: Any) -> bool:
    level: list[Any] = [value]
    for _ in range(DEPTH_MAX + 1):
        level = [inner for one in level for inner in _inside(one) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()  # pyright: ignore


def _has_many_keys(value: Any, leave: Any = None) -> bool:
    """More keys than a message may have, without those within `leave`."""
    keys = 0
    level: list[Any] = [value]
    while level:
        keys += sum(len(one) for one in level if isinstance(one, dict))  # pyright: ignore[reportUnknownArgumentType]
        if keys > KEYS_MAX:
            return True
        level = [
            inner for one in level for inner in _inside(one) if isinstance(inner, dict | list) and inner is not leave
        ]
    return False


def _messages(
    value: Any, mapping: Mapping, device: Code | None = None, *, is_asked_for: bool = True
) -> list[MachineMessage] | Fault:
    if mapping.each is None:
        elements: list[Any] = [value]
    else:
        found = at(value, mapping.each)
        if not isinstance(found, list):
            return _declined("There is no list at the place where the messages are to be", "form")
        elements = found  # pyright: ignore[reportUnknownVariableType]
        if found is not value and _has_many_keys(value, leave=found):
            return _declined(f"The request has more than {KEYS_MAX} keys beside its messages", "keys")
    if not elements:
        return _declined("There is no message in the request", "empty")
    if len(elements) > MESSAGES_MAX:
        return _declined(f"The request has more than {MESSAGES_MAX} messages", "many")
    made: list[MachineMessage] = []
    for index, element in enumerate(elements):
        if _has_many_keys(element):
            return _declined(f"A message has more than {KEYS_MAX} keys", "keys", index)
        said = _said(element, mapping, device, is_asked_for=is_asked_for)
        if isinstance(said, Fault):
            return msgspec.structs.replace(said, index=index)
        made.extend(said)
        if len(made) > MESSAGES_MAX:
            return _declined(f"The request says more than {MESSAGES_MAX} things", "many")
    return made


def _said(element: Any, mapping: Mapping, device: Code | None, *, is_asked_for: bool) -> list[MachineMessage] | Fault:
    """What one element says: of each place the first line that fits."""
    beside = _beside(element, mapping, device)
    if isinstance(beside, Fault):
        return beside
    places: dict[str, list[MapLine]] = {}
    for line in mapping.lines:
        places.setdefault(line.at, []).append(line)
    made: list[MachineMessage] = []
    is_nothing_there = True
    for place, lines in places.items():
        value = at(element, place)
        if isinstance(value, _Nothing):
            continue
        is_nothing_there = False
        said = _of_place(value, lines, beside)
        if isinstance(said, Fault):
            return said
        made.extend(said)
    if is_nothing_there:
        if not is_asked_for:
            return _declined("Nothing stands at any place of the mapping", "place")
        made.append(beside)
    return made


def _beside(element: Any, mapping: Mapping, device: Code | None) -> MachineMessage | Fault:
    """What goes with everything that one element says; by itself a signal that no line names."""
    values: list[Quantity] = []
    for one in mapping.values:
        number = _number(at(element, one.at))
        if number is None:
            continue
        quantity = quantity_of(number, one.unit)
        if quantity is None:
            return _declined("A value is too large", "value")
        values.append(quantity)
    id_ = _text(element, mapping.id_at)
    if id_ is not None and not 1 <= len(id_) <= GIVEN_ID_MAX:
        return _declined(f"The id is empty, or longer than {GIVEN_ID_MAX} characters", "id")
    named = _text(element, mapping.device_at)
    if named:
        device = plain_device(named) or device_of(named)
    text = _text(element, mapping.text_at)
    is_active = mapping.state_at is None or _text(element, mapping.state_at) not in mapping.returned
    return MachineMessage(
        cid=None,
        is_active=is_active,
        device=device,
        values=tuple(values),
        device_time=device_time_of(_text(element, mapping.time_at)),
        text=text[:TEXT_MAX] or None if text else None,
        id=id_,
    )


def _of_place(value: Any, lines: Sequence[MapLine], beside: MachineMessage) -> list[MachineMessage] | Fault:
    text, number = _scalar(value), _number(value)
    has_limit = False
    for line in lines:
        if line.compare == "is":
            if text is not None and text == line.expected:
                return [_of_line(line, beside, line.is_active and beside.is_active, beside.values)]
            continue
        if number is None or line.unit is None:
            continue
        has_limit = True
        quantity = quantity_of(number, line.unit)
        if quantity is None:
            return _declined("A value is too large", "value")
        side = _side(number * 1000, line)
        if side is not None:
            values = (*(one for one in beside.values if one != quantity), quantity)[-8:]
            return [_of_line(line, beside, side, values)]
    if has_limit:
        return []  # between the limit and where it is over: nothing new
    if text is None:
        return _declined("At a place of the mapping stands no single value", "form")
    fault = unnamed_fault(text, "What stands at a place of the mapping")
    if fault is not None:
        return fault
    said = text if beside.text is None else f"{text}: {beside.text}"
    return [msgspec.structs.replace(beside, text=said[:TEXT_MAX] or None, is_active=True, id=_id(beside, "?", True))]


def _side(milli: float, line: MapLine) -> bool | None:
    """Over its limit, back behind it, or None between the two."""
    limit, back = line.limit_milli, line.back_milli
    if limit is None or back is None:
        return None
    if line.compare == "below":
        milli, limit, back = -milli, -limit, -back
    return True if milli > limit else False if milli <= back else None


def _of_line(line: MapLine, beside: MachineMessage, is_active: bool, values: tuple[Quantity, ...]) -> MachineMessage:
    return msgspec.structs.replace(
        beside,
        cid=MACHINE_WORDS[line.word].cid,
        is_active=is_active,
        device=beside.device if line.device is None else line.device,
        values=values,
        id=_id(beside, line.word, is_active),
    )


def _id(beside: MachineMessage, word: str, is_active: bool) -> str | None:
    """A sender's id names all that a message says, and often its end too: each of these is a signal of its own."""
    return None if beside.id is None else f"{beside.id}\n{word}\n{'active' if is_active else 'returned'}"


def _text(element: Any, pointer: str | None) -> str | None:
    return None if pointer is None else _scalar(at(element, pointer))


def _scalar(value: Any) -> str | None:
    """A single value as text, as JSON writes it; None of a list, an object or nothing."""
    if isinstance(value, str):
        return value
    return _ENCODE(value).decode() if value is None or isinstance(value, bool | int | float) else None


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value.strip()) else None
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18 else None
    )


def _declined(words: str, rule: str, index: int | None = None) -> Fault:
    return Fault(words, Code(f"intake.{rule}"), index)
