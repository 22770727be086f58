"""Who is asking, and may they: the one place where sessions, tokens and permissions are looked at.

Everything is closed by default. A route names the permission that it needs; whoever asks shows a session's cookie or a
token; what changes something for a session shows the session's own CSRF token as well, and comes from our own pages.
Source: INTEGRATIONS.md, section 11.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers.base import BaseRouteHandler
from litestar.types import HTTPScope, Message, Scope

from tocsin.access.access import Access, LiveSession, LiveToken
from tocsin.model.errors import Forbidden, NotSignedIn
from tocsin.model.values import Actor, Secret
from tocsin.settings import Settings, split_address
from tocsin.web.permissions import (
    LOCKED_PERMISSIONS,
    PAGE,
    PERMISSION,
    PROVES,
    PUBLIC,
    Permission,
    of_roles,
    of_scopes,
)
from tocsin.web.problems import Locked, ProofNeeded

COOKIE: Final = "tocsin"
CSRF_HEADER: Final = "x-csrf-token"
CSRF_FIELD: Final = "csrf"
SAFE: Final = frozenset({"GET", "HEAD"})
FORM_TYPE: Final = "application/x-www-form-urlencoded"
_BEARER: Final = "bearer "

_LOG: Final = structlog.get_logger("web")
Connection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "worker-src 'self' blob:",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)
"""No page of ours opens a microphone, a camera or a position (SCOPE.md)."""

HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = tuple(
    (name.encode(), value.encode())
    for name, value in (
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        # `same-origin` and not `no-referrer`: with that, browsers hide the origin of our own forms as well.
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", PERMISSIONS_POLICY),
        ("cache-control", "no-store"),
    )
)
"""On every answer, unless the answer has its own."""

STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000")


class Principal(msgspec.Struct, frozen=True, gc=False):
    """Who is asking: `request.user` of every route that is not public."""

    actor: Actor
    granted: frozenset[Permission]
    """What whoever asks may, when nothing is locked."""
    session: LiveSession | None = None
    token: LiveToken | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What whoever asks may now."""
        if self.session is not None and self.session.locked:
            return self.granted & LOCKED_PERMISSIONS
        return self.granted

    @property
    def own_session(self) -> LiveSession:
        """The session, on a route whose permission no token has."""
        assert self.session is not None, "no scope has this permission"
        return self.session


