"""The core: takes stored signals, in order, to where each of them ends, and carries out commands on incidents.

It works in the writer's thread alone. A step runs in the transaction of a later batch, under a savepoint and for a few
milliseconds, so that one fsync serves both and a bug in a rule costs no signal (DESIGN.md, "The way of a signal"). What
it holds in memory is the open incidents; everything else is in the store.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

import msgspec
import structlog

from tocsin.centre.action_plan_steps import Put
from tocsin.centre.flood import FloodWatch
from tocsin.centre.on_test_core import OnTestView, take_ended
from tocsin.centre.open_incidents import OpenIncidents, account_key
from tocsin.centre.out_core import OutView
from tocsin.centre.recently_closed import RecentlyClosed
from tocsin.centre.regrouping import Regrouping
from tocsin.centre.schedule_core import ScheduleView, take_kept, take_missed
from tocsin.centre.supervision_core import (
    PASSED,
    ArmingChange,
    arming_of,
    forget_account,
    put_armings,
    take_missing,
    take_returned,
)
from tocsin.journal.journal import Journal
from tocsin.model.accounts import AccountRow
from tocsin.model.catalogue import Catalogue
from tocsin.model.commands import Call, CheckPhrase, Close, Command, IncidentAct, PlanAct, RegroupAct, Reopen
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.hold_up import HELD_UP, HeldUp
from tocsin.model.incidents import (
    POINTS_MAX,
    Committed,
    Incident,
    IncidentClosed,
    IncidentFolded,
    IncidentJoined,
    IncidentOpened,
    SignalOutcome,
    SignalQuarantined,
    SignalRow,
    SignalsFiled,
)
from tocsin.model.journal import CentreNoticed, EntryRow, Fact
from tocsin.model.on_test import TEST_ENDED, TEST_KINDS
from tocsin.model.out_of_service import OUT_KINDS, ZONES_PUT_BACK
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.schedules import SCHEDULE_MISSED, SCHEDULE_SET
from tocsin.model.signals import SignalBody
from tocsin.model.sites import AccountPlace, Places
from tocsin.model.supervision import SUPERVISION_MISSING, SUPERVISION_RETURNED
from tocsin.model.values import Actor, Code, Micros, Ref, Seq, SignalId
from tocsin.model.vault import SealedValue
from tocsin.rules import reasons
from tocsin.rules.action_plan import COMMON
from tocsin.rules.area import as_area, is_mains, join_area, of_area, open_area
from tocsin.rules.chatter import Folded, fold
from tocsin.rules.classify import Reading, classify
from tocsin.rules.correlate import decide_signal, restore_others
from tocsin.rules.hold_up import decide_held_up, of_own_site
from tocsin.rules.incident import BODIES, IncidentBody, apply, folded
from tocsin.rules.judgement import JUDGEMENT, Judgement
from tocsin.rules.lifecycle import decide
from tocsin.rules.notices import decide_notice, quarantine_incident
from tocsin.rules.placing import place_incident
from tocsin.rules.regroup import merge, must_be_by_itself
from tocsin.rules.shelving import ends_shelf

STEP_S: Final = 0.003
"""So long a step takes up entries; writing them takes it to 5 ms at most."""

LAG_ENTRIES: Final = 1_000
"""With more waiting, a step may take as long as what was done between two steps: half of the writer's time."""

LAG_STEP_S: Final = 0.02

STEP_ENTRIES_MAX: Final = 500
FED_MAX: Final = 20_000
"""Entries kept in memory for the core; beyond it reads them back from the store."""

READ_ENTRIES: Final = 1_000
STEP_FAILURES_MAX: Final = 5
"""So often the same entry may fail, quarantine included, before the core gives up and says so."""

DEATHS_MAX: Final = 2
"""A process that died so often with the same entry noted as tried: it is quarantined unseen."""

LAST_SIGNAL_ENTRIES_MAX: Final = 10_000
"""So far back the last signal is looked for at the start."""

COMMAND_DAYS: Final = 30
_PRUNE_US: Final = 3_600_000_000
TRIED: Final = Code("core_tried")
RUNNING: Final = Code("running")
"""`1` from a start to an end in good order: found at a start, it tells of a death."""

_SIGNAL: Final = "signal"
_NOTICED: Final = "centre.noticed"
_ACCOUNT: Final = "account.set"
TAKEN: Final = frozenset(
    {
        _SIGNAL,
        _NOTICED,
        _ACCOUNT,
        HELD_UP,
        SUPERVISION_MISSING,
        SUPERVISION_RETURNED,
        TEST_ENDED,
        SCHEDULE_MISSED,
        ZONES_PUT_BACK,
    }
)
"""Kinds of entries that the core decides on."""

CONFIGURING: Final = frozenset(
    {_ACCOUNT, "site.set", "zone.set", "keyholder.set", "site.phrases_set", "site.wishes_set"}
)
KIND_OF: Final = {body: Code(kind) for kind, body in BODIES.items()}
_LOG = structlog.get_logger("core")


class _SignalEntry(msgspec.Struct, gc=False):
    body: SignalBody
    ref: Ref | None


class _NoticeEntry(msgspec.Struct, gc=False):
    body: CentreNoticed


