"""The frame doctor: the JSON that programs read, and what a person is told."""

import json
from typing import Any

import msgspec
import pytest
from dc09_tools import KEY, NOW, PAD
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.errors import BadInput
from tocsin.protocols.dc09.advice import render
from tocsin.protocols.dc09.answers import read_answer
from tocsin.protocols.dc09.doctor import Patient, diagnose, explain
from tocsin.protocols.dc09.encode import encode_frame, format_stamp, parse_stamp, wrap
from tocsin.protocols.dc09.framing import RawFrame, crc_of, read_datagram

EXAMPLE = b'\n86530049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027\r'
HEX_KEY = KEY.hex()


def told(raw: bytes, accounts: Any = None, key: str | None = None, now: int | None = NOW) -> dict[str, Any]:
    return json.loads(msgspec.json.encode(explain(raw, now, accounts, key)))


def advice(raw: bytes, accounts: Any = None, key: str | None = None, now: int | None = NOW) -> str:
    return render(diagnose(raw, now, Patient(accounts=accounts, key=key)))


def clear(body: str) -> bytes:
    return wrap(body.encode(), "hex")


def secret(
    data: str = "#5512|NFA014",
    *,
    key: bytes = KEY,
    stamp: str | None = "07:05:09,03-04-2027",
    number: str = "5512",
    **more: Any,
) -> bytes:
    return encode_frame(
        token="SIA-DCS",
        sequence="0010",
        receiver=None,
        line="0",
        account=number,
        data=data,
        key=key,
        pad=PAD,
        timestamp=stamp,
        **more,
    )


def test_example_of_the_page_to_the_field() -> None:
    assert told(EXAMPLE, {"5512": None}) == {
        "outcome": "accepted",
        "reason": None,
        "crc_format": "hex",
        "crc_ok": True,
        "length_ok": True,
        "encrypted": False,
        "token": "SIA-DCS",
        "seq": "0007",
        "receiver": "1",
        "line": "2",
        "account": "5512",
        "data": "#5512|Nri2/FA014^Boiler room^",
        "data_account": "5512",
        "xdata": [],
        "timestamp": "07:05:09,03-04-2027",
        "events": [
            {"format": "SIA", "block": "N", "code": "FA", "address": "014", "mods": {"ri": "2"}, "text": "Boiler room"}
        ],
        "reply": {"kind": "ACK", "raw": "0A33323641303031342241434B223030303752314C3223353531325B5D0D"},
    }


def test_example_of_the_page_for_a_person_to_the_byte() -> None:
    assert advice(EXAMPLE.replace(b"8653", b"8654"), now=None) == (
        "discarded, no answer: check sum is 8654, the body gives 8653 "
        "(CRC-16/ARC over 73 bytes from the first quote).\n"
        "Length 049 is right. Header is right: SIA-DCS, sequence 0007, receiver 1, line 2, account 5512.\n"
        'If the CRC were right: 1 event, FA fire alarm, zone 014 "Boiler room", area 2; the answer would be ACK.\n'
        "Look at: a converter between panel and receiver that changes bytes; a panel set to another check sum."
    )


NOTHING = {"kind": "none", "raw": None}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (EXAMPLE.replace(b"8653", b"8654"), {"reason": "crc", "crc_ok": False, "length_ok": True}),
        (EXAMPLE.replace(b"0049", b"0048"), {"reason": "length", "crc_ok": True, "length_ok": False}),
        (EXAMPLE.replace(b"86530049", b"86540048"), {"reason": "crc", "crc_ok": False, "length_ok": False}),
        (EXAMPLE[:-1], {"reason": "length", "crc_ok": True, "length_ok": False}),
        (EXAMPLE[:-1].replace(b"8653", b"8654"), {"reason": "crc", "crc_ok": False, "length_ok": False}),
        (EXAMPLE.replace(b"8653", b"zzzz"), {"reason": "crc", "crc_ok": False, "length_ok": True}),
    ],
)
def test_check_sum_and_length_are_judged_apart_and_fields_filled_in_all_the_same(
    raw: bytes, expected: dict[str, Any]
) -> None:
    right = told(EXAMPLE, {"5512": None})
    assert told(raw, {"5512": None}) == right | {"outcome": "discarded", "reply": NOTHING} | expected


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"hello", EXAMPLE[1:], EXAMPLE[:8], b"SR0001L0001    ACCTXX    [ID000]", bytes(99)]
)
def test_what_is_no_frame_has_no_fields(raw: bytes) -> None:
    assert told(raw) == {
        "outcome": "discarded",
        "reason": "not_dc09",
        "crc_format": None,
        "crc_ok": False,
        "length_ok": False,
        "encrypted": False,
        "token": None,
        "seq": None,
        "receiver": None,
        "line": None,
        "account": None,
        "data": None,
        "data_account": None,
        "xdata": [],
        "timestamp": None,
        "events": [],
        "reply": NOTHING,
    }


