"""The head of a body and the brackets behind it, each by one regular expression; and the texts' two encodings."""

import re
from typing import Final, cast

import msgspec

from tocsin.model.values import AccountNumber, Code

ANSWER_TOKENS: Final = frozenset(("ACK", "NAK", "DUH", "RSP"))
POLL_TOKENS: Final = frozenset(("NULL", "XNM"))
EVENT_TOKENS: Final = frozenset(("SIA-DCS", "ADM-CID"))
"""Implemented. Any other token is answered DUH (DC09.md section 3)."""

_NAK: Final = ("NAK",)

# The expressions work on bytes read as Latin-1, one character a byte, so that what they find is a `str` at once.
# 1 data  2 blocks  3 stamp. Possessive: brackets cannot nest, so there is nothing to go back to.
_CONTENT: Final = r"([^\[\]]*+)\]((?:\[[^\[\]]*+\])*+)(?:_([^\[\]]*+))?\Z"
# 1 star  2 token  3 tail, to be echoed  4 sequence  5 receiver  6 line  7 account  8 a NAK's account  9-11 content.
# The line is read lazily: in a NAK's `L0A0` the A is a hex digit too, and must not be taken for the line.
_BODY: Final = re.compile(
    r'"(\*?)([0-9A-Za-z._-]{1,40}+)"'
    r"(([0-9]{4})(?:R([0-9A-Fa-f]{1,6}+))?(?:L([0-9A-Fa-f]{0,6}?))?(?:#([0-9A-Za-z]{1,16}+)|(A0)))\["
    rf"(?:{_CONTENT})?"
)
# The pad ends at the first `|` if that stands before the first `]`, else at that `]`: some leave the separator out
# where the data are empty.
_DECRYPTED: Final = re.compile(r"[^|\]]*+\|?+" + _CONTENT)

_WINDOWS_1252: Final = {code: bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
"""Where Windows-1252 differs from Latin-1. Its five undefined bytes become the control character of the same number."""

_ContentGroups = tuple[str, str, str | None]
_BodyGroups = tuple[
    str,
    Code,
    str,
    Code,
    Code | None,
    Code | None,
    AccountNumber | None,
    AccountNumber | None,
    str | None,
    str | None,
    str | None,
]


class Header(msgspec.Struct, frozen=True, gc=False):
    """The head of a body, as sent."""

    encrypted: bool
    token: Code
    """Without `*`."""
    sequence: Code
    """Four decimal digits."""
    receiver: Code | None
    """Digits of R, None where it is absent."""
    line: Code | None
    """Digits of L, "" for an `L` alone, None where it is absent."""
    account: AccountNumber
    tail: str
    """Sequence, receiver, line and account in one: what an answer echoes."""


class Content(msgspec.Struct, frozen=True, gc=False):
    """What stands in the brackets and behind them, decrypted and without the pad."""

    data: str
    xdata: tuple[str, ...]
    """Extended data blocks without brackets, letter first."""
    timestamp: str | None
    """As sent, without the underline."""


def read_body(body: bytes) -> tuple[Header, Content | bytes | None] | None:
    """Read the body of a frame; None where its head is not well formed (DC09.md sections 1 and 15).

    Beside the head: the content of a clear frame, None where its brackets are broken; the hex text of an encrypted one.
    """
    match = _BODY.match(body.decode("latin-1"))
    if match is None:
        return None
    groups = cast("_BodyGroups", match.groups())
    star, token, tail, sequence, receiver, line, account, nak_account, data, blocks, stamp = groups
    if account is None:
        if nak_account is None or token not in _NAK:
            return None
        account = nak_account
    header = Header(bool(star), token, sequence, receiver, line, account, tail)
    if star:
        return header, body[match.end() if data is None else match.start(9) :]
    return header, None if data is None else _content(data, blocks, stamp)


def read_header(body: bytes) -> Header | None:
    """Read the head alone."""
    read = read_body(body)
    return None if read is None else read[0]


def read_decrypted(clear: bytes) -> Content | None:
    """Read what was decrypted, pad and content; None where the brackets are broken."""
    match = _DECRYPTED.match(clear.decode("latin-1"))
    return None if match is None else _content(*cast("_ContentGroups", match.groups()))


def _content(data: str, blocks: str | None, stamp: str | None) -> Content:
    xdata = tuple([_text(block) for block in blocks[1:-1].split("][")]) if blocks else ()
    return Content(_text(data), xdata, None if stamp is None else _text(stamp))


def _text(latin: str) -> str:
    """Decode what was read as Latin-1: as UTF-8 where that is valid, else as Windows-1252 (DC09.md section 6)."""
    return latin if latin.isascii() else decode_text(latin.encode("latin-1"))


def decode_text(data: bytes) -> str:
    """Decode as UTF-8 where that is valid, else as Windows-1252. Never raises."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_WINDOWS_1252)
