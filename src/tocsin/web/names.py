"""Names of places for what the API answers. Looking one up may read the disk: never in the event loop."""

from collections.abc import Collection
from typing import Final

from tocsin.centre.place_names import PlaceNames
from tocsin.model.incidents import Incident
from tocsin.model.sites import SiteRow
from tocsin.model.values import Code, Place, Ref
from tocsin.system import sleep_blocking
from tocsin.web.api.types import AccountPlaceItem, IncidentItem, SitePlaceItem
from tocsin.web.board import PlaceKey, PlaceName, item_of, place_of

WAIT_S: Final = 1.0
"""A change of places is told when it is stored, a moment before its names can be had: so long is waited for them."""

_STEP_S: Final = 0.01


class PlaceReader:
    """Tells the names of places as people gave them. From any thread but the event loop's."""

    def __init__(self, names: PlaceNames) -> None:
        """Read them from `names`."""
        self._names = names

    def read(self, places: Collection[PlaceKey], config: int = 0) -> tuple[int, dict[PlaceKey, PlaceName]]:
        """Names of places, and the version of the configuration that none of them is older than.

        `config` is a version that was told already: the names of an older one are not given if waiting helps.
        """
        config = self._wait_for(config)
        account_ids = {place.account_id for place in places if place.account_id is not None}
        accounts = self._names.accounts(account_ids)
        sites = self._names.sites({place.site_id for place in places if place.site_id is not None})
        zones = self._names.zones({place.account_id for place in places if place.account_id and place.zone})

        def name(place: PlaceKey) -> PlaceName:
            account = None if place.account_id is None else accounts.get(place.account_id)
            site = None if place.site_id is None else sites.get(place.site_id)
            of_account: dict[Code, Place] = {} if place.account_id is None else zones.get(place.account_id, {})
            return PlaceName(
                account=None if account is None else account.name,
                site=None if site is None else site.name,
                zone=None if place.zone is None else of_account.get(place.zone),
            )

        return config, {place: name(place) for place in places}

    def items(self, incidents: Collection[Incident]) -> list[IncidentItem]:
        """Incidents with the names of their places."""
        _, names = self.read({place_of(incident) for incident in incidents})
        return [item_of(incident, names[place_of(incident)]) for incident in incidents]

    def item(self, incident: Incident) -> IncidentItem:
        """One incident with the names of its place."""
        return self.items([incident])[0]

    def premises(self, site_id: Ref | None) -> SiteRow:
        """A site with its texts: address, how to get in, what is dangerous there; empty where there is none."""
        site = None if site_id is None else self._names.sites([site_id]).get(site_id)
        return SiteRow() if site is None else site.row

    def accounts(self, ids: Collection[Ref], config: int) -> tuple[int, list[AccountPlaceItem]]:
        """Accounts with the names of their sites and zones; those that are not there are left out."""
        config = self._wait_for(config)
        accounts = self._names.accounts(ids)
        sites = self._names.sites({found.site_id for found in accounts.values() if found.site_id is not None})
        zones = self._names.zones(accounts)
        items: list[AccountPlaceItem] = []
        for id_, found in sorted(accounts.items()):
            site = None if found.site_id is None else sites.get(found.site_id)
            items.append(
                AccountPlaceItem(
                    account_id=id_,
                    account=found.account,
                    name=found.name,
                    site_id=found.site_id,
                    site=None if site is None else site.name,
                    zones={str(number): name for number, name in zones[id_].items()},
                )
            )
        return config, items

    def sites(self, ids: Collection[Ref], config: int) -> tuple[int, list[SitePlaceItem]]:
        """Sites with their names; those that are not there are left out."""
        config = self._wait_for(config)
        found = self._names.sites(ids)
        return config, [SitePlaceItem(site_id=id_, site=one.name) for id_, one in sorted(found.items())]

    def nameless(self) -> "PlaceReader":
        """One for whoever may not see names of places: it tells none."""
        return _Nameless(self._names)

    def _wait_for(self, config: int) -> int:
        for _ in range(round(WAIT_S / _STEP_S)):
            if self._names.config >= config:
                break
            sleep_blocking(_STEP_S)
        return self._names.config


class _Nameless(PlaceReader):
    def read(self, places: Collection[PlaceKey], config: int = 0) -> tuple[int, dict[PlaceKey, PlaceName]]:
        return config, {place: PlaceName(None, None, None) for place in places}

    def premises(self, site_id: Ref | None) -> SiteRow:
        return SiteRow()
