"""AES-CBC with an IV of zeros, as DC-09 has it (DC09.md section 8), and the pad before the content."""

from binascii import unhexlify
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK: Final = 16
PAD_MAX: Final = 31
"""The newest edition sends 16 to 31 bytes, which makes the first block a random IV in effect."""

_ZERO_IV: Final = CBC(bytes(BLOCK))
_LEGAL: Final = bytes.maketrans(b"|[]", b"{<>")


@lru_cache(maxsize=8192)
def _cipher(key: bytes) -> Cipher[CBC]:
    return Cipher(AES(key), _ZERO_IV)


def encrypt(key: bytes, clear: bytes) -> bytes:
    """Encrypt whole blocks."""
    encryptor = _cipher(key).encryptor()
    return encryptor.update(clear)


def decrypt(key: bytes, secret: bytes) -> bytes:
    """Decrypt whole blocks. A wrong key gives noise, not an error: nothing here is authenticated."""
    decryptor = _cipher(key).decryptor()
    return decryptor.update(secret)


def fit_pad(material: bytes, rest_length: int) -> bytes | None:
    """Cut `material` to the longest pad that fills whole blocks with `rest_length` bytes; None where none does.

    31 random bytes give the pad of the newest edition (16-31), 15 the shortest one (0-15). Bytes that would end the pad
    early (`|`, `[`, `]`) are replaced.
    """
    spare = (len(material) + rest_length) % BLOCK
    if spare > len(material):
        return None
    return material[: len(material) - spare].translate(_LEGAL)


def content_after_pad(clear: bytes) -> bytes | None:
    """Return what stands behind the pad: `data ] [x..].. _stamp`; None where there is no `]` at all.

    The pad ends at the first `|` if that stands before the first `]`, else at that `]` (some leave the separator out
    where the data are empty).
    """
    bracket = clear.find(b"]")
    if bracket < 0:
        return None
    separator = clear.find(b"|", 0, bracket)
    return clear[separator + 1 :] if separator >= 0 else clear[bracket:]


def read_secret(key: bytes, hex_text: bytes) -> bytes | None:
    """Decrypt the hex text of a frame and drop the pad.

    None for every failure alike (odd or foreign digits, no whole blocks, no `]`): whoever probes learns nothing.
    """
    try:
        secret = unhexlify(hex_text)
    except ValueError:
        return None
    if not secret or len(secret) % BLOCK:
        return None
    return content_after_pad(decrypt(key, secret))
