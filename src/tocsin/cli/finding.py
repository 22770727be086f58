"""One thing that `tocsin doctor` looked at, and how long a certificate is valid."""

from pathlib import Path
from typing import Final, Literal

import msgspec

CERTIFICATE_DAYS_MIN: Final = 30
State = Literal["ok", "look", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    state: State
    found: str
    remedy: str = ""


def validity(what: str, file: Path) -> Finding:
    """How long a certificate is valid."""
    from cryptography.x509 import load_pem_x509_certificate

    from tocsin.system import SystemClock

    certificate = load_pem_x509_certificate(file.read_bytes())
    days = int((certificate.not_valid_after_utc.timestamp() - SystemClock().now_us() / 1e6) // 86_400)
    if days < 0:
        return Finding(what, "wrong", f"the certificate ended {-days} days ago", "Put a new one in its place")
    if days < CERTIFICATE_DAYS_MIN:
        return Finding(what, "look", f"the certificate ends in {days} days", "Put a new one in its place")
    return Finding(what, "ok", f"certificate and key fit, valid for {days} days")
