"""Bounced mail: what a mail server says of a message that it had taken and could not deliver. Bytes in, values out.

A report of delivery is of several parts: words for people, fields for programs, and the message or its head. Only the
fields and the head's Message-ID are read; the words, which may hold an address, never. Nothing is fetched, no other
part is opened, and what a report claims is not believed here: whether an id is ours, `centre.outbox` judges.
Source: RFC 3464 (delivery status), RFC 6522 (multipart/report), RFC 6533 (the same in UTF-8).
"""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser, HeaderParser
from typing import Final, cast

import msgspec

from tocsin.model.values import Secret

BOUNCE_BYTES_MAX: Final = 262_144
"""A report returns the message, and ours are small."""

NESTED_MAX: Final = 24
"""Parts that could hold others, in the whole mail. The parser's work rises with their depth."""

BLOCKS_MAX: Final = 50
"""Recipients in one report: ours has one."""

IDS_MAX: Final = 4
"""Message-IDs that are looked at."""

ID_MAX: Final = 250
_NESTING: Final = re.compile(rb"multipart|message/", re.IGNORECASE)
_STATUS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED: Final = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})


class Bounce(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a report says."""

    is_final: bool
    """A recipient will never have it. Else it is late, was passed on, or has arrived, and nothing follows."""
    message_ids: tuple[Secret, ...]
    """Of the messages that it returns, in its order, without angle brackets; at most `IDS_MAX`."""


def read_bounce(raw: bytes) -> Bounce | None:
    """Read a mail that may be a report of delivery; None: it is none, or is too large or too deep for one."""
    if len(raw) > BOUNCE_BYTES_MAX or len(_NESTING.findall(raw)) > NESTED_MAX:
        return None
    try:
        return _read(BytesParser().parsebytes(raw))
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        # The library trips over some of what a stranger may send: a character set or an encoding that is none.
        return None


def _read(mail: Message) -> Bounce | None:
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    actions: list[str] = []
    ids: list[Secret] = []
    has_status = False
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind in _STATUS and not has_status:
            has_status = True
            actions = [_field(block, "Action").lower() for block in _blocks(part)]
        elif kind in _RETURNED:
            found = _id_of(part)
            if found is not None and len(ids) < IDS_MAX:
                ids.append(found)
    if not has_status:
        return None
    return Bounce(is_final="failed" in actions, message_ids=tuple(ids))


def _parts(mail: Message) -> Iterator[Message]:
    payload = cast("list[Message] | str", mail.get_payload())
    if isinstance(payload, list):
        yield from payload


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a status: of the message first, then of each recipient."""
    blocks = list(_parts(part))[:BLOCKS_MAX]
    yield from blocks
    # One of RFC 6533 is to the library a message with a body: its first group, and the others as text.
    text = _text(part) if not blocks else "".join(_text(block) for block in blocks)
    for group in re.split(r"\n[ \t\r]*\n", text)[:BLOCKS_MAX]:
        yield HeaderParser().parsestr(group.lstrip("\r\n"), headersonly=True)


def _id_of(part: Message) -> Secret | None:
    """The Message-ID of a message that is returned, whole or by its head."""
    inner = next(_parts(part), None)
    if inner is None:
        inner = HeaderParser().parsestr(_text(part).lstrip("\r\n"), headersonly=True)
    found = _field(inner, "Message-ID").strip("<>").strip()
    return Secret(found) if 0 < len(found) <= ID_MAX else None


def _field(block: Message, name: str) -> str:
    value = block.get(name)
    return "" if value is None else str(value).strip()


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
