"""The codes that hang at a site: which site and which part of it, with a proof that this centre made them.

    site-12.k3f5...            the site
    site-12.q7x2....SGFsbCBC   a part of it, its name in base64

A code opens nothing: whoever scans it signs in as ever. What it says cannot be made up, so that a sheet with our name
on it leads to the place that we printed.
"""

import base64
import binascii
import hmac
from typing import Final, NamedTuple

from tocsin.model.duty import LABEL_MAX
from tocsin.model.values import Code, Place, Ref

_PURPOSE: Final = b"tocsin place code 1\0"
_PROOF_BYTES: Final = 12


class CodedPlace(NamedTuple):
    """Where a code is."""

    site_id: Ref
    part: Place | None
    """The building or place on the site; None: the site."""


def code_of(key: bytes, site_id: Ref, part: Place | None = None) -> Code:
    """The code of a site, or of a part of it; `key` is a lasting key of the centre."""
    proof = _proof(key, site_id, part)
    if part is None:
        return Code(f"{site_id}.{proof}")
    return Code(f"{site_id}.{proof}.{base64.urlsafe_b64encode(part.encode()).rstrip(b'=').decode()}")


def place_of_code(key: bytes, code: str) -> CodedPlace | None:
    """Where a code is; None: this centre did not make it."""
    site_id, _, rest = code.partition(".")
    proof, has_part, encoded = rest.partition(".")
    part: Place | None = None
    if has_part:
        try:
            data = encoded.encode("ascii")
            part = Place(base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4)).decode())
        except (UnicodeError, binascii.Error):
            return None
        if not part or len(part) > LABEL_MAX:
            return None
    if not hmac.compare_digest(proof.encode(), _proof(key, Ref(site_id), part).encode()):
        return None
    return CodedPlace(site_id=Ref(site_id), part=part)


def _proof(key: bytes, site_id: Ref, part: Place | None) -> str:
    said = _PURPOSE + site_id.encode() + b"\0" + (b"" if part is None else b"\1" + part.encode())
    return base64.b32encode(hmac.digest(key, said, "sha256")[:_PROOF_BYTES]).rstrip(b"=").decode().lower()
