"""Web Push, against the example of RFC 8291 and an endpoint of ours that decrypts."""

import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from support.fakes import ManualClock
from support.notices import T0, message, run
from support.providers import fake_provider
from tocsin.model.notices import Accepted, ContactAddress, Failed, Retry
from tocsin.notify.http import HttpClient
from tocsin.notify.web_push import FIELDS, WebPushNotifier
from tocsin.protocols.web_push import PLAIN_MAX, base64url, encrypt, from_base64url, public_bytes
from tocsin.system import SystemIds

AUTH = bytes(range(16))


def private(text):
    return ec.derive_private_key(int.from_bytes(from_base64url(text), "big"), ec.SECP256R1())


def decrypted(body, browser, auth):
    """As a browser does it (RFC 8291, section 3.4), written apart from what is tested."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= size
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    info = b"WebPush: info\x00" + public_bytes(browser) + sender
    ikm = HKDF(hashes.SHA256(), 32, auth, info).derive(browser.exchange(ec.ECDH(), point))
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(ikm)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(ikm)
    plain = AESGCM(key).decrypt(nonce, record, None)
    assert plain.endswith(b"\x02")
    return plain[:-1]


def test_example_of_rfc_8291_comes_out_to_the_byte():
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        from_base64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        from_base64url("BTBZMqHH6r4Tts7J_aSIgg"),
        private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert base64url(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
        "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.fixture
def provider():
    with fake_provider() as made:
        made.answer = (201, {}, b"")
        yield made


class Browser:
    def __init__(self, provider):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.address = ContactAddress(
            address=provider.url("/push/1"), auth=base64url(AUTH), p256dh=base64url(public_bytes(self.key))
        )


CENTRE = ec.generate_private_key(ec.SECP256R1())


def send(provider, address, said=None):
    made = WebPushNotifier(HttpClient((provider.address,)), CENTRE, "it@example.org", ManualClock(T0), SystemIds())
    return run(made, (said or message(), address))


def test_browser_alone_can_read_it_and_reads_what_is_declared(provider):
    browser = Browser(provider)
    assert send(provider, browser.address) == [Accepted(message().key)]
    (taken,) = provider.taken
    plain = json.loads(decrypted(taken.body, browser.key, AUTH))
    assert set(plain) == set(FIELDS)
    assert plain["title"] == "#4720 P1"
    assert len(taken.body) < PLAIN_MAX
    assert b"4720" not in taken.body
    assert (taken.headers["content-encoding"], taken.headers["ttl"]) == ("aes128gcm", "900")


def test_token_names_the_maker_lives_for_less_than_a_day_and_is_signed_with_the_centres_key(provider):
    send(provider, Browser(provider).address)
    header = provider.taken[0].headers["authorization"]
    token, key = header.removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    assert json.loads(from_base64url(head)) == {"typ": "JWT", "alg": "ES256"}
    said = json.loads(from_base64url(claims))
    assert said["aud"] == f"http://{provider.address}"
    assert 0 < said["exp"] - T0 // 1_000_000 <= 86_400
    assert said["sub"] == "mailto:it@example.org"
    assert from_base64url(key) == public_bytes(CENTRE)
    raw = from_base64url(signature)
    given = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    CENTRE.public_key().verify(given, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        CENTRE.public_key().verify(given, f"{head}.{claims}x".encode(), ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Failed("http_404", is_gone=True)), (410, Failed("http_410", is_gone=True)),
        (403, Failed("http_403", is_provider=True)), (429, Retry(5, "http_429")), (413, Failed("http_413")),
    ],
)  # fmt: skip
def test_subscription_that_is_no_more_goes_and_a_maker_that_refuses_us_is_a_failing_provider(provider, status, outcome):
    provider.answer = (status, {"retry-after": "5"}, b"")
    assert send(provider, Browser(provider).address) == [outcome]


def test_subscription_that_is_none_is_dropped_and_nothing_is_sent(provider):
    bad = ContactAddress(address=provider.url(), auth=base64url(AUTH), p256dh=base64url(b"\x04" + bytes(64)))
    assert send(provider, bad) == [Failed("bad_subscription", is_gone=True)]
    assert provider.taken == []
