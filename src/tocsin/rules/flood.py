"""When a flood of alarms begins and ends, and what counts towards it.

Pure. Counted are incidents that were announced: not exercises, not what is on test or out of service, not what a plan
handles alone, not the room's own call. Nothing here hides an incident: what a screen groups is the screen's affair,
and never what is urgent or about lives. Source: ISA-18.2, EEMUA 191 (more than 10 in 10 minutes at a staffed desk,
over below 5); STANDARDS.md 3.5; decision 0056.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.flood import Load
from tocsin.model.incidents import Incident
from tocsin.model.values import Micros
from tocsin.rules.judgement import Flood

SECOND: Final = 1_000_000
KEPT_S: Final = 3_600
"""So long it is known what was announced."""

Announced = tuple[Micros, HazardClass, Priority]
"""When an incident was opened, its class and its priority."""


def is_announced(incident: Incident) -> bool:
    """Did it ask for the attention of somebody at a desk when it opened?"""
    return (
        incident.presentation in ("shown", "shelved")
        and not incident.exercise
        and not incident.is_room
        and incident.split is None
        and (incident.plan is None or not incident.plan.alone)
    )


def in_window(times: Iterable[Micros], now: Micros, window_s: int) -> list[Micros]:
    """Those within the window that ends now, rising; what is ahead of the clock counts as now."""
    return sorted(at for at in times if at > now - window_s * SECOND)


def count_since(announced: Iterable[Announced], now: Micros, window_s: int) -> int:
    """How many came within the window that ends now."""
    return sum(at > now - window_s * SECOND for at, _, _ in announced)


def begins(times: Sequence[Micros], desks: int, rule: Flood) -> bool:
    """Are so many more than the desks can take?"""
    return len(times) > rule.begins * max(1, desks)


def is_over(times: Sequence[Micros], desks: int, rule: Flood) -> bool:
    """Are so many few again? Between the two numbers neither is so: no storm comes and goes each minute."""
    return len(times) < rule.ends * max(1, desks)


def look_again_at(times: Sequence[Micros], desks: int, rule: Flood) -> Micros:
    """When it may be over, where no more come: as soon as enough of these have left the window."""
    few = rule.ends * max(1, desks) - 1
    leaves = times[len(times) - few - 1]
    return Micros(leaves + rule.window_s * SECOND)


def load_of(
    announced: Iterable[Announced],
    now: Micros,
    hazards: Collection[HazardClass] = (),
    priorities: Collection[Priority] = (),
) -> Load:
    """How many came in the last minute, ten minutes and hour; of these classes and priorities alone, where some are."""
    taken = [
        one for one in announced if (not hazards or one[1] in hazards) and (not priorities or one[2] in priorities)
    ]
    minute, ten_min, hour = (count_since(taken, now, window_s) for window_s in (60, 600, KEPT_S))
    return Load(minute=minute, ten_min=ten_min, hour=hour)
