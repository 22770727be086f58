"""Text messages and calls, against a fake that is shaped like Twilio's interface. Delivery is not tested."""

import base64

import pytest

from support.notices import BASE, message, run
from support.providers import fake_provider
from tocsin.model.notices import Accepted, ContactAddress, Failed, Retry
from tocsin.notify.gateway import CALL_FIELDS, SMS_FIELDS, GatewayNotifier
from tocsin.notify.http import HttpClient
from tocsin.settings import GatewayProvider

MESSAGE = message()
TO = ContactAddress(address="+12025550177")


@pytest.fixture
def provider():
    with fake_provider() as made:
        made.answer = (201, {}, b'{"sid": "SM1", "status": "queued"}')
        yield made


def send(provider, channel="sms", token=lambda: "pass", messages=(MESSAGE,), internal=None):
    settings = GatewayProvider(url=provider.url("/2010/Accounts/AC1"), account="AC1", sender="+12025550100")
    allowed = (provider.address,) if internal is None else internal
    made = GatewayNotifier(HttpClient(allowed), settings, token, channel)
    return run(made, *((one, TO) for one in messages))


def test_text_message_holds_what_is_declared_and_nothing_else(provider):
    assert send(provider) == [Accepted("SM1")]
    (taken,) = provider.taken
    assert (taken.path, sorted(taken.form)) == ("/2010/Accounts/AC1/Messages.json", sorted(SMS_FIELDS))
    assert taken.form["Body"] == message().text
    assert taken.form["StatusCallback"].startswith(f"{BASE}/n/")
    assert base64.b64decode(taken.headers["authorization"].removeprefix("Basic ")) == b"AC1:pass"


def test_call_asks_for_its_first_prompt_and_rings_for_25_seconds(provider):
    assert send(provider, "voice") == [Accepted("SM1")]
    (taken,) = provider.taken
    assert (taken.path, sorted(taken.form)) == ("/2010/Accounts/AC1/Calls.json", sorted(CALL_FIELDS))
    assert (taken.form["Timeout"], taken.form["Url"]) == ("25", f"{message().answer_url}/voice/1.0")


def test_same_attempt_goes_out_under_the_same_key_each_time(provider):
    send(provider, messages=(message(), message(sent_at=1)))
    assert {one.headers["idempotency-key"] for one in provider.taken} == {message().key}


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (400, b'{"code": 21211}', Failed("number_refused")), (400, b"{}", Failed("http_400")),
        (401, b"no", Failed("http_401", is_provider=True)), (404, b"", Failed("http_404", is_provider=True)),
        (429, b"", Retry(3, "http_429")), (500, b"<html>", Retry(3, "http_500")), (201, b"[1]", Accepted(None)),
    ],
)  # fmt: skip
def test_each_answer_of_a_provider_is_taken_later_refused_or_its_failure(provider, status, body, outcome):
    provider.answer = (status, {"retry-after": "3"}, body)
    assert send(provider) == [outcome]


def test_token_that_cannot_be_read_and_an_address_that_is_not_allowed_are_the_providers_failure(provider):
    def missing():
        raise FileNotFoundError

    assert send(provider, token=missing) == [Failed("token_file", is_provider=True)]
    assert send(provider, internal=()) == [Failed("address_not_allowed", is_provider=True)]
    assert provider.taken == []
