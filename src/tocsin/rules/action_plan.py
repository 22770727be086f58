"""Action plans: which one an incident has, where each step leads, and what of it may not be left undone.

Pure: the plan's row, the incident and now in, bodies of facts out. A plan is a graph without loops
(`rules.action_plan_check`); every walk here is bounded all the same, so that a row of another release holds nothing up.
Source: CONSOLE.md, section 2; CODES.md, "What they decide", 3; decisions 0051 and 0052.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from tocsin.model.action_plans import (
    CHOICES,
    END,
    MISSED,
    NUMBER_RESULTS,
    QUEUE,
    RESULTS,
    STEPS_MAX,
    WAYS_OUT,
    ActionPlanRow,
    DoneStep,
    DryAnswer,
    DryRun,
    DryStep,
    PlanOf,
    PlanStep,
    StoredActionPlan,
)
from tocsin.model.escalation import StepHours
from tocsin.model.incidents import Incident
from tocsin.model.values import Code, HexHash, Micros
from tocsin.rules.reasons import AREA_MAINS, LOST_NETWORK, LOST_RECEIVER, LOST_TRANSPORT

SECOND_US: Final = 1_000_000
HOLD_UP_TYPE: Final = Code("HOLD-UP")
ALONE_PRIORITIES: Final = frozenset({3, 4})
COMMON: Final = frozenset({AREA_MAINS, LOST_RECEIVER, LOST_TRANSPORT, LOST_NETWORK})
"""Reasons of incidents about what many have in common: while one is open, no plan handles anything alone."""

EXCUSED: Final = frozenset({"test", "duplicate"})
"""Dispositions with which steps may stay undone: the other incident's plan is gone through, or nothing was there."""

DURESS: Final = Code("duress")
UNREACHED: Final = frozenset(map(Code, ("busy", "no_answer", "voicemail", "wrong_number")))
_ENCODE: Final = msgspec.json.Encoder(order="sorted").encode


class Shipped(NamedTuple):
    """The plans that ship, and which type has which."""

    rows: Mapping[Code, ActionPlanRow]
    """By name."""
    of_type: Mapping[Code, Code]
    """The catalogue's column: name of the plan by type."""


class Leads(NamedTuple):
    """Where an incident stands after a step."""

    step: Code | None
    due_at: Micros | None
    undone: tuple[Code, ...]
    way_out: Code | None
    """END, QUEUE or HANDLED where the way ends here."""


def hash_of(row: ActionPlanRow) -> HexHash:
    """The hash of a version."""
    return HexHash(hashlib.sha256(_ENCODE(row)).hexdigest())


def steps_of(row: ActionPlanRow) -> dict[Code, PlanStep]:
    """Its steps by id."""
    return {step.id: step for step in row.steps}


# Which plan -----------------------------------------------------------------------------------------------------------


def plan_for(
    own: Iterable[StoredActionPlan], shipped: Shipped, of: PlanOf, is_within: Callable[[StepHours, Micros], bool]
) -> StoredActionPlan | ActionPlanRow | None:
    """The plan of such an incident: one of the centre's own, or the row of one that ships.

    One for its site before one for its type before one for some hours; of those that are equal the oldest. Where none
    says so, the catalogue's column: the centre's own of that name before the one that ships. In silence, that of a
    hold-up.
    """
    type_ = HOLD_UP_TYPE if of.is_silent else of.type
    name = shipped.of_type.get(type_)
    fitting: list[tuple[tuple[bool, bool, bool], StoredActionPlan]] = []
    for one in own:
        row = one.row
        is_placed = bool(row.sites or row.types)
        if (
            (not row.sites or of.site in row.sites)
            and (not row.types or type_ in row.types)
            and (is_placed or row.name == name)
            and (row.hours is None or is_within(row.hours, of.at))
        ):
            fitting.append(((bool(row.sites), bool(row.types), row.hours is not None), one))
    if fitting:
        return max(fitting, key=lambda pair: pair[0])[1]
    return None if name is None else shipped.rows.get(name)


