"""What every store must keep, the real one and the fake alike."""

import hashlib

import msgspec
import pytest

from tocsin.model.accounts import Account, AccountRow
from tocsin.model.errors import CentreFault
from tocsin.model.journal import GENESIS, ActCount, EntryRow, Head, StoredEntry
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", "memory"])
def store(request, tmp_path):
    made = SqliteStore(tmp_path / "tocsin.db") if request.param == "sqlite" else MemoryStore()
    yield made
    made.close()


def row(seq, stream=None, number=None, at=None, sealed=None):
    entry = b'{"body":{},"ref":null,"seq":%d}' % seq
    key = None if sealed is None else 1
    return EntryRow(
        seq,
        at or seq * 10,
        "signal" if stream else "centre.started",
        stream,
        number,
        entry,
        hashlib.sha256(entry).digest(),
        key,
        sealed,
    )


def append(store, *rows):
    with store.transaction() as transaction:
        transaction.append(rows)


def unknown(account, last_at, receiver=None, signals=1):
    return UnknownAccount(
        account=account,
        first_at=1,
        last_at=last_at,
        line="0",
        polls=0,
        receiver=receiver,
        signals=signals,
        transport="tcp",
        unreadable=0,
    )


def rejected(at):
    return RejectedFrame(
        account="5512",
        at=at,
        id=0,
        key=3,
        outcome="discarded",
        reason="crc",
        sealed=b"\x00s",
        token="NULL",
        transport="udp",
    )


def test_empty_journal_ends_at_genesis(store):
    assert store.head() == Head(0, GENESIS, 0)
    assert store.entries(0, 10) == []


def test_entries_come_back_to_the_byte_and_in_order(store):
    rows = [row(1), row(2, "main", 1, sealed=b"\x00\xff sealed"), row(3, "main", 2), row(4)]
    append(store, *rows[:2])
    append(store, *rows[2:])
    assert store.entries(0, 10) == [StoredEntry(r, 0) for r in rows]
    assert [e.id for e in store.entries(0, 10)] == [None, "main-1", "main-2", None]
    assert store.entries(1, 2) == [StoredEntry(r, 0) for r in rows[1:3]]
    assert store.head() == Head(4, rows[3].hash.hex(), 40)


def test_watch_log_holds_its_kinds_between_two_times_newest_first_and_says_where_it_goes_on(store):
    kinds = ["watch.noted", "signal", "shift.begun", "user.set", "centre.started", "test.begun", "watch.noted"]
    append(store, *(msgspec.structs.replace(row(n), kind=kind) for n, kind in enumerate(kinds, 1)))

    def seqs(before, since, until, limit=100):
        page = store.logged(before, since, until, limit)
        return [one.row.seq for one in page.entries], page.next

    assert seqs(None, 0, 1_000) == ([7, 6, 5, 3, 1], None)
    assert seqs(None, 30, 60) == ([5, 3], None)
    assert (seqs(None, 0, 1_000, 2), seqs(6, 0, 1_000, 2), seqs(3, 0, 1_000, 2)) == (
        ([7, 6], 6),
        ([5, 3], 3),
        ([1], None),
    )
    assert seqs(1, 0, 1_000) == ([], None)


def test_each_stream_has_its_own_numbers(store):
    append(store, row(1, "main", 1), row(2, "west", 1), row(3, "main", 2), row(4, "west", 2), row(5, "west", 3))
    with store.transaction() as transaction:
        assert (transaction.stream_end("main"), transaction.stream_end("west"), transaction.stream_end("x")) == (
            2,
            3,
            0,
        )


@pytest.mark.parametrize("second", [row(2, "main", 1), row(1, "main", 2)], ids=["same number", "same seq"])
def test_a_number_is_given_once_and_the_whole_transaction_fails(store, second):
    append(store, row(1, "main", 1))
    with pytest.raises(CentreFault, match=r"store\.refused"):
        append(store, row(3, "main", 3), second)
    assert store.entries(0, 10) == [StoredEntry(row(1, "main", 1), 0)]


def write_and_fail(store):
    with store.transaction() as transaction:
        transaction.append([row(2)])
        transaction.put_meta("epoch", "2")
        transaction.add_duplicates({"main-1": 1})
        raise ZeroDivisionError


