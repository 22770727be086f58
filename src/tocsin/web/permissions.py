"""Who may do what: permissions as data, in one table, checked in one place (`web.security`).

Every route names the permission that it needs, or says that it is open to anybody; what does neither is not served
(`web.app.make_app` refuses it). Source: INTEGRATIONS.md, section 11.
"""

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, get_args

from tocsin.model.access import Role, Scope

Permission = Literal[
    "account.read",
    "account.write",
    "catalogue.read",
    "desk.act",
    "frame.doctor",
    "incident.handle",
    "incident.read",
    "incident.texts",
    "journal.read",
    "live.read",
    "place.read",
    "rejected.open",
    "session.own",
    "site.read",
    "site.write",
    "status.read",
    "unknown.handle",
    "unknown.read",
    "user.read",
]
PERMISSIONS: Final[frozenset[Permission]] = frozenset(get_args(Permission))
"""Everything that can be asked for. The list is closed: a route with another name is refused."""

PERMISSION: Final = "permission"
PUBLIC: Final = "public"
PAGE: Final = "page"


def _set(*names: Permission) -> frozenset[Permission]:
    return frozenset(names)


def _both(*sets: frozenset[Permission]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*sets)


_OWN: Final = _set("session.own")
"""Everybody who is signed in may see and end the own session."""

_OPERATE: Final = _set(
    "account.read",
    "catalogue.read",
    "desk.act",
    "frame.doctor",
    "incident.handle",
    "incident.read",
    "incident.texts",
    "live.read",
    "place.read",
    "site.read",
    "status.read",
    "unknown.read",
    "user.read",
)
_CONFIGURE: Final = _set(
    "account.read",
    "account.write",
    "catalogue.read",
    "frame.doctor",
    "place.read",
    "site.read",
    "site.write",
    "status.read",
    "unknown.handle",
    "unknown.read",
)

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    "operator": _both(_OWN, _OPERATE),
    "supervisor": _both(_OWN, _OPERATE, _set("journal.read", "rejected.open", "unknown.handle")),
    # Theirs are the phone's page, the own site, the own accounts: until those are there, only the own session.
    "responder": _OWN,
    "site_contact": _OWN,
    "installer": _OWN,
    "integrator": _both(_OWN, _CONFIGURE, _set("rejected.open")),
    "auditor": _both(_OWN, _set("journal.read", "status.read")),
    # Not a word of an incident: an administrator who handles them is an operator or supervisor as well.
    "administrator": _both(_OWN, _CONFIGURE, _set("user.read")),
}
"""What each role may. A user may what any of the own roles may."""

SCOPE_PERMISSIONS: Final[Mapping[Scope, frozenset[Permission]]] = {
    "read": _set(
        "account.read",
        "catalogue.read",
        "incident.read",
        "live.read",
        "place.read",
        "site.read",
        "status.read",
        "unknown.read",
    ),
    "handle": _set("catalogue.read", "incident.handle", "incident.read"),
    "journal": _set("journal.read"),
    # For ways in that take signals over HTTP, of which this release has none.
    "intake": _set(),
}
"""What a token of each scope may. It never has a person's rights: no texts, no names of people."""


def of_roles(roles: Iterable[Role]) -> frozenset[Permission]:
    """What somebody with these roles may."""
    return _of_roles(tuple(roles))


def of_scopes(scopes: Iterable[Scope]) -> frozenset[Permission]:
    """What a token of these scopes may."""
    return _both(*(SCOPE_PERMISSIONS[scope] for scope in scopes))


def needs(permission: Permission, *, page: bool = False) -> dict[str, Any]:
    """The `opt` of a route that this permission opens. A `page` answers people: without sign-in it leads there."""
    return {PERMISSION: permission, PAGE: page}


def public(*, page: bool = False) -> dict[str, Any]:
    """The `opt` of a route that is open to anybody. Each of them stands in docs/reference/access.md."""
    return {PERMISSION: PUBLIC, PAGE: page}


@functools.lru_cache(maxsize=256)
def _of_roles(roles: tuple[Role, ...]) -> frozenset[Permission]:
    return _both(*(ROLE_PERMISSIONS[role] for role in roles))
