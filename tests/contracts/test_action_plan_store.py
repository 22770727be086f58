"""Versions of action plans, and what plans may do alone: the same from every store."""

import msgspec
import pytest

from support.action_plans import row, step
from tocsin.model.action_plans import PlanSwitch, StoredActionPlan
from tocsin.rules.action_plan import hash_of
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def version(seq, *, of=9, **fields):
    made = msgspec.structs.replace(row(step(f"s{seq}")), **fields)
    return StoredActionPlan(f"action-plan-{of}", made, seq, hash_of(made))


def add(store, *plans, switches=()):
    with store.transaction() as transaction:
        transaction.add_action_plans(plans)
        transaction.put_plan_switches(switches)


def test_every_version_is_kept_and_the_newest_counts(store):
    add(store, version(9), version(11, of=11), version(12))
    assert store.action_plans() == [version(12), version(11, of=11)]
    assert store.action_plan_versions() == [version(9), version(11, of=11), version(12)]
    assert (store.action_plan_version(9), store.action_plan_version(10)) == (version(9), None)


def test_removed_plan_and_one_that_shipped_are_no_plans_of_the_centre_and_are_kept(store):
    gone, shipped = version(12, removed=True), version(13, of=13, shipped=True)
    add(store, version(9), gone, shipped)
    assert store.action_plans() == []
    assert store.action_plan_versions() == [version(9), gone, shipped]
    with store.transaction() as transaction:
        assert transaction.shipped_plan(shipped.hash) == shipped
        assert transaction.shipped_plan(gone.hash) is None
        assert transaction.action_plan_version(9) == version(9)


def test_last_word_on_a_type_counts(store):
    first, last = PlanSwitch("TECH-LINE", True, "user-1", 5, 20), PlanSwitch("TECH-LINE", False, "user-2", 6, 21)
    other = PlanSwitch("TECH-BATTERY", True, None, 5, 22)
    add(store, switches=(first, other))
    add(store, switches=(last,))
    assert store.plan_switches() == [other, last]
