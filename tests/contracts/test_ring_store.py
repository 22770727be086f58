"""Calls of a telephone system, and telephone lines: the same from every store."""

import msgspec
import pytest

from tocsin.model.rings import LineRow, Ring, StoredLine
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

T0 = 1_800_000_000_000_000


def ring(n, key="a" * 64):
    return Ring(id=f"ring-{n}", begun_at=T0 + n, key=key, seq=n, source="source-1")


def line(n, *, removed=False):
    row = LineRow(desk=None, exact="lift-2", number=str(n), removed=removed, site_id="site-1")
    return StoredLine(f"line-{n}", row, n)


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def test_rings_stand_in_their_order_and_of_one_name_the_newest_counts(store):
    with store.transaction() as transaction:
        for one in (ring(10), ring(9), ring(100, "b" * 64)):
            transaction.put_ring(one)
    later = msgspec.structs.replace(ring(10), call="call-7", seq=101)
    with store.transaction() as transaction:
        transaction.put_ring(later)
        transaction.drop_ring("ring-9")
        transaction.drop_ring("ring-8")
    assert store.rings() == [later, ring(100, "b" * 64)]
    assert (store.ring("ring-10"), store.ring("ring-9")) == (later, None)
    with store.transaction() as transaction:
        transaction.put_ring(ring(200))
    assert (store.ring_of("a" * 64), store.ring_of("c" * 64)) == (ring(200), None)


def test_lines_stand_in_their_order_and_those_that_are_removed_go(store):
    with store.transaction() as transaction:
        transaction.put_lines([line(10), line(9)])
    with store.transaction() as transaction:
        transaction.put_lines([line(9, removed=True), line(8, removed=True), line(100)])
    assert store.lines() == [line(10), line(100)]


def test_a_transaction_that_fails_leaves_nothing(store):
    def fail():
        with store.transaction() as transaction:
            transaction.put_ring(ring(3))
            transaction.put_lines([line(3)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (store.rings(), store.lines()) == ([], [])
