"""What sites, accounts and zones look like in the API: rows of the store with the names that lie in the vault."""

import hmac
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, Protocol, TypeVar, cast

import msgspec

from tocsin.centre.configuration import Once
from tocsin.centre.editing import Overtaken, zones_version
from tocsin.centre.site_import import buildings_of
from tocsin.model.accounts import Account
from tocsin.model.errors import BadInput
from tocsin.model.sites import SiteRow
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.web.api.configuration_types import AccountItem, BuildingItem, KeyItem, SiteItem, ZoneItem, ZonesAnswer
from tocsin.web.parts import Parts
from tocsin.web.problems import ConfiguredRow, RowConflict

T = TypeVar("T")
_ENCODE: Final = msgspec.json.Encoder().encode
_ONCE: Final = b"tocsin change of the configuration 1"

UNTOLD: Final = frozenset({"duress_phrase", "key_safe", "pass_phrase", "words"})
"""Fields of bodies that no digest holds: phrases, and what a resident said."""


class _Who(msgspec.Struct):
    actor: Actor | None
    at: Micros


_WHO: Final = msgspec.json.Decoder(_Who)


class Items:
    """Makes items of rows. Reads the disk: never in the event loop."""

    def __init__(self, parts: Parts) -> None:
        """Read from the store and the vault of `parts`."""
        self._store = parts.store
        self._names = parts.centre.names

    def sites(self, ids: Sequence[Ref]) -> list[SiteItem]:
        """Sites in this order; those that are not there any more are left out."""
        rows = {site.id: site for site in self._store.sites(ids)}
        names = self._names.sites(rows)
        sizes = self._store.site_sizes(list(rows))
        who = self._authors([site.seq for site in rows.values()])
        return [
            SiteItem(
                id=id_,
                name=names[id_].name,
                address=names[id_].row.address,
                directions=names[id_].row.directions,
                **_of_premises(names[id_].row),
                accounts=sizes.get(id_, 0),
                version=rows[id_].seq,
                changed_at=who[rows[id_].seq].at,
                changed_by=who[rows[id_].seq].actor,
            )
            for id_ in ids
            if id_ in names
        ]

    def site(self, id_: Ref) -> SiteItem:
        """One site.

        Raises:
            BadInput: there is none.
        """
        found = self.sites([id_])
        if not found:
            raise BadInput("There is no such site, or not any more. Look at the list again", "sites.unknown")
        return found[0]

    def accounts(self, accounts: Sequence[Account]) -> list[AccountItem]:
        """Accounts in this order."""
        names = self._names.accounts(account.id for account in accounts)
        sites = self._names.sites(account.row.site_id for account in accounts if account.row.site_id is not None)
        zones = self._store.zone_counts([account.id for account in accounts])
        who = self._authors([account.seq for account in accounts])
        items: list[AccountItem] = []
        for account in accounts:
            row = account.row
            site = None if row.site_id is None else sites.get(row.site_id)
            name = names.get(account.id)
            items.append(
                AccountItem(
                    id=account.id,
                    account=row.account,
                    name=None if name is None else name.name,
                    site_id=row.site_id,
                    site=None if site is None else site.name,
                    receiver=row.receiver,
                    line=row.line,
                    key=None if row.key is None else KeyItem(bits=row.key.bits, form=row.key.form),
                    carried_by=row.carried_by,
                    category=row.category,
                    supervision_interval_s=row.supervision_interval_s,
                    late_max_s=row.late_max_s,
                    early_max_s=row.early_max_s,
                    duplicate_window_s=row.duplicate_window_s,
                    panel_time_zone=row.panel_time_zone,
                    poll_602=row.poll_602,
                    profile=row.profile,
                    partitions=None if name is None else name.partitions,
                    paths=None if name is None else name.paths,
                    zones=zones.get(account.id, 0),
                    version=account.seq,
                    changed_at=who[account.seq].at,
                    changed_by=who[account.seq].actor,
                )
            )
        return items

    def zones(self, account_id: Ref) -> ZonesAnswer:
        """Every zone of an account."""
        rows = self._store.zones((account_id,))
        names = self._names.zones((account_id,))[account_id]
        return ZonesAnswer(
            items=[
                ZoneItem(
                    number=zone.row.number,
                    name=names.get(zone.row.number),
                    type=zone.row.type,
                    priority=zone.row.priority,
                    partition=zone.row.partition,
                    detector=zone.row.detector,
                )
                for zone in rows
            ],
            version=Seq(zones_version(rows)),
        )

    def _authors(self, seqs: Collection[Seq]) -> dict[Seq, _Who]:
        return {stored.row.seq: _WHO.decode(stored.row.entry) for stored in self._store.entries_at(seqs)}


def _of_premises(row: SiteRow) -> dict[str, Any]:
    return {
        "latitude": None if row.latitude is None else float(row.latitude),
        "longitude": None if row.longitude is None else float(row.longitude),
        "buildings": [BuildingItem(name=name, access=access) for name, access in buildings_of(row.buildings)],
        "hazards": list(row.hazards),
        "hazard_details": row.hazard_details,
        "authority_ref": row.authority_ref,
        "response": row.response,
        "grade": row.grade,
        "installer": row.installer,
    }


def shown_now(change: Callable[[], T], row: Callable[[], ConfiguredRow]) -> T:
    """Carry out a change; where somebody overtook it, the refusal shows the row as it is now.

    Raises:
        RowConflict: in place of `Overtaken`.
    """
    try:
        return change()
    except Overtaken as overtaken:
        raise RowConflict(overtaken.message, overtaken.code, row(), overtaken.by, overtaken.at) from overtaken


class Named(Protocol):
    """Where the key lies under which changes are known again (`vault.Vault`)."""

    def identity_key(self) -> bytes:
        """32 bytes, the centre's for ever."""
        ...


def once(vault: Named, key: str | None, act: str, body: object) -> Once | None:
    """What makes a change the same one when it is sent again; None where its sender named no key for it.

    Hashed under a key: from a plain hash a name could be guessed, for as long as it is remembered. Of what `UNTOLD`
    names only counts whether it is set: whoever has the keys could guess it from any hash, faster than from the
    verifier. So a change whose phrase alone is another, under the same key, is answered as the first was and not made.
    """
    if key is None:
        return None
    said: object = msgspec.to_builtins(body)
    if isinstance(said, dict):
        said = {field: _told(field, value) for field, value in cast("dict[str, object]", said).items()}
    return Once(id=Code(key), digest=hmac.digest(vault.identity_key(), _ONCE + _ENCODE((act, said)), "sha256"))


def _told(field: str, value: object) -> object:
    return value is not None if field in UNTOLD else value
