"""Calls that are being taken: the same from every store."""

import msgspec
import pytest

from tocsin.model.call_forms import CallForm, CallMarks
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

T0 = 1_800_000_000_000_000


def call(n):
    return CallForm(
        id=f"call-{n}", begun_at=T0 + n, begun_by="user-1", held_by="user-1", marks=CallMarks(), saved_at=T0 + n, seq=n
    )


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def test_calls_stand_in_the_order_of_their_beginning_and_the_last_word_counts(store):
    with store.transaction() as transaction:
        for one in (call(10), call(9), call(100)):
            transaction.put_call_form(one)
    later = msgspec.structs.replace(call(10), held_by="user-2", seq=101)
    with store.transaction() as transaction:
        transaction.put_call_form(later)
        transaction.drop_call_form("call-9")
        transaction.drop_call_form("call-8")
    assert store.call_forms() == [later, call(100)]
    assert (store.call_form("call-10"), store.call_form("call-9")) == (later, None)


def test_a_transaction_that_fails_leaves_no_call(store):
    def fail():
        with store.transaction() as transaction:
            transaction.put_call_form(call(3))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.call_forms() == []
