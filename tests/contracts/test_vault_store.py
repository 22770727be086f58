"""Values, holders' keys, timers, holds and erasures: what every store does alike."""

import contextlib

import pytest

from support.incidents import incident as made_incident
from tocsin.model.retention import Erasure, Hold
from tocsin.model.vault import Timer, ValueRow
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore
from tocsin.store.timer_changes import KEPT_MAX


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "t.db")
    yield made
    made.close()


def value(number, holder="incident-1", field="note", key=7):
    return ValueRow(ref=f"value-{number}", holder=holder, field=field, key=key, sealed=b"%d" % number, at=number)


def timer(ref, due_at, kind="incident"):
    return Timer(kind=kind, ref=ref, due_at=due_at)


def hold(number, incident="incident-1", until=9):
    return Hold(
        id=f"hold-{number}",
        incident=incident,
        lifted_at=None,
        lifted_by=None,
        lifted_reason=None,
        reason="court_order",
        set_at=1,
        set_by="user-1",
        until=until,
    )


def erasure(number, incident="incident-1"):
    return Erasure(at=number, incident=incident, reason="time", seq=number)


def test_values_come_oldest_first_by_holder_and_field(store):
    rows = [value(1), value(2, field="signal"), value(3), value(4, holder="incident-2", key=8)]
    with store.transaction() as transaction:
        transaction.put_values(rows[:2])
        transaction.put_values(rows[2:])
    assert store.values("incident-1") == rows[:3]
    assert store.values("incident-1", "note") == [rows[0], rows[2]]
    assert store.values("incident-1", limit=2) == rows[1:3]
    assert store.values("incident-1", "note", 1) == [rows[2]]
    assert store.values("incident-3") == []
    assert (store.value_count("incident-1"), store.value_count("incident-3")) == (3, 0)


def test_keys_of_a_holder_are_those_of_its_values(store):
    with store.transaction() as transaction:
        assert transaction.holder_keys("incident-1") == []
        transaction.put_values([value(1, key=9), value(2, key=7), value(3, key=9), value(4, holder="site-2", key=8)])
        assert transaction.holder_keys("incident-1") == [7, 9]
    assert store.holder_keys("incident-1") == [7, 9]
    assert store.holder_keys("site-2") == [8]
    assert store.highest_holder_key() == 9


def test_dropped_values_take_their_holders_keys_along_and_nobody_elses(store):
    with store.transaction() as transaction:
        transaction.put_values([value(1), value(2), value(3, holder="incident-2", key=8)])
    with store.transaction() as transaction:
        assert transaction.drop_values("incident-1") == 2
        assert transaction.drop_values("incident-9") == 0
    assert (store.values("incident-1"), store.holder_keys("incident-1")) == ([], [])
    assert len(store.values("incident-2")) == 1
    assert store.highest_holder_key() == 8


def test_dropped_field_leaves_the_key_and_the_other_fields(store):
    with store.transaction() as transaction:
        transaction.put_values([value(1), value(2, field="help_note")])
        assert transaction.drop_value_field("incident-1", "help_note") == 1
    assert store.values("incident-1") == [value(1)]
    assert store.holder_keys("incident-1") == [7]


def test_store_without_values_has_no_key(store):
    assert store.highest_holder_key() == 0


def test_timers_come_in_the_order_in_which_they_fall_due(store):
    with store.transaction() as transaction:
        transaction.put_timer(timer("incident-3", 30))
        transaction.put_timer(timer("incident-2", 10))
        transaction.put_timer(timer("incident-1", 10))
        transaction.put_timer(timer("incident-1", 5, "keyholder"))
    every = [
        timer("incident-1", 5, "keyholder"),
        *(timer(f"incident-{n}", due) for n, due in ((1, 10), (2, 10), (3, 30))),
    ]
    assert store.timers() == every
    assert store.timers(10) == every[:3]
    assert store.timers(10, 2) == every[:2]
    assert store.timers(kind="incident") == every[1:]
    assert store.timer("incident", "incident-3") == every[3]
    assert store.timer("keyholder", "incident-3") is None


def test_timer_is_moved_and_ended(store):
    with store.transaction() as transaction:
        transaction.put_timer(timer("incident-1", 10))
        transaction.put_timer(timer("incident-1", 20))
        assert transaction.timer("incident", "incident-1").due_at == 20
        transaction.drop_timer("keyholder", "incident-1")
    assert store.timers() == [timer("incident-1", 20)]
    with store.transaction() as transaction:
        transaction.drop_timer("incident", "incident-1")
    assert store.timers() == []


