"""What an import of action plans would do: each plan of the file beside what there is of its name.

It is worked out before anything is changed. `basis` names exactly what was compared, so that whoever looked at it can
have just that carried out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from tocsin.centre.action_plan_files import PlanForm
from tocsin.model.action_plans import ActionPlanRow, PlanProblem, StepText, StoredActionPlan
from tocsin.model.errors import BadInput
from tocsin.model.values import Code, HexHash, Seq, Words
from tocsin.rules.action_plan import steps_of
from tocsin.rules.action_plan_check import said

PlanState = Literal["new", "changed", "same"]
PlanField = Literal["types", "sites", "hours", "alone", "order"]
NEW: Final = Seq(0)
_ENCODE: Final = msgspec.json.Encoder(order="deterministic").encode


class ImportedPlan(NamedTuple):
    """One plan of the file."""

    name: Code
    state: PlanState
    version: Seq
    """What there is of its name; 0: nothing of the centre's own."""
    is_shipped_name: bool
    """One that ships has this name: it stands in its place."""
    added: tuple[Code, ...]
    """Steps that it has and the one before has not."""
    changed: tuple[Code, ...]
    removed: tuple[Code, ...]
    fields: tuple[PlanField, ...]
    """What else is otherwise."""
    problems: tuple[PlanProblem, ...]


class ImportedPlans(NamedTuple):
    """What an import did, or would do."""

    plans: tuple[ImportedPlan, ...]
    """In the order of the file."""
    basis: HexHash

    @property
    def new(self) -> tuple[Code, ...]:
        """Names of those that are made."""
        return self._of("new")

    @property
    def changed(self) -> tuple[Code, ...]:
        """Names of those that get a new version."""
        return self._of("changed")

    @property
    def same(self) -> tuple[Code, ...]:
        """Names of those that stay as they are."""
        return self._of("same")

    @property
    def refused(self) -> list[PlanProblem]:
        """What stands in the way, with the name of its plan."""
        return [
            msgspec.structs.replace(one, words=Words(f"{plan.name}: {said(one)}"), step=None)
            for plan in self.plans
            for one in plan.problems
            if one.is_refused
        ]

    def _of(self, state: PlanState) -> tuple[Code, ...]:
        return tuple(one.name for one in self.plans if one.state == state)


def refuse_twice(forms: Sequence[PlanForm]) -> None:
    """Refuse a file that names a plan twice.

    Raises:
        BadInput: it does.
    """
    names = [one.row.name for one in forms]
    if len(set(names)) < len(names):
        raise BadInput("The file has two plans of one name. Nothing was changed. Take one out", "action_plan.file")


def compared(
    forms: Sequence[PlanForm],
    own: Mapping[Code, StoredActionPlan],
    texts: Mapping[Code, Mapping[Code, StepText]],
    shipped: Mapping[Code, ActionPlanRow],
    problems: Sequence[Sequence[PlanProblem]],
) -> ImportedPlans:
    """Each plan of a file beside what there is of its name. `texts` are the words of the own ones, by plan."""
    found = tuple(
        _compared(form, own.get(form.row.name), texts.get(form.row.name, {}), form.row.name in shipped, tuple(wrong))
        for form, wrong in zip(forms, problems, strict=True)
    )
    basis = hashlib.sha256()
    for form, plan in zip(forms, found, strict=True):
        basis.update(_ENCODE((form.row, form.texts, plan.version)) + b"\n")
    return ImportedPlans(found, HexHash(basis.hexdigest()))


def is_same(form: PlanForm, old: StoredActionPlan, texts: Mapping[Code, StepText]) -> bool:
    """What was given is what there is."""
    return msgspec.structs.replace(old.row, texts=None) == form.row and _texts(form) == texts


def _compared(
    form: PlanForm,
    old: StoredActionPlan | None,
    texts: Mapping[Code, StepText],
    is_shipped_name: bool,
    problems: tuple[PlanProblem, ...],
) -> ImportedPlan:
    given, words = steps_of(form.row), _texts(form)
    before = {} if old is None else steps_of(old.row)
    state: PlanState = "new" if old is None else "same" if is_same(form, old, texts) else "changed"
    return ImportedPlan(
        name=form.row.name,
        state=state,
        version=NEW if old is None else old.seq,
        is_shipped_name=is_shipped_name,
        added=tuple(id_ for id_ in given if id_ not in before),
        changed=tuple(
            id_
            for id_, step in given.items()
            if id_ in before and (step != before[id_] or words.get(id_) != texts.get(id_))
        ),
        removed=tuple(id_ for id_ in before if id_ not in given),
        fields=() if old is None else _fields(form.row, old.row),
        problems=problems,
    )


def _fields(row: ActionPlanRow, old: ActionPlanRow) -> tuple[PlanField, ...]:
    known = {step.id for step in old.steps}
    given = {step.id for step in row.steps}
    is_moved = [one.id for one in row.steps if one.id in known] != [one.id for one in old.steps if one.id in given]
    found: dict[PlanField, bool] = {
        "types": row.types != old.types,
        "sites": row.sites != old.sites,
        "hours": row.hours != old.hours,
        "alone": row.alone != old.alone,
        "order": is_moved,
    }
    return tuple(name for name, is_otherwise in found.items() if is_otherwise)


def _texts(form: PlanForm) -> dict[Code, StepText]:
    return {one.id: msgspec.structs.replace(one, words=one.words.strip()) for one in form.texts}
