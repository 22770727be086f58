"""The core: takes stored signals, in order, to where each of them ends, and carries out commands on incidents.

It works in the writer's thread alone. A step runs in the transaction of a later batch, under a savepoint and for a few
milliseconds, so that one fsync serves both and a bug in a rule costs no signal (DESIGN.md, "The way of a signal"). What
it holds in memory is the open incidents; everything else is in the store.

Which entry comes next, and what becomes of one that fails, is here; what is decided on an entry is in `core_taking`,
how facts are put in `core_step`, commands in `core_commands`.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import structlog

from tocsin.centre.action_plan_steps import Put
from tocsin.centre.core_commands import Commands
from tocsin.centre.core_entries import CONFIG_ENTRY, CONFIGURING, SIGNAL, SIGNAL_ENTRY, TAKEN
from tocsin.centre.core_state import CoreState, Follower, Keeper, Planner
from tocsin.centre.core_step import Step
from tocsin.centre.core_taking import Taking
from tocsin.centre.open_incidents import account_key
from tocsin.centre.reporting import Report, Reporting
from tocsin.centre.step_guard import StepEndless, StepGuard
from tocsin.centre.supervision_core import PASSED
from tocsin.journal.journal import Journal
from tocsin.model.catalogue import Catalogue
from tocsin.model.commands import Command
from tocsin.model.incidents import Committed, Incident, Source
from tocsin.model.journal import EntryRow
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.sites import Places
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.rules.action_plan import COMMON
from tocsin.rules.incident import IncidentBody
from tocsin.rules.judgement import Judgement

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

TRIED: Final = Code("core_tried")
RUNNING: Final = Code("running")
"""`1` from a start to an end in good order: found at a start, it tells of a death."""

_ENCODE: Final = msgspec.json.Encoder().encode
_LOG = structlog.get_logger("core")


class _Tried(msgspec.Struct, frozen=True):
    """What is noted before an entry is tried again after a death."""

    deaths: int
    seq: Seq


_TRIED: Final = msgspec.json.Decoder(_Tried)


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
        guard: StepGuard | None = None,
    ) -> None:
        """Go on where the store says that it stopped.

        `keeper` keeps texts of incidents; without one no signal's part is copied and no command may bring a value.
        `follower` keeps their timers; without one nobody is told of what nobody claims. `own_site` is the control
        room's: a silent call for help from there is its own. `planner` leads them through their action plans; without
        one none begins. `guard` bounds what one step may take; without one a rule that never ends keeps the writer.
        `on_committed` is called in the writer's thread after each commit that changed what people see.
        """
        self._store = store
        self._clock = clock
        self._guard = guard or StepGuard()
        self._on_committed = on_committed
        self._state = CoreState(store, clock, catalogue, places, keeper, follower, planner)
        self.flood = self._state.flood
        self._taking = Taking(self._state, own_site)
        self._commands = Commands(self._state, self.take_over)
        self._reporting = Reporting(self._state, self._commands.put_in, self.take_over)
        self._queue: deque[EntryRow] = deque()
        self._passed = Seq(int(store.get_meta(PASSED) or 0))
        self._gap_from: Seq | None = self._passed
        """Entries after this one are read from the store when the queue is empty; None: all that wait stand in it."""
        self._head = store.head().seq
        self._step: Step | None = None
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
        self.last_signal_at = _last_signal_at(store)
        """When the latest signal was received; None where there is none among the newest entries."""
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
        self._state.judges = judges

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
        return len(self._state.open)

    def open_incidents(self) -> tuple[Seq, list[Incident]]:
        """The journal's end and the open incidents at it. Ask before the writer starts, or in its thread."""
        return self._head, self._state.open.all()

    def use_places(self, places: Places) -> None:
        """Decide by this configuration from now on. From any thread."""
        self._state.places = places

    # The journal's side ----------------------------------------------------------------------------------------------

    def fed(self, rows: Sequence[EntryRow]) -> None:
        """These entries are durable now."""
        taken = [row for row in rows if row.kind in TAKEN]
        for row in rows:
            self._taking.fed(row)
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
            config = CONFIG_ENTRY.decode(configuring.entry).body.config
            self._on_committed(Committed(seq=self._head, config=config))

    def step(self, transaction: StoreTransaction, appender: Appender) -> None:
        """Decide on entries for a few milliseconds, and write what follows from them."""
        self._fill()
        step = self._step = Step(self._state, transaction, appender)
        begun_s = self._clock.monotonic_s()
        limit_s = STEP_S
        if self.waiting_entries > LAG_ENTRIES:
            limit_s = min(LAG_STEP_S, max(STEP_S, begun_s - self._ended_s))
        most = 1 if self._one_by_one else STEP_ENTRIES_MAX
        self._guard.begin()
        try:
            self._take_some(transaction, step, begun_s, limit_s, most)
        finally:
            self._guard.end()
        self._write(step)

    def _take_some(self, transaction: StoreTransaction, step: Step, begun_s: float, limit_s: float, most: int) -> None:
        for row in self._queue:
            if row.seq <= self._careful_until and self._noted != row.seq:
                if not step.taken:
                    self._note_tried(transaction, row.seq)
                break
            self._take(row, step)
            step.taken += 1
            if step.taken >= most or row.seq <= self._careful_until:
                break
            if self._clock.monotonic_s() - begun_s > limit_s:
                break

    def settle(self, *, is_durable: bool) -> None:
        """The transaction with the step has ended."""
        step, self._step = self._step, None
        self._ended_s = self._clock.monotonic_s()
        self._state.settle_plans(is_durable=is_durable)
        self.flood.settle(is_durable=is_durable)
        if step is None or not is_durable:
            self._state.open.undo()
            return
        changed = tuple(step.changed.values())
        self._state.kept(changed)
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
        self._taking.passed(step.passed)
        self._state.number = step.number
        self._head = max(self._head, step.end)
        self.last_signal_at = step.last_signal_at or self.last_signal_at
        if changed:
            self._on_committed(Committed(seq=self._head, incidents=changed))

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
        if failures > 1 or isinstance(error, StepEndless):  # another could have been the store's, once
            self._poisoned[first] = Code(type(error).__name__[:40])
        if failures >= STEP_FAILURES_MAX:
            self._is_stalled = True

    # Commands --------------------------------------------------------------------------------------------------------

    def handle(self, journal: Journal, command: Command) -> tuple[Incident, Seq]:
        """Carry out a command (`core_commands.Commands.handle`)."""
        return self._commands.handle(journal, command)

    def report(self, journal: Journal, report: Report) -> tuple[Incident, Seq]:
        """Let a person's report open an incident or join one (`reporting.Reporting.carry_out`)."""
        return self._reporting.carry_out(journal, report)

    @property
    def reporting(self) -> Reporting:
        """What opens incidents of what people report, in transactions of timers too. In the writer's thread."""
        return self._reporting

    def put_in(self, transaction: StoreTransaction, appender: Appender, incident: Incident) -> Put:
        """What puts facts about one incident outside a step of the core, with all that goes with each."""
        return self._commands.put_in(transaction, appender, incident)

    def put_apart(
        self, transaction: StoreTransaction, appender: Appender, incident: Incident, body: IncidentBody
    ) -> Incident:
        """Put a fact that a timer causes, and what follows from it for the incident's plan."""
        return self._commands.put_apart(transaction, appender, incident, body)

    def has_common_cause(self) -> bool:
        """Is an incident open about what many have in common? In the writer's thread."""
        return any(one.reason in COMMON for one in (*self._state.open.centre_own(), *self._state.open.mains()))

    def heard(self, incident: Incident) -> tuple[list[Source], int]:
        """What repeats in open incidents of this one's account, and the configuration's version. For the writer."""
        key = account_key(incident.account_id, incident.account or "")
        of_it = (*self._state.open.of_account(key), incident)
        return [source for one in of_it for source in one.sources], self._state.config

    def take_over(self, incidents: Sequence[Incident], seq: Seq, personal: Sequence[Ref] = ()) -> None:
        """Somebody else changed these, durably, in one commit of the writer's: go on from there, and tell it once.

        `personal`: those of them that got texts.
        """
        for incident in incidents:
            self._state.open.put(incident)
        self._state.kept(incidents)
        self._head = max(self._head, seq)
        self._state.settle_plans(is_durable=True)  # what a timer caused may have led a plan on, and have people told
        self._on_committed(Committed(seq=self._head, incidents=tuple(incidents), personal=tuple(personal)))

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

    def _take(self, row: EntryRow, step: Step) -> None:
        step.stored_at = row.at
        error = self._poisoned.get(row.seq)
        if error is not None:
            self._taking.quarantine(row, error, step)
        else:
            self._decide(row, step)

    def _decide(self, row: EntryRow, step: Step) -> None:
        self._taking.take(row, step)

    def _write(self, step: Step) -> None:
        step.write()
        if step.taken < len(self._queue):
            step.passed = Seq(self._queue[step.taken].seq - 1)
        else:
            step.passed = self._head if self._gap_from is None else self._gap_from
        step.transaction.put_meta(PASSED, str(step.passed))


def _last_signal_at(store: Store) -> Micros | None:
    page = store.newest_entries(None, Code(SIGNAL), 1, LAST_SIGNAL_ENTRIES_MAX)
    return SIGNAL_ENTRY.decode(page.entries[0].row.entry).body.received_at if page.entries else None
