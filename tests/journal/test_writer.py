"""The writer's thread: what came in while it committed goes with the next commit, and every tag gets its outcome."""

import contextlib
import threading

import msgspec
import pytest

from support.fakes import CountingIds, ManualClock, arrival
from tocsin.journal.identity import RepeatWindow
from tocsin.journal.journal import Journal
from tocsin.journal.writer import BATCH_MAX, Writer
from tocsin.model.errors import CentreFault, DiskFault, JournalFull
from tocsin.store.memory import MemoryStore
from tocsin.vault import MasterKey, Vault

DEADLINE_S = 10


class GatedStore(MemoryStore):
    """A store whose commits wait for a gate, as they wait for a slow disk."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)
        self.commits = 0

    @contextlib.contextmanager
    def transaction(self):
        with super().transaction() as draft:
            yield draft
            self.entered.release()
            assert self.gate.wait(DEADLINE_S)
            self.commits += 1


class Outcomes:
    """Collects what the writer delivers, and lets a test wait for so many tags."""

    def __init__(self):
        self.found = []
        self.changed = threading.Condition()

    def __call__(self, outcome):
        with self.changed:
            self.found.append(outcome)
            self.changed.notify_all()

    def tags(self):
        return [tag for outcome in self.found for tag in outcome.tags]

    def wait(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.tags()) >= count, DEADLINE_S), self.tags()


@pytest.fixture
def vault(tmp_path):
    ids = CountingIds()
    made = Vault.create(tmp_path / "keys.db", MasterKey.create(tmp_path / "master.key", {}, ids), ids)
    yield made
    made.close()


@pytest.fixture
def made(vault):
    store = GatedStore()
    outcomes = Outcomes()
    journal = Journal(store, vault, ManualClock(), RepeatWindow(b"k" * 32), 0)
    while store.entered.acquire(blocking=False):
        pass
    writer = Writer(journal, deliver=outcomes, also=lambda: None, clock=ManualClock())
    writer.start()
    yield store, writer, outcomes
    store.gate.set()
    assert writer.stop(DEADLINE_S)


def test_what_came_in_during_a_commit_goes_together_with_the_next(made):
    store, writer, outcomes = made
    store.gate.clear()
    writer.submit(arrival(b"first"), "first")
    assert store.entered.acquire(timeout=DEADLINE_S)
    before = store.commits
    for n in range(50):
        writer.submit(arrival(b"%d" % n), n)
    assert outcomes.found == [], "nobody is told before the commit"
    assert writer.waiting_signals == 51
    store.gate.set()
    outcomes.wait(51)
    assert outcomes.tags() == ["first", *range(50)]
    assert store.commits - before == 2
    assert writer.waiting_signals == 0


def test_the_age_of_the_oldest_waiting_signal_is_known(vault):
    store, clock, outcomes = GatedStore(), ManualClock(), Outcomes()
    journal = Journal(store, vault, clock, RepeatWindow(b"k" * 32), 0)
    writer = Writer(journal, deliver=outcomes, also=lambda: None, clock=clock)
    writer.start()
    assert writer.oldest_waiting_s == 0
    store.gate.clear()
    while store.entered.acquire(blocking=False):
        pass
    writer.submit(arrival(b"first"), "first")
    assert store.entered.acquire(timeout=DEADLINE_S)
    clock.advance(3)
    writer.submit(arrival(b"second"), "second")
    assert writer.oldest_waiting_s == 3
    store.gate.set()
    outcomes.wait(2)
    assert writer.stop(DEADLINE_S)
    assert (writer.oldest_waiting_s, writer.is_alive) == (0, False)


def test_a_batch_is_bounded(made):
    store, writer, outcomes = made
    store.gate.clear()
    writer.submit(arrival(b"first"), -1)
    assert store.entered.acquire(timeout=DEADLINE_S)
    for n in range(BATCH_MAX + 1):
        writer.submit(arrival(None), n)
    store.gate.set()
    outcomes.wait(BATCH_MAX + 2)
    assert [len(outcome.tags) for outcome in outcomes.found] == [1, BATCH_MAX, 1]


def test_one_arrival_that_cannot_be_stored_holds_back_no_other(made):
    store, writer, outcomes = made
    broken = msgspec.structs.replace(arrival(b"broken"), sealed=())
    store.gate.clear()
    writer.submit(arrival(b"first"), "first")
    assert store.entered.acquire(timeout=DEADLINE_S)
    for n in range(9):
        writer.submit(broken if n == 4 else arrival(b"%d" % n), n)
    store.gate.set()
    outcomes.wait(10)
    by_tag = {
        tag: outcome.fault.code if outcome.fault else outcome.receipts[place].duplicate_of
        for outcome in outcomes.found
        for place, tag in enumerate(outcome.tags)
    }
    assert by_tag == dict.fromkeys(["first", 0, 1, 2, 3, 5, 6, 7, 8]) | {4: "journal.arrival"}
    assert len(store.entries(0, 100)) == 9


@pytest.mark.parametrize("fault", [JournalFull("full", "store.full"), DiskFault("failed", "store.disk")])
def test_a_fault_of_the_disk_reaches_every_tag_of_the_batch_and_no_receipt(made, fault):
    store, writer, outcomes = made
    store.fail_next = fault
    writer.submit(arrival(), "a")
    outcomes.wait(1)
    assert [(o.tags, list(o.receipts), o.fault) for o in outcomes.found] == [(["a"], [], fault)]


def test_a_full_disk_is_tried_again(made):
    store, writer, outcomes = made
    store.fail_next = JournalFull("full", "store.full")
    writer.submit(arrival(), "a")
    outcomes.wait(1)
    writer.submit(arrival(), "a")
    outcomes.wait(2)
    assert outcomes.found[-1].receipts[0].duplicate_of is None


def test_after_a_disk_fault_nothing_is_stored_or_told_even_where_the_disk_seems_well(made):
    store, writer, outcomes = made
    fault = DiskFault("failed", "store.disk")
    store.fail_next = fault
    writer.submit(arrival(), "a")
    outcomes.wait(1)
    writer.submit(arrival(b"another"), "b")
    outcomes.wait(2)
    assert [(o.tags, list(o.receipts), o.fault) for o in outcomes.found] == [(["a"], [], fault), (["b"], [], fault)]
    assert writer.call(lambda journal: journal.record([])).exception(DEADLINE_S) is fault
    assert store.entries(0, 100) == []


def test_commands_run_between_batches_and_get_what_they_return_or_raise(made):
    _, writer, _ = made
    assert writer.call(lambda journal: journal.head.seq).result(DEADLINE_S) == 0
    with pytest.raises(ZeroDivisionError):
        writer.call(lambda _journal: 1 // 0).result(DEADLINE_S)


def test_a_disk_fault_inside_a_command_is_told_to_the_centre_too(made):
    store, writer, outcomes = made
    store.fail_next = DiskFault("failed", "store.disk")
    with pytest.raises(DiskFault):
        writer.call(lambda journal: journal.record([])).result(DEADLINE_S)
    assert [type(outcome.fault) for outcome in outcomes.found] == [DiskFault]


def test_stopping_stores_what_waits_and_refuses_what_comes_after(made):
    store, writer, outcomes = made
    store.gate.clear()
    writer.submit(arrival(b"first"), "first")
    assert store.entered.acquire(timeout=DEADLINE_S)
    writer.submit(arrival(b"second"), "second")
    ender = threading.Thread(target=lambda: writer.stop(DEADLINE_S))
    ender.start()
    store.gate.set()
    ender.join(DEADLINE_S)
    assert outcomes.tags() == ["first", "second"]
    with pytest.raises(CentreFault, match=r"centre\.stopping"):
        writer.call(lambda journal: journal.head).result(DEADLINE_S)


class Rider:
    """A list beside the journal, which notes what becomes of it."""

    def __init__(self):
        self.came_back = 0

    def write(self, transaction):
        transaction.put_meta("seen", str(transaction.head().seq))

    def put_back(self):
        self.came_back += 1


def test_what_rides_along_is_in_the_same_transaction_or_comes_back(vault):
    store, outcomes, rider = GatedStore(), Outcomes(), Rider()
    journal = Journal(store, vault, ManualClock(), RepeatWindow(b"k" * 32), 0)
    writer = Writer(journal, deliver=outcomes, also=lambda: rider, clock=ManualClock())
    writer.start()
    writer.submit(arrival(), "a")
    outcomes.wait(1)
    assert (store.get_meta("seen"), rider.came_back) == ("1", 0)
    store.fail_next = JournalFull("full", "store.full")
    writer.submit(arrival(b"b"), "b")
    outcomes.wait(2)
    assert writer.stop(DEADLINE_S)
    assert (store.get_meta("seen"), rider.came_back) == ("1", 1)
