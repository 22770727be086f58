"""Sites, zones and refused numbers as a rebuild finds them again: from the entries of the journal, and nothing else."""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.model.accounts import NumberRefused, Refusal
from tocsin.model.journal import StoredEntry
from tocsin.model.sites import Site, SiteRow, Zone, ZoneRow
from tocsin.model.values import Code, Ref, Seq

SITE_SET: Final = Code("site.set")
ZONE_SET: Final = Code("zone.set")
NUMBER_REFUSED: Final = Code("number.refused")


class _SiteEntry(msgspec.Struct):
    body: SiteRow
    ref: Ref | None


class _ZoneEntry(msgspec.Struct):
    body: ZoneRow


class _RefusalEntry(msgspec.Struct):
    body: NumberRefused


_SITE: Final = msgspec.json.Decoder(_SiteEntry)
_ZONE: Final = msgspec.json.Decoder(_ZoneEntry)
_REFUSAL: Final = msgspec.json.Decoder(_RefusalEntry)


def site_id(seq: Seq) -> Ref:
    """Name of the site that the fact of this seq made."""
    return Ref(f"site-{seq}")


def rebuild_sites(entries: Iterable[StoredEntry]) -> list[Site]:
    """Apply the journal's facts again, from the first: what results equals the live table byte for byte."""
    found: dict[Ref, Site] = {}
    for stored in entries:
        if stored.row.kind == SITE_SET:
            entry = _SITE.decode(stored.row.entry)
            id_ = entry.ref or site_id(stored.row.seq)
            found[id_] = Site(id_, entry.body, stored.row.seq)
            if entry.body.removed:
                del found[id_]
    return sorted(found.values(), key=lambda site: _number(site.id))


def rebuild_zones(entries: Iterable[StoredEntry]) -> list[Zone]:
    """The same for zones."""
    found: dict[tuple[Ref, Code], Zone] = {}
    for stored in entries:
        if stored.row.kind == ZONE_SET:
            row = _ZONE.decode(stored.row.entry).body
            found[row.account_id, row.number] = Zone(row, stored.row.seq)
            if row.removed:
                del found[row.account_id, row.number]
    return sorted(
        found.values(), key=lambda zone: (_number(zone.row.account_id), len(zone.row.number), zone.row.number)
    )


def rebuild_refusals(entries: Iterable[StoredEntry]) -> list[Refusal]:
    """The same for refused numbers."""
    found: dict[tuple[str, Code | None, Code | None], Refusal] = {}
    for stored in entries:
        if stored.row.kind == NUMBER_REFUSED:
            row = _REFUSAL.decode(stored.row.entry).body
            found[row.account.upper(), row.receiver, row.line] = Refusal(row, stored.row.seq)
    return sorted(found.values(), key=lambda refusal: refusal.seq)


def _number(ref: Ref) -> int:
    return int(ref.rpartition("-")[2])
