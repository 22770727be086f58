"""The help note of an incident: what helping needs to know, in the fields of the table of SCOPE.md and no others.

One note an incident, sealed whole under the incident's key, each version anew. Choices are closed wherever they can
be. Which part may be asked follows from the incident's hazard class: a note of a fire has no place for a missing
person's way, and no note has one for anybody's looks, name, number plate or past.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from tocsin.model.catalogue import HazardClass
from tocsin.model.hushed import Hushed
from tocsin.model.values import Code, Micros, Ref

NOTE_BYTES_MAX: Final = 32_768
VERSIONS_MAX: Final = 500
PATIENTS_MAX: Final = 10
REVIEW_HOURS: Final = 12
"""So often the note about somebody missing is looked at again."""

MISSING_GONE_HOURS: Final = 24
"""So long after closing a missing person's note is destroyed."""

SHORT_MAX: Final = 120
LINE_MAX: Final = 300
WORDS_MAX: Final = 500

Count = Annotated[int, Meta(ge=0, le=9999)]
Kilograms = Annotated[int, Meta(ge=1, le=500)]
YesNo = Literal["yes", "no", "unknown"]
ToldBy = Literal["caller", "crew", "staff"]
PatientIs = Literal["adult", "child", "baby"]
Breathing = Literal["yes", "not_normally", "no", "unknown"]
Harm = Literal[
    "alone_and_dependent",
    "cannot_find_the_way",
    "cold",
    "drowning",
    "fall",
    "harm_by_somebody_else",
    "harm_to_themselves",
    "heat",
    "needs_medicine",
    "traffic",
]
"""What is feared for somebody missing. Without one of these nobody is looked for: who is wanted, hides, or has gone by
choice and is safe is no missing person here."""

Weapon = Literal["none_seen", "blade", "firearm", "something_else", "unknown"]
HoldUpBy = Literal["button", "code", "phrase", "told"]
LoneWorkerBy = Literal["button", "no_movement", "missed_check_in", "told"]
BlockName = Literal["persons_in_need", "patients", "missing", "fleeing", "violence", "hold_up", "lone_worker", "caller"]

_Short = Annotated[str, Meta(max_length=SHORT_MAX, extra={"personal": True})]
_Line = Annotated[str, Meta(max_length=LINE_MAX, extra={"personal": True})]
_Words = Annotated[str, Meta(max_length=WORDS_MAX, extra={"personal": True})]
_Reference = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]{1,40}$", extra={"personal": True})]
_Time = Annotated[Micros, Meta(ge=0, le=2**53 - 1)]
_Telephone = Annotated[str, Meta(max_length=24, extra={"personal": True})]


