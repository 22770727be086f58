"""Action plans: the ordered steps that lead through an incident, and the facts that say how far it has come.

A plan is configuration: each change is a fact with the whole row, and every version stays, since an incident goes on
with the one that it began with. Words of the centre's own plans can say anything, so they lie in the vault; the row
holds a commitment. Fields stand in the order of canonical JSON. Source: CONSOLE.md, section 2; CODES.md, "Units and
requests"; decisions 0051 and 0052.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.access import Role
from tocsin.model.catalogue import Priority
from tocsin.model.escalation import StepHours
from tocsin.model.notices import Channel
from tocsin.model.values import Actor, Code, HexHash, Micros, PersonalText, Ref, Seq, Words

ACTION_PLAN_SET: Final = Code("action_plan.set")
ACTION_PLAN_SWITCHED: Final = Code("action_plan.switched")
PLAN_BEGUN: Final = Code("incident.plan_begun")
STEP_DONE: Final = Code("incident.step_done")
STEP_WAIVED: Final = Code("incident.step_waived")
STEP_OVERDUE: Final = Code("incident.step_overdue")
PLAN_ENDED: Final = Code("incident.plan_ended")
PLAN_STEP: Final = Code("plan_step")
"""Kind of the timer of an open incident whose step has a limit, or is a wait."""

PLANS_MAX: Final = 200
"""Plans of the centre's own."""

STEPS_MAX: Final = 40
APPLIES_MAX: Final = 200
"""Types, or sites, that a plan names."""

GOES_MAX: Final = 12
ASKS_MAX: Final = 8
WHO_MAX: Final = 50
WORDS_MAX: Final = 400
"""Characters of a step."""

TELEPHONE_MAX: Final = 24
LIMIT_S_MIN: Final = 5
LIMIT_S_MAX: Final = 4 * 3_600
WAIT_S_MIN: Final = 5
WAIT_S_MAX: Final = 4 * 3_600
WAITS_S_MAX: Final = 24 * 3_600
"""All waits on the longest way through a plan together."""

REFERENCE_MAX: Final = 40

StepKind = Literal["call", "check", "decision", "dispatch", "instruct", "message", "notify", "question", "wait"]
STEP_KINDS: Final[tuple[StepKind, ...]] = (
    "call",
    "question",
    "decision",
    "check",
    "instruct",
    "dispatch",
    "notify",
    "wait",
    "message",
)

END: Final = Code("end")
"""The plan is through."""

QUEUE: Final = Code("queue")
"""Without an operator: it goes to the queue, and whoever claims it begins with the first step."""

HANDLED: Final = Code("handled")
"""Without an operator: it is closed as handled by its plan, where its signal has returned; else as `queue`."""

WAYS_OUT: Final = frozenset({END, QUEUE, HANDLED})

AnswerKind = Literal["choice", "number", "yes_no"]
CallWhom = Literal["keyholders", "number", "other"]
"""The call list of the site; a number that stands in the plan; somebody whose number the operator knows."""

OwnRole = Literal["installer", "site_contact"]
"""Of the incident's own place alone."""

MissedDo = Literal["go", "mark", "tell"]
"""What follows a missed limit: another step; a mark for the supervisor alone; a mark, and notices by a chain."""

WaiveReason = Literal["not_needed", "not_possible", "done_elsewhere", "unsafe", "other_first"]
WAIVE_REASONS: Final[tuple[WaiveReason, ...]] = (
    "not_needed",
    "not_possible",
    "done_elsewhere",
    "unsafe",
    "other_first",
)
"""Why a step is left undone, coded, since a reason in words could name somebody."""

LineCode = Literal[
    "crews_informed",
    "engineer_informed",
    "handed_over",
    "help_on_the_way",
    "keyholder_informed",
    "no_cause_found",
    "place_secured",
    "police_informed",
    "site_informed",
]
LINE_CODES: Final[tuple[LineCode, ...]] = (
    "site_informed",
    "keyholder_informed",
    "crews_informed",
    "police_informed",
    "engineer_informed",
    "help_on_the_way",
    "place_secured",
    "no_cause_found",
    "handed_over",
)
"""What a message step writes into the time line."""

PlanReason = Literal["claimed", "changed", "duress", "opened", "reopened", "by_hand"]
"""Why a plan began: somebody claimed the incident; its type or priority is another; somebody is under duress; it is
handled without an operator from its opening; it was reopened; somebody began it."""

PlanEnd = Literal["through", "to_queue", "handled", "taken_over", "common_cause", "not_alone"]
"""Why a plan, or its part without an operator, is over: all steps were gone through; the plan says so; its signal
returned; somebody claimed it; many have one cause; it may not be handled so any more. A closing ends it too."""

