"""What a telephone system's words make of a ring: they may come in any order, twice, or not at all.

Pure: ring + fact -> ring. A call was answered where somebody says so, and not because its end is missing.
Source: INTEGRATIONS.md, section 14; decision 0073.
"""

from msgspec.structs import replace

from tocsin.model.dials import DIAL_LOST_MIN
from tocsin.model.rings import (
    CALL_BACK_HOURS,
    GRACE_MIN,
    IN_CALL_MIN,
    LOST_MIN,
    TALK_HOURS,
    Ring,
    RingEvent,
    RingState,
    RingTold,
)
from tocsin.model.values import Actor, Micros, Ref, Seq
from tocsin.rules.dialling import is_talked

MINUTE_US = 60_000_000


def state_of(ring: Ring) -> RingState:
    """What becomes of it: an end without an answer is a call to return, unless somebody took it by its form.

    Of a dial, `answered` is when somebody has a telephone in the hand; nobody has it to return.
    """
    if ring.ended_at is None:
        return "answered" if is_talked(ring) else "ringing"
    if ring.answered_at is not None or ring.call is not None or ring.dial is not None:
        return "over"
    return "missed" if ring.returned_at is None else "returned"


def is_news(ring: Ring | None, told: RingTold) -> bool:
    """Whether it says anything that was not said: a repeat of an event may still bring the number or the telephone."""
    if ring is None:
        return True
    at = {"ringing": ring.ringing_at, "answered": ring.answered_at, "ended": None if ring.is_lost else ring.ended_at}
    if at[told.event] is None:
        return True
    brings = (told.value is not None and not ring.has_number, told.line is not None and ring.line is None)
    is_moved = told.event == "answered" and ring.ended_at is None and told.extension not in (None, ring.extension)
    return any(brings) or is_moved or (told.extension is not None and ring.extension is None)


def told_of(ring: Ring | None, body: RingTold, seq: Seq, at: Micros) -> Ring:
    """The ring as it is then. The first word about each moment counts; of the telephones, the one that answered."""
    if ring is None:
        ring = Ring(id=Ref(f"ring-{seq}"), begun_at=at, key=body.key, seq=seq, source=body.source)
    is_first = ring.extension is None or (body.event == "answered" and body.extension is not None)
    return replace(
        ring,
        answered_at=_first(ring.answered_at, body.event, "answered", at),
        dialled=ring.dialled or body.dialled,
        ended_at=_ended(ring, body.event, at),
        extension=body.extension if is_first else ring.extension,
        has_number=ring.has_number or body.value is not None,
        is_lost=ring.is_lost and body.event == "ringing",
        line=ring.line or body.line,
        linked=ring.linked or body.linked,
        ringing_at=_first(ring.ringing_at, body.event, "ringing", at),
        seq=seq,
    )


def _ended(ring: Ring, event: RingEvent, at: Micros) -> Micros | None:
    """When it ended. One that was given up and is answered now has not: a clock that was set ahead gave it up."""
    if ring.is_lost and event != "ringing":
        return at if event == "ended" else None
    return _first(ring.ended_at, event, "ended", at)


def _first(kept: Micros | None, event: RingEvent, wanted: RingEvent, at: Micros) -> Micros | None:
    return at if kept is None and event == wanted else kept


def located(ring: Ring, seq: Seq) -> Ring:
    """A position of its caller came."""
    return replace(ring, located=ring.located + 1, seq=seq)


def lost(ring: Ring, seq: Seq, at: Micros) -> Ring:
    """Nobody told how it went on."""
    return replace(ring, ended_at=at, is_lost=True, seq=seq)


def taken(ring: Ring, call: Ref, seq: Seq) -> Ring:
    """Somebody opened a form of it."""
    return replace(ring, call=call, seq=seq)


def reported(ring: Ring, incident: Ref | None, seq: Seq) -> Ring:
    """Its form has ended: with an incident, or without."""
    return replace(ring, incident=incident, seq=seq)


def returned(ring: Ring, is_done: bool, seq: Seq, at: Micros, actor: Actor | None) -> Ring:
    """Somebody has called back, or says that it was a mistake to say so."""
    return replace(ring, returned_at=at if is_done else None, returned_by=actor if is_done else None, seq=seq)


def in_call_until(ring: Ring) -> Micros | None:
    """Until when the desk of its telephone counts as in a call, at most; None: nobody talks there.

    Bounded, since the end may never be told: a desk must not stay soft for a shift.
    """
    if state_of(ring) != "answered":
        return None
    picked_up_at = None if ring.dial is None else ring.dial.picked_up_at
    since = min(at for at in (ring.answered_at, picked_up_at) if at is not None)
    return Micros(since + IN_CALL_MIN * MINUTE_US)


def due_at(ring: Ring, at: Micros) -> Micros:
    """When something happens to it by itself: it is given up, or erased."""
    match state_of(ring):
        case "ringing":
            wait = (LOST_MIN if ring.dial is None else DIAL_LOST_MIN) * MINUTE_US
        case "answered":
            wait = TALK_HOURS * 60 * MINUTE_US
        case "missed":
            wait = CALL_BACK_HOURS * 60 * MINUTE_US
        case "over" | "returned":
            wait = GRACE_MIN * MINUTE_US
    return Micros(at + wait)
