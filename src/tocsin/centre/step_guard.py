"""A bound on what one step of the core may take: a rule that never ends must not keep the writer, and with it intake.

The writer's thread works on rules that are ours, and a mistake in one could be a loop without an end. So a thread
beside it looks how much of the processor the step has had, and beyond a bound raises `StepEndless` in it: the step is
undone, its entries are taken one by one, and the one that never ends is quarantined like any other that fails. A
processor that is busy elsewhere, a host that sleeps and a disk that hangs cost a step nothing of its bound.
Source: DESIGN.md, Operation. By the processor and not by a count: a loop without a call counts nothing.
"""

import ctypes
import threading
from typing import Final

from tocsin.system import thread_cpu_s

LIMIT_S: Final = 3.0
"""Seconds of the processor. A step takes milliseconds; this is a hundred times the longest."""

LOOK_S: Final = 0.1
SPINS: Final = 100_000
"""Turns of a loop in which what was raised from outside arrives."""


class StepEndless(Exception):  # noqa: N818 - what it says of the step
    """A step took more than it may. Raised in the writer's thread, at whatever it was doing for the step."""


class StepGuard:
    """Watches the steps of one core. `begin` and `end` are the writer's, around what decides."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        """Watch nothing until `start`."""
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._of: int | None = None
        """The thread that is at a step."""
        self._began_s = 0.0
        self._was_raised = False
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._thread = threading.Thread(target=self._watch, name="step-guard", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def begin(self) -> None:
        """The calling thread begins to decide."""
        with self._lock:
            self._of, self._was_raised = threading.get_ident(), False
            self._began_s = thread_cpu_s(self._of)

    def end(self) -> None:
        """It has ended.

        Raises:
            StepEndless: it had been too long in the very moment of its end.
        """
        with self._lock:
            self._of = None
        if self._was_raised:
            # Raised from outside it arrives a moment later: never outside the step, in the middle of a commit.
            for _ in range(SPINS):
                pass

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_S):
            with self._lock:
                of = self._of
                if of is None or self._was_raised or thread_cpu_s(of) - self._began_s <= self._limit_s:
                    continue
                self._was_raised = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(of), ctypes.py_object(StepEndless))
