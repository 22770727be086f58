"""What the journal says of a site or an account, newest first: incidents, tests, openings and closings, and changes.

Worked out of the journal's own entries by an index, a page by key at a time; of a change, which fields are others than
in the fact before. Texts are sealed under new names with each change, so of them it is only said that they were saved.
"""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from tocsin.centre.out_core import id_of_out
from tocsin.centre.texts import FIELDS
from tocsin.model.catalogue import Catalogue
from tocsin.model.errors import BadInput
from tocsin.model.incidents import Incident, SignalRow
from tocsin.model.journal import StoredEntry
from tocsin.model.on_test import SiteTest
from tocsin.model.out_of_service import ZONES_TAKEN_OUT, ZonesOut
from tocsin.model.ports import Store
from tocsin.model.signals import SignalBody
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.classify import classify

HistoryWhat = Literal["incidents", "tests", "openings", "edits"]
WHATS: Final[tuple[HistoryWhat, ...]] = ("incidents", "tests", "openings", "edits")

ACCOUNTS_MAX: Final = 50
"""Accounts of a site whose own entries are in its history; of a site with more, each account has its own."""

OPENING_ACCOUNTS_MAX: Final = 10
"""Accounts of a site whose openings are in its history."""

SIGNALS_LOOKED: Final = 200
"""Signals of an account that a page looks at for openings and closings."""

OPENING_KINDS: Final = frozenset({"open", "close"})
TEXTS: Final = Code("texts")
"""Stands for every sealed text of a row."""

_TEXT_FIELDS: Final = frozenset({"contact", "verifier", "wishes"}).union(*FIELDS.values())
_UNTOLD: Final = frozenset({"config"})
_WHAT_OF: Final[dict[str, HistoryWhat]] = {
    "incident.opened": "incidents",
    "incident.placed": "incidents",
    "schedule.missed": "openings",
    "test.begun": "tests",
    "test.code_given": "tests",
    "zones.taken_out": "tests",
}
"""All others are changes."""


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened at a place."""

    account_id: Ref | None
    actor: Actor | None
    at: Micros
    changed: tuple[Code, ...]
    """Of a change, the fields that are others than before; empty where this fact made the thing."""
    code: Code | None
    """Of an opening or closing, as the panel sent it; of a zone's change, its number; of zones taken out of service,
    all of theirs."""
    incident: Incident | None
    is_new: bool
    is_removed: bool
    kind: Code
    """Of the fact; `open` and `close` of a signal."""
    seq: Seq
    test: SiteTest | None
    thing: Ref
    what: HistoryWhat
    zones_out: ZonesOut | None
    """What a fact took out of service, as it stands now."""


class HistoryPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page, newest first."""

    is_cut: bool
    """The site has so many accounts that what is of them alone is not in it."""
    lines: tuple[HistoryLine, ...]
    next: Seq | None
    """Where the next page begins; a page may be empty and have one. None: there is nothing older."""


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw


class _About(msgspec.Struct, gc=False):
    """What of a body says what it is about, and whether it took something away."""

    account_id: Ref | None = None
    content: Ref | None = None
    number: int | str | None = None
    removed: bool = False
    removed_at: Micros | None = None
    verifier: Ref | None = None
    wishes: Ref | None = None
    zones: tuple[Code, ...] = ()


class _Signal(msgspec.Struct, gc=False):
    body: SignalBody


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_ABOUT: Final = msgspec.json.Decoder(_About)
_FIELDS: Final = msgspec.json.Decoder(dict[str, object])
_SIGNAL: Final = msgspec.json.Decoder(_Signal)
_NONE_LEFT: Final = {"plan.set": "content", "site.wishes_set": "wishes", "site.phrases_set": "verifier"}
"""Kinds whose fact takes something away where this field is empty."""


