"""Whether somebody can be told just now of what nobody claims: asked each minute, and an incident where nobody can.

What is checked when a chain is saved is who could be reached at some time. People go off duty, say "not now", and lose
their last contact to a provider that knows it no more; a room must hear of that before the fire, not by it.
Source: STANDARDS.md, section 5, lessons 4 and 7; INTEGRATIONS.md, section 10, "checked when saved".
"""

from typing import Final

from tocsin.centre.configuration import Run
from tocsin.centre.escalation import Escalating
from tocsin.centre.outbox import Outbox
from tocsin.centre.telling import Staff, Telling
from tocsin.model.escalation import Chain
from tocsin.model.journal import CentreNoticed, Fact
from tocsin.model.notices import NOBODY_REACHED, SOMEBODY_REACHED
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.values import Code, Micros

GRACE_S: Final = 300.0
"""So long nobody may be reached before it is told: a change of shift takes its minutes."""

_TELLS_PEOPLE: Final = frozenset({"everyone", "notify", "supervisor"})
TOLD: Final = Code("nobody_reached")
"""Small value: that it was told, so that a restart neither forgets nor tells it twice."""


class Reachable:
    """Looks whether each chain reaches somebody at its end as everything stands now. One thread at a time."""

    def __init__(self, *, store: Store, run: Run, clock: Clock, outbox: Outbox, escalating: Escalating) -> None:
        """Look at these."""
        self._store = store
        self._run = run
        self._clock = clock
        self._outbox = outbox
        self._escalating = escalating
        self._telling = Telling(store, outbox)
        self._since_s: float | None = None

    def unreached(self) -> int:
        """How many chains, the built-in one among them, would end with nobody told now.

        0 where no channel is switched on: then the screens and TELEPHONE are all there is, and the room knows it.
        """
        if not self._outbox.ways:
            return 0
        staff, now = self._telling.staff(), self._clock.now_us()
        built_in, _ = self._escalating.built_in(None, 1)  # that of priority 2 tells the same people, later
        chains = [built_in, *(self._escalating.plan_as(one).steps for one in self._store.chains())]
        return sum(not self._reaches(chain, staff, now) for chain in chains)

    def watch(self) -> int:
        """Look, and note it where it has been so for GRACE_S, or is over; return how many chains reach nobody."""
        count = self.unreached()
        now_s = self._clock.monotonic_s()
        if count and self._since_s is None:
            self._since_s = now_s
        elif not count:
            self._since_s = None
        was_told = self._store.get_meta(TOLD) == "1"
        is_long = self._since_s is not None and now_s - self._since_s >= GRACE_S
        if was_told != (is_long or (was_told and count > 0)):
            self._run(lambda journal: journal.decide(lambda transaction, appender: _note(transaction, appender, count)))
        return count

    def _reaches(self, chain: Chain, staff: Staff, now: Micros) -> bool:
        last = next((step for step in reversed(chain) if step.tell in _TELLS_PEOPLE), None)
        if last is None:
            return False
        people = self._telling.whom(last, staff, now).people
        return any(self._telling.planned(person, last.channels, staff, now, is_last=True)[0] for person in people)


def _note(transaction: StoreTransaction, appender: Appender, count: int) -> None:
    notice = NOBODY_REACHED if count else SOMEBODY_REACHED
    body = CentreNoticed(account=None, count=count, notice=notice, reason=None)
    appender.append(Fact(kind=Code("centre.noticed"), body=body))
    transaction.put_meta(TOLD, "1" if count else "")