def test_broken_header_says_what_can_be_read() -> None:
    found = told(clear('"SIA-DCS"00AFR1L2#5512[#5512|Nri2/FA014][Ihall]_07:05:09,03-04-2027'))
    assert found | {"events": len(found["events"])} == {
        "outcome": "discarded",
        "reason": "header",
        "crc_format": "hex",
        "crc_ok": True,
        "length_ok": True,
        "encrypted": False,
        "token": "SIA-DCS",
        "seq": "00AF",
        "receiver": "1",
        "line": "2",
        "account": "5512",
        "data": "#5512|Nri2/FA014",
        "data_account": "5512",
        "xdata": ["Ihall"],
        "timestamp": "07:05:09,03-04-2027",
        "events": 1,
        "reply": NOTHING,
    }


def test_lf_in_a_text_is_accepted_as_by_a_receiver() -> None:
    found = told(clear('"SIA-DCS"0102L0#5512[#5512|NBA1^a\nb^]'))
    assert (found["outcome"], found["crc_ok"], found["length_ok"]) == ("accepted", True, True)
    assert found["events"][0]["text"] == "a\nb"


def test_head_of_a_frame_in_a_text_is_header_as_a_receiver_would_cut_there() -> None:
    raw = clear('"SIA-DCS"0001L0#5512[#5512|NFA014^a\nE3A70013"b^]')
    found = told(raw)
    assert (found["outcome"], found["reason"], found["crc_ok"], found["length_ok"], found["reply"]) == (
        "discarded",
        "header",
        True,
        True,
        NOTHING,
    )
    assert "the head of another frame stands inside the body" in advice(raw)


@given(
    st.lists(
        st.sampled_from(["a", "\n", "\r", "]", '\nE3A70013"', '\nzz0013"', "\nE3A7", '0013"', "^", "_", "|NFA1"]),
        max_size=8,
    )
)
@settings(max_examples=200)
def test_doctor_and_stream_agree_on_what_is_a_frame(parts: list[str]) -> None:
    raw = clear(f'"SIA-DCS"0001L0#5512[#5512|NFA014^{"".join(parts)}^]')
    pieces = read_datagram(raw)
    whole = len(pieces) == 1 and isinstance(pieces[0], RawFrame)
    found = told(raw)
    assert whole or found["outcome"] == "discarded"
    if whole and "]" not in parts:
        assert found["outcome"] == "accepted"


FILLED = {
    "token": "SIA-DCS",
    "seq": "0001",
    "receiver": None,
    "line": "0",
    "account": "5512",
    "data": "#5512|NBA1",
    "data_account": "5512",
    "xdata": [],
    "timestamp": None,
    "events": [{"format": "SIA", "block": "N", "code": "BA", "address": "1"}],
}


@pytest.mark.parametrize("tail", ["][H12", "]x", "]]", "]]_07:05:09,03-04-2027", "] ", "]]["], ids=repr)
def test_fields_before_a_broken_tail_are_filled_in(tail: str) -> None:
    found = told(clear(f'"SIA-DCS"0001L0#5512[#5512|NBA1{tail}'))
    assert (found["outcome"], found["reason"]) == ("discarded", "header")
    assert {name: found[name] for name in FILLED} == FILLED


@pytest.mark.parametrize("end", [b"\n", b"\n\0", b""], ids=repr)
@pytest.mark.parametrize("stamp", ["", "_07:05:09,03-04-2027"])
def test_fields_of_a_frame_with_an_lf_for_its_cr_are_filled_in(end: bytes, stamp: str) -> None:
    found = told(clear('"SIA-DCS"0001L0#5512[#5512|NBA1]' + stamp)[:-1] + end)
    assert (found["outcome"], found["reason"]) == ("discarded", "crc" if end else "length")
    assert {name: found[name] for name in FILLED} == FILLED | {"timestamp": stamp[1:] or None}


