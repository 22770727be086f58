"""Framing: what is a frame, what is broken, and that neither depends on how the bytes were split."""

import time

import pytest
from dc09_tools import KEY, PAD
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.values import Code
from tocsin.protocols.dc09.encode import encode_frame, wrap
from tocsin.protocols.dc09.framing import FRAME_MAX, Broken, RawFrame, StreamDecoder, crc_of, read_datagram

NULL = b'\nE3A70013"NULL"0000L0#5512[]\r'
NULL_BINARY = bytes.fromhex("0AE3A730303133224E554C4C22303030304C3023353531325B5D0D")
EVENT = b'\n86530049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027\r'


def binary_with(crc: int, letters: str) -> bytes:
    """A frame with this binary check sum: the first four letters that have it were searched for once."""
    body = f'"NULL"0000L0#5512[{letters}]'.encode()
    assert crc_of(body) == crc
    return wrap(body, "binary")


SEARCHED = {0x0A41: "clAK", 0x0A0A: "ddBY", 0x410A: "cgpi", 0x0D0D: "bdZM", 0x2222: "afAh", 0x3030: "heXA"}
ODD = [binary_with(crc, letters) for crc, letters in SEARCHED.items()]


def cut(stream: bytes, *places: int) -> list[RawFrame | Broken]:
    decoder = StreamDecoder()
    pieces: list[RawFrame | Broken] = []
    begin = 0
    for place in (*sorted(places), len(stream)):
        pieces += decoder.feed(stream[begin:place])
        begin = place
    return pieces + decoder.close()


def test_check_sum_has_the_published_values() -> None:
    assert [f"{crc_of(data):04X}" for data in (b"123456789", b"A", b'"ACK"')] == ["BB3D", "30C0", "06AB"]


@pytest.mark.parametrize("frame", [NULL, NULL_BINARY, EVENT, *ODD], ids=repr)
def test_frame_is_cut_whole_and_at_every_byte(frame: bytes) -> None:
    whole = read_datagram(frame)
    assert [type(piece) for piece in whole] == [RawFrame]
    assert whole[0].raw == frame
    assert whole[0].crc == crc_of(whole[0].body)
    for place in range(len(frame) + 1):
        assert cut(frame, place) == whole
    assert cut(frame, *range(len(frame))) == whole


def test_the_two_forms_give_the_same_body() -> None:
    (hex_form,), (binary_form,) = read_datagram(NULL), read_datagram(NULL_BINARY)
    assert (hex_form.crc_form, binary_form.crc_form) == ("hex", "binary")
    assert (hex_form.body, hex_form.crc) == (binary_form.body, binary_form.crc) == (b'"NULL"0000L0#5512[]', 0xE3A7)


def test_lower_case_length_and_check_sum_are_read() -> None:
    frame = NULL.replace(b"E3A70013", b"e3a70013")
    lower = encode_frame(
        token="SIA-DCS",
        sequence="0001",
        receiver=None,
        line="0",
        account="5512",
        data="#5512|NBA01" + "^x^" * 9,
        upper_hex=False,
    )
    assert [piece.raw for piece in read_datagram(frame + lower)] == [frame, lower]
    assert lower[5:9] == b"003c"


def good(pieces: list[RawFrame | Broken]) -> list[bytes]:
    return [piece.raw for piece in pieces if isinstance(piece, RawFrame)]


BROKEN_BEFORE = {
    "wrong_check_sum": (EVENT.replace(b"8653", b"8654"), "crc"),
    "check_sum_no_digits": (EVENT.replace(b"8653", b"zzzz"), "crc"),
    "length_too_small": (EVENT.replace(b"0049", b"0048"), "length"),
    "length_too_large": (EVENT.replace(b"0049", b"0051"), "length"),
    "length_huge": (EVENT.replace(b"0049", b"0FFF"), "length"),
    "length_beyond_three_digits": (EVENT.replace(b"0049", b"F049"), "length"),
    "both_wrong": (EVENT.replace(b"86530049", b"86540FFF"), "crc"),
    "truncated_in_body": (EVENT[:40], "crc"),
    "truncated_at_cr": (EVENT[:-1], "length"),
    "byte_lost": (EVENT[:30] + EVENT[31:], "crc"),
    "byte_added": (EVENT[:30] + b"x" + EVENT[30:], "crc"),
}


