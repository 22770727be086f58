"""The head of a body and the brackets behind it, each by one regular expression; and the texts' two encodings."""

import re
from typing import Final

import msgspec

ANSWER_TOKENS: Final = frozenset(("ACK", "NAK", "DUH", "RSP"))
POLL_TOKENS: Final = frozenset(("NULL", "XNM"))
EVENT_TOKENS: Final = frozenset(("SIA-DCS", "ADM-CID"))
"""Implemented. Any other token is answered DUH (DC09.md section 3)."""

# 1 star  2 token  3 tail, to be echoed  4 sequence  5 receiver  6 line  7 account  8 the account of a NAK.
# The line is read lazily: in a NAK's `L0A0` the A is a hex digit too, and must not be taken for the line.
HEADER: Final = re.compile(
    rb'"(\*?)([0-9A-Za-z._-]{1,40})"'
    rb"(([0-9]{4})(?:R([0-9A-Fa-f]{1,6}))?(?:L([0-9A-Fa-f]{0,6}?))?(?:#([0-9A-Za-z]{1,16})|(A0)))\["
)
# 1 data  2 blocks  3 stamp. Possessive: brackets cannot nest, so there is nothing to go back to.
CONTENT: Final = re.compile(rb"([^\[\]]*+)\]((?:\[[^\[\]]*+\])*+)(?:_([^\[\]]*+))?")

_WINDOWS_1252: Final = {code: bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
"""Where Windows-1252 differs from Latin-1. Its five undefined bytes become the control character of the same number."""


class Header(msgspec.Struct, frozen=True, gc=False):
    """The head of a body, as sent."""

    encrypted: bool
    token: str
    tail: bytes
    """Sequence, receiver, line and account: what an answer echoes."""
    sequence: str
    receiver: str | None
    line: str | None
    """"" for an `L` without digits."""
    account: str
    content_at: int
    """Where in the body the content begins, behind the first `[`."""


def read_header(body: bytes) -> Header | None:
    """Read the head of a body; None where it is not well formed (DC09.md sections 1 and 15)."""
    match = HEADER.match(body)
    if match is None:
        return None
    star, token_bytes, tail, sequence, receiver, line, account, nak_account = match.groups()
    if account is None:
        if token_bytes != b"NAK":
            return None
        account = nak_account
    return Header(
        bool(star),
        token_bytes.decode("ascii"),
        tail,
        sequence.decode("ascii"),
        None if receiver is None else receiver.decode("ascii"),
        None if line is None else line.decode("ascii"),
        account.decode("ascii"),
        match.end(),
    )


def decode_text(data: bytes) -> str:
    """Decode as UTF-8 where that is valid, else as Windows-1252. Never raises (DC09.md section 6)."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_WINDOWS_1252)


def split_blocks(blocks: bytes) -> tuple[bytes, ...]:
    """Take `[x..][y..]` apart, without the brackets."""
    return tuple(blocks[1:-1].split(b"][")) if blocks else ()