def test_blocks_and_stamp_that_stand_whole_before_a_broken_tail_are_filled_in() -> None:
    found = told(clear('"SIA-DCS"0001L0#5512[#5512|NBA1][Ihall][X1]_07:05:09,03-04-2027]'))
    assert (found["reason"], found["xdata"], found["timestamp"]) == ("header", ["Ihall", "X1"], "07:05:09,03-04-2027")


def test_windows_1252_is_read_in_a_frame_with_a_broken_head_too() -> None:
    for encoding in ("cp1252", "utf-8"):
        for head in ("0001L0#5512", "00AFL0#5512", "0001L05512"):
            body = f'"SIA-DCS"{head}[#5512|NFA1^Küche €^][IFlügel “Ost”]'
            found = told(wrap(body.encode(encoding), "hex"))
            assert (found["events"][0]["text"], found["xdata"]) == ("Küche €", ["IFlügel “Ost”"])


@pytest.mark.parametrize(
    ("head", "seq", "receiver", "line", "account"),
    [
        ("007R1L2#5512", "007", "1", "2", "5512"),
        ("12345R1L2#5512", "12345", "1", "2", "5512"),
        ("R1L2#5512", None, "1", "2", "5512"),
        ("00AFR1L2#5512", "00AF", "1", "2", "5512"),
        ("0007R1L05512", "0007", "1", None, None),
        ("0007L05512", "0007", None, None, None),
        ("0007R1234567L2#5512", "0007", None, "2", "5512"),
        ("0007R1L1234567#5512", "0007", "1", None, "5512"),
        ("0007NoneL2#5512", "0007", None, "2", "5512"),
        ("0007R1L2#55 12", "0007", "1", "2", None),
        ("0007R1L2#12345678901234567", "0007", "1", "2", None),
        ("0007RxLy#5512", "0007", None, None, "5512"),
        ("0007R1L2#5512x", "0007", "1", "2", "5512x"),
        ("x", None, None, None, None),
    ],
)
def test_broken_part_of_a_head_takes_nothing_from_its_neighbours(
    head: str, seq: str | None, receiver: str | None, line: str | None, account: str | None
) -> None:
    found = told(clear(f'"SIA-DCS"{head}[#5512|NFA014]'))
    assert tuple(found[name] for name in ("seq", "receiver", "line", "account")) == (seq, receiver, line, account)
    assert (found["data"], found["data_account"], len(found["events"])) == ("#5512|NFA014", "5512", 1)


def test_binary_frame_is_answered_in_its_form() -> None:
    found = told(bytes.fromhex("0AE3A730303133224E554C4C22303030304C3023353531325B5D0D"))
    assert (found["outcome"], found["crc_format"], found["reply"]) == (
        "accepted",
        "binary",
        {"kind": "ACK", "raw": "0A23C5303031322241434B22303030304C3023353531325B5D0D"},
    )


def test_field_as_sent() -> None:
    assert told(clear('"NULL"0000L#5512[]'))["line"] == ""
    assert told(clear('"NULL"0000#5512[]'))["line"] is None
    assert told(clear('"NULL"0000RaL0#5512[]'))["receiver"] == "a"
    nak = told(clear('"NAK"0000R0L0A0[]_07:05:12,03-04-2027'))
    assert (nak["outcome"], nak["account"], nak["line"], nak["token"], nak["timestamp"], nak["reply"]) == (
        "answer",
        "A0",
        "0",
        "NAK",
        "07:05:12,03-04-2027",
        NOTHING,
    )
    assert (told(secret(), None, HEX_KEY)["token"], told(secret())["token"]) == ("SIA-DCS", "SIA-DCS")


def test_events_have_the_fields_of_their_format() -> None:
    found = told(clear('"SIA-DCS"0001L0#5512[#5512|Nri3/WA004*17C_/OP|AStore room|Atwo]'))
    assert found["events"] == [
        {"format": "SIA", "block": "N", "code": "WA", "address": "004", "mods": {"ri": "3"}, "units": "17C_"},
        {"format": "SIA", "block": "N", "code": "OP", "address": "", "mods": {"ri": "3"}},
    ]
    assert found["text_blocks"] == ["Store room", "two"]
    assert told(clear('"ADM-CID"0001L0#5512[#5512|1131 01 015]'))["events"] == [
        {"format": "CID", "qualifier": "1", "code": "131", "group": "01", "zone": "015"}
    ]


