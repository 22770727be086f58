"""The scheduler: one thread that knows what falls due next, and sees to it, to the second.

It sleeps until then; it is woken when something is set. A prompt timer has two deadlines, and the first one counts: its
time by the wall clock, and the wait that it had left when it was seen first, by the monotonic one. So a clock that is
set back holds up nobody's help, and a host that was suspended is late and not lost. While it was, the monotonic clock
stood still: each wait is the shorter by that, lest a clock that is set back later adds it again. What erases goes by
the wall clock alone, and waits while that is in doubt (`centre.timers`).
"""

import threading
from collections.abc import Mapping
from typing import Final

import msgspec
import structlog

from tocsin.centre.configuration import Run
from tocsin.centre.timers import AT_ONCE, Timers
from tocsin.model.errors import CentreFault
from tocsin.model.ports import Clock, Store
from tocsin.model.values import Code, Micros, Ref
from tocsin.model.vault import Timer

TURN_S: Final = 5.0
"""It turns so often at least, though nothing is due: who watches it sees it live."""

LOOK_S: Final = 60.0
"""So often it reads all that stands in the store; between, only what each commit changed."""

GAP_S: Final = 0.1
"""From one look to the next, however often it is woken: in a flood, many share one look."""

AHEAD_S: Final = 1.0
"""The wall clock ran ahead of the monotonic one by this: it was set, or the host was suspended."""

RETRY_S: Final = 5.0
"""A prompt timer that failed is tried again after so long, until it works."""

FAULT_S: Final = 2.0
_LOG = structlog.get_logger("timers")


class _Deadline(msgspec.Struct, frozen=True, gc=False):
    timer: Timer
    due_s: float
    """By the monotonic clock."""
    not_before_s: float = 0.0
    """It failed; and when it is tried again."""


