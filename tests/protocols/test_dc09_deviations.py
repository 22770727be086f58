"""Every deviation that real panels show (DC09.md section 15), each with a frame that shows it."""

import pytest
from dc09_tools import KEY, NOW, PAD, RECEIPT, account, arrived, framed, judged

from tocsin.protocols.dc09.answers import acknowledge, acknowledge_poll
from tocsin.protocols.dc09.encode import encode_frame, wrap
from tocsin.protocols.dc09.framing import Broken, StreamDecoder, read_datagram

POLL = b'\nE3A70013"NULL"0000L0#5512[]\r'


def answer_body(frame: bytes) -> bytes:
    (piece,) = read_datagram(frame)
    assert not isinstance(piece, Broken)
    return piece.body


def test_line_without_digits_is_line_0_and_answered_l0() -> None:
    verdict = judged('"ADM-CID"0008L#5512[#5512|1131 01 015]', account("5512"))
    assert (verdict.outcome, verdict.line) == ("accepted", "")
    assert answer_body(acknowledge(verdict, RECEIPT, NOW, b"")) == b'"ACK"0008L0#5512[]'
    assert arrived('"ADM-CID"0008L#5512[#5512|1131 01 015]').signals[0].line == "0"


def test_encrypted_line_without_digits_is_answered_l0() -> None:
    frame = encode_frame(
        token="NULL",
        sequence="0000",
        receiver="A",
        line="",
        account="5512",
        data=None,
        key=KEY,
        pad=PAD,
        timestamp="07:05:09,03-04-2027",
    )
    verdict = judged(frame, account("5512", KEY))
    assert answer_body(acknowledge_poll(verdict, NOW, PAD)).startswith(b'"*ACK"0000RAL0#5512[')


def test_missing_line_is_answered_without_it() -> None:
    body = '"SIA-DCS"0001#5512[#5512|NBA01]'
    verdict = judged(body, account("5512"))
    assert (verdict.outcome, verdict.line) == ("accepted", None)
    assert answer_body(acknowledge(verdict, RECEIPT, NOW, b"")) == b'"ACK"0001#5512[]'
    assert arrived(body).signals[0].line is None


def test_missing_line_may_be_refused() -> None:
    verdict = judged('"SIA-DCS"0001#5512[#5512|NBA01]', account("5512"), missing_line="refuse")
    assert (verdict.outcome, verdict.reason) == ("discarded", "header")
    assert judged('"SIA-DCS"0001L#5512[#5512|NBA01]', account("5512"), missing_line="refuse").outcome == "accepted"


def test_short_account_is_found() -> None:
    verdict = judged('"SIA-DCS"0001L0#1[#1|NBA01]', account("1"))
    assert (verdict.outcome, verdict.policy and verdict.policy.account, verdict.account) == ("accepted", "1", "1")


def test_account_with_letters_beyond_f_and_lower_case_is_found_without_case() -> None:
    verdict = judged('"SIA-DCS"0001L0#foc7688[#foc7688|NBA01]', account("FOC7688"))
    assert (verdict.policy and verdict.policy.account, verdict.account) == ("FOC7688", "foc7688")
    assert answer_body(acknowledge(verdict, RECEIPT, NOW, b"")) == b'"ACK"0001L0#foc7688[]'


def test_leading_zeros_of_an_account_count() -> None:
    assert judged('"NULL"0000L0#000110[]', account("110")).policy is None


def test_data_account_without_its_mark_is_read() -> None:
    verdict = judged('"SIA-DCS"0001L0#5512[5512|Nri1/BA01]', account("5512"))
    assert (verdict.data_account, verdict.events[0].code) == ("5512", "BA")
    assert judged('"ADM-CID"0001L0#5512[5512|1131 01 015]', account("5512")).data_account == "5512"


def test_missing_data_account_is_read() -> None:
    for data in ("|NBA01", "#|NBA01", "NBA01", "NBA01|Atext", "Nri1/BA01"):
        verdict = judged(f'"SIA-DCS"0001L0#5512[{data}]', account("5512"))
        assert [event.code for event in verdict.events] == ["BA"], data
        assert (verdict.data_account, verdict.account) == (None, "5512")
    assert judged('"ADM-CID"0001L0#5512[1131 01 015]', account("5512")).events[0].code == "131"


