"""Check-ins of lone workers: the same from every store."""

import msgspec
import pytest

from tocsin.model.check_ins import CheckIn
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

T0 = 1_800_000_000_000_000


def one(n):
    return CheckIn(
        id=f"checkin-{n}", begun_at=T0 + n, due_at=T0 + 60 + n, minutes=30, place="told", seq=n, site_id=None,
        user="user-1",
    )  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def test_check_ins_stand_in_the_order_of_their_beginning_and_the_last_word_counts(store):
    with store.transaction() as transaction:
        for made in (one(10), one(9), one(100)):
            transaction.put_check_in(made)
    later = msgspec.structs.replace(one(10), outcome="missed", incident="incident-3", seq=101)
    with store.transaction() as transaction:
        transaction.put_check_in(later)
        transaction.drop_check_in("checkin-9")
        transaction.drop_check_in("checkin-8")
    assert store.check_ins() == [later, one(100)]
    assert (store.check_in("checkin-10"), store.check_in("checkin-9")) == (later, None)


def test_nothing_of_a_broken_transaction_stays(store):
    def broken():
        with store.transaction() as transaction:
            transaction.put_check_in(one(3))
            transaction.put_command("user-1", "k", T0, b"d", b"answer")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert (store.check_ins(), store.command_answer("user-1", "k")) == ([], None)


def test_a_commands_answer_is_its_actors_alone(store):
    with store.transaction() as transaction:
        transaction.put_command("user-1", "k", T0, b"d", b"answer")
    assert [store.command_answer(*one) for one in (("user-1", "k"), ("user-2", "k"), ("user-1", "j"))] == [
        b"answer", None, None,
    ]  # fmt: skip
