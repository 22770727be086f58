"""What every store must keep of users and of what lets them in, the real one and the fake alike."""

import pytest

from tocsin.model.access import AccessRow, User, UserRow
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", "memory"])
def store(request, tmp_path):
    made = SqliteStore(tmp_path / "tocsin.db") if request.param == "sqlite" else MemoryStore()
    yield made
    made.close()


def user(number, *, seq=None, roles=("operator",), removed=False):
    row = UserRow(name=f"user-text-{number:016x}", roles=roles, removed=removed)
    return User(f"user-{number}", row, seq or number)


def access(number, kind="session", **fields):
    plain = {"user": "user-1", "created_at": number * 10, "expires_at": number * 10 + 100}
    return AccessRow(**({"hash": f"{number:064x}", "kind": kind, "id": f"{kind}-{number}"} | plain | fields))


def put(store, *rows):
    with store.transaction() as transaction:
        transaction.put_access(rows)


def test_users_come_in_the_order_in_which_they_were_made(store):
    with store.transaction() as transaction:
        transaction.put_users([user(10), user(9), user(2)])
    assert store.users() == [user(2), user(9), user(10)]


def test_newer_row_of_a_user_replaces_the_older(store):
    with store.transaction() as transaction:
        transaction.put_users([user(2)])
    changed = user(2, seq=7, roles=("administrator", "supervisor"), removed=True)
    with store.transaction() as transaction:
        transaction.put_users([changed])
    assert store.users() == [changed]


def test_what_lets_somebody_in_comes_back_as_it_was_put(store):
    rows = [
        access(1, "link", used_at=15, ended_at=15),
        access(2),
        access(3, "token", user=None, scopes=("journal", "read")),
    ]
    put(store, *reversed(rows))
    assert store.access_rows() == rows


def test_row_of_the_same_secret_is_replaced(store):
    put(store, access(1))
    put(store, access(1, used_at=20, ended_at=30))
    assert store.access_rows() == [access(1, used_at=20, ended_at=30)]


def test_what_ended_before_a_time_is_dropped_and_what_is_alive_stays(store):
    ended_early, ended_late = access(1, expires_at=900, ended_at=40), access(2, expires_at=45, ended_at=60)
    expired, alive = access(3, expires_at=49), access(4, expires_at=50)
    put(store, ended_early, ended_late, expired, alive)
    with store.transaction() as transaction:
        transaction.drop_access(50)
    assert store.access_rows() == [ended_late, alive]


def test_nothing_of_a_failed_transaction_stays(store):
    def fail():
        with store.transaction() as transaction:
            transaction.put_access([access(1)])
            transaction.put_users([user(2)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (store.access_rows(), store.users()) == ([], [])
