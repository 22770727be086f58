"""Mails of machines: what their lines say, and that nothing else of them is kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.sources import MailLine
from tocsin.protocols.machine_messages import Fault
from tocsin.protocols.mail_in import LINES_MAX, MAIL_BYTES_MAX, SAID_MAX, line_fault, read_mail
from tocsin.protocols.mqtt_devices import device_of

LINES = (
    MailLine(pattern="Zone * in alarm", word="smoke"),
    MailLine(pattern="Zone * normal", word="smoke", is_active=False),
    MailLine(pattern="Mains lost", word="mains", device="PSU1"),
    MailLine(pattern="Lift *: emergency call", word="help_button"),
)


def mail(body="", subject="Event", **headers):
    head = {"From": "panel@site.example", "Subject": subject, "Message-ID": "<1@panel>"} | headers
    return "\r\n".join([*(f"{name}: {value}" for name, value in head.items()), "", body]).encode()


def said(raw, lines=LINES):
    found = read_mail(raw, lines)
    return found if isinstance(found, Fault) else [(one.cid, one.is_active, one.device) for one in found]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Zone 12 in alarm", ("111", True, "12")),
        ("  Zone   12   in alarm ", ("111", True, "12")),
        ("Zone B-7 normal", ("111", False, "B7")),
        ("Mains lost", ("301", True, "PSU1")),
        ("Lift 3: emergency call", ("101", True, "3")),
    ],
)
def test_a_line_says_what_its_pattern_means_in_the_subject_and_in_the_body(line, says):
    assert said(mail(subject=line)) == [says]
    assert said(mail(f"Dear customer,\r\n\r\n{line}\r\n\r\nYours\r\n")) == [says]


@pytest.mark.parametrize(
    "line", ["Zone in alarm", "Zone 1 2 in alarm", "zone 1 in alarm", "My Zone 1 in alarm", "Mains lost!"]
)
def test_a_line_that_only_resembles_a_pattern_is_of_unknown_nature(line):
    assert said(mail(line)) == [(None, True, None)]


def test_each_line_says_something_once():
    body = "Zone 1 in alarm\nZone 2 in alarm\nZone 1 in alarm\nMains lost\n"
    assert said(mail(body)) == [("111", True, "1"), ("111", True, "2"), ("301", True, "PSU1")]


def test_the_first_pattern_that_fits_a_line_counts():
    lines = (MailLine(pattern="Zone 1 in alarm", word="gas"), *LINES)
    assert said(mail("Zone 1 in alarm\nZone 2 in alarm"), lines) == [("151", True, None), ("111", True, "2")]


def test_a_device_with_a_name_that_is_none_is_known_by_its_hash():
    assert said(mail("Zone Küche/Anna in alarm".encode().decode("latin-1"))) != []
    raw = mail("Zone Anna's in alarm")
    assert said(raw) == [("111", True, device_of("Anna's"))]


def test_a_mail_that_no_line_names_is_one_signal_with_its_subject_sealed():
    (one,) = read_mail(mail("Anna Muster\r\n" * 50, subject="Störung 7"), LINES)
    assert (one.cid, one.text) == (None, "Störung 7") or one.cid is None
    (long,) = read_mail(mail(subject="x" * 300), LINES)
    assert len(long.text) == 120


@pytest.mark.parametrize(
    ("subject", "rule"), [("Person detected", "scope"), ("Motion in hall", "intrusion"), ("3 people", "scope")]
)
def test_a_subject_that_names_people_or_an_intrusion_is_refused(subject, rule):
    assert read_mail(mail("x", subject=subject), LINES).rule == rule


def test_html_is_reduced_to_text_and_what_nobody_sees_is_left():
    html = (
        "<html><head><title>x</title><style>Mains lost</style></head><body><p>Zone&nbsp;4 in <b>alarm</b></p>"
        "<script>Mains lost</script><div>Bye</div>"
    )
    raw = mail(html, **{"Content-Type": "text/html; charset=utf-8"})
    assert said(raw) == [("111", True, "4")]


def test_plain_text_counts_before_html_and_what_is_attached_is_left():
    parts = (
        '--b\r\nContent-Type: text/html\r\n\r\n<p>Zone 9 in alarm</p>\r\n'
        '--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        'Wm9uZSAxIGluIGFsYXJt\r\n'
        '--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=log.txt\r\n\r\nMains lost\r\n'
        '--b\r\nContent-Type: image/jpeg\r\n\r\nZone 8 in alarm\r\n--b--\r\n'
    )  # fmt: skip
    raw = mail(parts, **{"Content-Type": 'multipart/mixed; boundary="b"', "MIME-Version": "1.0"})
    assert said(raw) == [("111", True, "1")]


def test_words_in_headers_are_decoded():
    assert said(mail(subject="=?utf-8?b?Wm9uZSAxIGluIGFsYXJt?=")) == [("111", True, "1")]


def test_the_id_is_of_the_mail_and_its_date_and_counts_for_each_thing_it_says():
    first = read_mail(mail("Zone 1 in alarm\nZone 2 in alarm"), LINES)
    assert len({one.id for one in first}) == 2
    assert read_mail(mail("Zone 1 in alarm\nZone 2 in alarm"), LINES) == first
    later = read_mail(mail("Zone 1 in alarm", Date="Mon, 23 Nov 2026 12:00:00 +0000"), LINES)
    assert later[0].id != first[0].id, "some senders give one id to all that they send"
    raw = mail("Zone 1 in alarm").replace(b"Message-ID: <1@panel>\r\n", b"")
    assert read_mail(raw, LINES)[0].id is None


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"x" * (MAIL_BYTES_MAX + 1), "size"),
        (mail("multipart/mixed\r\n" * 25), "depth"),
        (mail("\r\n".join(f"Zone {n} in alarm" for n in range(SAID_MAX + 1))), "many"),
    ],
)
def test_what_is_too_much_is_refused_by_its_rule(raw, rule):
    assert read_mail(raw, LINES).rule == rule


def test_no_more_lines_than_the_limit_are_read():
    assert said(mail("x\n" * LINES_MAX + "Mains lost\n")) == [(None, True, None)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (MailLine(pattern="2 * detected person", word="smoke"), "source.scope"),
        (MailLine(pattern="*", word="smoke"), "source.mapping"),
        (MailLine(pattern="Zone * in *", word="smoke"), "source.mapping"),
        (MailLine(pattern="x" * 81, word="smoke"), "source.mapping"),
        (MailLine(pattern="Zone", word="burglary"), "source.word"),
        (MailLine(pattern="Zone", word="smoke", device="a b"), "source.mapping"),
    ],
)
def test_a_pattern_that_nobody_may_use_is_refused(line, code):
    assert line_fault(line, 0).code == code


@settings(max_examples=300)
@given(
    st.binary(max_size=400)
    | st.lists(
        st.sampled_from([
            "Subject: Zone 1 in alarm", "Subject: =?x?b?=", "Content-Type: multipart/mixed; boundary=b", "", "--b",
            "--b--",
            "Content-Type: text/html; charset=nonsense", "<p", "<!--", "]]>", "<script", "&#x110000;",
            "Zone 1 in alarm",
            "Content-Transfer-Encoding: base64", "Content-Type: message/rfc822", "=?utf-8?q?=FF?=", "\x00",
            "Content-Disposition: ;",
            "Content-Transfer-Encoding: uuencode", "begin 666 x", "Message-ID:", "Date: \udcff",
        ]),
        max_size=20,
    ).map(lambda lines: "\r\n".join(lines).encode("utf-8", "surrogatepass"))
)  # fmt: skip
def test_any_bytes_are_read_or_refused_and_what_is_kept_has_its_limits(raw):
    found = read_mail(raw, LINES)
    if isinstance(found, Fault):
        assert found.rule
        return
    for one in found:
        assert len(one.text or "") <= 120
        assert one.device is None or 1 <= len(one.device) <= 16
