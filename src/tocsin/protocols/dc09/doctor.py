"""The frame doctor: what is right in a frame, which check failed, and what would fit (DC09.md section 16).

It judges by the very code that the receiver runs; only where check sum or length already failed does it go on, to say
what the frame would have meant. `explain` gives what programs read (INTERFACES.md), `render` what a person reads.
"""

import re
from collections.abc import Mapping
from hashlib import shake_128
from typing import Final, Literal

import msgspec

from tocsin.model.accounts import DUPLICATE_WINDOW_S, EARLY_MAX_S, LATE_MAX_S, AccountPolicy
from tocsin.model.ports import AccountDirectory
from tocsin.model.values import AccountNumber, Micros, Ref
from tocsin.protocols.dc09.answers import ACK_PAD_BYTES, draft_ack, refuse
from tocsin.protocols.dc09.framing import BODY_MAX, CrcForm, RawFrame, Start, crc_of, find_start, read_datagram
from tocsin.protocols.dc09.header import decode_text
from tocsin.protocols.dc09.judge import Outcome, Reason, ReceiverPolicy, Verdict, judge, read_payload
from tocsin.protocols.dc09.keys import parse_any_key
from tocsin.protocols.dc09.stamps import SECOND
from tocsin.protocols.payload import CidEvent, Payload, SiaEvent, split_account

NOTHING: Final = "none"
OFF: Final = -1


class Reply(msgspec.Struct, frozen=True, gc=False):
    """The answer that the frame is due: one correct form of it, in hex."""

    kind: Literal["ACK", "*ACK", "NAK", "DUH", "none"]
    raw: str | None


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One event as sent. SIA: block, code, address, mods, text, units. Contact ID: qualifier, code, group, zone."""

    format: Literal["SIA", "CID"]
    block: str | None = None
    qualifier: str | None = None
    code: str
    address: str | None = None
    group: str | None = None
    zone: str | None = None
    mods: dict[str, str] = {}
    text: str | None = None
    units: str | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What `tocsin frame --jsonl` says of a frame; INTERFACES.md names every field. Absent values are null."""

    outcome: Outcome
    reason: Reason | None
    crc_format: CrcForm | None = None
    crc_ok: bool = False
    length_ok: bool = False
    encrypted: bool = False
    token: str | None = None
    seq: str | None = None
    receiver: str | None = None
    line: str | None = None
    account: str | None = None
    data: str | None = None
    data_account: str | None = None
    disputed: bool | msgspec.UnsetType = msgspec.UNSET
    xdata: list[str] = []
    timestamp: str | None = None
    events: list[Event] = []
    text_blocks: list[str] | msgspec.UnsetType = msgspec.UNSET
    reply: Reply = Reply(NOTHING, None)


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All that the doctor found out about one frame."""

    raw: bytes
    now: Micros | None
    explanation: Explanation
    start: Start | None
    """Where a frame begins; None where nothing looks like one."""
    body: bytes
    has_end: bool
    verdict: Verdict | None
    """What the receiver would say if check sum and length were right."""
    patient: "Patient"


class Patient(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whom the frames are judged for."""

    accounts: Mapping[str, str | None] | None
    """Account to key (hex or text), None for an account in clear; None as a whole: any account is known."""
    key: str | None = None
    """Serves every account that does not stand in `accounts`, in encrypted frames there."""
    directory: AccountDirectory | None = None
    """The accounts of a centre, judged as its receivers do; `accounts` then holds those that hints may name, and `key`
    is tried in place of the one that the frame's account has."""
    late_max_s: int | None = None
    """In place of what each account has; -1: not checked."""
    early_max_s: int | None = None


class _Directory:
    """The accounts of one question, as a receiver would see them (model.ports.AccountDirectory)."""

    def __init__(self, patient: Patient, *, is_encrypted: bool, header_account: str | None) -> None:
        self._patient = patient
        self._any_key = None if patient.key is None else parse_any_key(patient.key)
        self._accounts = (
            None
            if patient.accounts is None
            else {
                account.upper(): None if key is None else parse_any_key(key)
                for account, key in patient.accounts.items()
            }
        )
        self._serves = header_account.upper() if is_encrypted and header_account is not None else None

    @property
    def config(self) -> int:
        return 0

    def find(self, receiver: int | None, line: int | None, account: AccountNumber) -> AccountPolicy | None:
        found = self._found(receiver, line, account)
        if found is None:
            return None
        late_max_s, early_max_s = self._patient.late_max_s, self._patient.early_max_s
        return msgspec.structs.replace(
            found,
            late_max_s=found.late_max_s if late_max_s is None else None if late_max_s == OFF else late_max_s,
            early_max_s=found.early_max_s if early_max_s is None else None if early_max_s == OFF else early_max_s,
        )

    def _found(self, receiver: int | None, line: int | None, account: AccountNumber) -> AccountPolicy | None:
        number = account.upper()
        if self._patient.directory is not None:
            policy = self._patient.directory.find(receiver, line, account)
            if self._any_key is None or number != self._serves:
                return policy
            return _policy(number, self._any_key) if policy is None else _with_key(policy, self._any_key)
        if self._accounts is None:
            return _policy(number, self._any_key)
        if number in self._accounts:
            return _policy(number, self._accounts[number])
        return _policy(number, self._any_key) if self._any_key is not None and number == self._serves else None

    def refusal(self, receiver: int | None, line: int | None, account: AccountNumber, now: Micros) -> None:
        """Nobody refused a number here."""


