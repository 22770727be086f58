"""What a telephone system's words make of a call that the centre asked for: in any order, twice, or not at all.

Pure: dial + fact -> dial. A dial is a ring (`model.rings`) with `dial` set: no caller, no number, no form, and nothing
to call back. Source: INTEGRATIONS.md, section 14; decision 0082.
"""

from msgspec.structs import replace

from tocsin.model.dials import DIAL_PREFIX, DialAsked, DialEvent, DialFailure, Dialled
from tocsin.model.rings import Ring, RingEvent
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Seq


def asked(body: DialAsked, key: HexHash, seq: Seq, at: Micros, incident: Ref, by: Actor) -> Ring:
    """Somebody asks the telephone system to call."""
    dial = Dialled(
        by=by,
        desk=body.desk,
        incident=incident,
        of=body.of,
        place=body.place,
        step=body.step,
        telephone=body.telephone,
    )
    return Ring(
        id=Ref(f"{DIAL_PREFIX}{seq}"),
        begun_at=at,
        dial=dial,
        extension=body.extension,
        incident=incident,
        key=key,
        seq=seq,
        source=None,
    )


def event_of(ring: Ring, event: RingEvent, extension: Code | None) -> DialEvent | None:
    """What a telephone system's event is of a dial; None: nothing that is kept.

    `answered` with the desk's own extension is the desk's telephone; with another or none, the other side.
    """
    match event:
        case "ringing":
            return None
        case "answered":
            return "picked_up" if extension is not None and extension == ring.extension else "answered"
        case "ended":
            return "ended"


def is_news(ring: Ring, event: DialEvent | None) -> bool:
    """Whether it says anything that was not said."""
    assert ring.dial is not None, "it is a dial"
    match event:
        case None:
            return False
        case "picked_up":
            return ring.dial.picked_up_at is None
        case "answered":
            return ring.answered_at is None
        case "ended":
            return ring.ended_at is None or ring.is_lost or ring.dial.failed is not None


def told(ring: Ring, event: DialEvent, seq: Seq, at: Micros) -> Ring:
    """The dial as it is then. Whoever was answered was called, whatever was thought of the dial before."""
    dial = ring.dial
    assert dial is not None, "it is a dial"
    is_open = ring.ended_at is None or ring.is_lost or dial.failed is not None
    match event:
        case "picked_up":
            dial = replace(dial, failed=None, picked_up_at=at)
            ended_at = None if is_open else ring.ended_at
            return replace(ring, dial=dial, ended_at=ended_at, is_lost=False, seq=seq)
        case "answered":
            dial = replace(dial, failed=None)
            ended_at = None if is_open else ring.ended_at
            return replace(ring, answered_at=at, dial=dial, ended_at=ended_at, is_lost=False, seq=seq)
        case "ended":
            return replace(ring, dial=replace(dial, failed=None), ended_at=at, is_lost=False, seq=seq)


def may_fail(ring: Ring) -> bool:
    """Whether nothing is known of it yet: its telephone system may have called, and not have answered in time."""
    return ring.dial is not None and ring.ended_at is None and not is_talked(ring)


def failed(ring: Ring, reason: DialFailure, seq: Seq, at: Micros) -> Ring:
    """The telephone system did not take it."""
    assert ring.dial is not None, "it is a dial"
    return replace(ring, dial=replace(ring.dial, failed=reason), ended_at=at, seq=seq)


def is_talked(ring: Ring) -> bool:
    """Whether somebody has a telephone in the hand for it, or had."""
    return ring.answered_at is not None or (ring.dial is not None and ring.dial.picked_up_at is not None)
