"""Reports of delivery: what servers write is read; what a stranger writes is read or is none, in bounded time."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.bounced import HEAD, report
from tocsin.protocols.bounces import BLOCKS_MAX, BOUNCE_BYTES_MAX, ID_MAX, IDS_MAX, NESTED_MAX, Bounce, read_bounce

OURS = "tag-1-notice-9-0-0.9.1.0123456789abcdef01234567@example.org"


@pytest.mark.parametrize(
    "returned", ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"]
)
@pytest.mark.parametrize("status", ["message/delivery-status", "message/global-delivery-status"])
def test_report_with_the_message_or_its_head_says_which_mail_failed(status, returned):
    assert read_bounce(report(status=status, returned=returned)) == Bounce(is_final=True, message_ids=(OURS,))


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_line_ends_of_a_pipe_are_as_good_as_those_of_the_wire(line_end):
    assert read_bounce(report().replace(b"\r\n", line_end)).message_ids == (OURS,)


@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded", "delivered", "", "fail", "failed-not"])
def test_mail_that_may_still_arrive_has_not_failed(action):
    assert read_bounce(report(action=action)) == Bounce(is_final=False, message_ids=(OURS,))


@pytest.mark.parametrize("action", ["Failed", "FAILED", "  failed "])
def test_how_the_word_is_written_does_not_matter(action):
    assert read_bounce(report(action=action)).is_final


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\r\n", b"Subject: I am on holiday\r\n\r\nUntil Monday.", HEAD.encode() + b"\r\nIt did not work",
        report().replace(b"multipart/report", b"multipart/mixed"),
        report().replace(b"message/delivery-status", b"text/plain"),
        report().replace(b'boundary="B0/mx.example.net"', b""),
    ],
)  # fmt: skip
def test_mail_that_is_no_report_is_none(raw):
    assert read_bounce(raw) is None


def test_words_for_people_name_no_mail():
    raw = report(message_id="<other@example.org>").replace(b"no such user\r\n--", f"no <{OURS}>\r\n--".encode())
    assert read_bounce(raw).message_ids == ("other@example.org",)


def test_ids_are_few_and_short():
    part = b"--B0/mx.example.net\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%d@x>\r\n\r\n"
    many = b"".join(part % n for n in range(IDS_MAX + 3))
    raw = report().replace(b"--B0/mx.example.net--", many + b"--B0/mx.example.net--")
    assert read_bounce(raw).message_ids == (OURS, *(f"{n}@x" for n in range(IDS_MAX - 1)))
    assert read_bounce(report(message_id=f"<{'a' * ID_MAX}b>")).message_ids == ()


def test_recipients_of_one_report_are_few():
    one = b"Final-Recipient: rfc822; x@example.org\r\nAction: delayed\r\n\r\n"
    raw = report()
    last = raw.index(b"Final-Recipient")
    assert read_bounce(raw[:last] + one * (BLOCKS_MAX - 2) + raw[last:]).is_final
    assert not read_bounce(raw[:last] + one * (BLOCKS_MAX - 1) + raw[last:]).is_final


def test_mail_that_is_too_large_or_too_deep_is_none():
    assert read_bounce(report() + b" " * BOUNCE_BYTES_MAX) is None
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(NESTED_MAX + 1)
    )
    assert read_bounce(report().replace(b"This is a", deep)) is None


def test_worst_that_the_limits_let_in_is_read_in_a_moment():
    """As deep as may be, and full of lines that could end each part: the library looks at each line for each depth."""
    depth = NESTED_MAX - 3
    head = HEAD.encode() + b'Content-Type: multipart/report; boundary="x0"\r\n\r\n--x0\r\n'
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="x%d"\r\n\r\n--x%d\r\n' % (n, n) for n in range(1, depth))
    filled = head + deep + b"\r\n"
    filled += b"--y\r\n" * ((BOUNCE_BYTES_MAX - len(filled)) // 5)
    begun = time.process_time()
    read_bounce(filled)
    assert time.process_time() - begun < 2, "seconds of a processor, on a machine that has much else to do"


@given(st.binary(max_size=4_000))
def test_any_bytes_are_a_report_or_none(raw):
    assert read_bounce(raw) is None or isinstance(read_bounce(raw), Bounce)


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_report_in_which_anything_was_changed_is_read_or_none(seed, changes):
    dice = random.Random(seed)
    raw = bytearray(report(status=dice.choice(["message/delivery-status", "message/global-delivery-status"])))
    pieces = [b"--B0/mx.example.net", b"Content-Type: multipart/report", b"Content-Transfer-Encoding: base64\r\n",
              b"\r\n\r\n",
              b"=?utf-8?q?=ff?=", b"charset=\x00none", b"\xff\xfe", b"boundary=", b";", b'"']  # fmt: skip
    for _ in range(changes):
        at = dice.randrange(len(raw))
        match dice.randrange(3):
            case 0:
                raw[at] = dice.randrange(256)
            case 1:
                del raw[at : at + dice.randrange(1, 40)]
            case _:
                raw[at:at] = dice.choice(pieces)
        raw = raw or bytearray(b"x")
    found = read_bounce(bytes(raw))
    assert found is None or all(0 < len(one) <= ID_MAX for one in found.message_ids)
