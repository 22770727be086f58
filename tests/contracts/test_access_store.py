"""What every store must keep of users and of what lets them in, the real one and the fake alike."""

import pytest

from tocsin.model.access import AccessRow, Approval, Credential, CredentialRow, Grant, GrantRow, User, UserRow
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


def test_row_takes_the_place_of_the_one_with_the_secret_before(store):
    put(store, access(1), access(2))
    with store.transaction() as transaction:
        transaction.renew_access(access(1).hash, access(1, hash=f"{9:064x}"))
    assert store.access_rows() == [access(1, hash=f"{9:064x}"), access(2)]


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


def credential(user, kind, *, seq=1):
    reference = None if kind == "recovery" else f"user-credential-{seq:016x}"
    return Credential(f"user-{user}", CredentialRow(kind=kind, reference=reference, set_at=seq * 10), seq)


def grant(user, target, *, seq=1, removed=False):
    return Grant(f"user-{user}", GrantRow(target=target, removed=removed), seq)


def approval(number, **fields):
    plain = {"act": "hold.set", "digest": f"{number:064x}", "subject": None, "reason": "complaint"}
    return Approval(**({"id": f"approval-{number}", "asked_by": "user-1", "expires_at": 300} | plain | fields))


def do(store, work):
    with store.transaction() as transaction:
        work(transaction)


def test_phone_lock_and_way_in_of_a_session_come_back_as_they_were_put(store):
    row = access(1, how="totp", locked_at=15, device="04" + "ab" * 64)
    put(store, row)
    assert store.access_rows() == [row]
    put(store, access(1, how="totp"))
    assert store.access_rows() == [access(1, how="totp")]


def test_credentials_come_by_user_and_kind_and_newer_ones_replace_older(store):
    do(store, lambda tx: tx.put_credentials([credential(10, "totp"), credential(9, "pin"), credential(9, "password")]))
    do(store, lambda tx: tx.put_credentials([credential(9, "pin", seq=7)]))
    assert store.credentials() == [credential(9, "password"), credential(9, "pin", seq=7), credential(10, "totp")]


def test_credentials_that_are_dropped_are_gone_and_those_of_others_stay(store):
    do(store, lambda tx: tx.put_credentials([credential(1, kind) for kind in ("password", "pin", "recovery")]))
    do(store, lambda tx: tx.put_credentials([credential(2, "pin")]))
    do(store, lambda tx: tx.drop_credentials("user-1", ["pin", "recovery", "totp"]))
    assert store.credentials() == [credential(1, "password"), credential(2, "pin")]


def test_last_step_is_kept_by_user_and_goes_with_the_authenticator(store):
    do(store, lambda tx: [tx.put_totp_step(user, step) for user, step in (("user-1", 7), ("user-2", 8), ("user-1", 9))])
    assert store.totp_steps() == {"user-1": 9, "user-2": 8}
    do(store, lambda tx: tx.drop_credentials("user-1", ["password"]))
    assert store.totp_steps() == {"user-1": 9, "user-2": 8}
    do(store, lambda tx: tx.drop_credentials("user-1", ["totp"]))
    assert store.totp_steps() == {"user-2": 8}


def test_grants_come_by_user_and_target_and_those_taken_back_go(store):
    rows = [grant(10, "site-1"), grant(9, "site-2"), grant(9, "account-3"), grant(9, "site-4")]
    do(store, lambda tx: tx.put_grants(rows))
    do(store, lambda tx: tx.put_grants([grant(9, "site-2", seq=8), grant(9, "site-4", removed=True)]))
    assert store.grants() == [grant(9, "account-3"), grant(9, "site-2", seq=8), grant(10, "site-1")]


def test_approvals_come_as_they_were_asked_and_the_newest_word_counts(store):
    do(store, lambda tx: tx.put_approvals([approval(10, subject="incident-7"), approval(9)]))
    changed = approval(9, answered_by="user-2", given=True, used=True)
    do(store, lambda tx: tx.put_approvals([changed]))
    assert store.approvals() == [changed, approval(10, subject="incident-7")]


def test_nothing_of_people_stays_of_a_failed_transaction(store):
    def fail(transaction):
        transaction.put_credentials([credential(1, "pin")])
        transaction.put_totp_step("user-1", 7)
        transaction.put_grants([grant(1, "site-1")])
        transaction.put_approvals([approval(1)])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        do(store, fail)
    assert (store.credentials(), store.totp_steps(), store.grants(), store.approvals()) == ([], {}, [], [])
