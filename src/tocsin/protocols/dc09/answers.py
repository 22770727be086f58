"""What a panel is told, and how a panel reads it."""

from typing import Final, Literal

import msgspec

from tocsin.protocols.dc09 import crypto
from tocsin.protocols.dc09.framing import RawFrame
from tocsin.protocols.dc09.header import ANSWER_TOKENS, CONTENT, Header, decode_text, read_header, split_blocks

AnswerKind = Literal["ACK", "NAK", "DUH", "RSP"]
_KINDS: Final[dict[str, AnswerKind]] = {"ACK": "ACK", "NAK": "NAK", "DUH": "DUH", "RSP": "RSP"}


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An answer of a receiver, as a panel reads it. Numbers stand as sent, without R, L and #."""

    kind: AnswerKind
    sequence: str
    receiver: str | None
    line: str | None
    account: str
    encrypted: bool
    timestamp: str | None
    """Without the underline; None where there is none."""
    data: str = ""
    """Of an RSP."""
    blocks: tuple[str, ...] = ()
    """Of an RSP, without brackets, letter first."""

    def __repr__(self) -> str:
        """Say the kind and never the content."""
        return f"Answer({self.kind}, {'encrypted' if self.encrypted else 'clear'})"


def read_answer(frame: RawFrame, key: bytes | None) -> Answer | None:
    """Read a frame as an answer; None where it is none, is malformed, or cannot be decrypted with `key`."""
    header = read_header(frame.body)
    if header is None or header.token not in ANSWER_TOKENS:
        return None
    content = clear_content(header, frame.body, key)
    match = None if content is None else CONTENT.fullmatch(content)
    if match is None:
        return None
    data, blocks, stamp = match.groups()
    return Answer(
        kind=_KINDS[header.token],
        sequence=header.sequence,
        receiver=header.receiver,
        line=header.line,
        account=header.account,
        encrypted=header.encrypted,
        timestamp=None if stamp is None else decode_text(stamp),
        data=decode_text(data),
        blocks=tuple(decode_text(block) for block in split_blocks(blocks)),
    )


def clear_content(header: Header, body: bytes, key: bytes | None) -> bytes | None:
    """Return what stands behind the first `[`, decrypted and without the pad; None where that cannot be had."""
    if not header.encrypted:
        return body[header.content_at :]
    return None if key is None else crypto.read_secret(key, body[header.content_at :])
