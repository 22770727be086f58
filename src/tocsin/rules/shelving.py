"""Shelving: a person puts an incident aside for a while, with a reason and an end. No rule ever does.

It stays open, listed and counted; nobody has it, it is silent, and nobody is told of it until its end, when it waits as
if it came in then. Whatever says more than was known ends it at once. Source: ISA-18.2 (shelved), EEMUA 191;
CONSOLE.md, sections 0 and 2; decision 0055.
"""

from typing import Final

from tocsin.model.calls import IncidentCalled
from tocsin.model.commands import Shelve
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.incidents import (
    SHELF_MAX_MIN,
    SHELF_URGENT_MAX_MIN,
    Incident,
    IncidentJoined,
    IncidentShelved,
    IncidentUnshelved,
    UnshelveReason,
)
from tocsin.model.keyholders import IncidentPhraseChecked
from tocsin.model.values import Actor
from tocsin.rules.chatter import LIFE_SAFETY
from tocsin.rules.incident import IncidentBody

NEWS: Final[UnshelveReason] = "news"


def is_about_lives(incident: Incident) -> bool:
    """Priority 1, or of a class where lives hang on it: never grouped away, and shelved by two persons alone."""
    return incident.priority == 1 or incident.hazard in LIFE_SAFETY


def decide_shelve(incident: Incident, act: Shelve, actor: Actor) -> IncidentShelved:
    """Put it aside. The caller has looked that it is open, and that the actor has seen all of it.

    What is about lives needs a second head: somebody has claimed it, and another one, who leads the room, shelves it.

    Raises:
        Conflict: it is not as it must be for that. Nothing was changed.
        Forbidden: only a supervisor may.
        BadInput: no such length.
    """
    if incident.is_room:
        raise Conflict(
            f"Incident {incident.number} is a call for help of the control room itself. It is never shelved. Nothing "
            "was changed. Send help",
            "shelve.room",
        )
    if incident.presentation == "shelved":
        raise Conflict(
            f"Incident {incident.number} is shelved already. Nothing was changed. Take it back first, to shelve it "
            "until another time",
            "shelve.already",
        )
    if incident.presentation != "shown":
        raise Conflict(
            f"Incident {incident.number} is on test or out of service, and silent by that. Nothing was changed. It "
            "ends with the test",
            "shelve.not_shown",
        )
    if is_about_lives(incident):
        _refuse_alone(incident, act, actor)
    elif incident.claimed_by not in (None, actor):
        raise Conflict(
            f"Incident {incident.number} was not shelved: another operator has it. Nothing was changed. Talk to them, "
            "or take it over first",
            "incident.claimed_by_other",
        )
    most = SHELF_URGENT_MAX_MIN if is_about_lives(incident) else SHELF_MAX_MIN
    if not 1 <= act.minutes <= most:
        raise BadInput(
            f"Incident {incident.number} can be shelved for 1 to {most} minutes, and {act.minutes} is not. Nothing "
            "was changed. Choose a shorter time; at its end it can be shelved again",
            "shelve.minutes",
        )
    return IncidentShelved(
        exercise=incident.exercise, minutes=act.minutes, previous=incident.claimed_by, reason=act.reason
    )


def decide_unshelve(incident: Incident) -> IncidentUnshelved | None:
    """Take it back before its time; None: it is not shelved."""
    if incident.shelved is None:
        return None
    return IncidentUnshelved(exercise=incident.exercise, late_s=0, reason="by_hand")


def ends_shelf(before: Incident, body: IncidentBody) -> IncidentUnshelved | None:
    """What ends the shelving of an incident, where this fact about it says more than was known; None: nothing.

    A higher priority, silence needed and a confirmation always; where it is about lives, whatever is news at all.
    """
    if before.shelved is None:
        return None
    match body:
        case IncidentJoined():
            is_more = body.priority < before.priority or (body.silent and not before.silent)
            is_news = is_more or (body.confirmed and not before.confirmed) or (body.is_news and is_about_lives(before))
        case IncidentPhraseChecked() | IncidentCalled():
            is_news = body.priority < before.priority or (body.silent and not before.silent)
        case _:
            is_news = False
    return IncidentUnshelved(exercise=before.exercise, late_s=0, reason=NEWS) if is_news else None


def _refuse_alone(incident: Incident, act: Shelve, actor: Actor) -> None:
    if not act.is_lead:
        raise Forbidden(
            f"Incident {incident.number} is about lives. Only a supervisor shelves it, and only while somebody else "
            "has it. Nothing was changed. Ask a supervisor",
            "shelve.lead",
        )
    if incident.claimed_by is None or incident.claimed_by == actor:
        raise Conflict(
            f"Incident {incident.number} is about lives, so two persons shelve it: one has claimed it, and a "
            "supervisor who has not shelves it. Nothing was changed. Let somebody else claim it",
            "shelve.alone",
        )
