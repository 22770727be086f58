"""One panel's conversation, without sockets: time is an argument."""

from collections.abc import Iterator

import pytest

from tocsin.model.values import Micros
from tocsin.panel.faults import FaultPlan, parse_fault
from tocsin.panel.fleet import Due, Manner, Panel
from tocsin.panel.messages import Message, Recipe, build, check_recipe
from tocsin.panel.report import ListLedger, Tally
from tocsin.panel.session import FRESH_S, SPLIT_PAUSE_S, Session
from tocsin.protocols.dc09.encode import encode_frame, parse_stamp
from tocsin.protocols.dc09.framing import RawFrame, StreamDecoder, read_datagram
from tocsin.protocols.dc09.header import read_header
from tocsin.system import seeded

EPOCH_US = Micros(1_804_143_909_000_000)  # 2027-03-04 07:05:09 UTC
KEY = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
BA = check_recipe(Recipe(code="BA", zone="01"), "test")


class Bench:
    """A session with its counters and its lists."""

    def __init__(self, *faults: str, key: bytes | None = None, count: int = 1, at_s: float = 0.0, **manner: object):
        self.ledger = ListLedger()
        self.tally = Tally(self.ledger)
        self.session = Session(
            Panel(account="5512", key=key),
            Manner(**{"is_stamped": False, "wait_s": 20.0, **manner}),
            messages(count, at_s, faults),
            self.tally,
            epoch_us=EPOCH_US,
            rng=seeded(1),
        )


def messages(count: int, at_s: float, faults: tuple[str, ...]) -> Iterator[Due]:
    plan, rng = FaultPlan([parse_fault(text) for text in faults]), seeded(1)
    for k in range(count):
        yield Due(at_s, build(BA, "5512", 1 + k, plan.pick(rng)))


def ack(sequence: str, token: str = "ACK", account: str = "5512", **more: object) -> bytes:
    return encode_frame(
        **{
            "token": token,
            "sequence": sequence,
            "receiver": None,
            "line": "0",
            "account": account,
            "data": None,
            **more,
        }
    )


def nak(stamp: str) -> bytes:
    return ack("0000", "NAK", account="A0", receiver="0", timestamp=stamp)


def sequences(pieces: list[bytes]) -> list[str]:
    found = []
    for piece in StreamDecoder().feed(b"".join(pieces)):
        assert isinstance(piece, RawFrame)
        header = read_header(piece.body)
        assert header is not None
        found.append(header.sequence)
    return found


def test_the_first_message_is_the_worked_example_and_the_second_waits_for_its_ack():
    bench = Bench(count=2)
    assert bench.session.linked(0.0) == [ack("0001", "SIA-DCS", data="#5512|NBA01")]
    assert bench.session.tick(1.0) == []
    assert bench.session.next_at() == 20.0
    assert sequences(bench.session.receive(ack("0001"), 2.0)) == ["0002"]
    assert bench.session.receive(ack("0002"), 3.5) == []
    assert bench.session.is_done
    assert [(line.sequence, line.sent_at, line.acked_at, line.tries) for line in bench.ledger.acked_lines] == [
        ("0001", EPOCH_US, EPOCH_US + 2_000_000, 1),
        ("0002", EPOCH_US + 2_000_000, EPOCH_US + 3_500_000, 1),
    ]
    assert bench.tally.latency.quantile_ms(1.0) == 2000.0


def test_an_answer_in_single_bytes_counts_as_well():
    bench = Bench()
    bench.session.linked(0.0)
    for k, byte in enumerate(ack("0001")):
        bench.session.receive(bytes([byte]), 0.1 * k)
    assert (bench.tally.acked, bench.tally.wrong, bench.session.is_done) == (1, 0, True)


