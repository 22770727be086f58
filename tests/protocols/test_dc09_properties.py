"""What holds of any frame and of any bytes."""

import time
from typing import Any

import msgspec
import pytest
from dc09_tools import KEY, NOW, PAD, RECEIPT, Directory, account, framed, judged
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.errors import BadInput
from tocsin.protocols.contact_id import parse_cid
from tocsin.protocols.dc09.answers import acknowledge, acknowledge_poll, read_answer, refuse
from tocsin.protocols.dc09.encode import encode_frame, format_stamp, parse_stamp, wrap
from tocsin.protocols.dc09.framing import FRAME_MAX, RawFrame, StreamDecoder, read_datagram
from tocsin.protocols.dc09.judge import ReceiverPolicy, Verdict, judge
from tocsin.protocols.dc09.signals import to_arrival
from tocsin.protocols.payload import SiaEvent
from tocsin.protocols.sia_events import parse_sia, read_sia

# -- strategies ------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_characters="[]|^\r\n", exclude_categories=["Cs"]), min_size=1, max_size=20)
HEX = "0123456789ABCDEF"
ACCOUNTS = st.text("0123456789ABCDEFabcxyzXYZ", min_size=1, max_size=16)
NUMBERS = st.none() | st.text(HEX, min_size=1, max_size=6)
SIA_EVENTS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "ri1/", "ri2/pi010/", "id5/", "ti07:04/da03-04-27/"]),
        st.sampled_from(["BA", "FA", "OP", "WA", "ZZ", "RP"]),
        st.text("0123456789", max_size=4),
        st.sampled_from(["", "*17C_", "*-4.5F_", "*''NM"]),
        TEXTS.map(lambda text: f"^{text}^") | st.just(""),
    ),
)
SIA_BLOCKS = st.one_of(
    st.lists(SIA_EVENTS, min_size=1, max_size=4).map(lambda events: "N" + "/".join(events)),
    st.lists(SIA_EVENTS, min_size=1, max_size=2).map(lambda events: "O" + "/".join(events)),
    TEXTS.map(lambda text: "A" + text),
)
SIA_DATA = st.builds(
    lambda number, blocks: "|".join((f"#{number}", *blocks)), ACCOUNTS, st.lists(SIA_BLOCKS, min_size=1, max_size=3)
)
CID_DATA = st.builds(
    lambda number, q, code, group, zone: f"#{number}|{q}{code} {group} {zone}",
    ACCOUNTS,
    st.sampled_from("136"),
    st.text("0123456789BCDEF", min_size=3, max_size=3),
    st.text("0123456789", min_size=2, max_size=2),
    st.text("0123456789", min_size=3, max_size=3),
)
STAMPS = st.integers(0, 4_000_000_000).map(lambda second: format_stamp(second * 1_000_000))  # pyright: ignore[reportArgumentType]
CONTENTS = st.one_of(
    st.tuples(st.just("SIA-DCS"), SIA_DATA),
    st.tuples(st.just("ADM-CID"), CID_DATA),
    st.tuples(st.sampled_from(["NULL", "XNM", "SIA-PUL", "ACK", "DUH", "RSP", "VIS-BBA"]), st.just("") | SIA_DATA),
)
BLOCKS = st.lists(st.builds(str.__add__, st.sampled_from("ACGHIJKLMNOPRSTVXYZEB$"), TEXTS), max_size=3)
PADS = st.binary(min_size=15, max_size=40)
KEYS = st.none() | st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
FRAMES = st.fixed_dictionaries(
    {
        "content": CONTENTS,
        "sequence": st.integers(0, 9999).map("{:04}".format),
        "receiver": NUMBERS,
        "line": NUMBERS | st.just(""),
        "account": ACCOUNTS,
        "blocks": BLOCKS,
        "timestamp": STAMPS,
        "key": KEYS,
        "pad": PADS,
        "crc_form": st.sampled_from(["hex", "binary"]),
        "upper_hex": st.booleans(),
    }
)


def encoded(parts: dict[str, Any]) -> bytes:
    token, data = parts["content"]
    return encode_frame(token=token, data=data, **{name: parts[name] for name in parts if name != "content"})


