"""What is asked of the journal for a report, and what came out: numbers alone, the same by both computations.

`figures_by_sql` works on the journal's table, `figures_by_lines` on the lines of an export. Neither knows the other;
tests compare all that is here. Integers throughout: microseconds, thousandths, counts. Source: STANDARDS.md, 1 to 3.9.
"""

from collections.abc import Mapping, Set
from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import HazardClass
from tocsin.model.profiles import Profile
from tocsin.model.values import Code, Micros, Seq

PEOPLE_MIN: Final = 3
"""No figure of staff is of fewer people (SCOPE.md, R8)."""

SLOT_US: Final = 600_000_000
"""Averages are of ten minutes by the clock, and are never scaled to more or less."""

MINUTE_US: Final = 60_000_000
HOUR_US: Final = 3_600_000_000
DAY_US: Final = 86_400_000_000
CHATTER_SIGNALS: Final = 3
"""So many alarms of one source within a minute are chattering."""

FLOOD_BEGINS_MILLI: Final = 10_000
FLOOD_ENDS_MILLI: Final = 5_000
"""Where the load profile says nothing: more than 10 in ten minutes, until below 5. In thousandths."""

WORST_MAX: Final = 20
EDGES_S: Final = (2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800, 3600, 14_400, 86_400)
"""Where the distribution of reaction is counted."""

ACTIVE_AFTER: Final = ("active_after_test", "active_back_in_service")
NOT_ALARMS: Final = ("test", "duplicate")
"""Dispositions that are left out of the share of unwanted alarms."""

Exclusion = Literal[
    "exercise", "on_test", "out_of_service", "shelved", "after_test", "by_call", "regrouped", "by_plan", "after_plan"
]
EXCLUSIONS: Final[tuple[Exclusion, ...]] = (
    "exercise",
    "on_test",
    "out_of_service",
    "shelved",
    "after_test",
    "by_call",
    "regrouped",
    "by_plan",
    "after_plan",
)
"""Why an incident is left out of reaction and handling: the first that is true of it."""

UNHEARD: Final[tuple[Exclusion, ...]] = ("exercise", "on_test", "out_of_service", "shelved", "by_plan")
"""Of these no operator heard: they are left out of the load and of unwanted alarms too."""