class _HeldUpEntry(msgspec.Struct, gc=False):
    body: HeldUp


class _AccountEntry(msgspec.Struct, gc=False):
    body: AccountRow
    ref: Ref | None


class _ConfigBody(msgspec.Struct, gc=False):
    config: int


class _ConfigEntry(msgspec.Struct, gc=False):
    body: _ConfigBody


_SIGNAL_ENTRY: Final = msgspec.json.Decoder(_SignalEntry)
_NOTICE_ENTRY: Final = msgspec.json.Decoder(_NoticeEntry)
_HELD_UP_ENTRY: Final = msgspec.json.Decoder(_HeldUpEntry)
_ACCOUNT_ENTRY: Final = msgspec.json.Decoder(_AccountEntry)
_CONFIG_ENTRY: Final = msgspec.json.Decoder(_ConfigEntry)
_INCIDENT: Final = msgspec.json.Decoder(Incident)
_ENCODE: Final = msgspec.json.Encoder().encode


class _Tried(msgspec.Struct, frozen=True):
    """What is noted before an entry is tried again after a death."""

    deaths: int
    seq: Seq


_TRIED: Final = msgspec.json.Decoder(_Tried)


class Keeper(Protocol):
    """Who keeps the texts of incidents (`erasure.IncidentKeeper`). Called in the core's transactions."""

    def copy_signal(self, incident: Ref, row: EntryRow, *, is_new: bool) -> SealedValue | None:
        """The incident's own copy of what was sealed with a signal that opened or joined it."""
        ...

    def keep(self, transaction: StoreTransaction, values: Sequence[SealedValue], at: Micros) -> None:
        """Store sealed values with the facts that name them."""
        ...

    def acted(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        body: IncidentBody,
        value: SealedValue | None,
        actor: Actor | None,
    ) -> None:
        """Somebody did something to the incident, which is now as `incident` says."""
        ...


class Follower(Protocol):
    """Who keeps the timers of incidents (`escalation.Escalating`). Called in the core's transactions."""

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        since: Micros,
        actor: Actor | None = None,
    ) -> None:
        """An incident has changed by what came in at `since`, or by what somebody did."""
        ...

    def acted(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident,
        after: Incident,
        act: IncidentAct,
        actor: Actor,
    ) -> Incident:
        """Somebody did this to it; return it with what follows from that."""
        ...


class Planner(Protocol):
    """Who leads incidents through their action plans (`action_plan_steps.Planning`). Called in the transactions."""

    def followed(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        before: Incident | None,
        after: Incident,
        put: Put,
    ) -> Incident:
        """An incident has changed: put what follows for its plan, and return it as it is then."""
        ...

    def act(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        act: IncidentAct,
        actor: Actor,
        put: Put,
    ) -> Incident:
        """Somebody did something with its plan."""
        ...

    def called(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, act: Call, actor: Actor, put: Put
    ) -> Incident:
        """A keyholder was called."""
        ...

    def waived(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, act: Close, actor: Actor, put: Put
    ) -> Incident:
        """Somebody closes it and says why what is left of its plan is not done."""
        ...

    def committed(self, *, is_durable: bool) -> None:
        """The transaction has ended in which it was asked."""
        ...


class NoPlaces:
    """A configuration without any account."""

    config = 0

    def of_account(self, account_id: Ref) -> AccountPlace | None:
        """None: there is no account."""
        del account_id


