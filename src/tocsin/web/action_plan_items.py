"""What action plans look like in the API: rows of the store with the words that lie in the vault."""

from collections.abc import Mapping, Sequence

from tocsin.centre.action_plans import ActionPlans
from tocsin.centre.editing import who_made
from tocsin.model.action_plans import (
    CHOICES,
    MISSED,
    NUMBER_RESULTS,
    RESULTS,
    SKIPPED,
    STEP_KINDS,
    WAIVED,
    ActionPlanRow,
    DoneStep,
    PlanProblem,
    PlanState,
    PlanStep,
    PlanSwitch,
    StepText,
    StoredActionPlan,
)
from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import Incident
from tocsin.model.values import Code, HexHash, Micros, Place, Ref, Seq
from tocsin.rules.action_plan import hash_of, results_of, unavoidable
from tocsin.rules.action_plan_check import PlanWorld
from tocsin.rules.action_plan_words import (
    LINE_WORDS,
    WAIVE_WORDS,
    all_results,
    result_words,
)
from tocsin.rules.catalogue import shipped_capabilities
from tocsin.web.api.action_plan_types import (
    ActionPlanItem,
    ActionPlansAnswer,
    ChoiceList,
    GoesBody,
    KindResults,
    MissedBody,
    PlanDetail,
    PlanProblemItem,
    PlanSiteItem,
    PlanStepBody,
    PlanStepItem,
    PlanVersionItem,
    PlanVersionsAnswer,
    StepState,
    SwitchItem,
    UndoneStep,
    WhomBody,
)
from tocsin.web.api.chain_types import HoursBody
from tocsin.web.api.coded import Coded
from tocsin.web.parts import Parts

LOST = Place("The words of this step are lost. Write the plan anew.")
NONE = Seq(0)
VERSIONS_SHOWN = 100


