"""Lone workers who say by when they will be heard of. Nobody follows them: until the time is over no desk knows of one.

A check-in says how long, and where. It ends by its person; where it does not, an incident is opened. No position is
taken. Fields of facts stand in the order of canonical JSON. Source: SCOPE.md, "lone worker"; decision 0072.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from tocsin.model.call_forms import ReportedPlace
from tocsin.model.values import Actor, Code, KeyId, Micros, Ref, Seq

CHECK_IN_BEGUN: Final = Code("check_in.begun")
CHECK_IN_PROLONGED: Final = Code("check_in.prolonged")
CHECK_IN_REMINDED: Final = Code("check_in.reminded")
CHECK_IN_ENDED: Final = Code("check_in.ended")
CHECK_IN_ERASED: Final = Code("check_in.erased")
CHECK_IN_KINDS: Final = frozenset(
    {CHECK_IN_BEGUN, CHECK_IN_PROLONGED, CHECK_IN_REMINDED, CHECK_IN_ENDED, CHECK_IN_ERASED}
)
CHECK_IN_DUE: Final = Code("check_in")
"""Kind of the timer that reminds, and then opens an incident. It waits for no clock."""

CHECK_IN_GONE: Final = Code("check_in_gone")
"""Kind of the timer by which what was typed is erased."""

CHECK_IN_FIELD: Final = Code("check_in")
"""Field of the sealed value."""

MINUTES_MAX: Final = 480
REMIND_S: Final = 300
"""So long before its time the person is reminded, and never for more than a third of it."""

GRACE_S: Final = 120
"""So long somebody has at least, from being reminded: also where the centre was down when it was due."""

MISSED_HOURS: Final = 12
"""So long a phone is still told that the check-in was missed."""

OPEN_MAX: Final = 2_000
"""Check-ins at once."""

Minutes = Annotated[int, Meta(ge=1, le=MINUTES_MAX)]
CheckInEndedAs = Literal["well", "missed"]


class CheckIn(msgspec.Struct, frozen=True, kw_only=True):
    """A check-in that goes on, or has just ended: projection of its facts. What was typed lies sealed."""

    id: Ref
    """`checkin-` and the seq of the fact that began it."""
    begun_at: Micros
    due_at: Micros
    """By then its person is heard of, or an incident is opened."""
    incident: Ref | None = None
    """That was opened."""
    minutes: int
    outcome: CheckInEndedAs | None = None
    """None: it goes on."""
    place: ReportedPlace
    reminded_at: Micros | None = None
    seq: Seq
    """Of the last fact about it."""
    site_id: Ref | None
    user: Actor


class CheckInBegun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `check_in.begun`, version 1: the actor works alone and will be heard of by then. `value` commits."""

    due_at: Micros
    exercise: bool
    minutes: int
    place: ReportedPlace
    site_id: Ref | None
    value: Ref


class CheckInProlonged(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `check_in.prolonged`, version 1: all is well, and it goes on."""

    due_at: Micros
    exercise: bool
    minutes: int


class CheckInReminded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `check_in.reminded`, version 1: its time is nearly over; `due_at` is later where that came late."""

    due_at: Micros
    exercise: bool


class CheckInEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `check_in.ended`, version 1: the person said that all is well, or was not heard of."""

    exercise: bool
    incident: Ref | None
    outcome: CheckInEndedAs


class CheckInErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `check_in.erased`, version 1: the keys of what was typed were destroyed."""

    keys: tuple[KeyId, ...]
    values: int
