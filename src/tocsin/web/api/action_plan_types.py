"""What the API takes and answers about action plans, and about the plan of one incident.

Words of steps are the centre's own and can say anything: they lie sealed, and stand in these answers alone.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.centre.action_plan_imports import PlanField
from tocsin.centre.action_plan_imports import PlanState as PlanFileState
from tocsin.model.access import Role
from tocsin.model.action_plans import (
    APPLIES_MAX,
    ASKS_MAX,
    GOES_MAX,
    LIMIT_S_MAX,
    REFERENCE_MAX,
    STEPS_MAX,
    TELEPHONE_MAX,
    WAIT_S_MAX,
    WHO_MAX,
    WORDS_MAX,
    AnswerKind,
    CallWhom,
    LineCode,
    MissedDo,
    OwnRole,
    StepKind,
    WaiveReason,
)
from tocsin.model.notices import Channel
from tocsin.model.values import Actor, Code, HexHash, Micros, Place, Ref, Seq, Words
from tocsin.web.api.chain_types import DeskId, GroupId, HoursBody, RosterId, SiteId, TypeCode, UserId
from tocsin.web.api.coded import Coded

PlanName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
StepId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
Result = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
ChainRef = Annotated[str, Meta(pattern=r"^chain-[0-9]{1,16}$")]
StepWords = Annotated[Place, Meta(min_length=1, max_length=WORDS_MAX)]
"""What supervisors write for every desk. Like a site's name it can say anything, so it stands in no log."""

Telephone = Annotated[Place, Meta(pattern=r"^[0-9\x2B][0-9 ()/.-]{2,23}$", max_length=TELEPHONE_MAX)]
"""Of an office: a control room, a guard's."""

Reference = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", max_length=REFERENCE_MAX)]
StepState = Literal["ahead", "now", "done", "waived", "skipped", "missed"]


class GoesBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a step leads with a result."""

    result: Result
    to: StepId
    """A step, or `end`, `queue`, `handled`."""


class MissedBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What follows when a limit is missed."""

    do: MissedDo
    chain: ChainRef | None = None
    """Of `tell`; null: supervisors are told."""
    go: StepId | None = None
    """Of `go`."""


class WhomBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a notify step tells."""

    own: Annotated[list[OwnRole], Meta(max_length=2)] = []
    """Installers of the incident's account, contacts of its site."""
    roles: Annotated[list[Role], Meta(max_length=8)] = []
    users: Annotated[list[UserId], Meta(max_length=WHO_MAX)] = []
    groups: Annotated[list[GroupId], Meta(max_length=WHO_MAX)] = []
    rosters: Annotated[list[RosterId], Meta(max_length=WHO_MAX)] = []
    desks: Annotated[list[DeskId], Meta(max_length=WHO_MAX)] = []
    channels: Annotated[list[Channel], Meta(max_length=5)] = []


class PlanStepBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of a plan."""

    id: StepId
    kind: StepKind
    words: StepWords
    mandatory: bool = False
    limit_s: Annotated[int, Meta(ge=1, le=LIMIT_S_MAX)] | None = None
    missed: MissedBody | None = None
    next: StepId | None = None
    """null: the step behind it, or `end`."""
    goes: Annotated[list[GoesBody], Meta(max_length=GOES_MAX)] = []
    answers: AnswerKind | None = None
    """Of `question` and `decision`."""
    choices: Result | None = None
    """Name of a list of `choices` of `/action-plans`."""
    call: CallWhom | None = None
    telephone: Telephone | None = None
    """Of a call to `number`."""
    asks: Annotated[list[Result], Meta(max_length=ASKS_MAX)] = []
    """Of `dispatch`: capabilities; empty: those of the incident's type."""
    whom: WhomBody | None = None
    """Of `notify`."""
    wait_s: Annotated[int, Meta(ge=0, le=WAIT_S_MAX)] = 0
    until_returned: bool = False
    line: LineCode | None = None
    """Of `message`."""


class ActionPlanBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan, whole. With types or sites it is for those; without, for what the catalogue gives a plan of its name."""

    name: PlanName
    steps: Annotated[list[PlanStepBody], Meta(max_length=STEPS_MAX)]
    types: Annotated[list[TypeCode], Meta(max_length=APPLIES_MAX)] = []
    sites: Annotated[list[SiteId], Meta(max_length=APPLIES_MAX)] = []
    hours: HoursBody | None = None
    alone: StepId | None = None
    """The step with which it begins without an operator."""


class ActionPlanChange(ActionPlanBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan as it shall be, and the version that was looked at."""

    version: Seq


class PlanProblemItem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a plan, or may be."""

    code: Code
    refused: bool
    step: Code | None
    """Id of the step."""
    words: Words
    """What is wrong, and what to do."""


class PlanImportItem(msgspec.Struct, frozen=True, kw_only=True):
    """One plan of a file, beside what there is of its name."""

    name: Code
    state: PlanFileState
    version: Seq
    """Of what there is; 0: nothing of the centre's own."""
    in_place_of_shipped: bool
    """A plan that ships has this name."""
    added: list[Code]
    """Ids of steps."""
    changed: list[Code]
    removed: list[Code]
    fields: list[PlanField]
    """What else is otherwise."""
    problems: list[PlanProblemItem]


class PlanImportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an import of plans did, or with `dry_run` would do: the whole file or nothing."""

    dry_run: bool
    refused: bool
    """A plan cannot be so: with it nothing of the file can be imported."""
    basis: HexHash
    """Given back, exactly this is carried out, or nothing."""
    plans: list[PlanImportItem]
    """In the order of the file."""


class PlanSiteItem(msgspec.Struct, frozen=True, kw_only=True):
    """A site that a plan is for."""

    id: Ref
    name: Place | None


class ActionPlanItem(msgspec.Struct, frozen=True, kw_only=True):
    """One plan: of the centre's own, or one that ships."""

    id: Ref | None
    """null: it ships. Make one of the same name in its place."""
    name: Code
    shipped: bool
    steps: list[PlanStepBody]
    types: list[Code]
    sites: list[PlanSiteItem]
    hours: HoursBody | None
    alone: Code | None
    for_types: list[Code]
    """Types whose catalogue row names it."""
    problems: list[PlanProblemItem]
    version: Seq
    """0 of one that ships."""
    hash: HexHash
    changed_at: Micros | None
    changed_by: Actor | None


