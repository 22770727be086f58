"""A person's report in the core: what it opens or joins, in the transaction of its command.

`rules.reporting` decides. Here it is looked up, sealed under the incident's key, appended and put, with all that
follows: plan, chain, flood, and what the way in does of its own in the same transaction.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

import msgspec

from tocsin.centre.action_plan_steps import Put
from tocsin.centre.again import answer_before
from tocsin.centre.core_state import CoreState
from tocsin.centre.core_step import KIND_OF
from tocsin.journal.journal import Journal
from tocsin.model.call_forms import IncidentReported, ReportedPlace, Way
from tocsin.model.catalogue import IncidentType
from tocsin.model.commands import WriteHelpNote
from tocsin.model.errors import BadInput
from tocsin.model.help_note import IncidentHelpNoted
from tocsin.model.incidents import Incident, IncidentClaimed
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import SealedValue
from tocsin.rules.incident import apply
from tocsin.rules.reporting import decide_opening, decide_reported, must_be_open

_INCIDENT: Final = msgspec.json.Decoder(Incident)
_ENCODE: Final = msgspec.json.Encoder().encode


class SealedReport(NamedTuple):
    """What a report brings, sealed under its incident's key."""

    report: SealedValue
    note: SealedValue | None
    """The incident's first help note, where the report opens one and says what helping needs."""
    is_looked_for: bool
    """The note is about somebody missing."""


Seal: TypeAlias = Callable[[Ref, bool], SealedReport]
"""Seals for an incident; True: the report opens it."""

Beside: TypeAlias = Callable[[StoreTransaction, Appender, Incident], None]
"""What the way in puts in the same transaction, when the incident stands."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to be opened or joined, by an actor's hand."""

    actor: Actor
    id: Code
    """The sender's own: unique for the actor for 30 days. The same again gets the same answer."""
    digest: bytes
    """What the command is known by when it comes again: keyed, since it counts the caller's words."""
    way: Way
    call: Ref | None
    type: IncidentType
    place: ReportedPlace
    site_id: Ref | None
    into: Ref | None
    """The open incident that it joins; None: it opens one."""
    is_claimed: bool
    """Whoever takes it has the incident that it opens."""
    seal: Seal
    beside: Beside
    device_time: Micros | None = None
    """When it was typed, by the sender's clock."""
    waited_s: int | None = None
    """So long it lay at the sender, by the same clock."""
    is_handed_over: bool = False
    """Somebody else typed it."""


