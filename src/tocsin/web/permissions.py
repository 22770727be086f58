"""Who may do what: permissions as data, in one table, checked in one place (`web.security`).

Every route names the permission that it needs, or says that it is open to anybody; what does neither is not served
(`web.app.make_app` refuses it). A new permission is a name in the list and a line in the table. Source:
INTEGRATIONS.md, section 11.
"""

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple, get_args

from tocsin.model.access import ROLES, SCOPES, Role, Scope

Permission = Literal[
    "account.read",
    "account.write",
    "action_plan.read",
    "action_plan.switch",
    "action_plan.write",
    "approval.use",
    "call.take",
    "catalogue.read",
    "chain.read",
    "chain.write",
    "desk.act",
    "desk.write",
    "duty.print",
    "erase.early",
    "figure.read",
    "frame.doctor",
    "help.read",
    "help.write",
    "hold.write",
    "hold_up.press",
    "incident.closed",
    "incident.handle",
    "incident.read",
    "incident.shelve_urgent",
    "incident.texts",
    "journal.export",
    "journal.read",
    "journal.unseal",
    "key.link",
    "keyholder.read",
    "keyholder.write",
    "live.read",
    "notice.bounce",
    "notice.read",
    "notice.send",
    "on_test.longer",
    "on_test.read",
    "on_test.write",
    "own.accounts",
    "own.incidents",
    "own.key",
    "own.keyholders",
    "own.report",
    "own.tests",
    "place.history",
    "place.read",
    "place.warn",
    "rejected.open",
    "retention.read",
    "schedule.tonight",
    "schedule.write",
    "roster.read",
    "roster.write",
    "rule.read",
    "rule.write",
    "self.manage",
    "session.end",
    "session.own",
    "shift.act",
    "shift.lead",
    "shift.read",
    "signal.send",
    "site.read",
    "site.write",
    "source.read",
    "source.write",
    "status.read",
    "still.lift",
    "still.read",
    "subject.request",
    "supervision.read",
    "token.write",
    "unknown.handle",
    "unknown.read",
    "user.read",
    "user.write",
    "watch.read",
    "watch.write",
    "wishes.write",
]
PERMISSIONS: Final[frozenset[Permission]] = frozenset(get_args(Permission))
"""Everything that can be asked for. The list is closed: a route with another name is refused."""

PERMISSION: Final = "permission"
PUBLIC: Final = "public"
PAGE: Final = "page"
PROVES: Final = "proves"
"""In a route's `opt`: a session that is bound to a device may use it without a proof that is not old."""

EVERYBODY: Final = " ".join(ROLES)


class Line(NamedTuple):
    """A line of the table: what a permission is for, and who has it."""

    words: str
    roles: str
    """Names of roles, with blanks between."""
    scopes: str = ""
    """Names of scopes of tokens. None of them has a person's rights: no texts, no names of people."""


