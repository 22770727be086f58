"""What a panel is told, and how a panel reads it."""

from binascii import hexlify
from typing import Final, Literal

import msgspec

from tocsin.model.signals import Receipt
from tocsin.model.values import Micros
from tocsin.protocols.dc09 import crypto
from tocsin.protocols.dc09.encode import wrap
from tocsin.protocols.dc09.framing import RawFrame
from tocsin.protocols.dc09.header import ANSWER_TOKENS, Header, read_body
from tocsin.protocols.dc09.judge import Verdict, decrypt_content
from tocsin.protocols.dc09.stamps import format_stamp

ACK_PAD_BYTES: Final = 27
"""Fills whole blocks together with `]_07:05:09,03-04-2027`, and lies within the 16 to 31 of the newest edition."""

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
    read = read_body(frame.body)
    if read is None or read[0].token not in ANSWER_TOKENS:
        return None
    header, content = read
    if isinstance(content, bytes):
        content = None if key is None else decrypt_content(key, content)
    if content is None:
        return None
    return Answer(
        kind=_KINDS[header.token],
        sequence=header.sequence,
        receiver=header.receiver,
        line=header.line,
        account=header.account,
        encrypted=header.encrypted,
        timestamp=content.timestamp,
        data=content.data,
        blocks=content.xdata,
    )


def acknowledge(verdict: Verdict, receipt: Receipt, now: Micros, pad: bytes) -> bytes:
    """Write the ACK of an event, in the form of its frame.

    The receipt is what makes it right to send: only the journal makes one, and only when the signal is durable. `pad`:
    at least one, better ACK_PAD_BYTES random bytes, used where the frame was encrypted.

    Raises:
        AssertionError: the verdict is not an accepted event.
    Source: DC09.md section 9; DESIGN.md, promise 1.
    """
    assert verdict.kind == "event", "only an event has a receipt"
    assert isinstance(receipt, Receipt), "nothing is acknowledged before it is durable"
    return draft_ack(verdict, now, pad)


def acknowledge_poll(verdict: Verdict, now: Micros, pad: bytes) -> bytes:
    """Write the ACK of a poll, which is stored nowhere.

    Raises:
        AssertionError: the verdict is no poll.
    """
    assert verdict.kind == "poll", "an event is acknowledged by its receipt alone"
    return draft_ack(verdict, now, pad)


def refuse(verdict: Verdict, now: Micros) -> bytes | None:
    """Write the NAK or DUH that a refused frame is due; None where silence is.

    Both are always clear. The NAK carries our time, by which the panel sets its clock.
    """
    if verdict.reply == "NAK":
        body = b'"NAK"0000R0L0A0[]_' + format_stamp(now).encode("ascii")
    elif verdict.reply == "DUH":
        assert verdict.header is not None
        body = b'"DUH"%b[]' % echo_of(verdict.header)
    else:
        return None
    return wrap(body, verdict.crc_form)


def echo_of(header: Header) -> bytes:
    """Sequence, receiver, line and account exactly as received; only an `L` without digits becomes `L0`."""
    return (header.tail.replace("L#", "L0#") if header.line == "" else header.tail).encode("ascii")


def draft_ack(verdict: Verdict, now: Micros, pad: bytes) -> bytes:
    """Write what an ACK looks like. For the two functions above, and for the doctor, who sends nothing."""
    header = verdict.header
    assert header is not None
    if not header.encrypted:
        return wrap(b'"ACK"%b[]' % echo_of(header), verdict.crc_form)
    key = None if verdict.policy is None else verdict.policy.key
    assert key is not None, "it was decrypted with this key"
    assert pad, "the first block must not tell whether two answers are alike"
    long_enough = pad if len(pad) >= ACK_PAD_BYTES else pad * ACK_PAD_BYTES
    clear = b"%b]_%b" % (crypto.make_legal(long_enough[:ACK_PAD_BYTES]), format_stamp(now).encode("ascii"))
    secret = hexlify(crypto.encrypt(key, clear)).upper()
    return wrap(b'"*ACK"%b[%b' % (echo_of(header), secret), verdict.crc_form)
