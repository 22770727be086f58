"""Which entries of the journal are about which site and account: an index beside it, kept as entries are appended.

It says nothing that the journal does not say, so it can be made anew at any time.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from tocsin.model.journal import EntryRow
from tocsin.model.values import Ref, Seq

PLACE_KINDS: Final[dict[str, str]] = {
    "site.set": "site",
    "account.set": "account",
    "zone.set": "zone",
    "keyholder.set": "keyholder",
    "keyholder.erased": "keyholder",
    "site.phrases_set": "phrases",
    "site.wishes_set": "wishes",
    "place.warned": "warning",
    "schedule.set": "schedule",
    "schedule.missed": "schedule",
    "plan.set": "plan",
    "test.begun": "test",
    "test.code_given": "testcode",
    "zones.taken_out": "out",
    "key_link.given": "keylink",
    "key_link.opened": "keylink",
    "incident.opened": "incident",
    "incident.placed": "incident",
}
"""Kinds of facts that name the place that they are about, and how what a fact of the kind makes is named."""


class PlaceRow(NamedTuple):
    """An entry that is about a place."""

    place: Ref
    """The site or account."""
    seq: Seq
    thing: Ref
    """What of the place it is about: entries of one kind about the same thing follow each other."""


class _Body(msgspec.Struct, gc=False):
    account_id: Ref | None = None
    number: int | str | None = None
    site_id: Ref | None = None


class _Entry(msgspec.Struct, gc=False):
    body: _Body
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


def place_rows(rows: Iterable[tuple[Seq, str, bytes]]) -> list[PlaceRow]:
    """What the index says of these entries, each with its seq, kind and canonical JSON."""
    found: list[PlaceRow] = []
    for seq, kind, raw in rows:
        made = PLACE_KINDS.get(kind)
        if made is None:
            continue
        entry = _ENTRY.decode(raw)
        body = entry.body
        thing = entry.ref or Ref(f"{made}-{seq}")
        places = {body.account_id, body.site_id}
        if made in ("site", "account"):
            places.add(thing)
        elif made == "zone":
            thing = Ref(f"{body.account_id}/{body.number}")
        found += [PlaceRow(place, seq, thing) for place in sorted(one for one in places if one is not None)]
    return found


def rows_of(entries: Iterable[EntryRow]) -> list[PlaceRow]:
    """The same of entries as they are appended."""
    return place_rows((row.seq, row.kind, row.entry) for row in entries if row.kind in PLACE_KINDS)
