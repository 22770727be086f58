"""The doctor's view byte by byte: every byte in one part, each right or wrong with a word, whatever was pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.protocols.dc09.doctor import Patient, diagnose
from tocsin.protocols.dc09.encode import encode_frame, parse_stamp, wrap
from tocsin.protocols.dc09.parts import parts_of

KEY = "00112233445566778899AABBCCDDEEFF"
STAMP = "07:05:09,03-04-2027"
NOW = parse_stamp(STAMP)


def parts(raw, now=None, **patient):
    return parts_of(diagnose(raw, now, Patient(**({"accounts": None} | patient))))


def shown(raw, *names, now=None, **patient):
    """Name, bytes, state and words of some parts, or of all."""
    return [
        (part.name, raw[part.begin : part.end], part.state, part.words)
        for part in parts(raw, now, **patient)
        if not names or part.name in names
    ]


def made(body):
    return wrap(body.encode(), "hex")


def frame(**fields):
    plain = {
        "token": "SIA-DCS", "sequence": "0007", "receiver": "1", "line": "2", "account": "5512", "data": "#5512|NFA014",
        "timestamp": STAMP,
    }  # fmt: skip
    return encode_frame(**(plain | fields))


def test_good_frame_is_shown_part_by_part_with_its_bytes():
    raw = frame(blocks=("IText", "X002E"))
    crc = raw[1:5]
    assert shown(raw, now=NOW) == [
        ("start", b"\n", "right", "LF"),
        ("crc", crc, "right", f"as sent {crc.decode()}, which is right; as four hex digits"),
        ("length", raw[5:9], "right", f"as sent {raw[6:9].decode()}, which is right"),
        ("token", b'"SIA-DCS"', "right", "SIA-DCS, in clear"),
        ("sequence", b"0007", "right", "0007"),
        ("receiver", b"R1", "right", "1"),
        ("line", b"L2", "right", "2"),
        ("account", b"#5512", "right", "5512"),
        ("data", b"[#5512|NFA014]", "right", "1 event"),
        ("xdata", b"[IText]", "right", "block I"),
        ("xdata", b"[X002E]", "right", "block X"),
        ("timestamp", b"_" + STAMP.encode(), "right", STAMP),
        ("end", b"\r", "right", "CR"),
    ]


def test_what_may_be_missing_is_right_and_stands_where_it_belongs():
    raw = frame(receiver=None, line=None, timestamp=None)
    assert shown(raw, "receiver", "line", "timestamp") == [
        ("receiver", b"", "right", "none was sent, which is allowed"),
        ("line", b"", "right", "none was sent: taken for 0"),
        ("timestamp", b"", "right", "none was sent, which is allowed"),
    ]
    at = {part.name: part.begin for part in parts(raw)}
    assert raw[at["receiver"] :].startswith(b"#5512")
    assert raw[at["timestamp"] :] == b"\r"


def test_check_sum_in_two_bytes_is_shown_in_hex():
    raw = frame(crc_form="binary")
    ((name, sent, state, words),) = shown(raw, "crc")
    assert (name, len(sent), state) == ("crc", 2, "right")
    assert words == f"as sent {sent.hex().upper()}, which is right; as two bytes"


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"\n0000" + frame()[5:], [("crc", b"0000")]),
        (frame()[:5] + b"0999" + frame()[9:], [("length", b"0999")]),
        (frame()[:-1], [("end", b"")]),
        (b"junk" + frame() + b"more", [("before", b"junk"), ("behind", b"more")]),
        (made('"SIA-DCS"007R1L2#5512[#5512|NFA014]'), [("sequence", b"007")]),
        (made('"SIA-DCS"0007R1L2#55 12[#5512|NFA014]'), [("account", b"#55 12")]),
        (made('"SIA-DCS"0007R1L2[#5512|NFA014]'), [("account", b"")]),
        (made('"SIA-DCS"0007RXL2#5512[#5512|NFA014]'), [("receiver", b"RX")]),
        (made('"SIA-DCS"0007R1L2345678#5512[#5512|NFA014]'), [("line", b"L2345678")]),
        (made('"SIA-DCS"0007R1L2#5512[#5512|NFA014'), [("data", b"[#5512|NFA014")]),
        (made('"SIA-DCS"0007R1L2#5512'), [("data", b"")]),
        (made('"SIA-DCS"0007R1L2#5512[#5512|NFA014][Mx]_noon'), [("timestamp", b"_noon")]),
        (made('"SIA-DCS"0007R1L2#5512[#5512|NFA014]07:05'), [("timestamp", b"07:05")]),
        (made('"SIA-DCS"0007R1L2#5512[nothing]'), [("data", b"[nothing]")]),
        (made('"XYZ-123"0007R1L2#5512[x]'), [("token", b'"XYZ-123"')]),
        (b"no frame at all", [("before", b"no frame at all")]),
        (b"", [("before", b"")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_else(raw, wrong):
    assert [(name, sent) for name, sent, state, _ in shown(raw) if state == "wrong"] == wrong


def test_encrypted_frame_is_shown_as_far_as_the_key_goes():
    raw = frame(key=bytes.fromhex(KEY), pad=b"x" * 20)
    inside = raw[raw.index(b"[") : -1]
    assert shown(raw, "token", "data", "timestamp", now=NOW, key=KEY) == [
        ("token", b'"*SIA-DCS"', "right", "SIA-DCS, encrypted"),
        ("data", inside, "right", f"{len(inside) - 1} hex digits, decrypted"),
        ("timestamp", b"", "right", STAMP),
    ]
    assert [(name, state) for name, _, state, _ in shown(raw, "data", "timestamp", key="11" * 16)] == [
        ("data", "wrong"), ("timestamp", "unread"),
    ]  # fmt: skip


def test_stamp_outside_its_window_says_by_how_much():
    late = NOW + 3_600_000_000
    ((_, _, state, words),) = shown(frame(), "timestamp", now=late)
    assert (state, words) == ("wrong", f"{STAMP}, 3600 s behind now; in clear it is information only")
    keyed = frame(key=bytes.fromhex(KEY), pad=b"x" * 20)
    ((_, _, state, words),) = shown(keyed, "timestamp", now=late, key=KEY)
    assert (state, words) == ("wrong", f"{STAMP}, 3600 s behind now")
    assert shown(keyed, "timestamp", now=late, key=KEY, late_max_s=7200)[0][2] == "right"
    assert shown(keyed, "timestamp", now=late, key=KEY, late_max_s=-1)[0][2] == "right"
    assert shown(frame(), "timestamp")[0][2:] == ("unread", f"{STAMP}, not judged: no time was given")


def test_account_that_is_not_known_and_one_with_a_key_are_told_apart():
    raw = frame(key=bytes.fromhex(KEY), pad=b"x" * 20)
    assert shown(raw, "data", accounts={})[0][2] == "wrong"
    clear = frame()
    assert shown(clear, "token", accounts={"5512": KEY})[0][2:] == (
        "wrong",
        "SIA-DCS, in clear, and the account has a key",
    )


whole = st.binary(max_size=300)
near = st.builds(
    lambda raw, at, byte: raw[: at % len(raw)] + bytes([byte]) + raw[at % len(raw) + 1 :],
    st.sampled_from(
        [frame(), frame(blocks=("Ia",)), frame(key=bytes.fromhex(KEY), pad=b"y" * 20), frame(crc_form="binary")]
    ),
    st.integers(0, 500),
    st.integers(0, 255),
)  # fmt: skip


@given(st.one_of(whole, near, st.binary(max_size=60).map(lambda body: wrap(b'"' + body, "hex"))), st.booleans())
def test_any_bytes_are_parted_so_that_each_stands_in_one_part_and_words_are_plain(raw, has_key):
    found = parts(raw, NOW, key=KEY if has_key else None)
    assert [part.begin for part in found] == [0, *(part.end for part in found[:-1])]
    assert found[-1].end == len(raw)
    assert all(part.words and part.words.isprintable() and len(part.words) < 200 for part in found)


@pytest.mark.parametrize("inside", ["[]" * 10_000, "[" * 16_000, "R" * 16_000, "L#" * 8_000, '"' * 16_000])
def test_long_rubbish_is_parted_in_bounded_time_and_number(inside):
    found = parts(wrap(f'"SIA-DCS"0007{inside}'.encode()[:4000], "hex"))
    assert len(found) < 2_300
    longer = parts(b'\n00000000"SIA-DCS"0007' + inside.encode())
    assert longer[-1].end == len(b'\n00000000"SIA-DCS"0007' + inside.encode())
