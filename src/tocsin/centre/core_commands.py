"""Commands of people on incidents, and facts that timers cause: decided in a transaction of their own."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tocsin.centre.action_plan_steps import Put
from tocsin.centre.again import answer_before
from tocsin.centre.core_state import CoreState
from tocsin.centre.core_step import KIND_OF
from tocsin.centre.regrouping import Regrouping
from tocsin.journal.journal import Journal
from tocsin.model.commands import Call, CheckPhrase, Close, Command, PlanAct, RegroupAct, Reopen
from tocsin.model.errors import BadInput
from tocsin.model.incidents import Incident
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.values import Actor, Micros, Ref, Seq
from tocsin.model.vault import SealedValue
from tocsin.rules.incident import IncidentBody, apply
from tocsin.rules.lifecycle import decide
from tocsin.rules.regroup import must_be_by_itself
from tocsin.rules.shelving import ends_shelf

COMMAND_DAYS: Final = 30
_PRUNE_US: Final = 3_600_000_000
_INCIDENT: Final = msgspec.json.Decoder(Incident)
_ENCODE: Final = msgspec.json.Encoder().encode


class Commands:
    """Carries out commands, and puts facts about one incident outside a step of the core."""

    def __init__(self, core: CoreState, taken_over: Callable[[Sequence[Incident], Seq, Sequence[Ref]], None]) -> None:
        """`taken_over` is told which incidents a command has changed, durably, and which got texts."""
        self._core = core
        self._taken_over = taken_over
        self._pruned_at = Micros(0)

    def handle(self, journal: Journal, command: Command) -> tuple[Incident, Seq]:
        """Carry out a command; return the incident as it is then, and the seq of its last fact.

        The same command again gets the same answer, for 30 days.

        Raises:
            Conflict: a newer version, somebody else's claim, or another command under the same id. Nothing was changed.
            BadInput: there is no such incident.
        """
        value: SealedValue | None = getattr(command.act, "value", None)
        assert value is None or self._core.keeper is not None, "a value needs somebody who keeps it"
        digest = digest_of(command, value)
        changes: dict[Ref, Incident] = {}

        def work(transaction: StoreTransaction, appender: Appender) -> tuple[Incident, Incident | None]:
            if (kept := answer_before(transaction, command.actor, command.id, digest)) is not None:
                return _INCIDENT.decode(kept), None
            incident = self._core.open.get(command.incident) or transaction.incident(command.incident)
            if incident is None:
                raise BadInput(
                    f"There is no incident {command.incident[:40]}. Nothing was changed. Look at the queue again",
                    "incident.unknown",
                )
            if isinstance(command.act, RegroupAct):
                incident = self._regroup(transaction, appender, incident, command, command.act, changes)
                transaction.put_command(command.actor, command.id, appender.at, digest, _ENCODE(incident))
                return incident, None
            if isinstance(command.act, Reopen) and incident.merged_into is not None:
                must_be_by_itself(incident, transaction.incident(incident.merged_into))
            changed = None
            if isinstance(command.act, PlanAct):
                changed = self._act_on_plan(transaction, appender, incident, command.act, command.actor)
                incident, changed = changed, changed if changed != incident else None
            elif (body := decide(incident, command.act, command.actor, command.version)) is not None:
                incident = self._act(transaction, appender, incident, command, body, value)
                changed = incident
            transaction.put_command(command.actor, command.id, appender.at, digest, _ENCODE(incident))
            self._prune(transaction, appender.at)
            return incident, changed

        try:
            incident, changed = journal.decide(work)
        except BaseException:
            self._core.settle_plans(is_durable=False)
            raise
        self._core.settle_plans(is_durable=True)
        if changes:
            self._core.number = max(self._core.number, *(one.number for one in changes.values()))
            self._taken_over(list(changes.values()), journal.head.seq, ())
        if changed is not None:
            texts = value is not None or getattr(command.act, "note", None) is not None
            self._taken_over([changed], journal.head.seq, (changed.id,) if texts else ())
        return incident, incident.version

    def _act(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        command: Command,
        body: IncidentBody,
        value: SealedValue | None,
    ) -> Incident:
        """Put the fact of what somebody does, and all that follows from it: timers, texts, the plan."""
        before, act, actor = incident, command.act, command.actor
        follower, planner = self._core.follower, self._core.planner
        if planner is not None and isinstance(act, Close) and act.waive is not None:
            put = self.put_in(transaction, appender, incident)
            incident = planner.waived(transaction, appender, incident, act, actor, put)
        put = self.put_in(transaction, appender, incident, value)
        incident = put(body, actor)
        if follower is not None:
            incident = follower.acted(transaction, appender, before, incident, act, actor)
        if planner is not None:
            put = self.put_in(transaction, appender, incident)
            if isinstance(act, Call):
                incident = planner.called(transaction, appender, incident, act, actor, put)
            incident = planner.followed(transaction, appender, before, incident, put)
        return incident

    def _regroup(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        command: Command,
        act: RegroupAct,
        changes: dict[Ref, Incident],
    ) -> Incident:
        """Merge, split or undo: facts about more than one incident, in one transaction."""
        number = self._core.number + 1
        work = Regrouping(self._core.store, self._core.places, self._core.catalogue, transaction, appender, number)
        answer = work.carry_out(incident, command, act, self._core.keeper)
        first: dict[Ref, Incident | None] = {}
        for before, after, body in work.steps:
            if self._core.follower is not None:
                self._core.follower.followed(transaction, appender, before, after, appender.at, command.actor)
            if self._core.keeper is not None:
                self._core.keeper.acted(transaction, appender, after, body, None, command.actor)
            first.setdefault(after.id, before)
            changes[after.id] = after
        if self._core.planner is not None:
            for id_, before in first.items():
                put = self.put_in(transaction, appender, changes[id_])
                changes[id_] = self._core.planner.followed(transaction, appender, before, changes[id_], put)
        return changes.get(answer.id, answer)

    def put_in(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, value: SealedValue | None = None
    ) -> Put:
        """What puts facts about one incident outside a step of the core, with all that goes with each."""
        now = incident

        def put(body: IncidentBody, actor: Actor | None = None) -> Incident:
            nonlocal now
            before = now
            seq = appender.append(Fact(kind=KIND_OF[type(body)], body=body, ref=before.id, actor=actor))
            now = apply(before, body, seq=seq, at=appender.at, actor=actor, id_=before.id)
            transaction.put_incidents([now])
            transaction.add_incident_facts([(now.id, seq)])
            if self._core.follower is not None:
                self._core.follower.followed(transaction, appender, before, now, appender.at, actor)
            if self._core.keeper is not None:
                self._core.keeper.acted(transaction, appender, now, body, value, actor)
            shown = ends_shelf(before, body)
            return now if shown is None or now.shelved is None else put(shown)

        return put

    def put_apart(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, body: IncidentBody
    ) -> Incident:
        """Put a fact that a timer causes, and what follows from it for the incident's plan."""
        put = self.put_in(transaction, appender, incident)
        after = put(body)
        planner = self._core.planner
        return after if planner is None else planner.followed(transaction, appender, incident, after, put)

    def _act_on_plan(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, act: PlanAct, actor: Actor
    ) -> Incident:
        if self._core.planner is None:
            raise BadInput("No plans are led here. Nothing was changed. Start the centre", "plan.none_here")
        put = self.put_in(transaction, appender, incident)
        return self._core.planner.act(transaction, appender, incident, act, actor, put)

    def _prune(self, transaction: StoreTransaction, now: Micros) -> None:
        if now - self._pruned_at > _PRUNE_US:
            self._pruned_at = now
            transaction.drop_commands(Micros(now - COMMAND_DAYS * 86_400_000_000))


def digest_of(command: Command, value: SealedValue | None) -> bytes:
    """What a command is known by when it comes again. A sealed value counts by the keyed hash of its words.

    A phrase counts by its keyed hash alone, so that it is known again before anybody looks what comes of it.
    """
    if value is None:
        said: dict[str, object] = msgspec.to_builtins(command.act)
    else:
        bare: dict[str, object] = msgspec.to_builtins(msgspec.structs.replace(command.act, value=None))
        said = {field: value.digest if word == value.ref else word for field, word in bare.items()}
    if isinstance(command.act, CheckPhrase):
        del said["outcome"]
    said.pop("is_looked_for", None)  # the words say so themselves
    said.pop("place", None)  # of a keyholder, who may have moved on the list meanwhile
    if said.get("waive") is None:
        said.pop("waive", None)
    said.pop("is_lead", None)  # of their rights, which may be others meanwhile
    said.pop("has_more", None)  # of the call list, which may be another meanwhile
    said.pop("value", None)  # so that a command of the first release is known by the same hash
    return hashlib.sha256(_ENCODE((command.incident, command.version, said))).digest()
