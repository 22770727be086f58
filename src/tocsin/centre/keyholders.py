"""Keyholders, phrases, wishes and place warnings as they are read: from the vault, or rebuilt from the journal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from tocsin.centre.table_plan import KnownKeyholder
from tocsin.centre.texts import read_many
from tocsin.model.journal import StoredEntry
from tocsin.model.keyholders import (
    KEYHOLDER_ERASED,
    KEYHOLDER_SET,
    PHRASES_SET,
    WISHES_SET,
    Keyholder,
    KeyholderContact,
    KeyholderRow,
    ResidentWishes,
    SitePhrases,
    SitePhrasesRow,
    SiteWishes,
    WishesRow,
)
from tocsin.model.values import Code, Ref, Seq
from tocsin.model.warnings import PLACE_WARNED, PLACE_WARNING_ENDED, PlaceWarned, PlaceWarning

Row = TypeVar("Row", SitePhrasesRow, WishesRow)
Made = TypeVar("Made")
SecretsGet = Callable[[Sequence[str]], Mapping[str, bytes]]


class _KeyholderEntry(msgspec.Struct):
    body: KeyholderRow
    ref: Ref | None


class _RefEntry(msgspec.Struct):
    ref: Ref | None


class _PhrasesEntry(msgspec.Struct):
    body: SitePhrasesRow


class _WishesEntry(msgspec.Struct):
    body: WishesRow


class _WarnedEntry(msgspec.Struct):
    body: PlaceWarned


_KEYHOLDER: Final = msgspec.json.Decoder(_KeyholderEntry)
_REF: Final = msgspec.json.Decoder(_RefEntry)
_PHRASES: Final = msgspec.json.Decoder(_PhrasesEntry)
_WISHES: Final = msgspec.json.Decoder(_WishesEntry)
_WARNED: Final = msgspec.json.Decoder(_WarnedEntry)
_CONTACT: Final = msgspec.msgpack.Decoder(KeyholderContact)
_RESIDENT: Final = msgspec.msgpack.Decoder(ResidentWishes)


def keyholder_id(seq: Seq) -> Ref:
    """Name of the keyholder whom the fact of this seq made."""
    return Ref(f"keyholder-{seq}")


def warning_id(seq: Seq) -> Ref:
    """Name of the warning that the fact of this seq made."""
    return Ref(f"warning-{seq}")


def open_contacts(keyholders: Sequence[Keyholder], secrets_get: SecretsGet) -> list[KnownKeyholder]:
    """The keyholders with their contacts, in their order; a contact that is lost is None."""
    found = read_many([one.row.contact for one in keyholders], secrets_get)
    return [
        KnownKeyholder(id=one.id, row=one.row, contact=None if raw is None else _CONTACT.decode(raw))
        for one, raw in ((one, found.get(one.row.contact)) for one in keyholders)
    ]


def open_wishes(row: WishesRow, secrets_get: SecretsGet) -> ResidentWishes | None:
    """The note of a resident's wishes; None where there is none, or it is lost."""
    raw = None if row.wishes is None else secrets_get([row.wishes]).get(row.wishes)
    return None if raw is None else _RESIDENT.decode(raw)


def rebuild_keyholders(entries: Iterable[StoredEntry]) -> list[Keyholder]:
    """Apply the journal's facts again, from the first: what results equals the live table byte for byte."""
    found: dict[Ref, Keyholder] = {}
    for stored in entries:
        if stored.row.kind == KEYHOLDER_SET:
            entry = _KEYHOLDER.decode(stored.row.entry)
            id_ = entry.ref or keyholder_id(stored.row.seq)
            found[id_] = Keyholder(id_, entry.body, stored.row.seq)
        elif stored.row.kind == KEYHOLDER_ERASED:
            erased = _REF.decode(stored.row.entry).ref
            if erased is not None:
                found.pop(erased, None)
    return sorted(found.values(), key=lambda one: (_number(one.row.site_id), one.row.order, _number(one.id)))


def rebuild_phrases(entries: Iterable[StoredEntry]) -> list[SitePhrases]:
    """The same for phrases of sites."""
    return _rebuild_of_sites(
        entries, PHRASES_SET, lambda entry: _PHRASES.decode(entry).body, SitePhrases, lambda row: row.verifier is None
    )


def rebuild_wishes(entries: Iterable[StoredEntry]) -> list[SiteWishes]:
    """The same for notes of residents' wishes."""
    return _rebuild_of_sites(
        entries, WISHES_SET, lambda entry: _WISHES.decode(entry).body, SiteWishes, lambda row: row.wishes is None
    )


def _rebuild_of_sites(
    entries: Iterable[StoredEntry],
    kind: Code,
    row_of: Callable[[bytes], Row],
    made_of: Callable[[Row, Seq], Made],
    is_gone: Callable[[Row], bool],
) -> list[Made]:
    """What each site has one of: the last that was set, unless that took it away; in the order of the facts."""
    found: dict[Ref, Made] = {}
    for stored in entries:
        if stored.row.kind == kind:
            row = row_of(stored.row.entry)
            found.pop(row.site_id, None)
            if not is_gone(row):
                found[row.site_id] = made_of(row, stored.row.seq)
    return list(found.values())


def rebuild_warnings(entries: Iterable[StoredEntry]) -> list[PlaceWarning]:
    """The same for warnings that stand."""
    found: dict[Ref, PlaceWarning] = {}
    for stored in entries:
        if stored.row.kind == PLACE_WARNED:
            id_ = warning_id(stored.row.seq)
            found[id_] = PlaceWarning(id_, _WARNED.decode(stored.row.entry).body, stored.row.seq)
        elif stored.row.kind == PLACE_WARNING_ENDED:
            ended = _REF.decode(stored.row.entry).ref
            if ended is not None:
                found.pop(ended, None)
    return sorted(found.values(), key=lambda one: one.seq)


def _number(ref: Ref) -> int:
    return int(ref.rpartition("-")[2])
