"""An independent decoder and encoder, `siadc09` from PyPI: what one side writes the other reads alike.

Its limits, kept to here:
- the check sum as two bytes does not exist for it: it wants the quote at offset 9;
- R, L and the account are numbers: leading zeros are lost (an account is written with at least three digits), letters
  beyond F are refused, and an `L` without digits or a missing L is an error;
- CR and LF inside a body are errors even where length and check sum are right;
- it finds the end of the pad at the first `|` of the whole clear text, so with empty data no block may hold one;
- an answer's NAK must have `#` before its account; ours is the standard's `A0`, which it cannot read;
- Contact ID: it accepts the digit A and any qualifier, and names 2 the restoral where every panel sends 3; here only
  what is sent is compared;
- event addresses, groups and zones become numbers; blocks H, G, A, K, M, N become typed values, so text blocks are
  compared;
- data in DC-03 are kept as they came, so they are compared as text; it reads no event whose text is not ASCII.
"""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from dc09_tools import NOW, account
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.protocols.dc09.answers import acknowledge_poll, read_answer
from tocsin.protocols.dc09.encode import encode_frame, format_stamp
from tocsin.protocols.dc09.framing import RawFrame, read_datagram
from tocsin.protocols.dc09.judge import ReceiverPolicy, judge
from tocsin.protocols.payload import CidEvent

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

foreign_account = pytest.importorskip("siadc09.account", reason="siadc09 is not installed")
foreign_message = pytest.importorskip("siadc09.message")
foreign_sia = pytest.importorskip("siadc09.siadcs")
foreign_cid = pytest.importorskip("siadc09.admcid")
foreign_xdata = pytest.importorskip("siadc09.xdata")

for _name in ("message", "siadcs", "admcid", "xdata"):
    logging.getLogger(f"siadc09.{_name}").setLevel(
        logging.ERROR
    )  # it logs every frame, which takes longer than reading

NUMBERS = st.none() | st.integers(1, 0xFFFFFF)
ACCOUNTS = st.integers(0x100, 0xFFFFFFFFFFFFFFFF)
TEXTS = st.text("abc xyz ÄÖé€", max_size=12)
SIA = st.builds(
    lambda number, area, code, zone, text: f"#{number:X}|Nri{area}/{code}{zone:03}{f'^{text}^' if text else ''}",
    ACCOUNTS,
    st.integers(0, 9),
    st.sampled_from(["BA", "FA", "WA", "RP", "TA"]),
    st.integers(0, 999),
    TEXTS,
)
CID = st.builds(
    lambda number, q, code, group, zone: f"#{number:X}|{q}{code} {group:02} {zone:03}",
    ACCOUNTS,
    st.sampled_from("136"),
    st.sampled_from(["131", "110", "401", "602"]),
    st.integers(0, 99),
    st.integers(0, 999),
)
CONTENTS = st.one_of(
    st.tuples(st.just("SIA-DCS"), SIA), st.tuples(st.just("ADM-CID"), CID), st.just(("NULL", "")), st.just(("XNM", ""))
)
BLOCKS = st.lists(
    st.builds(str.__add__, st.sampled_from("ILORSV"), st.text("abc xyz ÄÖé€", min_size=1, max_size=12)), max_size=3
)
KEYS = st.none() | st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
SECONDS = st.integers(0, 4_000_000_000)


class Anyone:
    config = 1

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    def find(self, receiver: int | None, line: int | None, number: str) -> Any:
        return account(number, self._key, late_max_s=None, early_max_s=None)

    def refusal(self, receiver: int | None, line: int | None, account: str, now: int) -> None:
        return None


def as_number(digits: str | None) -> int | None:
    return None if digits is None else int(digits, 16)


@given(
    CONTENTS,
    st.integers(0, 9999),
    NUMBERS,
    NUMBERS,
    ACCOUNTS,
    BLOCKS,
    SECONDS,
    KEYS,
    st.binary(min_size=31, max_size=31),
)
@settings(max_examples=200)
def test_it_reads_what_we_write(
    content: tuple[str, str],
    sequence: int,
    receiver: int | None,
    line: int | None,
    number: int,
    blocks: list[str],
    second: int,
    key: bytes | None,
    pad: bytes,
) -> None:
    token, data = content
    if token == "NULL":
        blocks = []
    frame = encode_frame(
        token=token,
        sequence=f"{sequence:04}",
        receiver=None if receiver is None else f"{receiver:X}",
        line="0" if line is None else f"{line:X}",
        account=f"{number:X}",
        data=data,
        blocks=blocks,
        timestamp=format_stamp(second * 1_000_000),
        key=key,
        pad=pad,  # pyright: ignore[reportArgumentType]
    )
    read = foreign_message.parse_frame(frame, key)
    assert (read.idtoken, read.seq, read.account.rcvr, read.account.pref, read.account.acct, read.encrypted) == (
        token,
        sequence,
        receiver,
        line,
        number,
        key is not None,
    )
    assert read.timestamp == datetime.fromtimestamp(second, UTC)
    assert read.pack_data().decode() == data
    assert [block.prefix + block.value for block in read.xdata] == blocks


