"""`/api/v1/own`: what site contacts see of their sites, and installers of their accounts. Nothing of anybody else's.

A silent call for help leaves no trace here: whoever forced it may stand beside the contact. One that came in silently
is never shown, closed ones neither. One that became silent later, by a duress phrase, stays as it was before until it
is closed. When an account was heard tells nothing of alarms.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from tocsin.model.incidents import Incident, IncidentOpened
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.classify import UNCLASSIFIED
from tocsin.rules.incident import BODIES, apply
from tocsin.web.api.people_types import (
    OwnAccountItem,
    OwnAccountsAnswer,
    OwnFault,
    OwnIncidentItem,
    OwnIncidentsAnswer,
)
from tocsin.web.board import place_of
from tocsin.web.names import PlaceReader
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal

CLOSED_S: Final = 30 * 86_400
"""So long a closed incident is shown to the contact of its site: as long as its texts live at most."""

SHOWN_MAX: Final = 200
LOOKED_MAX: Final = 5_000
"""Closed incidents that are looked through."""

FACTS_MAX: Final = 10_000
"""Facts of an incident that became silent, looked through for what it was before."""

HEARD_BY: Final = frozenset({"test", "open", "close", "trouble", "trouble_restoral"})
"""Kinds of signals that tell an installer that a panel is heard."""

HEARD_PAGES: Final = 4

_PAGE: Final = 500
_TECHNICAL: Final = "technical"
_BODIES: Final = {Code(kind): msgspec.json.Decoder(body) for kind, body in BODIES.items()}
PrincipalRequest = Request[Principal, Any, Any]


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw


_ENTRY: Final = msgspec.json.Decoder(_Entry)


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of one's own sites and accounts."""
    own = _Own(parts)

    @get("/api/v1/own/incidents", opt=needs("own.incidents"), summary="What happens at the own sites")
    async def read_own_incidents(request: PrincipalRequest) -> OwnIncidentsAnswer:
        """Open incidents at the own sites and what was closed there in the last 30 days. No texts, no names."""
        sites = _of("site-", await asyncio.to_thread(parts.access.granted, request.user.actor))
        return await asyncio.to_thread(own.incidents, sites, parts.board.at(sites))

    @get("/api/v1/own/accounts", opt=needs("own.accounts"), summary="The accounts that one looks after")
    async def read_own_accounts(request: PrincipalRequest) -> OwnAccountsAnswer:
        """Whether each is heard, and its technical faults. No alarms, and nobody else's accounts."""
        ids = _of("account-", await asyncio.to_thread(parts.access.granted, request.user.actor))
        return await asyncio.to_thread(own.accounts, ids, parts.board.at(ids))

    return [read_own_incidents, read_own_accounts]


