"""Accounts of a bench's centre, and frames for them: encoded beforehand, each different, with the answer it is due."""

from hashlib import sha256
from typing import Final, NamedTuple

from tocsin.model.values import Micros
from tocsin.protocols.dc09.answers import read_answer
from tocsin.protocols.dc09.encode import encode_frame, format_stamp, wrap
from tocsin.protocols.dc09.framing import RawFrame, read_datagram

SEQUENCES: Final = 9999
LINE: Final = "0"
PAD: Final = bytes(range(0x30, 0x30 + 31))
"""The longest pad of the newest edition. It need not be random: nobody listens in."""


class Account(NamedTuple):
    """One account of the bench's centre."""

    number: str
    key: bytes | None
    """16 bytes for an encrypted one."""


class Prepared(NamedTuple):
    """A frame, and what its answer is compared with."""

    frame: bytes
    due: bytes
    """The whole answer to a clear frame; of an encrypted one's, what stands from its first quote to its bracket."""


def account(index: int, *, is_encrypted: bool) -> Account:
    """The account of this index, the same in the process that sets it up and in the one that sends for it."""
    if not is_encrypted:
        return Account(f"{index:06d}", None)
    number = f"E{index:05d}"
    return Account(number, sha256(b"tocsin bench " + number.encode()).digest()[:16])


def accounts_csv(clear: int, encrypted: int) -> bytes:
    """A file for the import: so many accounts without a key, and so many with one."""
    rows = ["account,key,key_form"]
    rows += [f"{account(i, is_encrypted=False).number},," for i in range(clear)]
    for index in range(encrypted):
        number, key = account(index, is_encrypted=True)
        assert key is not None
        rows.append(f"{number},{key.hex()},hex")
    return ("\n".join(rows) + "\n").encode()


MIXED: Final = (
    "BA001", "BA002", "BR001", "BR002", "FA003", "FH003", "BA004", "BR004", "BA004", "BR004", "BA004", "BR004",
    "AT000", "AR000", "WA005", "WH005", "BT006", "BJ006", "TA007", "TR007", "GA008", "GH008", "RP000", "YT000",
)  # fmt: skip
"""What a storm of everything holds: alarms and restorals of several classes, a detector that chatters, mains, tests."""


def prepare(of: Account, first: int, count: int, now: Micros, *, is_mixed: bool = False) -> list[Prepared]:
    """Encode burglary alarms number `first` to `first + count - 1` of an account; no two of them are repeats.

    With `is_mixed`, whatever MIXED holds in turn, so that every rule has work.

    Clear frames have no time stamp, encrypted ones that of `now`, as the standard wants.
    """
    stamp = None if of.key is None else format_stamp(now)
    return [_one(of, number, stamp, is_mixed=is_mixed) for number in range(first, first + count)]


def poll(of: Account) -> Prepared:
    """A supervision message."""
    frame = encode_frame(token="NULL", sequence="0001", receiver=None, line=LINE, account=of.number, data=None)  # noqa: S106
    return Prepared(frame, wrap(f'"ACK"0001L{LINE}#{of.number}[]'.encode(), "hex"))


def is_acknowledged(of: Account, sent: Prepared, answer: bytes) -> bool:
    """Whether an answer is the acknowledgement that the frame is due, decrypted where it is encrypted."""
    if of.key is None:
        return answer == sent.due
    pieces = read_datagram(answer)
    if len(pieces) != 1 or not isinstance(pieces[0], RawFrame):
        return False
    read = read_answer(pieces[0], of.key)
    return read is not None and read.kind == "ACK" and pieces[0].body.startswith(sent.due)


def _one(of: Account, number: int, stamp: str | None, *, is_mixed: bool) -> Prepared:
    plain = f"BA{number // SEQUENCES % 999 + 1:03d}"
    sequence = f"{number % SEQUENCES + 1:04d}"
    frame = encode_frame(
        token="SIA-DCS",  # noqa: S106 - a word of the protocol
        sequence=sequence,
        receiver=None,
        line=LINE,
        account=of.number,
        data=f"#{of.number}|Nri1/{MIXED[number % len(MIXED)] if is_mixed else plain}",
        timestamp=stamp,
        key=of.key,
        pad=PAD,
    )
    if of.key is None:
        return Prepared(frame, wrap(f'"ACK"{sequence}L{LINE}#{of.number}[]'.encode(), "hex"))
    return Prepared(frame, f'"*ACK"{sequence}L{LINE}#{of.number}['.encode())
