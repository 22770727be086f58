"""Calls by HTTP: only to where they may go, bounded, and each answer with its meaning."""

import asyncio
import socket

import pytest

from support.providers import fake_provider
from tocsin.model.notices import Failed, Retry
from tocsin.notify.http import ANSWER_BYTES_MAX, HttpAnswer, HttpClient, is_public, outcome_of


@pytest.fixture
def provider():
    with fake_provider() as made:
        yield made


def post(url, internal=(), **named):
    async def once():
        client = HttpClient(internal)
        try:
            return await client.post(url, {}, b"x", **named)
        finally:
            await client.close()

    return asyncio.run(once())


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("127.0.0.1", False), ("::1", False),
        ("10.0.0.1", False), ("172.16.1.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("ff02::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("100.64.0.1", False),
        ("not an address", False),
    ],
)  # fmt: skip
def test_addresses_of_this_machine_and_of_private_networks_are_told_from_public_ones(address, good):
    assert is_public(address) is good


def test_name_that_leads_to_this_machine_reaches_nothing_unless_somebody_listed_it(provider):
    for url in (provider.url(), f"http://localhost:{provider.port}/"):
        assert post(url) == Failed("address_not_allowed")
    assert provider.taken == []
    other = (f"127.0.0.1:{provider.port + 1}", "10.0.0.1:80")
    assert post(provider.url(), other) == Failed("address_not_allowed"), "host and port, not the host alone"
    assert isinstance(post(provider.url(), (provider.address,)), HttpAnswer)
    assert isinstance(post(f"http://localhost:{provider.port}/", (f"localhost:{provider.port}",)), HttpAnswer)


def test_no_proxy_of_the_environment_is_used(provider, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, provider.url())
    assert post("http://192.0.2.1:9/") == Failed("address_not_allowed")
    assert provider.taken == []


def test_redirect_is_not_followed_and_a_long_answer_is_cut(provider):
    provider.answer = (302, {"location": provider.url("/other")}, b"")
    assert post(provider.url(), (provider.address,)).status == 302
    provider.answer = (200, {}, b"y" * (ANSWER_BYTES_MAX + 5))
    assert len(post(provider.url(), (provider.address,)).body) == ANSWER_BYTES_MAX
    assert [one.path for one in provider.taken] == ["/hook", "/hook"]


def test_who_does_not_answer_or_is_not_there_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        assert post(f"http://{address}/", (address,), timeout_s=0.2) == Retry(None, "timeout")
    assert post(f"http://{address}/", (address,)) == Retry(None, "unreachable")
    assert post("http://nowhere.invalid/") == Retry(None, "unreachable")
    assert post("gopher://example.org/") == Failed("bad_address")


@pytest.mark.parametrize(
    ("status", "is_contacts", "outcome"),
    [
        (200, True, None), (204, False, None),
        (429, True, Retry(9, "http_429")), (503, False, Retry(9, "http_503")), (500, True, Retry(9, "http_500")),
        (410, True, Failed("http_410", is_gone=True)), (404, True, Failed("http_404", is_gone=True)),
        (404, False, Failed("http_404", is_provider=True)), (401, False, Failed("http_401", is_provider=True)),
        (400, False, Failed("http_400")), (400, True, Failed("http_400")),
    ],
)  # fmt: skip
def test_each_answer_means_taken_later_or_never(status, is_contacts, outcome):
    assert outcome_of(HttpAnswer(status, 9, b""), is_contacts=is_contacts) == outcome


def test_time_to_wait_is_read_and_a_date_or_nonsense_is_not(provider):
    for header, seconds in (("7", 7), ("Fri, 31 Dec 1999 23:59:59 GMT", None), ("-3", None), ("9" * 40, None)):
        provider.answer = (503, {"retry-after": header}, b"")
        assert post(provider.url(), (provider.address,)).retry_after_s == seconds