def test_extra_block_before_the_event_is_skipped() -> None:
    verdict = judged('"SIA-DCS"0001L0#0001[#0001|0|NRP]', account("0001"))
    assert [(event.code, event.address) for event in verdict.events] == [("RP", "")]


def test_null_with_content_is_a_link_test() -> None:
    verdict = judged('"NULL"0000L0#0000[#0000|0000 00 000]', account("0000"))
    assert (verdict.kind, verdict.events) == ("poll", ())


def test_peripheral_date_and_time_are_read() -> None:
    (signal,) = arrived('"SIA-DCS"0001L0#5512[#5512|Nda03-04-27/ti07:04:58/ri1/pi010/BA003]').signals
    assert (signal.partition, signal.peripheral, signal.event_time) == ("1", "010", NOW - 13_000_000)


def test_modifier_without_its_slash_is_read() -> None:
    for data, events in (
        ("Nri0RP2", [("RP", "2", {"ri": "0"}, None)]),
        ("Nri1CL0^Mrs Smith^", [("CL", "0", {"ri": "1"}, "Mrs Smith")]),
        ("Nri1BA007/BA008", [("BA", "007", {"ri": "1"}, None), ("BA", "008", {"ri": "1"}, None)]),
        ("Nti12:30CL1", [("CL", "1", {"ti": "12:30"}, None)]),
        ("Nri2/id5OP5", [("OP", "5", {"ri": "2", "id": "5"}, None)]),
    ):
        verdict = judged(f'"SIA-DCS"0001L0#5512[#5512|{data}]', account("5512"))
        assert [(e.code, e.address, e.mods, e.text) for e in verdict.events] == events, data


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("Nri1id5FA01", ("FA", "01", {"ri": "1", "id": "5"})),
        ("Nti10:23ri1FA01", ("FA", "01", {"ti": "10:23", "ri": "1"})),
        ("Nda03-04-27ti10:23BA01", ("BA", "01", {"da": "03-04-27", "ti": "10:23"})),
        ("Nti10:23/id1ri2CL3", ("CL", "3", {"ti": "10:23", "id": "1", "ri": "2"})),
        ("Nid5ri1/FA01", ("FA", "01", {"id": "5", "ri": "1"})),
        ("Nri1^Hall^FA01", ("FA", "01", {"ri": "1", "ri^": "Hall"})),
        ("Nri1^Hall^id5/FA01", ("FA", "01", {"ri": "1", "ri^": "Hall", "id": "5"})),
        ("NidANNAri1/OP5", ("OP", "5", {"id": "ANNAri1"})),
    ],
)
def test_no_missing_slash_between_modifiers_costs_the_event_or_the_area(
    block: str, expected: tuple[object, ...]
) -> None:
    (event,) = judged(f'"SIA-DCS"0001L0#5512[#5512|{block}]', account("5512")).events
    assert (event.code, event.address, event.mods) == expected


def test_an_event_behind_a_text_is_read_and_a_text_in_capitals_is_none() -> None:
    def codes(block: str) -> list[str]:
        return [event.code for event in judged(f'"SIA-DCS"0001L0#5512[#5512|{block}]', account("5512")).events]

    assert codes("NBA01^x^TA02") == ["BA", "TA"]
    assert codes("NBA01^HALL^NORTH^") == ["BA"]


def test_hex_user_number_is_no_event() -> None:
    for data in ("Nid0AB1/OP001", "NidSMITH/OP001", "NidANNA/OP001"):
        verdict = judged(f'"SIA-DCS"0001L0#5512[#5512|{data}]', account("5512"))
        assert [event.code for event in verdict.events] == ["OP"], data


