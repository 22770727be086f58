"""What the API takes and answers about rosters."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.centre.rosters import OnCall
from tocsin.model.rosters import (
    DAY_MIN,
    FIRST_DAY_MAX,
    LAYER_STAFF_MAX,
    LAYERS_MAX,
    TURN_DAYS_MAX,
    Roster,
    RosterLayer,
    RosterOverride,
)
from tocsin.model.values import Actor, Code, Micros, Ref, Seq, ZoneName
from tocsin.web.api.people_types import UserId
from tocsin.web.api.shift_types import Label

Zone = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_/-]{1,40}$")]
"""Name of a time zone of the IANA database."""


class LayerItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some people who follow one another. Of several layers the last that has somebody counts."""

    users: Annotated[list[UserId], Meta(min_length=1, max_length=LAYER_STAFF_MAX)]
    """In their order; after the last comes the first."""
    first_day: Annotated[int, Meta(ge=0, le=FIRST_DAY_MAX)]
    """Local day of the first turn's beginning, in days since 1970-01-01."""
    at_min: Annotated[int, Meta(ge=0, lt=DAY_MIN)]
    """When a turn passes to the next, in minutes of the local day."""
    turn_days: Annotated[int, Meta(ge=1, le=TURN_DAYS_MAX)] = 7
    weekdays: Annotated[list[Annotated[int, Meta(ge=0, le=6)]], Meta(max_length=7)] = []
    """Days on which its time begins, 0 Monday to 6 Sunday; empty: all."""
    from_min: Annotated[int, Meta(ge=0, lt=DAY_MIN)] = 0
    """It counts from then of each local day."""
    to_min: Annotated[int, Meta(ge=0, le=DAY_MIN)] = DAY_MIN
    """And until then; not after `from_min`: of the next day. 0 and 1440: the whole day."""


class OverrideItem(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody instead of another, for a time."""

    number: int
    from_at: Micros
    until_at: Micros
    user: Actor
    instead_of: Actor | None
    """None: instead of whoever it is."""


class GapItem(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which nobody is on call."""

    since: Micros
    until: Micros


class RosterItem(msgspec.Struct, frozen=True, kw_only=True):
    """A roster, and who is on call."""

    id: Ref
    label: Code
    zone: ZoneName
    layers: list[LayerItem]
    overrides: list[OverrideItem]
    now: Actor | None
    """Who is on call; None: nobody."""
    next: Actor | None
    next_at: Micros | None
    """When `next` is; None: nothing changes within five weeks."""
    gaps: list[GapItem]
    """Times within five weeks in which nobody is, the first 20."""
    version: Seq


class RostersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All rosters, in the order in which they were made."""

    at: Micros
    items: list[RosterItem]


class RosterBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A roster as it is to be. Its exceptions stay."""

    label: Label
    zone: Zone
    layers: Annotated[list[LayerItem], Meta(min_length=1, max_length=LAYERS_MAX)]
    version: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    """That its author saw; a new one has none."""


class OverrideBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody instead of another, for a time."""

    user: UserId
    from_at: Micros
    until_at: Micros
    instead_of: UserId | None = None


def layer_of(item: LayerItem) -> RosterLayer:
    """A layer as it is kept."""
    return RosterLayer(
        at_min=item.at_min,
        first_day=item.first_day,
        from_min=item.from_min,
        users=tuple(Actor(one) for one in item.users),
        to_min=item.to_min,
        turn_days=item.turn_days,
        weekdays=tuple(sorted(set(item.weekdays))),
    )


def roster_item(roster: Roster, on_call: OnCall) -> RosterItem:
    """A roster, as the API says it."""
    return RosterItem(
        id=roster.id,
        label=roster.row.label,
        zone=roster.row.zone,
        layers=[_layer_item(one) for one in roster.row.layers],
        overrides=[_override_item(one) for one in roster.row.overrides],
        now=on_call.now,
        next=on_call.next,
        next_at=on_call.next_at,
        gaps=[GapItem(since=since, until=until) for since, until in on_call.gaps],
        version=roster.seq,
    )


def _layer_item(layer: RosterLayer) -> LayerItem:
    return LayerItem(
        users=list(layer.users),
        first_day=layer.first_day,
        at_min=layer.at_min,
        turn_days=layer.turn_days,
        weekdays=list(layer.weekdays),
        from_min=layer.from_min,
        to_min=layer.to_min,
    )


def _override_item(one: RosterOverride) -> OverrideItem:
    return OverrideItem(
        number=one.number,
        from_at=one.from_at,
        until_at=one.until_at,
        user=one.user,
        instead_of=one.instead_of,
    )