def _with_key(policy: AccountPolicy, key: bytes) -> AccountPolicy:
    """The account with another key, for a trial."""
    return msgspec.structs.replace(policy, key=key)


def _policy(account: str, key: bytes | None) -> AccountPolicy:
    return AccountPolicy(
        id=Ref("doctor"),
        account=AccountNumber(account),
        receiver=None,
        line=None,
        key=key,
        late_max_s=LATE_MAX_S,
        early_max_s=EARLY_MAX_S,
        duplicate_window_us=DUPLICATE_WINDOW_S * SECOND,
        panel_time_zone=None,
        poll_602=False,
        carried_by=None,
    )


def explain(
    raw: bytes,
    now: Micros | None,
    accounts: Mapping[str, str | None] | None = None,
    key: str | None = None,
    pad: bytes | None = None,
) -> Explanation:
    """Judge one frame as a receiver with these accounts would, field by field.

    `now` None: its time stamp is not judged. Keys are hex or text, told apart by their length. `pad`: random bytes for
    the *ACK; without them it is made of the frame, which is good enough to look at.

    Raises:
        BadInput: a key is none. Nothing about the frame raises.
    """
    return diagnose(raw, now, Patient(accounts=accounts, key=key), pad).explanation


def diagnose(raw: bytes, now: Micros | None, patient: Patient, pad: bytes | None = None) -> Diagnosis:
    """Judge one frame and keep what is needed to explain it to a person; as `explain` otherwise."""
    start = find_start(raw)
    if start is None:
        _Directory(patient, is_encrypted=False, header_account=None)  # a bad key is told whatever the frame is
        nothing = Explanation(outcome="discarded", reason="not_dc09")
        return Diagnosis(
            raw=raw, now=now, explanation=nothing, start=None, body=b"", has_end=False, verdict=None, patient=patient
        )
    end = raw.rfind(b"\r", start.body_at)
    body = raw[start.body_at : len(raw) if end < 0 else end]
    # What stands between frames, taken for the end of one without its CR, belongs to no field.
    readable = body.rstrip(b"\n\0") if end < 0 else body
    frame = RawFrame(raw[start.at : len(raw) if end < 0 else end + 1], start.form, crc_of(body), readable)
    made_out = _made_out(readable)
    directory = _Directory(patient, is_encrypted=body.startswith(b'"*'), header_account=made_out.account)
    verdict = judge(frame, directory, ReceiverPolicy(), now)
    crc_ok = start.crc_fits(body)
    length_ok = end >= 0 and start.length == len(body) <= BODY_MAX
    outcome, reason = verdict.outcome, verdict.reason
    if not crc_ok or not length_ok:
        outcome, reason = "discarded", "length" if crc_ok else "crc"
    elif read_datagram(frame.raw) != [frame]:  # a receiver finds the head of another frame in it
        outcome, reason = "discarded", "header"
    fields = _fields(verdict, made_out)
    explanation = Explanation(
        outcome=outcome,
        reason=reason,
        crc_format=start.form,
        crc_ok=crc_ok,
        length_ok=length_ok,
        encrypted=body.startswith(b'"*'),
        token=fields.token,
        seq=fields.sequence,
        receiver=fields.receiver,
        line=fields.line,
        account=fields.account,
        data=fields.data,
        data_account=fields.data_account,
        disputed=True if verdict.disputed else msgspec.UNSET,
        xdata=list(fields.xdata),
        timestamp=fields.timestamp,
        events=[] if fields.payload is None else [_event(event) for event in fields.payload.events],
        text_blocks=list(fields.payload.texts)
        if fields.payload is not None and fields.payload.texts
        else msgspec.UNSET,
        reply=_reply(verdict, now, pad or shake_128(raw).digest(ACK_PAD_BYTES))
        if outcome in ("accepted", "refused")
        else Reply(NOTHING, None),
    )
    return Diagnosis(
        raw=raw,
        now=now,
        explanation=explanation,
        start=start,
        body=body,
        has_end=end >= 0,
        verdict=verdict,
        patient=patient,
    )


