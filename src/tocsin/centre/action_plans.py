"""Action plans of the centre's own: changed by people, checked when saved, every version kept.

A version never changes: an incident goes on with the one that it began with. Each change names the version that its
author saw. Words of steps lie in the vault under names of their own; the row holds a commitment to them. Source:
decision 0051; decision 0052 for what goes without an operator.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol, TypeVar

import msgspec

from tocsin.centre.action_plan_files import PlanForm, file_of, read_plans, write_plans
from tocsin.centre.action_plan_imports import ImportedPlans, compared, is_same, refuse_twice
from tocsin.centre.action_plan_steps import Planning, is_within
from tocsin.centre.chains import Chains
from tocsin.centre.configuration import Run
from tocsin.centre.editing import BadForm, Overtaken, who_made
from tocsin.journal.journal import Journal
from tocsin.model.action_plans import (
    ACTION_PLAN_SET,
    ACTION_PLAN_SWITCHED,
    PLANS_MAX,
    ActionPlanRow,
    DryAnswer,
    DryRun,
    PlanOf,
    PlanProblem,
    PlanSwitch,
    PlanSwitched,
    PlanTexts,
    StepText,
    StoredActionPlan,
)
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact, StoredEntry
from tocsin.model.ports import Appender, Clock, Ids, Store, StoreTransaction
from tocsin.model.values import Actor, Code, HexHash, Micros, PersonalText, Ref, Seq
from tocsin.rules.action_plan import ALONE_PRIORITIES, dry_run, hash_of, plan_for, results_of, steps_of
from tocsin.rules.action_plan_check import PlanWorld, problems_of, refused_of, said
from tocsin.rules.catalogue import shipped_capabilities, shipped_catalogue
from tocsin.rules.chain_check import is_broken

T = TypeVar("T")
TEXT_NAME: Final = "plan-text-"
PART_BYTES: Final = 8_000
"""Of the words of a plan in one secret of the vault."""

PARTS_MAX: Final = 40
SALT_BYTES: Final = 32
NEW: Final = Seq(0)
_TEXTS: Final = msgspec.msgpack.Decoder(tuple[StepText, ...])
_PACK: Final = msgspec.msgpack.Encoder().encode


class Secrets(Protocol):
    """Where words are kept (`vault.Vault`)."""

    def secrets_get(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Unwrap many; those that are not there are left out."""
        ...

    def secrets_put(self, secrets: Mapping[str, bytes]) -> None:
        """Wrap and store some; durable when this returns."""
        ...

    def secrets_delete(self, names: Sequence[str]) -> None:
        """Destroy some."""
        ...


class BadPlan(BadForm):
    """A plan cannot be as it was given. Names each mistake with its step and remedy; the code is that of the first."""

    def __init__(self, problems: Sequence[PlanProblem]) -> None:
        """Refuse it for these."""
        super().__init__(said(one) for one in problems)
        self.code = problems[0].code


class _SetEntry(msgspec.Struct):
    body: ActionPlanRow
    ref: Ref | None


class _SwitchEntry(msgspec.Struct):
    actor: Actor | None
    at: Micros
    body: PlanSwitched


_SET: Final = msgspec.json.Decoder(_SetEntry)
_SWITCHED: Final = msgspec.json.Decoder(_SwitchEntry)


