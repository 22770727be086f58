"""Desks, who is on shift at them, and how a shift passes from one person to the next. Nothing personal.

People are opaque ids, desks have short labels. Fields of facts stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.values import Actor, Code, Micros, Ref, Seq

DESK_SET: Final = Code("desk.set")
DESK_UNATTENDED: Final = Code("desk.unattended")
DESK_ATTENDED: Final = Code("desk.attended")
SHIFT_BEGUN: Final = Code("shift.begun")
SHIFT_OFFERED: Final = Code("shift.offered")
SHIFT_OFFER_ENDED: Final = Code("shift.offer_ended")
SHIFT_ENDED: Final = Code("shift.ended")
DESK_KINDS: Final = frozenset({DESK_SET, DESK_UNATTENDED, DESK_ATTENDED})
SHIFT_KINDS: Final = frozenset({SHIFT_BEGUN, SHIFT_OFFERED, SHIFT_OFFER_ENDED, SHIFT_ENDED})

DESKS_MAX: Final = 100
"""Desks of a centre that are not removed."""

LABEL_MAX: Final = 20
SHIFTS_MAX: Final = 500
"""Shifts that go on at once."""

SHIFT_S_MAX: Final = 24 * 3600
"""A shift is planned for so long at most. It goes on, marked, until somebody has taken it over or ended it."""

LISTED_MAX: Final = 500
"""So many of each are named one by one in the list of a hand-over; of more there is the number."""

OfferEnd = Literal["declined", "withdrawn"]
ShiftEnd = Literal["by_hand", "handed_over", "taken_over"]
"""By hand: off shift, and somebody else is on. Handed over: the other accepted. Taken over: a supervisor did it, for
somebody who had gone."""


class DeskRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `desk.set`, version 1: a desk as it is from now on. `ref` is it; None: new, `desk-` and this seq."""

    hazards: tuple[HazardClass, ...]
    """Classes of incidents that it takes, rising; empty: all."""
    label: Code
    """What stands on the desk; never a person's name."""
    priorities: tuple[Priority, ...]
    """Priorities that it takes, rising; empty: all."""
    removed: bool
    roster: Ref | None
    """Who is on call by it should be on shift here; they go on by their own word."""


class DeskUnattended(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `desk.unattended`, version 1: somebody is on shift at it, and no console of theirs lives. `ref` is it."""

    since: Micros
    """When one was last alive."""


class DeskAttended(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `desk.attended`, version 1: that is over. `ref` is the desk."""

    is_staffed: bool
    """Somebody is at it again; else nobody is on shift there any more."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A desk as the table has it."""

    id: Ref
    row: DeskRow
    seq: Seq
    """Of the last fact that set it."""
    unattended_since: Micros | None


class Listed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What goes with a shift when it is handed over, by ids, and their numbers."""

    by_plan: tuple[Ref, ...] = ()
    """Incidents that were handled by their plan, without an operator, since the shift began, the newest first."""
    by_plan_count: int = 0
    claimed: tuple[Ref, ...]
    """Open incidents that whoever hands over has claimed; whoever takes over has them from then on."""
    held: tuple[Ref, ...]
    """Notices that wait for a person after a restore."""
    held_count: int
    incidents: tuple[Ref, ...]
    """Open incidents of the room, the newest first."""
    incidents_count: int
    shelved: tuple[Ref, ...] = ()
    """Those of them that somebody put aside, what comes back first first."""
    shelved_count: int = 0
    tests: tuple[Ref, ...]
    """Tests that go on."""
    tests_count: int
    timers: tuple[tuple[Code, int], ...]
    """How many timers of each kind run."""
    zones_out: tuple[Ref, ...]
    """Zones that are out of service, each as it was taken out, what is put back first first."""
    zones_out_count: int


class ShiftBegun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `shift.begun`, version 1: the actor is on shift. `ref` is None: the shift is `shift-` and this seq."""

    desk: Ref
    from_shift: Ref | None
    """The shift that was handed over with it."""
    until: Micros
    """Planned."""


class ShiftOffered(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `shift.offered`, version 1: the actor wants to hand it over, and stays responsible until it is accepted.

    `ref` is the shift.
    """

    listed: Listed
    to: Actor


class ShiftOfferEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `shift.offer_ended`, version 1: it was not accepted. `ref` is the shift."""

    reason: OfferEnd


class ShiftEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `shift.ended`, version 1: whoever was on it is responsible no more. `ref` is the shift."""

    listed: Listed | None
    """What whoever has it now accepted, as a whole."""
    reason: ShiftEnd
    to: Actor | None
    """Who is responsible from now on."""


ShiftBody = ShiftBegun | ShiftOffered | ShiftOfferEnded | ShiftEnded


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift, going on or over: a row of the projection of its kinds."""

    id: Ref
    begun_at: Micros
    desk: Ref
    end_reason: ShiftEnd | None
    ended_at: Micros | None
    ended_by: Actor | None
    from_shift: Ref | None
    listed: Listed | None
    """What was accepted with it at its end."""
    offered: Listed | None
    offered_at: Micros | None
    offered_to: Actor | None
    seq: Seq
    to: Actor | None
    until: Micros
    user: Actor
    version: Seq
    """Of the last fact about it."""
