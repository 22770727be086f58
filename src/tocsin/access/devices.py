"""Phones that a session is bound to: a key that cannot leave the phone, and a signature every ten minutes.

Whoever copies the cookie of such a session has ten minutes of it at most: the phone's browser keeps the key where
nothing can read it (WebCrypto, not extractable), and signs what the centre draws.
"""

import threading
from typing import Final

from tocsin.access.base import Base
from tocsin.model.access import Challenge
from tocsin.model.errors import BadInput
from tocsin.model.values import DeviceKey, HexHash, Micros, Ref

DEVICE_S: Final = 90 * 86_400
"""How long a phone's session lasts."""

PROVED_S: Final = 600
CHALLENGE_S: Final = 60
KEY_BYTES: Final = 65
SIGNATURE_BYTES: Final = 64
_PURPOSE: Final = "tocsin device 1"


class Devices:
    """Which phones have shown that they are the ones. In memory: after a restart each shows it again."""

    def __init__(self, base: Base) -> None:
        """Nobody has shown anything yet."""
        self._base = base
        self._lock = threading.Lock()
        self._proved_until_s: dict[Ref, float] = {}
        self._asked: dict[Ref, tuple[HexHash, float]] = {}

    def is_proved(self, session: Ref) -> bool:
        """Whether its phone signed a challenge within ten minutes."""
        until_s = self._proved_until_s.get(session)
        return until_s is not None and self._base.clock.monotonic_s() < until_s

    def challenge(self, session: Ref) -> Challenge:
        """What the phone signs next. The one before is worth nothing any more."""
        message = HexHash(self._base.ids.token_bytes(32).hex())
        with self._lock:
            self._asked[session] = (message, self._base.clock.monotonic_s() + CHALLENGE_S)
        return Challenge(message=message, expires_at=Micros(self._base.clock.now_us() + CHALLENGE_S * 1_000_000))

    def prove(self, session: Ref, key: DeviceKey, signature: bytes) -> None:
        """Take the signature of the last challenge.

        Raises:
            BadInput: it is none of this phone, of another challenge, or too late.
        """
        with self._lock:
            message, until_s = self._asked.pop(session, (None, 0.0))
        now_s = self._base.clock.monotonic_s()
        if message is None or now_s >= until_s or not _is_signed(key, signed_bytes(session, message), signature):
            raise BadInput(
                "This is not the signature of the phone that the session is bound to, or it came too late. Nothing "
                "was done. Ask for another challenge; on another phone, sign in anew",
                "access.device_proof",
            )
        with self._lock:
            self._proved_until_s[session] = now_s + PROVED_S

    def forget(self, session: Ref) -> None:
        """The session has ended."""
        with self._lock:
            self._proved_until_s.pop(session, None)
            self._asked.pop(session, None)


def signed_bytes(session: Ref, message: HexHash) -> bytes:
    """What a phone signs: it holds for one session and one challenge."""
    return f"{_PURPOSE} {session} {message}".encode("ascii")


def checked_key(public_key: bytes) -> DeviceKey:
    """A phone's key as it is kept.

    Raises:
        BadInput: it is no uncompressed point of P-256.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        if len(public_key) != KEY_BYTES:
            raise ValueError(len(public_key))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    except ValueError:
        raise BadInput(
            "This is no key of a phone: an uncompressed point of P-256 has 65 bytes. Nothing was changed. Take another "
            "browser, or sign in for a shift",
            "access.device_key",
        ) from None
    return DeviceKey(public_key.hex())


def _is_signed(key: DeviceKey, data: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    if len(signature) != SIGNATURE_BYTES:
        return False
    half = SIGNATURE_BYTES // 2
    der = utils.encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(key))
    try:
        public.verify(der, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
