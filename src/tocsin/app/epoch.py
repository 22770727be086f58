"""What the journal says of a process: that it started, in which epoch, and that it ended in good order."""

from collections.abc import Callable, Sequence
from typing import Final

import tocsin
from tocsin.centre.centre import EPOCH
from tocsin.centre.core import RUNNING
from tocsin.centre.folder import move_aside
from tocsin.centre.opening import OpenFolder
from tocsin.journal.journal import Journal
from tocsin.model.journal import CentreNoticed, CentreStarted, CentreStopped, Fact
from tocsin.model.ports import Clock, StoreTransaction
from tocsin.model.values import Code, Seq
from tocsin.settings import Settings

DECIDE_AT_STOP_S: Final = 5.0


class Epoch:
    """One process of a centre; `number` is one more after each loss of a tail that somebody accepted."""

    def __init__(self, opened: OpenFolder, settings: Settings, clock: Clock) -> None:
        """Look what the process before this one left."""
        running = opened.store.get_meta(RUNNING)
        self.is_new, self.has_died = running is None, running == "1"
        """There was no process before this one; and the last one did not end in good order."""
        self._lost_seq = opened.lost_seq
        self.number = int(opened.store.get_meta(EPOCH) or 1) + bool(opened.lost_seq)
        self._heads_path = settings.heads_path
        self._clock = clock

    def record_start(self, journal: Journal, note: Callable[[StoreTransaction], None]) -> None:
        """Note the start, and the loss of a tail where somebody accepted one; `note` writes in its transaction."""
        facts: list[Fact] = []
        if self._lost_seq:
            notice = CentreNoticed(account=None, count=self._lost_seq, notice=Code("tail_lost"), reason=None)
            facts.append(Fact(kind=Code("centre.noticed"), body=notice))
        version = Code(tocsin.__version__)
        facts.append(Fact(kind=Code("centre.started"), body=CentreStarted(epoch=self.number, version=version)))

        def put(transaction: StoreTransaction, _seqs: Sequence[Seq]) -> None:
            transaction.put_meta(EPOCH, str(self.number))
            transaction.put_meta(RUNNING, "1")
            note(transaction)

        journal.record(facts, put)
        if self._lost_seq:
            # Only now that the loss is on record: the heads of the lost epoch are kept beside the new ones.
            move_aside(self._heads_path, self.number - 1)

    def record_stop(self, journal: Journal) -> None:
        """Note the end. What came in last is decided on first: the end is the last fact, nothing waits for a start."""
        deadline_s = self._clock.monotonic_s() + DECIDE_AT_STOP_S
        while journal.is_core_behind and self._clock.monotonic_s() < deadline_s:
            journal.store(())
        stopped = Fact(kind=Code("centre.stopped"), body=CentreStopped(epoch=self.number))
        journal.record([stopped], lambda transaction, _seqs: transaction.put_meta(RUNNING, "0"))