def test_a_silent_receiver_gets_the_same_bytes_three_times_and_then_the_message_is_given_up():
    bench = Bench()
    first = bench.session.linked(0.0)
    assert bench.session.tick(19.9) == []
    assert bench.session.tick(20.0) == first
    assert bench.session.tick(40.0) == first
    assert bench.session.tick(60.0) == []
    assert bench.session.is_done
    (line,) = bench.ledger.unacked_lines
    assert (line.answer, line.tries, line.acked_at, line.expected) == ("none", 3, None, "ack")
    assert (bench.tally.none, bench.tally.never, bench.tally.is_ok()) == (3, 1, False)


def test_a_repeat_long_after_carries_a_new_stamp_and_the_same_sequence():
    bench = Bench(is_stamped=True)
    (first,) = bench.session.linked(0.0)
    (again,) = bench.session.tick(20.0)
    assert FRESH_S < 20.0
    assert b"_07:05:09,03-04-2027" in first
    assert b"_07:05:29,03-04-2027" in again
    assert sequences([first, again]) == ["0001", "0001"]


@pytest.mark.parametrize(
    "answer",
    [
        ack("0002"),
        ack("0001", account="5513"),
        ack("0001", receiver="1"),
        ack("0001", line=None),
        ack("0001", line="1"),
        ack("0001", "RSP"),
        ack("0001", "SIA-DCS"),
        b"\nFFFF0012" + ack("0001")[9:],
        ack("0001", key=KEY, pad=bytes(31), timestamp="07:05:09,03-04-2027"),
    ],
    ids=["sequence", "account", "R", "no L", "L", "RSP", "no answer", "check sum", "encrypted"],
)
def test_an_answer_that_does_not_echo_exactly_is_wrong_and_acknowledges_nothing(answer: bytes):
    bench = Bench()
    bench.session.linked(0.0)
    assert bench.session.receive(answer, 1.0) == []
    assert (bench.tally.wrong, bench.tally.acked, bench.session.is_done) == (1, 0, False)
    bench.session.receive(ack("0001"), 2.0)
    assert (bench.tally.wrong, bench.tally.acked, bench.session.is_done) == (1, 1, True)


def test_an_encrypted_message_takes_only_an_encrypted_ack_that_decrypts():
    bench = Bench(key=KEY)
    bench.session.linked(0.0)
    stamp = "07:05:10,03-04-2027"
    bench.session.receive(ack("0001"), 1.0)
    bench.session.receive(ack("0001", key=KEY[::-1], pad=bytes(31), timestamp=stamp), 1.0)
    assert (bench.tally.wrong, bench.tally.acked) == (2, 0)
    bench.session.receive(ack("0001", key=KEY, pad=bytes(31), timestamp=stamp), 2.0)
    assert (bench.tally.wrong, bench.tally.acked) == (2, 1)


def test_a_late_answer_to_an_earlier_try_is_late_not_wrong():
    bench = Bench(count=2)
    bench.session.linked(0.0)
    bench.session.tick(20.0)
    bench.session.receive(ack("0001"), 20.5)
    bench.session.receive(ack("0001"), 20.6)
    assert (bench.tally.late, bench.tally.wrong, bench.tally.acked) == (1, 0, 1)
    bench.session.receive(ack("0001"), 20.7)
    assert (bench.tally.late, bench.tally.wrong) == (1, 1)


def test_nak_sets_the_clock_and_the_message_is_repeated_with_the_right_stamp():
    bench = Bench(is_stamped=True, clock_offset_s=-7200)
    (first,) = bench.session.linked(0.0)
    assert b"_05:05:09,03-04-2027" in first
    (again,) = bench.session.receive(nak("07:05:11,03-04-2027"), 1.0)
    assert b"_07:05:11,03-04-2027" in again
    bench.session.receive(ack("0001"), 2.0)
    assert (bench.tally.nak, bench.tally.acked, bench.ledger.acked_lines[0].tries) == (1, 1, 2)


