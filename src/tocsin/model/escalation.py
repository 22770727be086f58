"""Escalation: what happens while nobody takes what cannot wait, step by step, and the facts that say so.

A chain is a list of steps, each a while after the one before. How far an incident has come stands in its row.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from tocsin.model.access import Role
from tocsin.model.catalogue import Priority
from tocsin.model.notices import Channel
from tocsin.model.values import Actor, Code, Micros, Ref, Seq, ZoneName

UNCLAIMED: Final = Code("unclaimed")
"""Kind of the timer of an open incident of priority 1 or 2 that nobody has claimed."""

CHAIN_STEP: Final = Code("chain_step")
"""Kind of the timer of an open incident that a chain of the centre's own goes on about."""

LOOK_AGAIN: Final = Code("look_again")
"""Kind of the timer of an open incident about somebody missing, whose help note must be looked at again."""

INCIDENT_ESCALATED: Final = Code("incident.escalated")
INCIDENT_LOOK_AGAIN: Final = Code("incident.look_again")
Tell = Literal["second_desk", "supervisor", "everyone", "notify", "again", "telephone", "webhook"]
"""Who is told by a step: another desk, the supervisors, everybody who handles incidents; whom a chain of the
centre's own names, and of them again who did not answer; last of all the operators are told to telephone, and the
supervisors once more. `webhook` calls programs, and tells nobody."""

LookAgainReason = Literal["written", "confirmed", "due", "withdrawn"]


class StepHours(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Between which times of the local day a step is taken; outside them the next one is."""

    from_min: int
    """Minutes since midnight, by the clocks of `zone`."""
    to_min: int
    """Before `from_min`: of the next day."""
    zone: ZoneName


class ChainStep(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One step of a chain."""

    channels: tuple[Channel, ...] = ()
    """By which alone; empty: by all that somebody has."""
    desks: tuple[Ref, ...] = ()
    groups: tuple[Ref, ...] = ()
    hours: StepHours | None = None
    roles: tuple[Role, ...] = ()
    rosters: tuple[Ref, ...] = ()
    tell: Tell
    users: tuple[Actor, ...] = ()
    wait_s: int
    """Seconds after the step before, or after the incident began to wait."""


Chain = tuple[ChainStep, ...]
BuiltIn = Mapping[Priority, Chain]
"""The chain of what nobody claims, by priority. All have the same steps at other times, so that what is made less
urgent goes on from where it was."""


class Escalation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A step that was taken, in an incident's row."""

    at: Micros
    bundled: int = 0
    """How many were not told anew: they are being told of it, are coming, or hear of it in a moment."""
    chain: Ref | None = None
    """Of which chain; None: of the built-in one."""
    counts: bool = False
    """The chain counts who is coming: a claim does not end it."""
    desks: tuple[Ref, ...] = ()
    """Desks by name that it told, with somebody at them: their screens say so."""
    late_s: int
    priority: Priority = 1
    """Of the incident then: of the built-in chain, what is raised begins it anew."""
    seq: Seq | None = None
    """Of the fact. While a clock is set back, times stand still, and this tells what came after it."""
    step: int
    tell: Tell
    told: int
    vacant: tuple[Ref, ...] = ()
    """Rosters by which nobody was on call, and desks that nobody was at."""
    version: Seq | None = None
    """Of the chain, then."""


class IncidentEscalated(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.escalated`, version 1: nobody had claimed it, or too few are coming: a step of its chain."""

    bundled: int
    """How many were not told at once: they are being told of this incident already, have said that they are coming, or
    were told of another one of its site a moment before, and have a notice of this one a while later."""
    chain: Ref | None = None
    """The centre's own chain that it is a step of; None: the built-in one."""
    counts: bool = False
    """That chain counts who is coming: it goes on until enough are, and a claim does not end it."""
    desks: tuple[Ref, ...] = ()
    """Desks by name that it tells, with somebody at them: their screens say so, whoever has a phone there or none."""
    exercise: bool
    late_s: int
    """Seconds after it was due, where the centre stood still then."""
    off_hours: bool = False
    """It was not its time of the day: nobody was told by it."""
    priority: Priority = 1
    """Of the incident then. Facts without it are of a release that told of priority 1 alone."""
    refused: int
    """How many could not be told: off duty, without a way that works, or they have said that they cannot come."""
    step: int
    """Its number in the chain, from 0."""
    tell: Tell
    told: int
    """To how many a notice goes."""
    vacant: tuple[Ref, ...] = ()
    """Rosters of this step by which nobody was on call, and desks that nobody was at."""
    version: Seq | None = None
    """Of the centre's own chain."""


class IncidentLookAgain(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.look_again`, version 1: the help note about somebody missing, and when it is looked at again.

    Written or confirmed: in 12 hours. Due: now. Withdrawn: nobody is missing by the note any more.
    """

    exercise: bool
    late_s: int
    """Seconds after it was due, where the centre stood still then."""
    reason: LookAgainReason