class Security:
    """Looks at what comes with a request."""

    def __init__(self, access: Access, settings: Settings) -> None:
        """Let in whom `access` knows, under the names that `settings` give this centre."""
        self._access = access
        self._cookie_http = f"{COOKIE}-{access.centre_tag}"
        self._cookie_https = f"__Host-{self._cookie_http}"
        self._names = _names_of(settings)
        url = urlsplit(settings.web.public_url or "")
        self._is_public_https = url.scheme == "https"
        self._public_host = url.netloc or None

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """The headers of every answer. HTTPS is asked for ever only where the owner named an address with it."""
        return (*HEADERS, STRICT_TRANSPORT) if self._is_public_https else HEADERS

    async def guard(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Let a request pass to its handler, or refuse it. `request.user` is who asks, None where nobody is known.

        Raises:
            NotSignedIn: nobody is known, and the route is not public.
            ProofNeeded: the session is bound to a phone that has not shown itself for ten minutes.
            Forbidden: whoever it is may not, or it was another page that asked.
            Locked: whoever it is may, but not while the session is locked.
            TooMany: too many wrong secrets came from this address.
        """
        needed = handler.opt.get(PERMISSION)
        if needed is None:
            # Routes that the library adds by itself (OPTIONS); ours all declare something.
            raise MethodNotAllowedException
        principal = self._principal(connection, is_public=needed == PUBLIC)
        connection.scope["user"] = principal
        if needed == PUBLIC:
            return
        if principal is None:
            raise NotSignedIn("Nobody is signed in. Nothing was done. Sign in, or send a token", "access.not_signed_in")
        if needed not in principal.granted:
            _LOG.info("access.forbidden", actor=principal.actor, permission=needed)
            raise Forbidden(
                f"This needs the permission {needed}, which is not given. Nothing was done. Ask an administrator",
                "access.forbidden",
            )
        if principal.session is not None and not principal.session.is_proved:
            _refuse_unproven(handler)
        if needed not in principal.permissions:
            raise Locked
        if principal.session is not None and isinstance(connection, Request) and connection.method not in SAFE:
            self.refuse_other_pages(connection)
            await _check_csrf(connection, principal.session, is_page=bool(handler.opt.get(PAGE)))

    def is_ours(self, scope: HTTPScope) -> bool:
        """The request asks for a name that this centre goes by; what a page of another name has made does not.

        An address in numbers is always ours: a foreign name that was bent to our address (DNS rebinding) is a name.
        """
        host = _header(scope, b"host")
        name = None if host is None else host_of(host)
        return name is not None and (name in self._names or _is_address(name))

    def refuse_other_pages(self, request: AnyRequest) -> None:
        """Refuse what another page made the browser send; a program that is no browser says nothing of pages.

        Raises:
            Forbidden: it came from another page.
        """
        site = _header(request.scope, b"sec-fetch-site")
        origin = _header(request.scope, b"origin")
        is_same = site in (None, "same-origin")
        if origin is not None:
            # By host and port, not by scheme: a proxy that nobody named to us may speak HTTPS in our place.
            is_same = is_same and origin.partition("://")[2] in (_header(request.scope, b"host"), self._public_host)
        if not is_same:
            _LOG.info("access.other_page", path=request.scope.get("path_template"))
            raise Forbidden(
                "Another page sent this. Nothing was done. Open the centre's own page and do it there",
                "access.other_page",
            )

    def cookie(self, session_secret: Secret, request: AnyRequest, seconds: int) -> Cookie:
        """The cookie of a session."""
        is_https = request.scope["scheme"] == "https"
        return Cookie(
            key=self.cookie_name(request.scope),
            value=session_secret,
            path="/",
            max_age=seconds,
            httponly=True,
            secure=is_https,
            samesite="lax",
        )

    def no_cookie(self, request: AnyRequest) -> Cookie:
        """What takes the cookie away."""
        return self.cookie(Secret(""), request, 0)

    def secret_of(self, request: AnyRequest) -> Secret:
        """The secret that a session's request came with."""
        secret = _cookie(request.scope, self.cookie_name(request.scope))
        assert secret is not None, "a session came with the request"
        return Secret(secret)

    def cookie_name(self, scope: Scope) -> str:
        """Name of the cookie: each centre has its own, for browsers do not tell ports of one machine apart.

        Over plain HTTP without `__Host-` and `Secure`, on this machine too: not every browser takes that there.
        """
        return self._cookie_https if scope.get("scheme") == "https" else self._cookie_http

    def _principal(self, connection: Connection, *, is_public: bool) -> Principal | None:
        header = _header(connection.scope, b"authorization")
        if header is not None:
            secret = header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""
            if (token := self._access.token(secret)) is not None:
                return Principal(Actor(token.id), of_scopes(token.scopes), token=token)
        else:
            secret = _cookie(connection.scope, self.cookie_name(connection.scope))
            if secret is None:
                return None
            if (session := self._access.session(secret)) is not None:
                return Principal(session.user, of_roles(session.roles), session=session)
        if is_public:
            return None
        # One that has ended is no guess: consoles whose shift is over ask a few times more.
        if not self._access.knows(secret):
            self._access.attempts.failed(address_of(connection.scope))
        raise NotSignedIn(
            "The session or token is not known here, or has ended. Nothing was done. Sign in again, or make another "
            "token",
            "access.ended",
        )


Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


def _header(scope: Scope, name: bytes) -> str | None:
    """A header's value, without making an index of all of them: each request asks for a few."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return None


def _cookie(scope: Scope, name: str) -> str | None:
    """The value of a cookie, the first one of that name."""
    header = _header(scope, b"cookie")
    if header is None:
        return None
    for part in header.split(";"):
        found, is_there, value = part.strip().partition("=")
        if is_there and found == name:
            return value.strip('"')
    return None


def address_of(scope: Scope) -> str:
    """The address that a request came from."""
    client = scope.get("client")
    return client[0] if client else "unknown"


def is_secure(scope: Scope) -> bool:
    """What is sent can be read by nobody on the way: it is encrypted, or does not leave this machine."""
    if scope.get("scheme") == "https":
        return True
    try:
        return ipaddress.ip_address(address_of(scope)).is_loopback
    except ValueError:
        return False


def host_of(header: str) -> str | None:
    """The name or address in a Host header, in lower case and without brackets; None where it is no such header."""
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".") or None
    except ValueError:
        return None


def add_headers(message: Message, headers: tuple[tuple[bytes, bytes], ...]) -> None:
    """Put these headers on an answer, unless it has them already."""
    if message["type"] != "http.response.start":
        return
    found = list(message.get("headers", ()))
    there = {name.lower() for name, _ in found}
    found.extend(pair for pair in headers if pair[0] not in there)
    message["headers"] = found


def _refuse_unproven(handler: BaseRouteHandler) -> None:
    """Let a session that has to prove its device do nothing but that."""
    if not handler.opt.get(PROVES):
        raise ProofNeeded


async def _check_csrf(request: AnyRequest, session: LiveSession, *, is_page: bool) -> None:
    given = _header(request.scope, CSRF_HEADER.encode())
    if given is None and is_page and request.headers.get("content-type", "").startswith(FORM_TYPE):
        given = (await request.form()).get(CSRF_FIELD)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), session.csrf.encode()):
        _LOG.info("access.no_csrf_token", actor=session.user, session=session.id)
        raise Forbidden(
            "The request lacks its session's CSRF token. Nothing was done. Load the page anew and try again",
            "access.csrf",
        )


def _names_of(settings: Settings) -> frozenset[str]:
    names = {"localhost", split_address(settings.web.listen)[0].lower()}
    if settings.web.public_url is not None:
        names.add((urlsplit(settings.web.public_url).hostname or "").lower())
    return frozenset(names - {""})


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