def test_nak_sets_a_panel_that_sends_local_time_to_what_it_was_told():
    bench = Bench(is_stamped=True, time_zone="Europe/Vienna")
    (first,) = bench.session.linked(0.0)
    assert b"_08:05:09,03-04-2027" in first
    (again,) = bench.session.receive(nak("07:05:11,03-04-2027"), 1.0)
    assert b"_07:05:11,03-04-2027" in again


def test_naks_without_end_are_given_up_after_the_tries():
    bench = Bench(is_stamped=True)
    bench.session.linked(0.0)
    for _ in range(3):
        bench.session.receive(nak("07:05:11,03-04-2027"), 1.0)
    assert [(line.answer, line.tries) for line in bench.ledger.unacked_lines] == [("NAK", 3)]


def test_duh_ends_the_message():
    bench = Bench()
    bench.session.linked(0.0)
    bench.session.receive(ack("0001", "DUH"), 1.0)
    assert [(line.answer, line.tries) for line in bench.ledger.unacked_lines] == [("DUH", 1)]
    assert (bench.tally.duh, bench.tally.never) == (1, 1)


def test_sequence_goes_from_9999_to_0001():
    ledger = ListLedger()
    source = (Due(0.0, build(BA, "5512", number)) for number in (9999, 10000))
    session = Session(Panel(account="5512"), Manner(), source, Tally(ledger), epoch_us=EPOCH_US, rng=seeded(1))
    assert sequences(session.linked(0.0)) == ["9999"]
    assert sequences(session.receive(ack("9999"), 1.0)) == ["0001"]


def test_a_lost_connection_costs_no_message_and_comes_back():
    bench = Bench()
    first = bench.session.linked(5.0)
    bench.session.unlinked(8.0)
    assert bench.session.wants_link(8.0)
    assert bench.session.linked(8.0) == first
    bench.session.receive(ack("0001"), 9.0)
    (line,) = bench.ledger.acked_lines
    assert (line.tries, line.sent_at) == (2, EPOCH_US + 5_000_000)


def test_a_receiver_that_hangs_up_at_once_is_not_called_without_pause():
    bench = Bench(retry_s=1.0)
    bench.session.linked(0.0)
    bench.session.unlinked(0.1)
    assert not bench.session.wants_link(0.2)
    assert bench.session.next_at() == 1.1
    assert bench.session.wants_link(1.1)


def test_failed_connections_use_up_the_tries():
    bench = Bench(tries=2, retry_s=1.0)
    bench.session.unlinked(0.0)
    assert not bench.session.is_done
    bench.session.unlinked(1.0)
    assert bench.session.is_done
    (line,) = bench.ledger.unacked_lines
    assert (line.sent_at, line.tries, line.answer) == (None, 0, "none")


def test_polls_come_after_silence_and_stand_in_no_list():
    bench = Bench(poll_interval_s=60.0, count=1, at_s=90.0)
    assert sequences(bench.session.linked(0.0)) == ["0000"]
    bench.session.receive(ack("0000"), 1.0)
    assert bench.session.next_at() == 60.0
    assert sequences(bench.session.tick(60.0)) == ["0000"]
    bench.session.receive(ack("0000"), 61.0)
    assert sequences(bench.session.tick(90.0)) == ["0001"]
    bench.session.receive(ack("0001"), 91.0)
    assert bench.session.next_at() == 150.0
    assert (bench.tally.polls_sent, bench.tally.polls_acked, bench.tally.sent) == (2, 2, 1)
    assert [line.token for line in bench.ledger.acked_lines] == ["SIA-DCS"]
    bench.session.finish()
    assert bench.session.is_done


def test_a_connection_for_each_message_is_wanted_only_while_one_is_out():
    bench = Bench(keep_open=False, count=1, at_s=5.0)
    assert not bench.session.wants_link(0.0)
    assert bench.session.next_at() == 5.0
    assert bench.session.wants_link(5.0)
    bench.session.linked(5.1)
    bench.session.receive(ack("0001"), 5.2)
    assert not bench.session.wants_link(5.2)