def test_disputed_frame_says_so_beside_the_data_account() -> None:
    raw = clear('"SIA-DCS"0001L0#5512[#0012|NFA014]')
    found = told(raw, {"5512": None, "0012": HEX_KEY})
    assert (found["outcome"], found["disputed"], found["account"], found["data_account"]) == (
        "accepted",
        True,
        "5512",
        "0012",
    )
    assert "disputed" not in told(raw, {"5512": None, "0012": None})
    assert "disputed" not in told(raw, {"5512": None})


@pytest.mark.parametrize(
    ("raw", "accounts", "key", "outcome", "reason", "reply"),
    [
        (EXAMPLE, None, None, "accepted", None, "ACK"),
        (EXAMPLE, None, HEX_KEY, "discarded", "downgrade", "none"),
        (EXAMPLE, {"5512": HEX_KEY}, None, "discarded", "downgrade", "none"),
        (EXAMPLE, {}, None, "accepted", None, "ACK"),
        (EXAMPLE, {"1": None}, HEX_KEY, "accepted", None, "ACK"),
        (secret(), None, HEX_KEY, "accepted", None, "*ACK"),
        (secret(), None, None, "discarded", "decrypt", "none"),
        (secret(), {}, None, "discarded", "decrypt", "none"),
        (secret(), {"5512": None}, None, "discarded", "decrypt", "none"),
        (secret(), {"5512": None}, HEX_KEY, "discarded", "decrypt", "none"),
        (secret(), {"5512": HEX_KEY}, None, "accepted", None, "*ACK"),
        (secret(), {"1": None}, HEX_KEY, "accepted", None, "*ACK"),
        (secret(), {"5512": "f" * 32}, HEX_KEY, "discarded", "decrypt", "none"),
        (secret(number="ab1", data="#ab1|NFA1"), {"AB1": HEX_KEY}, None, "accepted", None, "*ACK"),
        (secret(key=b"sixteen letters!"), {"5512": "sixteen letters!"}, None, "accepted", None, "*ACK"),
        (secret(stamp="07:00:00,03-04-2027"), None, HEX_KEY, "refused", "time", "NAK"),
        (secret(stamp=None), None, HEX_KEY, "refused", "time", "NAK"),
        (clear('"SIA-PUL"0009L0#5512[x]'), None, None, "refused", "token", "DUH"),
        (clear('"SIA-DCS"0009L0#5512[]'), None, None, "refused", "payload", "DUH"),
    ],
)
def test_accounts_and_key_decide_as_in_a_receiver(
    raw: bytes, accounts: Any, key: str | None, outcome: str, reason: str | None, reply: str
) -> None:
    found = told(raw, accounts, key)
    assert (found["outcome"], found["reason"], found["reply"]["kind"]) == (outcome, reason, reply)
    assert (found["reply"]["raw"] is None) == (reply == "none")


def test_encrypted_answer_can_be_decrypted_and_carries_now() -> None:
    for now, stamp in ((NOW, format_stamp(NOW)), (None, "07:05:09,03-04-2027")):  # pyright: ignore[reportArgumentType]
        (answer,) = read_datagram(bytes.fromhex(told(secret(), None, HEX_KEY, now)["reply"]["raw"]))
        assert isinstance(answer, RawFrame)
        read = read_answer(answer, KEY)
        assert read is not None
        assert (read.kind, read.timestamp, read.sequence) == ("ACK", stamp, "0010")


def test_nak_without_a_time_has_no_bytes() -> None:
    assert told(secret(stamp=None), None, HEX_KEY, None)["reply"] == {"kind": "NAK", "raw": None}


def test_now_null_judges_no_stamp() -> None:
    assert told(secret(stamp="07:00:00,03-04-2020"), None, HEX_KEY, None)["outcome"] == "accepted"


def test_wrong_key_text_is_refused_whatever_the_frame_is() -> None:
    for raw in (EXAMPLE, b"", secret()):
        for question in ({"key": "short"}, {"accounts": {"5512": "short"}}):
            with pytest.raises(BadInput) as caught:
                told(raw, **question)  # pyright: ignore[reportArgumentType]
            assert "short" not in str(caught.value)


@given(
    st.binary(max_size=120) | st.binary(max_size=60).map(lambda body: wrap(b'"' + body, "hex")),
    st.sampled_from([None, HEX_KEY]),
)
@settings(max_examples=200)
def test_any_bytes_are_explained(raw: bytes, key: str | None) -> None:
    told(raw, None, key)
    told(raw, {"5512": key}, key)
    assert advice(raw, {"5512": key}, key, None)