def test_length_in_lower_case_hex_is_read() -> None:
    text = "x" * 40
    frame = wrap(f'"SIA-DCS"0001L0#5512[#5512|NBA01^{text}^]'.encode(), "hex", upper_hex=False)
    assert frame[5:9] == b"004b"
    assert judged(frame, account("5512")).outcome == "accepted"


def test_local_time_of_a_clear_panel_is_read_in_its_zone_and_keeps_the_event() -> None:
    body = '"SIA-DCS"0001L0#5512[#5512|NBA01]_08:05:09,03-04-2027'
    plain, zoned = judged(body, account("5512")), judged(body, account("5512", panel_time_zone="Europe/Amsterdam"))
    assert (plain.outcome, plain.clock_off_s) == ("accepted", 3598)
    assert (zoned.outcome, zoned.clock_off_s, zoned.device_time) == ("accepted", None, NOW - 2_000_000)


def test_check_sum_as_two_bytes_is_answered_in_the_same_form() -> None:
    frame = wrap(b'"SIA-DCS"0007R1L2#5512[#5512|NFA014]', "binary")
    answer = acknowledge(judged(frame, account("5512")), RECEIPT, NOW, b"")
    assert answer == b'\n\x32\x6a0014"ACK"0007R1L2#5512[]\r'


def test_sequence_in_hex_is_a_broken_header_without_answer() -> None:
    verdict = judged('"SIA-DCS"00AFL0#5512[#5512|NBA01]', account("5512"))
    assert (verdict.outcome, verdict.reason, verdict.reply) == ("discarded", "header", None)


def test_check_sum_that_is_always_0101_fails() -> None:
    frame = b'\n01010013"NULL"0000L0#5512[]\r'
    assert read_datagram(frame) == [Broken(frame, "crc")]


def test_other_protocols_are_not_dc09_and_cost_no_frame() -> None:
    for other in (
        b"SR0001L0001    ACCTXX    [ID00000000]",
        b"F#001234\x8b",
        bytes.fromhex("050001ffee0102030000"),
        b"[1234 18113101015 8]",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ):
        decoder = StreamDecoder()
        pieces = decoder.feed(other + POLL)
        assert [getattr(piece, "reason", "frame") for piece in pieces] == ["not_dc09", "frame"], other


def test_name_between_star_and_nm_is_kept_raw() -> None:
    for data in ("NOP001*''NM", "NCL003*'Mrs / Smith'NM", "NOP001*'X/BA01'NM"):
        arrival = arrived(f'"SIA-DCS"0001L0#5512[#5512|{data}]')
        assert [(signal.code, signal.values) for signal in arrival.signals] == [(data[1:3], ())], data
        assert arrival.sealed[0] is not None
        assert arrival.sealed[0].mods == {"*": data.partition("*")[2]}


def test_blocks_that_are_not_known_are_kept_and_decide_nothing() -> None:
    arrival = arrived('"SIA-DCS"0001L0#5512[#5512|NBA01|Cunlock|Llisten|X1][E1][B2][$P3][X009E10.5][X9.17]')
    assert arrival.sealed[0] is not None
    assert arrival.sealed[0].blocks == ("Cunlock", "Llisten", "X1", "E1", "B2", "$P3", "X009E10.5", "X9.17")
    assert len(arrival.signals) == 1


def test_impossible_stamp_of_a_clear_frame_keeps_the_event() -> None:
    (signal,) = arrived('"SIA-DCS"0001L0#5512[#5512|NBA01]_25:61:00,03-04-2027').signals
    assert (signal.code, signal.device_time) == ("BA", None)


def test_decimal_and_hex_addresses_are_text() -> None:
    verdict = judged(framed('"SIA-DCS"0001L0#5512[#5512|NBA009/BA0F1/BAff]'), account("5512"))
    assert [event.address for event in verdict.events] == ["009", "0F1", "ff"]


def test_old_event_is_read_beside_new_ones() -> None:
    arrival = arrived('"SIA-DCS"0001L0#5512[#5512|NBA01|Ori2/FA02]')
    assert [(signal.block, signal.code, signal.partition) for signal in arrival.signals] == [
        ("N", "BA", None),
        ("O", "FA", "2"),
    ]
