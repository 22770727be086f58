"""Keys as people enter them."""

import pytest

from tocsin.model.errors import BadInput
from tocsin.protocols.dc09.crypto import decrypt, encrypt
from tocsin.protocols.dc09.keys import guess_form, parse_any_key, parse_key

DIGITS = "00112233445566778899AABBCCDDEEFF0011223344556677" + "8899aabbccddeeff"


@pytest.mark.parametrize("length", [32, 48, 64])
def test_hex_key_is_read_in_each_length(length: int) -> None:
    assert parse_key(f" {DIGITS[:length]}\n", "hex") == bytes.fromhex(DIGITS[:length])
    assert parse_any_key(DIGITS[:length]) == bytes.fromhex(DIGITS[:length])


@pytest.mark.parametrize("length", [16, 24, 32])
def test_text_key_is_its_characters(length: int) -> None:
    text = ("Pass word 12345 " * 2)[:length]
    assert parse_key(text, "text") == text.encode()
    assert (guess_form(text), parse_any_key(text)) == ("text", text.encode())


def test_32_hex_digits_may_be_taken_for_text_by_its_form() -> None:
    assert parse_key(DIGITS[:32], "text") == DIGITS[:32].encode()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "hex"),
        ("00", "hex"),
        (DIGITS[:31], "hex"),
        ("g" * 32, "hex"),
        ("00 " * 16, "hex"),
        ("", "text"),
        ("x" * 15, "text"),
        ("x" * 33, "text"),
        ("ä" * 16, "text"),
        ("\uff11" * 32, "hex"),
    ],
)
def test_key_of_wrong_length_or_alphabet_is_refused_without_echo(text: str, form: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_key(text, form)  # pyright: ignore[reportArgumentType]
    assert caught.value.code == "dc09.key"
    assert not text.strip() or text not in str(caught.value)


@pytest.mark.parametrize("size", [16, 24, 32])
def test_each_message_begins_a_chain_of_its_own(size: int) -> None:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    key = bytes(range(size))
    for number in range(1, 6):
        clear = bytes([number]) * 16 * number
        fresh = Cipher(AES(key), CBC(bytes(16))).encryptor()
        secret = fresh.update(clear) + fresh.finalize()
        assert encrypt(key, clear) == secret
        assert decrypt(key, secret) == clear


def test_interrupted_encryption_spoils_no_later_one() -> None:
    from tocsin.protocols.dc09 import crypto

    key = bytes(range(16, 32))
    expected = encrypt(key, bytes(32))
    crypto._keys.find(key)._encryptor.update(b"x" * 16)  # as if a signal had come between two of its lines
    assert [encrypt(key, bytes(32)), encrypt(key, bytes(32))] == [expected, expected]


def test_threads_do_not_share_a_chain() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from tocsin.protocols.dc09 import crypto

    key = bytes(range(32))
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: crypto._keys.find(key)).result() is not crypto._keys.find(key)
    expected = encrypt(key, bytes(64))
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: (encrypt(key, bytes(64)), decrypt(key, expected)), range(400)))
    assert found == {(expected, bytes(64))}
