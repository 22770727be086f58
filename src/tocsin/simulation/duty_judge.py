"""What must be true of desks, shifts and chains, whatever befalls the centre.

Whoever hands over is rid of what they had, and somebody else has it; an empty desk is known to be empty; what is urgent
and nobody claims is told to a person; and a chain that was changed goes on with what is open.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from tocsin.centre.escalation import UNSETTLED
from tocsin.centre.shifts import is_left
from tocsin.model.catalogue import Priority
from tocsin.model.escalation import CHAIN_STEP, INCIDENT_ESCALATED, IncidentEscalated
from tocsin.model.incidents import Incident
from tocsin.model.ports import Store
from tocsin.model.shifts import Shift
from tocsin.model.values import Micros, Ref, Seq
from tocsin.rules.chains import goes_on, last_of, of_incident
from tocsin.rules.escalation import is_waiting, next_step
from tocsin.simulation.host import SimulatedService
from tocsin.simulation.machine import SECOND_US
from tocsin.simulation.providers import Phones

PASSED_S: Final = 90.0
"""So long after a hand-over, where nothing disturbs the centre, whoever took it has all that went with it."""

TOLD_S: Final[Mapping[Priority, float]] = {1: 150.0, 2: 290.0}
"""By then what nobody claims has been told to a person: the supervisor's step is after 40 s, and 180 s."""

DESK_S: Final = 20.0
"""Beyond the centre's own limit, until it is said that a desk is unattended; and until it is said that it is over."""

LOOKED_BACK_US: Final = 3600 * SECOND_US
FACTS_MAX: Final = 1_000


class _Entry(msgspec.Struct, gc=False):
    body: msgspec.Raw


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_ESCALATED: Final = msgspec.json.Decoder(IncidentEscalated)


