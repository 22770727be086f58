"""Parts of the queue that one desk hands to another, in a flood above all. Nothing personal.

People are opaque ids. Fields of facts stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import HazardClass
from tocsin.model.values import Actor, Code, Micros, Ref, Seq

QUEUE_OFFERED: Final = Code("queue.offered")
QUEUE_ACCEPTED: Final = Code("queue.accepted")
QUEUE_JOINED: Final = Code("queue.joined")
QUEUE_ENDED: Final = Code("queue.ended")
QUEUE_KINDS: Final = frozenset({QUEUE_OFFERED, QUEUE_ACCEPTED, QUEUE_JOINED, QUEUE_ENDED})

PARTS_MAX: Final = 50
"""Parts that are offered or handed over at once."""

PART_MAX: Final = 500
"""Incidents of one part."""

PartEnd = Literal["declined", "withdrawn", "given_back", "unstaffed", "done"]
"""By the other desk; by whoever offered it; by the other desk after it had accepted; nobody is at that desk any more;
nothing of it is open."""


class QueueOffered(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `queue.offered`, version 1: the actor wants another desk to take these. So far nothing changes.

    `ref` is None: the part is `part-` and this seq.
    """

    from_desk: Ref | None
    """Where the actor is on shift; None: a supervisor who is at no desk."""
    hazard: HazardClass | None
    """They are those of this class,"""
    incidents: tuple[Ref, ...]
    site_id: Ref | None
    """or those of this site."""
    to_desk: Ref


class QueueAccepted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `queue.accepted`, version 1: the actor, on shift at that desk, takes them. `ref` is the part."""

    incidents: tuple[Ref, ...]
    """Those that are open still."""


class QueueJoined(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `queue.joined`, version 1: these came later and are of it; nobody acted. `ref` is the part."""

    incidents: tuple[Ref, ...]


class QueueEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `queue.ended`, version 1: whatever of it is open is the whole room's again. `ref` is the part."""

    reason: PartEnd


class QueuePart(msgspec.Struct, frozen=True, kw_only=True):
    """A part that is offered or handed over, as the projection has it; one that has ended is in the journal alone."""

    id: Ref
    accepted_at: Micros | None
    accepted_by: Actor | None
    by: Actor
    from_desk: Ref | None
    hazard: HazardClass | None
    incidents: tuple[Ref, ...]
    offered_at: Micros
    seq: Seq
    site_id: Ref | None
    to_desk: Ref
