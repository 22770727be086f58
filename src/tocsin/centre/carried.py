"""What a living centre decided after a backup that takes its place: read from its journal, and carried over.

Nothing that was ended or held there comes back by the restore: holds, erasures, people, call lists. Only what ends or
holds is carried, by facts of the same kinds, whose actor is the command line: they stand between the last entry of the
backup and `centre.restored`. What came in or was made after the backup is not carried.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from tocsin.access.base import Base
from tocsin.access.carried import PEOPLE_KINDS, Carrying, PeopleSince
from tocsin.access.fact_entry import entry_of
from tocsin.centre.backup_files import Manifest
from tocsin.centre.centre import CLI, Centre
from tocsin.centre.configuration import Change, KeyholderToStore, PhrasesToStore, WishesToStore
from tocsin.centre.erasure import INCIDENT_ERASED
from tocsin.centre.holds import HOLD_LIFTED, HOLD_SET
from tocsin.centre.keyholders import warning_id
from tocsin.centre.opening import CREATED, OpenFolder
from tocsin.journal.heads import CentreCreatedBody
from tocsin.journal.journal import Journal
from tocsin.journal.notes import Item, Note, read_heads
from tocsin.journal.verify import BROKEN as NOT_WHOLE
from tocsin.journal.verify import WHOLE, verify_columns
from tocsin.model.access import NamedUser
from tocsin.model.errors import TocsinError
from tocsin.model.journal import EntryColumns, StoredEntry
from tocsin.model.keyholders import (
    GONE_DAYS,
    KEYHOLDER_ERASED,
    KEYHOLDER_SET,
    PHRASES_SET,
    WISHES_SET,
    KeyholderRow,
    SitePhrasesRow,
    Verifier,
    WishesRow,
    erased_at,
)
from tocsin.model.notices import CONTACT_SET, ContactRow
from tocsin.model.on_test import TEST_ENDED
from tocsin.model.out_of_service import ZONES_PUT_BACK
from tocsin.model.plans import PLAN_SET, PlanRow
from tocsin.model.ports import Clock, Ids
from tocsin.model.retention import DAY_US, HoldLifted, HoldSet, IncidentErased, LiftHold, SetHold
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.model.warnings import (
    PLACE_WARNED,
    PLACE_WARNING_ENDED,
    EndReason,
    PlaceDanger,
    PlaceWarned,
    PlaceWarningEnded,
)
from tocsin.store.sqlite import SqliteStore

PAGE: Final = 2_000
OTHER_ORIGIN: Final = Code("other_origin")
SHORTER: Final = Code("shorter")
FORKED: Final = Code("forked")
BROKEN: Final = Code("broken")
UNSIGNED: Final = Code("unsigned")
UNREADABLE: Final = Code("unreadable")
WHY_NOT: Final[Mapping[Code, str]] = {
    OTHER_ORIGIN: "it is of another centre",
    SHORTER: "its journal ends before the backup does",
    FORKED: "its journal says other things than the backup where the backup ends: one of the two was changed",
    BROKEN: "its journal does not verify",
    UNSIGNED: "its signed heads were gone or did not reach the backup, so its end may have been cut off by somebody",
    UNREADABLE: "its database cannot be read",
}
"""Why nothing is carried over from a centre that was set aside."""

COUNTED: Final[Mapping[str, str]] = {
    "holds_set": "legal holds set",
    "holds_lifted": "legal holds lifted",
    "incidents_erased": "incidents whose texts were erased",
    "users_removed": "users removed",
    "roles_taken": "users who lost roles",
    "credentials_removed": "passwords, PINs, authenticators and sets of recovery codes changed or removed",
    "recovery_codes": "recovery codes used up or replaced",
    "tokens_revoked": "tokens revoked",
    "grants_taken": "sites and accounts taken back from contacts and installers",
    "keyholders_removed": "keyholders taken off a list",
    "keyholders_erased": "keyholders erased",
    "phrases_removed": "pass phrases changed or removed",
    "wishes_withdrawn": "residents' wishes withdrawn",
    "warnings_lifted": "warnings about places lifted",
    "contacts_removed": "contacts of people removed",
    "plans_removed": "floor plans removed",
    "tests_ended": "tests ended",
    "zones_put_back": "zones put back into service",
}
"""What is carried, in words, in the order in which a person reads it."""


class _Created(msgspec.Struct):
    body: CentreCreatedBody


_CREATED: Final = msgspec.json.Decoder(_Created)
_SET: Final = msgspec.json.Decoder(HoldSet)
_LIFTED: Final = msgspec.json.Decoder(HoldLifted)
_ERASED: Final = msgspec.json.Decoder(IncidentErased)
_KEYHOLDER: Final = msgspec.json.Decoder(KeyholderRow)
_PHRASES: Final = msgspec.json.Decoder(SitePhrasesRow)
_WISHES: Final = msgspec.json.Decoder(WishesRow)
_CONTACT: Final = msgspec.json.Decoder(ContactRow)
_PLAN: Final = msgspec.json.Decoder(PlanRow)
_WARNED: Final = msgspec.json.Decoder(PlaceWarned)
_WARNING: Final = msgspec.json.Decoder(PlaceWarningEnded)


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What was carried over from the centre that was set aside."""

    aside: Path
    why_not: Code | None = None
    """One of `WHY_NOT`: then nothing was."""
    ended_seq: Seq | None = None
    """Where its journal ended before it was set aside; None where that cannot be read."""
    ended_at: Micros | None = None
    """When that was."""
    entries: int = 0
    """So many the centre that was there has written after the backup; they stay there."""
    kinds: Mapping[Code, int] = {}
    """How many of each kind."""
    counts: Mapping[str, int] = {}
    """What was carried, by the names of `COUNTED`."""
    need_link: tuple[NamedUser, ...] = ()
    """Whose password opens nothing any more."""
    has_administrator: bool = True
    """Somebody is left who may administer people. Who became that after the backup is not."""
    need_phrases: tuple[Ref, ...] = ()
    """Keyholders and sites whose phrase proves nothing any more."""


