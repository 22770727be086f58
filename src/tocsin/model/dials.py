"""Calls that the centre asks its own telephone system for: the desk's telephone rings first, then the other side.

A dial names whom it is for by their place ("keyholder 2") or by the step of the plan, and never by a number: that goes
to the telephone system alone, and stays in no fact and in no table. Fields of facts stand in the order of canonical
JSON. Source: INTEGRATIONS.md, section 14; decision 0082.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.values import Actor, Code, Micros, Ref

DIAL_ASKED: Final = Code("dial.asked")
DIAL_TOLD: Final = Code("dial.told")
DIAL_FAILED: Final = Code("dial.failed")
DIAL_KINDS: Final = frozenset({DIAL_ASKED, DIAL_TOLD, DIAL_FAILED})
DIAL_PREFIX: Final = "dial-"

DIAL_LOST_MIN: Final = 3
"""So long after it was asked for, one that the telephone system said nothing of is over."""

DialEvent = Literal["picked_up", "answered", "ended"]
"""Of the desk's telephone; of the other side; of the whole call."""

DialFailure = Literal["unreachable", "timeout", "refused", "address", "secret"]
"""Why the telephone system did not take it: not reached; silent for too long; it said no; its address is one that
nobody listed; the secret cannot be read."""


class DialAsked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `dial.asked`, version 1: the actor has the telephone system call somebody. `ref` is the incident.

    The dial is `dial-` and this seq.
    """

    desk: Ref
    exercise: bool
    extension: Code
    """The desk's telephone, which rings first."""
    of: Ref | None
    """The keyholder; None: whom the step of the plan names."""
    place: int | None
    """Of the keyholder on the call list then, from 1."""
    step: Code | None
    telephone: int | None
    """Which of the keyholder's numbers, from 1; never the number."""


class DialTold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `dial.told`, version 1: the telephone system tells how a dial goes on. `ref` is the incident."""

    dial: Ref
    event: DialEvent
    exercise: bool
    source: Ref


class DialFailed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `dial.failed`, version 1: the telephone system did not take it. `ref` is the incident."""

    dial: Ref
    exercise: bool
    reason: DialFailure


class Dialled(msgspec.Struct, frozen=True, kw_only=True):
    """What a call is about that the centre asked for; beside the moments that every call has (`rings.Ring`)."""

    by: Actor
    desk: Ref
    failed: DialFailure | None = None
    incident: Ref
    of: Ref | None
    picked_up_at: Micros | None = None
    """When the desk's telephone was taken up; `Ring.answered_at` is when the other side answered."""
    place: int | None
    step: Code | None
    telephone: int | None
