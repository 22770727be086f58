"""What simulated people do about their shifts: go on, hand over, accept, decline, end, take over from who has gone.

Whoever gets no answer asks for the same again until there is one, as somebody at a screen does. What they were told is
theirs: `told` is compared with the centre at the end.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tocsin.model.shifts import Shift
from tocsin.model.values import Actor, Micros, Ref
from tocsin.simulation.duty import change
from tocsin.simulation.errands import Errand, Errands
from tocsin.simulation.host import SimulatedService
from tocsin.simulation.machine import SECOND_US

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - its type alone; the seeded one comes from `system`

HOURS_MIN, HOURS_MAX = 2.0, 9.0
OFFER_CHANCE: Final = 0.012
ACCEPT_CHANCE: Final = 0.25
END_CHANCE: Final = 0.004
TAKE_OVER_CHANCE: Final = 0.1
CHANGE_CHANCE: Final = 0.06
"""In the shortest runs: as all trouble does, changes come more seldom in longer ones (`simulation.run`)."""


class Told(NamedTuple):
    """What somebody was told of a shift."""

    shift: Ref
    person: Actor
    is_begun: bool
    """The person is on this shift; else it was somebody's, and the person has taken it."""


class ShiftWork:
    """One person's."""

    def __init__(
        self, person: Actor, operators: Sequence[Actor], dice: "Random", *, is_lead: bool, change_chance: float
    ) -> None:
        """Be somebody of these colleagues, who changes something with this chance a turn, where it is theirs to."""
        self._person = person
        self._operators = list(operators)
        self._dice = dice
        self._is_lead = is_lead
        self._change_chance = change_chance
        self._errands = Errands()
        self.told: list[Told] = []

    def is_on(self, service: SimulatedService) -> bool:
        """Is the person on shift? From the list that every screen has."""
        return any(one.user == self._person for one in service.parts._opened.store.shifts())

    def act(self, service: SimulatedService, present: set[Actor]) -> bool:
        """Do one thing about shifts, where there is one to do; False: there was none."""
        return self._errands.go(service, lambda: self._want(service, present), self._note)

    @property
    def refused(self) -> int:
        """What the centre would not do."""
        return self._errands.refused

    def _note(self, shift: object) -> None:
        if not isinstance(shift, Shift):
            return
        if shift.user == self._person and shift.ended_at is None:
            self.told.append(Told(shift.id, self._person, is_begun=True))
        elif shift.to == self._person:
            self.told.append(Told(shift.id, self._person, is_begun=False))

    def _want(self, service: SimulatedService, present: set[Actor]) -> Errand | None:
        dice, me = self._dice, self._person
        going_on = service.parts._opened.store.shifts()
        own = next((one for one in going_on if one.user == me), None)
        until = Micros(service.parts._clock.now_us() + round(dice.uniform(HOURS_MIN, HOURS_MAX) * 3600) * SECOND_US)
        offered = next((one for one in going_on if one.offered_to == me), None)
        if offered is not None and dice.random() < ACCEPT_CHANCE:
            if dice.random() < 0.15:
                return lambda one: one.centre.shifts.end_offer(offered.id, me)
            return lambda one: one.centre.shifts.accept(offered.id, until, me)
        if self._is_lead:
            return self._lead(service, going_on, present, until)
        if own is None:
            desk = dice.choice(service.centre.shifts.desks()).id
            return lambda one: one.centre.shifts.begin(desk, until, me)
        if own.offered_to is not None:
            return (lambda one: one.centre.shifts.end_offer(own.id, me)) if dice.random() < END_CHANCE else None
        if dice.random() < OFFER_CHANCE:
            to = dice.choice([one for one in self._operators if one != me])
            return lambda one: one.centre.shifts.offer(own.id, to, me)
        return (lambda one: one.centre.shifts.end(own.id, me)) if dice.random() < END_CHANCE else None

    def _lead(
        self, service: SimulatedService, going_on: Sequence[Shift], present: set[Actor], until: Micros
    ) -> Errand | None:
        """A supervisor takes over from who has gone, ends a shift at times, and changes who is told."""
        dice, me = self._dice, self._person
        if dice.random() < self._change_chance:
            return change(service, me, self._operators, dice)
        gone = [one for one in going_on if one.user not in present and one.user != me]
        if gone and dice.random() < TAKE_OVER_CHANCE:
            shift = dice.choice(gone)
            return lambda one: one.centre.shifts.take_over(shift.id, until, me)
        own = next((one for one in going_on if one.user == me), None)
        if own is not None and own.offered_to is None and dice.random() < OFFER_CHANCE:
            to = dice.choice([one for one in self._operators if one != me])
            return lambda one: one.centre.shifts.offer(own.id, to, me)
        return None


__all__ = ["CHANGE_CHANCE", "ShiftWork", "Told"]
