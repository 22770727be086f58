"""What must be true while a simulated centre runs, whatever befalls it (STYLE.md, section 9; the promises).

`look` is asked every few seconds of the run and costs next to nothing; `look_at_the_end` reads the whole journal. The
judge knows what really happened, since it stands outside: what panels were told, what providers took, when the machine
slept. What it finds is said in a sentence.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tocsin.centre.supervision import NEVER
from tocsin.model.escalation import UNCLAIMED
from tocsin.model.incidents import Committed, State
from tocsin.model.values import Code, Micros, Ref
from tocsin.model.vault import Timer
from tocsin.rules.chains import last_built_in
from tocsin.rules.escalation import is_waiting
from tocsin.simulation.duty_judge import DutyJudge
from tocsin.simulation.end import Ledgers, findings_at_the_end
from tocsin.simulation.host import SimulatedService
from tocsin.simulation.machine import SECOND_US
from tocsin.simulation.panels import interval_limit_s, one_poll_s
from tocsin.simulation.part_judge import PartJudge
from tocsin.simulation.plan_judge import PlanJudge
from tocsin.simulation.shelf_judge import ShelfJudge

if TYPE_CHECKING:
    from tocsin.simulation.run import Simulation

LATE_S: Final = 5.0
"""A timer fires at most so late after the centre is ready."""

SETTLE_S: Final = 8.0
"""After trouble so long nothing is asked of its timers."""

SLOW_S: Final = 0.5
"""With commits that take longer, what was stored is decided on so late that its first step is late as well."""

ENDED_S: Final = 6.0
"""So long after a failed fsync the process is gone: 5 s are promised."""

SELDOM_S: Final = 30.0
BOARD_S: Final = 300.0
FALSE_S: Final = 12.0
UNSEEN_S: Final = 40.0
STUCK_S: Final = 60.0
FINDINGS_MAX: Final = 5
STATES: Final[tuple[State, ...]] = ("open", "closed")
WAITING_MAX: Final = 20_000


class Judge:
    """Looks, and remembers what is needed to look again."""

    def __init__(self, run: "Simulation") -> None:
        """Judge this run."""
        self._run = run
        self.findings: list[str] = []
        self.head = ""
        self.figures: dict[str, int] = {}
        self._well_since_s = 0.0
        self._troubles: deque[tuple[float, float]] = deque()
        self._seldom_s = self._board_s = 0.0
        self._missing: frozenset[int] = frozenset()
        self._missing_column = b""
        self._panel_of = {}
        self._failed_s: float | None = None
        self._over_s: dict[Timer, float] = {}
        """When each timer's wait is over at the latest, by the monotonic clock, as it was when it was set."""
        self._waiting: dict[tuple[Code, Ref], Timer] = {}
        self._duty = DutyJudge(self.broke, run.phones)
        self._plans = PlanJudge(self.broke)
        self._shelves = ShelfJudge(self.broke)
        self._parts = PartJudge(self.broke)
        self._steps_seen: set[tuple[Ref, int, Micros]] = set()
        self._service: SimulatedService | None = None
        self.lost_seen = self.steps_seen = self.late_max_s = 0

    @property
    def has_broken(self) -> bool:
        """A promise was broken: the run may end."""
        return bool(self.findings)

    def broke(self, words: str) -> None:
        """Note a broken promise."""
        run = self._run
        if len(self.findings) < FINDINGS_MAX:
            hours, seconds = divmod(run.world.now_s, 3600)
            words = f"At {int(hours)} h {seconds / 60:.1f} min: {words}"
            self.findings.append(words)
            run.trace(f"BROKEN {words}")

    # What happened to the machine ------------------------------------------------------------------------------------

    def started(self, service: SimulatedService) -> None:
        """A process is ready."""
        self._service = service
        self._failed_s = None
        self._over_s, self._waiting = {}, {}  # a start knows no wait but what is left by the times of facts
        service.on_committed = self._committed
        service.on_scanned = lambda: self._take_missing(service)
        self._note_steps(service)
        self._panel_of = {panel.setup.account: panel for panel in self._run.panels}
        self._missing = frozenset()
        self._trouble()
        self._take_missing(service, is_first=True)

    def _note_steps(self, service: SimulatedService) -> None:
        """A process that has died may have taken a step of which it told nobody: it is none of this one's."""
        store = service.parts._opened.store
        for state in STATES:
            for incident in store.incidents(state, None, 1_000_000):
                self._steps_seen.update((incident.id, step.step, step.at) for step in incident.escalated)

    def clock_set(self) -> None:
        """Somebody has set the clock."""
        self._trouble()

    def slept(self) -> None:
        """The machine has slept."""
        self._trouble()
        if self._failed_s is not None:
            self._failed_s = self._run.world.now_s

    def timers_changed(self, changed: Mapping[tuple[Code, Ref], Timer | None]) -> None:
        """A wait counts from when it was set, also for the very same time again: `at` may stand still."""
        service = self._service
        if not changed or service is None:
            return
        for key in changed:
            waited = self._waiting.pop(key, None)
            if waited is not None:
                self._over_s.pop(waited, None)
        head_at, now_s = service.parts._opened.store.head().at, self._run.world.monotonic_s()
        fact_time = max(self._run.host.now_us(), head_at)
        kinds = service.centre.timers.prompt_kinds
        for key, timer in changed.items():
            if timer is not None and timer.kind in kinds:
                self._waiting[key] = timer
                self._over_s[timer] = now_s + max(0, timer.due_at - fact_time) / SECOND_US

    def disk_failed(self) -> None:
        """An fsync has failed: the process must end."""
        self._trouble()
        self._failed_s = self._run.world.now_s

    def _trouble(self) -> None:
        self._well_since_s = self._run.world.now_s

    @property
    def _well_s(self) -> float:
        return self._run.world.now_s - self._well_since_s

    # While it runs ---------------------------------------------------------------------------------------------------

    def look(self, service: SimulatedService) -> None:
        """Every few seconds, while a process is there."""
        run = self._run
        parts = service.parts
        now_s = run.world.now_s
        if self._failed_s is not None and now_s - self._failed_s > ENDED_S:
            self.broke(f"an fsync failed {now_s - self._failed_s:.0f} s ago, and the centre goes on as if it had not.")
        if run.host.disk.has_failed:
            return  # it is ending, and what is stored may be more than it knows
        is_slow = run.host.disk.latency_s > SLOW_S
        if is_slow or not parts._receiver.is_accepting or run.host.disk.is_full_told:
            run.host.disk.is_full_told = False
            self._trouble()
        waiting = parts._writer.waiting_signals
        if waiting > WAITING_MAX:
            self.broke(f"{waiting} signals wait to be stored, and at most {WAITING_MAX} may.")
        self._duty.look_often(service, now_s)
        if now_s - self._seldom_s >= SELDOM_S:
            self._seldom_s = now_s
            if not self._is_behind(service):
                self._duty.look(service, now_s, self._well_s)
                self._plans.look(service, self._well_s)
                self._shelves.look(service, self._well_s)
                self._parts.look(service, now_s, self._well_s)
            self._look_at_timers(service)
            self._look_for_silence(service)
            self._look_at_memory(service)
        if now_s - self._board_s >= BOARD_S:
            self._board_s = now_s
            self._look_at_board(service)

    def _look_at_timers(self, service: SimulatedService) -> None:
        if self._well_s < SETTLE_S:
            return
        store = service.parts._opened.store
        now = max(self._run.host.now_us(), Micros(0))
        kinds = service.centre.timers.prompt_kinds
        timers = [timer for timer in store.timers() if timer.kind in kinds]
        self._look_at_waits(service, timers, now)
        first = timers[0] if timers else None
        if first is not None and first.due_at <= now - round(LATE_S * SECOND_US):
            late_s = (now - first.due_at) / SECOND_US
            self.broke(
                f"the timer {first.kind} of {first.ref} was due {late_s:.0f} s ago and has not fired, though the "
                f"centre has been ready and undisturbed for {self._well_s:.0f} s."
            )
        oldest_s = service.parts._core.oldest_waiting_s
        if oldest_s > STUCK_S + 3600 * (self._run.world.wrong_us != 0) and self._well_s > STUCK_S:
            self.broke(f"an entry has waited for {oldest_s:.0f} s to be decided on.")

    def _look_at_waits(self, service: SimulatedService, timers: Sequence[Timer], now: Micros) -> None:
        """A wait that was seen to have so long left is over by then, whatever the wall clock says by now."""
        store, now_s = service.parts._opened.store, self._run.world.monotonic_s()
        fact_time = max(now, store.head().at)
        # What is set while times stand still may be due at once: it too has its while, from when it was seen first.
        seen = {one: now_s + max(0, one.due_at - fact_time) / SECOND_US for one in timers}
        self._over_s = seen | {one: at_s for one, at_s in self._over_s.items() if one in seen}
        self._waiting = {(one.kind, one.ref): one for one in timers}
        for one, at_s in self._over_s.items():
            if min(now_s - at_s, self._well_s) > LATE_S + SETTLE_S:
                self.broke(
                    f"the timer {one.kind} of {one.ref} had its time {now_s - at_s:.0f} s ago by a clock that nobody "
                    "sets, and has not fired."
                )

    def _look_for_silence(self, service: SimulatedService) -> None:
        """Whoever has been silent for longer than its limit must have been noticed."""
        host = self._run.host
        if not service.takes_in or not host.is_ready:
            return
        watch = service.parts._supervising.watch
        for panel in self._run.panels:
            interval_s, heard_up_s = panel.setup.interval_s, panel.heard_up_s
            if interval_s is None or heard_up_s is None or panel.sure_up_s is None:
                continue
            silent_s = host.up_s - heard_up_s
            limit_s = interval_limit_s(interval_s)
            allowed_s = limit_s + UNSEEN_S + host.moves_s - panel.heard_moves_s
            allowed_s += one_poll_s(interval_s) * (host.restarts - panel.restarts_heard)
            if silent_s <= allowed_s:
                continue
            number = self._numbers(service).get(panel.setup.account)
            rows = [row for row in range(watch.size) if watch.account[row] == number]
            if not rows or not watch.missing[rows[-1]]:
                self.broke(
                    f"account {panel.setup.account} was silent for {silent_s:.0f} s with a limit of "
                    f"{interval_limit_s(interval_s):.0f} s, and nobody was told."
                )
                return

    def _numbers(self, service: SimulatedService) -> dict[str, int]:
        if not hasattr(self, "_number_of"):
            accounts = service.parts._opened.store.accounts()
            self._number_of = {one.row.account: int(one.id.rpartition("-")[2]) for one in accounts}
            self._account_of = {number: account for account, number in self._number_of.items()}
        return self._number_of

    def _take_missing(self, service: SimulatedService, *, is_first: bool = False) -> None:
        """Whoever is newly called silent must have been silent, our own outages left out."""
        watch = service.parts._supervising.watch
        column = bytes(watch.missing[: watch.size])
        if not is_first and column == self._missing_column:
            return
        self._missing_column = column
        missing = frozenset(row for row in range(watch.size) if column[row])
        new, self._missing = missing - self._missing, missing
        self._numbers(service)
        if is_first:
            return
        host = self._run.host
        for row in sorted(new):
            self.lost_seen += 1
            panel = self._panel_of.get(self._account_of.get(watch.account[row], ""))
            if panel is None or panel.sure_up_s is None or panel.setup.interval_s is None:
                continue
            limit_s = interval_limit_s(panel.setup.interval_s)
            silent_s = host.up_s - panel.sure_up_s
            least_s = limit_s if host.restarts == panel.restarts_sure else one_poll_s(panel.setup.interval_s)
            if watch.heard[row] != NEVER and silent_s < least_s - FALSE_S:
                self.broke(
                    f"account {panel.setup.account} was called silent after {silent_s:.0f} s in which it could have "
                    f"been heard, though its limit is {limit_s:.0f} s: our own outage made it overdue."
                )

    def _look_at_memory(self, service: SimulatedService) -> None:
        parts = service.parts
        panels = len(self._run.panels)
        figures = {
            "connections": (len(parts._intake.connections.open), 4 * panels + 100),
            "repeats remembered": (len(parts._journal._window), 60 * panels + 1_000),
            "notices under way": (len(parts._centre.outbox._under_way), 200),
            "entries of the core's queue": (len(parts._core._queue), 20_000),
            "facts of supervision": (len(parts._supervising.losses._facts), 2_000 + panels),
        }
        for name, (count, most) in figures.items():
            if count > most:
                self.broke(f"memory is not bounded: {count} {name}, and {most} are expected at most.")

    @staticmethod
    def _is_behind(service: SimulatedService) -> bool:
        """Something waits to be stored or decided on, so the screens are not where they will be."""
        parts = service.parts
        return bool(parts._writer.waiting_signals or parts._core.is_behind or parts._writer._calls)

    def _look_at_board(self, service: SimulatedService) -> None:
        """What screens show is what is stored, most urgent first; what must sound has a timer or has been told."""
        parts = service.parts
        if self._is_behind(service):
            return
        store = parts._opened.store
        board = parts._screens.board.all()
        stored = {one.id: one for one in store.incidents("open", None, 100_000)}
        if parts._core.open_count != len(stored):
            self.broke(f"{parts._core.open_count} incidents are open for the core, and {len(stored)} in the table.")
        if [one.priority for one in board] != sorted(one.priority for one in board):
            self.broke("the queue does not show the most urgent first.")
        if {one.id: one.version for one in board} != {id_: one.version for id_, one in stored.items()}:
            newest = parts._journal.head.seq
            if parts._screens.board.head >= newest:
                self.broke("the screens show other incidents than are stored.")
        timers = {timer.ref for timer in store.timers(kind=UNCLAIMED)}
        for one in stored.values():
            last = last_built_in(one)
            is_at_end = last is not None and last.tell == "telephone"
            if is_waiting(one) and one.id not in timers and not is_at_end:
                self.broke(
                    f"incident {one.number} of priority {one.priority} waits for somebody, and no timer will ever tell "
                    "anybody."
                )

    def _committed(self, committed: Committed) -> None:
        for incident in committed.incidents:
            for step in incident.escalated[-1:]:
                key = incident.id, step.step, step.at
                if key in self._steps_seen:
                    continue
                self._steps_seen.add(key)
                self.steps_seen += 1
                is_slow = self._run.host.disk.latency_s > SLOW_S
                if not is_slow and self._well_s > step.late_s + SETTLE_S:
                    self.late_max_s = max(self.late_max_s, step.late_s)
                    if step.late_s > LATE_S:
                        self.broke(
                            f"step {step.tell} of incident {incident.number} was taken {step.late_s} s late, though "
                            f"nothing had disturbed the centre for {self._well_s:.0f} s."
                        )

    # At the end ------------------------------------------------------------------------------------------------------

    def look_at_the_end(self, folder: Path) -> None:
        """Read everything back, after an end in good order."""
        run = self._run
        ledgers = Ledgers(run.panels, run.operators, run.phones, run.clock_steps, run.settled_seq, run.places)
        findings, self.head, figures = findings_at_the_end(folder, ledgers, run.host.now_us())
        self.figures = figures | {
            "losses": self.lost_seen,
            "steps": self.steps_seen,
            "late_max_s": self.late_max_s,
        }
        for words in findings:
            self.broke(words)
