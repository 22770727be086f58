"""Profiles: figures that a centre measures itself against, as data, each with its source and evidence.

A profile changes reports, the load panel and the mark of a late claim; never what an operator may do.
Source: STANDARDS.md, sections 1 to 3.5.
"""

from typing import Final, Literal, get_args

import msgspec

from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.values import Code, Words

Measure = Literal[
    "reaction",
    "handling",
    "answering",
    "processing",
    "turnout",
    "travel",
    "hand_over",
    "path_fault",
    "restoral",
    "runner",
    "load.average",
    "load.day",
    "load.peak_hour",
    "load.peak_minute",
    "load.flood_begins",
    "load.flood_ends",
    "load.flood_share",
    "load.high",
    "load.medium",
    "load.low",
    "load.worst_ten",
    "load.chattering",
    "load.stale",
]
"""What a figure is of. Intervals have a share and a limit in seconds; `load.` measures have a target."""

MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
LOAD_PREFIX: Final = "load."
MEASURED: Final[frozenset[Measure]] = frozenset(
    {"reaction", "handling", "path_fault", "restoral", *(one for one in MEASURES if one.startswith(LOAD_PREFIX))}
)
"""Of which the journal of this release holds the facts. The others are shown as not measured, never filled in."""

Evidence = Literal["C", "M"]
"""C: confirmed in a public text, which the source names. M: from memory, an unconfirmed figure until somebody who has
the text checks it. What was looked for and not found stands in no profile."""

Kind = Literal["response", "load"]
FIGURES_MAX: Final = 100


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a profile."""

    id: Code
    measure: Measure
    hazards: tuple[HazardClass, ...] = ()
    """Classes that it is about; empty: all."""
    priorities: tuple[Priority, ...] = ()
    """The same of priorities."""
    share_permille: int | None = None
    """Of an interval: so many in a thousand cases are to be within the limit."""
    limit_s: int | None = None
    target_milli: int | None = None
    """Of a load: the target in thousandths; shares in thousandths of a percent."""
    source: Words
    evidence: Evidence
    checked_by: Words = Words("")
    checked_on: Words = Words("")

    @property
    def is_confirmed(self) -> bool:
        """It stands in a public text, or somebody compared it with the bought one."""
        return self.evidence == "C" or bool(self.checked_by and self.checked_on)

    def is_about(self, hazard: str, priority: int) -> bool:
        """Does it speak of incidents of this class and priority?"""
        return (not self.hazards or hazard in self.hazards) and (not self.priorities or priority in self.priorities)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile, whole and checked."""

    id: Code
    title: Words
    wording: Words
    """How it may be spoken of: "designed to measure against"."""
    kind: Kind
    version: Code
    """The file's own number, and the beginning of the SHA-256 of its text: `1-5f3a09b1c2d4`."""
    copied_from: Code | None
    """The profile that a centre's own one was copied from."""
    is_own: bool
    """It lies in the centre's folder."""
    figures: tuple[Figure, ...]


def claim_figure(profile: Profile, hazard: HazardClass, priority: Priority) -> Figure | None:
    """The figure that says by when an incident is to be claimed; None: the profile says nothing.

    The shortest of those about it: who keeps that one keeps the others.
    """
    about = [
        one
        for one in profile.figures
        if one.measure == "reaction" and one.limit_s is not None and one.is_about(hazard, priority)
    ]
    return min(about, key=lambda one: one.limit_s or 0, default=None)


def claim_limit_s(profile: Profile, hazard: HazardClass, priority: Priority) -> int | None:
    """Within how many seconds after its first signal an incident is to be claimed; None: the profile says nothing."""
    found = claim_figure(profile, hazard, priority)
    return None if found is None else found.limit_s
