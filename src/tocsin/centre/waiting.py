"""Texts that wait after a restore: put off by it, listed, and let go all at once by two persons.

They fell due after the backup that they come from: two persons may have set a legal hold since, of which no backup
knows. Nobody is shown them (`Values.is_waiting`), and in a week they are erased. Two persons who know of no more holds
can let them go before: then each timer falls due at once, and nobody is shown the texts until it has run.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.access.approvals import digest_of
from tocsin.centre.configuration import Run
from tocsin.centre.erasure import INCIDENT
from tocsin.centre.holds import Take
from tocsin.centre.timers import set_timer
from tocsin.centre.values import Values
from tocsin.journal.journal import Journal
from tocsin.model.errors import Conflict
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.retention import EraseWaiting
from tocsin.model.values import Actor, Code, Micros, Ref

WAIT_US: Final = 7 * 86_400_000_000
"""How long what fell due after a backup waits for a person, once it was restored."""

AT_ONCE: Final = 200
"""Timers that are moved in one turn of the writer, which intake waits for."""

RESTORED: Final = Code("restored")
RELEASED: Final = Code("released")


class WaitingIncident(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An incident whose texts wait: nothing of them."""

    incident: Ref
    number: int
    closed_at: Micros | None
    until: Micros


class WaitingPage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Some of the incidents whose texts wait, the oldest incident first."""

    items: tuple[WaitingIncident, ...]
    next: Ref | None
    """The last of them, where there are more."""
    total: int
    erasing: int
    """Let go, and not erased yet."""


class Waiting:
    """Says what waits, and lets it go. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock, values: Values) -> None:
        """Work on these; `use_approvals` before anything that takes two persons."""
        self._store = store
        self._run = run
        self._clock = clock
        self._values = values
        self._take: Take | None = None

    def use_approvals(self, take: Take) -> None:
        """Let `take` say whether two persons agreed."""
        self._take = take

    def page(self, after: Ref | None, limit: int) -> WaitingPage:
        """The incidents that wait, behind `after`, at most `limit`."""
        waiting, erasing = self._found()
        ids = sorted(waiting, key=_number)
        if after is not None:
            ids = [one for one in ids if _number(one) > _number(after)]
        found = [self._store.incident(one) for one in ids[:limit]]
        items = tuple(
            WaitingIncident(incident=one.id, number=one.number, closed_at=one.closed_at, until=waiting[one.id])
            for one in found
            if one is not None
        )
        return WaitingPage(
            items=items,
            next=ids[limit - 1] if len(ids) > limit else None,
            total=len(waiting),
            erasing=erasing,
        )

    def release(self, wanted: EraseWaiting, approval: Ref, actor: Actor) -> int:
        """Let all that waits fall due now; return how many incidents. It is erased within a minute or so.

        Only a restore adds to them, so their number says which ones the two persons meant.

        Raises:
            Conflict: `waiting.none`: nothing waits; `waiting.changed`: another number waits than was agreed on.
            BadInput, Forbidden, Conflict: as `ApprovalBook.take`.
        """
        waiting, _ = self._found()
        if not waiting:
            raise Conflict("No incident's texts wait after a restore. Nothing was changed", "waiting.none")
        if len(waiting) != wanted.count:
            raise Conflict(
                f"The texts of {len(waiting)} incidents wait, and {wanted.count} were agreed on. Nothing was changed. "
                "Look at the list again, and ask for a second person with the number of now",
                "waiting.changed",
            )
        assert self._take is not None, "whoever wires the centre says who keeps approvals"
        self._take(approval, "erase.waiting", digest_of("erase.waiting", wanted), actor)
        # One time for all of them, durable before the first moves: by it they are known as those that nobody sees.
        at = self._values.released_at() or self._run(
            lambda journal: self._values.release(journal, self._clock.now_us())
        )
        return sum(
            self._run(lambda journal, some=some: self._move(journal, some, at, actor))
            for some in _parts(sorted(waiting, key=_number))
        )

    def _move(self, journal: Journal, some: Sequence[Ref], at: Micros, actor: Actor) -> int:
        def work(transaction: StoreTransaction, appender: Appender) -> int:
            moved = 0
            for ref in some:
                timer, incident = transaction.timer(INCIDENT, ref), transaction.incident(ref)
                if timer is None or incident is None or timer.due_at != self._values.waiting().get(ref):
                    continue  # somebody set a hold or took it up again meanwhile
                set_timer(transaction, appender, INCIDENT, ref, at, RELEASED, actor=actor, exercise=incident.exercise)
                moved += 1
            return moved

        return journal.decide(work)

    def _found(self) -> tuple[dict[Ref, Micros], int]:
        """Incidents that wait, each with the time until which; and how many were let go and are not erased yet."""
        known, released_at = self._values.waiting(), self._values.released_at()
        if not known:
            return {}, 0
        timers = [one for one in self._store.timers(kind=INCIDENT) if one.ref in known]
        waiting = {one.ref: one.due_at for one in timers if one.due_at == known[one.ref]}
        return waiting, sum(one.due_at == released_at for one in timers if one.ref not in waiting)


def put_off(store: Store, values: Values, journal: Journal, now: Micros, made_at: Micros, actor: Actor) -> list[Ref]:
    """In a restore: let texts that fell due between the backup (`made_at`) and now wait, by facts; return whose.

    From then on nobody may see them. What was due when the backup was made does not wait.
    """
    until = Micros(now + WAIT_US)
    late = [timer.ref for timer in store.timers(now, kind=INCIDENT) if timer.due_at > made_at]
    known = {ref: at for ref, at in values.waiting().items() if values.is_waiting(ref)}
    for some in _parts(late):
        known = known | dict.fromkeys(some, until)

        def work(transaction: StoreTransaction, appender: Appender, some: Sequence[Ref] = some) -> None:
            for ref in some:
                incident = transaction.incident(ref)
                exercise = incident is not None and incident.exercise
                set_timer(transaction, appender, INCIDENT, ref, until, RESTORED, actor=actor, exercise=exercise)

        values.put_off(journal, known, work)
    return late


def _parts(refs: Sequence[Ref]) -> list[Sequence[Ref]]:
    return [refs[begin : begin + AT_ONCE] for begin in range(0, len(refs), AT_ONCE)]


def _number(ref: Ref) -> int:
    return int(ref.rpartition("-")[2])
