"""What must be true of action plans, whatever befalls the centre.

Nothing is closed with the steps undone, a limit is never forgotten, and a plan that handles something without an
operator handles nothing but what it may, and closes it only when its signal is over.
"""

from collections.abc import Callable, Iterable
from typing import Final

from tocsin.model.action_plans import PLAN_STEP, PlanBegun
from tocsin.model.incidents import Incident, IncidentClosed
from tocsin.model.ports import Store
from tocsin.model.values import Micros
from tocsin.rules.action_plan import ALONE_PRIORITIES, EXCUSED
from tocsin.rules.incident import IncidentBody
from tocsin.rules.on_test import HELD
from tocsin.simulation.host import SimulatedService
from tocsin.simulation.machine import SECOND_US

LATE_S: Final = 90.0
"""Beyond its limit, where nothing disturbs the centre, until what follows for a step is in the journal."""


class PlanJudge:
    """Looks twice a minute."""

    def __init__(self, broke: Callable[[str], None]) -> None:
        """Tell `broke` in a sentence what is wrong."""
        self._broke = broke

    def look(self, service: SimulatedService, well_s: float) -> None:
        """Twice a minute; the centre has been undisturbed for `well_s`."""
        board: list[Incident] = service.parts._screens.board.all()
        for words in untimed(board, service.parts._opened.store):
            self._broke(words)
        if well_s > LATE_S:
            for words in forgotten(board, service.parts._clock.now_us()):
                self._broke(words)


def untimed(incidents: Iterable[Incident], store: Store) -> list[str]:
    """A step whose turn it is and that has a limit has the one timer of its incident, for that very time."""
    timers = {timer.ref: timer.due_at for timer in store.timers(kind=PLAN_STEP)}
    found: list[str] = []
    for one in incidents:
        plan = one.plan
        is_on = one.state == "open" and one.shelved is None  # what is put aside is due when it is shown again
        due_at = plan.due_at if plan is not None and is_on and not plan.ended else None
        if timers.get(one.id) == due_at:
            continue
        now = store.incident(one.id)
        if now is None or now.version != one.version:
            continue  # the board is a moment behind
        found.append(f"the plan of incident {one.number} has a step due at {due_at}, and its timer says otherwise.")
    return found


def forgotten(incidents: Iterable[Incident], now: Micros) -> list[str]:
    """A limit is over, and nothing has followed."""
    return [
        f"a limit of the plan of incident {one.number} was over {(now - one.plan.due_at) / SECOND_US:.0f} s ago, and "
        "nothing has followed."
        for one in incidents
        if one.state == "open"
        and one.shelved is None
        and one.plan is not None
        and not one.plan.ended
        and one.plan.due_at is not None
        and now - one.plan.due_at > LATE_S * SECOND_US
    ]


def of_fact(before: Incident, body: IncidentBody) -> list[str]:
    """What is wrong with a fact, by the incident as it was."""
    if isinstance(body, PlanBegun) and body.alone:
        is_fit = before.hazard == "technical" and before.priority in ALONE_PRIORITIES and before.claimed_by is None
        if not is_fit or before.silent or before.presentation != "shown":
            return [f"incident {before.number} of {before.hazard} is handled without an operator."]
    if not isinstance(body, IncidentClosed) or before.presentation in HELD:
        return []  # with a test, or with zones that were out of service, it ends by itself
    if body.disposition == "handled_by_plan":
        if before.plan is None or before.condition != "returned" or before.claimed_by is not None:
            return [f"incident {before.number} was closed by its plan, though it is not over, or is somebody's."]
        return []
    if before.plan is None and before.claimed_by is not None:
        return [f"incident {before.number} was closed, and was led by no plan."]
    if before.plan is not None and before.plan.undone and body.disposition not in EXCUSED:
        return [f"incident {before.number} was closed with {len(before.plan.undone)} steps undone."]
    return []


__all__ = ["PlanJudge", "forgotten", "of_fact", "untimed"]
