"""Rosters: who is on call when, in turns, with exceptions. Nothing personal: people are opaque ids.

Fields of facts stand in the order of canonical JSON.
"""

from typing import Final

import msgspec

from tocsin.model.values import Actor, Code, Micros, Ref, Seq, ZoneName

ROSTER_SET: Final = Code("roster.set")
ROSTERS_MAX: Final = 100
LAYERS_MAX: Final = 5
LAYER_STAFF_MAX: Final = 50
OVERRIDES_MAX: Final = 200
TURN_DAYS_MAX: Final = 91
OVERRIDE_DAYS_MAX: Final = 92
"""An exception is so long at most, and begins so far ahead at most four times that."""

DAY_MIN: Final = 1440
FIRST_DAY_MAX: Final = 47_482
"""2100-01-01, in days since 1970-01-01."""


def is_roster(id_: Ref) -> bool:
    """Does this id name a roster? It may name a desk else: a step of a chain has both."""
    return id_.startswith("roster-")


class RosterLayer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Some people who follow one another. Of several layers the last that has somebody counts."""

    at_min: int
    """When a turn passes to the next, in minutes of the local day."""
    first_day: int
    """Local day of the first turn's beginning, in days since 1970-01-01."""
    from_min: int
    """It counts from then of each local day."""
    to_min: int
    """And until then; not after `from_min`: of the next day. 0 and 1440: the whole day."""
    turn_days: int
    """7: a week each."""
    users: tuple[Actor, ...]
    """In their order; after the last comes the first."""
    weekdays: tuple[int, ...]
    """Days on which its time begins, 0 Monday to 6 Sunday; empty: all."""


class RosterOverride(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Somebody instead of another, for a time. Of several the later one counts."""

    from_at: Micros
    instead_of: Actor | None
    """None: instead of whoever it is."""
    number: int
    """By which it is taken back."""
    until_at: Micros
    user: Actor
    """Who is on call."""


class RosterRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `roster.set`, version 1: a roster as it is from now on. `ref`: it; None: new, `roster-` and this seq."""

    label: Code
    layers: tuple[RosterLayer, ...]
    overrides: tuple[RosterOverride, ...]
    removed: bool
    zone: ZoneName
    """Whose clock faces hand-overs go by."""


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """A roster as the table has it."""

    id: Ref
    row: RosterRow
    seq: Seq
    """Of the last fact about it: its version."""
