"""Keyholders from a file, and into one: the whole file or nothing, every mistake named. Pure, as `account_import`.

No file that we write holds a phrase, nor says whether a phrase is right: a row with one always counts as changed.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, cast

import msgspec

from tocsin.centre.phrases import are_alike, mistake_of, verifiers_of
from tocsin.centre.table_files import PLAIN, ColumnMap, Problems, Table, TableFormat, TableRow, write_table
from tocsin.centre.table_plan import (
    Known,
    KnownKeyholder,
    Mistake,
    Plan,
    Progress,
    RowReader,
    by_name,
    folded,
    one_of,
    place,
    read_rows,
    sorted_out,
)
from tocsin.model.keyholders import (
    AVAILABILITIES,
    KEYHOLDERS_MAX,
    NAME_MAX,
    ORDER_MAX,
    TELEPHONE_MAX,
    TELEPHONES_MAX,
    Availability,
    KeyholderContact,
    KeyholderRow,
    Phrases,
    Verifier,
)
from tocsin.model.ports import Ids
from tocsin.model.sites import SITE_NAME_MAX, Site
from tocsin.model.values import Micros, Place, Ref

TELEPHONES: Final = tuple(f"telephone_{n}" for n in range(1, TELEPHONES_MAX + 1))
EXPORTED: Final = ("site", "order", "name", *TELEPHONES, "availability", "confirmed_on")
"""Columns of an export, in their order."""

COLUMNS: Final = (*EXPORTED, "phrase", "duress_phrase")
"""Columns of a file. `site`, `name` and `telephone_1` are required."""

PHRASES_MAX: Final = 2_000
"""Rows of one file that may bring a phrase: each takes the processor for a while."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER: Final = re.compile(r"[0-9]{1,2}")
_TELEPHONE: Final = re.compile(r"\+?[0-9(][0-9 ()/.\-]{1,22}")
_DAY: Final = timedelta(days=1)


class PlannedKeyholder(msgspec.Struct, frozen=True, kw_only=True):
    """A keyholder as the file wants it."""

    line: int
    id: Ref | None
    """Whom it changes; None where it is new."""
    site: Place
    """Name of the site, as the file gives it."""
    row: KeyholderRow
    """`contact` and `verifier` are those that are there; empty and None where it is new."""
    contact: KeyholderContact
    phrases: Phrases | None = None
    """What the file brings; None once it is hashed."""
    verifier: Verifier | None = None


class KeyholderPlan(Plan[PlannedKeyholder], frozen=True, kw_only=True, tag="keyholders"):
    """What importing keyholders would do."""


def plan_keyholders(
    data: bytes,
    form: TableFormat,
    known: Known,
    mapping: ColumnMap = PLAIN,
    progress: Progress = lambda done, total: None,
) -> KeyholderPlan:
    """Read keyholders from a file and work out what they change at the centre. Nothing is written.

    A keyholder is known by site and name, both without case; a row is the whole keyholder, but for the phrases and the
    confirmation, which stay where their cells are empty. Keyholders that are not in the file stay as they are.

    Raises:
        BadInput: the file as a whole cannot be read.
        BadRows: mistakes in rows, all of them.
    """
    table = read_rows(data, form, COLUMNS, "name", mapping)
    sites = by_name(known.sites)
    there = {(one.row.site_id, folded(one.contact.name)): one for one in known.keyholders if one.contact is not None}
    drafts: list[_Draft] = []
    first_line: dict[tuple[Ref, str], int] = {}
    for done, entry in enumerate(table.rows):
        if done % 1000 == 0:
            progress(done, len(table.rows))
        draft = _draft(entry, table.problems, sites, known.now)
        if draft is None:
            continue
        key = draft.site_id, folded(draft.contact.name)
        first = first_line.setdefault(key, entry.line)
        if first != entry.line:
            table.problems.add(entry.line, f"names the keyholder of {table.noun} {first} again")
            continue
        drafts.append(msgspec.structs.replace(draft, old=there.get(key)))
    planned = _placed(drafts, known.keyholders, table)
    bringing = [item for item in planned if item.phrases is not None]
    if len(bringing) > PHRASES_MAX:
        table.problems.add(
            bringing[PHRASES_MAX].line, f"is more than the {PHRASES_MAX:,} rows with a phrase that one file may have"
        )
    table.problems.raise_if_any()
    progress(len(table.rows), len(table.rows))
    olds = {one.id: one for one in known.keyholders}
    return KeyholderPlan(**sorted_out(planned, lambda item: _verdict(item, olds)))


