"""Calls as a telephone system tells of them, and the telephone lines that a centre knows.

A ring is stored when it rings, before anybody answers: one that nobody answered is a task to call back. The number of
the caller lies sealed under the ring's own key; facts say that there is one, and never a digit of it. A line is
equipment (a lift, a help point, a gate, the telephone of a desk), never a person. Fields of facts stand in the order of
canonical JSON. Source: INTEGRATIONS.md, section 14; SCOPE.md, R7; decision 0073.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from tocsin.model.dials import Dialled
from tocsin.model.hushed import Hushed
from tocsin.model.values import Actor, Code, HexHash, KeyId, Micros, Ref, Seq

RING_TOLD: Final = Code("ring.told")
RING_LOCATED: Final = Code("ring.located")
RING_LOST: Final = Code("ring.lost")
RING_TAKEN: Final = Code("ring.taken")
RING_RETURNED: Final = Code("ring.returned")
RING_ERASED: Final = Code("ring.erased")
RING_KINDS: Final = frozenset({RING_TOLD, RING_LOCATED, RING_LOST, RING_TAKEN, RING_RETURNED, RING_ERASED})
LINE_SET: Final = Code("line.set")

RING_GIVEN_UP: Final = Code("ring_given_up")
"""Kind of the timer by which a ring is given up whose end nobody told. It waits for no clock: help may be needed."""

RING_ENDS: Final = Code("ring")
"""Kind of the timer by which a ring that is over is erased."""

CALLER_FIELD: Final = Code("ring_caller")
LOCATION_FIELD: Final = Code("ring_location")
"""Fields of the sealed values."""

RINGS_MAX: Final = 1_000
"""Rings that are kept at once. With more a telephone system is told to come again, and people still answer."""

LINES_MAX: Final = 5_000
LOCATIONS_MAX: Final = 10
"""Positions that are kept of one ring."""

LOST_MIN: Final = 15
"""So long after it rang, one that was neither answered nor ended is taken for abandoned."""

TALK_HOURS: Final = 4
"""So long after it was answered, one whose end nobody told is over."""

IN_CALL_MIN: Final = 30
"""So long after its telephone was answered a desk counts as in a call, should nobody tell of the end."""

GRACE_MIN: Final = 30
"""So long after its end the number of one that was answered can still be put into a form; then it is erased."""

CALL_BACK_HOURS: Final = 72
"""A call-back that nobody does stands before every desk for so long; then it is erased."""

LINKED_MIN: Final = 30
"""A second ring of the same number within so long is shown with the first."""

RingEvent = Literal["ringing", "answered", "ended"]
"""What a telephone system tells of a call. In any order: `ended` may come first."""

RingState = Literal["ringing", "answered", "over", "missed", "returned"]
"""It rings; somebody talks; it is over and was answered; nobody answered: call back; somebody has called back."""

LocationSource = Literal["aml", "pidf"]
"""From whom a position is: the caller's telephone (AML), or the telephone system (PIDF-LO by value)."""


class Located(Hushed, frozen=True, kw_only=True):
    """A position of a caller, as it was told. It exists in memory and sealed under the ring's key."""

    latitude: Annotated[float, Meta(ge=-90, le=90, extra={"personal": True})] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180, extra={"personal": True})] | None = None
    radius_m: Annotated[float, Meta(ge=0, le=1e8, extra={"personal": True})] | None = None
    """The caller is within so much of it."""
    confidence_pct: Annotated[float, Meta(ge=0, le=100, extra={"personal": True})] | None = None
    altitude_m: Annotated[float, Meta(ge=-1e5, le=1e5, extra={"personal": True})] | None = None
    floor: Annotated[str, Meta(max_length=40, extra={"personal": True})] | None = None
    civic: Annotated[str, Meta(max_length=300, extra={"personal": True})] | None = None
    """An address, in words."""
    measured_at: Micros | None = None
    """When the telephone was there, by its own clock."""
    source: LocationSource


class RingCaller(Hushed, frozen=True, kw_only=True):
    """Who rings: it exists in memory and sealed under the ring's key."""

    telephone: Annotated[str, Meta(max_length=24, extra={"personal": True})]


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """A call as a telephone system tells of it: projection of its facts. Nothing personal."""

    id: Ref
    """`ring-` and the seq of the first fact about it; of a dial, `dial-` and that."""
    answered_at: Micros | None = None
    begun_at: Micros
    """When we were first told of it."""
    call: Ref | None = None
    """The call form that somebody opened of it."""
    dial: Dialled | None = None
    """The centre asked for it (`rules.dialling`); else somebody calls the centre."""
    dialled: Code | None = None
    """Which number of the centre was dialled."""
    ended_at: Micros | None = None
    extension: Code | None = None
    """Which telephone of the centre rings, or was answered."""
    has_number: bool = False
    incident: Ref | None = None
    """What its call form opened or joined; of a dial, what it is about."""
    is_lost: bool = False
    """Nobody told of its end: it was taken for abandoned."""
    key: HexHash
    """Keyed hash of what the telephone system calls it."""
    line: Ref | None = None
    """The line of equipment that rings."""
    linked: Ref | None = None
    """An earlier ring of the same number, whose call or incident was open."""
    located: int = 0
    """Positions of it."""
    returned_at: Micros | None = None
    returned_by: Actor | None = None
    ringing_at: Micros | None = None
    seq: Seq
    """Of the last fact about it."""
    source: Ref | None
    """Who told of it first; None: the centre asked for it."""


class RingTold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `ring.told`, version 1: a telephone system tells of a call. `ref` is the ring; None: a new one."""

    dialled: Code | None
    event: RingEvent
    exercise: bool
    extension: Code | None
    key: HexHash
    line: Ref | None
    linked: Ref | None
    source: Ref
    value: Ref | None
    """Where the number lies sealed."""


class RingLocated(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `ring.located`, version 1: a position of the caller came. `value` commits to it."""

    exercise: bool
    source: LocationSource
    value: Ref


class RingLost(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `ring.lost`, version 1: nobody told how a call, or a dial, went on. It is taken for ended."""

    exercise: bool


class RingTaken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `ring.taken`, version 1: the actor takes the call, with this form."""

    call: Ref
    exercise: bool


class RingReturned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `ring.returned`, version 1: the actor has called back; or has not, where that was a mistake."""

    exercise: bool
    is_done: bool


class RingErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `ring.erased`, version 1: the ring's keys were destroyed, with the number and the positions.

    Of a dial there is nothing to destroy: its row goes.
    """

    keys: tuple[KeyId, ...]
    values: int


class LineRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `line.set`, version 1: a telephone line as it is from now on. `ref` is it; None: a new one."""

    desk: Ref | None
    """It is the telephone of this desk."""
    exact: Code | None
    """Which thing there: `lift-2`, `gate-4`."""
    number: Code
    """As it is dialled or shown: digits alone, or an extension."""
    removed: bool
    site_id: Ref | None
    """It stands at this site."""


class StoredLine(msgspec.Struct, frozen=True, gc=False):
    """A line: its opaque id, its row, and the fact that the row came from."""

    id: Ref
    row: LineRow
    seq: Seq


def plain_number(said: str) -> str:
    """A number as it is compared: digits, letters and `*` alone, without `+` or `00` in front of a country's prefix."""
    plain = "".join(sign for sign in said if sign.isascii() and (sign.isalnum() or sign in "*_"))
    if said.strip().startswith("+"):
        return plain
    return plain[2:] if plain.startswith("00") and len(plain) > 9 else plain
