"""Sources, and the ids that they gave: the same from every store."""

import msgspec
import pytest

from tocsin.model.incidents import SignalRow
from tocsin.model.sources import SourceRow, StoredSource
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def stored(n, **fields):
    return StoredSource(f"source-{n}", SourceRow(account_id=f"account-{n}", **fields), n)


def put(store, *sources, given=()):
    with store.transaction() as transaction:
        transaction.put_sources(sources)
        transaction.add_given(given)


def test_sources_come_in_the_order_in_which_they_were_made_and_a_removed_one_is_gone(store):
    put(store, stored(11), stored(9, tokens=("token-1",)))
    assert store.sources() == [stored(9, tokens=("token-1",)), stored(11)]
    gone = msgspec.structs.replace(stored(11), row=msgspec.structs.replace(stored(11).row, removed=True), seq=12)
    changed = msgspec.structs.replace(stored(9), seq=13)
    put(store, gone, changed)
    assert store.sources() == [changed]


def test_whether_a_source_speaks_for_an_account_is_known_in_the_transaction(store):
    with store.transaction() as transaction:
        assert not transaction.is_source("account-9")
        transaction.put_sources([stored(9)])
        assert (transaction.is_source("account-9"), transaction.is_source("account-8")) == (True, False)


def test_ids_that_were_given_are_found_among_many_and_others_are_not(store):
    rows = [(bytes([n % 256, n // 256]), b"said", f"main-{n}", n) for n in range(1, 1200)]
    put(store, given=rows)
    asked = [rows[3][0], b"never", rows[1100][0]]
    assert sorted(store.given_ids(asked)) == sorted([rows[3], rows[1100]])
    assert len(store.given_ids([row[0] for row in rows])) == 1199
    assert store.given_ids([]) == []


def test_devices_are_those_of_the_newest_signals_of_the_account_alone(store):
    def row(seq, zone, account="account-9"):
        return SignalRow(seq=seq, at=seq * 10, account="1", account_id=account, code="111", format="CID", zone=zone,
                         outcome="filed", reason="by_code", incident=None)  # fmt: skip

    signals = [row(1, "OLD"), row(2, "B"), row(3, None), row(4, "A"), row(5, "A"), row(6, "C", "account-8")]
    with store.transaction() as transaction:
        transaction.add_signals(signals)
    assert store.devices_heard("account-9", 4) == [(None, 1, 30, 30), ("A", 2, 40, 50), ("B", 1, 20, 20)]