class Since:
    """What the centre that was set aside wrote after the backup. Its database stays open until `close`."""

    def __init__(self, aside: Path, store: SqliteStore) -> None:
        """Begin with nothing."""
        self.aside = aside
        self.store = store
        self.kinds: Counter[Code] = Counter()
        self.people = PeopleSince()
        self.erased: dict[Ref, Code] = {}
        """Incidents, each with the reason of the last erasure."""
        self.holds: dict[Ref, tuple[Ref, HoldSet]] = {}
        """Holds that were set and not lifted, each with its incident."""
        self.lifted: dict[Ref, tuple[Ref, HoldLifted]] = {}
        self.keyholders: dict[Ref, KeyholderRow] = {}
        self.keyholders_erased: set[Ref] = set()
        self.phrases: dict[Ref, SitePhrasesRow] = {}
        self.withdrawn: set[Ref] = set()
        """Sites."""
        self.warnings: set[Ref] = set()
        """Those that were lifted, or went with their site."""
        self.renewed: set[Ref] = set()
        """Others in their place, which may be gone in the end."""
        self.dangers_gone: set[tuple[Ref, PlaceDanger]] = set()
        self.ended: dict[str, set[Ref]] = {
            CONTACT_SET: set(),
            PLAN_SET: set(),
            TEST_ENDED: set(),
            ZONES_PUT_BACK: set(),
        }
        """By kind of fact: contacts and plans that were removed, tests that were ended, zones that were put back."""
        self._warned: dict[Ref, tuple[Ref, PlaceDanger]] = {}

    def take(self, stored: StoredEntry) -> None:
        """Take the next entry."""
        kind = stored.row.kind
        self.kinds[kind] += 1
        if kind in PEOPLE_KINDS:
            self.people.take(stored)
            return
        if kind not in _DECIDING:
            return
        entry = entry_of(stored)
        if kind == PLACE_WARNED:
            warned = _WARNED.decode(entry.body)
            self._warned[warning_id(stored.row.seq)] = (warned.site_id, warned.danger)
            self.dangers_gone.discard((warned.site_id, warned.danger))
            return
        if entry.ref is None:
            return  # made after the backup: nothing there knows of it
        match kind:
            case "hold.set":
                self.holds[Ref(f"hold-{stored.row.seq}")] = (entry.ref, _SET.decode(entry.body))
            case "hold.lifted":
                body = _LIFTED.decode(entry.body)
                if self.holds.pop(body.hold, None) is None:
                    self.lifted[body.hold] = (entry.ref, body)
            case "incident.erased":
                self.erased[entry.ref] = _ERASED.decode(entry.body).reason
            case "keyholder.set":
                self.keyholders[entry.ref] = _KEYHOLDER.decode(entry.body)
            case "keyholder.erased":
                self.keyholders_erased.add(entry.ref)
            case "site.phrases_set":
                self.phrases[entry.ref] = _PHRASES.decode(entry.body)
            case "site.wishes_set":
                if _WISHES.decode(entry.body).wishes is None:
                    self.withdrawn.add(entry.ref)
            case "contact.set":
                if _CONTACT.decode(entry.body).address is None:
                    self.ended[CONTACT_SET].add(entry.ref)
            case "plan.set":
                if _PLAN.decode(entry.body).content is None:
                    self.ended[PLAN_SET].add(entry.ref)
            case "test.ended" | "zones.put_back":
                self.ended[kind].add(entry.ref)
            case _:
                self._end_warning(entry.ref, _WARNING.decode(entry.body).reason)

    def _end_warning(self, id_: Ref, reason: EndReason) -> None:
        if reason == "renewed":
            self.renewed.add(id_)
        elif id_ in self._warned:
            self.dangers_gone.add(self._warned[id_])
        elif reason != "expired":
            self.warnings.add(id_)

    def close(self) -> None:
        """Let go of its database."""
        self.store.close()


