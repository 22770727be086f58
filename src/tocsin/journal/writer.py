"""The writer: one thread that commits whatever came in while the last commit ran.

Group commit clocks itself: there is no timer that waits for company. With an fsync of 5 ms one row a commit gives
170 signals a second, and this gives 19,500 (DESIGN.md, measured facts).
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Final, Generic, Protocol, TypeVar

import structlog

from tocsin.journal.journal import Journal
from tocsin.model.errors import CentreFault, DiskFault
from tocsin.model.ports import Clock, StoreTransaction
from tocsin.model.signals import Arrival, Differs, Receipt

BATCH_MAX: Final = 5_000
"""Arrivals in one commit: bounds how long a repeat or a command waits for its turn."""

Tag = TypeVar("Tag")
Taken = TypeVar("Taken", contravariant=True)
T = TypeVar("T")
_LOG = structlog.get_logger("journal")


class Rider(Protocol):
    """What is written beside a batch, in its transaction: lists that are no part of the journal."""

    def write(self, transaction: StoreTransaction) -> None:
        """Write it."""
        ...

    def put_back(self) -> None:
        """The transaction failed: it waits for the next."""
        ...


class _Both:
    """Two that ride along as one."""

    def __init__(self, one: Rider, other: Rider) -> None:
        self._riders = one, other

    def write(self, transaction: StoreTransaction) -> None:
        for rider in self._riders:
            rider.write(transaction)

    def put_back(self) -> None:
        for rider in self._riders:
            rider.put_back()


def both(one: Rider | None, other: Rider | None) -> Rider | None:
    """What rides along, where there may be two of them."""
    if one is None or other is None:
        return one if other is None else other
    return _Both(one, other)


class Outcome(Generic[Tag]):
    """What became of a batch: receipts in the order of the tags, or why nothing was stored."""

    __slots__ = ("fault", "receipts", "tags")

    def __init__(self, tags: Sequence[Tag], receipts: Sequence[Receipt | Differs], fault: CentreFault | None) -> None:
        """Hold tags and receipts of equal length, or a fault and no receipts."""
        self.tags = tags
        self.receipts = receipts
        self.fault = fault


class Queue(Protocol[Taken]):
    """The writer as a way in sees it: one queue for all, each with tags of its own."""

    waiting_signals: int

    def submit(self, arrival: Arrival, tag: Taken) -> None:
        """Queue an arrival."""
        ...

    def call(self, work: Callable[[Journal], T]) -> "Future[T]":
        """Run `work` on the journal between two batches."""
        ...


class Writer(Generic[Tag]):
    """Owns the journal's thread. `submit` and `call` may be used from any thread and never block."""

    def __init__(
        self,
        journal: Journal,
        deliver: Callable[[Outcome[Tag]], None],
        also: Callable[[], Rider | None],
        clock: Clock,
    ) -> None:
        """Make the writer; `start` begins.

        `deliver` is called in the writer's thread after each batch. `also` is asked before each batch for what shall be
        written with it.
        """
        self._journal = journal
        self._deliver = deliver
        self._also = also
        self._clock = clock
        self._lock = threading.Lock()
        self._arrivals: list[Arrival] = []
        self._tags: list[Tag] = []
        self._calls: list[Callable[[], None]] = []
        self._wake: SimpleQueue[None] = SimpleQueue()
        self._is_idle = True
        self._is_stopping = False
        self._queue_since_s = 0.0
        self._batch_since_s: float | None = None
        self.waiting_signals = 0
        """Signals submitted and not yet decided on. Read by the receivers, which stop reading when it is too high."""
        self.batches = 0
        self.stored = 0
        self.repeats = 0
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)

    @property
    def is_alive(self) -> bool:
        """The thread runs. It ends by `stop` alone; anything else is a fault that the centre must not outlive."""
        return self._thread.is_alive()

    @property
    def oldest_waiting_s(self) -> float:
        """Age of the oldest signal that is not yet stored, in seconds; 0 where none waits."""
        since_s = self._batch_since_s
        if since_s is None:
            since_s = self._queue_since_s if self._arrivals else None
        return 0.0 if since_s is None else max(0.0, self._clock.monotonic_s() - since_s)

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    def submit(self, arrival: Arrival, tag: Tag) -> None:
        """Queue an arrival; its tag comes back with the receipt. The caller bounds how many wait."""
        with self._lock:
            if not self._arrivals:
                self._queue_since_s = self._clock.monotonic_s()
            self._arrivals.append(arrival)
            self._tags.append(tag)
            self.waiting_signals += len(arrival.signals)
            self._rouse()

    def call(self, work: Callable[[Journal], T]) -> "Future[T]":
        """Run `work` on the journal between two batches; the future has what it returns or raises."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = work(self._journal)
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the future
                if isinstance(error, CentreFault):
                    _LOG.warning("journal.call_failed", code=error.code)
                if isinstance(error, DiskFault):
                    self._deliver(Outcome((), (), error))
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._lock:
            if self._is_stopping:
                future.set_exception(CentreFault("The centre is stopping. Nothing was changed", "centre.stopping"))
                return future
            self._calls.append(run)
            self._rouse()
        return future

    def stop(self, timeout_s: float = 30.0) -> bool:
        """Commit what waits, end the thread, and say whether it ended in time."""
        with self._lock:
            self._is_stopping = True
            self._rouse()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _rouse(self) -> None:
        """Wake the thread if it sleeps; called with the lock held."""
        if self._is_idle:
            self._is_idle = False
            self._wake.put(None)

    def _run(self) -> None:
        while True:
            self._wake.get()
            while self.turn():
                pass
            with self._lock:
                if self._arrivals or self._calls:
                    self._wake.put(None)
                elif self._is_stopping:
                    return
                else:
                    self._is_idle = True

    def turn(self) -> bool:
        """One batch and the calls that wait; False when there was nothing to do. The thread's own work."""
        with self._lock:
            arrivals, self._arrivals = self._arrivals[:BATCH_MAX], self._arrivals[BATCH_MAX:]
            tags, self._tags = self._tags[:BATCH_MAX], self._tags[BATCH_MAX:]
            calls, self._calls = self._calls, []
            self._batch_since_s = self._queue_since_s if arrivals else None
        if arrivals:
            self._store(arrivals, tags)
            self._batch_since_s = None
        for run in calls:
            run()
        # With arrivals the core had its step in their transaction.
        stepped = not arrivals and self._journal.is_core_behind and self._step()
        return bool(arrivals or calls or stepped)

    def _step(self) -> bool:
        """A turn for the core alone; False where it failed: the core then waits for the next arrival or call."""
        try:
            self._journal.store(())
        except CentreFault as fault:
            self._deliver(Outcome((), (), fault))
            return False
        except Exception:  # noqa: BLE001 - the thread must live on; it is logged, and the core's age shows
            _LOG.exception("journal.step_failed")
            return False
        return True

    def _store(self, arrivals: list[Arrival], tags: list[Tag]) -> None:
        receipts: Sequence[Receipt | Differs] = ()
        fault: CentreFault | None = None
        rider: Rider | None = None
        try:
            rider = self._also()
            receipts = self._journal.store(arrivals, None if rider is None else rider.write)
        except CentreFault as error:
            _put_back(rider)
            fault = error
        except Exception as error:  # noqa: BLE001 - told to every sender, logged, and narrowed down
            # A bug met by one arrival must not hold back the others: halve until it stands alone.
            _put_back(rider)
            if len(arrivals) > 1:
                middle = len(arrivals) // 2
                self._store(arrivals[:middle], tags[:middle])
                self._store(arrivals[middle:], tags[middle:])
                return
            _LOG.exception("journal.arrival_failed", source=arrivals[0].signals[0].source)
            fault = CentreFault(
                f"A signal could not be stored ({type(error).__name__}). It was not acknowledged, so its sender "
                "repeats it. Report this as a fault of Tocsin, with the log",
                "journal.arrival",
            )
            fault.permanent = False
        self._count(arrivals, receipts, fault)
        self._deliver(Outcome(tags, receipts, fault))

    def _count(
        self, arrivals: Sequence[Arrival], receipts: Sequence[Receipt | Differs], fault: CentreFault | None
    ) -> None:
        signals = sum(len(arrival.signals) for arrival in arrivals)
        with self._lock:
            self.waiting_signals -= signals
        if fault is None:
            told = [one for receipt in receipts if isinstance(receipt, Receipt) for one in receipt.each or (receipt,)]
            repeats = sum(1 for receipt in told if receipt.duplicate_of is not None)
            self.batches += 1
            self.repeats += repeats
            self.stored += len(told) - repeats


def _put_back(rider: Rider | None) -> None:
    if rider is not None:
        rider.put_back()