@pytest.mark.parametrize("name", BROKEN_BEFORE)
@pytest.mark.parametrize("behind", [NULL, NULL_BINARY, *ODD], ids=repr)
def test_broken_frame_never_costs_or_delays_the_good_one_behind_it(name: str, behind: bytes) -> None:
    broken, reason = BROKEN_BEFORE[name]
    stream = broken + behind
    decoder = StreamDecoder()
    pieces = decoder.feed(stream)  # without close(): nothing waits for more
    assert good(pieces) == [behind]
    assert [piece.reason for piece in pieces if isinstance(piece, Broken)] == [reason]
    for place in range(len(stream)):
        assert cut(stream, place) == pieces


@pytest.mark.parametrize("name", ["wrong_check_sum", "length_too_small", "length_too_large", "length_huge"])
def test_broken_frame_is_told_when_its_cr_comes(name: str) -> None:
    broken, reason = BROKEN_BEFORE[name]
    assert StreamDecoder().feed(broken) == [Broken(broken, reason)]


@pytest.mark.parametrize("head_length", range(1, 12))
def test_truncated_head_costs_nothing(head_length: int) -> None:
    for behind in (NULL, NULL_BINARY, *ODD):
        assert good(StreamDecoder().feed(EVENT[:head_length] + behind)) == [behind]


def test_null_and_line_ends_between_frames_are_no_rubbish() -> None:
    pieces = cut(b"\0\n\r\n" + NULL + b"\r\n\0\0" + NULL_BINARY + b"\n\n\n" + EVENT + b"\0")
    assert [piece.raw for piece in pieces] == [NULL, NULL_BINARY, EVENT]


@pytest.mark.parametrize("stray", range(1, 5))
def test_stray_lf_before_a_frame_is_skipped(stray: int) -> None:
    for frame in (NULL, NULL_BINARY, *ODD):
        assert [piece.raw for piece in cut(b"\n" * stray + frame)] == [frame]


def test_rubbish_is_told_once_a_run_and_bounded() -> None:
    pieces = cut(b"GET / HTTP/1.1\r\n\r\n" + NULL + b"a\nb\nc" + NULL + b"x" * 20_000 + NULL)
    assert [piece.raw for piece in pieces] == [
        b"GET / HTTP/1.1",
        NULL,
        b"a\nb\nc",
        NULL,
        b"x" * FRAME_MAX,
        NULL,
    ]
    assert {piece.reason for piece in pieces if isinstance(piece, Broken)} == {"not_dc09"}


def test_endless_rubbish_is_told_before_it_ends_and_never_again() -> None:
    decoder = StreamDecoder()
    told = [piece for _ in range(100) for piece in decoder.feed(b"SR0001L0001    ACCTXX    [ID........]\n" * 10)]
    assert [piece.reason for piece in told] == ["not_dc09"]
    assert [piece.raw for piece in decoder.feed(NULL)] == [NULL]


def test_body_may_have_4095_bytes_and_no_more() -> None:
    most = wrap(b'"NULL"0000L0#5512[' + b"x" * 4076 + b"]", "hex")
    assert len(most) == FRAME_MAX
    assert [type(piece) for piece in cut(most, 1, 2000)] == [RawFrame]
    longer = b'\n00000FFF"' + b"x" * 5000 + b"\r"
    pieces = StreamDecoder().feed(longer + NULL)
    assert good(pieces) == [NULL]
    assert max(len(piece.raw) for piece in pieces) <= FRAME_MAX


def test_buffer_stays_bounded() -> None:
    decoder = StreamDecoder()
    for _ in range(50):
        decoder.feed(b'\n00000FFF"' + b"x" * 4000)
        decoder.feed(b"y" * 3000)
        kept = decoder._tail, decoder._run
        assert sum(map(len, kept)) <= 8192


def test_cr_inside_a_body_does_not_end_a_frame_whose_length_and_check_sum_are_right() -> None:
    frame = wrap(b'"SIA-DCS"0001L0#5512[#5512|NBA01^a\rb^]', "hex")
    assert read_datagram(frame) == cut(frame, 30) == cut(frame, *range(len(frame)))
    assert read_datagram(frame)[0].raw == frame


