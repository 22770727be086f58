"""Pages about the centre: the scope sheet, the records of processing, and what is held about one of the staff.

The scope sheet counts facts of the journal and nothing else, by month, and is made to be published: there is no name,
number, place or text in it. What this release does not have says so: a line that is 0 means that it was not done.
Source: SCOPE.md.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, cast

import msgspec

from tocsin.journal.heads import Origin
from tocsin.model.access import CredentialState, Grant, SessionItem
from tocsin.model.journal import ActCount, StoredEntry
from tocsin.model.notices import Contact, ReachRow
from tocsin.model.personal import REGISTER
from tocsin.model.retention import CLASSES, LONG_REASONS, RetentionRules
from tocsin.model.values import Actor, Code, HexHash, Micros, PersonalText, Seq, Words

__all__ = [
    "SHEET_KINDS",
    "Holdings",
    "KeyCopies",
    "ScopeSheet",
    "SheetLine",
    "day_of",
    "holdings_text",
    "kept_here",
    "records_text",
    "scope_sheet",
    "sheet_text",
]

Month = str


class SheetLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that a centre can be asked about."""

    code: Code
    title: Words
    meaning: Words
    is_offered: bool
    """This release can do it; else it was never done."""
    total: int
    months: dict[Month, int]
    """`2026-11` -> how often; months without any are left out."""