class Everyone:
    """Knows every account, with one key or none."""

    config = 1

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    def find(self, receiver: int | None, line: int | None, number: str) -> Any:
        return account(number, self._key, late_max_s=None, early_max_s=None)

    def refusal(self, receiver: int | None, line: int | None, account: str, now: int) -> None:
        return None


def answered(verdict: Verdict) -> bytes | None:
    """Whatever the sender would get."""
    if verdict.kind == "event":
        to_arrival(verdict, peer="x", transport="udp", received_at=NOW, config=1)
        return acknowledge(verdict, RECEIPT, NOW, PAD)
    return acknowledge_poll(verdict, NOW, PAD) if verdict.kind == "poll" else refuse(verdict, NOW)


@given(FRAMES)
@settings(max_examples=400)
def test_what_is_encoded_is_read_again(parts: dict[str, Any]) -> None:
    frame = encoded(parts)
    (piece,) = read_datagram(frame)
    assert isinstance(piece, RawFrame)
    assert (piece.raw, piece.crc_form) == (frame, parts["crc_form"])
    verdict = judge(piece, Everyone(parts["key"]), ReceiverPolicy(), NOW)
    token, data = parts["content"]
    assert verdict.header is not None
    assert (
        verdict.token,
        verdict.sequence,
        verdict.receiver,
        verdict.line,
        verdict.transmitter,
        verdict.encrypted,
    ) == (
        token,
        parts["sequence"],
        parts["receiver"],
        parts["line"],
        parts["account"],
        parts["key"] is not None,
    )
    assert (verdict.data, verdict.xdata, verdict.timestamp) == (data, tuple(parts["blocks"]), parts["timestamp"])
    answer = answered(verdict)
    if token in ("SIA-DCS", "ADM-CID", "NULL", "XNM"):
        assert verdict.outcome == "accepted"
        assert answer is not None
        (answer_frame,) = read_datagram(answer)
        assert isinstance(answer_frame, RawFrame)
        read = read_answer(answer_frame, parts["key"])
        assert read is not None
        assert (read.kind, read.sequence, read.receiver, read.line, read.account, read.encrypted) == (
            "ACK",
            parts["sequence"],
            parts["receiver"],
            parts["line"] if parts["line"] != "" else "0",
            parts["account"],
            parts["key"] is not None,
        )
        assert answer_frame.crc_form == parts["crc_form"]
    else:
        assert verdict.outcome == ("answer" if token in ("ACK", "DUH", "RSP") else "refused")


@given(st.binary(max_size=40), st.sampled_from(["", "#5512|NBA01"]), st.booleans(), st.booleans())
def test_any_pad_with_or_without_separator_is_read(pad: bytes, data: str, separator: bool, short: bool) -> None:
    separator = separator or bool(data)
    try:
        frame = encode_frame(
            token="SIA-DCS" if data else "NULL",
            sequence="0001",
            receiver=None,
            line="0",
            account="5512",
            data=data,
            timestamp="07:05:09,03-04-2027",
            key=KEY,
            pad=pad[:15] if short else pad,
            separator=separator,
        )
    except BadInput:
        assert len(pad[:15] if short else pad) < 15
        return
    assert (judged(frame, account("5512", KEY)).outcome, judged(frame, account("5512", KEY)).data) == ("accepted", data)


# -- any bytes -------------------------------------------------------------------------------------------------------


def check_any(frame: RawFrame, key: bytes | None) -> None:
    for directory in (Everyone(key), Directory()):
        for settings_ in (
            ReceiverPolicy(),
            ReceiverPolicy(unknown_accounts="duh", downgrade="duh", unstamped="silent"),
        ):
            for now in (NOW, None):
                verdict = judge(frame, directory, settings_, now)
                assert (verdict.outcome == "accepted") == (verdict.reply in ("ACK", "*ACK"))
                assert (verdict.outcome == "refused") == (verdict.reply in ("NAK", "DUH"))
                assert (verdict.reason is None) == (verdict.outcome in ("accepted", "answer"))
                answer = answered(verdict)
                assert (answer is None) == (verdict.reply is None)
                assert answer is None or isinstance(read_datagram(answer)[0], RawFrame)
                msgspec.json.encode((verdict.data, verdict.xdata, verdict.events))
    read_answer(frame, key)