class _Own:
    def __init__(self, parts: Parts) -> None:
        self._catalogue = parts.catalogue
        self._clock = parts.clock
        self._reader = PlaceReader(parts.centre.names)
        self._store = parts.store

    def incidents(self, sites: frozenset[Ref], current: Sequence[Incident]) -> OwnIncidentsAnswer:
        """`current` are the open ones at these sites."""
        found = [shown for one in current if (shown := self._shown(one)) is not None]
        # The store may know already that one of them is closed: it is told of once, as it was on the board.
        told = {one.id for one in current}
        found += [one for one in self._closed(sites, SHOWN_MAX - len(found)) if one.id not in told]
        found.sort(key=lambda one: (-one.opened_at, one.id))
        found = found[:SHOWN_MAX]
        _, names = self._reader.read({place_of(one) for one in found})
        items: list[OwnIncidentItem] = []
        for one in found:
            kind = self._catalogue.types.get(one.type)
            name = names[place_of(one)]
            assert one.site_id is not None, "it is at one of the sites"
            items.append(
                OwnIncidentItem(
                    number=one.number,
                    site_id=one.site_id,
                    site=name.site,
                    type=one.type,
                    meaning=None if kind is None else kind.meaning,
                    hazard=one.hazard,
                    priority=one.priority,
                    state=one.state,
                    condition=one.condition,
                    presentation=one.presentation,
                    exercise=one.exercise,
                    is_claimed=one.claimed_by is not None,
                    zone=one.zone,
                    zone_name=name.zone,
                    opened_at=one.opened_at,
                    closed_at=one.closed_at,
                )
            )
        return OwnIncidentsAnswer(items=items, sites=sorted(sites))

    def accounts(self, ids: frozenset[Ref], current: Sequence[Incident]) -> OwnAccountsAnswer:
        """`current` are the open incidents of these accounts."""
        rows = sorted(self._store.accounts(ids), key=lambda account: account.row.account) if ids else []
        _, names = self._reader.accounts([account.id for account in rows], 0)
        named = {name.account_id: name for name in names}
        zones = self._store.zone_counts([account.id for account in rows])
        faults: dict[Ref, list[OwnFault]] = {}
        for incident in current:
            one = self._shown(incident)
            if one is not None and one.hazard == _TECHNICAL:
                kind = self._catalogue.types.get(one.type)
                assert one.account_id is not None, "it is one of the accounts"
                faults.setdefault(one.account_id, []).append(
                    OwnFault(
                        type=one.type,
                        meaning=None if kind is None else kind.meaning,
                        condition=one.condition,
                        since=one.opened_at,
                    )
                )
        return OwnAccountsAnswer(
            items=[
                OwnAccountItem(
                    account_id=account.id,
                    account=account.row.account,
                    name=named[account.id].name if account.id in named else None,
                    category=None if account.row.category is None else Code(account.row.category),
                    has_key=account.row.key is not None,
                    zones=zones.get(account.id, 0),
                    heard_at=self._heard_at(account.id),
                    faults=faults.get(account.id, []),
                )
                for account in rows
            ]
        )

    def _closed(self, sites: frozenset[Ref], most: int) -> list[Incident]:
        since = self._clock.now_us() - CLOSED_S * 1_000_000
        found: list[Incident] = []
        for one in self._latest_closed(LOOKED_MAX) if sites else ():
            if one.site_id in sites and one.closed_at is not None and one.closed_at >= since:
                if (shown := self._shown(one)) is None:
                    continue
                found.append(shown)
                if len(found) >= most:
                    break
        return found

    def _shown(self, incident: Incident) -> Incident | None:
        """The incident as it may be shown: one that became silent as it was before; None where it always was."""
        if not incident.silent:
            return incident
        was: Incident | None = None
        for stored in self._store.incident_facts(incident.id, FACTS_MAX):
            row = stored.row
            if row.kind not in _BODIES:
                continue  # a reading, a hold
            entry = _ENTRY.decode(row.entry)
            body = _BODIES[row.kind].decode(entry.body)
            if was is None and not isinstance(body, IncidentOpened):
                return None  # so long that its beginning is not looked at
            one = apply(was, body, seq=row.seq, at=row.at, actor=entry.actor, id_=incident.id)
            if one.silent:
                break
            was = one
        if was is None or incident.state == "open":
            return was
        return msgspec.structs.replace(
            was, state=incident.state, closed_at=incident.closed_at, claimed_by=incident.claimed_by
        )

    def _heard_at(self, account_id: Ref) -> Micros | None:
        """When it last sent a test, an opening, a closing or a trouble: no alarm may be read off this time."""
        before: Seq | None = None
        for _ in range(HEARD_PAGES):
            page = self._store.account_signals(account_id, before, _PAGE)
            for row, stored in page:
                rule = None if row.code is None else self._catalogue.codes.get((row.format or "", row.code))
                if rule is not None and rule.kind in HEARD_BY and rule.type != UNCLASSIFIED:
                    return stored.row.at
            if len(page) < _PAGE:
                return None
            before = page[-1][0].seq
        return None

    def _latest_closed(self, left: int) -> Iterable[Incident]:
        before = None
        while left > 0:
            page = self._store.incidents("closed", before, min(_PAGE, left))
            yield from page
            left -= len(page)
            if len(page) < _PAGE:
                return
            before = page[-1].version


def _of(kind: str, granted: frozenset[Ref]) -> frozenset[Ref]:
    return frozenset(target for target in granted if target.startswith(kind))