def test_a_failed_transaction_leaves_nothing(store):
    append(store, row(1))
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)
    assert (store.head().seq, store.get_meta("epoch")) == (1, None)
    append(store, row(2))


def test_a_transaction_sees_what_it_wrote(store):
    with store.transaction() as transaction:
        transaction.append([row(1, "main", 1)])
        transaction.put_meta("epoch", "7")
        assert (transaction.head().seq, transaction.stream_end("main"), transaction.get_meta("epoch")) == (1, 1, "7")


def test_counts_of_repeats_add_up_and_are_joined(store):
    append(store, row(1, "main", 1), row(2, "main", 2))
    for counts in ({"main-1": 2}, {"main-1": 1, "main-2": 5}):
        with store.transaction() as transaction:
            transaction.add_duplicates(counts)
    assert [entry.duplicates for entry in store.entries(0, 10)] == [3, 5]


def test_accounts_are_replaced_by_id_and_listed_as_made(store):
    made = [Account(f"account-{n}", AccountRow(account=str(n)), n) for n in (10, 9, 100)]
    with store.transaction() as transaction:
        transaction.put_accounts(made)
    changed = Account("account-10", AccountRow(account="10", name="Café am Hafen"), 200)
    with store.transaction() as transaction:
        transaction.put_accounts([changed])
    assert store.accounts() == [made[1], changed, made[2]]


def test_unknown_accounts_are_one_row_a_number_receiver_and_line(store):
    rows = [unknown("12", 1), unknown("12", 5, receiver="1"), unknown("ab", 3)]
    with store.transaction() as transaction:
        transaction.put_unknown(rows)
        transaction.put_unknown([unknown("12", 9, signals=4)])
    assert store.unknown_accounts() == [unknown("12", 9, signals=4), rows[1], rows[2]]
    with store.transaction() as transaction:
        transaction.drop_unknown("AB")
        transaction.drop_unknown("12")
    assert store.unknown_accounts() == []


def test_rejected_frames_are_bounded_and_the_newest_stay(store):
    for at in range(1, 8):
        with store.transaction() as transaction:
            transaction.add_rejected([rejected(at)], 3)
    assert [(r.id, r.at) for r in store.rejected_frames(10)] == [(7, 7), (6, 6), (5, 5)]
    assert [r.at for r in store.rejected_frames(1)] == [7]
    assert store.rejected_frames(1)[0].sealed == b"\x00s"


def test_a_sound_database_has_nothing_to_report(store):
    append(store, row(1))
    assert store.check() == []


def entry_of(seq, kind, actor):
    entry = b'{"actor":%s,"at":%d}' % (b"null" if actor is None else b'"%s"' % actor, seq * 10)
    return EntryRow(seq, seq * 10, kind, None, None, entry, hashlib.sha256(entry).digest())


def test_facts_of_some_kinds_come_in_order_a_page_at_a_time(store):
    append(store, *(entry_of(seq, "a" if seq % 2 else "b", None) for seq in range(1, 11)))
    found, after = store.facts(("a",), 0, 2, 100)
    assert ([one.row.seq for one in found], after) == ([1, 3], 3)
    found, after = store.facts(("a", "c"), 3, 100, 100)
    assert ([one.row.seq for one in found], after) == ([5, 7, 9], None)
    found, after = store.facts(("b",), 0, 100, 3)
    assert ([one.row.seq for one in found], after) == ([2], 3)


def test_what_somebody_did_is_counted_by_kind_and_nobody_elses(store):
    append(
        store,
        entry_of(1, "a", b"user-1"),
        entry_of(2, "a", b"user-11"),
        entry_of(3, "b", b"user-1"),
        entry_of(4, "a", b"user-1"),
        entry_of(5, "a", None),
    )
    assert store.acts_of("user-1", 0, 100) == ([ActCount("a", 2, 10, 40), ActCount("b", 1, 30, 30)], None)
    assert store.acts_of("user-1", 0, 2) == ([ActCount("a", 1, 10, 10)], 2)
    assert store.acts_of("user-2", 0, 100) == ([], None)
