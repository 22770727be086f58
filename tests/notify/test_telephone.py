"""Requests to a telephone system, against a fake one: an HTTP server of ours. No maker's equipment was tried."""

import asyncio
import threading

import pytest

from support.fakes import ManualClock
from support.notices import paths
from support.providers import fake_provider
from tocsin.notify.telephone import FIELDS, TelephoneSystem
from tocsin.protocols.standard_webhooks import secret_text, wrong_with

SECRET = bytes(range(32))


@pytest.fixture
def pbx():
    with fake_provider() as made:
        yield made


def dial(pbx, secret=lambda: secret_text(SECRET), internal=None, times=1, **options):
    clock = ManualClock()
    system = TelephoneSystem(
        options.pop("url", pbx.url("/dial")),
        secret,
        "urn:tocsin:abc",
        clock,
        internal=(pbx.address,) if internal is None else internal,
        **options,
    )

    async def all_of_it():
        try:
            return [await system.dial("tocsin-dial-7", "1001", "+12025550101") for _ in range(times)]
        finally:
            await system.close()

    return asyncio.run(all_of_it())[-1]


def test_what_leaves_is_what_is_declared_and_signed_as_our_other_webhooks_are(pbx):
    assert dial(pbx) is None
    (taken,) = pbx.taken
    assert sorted(paths(taken.json)) == sorted(FIELDS)
    assert taken.json["data"] == {"call": "tocsin-dial-7", "extension": "1001", "number": "+12025550101"}
    assert taken.path == "/dial"
    now_s = ManualClock().now_us() // 1_000_000
    assert wrong_with(taken.headers, taken.body, SECRET, now_s) is None
    assert wrong_with(taken.headers, taken.body + b" ", SECRET, now_s) == "signature"


@pytest.mark.parametrize(
    ("status", "found"), [(200, None), (202, None), (302, "refused"), (404, "refused"), (503, "refused")]
)
def test_only_2xx_is_a_yes_a_redirect_is_not_followed_and_nothing_is_sent_again(pbx, status, found):
    pbx.answer = (status, {"location": pbx.url("/elsewhere")}, b"")
    assert dial(pbx) == found
    assert [one.path for one in pbx.taken] == ["/dial"]


def test_one_that_says_nothing_is_given_up_in_time(pbx):
    given_up = threading.Event()

    def say_nothing(_taken):
        given_up.wait(10)
        return 204, {}, b""

    pbx.answer = say_nothing
    try:
        assert dial(pbx, answer_s=0.2) == "timeout"
    finally:
        given_up.set()


def test_one_that_is_not_there_or_that_nobody_listed_is_said_so(pbx):
    assert dial(pbx, internal=()) == "address"
    assert dial(pbx, url="http://127.0.0.1:1/", internal=("127.0.0.1:1",)) == "unreachable"
    assert pbx.taken == []


@pytest.mark.parametrize("broken", ["", OSError("gone")])
def test_without_its_secret_nothing_leaves(pbx, broken):
    def read():
        if isinstance(broken, OSError):
            raise broken
        return broken

    assert dial(pbx, secret=read) == "secret"
    assert dial(pbx, authority="/nowhere/ca.pem") == "secret"
    assert pbx.taken == []