class ActionPlans:
    """Changes of action plans, what is wrong with them, and dry runs. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        clock: Clock,
        ids: Ids,
        secrets: Secrets,
        planning: Planning,
        chains: Chains,
    ) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock
        self._ids = ids
        self._secrets = secrets
        self._planning = planning
        self._chains = chains
        self._changing = threading.RLock()

    # Questions -------------------------------------------------------------------------------------------------------

    def all(self) -> list[StoredActionPlan]:
        """The centre's own, as they are now."""
        return self._store.action_plans()

    def plan(self, id_: Ref) -> StoredActionPlan:
        """One plan of the centre's own.

        Raises:
            BadInput: there is none.
        """
        found = next((one for one in self._store.action_plans() if one.id == id_), None)
        if found is None:
            raise _unknown()
        return found

    def versions(self, key: str) -> list[StoredActionPlan]:
        """Every version of a plan of the centre's own, newest first: by its id, or of all that ever had this name.

        Those of a plan that was removed are among them; a plan that ships has none.

        Raises:
            BadInput: nothing ever had this id or name.
        """
        known = [one for one in self._store.action_plan_versions() if not one.row.shipped]
        ids = {one.id for one in known if key in (one.id, one.row.name)}
        if not ids and key not in self._planning.shipped.rows:
            raise _unknown()
        return [one for one in reversed(known) if one.id in ids]

    def version(self, key: str, seq: Seq) -> StoredActionPlan:
        """One of them.

        Raises:
            BadInput: there is none such.
        """
        found = next((one for one in self.versions(key) if one.seq == seq), None)
        if found is None:
            raise _unknown()
        return found

    def shipped(self) -> list[ActionPlanRow]:
        """Those that ship, by name."""
        return [row for _, row in sorted(self._planning.shipped.rows.items())]

    def types_of(self, name: Code) -> list[Code]:
        """Types whose catalogue row names a plan of this name."""
        return [type_ for type_, one in self._planning.shipped.of_type.items() if one == name]

    def step_telephone(self, incident: Incident, step: Code) -> PersonalText | None:
        """Whom a step of the plan that an incident goes by calls; None: nobody, or keyholders."""
        plan = incident.plan
        stored = None if plan is None else self._planning.version(plan.version, plan.hash)
        if stored is None or all(one.id != step or one.kind != "call" for one in stored.row.steps):
            return None
        text = self.texts([stored.row])[0].get(step)
        return None if text is None else text.telephone

    def texts(self, rows: Iterable[ActionPlanRow]) -> list[dict[Code, StepText]]:
        """The words of the steps of each, by id. Lost ones are left out; those of one that ships stand in its row."""
        wanted = list(rows)
        names = [name for row in wanted for name in names_of(row)]
        found: Mapping[str, bytes] = self._secrets.secrets_get(names) if names else {}
        return [_opened(row, found) for row in wanted]

    def switches(self) -> list[PlanSwitch]:
        """What supervisors said of types that a plan may handle without an operator."""
        return self._store.plan_switches()

    def technical(self) -> list[Code]:
        """Types that a plan may handle without an operator, where a supervisor switches that on."""
        types = shipped_catalogue().types.values()
        return [one.type for one in types if one.hazard == "technical" and one.priority in ALONE_PRIORITIES]

    def problems(self, form: PlanForm) -> list[PlanProblem]:
        """What is wrong with a plan, or may be, as everything stands now."""
        return problems_of(form.row, {one.id: one for one in form.texts}, self.world())

    def stored_problems(
        self, row: ActionPlanRow, texts: Mapping[Code, StepText], world: PlanWorld
    ) -> list[PlanProblem]:
        """The same of one that is stored."""
        return problems_of(row, texts, world)

    def world(self) -> PlanWorld:
        """What plans are looked at against, as it stands now."""
        rows = [one.row for one in self._store.chains()]
        world = self._chains.world(rows)
        chains = {one.id: not is_broken(self._chains.problems(one.row, world)) for one in self._store.chains()}
        supervisors = [one for one, roles in world.living.items() if "supervisor" in roles]
        of_name: dict[Code, list[Code]] = {}
        for type_, name in self._planning.shipped.of_type.items():
            of_name.setdefault(name, []).append(type_)
        return PlanWorld(
            types=frozenset(self._planning.shipped.of_type),
            technical=frozenset(self.technical()),
            sites={one.id for one in self._store.sites()},
            capabilities=shipped_capabilities(),
            chains=chains,
            users=frozenset(world.living),
            groups=frozenset(world.groups),
            rosters=frozenset(world.turns) | {one.id for one in self._store.rosters() if not one.row.removed},
            desks=frozenset(world.desks),
            has_supervisor=any(world.contacts.get(one) for one in supervisors),
            zones=(),
            of_name=of_name,
        )

    def dry_run(self, row: ActionPlanRow, answers: Sequence[DryAnswer], *, alone: bool) -> DryRun:
        """Go through a plan with these answers. Nothing is sent or stored.

        Raises:
            BadInput: an answer names no step of it, or no result of its step; or it does not begin without an operator.
        """
        steps = steps_of(row)
        for one in answers:
            step = steps.get(one.step)
            if step is None or one.result not in results_of(step):
                raise BadInput(
                    f"{one.step}: no step of this plan has the result {one.result}. Nothing was tried. Take the answer "
                    "out, or give another",
                    "action_plan.answer",
                )
        if alone and row.alone is None:
            raise BadInput(
                "This plan does not begin without an operator. Nothing was tried. Try it with one", "action_plan.alone"
            )
        return dry_run(row, answers, alone=alone)

    def for_type(self, type_: Code, site: Ref | None) -> tuple[ActionPlanRow, dict[Code, StepText]]:
        """The plan that an incident of this type at this site would begin now.

        Raises:
            BadInput: there is no such type.
        """
        of = PlanOf(at=self._clock.now_us(), site=site, type=type_)
        picked = plan_for(self._store.action_plans(), self._planning.shipped, of, is_within)
        if picked is None:
            raise BadInput("There is no such type. Nothing was tried. Choose one of the catalogue", "action_plan.type")
        row = picked.row if isinstance(picked, StoredActionPlan) else picked
        return row, self.texts([row])[0]

    # Changes ---------------------------------------------------------------------------------------------------------

    def make(self, form: PlanForm, actor: Actor) -> StoredActionPlan:
        """Make a plan. Incidents that begin one from now on may have it; those that go on keep theirs.

        Raises:
            BadPlan: it cannot be so.
            Conflict: there are as many as there can be, or another has its name.
        """
        return self._set(None, None, form, actor)

    def change(self, id_: Ref, version: Seq, form: PlanForm, actor: Actor) -> StoredActionPlan:
        """Put a new version of a plan in place of what it is.

        Raises:
            BadInput: there is no such plan.
            Overtaken: somebody changed it since `version`.
            BadPlan, Conflict: as `make`.
        """
        return self._set(id_, version, form, actor)

    def remove(self, id_: Ref, version: Seq, actor: Actor) -> None:
        """Take a plan away: the one that ships under its name is there again. Incidents that go by it go on.

        Raises:
            BadInput: there is no such plan.
            Overtaken: somebody changed it since `version`.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            found = self.plan(id_)
            self._refuse_overtaken(found, version)
            _put(transaction, appender, id_, msgspec.structs.replace(found.row, removed=True), actor)

        with self._changing:
            self._decide(work)

    def switch(self, type_: Code, version: Seq, actor: Actor, *, is_on: bool) -> PlanSwitch:
        """Let plans handle incidents of a type without an operator from now on, or not.

        Raises:
            BadInput: the type is none of class technical with priority 3 or 4, or its plan has no such beginning.
            Overtaken: somebody said otherwise since `version`; 0 where nobody ever did.
        """
        if type_ not in self.technical():
            raise BadInput(
                "Plans handle technical incidents of priority 3 and 4 alone without an operator. Nothing was changed. "
                "Choose such a type",
                "action_plan.switch",
            )
        if is_on and self.for_type(type_, None)[0].alone is None:
            raise BadInput(
                "The plan of this type has no beginning without an operator. Nothing was changed. Give it one first",
                "action_plan.switch",
            )

        def work(transaction: StoreTransaction, appender: Appender) -> PlanSwitch:
            found = next((one for one in self._store.plan_switches() if one.type == type_), None)
            if found is not None and found.is_on == is_on:
                return found
            if (NEW if found is None else found.seq) != version:
                at_seq = found.seq if found is not None else NEW
                raise Overtaken(Ref(type_), *who_made(self._store, at_seq)) if found else _gone()
            body = PlanSwitched(is_on=is_on, type=type_)
            seq = appender.append(Fact(kind=ACTION_PLAN_SWITCHED, body=body, actor=actor))
            made = PlanSwitch(type_, is_on, actor, appender.at, seq)
            transaction.put_plan_switches([made])
            return made

        with self._changing:
            return self._decide(work)

    # Files -----------------------------------------------------------------------------------------------------------

    def export(self, key: str | None = None) -> bytes:
        """The centre's own plans as a file that `import_` takes again and that changes nothing then.

        With `key`, an id or a name, that plan alone: the centre's own, else the one that ships.

        Raises:
            BadInput: there is none such.
        """
        rows = [one.row for one in self._store.action_plans() if key is None or key in (one.id, one.row.name)]
        if key is not None and not rows:
            rows = [row for row in self.shipped() if row.name == key]
            if not rows:
                raise _unknown()
        return write_plans([file_of(row, text) for row, text in zip(rows, self.texts(rows), strict=True)])

    def preview(self, data: str) -> ImportedPlans:
        """What importing a file would do, and what stands in its way. Nothing is changed.

        Raises:
            BadInput: the file has another shape, or a name twice.
        """
        return self._previewed(read_plans(data))

    def import_(self, data: str, actor: Actor, *, is_dry: bool = False, basis: HexHash | None = None) -> ImportedPlans:
        """Make and change plans by name, all that a file holds or none. `basis` is what somebody looked at.

        Raises:
            BadInput: the file has another shape, or a name twice.
            BadPlan: a plan cannot be so; each mistake is named.
            Conflict: there would be too many, or it would do something else than was looked at.
        """
        forms = read_plans(data)
        with self._changing:
            done = self._previewed(forms)
            if wrong := done.refused:
                raise BadPlan(wrong)
            own = {one.row.name: one for one in self._store.action_plans()}
            if len(own) + len(done.new) > PLANS_MAX:
                raise _full()
            if basis is not None and basis != done.basis:
                raise Conflict(
                    "Plans were changed since the file was looked at, or it is another file. Nothing was changed. Look "
                    "at it again",
                    "action_plan.basis",
                )
            if is_dry:
                return done
            sealed = [
                (own.get(form.row.name), self._sealed(form))
                for form, plan in zip(forms, done.plans, strict=True)
                if plan.state != "same"
            ]

            def work(transaction: StoreTransaction, appender: Appender) -> None:
                for old, row in sealed:
                    _put(transaction, appender, None if old is None else old.id, row, actor)

            if sealed:
                self._stored([row for _, row in sealed], work)
        return done

    def _previewed(self, forms: Sequence[PlanForm]) -> ImportedPlans:
        refuse_twice(forms)
        world = self.world()
        problems = [problems_of(form.row, {one.id: one for one in form.texts}, world) for form in forms]
        own = {one.row.name: one for one in self._store.action_plans()}
        texts = dict(zip(own, self.texts(one.row for one in own.values()), strict=True))
        return compared(forms, own, texts, self._planning.shipped.rows, problems)

    # Inside ----------------------------------------------------------------------------------------------------------

    def _set(self, id_: Ref | None, version: Seq | None, form: PlanForm, actor: Actor) -> StoredActionPlan:
        with self._changing:
            others = [one for one in self._store.action_plans() if one.id != id_]
            if id_ is not None:
                found = self.plan(id_)
                if is_same(form, found, self.texts([found.row])[0]):
                    return found
                self._refuse_overtaken(found, version)
            elif len(others) >= PLANS_MAX:
                raise _full()
            if wrong := refused_of(self.problems(form)):
                raise BadPlan(wrong)
            if any(one.row.name == form.row.name for one in others):
                raise Conflict(
                    "Another action plan has this name. Nothing was changed. Change that one, or give another name",
                    "action_plan.same_name",
                )
            row = self._sealed(form)

            def work(transaction: StoreTransaction, appender: Appender) -> StoredActionPlan:
                return _put(transaction, appender, id_, row, actor)

            return self._stored([row], work)

    def _sealed(self, form: PlanForm) -> ActionPlanRow:
        """Store the words in the vault, durable before a fact names them; return the row without any."""
        texts = tuple(msgspec.structs.replace(one, words=one.words.strip()) for one in form.texts)
        data = self._ids.token_bytes(SALT_BYTES) + _PACK(texts)
        parts = [data[begin : begin + PART_BYTES] for begin in range(0, len(data), PART_BYTES)]
        name = Code(TEXT_NAME + self._ids.token_bytes(8).hex())
        self._secrets.secrets_put({f"{name}-{number}": part for number, part in enumerate(parts)})
        commitment = HexHash(hashlib.sha256(data).hexdigest())
        steps = tuple(msgspec.structs.replace(step, words=None) for step in form.row.steps)
        sealed = PlanTexts(commitment=commitment, name=name, parts=len(parts))
        return msgspec.structs.replace(form.row, removed=False, shipped=False, steps=steps, texts=sealed)

    def _stored(self, rows: Sequence[ActionPlanRow], work: Callable[[StoreTransaction, Appender], T]) -> T:
        """Commit what names these words; where that is refused they are destroyed again."""
        try:
            return self._decide(work)
        except (BadInput, Conflict):
            self._secrets.secrets_delete([name for row in rows for name in names_of(row)])
            raise

    def _decide(self, work: Callable[[StoreTransaction, Appender], T]) -> T:
        def turn(journal: Journal) -> T:
            made = journal.decide(work)
            self._planning.use_plans()
            return made

        return self._run(turn)

    def _refuse_overtaken(self, found: StoredActionPlan, version: Seq | None) -> None:
        if found.seq != version:
            raise Overtaken(found.id, *who_made(self._store, found.seq))


def names_of(row: ActionPlanRow) -> list[str]:
    """Names of the secrets that hold its words."""
    texts = row.texts
    return [] if texts is None else [f"{texts.name}-{number}" for number in range(texts.parts)]


def rebuild_action_plans(entries: Iterable[StoredEntry]) -> tuple[list[StoredActionPlan], list[PlanSwitch]]:
    """Apply the journal's facts again: every version, and what was said of types. Equals the live tables."""
    plans: list[StoredActionPlan] = []
    switches: dict[Code, PlanSwitch] = {}
    for stored in entries:
        row = stored.row
        if row.kind == ACTION_PLAN_SET:
            entry = _SET.decode(row.entry)
            id_ = entry.ref or Ref(f"action-plan-{row.seq}")
            plans.append(StoredActionPlan(id_, entry.body, row.seq, hash_of(entry.body)))
        elif row.kind == ACTION_PLAN_SWITCHED:
            made = _SWITCHED.decode(row.entry)
            switches[made.body.type] = PlanSwitch(made.body.type, made.body.is_on, made.actor, made.at, row.seq)
    return plans, sorted(switches.values(), key=lambda one: one.type)


