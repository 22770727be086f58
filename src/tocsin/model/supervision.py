"""Supervision: facts of paths that went missing and came back, and what the board is told. Nothing personal.

Polls are stored nowhere; only these transitions are facts (DESIGN.md). Fields stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.values import AccountNumber, Code, Micros, Ref, Seq

SUPERVISION_MISSING: Final = Code("supervision.missing")
SUPERVISION_RETURNED: Final = Code("supervision.returned")

PathRole = Literal["only", "primary", "alternative"]
PATH_ROLES: Final[tuple[PathRole, ...]] = ("only", "primary", "alternative")
"""An account of one path has `only` one, by whatever way it comes; one of DP1 to DP4 has two."""

LossCause = Literal["receiver", "transport", "network"]
LOSS_CAUSES: Final[tuple[LossCause, ...]] = ("receiver", "transport", "network")
"""What lost paths have in common, in the order in which it is suspected: all that we hear, one of our ways in, one
network that they send from."""

ReturnReason = Literal["heard", "unwatched", "removed"]
RETURN_REASONS: Final[tuple[ReturnReason, ...]] = ("heard", "unwatched", "removed")
"""Why a path is missing no more: it was heard; its account is not supervised any more; the account was removed."""

WatchState = Literal[
    "on_time",
    "late",
    "missing",
    "one_path_lost",
    "all_paths_lost",
    "second_never_heard",
    "grace",
    "learning",
    "never_heard",
    "off",
]
WATCH_STATES: Final[tuple[WatchState, ...]] = (
    "on_time",
    "late",
    "missing",
    "one_path_lost",
    "all_paths_lost",
    "second_never_heard",
    "grace",
    "learning",
    "never_heard",
    "off",
)
"""How an account stands (CONSOLE.md, section 13).

`second_never_heard`: one of DP1 to DP4 that has come by one way only. Not supervised yet: `learning`, `never_heard`.
Interval 0: `off`.
"""

PATHS_A_FACT_MAX: Final = 200
"""As many as an incident remembers."""


class PathMissing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One path that was not heard in time."""

    account: AccountNumber
    account_id: Ref
    all_lost: bool
    """No path of the account is heard any more."""
    heard_at: Micros
    """When it was last heard, by our clock when it went missing."""
    limit_s: int
    """How long it may be silent, as it was applied: without what our own outages added."""
    of_site: bool = False
    """What `together` says holds for all watched paths of the site. Older facts leave it out."""
    path: PathRole
    together: bool
    """All of the account's two paths, or all that are watched at its site, were lost at about the same time, and not
    all by what others share."""


class SupervisionMissing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `supervision.missing`, version 1: paths were not heard in time. At most PATHS_A_FACT_MAX."""

    cause: LossCause | None
    """What they have in common with many others; None: each by itself."""
    config: int
    exercise: bool
    group: Code | None
    """Names what they have in common; the network by a keyed hash."""
    paths: tuple[PathMissing, ...]


class PathReturned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One path that is missing no more."""

    account: AccountNumber
    account_id: Ref
    away_s: int
    """Since it was last heard before."""
    path: PathRole
    reason: ReturnReason


class SupervisionReturned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `supervision.returned`, version 1. At most PATHS_A_FACT_MAX."""

    config: int
    exercise: bool
    paths: tuple[PathReturned, ...]


class Outage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A path that is missing: a row of the projection of both kinds."""

    account_id: Ref
    path: PathRole
    heard_at: Micros
    since: Micros
    """When it went missing: time of the fact."""
    seq: Seq
    """The fact that says so."""
    group: Code | None
    incident: Ref | None
    """Which it opened or joined; None until the core has decided."""


class Arming(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A partition of an account that is armed, and the signal that said so: a row of the projection of closings."""

    account_id: Ref
    partition: Code
    """Empty where the signal named none."""
    seq: Seq