def test_holds_come_as_they_were_set_and_are_replaced_by_id(store):
    with store.transaction() as transaction:
        for number in (9, 10, 11):
            transaction.put_hold(hold(number, "incident-2" if number == 11 else "incident-1"))
    lifted = Hold(**{name: getattr(hold(9), name) for name in Hold.__struct_fields__} | {"lifted_at": 5})
    with store.transaction() as transaction:
        transaction.put_hold(lifted)
        assert transaction.holds("incident-1") == [lifted, hold(10)]
    assert store.holds() == [lifted, hold(10), hold(11, "incident-2")]
    assert store.holds("incident-2") == [hold(11, "incident-2")]


def test_last_erasure_of_an_incident_is_kept(store):
    with store.transaction() as transaction:
        transaction.put_erasure(erasure(3))
        transaction.put_erasure(erasure(5, "incident-2"))
        transaction.put_erasure(erasure(9))
        assert transaction.erasure("incident-1") == erasure(9)
    assert store.erasure("incident-1") == erasure(9)
    assert store.erasure("incident-7") is None
    assert store.erasures() == [erasure(5, "incident-2"), erasure(9)]


def test_timer_changes_are_told_once_and_only_what_is_durable(store):
    with store.transaction() as transaction:
        transaction.put_timer(timer("incident-1", 10))
        transaction.put_timer(timer("incident-2", 20))
    with store.transaction() as transaction:
        transaction.drop_timer("incident", "incident-2")
        with contextlib.suppress(RuntimeError), transaction.savepoint():
            transaction.put_timer(timer("incident-1", 99))
            raise RuntimeError
    with contextlib.suppress(RuntimeError), store.transaction() as transaction:
        transaction.put_timer(timer("incident-3", 30))
        raise RuntimeError
    told = {("incident", "incident-1"): timer("incident-1", 10), ("incident", "incident-2"): None}
    assert store.timer_changes() == told
    assert store.timer_changes() == {}


def test_more_timer_changes_than_are_remembered_are_told_as_such_once(store):
    with store.transaction() as transaction:
        for number in range(KEPT_MAX + 1):
            transaction.drop_timer("incident", f"incident-{number}")
    assert store.timer_changes() is None
    with store.transaction() as transaction:
        transaction.put_timer(timer("incident-1", 10))
    assert store.timer_changes() == {("incident", "incident-1"): timer("incident-1", 10)}


def test_unscheduled_incidents_are_closed_ones_without_timer_and_erasure(store):
    closed = [made_incident(n, state="closed") for n in range(1, 5)]
    open_one = made_incident(9)
    with store.transaction() as transaction:
        transaction.put_incidents([*reversed(closed), open_one])
        transaction.put_timer(timer("incident-2", 10))
        transaction.put_timer(timer("incident-1", 10, "keyholder"))
        transaction.put_erasure(erasure(3, "incident-3"))
    assert [one.id for one in store.unscheduled("incident", 10)] == ["incident-1", "incident-4"]
    assert [one.id for one in store.unscheduled("incident", 1)] == ["incident-1"]


def test_what_a_failed_transaction_wrote_is_nowhere(store):
    def fail():
        with store.transaction() as transaction:
            transaction.put_values([value(1)])
            transaction.put_timer(timer("incident-1", 1))
            transaction.put_hold(hold(1))
            transaction.put_erasure(erasure(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (store.values("incident-1"), store.holder_keys("incident-1"), store.timers()) == ([], [], [])
    assert (store.holds(), store.erasures()) == ([], [])


def test_log_is_cut_to_nothing_unless_somebody_reads(store, tmp_path):
    with store.transaction() as transaction:
        transaction.put_values([value(1)])
    assert store.truncate_log()
    if isinstance(store, SqliteStore):
        assert (tmp_path / "t.db-wal").stat().st_size == 0
        reader = store._engine.connect()
        assert reader.exec_driver_sql("SELECT count(*) FROM vault_values").scalar() == 1
        with store.transaction() as transaction:
            transaction.drop_values("incident-1")
        assert not store.truncate_log(), "it is told at once, and does not wait"
        reader.close()
        assert store.truncate_log()
        assert (tmp_path / "t.db-wal").stat().st_size == 0