def _opened(row: ActionPlanRow, found: Mapping[str, bytes]) -> dict[Code, StepText]:
    if row.texts is None:
        return {step.id: StepText(id=step.id, words=step.words) for step in row.steps if step.words is not None}
    parts = [found[name] for name in names_of(row) if name in found]
    if len(parts) < row.texts.parts:
        return {}
    data = b"".join(parts)
    return {one.id: one for one in _TEXTS.decode(data[SALT_BYTES:])}


def _put(
    transaction: StoreTransaction, appender: Appender, id_: Ref | None, row: ActionPlanRow, actor: Actor
) -> StoredActionPlan:
    seq = appender.append(Fact(kind=ACTION_PLAN_SET, body=row, ref=id_, actor=actor))
    made = StoredActionPlan(id_ or Ref(f"action-plan-{seq}"), row, seq, hash_of(row))
    transaction.add_action_plans([made])
    return made


def _unknown() -> BadInput:
    return BadInput(
        "There is no such action plan, or not any more. Nothing was changed. Look at the list again",
        "action_plan.unknown",
    )


def _full() -> Conflict:
    return Conflict(
        f"There are {PLANS_MAX} action plans, and no more can be. Nothing was changed. Remove one first",
        "action_plan.full",
    )


def _gone() -> Conflict:
    return Conflict("What was looked at is not there. Nothing was changed. Look at it as it is now", "config.gone")