@pytest.mark.parametrize(
    ("raw", "accounts", "key", "said"),
    [
        (b"\n01010049" + EXAMPLE[9:], None, None, "OH (Osborne-Hoffman"),
        (b"\n53860049" + EXAMPLE[9:], None, None, "the high byte comes first"),
        (b"SR0001L0001    ACCTXX    [ID000000]", None, None, "OH (Osborne-Hoffman) panel, another protocol"),
        (b"F#001234\x8b", None, None, "Galaxy"),
        (bytes.fromhex("050001ffee0102030000"), None, None, "DSC TL280"),
        (b"[1234 18113101015 8]", None, None, "Contact ID in plain text"),
        (b"\x16\x03\x01\x02\x00", None, None, "TLS"),
        (b"GET / HTTP/1.1", None, None, "HTTP"),
        (EXAMPLE[:-1], None, None, "the CR (0D) at the end"),
        (EXAMPLE.replace(b"0049", b"0048"), None, None, "so 049 would be right"),
        (EXAMPLE + b"xyz\r", None, None, "bytes behind the frame"),
        (clear('"SIA-DCS"00AFL0#5512[#5512|NFA014]'), None, None, "counts its sequence in hex"),
        (EXAMPLE, {"5512": HEX_KEY}, None, "switch its encryption on"),
        (EXAMPLE, {"05512": None}, None, "leading zeros count: 5512 was sent, 05512 is set up"),
        (EXAMPLE, {"1": None}, None, "account 5512 is not set up"),
        (secret(), {"5512": None}, None, "the account and its key"),
        (secret(), {"5512": "0" * 32, "77": HEX_KEY}, None, "the key of account 77 fits"),
        (secret(), {"5512": "0" * 32}, None, "hex digits, or characters used as bytes"),
        (secret(key=HEX_KEY.encode()), None, HEX_KEY, "its 32 characters fit as text"),
        (secret(stamp="08:05:09,03-04-2027"), None, HEX_KEY, "`panel_time_zone` Europe/Berlin"),
        (secret(stamp="12:35:09,03-04-2027"), None, HEX_KEY, "`panel_time_zone` Asia/Kolkata"),
        (secret(stamp="07:04:09,03-04-2027"), None, HEX_KEY, "must show UTC: now it is 07:05:11,03-04-2027"),
        (secret(stamp=None), None, HEX_KEY, "time stamps must be on"),
        (
            clear('"SIA-DCS"0001L0#5512[#5512|NFA014]_08:05:09,03-04-2027'),
            None,
            None,
            "in clear it is information only",
        ),
        (clear('"SIA-PUL"0001L0#5512[x]'), None, None, "choose SIA-DCS (DC-03) or ADM-CID"),
        (clear('"ADM-CID"0001L0#5512[#5512|2131 01 015]'), None, None, "Q one of 1, 3, 6"),
        (clear('"SIA-DCS"0001L0#5512[#5512|NZQ01]'), None, None, "an unknown code is stored and shown"),
        (clear('"SIA-DCS"0001L0#5512[#0012|NFA01]'), {"5512": None, "0012": HEX_KEY}, None, "cannot speak for it"),
        (clear('"NULL"0000L0#5512[]'), None, None, "a link test, answered ACK and stored nowhere"),
        (clear('"ACK"0000L0#5512[]'), None, None, "itself a receiver's ACK"),
        (clear('"SIA-DCS"0001L0#5512[#5512|NFA01'), None, None, "a bracket is missing"),
        (
            clear('"ADM-CID"0001L0#5512[#5512|3401 01 015]'),
            None,
            None,
            "R401 open/close by user (close), user 015, area 01",
        ),
    ],
)
def test_person_is_told_the_likely_remedy(raw: bytes, accounts: Any, key: str | None, said: str) -> None:
    assert said in advice(raw, accounts, key)


BODY = b'"SIA-DCS"0102L0#5512[#5512|NFA014]'
assert len(BODY) == 0x22


def with_head(check_sum: bytes, length: bytes, body: bytes = BODY) -> bytes:
    return b"\n" + check_sum + length + body + b"\r"


def crc(*parts: bytes) -> bytes:
    return b"%04X" % crc_of(b"".join(parts))


