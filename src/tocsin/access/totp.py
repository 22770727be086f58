"""Codes of an authenticator (RFC 6238: SHA-1, 6 digits, 30 s): offered, and checked so that none counts twice."""

import base64
import hmac
from typing import Final

from tocsin.model.values import Micros, Secret

STEP_S: Final = 30
DRIFT_STEPS: Final = 1
"""A phone's clock may be half a minute off, to either side."""

SECRET_BYTES: Final = 20
CODE_DIGITS: Final = 6


def step_of(code: str, secret: bytes, now: Micros, last: int | None) -> int | None:
    """The step whose code this is; None where it is none of now, or of a step that is not after the `last` used one."""
    from pyotp.hotp import HOTP

    if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
        return None
    hotp = HOTP(base32(secret))
    current = now // (STEP_S * 1_000_000)
    found: int | None = None
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        # All are worked out, whichever fits: how long it takes tells nothing.
        is_it = step >= 0 and hmac.compare_digest(hotp.at(step), code)
        if is_it and (last is None or step > last):
            found = step
    return found


def base32(secret: bytes) -> str:
    """The secret as authenticators take it."""
    return base64.b32encode(secret).decode()


def uri_of(secret: bytes, name: str, issuer: str) -> Secret:
    """What an authenticator scans."""
    from pyotp.totp import TOTP

    return Secret(TOTP(base32(secret)).provisioning_uri(name=name, issuer_name=issuer))


def plain_code(text: str) -> str:
    """A code as typed, without the blanks that authenticators show."""
    return "".join(text.split())
