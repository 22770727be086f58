"""Schedules, floor plans and what is asked for them: the same from every store."""

import msgspec
import pytest

from tocsin.model.incidents import SignalRow
from tocsin.model.plans import FloorPlan, PlanRow
from tocsin.model.schedules import Schedule, ScheduleRow
from tocsin.model.supervision import Arming
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

ROW = ScheduleRow(
    account_id="account-1", close_late_min=None, days=(), early_min=30, open_late_min=15, partition=None, test_h=25,
    week=(), zone="Europe/Vienna",
)  # fmt: skip
PLAN = PlanRow(
    content="value-1", height_px=1, level=0, media="png", site_id="site-1", size_bytes=1, width_px=1, zones=()
)


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def schedule(n, **fields):
    return Schedule(id=f"schedule-{n}", row=msgspec.structs.replace(ROW, **fields), seq=n, since=n * 1_000)


def signal(seq, account_id="account-1", code="RP", reason="filed_test"):
    return SignalRow(
        seq=seq, at=seq * 10, account="1", account_id=account_id, code=code, format="SIA", zone=None, outcome="filed",
        reason=reason, incident=None,
    )  # fmt: skip


def test_schedules_are_found_by_account_in_the_order_in_which_they_were_made(store):
    with store.transaction() as transaction:
        transaction.put_schedules([schedule(10), schedule(9, account_id="account-2"), schedule(8)])
        transaction.put_schedules([schedule(10, test_h=1)])
        transaction.put_schedules([schedule(8, removed=True)])
    assert store.schedules() == [schedule(9, account_id="account-2"), schedule(10, test_h=1)]
    assert store.schedules(["account-1"]) == [schedule(10, test_h=1)]
    assert (store.schedules([]), store.schedule_count()) == ([], 2)
    assert (store.schedule("schedule-9").seq, store.schedule("schedule-8")) == (9, None)


def test_newest_signal_of_some_is_found_by_reason_and_by_code(store):
    with store.transaction() as transaction:
        transaction.add_signals(
            [
                signal(1),
                signal(2, code="OP", reason="filed_open"),
                signal(3, account_id="account-2"),
                signal(4, code="CL"),
            ]
        )
    assert store.newest_signal_at("account-1", 0, reasons={"filed_open"}) == 20
    assert store.newest_signal_at("account-1", 0, codes={("SIA", "RP")}) == 10
    assert store.newest_signal_at("account-1", 10, codes={("SIA", "RP")}) is None
    assert store.newest_signal_at("account-1", 0, codes={("CID", "RP")}) is None


def test_partition_is_armed_by_itself_or_with_all_of_its_account(store):
    with store.transaction() as transaction:
        transaction.arm([Arming(account_id="account-1", partition="02", seq=1)])
        transaction.arm([Arming(account_id="account-2", partition="", seq=2)])
        asked = [("account-1", "2"), ("account-1", "1"), ("account-1", None), ("account-2", "7"), ("account-3", "1")]
        assert [transaction.is_armed(*one) for one in asked] == [True, False, True, True, False]


def test_floor_plans_are_found_by_site_and_a_removed_one_is_gone(store):
    plans = [FloorPlan(id=f"plan-{n}", row=PLAN, seq=n) for n in (2, 1)]
    with store.transaction() as transaction:
        transaction.put_floor_plans(plans)
    assert store.floor_plans() == store.floor_plans(["site-1"]) == plans[::-1]
    assert store.floor_plans(["site-2"]) == []
    with store.transaction() as transaction:
        gone = msgspec.structs.replace(PLAN, content=None)
        transaction.put_floor_plans([msgspec.structs.replace(plans[0], row=gone)])
    assert store.floor_plans() == plans[1:]
