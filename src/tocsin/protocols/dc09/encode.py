"""Frames as a panel or a receiver sends them, and time stamps both ways."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from tocsin.model.errors import BadInput
from tocsin.protocols.dc09 import crypto
from tocsin.protocols.dc09.framing import BODY_MAX, CrcForm, crc_of
from tocsin.protocols.dc09.stamps import format_stamp, parse_stamp

__all__ = ["TextEncoding", "encode_frame", "format_stamp", "parse_stamp", "wrap"]

TextEncoding = Literal["utf-8", "cp1252"]
_TOKEN: Final = re.compile(r"[0-9A-Za-z._-]{1,40}")
_SEQUENCE: Final = re.compile(r"[0-9A-Fa-f]{4}")
_NUMBER: Final = re.compile(r"[0-9A-Fa-f]{0,6}")
_ACCOUNT: Final = re.compile(r"[0-9A-Za-z]{1,16}")
_CONTENT: Final = re.compile(r"[^\[\]\r\n]*")


def encode_frame(
    *,
    token: str,
    sequence: str,
    receiver: str | None,
    line: str | None,
    account: str,
    data: str | None,
    blocks: Sequence[str] = (),
    timestamp: str | None = None,
    key: bytes | None = None,
    pad: bytes = b"",
    separator: bool = True,
    crc_form: CrcForm = "hex",
    upper_hex: bool = True,
    encoding: TextEncoding = "utf-8",
) -> bytes:
    """Write one frame, LF to CR; encrypted where a key is given.

    `receiver` None leaves R out, `line` None leaves L out and "" writes an `L` without digits; `data` None is `[]`; the
    account "A0" of a NAK stands without `#`. `sequence` may hold hex digits, so that a simulator can make that mistake.
    `pad` is cut to the longest length that fills whole blocks: give 31 random bytes for the newest edition's pad, 15
    for the shortest. `separator` False leaves out the `|` between pad and content, which works with empty data only.

    Raises:
        BadInput: a part holds what it cannot hold, the body is longer than 4,095 bytes, or the pad is too short.
    """
    _check(token, _TOKEN, "token")
    _check(sequence, _SEQUENCE, "sequence")
    _check(account, _ACCOUNT, "account")
    number = ("" if receiver is None else "R" + _check(receiver, _NUMBER, "receiver")) + (
        "" if line is None else "L" + _check(line, _NUMBER, "line")
    )
    mark = "" if (token, account) == ("NAK", "A0") else "#"
    content = _content(data, blocks, timestamp)
    try:
        content_bytes = content.encode(encoding)
    except UnicodeEncodeError as error:
        raise BadInput(f"A text has characters that {encoding} cannot hold.", "dc09.encode") from error
    head = f'"{"*" if key else ""}{token}"{sequence}{number}{mark}{account}['.encode("ascii")
    if key is not None:
        content_bytes = _encrypted(key, pad, b"|" + content_bytes if separator else content_bytes, upper_hex=upper_hex)
    return wrap(head + content_bytes, crc_form, upper_hex=upper_hex)


def wrap(body: bytes, crc_form: CrcForm, *, upper_hex: bool = True) -> bytes:
    """Put LF, check sum, length and CR around a body.

    Raises:
        BadInput: the body is longer than 4,095 bytes.
    """
    if len(body) > BODY_MAX:
        raise BadInput(f"The body has {len(body)} bytes; a DC-09 frame holds at most {BODY_MAX}.", "dc09.encode")
    crc = crc_of(body)
    if crc_form == "binary":
        return b"\n%b%04X%b\r" % (crc.to_bytes(2, "big"), len(body), body)
    return (b"\n%04X%04X%b\r" if upper_hex else b"\n%04x%04x%b\r") % (crc, len(body), body)


def _content(data: str | None, blocks: Sequence[str], timestamp: str | None) -> str:
    for part in (data or "", timestamp or "", *blocks):
        if _CONTENT.fullmatch(part) is None:
            raise BadInput("Data, blocks and time stamp cannot hold [, ], CR or LF.", "dc09.encode")
    return "".join((data or "", "]", *(f"[{block}]" for block in blocks), "" if timestamp is None else "_" + timestamp))


def _encrypted(key: bytes, pad: bytes, content: bytes, *, upper_hex: bool) -> bytes:
    if len(key) not in (16, 24, 32):
        raise BadInput("A key has 16, 24 or 32 bytes.", "dc09.key")
    fitted = crypto.fit_pad(pad, len(content))
    if fitted is None:
        raise BadInput(f"The pad of {len(pad)} bytes is too short; give 15 or 31.", "dc09.encode")
    text = crypto.encrypt(key, fitted + content).hex()
    return (text.upper() if upper_hex else text).encode("ascii")


def _check(value: str, pattern: re.Pattern[str], name: str) -> str:
    if pattern.fullmatch(value) is None:
        raise BadInput(f"The {name} holds what it cannot hold in a DC-09 frame.", "dc09.encode")
    return value