TABLE: Final[Mapping[Permission, Line]] = {
    "account.read": Line("see accounts and their zones", "operator supervisor integrator administrator", "read"),
    "account.write": Line("set up and change accounts, keys and zones", "integrator administrator"),
    "action_plan.read": Line("see action plans; go through one dry", "operator supervisor administrator"),
    "action_plan.switch": Line("let plans handle technical incidents without an operator", "supervisor"),
    "action_plan.write": Line("make, change and remove action plans", "supervisor administrator"),
    "approval.use": Line("ask for the yes of a second person, and give it", "supervisor auditor administrator"),
    "call.take": Line("take calls: fill in the form, open or join an incident with it", "operator supervisor"),
    "catalogue.read": Line("see the incident types", "operator supervisor integrator administrator", "read handle"),
    "chain.read": Line("see chains of escalation and groups; try one dry", "operator supervisor administrator"),
    "chain.write": Line("set up, change and remove chains of escalation and groups", "supervisor administrator"),
    "desk.act": Line("sound check of a desk", "operator supervisor"),
    "desk.write": Line("set up, change and remove desks", "supervisor administrator"),
    "duty.print": Line("print the duty card and the codes of places", "supervisor integrator administrator"),
    "erase.early": Line("erase an incident's texts before their time, by two persons", "supervisor"),
    "figure.read": Line("read figures of the centre, and print reports", "supervisor auditor"),
    "frame.doctor": Line("have a frame explained", "operator supervisor integrator administrator"),
    "help.read": Line("read help note, keyholders and wishes of an incident", "operator supervisor"),
    "help.write": Line("write and confirm the help note; have a phrase checked; note calls", "operator supervisor"),
    "hold.write": Line("set and lift legal holds, by two persons", "supervisor"),
    "hold_up.press": Line(
        "call for help in silence for the control room itself, locked or not", "operator supervisor", "handle"
    ),
    "incident.closed": Line("see closed incidents that others handled, and old ones", "supervisor", "read"),
    "incident.handle": Line(
        "claim, note, do steps of the plan, close, reopen, shelve, merge, split", "operator supervisor", "handle"
    ),
    "incident.read": Line("see incidents", "operator supervisor", "read handle"),
    "incident.shelve_urgent": Line(
        "shelve what is about lives, for 10 minutes at most, while somebody else has it", "supervisor"
    ),
    "incident.texts": Line("read notes and what panels said", "operator supervisor"),
    "journal.export": Line("export the journal, sealed as it is", "supervisor auditor", "journal"),
    "journal.read": Line("read the journal", "supervisor auditor", "journal"),
    "journal.unseal": Line(
        "export what was sealed with entries of one incident or account, by two persons", "supervisor"
    ),
    "key.link": Line("give whoever programs a panel a link to its key, which opens once", "integrator administrator"),
    "keyholder.read": Line("see keyholders of a site", "supervisor integrator administrator"),
    "keyholder.write": Line("set up, change and export keyholders and phrases", "supervisor integrator administrator"),
    "live.read": Line("follow the live stream", "operator supervisor", "read"),
    "notice.bounce": Line("give bounced mail back to the centre", "administrator", "intake"),
    "notice.read": Line("see who was told of what, and who answered", "operator supervisor"),
    "notice.send": Line("have people told of an incident; send again what was held", "operator supervisor"),
    "on_test.longer": Line("put a place on test, or zones out of service, for more than a day", "supervisor"),
    "on_test.read": Line(
        "see which places are on test, and zones out of service", "operator supervisor integrator administrator", "read"
    ),
    "on_test.write": Line(
        "put places on test and zones out of service, put the end off, end it", "operator supervisor"
    ),
    "own.accounts": Line("see the accounts that one looks after", "installer"),
    "own.incidents": Line("see what happens at one's own site", "site_contact"),
    "own.key": Line("have a link to the key of an own account, which opens once", "installer"),
    "own.keyholders": Line("see and confirm the keyholders of one's own site", "site_contact"),
    "own.report": Line(
        "report by the phone page of staff on duty, and see what became of the own reports",
        "operator supervisor responder",
    ),
    "own.tests": Line("put the own places on test, within the centre's limits", "site_contact installer"),
    "place.history": Line(
        "see what the journal says of a site or account", "operator supervisor integrator administrator"
    ),
    "place.read": Line("see names of places", "operator supervisor integrator administrator", "read"),
    "place.warn": Line("warn crews of a danger at a place, and end that", "supervisor"),
    "rejected.open": Line("open rejected frames", "supervisor integrator"),
    "retention.read": Line(
        "see how long data are kept, and legal holds",
        "operator supervisor auditor administrator",
        "read",
    ),
    "schedule.tonight": Line("let a place close at another time today", "operator supervisor"),
    "schedule.write": Line(
        "set when places open, close and test, and take days from calendars", "supervisor integrator administrator"
    ),
    "roster.read": Line("see who is on call by rosters", "operator supervisor administrator", "read"),
    "roster.write": Line("set up rosters, and exceptions for a time", "supervisor administrator"),
    "rule.read": Line("see what signals are joined by", "operator supervisor administrator"),
    "rule.write": Line("change what signals are joined by", "supervisor"),
    "self.manage": Line("see one's own account; change password, second factor, PIN, sessions, contacts", EVERYBODY),
    "session.end": Line("see and end the sessions of others", "supervisor administrator"),
    "session.own": Line("see, lock, unlock and end the own session", EVERYBODY),
    "shift.act": Line("go on and off shift, hand over, accept", "operator supervisor"),
    "shift.lead": Line("take the shift of somebody who has gone, end the last one", "supervisor"),
    "shift.read": Line("see who is on shift, and what goes with a shift", "operator supervisor administrator", "read"),
    "signal.send": Line("send signals of a source, with a token of its own", "administrator", "intake"),
    "site.read": Line("see sites", "operator supervisor integrator administrator", "read"),
    "site.write": Line("set up and change sites", "integrator administrator"),
    "source.read": Line(
        "see the ways in, and what came by them", "operator supervisor integrator administrator", "read"
    ),
    "source.write": Line("set up, change and remove sources", "integrator administrator"),
    "still.lift": Line("lift the mask of a still, for minutes and for a reason that is noted", "supervisor"),
    "still.read": Line("see the masked stills of an incident", "operator supervisor"),
    "status.read": Line("see what is ready", "operator supervisor integrator auditor administrator", "read"),
    "subject.request": Line("answer somebody who asks what is held about them, by two persons", "supervisor"),
    "supervision.read": Line(
        "see who is heard, late and missing", "operator supervisor integrator administrator", "read"
    ),
    "token.write": Line("make and revoke tokens of programs", "administrator"),
    "unknown.handle": Line("set up or refuse unknown accounts", "supervisor integrator administrator"),
    "unknown.read": Line("see unknown accounts", "operator supervisor integrator administrator", "read"),
    "user.read": Line("see colleagues' names", "operator supervisor administrator"),
    "user.write": Line("make, change and remove users; links, roles, own sites and accounts", "administrator"),
    "watch.read": Line("read and export the watch log", "operator supervisor"),
    "watch.write": Line("write on the watch log", "operator supervisor"),
    "wishes.write": Line("set a resident's wishes, without seeing them", "supervisor integrator administrator"),
}
"""Who may what, whole: the table that every request is judged by, and that the reference prints."""