def test_what_is_outstanding_at_the_end_is_listed_as_stopped():
    bench = Bench(count=5)
    bench.session.linked(0.0)
    bench.session.abandon(1.0)
    assert [(line.sequence, line.answer) for line in bench.ledger.unacked_lines] == [("0001", "stopped")]
    assert bench.session.is_done


# -- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crc_form", ["hex", "binary"])
@pytest.mark.parametrize("fault", ["bad-crc", "bad-length", "bad-length:-3", "bad-length:200", "truncated"])
def test_a_broken_frame_is_followed_by_the_good_one(fault: str, crc_form: str):
    bench = Bench(fault, crc_form=crc_form)
    pieces = bench.session.linked(0.0)
    good = ack("0001", "SIA-DCS", data="#5512|NBA01", crc_form=crc_form)
    assert len(pieces) == 2
    assert pieces[0] != good
    assert pieces[1] == good
    assert not any(isinstance(piece, RawFrame) for piece in read_datagram(pieces[0]))
    bench.session.receive(ack("0001", crc_form=crc_form), 1.0)
    assert (bench.tally.acked, bench.tally.faults) == (1, {fault.partition(":")[0]: 1})


def test_split_sends_two_pieces_with_a_pause():
    bench = Bench("split:7")
    good = ack("0001", "SIA-DCS", data="#5512|NBA01")
    assert bench.session.linked(0.0) == [good[:7]]
    assert bench.session.next_at() == SPLIT_PAUSE_S
    assert bench.session.tick(SPLIT_PAUSE_S / 2) == []
    assert bench.session.tick(SPLIT_PAUSE_S) == [good[7:]]


def test_coalesce_puts_several_messages_into_one_piece_and_waits_for_each():
    bench = Bench("coalesce:3", count=4)
    (piece,) = bench.session.linked(0.0)
    assert sequences([piece]) == ["0001", "0002", "0003"]
    bench.session.receive(ack("0001") + ack("0003"), 1.0)
    assert [line.sequence for line in bench.ledger.acked_lines] == ["0001", "0003"]
    (again,) = bench.session.tick(20.0)
    assert sequences([again]) == ["0002"]
    bench.session.receive(ack("0002"), 21.0)
    assert bench.tally.acked == 3


@pytest.mark.parametrize(("fault", "tail"), [("nul-after-cr", b"\0"), ("lf-after-cr", b"\n")])
def test_bytes_after_the_cr(fault: str, tail: bytes):
    bench = Bench(fault)
    assert bench.session.linked(0.0) == [ack("0001", "SIA-DCS", data="#5512|NBA01") + tail]


def test_repeat_wants_an_ack_for_each_frame_and_is_one_message():
    bench = Bench("repeat:2")
    pieces = bench.session.linked(0.0)
    assert pieces == [ack("0001", "SIA-DCS", data="#5512|NBA01")] * 3
    bench.session.receive(ack("0001") * 2, 1.0)
    assert not bench.session.is_done
    bench.session.receive(ack("0001"), 2.0)
    assert (bench.tally.acked, bench.tally.ack, bench.tally.repeats_sent, bench.tally.is_ok()) == (1, 3, 2, True)
    assert [line.acked_at for line in bench.ledger.acked_lines] == [EPOCH_US + 1_000_000]


def test_a_repeat_left_unanswered_is_a_failure_though_the_message_was_acknowledged():
    bench = Bench("repeat")
    bench.session.linked(0.0)
    bench.session.receive(ack("0001"), 1.0)
    bench.session.tick(20.0)
    assert (bench.tally.acked, bench.tally.repeats_unanswered, bench.tally.is_ok()) == (1, 1, False)


def test_repeat_with_a_new_stamp_differs_in_the_stamp_alone():
    bench = Bench("repeat-stamp", is_stamped=True)
    first, second = bench.session.linked(0.0)
    assert (first[9:-20], second[9:-20]) == (first[9:-20],) * 2
    assert (first[-20:-1], second[-20:-1]) == (b"07:05:09,03-04-2027", b"07:05:10,03-04-2027")