class Scheduler:
    """Runs a centre's timers. `wake` from any thread; the rest in its own."""

    def __init__(self, timers: Timers, store: Store, run: Run, clock: Clock) -> None:
        """Run these; `run` gives work to the writer, and waits for it."""
        self._timers = timers
        self._store = store
        self._run = run
        self._clock = clock
        self._deadlines: dict[tuple[Code, Ref], _Deadline] = {}
        self._event = threading.Event()
        self._is_woken = True
        self._is_ending = False
        self._looked_s = float("-inf")
        self._others_due: Micros | None = Micros(0)
        self._others_looked_s = float("-inf")
        self._read_s = float("-inf")
        self._turned_s = clock.monotonic_s()
        self._ahead_s = self._wall_ahead_s()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with what an earlier process left."""
        self._turned_s = self._clock.monotonic_s()
        self._thread = threading.Thread(target=self._work, name="timers", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something was set, moved or ended."""
        self._is_woken = True
        self._event.set()

    def stop(self) -> None:
        """End; a round that is at it is waited for."""
        self._is_ending = True
        self._event.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def silent_s(self) -> float:
        """How long ago it last turned without a fault. From any thread."""
        return self._clock.monotonic_s() - self._turned_s

    @property
    def failing(self) -> int:
        """How many timers failed and are tried again. From any thread."""
        return sum(one.not_before_s > 0 for one in list(self._deadlines.values()))

    def turn(self) -> float:
        """Do what is due now; return after how many seconds to turn again, where nobody wakes it.

        Raises:
            CentreFault: nothing can be stored now; what was not done is still due.
        """
        self._shorten()
        # What no reading is needed for is looked at each turn: nobody who forgot to wake us costs more than that.
        if self._is_woken or self._clock.monotonic_s() - self._looked_s >= TURN_S:
            wait_s = self._looked_s + GAP_S - self._clock.monotonic_s()
            if wait_s > 0:
                return wait_s
            self._look()
        while ready := self._ready():
            self._fire(ready[:AT_ONCE])
        self._run_others()
        self._turned_s = self._clock.monotonic_s()
        return self._wait_s()

    def round(self) -> float:
        """One turn whatever comes of it; return after how many seconds the next is due. The thread's own work."""
        try:
            return self.turn()
        except CentreFault as fault:
            _LOG.warning("timers.not_run", code=fault.code)
        except Exception:  # noqa: BLE001 - the next turn tries again; it is logged, and `/readyz` tells
            _LOG.exception("timers.turn_failed")
        return FAULT_S

    def _look(self) -> None:
        """Look what has changed in the store. A deadline that was known stays as it is."""
        self._is_woken = False  # before the look: what is set from here on is looked for again
        now_s = self._looked_s = self._clock.monotonic_s()
        try:
            changed = self._store.timer_changes()
            if changed is None or now_s - self._read_s >= LOOK_S:
                self._read_all(now_s)
            elif changed:
                self._take(changed, now_s)
        except BaseException:
            # What was told is told no more: the next turn reads everything.
            self._is_woken, self._read_s = True, float("-inf")
            raise

    def _read_all(self, now_s: float) -> None:
        now = self._fact_time()
        found: dict[tuple[Code, Ref], _Deadline] = {}
        for kind in self._timers.prompt_kinds:
            for timer in self._store.timers(kind=kind):
                found[kind, timer.ref] = self._deadline(timer, now, now_s)
        self._deadlines = found
        self._others_due = self._timers.next_due()
        self._read_s = now_s

    def _take(self, changed: Mapping[tuple[Code, Ref], Timer | None], now_s: float) -> None:
        """Take up what the commits since the last look have set, moved and ended."""
        prompt_kinds, now = self._timers.prompt_kinds, self._fact_time()
        for key, timer in changed.items():
            if timer is None:
                self._deadlines.pop(key, None)
            elif timer.kind in prompt_kinds:
                self._deadlines[key] = self._deadline(timer, now, now_s)
            elif self._others_due is None or timer.due_at < self._others_due:
                # Where the first one ended instead, the time stays: to look too early does nothing.
                self._others_due = timer.due_at

    def _wall_ahead_s(self) -> float:
        return self._clock.now_us() / 1_000_000 - self._clock.monotonic_s()

    def _shorten(self) -> None:
        """Let no wait be longer than the wall clock says now."""
        ahead_s = self._wall_ahead_s()
        if ahead_s < self._ahead_s + AHEAD_S:
            return
        self._ahead_s = ahead_s
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        for key, one in self._deadlines.items():
            due_s = now_s + (one.timer.due_at - now) / 1_000_000
            if due_s < one.due_s:
                self._deadlines[key] = msgspec.structs.replace(one, due_s=due_s)

    def _deadline(self, timer: Timer, now: Micros, now_s: float) -> _Deadline:
        known = self._deadlines.get((timer.kind, timer.ref))
        return (
            known
            if known is not None and known.timer == timer
            else _Deadline(timer, now_s + (timer.due_at - now) / 1_000_000)
        )

    def _fact_time(self) -> Micros:
        """`at` of facts never runs back, and what is due counts from it."""
        return max(self._clock.now_us(), self._store.head().at)

    def _ready(self) -> list[_Deadline]:
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        due = (one for one in self._deadlines.values() if one.due_s <= now_s or one.timer.due_at <= now)
        return sorted((one for one in due if one.not_before_s <= now_s), key=lambda one: one.due_s)

    def _fire(self, ready: list[_Deadline]) -> None:
        now_s = self._clock.monotonic_s()
        waited_us = {(one.timer.kind, one.timer.ref): round((now_s - one.due_s) * 1_000_000) for one in ready}
        timers = [one.timer for one in ready]
        failed = self._run(lambda journal: self._timers.run_prompt(journal, timers, self._clock.now_us(), waited_us))
        for one in ready:
            key = one.timer.kind, one.timer.ref
            if one.timer in failed:
                self._deadlines[key] = msgspec.structs.replace(one, not_before_s=now_s + RETRY_S)
            else:
                # While a clock is set back `at` stands still, and the next step falls due at the same time as this one.
                del self._deadlines[key]
        self._look()

    def _run_others(self) -> None:
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        is_due = self._others_due is not None and self._others_due <= now
        if not is_due or now_s < self._others_looked_s:
            return
        while self._run(lambda journal: self._timers.run_due(journal, self._clock.now_us())):
            self._turned_s = self._clock.monotonic_s()
        self._others_due = self._timers.next_due()
        if self._others_due is not None and self._others_due <= self._clock.now_us():
            self._others_looked_s = now_s + LOOK_S  # the clock is in doubt: ask again, and not all the time

    def _wait_s(self) -> float:
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        waits = [
            max(min(one.due_s - now_s, (one.timer.due_at - now) / 1_000_000), one.not_before_s - now_s)
            for one in self._deadlines.values()
        ]
        if self._others_due is not None and now_s >= self._others_looked_s:
            waits.append((self._others_due - now) / 1_000_000)
        return max(0.0, min([TURN_S, *waits]))

    def _work(self) -> None:
        while not self._is_ending:
            # A wake that came meanwhile ends the wait at once.
            self._event.wait(self.round())
            self._event.clear()