class DutyJudge:
    """Looks twice a minute, and remembers since when what it sees is so."""

    def __init__(self, broke: Callable[[str], None], phones: Phones) -> None:
        """Tell `broke` in a sentence what is wrong. `phones` know what was really sent."""
        self._broke = broke
        self._phones = phones
        self._waits: dict[tuple[Ref, Seq, Priority], float] = {}
        self._told: set[tuple[Ref, Seq, Priority]] = set()
        self._here_s: dict[Ref, float] = {}
        """Since when somebody has been at a desk, without a break."""
        self._left_s: dict[Ref, float] = {}
        """When somebody who is on shift there was at a desk last."""

    def look_often(self, service: SimulatedService, now_s: float) -> None:
        """Every few seconds: who is at which desk."""
        present, shifts = service.present(), service.parts._opened.store.shifts()
        here = {shift.desk for shift in shifts if shift.user in present}
        staffed = {shift.desk for shift in shifts}
        self._here_s = {desk: self._here_s.get(desk, now_s) for desk in here}
        self._left_s = {desk: now_s if desk in here else self._left_s.get(desk, now_s) for desk in staffed}

    def look(self, service: SimulatedService, now_s: float, well_s: float) -> None:
        """Twice a minute; the centre has been undisturbed for `well_s`."""
        store = service.parts._opened.store
        board: list[Incident] = service.parts._screens.board.all()
        self._look_at_urgent(store, board, now_s, well_s)
        self._look_at_desks(service, now_s, well_s)
        if well_s > PASSED_S:
            since = Micros(service.parts._clock.now_us() - LOOKED_BACK_US)
            handed = [one for one in store.shifts(ended_after=since) if one.to is not None]
            for words in left_behind(handed, board, service.parts._clock.now_us()):
                self._broke(words)
        self._look_at_chains(service, board)

    def _look_at_urgent(self, store: Store, board: Iterable[Incident], now_s: float, well_s: float) -> None:
        waiting: dict[tuple[Ref, Seq, Priority], Incident] = {
            (one.id, one.acted, one.priority): one for one in board if is_waiting(one)
        }
        self._waits = {key: self._waits.get(key, now_s) for key in waiting}
        self._told &= waiting.keys()
        for key, since_s in self._waits.items():
            if min(now_s - since_s, well_s) <= TOLD_S[waiting[key].priority] or key in self._told:
                continue
            one = waiting[key]
            if self._is_told(store, one):
                self._told.add(key)
            else:
                self._broke(
                    f"incident {one.number} of priority {one.priority} has waited for {now_s - since_s:.0f} s, and no "
                    "person was told of it."
                )

    def _is_told(self, store: Store, incident: Incident) -> bool:
        """Whatever its row says: a provider was given a notice of it since somebody acted on it last.

        Or whoever would have had one is being told of this very incident. Or no step says that it told anybody: each of
        them has a reason, and the desk telephones.
        """
        notices = store.notices(FACTS_MAX, incident=incident.id)
        if any(one.seq > incident.acted and one.id in self._phones.handed_notices for one in notices):
            return True
        steps = [
            _ESCALATED.decode(_ENTRY.decode(one.row.entry).body)
            for one in store.incident_facts(incident.id, FACTS_MAX)
            if one.row.kind == INCIDENT_ESCALATED and one.row.seq > incident.acted
        ]
        if any(one.bundled for one in steps) and any(one.id in self._phones.handed_notices for one in notices):
            return True
        is_telephoned = any(one.tell == "telephone" for one in steps) and any(one.refused for one in steps)
        return is_telephoned and not any(one.told for one in steps)

    def _look_at_desks(self, service: SimulatedService, now_s: float, well_s: float) -> None:
        limit_s = service.parts._attendance.limit_s + DESK_S
        for desk in service.centre.shifts.desks():
            name, is_marked = desk.row.label, desk.unattended_since is not None
            empty_s = now_s - self._left_s.get(desk.id, now_s)
            if min(empty_s, well_s) > limit_s and not is_marked:
                self._broke(f"nobody has been at the desk {name} for {empty_s:.0f} s, and nothing says so.")
            here_s = now_s - self._here_s.get(desk.id, now_s)
            if min(here_s, well_s) > DESK_S and is_marked:
                self._broke(f"somebody has been at the desk {name} for {here_s:.0f} s, and it is called unattended.")

    def _look_at_chains(self, service: SimulatedService, board: Iterable[Incident]) -> None:
        store, escalating = service.parts._opened.store, service.centre.escalating
        if store.get_meta(UNSETTLED):
            return  # a change is being brought to its end
        timers = {timer.ref for timer in store.timers(kind=CHAIN_STEP)}
        for one in board:
            plan = None if one.id in timers else escalating.plan_of(of_incident(one))
            if plan is None:
                continue
            # What had come to its end by a chain that was changed since, enough of them coming, is left at that.
            has_begun = last_of(one, plan) is not None or plan.version < int(one.id.rpartition("-")[2])
            is_meant = has_begun or is_waiting(one)
            if not is_meant or next_step(plan.steps, last_of(one, plan)) is None:
                continue
            if goes_on(one, plan, escalating.standing(plan, one.id)):  # the dear part last: it reads all its notices
                self._broke(
                    f"incident {one.number} waits by the chain {plan.name}, and no timer will ever go on with it."
                )


def left_behind(handed: Iterable[Shift], incidents: Iterable[Incident], now: Micros) -> list[str]:
    """Incidents that somebody still has whose shift somebody else has taken."""
    incidents = list(incidents)
    found: list[str] = []
    for shift in handed:
        if shift.ended_at is None or abs(now - shift.ended_at) < PASSED_S * SECOND_US:
            continue
        found += [
            f"incident {one.number} is {shift.user}'s, who handed it over with {shift.id} to {shift.to}: nobody on "
            "shift has it."
            for one in incidents
            if is_left(one, shift) and shift.to != shift.user
        ]
    return found


__all__ = ["DutyJudge", "left_behind"]
