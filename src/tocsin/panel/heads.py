"""The head of somebody's frame, as far as the simulator must know it to match an answer to a captured frame."""

import re
from typing import Final

import msgspec

ANSWER_TOKENS: Final = frozenset({"ACK", "NAK", "DUH", "RSP"})
_HEAD: Final = re.compile(
    rb'"(?P<star>\*?)(?P<token>[0-9A-Za-z._-]{1,40})"(?P<sequence>\d{4})'
    rb"(?:R(?P<receiver>[0-9A-Fa-f]{1,6}))?(?:L(?P<line>[0-9A-Fa-f]{0,6}?))?(?:#(?P<account>[0-9A-Za-z]{1,16})|A0)\["
)


class Head(msgspec.Struct, frozen=True):
    """Token, numbers and account of a frame, as sent."""

    token: str
    is_encrypted: bool
    sequence: str
    receiver: str | None
    line: str | None
    account: str


def read_head(body: bytes) -> Head | None:
    """Read the head of a frame's body, None where it is none."""
    found = _HEAD.match(body)
    if found is None:
        return None
    part = {name: None if value is None else value.decode("ascii") for name, value in found.groupdict().items()}
    return Head(
        token=part["token"] or "",
        is_encrypted=bool(part["star"]),
        sequence=part["sequence"] or "",
        receiver=part["receiver"],
        line=part["line"],
        account=part["account"] or "A0",
    )
