"""What would keep desks from dialling by the centre's telephone system: its address, its secret, its certificate."""

import socket
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tocsin.cli.finding import Finding
from tocsin.model.ports import Store
from tocsin.settings import TelephoneOut

SECRET_BYTES: Final = range(24, 65)
_WHAT: Final = "telephone"


def look_at_telephone(folder: Path, settings: TelephoneOut) -> Iterator[Finding]:
    """Look at the settings of `telephone`. Nothing is sent: a call would ring somewhere."""
    if settings.dial_url is None or settings.secret_file is None:
        return
    found = [
        *_secret(folder / settings.secret_file),
        *_address(settings.dial_url, settings.internal),
        *([] if settings.authority is None else _authority(folder / settings.authority)),
    ]
    yield from found
    if all(one.state == "ok" for one in found):
        yield Finding(_WHAT, "ok", "desks dial by the telephone system; address, secret and certificate are there")


def _secret(file: Path) -> Iterator[Finding]:
    from tocsin.notify.webhook import SECRET_PREFIX, key_of

    try:
        words = file.read_text(encoding="utf-8").split("\n")[0].strip()
        mode = stat.S_IMODE(file.stat().st_mode)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        remedy = "Write the secret on its first line, and let nobody else read it"
        yield Finding(_WHAT, "wrong", f"telephone.secret_file: {file} cannot be read: {why}", remedy)
        return
    if mode & 0o077:
        yield Finding(_WHAT, "wrong", f"{file} can be read by others", f"chmod 600 {file}")
    if not words.startswith(SECRET_PREFIX) or len(key_of(words)) not in SECRET_BYTES:
        yield Finding(
            _WHAT,
            "wrong",
            f"the first line of {file} is no secret: {SECRET_PREFIX} and 24 to 64 bytes in base64",
            "Make one, and give the same to the telephone system: whsec_$(head -c 32 /dev/urandom | base64)",
        )


def _address(url: str, internal: tuple[str, ...]) -> Iterator[Finding]:
    from tocsin.notify.http import is_allowed

    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, ValueError):
        yield Finding(
            _WHAT, "look", f"telephone.dial_url: {host} leads nowhere now", "Correct the name, or write the address"
        )
        return
    if not any(is_allowed(host, address, port, frozenset(one.lower() for one in internal)) for address in found):
        yield Finding(
            _WHAT,
            "wrong",
            f"telephone.dial_url: {host} is this machine or in a private network, and not listed: no call leaves",
            f'Set telephone.internal = ["{host}:{port}"]',
        )
    if parts.scheme == "http" and host not in ("localhost", "::1") and not host.startswith("127."):
        yield Finding(
            _WHAT,
            "look",
            "telephone.dial_url: numbers go to the telephone system in clear, and can be read on the way",
            "Let it take HTTPS; a certificate of your own is named by telephone.authority",
        )


def _authority(file: Path) -> Iterator[Finding]:
    try:
        ssl.create_default_context(cafile=str(file))
    except (OSError, ssl.SSLError) as error:
        yield Finding(
            _WHAT,
            "wrong",
            f"telephone.authority: {file} holds no certificate that can be read: {error.strerror or 'no PEM'}",
            "Name the certificate that the telephone system's is signed by, PEM",
        )


def look_at_desks(settings: TelephoneOut, store: Store) -> Iterator[Finding]:
    """Whether any desk has a telephone, and whether a telephone system tells of calls."""
    if settings.dial_url is None:
        return
    if all(one.row.desk is None for one in store.lines()):
        yield Finding(
            _WHAT,
            "look",
            "no desk has a telephone: nobody can dial by the telephone system",
            "Enter them under Ways in, Telephone lines",
        )
    if all(one.row.pbx is None for one in store.sources()):
        yield Finding(
            _WHAT,
            "look",
            "no telephone system tells of calls: nobody knows when one was answered or has ended",
            "Add a source under Ways in: calls of a telephone system, by HTTP",
        )