ROLE_WORDS: Final[Mapping[Role, tuple[str, str]]] = {
    "operator": (
        "claims and handles incidents; sees every open one, and for seven days the closed ones that were the own",
        "others' closed incidents, accounts, people",
    ),
    "supervisor": (
        "what an operator may; every closed incident, the journal, unknown accounts, call lists, warnings about "
        "places, sessions of others",
        "people and their roles",
    ),
    "responder": (
        "reports by phone, and sees what became of the own reports; signs in by a phone that stays signed in for 90 "
        "days",
        "the queue, what others report, anything else in this release",
    ),
    "site_contact": (
        "what happens at the own sites, and their keyholders; puts them on test",
        "texts, callers, phrases, other sites, silent alarms while they last",
    ),
    "installer": (
        "the own accounts: whether they are heard, and their faults; puts them on test",
        "alarms, texts, sites of others",
    ),
    "integrator": (
        "sites, accounts, zones and their keys (set, never read), call lists, the frame doctor",
        "incidents",
    ),
    "auditor": ("the journal: read, export, verify; figures of the centre", "personal data, any change"),
    "administrator": ("people, roles, tokens, sites, accounts and call lists", "incidents"),
}
"""What each role is for, and what it leaves out, in words."""

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    role: frozenset(name for name, line in TABLE.items() if role in line.roles.split()) for role in ROLES
}
"""What each role may. A user may what any of the own roles may."""

SCOPE_PERMISSIONS: Final[Mapping[Scope, frozenset[Permission]]] = {
    scope: frozenset(name for name, line in TABLE.items() if scope in line.scopes.split()) for scope in SCOPES
}
"""What a token of each scope may. `intake` is for ways in over HTTP."""

LOCKED_PERMISSIONS: Final[frozenset[Permission]] = frozenset(
    {
        "catalogue.read",
        "hold_up.press",
        "incident.read",
        "live.read",
        "place.read",
        "session.own",
        "status.read",
        "user.read",
    }
)
"""What a locked session may: queue, sound and selection stay. No command, no text, nothing of the own account."""


def of_roles(roles: Iterable[Role]) -> frozenset[Permission]:
    """What somebody with these roles may."""
    return _of_roles(tuple(roles))


def of_scopes(scopes: Iterable[Scope]) -> frozenset[Permission]:
    """What a token of these scopes may."""
    return _of_scopes(tuple(scopes))


def needs(permission: Permission, *, page: bool = False, proves: bool = False) -> dict[str, Any]:
    """The `opt` of a route that this permission opens. A `page` answers people: without sign-in it leads there."""
    return {PERMISSION: permission, PAGE: page, PROVES: proves}


def public(*, page: bool = False) -> dict[str, Any]:
    """The `opt` of a route that is open to anybody. Each of them stands in docs/reference/access.md."""
    return {PERMISSION: PUBLIC, PAGE: page}


@functools.lru_cache(maxsize=256)
def _of_roles(roles: tuple[Role, ...]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in roles))


@functools.lru_cache(maxsize=256)
def _of_scopes(scopes: tuple[Scope, ...]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*(SCOPE_PERMISSIONS[scope] for scope in scopes))
