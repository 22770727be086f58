"""Standard Webhooks signatures of what comes in: over the raw bytes, before anything is made of them. Pure.

Source: the Standard Webhooks specification. Signed is `id.timestamp.body`: HMAC-SHA256, in base64, `v1,` before it.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final, Literal

TOLERANCE_S: Final = 300
"""How far the sender's clock may be off, both ways."""

SECRET_BYTES: Final = 32
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret of a webhook begins with
SIGNATURES_MAX: Final = 10
"""Signatures of one request that are looked at: a sender that changes its secret has two."""

Wrong = Literal["missing", "time", "signature"]


def secret_text(secret: bytes) -> str:
    """A secret as it is typed in at the sender."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def wrong_with(headers: Mapping[str, str], body: bytes, secret: bytes, now_s: int) -> Wrong | None:
    """What is wrong with the signature of a request; None where it is right.

    `headers` by name in lower case. Of several signatures one is enough; those of other versions are passed over.
    Compared in constant time.
    """
    id_, stamp, said = (headers.get(f"webhook-{name}") for name in ("id", "timestamp", "signature"))
    if not id_ or not stamp or not said:
        return "missing"
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12) or abs(int(stamp) - now_s) > TOLERANCE_S:
        return "time"
    wanted = hmac.digest(secret, b"%s.%s.%s" % (id_.encode("utf-8", "replace"), stamp.encode(), body), "sha256")
    is_right = False
    for one in said.split()[:SIGNATURES_MAX]:
        version, _, text = one.partition(",")
        if version != "v1":
            continue
        try:
            given = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        is_right |= hmac.compare_digest(given, wanted)
    return None if is_right else "signature"