SLIPS = {
    "quotes_eaten": (EXAMPLE.replace(b'"', b""), ["none is left", "put the frame in single quotes"]),
    "quotes_eaten_up_to_the_pipe": (b"\n86530049SIA-DCS0007R1L2#5512[#5512\r", ["put the frame in single quotes"]),
    "quotes_typographic": (EXAMPLE.replace(b'"', "\u201d".encode()), ["typographic"]),
    "letter_o_in_length": (EXAMPLE.replace(b"0049", b"O049"), ["the letter O stands where the digit 0 belongs, 0049"]),
    "letter_o_in_check_sum": (with_head(b"O12A", b"0022"), ["the check sum, where the letter O stands"]),
    "check_sum_of_three_digits": (
        with_head(b"6AB", b"0005", b'"ACK"'),
        ["the check sum: it has 3 digits", "with leading zeros; the body gives 06AB"],
    ),
    "length_of_three_digits": (with_head(crc(BODY), b"022"), ["the length: it has 3 digits"]),
    "no_lf": (EXAMPLE[1:], ["the LF (0A) before the check sum: it is missing"]),
    "galaxy_as_text": (b"\nF#001234\r", ["Galaxy"]),
    "none_for_r": (clear('"ACK"0001NoneL0#5512[]'), ['"None" before L', "R may be left out, never a placeholder"]),
    "r_without_digits": (clear('"ACK"0001RL0#5512[]'), ["R may be left out, never a placeholder"]),
    "no_hash": (clear('"ACK"0001L05512[]'), ["the # before it is missing"]),
    "sequence_of_three_digits": (
        clear('"SIA-DCS"007R1L2#5512[#5512|NFA1]'),
        ["the sequence 007 has 3 digits, not four", "with its leading zeros, here 0007"],
    ),
    "receiver_too_long": (clear('"NULL"0007R1234567L2#5512[]'), ["the digits of R: at most 6"]),
    "qualifier_2": (clear('"ADM-CID"0001L0#5512[#5512|2131 01 015]'), ["2 is not a restoral, it is 3"]),
    "message_type": (clear('"ADM-CID"0001L0#5512[#5512|181131 01 015]'), ["leave the message type out (18)"]),
    "message_type_98": (clear('"ADM-CID"0001L0#5512[#5512|98 1131 01 015]'), ["leave the message type out (98)"]),
    "telephone_form": (clear('"ADM-CID"0001L0#5512[#5512|5512181131010158]'), ["leave the message type out (18)"]),
    "no_blanks": (clear('"ADM-CID"0001L0#5512[#5512|113101015]'), ["one stands between the parts, `1131 01 015`"]),
    "length_in_decimal": (with_head(crc(BODY), b"0034"), ["writes the length in decimal: 34 bytes are 022 in hex"]),
    "length_in_decimal_with_cr": (with_head(crc(BODY), b"0035"), ["writes the length in decimal and counts the CR"]),
    "length_counts_cr": (with_head(crc(BODY), b"0023"), ["whose length counts the CR: 34 bytes are 022 in hex"]),
    "length_counts_all": (with_head(crc(BODY), b"002C"), ["counts what stands before the first quote"]),
    "length_counts_characters": (
        with_head(crc('"NULL"0000L0#5512[Küche]'.encode()), b"0018", '"NULL"0000L0#5512[Küche]'.encode()),
        ["counts characters instead of bytes: 25 bytes are 019 in hex"],
    ),
    "check_sum_with_cr": (with_head(crc(BODY, b"\r"), b"0022"), ["over the body and the CR"]),
    "check_sum_with_length": (with_head(crc(b"0022", BODY), b"0022"), ["over the length and the body"]),
    "check_sum_with_both": (with_head(crc(b"0022", BODY, b"\r"), b"0022"), ["over the length, the body and the CR"]),
    "star_missing": (secret().replace(b'"*SIA', b'"SIA'), ['the * is missing; encrypted it is `"*SIA-DCS"`']),
    "star_missing_sum_right": (clear(f'"SIA-DCS"0010L0#5512[{"4159BB9E" * 8}'), ["the * is missing"]),
    "star_missing_closed": (clear(f'"SIA-DCS"0010L0#5512[{"4159BB9E" * 8}]'), ["the * is missing"]),
    "secret_cut_on_the_way": (secret()[:-7] + b"\r", ["the frame was cut, or lost digits; it is not the key"]),
    "secret_cut_by_the_sender": (
        clear(f'"*SIA-DCS"0010L0#5512[{"4159BB9E" * 7}'),
        ["56 hex digits stand after [", "it is not the key"],
    ),
    "secret_closed": (
        clear(f'"*SIA-DCS"0010L0#5512[{"4159BB9E" * 8}]'),
        ["nothing stands in clear"],
    ),
    "month_too_low": (secret(stamp="07:05:09,02-04-2027"), ["the month, which is one too low (02, now it is 03)"]),
    "month_too_low_in_clear": (
        clear('"SIA-DCS"0001L0#5512[#5512|NFA1]_07:05:09,02-04-2027'),
        ["the month, which is one too low", "it is information only"],
    ),
    "day_and_month_swapped": (secret(stamp="07:05:09,04-03-2027"), ["day and month, which are swapped"]),
    "stamp_impossible": (clear('"NULL"0001L0#5512[]_25:61:00,03-04-2027'), ['"25:61:00,03-04-2027" is no time']),
    "no_event": (clear('"SIA-DCS"0001L0#5512[#5512|Ahello]'), ["no event: it is shown as TECH-UNCLASSIFIED"]),
    "no_event_no_text": (clear('"SIA-DCS"0001L0#5512[#5512|Nri1]'), ["no event: it is shown as TECH-UNCLASSIFIED"]),
}


