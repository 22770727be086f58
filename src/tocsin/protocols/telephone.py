"""What a telephone system tells of a call, in JSON or as a form. Pure: bytes in, one reduced message out.

Vendors name fields differently: a centre says which of theirs is which of ours. What is not named is dropped here, and
never kept, logged or put into an error (INTEGRATIONS.md, sections 0 and 14).
"""

import re
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import parse_qsl

import msgspec

from tocsin.model.hushed import Hushed
from tocsin.model.rings import Located, RingEvent, plain_number
from tocsin.model.values import Code, PersonalText
from tocsin.protocols.machine_messages import BODY_BYTES_MAX, JSON_TYPE, Fault, too_much
from tocsin.protocols.pidf_lo import LocationFault, read_location

FORM_TYPE: Final = "application/x-www-form-urlencoded"
FORM_FIELDS_MAX: Final = 100
CALL_ID_MAX: Final = 200
FIELDS: Final = ("event", "call", "caller", "line", "extension", "location")
EVENTS: Final[tuple[RingEvent, ...]] = ("ringing", "answered", "ended")
NAMES: Final = (*FIELDS, *EVENTS)
"""What a centre may say the telephone system's own word for."""

WITHHELD: Final = frozenset({"", "anonymous", "unknown", "withheld", "restricted", "private", "unavailable"})
_NUMBER: Final = re.compile(r"\+?[0-9*#]{1,23}")
_LINE: Final = re.compile(r"[0-9A-Za-z*_]{1,24}")
_SEPARATORS: Final = re.compile(r"[ \t()./-]")


class CallMessage(Hushed, frozen=True, kw_only=True):
    """What is kept of one message."""

    event: RingEvent
    call: PersonalText
    """As the telephone system calls it; it is kept as a keyed hash alone."""
    caller: PersonalText | None
    """None: withheld, or no number."""
    dialled: Code | None
    extension: Code | None
    location: Located | None
    is_caller_odd: bool
    """A caller was named and is no number: it was dropped, and the call is kept."""
    is_location_odd: bool
    """A position came that could not be read: dropped."""


def read_call(body: bytes, content_type: str, names: Mapping[str, str]) -> CallMessage | Fault:
    """Read a message, or say why it is refused. Raises nothing.

    `names`: for each of NAMES the telephone system's word; ours where it has none of its own.
    """
    if len(body) > BODY_BYTES_MAX:
        return _refused(f"The request has more than {BODY_BYTES_MAX:,} bytes", "intake.size")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == FORM_TYPE:
        found = _form(body)
    elif kind in ("", JSON_TYPE):
        found = _object(body)
    else:
        return _refused(f"The content type is none of {JSON_TYPE} and {FORM_TYPE}", "intake.type")
    return found if isinstance(found, Fault) else _reduced(found, names)


def _form(body: bytes) -> dict[str, str] | Fault:
    try:
        text = body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX, errors="strict")
    except ValueError:  # of UnicodeDecodeError too
        return _refused(f"The request is no form in UTF-8 with at most {FORM_FIELDS_MAX} fields", "intake.form")
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields


def _object(body: bytes) -> dict[str, object] | Fault:
    fault = too_much(body)
    if fault is not None:
        return fault
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _refused("The request is no JSON", "intake.json")
    if not isinstance(found, dict):
        return _refused("The request is no object of JSON", "intake.form")
    return cast("dict[str, object]", found)


def _reduced(fields: Mapping[str, object], names: Mapping[str, str]) -> CallMessage | Fault:
    said: dict[str, str] = {}
    for name in FIELDS:
        value = fields.get(names.get(name, name))
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            return _refused(f"`{name}` is neither text nor a number", "intake.form")
        said[name] = str(value).strip()
    event: RingEvent | None = next((one for one in EVENTS if said.get("event") == names.get(one, one)), None)
    if event is None:
        return _refused("`event` is none of ringing, answered and ended", "intake.event")
    call = said.get("call", "")
    if not 1 <= len(call) <= CALL_ID_MAX:
        return _refused(f"`call` is missing, or longer than {CALL_ID_MAX} characters", "intake.id")
    caller, is_odd = _caller(said.get("caller", ""))
    location: Located | None = None
    if said.get("location"):
        read = read_location(said["location"].encode())
        location = None if isinstance(read, LocationFault) else read
    return CallMessage(
        event=event,
        call=call,
        caller=caller,
        dialled=_line(said.get("line")),
        extension=_line(said.get("extension")),
        location=location,
        is_caller_odd=is_odd,
        is_location_odd=bool(said.get("location")) and location is None,
    )


def _caller(said: str) -> tuple[str | None, bool]:
    if said.lower() in WITHHELD:
        return None, False
    plain = _SEPARATORS.sub("", said)
    return (plain, False) if _NUMBER.fullmatch(plain) else (None, True)


def _line(said: str | None) -> Code | None:
    """A line of the centre; what is none is dropped."""
    plain = plain_number(said or "")
    return Code(plain) if _LINE.fullmatch(plain) else None


def _refused(words: str, code: str) -> Fault:
    return Fault(words, Code(code))
