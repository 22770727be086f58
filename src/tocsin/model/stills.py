"""Stills: a few pictures of one incident, masked before they are stored, and gone after three days.

A person's picture comes with the box that its sender drew: inside it stays clear, everything else is pixelated. A
machine's, which photographs what tripped it, is pixelated whole in small blocks. What is masked and what was sent lie
sealed under a key of the still's own; facts say that there is one, and who lifted its mask.
Fields of facts stand in the order of canonical JSON.
Source: SCOPE.md, R4 and R6; INTEGRATIONS.md, section 13; CONSOLE.md, section 9; decisions 0081 and 0084.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import HazardClass
from tocsin.model.values import Actor, Code, KeyId, Micros, PersonalBytes, Ref, Seq

STILL_TAKEN: Final = Code("still.taken")
STILL_LIFTED: Final = Code("still.lifted")
STILL_MASKED: Final = Code("still.masked")
STILL_ERASED: Final = Code("still.erased")
STILL_KINDS: Final = frozenset({STILL_TAKEN, STILL_LIFTED, STILL_MASKED, STILL_ERASED})

STILL_ENDS: Final = Code("still")
"""Kind of the timer by which a still is erased."""

MASKED_FIELD: Final = Code("still_masked")
ORIGINAL_FIELD: Final = Code("still")
"""Fields of the sealed values."""

FILE_BYTES_MAX: Final = 8 << 20
"""Of a picture that is sent."""

PIXELS_MAX: Final = 24_000_000
"""Of a picture that is sent: read from its first bytes, before any of it is unpacked."""

SIDE_PX_MAX: Final = 1920
SIDE_PX_MIN: Final = 64
PICTURE_BYTES_MAX: Final = 512 << 10
"""Of a still as it is kept, masked and as it was sent alike."""

STILLS_MAX: Final = 6
"""Of one incident, in all its life."""

BLOCKS_HIGH: Final = 27
"""A block of the mask is so small a part of the height: 40 px of 1080."""

ZONE_BLOCKS_HIGH: Final = 135
"""The same of a machine's picture, all of which is the zone that it watches: 8 px of 1080, a cat from a burglar."""

ZONE_PX_MIN: Final = 8
"""No block of such a picture is smaller, however few pixels it has."""

FULL: Final = 1_000
"""A box is in parts of a thousand of the picture's width and height, from its upper left."""

BOX_MIN: Final = 20
STILL_HOURS: Final = 72
LIFT_S: Final = 300
IDLE_S: Final = 60
FETCH_S: Final = 30
"""An address for the clear picture is good for so long, and once."""

CLASSES: Final[frozenset[HazardClass]] = frozenset(
    {"fire", "explosion", "hazmat", "flood_weather", "collision", "rescue", "utility", "technical"}
)
"""Hazard classes whose incidents take photographs: where the picture is of a thing."""

MACHINE_CLASSES: Final[frozenset[HazardClass]] = frozenset({*CLASSES, "intrusion"})
"""Hazard classes whose incidents take the pictures of a machine: a detector with a lens photographs what tripped it."""

A_DAY: Final = 20
"""Pictures of one source by UTC day."""

StillSource = Literal["duty", "mail"]
"""Where a still came from: the telephone of somebody on duty; a machine's mail."""

StillLift = Literal["in_danger", "where_is_it", "which_door", "way_in"]
LIFTS: Final[tuple[StillLift, ...]] = ("in_danger", "where_is_it", "which_door", "way_in")
"""Why a mask is lifted: is somebody in danger; where is it; which door; how do crews get in. Coded: a reason in words
could name somebody."""

StillMask = Literal["by_hand", "idle", "over", "left"]
"""Why it was masked again: by the key; nobody touched anything; the time was over; the screen went elsewhere."""


class StillBox(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What stays clear."""

    height: int
    width: int
    x: int
    y: int


class StillTaken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `still.taken`, version 1: an incident, which `ref` is, has one picture more. The actor sent it.

    A machine's has no actor; its cause is the signal that it came with.
    """

    box: StillBox | None
    """None: nothing stays clear."""
    erase_at: Micros
    exercise: bool
    height_px: int
    masked: Ref
    """Name of the sealed masked picture, which commits to it."""
    original: Ref
    source: StillSource
    still: Ref
    width_px: int


class StillLifted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `still.lifted`, version 1: the actor is shown it without its mask, for five minutes at most."""

    exercise: bool
    reason: StillLift
    still: Ref


class StillMasked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `still.masked`, version 1: the actor's screen shows the mask again. Without it five minutes count."""

    exercise: bool
    reason: StillMask
    seconds: int
    still: Ref


class StillErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `still.erased`, version 1: its keys were destroyed, and both pictures with them."""

    exercise: bool
    keys: tuple[KeyId, ...]
    still: Ref
    values: int


class Still(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A still, as the facts of its incident tell it."""

    id: Ref
    at: Micros
    by: Actor | None
    body: StillTaken
    incident: Ref
    seq: Seq
    erased_at: Micros | None = None


class DrawnStill(msgspec.Struct, frozen=True, kw_only=True):
    """Two JPEG pictures of the same pixels as the worker makes them of whatever was sent."""

    height_px: int
    masked: PersonalBytes
    original: PersonalBytes
    width_px: int

    def __repr__(self) -> str:
        """Nothing of what they show."""
        return f"DrawnStill({self.width_px} x {self.height_px})"


_INCIDENT: Final = "incident-"
_STILL: Final = "still-"


def still_ref(incident: Ref, count: int) -> Ref:
    """The name of the still that comes after so many of an incident. It tells the incident: no table is needed.

    It ends with one digit: an incident has at most six.
    """
    return Ref(f"{_STILL}{incident.removeprefix(_INCIDENT)}{count + 1}")


def incident_of(still: Ref) -> Ref:
    """The incident of a still, by its name."""
    return Ref(_INCIDENT + still.removeprefix(_STILL)[:-1])


def number_of(still: Ref) -> int:
    """The how manyth of its incident it is, from 1."""
    return int(still[-1])


def stills_named(incident: Ref) -> list[Ref]:
    """The names of all the stills that an incident may have."""
    return [still_ref(incident, count) for count in range(STILLS_MAX)]