_DECIDING: Final = frozenset(
    {
        HOLD_SET,
        HOLD_LIFTED,
        INCIDENT_ERASED,
        KEYHOLDER_SET,
        KEYHOLDER_ERASED,
        PHRASES_SET,
        WISHES_SET,
        PLACE_WARNED,
        PLACE_WARNING_ENDED,
        CONTACT_SET,
        PLAN_SET,
        TEST_ENDED,
        ZONES_PUT_BACK,
    }
)


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How far a centre had come before the restore itself wrote and signed anything there."""

    heads: int = 0
    """So many heads its file had. Those that were signed later say only what was left then."""
    ended_seq: Seq | None = None
    """Where its journal ended; None where nobody has looked."""
    ended_at: Micros | None = None


def read_since(
    aside: Path, database: Path, heads: Path, manifest: Manifest, reach: Reach, trusted: Path | None = None
) -> Since | Code:
    """What was written there after the backup, or why nothing can be believed of it (`WHY_NOT`).

    It counts only where it is the same centre, its entry at the backup's last seq is the backup's own, and its chain
    verifies with heads that were signed before the restore and reach the backup: its own, or those that `trusted`, kept
    elsewhere, holds. Without them nothing tells a journal whose end was cut off.
    """
    if not database.is_file():
        return UNREADABLE
    try:
        store = SqliteStore(database)
    except (TocsinError, OSError):
        return UNREADABLE
    try:
        why_not = _judge(store, heads, manifest, reach, trusted)
        if why_not is None:
            since = Since(aside, store)
            for stored in _entries(store, manifest.seq):
                since.take(stored)
            return since
    except (TocsinError, OSError, msgspec.MsgspecError):
        why_not = UNREADABLE
    store.close()
    return why_not


def _judge(store: SqliteStore, heads: Path, manifest: Manifest, reach: Reach, trusted: Path | None) -> Code | None:
    first = store.entries(Seq(0), 1)
    if not first or first[0].row.kind != CREATED:
        return BROKEN
    try:
        origin = _CREATED.decode(first[0].row.entry).body.origin
    except msgspec.DecodeError:
        return BROKEN
    if origin != manifest.origin:
        return OTHER_ORIGIN
    there = store.entries(Seq(manifest.seq - 1), 1)
    if not there:
        return SHORTER
    if there[0].row.hash.hex() != manifest.hash:
        return FORKED
    kept = None if trusted is None else read_heads(trusted)
    verdict = verify_columns(_columns(store), heads=_signed_before(heads, reach), trusted=kept)
    if verdict.exit_code == NOT_WHOLE:
        return BROKEN
    if verdict.exit_code != WHOLE or verdict.counts.proved_seq < manifest.seq:
        return UNSIGNED
    if trusted is None and _first_size(heads, reach, manifest.origin) > manifest.seq:
        return UNSIGNED  # the file was lost, and begun anew after that
    return None


def _signed_before(heads: Path, reach: Reach) -> Iterator[Item]:
    return itertools.islice(read_heads(heads), reach.heads) if heads.is_file() else iter(())


def _first_size(heads: Path, reach: Reach, origin: str) -> int:
    notes = (item for item in _signed_before(heads, reach) if isinstance(item, Note))
    return next((note.size for note in notes if note.origin == origin), 0)


def _columns(store: SqliteStore) -> Iterator[EntryColumns]:
    after = Seq(0)
    while page := store.verified_columns(after, PAGE):
        yield from page
        after = Seq(page[-1][0])


def _entries(store: SqliteStore, after: Seq) -> Iterator[StoredEntry]:
    while page := store.entries(after, PAGE):
        yield from page
        after = page[-1].row.seq


# Carrying it over --------------------------------------------------------------------------------------------------


class Carrier:
    """Carries what was decided into the restored centre, which nobody serves yet."""

    def __init__(
        self, since: Since, opened: OpenFolder, centre: Centre, journal: Journal, clock: Clock, ids: Ids
    ) -> None:
        """Carry from `since` into these."""
        self._since = since
        self._store = opened.store
        self._centre = centre
        self._journal = journal
        self._clock = clock
        self._base = Base(opened.store, opened.vault, clock, ids, journal.record)
        self._counts = dict.fromkeys(COUNTED, 0)
        self._has_administrator = True

    def incidents(self) -> None:
        """Holds and erasures. Before anything is erased by time: a hold keeps it."""
        holds, now = self._centre.holds, self._clock.now_us()
        for id_, (incident, lifted) in self._since.lifted.items():
            if any(hold.id == id_ and hold.holds_at(now) for hold in self._store.holds(incident)):
                holds.lift_again(self._journal, LiftHold(hold=id_, incident=incident, reason=lifted.reason), CLI)
                self._counts["holds_lifted"] += 1
        erased = {ref: reason for ref, reason in self._since.erased.items() if self._store.incident(ref) is not None}
        self._centre.erasing.erase_again(self._journal, erased, CLI, now)
        self._counts["incidents_erased"] = len(erased)
        for incident, body in self._since.holds.values():
            found = self._store.incident(incident)
            if found is None or body.until <= now or (found.state == "closed" and incident in erased):
                continue  # made after the backup, over already, or there is nothing left to hold
            wanted = SetHold(incident=incident, reason=body.reason, until=body.until)
            holds.set_again(self._journal, wanted, CLI)
            self._counts["holds_set"] += 1

    def places(self) -> tuple[Ref, ...]:
        """Call lists, phrases, wishes, warnings, contacts, plans, tests; return whose phrases are gone."""
        now, need_phrases = self._clock.now_us(), list[Ref]()
        keyholders: list[KeyholderToStore] = []
        for one in self._store.keyholders(ids=[*{*self._since.keyholders, *self._since.keyholders_erased}]):
            item = self._keyholder(one.id, one.row, now)
            if item is None:
                continue
            keyholders.append(item)
            if item.verifier is not None and item.row.removed_at is None:
                need_phrases.append(one.id)
        phrases: list[PhrasesToStore] = []
        for found in self._store.site_phrases([*self._since.phrases]) if self._since.phrases else ():
            site = found.row.site_id
            if found.row.verifier != self._since.phrases[site].verifier:
                phrases.append(PhrasesToStore(row=SitePhrasesRow(site_id=site), verifier=None))
                self._counts["phrases_removed"] += 1
                need_phrases.append(site)
        noted = self._store.site_wishes([*self._since.withdrawn]) if self._since.withdrawn else ()
        wishes = [WishesToStore(row=WishesRow(site_id=one.row.site_id), wishes=None) for one in noted]
        self._counts["wishes_withdrawn"] = len(wishes)
        change = Change(keyholders=tuple(keyholders), phrases=tuple(phrases), wishes=tuple(wishes))
        if change.size:
            self._centre.configuration.commit(change, CLI)
        for warning in self._store.place_warnings():
            place = (warning.body.site_id, warning.body.danger)
            was_renewed = warning.id in self._since.renewed
            if warning.id in self._since.warnings or (was_renewed and place in self._since.dangers_gone):
                self._centre.place_warnings.lift(warning.id, CLI)
                self._counts["warnings_lifted"] += 1
        self._end_what_was_ended()
        return tuple(need_phrases)

    def _end_what_was_ended(self) -> None:
        """Contacts, floor plans, tests and zones out of service: what is still there of them."""
        ended, centre = self._since.ended, self._centre
        for contact in self._store.contacts():
            if contact.id in ended[CONTACT_SET]:
                centre.contacts.remove(contact.row.user, contact.id, CLI)
                self._counts["contacts_removed"] += 1
        for plan in self._store.floor_plans():
            if plan.id in ended[PLAN_SET]:
                centre.floor_plans.remove(plan.id, plan.seq, CLI)
                self._counts["plans_removed"] += 1
        for test in self._store.site_tests():
            if test.id in ended[TEST_ENDED]:
                centre.site_tests.end(test.id, CLI)
                self._counts["tests_ended"] += 1
        for out in self._store.zones_out():
            if out.id in ended[ZONES_PUT_BACK]:
                centre.zones_out.put_back(out.id, CLI)
                self._counts["zones_put_back"] += 1

    def people(self) -> tuple[NamedUser, ...]:
        """Users, roles, credentials, tokens, grants; return who needs a link."""
        ended = Carrying(self._base, self._since.people, self._since.store, CLI).carry_out()
        self._counts |= ended.counts
        self._has_administrator = ended.has_administrator
        return ended.need_link

    def done(self, need_link: tuple[NamedUser, ...], need_phrases: tuple[Ref, ...]) -> Carried:
        """What was carried."""
        return Carried(
            aside=self._since.aside,
            entries=self._since.kinds.total(),
            kinds=dict(sorted(self._since.kinds.items())),
            counts=self._counts,
            need_link=need_link,
            has_administrator=self._has_administrator,
            need_phrases=need_phrases,
        )

    def _keyholder(self, id_: Ref, row: KeyholderRow, now: Micros) -> KeyholderToStore | None:
        """The keyholder as the centre that was there had ended it; None where it had not."""
        last = self._since.keyholders.get(id_, row)
        removed_at, verifier = row.removed_at, None
        if id_ in self._since.keyholders_erased:
            # Its time is over at once, whatever this machine's clock says of when it was.
            removed_at = min(last.removed_at or now, Micros(now - GONE_DAYS * DAY_US))
            self._counts["keyholders_erased"] += 1
        elif last.removed_at is not None and removed_at is None:
            removed_at = last.removed_at
            self._counts["keyholders_removed"] += 1
        if row.verifier is not None and last.verifier != row.verifier:
            verifier = Verifier()
            self._counts["phrases_removed"] += 1
        if verifier is None and removed_at == row.removed_at:
            return None
        row = msgspec.structs.replace(row, removed_at=removed_at)
        return KeyholderToStore(
            id=id_, row=row, verifier=verifier, is_whole=True, was_removed=erased_at(row) is not None
        )