CHOICES: Final[dict[str, tuple[Code, ...]]] = {
    "who_comes": (Code("keyholder"), Code("guard"), Code("crew"), Code("nobody"), Code("unknown")),
    "help_kind": (Code("fire_service"), Code("ambulance"), Code("police"), Code("several"), Code("none")),
    "seen": (Code("seen"), Code("smelled"), Code("nothing"), Code("unknown")),
    "age_group": (Code("adult"), Code("child"), Code("baby"), Code("unknown")),
    "water": (Code("rising"), Code("standing"), Code("falling"), Code("unknown")),
    "supply": (Code("power"), Code("gas"), Code("water"), Code("network"), Code("several"), Code("unknown")),
    "cause": (Code("real"), Code("fault"), Code("works"), Code("user"), Code("unknown")),
}
"""Answers that ship; a centre makes none of its own (CODES.md, "Answers")."""

CALL_RESULTS: Final[tuple[Code, ...]] = tuple(
    map(
        Code,
        ("attends", "refuses", "wrong_phrase", "duress", "busy", "no_answer", "voicemail", "wrong_number", "nobody"),
    )
)
"""Of a call. `nobody`: the call list is empty or was called through."""

RESULTS: Final[dict[StepKind, tuple[Code, ...]]] = {
    "call": CALL_RESULTS,
    "question": (Code("yes"), Code("no"), Code("unknown"), Code("duress")),
    "decision": (Code("yes"), Code("no"), Code("unknown")),
    "check": (Code("done"), Code("not_possible")),
    "instruct": (Code("said"), Code("not_possible")),
    "dispatch": (Code("asked"), Code("refused"), Code("not_reached")),
    "notify": (Code("told"), Code("nobody")),
    "wait": (Code("over"), Code("returned")),
    "message": (Code("written"),),
}
"""What may become of a step of each kind; a question of choices has those of its list and `duress` instead."""

NUMBER_RESULTS: Final[tuple[Code, ...]] = (Code("told"), Code("unknown"), Code("duress"))
"""Of a question for how many need help: the number itself stands in the help note, sealed, and nowhere else."""

SKIPPED: Final = Code("skipped")
WAIVED: Final = Code("waived")
MISSED: Final = Code("missed")
"""The limit of a step was missed, and the plan went on elsewhere."""

MACHINE_KINDS: Final[frozenset[StepKind]] = frozenset({"message", "notify", "wait"})
"""What a plan does without an operator."""