class _Part(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the note: refuses what is no field, and shows nothing of itself."""


class PersonsInNeed(_Part, frozen=True, kw_only=True):
    """How many need help, as people told it; never from a machine, and never how many there are."""

    told_by: ToldBy
    hurt: Count | None = None
    trapped: Count | None = None
    missing: Count | None = None
    to_be_moved: Count | None = None
    accounted_for: Count | None = None
    crew_strength: Count | None = None
    """How many of our own are at work there."""


class PatientNote(_Part, frozen=True, kw_only=True):
    """One patient: what a crew needs before it is there."""

    patient: PatientIs
    awake: YesNo = "unknown"
    breathing: Breathing = "unknown"
    what_happened: _Line | None = None
    pregnant: YesNo = "unknown"
    allergy: _Short | None = None
    infection_risk: _Short | None = None
    weight_kg: Kilograms | None = None
    """To be carried."""
    language: _Short | None = None
    """In which to speak with them."""


class Missing(_Part, frozen=True, kw_only=True):
    """Somebody who is missing and in danger. The harm that is feared must be said."""

    harm_feared: Annotated[tuple[Harm, ...], Meta(min_length=1, max_length=5)]
    last_place: _Line | None = None
    last_seen_at: _Time | None = None
    direction: _Short | None = None
    aids: _Short | None = None
    """What they walk, hear or see with."""
    known_by: _Line | None = None
    """In words, how searchers will know them."""


class Violence(_Part, frozen=True, kw_only=True):
    """Violence under way or threatened: where, what danger now, and where it is safe. Nobody's name, no reason."""

    place_now: _Line | None = None
    danger_now: YesNo = "unknown"
    weapon: Weapon = "unknown"
    hurt: YesNo = "unknown"
    safe_place: _Line | None = None
    safe_to_speak: YesNo = "unknown"


class HoldUp(_Part, frozen=True, kw_only=True):
    """A silent call for help. The premises are not telephoned first."""

    by: HoldUpBy
    ways_out: _Line | None = None


class LoneWorker(_Part, frozen=True, kw_only=True):
    """Somebody who works alone and does not answer."""

    by: LoneWorkerBy
    position: _Line | None = None
    since: _Time | None = None


class Caller(_Part, frozen=True, kw_only=True):
    """Whom to call back. Who is a party to violence or is held against their will is named in no field."""

    telephone: _Telephone | None = None
    call_back: _Telephone | None = None
    """Another number, or the one that is safe to call."""
    name: _Short | None = None
    language: _Short | None = None
    stands_at: _Line | None = None
    recorder_reference: _Reference | None = None
    """What the room's recorder, a system apart, calls this call."""


class HelpNote(_Part, frozen=True, kw_only=True):
    """What helping needs to know in one incident. It exists in memory and sealed under the incident's key."""

    persons_in_need: PersonsInNeed | None = None
    patients: Annotated[tuple[PatientNote, ...], Meta(max_length=PATIENTS_MAX)] = ()
    missing: Missing | None = None
    fleeing: _Words | None = None
    """What the caller says of a vehicle or attacker in flight. Read out to the units of this incident alone."""
    violence: Violence | None = None
    hold_up: HoldUp | None = None
    lone_worker: LoneWorker | None = None
    caller: Caller | None = None


class IncidentHelpNoted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.help_noted`, version 1: the help note was written anew."""

    exercise: bool
    value: Ref
    """Where it lies sealed; it commits to what lies there."""
    version: int
    """Of the note, from 1."""


_NOBODY_NAMED: Final[frozenset[HazardClass]] = frozenset({"violence", "trafficking_kidnap"})
_FORCE: Final[frozenset[HazardClass]] = frozenset({"violence", "robbery_holdup", "trafficking_kidnap", "intrusion"})
_FLED: Final[frozenset[HazardClass]] = frozenset({*_FORCE, "theft", "collision"})
_SEARCHED: Final[frozenset[HazardClass]] = frozenset({"missing_person"})
_HELD_UP: Final[frozenset[HazardClass]] = frozenset({"robbery_holdup"})
_ALONE: Final[frozenset[HazardClass]] = frozenset({"welfare_check", "rescue", "medical"})
ALL: Final[frozenset[HazardClass]] = frozenset(get_args(HazardClass))
ASKED: Final[Mapping[BlockName, frozenset[HazardClass]]] = {
    # Anybody can be hurt anywhere, and anybody may call; what describes how somebody is to be found stands where
    # finding is the help.
    "persons_in_need": ALL,
    "patients": ALL,
    "missing": _SEARCHED,
    "fleeing": _FLED,
    "violence": _FORCE,
    "hold_up": _HELD_UP,
    "lone_worker": _ALONE,
    "caller": ALL,
}
"""In which hazard classes each part of the note may be asked (SCOPE.md, "What help needs")."""

BLOCKS: Final[tuple[BlockName, ...]] = tuple(ASKED)


def asked_in(hazard: HazardClass) -> tuple[BlockName, ...]:
    """The parts of the note that are asked in a hazard class, in the order of the note."""
    return tuple(block for block in BLOCKS if hazard in ASKED[block])


def mistakes_of(note: HelpNote, hazard: HazardClass) -> list[str]:
    """What of a note has no place in an incident of this class, each as a sentence that begins with the field."""
    found = [
        f"{block} is not asked in an incident of class {hazard}"
        for block in BLOCKS
        if getattr(note, block) and hazard not in ASKED[block]
    ]
    if note.caller is not None and note.caller.name is not None and hazard in _NOBODY_NAMED:
        found.append(f"caller.name is not asked in an incident of class {hazard}: the parties are named in no field")
    return found


HELP_NOTED: Final = Code("incident.help_noted")
HELP_NOTE: Final = Code("help_note")
"""Field of the sealed value."""
