"""AES-CBC with an IV of zeros, as DC-09 has it (DC09.md section 8), and the pad before the content."""

import threading
from binascii import unhexlify
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK: Final = 16
KEYS_KEPT_MAX: Final = 8192
"""Keys whose contexts are kept, about 2 KB each; the least used go first."""

_NO_IV: Final = bytes(BLOCK)
_LEGAL: Final = bytes.maketrans(b"|[]", b"{<>")


class _Key:
    """A key with its two contexts, which are kept: making one costs more than twenty times what using it does.

    Each message begins a chain of its own. To decrypt, a block of zeros goes ahead: what follows it is decrypted as
    with an IV of zeros. To encrypt, the block goes ahead whose cipher text is zeros.
    """

    __slots__ = ("_chain", "_cipher", "_decryptor", "_encryptor", "_to_zero")

    def __init__(self, key: bytes) -> None:
        self._cipher = Cipher(AES(key), CBC(_NO_IV))
        self._decryptor = self._cipher.decryptor()
        self._encryptor = self._cipher.encryptor()
        self._to_zero = int.from_bytes(self._cipher.decryptor().update(_NO_IV), "big")
        self._chain = 0

    def decrypt(self, secret: bytes) -> bytes:
        return self._decryptor.update(_NO_IV + secret)[BLOCK:]

    def encrypt(self, clear: bytes) -> bytes:
        secret = self._encryptor.update((self._to_zero ^ self._chain).to_bytes(BLOCK, "big") + clear)
        if not secret.startswith(_NO_IV):  # the last call was interrupted before it noted where its chain ended
            self._encryptor = self._cipher.encryptor()
            secret = self._encryptor.update(self._to_zero.to_bytes(BLOCK, "big") + clear)
        self._chain = int.from_bytes(secret[-BLOCK:], "big")
        return secret[BLOCK:]


class _Keys(threading.local):
    """The contexts of one thread: they have a state, so no two threads may share them."""

    def __init__(self) -> None:
        super().__init__()
        self.find = lru_cache(maxsize=KEYS_KEPT_MAX)(_Key)


_keys = _Keys()


def encrypt(key: bytes, clear: bytes) -> bytes:
    """Encrypt whole blocks under a key of 16, 24 or 32 bytes."""
    assert len(clear) % BLOCK == 0
    return _keys.find(key).encrypt(clear)


def decrypt(key: bytes, secret: bytes) -> bytes:
    """Decrypt whole blocks. A wrong key gives noise, not an error: nothing here is authenticated."""
    assert len(secret) % BLOCK == 0
    return _keys.find(key).decrypt(secret)


def fit_pad(material: bytes, rest_length: int) -> bytes | None:
    """Cut `material` to the longest pad that fills whole blocks with `rest_length` bytes; None where none does.

    31 random bytes give the pad of the newest edition (16-31), 15 the shortest one (0-15). Bytes that would end the pad
    early (`|`, `[`, `]`) are replaced.
    """
    spare = (len(material) + rest_length) % BLOCK
    if spare > len(material):
        return None
    return make_legal(material[: len(material) - spare])


def make_legal(pad: bytes) -> bytes:
    """Replace the bytes that would end a pad early: `|`, `[` and `]`."""
    return pad.translate(_LEGAL)


def read_secret(key: bytes, hex_text: bytes) -> bytes | None:
    """Decrypt the hex text of a frame; the pad still stands before the content.

    None where there are odd or foreign digits, or no whole blocks.
    """
    try:
        secret = unhexlify(hex_text)
    except ValueError:
        return None
    if not secret or len(secret) % BLOCK:
        return None
    return _keys.find(key).decrypt(secret)
