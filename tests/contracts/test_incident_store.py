"""What every store must keep of incidents, signals and commands, the real one and the fake alike."""

import hashlib

import pytest

from support.incidents import incident
from tocsin.model.errors import CentreFault
from tocsin.model.incidents import IncidentFilter, SignalRow
from tocsin.model.journal import EntryRow, StoredEntry
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", "memory"])
def store(request, tmp_path):
    made = SqliteStore(tmp_path / "tocsin.db") if request.param == "sqlite" else MemoryStore()
    yield made
    made.close()


def entry(seq):
    raw = b'{"seq":%d}' % seq
    return EntryRow(seq, seq * 10, "signal", "main", seq, raw, hashlib.sha256(raw).digest())


def signal(seq, *, account_id="account-1", incident=None, outcome="filed"):
    return SignalRow(
        seq=seq, at=seq * 10, account="1234", account_id=account_id, code="BA", format="SIA", zone="01",
        outcome=outcome, reason="no_incident", incident=incident,
    )  # fmt: skip


def put(store, *incidents):
    with store.transaction() as transaction:
        transaction.put_incidents(incidents)


def test_incident_comes_back_as_it_was_put(store):
    one = incident(7, points=2)
    put(store, one)
    assert store.incident("incident-7") == one
    assert store.incident("incident-8") is None
    with store.transaction() as transaction:
        assert transaction.incident("incident-7") == one


def test_newer_row_replaces_the_older_of_the_same_incident(store):
    put(store, incident(7))
    put(store, incident(7, version=9, state="closed"))
    assert store.incident("incident-7") == incident(7, version=9, state="closed")
    assert (store.incident_count("open"), store.incident_count("closed")) == (0, 1)


def test_incidents_come_latest_changed_first_in_pages(store):
    put(store, *(incident(n) for n in (1, 2, 3, 4)), incident(5, state="closed"))
    assert [i.version for i in store.incidents("open", None, 3)] == [4, 3, 2]
    assert [i.version for i in store.incidents("open", 2, 3)] == [1]
    assert [i.id for i in store.incidents("closed", None, 3)] == ["incident-5"]


def test_incidents_of_a_site_and_of_a_person_are_found_and_counted(store):
    closed = {"state": "closed", "closed_at": 50}
    put(
        store,
        incident(1, site_id="site-1", closed_by="user-1", **closed),
        incident(2, site_id="site-2", closed_by="user-2", claimed_by="user-1", **closed),
        incident(3, site_id="site-1", closed_by="user-2", **closed),
        incident(4, site_id=None, closed_by="user-1", state="closed", closed_at=40),
        incident(5, site_id="site-1"),
    )
    for only, numbers in (
        (IncidentFilter(), [4, 3, 2, 1]),
        (IncidentFilter(site_id="site-1"), [3, 1]),
        (IncidentFilter(handler="user-1"), [4, 2, 1]),
        (IncidentFilter(handler="user-1", closed_after=40), [2, 1]),
        (IncidentFilter(site_id="site-1", handler="user-1", closed_after=40), [1]),
        (IncidentFilter(site_id="site-3"), []),
    ):
        assert [one.version for one in store.incidents("closed", None, 9, only)] == numbers
        assert [one.version for one in store.incidents("closed", 3, 1, only)] == [n for n in numbers if n < 3][:1]
        assert store.incident_count("closed", only) == len(numbers)


def test_highest_number_counts_closed_ones_too(store):
    assert store.highest_number() == 0
    put(store, incident(1, number=4), incident(2, number=9, state="closed"))
    assert store.highest_number() == 9


def test_time_line_is_its_last_entries_oldest_first(store):
    with store.transaction() as transaction:
        transaction.append([entry(seq) for seq in range(1, 7)])
        transaction.add_incident_facts([("incident-1", 2), ("incident-1", 5), ("incident-1", 6), ("incident-3", 3)])
    assert store.incident_facts("incident-1", 2) == [StoredEntry(entry(5), 0), StoredEntry(entry(6), 0)]
    assert store.incident_facts("incident-9", 2) == []


def test_signals_are_found_by_incident_and_by_account_newest_first(store):
    with store.transaction() as transaction:
        transaction.append([entry(seq) for seq in range(1, 5)])
        transaction.add_duplicates({"main-2": 3})
        transaction.add_signals(
            [signal(1), signal(2, incident="incident-9", outcome="opened"),
             signal(3, account_id=None, incident="incident-9", outcome="joined"), signal(4)]
        )  # fmt: skip
    assert store.incident_signals("incident-9", 10) == [
        (signal(3, account_id=None, incident="incident-9", outcome="joined"), StoredEntry(entry(3), 0)),
        (signal(2, incident="incident-9", outcome="opened"), StoredEntry(entry(2), 3)),
    ]
    assert [row.seq for row, _ in store.account_signals("account-1", None, 2)] == [4, 2]
    assert [row.seq for row, _ in store.account_signals("account-1", 2, 2)] == [1]
    assert [row.seq for row in store.signal_rows(1, 2)] == [2, 3]


@pytest.mark.parametrize(
    "write",
    [
        lambda tx: tx.add_signals([signal(1), signal(1)]),
        lambda tx: tx.add_incident_facts([("incident-1", 1), ("incident-1", 1)]),
        lambda tx: [tx.put_command("user-1", "a", 1, b"d", b"x") for _ in "12"],
    ],
    ids=["signal", "fact", "command"],
)
def test_what_is_noted_twice_is_refused_and_nothing_of_it_stays(store, write):
    with pytest.raises(CentreFault, match=r"store\.refused") as refused, store.transaction() as transaction:
        write(transaction)
    assert not refused.value.permanent
    assert store.signal_rows(0, 10) == []


def test_command_is_remembered_with_its_answer_until_it_is_dropped(store):
    with store.transaction() as transaction:
        transaction.put_command("user-1", "a", 10, b"digest", b"answer")
        transaction.put_command("user-2", "a", 20, b"other", b"")
        assert transaction.get_command("user-1", "a") == (b"digest", b"answer")
        assert transaction.get_command("user-1", "b") is None
    with store.transaction() as transaction:
        transaction.drop_commands(20)
        assert transaction.get_command("user-1", "a") is None
        assert transaction.get_command("user-2", "a") == (b"other", b"")


def fail_in_a_part(transaction):
    with transaction.savepoint():
        transaction.put_incidents([incident(7)])
        transaction.add_signals([signal(1)])
        transaction.put_meta("core_passed", "1")
        raise ValueError("rule")


def test_part_of_a_transaction_is_undone_alone(store):
    with store.transaction() as transaction:
        transaction.append([entry(1)])
        with pytest.raises(ValueError, match="rule"):
            fail_in_a_part(transaction)
        with transaction.savepoint():
            transaction.put_incidents([incident(8)])
        assert transaction.get_meta("core_passed") is None
    assert (store.head().seq, store.incident("incident-7"), store.signal_rows(0, 9)) == (1, None, [])
    assert store.incident("incident-8") == incident(8)