class KeyCopies(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Copies of keys in backups: what is erased is gone for good when those are gone that are older."""

    made: int
    """Backups, since the journal began."""
    without_end: int
    """Those for which nobody has said by when the copy of the keys is to be gone."""
    complete_at: Micros | None
    """By then every copy that was made until now is to be gone; None: no such copy was made, or one has no end."""


class ScopeSheet(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The sheet."""

    origin: Origin
    """Whose journal it is: the name that its heads are signed under."""
    version: Code
    since: Micros
    """When the journal began."""
    until: Micros
    seq: Seq
    """The last entry that was counted, and its hash: whoever has an export can count again."""
    hash: HexHash
    lines: list[SheetLine]
    key_copies: KeyCopies
    retention: dict[str, Words]
    """How long each class of personal data is kept, in words."""


class Holdings(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is held about one of the staff."""

    id: Actor
    name: PersonalText
    roles: tuple[str, ...]
    credentials: CredentialState
    """Which ways of signing in are set up, and since when. Of passwords and codes only keyed forms are held."""
    sessions: list[SessionItem]
    grants: list[Grant]
    contacts: list[Contact]
    """Ways in which the person is reached. Of an address the person is shown a part, nobody else any."""
    reach: ReachRow | None
    acts: list[ActCount]
    """Facts that name the person's opaque id as the one who did it, by kind."""


class _Entry(msgspec.Struct, gc=False):
    body: msgspec.Raw


_ENTRY: Final = msgspec.json.Decoder(_Entry)
Body = Mapping[str, Any]


class _Line(msgspec.Struct, frozen=True):
    code: str
    title: str
    meaning: str
    kinds: Mapping[str, Callable[[Body], bool]]
    """Which facts count, by what their body says. Empty: this release cannot do it."""


def _every(_body: Body) -> bool:
    return True


def _unsealed(body: Body) -> bool:
    return body.get("unsealed") is True


def _rejected(body: Body) -> bool:
    return body.get("what") == "rejected_frames"


def _approved(body: Body) -> bool:
    return body.get("approval") is not None


def _tail(body: Body) -> bool:
    return body.get("notice") == "tail_lost"


_LINES: Final = (
    _Line("local_types", "Incident types of its own", "a shipped type with a suffix, added by two persons", {}),
    _Line("zones_all_hours", "Camera zones armed round the clock", "a place that is watched at all hours", {}),
    _Line("masks_lifted", "Lifts of masks", "a still was shown without its mask", {"still.lifted": _every}),
    _Line("stills_exported", "Exports of stills without a mask", "pictures that left the centre unmasked", {}),
    _Line("gun_shot", "Sound detectors that may open an incident", "switched on for a place by two persons", {}),
    _Line(
        "holds_set",
        "Legal holds set",
        "an incident's texts are kept beyond their time, by two persons, with a reason and an end",
        {"hold.set": _every},
    ),
    _Line("holds_lifted", "Legal holds lifted", "before their date", {"hold.lifted": _every}),
    _Line(
        "erased_early", "Erasures before their time", "by two persons, with a reason", {"incident.erased": _approved}
    ),
    _Line(
        "unsealed_exports",
        "Unsealed exports of the journal",
        "messages and texts of one incident, or of one account for seven days at most, by two persons",
        {"journal.exported": _unsealed},
    ),
    _Line(
        "frames_opened",
        "Openings of rejected frames",
        "to find out why a panel was not understood; a frame can hold a name",
        {"vault.read": _rejected},
    ),
    _Line(
        "subject_requests",
        "Subject requests",
        "somebody asked what is held about them, and two persons looked",
        {"subject.requested": _every},
    ),
    _Line(
        "place_warnings",
        "Warnings of danger at a place",
        "from a closed list, by a supervisor, for six months at most",
        {"place.warned": _every},
    ),
    _Line("restores", "Restores from a backup", "what came in after the backup is lost", {"centre.restored": _every}),
    _Line("lost_tails", "Losses accepted", "the centre went on from an older copy", {"centre.noticed": _tail}),
)
"""What SCOPE.md says that a centre can be asked about."""

SHEET_KINDS: Final = frozenset({kind for line in _LINES for kind in line.kinds} | {"backup.made"})
"""Kinds of facts that the sheet counts."""


def scope_sheet(
    entries: Iterable[StoredEntry],
    *,
    origin: Origin,
    version: Code,
    since: Micros,
    until: Micros,
    seq: Seq,
    hash_: HexHash,
    retention: Mapping[str, Words] | None = None,
) -> ScopeSheet:
    """Count what stands in the journal. `entries` may leave out kinds that are not in `SHEET_KINDS`; any order."""
    counts: dict[str, dict[Month, int]] = {line.code: {} for line in _LINES}
    ends: list[int | None] = []
    for stored in entries:
        kind = stored.row.kind
        if kind not in SHEET_KINDS:
            continue
        body = cast("Body", msgspec.json.decode(_ENTRY.decode(stored.row.entry).body))
        if body.get("exercise") is True:
            continue
        if kind == "backup.made":
            ends.append(body.get("keys_until"))
        month = _month(stored.row.at)
        for line in _LINES:
            if kind in line.kinds and line.kinds[kind](body):
                counts[line.code][month] = counts[line.code].get(month, 0) + 1
    lines = [
        SheetLine(
            code=Code(line.code),
            title=Words(line.title),
            meaning=Words(line.meaning),
            is_offered=bool(line.kinds),
            total=sum(counts[line.code].values()),
            months=dict(sorted(counts[line.code].items())),
        )
        for line in _LINES
    ]
    return ScopeSheet(
        origin=origin,
        version=version,
        since=since,
        until=until,
        seq=seq,
        hash=hash_,
        lines=lines,
        key_copies=_copies(ends),
        retention={**(retention or {name: one.kept for name, one in CLASSES.items()})},
    )


def kept_here(rules: RetentionRules) -> dict[str, Words]:
    """How long each class is kept in this centre, in words; where that is longer than usual, with its reason."""
    kept: dict[str, Words] = {}
    for name, one in CLASSES.items():
        words = str(one.kept)
        if one.hours is not None and rules.hours_of(name) != one.hours:
            words += f". **Here {rules.hours_of(name) // 24} days**"
            if name == "incident" and rules.hours_of(name) > one.hours:
                words += f": {LONG_REASONS[rules.incident_reason]}"
        kept[name] = Words(words)
    return kept


def _copies(ends: list[int | None]) -> KeyCopies:
    known = [end for end in ends if end is not None]
    without_end = len(ends) - len(known)
    complete_at = Micros(max(known)) if known and not without_end else None
    return KeyCopies(made=len(ends), without_end=without_end, complete_at=complete_at)


def sheet_text(sheet: ScopeSheet, replaced: Sequence[str] = ()) -> str:
    """The sheet as a page, in Markdown. `replaced`: folders of centres that were restored over and have their keys."""
    months = sorted({month for line in sheet.lines for month in line.months})
    shown = months[-12:]
    head = "".join(f" {month} |" for month in shown)
    rows = [
        f"# What {sheet.origin} can be asked about",
        "",
        f"Counted from its journal alone, entries 1 to {sheet.seq}, {day_of(sheet.since)} to {day_of(sheet.until)}. "
        f"The last entry's hash is `{sheet.hash}`: whoever has an export of the journal can count again. Exercises are "
        f"left out. Made by Tocsin {sheet.version}.",
        "",
        f"| what | means | in all |{head}",
        "|---|---|---|" + "---|" * len(shown),
    ]
    for line in sheet.lines:
        if line.is_offered:
            cells = "".join(f" {line.months.get(month, 0)} |" for month in shown)
            rows.append(f"| {line.title} | {line.meaning} | {line.total} |{cells}")
    rows += ["", "This release has no way to do any of these, so none was ever done:", ""]
    rows += [f"- {line.title}: {line.meaning}." for line in sheet.lines if not line.is_offered]
    rows += ["", "## How long personal data are kept", "", "| class | kept |", "|---|---|"]
    rows += [f"| {name} | {kept} |" for name, kept in sheet.retention.items()]
    rows += ["", "## When an erasure is complete", "", _copies_text(sheet.key_copies)]
    if replaced:
        rows += [
            "",
            f"Keys of a centre that was restored over are kept in {', '.join(f'`{name}`' for name in replaced)}: "
            "whatever day is named above, nothing that they open is gone for good before that is deleted.",
        ]
    rows += [
        "",
        "No feature identifies, describes or scores people, counts a crowd, or listens to speech. Free text can say "
        "anything; it is sealed, in no index, and erased on time.",
        "",
    ]
    return "\n".join(rows)


def _copies_text(copies: KeyCopies) -> str:
    if not copies.made:
        return (
            "No backup is noted in the journal. A copy of the folder that was made by other means is not known to it: "
            "what is erased is gone for good when the copies of `keys.db` are gone that are older."
        )
    if copies.complete_at is None:
        return (
            f"{copies.made} backups were made; for {copies.without_end} of them nobody has said by when the copy of "
            "the keys is to be deleted. What is erased is gone for good when the older of those copies are."
        )
    return (
        f"{copies.made} backups were made. By {day_of(copies.complete_at)} every copy of the keys that was made until "
        "now is to be deleted: what has been erased until now is gone for good then."
    )


def records_text(centre: str, retention: Mapping[str, Words] | None = None) -> str:
    """A draft of the records of processing, from the register: what is held, why, how long, and by which part."""
    kept = retention or {name: one.kept for name, one in CLASSES.items()}
    rows = [
        f"# Records of processing: {centre}",
        "",
        "A draft, printed from the program's own register of personal fields; a test holds the register against every "
        "stored type. Fill in what a program cannot know: who is responsible, whom to ask, the legal basis of each "
        "purpose, and who else is given the data.",
        "",
        "| | |",
        "|---|---|",
        "| Responsible | |",
        "| Contact for data protection | |",
        "| Purpose | taking in alarms and calls for help, sending help, and proving what was done |",
        "| Legal basis | |",
        "| Whose data | people at places that report, callers, keyholders, people who need help, staff |",
        "| Given to | nobody by the program: it opens no connection outwards |",
        "| Protection | sealed under keys that are destroyed on time; every reading is recorded; sign-in by role |",
        "",
        "## Fields",
        "",
        "| what may stand in it | why | kept | part |",
        "|---|---|---|---|",
    ]
    rows += [f"| {one.holds} | {one.purpose} | {kept[one.retention]} | {one.owner} |" for one in REGISTER]
    used = {one.retention for one in REGISTER}
    rows += ["", "## Why so long", "", "| class | kept | reason |", "|---|---|---|"]
    rows += [f"| {name} | {kept[name]} | {one.reason} |" for name, one in CLASSES.items() if name in used]
    return "\n".join([*rows, ""])


def holdings_text(held: Holdings, words: Callable[[Micros], str]) -> str:
    """What is held about one of the staff, as a page to hand over."""
    state = held.credentials
    rows = [
        f"# What we hold about {held.name}",
        "",
        f"In the record you are `{held.id}` and nothing else; your name is kept apart from it, sealed, until you are "
        "removed as a user.",
        "",
        f"- **Roles**: {', '.join(held.roles) or 'none'}.",
        f"- **Ways of signing in**: {_credentials(state, words)}. Of a password, PIN or code only a form is kept that "
        "cannot be turned back.",
    ]
    if held.grants:
        rows.append(f"- **Granted**: {', '.join(one.row.target for one in held.grants)}.")
    if held.contacts:
        tested = (f"{one.row.channel}{'' if one.row.tested_at is None else ' (tested)'}" for one in held.contacts)
        rows.append(f"- **Contacts**: {', '.join(tested)}. Each is sealed by itself; see your account.")
    if held.reach is not None:
        kind = "on shift" if held.reach.kind == "on_shift" else "from home"
        own = "" if held.reach.rules is None else ", by channels and times of your own"
        away = held.reach.away
        if away is not None:
            own += f"; not at {len(away.weekly)} times of your week, nor on {len(away.days)} days of your calendar"
        rows.append(f"- **When you are notified**: {kind}, as you said{own}.")
    rows += [f"- **Open sessions**: {len(held.sessions)}."]
    rows += [
        f"    - `{one.id}`, since {words(one.created_at)}, until {words(one.expires_at)} at the latest"
        for one in held.sessions
    ]
    rows += ["", "## What the record says that you did", ""]
    if held.acts:
        rows += ["| kind of fact | how often | first | last |", "|---|---|---|---|"]
        rows += [f"| `{one.kind}` | {one.count} | {words(one.first_at)} | {words(one.last_at)} |" for one in held.acts]
    else:
        rows.append("Nothing.")
    rows += [
        "",
        "These facts stay for as long as the journal is kept, under the opaque id alone: once your name is removed, "
        "they name nobody. Notes that you wrote belong to their incidents and are erased with them.",
        "",
        "Not held: addresses that you signed in from, positions, pictures, figures about you, or anything that "
        "compares you with others.",
        "",
    ]
    return "\n".join(rows)


def _credentials(state: CredentialState, words: Callable[[Micros], str]) -> str:
    found: list[str] = []
    for name in ("password", "totp", "pin"):
        at = getattr(state, name, None)
        if isinstance(at, int):
            found.append(f"{name} since {words(Micros(at))}")
    return ", ".join(found) or "none of your own; you come in by links"


def day_of(at: Micros) -> str:
    """A day, UTC."""
    return dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).strftime("%Y-%m-%d")


def _month(at: Micros) -> Month:
    return dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).strftime("%Y-%m")
