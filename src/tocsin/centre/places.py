"""The configuration as rules see it: an immutable picture in memory, swapped whole (`model.sites.Places`)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from tocsin.model.accounts import Account
from tocsin.model.sites import AccountPlace, Zone, ZoneRule
from tocsin.model.values import Ref

_NO_ZONES: Final[dict[str, ZoneRule]] = {}


class PlacesSnapshot:
    """Where accounts stand and what their zones say."""

    __slots__ = ("_places", "config")

    def __init__(self, places: Mapping[Ref, AccountPlace], config: int) -> None:
        """Hold what `places_of` worked out; `config` is the version of the configuration that it stands for."""
        self._places = places
        self.config = config

    def of_account(self, account_id: Ref) -> AccountPlace | None:
        """The account's place; None where no such account is set up."""
        return self._places.get(account_id)

    def changed(self, config: int, gone: Collection[Ref], places: Mapping[Ref, AccountPlace]) -> "PlacesSnapshot":
        """The next picture: without those that are gone, and with these in place of what they were."""
        if not gone and not places:
            return PlacesSnapshot(self._places, config)
        merged = {**self._places, **places}
        for account_id in gone:
            merged.pop(account_id, None)
        return PlacesSnapshot(merged, config)


def places_of(accounts: Iterable[Account], zones: Iterable[Zone]) -> dict[Ref, AccountPlace]:
    """Each account's place, of the accounts that are given and all of their zones."""
    rules: dict[Ref, dict[str, ZoneRule]] = {}
    for zone in zones:
        row = zone.row
        if row.type is not None or row.priority is not None:
            rules.setdefault(row.account_id, {})[row.number] = ZoneRule(row.type, row.priority)
    return {account.id: AccountPlace(account.row.site_id, rules.get(account.id, _NO_ZONES)) for account in accounts}
