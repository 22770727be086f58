"""What becomes of a frame: steps 3 to 9 of DC09.md section 13, in their order. Pure: no clock, no I/O, never raises.

All that can be read is read first, then judged step by step; the first failing step names the reason. So a refused
frame still says whom it came from and what it would have reported, which is what its installer asks.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.accounts import EARLY_MAX_S, LATE_MAX_S, AccountPolicy, UnknownPolicy
from tocsin.model.ports import AccountDirectory
from tocsin.model.values import AccountNumber, Code, Micros
from tocsin.protocols.contact_id import parse_cid
from tocsin.protocols.dc09 import crypto
from tocsin.protocols.dc09.framing import CrcForm, RawFrame
from tocsin.protocols.dc09.header import (
    ANSWER_TOKENS,
    EVENT_TOKENS,
    POLL_TOKENS,
    Content,
    Header,
    read_body,
    read_decrypted,
)
from tocsin.protocols.dc09.stamps import SECOND, read_stamp
from tocsin.protocols.payload import CidEvent, Payload, SiaEvent, split_account
from tocsin.protocols.sia_events import parse_sia

Outcome = Literal["accepted", "answer", "refused", "discarded"]
Reason = Literal["crc", "length", "header", "account", "downgrade", "decrypt", "time", "token", "payload", "not_dc09"]
Kind = Literal["event", "poll", "answer"]
ReplyKind = Literal["ACK", "*ACK", "NAK", "DUH"]

_PERIODIC_TEST: Final = "602"


class ReceiverPolicy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a receiver takes what the standard leaves open."""

    unknown_accounts: UnknownPolicy = "ack"
    """`ack`: store and show them, since their alarm may be real."""
    downgrade: Literal["silent", "duh"] = "silent"
    """A clear message on an account with a key."""
    unstamped: Literal["nak", "silent"] = "nak"
    """An encrypted message without a time stamp. Never accepted."""
    missing_line: Literal["accept", "refuse"] = "accept"
    """A header without L."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What one frame says, and what becomes of it. What could not be read is None or empty."""

    frame: RawFrame
    outcome: Outcome
    reason: Reason | None
    kind: Kind | None = None
    """What was accepted: `event` (store, then acknowledge), `poll` (acknowledge), or `answer` (nothing to do)."""
    reply: ReplyKind | None = None
    """What the sender is due; None is silence."""
    header: Header | None = None
    """None where the head itself is broken."""
    policy: AccountPolicy | None = None
    """Of the header's account; None where it is unknown."""
    account: AccountNumber = AccountNumber("")
    """The object: whom the events are about, as sent."""
    object_policy: AccountPolicy | None = None
    disputed: bool = False
    """The data name an account that this frame cannot speak for (DC09.md section 4)."""
    content: Content | None = None
    """None where it could not be had: brackets broken, or not decrypted."""
    payload: Payload | None = None
    """What the data say; None for polls, for unknown tokens, and where they cannot be read."""
    data_account: AccountNumber | None = None
    """The account that the data name, as sent, whether or not it became the object."""
    device_time: Micros | None = None
    """The time stamp in UTC, None where it is absent or impossible."""
    clock_off_s: int | None = None
    """How far the stamp lies outside the account's window from now: negative is late. None inside, and without both."""

    def __repr__(self) -> str:
        """Say the outcome and never the content: this object passes near logs and tracebacks."""
        return f"Verdict({self.outcome}, {self.reason or self.kind})"

    @property
    def crc_form(self) -> CrcForm:
        """The form of the frame's check sum, and of its answer's."""
        return self.frame.crc_form

    @property
    def encrypted(self) -> bool:
        """Whether the frame came encrypted."""
        return self.header is not None and self.header.encrypted

    @property
    def token(self) -> Code | None:
        """Without `*`."""
        return None if self.header is None else self.header.token

    @property
    def sequence(self) -> Code | None:
        """Four decimal digits, as sent."""
        return None if self.header is None else self.header.sequence

    @property
    def receiver(self) -> Code | None:
        """Digits of R as sent, None where it is absent."""
        return None if self.header is None else self.header.receiver

    @property
    def line(self) -> Code | None:
        """Digits of L as sent, "" for an `L` alone, None where it is absent."""
        return None if self.header is None else self.header.line

    @property
    def transmitter(self) -> AccountNumber | None:
        """The header's account as sent."""
        return None if self.header is None else self.header.account

    @property
    def data(self) -> str:
        """What stands between the brackets, decrypted, without the pad."""
        return "" if self.content is None else self.content.data

    @property
    def xdata(self) -> tuple[str, ...]:
        """Extended data blocks, letter first."""
        return () if self.content is None else self.content.xdata

    @property
    def timestamp(self) -> str | None:
        """The time stamp as sent, without the underline."""
        return None if self.content is None else self.content.timestamp

    @property
    def events(self) -> tuple[SiaEvent | CidEvent, ...]:
        """In order of sending."""
        return () if self.payload is None else self.payload.events


