"""Chains and groups: the same from every store."""

import msgspec
import pytest

from support.chains import chain, group, step
from tocsin.model.chains import StoredChain, StoredGroup
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def stored(n, **fields):
    return StoredChain(f"chain-{n}", chain(step("all"), name=f"c{n}", **fields), n)


def grouped(n):
    return StoredGroup(f"group-{n}", group(f"g{n}", user_3=("driver",)), n)


def put(store, *chains, groups=()):
    with store.transaction() as transaction:
        transaction.put_chains(chains)
        transaction.put_groups(groups)


def test_chains_and_groups_come_in_the_order_in_which_they_were_made(store):
    put(store, stored(11), stored(9), groups=(grouped(12), grouped(8)))
    assert store.chains() == [stored(9), stored(11)]
    assert store.groups() == [grouped(8), grouped(12)]


def test_last_word_on_a_chain_counts_and_one_that_was_removed_is_gone(store):
    put(store, stored(9), stored(10), groups=(grouped(8),))
    changed = StoredChain("chain-9", chain(step("supervisor"), name="c9"), 20)
    removed = msgspec.structs.replace(stored(10), row=msgspec.structs.replace(stored(10).row, removed=True), seq=21)
    gone = StoredGroup("group-8", msgspec.structs.replace(grouped(8).row, removed=True), 22)
    put(store, changed, removed, groups=(gone,))
    assert (store.chains(), store.groups()) == ([changed], [])