def hashed(plan: KeyholderPlan, ids: Ids) -> KeyholderPlan:
    """The plan with hashes in place of phrases: done where the file was read, so that no phrase goes any further."""

    def without(items: tuple[PlannedKeyholder, ...]) -> tuple[PlannedKeyholder, ...]:
        bringing = [item for item in items if item.phrases is not None]
        verifiers = verifiers_of([item.phrases for item in bringing if item.phrases is not None], ids)
        made = dict(zip((item.line for item in bringing), verifiers, strict=True))
        return tuple(
            msgspec.structs.replace(item, phrases=None, verifier=made[item.line]) if item.line in made else item
            for item in items
        )

    return msgspec.structs.replace(plan, new=without(plan.new), changed=without(plan.changed))


def read_contact(entry: TableRow, problems: Problems) -> KeyholderContact | None:
    """Read name, telephone numbers and availability; None where something is wrong, which is noted."""
    return _contact(RowReader(entry, problems))


def export_keyholders(keyholders: Sequence[KnownKeyholder], sites: Sequence[Site], form: TableFormat) -> bytes:
    """Write keyholders, by site and order, so that importing the file again changes nothing. Never a phrase.

    Who is lost, or whose site's name is, is left out: nothing could find them again.
    """
    names = {site.id: site.row.name for site in sites if site.row.name is not None}
    found = [
        (folded(names[one.row.site_id]), one.row.order, names[one.row.site_id], one)
        for one in keyholders
        if one.contact is not None and one.row.site_id in names
    ]
    found.sort(key=lambda item: item[:2])
    return write_table(EXPORTED, (_cells(one, name) for _, _, name, one in found), form)


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it was read, not yet given its place on the list."""

    line: int
    site: Place
    site_id: Ref
    order: int | None
    contact: KeyholderContact
    confirmed_on: date | None
    phrases: Phrases | None
    old: KnownKeyholder | None = None


def _draft(entry: TableRow, problems: Problems, sites: Mapping[str, Site], now: Micros) -> _Draft | None:
    reader = RowReader(entry, problems)
    named = reader.need("site", place(SITE_NAME_MAX))
    site = None if named is None else sites.get(folded(named))
    if named is not None and site is None:
        reader.note("site is no site of the centre; import the sites first")
    order = reader.read("order", _order)
    contact = _contact(reader)
    confirmed_on = reader.read("confirmed_on", functools.partial(_past_day, now))
    phrases = Phrases(pass_phrase=reader.read("phrase", _phrase), duress_phrase=reader.read("duress_phrase", _phrase))
    if are_alike(phrases):
        reader.note("duress_phrase must be another than phrase")
    if not reader.is_good or contact is None or site is None or named is None:
        return None
    return _Draft(
        line=entry.line,
        site=named,
        site_id=site.id,
        order=order,
        contact=contact,
        confirmed_on=confirmed_on,
        phrases=None if phrases == Phrases() else phrases,
    )


def _contact(reader: RowReader) -> KeyholderContact | None:
    name = reader.need("name", place(NAME_MAX))
    first = reader.need(TELEPHONES[0], telephone)
    others = [reader.read(column, telephone) for column in TELEPHONES[1:]]
    availability = reader.read("availability", functools.partial(one_of, AVAILABILITIES)) or "always"
    if not reader.is_good or name is None or first is None:
        return None
    numbers = (first, *(number for number in others if number is not None))
    return KeyholderContact(
        name=name, telephones=tuple(dict.fromkeys(numbers)), availability=cast("Availability", availability)
    )


def _placed(drafts: Sequence[_Draft], known: Sequence[KnownKeyholder], table: Table) -> list[PlannedKeyholder]:
    """Give each row its place on the call list of its site; two may not have the same."""
    named = {draft.old.id for draft in drafts if draft.old is not None}
    taken: dict[Ref, dict[int, int | None]] = defaultdict(dict)
    """By site: which place is taken, and by which line; None: by somebody who is not in the file."""
    sizes = Counter(one.row.site_id for one in known)
    for one in known:
        if one.id not in named:
            taken[one.row.site_id][one.row.order] = None
    for draft in drafts:
        order = draft.order or (None if draft.old is None else draft.old.row.order)
        if order is None:
            continue
        if order in taken[draft.site_id]:
            by = taken[draft.site_id][order]
            who = "a keyholder who is not in the file" if by is None else f"{table.noun} {by}"
            table.problems.add(draft.line, f"order {order} of this site is taken by {who}")
        else:
            taken[draft.site_id][order] = draft.line
    planned: list[PlannedKeyholder] = []
    for draft in drafts:
        places = taken[draft.site_id]
        old = draft.old
        order = draft.order or (None if old is None else old.row.order)
        if order is None:
            order = max(places, default=0) + 1
            places[order] = draft.line
        if old is None:
            sizes[draft.site_id] += 1
            if sizes[draft.site_id] > KEYHOLDERS_MAX or order > ORDER_MAX:
                table.problems.add(draft.line, f"is more than the {KEYHOLDERS_MAX} keyholders that a site may have")
        planned.append(_planned(draft, order, table.problems))
    return planned


def _planned(draft: _Draft, order: int, problems: Problems) -> PlannedKeyholder:
    old = None if draft.old is None else draft.old.row
    confirmed_at = None if old is None else old.confirmed_at
    if draft.confirmed_on is not None and _day_of(confirmed_at) != draft.confirmed_on:
        confirmed_at = _midnight(draft.confirmed_on)
    brings_duress = draft.phrases is not None and draft.phrases.duress_phrase is not None
    brings_phrase = draft.phrases is not None and draft.phrases.pass_phrase is not None
    if brings_duress and not brings_phrase and (old is None or not old.has_phrase):
        problems.add(draft.line, "duress_phrase needs a phrase beside it")
    return PlannedKeyholder(
        line=draft.line,
        id=None if draft.old is None else draft.old.id,
        site=draft.site,
        row=KeyholderRow(
            confirmed_at=confirmed_at,
            contact=Ref("") if old is None else old.contact,
            has_duress=brings_duress or (old is not None and old.has_duress),
            has_phrase=brings_phrase or (old is not None and old.has_phrase),
            order=order,
            site_id=draft.site_id,
            verifier=None if old is None else old.verifier,
        ),
        contact=draft.contact,
        phrases=draft.phrases,
    )


def _verdict(item: PlannedKeyholder, olds: Mapping[Ref, KnownKeyholder]) -> str:
    if item.id is None:
        return "new"
    old = olds[item.id]
    is_same = msgspec.structs.replace(item.row, config=old.row.config) == old.row and item.contact == old.contact
    return "same" if is_same and item.phrases is None else "changed"


def _cells(one: KnownKeyholder, site: str) -> dict[str, str | int | None]:
    contact = one.contact
    assert contact is not None, "those that are lost are left out"
    numbers = dict(zip(TELEPHONES, contact.telephones, strict=False))
    confirmed_on = _day_of(one.row.confirmed_at)
    return {
        "site": site,
        "order": one.row.order,
        "name": contact.name,
        **numbers,
        "availability": contact.availability,
        "confirmed_on": None if confirmed_on is None else confirmed_on.isoformat(),
    }


def telephone(cell: str) -> str:
    """A telephone number, as people write them, with single blanks."""
    number = " ".join(cell.split())
    if len(number) > TELEPHONE_MAX or not _TELEPHONE.fullmatch(number) or sum(map(str.isdigit, number)) < 3:
        raise Mistake(
            f"must be a telephone number: at most {TELEPHONE_MAX} of + (in front) digits, blanks and ( ) / . -, with "
            "three digits or more"
        )
    return number


def _order(cell: str) -> int:
    if not _ORDER.fullmatch(cell) or not 1 <= int(cell) <= ORDER_MAX:
        raise Mistake(f"must be a whole number from 1 to {ORDER_MAX}")
    return int(cell)


def _phrase(cell: str) -> str:
    mistake = mistake_of(cell)
    if mistake is not None:
        raise Mistake(mistake)
    return cell


def _past_day(now: Micros, cell: str) -> date:
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        raise Mistake("must be a day such as 2026-11-22") from None
    if found.year < 2000 or _midnight(found) > now:
        raise Mistake("must be a day that is past, from 2000 on")
    return found


def _midnight(day: date) -> Micros:
    return Micros((day - _EPOCH.date()) // _DAY * 86_400_000_000)


def _day_of(at: Micros | None) -> date | None:
    return None if at is None else (_EPOCH + timedelta(microseconds=at)).date()
