"""Handing over part of the queue: what may go with a part, and what a fact makes of the parts there are. Pure.

Responsibility passes once accepted, and never before. What is claimed by somebody else stays theirs, and no chain and
no sound heeds a part: whatever waits goes on waiting for everybody. Source: CONSOLE.md, section 2 (flood).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from tocsin.model.catalogue import HazardClass
from tocsin.model.incidents import Incident
from tocsin.model.queue_parts import (
    PART_MAX,
    QUEUE_ACCEPTED,
    QUEUE_ENDED,
    QUEUE_JOINED,
    QUEUE_OFFERED,
    PartEnd,
    QueueAccepted,
    QueueEnded,
    QueueJoined,
    QueueOffered,
    QueuePart,
)
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.on_test import HELD

PartBody = QueueOffered | QueueAccepted | QueueJoined | QueueEnded
BODIES: Final[dict[Code, type[PartBody]]] = {
    QUEUE_OFFERED: QueueOffered,
    QUEUE_ACCEPTED: QueueAccepted,
    QUEUE_JOINED: QueueJoined,
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
        case QueueJoined():
            return tuple(
                replace(one, incidents=(*one.incidents, *body.incidents)) if one.id == id_ else one for one in parts
            )
        case QueueEnded():
            return tuple(one for one in parts if one.id != id_)


def told_in(before: Sequence[QueuePart], body: PartBody, id_: Ref | None) -> tuple[Ref, ...]:
    """The incidents in whose time lines this fact stands. `before` are the parts that there were; `id_` is its part."""
    if not isinstance(body, QueueEnded):
        return body.incidents
    return next((one.incidents for one in before if one.id == id_), ())


def tell_part(body: PartBody, actor: Actor | None) -> str:
    """A line in the time line of each incident of a part; people are their ids in braces."""
    match body:
        case QueueOffered():
            return f"{{{actor}}} offered it to another desk with a part of the queue. It has not accepted yet."
        case QueueAccepted():
            return f"{{{actor}}} accepted it for their desk with a part of the queue."
        case QueueJoined():
            return "It is of a part of the queue that was handed over: it goes to that desk too."
        case QueueEnded():
            return _ENDS[body.reason].format(actor=f"{{{actor}}}")


_ENDS: Final[dict[PartEnd, str]] = {
    "declined": "{actor} declined the part of the queue that it is in.",
    "withdrawn": "{actor} took back the offer of the part of the queue that it is in.",
    "given_back": "{actor} gave it back to the whole room, with its part of the queue.",
    "unstaffed": "Nobody is at the desk that had its part of the queue: it is the whole room's again.",
    "done": "Nothing of its part of the queue is open any more.",
}


def over(
    parts: Iterable[QueuePart], is_open: Callable[[Ref], bool], staffed: frozenset[Ref]
) -> list[tuple[QueuePart, QueueEnded]]:
    """Those that have ended by themselves: nothing of them is open, or nobody is at the desk that they went to.

    `is_open` is asked of the newest first, and of no more than it takes.
    """
    found: list[tuple[QueuePart, QueueEnded]] = []
    for one in parts:
        if not any(map(is_open, reversed(one.incidents))):
            found.append((one, QueueEnded(reason="done")))
        elif one.to_desk not in staffed:
            found.append((one, QueueEnded(reason="unstaffed")))
    return found


def came_later(
    parts: Sequence[QueuePart], incidents: Iterable[Incident], at_desk: Mapping[Ref, frozenset[Actor]]
) -> list[tuple[QueuePart, QueueJoined]]:
    """What was opened after an accepted part was offered and is of its class or site: it goes to the same desk.

    By the order of the journal: while the clock is set back, times of day say nothing of what came later. Of two parts
    that it could belong to it goes to the one that was accepted last. `at_desk` is who is on shift at each desk: what
    somebody else has claimed stays theirs. A part has at most PART_MAX incidents; more is the whole room's.
    """
    known = {id_ for one in parts if one.accepted_at is not None for id_ in one.incidents}
    accepted = sorted((one for one in parts if one.accepted_at is not None), key=lambda one: -(one.accepted_at or 0))
    room = {one.id: PART_MAX - len(one.incidents) for one in accepted}
    found: dict[Ref, list[Ref]] = {}
    for incident in incidents:
        if incident.id in known:
            continue
        for one in accepted:
            is_ours = incident.claimed_by is None or incident.claimed_by in at_desk.get(one.to_desk, frozenset())
            is_later = _opened_by(incident) > one.seq
            if is_ours and is_later and may_go(incident, incident.claimed_by or one.by, one.hazard, one.site_id):
                if room[one.id] > 0:
                    room[one.id] -= 1
                    found.setdefault(one.id, []).append(incident.id)
                break
    return [(one, QueueJoined(incidents=tuple(found[one.id]))) for one in parts if one.id in found]


def _opened_by(incident: Incident) -> int:
    """The seq of the fact that opened it, which its id ends with."""
    return int(incident.id.rpartition("-")[2])


def _without(part: QueuePart, taken: frozenset[Ref]) -> QueuePart:
    if part.accepted_at is None:
        return part
    return replace(part, incidents=tuple(id_ for id_ in part.incidents if id_ not in taken))
