"""What a chain would do now, and how far one has come with an incident. Looks, and changes nothing."""

from typing import Final, NamedTuple

from tocsin.centre.escalation import Escalating
from tocsin.centre.outbox import Outbox
from tocsin.centre.telling import Planned, Staff, Telling, Whom
from tocsin.model.chains import ChainOf, Standing
from tocsin.model.escalation import CHAIN_STEP, UNCLAIMED, Chain, ChainStep, Escalation, Tell
from tocsin.model.incidents import Incident
from tocsin.model.ports import Store
from tocsin.model.values import Actor, Code, Micros, Ref
from tocsin.rules.chains import Plan, last_built_in, last_of, of_incident
from tocsin.rules.escalation import SECOND_US, is_end, next_due, next_step, tells_people

NAMED_MAX: Final = 500


class TriedStep(NamedTuple):
    """A step as it would be taken."""

    after_s: int
    is_own: bool
    """Of the centre's own chain; else of the built-in one."""
    step: int
    tell: Tell
    people: list[tuple[Actor, Planned]]
    desks: tuple[Ref, ...]
    """Desks that it names, with somebody at them."""
    vacant: tuple[Ref, ...]
    """Rosters by which nobody would be on call then, and desks that nobody is at."""
    off_hours: bool
    """It would not be its time of the day."""


class Ahead(NamedTuple):
    """The next step of a chain that goes on."""

    at: Micros
    step: int
    tell: Tell


class Position(NamedTuple):
    """How far an incident has come."""

    plan: Plan | None
    standing: Standing | None
    own: Ahead | None
    built_in: Ahead | None


class ChainView:
    """Looks at chains. From any thread."""

    def __init__(self, store: Store, outbox: Outbox, escalating: Escalating) -> None:
        """Look at these."""
        self._store = store
        self._escalating = escalating
        self._telling = Telling(store, outbox)

    def tried(self, of: ChainOf, plan: Plan | None, now: Micros) -> list[TriedStep]:
        """What would happen with such an incident from now on, if nobody claimed it and nobody answered.

        Nothing is sent. `plan` is the centre's own chain, or None.
        """
        staff = self._telling.staff()
        found: list[TriedStep] = []
        chain, skips = self._escalating.built_in(plan, of.priority)
        found += self.course(chain, skips, staff, now, is_own=False)
        if plan is not None:
            found += self.course(plan.steps, frozenset(), staff, now, is_own=True)
        return sorted(found, key=lambda one: (one.after_s, one.is_own, one.step))

    def position(self, incident: Incident) -> Position:
        """Which steps come next with an incident, when, and how many are coming."""
        plan = self._escalating.plan_of(of_incident(incident))
        standing = None if plan is None else self._escalating.standing(plan, incident.id)
        chain, skips = self._escalating.built_in(plan, incident.priority)
        built_in = self._ahead(UNCLAIMED, incident, chain, last_built_in(incident), skips)
        own = None
        if plan is not None:
            own = self._ahead(CHAIN_STEP, incident, plan.steps, last_of(incident, plan), frozenset())
        return Position(plan, standing, own, built_in)

    def course(
        self, chain: Chain, skips: frozenset[Tell], staff: Staff, now: Micros, *, is_own: bool
    ) -> list[TriedStep]:
        """Each step of a chain that begins at `now`, where nobody claims and nobody answers. Nothing is sent."""
        found: list[TriedStep] = []
        asked: dict[Actor, set[str]] = {}
        last: Escalation | None = None
        at = now
        while (step := next_step(chain, last, skips)) is not None:
            due_at = next_due(chain, last, at, skips)
            assert due_at is not None, "there is a step"
            at = due_at
            one = chain[step]
            whom = self._whom(one, staff, asked, at)
            people, reached = self._people(one, whom, staff, asked, at, is_own=is_own, is_last=is_end(chain, step))
            for person, (plan, _) in people:
                if plan and one.tell != "webhook":
                    asked.setdefault(person, set()).update(way.channel for way in plan)
            after_s = (at - now) // SECOND_US
            found.append(
                TriedStep(
                    after_s,
                    is_own,
                    step,
                    one.tell,
                    people[:NAMED_MAX],
                    desks=whom.desks,
                    vacant=whom.vacant,
                    off_hours=whom.off_hours,
                )
            )
            last = Escalation(at=at, desks=whom.desks, late_s=0, step=step, tell=one.tell, told=reached)
        return found

    def _ahead(
        self, kind: Code, incident: Incident, chain: Chain, last: Escalation | None, skips: frozenset[Tell]
    ) -> Ahead | None:
        timer = self._store.timer(kind, incident.id)
        step = next_step(chain, last, skips)
        return None if timer is None or step is None else Ahead(timer.due_at, step, chain[step].tell)

    def _whom(self, step: ChainStep, staff: Staff, asked: dict[Actor, set[str]], at: Micros) -> Whom:
        if not tells_people(step.tell):
            return Whom([], (), ())
        return Whom(sorted(asked), (), ()) if step.tell == "again" else self._telling.whom(step, staff, at)

    def _people(
        self,
        step: ChainStep,
        whom: Whom,
        staff: Staff,
        asked: dict[Actor, set[str]],
        at: Micros,
        *,
        is_own: bool,
        is_last: bool,
    ) -> tuple[list[tuple[Actor, Planned]], int]:
        """Who would be told by a step, or why not; and how many have it then, those too who were told before."""
        is_program = step.tell == "webhook"
        planned = [
            (
                person,
                self._telling.planned(person, step.channels, staff, at, None, is_program=is_program, is_last=is_last),
            )
            for person in whom.people
        ]
        reached = sum(refusal is None for _, (_, refusal) in planned)
        if not is_own or step.tell in ("again", "telephone", "webhook"):
            return planned, reached
        return [
            (person, ways)
            for person, ways in planned
            if not ways[0] or not {way.channel for way in ways[0]} <= asked.get(person, set())
        ], reached