class Reporting:
    """Carries reports out. In the writer's thread."""

    def __init__(
        self,
        core: CoreState,
        put_in: Callable[[StoreTransaction, Appender, Incident], Put],
        taken_over: Callable[[Sequence[Incident], Seq, Sequence[Ref]], None],
    ) -> None:
        """`put_in` and `taken_over` as the core has them."""
        self._core = core
        self._put_in = put_in
        self._taken_over = taken_over
        self._opened_here = 0
        """Incidents that transactions of timers opened and that are not yet settled: each has a number of its own."""

    def carry_out(self, journal: Journal, report: Report) -> tuple[Incident, Seq]:
        """Open or join; return the incident as it is then, and the seq of its last fact. Durable when it returns.

        The same command again gets the same answer, for 30 days.

        Raises:
            Conflict: the incident is closed, or another command had this id. Nothing was changed.
            BadInput: there is no such incident.
        """
        is_again = False

        def work(transaction: StoreTransaction, appender: Appender) -> Incident:
            nonlocal is_again
            if (kept := answer_before(transaction, report.actor, report.id, report.digest)) is not None:
                is_again = True
                return _INCIDENT.decode(kept)
            incident = (
                self._open(transaction, appender, report)
                if report.into is None
                else self._join(transaction, appender, report, report.into)
            )
            report.beside(transaction, appender, incident)
            transaction.put_command(report.actor, report.id, appender.at, report.digest, _ENCODE(incident))
            return incident

        try:
            incident = journal.decide(work)
        except BaseException:
            self._settle(is_durable=False)
            raise
        self._settle(is_durable=True)
        if not is_again:
            self._core.number = max(self._core.number, incident.number)
            self._taken_over([incident], journal.head.seq, (incident.id,))
        return incident, incident.version

    def open_in(self, transaction: StoreTransaction, appender: Appender, report: Report) -> Incident:
        """Open an incident in the transaction of a timer; `opened` comes when that is durable, `settle` where not."""
        incident = self._open(transaction, appender, report)
        self._opened_here += 1
        return incident

    def opened(self, incidents: Sequence[Incident], seq: Seq) -> None:
        """What timers opened is durable: go on from there, and tell every desk."""
        self.settle(is_durable=True)
        self._core.number = max(self._core.number, *(one.number for one in incidents))
        self._taken_over(incidents, seq, [one.id for one in incidents])

    def settle(self, *, is_durable: bool) -> None:
        """The transaction that something was opened in has ended."""
        self._opened_here = 0
        self._settle(is_durable=is_durable)

    def _settle(self, *, is_durable: bool) -> None:
        self._core.settle_plans(is_durable=is_durable)
        self._core.flood.settle(is_durable=is_durable)

    def _open(self, transaction: StoreTransaction, appender: Appender, report: Report) -> Incident:
        core, actor = self._core, report.actor
        body = decide_opening(
            report.way,
            report.type,
            report.site_id,
            appender.at,
            core.number + 1 + self._opened_here,
            core.config,
            core.catalogue,
        )
        seq = appender.append(Fact(kind=KIND_OF[type(body)], body=body, actor=actor))
        opened = apply(None, body, seq=seq, at=appender.at, actor=actor, id_=Ref(f"incident-{seq}"))
        transaction.put_incidents([opened])
        transaction.add_incident_facts([(opened.id, seq)])
        if core.follower is not None:
            core.follower.followed(transaction, appender, None, opened, appender.at, actor)
        core.flood.opened(opened)
        sealed = self._sealed(transaction, appender, opened.id, report, is_first=True)
        put = self._put_in(transaction, appender, opened)
        incident = put(self._reported(opened, report, sealed, is_first=True), actor)
        if sealed.note is not None:
            incident = self._note(transaction, appender, incident, sealed, sealed.note, actor)
        incident = self._led(transaction, appender, None, incident)
        if report.is_claimed:
            put, unclaimed = self._put_in(transaction, appender, incident), incident
            incident = put(IncidentClaimed(exercise=incident.exercise, previous=None), actor)
            incident = self._led(transaction, appender, unclaimed, incident)
        core.flood.look(transaction, appender)
        return incident

    def _join(self, transaction: StoreTransaction, appender: Appender, report: Report, into: Ref) -> Incident:
        before = self._core.open.get(into) or transaction.incident(into)
        if before is None:
            raise BadInput(
                f"There is no incident {into[:40]}. Nothing was changed. Look at the queue again", "incident.unknown"
            )
        must_be_open(before)  # before anything is sealed under a key that may be gone
        sealed = self._sealed(transaction, appender, before.id, report, is_first=False)
        put = self._put_in(transaction, appender, before)
        incident = put(self._reported(before, report, sealed, is_first=False), report.actor)
        return self._led(transaction, appender, before, incident)

    def _reported(
        self, incident: Incident, report: Report, sealed: SealedReport, *, is_first: bool
    ) -> IncidentReported:
        return decide_reported(
            incident,
            report.type,
            way=report.way,
            call=report.call,
            place=report.place,
            site_id=report.site_id,
            value=sealed.report.ref,
            is_first=is_first,
            device_time=report.device_time,
            waited_s=report.waited_s,
            is_handed_over=report.is_handed_over,
        )

    def _note(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident,
        sealed: SealedReport,
        note: SealedValue,
        actor: Actor,
    ) -> Incident:
        """Begin the help note; one about somebody missing is looked at again."""
        version = before.help_version + 1
        put = self._put_in(transaction, appender, before)
        incident = put(IncidentHelpNoted(exercise=before.exercise, value=note.ref, version=version), actor)
        if self._core.follower is None:
            return incident
        act = WriteHelpNote(note=note.ref, seen=before.help_version, value=note, is_looked_for=sealed.is_looked_for)
        return self._core.follower.acted(transaction, appender, before, incident, act, actor)

    def _sealed(
        self, transaction: StoreTransaction, appender: Appender, incident: Ref, report: Report, *, is_first: bool
    ) -> SealedReport:
        sealed = report.seal(incident, is_first)
        assert self._core.keeper is not None, "a report needs somebody who keeps its words"
        values = [sealed.report] if sealed.note is None else [sealed.report, sealed.note]
        self._core.keeper.keep(transaction, values, appender.at)
        return sealed

    def _led(
        self, transaction: StoreTransaction, appender: Appender, before: Incident | None, incident: Incident
    ) -> Incident:
        planner = self._core.planner
        if planner is None:
            return incident
        return planner.followed(transaction, appender, before, incident, self._put_in(transaction, appender, incident))
