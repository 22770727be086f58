"""Phones that a session is bound to: a key that cannot leave the phone, and a signature every ten minutes.

Whoever copies the cookie of such a session has ten minutes of it at most: the phone's browser keeps the key where
nothing can read it (WebCrypto, not extractable), and signs what the centre draws. With each proof the session gets
another secret, which only the phone is told.
"""

import threading
from typing import Final

from tocsin.access.base import Base
from tocsin.access.secrets import hash_of
from tocsin.model.access import Challenge
from tocsin.model.errors import BadInput
from tocsin.model.values import DeviceKey, HexHash, Micros, Ref, Secret

DEVICE_S: Final = 90 * 86_400
"""How long a phone's session lasts."""

PROVED_S: Final = 600
CHALLENGE_S: Final = 60
CHALLENGES_MAX: Final = 8
"""Of one session at once."""

LEFT_S: Final = 15
"""So long the secret before the last is good for requests under way: longer than a page waits for an answer."""

KEY_BYTES: Final = 65
SIGNATURE_BYTES: Final = 64
_PURPOSE: Final = "tocsin device 1"


class _Phone:
    """What is known of one session's phone since the start."""

    __slots__ = ("asked", "given", "given_until_s", "left_until_s", "proved_until_s", "unused")

    def __init__(self) -> None:
        self.asked: dict[HexHash, float] = {}
        """Challenges that nobody has answered, and until when each may be."""
        self.proved_until_s: dict[HexHash, float] = {}
        """By the hash of the secret."""
        self.left_until_s: dict[HexHash, float] = {}
        """Until when secrets before the last may be used, at least."""
        self.unused: HexHash | None = None
        """The last secret, until a request has come with it: its answer may have been lost."""
        self.given: Secret | None = None
        self.given_until_s = 0.0


class Devices:
    """Which phones have shown that they are the ones. In memory: after a restart each shows it again.

    A proof belongs to the secret that is made for it. The secret before it ends `LEFT_S` later, once the new one was
    used. Until that it may ask for a challenge and prove: the answer with the new one may not have come.
    """

    def __init__(self, base: Base) -> None:
        """Nobody has shown anything yet."""
        self._base = base
        self._lock = threading.Lock()
        self._phones: dict[Ref, _Phone] = {}

    def is_proved(self, session: Ref, hash_: HexHash) -> bool:
        """Whether whoever has the secret of this hash signed a challenge within ten minutes."""
        phone = self._phones.get(session)
        until_s = None if phone is None else phone.proved_until_s.get(hash_)
        return until_s is not None and self._base.clock.monotonic_s() < until_s

    def use(self, session: Ref, hash_: HexHash) -> None:
        """A request has come with the last secret: what was before it ends."""
        phone = self._phones.get(session)
        if phone is not None and phone.unused == hash_:
            phone.unused = None

    def is_left(self, session: Ref, hash_: HexHash) -> bool:
        """Whether a secret before the last may still be used: for requests under way, or to prove."""
        phone = self._phones.get(session)
        until_s = None if phone is None else phone.left_until_s.get(hash_)
        if phone is None or until_s is None:
            return False
        return phone.unused is not None or self._base.clock.monotonic_s() < until_s

    def challenge(self, session: Ref) -> Challenge:
        """What the phone signs next. Two pages of it may ask at once; the last few are good."""
        message = HexHash(self._base.ids.token_bytes(32).hex())
        with self._lock:
            asked = self._phones.setdefault(session, _Phone()).asked
            asked[message] = self._base.clock.monotonic_s() + CHALLENGE_S
            for old in list(asked)[:-CHALLENGES_MAX]:
                del asked[old]
        return Challenge(message=message, expires_at=Micros(self._base.clock.now_us() + CHALLENGE_S * 1_000_000))

    def check(self, session: Ref, key: DeviceKey, signature: bytes) -> None:
        """Take the signature of one of the last challenges, once.

        Raises:
            BadInput: it is none of this phone, of another challenge, or too late.
        """
        now_s = self._base.clock.monotonic_s()
        with self._lock:
            asked = self._phones.setdefault(session, _Phone()).asked
            for message, until_s in list(asked.items()):
                if until_s <= now_s:
                    del asked[message]
                elif _is_signed(key, signed_bytes(session, message), signature):
                    del asked[message]
                    return
        raise BadInput(
            "This is not the signature of the phone that the session is bound to, or it came too late. Nothing "
            "was done. Ask for another challenge; on another phone, sign in anew",
            "access.device_proof",
        )

    def given(self, session: Ref, hash_: HexHash) -> Secret | None:
        """The last secret, where it was made a moment ago: two pages of a phone that prove at once get the same."""
        phone = self._phones.get(session)
        if phone is None or phone.given is None or self._base.clock.monotonic_s() >= phone.given_until_s:
            return None
        return phone.given if hash_of(phone.given) == hash_ else None

    def prove(self, session: Ref, hash_: HexHash) -> None:
        """The secret of this hash is its phone's, for ten minutes."""
        with self._lock:
            phone = self._phones.setdefault(session, _Phone())
            phone.proved_until_s[hash_] = self._base.clock.monotonic_s() + PROVED_S

    def renew(self, session: Ref, old: HexHash, made: Secret) -> None:
        """The secret `made` takes the place of the one of hash `old`, and is its phone's for ten minutes."""
        hash_ = hash_of(made)
        assert hash_ is not None, "a new secret is short"
        now_s = self._base.clock.monotonic_s()
        with self._lock:
            phone = self._phones.setdefault(session, _Phone())
            was_until_s = phone.proved_until_s.get(old, now_s)
            lost = {one: until_s for one, until_s in phone.left_until_s.items() if phone.unused == old}
            # Whole new dictionaries: requests look into them without the lock.
            phone.left_until_s = {**lost, old: now_s + LEFT_S}
            phone.proved_until_s = {old: min(was_until_s, now_s + LEFT_S), hash_: now_s + PROVED_S}
            phone.unused = hash_
            phone.given, phone.given_until_s = made, now_s + LEFT_S

    def forget(self, session: Ref) -> None:
        """The session has ended."""
        with self._lock:
            self._phones.pop(session, None)


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
