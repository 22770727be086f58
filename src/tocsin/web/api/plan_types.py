"""What the API takes and answers about floor plans."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.plans import FULL, LEVEL_MAX, LEVEL_MIN, PLAN_ZONES_MAX, PlanMedia
from tocsin.model.values import AccountNumber, AccountRef, Actor, Code, Micros, Place, Ref, Seq
from tocsin.web.api.on_test_types import Part


class PlacedZone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A zone, and where it is on the plan: parts of ten thousand of width and height, from the upper left."""

    account_id: AccountRef
    number: Part
    x: Annotated[int, Meta(ge=0, le=FULL)]
    y: Annotated[int, Meta(ge=0, le=FULL)]


class PlanZoneItem(msgspec.Struct, frozen=True, kw_only=True):
    """The same with its names."""

    account: AccountNumber
    account_id: Ref
    name: Place | None
    number: Code
    type: Code | None
    """What an alarm of it opens, where the zone list says so."""
    x: int | None
    """Null: it is not placed on this plan."""
    y: int | None


class PlanItem(msgspec.Struct, frozen=True, kw_only=True):
    """One floor plan."""

    id: Ref
    changed_at: Micros
    changed_by: Actor | None
    content: Ref
    """Another one for each picture."""
    height_px: int
    level: int
    media: PlanMedia
    site_id: Ref
    size_bytes: int
    version: Seq
    width_px: int
    zones: list[PlanZoneItem]
    """Those that are placed on it."""


class PlansAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The plans of a site, the lowest level first, and its zones."""

    items: list[PlanItem]
    zones: list[PlanZoneItem]
    """All zones of the site, to be placed."""


class IncidentPlans(msgspec.Struct, frozen=True, kw_only=True):
    """The plans of an incident's place."""

    active: list[PlanZoneItem]
    """Zones that are active in it, on a plan or on none."""
    items: list[PlanItem]


class PlanBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which level it shows, and where zones are: these and no others."""

    version: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    level: Annotated[int, Meta(ge=LEVEL_MIN, le=LEVEL_MAX)]
    zones: Annotated[list[PlacedZone], Meta(max_length=PLAN_ZONES_MAX)]