# What can still be read of a broken body, as Latin-1. Each field is held to what stands behind it, so that a broken one
# takes nothing from its neighbour: a sequence to R, L, # or [ where it is in hex, R to L or #, L to #, # to [.
_TOKEN: Final = re.compile(r'"\*?([^"\[\]]{1,40})"')
_SEQUENCE: Final = re.compile(r"[0-9A-Fa-f]{4}(?=[RL#\[])|[0-9]+")
_RECEIVER: Final = re.compile(r"R([0-9A-Fa-f]{1,6})(?:L[^L]*)?\Z")
_LINE: Final = re.compile(r"L([0-9A-Fa-f]{0,6})\Z")
_ACCOUNT: Final = re.compile(r"[0-9A-Za-z]{1,16}")
_CONTENT: Final = re.compile(r"\[([^\[\]]*+)\]((?:\[[^\[\]]*+\])*+)(?:_([^\[\]]*+))?")


class _Fields(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    token: str | None = None
    sequence: str | None = None
    receiver: str | None = None
    line: str | None = None
    account: str | None = None
    data: str | None = None
    data_account: str | None = None
    xdata: tuple[str, ...] = ()
    timestamp: str | None = None
    payload: Payload | None = None


def _fields(verdict: Verdict, made_out: _Fields) -> _Fields:
    """The fields as sent: the receiver's own reading, or what can be made out where it read nothing."""
    header = verdict.header
    if header is None:
        return made_out
    read = _Fields(
        token=header.token,
        sequence=header.sequence,
        receiver=header.receiver,
        line=header.line,
        account=header.account,
    )
    from_content = verdict if verdict.content is not None else None if header.encrypted else made_out
    if from_content is None:
        return read
    return msgspec.structs.replace(
        read,
        data=from_content.data,
        data_account=from_content.data_account,
        xdata=from_content.xdata,
        timestamp=from_content.timestamp,
        payload=from_content.payload,
    )


def _made_out(body: bytes) -> _Fields:
    """Read what can be read of a body whose head or brackets are broken."""
    latin = body.decode("latin-1")
    token = _TOKEN.match(latin)
    if token is None:
        return _Fields()
    head, bracket, _ = latin[token.end() :].partition("[")
    sequence = _SEQUENCE.match(head + bracket)
    before, sign, account = head.partition("#")
    receiver = _RECEIVER.search(before) if sign or "L" in before else None
    line = _LINE.search(before) if sign else None
    content = None if body.startswith(b'"*') else _CONTENT.search(latin, token.end())
    fields = _Fields(
        token=token[1],
        sequence=None if sequence is None else sequence[0],
        receiver=None if receiver is None else receiver[1],
        line=None if line is None else line[1],
        account=account if bracket and _ACCOUNT.fullmatch(account) else None,
    )
    if content is None:
        return fields
    data = _text(content[1])
    payload = read_payload(token[1], data)
    return msgspec.structs.replace(
        fields,
        data=data,
        data_account=payload.account if payload is not None else split_account(data)[0],
        xdata=tuple(_text(block) for block in content[2][1:-1].split("][")) if content[2] else (),
        timestamp=None if content[3] is None else _text(content[3]),
        payload=payload,
    )


def _text(latin: str) -> str:
    return decode_text(latin.encode("latin-1"))


def _event(event: SiaEvent | CidEvent) -> Event:
    if isinstance(event, CidEvent):
        return Event(format="CID", qualifier=event.qualifier, code=event.code, group=event.group, zone=event.zone)
    return Event(
        format="SIA",
        block=event.block,
        code=event.code,
        address=event.address,
        mods={name: value for name, value in event.mods.items() if not name.endswith("^")},
        text=event.text,
        units=event.units,
    )


def _reply(verdict: Verdict, now: Micros | None, pad: bytes) -> Reply:
    at = verdict.device_time if now is None else now
    match verdict.reply:
        case "ACK" | "*ACK" as kind:
            assert at is not None or kind == "ACK", "an encrypted frame without a stamp is never accepted"
            return Reply(kind, draft_ack(verdict, Micros(0) if at is None else at, pad).hex().upper())
        case "NAK" if at is None:
            return Reply("NAK", None)  # it would carry our time, and none was given
        case "NAK" | "DUH" as kind:
            answer = refuse(verdict, Micros(0) if at is None else at)
            assert answer is not None
            return Reply(kind, answer.hex().upper())
        case None:
            return Reply(NOTHING, None)