class PlanItems:
    """Makes items of plans. Reads the disk: never in the event loop."""

    def __init__(self, parts: Parts) -> None:
        """Read from the store and the vault of `parts`."""
        self._parts = parts
        self._plans: ActionPlans = parts.centre.action_plans
        self._catalogue: Catalogue = parts.catalogue

    # Configuration ---------------------------------------------------------------------------------------------------

    def answer(self) -> ActionPlansAnswer:
        """All plans, and what an editor needs."""
        own = self._plans.all()
        names = {one.row.name for one in own}
        rows = [one.row for one in own] + [row for row in self._plans.shipped() if row.name not in names]
        texts = self._plans.texts(rows)
        world = self._plans.world()
        stored: list[StoredActionPlan | None] = [*own, *([None] * (len(rows) - len(own)))]
        items = [self._item(row, one, text, world) for row, one, text in zip(rows, stored, texts, strict=True)]
        return ActionPlansAnswer(
            items=items,
            switches=self.switches(),
            choices=[ChoiceList(name=Code(name), answers=_coded_results(found)) for name, found in CHOICES.items()],
            lines=[Coded(code=Code(code), words=words) for code, words in LINE_WORDS.items()],
            waive_reasons=[Coded(code=Code(code), words=words) for code, words in WAIVE_WORDS.items()],
            results=_coded_results(all_results()),
            kinds=[KindResults(kind=kind, results=list(RESULTS[kind])) for kind in STEP_KINDS],
            number=list(NUMBER_RESULTS),
            capabilities=[Coded(code=code, words=words) for code, words in shipped_capabilities().items()],
        )

    def item(self, name: str) -> ActionPlanItem:
        """One plan, by its id or by its name.

        Raises:
            BadInput: there is none.
        """
        own = {one.id: one for one in self._plans.all()}
        shipped = {row.name: row for row in self._plans.shipped()}
        stored = own.get(Ref(name)) or next((one for one in own.values() if one.row.name == name), None)
        row = stored.row if stored is not None else shipped.get(Code(name))
        if row is None:
            row = self._plans.plan(Ref(name)).row  # refuses
        return self._item(row, stored, self._plans.texts([row])[0], self._plans.world())

    def versions(self, key: str) -> PlanVersionsAnswer:
        """The newest versions of a plan, by its id or its name.

        Raises:
            BadInput: there never was one.
        """
        known = self._plans.versions(key)
        now = {one.seq for one in self._plans.all()}
        items: list[PlanVersionItem] = []
        for one in known[:VERSIONS_SHOWN]:
            by, at = who_made(self._parts.store, one.seq)
            items.append(
                PlanVersionItem(
                    id=one.id,
                    version=one.seq,
                    name=one.row.name,
                    steps=len(one.row.steps),
                    removed=one.row.removed,
                    now=one.seq in now,
                    hash=one.hash,
                    changed_at=at,
                    changed_by=by,
                )
            )
        return PlanVersionsAnswer(items=items, older=len(known) - len(items))

    def version(self, key: str, seq: Seq) -> ActionPlanItem:
        """A plan as it was in one version.

        Raises:
            BadInput: there is none such.
        """
        stored = self._plans.version(key, seq)
        return self._item(stored.row, stored, self._plans.texts([stored.row])[0], self._plans.world())

    def switches(self) -> list[SwitchItem]:
        """Every type that a plan may handle alone and that has a plan which begins so, and what was said of it."""
        said = {one.type: one for one in self._plans.switches()}
        found: list[SwitchItem] = []
        for type_ in self._plans.technical():
            row, _ = self._plans.for_type(type_, None)
            switch = said.get(type_)
            if row.alone is not None or switch is not None:
                found.append(switch_item(type_, row.name, switch))
        return found

    def switch(self, type_: Code) -> SwitchItem:
        """One of them."""
        row, _ = self._plans.for_type(type_, None)
        said = next((one for one in self._plans.switches() if one.type == type_), None)
        return switch_item(type_, row.name, said)

    def _item(
        self, row: ActionPlanRow, stored: StoredActionPlan | None, texts: Mapping[Code, StepText], world: PlanWorld
    ) -> ActionPlanItem:
        by, at = (None, None) if stored is None else who_made(self._parts.store, stored.seq)
        names = self._parts.centre.names.sites(set(row.sites))
        hours = row.hours
        problems = [] if stored is None else self._plans.stored_problems(row, texts, world)
        return ActionPlanItem(
            id=None if stored is None else stored.id,
            name=row.name,
            shipped=stored is None,
            steps=[step_body(step, texts.get(step.id)) for step in row.steps],
            types=list(row.types),
            sites=[PlanSiteItem(id=one, name=names[one].name if one in names else None) for one in row.sites],
            hours=None if hours is None else HoursBody(from_min=hours.from_min, to_min=hours.to_min, zone=hours.zone),
            alone=row.alone,
            for_types=self._plans.types_of(row.name) if not (row.types or row.sites) else [],
            problems=problem_items(problems),
            version=NONE if stored is None else stored.seq,
            hash=hash_of(row) if stored is None else stored.hash,
            changed_at=at,
            changed_by=by,
        )

    # Of one incident -------------------------------------------------------------------------------------------------

    def of_incident(self, incident: Incident, now: Micros) -> PlanDetail | None:
        """The plan of an incident, or the one that it would begin now; None where there is none."""
        planning = self._parts.centre.planning
        plan = incident.plan
        if plan is None:
            if incident.state != "open" or (picked := planning.picked(incident, now)) is None:
                return None
            row = picked.row if isinstance(picked, StoredActionPlan) else picked
            version = picked.seq if isinstance(picked, StoredActionPlan) else NONE
            return self._detail(incident, None, row, version, hash_of(row))
        stored = planning.version(plan.version, plan.hash)
        if stored is None:
            return None
        return self._detail(incident, plan, stored.row, plan.version, plan.hash)

    def undone(self, incident: Incident) -> list[UndoneStep]:
        """What must be done or left undone with a reason before it is closed, in words."""
        plan = incident.plan
        stored = None if plan is None else self._parts.centre.planning.version(plan.version, plan.hash)
        if plan is None or stored is None:
            return []
        texts = self._plans.texts([stored.row])[0]
        return [UndoneStep(id=id_, words=_words(texts.get(id_))) for id_ in plan.undone]

    def _detail(
        self, incident: Incident, plan: PlanState | None, row: ActionPlanRow, version: Seq, hash_: HexHash
    ) -> PlanDetail:
        texts = self._plans.texts([row])[0]
        done = {} if plan is None else {one.step: one for one in plan.done}
        type_ = self._catalogue.types.get(incident.type)
        units = () if type_ is None else type_.first_units
        asked = tuple(Code(unit.split(" ", 1)[1]) for unit in units)
        return PlanDetail(
            plan_id=None if plan is None else plan.plan,
            name=row.name,
            version=version,
            hash=hash_,
            begun=plan is not None,
            begun_at=None if plan is None else plan.begun_at,
            ended=plan is not None and plan.ended,
            alone=plan is not None and plan.alone,
            step=None if plan is None else plan.step,
            since=None if plan is None else plan.since,
            due_at=None if plan is None else plan.due_at,
            late=plan is not None and plan.late,
            undone=list(unavoidable(row, row.steps[0].id) if plan is None else plan.undone),
            steps=[_step_item(step, texts.get(step.id), plan, done.get(step.id), asked) for step in row.steps],
        )