class PlanWhom(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whom a notify step tells."""

    channels: tuple[Channel, ...] = ()
    """By which alone; empty: by all that they have."""
    desks: tuple[Ref, ...] = ()
    groups: tuple[Ref, ...] = ()
    own: tuple[OwnRole, ...] = ()
    """Installers of the incident's account, contacts of its site."""
    roles: tuple[Role, ...] = ()
    rosters: tuple[Ref, ...] = ()
    users: tuple[Actor, ...] = ()


class Missed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What follows when the limit of a step is missed. The step is marked as overdue in any case."""

    chain: Ref | None = None
    """Of `tell`: by which chain of the centre's own; None: supervisors are told."""
    do: MissedDo
    go: Code | None = None
    """Of `go`: to which step."""


class Goes(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a step leads with a result."""

    result: Code
    to: Code


class PlanStep(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One step of a plan."""

    answers: AnswerKind | None = None
    """Of `question` and `decision`."""
    asks: tuple[Code, ...] = ()
    """Of `dispatch`: capabilities. Empty: those of the incident's type."""
    call: CallWhom | None = None
    choices: Code | None = None
    """Name of a list of CHOICES."""
    goes: tuple[Goes, ...] = ()
    """By result. A call whose result stands here ends with it; with another the next on the call list is called."""
    id: Code
    is_mandatory: bool = False
    kind: StepKind
    limit_s: int | None = None
    """By then it must be done, counted from when it is its turn."""
    line: LineCode | None = None
    missed: Missed | None = None
    next: Code
    """Where it leads else: a step, or a way out."""
    until_returned: bool = False
    """Of `wait`: it is over when the incident's signal returns, with `returned`."""
    wait_s: int = 0
    whom: PlanWhom | None = None
    words: Words | None = None
    """Of a plan that ships; else they lie in the vault."""


class PlanTexts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where the words of a plan of the centre's own lie in the vault."""

    commitment: HexHash
    """SHA-256 of 32 random bytes and the words: what version an incident went by can be proved without showing it."""
    name: Code
    parts: int
    """How many secrets; each is the name, a dash and a number from 0."""


class ActionPlanRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `action_plan.set`, version 1, whose ref is the plan."""

    alone: Code | None = None
    """The step with which it begins without an operator."""
    hours: StepHours | None = None
    """Begun within these alone."""
    name: Code
    """A plan with the name of one that ships stands in place of that."""
    removed: bool = False
    shipped: bool = False
    sites: tuple[Ref, ...] = ()
    """Empty: all. So for `types`. With both empty it is for the types whose catalogue row names it."""
    steps: tuple[PlanStep, ...]
    """Begun with the first."""
    texts: PlanTexts | None = None
    types: tuple[Code, ...] = ()


class StoredActionPlan(msgspec.Struct, frozen=True, gc=False):
    """One version of a plan; `seq` is its number."""

    id: Ref
    row: ActionPlanRow
    seq: Seq
    hash: HexHash
    """SHA-256 of the row as canonical JSON."""


class StepText(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed of one step of a plan of the centre's own."""

    id: Code
    telephone: PersonalText | None = None
    """Of a call to a number of an office: a control room, a guard's office."""
    words: PersonalText


class PlanSwitched(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `action_plan.switched`, version 1: a supervisor lets plans handle a type without an operator, or not."""

    is_on: bool
    type: Code


class PlanSwitch(msgspec.Struct, frozen=True, gc=False):
    """The row of one type: whether its plan may handle it without an operator."""

    type: Code
    is_on: bool
    by: Actor | None
    at: Micros
    seq: Seq


class DoneStep(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A step that was done, waived, left out or gone by, in an incident's row."""

    at: Micros
    by: Actor | None
    """None: by plan."""
    reason: WaiveReason | None = None
    result: Code
    step: Code


class PlanState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How far an incident has come with its plan: in the incident's row."""

    alone: bool
    """It is being handled without an operator."""
    begun_at: Micros
    done: tuple[DoneStep, ...] = ()
    due_at: Micros | None = None
    """When the limit of its step ends, or the wait."""
    ended: bool = False
    hash: HexHash
    late: bool = False
    """The limit of the step whose turn it is was missed."""
    name: Code
    of: int
    """How many steps the plan has."""
    plan: Ref
    since: Micros
    """When it became this step's turn."""
    step: Code | None
    told: int = 0
    """So many steps of a chain were taken since the limit was missed."""
    undone: tuple[Code, ...] = ()
    """Mandatory steps that no way round leads past: without them the incident is not closed."""
    version: Seq


class PlanBegun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.plan_begun`, version 1: the incident is led by this version of a plan from now on."""

    alone: bool
    due_at: Micros | None
    exercise: bool
    hash: HexHash
    keeps: tuple[Code, ...]
    """Steps that were done before, and stay done."""
    name: Code
    of: int
    plan: Ref
    reason: PlanReason
    step: Code | None
    undone: tuple[Code, ...]
    version: Seq


class Asked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who was asked to come, as CODES.md says of requests: unit or agency, the other side's number, the time."""

    asks: tuple[Code, ...]
    at: Micros
    """When it was asked, as the operator says."""
    reference: Code | None
    """The other side's number of it."""


class StepDone(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.step_done`, version 1. By no actor: by plan."""

    asked: Asked | None = None
    due_at: Micros | None
    """Of the step whose turn it is now."""
    exercise: bool
    kind: StepKind
    line: LineCode | None = None
    next: Code | None
    """Whose turn it is now; None: the plan is through."""
    of: Ref | None = None
    """The keyholder who was called."""
    place: int | None = None
    """Of the keyholder on the call list then."""
    priority: Priority
    """Of the incident from now on: 1 under duress."""
    raised_from: Priority | None = None
    result: Code
    silent: bool
    step: Code
    told: int | None = None
    """Of `notify`: to how many a notice goes."""
    undone: tuple[Code, ...]


class StepWaived(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.step_waived`, version 1: a step is left undone, and why."""

    due_at: Micros | None
    exercise: bool
    next: Code | None
    reason: WaiveReason
    step: Code
    undone: tuple[Code, ...]


class StepOverdue(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.step_overdue`, version 1: the limit of a step was missed, and what follows."""

    chain: Ref | None = None
    do: MissedDo
    due_at: Micros | None
    """When the chain goes on, or the limit of the step that it went to."""
    exercise: bool
    late_s: int
    """Seconds after it was due, where the centre stood still then."""
    next: Code | None
    """Whose turn it is now."""
    refused: int = 0
    step: Code
    told: int = 0
    undone: tuple[Code, ...]


class PlanEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.plan_ended`, version 1: the plan, or its part without an operator, is over."""

    due_at: Micros | None = None
    exercise: bool
    reason: PlanEnd
    step: Code | None = None
    """With which step it goes on for an operator."""
    undone: tuple[Code, ...] = ()


class PlanOf(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What decides which plan an incident has."""

    at: Micros
    is_silent: bool = False
    """A silent call for help, or somebody is under duress: the plan of a hold-up."""
    site: Ref | None
    type: Code


class PlanProblem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is wrong with a plan, or may be."""

    code: Code
    is_refused: bool
    step: Code | None
    """Id of the step; None: it is about all of them."""
    words: Words
    """What is wrong, and what to do."""


class DryAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """For a dry run: what becomes of a step, and when."""

    after_s: int
    """Seconds after it was its turn."""
    result: Code
    step: Code


class DryStep(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A step of a dry run."""

    at_s: int
    """Seconds after the beginning, when it became its turn."""
    is_answered: bool
    """An answer was given for it; else the run shows the limit or stops here."""
    result: Code | None
    step: Code
    took_s: int | None


class DryRun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a dry run shows."""

    ends: Code | None
    """With which way out; None: it stops at the last step, since no answer was given for it."""
    steps: tuple[DryStep, ...]
    undone: tuple[Code, ...]
    """Mandatory steps without which it could not be closed then."""
