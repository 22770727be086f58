"""The worked examples of the protocol page, byte for byte, both ways."""

from typing import Any

import pytest
from dc09_tools import KEY, NOW, RECEIPT, account, judged

from tocsin.protocols.dc09.answers import Answer, acknowledge, acknowledge_poll, read_answer, refuse
from tocsin.protocols.dc09.encode import encode_frame, parse_stamp
from tocsin.protocols.dc09.framing import read_datagram

FRAMES: list[tuple[str, dict[str, Any]]] = [
    ('E3A70013"NULL"0000L0#5512[]', {"token": "NULL", "sequence": "0000"}),
    ('23C50012"ACK"0000L0#5512[]', {"token": "ACK", "sequence": "0000"}),
    (
        '86530049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027',
        {
            "token": "SIA-DCS",
            "sequence": "0007",
            "receiver": "1",
            "line": "2",
            "data": "#5512|Nri2/FA014^Boiler room^",
            "timestamp": "07:05:09,03-04-2027",
        },
    ),
    ('326A0014"ACK"0007R1L2#5512[]', {"token": "ACK", "sequence": "0007", "receiver": "1", "line": "2"}),
    (
        'F9C20041"ADM-CID"0008L0#5512[#5512|1131 01 015][Vhttps://cam.example/e/8]',
        {"token": "ADM-CID", "sequence": "0008", "data": "#5512|1131 01 015", "blocks": ["Vhttps://cam.example/e/8"]},
    ),
    ('C9440012"ACK"0008L0#5512[]', {"token": "ACK", "sequence": "0008"}),
    (
        '05650027"ADM-CID"0014L0#5512[#5512|3131 01 015]',
        {"token": "ADM-CID", "sequence": "0014", "data": "#5512|3131 01 015"},
    ),
    (
        '17E50046"SIA-DCS"0011L0#5512[#5512|Nri1/BA07^Rear door^/BA08/TA08|AStore room]',
        {"token": "SIA-DCS", "sequence": "0011", "data": "#5512|Nri1/BA07^Rear door^/BA08/TA08|AStore room"},
    ),
    (
        '60980060"SIA-DCS"0013L0#5512[#0012|Nri3/WA004*17C_][H07:04:58,03-04-2027][X009E10.5]_07:05:30,03-04-2027',
        {
            "token": "SIA-DCS",
            "sequence": "0013",
            "data": "#0012|Nri3/WA004*17C_",
            "blocks": ["H07:04:58,03-04-2027", "X009E10.5"],
            "timestamp": "07:05:30,03-04-2027",
        },
    ),
    (
        'A2B30025"NAK"0000R0L0A0[]_07:05:12,03-04-2027',
        {"token": "NAK", "sequence": "0000", "receiver": "0", "account": "A0", "timestamp": "07:05:12,03-04-2027"},
    ),
    ('32CB0012"DUH"0009L0#5512[]', {"token": "DUH", "sequence": "0009"}),
]

ENCRYPTED: list[tuple[str, dict[str, Any]]] = [
    (
        '68EE0076"*SIA-DCS"0010L0#5512[4159BB9EE369F493CE3E0D1C6914393410913EB8BB7004252B27842316C0D3DE'
        "13DB8D4542F486CB7FFBDD713791893C",
        {
            "token": "SIA-DCS",
            "sequence": "0010",
            "data": "#5512|Nri2/FA014",
            "timestamp": "07:05:09,03-04-2027",
            "pad": b"Kq3v9TzW8m",
        },
    ),
    (
        '303B0096"*SIA-DCS"0010L0#5512[1B555D4EDE22B798129C2C8D07736B8FABDA0AB630BEF87C791A2B21894E6A87'
        "36E306ADFF989C895AA549B7573BCA46C6CA913247E5A56EEE5438289E0F1FBA",
        {
            "token": "SIA-DCS",
            "sequence": "0010",
            "data": "#5512|Nri2/FA014",
            "timestamp": "07:05:09,03-04-2027",
            "pad": b"Kq3v9TzW8mRb2LxYc7Hd5NfGp4",
        },
    ),
    (
        '3B5F0052"*ACK"0010L0#5512[C4DAC33A285796C5D39AD35BF88284A8ABD7A3A552FEE3ADD456F5EB342B31B6',
        {
            "token": "ACK",
            "sequence": "0010",
            "timestamp": "07:05:10,03-04-2027",
            "pad": b"Kq3v9TzW8mR",
            "separator": False,
        },
    ),
    (
        'DB0D0053"*NULL"0000L0#5512[28111AC7D4B7EC71AC782D6CDC43F134F50E1BB4D4B5BE5628A96D399A7D042F',
        {"token": "NULL", "sequence": "0000", "timestamp": "07:05:10,03-04-2027", "pad": b"Kq3v9TzW8m"},
    ),
]

DEFAULTS: dict[str, Any] = {"receiver": None, "line": "0", "account": "5512", "data": None}


def wire(text: str) -> bytes:
    return b"\n" + text.encode() + b"\r"


@pytest.mark.parametrize(("text", "parts"), FRAMES, ids=[text[:24] for text, _ in FRAMES])
def test_clear_example_is_written_byte_for_byte(text: str, parts: dict[str, Any]) -> None:
    assert encode_frame(**(DEFAULTS | parts)) == wire(text)


