"""Handing over part of the queue: what may go with a part, and what a fact makes of the parts there are. Pure.

Responsibility passes once accepted, and never before. What is claimed by somebody else stays theirs, and no chain and
no sound heeds a part: whatever waits goes on waiting for everybody. Source: CONSOLE.md, section 2 (flood).
"""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from tocsin.model.catalogue import HazardClass
from tocsin.model.incidents import Incident
from tocsin.model.queue_parts import (
    QUEUE_ACCEPTED,
    QUEUE_ENDED,
    QUEUE_OFFERED,
    QueueAccepted,
    QueueEnded,
    QueueOffered,
    QueuePart,
)
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.on_test import HELD

PartBody = QueueOffered | QueueAccepted | QueueEnded
BODIES: Final[dict[Code, type[PartBody]]] = {
    QUEUE_OFFERED: QueueOffered,
    QUEUE_ACCEPTED: QueueAccepted,
    QUEUE_ENDED: QueueEnded,
}


def may_go(incident: Incident, by: Actor, hazard: HazardClass | None, site_id: Ref | None) -> bool:
    """May it go with a part that this person offers, of this class or site?

    A call of the control room itself never does: whoever must not see it may be at the other desk.
    """
    return (
        incident.state == "open"
        and not incident.is_room
        and not incident.exercise
        and incident.presentation not in HELD
        and incident.claimed_by in (None, by)
        and (hazard is None or incident.hazard == hazard)
        and (site_id is None or incident.site_id == site_id)
    )


def apply_part(
    parts: tuple[QueuePart, ...], body: PartBody, *, seq: Seq, at: Micros, actor: Actor | None, id_: Ref
) -> tuple[QueuePart, ...]:
    """The parts after a fact, in the order in which they were offered. An incident is in the part accepted last."""
    match body:
        case QueueOffered():
            assert actor is not None, "somebody offers it"
            made = QueuePart(
                id=id_,
                accepted_at=None,
                accepted_by=None,
                by=actor,
                from_desk=body.from_desk,
                hazard=body.hazard,
                incidents=body.incidents,
                offered_at=at,
                seq=seq,
                site_id=body.site_id,
                to_desk=body.to_desk,
            )
            return (*parts, made)
        case QueueAccepted():
            taken = frozenset(body.incidents)
            return tuple(
                replace(one, accepted_at=at, accepted_by=actor, incidents=body.incidents)
                if one.id == id_
                else _without(one, taken)
                for one in parts
            )
        case QueueEnded():
            return tuple(one for one in parts if one.id != id_)


def over(
    parts: Iterable[QueuePart], open_: frozenset[Ref], staffed: frozenset[Ref]
) -> list[tuple[QueuePart, QueueEnded]]:
    """Those that have ended by themselves: nothing of them is open, or nobody is at the desk that they went to."""
    found: list[tuple[QueuePart, QueueEnded]] = []
    for one in parts:
        if not open_ & frozenset(one.incidents):
            found.append((one, QueueEnded(reason="done")))
        elif one.to_desk not in staffed:
            found.append((one, QueueEnded(reason="unstaffed")))
    return found


def _without(part: QueuePart, taken: frozenset[Ref]) -> QueuePart:
    if part.accepted_at is None:
        return part
    return replace(part, incidents=tuple(id_ for id_ in part.incidents if id_ not in taken))
