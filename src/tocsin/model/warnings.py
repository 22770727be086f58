"""Warnings to crews about a place: a closed list, each with a cause, and an end within six months (SCOPE.md)."""

from typing import Final, Literal

import msgspec

from tocsin.model.values import Code, Micros, Ref, Seq

PlaceDanger = Literal["crew_attacked", "dog", "needles", "weapons_stored"]
"""What crews are warned of. The list is closed, and has no words of anybody's about who lives there."""

PLACE_DANGERS: Final[tuple[PlaceDanger, ...]] = ("crew_attacked", "dog", "needles", "weapons_stored")
WARNING_DAYS_MAX: Final = 183
"""Six months at most; then it takes a new cause."""

DAY_US: Final = 86_400_000_000
WARNING_ENDS: Final = Code("place_warning")
"""Kind of the timer after which a warning about a place ends."""

PLACE_WARNED: Final = Code("place.warned")
PLACE_WARNING_ENDED: Final = Code("place.warning_ended")
EndReason = Literal["expired", "lifted", "renewed", "site_removed"]


class PlaceWarned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `place.warned`, version 1: crews who are sent to this site are warned."""

    cause: Ref
    """The closed incident there that gave the reason."""
    danger: PlaceDanger
    ends_at: Micros
    site_id: Ref


class PlaceWarningEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `place.warning_ended`, version 1. `ref` is the warning."""

    reason: EndReason
    site_id: Ref


class PlaceWarning(msgspec.Struct, frozen=True, gc=False):
    """A warning that stands: its id is `warning-` and the seq of its fact, and what that says."""

    id: Ref
    body: PlaceWarned
    seq: Seq