@given(st.binary(max_size=200))
def test_any_body_gives_a_result(body: bytes) -> None:
    check_any(RawFrame(body, "hex", 0, body), KEY)


PARTS_OF_BODIES = [
    '"',
    "*",
    "SIA-DCS",
    "ADM-CID",
    "NULL",
    "ACK",
    "NAK",
    "0001",
    "R1",
    "L0",
    "L",
    "#5512",
    "A0",
    "[",
    "]",
    "|",
    "N",
    "O",
    "A",
    "^",
    "/",
    "_",
    "*'",
    "'NM",
    "ri1",
    "BA01",
    "id5",
    "BA",
    "1131 01 015",
    "07:05:09,03-04-2027",
    "G2",
    "CDP",
    "\xff",
    "ä",
    "#",
]


@given(st.lists(st.sampled_from(PARTS_OF_BODIES), max_size=30).map("".join), st.sampled_from([None, KEY]))
@settings(max_examples=400)
def test_any_mixture_of_the_right_pieces_gives_a_result(body: str, key: bytes | None) -> None:
    for encoding in ("utf-8", "latin-1"):
        data = body.encode(encoding)
        check_any(RawFrame(data, "binary", 0, data), key)
        inside = b'"SIA-DCS"0001L0#5512[' + data.replace(b"[", b"").replace(b"]", b"") + b"]"
        check_any(framed(inside.replace(b"\n", b"")), key)


@given(st.binary(min_size=32, max_size=96), st.sampled_from(["SIA-DCS", "NULL", "ACK"]))
def test_any_secret_gives_a_result(clear: bytes, token: str) -> None:
    from tocsin.protocols.dc09.crypto import encrypt

    body = f'"*{token}"0001L0#5512['.encode() + encrypt(KEY, clear[: len(clear) // 16 * 16]).hex().encode()
    check_any(framed(body), KEY)


@given(st.data())
@settings(max_examples=300)
def test_mutated_frame_never_gives_an_event_without_a_right_check_sum(data: st.DataObject) -> None:
    stream = bytearray(encoded(data.draw(FRAMES)))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, max(0, len(stream) - 1)))
        match data.draw(st.sampled_from(["flip", "drop", "insert"])):
            case "flip" if stream:
                stream[place] ^= 1 << data.draw(st.integers(0, 7))
            case "drop":
                del stream[place : place + data.draw(st.integers(1, 4))]
            case _:
                stream[place:place] = data.draw(st.binary(min_size=1, max_size=4))
    behind = b'\nE3A70013"NULL"0000L0#5512[]\r'
    pieces = StreamDecoder().feed(bytes(stream) + behind)
    assert pieces[-1].raw == behind
    for piece in pieces:
        assert len(piece.raw) <= FRAME_MAX
        if isinstance(piece, RawFrame):
            assert crc_by_hand(piece.body) == piece.crc
            assert wrap(piece.body, piece.crc_form).upper() == piece.raw.upper()
            check_any(piece, None)