class Core:
    """Decides on what is stored, and on commands (`journal.Core`). One thread uses it: the writer's."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        catalogue: Catalogue,
        places: Places | None = None,
        on_committed: Callable[[Committed], None] = lambda _committed: None,
        keeper: Keeper | None = None,
        follower: Follower | None = None,
        own_site: Ref | None = None,
        planner: Planner | None = None,
    ) -> None:
        """Go on where the store says that it stopped.

        `keeper` keeps texts of incidents; without one no signal's part is copied and no command may bring a value.
        `follower` keeps their timers; without one nobody is told of what nobody claims. `own_site` is the control
        room's: a silent call for help from there is its own. `planner` leads them through their action plans; without
        one none begins.
        `on_committed` is called in the writer's thread after each commit that changed what people see.
        """
        self._store = store
        self._clock = clock
        self._catalogue = catalogue
        self._places: Places = places or NoPlaces()
        self._on_committed = on_committed
        self._keeper = keeper
        self._follower = follower
        self._own_site = own_site
        self._planner = planner
        self._is_planning = False
        """Facts of a plan are being put: what follows from them is the planner's own to say."""
        self._open = OpenIncidents()
        self._on_test = OnTestView(store)
        self._out = OutView(store)
        self._schedules = ScheduleView(store)
        self._queue: deque[EntryRow] = deque()
        self._passed = Seq(int(store.get_meta(PASSED) or 0))
        self._gap_from: Seq | None = self._passed
        """Entries after this one are read from the store when the queue is empty; None: all that wait stand in it."""
        self._head = store.head().seq
        self._number = store.highest_number()
        self._step: _Step | None = None
        self._poisoned: dict[Seq, Code] = {}
        self._failures: dict[Seq, int] = {}
        self._one_by_one = 0
        """So many entries are taken one a step, to find the one that fails."""
        tried = store.get_meta(TRIED)
        self._tried = _Tried(0, Seq(0)) if tried is None else _TRIED.decode(tried)
        self._noted = Seq(0)
        """The entry that this process has noted as tried."""
        self._careful_until = Seq(0)
        """After a death: entries up to here are noted before they are tried."""
        self._is_stalled = False
        self._ended_s = clock.monotonic_s()
        self._oldest_at: Micros | None = None
        """When the oldest entry that waits was stored, as far as it is known."""
        self._pruned_at = Micros(0)
        self.last_signal_at = _last_signal_at(store)
        """When the latest signal was received; None where there is none among the newest entries."""
        before: Seq | None = None
        while page := store.incidents("open", before, READ_ENTRIES):
            for incident in page:
                self._open.put(incident)
            before = page[-1].version
        self._open.keep()
        self._closed = RecentlyClosed(store)
        self._judges: Callable[[], Judgement] = lambda: JUDGEMENT
        self.flood = FloodWatch(store, clock.now_us(), lambda: self._judges())
        """Counts what is announced, and knows whether a storm goes on."""
        # Where nothing waits but what it passes over, there is nothing to commit at the start.
        self._fill()
        if self._queue:
            if store.get_meta(RUNNING) == "1":  # the process before this one died
                self._careful_until = Seq(self._queue[0].seq + STEP_ENTRIES_MAX)
            self._oldest_at = self._queue[0].at
        else:
            self._passed = self._head

    def judge_by(self, judges: Callable[[], Judgement]) -> None:
        """Decide by these parameters from now on; without this, by what ships."""
        self._judges = judges

    # What others ask -------------------------------------------------------------------------------------------------

    @property
    def is_behind(self) -> bool:
        """Entries wait to be decided on."""
        return not self._is_stalled and (bool(self._queue) or self._gap_from is not None)

    @property
    def is_stalled(self) -> bool:
        """It gave up on an entry: signals are stored and acknowledged, and nothing becomes of them."""
        return self._is_stalled

    @property
    def waiting_entries(self) -> int:
        """How many entries are stored and not yet decided on, at most."""
        return len(self._queue) if self._gap_from is None else self._head - self._gap_from + len(self._queue)

    @property
    def oldest_waiting_s(self) -> float:
        """Age in seconds of the oldest entry that is not yet decided on; 0 where none waits. From any thread."""
        oldest_at = self._oldest_at
        return 0.0 if oldest_at is None else max(0, self._clock.now_us() - oldest_at) / 1_000_000

    @property
    def open_count(self) -> int:
        """How many incidents are open."""
        return len(self._open)

    def open_incidents(self) -> tuple[Seq, list[Incident]]:
        """The journal's end and the open incidents at it. Ask before the writer starts, or in its thread."""
        return self._head, self._open.all()

    def use_places(self, places: Places) -> None:
        """Decide by this configuration from now on. From any thread."""
        self._places = places

    # The journal's side ----------------------------------------------------------------------------------------------

    def fed(self, rows: Sequence[EntryRow]) -> None:
        """These entries are durable now."""
        taken = [row for row in rows if row.kind in TAKEN]
        for row in rows:
            if row.kind in TEST_KINDS:
                self._on_test.fed(row)
            elif row.kind in OUT_KINDS:
                self._out.fed(row)
            elif row.kind == SCHEDULE_SET:
                self._schedules.fed(row)
        if self._gap_from is None and taken:
            if len(self._queue) + len(taken) <= FED_MAX:
                self._queue.extend(taken)
            else:
                self._gap_from = Seq(rows[0].seq - 1)
        self._head = max(self._head, rows[-1].seq)
        if self._oldest_at is None and taken:
            self._oldest_at = taken[0].at
        configuring = next((row for row in reversed(rows) if row.kind in CONFIGURING), None)
        if configuring is not None:
            # Its own version: the places that rules see are swapped a moment later.
            config = _CONFIG_ENTRY.decode(configuring.entry).body.config
            self._on_committed(Committed(seq=self._head, config=config))

    def step(self, transaction: StoreTransaction, appender: Appender) -> None:
        """Decide on entries for a few milliseconds, and write what follows from them."""
        self._fill()
        step = self._step = _Step(self._number, appender.seq, transaction)
        begun_s = self._clock.monotonic_s()
        limit_s = STEP_S
        if self.waiting_entries > LAG_ENTRIES:
            limit_s = min(LAG_STEP_S, max(STEP_S, begun_s - self._ended_s))
        most = 1 if self._one_by_one else STEP_ENTRIES_MAX
        for row in self._queue:
            if row.seq <= self._careful_until and self._noted != row.seq:
                if not step.taken:
                    self._note_tried(transaction, row.seq)
                break
            self._take(row, step, appender)
            step.taken += 1
            if step.taken >= most or row.seq <= self._careful_until:
                break
            if self._clock.monotonic_s() - begun_s > limit_s:
                break
        self._write(step, transaction, appender)

    def settle(self, *, is_durable: bool) -> None:
        """The transaction with the step has ended."""
        step, self._step = self._step, None
        self._ended_s = self._clock.monotonic_s()
        self._settle_plans(is_durable=is_durable)
        self.flood.settle(is_durable=is_durable)
        if step is None or not is_durable:
            self._open.undo()
            return
        self._open.keep()
        self._remember_closed(step.changed.values())
        for _ in range(step.taken):
            row = self._queue.popleft()
            self._poisoned.pop(row.seq, None)
            self._failures.pop(row.seq, None)
        self._one_by_one = max(0, self._one_by_one - step.taken)
        if self._queue:
            self._oldest_at = self._queue[0].at
        elif self._gap_from is None:
            self._oldest_at = None
        self._passed = step.passed
        self._on_test.passed(step.passed)
        self._out.passed(step.passed)
        self._number = step.number
        self._head = max(self._head, step.end)
        self.last_signal_at = step.last_signal_at or self.last_signal_at
        if step.changed:
            self._on_committed(Committed(seq=self._head, incidents=tuple(step.changed.values())))

    def failed(self, error: Exception) -> None:
        """The step raised, and is undone: take its entries one by one, and set the one aside that fails alone."""
        step = self._step
        tried = (step.taken + 1) if step else 1
        if not self._queue:
            _LOG.error("core.failed", error=type(error).__name__, exc_info=error)
            self._is_stalled = True
            return
        first = self._queue[0].seq
        if tried > 1 or not self._one_by_one:
            self._one_by_one = max(tried, 1)
            _LOG.warning("core.step_failed", error=type(error).__name__, entries=tried)
            if tried > 1:
                return
        failures = self._failures[first] = self._failures.get(first, 0) + 1
        _LOG.error("core.entry_failed", seq=first, error=type(error).__name__, times=failures, exc_info=error)
        if failures > 1:  # once could have been the store's
            self._poisoned[first] = Code(type(error).__name__[:40])
        if failures >= STEP_FAILURES_MAX:
            self._is_stalled = True

    # Commands --------------------------------------------------------------------------------------------------------

    def handle(self, journal: Journal, command: Command) -> tuple[Incident, Seq]:
        """Carry out a command; return the incident as it is then, and the seq of its last fact.

        The same command again gets the same answer, for 30 days.

        Raises:
            Conflict: a newer version, somebody else's claim, or another command under the same id. Nothing was changed.
            BadInput: there is no such incident.
        """
        value: SealedValue | None = getattr(command.act, "value", None)
        assert value is None or self._keeper is not None, "a value needs somebody who keeps it"
        digest = digest_of(command, value)
        changes: dict[Ref, Incident] = {}

        def work(transaction: StoreTransaction, appender: Appender) -> tuple[Incident, Incident | None]:
            kept = transaction.get_command(command.actor, command.id)
            if kept is not None:
                if kept[0] != digest:
                    raise Conflict(
                        "This command's id was used for another command before. Nothing was changed. Give each command "
                        "an id of its own",
                        "command.reused",
                    )
                return _INCIDENT.decode(kept[1]), None
            incident = self._open.get(command.incident) or transaction.incident(command.incident)
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
                before = incident
                if self._planner is not None and isinstance(command.act, Close) and command.act.waive is not None:
                    put = self.put_in(transaction, appender, incident)
                    incident = self._planner.waived(transaction, appender, incident, command.act, command.actor, put)
                put = self.put_in(transaction, appender, incident, value)
                incident = put(body, command.actor)
                if self._follower is not None:
                    incident = self._follower.acted(transaction, appender, before, incident, command.act, command.actor)
                if self._planner is not None:
                    put = self.put_in(transaction, appender, incident)
                    if isinstance(command.act, Call):
                        incident = self._planner.called(
                            transaction, appender, incident, command.act, command.actor, put
                        )
                    incident = self._planner.followed(transaction, appender, before, incident, put)
                changed = incident
            transaction.put_command(command.actor, command.id, appender.at, digest, _ENCODE(incident))
            self._prune(transaction, appender.at)
            return incident, changed

        try:
            incident, changed = journal.decide(work)
        except BaseException:
            self._settle_plans(is_durable=False)
            raise
        self._settle_plans(is_durable=True)
        if changes:
            self._number = max(self._number, *(one.number for one in changes.values()))
            self.take_over(list(changes.values()), journal.head.seq)
        if changed is not None:
            self._open.put(changed)
            self._remember_closed([changed])
            self._open.keep()
            self._head = max(self._head, journal.head.seq)
            texts = value is not None or getattr(command.act, "note", None) is not None
            self._on_committed(Committed(seq=self._head, incidents=(changed,), personal=(changed.id,) if texts else ()))
        return incident, incident.version

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
        number = self._number + 1
        work = Regrouping(self._store, self._places, self._catalogue, transaction, appender, number)
        answer = work.carry_out(incident, command, act, self._keeper)
        first: dict[Ref, Incident | None] = {}
        for before, after, body in work.steps:
            if self._follower is not None:
                self._follower.followed(transaction, appender, before, after, appender.at, command.actor)
            if self._keeper is not None:
                self._keeper.acted(transaction, appender, after, body, None, command.actor)
            first.setdefault(after.id, before)
            changes[after.id] = after
        if self._planner is not None:
            for id_, before in first.items():
                put = self.put_in(transaction, appender, changes[id_])
                changes[id_] = self._planner.followed(transaction, appender, before, changes[id_], put)
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
            if self._follower is not None:
                self._follower.followed(transaction, appender, before, now, appender.at, actor)
            if self._keeper is not None:
                self._keeper.acted(transaction, appender, now, body, value, actor)
            shown = ends_shelf(before, body)
            return now if shown is None or now.shelved is None else put(shown)

        return put

    def put_apart(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, body: IncidentBody
    ) -> Incident:
        """Put a fact that a timer causes, and what follows from it for the incident's plan."""
        put = self.put_in(transaction, appender, incident)
        after = put(body)
        return after if self._planner is None else self._planner.followed(transaction, appender, incident, after, put)

    def _act_on_plan(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, act: PlanAct, actor: Actor
    ) -> Incident:
        if self._planner is None:
            raise BadInput("No plans are led here. Nothing was changed. Start the centre", "plan.none_here")
        put = self.put_in(transaction, appender, incident)
        return self._planner.act(transaction, appender, incident, act, actor, put)

    def _settle_plans(self, *, is_durable: bool) -> None:
        if self._planner is not None:
            self._planner.committed(is_durable=is_durable)

    def has_common_cause(self) -> bool:
        """Is an incident open about what many have in common? In the writer's thread."""
        return any(one.reason in COMMON for one in (*self._open.centre_own(), *self._open.mains()))

    def take_over(self, incidents: Sequence[Incident], seq: Seq) -> None:
        """Somebody else changed these, durably, in one commit of the writer's: go on from there, and tell it once."""
        for incident in incidents:
            self._open.put(incident)
        self._remember_closed(incidents)
        self._open.keep()
        self._head = max(self._head, seq)
        self._settle_plans(is_durable=True)  # what a timer caused may have led a plan on, and have people told
        self._on_committed(Committed(seq=self._head, incidents=tuple(incidents)))

    def _remember_closed(self, incidents: Iterable[Incident]) -> None:
        for incident in incidents:
            if incident.state == "closed":
                self._closed.put(incident)

    # Steps -----------------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Read what waits in the store where memory does not have it."""
        while not self._queue and self._gap_from is not None:
            page = self._store.entries(self._gap_from, READ_ENTRIES)
            self._queue.extend(stored.row for stored in page if stored.row.kind in TAKEN)
            if len(page) < READ_ENTRIES:
                self._gap_from = None
            else:
                self._gap_from = page[-1].row.seq

    def _note_tried(self, transaction: StoreTransaction, seq: Seq) -> None:
        """After a death: note what is tried next, in a commit of its own; what kills again is set aside unseen."""
        deaths = self._tried.deaths if self._tried.seq == seq else 0
        if deaths >= DEATHS_MAX:
            self._poisoned[seq] = Code("death")
        self._tried = _Tried(deaths + 1, seq)
        transaction.put_meta(TRIED, _ENCODE(self._tried).decode())
        self._noted = seq

    def _take(self, row: EntryRow, step: "_Step", appender: Appender) -> None:
        step.stored_at = row.at
        if row.seq in self._poisoned:
            self._quarantine(row, step, appender)
        elif row.kind == _SIGNAL:
            self._take_signal(row, _SIGNAL_ENTRY.decode(row.entry), step, appender)
        elif row.kind == _NOTICED:
            self._take_notice(row, _NOTICE_ENTRY.decode(row.entry).body, step, appender)
        elif row.kind == HELD_UP:
            self._take_held_up(row, _HELD_UP_ENTRY.decode(row.entry).body, step, appender)
        elif row.kind == SUPERVISION_MISSING:
            step.write_armings()
            opening = _Opening(self, row.seq, step, appender)
            take_missing(row, step.transaction, self._open, self._places, self._catalogue, opening)
        elif row.kind == SUPERVISION_RETURNED:
            take_returned(row, step.transaction, self._open.get, self._places, _Opening(self, row.seq, step, appender))
        elif row.kind in (TEST_ENDED, ZONES_PUT_BACK):
            ending = _Opening(self, row.seq, step, appender)
            take_ended(row, self._open.all(), self._places.config, self._catalogue, ending)
        elif row.kind == SCHEDULE_MISSED:
            opening = _Opening(self, row.seq, step, appender)
            take_missed(row, self._open, self._places, self._catalogue, opening)
        else:
            self._take_account(row, _ACCOUNT_ENTRY.decode(row.entry), step, appender)

    def _take_signal(self, row: EntryRow, entry: _SignalEntry, step: "_Step", appender: Appender) -> None:
        signal, ref = entry.body, entry.ref
        place = None if ref is None else self._places.of_account(ref)
        reading = classify(signal, place, self._catalogue)
        site = None if place is None else place.site_id
        id_, config, catalogue = signal_id(row), self._places.config, self._catalogue
        candidates = self._open.candidates(account_key(ref, signal.account), site)
        test = self._on_test.judge(reading, signal, ref, site, row.seq)
        out = self._out.judge(reading, signal, ref, row.seq)
        # Whoever walks through a test wants to see the zone, in service or not; else what starts no response counts.
        under = out if out is not None and (test is None or (test.is_live and not out.is_live)) else test
        decided = decide_signal(
            reading, signal, id_, ref, site, candidates, step.number + 1, config, catalogue, under, self._judges()
        )
        step.last_signal_at = signal.received_at
        said = reading.reason
        match decided:
            case IncidentOpened() if (area := self._area(decided, signal)) is not None:
                incident, said = self._open_area(area, decided, signal, row.seq, step, appender)
                step.add_signal(row.seq, ref, signal, *said, incident)
                self._copy(incident, row, step, is_new=said[0] == "opened")
                said = said[1]
            case IncidentOpened():
                decided = of_own_site(decided, site, self._own_site)
                earlier = self._closed.before(decided, self._judges().returned_s)
                if earlier is not None and self._open.get(earlier.incident) is None:  # nobody has reopened it
                    decided = msgspec.structs.replace(decided, earlier=earlier)
                incident = self.open_incident(decided, row.seq, step, appender)
                step.add_signal(row.seq, ref, signal, "opened", decided.reason, incident)
                self._copy(incident, row, step, is_new=True)
            case (incident_id, IncidentJoined() as joined):
                self.join(incident_id, joined, row.seq, step, appender)
                step.add_signal(row.seq, ref, signal, "joined", joined.reason, incident_id)
                said = joined.reason
                step.add_arming(arming_of(signal, ref, row.seq, joined.kind))
                self._copy(incident_id, row, step, is_new=False)
                self._restore_others(reading, signal, id_, ref, incident_id, candidates, row.seq, step, appender)
            case Folded():
                # Its words are not copied: the signal is stored and counted, and one source must not fill the vault.
                self._fold(decided, signal, row, step)
                self._restore_others(reading, signal, id_, ref, decided.incident, candidates, row.seq, step, appender)
                step.add_signal(row.seq, ref, signal, "joined", reasons.FOLDED, decided.incident)
                said = reasons.FOLDED
            case reason:
                step.filed.append((row.seq, reason))
                step.add_signal(row.seq, ref, signal, "filed", reason, None)
                said = reason
                step.add_arming(arming_of(signal, ref, row.seq, reason))
        take_kept(
            signal, reading, said, ref, self._schedules, self._open, self._places, self._catalogue,
            _Opening(self, row.seq, step, appender), is_on_test=test is not None,
        )  # fmt: skip

    def _take_notice(self, row: EntryRow, notice: CentreNoticed, step: "_Step", appender: Appender) -> None:
        decided = decide_notice(
            notice, row.at, self._open.centre_own(), step.number + 1, self._places.config, self._catalogue
        )
        match decided:
            case IncidentOpened():
                self.open_incident(decided, row.seq, step, appender)
            case (incident_id, IncidentJoined() as joined):
                self.join(incident_id, joined, row.seq, step, appender)
            case None:
                pass

    def _take_held_up(self, row: EntryRow, body: HeldUp, step: "_Step", appender: Appender) -> None:
        found = self._open.centre_own()
        decided = decide_held_up(body, row.at, found, step.number + 1, self._places.config, self._catalogue)
        if isinstance(decided, IncidentOpened):
            self.open_incident(decided, row.seq, step, appender)
        else:
            self.join(*decided, row.seq, step, appender)

    def _take_account(self, row: EntryRow, entry: _AccountEntry, step: "_Step", appender: Appender) -> None:
        """A number was set up: what it opened as an unknown account belongs to it now."""
        if entry.body.removed:
            if entry.ref is not None:
                step.write_armings()
                forget_account(step.transaction, entry.ref)
            return
        account_id = entry.ref or Ref(f"account-{row.seq}")
        for incident in self._open.candidates(account_key(None, entry.body.account), None):
            placed = place_incident(incident, entry.body, account_id, site_of(entry.body), entry.body.config)
            if placed is not None:
                self._add_fact(placed, incident.id, row.seq, step, appender)

    def _quarantine(self, row: EntryRow, step: "_Step", appender: Appender) -> None:
        error = self._poisoned[row.seq]
        signal, id_, ref = None, None, None
        if row.kind == _SIGNAL:
            entry = _SIGNAL_ENTRY.decode(row.entry)
            signal, id_, ref = entry.body, signal_id(row), entry.ref
        body = SignalQuarantined(error=error, exercise=signal is not None and signal.exercise, signal=id_)
        cause = appender.append(Fact(kind=Code("signal.quarantined"), body=body, cause=row.seq))
        opened = quarantine_incident(signal, id_, ref, row.at, step.number + 1, self._places.config, self._catalogue)
        incident = self.open_incident(opened, cause, step, appender)
        if signal is not None:
            step.add_signal(row.seq, ref, signal, "quarantined", error, incident)
            self._copy(incident, row, step, is_new=True)

    def _copy(self, incident: Ref, row: EntryRow, step: "_Step", *, is_new: bool) -> None:
        """Seal the signal's personal part again under the incident's key: retention and holds look at that copy."""
        if self._keeper is not None and (copied := self._keeper.copy_signal(incident, row, is_new=is_new)) is not None:
            step.copies.append(copied)

    def open_incident(self, body: IncidentOpened, cause: Seq, step: "_Step", appender: Appender) -> Ref:
        """Append the fact that opens it."""
        step.number = body.number
        seq = appender.append(Fact(kind=KIND_OF[IncidentOpened], body=body, cause=cause))
        id_ = Ref(f"incident-{seq}")
        self._put(apply(None, body, seq=seq, at=appender.at, actor=None, id_=id_), seq, step, appender)
        if (opened := self._open.get(id_)) is not None:
            self.flood.opened(opened)
        return id_

    def join(self, id_: Ref, body: IncidentJoined, cause: Seq, step: "_Step", appender: Appender) -> None:
        """Append the fact that something belongs to it."""
        self._add_fact(body, id_, cause, step, appender)

    def close(self, id_: Ref, body: IncidentClosed, cause: Seq, step: "_Step", appender: Appender) -> None:
        """Append the fact that it is over, by what nobody decided."""
        self._add_fact(body, id_, cause, step, appender)

    def _one(self, id_: Ref) -> Incident:
        incident = self._open.get(id_)
        assert incident is not None, "a signal joins one of the candidates that it was given"
        return incident

    def _add_fact(self, body: IncidentBody, id_: Ref, cause: Seq, step: "_Step", appender: Appender) -> None:
        self._end_fold(id_, step, appender)
        self._add(body, self._one(id_), cause, step, appender)

    def _add(self, body: IncidentBody, incident: Incident, cause: Seq, step: "_Step", appender: Appender) -> Incident:
        seq = appender.append(Fact(kind=KIND_OF[type(body)], body=body, ref=incident.id, cause=cause))
        after = apply(incident, body, seq=seq, at=appender.at, actor=None, id_=incident.id)
        self._put(after, seq, step, appender)
        shown = ends_shelf(incident, body)
        if shown is not None and (now := self._open.get(incident.id)) is not None and now.shelved is not None:
            return self._add(shown, now, cause, step, appender)
        return after

    def _area(self, opened: IncidentOpened, signal: SignalBody) -> Incident | list[Incident] | None:
        """Where it is the mains of an area: that incident, or those that become one with it."""
        if not is_mains(opened, signal):
            return None
        rule, mains = self._judges().area_mains, self._open.mains()
        area = open_area(opened, mains, rule)
        return area if area is not None else (of_area(opened, mains, rule) or None)

    def _open_area(
        self,
        area: Incident | list[Incident],
        opened: IncidentOpened,
        signal: SignalBody,
        cause: Seq,
        step: "_Step",
        appender: Appender,
    ) -> tuple[Ref, tuple[SignalOutcome, Code]]:
        """Let the signal join the area's incident, or open that and merge the others into it that nobody has."""
        if isinstance(area, Incident):
            self.join(area.id, join_area(area, opened, signal, POINTS_MAX - len(area.points)), cause, step, appender)
            return area.id, ("joined", reasons.AREA_MAINS_JOINED)
        id_ = self.open_incident(as_area(opened), cause, step, appender)
        for one in area:
            if one.claimed_by is not None:
                continue  # somebody is at it
            self._end_fold(one.id, step, appender)
            merged, absorbed = merge(
                self._one(one.id), self._one(id_), None, appender.at, is_taken=False, reason=reasons.MERGED_AS_AREA
            )
            self._add_fact(merged, one.id, cause, step, appender)
            self._add_fact(absorbed, id_, cause, step, appender)
        return id_, ("opened", reasons.AREA_MAINS)

    def _restore_others(
        self,
        reading: Reading,
        signal: SignalBody,
        id_: SignalId,
        ref: Ref | None,
        joined: Ref,
        candidates: Sequence[Incident],
        cause: Seq,
        step: "_Step",
        appender: Appender,
    ) -> None:
        config, catalogue = self._places.config, self._catalogue
        for other, restored in restore_others(reading, signal, id_, ref, joined, candidates, config, catalogue):
            self._add_fact(restored, other, cause, step, appender)

    def _fold(self, decided: Folded, signal: SignalBody, row: EntryRow, step: "_Step") -> None:
        """Count it: one fact for all of the step, so that a detector that chatters writes little."""
        before, body = step.folds.get(decided.incident, (self._one(decided.incident), None))
        body = fold(before, body, decided, signal, row.seq, self._places.config)
        step.folds[decided.incident] = before, body
        self._open.put(folded(before, body))

    def _end_fold(self, id_: Ref, step: "_Step", appender: Appender) -> None:
        """Append the fact of what was counted, before anything else is said of the incident."""
        found = step.folds.pop(id_, None)
        if found is None:
            return
        before, body = found
        seq = appender.append(Fact(kind=KIND_OF[IncidentFolded], body=body, ref=id_, cause=body.signals[-1]))
        incident = apply(before, body, seq=seq, at=appender.at, actor=None, id_=id_)
        self._open.put(incident)
        step.changed[id_] = incident

    def _put(self, incident: Incident, seq: Seq, step: "_Step", appender: Appender) -> None:
        before = self._open.get(incident.id)
        if self._follower is not None:
            self._follower.followed(step.transaction, appender, before, incident, step.stored_at or appender.at)
        self._open.put(incident)
        step.changed[incident.id] = incident
        step.facts.append((incident.id, seq))
        if self._planner is not None and not self._is_planning:
            self._plan(self._planner, before, incident, seq, step, appender)

    def _plan(
        self,
        planner: Planner,
        before: Incident | None,
        incident: Incident,
        cause: Seq,
        step: "_Step",
        appender: Appender,
    ) -> None:
        """Put what follows for its plan in the same step. Only what has a plan, or could begin one alone, is asked."""
        now = incident

        def put(body: IncidentBody, actor: Actor | None = None) -> Incident:
            nonlocal now
            assert actor is None, "nobody acts in a step of the core"
            now = self._add(body, now, cause, step, appender)
            if self._keeper is not None and now.state == "closed":
                self._keeper.acted(step.transaction, appender, now, body, None, None)
            return now

        self._is_planning = True
        try:
            planner.followed(step.transaction, appender, before, incident, put)
        finally:
            self._is_planning = False

    def _write(self, step: "_Step", transaction: StoreTransaction, appender: Appender) -> None:
        for id_ in list(step.folds):
            self._end_fold(id_, step, appender)
        if step.filed:
            body = SignalsFiled(config=self._places.config, exercise=False, filed=tuple(step.filed))
            appender.append(Fact(kind=Code("signals.filed"), body=body))
        self.flood.look(transaction, appender)
        step.write_armings()
        transaction.put_incidents(step.changed.values())
        transaction.add_incident_facts(step.facts)
        transaction.add_signals(step.signals)
        if self._keeper is not None:
            self._keeper.keep(transaction, step.copies, appender.at)
        if step.taken < len(self._queue):
            step.passed = Seq(self._queue[step.taken].seq - 1)
        else:
            step.passed = self._head if self._gap_from is None else self._gap_from
        step.end = appender.seq
        transaction.put_meta(PASSED, str(step.passed))

    def _prune(self, transaction: StoreTransaction, now: Micros) -> None:
        if now - self._pruned_at > _PRUNE_US:
            self._pruned_at = now
            transaction.drop_commands(Micros(now - COMMAND_DAYS * 86_400_000_000))