@pytest.mark.parametrize(("text", "parts"), ENCRYPTED, ids=[text[:24] for text, _ in ENCRYPTED])
def test_encrypted_example_is_written_byte_for_byte(text: str, parts: dict[str, Any]) -> None:
    assert encode_frame(**(DEFAULTS | parts), key=KEY) == wire(text)


def test_binary_example_is_written_and_answered_byte_for_byte() -> None:
    frame = encode_frame(**DEFAULTS, token="NULL", sequence="0000", crc_form="binary")
    assert frame == bytes.fromhex("0A E3A7 30303133 224E554C4C22303030304C3023353531325B5D 0D")
    answer = acknowledge_poll(judged(frame, account("5512")), NOW, b"")
    assert answer == bytes.fromhex("0A 23C5 30303132 2241434B22303030304C3023353531325B5D 0D")


@pytest.mark.parametrize("number", [2, 4])
def test_event_example_has_the_answer_of_the_page(number: int) -> None:
    verdict = judged(wire(FRAMES[number][0]), account("5512"))
    assert verdict.kind == "event"
    assert acknowledge(verdict, RECEIPT, NOW, b"") == wire(FRAMES[number + 1][0])


def test_null_example_has_the_answer_of_the_page() -> None:
    verdict = judged(wire(FRAMES[0][0]), account("5512"))
    assert acknowledge_poll(verdict, NOW, b"") == wire(FRAMES[1][0])


def test_nak_and_duh_are_those_of_the_page() -> None:
    late = encode_frame(
        **DEFAULTS, token="SIA-DCS", sequence="0010", timestamp="07:04:00,03-04-2027", key=KEY, pad=b"x" * 31
    )
    at = parse_stamp("07:05:12,03-04-2027")
    assert at is not None
    assert refuse(judged(late, account("5512", KEY), now=at), at) == wire(FRAMES[9][0])
    unknown = encode_frame(**DEFAULTS, token="SIA-PUL", sequence="0009")
    assert refuse(judged(unknown, account("5512")), at) == wire(FRAMES[10][0])


def test_clear_examples_are_read() -> None:
    one, two = (judged(wire(FRAMES[number][0]), account("5512"), account("0012")) for number in (7, 8))
    assert [(event.code, event.address, event.text, event.mods) for event in one.events] == [
        ("BA", "07", "Rear door", {"ri": "1"}),
        ("BA", "08", None, {"ri": "1"}),
        ("TA", "08", None, {"ri": "1"}),
    ]
    assert one.payload is not None
    assert one.payload.texts == ("Store room",)
    assert (two.transmitter, two.account, two.data_account, two.disputed) == ("5512", "0012", "0012", False)
    assert two.xdata == ("H07:04:58,03-04-2027", "X009E10.5")
    assert two.events[0].units == "17C_"


@pytest.mark.parametrize("number", [0, 1])
def test_encrypted_examples_are_read(number: int) -> None:
    verdict = judged(wire(ENCRYPTED[number][0]), account("5512", KEY))
    assert (verdict.outcome, verdict.reply, verdict.data, verdict.timestamp) == (
        "accepted",
        "*ACK",
        "#5512|Nri2/FA014",
        "07:05:09,03-04-2027",
    )
    assert verdict.events[0].address == "014"


def test_encrypted_null_is_a_poll() -> None:
    verdict = judged(wire(ENCRYPTED[3][0]), account("5512", KEY))
    assert (verdict.outcome, verdict.kind, verdict.data, verdict.timestamp) == (
        "accepted",
        "poll",
        "",
        "07:05:10,03-04-2027",
    )


def test_answers_are_read_as_a_panel_reads_them() -> None:
    answers = [read_answer(read_datagram(wire(text))[0], KEY) for text, _ in (*FRAMES, *ENCRYPTED)]
    assert [answer for answer in answers if answer is not None] == [
        Answer(kind="ACK", sequence="0000", receiver=None, line="0", account="5512", encrypted=False, timestamp=None),
        Answer(kind="ACK", sequence="0007", receiver="1", line="2", account="5512", encrypted=False, timestamp=None),
        Answer(kind="ACK", sequence="0008", receiver=None, line="0", account="5512", encrypted=False, timestamp=None),
        Answer(
            kind="NAK",
            sequence="0000",
            receiver="0",
            line="0",
            account="A0",
            encrypted=False,
            timestamp="07:05:12,03-04-2027",
        ),
        Answer(kind="DUH", sequence="0009", receiver=None, line="0", account="5512", encrypted=False, timestamp=None),
        Answer(
            kind="ACK",
            sequence="0010",
            receiver=None,
            line="0",
            account="5512",
            encrypted=True,
            timestamp="07:05:10,03-04-2027",
        ),
    ]


def test_response_is_read_with_its_data_and_blocks() -> None:
    frame = encode_frame(**(DEFAULTS | {"data": "#5512|X"}), token="RSP", sequence="0021", blocks=["K" + "A" * 32])
    answer = read_answer(read_datagram(frame)[0], None)
    assert answer is not None
    assert (answer.kind, answer.data, answer.blocks) == ("RSP", "#5512|X", ("K" + "A" * 32,))


@pytest.mark.parametrize("key", [None, bytes(16)], ids=["no_key", "wrong_key"])
def test_answer_that_cannot_be_decrypted_is_none(key: bytes | None) -> None:
    assert read_answer(read_datagram(wire(ENCRYPTED[2][0]))[0], key) is None


def test_no_event_is_an_answer() -> None:
    assert read_answer(read_datagram(wire(FRAMES[2][0]))[0], None) is None
