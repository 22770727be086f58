"""What the API takes and answers about stills. As in `types`: times are integers, microseconds since 1970 UTC."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.stills import StillBox, StillLift, StillMask, StillSource
from tocsin.model.values import Actor, Micros, Ref, Seq

LiftWord = Annotated[str, Meta(pattern=r"^[0-9a-f]{48}$")]


class StillItem(msgspec.Struct, frozen=True, kw_only=True):
    """A still of an incident. Its picture has an address of its own."""

    id: Ref
    at: Micros
    by: Actor | None
    box: StillBox | None
    """What stays clear, in parts of a thousand of width and height, from the upper left. Null: nothing does."""
    erase_at: Micros
    """When it is erased, where no legal hold keeps it."""
    erased_at: Micros | None
    """It is gone since then; null: it is there."""
    height_px: int
    merged_number: int | None
    """Number of the incident that it is of, where that was merged into this one; null: it is of this one."""
    number: int
    """Of the picture in its incident."""
    source: StillSource
    width_px: int


class StillsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The stills of an incident, the oldest first."""

    items: list[StillItem]
    left: int
    """How many more it takes."""


class StillSent(msgspec.Struct, frozen=True, kw_only=True):
    """A picture is stored, masked."""

    left: int
    """How many more the incident takes."""


class StillLiftBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the mask is lifted."""

    reason: StillLift


class StillLiftAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The mask is lifted, for who asked, on this sign-in."""

    fetch_s: int
    """The clear picture is to be asked for within so many seconds, once."""
    idle_s: int
    """It is to be masked again after so long without a key or click."""
    limit_s: int
    """It is to be masked again after so long in any case."""
    seq: Seq
    word: LiftWord
    """Of the address of the clear picture."""


class StillMaskBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the mask is back."""

    reason: StillMask
    word: LiftWord