def judge(frame: RawFrame, directory: AccountDirectory, policy: ReceiverPolicy, now: Micros | None) -> Verdict:
    """Read a frame and decide what becomes of it.

    `now` None: the time stamp is not judged. Nothing is stored and nobody is answered here; what may be told to the
    sender is in `answers`, and for an event only after the signal is durable.
    """
    read = read_body(frame.body)
    if read is None:
        return Verdict(frame, "discarded", "header")
    header, content = read
    receiver, line = header.receiver, header.line
    receiver_number = None if receiver is None else int(receiver, 16)
    line_number = None if line is None else int(line or "0", 16)
    known = directory.find(receiver_number, line_number, header.account)
    unknown = policy.unknown_accounts
    if known is None and now is not None:
        unknown = directory.refusal(receiver_number, line_number, header.account, now) or unknown
    if isinstance(content, bytes):
        content = None if known is None or known.key is None else decrypt_content(known.key, content)
    if content is None:
        outcome, reason, reply = _decide(header, known, None, None, policy, unknown, None, None)
        kind = "answer" if outcome == "answer" else None
        return Verdict(frame, outcome, reason, kind, reply, header, known, header.account, known)
    payload = read_payload(header.token, content.data)
    data_account = payload.account if payload is not None else split_account(content.data)[0] if content.data else None
    device_time = clock_off_s = None
    if content.timestamp is not None:
        device_time = read_stamp(content.timestamp, None if known is None else known.panel_time_zone, now)
        if device_time is not None and now is not None:
            clock_off_s = _clock_off_s(device_time, known, now)
    account, object_policy, disputed = header.account, known, False
    if payload is not None and data_account is not None and data_account.upper() != account.upper():
        named = directory.find(receiver_number, line_number, data_account)
        if named is not None:
            # Whoever refused a number meant what it sends of itself, and not an alarm of an account of ours.
            unknown = policy.unknown_accounts
            if _may_speak_for(named, header):
                account, object_policy = data_account, named
            else:
                disputed = True
    outcome, reason, reply = _decide(header, known, content, payload, policy, unknown, device_time, clock_off_s)
    kind = "answer" if outcome == "answer" else None
    if outcome == "accepted":
        kind = "poll" if _is_poll(header.token, payload, object_policy or known) else "event"
    return Verdict(
        frame,
        outcome,
        reason,
        kind,
        reply,
        header,
        known,
        account,
        object_policy,
        disputed,
        content,
        payload,
        data_account,
        device_time,
        clock_off_s,
    )


def decrypt_content(key: bytes, hex_text: bytes) -> Content | None:
    """Decrypt what stands behind the first `[`; None for every failure alike."""
    clear = crypto.read_secret(key, hex_text)
    return None if clear is None else read_decrypted(clear)


def read_payload(token: str, data: str) -> Payload | None:
    """Read the data of a token that reports events; None where they cannot be read, and for every other token."""
    if token == "SIA-DCS":  # noqa: S105 - a word of the protocol
        return parse_sia(data)
    return parse_cid(data) if token == "ADM-CID" else None  # noqa: S105


def _decide(
    header: Header,
    known: AccountPolicy | None,
    content: Content | None,
    payload: Payload | None,
    policy: ReceiverPolicy,
    unknown: UnknownPolicy,
    device_time: Micros | None,
    clock_off_s: int | None,
) -> tuple[Outcome, Reason | None, ReplyKind | None]:
    """Steps 3 to 9 in their order."""
    if (content is None and not header.encrypted) or (header.line is None and policy.missing_line == "refuse"):
        return "discarded", "header", None
    has_key = known is not None and known.key is not None
    if header.token in ANSWER_TOKENS:
        return ("discarded", "decrypt", None) if content is None and has_key else ("answer", None, None)
    if known is None and unknown != "ack":
        return ("refused", "account", "DUH") if unknown == "duh" else ("discarded", "account", None)
    if has_key and not header.encrypted:
        return ("refused", "downgrade", "DUH") if policy.downgrade == "duh" else ("discarded", "downgrade", None)
    if content is None:
        return "discarded", "decrypt", None
    if header.encrypted:
        if device_time is None and policy.unstamped == "silent":
            return "discarded", "time", None
        if device_time is None or clock_off_s is not None:
            return "refused", "time", "NAK"
    is_event = header.token in EVENT_TOKENS
    if not is_event and header.token not in POLL_TOKENS:
        return "refused", "token", "DUH"
    if is_event and payload is None:
        return "refused", "payload", "DUH"
    return "accepted", None, "*ACK" if header.encrypted else "ACK"


def _clock_off_s(device_time: Micros, known: AccountPolicy | None, now: Micros) -> int | None:
    """How far a stamp lies outside the window, from now; None inside it. The window's ends belong to it."""
    late_max_s, early_max_s = (LATE_MAX_S, EARLY_MAX_S) if known is None else (known.late_max_s, known.early_max_s)
    off_us = device_time - now
    if late_max_s is not None and off_us < -late_max_s * SECOND:
        return -(-off_us // SECOND)
    if early_max_s is not None and off_us > early_max_s * SECOND:
        return off_us // SECOND
    return None


def _may_speak_for(named: AccountPolicy, header: Header) -> bool:
    """Whether a frame may speak for the account that its data name (DC09.md section 4).

    A clear frame never speaks for an account that has a key; an encrypted one only where that account says who may
    carry it.
    """
    return named.key is None or (header.encrypted and named.carried_by == header.account.upper())


def _is_poll(token: str, payload: Payload | None, policy: AccountPolicy | None) -> bool:
    if token in POLL_TOKENS:
        return True
    if policy is None or not policy.poll_602 or payload is None or len(payload.events) != 1:
        return False
    event = payload.events[0]
    return isinstance(event, CidEvent) and event.code == _PERIODIC_TEST
