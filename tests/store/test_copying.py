"""A copy of the database is whole while the writer goes on, and the writer hardly notices."""

import threading
import time
from itertools import pairwise

import pytest

from support.centres import rows
from support.fakes import ManualClock, arrival
from tocsin.journal.identity import RepeatWindow
from tocsin.journal.journal import Journal
from tocsin.model.errors import CentreFault, DiskFault
from tocsin.store.copying import PAUSE_S, STEP_PAGES, copy_file
from tocsin.store.sqlite import SqliteStore
from tocsin.system import SystemClock, SystemIds
from tocsin.vault import MasterKey, Vault

STEP_PROCESSOR_S_MAX = 0.05
"""Of the copying thread alone: how long others were given the machine says nothing of a step."""


class OwnTime:
    """A clock of the processor's time that this thread had."""

    def monotonic_s(self):
        return time.thread_time()


@pytest.fixture
def journal(tmp_path):
    ids = SystemIds()
    vault = Vault.create(tmp_path / "keys.db", MasterKey.create(tmp_path / "master.key", {}, ids), ids)
    store = SqliteStore(tmp_path / "tocsin.db")
    vault.prepare(ManualClock().now_us())
    made = Journal(store, vault, ManualClock(), RepeatWindow(vault.identity_key()), 0)
    made.store_ = store
    yield made
    store.close()
    vault.close()


def fill(journal, begin, count):
    for number in range(begin, begin + count):
        journal.store([arrival(b"%d-%d" % (number, one), raw=b"\n" + b"x" * 400 + b"\r") for one in range(20)])


def entries_of(path):
    store = SqliteStore(path)
    try:
        found, after = [], 0
        while page := store.entries(after, 5_000):
            found.extend(page)
            after = page[-1].row.seq
        return found, store.check()
    finally:
        store.close()


def test_copy_holds_every_commit_before_its_end_and_is_a_whole_chain(journal, tmp_path):
    fill(journal, 0, 100)
    copied = journal.store_.copy_to(tmp_path / "copy.db", SystemClock(), time.sleep)
    found, damage = entries_of(tmp_path / "copy.db")
    assert damage == []
    assert [one.row.hash for one in found] == [one.row.hash for one in journal.store_.entries(0, 100_000)]
    assert copied.size_bytes == (tmp_path / "copy.db").stat().st_size


@pytest.mark.slow
def test_copy_made_while_the_writer_writes_is_whole_and_keeps_nobody_waiting(journal, tmp_path):
    fill(journal, 0, 400)
    is_over = threading.Event()
    before = journal.head.seq
    copied_pages = [0]
    turns = [0]

    def write():
        number = 10_000
        while not is_over.is_set():
            fill(journal, number, 1)
            number += 1
            turns[0] += 1

    pauses = []

    def sleep(seconds):
        pauses.append(seconds)
        time.sleep(seconds)

    def stepped(done, _all):
        copied_pages.append(done)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copied = journal.store_.copy_to(tmp_path / "copy.db", OwnTime(), sleep, stepped)
        turns_meanwhile = turns[0]
    finally:
        is_over.set()
        writer.join()
    found, damage = entries_of(tmp_path / "copy.db")
    assert damage == []
    assert found[-1].row.seq > before, "what was committed during the copy is in it"
    assert [one.row.seq for one in found] == list(range(1, len(found) + 1)), "without a gap"
    whole = {one.row.seq: one.row.hash for one in journal.store_.entries(0, 1_000_000)}
    assert [one.row.hash for one in found] == [whole[one.row.seq] for one in found]
    assert copied.steps == len(copied_pages) - 1 > 10
    assert max(after - before for before, after in pairwise(copied_pages)) <= STEP_PAGES, "a step is a small one"
    assert pauses == [PAUSE_S] * copied.steps, "after each step a writer that waits gets its turn"
    assert turns_meanwhile > 0
    assert copied.held_s < STEP_PROCESSOR_S_MAX
    print(f"steps {copied.steps}, {copied.held_s * 1000:.2f} ms of processor each at most, {turns_meanwhile} commits")


def test_copy_that_is_stopped_leaves_the_source_as_it_was(journal, tmp_path):
    fill(journal, 0, 100)

    def stop(_done, _all):
        raise CentreFault("stopped", "backup.stopped")

    with pytest.raises(CentreFault):
        journal.store_.copy_to(tmp_path / "copy.db", SystemClock(), time.sleep, stop)
    fill(journal, 100, 1)
    assert journal.store_.check() == []


def test_copy_to_where_nothing_can_be_written_is_said(journal, tmp_path):
    with pytest.raises(DiskFault):
        journal.store_.copy_to(tmp_path / "nowhere" / "copy.db", SystemClock(), time.sleep)


def test_small_database_is_copied_by_a_connection_of_its_own(journal, tmp_path):
    copy_file(tmp_path / "keys.db", tmp_path / "copy.db", SystemClock(), time.sleep)
    assert rows(tmp_path / "copy.db", "SELECT count(*) FROM wrapped") == rows(
        tmp_path / "keys.db", "SELECT count(*) FROM wrapped"
    )
