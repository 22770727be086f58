"""Zones out of service: detectors that are left out for a reason and until a stated time (STYLE.md, section 11).

A signal of such a zone is stored and shown, and starts no response. Fields stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import HazardClass
from tocsin.model.values import Actor, Code, Micros, Ref, Seq

ZONES_TAKEN_OUT: Final = Code("zones.taken_out")
ZONES_OUT_EXTENDED: Final = Code("zones.out_extended")
ZONES_PUT_BACK: Final = Code("zones.put_back")
OUT_KINDS: Final = frozenset({ZONES_TAKEN_OUT, ZONES_OUT_EXTENDED, ZONES_PUT_BACK})
OUT_ENDS: Final = Code("out_of_service")
"""Kind of the timer that puts zones back into service."""

OutReason = Literal["building_works", "detector_fault", "not_in_use", "unwanted_alarms", "waiting_for_parts"]
OUT_REASONS: Final[tuple[OutReason, ...]] = (
    "building_works",
    "detector_fault",
    "not_in_use",
    "unwanted_alarms",
    "waiting_for_parts",
)
"""Why a zone is out of service. Coded, since a reason in words could name somebody."""

OutEndReason = Literal["account_removed", "by_hand", "due"]
DEFAULT_OUT_S: Final = 24 * 3600
OUT_S_MAX: Final = 24 * 3600
"""Longer needs a supervisor."""

SUPERVISED_OUT_S_MAX: Final = 92 * 24 * 3600
"""A quarter of a year: then somebody looks at it again, and takes it out anew where that is still so."""

ZONES_OUT_MAX: Final = 200
"""Zones that are taken out together."""

OUTS_MAX: Final = 20_000
"""So often zones may be out of service at once."""


class ZonesTakenOut(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `zones.taken_out`, version 1. `ref` is None: what it says is named `out-` and this seq."""

    account_id: Ref
    again: bool
    """One of them was out of service less than a day before."""
    config: int
    exercise: bool
    live: tuple[HazardClass, ...]
    """Of the classes about life, those whose signals are incidents as ever, rising."""
    reason: OutReason
    site_id: Ref | None
    """Of the account, when it began; None where it has none."""
    until: Micros
    zones: tuple[Code, ...]
    """Of the account, without leading zeros; never none."""


class ZonesOutExtended(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `zones.out_extended`, version 1: they are put back later. `ref` says which."""

    exercise: bool
    until: Micros


class ZonesPutBack(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `zones.put_back`, version 1: the zones count again. What is still active opens with it."""

    exercise: bool
    reason: OutEndReason


class ZonesOut(msgspec.Struct, frozen=True, kw_only=True):
    """Zones of one account that are out of service, or were: a row of the projection of the three kinds."""

    id: Ref
    end_reason: OutEndReason | None
    ended_at: Micros | None
    ended_by: Actor | None
    """None where it ended by itself."""
    ended_seq: Seq | None
    extended: int
    """How often somebody put the end off."""
    seq: Seq
    """Of the fact that began it."""
    taken: ZonesTakenOut
    taken_at: Micros
    taken_by: Actor | None
    until: Micros