@pytest.mark.parametrize("name", SLIPS)
def test_true_cause_and_its_remedy_are_named(name: str) -> None:
    raw, words = SLIPS[name]
    shown = advice(raw, None, HEX_KEY if b'"*' in raw else None)
    assert [word for word in words if word not in shown] == [], shown
    assert "a converter between" not in shown
    assert "another protocol on this port" not in shown
    assert ("placeholder" in shown) == ("placeholder" in " ".join(words))
    assert "the key in the panel" not in shown


@pytest.mark.parametrize(
    ("now", "stamp", "said"),
    [
        ("07:05:11,01-15-2027", "07:05:09,00-15-2027", "one too low (00, now it is 01)"),
        ("07:05:11,12-31-2027", "07:05:09,11-31-2027", "one too low (11, now it is 12)"),
        ("07:05:11,04-25-2027", "07:05:09,25-04-2027", "day and month, which are swapped"),
    ],
)
def test_slip_of_the_date_is_named_where_the_stamp_is_no_time(now: str, stamp: str, said: str) -> None:
    shown = advice(secret(stamp=stamp), None, HEX_KEY, parse_stamp(now))
    assert said in shown
    assert shown.startswith("refused, answered NAK: its time stamp is no time")


@pytest.mark.parametrize(
    "raw",
    [
        clear('"NULL"0000L0#5512[]'),
        clear('"ACK"0001R1L0#5512[]'),
        clear('"NAK"0000R0L0A0[]_07:05:10,03-04-2027'),
        clear('"ADM-CID"0001L0#5512[#5512|3131 01 015]'),
        EXAMPLE,
    ],
    ids=repr,
)
def test_nothing_is_advised_where_nothing_is_wrong(raw: bytes) -> None:
    assert "Look at" not in advice(raw)


def test_other_check_sums_are_recognised() -> None:
    from fastcrc import crc16

    body = EXAMPLE[9:-1]
    raw = b"\n%04X%04X%b\r" % (crc16.xmodem(body), len(body), body)
    assert "uses CRC-16/CCITT with initial value 0 (XMODEM) instead of CRC-16/ARC" in advice(raw)


def test_binary_check_sum_that_was_copied_as_text_is_recognised() -> None:
    raw = b"\n\xef\xbf\xbd\xef\xbf\xbd"[:3] + b'0013"NULL"0000L0#5512[\xef\xbf\xbd]\r'
    assert "give the frame as hex" in advice(raw)


def test_control_characters_of_a_frame_do_not_reach_the_terminal() -> None:
    shown = advice(clear('"SIA-DCS"0001L0#5512[#5512|NFA014^a\x1b[31mb^|Ac\x07]'.replace("[31m", "(31m")))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert '"a\\x1b(31mb"' in shown


def test_many_events_are_spelt_out_up_to_a_limit() -> None:
    shown = advice(clear('"SIA-DCS"0001L0#5512[#5512|N' + "BA01/" * 200 + "]"))
    assert "200 events" in shown
    assert "and 180 more" in shown
