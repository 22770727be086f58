"""The configuration as rules see it: an immutable picture in memory, swapped whole (`model.sites.Places`)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from tocsin.centre.int_map import IntMap
from tocsin.model.accounts import Account
from tocsin.model.sites import AccountPlace, Zone, ZoneRule
from tocsin.model.values import Ref

_NO_ZONES: Final[dict[str, ZoneRule]] = {}
_NOWHERE: Final = AccountPlace(None, _NO_ZONES)
_NUMBER_END: Final = 1 << 31


class PlacesSnapshot:
    """Where accounts stand and what their zones say.

    Most accounts have a site and no zone that says anything: they take 20 bytes each, and are told anew each time.
    """

    __slots__ = ("_places", "_sites", "config")

    def __init__(self, places: Iterable[tuple[Ref, AccountPlace]], config: int) -> None:
        """Hold what `places_of` worked out; `config` is the version of the configuration that it stands for."""
        self._sites = IntMap()
        """Numbers of sites, by those of accounts."""
        self._places: dict[Ref, AccountPlace] = {}
        """All that do not fit there."""
        self.config = config
        for account_id, place in places:
            self._put(account_id, place)

    def of_account(self, account_id: Ref) -> AccountPlace | None:
        """The account's place; None where it has no site and no zones that say anything, or is not set up."""
        number = _number(account_id, "account-")
        site = -1 if number is None else self._sites.get(number)
        return self._places.get(account_id) if site < 0 else AccountPlace(Ref(f"site-{site}"), _NO_ZONES)

    def changed(self, config: int, gone: Collection[Ref], places: Mapping[Ref, AccountPlace]) -> "PlacesSnapshot":
        """The next picture: without those that are gone, and with these in place of what they were."""
        made = PlacesSnapshot((), config)
        if not gone and not places:
            made._sites, made._places = self._sites, self._places
            return made
        made._sites, made._places = self._sites.copy(), dict(self._places)
        for account_id in (*gone, *places):
            made._places.pop(account_id, None)
            if (number := _number(account_id, "account-")) is not None:
                made._sites.drop(number)
        for account_id, place in places.items():
            made._put(account_id, place)
        return made

    def _put(self, account_id: Ref, place: AccountPlace) -> None:
        if place == _NOWHERE:
            return
        number = _number(account_id, "account-")
        site = None if place.site_id is None or place.zones else _number(place.site_id, "site-")
        if number is None or site is None:
            self._places[account_id] = place
        else:
            self._sites.put(number, site)


def _number(id_: Ref, kind: str) -> int | None:
    """The number in an id, where it is small; None else."""
    number = id_.removeprefix(kind)
    if len(number) == len(id_) or not number.isdecimal() or len(number) > 10:
        return None
    found = int(number)
    return found if found < _NUMBER_END and str(found) == number else None


def places_of(accounts: Iterable[Account], zones: Iterable[Zone]) -> dict[Ref, AccountPlace]:
    """Each account's place, of the accounts that are given and all of their zones."""
    return dict(each_place(accounts, zones))


def each_place(accounts: Iterable[Account], zones: Iterable[Zone]) -> Iterable[tuple[Ref, AccountPlace]]:
    """The same one by one, for as many accounts as there are."""
    rules: dict[Ref, dict[str, ZoneRule]] = {}
    for zone in zones:
        row = zone.row
        if row.type is not None or row.priority is not None:
            rules.setdefault(row.account_id, {})[row.number] = ZoneRule(row.type, row.priority)
    for account in accounts:
        yield account.id, AccountPlace(account.row.site_id, rules.get(account.id, _NO_ZONES))
