"""What simulated people do about parts of the queue: offer, accept, decline, withdraw, give back.

Whoever gets no answer asks for the same again until there is one, as somebody at a screen does. What somebody was told
that they have accepted is theirs: `told` is compared with the journal at the end.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tocsin.model.incidents import Incident
from tocsin.model.queue_parts import QueuePart
from tocsin.model.values import Actor, Ref
from tocsin.simulation.errands import Errand, Errands
from tocsin.simulation.host import SimulatedService

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - its type alone; the seeded one comes from `system`

PART_CHANCE: Final = 0.1
"""A turn, in the shortest runs."""

ACCEPT_CHANCE: Final = 0.5
DECLINE_CHANCE: Final = 0.1
WITHDRAW_CHANCE: Final = 0.02
BACK_CHANCE: Final = 0.02
LOOKED_AT: Final = 30
"""So far down the queue somebody looks for what to hand over."""


class PartWork:
    """One person's."""

    def __init__(self, person: Actor, dice: "Random", chance: float, *, is_lead: bool) -> None:
        """Be somebody who hands a part over with this chance a turn; who leads the room does it from no desk too."""
        self._person = person
        self._dice = dice
        self._chance = chance
        self._is_lead = is_lead
        self._errands = Errands()
        self.told: list[Ref] = []
        """Parts of which somebody was told that they have accepted them."""

    def act(self, service: SimulatedService, queue: Sequence[Incident]) -> bool:
        """Do one thing about parts, where there is one to do; False: there was none."""
        return self._errands.go(service, lambda: self._want(service, queue), self._note)

    def _note(self, said: object) -> None:
        if isinstance(said, QueuePart) and said.accepted_by == self._person:
            self.told.append(said.id)

    def _want(self, service: SimulatedService, queue: Sequence[Incident]) -> Errand | None:
        dice, me, is_lead = self._dice, self._person, self._is_lead
        store = service.parts._opened.store
        parts = service.centre.queue_parts.all()
        own = next((one.desk for one in store.shifts() if one.user == me), None)
        for one in parts:
            is_here, id_ = one.to_desk == own, one.id
            if is_here and one.accepted_at is None and dice.random() < ACCEPT_CHANCE:
                if dice.random() < DECLINE_CHANCE:
                    return lambda it: it.centre.queue_parts.end(id_, me, is_lead=is_lead)
                return lambda it: it.centre.queue_parts.accept(id_, me)
            chance = BACK_CHANCE if one.accepted_at is not None else WITHDRAW_CHANCE
            if (is_here or one.by == me or is_lead) and dice.random() < chance:
                return lambda it: it.centre.queue_parts.end(id_, me, is_lead=is_lead)
        if not queue or dice.random() >= self._chance:
            return None
        others = [desk.id for desk in service.centre.shifts.desks() if desk.id != own]
        first, desk = dice.choice(queue[:LOOKED_AT]), dice.choice(others)
        chance = dice.random()
        hazard = None if chance < 0.3 else first.hazard
        site = first.site_id if chance < 0.5 else None
        return lambda it: it.centre.queue_parts.offer(desk, hazard, site, me, is_lead=is_lead)


__all__ = ["PART_CHANCE", "PartWork"]
