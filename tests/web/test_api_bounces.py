"""Bounced mail over HTTP: by a token made for it, of any size and kind, and believed only of our own."""

import pytest

from support.bounced import report
from support.centres import make_folder
from support.web import Site
from tocsin.protocols.bounces import BOUNCE_BYTES_MAX

PATH = "/api/v1/notices/bounces"
MAIL = {"content-type": "message/rfc822"}


@pytest.fixture
def site(tmp_path):
    made = Site(make_folder(tmp_path / "centre"))
    yield made
    made.close()


def test_pipe_of_a_mail_server_gives_reports_back_and_learns_what_became_of_them(site):
    pipe = site.program("intake")
    reply = pipe.post(PATH, content=report(), headers=MAIL)
    assert (reply.status_code, reply.json()) == (200, {"outcome": "unknown"})
    assert pipe.post(PATH, content=report(action="delayed"), headers=MAIL).json() == {"outcome": "not_final"}
    assert site.held.centre.bounces.counts["unknown"] == 1


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "notice_bounce.form"), (b"\xff\x00 holiday", 400, "notice_bounce.form"),
        (b"x" * (BOUNCE_BYTES_MAX + 1), 413, "http.413"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_with_a_code(site, raw, status, code):
    reply = site.program("intake").post(PATH, content=raw, headers=MAIL)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_report_as_large_as_one_may_be_is_read(site):
    """It returns the message with all that servers on its way put before it."""
    raw = report().replace(b"\r\nSubject: #4720", b"\r\nX-Way: " + b"x" * 70 + b"\r\nSubject: #4720", 1)
    raw = raw.replace(
        b"no such user\r\n--", b"no such user\r\n" + b"w" * (BOUNCE_BYTES_MAX - len(raw) - 2) + b"\r\n--", 1
    )
    assert len(raw) == BOUNCE_BYTES_MAX
    reply = site.program("intake").post(PATH, content=raw, headers=MAIL)
    assert (reply.status_code, reply.json()) == (200, {"outcome": "unknown"})


def test_nobody_else_gives_mail_back(site):
    assert site.client().post(PATH, content=report(), headers=MAIL).status_code == 401
    for scope in ("read", "handle", "journal"):
        assert site.program(scope).post(PATH, content=report(), headers=MAIL).status_code == 403