def plan_of(incident: Incident, at: Micros) -> PlanOf:
    """What decides which plan it has."""
    return PlanOf(at=at, is_silent=incident.silent, site=incident.site_id, type=incident.type)


def may_be_alone(incident: Incident, *, is_on: bool, is_common: bool) -> bool:
    """May its plan handle it without an operator now?

    Technical, priority 3 or 4, shown, claimed by nobody, where a supervisor switched it on, and while nothing says that
    many have one cause. Of no other class, whatever a plan says (CODES.md, "What they decide", 3).
    """
    return (
        is_on
        and not is_common
        and incident.state == "open"
        and incident.claimed_by is None
        and incident.hazard == "technical"
        and incident.priority in ALONE_PRIORITIES
        and incident.presentation == "shown"
        and not incident.silent
        and not incident.is_room
        and incident.reason not in COMMON
    )


def is_alone(incident: Incident) -> bool:
    """Is it being handled without an operator?"""
    return incident.plan is not None and incident.plan.alone


# Where steps lead -----------------------------------------------------------------------------------------------------


def results_of(step: PlanStep) -> tuple[Code, ...]:
    """What may become of a step, in the order of the keys."""
    if step.answers == "number":
        return NUMBER_RESULTS
    if step.answers == "choice" and step.choices is not None:
        more = (DURESS,) if step.kind == "question" else ()
        return (*CHOICES.get(step.choices, ()), *more)
    return RESULTS[step.kind]


def leads_to(step: PlanStep, result: Code) -> Code:
    """To which step or way out it leads with this result."""
    return next((one.to for one in step.goes if one.result == result), step.next)


def targets_of(step: PlanStep) -> list[Code]:
    """All steps and ways out that it can lead to, each once."""
    missed = [step.missed.go] if step.missed is not None and step.missed.go is not None else []
    results = [leads_to(step, result) for result in results_of(step)]
    return list(dict.fromkeys([*results, step.next, *missed]))


def done_of(done: Iterable[DoneStep]) -> dict[Code, Code]:
    """Results of steps that were done, waived or left out, by id."""
    return {one.step: one.result for one in done if one.result != MISSED}


def unavoidable(row: ActionPlanRow, begin: Code | None, done: Collection[Code] = ()) -> tuple[Code, ...]:
    """Mandatory steps from `begin` on that every way passes, and that are not done: in the order of the plan."""
    if begin is None or begin in WAYS_OUT:
        return ()
    everything = frozenset(step.id for step in row.steps)
    passed: dict[Code, frozenset[Code]] = dict.fromkeys(everything, everything)
    for _ in range(len(row.steps) + 1):  # one round is enough where steps stand in the order of their ways
        before = dict(passed)
        for step in reversed(row.steps):
            below = everything
            for target in targets_of(step):
                below = below & passed.get(target, frozenset[Code]())
            passed[step.id] = below | {step.id}
        if passed == before:
            break
    found = passed.get(begin, frozenset[Code]())
    return tuple(step.id for step in row.steps if step.is_mandatory and step.id in found and step.id not in done)


def leads(row: ActionPlanRow, done: Sequence[DoneStep], target: Code, now: Micros, *, alone: bool) -> Leads:
    """Go to `target`, and on over steps that are done already, as they led then."""
    steps, results = steps_of(row), done_of(done)
    way_out = QUEUE if alone else END
    for _ in range(STEPS_MAX + 1):
        if target in WAYS_OUT or target not in steps:
            way_out = target if target in WAYS_OUT else way_out
            break
        if target not in results:
            step = steps[target]
            undone = () if alone else _undone(row, done, target)
            return Leads(target, due_of(step, now), undone, None)
        target = leads_to(steps[target], results[target])
    return Leads(None, None, () if alone else _undone(row, done, None), way_out)