def test_an_encrypted_repeat_differs_in_every_block_of_its_ciphertext():
    bench = Bench("repeat-encrypted", key=KEY)
    first, second = bench.session.linked(0.0)
    start = first.index(b"[") + 1
    assert first[9:start] == second[9:start]
    blocks = [{frame[k : k + 32] for k in range(start, len(frame) - 1, 32)} for frame in (first, second)]
    assert not blocks[0] & blocks[1]


def test_ignore_ack_repeats_after_the_wait_and_takes_the_second():
    bench = Bench("ignore-ack", tries=1)
    first = bench.session.linked(0.0)
    assert bench.session.receive(ack("0001"), 1.0) == []
    assert bench.tally.acked == 0
    assert bench.session.tick(20.0) == first
    bench.session.receive(ack("0001"), 21.0)
    assert (bench.tally.acked, bench.tally.ack, bench.tally.none, bench.tally.is_ok()) == (1, 2, 0, True)


@pytest.mark.parametrize("fault", ["wrong-key", "clear", "sequence-hex"])
def test_silence_is_the_success_of_what_nobody_may_acknowledge(fault: str):
    bench = Bench(fault, key=KEY, tries=1)
    bench.session.linked(0.0)
    bench.session.tick(20.0)
    assert (bench.tally.silent_as_expected, bench.tally.never, bench.tally.is_ok()) == (1, 0, True)
    assert bench.ledger.unacked_lines[0].expected == "silence"


def test_an_ack_for_what_nobody_may_acknowledge_is_the_failure():
    bench = Bench("clear", key=KEY)
    (frame,) = bench.session.linked(0.0)
    assert b'"SIA-DCS"' in frame
    bench.session.receive(ack("0001"), 1.0)
    assert (bench.tally.unexpected, bench.tally.is_ok()) == (1, False)
    assert [line.fault for line in bench.ledger.acked_lines] == ["clear"]


@pytest.mark.parametrize(("fault", "stamp"), [("stamp-old:60", "07:04:09"), ("stamp-new:60", "07:06:09")])
def test_a_stamp_out_of_its_window_is_right_after_the_nak(fault: str, stamp: str):
    bench = Bench(fault, is_stamped=True)
    (first,) = bench.session.linked(0.0)
    assert stamp.encode() in first
    (again,) = bench.session.receive(nak("07:05:10,03-04-2027"), 1.0)
    assert again[-20:-1] == b"07:05:10,03-04-2027"
    assert parse_stamp(again[-20:-1].decode()) == EPOCH_US + 1_000_000


def test_sequence_stuck_repeats_the_number_of_the_message_before():
    bench = Bench("sequence-stuck", count=3)
    assert sequences(bench.session.linked(0.0)) == ["0001"]
    assert sequences(bench.session.receive(ack("0001"), 1.0)) == ["0001"]
    assert sequences(bench.session.receive(ack("0001"), 2.0)) == ["0001"]
    bench.session.receive(ack("0001"), 3.0)
    assert (bench.tally.acked, bench.tally.wrong) == (3, 0)


def test_prepared_frames_are_the_frames_that_would_have_been_made():
    def sent(ahead: int) -> list[bytes]:
        bench = Bench("nul-after-cr=0.3", count=20)
        if ahead:
            assert bench.session.prepare(ahead) == ahead
        out = bench.session.linked(0.0)
        for number in range(1, 21):
            out += bench.session.receive(ack(f"{number:04d}"), 1.0)
        assert bench.tally.acked == 20
        return out

    assert sent(20) == sent(7) == sent(0)


def test_a_message_is_a_plain_value():
    assert build(BA, "5512", 7) == Message(7, "SIA-DCS", "#5512|NBA01")
