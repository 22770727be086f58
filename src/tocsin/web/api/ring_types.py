"""Bodies and answers of calls that a telephone system tells of, and of telephone lines."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.model.dials import DialFailure
from tocsin.model.hushed import Hushed
from tocsin.model.rings import Located, RingState
from tocsin.model.values import Actor, Code, Micros, PersonalText, Place, Ref, Seq


class RingReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that what was told of a call is durable."""

    id: Ref
    """The call, as we name it."""
    state: RingState
    is_repeat: bool
    """It was told before: nothing came of it."""


class RingItem(msgspec.Struct, frozen=True, kw_only=True):
    """A call that the telephone system told of. No number is in it."""

    id: Ref
    state: RingState
    begun_at: Micros
    ringing_at: Micros | None
    answered_at: Micros | None
    ended_at: Micros | None
    dialled: Code | None
    """Which number of the centre was dialled."""
    extension: Code | None
    """Which telephone of the centre rings, or was answered."""
    desk: Ref | None
    """The desk with that telephone."""
    is_mine: bool
    """It rings at the desk of whoever asks, or was answered there."""
    has_number: bool
    """The caller's number is kept; false: withheld."""
    is_lost: bool
    """The telephone system told nothing more of it: it was taken for ended."""
    call: Ref | None
    """The form that somebody opened of it."""
    held_by: Actor | None
    """Whoever fills in that form."""
    incident: Ref | None
    site_id: Ref | None
    site: Place | None
    """Where the line stands that rings."""
    exact: Code | None
    """Which thing there."""
    known_as: Place | None
    """Of a number that is a keyholder's, and rings now: which keyholder of which site."""
    linked: "LinkedRing | None"
    """The same number rang within half an hour, and that is still open."""
    locations: int
    """Positions of the caller that came."""
    returned_at: Micros | None
    returned_by: Actor | None
    sounds: bool
    """It rings, and the console of whoever asks makes its sound: at the desk whose telephone rings, else at all."""
    version: Seq


class LinkedRing(msgspec.Struct, frozen=True, kw_only=True):
    """What the same number rang about before."""

    ring: Ref
    at: Micros
    call: Ref | None
    incident: Ref | None


DialReadiness = Literal["off", "no_extension", "ready"]
"""Whether the telephone system calls for this desk: it is not set up; the desk has no telephone, or there is none."""


class DialItem(msgspec.Struct, frozen=True, kw_only=True):
    """A call that whoever asks had the telephone system make. No number is in it."""

    id: Ref
    incident: Ref
    of: Ref | None
    """The keyholder; null: whom the step names."""
    telephone: int | None
    """Which of the keyholder's numbers, from 1."""
    step: Code | None
    asked_at: Micros
    picked_up_at: Micros | None
    """When the desk's telephone was taken up."""
    answered_at: Micros | None
    """When the other side answered."""
    ended_at: Micros | None
    failed: DialFailure | None
    """The telephone system did not take it: dial by hand."""
    is_lost: bool
    """The telephone system told nothing more of it: it was taken for ended."""
    version: Seq


class DialBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to call: a keyholder of the call list, or whom a step of the plan names."""

    of: Annotated[str, Meta(pattern=r"^keyholder-[0-9]{1,16}$")] | None = None
    telephone: Annotated[int, Meta(ge=1, le=3)] = 1
    """Which of the keyholder's numbers, from 1."""
    step: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,29}$")] | None = None
    is_anyway: bool = False
    """Of a silent call for help, whose premises are not called first: somebody decided to call all the same."""


class RingsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Calls that ring, are talked in or wait to be called back, and those that ended lately; the oldest first."""

    items: list[RingItem]
    dials: list[DialItem]
    """Calls that whoever asks had made, the oldest first."""
    dialling: DialReadiness
    in_call_until: Micros | None
    """Somebody talks by the telephone of the desk of whoever asks: until then at most. Null: nobody does."""


class RingNumberAnswer(Hushed, frozen=True, kw_only=True):
    """Whom to call back. That it was read is in the journal."""

    telephone: PersonalText | None


class RingLocationsAnswer(Hushed, frozen=True, kw_only=True):
    """Positions of a caller, in the order in which they came. That they were read is in the journal."""

    items: Annotated[list[Located], Meta(max_length=10)]


class RingReturnBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody has called back; or has not, where that was a mistake."""

    is_done: bool


class LineItem(msgspec.Struct, frozen=True, kw_only=True):
    """A telephone line."""

    id: Ref
    number: Code
    desk: Ref | None
    desk_label: Code | None
    site_id: Ref | None
    site: Place | None
    exact: Code | None
    version: Seq


class LinesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Telephone lines, in the order in which they were made."""

    items: list[LineItem]


class LineBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line as it is to be: at a site, or the telephone of a desk."""

    number: Annotated[str, Meta(min_length=1, max_length=40)]
    """As the telephone system shows it; separators and a leading + or 00 are left out."""
    site_id: Annotated[str, Meta(pattern=r"^site-[0-9]{1,16}$", max_length=21)] | None = None
    exact: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_.*-]{1,40}$")] | None = None
    """Which thing there: `lift-2`."""
    desk: Annotated[str, Meta(pattern=r"^desk-[0-9]{1,16}$", max_length=21)] | None = None
    version: Annotated[int, Meta(ge=1, le=2**53 - 1)] | None = None
    """Of the line as it was on the screen; wanted for a change."""