Dimension = Literal["all", "hazard", "desk", "shift", "month"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("all", "hazard", "desk", "shift", "month")
NO_DESK: Final = "no desk"
ALL: Final = "all"
SourceDimension = Literal["hazard", "type", "account", "zone"]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time by name: a month, or one turn of a shift."""

    label: str
    since: Micros
    until: Micros
    """Before this."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is to be of. Times by the local clock are worked out before, so that no computation has a clock."""

    since: Micros
    until: Micros
    as_of: Micros
    """The moment that it is looked at from: what nobody has claimed by then is as old as that."""
    months: tuple[Span, ...]
    shifts: tuple[Span, ...]
    days: tuple[Micros, ...]
    """Midnights within the period."""
    buckets: tuple[Micros, ...]
    """Where the bars of the plot of load begin."""
    profile: Profile
    load_profile: Profile


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one figure of the profile."""

    figure: Code
    cases: int
    within: int
    """Within the limit; the rest are misses, those that nobody has claimed yet and are older than it among them."""
    waiting: int
    """Not claimed yet, and younger than the limit: they are no cases yet."""
    is_withheld: bool
    """Fewer than three people: cases, within and waiting are 0."""


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """An interval over several cases; by nearest rank. None of fewer than three people."""

    cases: int
    median_us: int
    p90_us: int
    longest_us: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Cases of a class, desk, shift or month, or of several that were joined since one had fewer than three people.

    What nobody has claimed belongs to no desk.
    """

    dimension: Dimension
    labels: tuple[str, ...]
    cases: int
    unclaimed: int
    """Of them, at the moment of the report."""
    reaction: Times | None
    handling: Times | None
    results: tuple[Result, ...]
    """Of the profile's figures of reaction and handling, in its order."""


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases were claimed within each of EDGES_S, of the classes of one figure."""

    hazards: tuple[HazardClass, ...]
    cases: int
    claimed_within: tuple[int, ...]


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents that were annunciated to the whole room, at a desk while it was staffed, or in a shift."""

    kind: Literal["room", "desk", "shift"]
    label: str
    annunciated: int
    slots: int
    """Ten-minute slots of the clock in which it was staffed; the whole room is taken as staffed all the time."""
    mean_milli: int
    """Annunciated a slot, in thousandths."""
    peak_slot: int
    """The most within any ten minutes."""
    peak_hour: int
    peak_minute: int
    floods: int
    flood_us: int
    staffed_us: int
    priorities: tuple[int, int, int, int]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Closed incidents of one class, type, account or zone, and how many were unwanted."""

    dimension: SourceDimension
    key: str
    closed: int
    real: int
    unwanted: int
    operator_us: int | None
    """How long the unwanted ones were somebody's; None: of fewer than three people."""


class Paths(msgspec.Struct, frozen=True, kw_only=True):
    """Health of the supervision: paths that were not heard in time."""

    losses: int
    own: int
    """By themselves; the others with many in common."""
    common: int
    all_lost: int
    """No path of the account was heard any more."""
    without_incident: int
    """A fact that is missing: no incident followed."""
    within: int
    """Raised within the path's own limit, of those with an incident."""
    fault: Times | None
    """Last heard to incident raised."""
    returned: int
    unwatched: int
    """No longer waited for."""
    still_missing: int
    restoral: Times | None
    """Incident raised to heard again."""
    results: tuple[Result, ...]
    """Of the profile's figures of path faults and restorals."""
    worst: tuple[tuple[str, int], ...]
    """Accounts with the most losses."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    entries: int
    """Entries of the journal that were read."""
    last_seq: Seq
    signals: int
    """Received in the period; those of exercises are not counted."""
    incidents: int
    """Opened in the period, whatever became of them."""
    excluded: tuple[tuple[Exclusion, int], ...]
    unclaimed: int
    """Of those that are measured, at the moment of the report. What nobody did is nobody's figure: never withheld."""
    claimed_by_programs: int
    """Incidents that a program claimed before any person: they wait for a person all the same."""
    reopened: int
    is_withheld: bool
    """Fewer than three people handled incidents in this period: no figure of staff is there."""
    groups: tuple[Group, ...]
    spreads: tuple[Spread, ...]
    load: tuple[Load, ...]
    load_joined: tuple[str, ...]
    """Desks that fewer than three people were at: they are in the room's load alone."""
    bars: tuple[tuple[int, int, int, int], ...]
    """Annunciated by priority in each of the asked buckets."""
    worst_ten: int
    """Annunciated incidents of the ten accounts with the most."""
    chattering: int
    """Sources with three alarms or more within a minute."""
    stale: int
    """The most incidents that were open for more than 24 hours at any midnight of the period."""
    sources: tuple[Source, ...]
    paths: Paths


def join_small(groups: Mapping[str, tuple[int, Set[str]]]) -> list[tuple[str, ...]]:
    """Which groups are shown together so that none is of fewer than three people; each by its number of cases and who.

    The smallest one joins the next larger one, until none is too small or all are one. Where even all of them are too
    few, there is none.
    """
    left = [((label,), cases, frozenset(people)) for label, (cases, people) in groups.items()]
    while left:
        left.sort(key=lambda one: (len(one[2]), one[1], one[0]))
        if len(left[0][2]) >= PEOPLE_MIN:
            break
        if len(left) == 1:
            return []
        first, second, *rest = left
        left = [(tuple(sorted(first[0] + second[0])), first[1] + second[1], first[2] | second[2]), *rest]
    return sorted(one[0] for one in left)
