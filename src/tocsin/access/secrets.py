"""Secrets that let somebody in: made of 32 random bytes, shown or sent once, kept as SHA-256."""

import base64
import hmac
from hashlib import sha256
from typing import Final

from tocsin.model.ports import Ids
from tocsin.model.values import Code, HexHash, Secret

SECRET_BYTES: Final = 32
SECRET_CHARACTERS_MAX: Final = 64
"""What is longer is no secret of ours, and is not even hashed."""

TOKEN_PREFIX: Final = "tcn_"  # noqa: S105 - what every token begins with, so that a leaked one is found
_CSRF_PURPOSE: Final = b"tocsin csrf 1"
_STAYS: Final = 21
"""Characters of a session's secret that stay when it is renewed, 126 bits: what pages send back comes of them alone."""


def new_secret(ids: Ids, prefix: str = "") -> Secret:
    """Make one: letters, digits, `-` and `_` behind the prefix."""
    return Secret(prefix + base64.urlsafe_b64encode(ids.token_bytes(SECRET_BYTES)).rstrip(b"=").decode())


RECOVERY_CODES: Final = 10
_RECOVERY_BYTES: Final = 15
"""120 bits: what is kept of a code is its plain hash, so it must be beyond guessing."""

_RECOVERY_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: nothing that looks like something else."""

_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SHOWN: Final = str.maketrans(_BASE32, _RECOVERY_DIGITS)
_READ: Final = str.maketrans("OIL", "011", "- \t")


def new_recovery_code(ids: Ids) -> Secret:
    """Make one: six groups of four letters and digits, to be written on paper."""
    code = base64.b32encode(ids.token_bytes(_RECOVERY_BYTES)).decode().translate(_SHOWN)
    return Secret("-".join(code[at : at + 4] for at in range(0, len(code), 4)))


def recovery_hash(code: str) -> HexHash | None:
    """What is kept of a recovery code, however it was typed; None where it cannot be one."""
    plain = code[: SECRET_CHARACTERS_MAX + 1].upper().translate(_READ)
    return None if len(plain) != _RECOVERY_BYTES * 8 // 5 else hash_of(f"recovery {plain}")


def hash_of(secret: str) -> HexHash | None:
    """What is kept of a secret; None where it cannot be one of ours.

    It is looked up in a dictionary: how long that takes may tell something of a hash, and nothing of what was hashed.
    """
    if len(secret) > SECRET_CHARACTERS_MAX:
        return None
    return HexHash(sha256(secret.encode("utf-8", "replace")).hexdigest())


def renewed(ids: Ids, session_secret: str) -> Secret:
    """Another secret for the same session: 132 bits of it are new, and pages that are open go on with their token."""
    return Secret(session_secret[:_STAYS] + new_secret(ids)[_STAYS:])


def csrf_of(session_secret: str) -> Code:
    """What a page of this session sends back with whatever changes something. It tells nothing of the secret."""
    return Code(hmac.digest(session_secret[:_STAYS].encode(), _CSRF_PURPOSE, "sha256").hex()[:40])


def tag_of(origin: str) -> str:
    """What tells a centre's cookie from another's: eight hex digits of its origin (`journal.heads`)."""
    return sha256(origin.encode()).hexdigest()[:8]
