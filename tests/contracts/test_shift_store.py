"""Desks and shifts: the same from every store."""

import msgspec
import pytest

from tocsin.model.rosters import Roster, RosterLayer, RosterOverride, RosterRow
from tocsin.model.shifts import Desk, DeskRow, Listed, Shift
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

T0 = 1_800_000_000_000_000
LISTED = Listed(
    claimed=("incident-4",), held=(), held_count=0, incidents=("incident-4", "incident-3"), incidents_count=2,
    tests=(), tests_count=0, timers=(("unclaimed", 1),), zones_out=("out-7",), zones_out_count=1,
)  # fmt: skip


def desk(n, **fields):
    return Desk(
        id=f"desk-{n}", row=DeskRow(hazards=("fire",), label=f"desk-{n}", priorities=(1,), removed=False, roster=None),
        seq=n, unattended_since=None, **fields,
    )  # fmt: skip


def shift(n, ended_at=None):
    return Shift(
        id=f"shift-{n}", begun_at=T0, desk="desk-2", end_reason=None if ended_at is None else "handed_over",
        ended_at=ended_at, ended_by=None if ended_at is None else "user-2", from_shift=None, listed=LISTED,
        offered=None, offered_at=None, offered_to=None, seq=n, to=None, until=T0 + 9, user="user-1", version=n,
    )  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def test_desks_come_in_the_order_in_which_they_were_made_however_often_they_change(store):
    with store.transaction() as transaction:
        for one in (desk(12), desk(9), desk(100)):
            transaction.put_desk(one)
        transaction.put_desk(msgspec.structs.replace(desk(9), seq=200, unattended_since=T0))
    assert [(one.id, one.unattended_since) for one in store.desks()] == [
        ("desk-9", T0), ("desk-12", None), ("desk-100", None)
    ]  # fmt: skip


def test_shifts_that_go_on_are_found_and_those_that_ended_since(store):
    with store.transaction() as transaction:
        for one in (shift(11), shift(9), shift(10, ended_at=T0 + 5)):
            transaction.put_shift(one)
    assert store.shifts() == [shift(9), shift(11)]
    assert store.shifts(ended_after=T0 + 5) == [shift(9), shift(10, ended_at=T0 + 5), shift(11)]
    assert store.shifts(ended_after=T0 + 6) == [shift(9), shift(11)]
    assert (store.shift("shift-10"), store.shift("shift-1")) == (shift(10, ended_at=T0 + 5), None)


def test_last_word_on_a_shift_counts(store):
    for one in (shift(9), shift(9, ended_at=T0 + 7)):
        with store.transaction() as transaction:
            transaction.put_shift(one)
    assert (store.shifts(), store.shifts(ended_after=0)) == ([], [shift(9, ended_at=T0 + 7)])


def roster(n, label="fire"):
    layer = RosterLayer(
        at_min=480, first_day=20_000, from_min=0, users=("user-1", "user-2"), to_min=1440, turn_days=7, weekdays=(0, 6)
    )
    exception = RosterOverride(from_at=T0, instead_of=None, number=1, user="user-2", until_at=T0 + 9)
    row = RosterRow(label=label, layers=(layer,), overrides=(exception,), removed=False, zone="Europe/Vienna")
    return Roster(id=f"roster-{n}", row=row, seq=n)


def test_rosters_come_in_the_order_in_which_they_were_made_as_they_were_set_last(store):
    with store.transaction() as transaction:
        for one in (roster(12), roster(9), roster(100), roster(9, "water")):
            transaction.put_roster(one)
    assert store.rosters() == [roster(9, "water"), roster(12), roster(100)]