@given(CONTENTS, st.integers(0, 9999), NUMBERS, NUMBERS, ACCOUNTS, BLOCKS, SECONDS, KEYS)
@settings(max_examples=200)
def test_we_read_what_it_writes(
    content: tuple[str, str],
    sequence: int,
    receiver: int | None,
    line: int | None,
    number: int,
    blocks: list[str],
    second: int,
    key: bytes | None,
) -> None:
    token, data = content
    parse = foreign_sia.parse_siadcs if token == "SIA-DCS" else foreign_cid.parse_admcid
    frame = foreign_message.Message(
        foreign_account.Account(acct=number, pref=line, rcvr=receiver, key=key),
        {
            "idtoken": token,
            "seqno": sequence,
            "data": parse(data.encode()) if data else None,
            "xdata": [foreign_xdata.parse_xdata(block.encode()) for block in blocks],
            "timestamp": datetime.fromtimestamp(second, UTC),
        },
    ).encode()
    (piece,) = read_datagram(frame)
    assert isinstance(piece, RawFrame)
    verdict = judge(piece, Anyone(key), ReceiverPolicy(), NOW)
    assert verdict.outcome == "accepted", verdict.reason
    assert (verdict.token, verdict.sequence, as_number(verdict.receiver), as_number(verdict.line)) == (
        token,
        f"{sequence:04}",
        receiver,
        line or 0,
    )
    assert verdict.transmitter is not None
    assert (int(verdict.transmitter, 16), verdict.encrypted, verdict.device_time) == (
        number,
        key is not None,
        second * 1_000_000,
    )
    assert (verdict.data, list(verdict.xdata)) == (data, blocks)


@given(SIA.filter(str.isascii))
def test_events_in_dc03_are_read_alike(data: str) -> None:
    theirs = [
        event for block in foreign_sia.parse_siadcs(data.encode()).blocks for event in getattr(block, "events", [])
    ]
    (piece,) = read_datagram(
        encode_frame(token="SIA-DCS", sequence="0001", receiver=None, line="0", account="5512", data=data)
    )
    assert isinstance(piece, RawFrame)
    ours = judge(piece, Anyone(None), ReceiverPolicy(), NOW).events
    assert [event.code for event in ours] == [event.code for event in theirs]


@given(CID)
def test_events_in_dc05_are_read_alike(data: str) -> None:
    theirs = foreign_cid.parse_admcid(data.encode()).event
    (piece,) = read_datagram(
        encode_frame(token="ADM-CID", sequence="0001", receiver=None, line="0", account="5512", data=data)
    )
    assert isinstance(piece, RawFrame)
    (ours,) = judge(piece, Anyone(None), ReceiverPolicy(), NOW).events
    assert isinstance(ours, CidEvent)
    assert (ours.qualifier, ours.code, int(ours.group, 16), int(ours.zone, 16)) == (
        theirs.qualifier,
        theirs.code,
        theirs.group,
        theirs.addr,
    )


@given(KEYS, st.integers(1, 0xFFFFFF), ACCOUNTS, st.binary(min_size=1, max_size=40))
@settings(max_examples=60)
def test_it_reads_our_acknowledgement_and_we_read_its_own(
    key: bytes | None, line: int, number: int, pad: bytes
) -> None:
    context = foreign_account.Account(acct=number, pref=line, key=key)
    (poll,) = read_datagram(foreign_message.NullMessage(context).encode())
    assert isinstance(poll, RawFrame)
    ours = acknowledge_poll(judge(poll, Anyone(key), ReceiverPolicy(), NOW), NOW, pad)
    read = foreign_message.parse_frame(ours, key)
    assert (read.idtoken, read.seq, read.account.acct, read.account.pref) == ("ACK", 0, number, line)
    (theirs,) = read_datagram(foreign_message.AckMessage(context, seq=0).encode())
    assert isinstance(theirs, RawFrame)
    answer = read_answer(theirs, key)
    assert answer is not None
    assert (answer.kind, answer.sequence, as_number(answer.account), answer.encrypted) == (
        "ACK",
        "0000",
        number,
        key is not None,
    )