def crc_by_hand(data: bytes) -> int:
    """The check sum from its definition: polynomial 8005, reflected."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


DEEP = {
    "pipes": "|" * 4000,
    "slashes": "N" + "/" * 4000,
    "carets": "N" + "^" * 4000,
    "stars": "N" + "*" * 4000,
    "names": "N" + "*'" * 2000,
    "events": "N" + "BA/" * 1330,
    "modifiers": "N" + "ri/" * 1330,
    "glued": "Nri" + "1A" * 2000,
    "hex": "Nri0" + "A" * 4000,
    "letters": "Nri0" + "AG" * 2000,
    "texts": "N" + "BA^x^" * 800,
    "digits": "NBA" + "0" * 4000,
    "values": "NBA" + "*1V_" * 1000,
    "blocks": "NBA01" + "|A" * 2000,
    "many_mods": "N" + "".join(f"{a}{b}1/BA/" for a in "abcdefghijklmnop" for b in "abcdefghijklmnop")[:4000],
    "cid": "1131 01 015|" * 330,
    "blanks": " " * 4000,
    "apostrophes": "NBA*'" + "'" * 3990,
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("token", ["SIA-DCS", "ADM-CID", "NULL"])
def test_deep_content_gives_a_result_in_bounded_time(name: str, token: str) -> None:
    frame = framed(f'"{token}"0001L0#5512[#5512|{DEEP[name]}]')
    begin = time.process_time()
    for _ in range(3):
        check_any(frame, None)
    assert time.process_time() - begin < 1.5  # 24 judgements, each of at most a few milliseconds


@pytest.mark.parametrize("unit", ["[", "]", "[]", "][", "[x]", "_", "[" * 3 + "]"])
def test_deep_brackets_give_a_result_in_bounded_time(unit: str) -> None:
    begin = time.process_time()
    for head in ('"SIA-DCS"0001L0#5512[', '"SIA-DCS"0001L0#5512[#5512|NBA01]', '"NULL"0000L0#5512[]', '"'):
        check_any(framed((head + unit * 4000)[:4090]), None)
    assert time.process_time() - begin < 1.5


@given(st.text(max_size=80) | SIA_DATA | st.lists(st.sampled_from(PARTS_OF_BODIES), max_size=12).map("".join))
@settings(max_examples=500)
def test_the_short_way_reads_what_the_long_way_reads(data: str) -> None:
    assert parse_sia(data) == read_sia(data)
    assert parse_sia("#5512|" + data) == read_sia("#5512|" + data)
    parse_cid(data)


@given(SIA_DATA)
def test_events_are_those_that_were_written(data: str) -> None:
    payload = parse_sia(data)
    assert payload is not None
    assert f"#{payload.account}|" == data[: data.index("|") + 1]
    blocks = data.split("|")[1:]
    texts = [block[1:] for block in blocks if block.startswith("A")]
    assert list(payload.texts) == texts
    assert all(isinstance(event, SiaEvent) and f"{event.code}{event.address}" in data for event in payload.events)


# -- stamps ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 250_000_000_000))
def test_stamp_is_read_as_it_was_written(second: int) -> None:
    assert parse_stamp(format_stamp(second * 1_000_000)) == second * 1_000_000  # pyright: ignore[reportArgumentType]


@given(st.text(max_size=30) | st.from_regex(r"\A[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{2}-[0-9]{2}-[0-9]{4}\Z"))
def test_any_text_is_a_stamp_or_none(text: str) -> None:
    at = parse_stamp(text)
    assert at is None or format_stamp(at) == text


# -- encoder ---------------------------------------------------------------------------------------------------------

RIGHT: dict[str, Any] = {
    "token": "SIA-DCS",
    "sequence": "0001",
    "receiver": None,
    "line": "0",
    "account": "5512",
    "data": "#5512|NBA01",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": ""},
        {"token": 'A"B'},
        {"sequence": "1"},
        {"sequence": "00000"},
        {"receiver": "G"},
        {"line": "1234567"},
        {"account": ""},
        {"account": "5512["},
        {"account": "1" * 17},
        {"data": "a]b"},
        {"data": "a\nb"},
        {"data": "a\rb"},
        {"blocks": ["I["]},
        {"timestamp": "]"},
        {"data": "x" * 4090},
        {"key": b"short", "pad": bytes(31)},
        {"key": KEY, "pad": b""},
        {"data": "#5512|NBA01^日本^", "encoding": "cp1252"},
    ],
    ids=repr,
)
def test_what_no_frame_can_hold_is_refused_without_echo(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        encode_frame(**(RIGHT | wrong))
    assert caught.value.code in ("dc09.encode", "dc09.key")
    assert "short" not in str(caught.value).replace("too short", "")


@given(st.text("äöüß€é—x", min_size=1, max_size=20), st.sampled_from(["utf-8", "cp1252"]))
def test_text_is_read_in_either_encoding(text: str, encoding: Any) -> None:
    frame = encode_frame(**(RIGHT | {"data": f"#5512|NBA01^{text}^"}), encoding=encoding)
    event = judged(frame).events[0]
    assert isinstance(event, SiaEvent)
    try:
        expected = text.encode(encoding).decode("utf-8")
    except UnicodeDecodeError:
        expected = text
    assert event.text == expected
