"""Action plans as files: those that ship, and what people import and export. Text in, rows and words out.

One TOML table, or a JSON object, is a plan; `plans` holds several, and `format` says how the file is to be read. A row
of another shape is refused with its place.
"""

import functools
import re
import tomllib
from importlib.resources import files
from typing import Annotated, Any, Final, NamedTuple, cast

import msgspec
from msgspec import Meta

from tocsin.model.access import Role
from tocsin.model.action_plans import (
    ActionPlanRow,
    AnswerKind,
    CallWhom,
    Goes,
    LineCode,
    Missed,
    MissedDo,
    OwnRole,
    PlanStep,
    PlanWhom,
    StepKind,
    StepText,
)
from tocsin.model.errors import BadInput
from tocsin.model.escalation import StepHours
from tocsin.model.notices import Channel
from tocsin.model.values import Actor, Code, PersonalText, Ref, Words, ZoneName
from tocsin.rules.action_plan import Shipped
from tocsin.rules.catalogue import shipped_catalogue

FOLDER: Final = "action_plans"
FORMAT: Final = 1
"""Of the files that are written; those without any are read as of this one."""

FILE_CHARACTERS_MAX: Final = 8 << 20
"""As many plans as there can be, all steps of all with all their words, take less."""

TOML_CHARACTERS_MAX: Final = 1 << 20
"""People write it, and it takes a hundred times as long to read."""

PLANS_A_FILE_MAX: Final = 200
_JSON: Final = re.compile(r"\s*(\{|\[\s*[{\]])")
"""How JSON begins, and TOML does not: that has `[[plans]]`."""


class MissedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What follows a missed limit, in a file."""

    do: MissedDo
    chain: Annotated[str, Meta(max_length=40)] | None = None
    go: Annotated[str, Meta(max_length=40)] | None = None


class WhomFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom a notify step tells, in a file."""

    own: tuple[OwnRole, ...] = ()
    roles: tuple[Role, ...] = ()
    users: tuple[Annotated[str, Meta(max_length=40)], ...] = ()
    groups: tuple[Annotated[str, Meta(max_length=40)], ...] = ()
    rosters: tuple[Annotated[str, Meta(max_length=40)], ...] = ()
    desks: tuple[Annotated[str, Meta(max_length=40)], ...] = ()
    channels: tuple[Channel, ...] = ()


class StepFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A step, in a file."""

    id: Annotated[str, Meta(max_length=40)]
    kind: StepKind
    words: PersonalText
    mandatory: bool = False
    limit_s: int | None = None
    missed: MissedFile | None = None
    next: Annotated[str, Meta(max_length=40)] | None = None
    goes: dict[Annotated[str, Meta(max_length=40)], Annotated[str, Meta(max_length=40)]] = {}
    answers: AnswerKind | None = None
    choices: Annotated[str, Meta(max_length=40)] | None = None
    call: CallWhom | None = None
    telephone: PersonalText | None = None
    asks: tuple[Annotated[str, Meta(max_length=40)], ...] = ()
    whom: WhomFile | None = None
    wait_s: int = 0
    until_returned: bool = False
    line: LineCode | None = None


class HoursFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours, in a file."""

    from_min: int
    to_min: int
    zone: Annotated[str, Meta(max_length=64)]


class PlanFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A plan, in a file."""

    name: Annotated[str, Meta(max_length=40)]
    steps: tuple[StepFile, ...]
    alone: Annotated[str, Meta(max_length=40)] | None = None
    types: tuple[Annotated[str, Meta(max_length=40)], ...] = ()
    sites: tuple[Annotated[str, Meta(max_length=40)], ...] = ()
    hours: HoursFile | None = None


class PlanForm(NamedTuple):
    """A plan and the words of its steps, as somebody gave it: nothing of it is checked yet but its shape."""

    row: ActionPlanRow
    texts: tuple[StepText, ...]


def read_plans(data: str) -> list[PlanForm]:
    """The plans of a TOML or JSON file.

    Raises:
        BadInput: it is neither, or a plan has another shape; the message names the place.
    """
    is_json = _JSON.match(data) is not None
    most = FILE_CHARACTERS_MAX if is_json else TOML_CHARACTERS_MAX
    if len(data) > most:
        raise BadInput(f"The file has more than {most:,} characters. Nothing was read. Split it", "action_plan.file")
    try:
        raw: Any = msgspec.json.decode(data) if is_json else tomllib.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"The file is neither TOML nor JSON: {str(error)[:200]}. Nothing was read. Mend it", "action_plan.file"
        ) from None
    found = _listed(raw)
    if len(found) > PLANS_A_FILE_MAX:
        raise BadInput(
            f"The file has more than {PLANS_A_FILE_MAX} plans. Nothing was read. Split it", "action_plan.file"
        )
    plans: list[PlanForm] = []
    for number, one in enumerate(found, 1):
        try:
            plans.append(form_of(msgspec.convert(one, PlanFile)))
        except msgspec.ValidationError as error:
            raise BadInput(f"Plan {number}: {error}. Nothing was read. Mend it", "action_plan.file") from None
    return plans


def _listed(raw: Any) -> list[Any]:
    if isinstance(raw, dict) and ("plans" in raw or "format" in raw):
        known = cast("dict[str, Any]", raw)
        format_: object = known.get("format", FORMAT)
        if format_ != FORMAT or format_ is True:
            raise BadInput(
                f"The file says that it has format {str(format_)[:20]!r}, and this version reads {FORMAT}. Nothing was "
                "read. Export it from a centre of this version",
                "action_plan.format",
            )
        if strange := sorted(known.keys() - {"format", "plans"}):
            raise BadInput(
                f"The file has {strange[0][:40]!r} beside its plans. Nothing was read. Take it out", "action_plan.file"
            )
        raw = known.get("plans")
    return cast("list[Any]", raw) if isinstance(raw, list) else [raw]


def form_of(plan: PlanFile) -> PlanForm:
    """The row and words of a plan as it stands in a file."""
    steps = tuple(
        _step(step, plan.steps[place + 1].id if place + 1 < len(plan.steps) else "end")
        for place, step in enumerate(plan.steps)
    )
    hours = plan.hours
    row = ActionPlanRow(
        alone=None if plan.alone is None else Code(plan.alone),
        hours=None
        if hours is None
        else StepHours(from_min=hours.from_min, to_min=hours.to_min, zone=ZoneName(hours.zone)),
        name=Code(plan.name),
        sites=tuple(sorted(set(map(Ref, plan.sites)))),
        steps=steps,
        types=tuple(sorted(set(map(Code, plan.types)))),
    )
    texts = tuple(StepText(id=Code(one.id), telephone=one.telephone, words=one.words) for one in plan.steps)
    return PlanForm(row, texts)


def file_of(row: ActionPlanRow, texts: dict[Code, StepText]) -> PlanFile:
    """A plan as it stands in a file."""
    return PlanFile(
        name=row.name,
        steps=tuple(_step_file(step, texts.get(step.id)) for step in row.steps),
        alone=row.alone,
        types=row.types,
        sites=row.sites,
        hours=None
        if row.hours is None
        else HoursFile(from_min=row.hours.from_min, to_min=row.hours.to_min, zone=row.hours.zone),
    )


def write_plans(plans: list[PlanFile]) -> bytes:
    """A JSON file that `read_plans` reads again, and that changes nothing then."""
    return msgspec.json.format(msgspec.json.encode({"format": FORMAT, "plans": plans}), indent=2) + b"\n"


@functools.cache
def shipped_plans() -> Shipped:
    """The plans that ship, each with its words in clear, and which type has which."""
    rows: dict[Code, ActionPlanRow] = {}
    for entry in sorted((files("tocsin.data") / FOLDER).iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            for form in read_plans(entry.read_text(encoding="utf-8")):
                rows[form.row.name] = in_clear(form)
    types = shipped_catalogue().types.values()
    return Shipped(rows, {one.type: one.action_plan for one in types})


def in_clear(form: PlanForm) -> ActionPlanRow:
    """The row of a plan that ships: its words are the program's own."""
    words = {one.id: Words(one.words) for one in form.texts}
    steps = tuple(msgspec.structs.replace(step, words=words[step.id]) for step in form.row.steps)
    return msgspec.structs.replace(form.row, shipped=True, steps=steps)


def _step(step: StepFile, behind: str) -> PlanStep:
    missed, whom = step.missed, step.whom
    return PlanStep(
        answers=step.answers,
        asks=tuple(map(Code, step.asks)),
        call=step.call,
        choices=None if step.choices is None else Code(step.choices),
        goes=tuple(Goes(result=Code(result), to=Code(to)) for result, to in step.goes.items()),
        id=Code(step.id),
        is_mandatory=step.mandatory,
        kind=step.kind,
        limit_s=step.limit_s,
        line=step.line,
        missed=None
        if missed is None
        else Missed(
            chain=None if missed.chain is None else Ref(missed.chain),
            do=missed.do,
            go=None if missed.go is None else Code(missed.go),
        ),
        next=Code(step.next if step.next is not None else behind),
        until_returned=step.until_returned,
        wait_s=step.wait_s,
        whom=None
        if whom is None
        else PlanWhom(
            channels=whom.channels,
            desks=tuple(map(Ref, whom.desks)),
            groups=tuple(map(Ref, whom.groups)),
            own=whom.own,
            roles=whom.roles,
            rosters=tuple(map(Ref, whom.rosters)),
            users=tuple(map(Actor, whom.users)),
        ),
    )


def _step_file(step: PlanStep, text: StepText | None) -> StepFile:
    missed, whom = step.missed, step.whom
    words = step.words or "" if text is None else text.words
    return StepFile(
        id=step.id,
        kind=step.kind,
        words=words,
        mandatory=step.is_mandatory,
        limit_s=step.limit_s,
        missed=None if missed is None else MissedFile(missed.do, missed.chain, missed.go),
        next=step.next,
        goes={one.result: one.to for one in step.goes},
        answers=step.answers,
        choices=step.choices,
        call=step.call,
        telephone=None if text is None else text.telephone,
        asks=step.asks,
        whom=None
        if whom is None
        else WhomFile(
            own=whom.own,
            roles=whom.roles,
            users=whom.users,
            groups=whom.groups,
            rosters=whom.rosters,
            desks=whom.desks,
            channels=whom.channels,
        ),
        wait_s=step.wait_s,
        until_returned=step.until_returned,
        line=step.line,
    )