def text_frame(text: bytes) -> bytes:
    """A frame whose text holds these bytes, length and check sum right."""
    return wrap(b'"SIA-DCS"0102L0#5512[#5512|NBA1^' + text + b"^]", "hex")


LINE_ENDS = [
    text_frame(text)
    for text in (
        b"a\nb",
        b"\n",
        b"a\n\nb\n",
        b"a\r\nb",
        b"\n0E3A70013",
        b"\n\x0a\x0b0013",
        b'a\n"b"c',
        b"x" * 40 + b"\n",
    )
] + [wrap(b'"SIA-DCS"0102L0#5512[#5512|NBA1^a\nb^]\n', "binary")]
"""Good frames with an LF in the text that begins no head."""


@pytest.mark.parametrize("frame", LINE_ENDS, ids=repr)
def test_lf_in_a_text_does_not_cost_the_frame(frame: bytes) -> None:
    assert [piece.raw for piece in StreamDecoder().feed(frame)] == [frame]  # at once: nothing waits for more
    whole = read_datagram(frame)
    assert [type(piece) for piece in whole] == [RawFrame]
    for place in range(len(frame) + 1):
        assert cut(frame, place) == whole
    assert cut(frame, *range(len(frame))) == whole
    assert [piece.raw for piece in cut(frame * 3 + NULL, 17, 90)] == [frame] * 3 + [NULL]


HEADS = [b'\nE3A70013"', b'\n000000ff"', b'\nzzzz0FFF"', b'\n\xe3\xa70013"', b'\n\x0a\x0d0000"', NULL, NULL_BINARY]
"""What cannot be told from the beginning of the next frame."""


@pytest.mark.parametrize("head", HEADS, ids=repr)
def test_head_of_a_frame_in_a_text_breaks_the_frame_around_it(head: bytes) -> None:
    frame = text_frame(b"a" + head + b"b")
    pieces = StreamDecoder().feed(frame + EVENT)
    assert pieces[0] == Broken(frame[: frame.index(head)], Code("crc"))
    assert good(pieces) == ([head, EVENT] if head in (NULL, NULL_BINARY) else [EVENT])
    assert cut(frame + EVENT, *range(len(frame))) == pieces


def test_head_that_reaches_beyond_the_cr_breaks_nothing() -> None:
    frame = wrap(b'"NULL"0000L0#5512[]\n\x41', "hex")
    stream = frame + b'0013"NULL'
    assert StreamDecoder().feed(frame) == read_datagram(stream)[:1] == cut(stream, *range(len(stream)))[:1]
    assert good(read_datagram(stream)) == [frame]


@pytest.mark.parametrize("behind", [NULL, NULL_BINARY, *ODD], ids=repr)
@pytest.mark.parametrize("kept", range(10, 58, 3))
def test_truncated_frame_with_lf_in_its_text_never_costs_or_delays_the_good_one_behind_it(
    kept: int, behind: bytes
) -> None:
    stream = text_frame(b"one\ntwo\r\nthree")[:kept] + behind
    decoder = StreamDecoder()
    pieces = decoder.feed(stream)
    assert good(pieces) == [behind]
    assert cut(stream, *range(len(stream))) == pieces


def test_wrong_length_is_told_at_the_cr_where_an_lf_stands_in_the_text() -> None:
    frame = text_frame(b"a\nb" + b"x" * 9)
    assert StreamDecoder().feed(frame[:5] + b"0FFF" + frame[9:]) == [
        Broken(frame[:5] + b"0FFF" + frame[9:], Code("length"))
    ]


def test_decoder_may_be_used_again_after_close() -> None:
    decoder = StreamDecoder()
    assert decoder.feed(NULL[:-3]) == []
    assert [piece.reason for piece in decoder.close()] == ["crc"]
    assert [piece.raw for piece in decoder.feed(NULL)] == [NULL]


def test_nothing_of_a_frame_stands_in_its_repr() -> None:
    assert [repr(piece) for piece in cut(EVENT + b"secret" + NULL[:-1])] == [
        "RawFrame(hex, 83 bytes)",
        "Broken(not_dc09, 6 bytes)",
        "Broken(length, 28 bytes)",
    ]