class PlaceHistory:
    """Reads it. From any thread."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        """Read from `store`; `catalogue` tells which codes open and close."""
        self._store = store
        self._catalogue = catalogue

    def page(self, place: Ref, before: Seq | None, limit: int, wanted: frozenset[HistoryWhat]) -> HistoryPage:
        """A page of what happened at a site or an account, of the wanted sorts.

        Raises:
            BadInput: there is no such place.
        """
        accounts, is_cut = self._accounts(place)
        places = [place, *accounts] if place.startswith("site-") else [place]
        found: dict[Seq, HistoryLine] = {}
        floor = 0
        for one in places:
            facts = self._store.place_facts(one, before, limit)
            if len(facts) == limit:
                floor = max(floor, facts[-1][0].row.seq)
            for stored, thing in facts:
                if stored.row.seq not in found and _what(stored.row.kind) in wanted:
                    found[stored.row.seq] = self._line(stored, thing)
        if "openings" in wanted:
            for account in accounts[:OPENING_ACCOUNTS_MAX]:
                signals = self._store.account_signals(account, before, SIGNALS_LOOKED)
                if len(signals) == SIGNALS_LOOKED:
                    floor = max(floor, signals[-1][0].seq)
                found |= {row.seq: line for row, stored in signals if (line := self._opening(row, stored)) is not None}
        # Below the floor something may be missing: that comes with the next page, whole.
        seqs = sorted((seq for seq in found if seq >= floor), reverse=True)
        shown = seqs[:limit]
        next_ = shown[-1] if len(seqs) > limit else Seq(floor) if floor > 1 else None
        return HistoryPage(is_cut=is_cut, lines=tuple(found[seq] for seq in shown), next=next_)

    def _accounts(self, place: Ref) -> tuple[list[Ref], bool]:
        """The accounts of a site, or the account itself; and whether there are more."""
        if place.startswith("account-"):
            if self._store.accounts((place,)):
                return [place], False
        elif self._store.sites((place,)):
            here = self._store.account_page(None, ACCOUNTS_MAX + 1, site_id=place)
            is_cut = len(here) > OPENING_ACCOUNTS_MAX
            return [account.id for account in here[:ACCOUNTS_MAX]], is_cut
        raise BadInput(
            "There is no such place, or not any more. Nothing was read. Look at the list again", "history.unknown"
        )

    def _line(self, stored: StoredEntry, thing: Ref) -> HistoryLine:
        row = stored.row
        entry = _ENTRY.decode(row.entry)
        about = _ABOUT.decode(entry.body)
        what = _what(row.kind)
        is_set = row.kind.endswith("set")
        before = self._store.fact_before(thing, row.kind, row.seq) if is_set else None
        number = about.number if row.kind == "zone.set" else None
        if row.kind == ZONES_TAKEN_OUT:
            number = ", ".join(about.zones)
        return HistoryLine(
            account_id=about.account_id or (thing if row.kind == "account.set" else None),
            actor=entry.actor,
            at=row.at,
            changed=() if before is None else changed_fields(_ENTRY.decode(before.row.entry).body, entry.body),
            code=None if number is None else Code(str(number)),
            incident=self._store.incident(thing) if what == "incidents" else None,
            is_new=is_set and before is None,
            is_removed=_is_removed(row.kind, about),
            kind=row.kind,
            seq=row.seq,
            test=self._store.site_test(thing) if row.kind == "test.begun" else None,
            thing=thing,
            what=what,
            zones_out=self._store.zones_out_by(id_of_out(row.seq)) if row.kind == ZONES_TAKEN_OUT else None,
        )

    def _opening(self, row: SignalRow, stored: StoredEntry) -> HistoryLine | None:
        """A signal as a line, where it says that something was opened or closed. By whom is sealed, and stays so."""
        if row.code is None or row.account_id is None:
            return None
        reading = classify(_SIGNAL.decode(stored.row.entry).body, None, self._catalogue)
        if reading.kind not in OPENING_KINDS:
            return None
        return HistoryLine(
            account_id=row.account_id,
            actor=None,
            at=row.at,
            changed=(),
            code=row.code,
            incident=None,
            is_new=False,
            is_removed=False,
            kind=Code(reading.kind),
            seq=row.seq,
            test=None,
            thing=row.account_id,
            what="openings",
            zones_out=None,
        )


def _what(kind: str) -> HistoryWhat:
    return _WHAT_OF.get(kind, "edits")


def changed_fields(before: msgspec.Raw, after: msgspec.Raw) -> tuple[Code, ...]:
    """Fields that are others in a later body of the same kind; all sealed texts together are one."""
    old, new = _FIELDS.decode(before), _FIELDS.decode(after)
    # A fact of an earlier version lacks what that did not know: that is no other value than none.
    fields = {name for name in old.keys() | new.keys() if (old.get(name) or None) != (new.get(name) or None)} - _UNTOLD
    told = {TEXTS if name in _TEXT_FIELDS else Code(name) for name in fields}
    return tuple(sorted(told))


def _is_removed(kind: str, about: _About) -> bool:
    is_gone = about.removed or about.removed_at is not None or kind == "keyholder.erased"
    return is_gone or (kind in _NONE_LEFT and getattr(about, _NONE_LEFT[kind]) is None)


def wanted_of(named: Sequence[HistoryWhat]) -> frozenset[HistoryWhat]:
    """What is wanted; all where nothing is named."""
    return frozenset(named or WHATS)
