"""What lost paths have in common: many at once are one happening, and our own side is suspected first.

By the monotonic clock, as `centre.categories`.
Source: STANDARDS.md, section 5 (lessons 11 and 17); CONSOLE.md, section 13.
"""

from typing import Final

import msgspec

from tocsin.centre.categories import LATE_FACTOR
from tocsin.model.supervision import LossCause
from tocsin.model.values import Code

MANY: Final = 5
"""With fewer lost, nothing is called common: two neighbours' power cuts prove nothing about us."""

MANY_OF_NETWORK: Final = 10
"""So many lost within WINDOW_S behind one network have that in common, however many others there are behind it."""

SHARE: Final = 0.5
"""Or so large a part of those that are watched."""

WINDOW_S: Final = 60.0
POLLS_MISSED: Final = 10.0
"""Or nobody was heard for so long that so many polls should have come: chance makes that once in twenty thousand."""

TOGETHER_S: Final = 600.0
"""Paths were lost together where the times in which each was lost are no further apart."""


class SharedLoss(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Watched paths that share something, when some of them have just been lost."""

    cause: LossCause
    group: Code
    lost: int
    """Lost within WINDOW_S, those of now among them."""
    missing: int
    """All that are missing, since whenever, those of now among them."""
    heard: int
    """Those that are not missing."""
    missed_polls: float
    """Polls that should have come from those since any of them was last heard."""
    silent_s: float = 0.0
    """Since any of those was last heard."""
    gap_s: float = 0.0
    """Between two polls of one of those: half of them poll more often."""
    is_known: bool = False
    """It was called common before, and nobody has said that it is over."""


def is_common(loss: SharedLoss) -> bool:
    """The loss is one happening: of what they share, not of each of them."""
    if loss.is_known and loss.missing >= MANY:
        return True
    if loss.lost + loss.heard < MANY or not loss.lost:
        return False
    if loss.lost >= MANY and loss.lost >= SHARE * (loss.lost + loss.heard):
        return True
    if loss.cause == "network" and loss.lost >= MANY_OF_NETWORK:
        return True
    # After a restart of ours all panels poll in step: silence counts only where it is longer than their interval.
    is_silent = loss.heard > 0 and loss.silent_s > LATE_FACTOR * loss.gap_s
    return is_silent and loss.missed_polls >= POLLS_MISSED


def were_lost_together(heard_at_s: float, lost_by_s: float, other_heard_at_s: float, other_lost_by_s: float) -> bool:
    """Two paths could have been lost at one time: each was, between when it was last heard and when it was overdue."""
    return max(heard_at_s, other_heard_at_s) - min(lost_by_s, other_lost_by_s) <= TOGETHER_S