PIECES = st.sampled_from(
    [
        NULL,
        NULL_BINARY,
        EVENT,
        *ODD,
        *LINE_ENDS,
        *(frame[:-6] for frame in LINE_ENDS),
        *(frame.replace(b"00", b"0F", 1) for frame in LINE_ENDS),
        *HEADS,
        *(text_frame(b"a" + head + b"b") for head in HEADS),
        *(broken for broken, _ in BROKEN_BEFORE.values()),
        b"\n",
        b"\0",
        b"\r",
        b'"',
        b"\n\n",
    ]
)


@given(
    st.lists(
        st.one_of(PIECES, PIECES, st.binary(max_size=12), st.text('\n\r"0AF[]', max_size=12).map(str.encode)),
        max_size=12,
    ),
    st.lists(st.integers(0, 1200), max_size=12),
)
@settings(max_examples=300)
def test_any_split_gives_the_same_pieces(parts: list[bytes], places: list[int]) -> None:
    stream = b"".join(parts)
    whole = read_datagram(stream)
    assert cut(stream) == whole
    assert cut(stream, *[place for place in places if place <= len(stream)]) == whole
    assert cut(stream, *range(len(stream))) == whole


@given(
    st.lists(
        st.tuples(st.sampled_from([NULL, NULL_BINARY, EVENT, *ODD]), st.sampled_from(sorted(BROKEN_BEFORE))), max_size=6
    )
)
def test_every_good_frame_between_broken_ones_is_found(pairs: list[tuple[bytes, str]]) -> None:
    stream = b"".join(BROKEN_BEFORE[name][0] + frame for frame, name in pairs)
    assert good(StreamDecoder().feed(stream)) == [frame for frame, _ in pairs]


@pytest.mark.parametrize(
    "unit",
    [
        b"\n",
        b'\n00000FFF"',
        b'\n00000FFF"\r',
        b'\n0000FFFF"',
        b'\n00000FFF"' + b"x" * 4094,
        b'"',
        b"\r",
        b'\nabcd0000"',
        b'\n00000FFF"' + b"\n" * 4086,
        b'\n00000FFF"' + b"\r\n" * 2043,
        NULL,
    ],
    ids=lambda unit: repr(unit[:20]),
)
def test_time_is_linear(unit: bytes) -> None:
    def seconds(size: int) -> float:
        stream = unit * (size // len(unit))
        begin = time.process_time()
        decoder = StreamDecoder()
        for place in range(0, len(stream), 1024):
            decoder.feed(stream[place : place + 1024])
        return time.process_time() - begin

    # Eight times the bytes take about eight times as long; quadratic work would take sixty-four.
    assert min(seconds(400_000) for _ in range(2)) < 30 * min(seconds(50_000) for _ in range(3)) + 0.02


def test_bytes_that_come_one_by_one_are_searched_once() -> None:
    def seconds(filler: bytes) -> float:
        stream = b'\n00000FFF"' + filler * 4000
        begin = time.process_time()
        decoder = StreamDecoder()
        for byte in stream:
            decoder.feed(bytes((byte,)))
        return time.process_time() - begin

    # Four thousand LFs, each of which could begin a head, and none does: no more work than four thousand letters.
    assert min(seconds(b"\n") for _ in range(3)) < 4 * min(seconds(b"x") for _ in range(3)) + 0.02


def test_encrypted_frame_is_cut_as_any_other() -> None:
    frame = encode_frame(
        token="SIA-DCS",
        sequence="0010",
        receiver=None,
        line="0",
        account="5512",
        data="#5512|NFA014",
        timestamp="07:05:09,03-04-2027",
        key=KEY,
        pad=PAD,
        crc_form="binary",
    )
    assert [piece.raw for piece in cut(EVENT + frame + NULL, 90)] == [EVENT, frame, NULL]


def test_rubbish_is_told_before_the_frame_behind_it_however_they_come() -> None:
    for parts in (
        (b"rubbish", NULL),
        (b"rubbish" + NULL,),
        (b"x" * 5000, NULL, b"y", NULL),
        (b"x" * 5000 + NULL + b"y" + NULL,),
    ):
        decoder = StreamDecoder()
        pieces = [piece for part in parts for piece in decoder.feed(part)]
        frames_and_rubbish = [isinstance(piece, RawFrame) for piece in pieces]
        assert frames_and_rubbish == ([False, True] if b"rubbish" in parts[0] else [False, True, False, True])
