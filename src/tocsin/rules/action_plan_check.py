"""What is wrong with an action plan, or may be: looked at when it is saved.

Pure: the plan, its words and what there is in the centre in, problems out. Each names its step and says what to do.
Source: STANDARDS.md, lesson 6; SCOPE.md; CODES.md, "Answers"; decision 0051.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from tocsin.model.action_plans import (
    APPLIES_MAX,
    ASKS_MAX,
    CHOICES,
    GOES_MAX,
    HANDLED,
    LIMIT_S_MAX,
    LIMIT_S_MIN,
    MACHINE_KINDS,
    QUEUE,
    RESULTS,
    STEPS_MAX,
    TELEPHONE_MAX,
    WAIT_S_MAX,
    WAIT_S_MIN,
    WAITS_S_MAX,
    WAYS_OUT,
    WHO_MAX,
    WORDS_MAX,
    ActionPlanRow,
    PlanProblem,
    PlanStep,
    PlanWhom,
    StepText,
)
from tocsin.model.rosters import DAY_MIN
from tocsin.model.values import Actor, Code, Ref, Words
from tocsin.rules.action_plan import leads_to, results_of, steps_of, targets_of

NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
STEP_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,29}")
TELEPHONE: Final = re.compile(r"[+0-9][0-9 ()/.-]{2,23}")
REFUSED_WORDS: Final = re.compile(
    r"\b(face|faces|facial|gait|appearance|clothing|clothes|skin|hair|(licen[cs]e|number|registration) plates?|"
    r"ethnic\w*|nationalit\w*|citizenship|immigra\w*|foreigners?|religi\w*|muslim|jewish|christian|politic\w*|"
    r"union members?|sexual\w*|gender|race|racial|emotions?|suspicious (person|people|man|woman)|strangers?|"
    r"wanted (person|man|woman)|watch ?lists?|black ?lists?|crowds?|how many people|count (the )?people|"
    r"protests?|demonstrat(ion|ors?)|on strike|assembl(y|ies)|processions?|loiter\w*|beggars?|begging|"
    r"criminal record|earlier calls of|record the call|listen in|date of birth)\b",
    re.IGNORECASE,
)
"""What SCOPE.md declines, as words of a step. Names of hazards and of help are not among them."""


class PlanWorld(NamedTuple):
    """What there is in the centre that a plan may name."""

    types: Collection[Code]
    technical: Collection[Code]
    """Types of class technical, priority 3 or 4: a plan may handle them alone."""
    sites: Collection[Ref]
    capabilities: Collection[Code]
    chains: Mapping[Ref, bool]
    """Whether each reaches somebody."""
    users: Collection[Actor]
    groups: Collection[Ref]
    rosters: Collection[Ref]
    desks: Collection[Ref]
    has_supervisor: bool
    """A supervisor can be sent a notice."""
    zones: Collection[str]
    """Time zones; empty: not looked at."""
    of_name: Mapping[Code, Collection[Code]]
    """Types whose catalogue row names a plan of this name."""


def problems_of(row: ActionPlanRow, texts: Mapping[Code, StepText], world: PlanWorld) -> list[PlanProblem]:
    """All that is wrong with a plan, what is refused first, then in the order of its steps."""
    found = [*_form(row, world)]
    ids = [step.id for step in row.steps]
    for step in row.steps:
        found += [*_step(step, texts.get(step.id)), *_named(step, world), *_limit(step, world)]
    if len(set(ids)) < len(ids):
        twice = next(one for place, one in enumerate(ids) if one in ids[:place])
        found.append(_refused("Two steps have this id. Give each its own", "action_plan.id", twice))
    elif row.steps and not any(one.code == "action_plan.target" for one in found):
        found += [*_targets(row), *_ways(row, world)]
    order = {id_: place for place, id_ in enumerate(ids)}
    return sorted(found, key=lambda one: (not one.is_refused, order.get(one.step or Code(""), -1)))


def loop_of(row: ActionPlanRow) -> tuple[Code, ...]:
    """The steps of a loop, in its order; empty where there is none."""
    steps = steps_of(row)
    left = dict.fromkeys(steps)
    for _ in range(len(steps) + 1):  # take away what leads to nothing that is left: what stays lies on loops, or before
        gone = [id_ for id_ in left if not any(one in left for one in targets_of(steps[id_]))]
        for id_ in gone:
            del left[id_]
        if not gone:
            break
    if not left:
        return ()
    way = [*left][:1]
    for _ in range(len(steps) + 1):
        after = next(one for one in targets_of(steps[way[-1]]) if one in left)
        if after in way:
            return tuple(way[way.index(after) :])
        way.append(after)
    return tuple(way)


def _form(row: ActionPlanRow, world: PlanWorld) -> list[PlanProblem]:
    found: list[PlanProblem] = []
    if not NAME.fullmatch(row.name):
        words = "A plan's name has 1 to 40 small letters, digits and dashes, and begins with a letter. Give it another"
        found.append(_refused(words, "action_plan.name"))
    if not 1 <= len(row.steps) <= STEPS_MAX:
        found.append(_refused(f"A plan has 1 to {STEPS_MAX} steps. Add or take away some", "action_plan.steps"))
    if len(row.types) > APPLIES_MAX or len(row.sites) > APPLIES_MAX:
        words = f"A plan names at most {APPLIES_MAX} types and {APPLIES_MAX} sites. Make two of it"
        found.append(_refused(words, "action_plan.applies"))
    if any(one not in world.types for one in row.types):
        words = "The plan names a type that is in no catalogue. Choose one of the list"
        found.append(_refused(words, "action_plan.type"))
    if any(one not in world.sites for one in row.sites):
        words = "The plan names a site that is not there any more. Take it out"
        found.append(_refused(words, "action_plan.site"))
    if not row.types and not row.sites and not world.of_name.get(row.name):
        words = (
            "No incident would have this plan: it names no type and no site, and no type of the catalogue names it. "
            "Choose types or sites, or give it the name of a plan that ships"
        )
        found.append(_refused(words, "action_plan.for_nothing"))
    if (hours := row.hours) is not None:
        is_odd = not (0 <= hours.from_min < DAY_MIN and 0 <= hours.to_min < DAY_MIN and hours.from_min != hours.to_min)
        if is_odd or (world.zones and hours.zone not in world.zones):
            words = "The hours are two different times of the day, by the clocks of a time zone that there is"
            found.append(_refused(words, "action_plan.hours"))
    return found


def _step(step: PlanStep, text: StepText | None) -> list[PlanProblem]:
    """What is wrong with one step by itself."""
    found: list[PlanProblem] = []
    if not STEP_ID.fullmatch(step.id) or step.id in WAYS_OUT:
        words = "An id has 1 to 30 small letters, digits and dashes, and is not end, queue or handled. Give another"
        found.append(_refused(words, "action_plan.id", step.id))
    said = step.words if text is None else text.words
    if said is None or not 1 <= len(said.strip()) <= WORDS_MAX:
        words = f"A step says in 1 to {WORDS_MAX} characters what to do. Write it"
        found.append(_refused(words, "action_plan.words", step.id))
    elif (declined := REFUSED_WORDS.search(said)) is not None:
        words = (
            f'It says "{declined[0][:30].lower()}", and the centre asks about hazards, places and the help needed, '
            "never about who somebody is (SCOPE.md). Say it in another way"
        )
        found.append(_refused(words, "action_plan.scope", step.id))
    found += [*_fields(step, text), *_kind(step, text)]
    return found


def _fields(step: PlanStep, text: StepText | None) -> list[PlanProblem]:
    """Fields that another kind of step has."""
    kind = step.kind
    odd: list[str] = []
    if kind not in ("question", "decision") and (step.answers is not None or step.choices is not None):
        odd.append("answers")
    if kind != "dispatch" and step.asks:
        odd.append("asks")
    if kind != "call" and (step.call is not None or (text is not None and text.telephone)):
        odd.append("call")
    if kind != "message" and step.line is not None:
        odd.append("line")
    if kind != "wait" and (step.wait_s or step.until_returned):
        odd.append("wait_s")
    if kind != "notify" and step.whom is not None:
        odd.append("whom")
    if kind == "wait" and (step.limit_s is not None or step.missed is not None):
        odd.append("limit_s")
    if not odd:
        return []
    words = f"A {kind} step has no {', '.join(odd)}. Take it out, or choose another kind"
    return [_refused(words, "action_plan.field", step.id)]


def _kind(step: PlanStep, text: StepText | None) -> list[PlanProblem]:
    """What its kind needs."""
    found: list[PlanProblem] = []
    match step.kind:
        case "wait" if not WAIT_S_MIN <= step.wait_s <= WAIT_S_MAX:
            words = f"A wait is {WAIT_S_MIN} to {WAIT_S_MAX} s. Give another time"
            found.append(_refused(words, "action_plan.wait", step.id))
        case "question" | "decision" if step.answers is None or (step.answers == "choice") != (step.choices in CHOICES):
            words = "A question has answers: yes_no, number, or choice with one of the lists that ship. Choose them"
            found.append(_refused(words, "action_plan.answers", step.id))
        case "decision" if step.answers == "number":
            words = "A number is asked for, and not decided. Make it a question"
            found.append(_refused(words, "action_plan.answers", step.id))
        case "call" if step.call is None:
            words = "A call says whom: keyholders, number or other. Choose one"
            found.append(_refused(words, "action_plan.call", step.id))
        case "call" if (step.call == "number") != bool(text is not None and text.telephone):
            words = "A call to a number has one, and no other call has. Give the number of an office, or choose another"
            found.append(_refused(words, "action_plan.telephone", step.id))
        case "call" if text is not None and text.telephone and not _is_telephone(text.telephone):
            words = f"A telephone number has 3 to {TELEPHONE_MAX} digits, blanks and signs. Write it so"
            found.append(_refused(words, "action_plan.telephone", step.id))
        case "message" if step.line is None:
            words = "A message names the line that it writes. Choose one"
            found.append(_refused(words, "action_plan.line", step.id))
        case "notify" if step.whom is None or not _tells(step.whom):
            words = "This step tells nobody. Name roles, people, groups, rosters or desks, or whose place it is"
            found.append(_refused(words, "action_plan.who", step.id))
        case _:
            pass
    if len(step.goes) > GOES_MAX or len(step.asks) > ASKS_MAX:
        words = f"A step leads to at most {GOES_MAX} places and asks for at most {ASKS_MAX} things. Take some away"
        found.append(_refused(words, "action_plan.many", step.id))
    results = results_of(step) if step.kind in RESULTS else ()
    for one in step.goes:
        if one.result not in results:
            words = (
                f"It leads somewhere with {one.result}, which is none of its results. Use one of {', '.join(results)}"
            )
            found.append(_refused(words[:300], "action_plan.result", step.id))
            break
    if len({one.result for one in step.goes}) < len(step.goes):
        found.append(_refused("It leads to two places with one result. Choose one", "action_plan.result", step.id))
    return found


def _named(step: PlanStep, world: PlanWorld) -> list[PlanProblem]:
    """What it names, and is not there."""
    found: list[PlanProblem] = []
    if any(one not in world.capabilities for one in step.asks):
        words = "It asks for what no unit can be. Choose among the capabilities"
        found.append(_refused(words, "action_plan.asks", step.id))
    whom = step.whom
    if whom is None:
        return found
    if any(len(one) > WHO_MAX for one in (whom.users, whom.groups, whom.rosters, whom.desks)):
        words = f"A step names at most {WHO_MAX} people, and as many groups, rosters and desks. Take some away"
        found.append(_refused(words, "action_plan.who", step.id))
    for names, there, what in (
        (whom.users, world.users, "somebody who does not work here any more"),
        (whom.groups, world.groups, "a group that is not there any more"),
        (whom.rosters, world.rosters, "a roster that is not there any more"),
        (whom.desks, world.desks, "a desk that is not there any more"),
    ):
        if any(one not in there for one in names):
            found.append(_refused(f"It names {what}. Take that out", "action_plan.who", step.id))
    return found


def _limit(step: PlanStep, world: PlanWorld) -> list[PlanProblem]:
    """Its limit, and what follows when it is missed."""
    found: list[PlanProblem] = []
    if step.limit_s is not None and not LIMIT_S_MIN <= step.limit_s <= LIMIT_S_MAX:
        words = f"A limit is {LIMIT_S_MIN} to {LIMIT_S_MAX} s. Give another"
        found.append(_refused(words, "action_plan.limit", step.id))
    missed = step.missed
    if missed is None:
        return found
    if step.limit_s is None:
        words = "It says what follows a missed limit, and has no limit. Give one, or take that out"
        found.append(_refused(words, "action_plan.limit", step.id))
    if (missed.do == "go") != (missed.go is not None) or (missed.chain is not None and missed.do != "tell"):
        words = "A missed limit leads to a step, or tells people by a chain, or marks alone: one of them"
        found.append(_refused(words, "action_plan.missed", step.id))
    if missed.do == "tell" and missed.chain is not None and missed.chain not in world.chains:
        words = "There is nobody to tell: its chain is not there any more. Choose another, or none for the supervisors"
        found.append(_refused(words, "action_plan.nobody", step.id))
    elif missed.do == "tell" and missed.chain is not None and not world.chains[missed.chain]:
        words = "There is nobody to tell: its chain reaches nobody now. Mend the chain, or choose another"
        found.append(_refused(words, "action_plan.nobody", step.id))
    elif missed.do == "tell" and missed.chain is None and not world.has_supervisor:
        words = "There is nobody to tell now: no supervisor has a way to be told. Enter a contact, or name a chain"
        found.append(_hinted(words, "action_plan.nobody", step.id))
    return found


def _targets(row: ActionPlanRow) -> list[PlanProblem]:
    """Where steps lead: each must be there, be reached, and lead out."""
    steps = steps_of(row)
    found: list[PlanProblem] = []
    for step in row.steps:
        for target in targets_of(step):
            if target not in steps and target not in WAYS_OUT:
                words = f"It leads to {target[:30]}, which is no step. Choose a step of the plan, or end"
                found.append(_refused(words, "action_plan.target", step.id))
    if row.alone is not None and row.alone not in steps:
        words = "It begins without an operator with a step that is not there. Choose one of its steps"
        found.append(_refused(words, "action_plan.target"))
    if found:
        return found
    if loop := loop_of(row):
        words = f"The plan loops: {' -> '.join((*loop, loop[0]))}. It would never end. Let one of them lead on"
        return [_refused(words, "action_plan.loop", loop[0])]
    return found


def _ways(row: ActionPlanRow, world: PlanWorld) -> list[PlanProblem]:
    """What holds for whole ways through a plan that has no loop and leads nowhere else."""
    steps = steps_of(row)
    if any(one not in steps and one not in WAYS_OUT for step in row.steps for one in targets_of(step)):
        return []
    if loop_of(row) or (row.alone is not None and row.alone not in steps):
        return []
    found: list[PlanProblem] = []
    led = _reached(steps, row.steps[0].id)
    machine = _reached(steps, row.alone) if row.alone is not None else frozenset[Code]()
    for step in row.steps:
        if step.id not in led and step.id not in machine:
            words = "No way leads to this step. Let another step lead to it, or take it away"
            found.append(_refused(words, "action_plan.unreachable", step.id))
        if step.id in led and {QUEUE, HANDLED}.intersection(targets_of(step)):
            words = "An operator has it already: queue and handled are for the part without an operator. Let it lead on"
            found.append(_refused(words, "action_plan.way_out", step.id))
        if step.id in machine:
            found += _alone(step)
        if step.id in led and not step.is_mandatory and _hides_mandatory(step, steps):
            words = "It is not mandatory, and whether a mandatory step is reached depends on it. Make it mandatory too"
            found.append(_hinted(words, "action_plan.hides", step.id))
    if (longest := _longest_wait(row)) > WAITS_S_MAX:
        words = f"The waits on one way are {longest} s together, limit {WAITS_S_MAX} s. Shorten them"
        found.append(_refused(words, "action_plan.wait"))
    if row.alone is not None:
        meant = row.types or world.of_name.get(row.name, ())
        if not meant or any(one not in world.technical for one in meant):
            words = (
                "Without an operator a plan handles technical types of priority 3 and 4 alone. Name such types, or "
                "take the beginning without an operator out"
            )
            found.append(_refused(words, "action_plan.alone"))
    return found


def _alone(step: PlanStep) -> list[PlanProblem]:
    """What holds for a step without an operator."""
    found: list[PlanProblem] = []
    if step.kind not in MACHINE_KINDS:
        words = "It needs a person, and lies on a way without an operator. Let that way lead to queue before it"
        found.append(_refused(words, "action_plan.no_way_out", step.id))
    elif Code("end") in targets_of(step):
        words = "Without an operator nothing just ends. Let it lead to queue, or to handled"
        found.append(_refused(words, "action_plan.no_way_out", step.id))
    return found


def _reached(steps: Mapping[Code, PlanStep], begin: Code | None) -> frozenset[Code]:
    """All steps that some way from `begin` passes."""
    reached = {} if begin is None else {begin: None}
    for _ in range(len(steps) + 1):
        more = {one: None for id_ in reached for one in targets_of(steps[id_]) if one in steps and one not in reached}
        if not more:
            break
        reached.update(more)
    return frozenset(reached)


def _hides_mandatory(step: PlanStep, steps: Mapping[Code, PlanStep]) -> bool:
    """Do some of its ways pass a mandatory step that others do not?"""
    ways: list[frozenset[Code]] = []
    for target in dict.fromkeys(leads_to(step, result) for result in results_of(step)):
        reached = _reached(steps, target) if target in steps else frozenset[Code]()
        ways.append(frozenset(id_ for id_ in reached if steps[id_].is_mandatory))
    return len(set(ways)) > 1


def _longest_wait(row: ActionPlanRow) -> int:
    """Seconds of waits on the way that has most of them."""
    longest: dict[Code, int] = dict.fromkeys((step.id for step in row.steps), 0)
    for _ in range(len(row.steps) + 1):
        before = dict(longest)
        for step in reversed(row.steps):
            longest[step.id] = step.wait_s + max((longest.get(one, 0) for one in targets_of(step)), default=0)
        if longest == before:
            break
    return max(longest.values(), default=0)


def _tells(whom: PlanWhom) -> bool:
    return bool(whom.roles or whom.users or whom.groups or whom.rosters or whom.desks or whom.own)


def _is_telephone(said: str) -> bool:
    return TELEPHONE.fullmatch(said) is not None


def refused_of(problems: Iterable[PlanProblem]) -> list[PlanProblem]:
    """Those with which a plan is not saved."""
    return [one for one in problems if one.is_refused]


def said(problem: PlanProblem) -> str:
    """A problem in words, with its step."""
    return problem.words if problem.step is None else f"Step {problem.step}: {problem.words}"


def _refused(words: str, code: str, step: Code | None = None) -> PlanProblem:
    return PlanProblem(code=Code(code), is_refused=True, step=step, words=Words(words))


def _hinted(words: str, code: str, step: Code | None = None) -> PlanProblem:
    return PlanProblem(code=Code(code), is_refused=False, step=step, words=Words(words))
