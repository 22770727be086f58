"""Notices to programs, against our simulator."""

import base64
import hmac
import json

import pytest

from support.notices import T0, message, paths, run
from support.providers import fake_provider
from tocsin.model.notices import Accepted, ContactAddress, Failed, Retry
from tocsin.notify.http import HttpClient
from tocsin.notify.webhook import FIELDS, WebhookNotifier, event_of

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def provider():
    with fake_provider() as made:
        yield made


def send(provider, *messages):
    made = WebhookNotifier(HttpClient((provider.address,)), "urn:tocsin:t")
    address = ContactAddress(address=provider.url(), secret=SECRET)
    return run(made, *((one, address) for one in messages))


def test_all_that_leaves_is_on_the_declared_list(provider):
    send(provider, message())
    assert paths(provider.taken[0].json) == set(FIELDS)
    assert sorted(provider.taken[0].headers) == [
        "content-length", "content-type", "host", "user-agent", "webhook-id", "webhook-signature", "webhook-timestamp",
    ]  # fmt: skip


def test_two_hundreds_are_the_receipt_and_the_signature_is_over_the_bytes_that_came(provider):
    assert send(provider, message()) == [Accepted(None, is_received=True)]
    (taken,) = provider.taken
    assert taken.body == event_of(message(), "urn:tocsin:t")
    said = f"{message().key}.{T0 // 1_000_000 + 1}.".encode() + taken.body
    mac = base64.b64encode(hmac.digest(bytes(range(32)), said, "sha256")).decode()
    assert taken.headers["webhook-signature"] == f"v1,{mac}"
    assert json.loads(taken.body)["id"] == message().key


def test_sending_again_keeps_the_id_and_has_a_time_stamp_of_its_own(provider):
    send(provider, message(), message(sent_at=T0 + 90_000_000))
    ids = [(one.headers["webhook-id"], one.headers["webhook-timestamp"]) for one in provider.taken]
    assert ids[0][0] == ids[1][0]
    assert ids[0][1] != ids[1][1]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (302, Failed("redirect")), (410, Failed("http_410", is_gone=True)), (503, Retry(30, "http_503")),
        (429, Retry(30, "http_429")), (400, Failed("http_400")),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_failed_or_tried_again(provider, status, outcome):
    provider.answer = (status, {"retry-after": "30"}, b"")
    assert send(provider, message()) == [outcome]
