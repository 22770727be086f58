"""What simulated people put aside, and take back: also what they may not, and what somebody else has.

Who leads the room shelves what is about lives together with whoever has it; others try it alone, and are refused.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, get_args

from tocsin.model.commands import Shelve, Unshelve
from tocsin.model.incidents import Incident, ShelveReason
from tocsin.model.values import Actor

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - its type alone; the seeded one comes from `system`

SHELF_CHANCE: Final = 0.3
"""A turn, in the shortest runs."""

BACK_CHANCE: Final = 0.25
MINUTES: Final = (1, 2, 3, 5, 9, 15, 40, 480)
LOOKED_AT: Final = 30
"""So far down the queue somebody looks."""

REASONS: Final[tuple[ShelveReason, ...]] = get_args(ShelveReason)


class ShelfWork:
    """One person's."""

    def __init__(self, person: Actor, dice: "Random", chance: float, *, is_lead: bool) -> None:
        """Be somebody who puts something aside, or takes it back, with this chance a turn."""
        self._person = person
        self._dice = dice
        self._chance = chance
        self._is_lead = is_lead

    def want(self, queue: Sequence[Incident]) -> tuple[Incident, Shelve | Unshelve] | None:
        """What to do now, by what the queue shows; None: nothing."""
        dice = self._dice
        if dice.random() >= self._chance or not queue:
            return None
        shelved = [one for one in queue if one.shelved is not None]
        if shelved and dice.random() < BACK_CHANCE:
            return dice.choice(shelved), Unshelve()
        incident = dice.choice(queue[:LOOKED_AT])
        act = Shelve(reason=dice.choice(REASONS), minutes=dice.choice(MINUTES), is_lead=self._is_lead)
        return incident, act


__all__ = ["SHELF_CHANCE", "ShelfWork"]