def _undone(row: ActionPlanRow, done: Sequence[DoneStep], step: Code | None) -> tuple[Code, ...]:
    """What must be done or waived yet: what lies ahead, and what a missed limit went past."""
    results = done_of(done)
    ahead = unavoidable(row, step, results)
    missed = {one.step for one in done if one.result == MISSED}
    return tuple(one.id for one in row.steps if one.id in ahead or (one.is_mandatory and one.id in missed))


def due_of(step: PlanStep, now: Micros) -> Micros | None:
    """When its limit is over, or the wait, where its turn begins now."""
    seconds = step.wait_s if step.kind == "wait" else step.limit_s
    return None if seconds is None else Micros(now + seconds * SECOND_US)


def begins_with(row: ActionPlanRow, *, alone: bool) -> Code:
    """Its first step."""
    return row.alone if alone and row.alone is not None else row.steps[0].id


def ends_call(step: PlanStep, outcome: Code, *, has_more: bool) -> Code | None:
    """With which result a call step is over after this outcome; None: it is tried on.

    `has_more`: there is a number on the call list that makes sense to call.
    """
    if outcome in (DURESS, Code("wrong_phrase"), Code("attends")) or any(one.result == outcome for one in step.goes):
        return outcome
    if step.call == "keyholders":
        return None if has_more else Code("nobody")
    return None if outcome in UNREACHED else outcome


# A dry run ------------------------------------------------------------------------------------------------------------


def dry_run(row: ActionPlanRow, answers: Iterable[DryAnswer], *, alone: bool = False) -> DryRun:
    """What a plan would do with these answers: its steps in order, with times. Sends nothing, and changes nothing.

    A step without an answer: a wait takes its time; without an operator notices and lines take none; a limit that leads
    elsewhere does; else the run stops there.
    """
    steps = steps_of(row)
    given = {one.step: one for one in answers}
    shown: list[DryStep] = []
    done: list[DoneStep] = []
    at_s = 0
    target = begins_with(row, alone=alone)
    for _ in range(STEPS_MAX + 1):
        if target in WAYS_OUT or target not in steps:
            return DryRun(ends=target if target in WAYS_OUT else END, steps=tuple(shown), undone=_dry_undone(row, done))
        step = steps[target]
        result, took_s, to = _dry_step(step, given.get(target), alone=alone)
        is_answered = target in given and result is not None and result != MISSED
        shown.append(DryStep(at_s=at_s, is_answered=is_answered, result=result, step=target, took_s=took_s))
        if result is None or took_s is None:
            return DryRun(ends=None, steps=tuple(shown), undone=() if alone else _undone(row, done, target))
        done.append(DoneStep(at=Micros(at_s * SECOND_US), by=None, result=result, step=target))
        at_s += took_s
        target = to
    return DryRun(ends=QUEUE if alone else END, steps=tuple(shown), undone=_dry_undone(row, done))


def _dry_undone(row: ActionPlanRow, done: Sequence[DoneStep]) -> tuple[Code, ...]:
    return _undone(row, done, None)


def _dry_step(step: PlanStep, answer: DryAnswer | None, *, alone: bool) -> tuple[Code | None, int | None, Code]:
    """Its result, the seconds that it took, and where it leads; no result where it stops there."""
    escapes = step.missed.go if step.missed is not None and step.missed.do == "go" else None
    if step.kind == "wait":
        if answer is not None and answer.result == "returned" and step.until_returned and answer.after_s < step.wait_s:
            return answer.result, answer.after_s, leads_to(step, answer.result)
        return Code("over"), step.wait_s, leads_to(step, Code("over"))
    if alone and step.kind in ("message", "notify"):
        result = answer.result if answer is not None else RESULTS[step.kind][0]
        return result, 0, leads_to(step, result)
    if escapes is not None and step.limit_s is not None and (answer is None or answer.after_s >= step.limit_s):
        return MISSED, step.limit_s, escapes
    if answer is None:
        return None, None, step.next
    return answer.result, answer.after_s, leads_to(step, answer.result)
