"""Signatures of requests: what another implementation signed is right, and nothing else is."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.notify.webhook import signed
from tocsin.protocols.standard_webhooks import TOLERANCE_S, secret_text, wrong_with

SECRET = bytes(range(32))
NOW = 1_795_000_000
BODY = '[{"code":"smoke","device":"küche1"}]'.encode()
RIGHT = {
    "webhook-id": "msg_2bQ",
    "webhook-timestamp": str(NOW),
    "webhook-signature": "v1,VxgBDdNmAE00zcvgcBh6Uk5pZsjbEnor+QSmKUb+eUM=",
}
"""As standardwebhooks 1.1.0 (PyPI) signed BODY."""


def wrong(body=BODY, secret=SECRET, now=NOW, **headers):
    changed = {**RIGHT, **{f"webhook-{name}": value for name, value in headers.items()}}
    return wrong_with({name: value for name, value in changed.items() if value is not None}, body, secret, now)


def test_what_another_implementation_signed_is_right():
    assert wrong() is None
    assert wrong(b"", id="x", signature="v1,Ants1JWU+fshMJ/qnxtMshDoAjRJufOTvV5ELqjdLt8=") is None


def test_what_our_own_sender_signs_is_right():
    assert wrong_with(signed("a", NOW, BODY, secret_text(SECRET)), BODY, SECRET, NOW) is None


def test_of_several_signatures_one_is_enough_and_other_versions_are_passed_over():
    right = RIGHT["webhook-signature"]
    assert wrong(signature=f"v1a,AAAA v1,AAAA {right}") is None
    assert wrong(signature=right.replace("v1,", "v2,")) == "signature"
    assert wrong(signature=" ".join(["v1,AAAA"] * 10 + [right])) == "signature", "so many are looked at, and no more"


@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
def test_each_header_is_needed(name):
    assert wrong(**{name: None}) == wrong(**{name: ""}) == "missing"


@pytest.mark.parametrize(
    ("off_s", "expected"), [(TOLERANCE_S, None), (-TOLERANCE_S, None), (301, "time"), (-301, "time")]
)
def test_clock_may_be_five_minutes_off_both_ways(off_s, expected):
    assert wrong(now=NOW + off_s) == expected


@pytest.mark.parametrize("stamp", ["soon", "1e9", "-1", "٣", "9" * 13, "1795000000.0"])
def test_time_stamp_that_is_no_number_of_seconds_is_refused(stamp):
    assert wrong(timestamp=stamp) == "time"


def test_changed_body_id_or_time_and_another_secret_are_refused():
    assert wrong(BODY + b" ") == wrong(secret=b"x" * 32) == wrong(id="other") == "signature"
    assert wrong(timestamp=str(NOW + 1)) == "signature"


@given(st.text(max_size=60))
def test_no_other_text_is_a_signature(text):
    assert wrong(signature=text) in ("missing", "signature")


def test_secret_is_typed_in_with_its_prefix():
    assert secret_text(SECRET) == "whsec_" + base64.b64encode(SECRET).decode()