class PlanVersionItem(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a plan of the centre's own."""

    id: Ref
    """Of the plan: one that was removed and made anew has another."""
    version: Seq
    name: Code
    steps: int
    removed: bool
    """It was taken away with this version."""
    now: bool
    """Incidents that begin the plan now have this one."""
    hash: HexHash
    changed_at: Micros | None
    changed_by: Actor | None


class PlanVersionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Versions of a plan, newest first."""

    items: list[PlanVersionItem]
    older: int
    """How many more there are; `tocsin export journal` has them all."""


class SwitchItem(msgspec.Struct, frozen=True, kw_only=True):
    """A type that a plan may handle without an operator, and whether it is switched on."""

    type: Code
    plan: Code
    on: bool
    version: Seq
    """0 where nobody ever said so."""
    changed_at: Micros | None
    changed_by: Actor | None


class ChoiceList(msgspec.Struct, frozen=True, kw_only=True):
    """A list of answers that ships."""

    name: Code
    answers: list[Coded]


class KindResults(msgspec.Struct, frozen=True, kw_only=True):
    """What may become of a step of one kind."""

    kind: StepKind
    results: list[Code]


class ActionPlansAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of `/action-plans`, and what an editor needs."""

    items: list[ActionPlanItem]
    """The centre's own first, then those that ship and are not replaced."""
    switches: list[SwitchItem]
    choices: list[ChoiceList]
    lines: list[Coded]
    waive_reasons: list[Coded]
    results: list[Coded]
    """Every result in words."""
    kinds: list[KindResults]
    """Of each kind; of a question or decision, with yes or no for an answer. One of a list has its answers instead."""
    number: list[Code]
    """Of a question for how many need help."""
    capabilities: list[Coded]


class PlanCheckAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a plan, or may be. Nothing was saved."""

    problems: list[PlanProblemItem]


class DryAnswerBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a step in a dry run."""

    step: StepId
    result: Result
    after_s: Annotated[int, Meta(ge=0, le=LIMIT_S_MAX)] = 0


class PlanDryBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a dry run: a plan, or what the plan of such an incident would be."""

    plan: ActionPlanBody | None = None
    type: TypeCode | None = None
    site_id: SiteId | None = None
    alone: bool = False
    """Without an operator."""
    answers: Annotated[list[DryAnswerBody], Meta(max_length=STEPS_MAX)] = []


class PlanDryStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a dry run."""

    step: Code
    kind: StepKind
    words: StepWords
    at_s: int
    """Seconds after the beginning."""
    result: Code | None
    took_s: int | None
    answered: bool


class PlanDryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a dry run shows. Nothing was sent."""

    name: Code
    steps: list[PlanDryStep]
    ends: Code | None
    """null: it stops at the last step, for which no answer was given."""
    undone: list[Code]
    problems: list[PlanProblemItem]


class SwitchBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether plans may handle a type without an operator."""

    on: bool
    version: Seq
    """0 where it never was."""


class PlanStepItem(msgspec.Struct, frozen=True, kw_only=True):
    """A step of an incident's plan, and what became of it."""

    id: Code
    kind: StepKind
    words: StepWords
    mandatory: bool
    limit_s: int | None
    state: StepState
    """`ahead`: its turn may come; some of them lie on ways that are not gone."""
    result: Code | None
    result_words: Words | None
    reason: WaiveReason | None
    at: Micros | None
    by: Actor | None
    by_plan: bool
    """It was done without a person."""
    results: list[Coded]
    """What may become of it, in the order of the keys; empty: it is done by the plan."""
    call: CallWhom | None
    telephone: Telephone | None
    """For a `tel:` link. Of `keyholders`: see `/incidents/{id}/keyholders`, whose `next` is the next to call."""
    asks: list[Coded]
    answers: AnswerKind | None


class PlanDetail(msgspec.Struct, frozen=True, kw_only=True):
    """The plan of one incident."""

    plan_id: Ref | None
    name: Code
    version: Seq
    hash: HexHash
    begun: bool
    """False: it begins when somebody claims the incident."""
    begun_at: Micros | None
    ended: bool
    alone: bool
    """It is being handled without an operator."""
    step: Code | None
    """Whose turn it is."""
    since: Micros | None
    due_at: Micros | None
    late: bool
    undone: list[Code]
    """Mandatory steps without which the incident is not closed."""
    steps: list[PlanStepItem]


class StepBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of the step whose turn it is."""

    step: StepId
    result: Result
    of: Annotated[str, Meta(pattern=r"^keyholder-[0-9]{1,16}$")] | None = None
    """Of a call to `keyholders`: whom."""
    telephone: Annotated[int, Meta(ge=1, le=3)] | None = None
    """Which of the keyholder's numbers."""
    asks: Annotated[list[Result], Meta(max_length=ASKS_MAX)] | None = None
    """Of `dispatch`: who was asked; null: those of the step."""
    reference: Reference | None = None
    """The other side's number of it."""
    asked_at: Micros | None = None
    """null: now."""


class WaiveBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave the step undone whose turn it is; with `all_undone` every mandatory one that lies ahead."""

    step: StepId
    reason: WaiveReason
    all_undone: bool = False


class NextBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Go past the step whose turn it is, which is not mandatory."""

    step: StepId


class BeginBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Begin the plan of an incident where none has begun."""


class UndoneStep(msgspec.Struct, frozen=True, kw_only=True):
    """A mandatory step without which an incident is not closed."""

    id: Code
    words: StepWords


class PlanMark(msgspec.Struct, frozen=True, kw_only=True):
    """How far an incident has come with its action plan, in its row."""

    name: Code
    step: Code | None
    """Whose turn it is; null where it is over, or waits for somebody to claim it."""
    number: int
    """How many steps were done, waived or left out, and this one."""
    of: int
    due_at: Micros | None
    """When the limit of the step ends, or the wait."""
    late: bool
    """The limit was missed: mark and sound for the supervisor."""
    alone: bool
    """It is handled without an operator: nobody needs to claim it."""
    ended: bool
    undone: int
    """How many mandatory steps must be done yet."""
