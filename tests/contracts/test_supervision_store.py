"""What every store must keep of supervision: paths that are missing, and what is armed."""

import pytest

from tocsin.model.accounts import Account, AccountRow
from tocsin.model.supervision import Arming, Outage
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", "memory"])
def store(request, tmp_path):
    made = SqliteStore(tmp_path / "tocsin.db") if request.param == "sqlite" else MemoryStore()
    yield made
    made.close()


def outage(n, path="only", incident=None, seq=1):
    return Outage(
        account_id=f"account-{n}", path=path, heard_at=1, since=2, seq=seq, group="network-1", incident=incident
    )


def arming(n, partition, seq=1):
    return Arming(account_id=f"account-{n}", partition=partition, seq=seq)


def test_missing_paths_are_kept_one_for_each_account_and_path(store):
    with store.transaction() as transaction:
        transaction.put_outages([outage(2), outage(1, "primary"), outage(1, "alternative", "incident-9")])
        transaction.put_outages([outage(2, incident="incident-9", seq=7)])
        transaction.put_outages([])
        assert transaction.outage("account-2", "only") == outage(2, incident="incident-9", seq=7)
        assert transaction.outage("account-2", "primary") is None
        assert (transaction.outage_count("incident-9"), transaction.outage_count("incident-1")) == (2, 0)
    assert store.outages() == [
        outage(1, "alternative", "incident-9"), outage(1, "primary"), outage(2, incident="incident-9", seq=7)
    ]  # fmt: skip
    assert store.outages(["account-2", "account-3"]) == [outage(2, incident="incident-9", seq=7)]
    assert store.outages([]) == []
    with store.transaction() as transaction:
        transaction.drop_outages([("account-2", "only"), ("account-5", "only")])
    assert [row.path for row in store.outages()] == ["alternative", "primary"]


def test_missing_paths_of_more_accounts_than_one_question_holds_are_found(store):
    with store.transaction() as transaction:
        transaction.put_outages(outage(n) for n in range(1200))
    assert len(store.outages([f"account-{n}" for n in range(100, 1200)])) == 1100


def test_partitions_are_armed_and_disarmed_each_by_itself_or_all(store):
    with store.transaction() as transaction:
        transaction.arm([arming(1, "1"), arming(1, "2"), arming(2, "")])
        transaction.arm([arming(1, "1", 5)])
        assert (transaction.is_armed("account-1"), transaction.is_armed("account-3")) == (True, False)
        transaction.disarm("account-1", "2")
        transaction.disarm("account-3", None)
    assert store.armed() == [arming(1, "1", 5), arming(2, "")]
    assert (store.armed(["account-2", "account-7"]), store.armed([])) == ([arming(2, "")], [])
    with store.transaction() as transaction:
        transaction.disarm("account-1", None)
        assert not transaction.is_armed("account-1")
    assert store.armed() == [arming(2, "")]


def test_nothing_of_a_transaction_that_failed_stays(store):
    def work():
        with store.transaction() as transaction:
            transaction.put_outages([outage(1)])
            transaction.arm([arming(1, "")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert (store.outages(), store.armed()) == ([], [])


def test_site_is_armed_where_one_of_its_accounts_is(store):
    with store.transaction() as transaction:
        transaction.put_accounts(
            Account(f"account-{n}", AccountRow(account=str(n), site_id=f"site-{1 + n // 3}"), n) for n in range(1, 5)
        )
        transaction.arm([arming(2, "1"), arming(9, "")])
        assert (transaction.is_site_armed("site-1"), transaction.is_site_armed("site-2")) == (True, False)
        transaction.disarm("account-2", "1")
        assert not transaction.is_site_armed("site-1")