class _Opening:
    """What follows from one entry about paths (`supervision_core.Opening`)."""

    def __init__(self, core: Core, cause: Seq, step: "_Step", appender: Appender) -> None:
        self._core, self._cause, self._step, self._appender = core, cause, step, appender

    def opened(self, body: IncidentOpened) -> Ref:
        return self._core.open_incident(body, self._cause, self._step, self._appender)

    def joined(self, incident: Ref, body: IncidentJoined) -> None:
        self._core.join(incident, body, self._cause, self._step, self._appender)

    def closed(self, incident: Ref, body: IncidentClosed) -> None:
        self._core.close(incident, body, self._cause, self._step, self._appender)

    def number(self) -> int:
        return self._step.number + 1


class _Step:
    """What one step has decided and not yet made durable."""

    def __init__(self, number: int, begun_at: Seq, transaction: StoreTransaction) -> None:
        self.number = number
        self.transaction = transaction
        self.armings: list[ArmingChange] = []
        self.passed = Seq(0)
        self.end = begun_at
        self.taken = 0
        self.changed: dict[Ref, Incident] = {}
        self.facts: list[tuple[Ref, Seq]] = []
        self.signals: list[SignalRow] = []
        self.copies: list[SealedValue] = []
        self.filed: list[tuple[Seq, Code]] = []
        self.folds: dict[Ref, tuple[Incident, IncidentFolded]] = {}
        """Incidents as they were, and what was counted in them since."""
        self.last_signal_at: Micros | None = None
        self.stored_at: Micros | None = None
        """When what it takes now was stored: timers count from there, not from when the core came to it."""

    def add_arming(self, change: ArmingChange | None) -> None:
        if change is not None:
            self.armings.append(change)

    def write_armings(self) -> None:
        """Before somebody asks, and at the end."""
        if self.armings:
            put_armings(self.transaction, self.armings)
            self.armings = []

    def add_signal(
        self,
        seq: Seq,
        account_id: Ref | None,
        signal: SignalBody,
        outcome: SignalOutcome,
        reason: Code,
        incident: Ref | None,
    ) -> None:
        self.signals.append(signal_row(seq, account_id, signal, outcome, reason, incident))


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


def _last_signal_at(store: Store) -> Micros | None:
    page = store.newest_entries(None, Code(_SIGNAL), 1, LAST_SIGNAL_ENTRIES_MAX)
    return _SIGNAL_ENTRY.decode(page.entries[0].row.entry).body.received_at if page.entries else None


def site_of(row: AccountRow) -> Ref | None:
    """The site that an account stands at."""
    return getattr(row, "site_id", None)


def signal_id(row: EntryRow) -> SignalId:
    """The signal's name."""
    return SignalId(f"{row.stream}-{row.number}")


def signal_row(
    seq: Seq, account_id: Ref | None, signal: SignalBody, outcome: SignalOutcome, reason: Code, incident: Ref | None
) -> SignalRow:
    """Where a signal ended, as a row: the same from a step and from a rebuild."""
    return SignalRow(
        seq=seq,
        at=signal.received_at,
        account=signal.account,
        account_id=account_id,
        code=signal.code,
        format=signal.format,
        zone=signal.address,
        outcome=outcome,
        reason=reason,
        incident=incident,
    )
