"""Shifts: what a fact makes of one, which desk is unattended, and which classes nobody takes.

Pure: state + fact + now. Until a hand-over is accepted, whoever hands over stays responsible: nothing but an end that
says so changes that. Source: CONSOLE.md, sections 2 and 12; STANDARDS.md, lessons 5 and 7.
"""

from collections.abc import Iterable, Mapping
from typing import Final, get_args

from msgspec.structs import replace

from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.shifts import (
    SHIFT_BEGUN,
    SHIFT_ENDED,
    SHIFT_OFFER_ENDED,
    SHIFT_OFFERED,
    Desk,
    Shift,
    ShiftBegun,
    ShiftBody,
    ShiftEnded,
    ShiftOffered,
    ShiftOfferEnded,
)
from tocsin.model.values import Actor, Code, Micros, Ref, Seq

SECOND_US: Final = 1_000_000
HAZARDS: Final[tuple[HazardClass, ...]] = get_args(HazardClass)
PRIORITIES: Final[tuple[Priority, ...]] = get_args(Priority)
BODIES: Final[dict[Code, type[ShiftBody]]] = {
    SHIFT_BEGUN: ShiftBegun,
    SHIFT_OFFERED: ShiftOffered,
    SHIFT_OFFER_ENDED: ShiftOfferEnded,
    SHIFT_ENDED: ShiftEnded,
}
"""The body of each kind of fact about a shift."""


def apply_shift(shift: Shift | None, body: ShiftBody, *, seq: Seq, at: Micros, actor: Actor | None, id_: Ref) -> Shift:
    """Return the shift as it is after the fact; `shift` is None for the fact that begins it, and never else."""
    if isinstance(body, ShiftBegun):
        assert shift is None, "a shift begins once"
        assert actor is not None, "somebody goes on shift"
        return Shift(
            id=id_,
            begun_at=at,
            desk=body.desk,
            end_reason=None,
            ended_at=None,
            ended_by=None,
            from_shift=body.from_shift,
            listed=None,
            offered=None,
            offered_at=None,
            offered_to=None,
            seq=seq,
            to=None,
            until=body.until,
            user=actor,
            version=seq,
        )
    assert shift is not None, "only a shift that began has further facts"
    if isinstance(body, ShiftOffered):
        return replace(shift, offered=body.listed, offered_at=at, offered_to=body.to, version=seq)
    shift = replace(shift, offered=None, offered_at=None, offered_to=None, version=seq)
    if isinstance(body, ShiftOfferEnded):
        return shift
    return replace(shift, end_reason=body.reason, ended_at=at, ended_by=actor, listed=body.listed, to=body.to)


def unattended(
    desks: Iterable[Desk], shifts: Iterable[Shift], alive_at: Mapping[Ref, Micros], now: Micros, limit_s: int
) -> dict[Ref, Micros]:
    """Desks with somebody on shift and no living console for `limit_s`, each with when one was last alive.

    `alive_at` says of each shift when a console of its person was last alive, or the shift was seen first. One person
    of several at a desk is enough.
    """
    last: dict[Ref, Micros] = {}
    for shift in shifts:
        at = alive_at[shift.id]
        last[shift.desk] = max(last.get(shift.desk, at), at)
    known = {desk.id for desk in desks}
    return {desk: at for desk, at in last.items() if desk in known and now - at >= limit_s * SECOND_US}


def uncovered(desks: Iterable[Desk]) -> tuple[HazardClass, ...]:
    """Classes that none of these desks takes for every priority. Said on the board; every screen shows all anyway."""
    taken: dict[HazardClass, set[Priority]] = {}
    for desk in desks:
        for hazard in desk.row.hazards or HAZARDS:
            taken.setdefault(hazard, set()).update(desk.row.priorities or PRIORITIES)
    return tuple(hazard for hazard in HAZARDS if taken.get(hazard, set()) != set(PRIORITIES))