def switch_item(type_: Code, plan: Code, said: PlanSwitch | None) -> SwitchItem:
    """A type, and what a supervisor said of it."""
    return SwitchItem(
        type=type_,
        plan=plan,
        on=said is not None and said.is_on,
        version=NONE if said is None else said.seq,
        changed_at=None if said is None else said.at,
        changed_by=None if said is None else said.by,
    )


def problem_items(problems: Sequence[PlanProblem]) -> list[PlanProblemItem]:
    """Problems as the API shows them."""
    return [PlanProblemItem(code=one.code, refused=one.is_refused, step=one.step, words=one.words) for one in problems]


def step_body(step: PlanStep, text: StepText | None) -> PlanStepBody:
    """A step of a plan, as an editor takes and gives it."""
    missed, whom = step.missed, step.whom
    return PlanStepBody(
        id=step.id,
        kind=step.kind,
        words=_words(text),
        mandatory=step.is_mandatory,
        limit_s=step.limit_s,
        missed=None if missed is None else MissedBody(do=missed.do, chain=missed.chain, go=missed.go),
        next=step.next,
        goes=[GoesBody(result=one.result, to=one.to) for one in step.goes],
        answers=step.answers,
        choices=step.choices,
        call=step.call,
        telephone=_telephone(text),
        asks=list(step.asks),
        whom=None
        if whom is None
        else WhomBody(
            own=list(whom.own),
            roles=list(whom.roles),
            users=list(whom.users),
            groups=list(whom.groups),
            rosters=list(whom.rosters),
            desks=list(whom.desks),
            channels=list(whom.channels),
        ),
        wait_s=step.wait_s,
        until_returned=step.until_returned,
        line=step.line,
    )


def _step_item(
    step: PlanStep, text: StepText | None, plan: PlanState | None, done: DoneStep | None, asked: tuple[Code, ...]
) -> PlanStepItem:
    by_itself = step.kind == "wait" or (plan is not None and plan.alone)
    capabilities = shipped_capabilities()
    asks = step.asks or asked if step.kind == "dispatch" else ()
    return PlanStepItem(
        id=step.id,
        kind=step.kind,
        words=_words(text),
        mandatory=step.is_mandatory,
        limit_s=step.wait_s if step.kind == "wait" else step.limit_s,
        state=_state(step, plan, done),
        result=None if done is None else done.result,
        result_words=None if done is None else result_words(done.result),
        reason=None if done is None else done.reason,
        at=None if done is None else done.at,
        by=None if done is None else done.by,
        by_plan=done is not None and done.by is None and done.result != MISSED,
        results=[] if by_itself else _coded_results(results_of(step)),
        call=step.call,
        telephone=_telephone(text),
        asks=[Coded(code=one, words=capabilities[one]) for one in asks if one in capabilities],
        answers=step.answers,
    )


def _state(step: PlanStep, plan: PlanState | None, done: DoneStep | None) -> StepState:
    if done is None:
        return "now" if plan is not None and plan.step == step.id else "ahead"
    match done.result:
        case result if result == MISSED:
            return "now" if plan is not None and plan.step == step.id else "missed"
        case result if result == WAIVED:
            return "waived"
        case result if result == SKIPPED:
            return "skipped"
        case _:
            return "done"


def _words(text: StepText | None) -> Place:
    return LOST if text is None else Place(text.words)


def _telephone(text: StepText | None) -> Place | None:
    return None if text is None or text.telephone is None else Place(text.telephone)


def _coded_results(results: Sequence[Code]) -> list[Coded]:
    return [Coded(code=one, words=result_words(one)) for one in results]
