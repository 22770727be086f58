"""Calls to other machines by HTTP: bounded in time and size, to addresses that were looked at, and by no proxy.

A person's contact may name any machine. So a name is resolved here, each address is judged, and the connection goes to
the address that was judged: a name that leads to this machine or into a private network reaches nothing there, unless
the administrator listed it (`notify.internal`). Redirects are not followed. Source: INTEGRATIONS.md, section 8.
"""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, cast

import httpcore
import msgspec

from tocsin.model.notices import Failed, Outcome, Retry
from tocsin.model.values import Code
from tocsin.system import timeout

TIMEOUT_S: Final = 15.0
ANSWER_BYTES_MAX: Final = 65_536
CONNECTIONS_MAX: Final = 100
KEEPALIVE_S: Final = 30.0
LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
GONE: Final = frozenset({404, 410})


class HttpAnswer(msgspec.Struct, frozen=True, gc=False):
    """What the other side said. Its words stand in no log."""

    status: int
    retry_after_s: int | None
    body: bytes


class AddressNotAllowedError(OSError):
    """The address is of this machine or of a private network, and nobody listed it."""


class HttpClient:
    """Makes calls. Used by the event loop that made it."""

    def __init__(self, internal: Collection[str] = (), *, verify: ssl.SSLContext | None = None) -> None:
        """Reach public addresses, and those of `internal` (HOST:PORT); `verify` judges certificates."""
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=verify or httpcore.default_ssl_context(),
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=CONNECTIONS_MAX,
            keepalive_expiry=KEEPALIVE_S,
            network_backend=_JudgedAddresses(internal),
        )

    async def post(
        self, url: str, headers: Mapping[str, str], content: bytes, timeout_s: float = TIMEOUT_S
    ) -> HttpAnswer | Outcome:
        """Send a body; return the answer, or why there is none. At most 64 KiB of an answer are read."""
        sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
        try:
            async with timeout(timeout_s):
                return await self._post(url, sent, content)
        except AddressNotAllowedError:
            return Failed(Code("address_not_allowed"))
        except (TimeoutError, httpcore.TimeoutException):
            return Retry(None, Code("timeout"))
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ssl.SSLError):
            return Retry(None, Code("unreachable"))
        except (httpcore.UnsupportedProtocol, ValueError):
            return Failed(Code("bad_address"))

    async def _post(self, url: str, headers: list[tuple[bytes, bytes]], content: bytes) -> HttpAnswer:
        async with self._pool.stream("POST", url, headers=headers, content=content) as answer:
            found = {name.lower(): value for name, value in answer.headers}
            body = bytearray()
            async for part in answer.aiter_stream():
                body += part[: ANSWER_BYTES_MAX - len(body)]
                if len(body) >= ANSWER_BYTES_MAX:
                    break
            return HttpAnswer(answer.status, _seconds(found.get(b"retry-after")), bytes(body))

    async def close(self) -> None:
        """Let go of connections."""
        await self._pool.aclose()


def outcome_of(answer: HttpAnswer, *, is_contacts: bool) -> Outcome | None:
    """What an answer other than 2xx means; None for 2xx. `is_contacts`: the address is a person's, not a provider's."""
    status = answer.status
    if 200 <= status < 300:
        return None
    if status in LATER or status >= 500:
        return Retry(answer.retry_after_s, Code(f"http_{status}"))
    if is_contacts and status in GONE:
        return Failed(Code(f"http_{status}"), is_gone=True)
    # What a provider refuses with 401, 403 or 404 is our account or address there; another 4xx is about the message.
    return Failed(Code(f"http_{status}"), is_provider=not is_contacts and status in (401, 402, 403, 404))


class _JudgedAddresses(httpcore.AsyncNetworkBackend):
    """Resolves, judges, and connects to what was judged."""

    def __init__(self, internal: Collection[str]) -> None:
        self._internal = frozenset(one.lower() for one in internal)
        self._backend = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError("the name leads nowhere") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        allowed = [address for address in addresses if is_allowed(host, address, port, self._internal)]
        if not allowed:
            raise AddressNotAllowedError("an address of this machine or of a private network")
        failed: Exception | None = None
        for address in allowed[:4]:
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        assert failed is not None, "each address was tried"
        raise failed

    async def connect_unix_socket(self, *_args: Any, **_options: Any) -> httpcore.AsyncNetworkStream:
        raise AddressNotAllowedError("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


def is_allowed(host: str, address: str, port: int, internal: Collection[str]) -> bool:
    """May it be connected to: a public address, or one of `internal` (HOST:PORT in small letters)?"""
    names = (host.lower(), address, f"[{address}]", f"[{host}]".lower())
    return is_public(address) or any(f"{name}:{port}" in internal for name in names)


def is_public(address: str) -> bool:
    """Is it an address of the public network, and not of this machine, a private network or a group?"""
    with contextlib.suppress(ValueError):
        ip = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(ip, ipaddress.IPv6Address):
            if ip.sixtofour is not None or ip.teredo is not None:
                return False
            ip = ip.ipv4_mapped or ip
        return ip.is_global and not ip.is_multicast
    return False


def _seconds(header: bytes | None) -> int | None:
    """Retry-After in seconds; a date is not read, since the other's clock may be wrong."""
    text = b"" if header is None else header.strip()
    return int(text) if text.isdigit() and len(text) <= 6 else None
