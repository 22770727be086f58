"""Floor plans: which picture shows a level of a site, and where its zones are on it. The picture lies sealed beside.

Fields stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.values import Code, PersonalBytes, Ref, Seq

PLAN_SET: Final = Code("plan.set")
PICTURE_FIELD: Final = Code("plan")
PlanMedia = Literal["png", "jpeg"]
FILE_BYTES_MAX: Final = 10 << 20
"""Of a file that is sent."""

PICTURE_BYTES_MAX: Final = 2 << 20
"""Of a plan as it is kept."""

SIDE_PX_MAX: Final = 4096
"""Of a plan as it is kept; a larger one is made smaller."""

PIXELS_MAX: Final = 40_000_000
"""Of a picture that is sent: read from its first bytes, before any of it is unpacked."""

SITE_PLANS_MAX: Final = 20
PLANS_MAX: Final = 5_000
PLAN_ZONES_MAX: Final = 500
LEVEL_MIN: Final = -20
LEVEL_MAX: Final = 200
FULL: Final = 10_000
"""Places on a plan are in parts of ten thousand of its width and height, from its upper left."""


class PlanZone(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a zone is."""

    account_id: Ref
    number: Code
    """Without leading zeros."""
    x: int
    y: int


class PlanRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One floor plan, whole: body of `plan.set`, version 1."""

    content: Ref | None
    """Name of the sealed picture, which commits to it. None: the plan was removed, its picture is destroyed."""
    height_px: int
    level: int
    """0 is the ground floor."""
    media: PlanMedia
    site_id: Ref
    size_bytes: int
    width_px: int
    zones: tuple[PlanZone, ...]


class FloorPlan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A plan, and the fact that its row came from."""

    id: Ref
    row: PlanRow
    seq: Seq


class DrawnPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as the worker makes it of whatever was sent: its pixels alone."""

    height_px: int
    media: PlanMedia
    picture: PersonalBytes
    width_px: int
