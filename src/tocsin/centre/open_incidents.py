"""The open incidents in memory: what a signal could belong to, found by account and site."""

from itertools import islice
from typing import NamedTuple, TypeVar

from tocsin.model.incidents import REPORTED, Incident
from tocsin.model.values import Ref
from tocsin.rules.area import MAINS_TYPE
from tocsin.rules.correlate import CANDIDATES_MAX

K = TypeVar("K", bound=str)


class OpenIncidents:
    """The open incidents by id, account and site, with a way back to where the last commit left them."""

    def __init__(self) -> None:
        """Begin without any."""
        self._by_id: dict[Ref, Incident] = {}
        self._by_account: dict[str, dict[Ref, None]] = {}
        self._by_site: dict[Ref, dict[Ref, None]] = {}
        self._centre_own: dict[Ref, None] = {}
        self._mains: dict[Ref, None] = {}
        self._undo: list[tuple[Ref, Incident | None]] = []

    def __len__(self) -> int:
        return len(self._by_id)

    def all(self) -> list[Incident]:
        """All of them."""
        return list(self._by_id.values())

    def get(self, id_: Ref) -> Incident | None:
        """One of them."""
        return self._by_id.get(id_)

    def candidates(self, account: str, site_id: Ref | None) -> list[Incident]:
        """What a signal of this account and site could belong to, newest first: of the account, then of the site."""
        own = self._by_account.get(account, {})
        found = _newest(own, CANDIDATES_MAX)
        if site_id is not None and len(found) < CANDIDATES_MAX:
            beside = self._by_site.get(site_id, {})
            found += [id_ for id_ in _newest(beside, CANDIDATES_MAX) if id_ not in own][: CANDIDATES_MAX - len(found)]
        return [self._by_id[id_] for id_ in found]

    def of_account(self, account: str) -> list[Incident]:
        """All that signals of this account opened or are in."""
        return [self._by_id[id_] for id_ in self._by_account.get(account, {})]

    def raised_for(self, account_id: Ref | None) -> list[Incident]:
        """What the centre raised for this account, or where it is unknown for any, newest first."""
        return self.centre_own() if account_id is None else self.watched(account_id)

    def centre_own(self) -> list[Incident]:
        """What the centre itself raised, newest first."""
        return [self._by_id[id_] for id_ in _newest(self._centre_own, CANDIDATES_MAX)]

    def mains(self) -> list[Incident]:
        """Those of signals about mains power, newest first."""
        return [self._by_id[id_] for id_ in _newest(self._mains, CANDIDATES_MAX)]

    def watched(self, account_id: Ref) -> list[Incident]:
        """What the centre raised for this account alone, newest first."""
        return [self._by_id[id_] for id_ in _newest(self._by_account.get(watch_key(account_id), {}), CANDIDATES_MAX)]

    def watched_at(self, site_id: Ref) -> list[Incident]:
        """What supervision raised for accounts of this site, newest first."""
        return [self._by_id[id_] for id_ in _newest(self._by_site.get(_watched_site(site_id), {}), CANDIDATES_MAX)]

    def put(self, incident: Incident) -> None:
        """Hold it where it is open, let it go where it is closed."""
        before = self._by_id.get(incident.id)
        self._undo.append((incident.id, before))
        self._set(incident.id, before, incident if incident.state == "open" else None)

    def keep(self) -> dict[Ref, Incident]:
        """What was put is durable; return those that were closed with it, as they were when they were open last."""
        gone = {id_: before for id_, before in self._undo if before is not None and id_ not in self._by_id}
        self._undo.clear()
        return gone

    def undo(self) -> None:
        """What was put since the last `keep` never happened."""
        while self._undo:
            id_, before = self._undo.pop()
            self._set(id_, self._by_id.get(id_), before)

    def _set(self, id_: Ref, before: Incident | None, after: Incident | None) -> None:
        if before is not None and (after is None or not _is_found_alike(before, after)):
            self._unlink(before)
            before = None
        if after is None:
            self._by_id.pop(id_, None)
            return
        self._by_id[id_] = after
        if before is None:
            self._link(after)

    def _link(self, incident: Incident) -> None:
        keys = _keys(incident)
        if keys is None:
            self._centre_own[incident.id] = None
            return
        if incident.type == MAINS_TYPE and incident.origin == "signal":
            self._mains[incident.id] = None
        for account in keys.accounts:
            self._by_account.setdefault(account, {})[incident.id] = None
        for site in keys.sites:
            self._by_site.setdefault(site, {})[incident.id] = None

    def _unlink(self, incident: Incident) -> None:
        keys = _keys(incident)
        if keys is None:
            self._centre_own.pop(incident.id, None)
            return
        self._mains.pop(incident.id, None)
        for account in keys.accounts:
            _drop(self._by_account, account, incident.id)
        for site in keys.sites:
            _drop(self._by_site, site, incident.id)


def account_key(account_id: Ref | None, account: str) -> str:
    """What incidents of an account are found by: its id, or its number where it is unknown."""
    return account_id or f"?{account.upper()}"


def watch_key(account_id: Ref) -> str:
    """What the centre's own incidents of an account are found by: no signal ever joins one of them."""
    return f"!{account_id}"


def _watched_site(site_id: Ref) -> Ref:
    """The same of a site: no signal asks for this name."""
    return Ref(f"!{site_id}")


class _Keys(NamedTuple):
    """By what a signal finds an incident: its own account and site, and those of what was merged into it."""

    accounts: tuple[str, ...]
    sites: tuple[Ref, ...]


def _is_found_alike(before: Incident, after: Incident) -> bool:
    """The same signals find it: of hardly any change that is not so, and of an area working it out takes a while."""
    if (
        before.account_id == after.account_id
        and before.site_id == after.site_id
        and before.merged_here is after.merged_here
        and (after.area is None or before.points is after.points)
    ):
        return True
    return _keys(before) == _keys(after)


def _keys(incident: Incident) -> _Keys | None:
    """None: the centre raised it for no account."""
    if incident.origin == "centre" and incident.account_id is not None:
        at_site = () if incident.site_id is None else (_watched_site(incident.site_id),)
        return _Keys((watch_key(incident.account_id),), at_site)
    if incident.origin in REPORTED:
        # Of no account: signals of its site find it, and those of what was merged into it.
        merged = incident.merged_here
        own = () if incident.site_id is None else (incident.site_id,)
        return _Keys(
            tuple(dict.fromkeys(account_key(one.account_id, one.account) for one in merged if one.account is not None)),
            tuple(dict.fromkeys((*own, *(one.site_id for one in merged if one.site_id is not None)))),
        )
    if incident.origin == "centre" or (incident.account is None and incident.area is None):
        return None
    if incident.area is not None:
        return _Keys(tuple(dict.fromkeys(filter(None, (one.account_id for one in incident.points)))), ())
    account = account_key(incident.account_id, incident.account or "")
    sites = () if incident.site_id is None else (incident.site_id,)
    if not incident.merged_here:
        return _Keys((account,), sites)
    merged_here = incident.merged_here
    accounts = [account, *(account_key(one.account_id, one.account or "") for one in merged_here)]
    sites = (*sites, *(one.site_id for one in merged_here if one.site_id is not None))
    return _Keys(tuple(dict.fromkeys(accounts)), tuple(dict.fromkeys(sites)))


def _drop(of: dict[K, dict[Ref, None]], key: K, id_: Ref) -> None:
    found = of.get(key)
    if found is not None:
        found.pop(id_, None)
        if not found:
            del of[key]


def _newest(ids: dict[Ref, None], most: int) -> list[Ref]:
    return list(islice(reversed(ids), most))
