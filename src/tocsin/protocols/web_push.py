"""Web Push: what is encrypted for one browser (RFC 8291, RFC 8188), and how a centre names itself (RFC 8292).

Put together of the primitives of `cryptography`, and compared with the example of RFC 8291. Randomness and time are
arguments. The maker of the browser carries the bytes and cannot read them.
"""

import base64
import json
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PLAIN_MAX: Final = 3_000
"""Bytes that are encrypted at most; makers take about 4 kB."""

RECORD_BYTES: Final = 4_096
SALT_BYTES: Final = 16
TOKEN_S: Final = 12 * 3600
"""So long a token of ours is good; makers take 24 h at most."""


def base64url(data: bytes) -> str:
    """Base64 for URLs, without filling."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes of it.

    Raises:
        ValueError: it is none.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key as an uncompressed point, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypt(plain: bytes, receiver: bytes, auth: bytes, ours: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body of a push message: one record of `aes128gcm`.

    `receiver` and `auth` are the browser's, `ours` is a key for this message alone, `salt` 16 random bytes.

    Raises:
        ValueError: the browser's key is no point, or the message is too long.
    """
    if len(plain) > PLAIN_MAX:
        raise ValueError("too long for one record")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver)
    sender = public_bytes(ours)
    shared = ours.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, auth, b"WebPush: info\0" + receiver + sender, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(sender)]) + sender
    return header + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def vapid(endpoint: str, contact: str, key: ec.EllipticCurvePrivateKey, now_s: int) -> str:
    """The Authorization header: a token for the endpoint's maker, signed with the centre's key."""
    url = urlsplit(endpoint)
    claims = {"aud": f"{url.scheme}://{url.netloc}", "exp": now_s + TOKEN_S, "sub": f"mailto:{contact}"}
    head = base64url(json.dumps({"typ": "JWT", "alg": "ES256"}, separators=(",", ":")).encode())
    signed = f"{head}.{base64url(json.dumps(claims, separators=(',', ':')).encode())}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={base64url(public_bytes(key))}"


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
