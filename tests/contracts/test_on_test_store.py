"""Tests of sites: the same from every store."""

import msgspec
import pytest

from tocsin.model.on_test import OnTestBegun, OnTestCodeGiven, SiteTest, SiteTestCode
from tocsin.model.out_of_service import ZonesOut, ZonesTakenOut
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

T0 = 1_800_000_000_000_000
BEGUN = OnTestBegun(
    account_id="account-1", again=False, asked_by="staff", company=None, config=1, exercise=False, live=("fire",),
    partition=None, reason="walk_test", site_id=None, until=T0 + 9, zones=("4",),
)  # fmt: skip


def site_test(n, ended_at=None):
    return SiteTest(
        id=f"test-{n}", begun=BEGUN, begun_at=T0, begun_by="user-1", ended_at=ended_at, ended_by=None,
        ended_seq=None if ended_at is None else n + 50, end_reason=None if ended_at is None else "due", extended=0,
        seq=n, until=T0 + 9,
    )  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def put(store, *tests):
    with store.transaction() as transaction:
        for test in tests:
            transaction.put_site_test(test)


def test_tests_that_go_on_are_found_in_the_order_in_which_they_began(store):
    put(store, site_test(11), site_test(9), site_test(10, ended_at=T0 + 5))
    assert store.site_tests() == [site_test(9), site_test(11)]
    assert store.site_tests(ended_after=T0 + 5) == [site_test(9), site_test(10, ended_at=T0 + 5), site_test(11)]
    assert store.site_tests(ended_after=T0 + 6) == [site_test(9), site_test(11)]
    assert (store.site_test("test-10").ended_at, store.site_test("test-1")) == (T0 + 5, None)


def test_last_word_on_a_test_counts(store):
    put(store, site_test(9))
    put(store, msgspec.structs.replace(site_test(9), extended=1, until=T0 + 99))
    put(store, site_test(9, ended_at=T0 + 7))
    assert (store.site_tests(), store.site_tests(ended_after=0)) == ([], [site_test(9, ended_at=T0 + 7)])


def code(n, until, *, is_ended=False):
    given = OnTestCodeGiven(
        account_id="account-1", code=f"{n:064x}", company=None, config=1, exercise=False, site_id=None, until=until
    )
    return SiteTestCode(id=f"testcode-{n}", given=given, given_at=T0, given_by="user-1", is_ended=is_ended, seq=n)


def test_one_day_codes_are_found_by_their_hash_and_by_their_end(store):
    with store.transaction() as transaction:
        for one in (code(7, T0 + 5), code(3, T0 + 9)):
            transaction.put_site_test_code(one)
    assert store.site_test_codes(0) == [code(3, T0 + 9), code(7, T0 + 5)]
    assert store.site_test_codes(T0 + 5) == [code(3, T0 + 9)]
    with store.transaction() as transaction:
        transaction.put_site_test_code(code(7, T0 + 5, is_ended=True))
    assert store.site_test_code(f"{7:064x}") == code(7, T0 + 5, is_ended=True)
    assert store.site_test_code("0" * 64) is None


def zones_out(n, ended_at=None):
    taken = ZonesTakenOut(
        account_id="account-1", again=False, config=1, exercise=False, live=("fire",), reason="detector_fault",
        site_id=None, until=T0 + 9, zones=("4",),
    )  # fmt: skip
    return ZonesOut(
        id=f"out-{n}", end_reason=None if ended_at is None else "due", ended_at=ended_at, ended_by=None,
        ended_seq=None if ended_at is None else n + 50, extended=0, seq=n, taken=taken, taken_at=T0, taken_by="user-1",
        until=T0 + 9,
    )  # fmt: skip


def test_zones_out_of_service_are_found_in_the_order_in_which_they_were_taken_and_the_last_word_counts(store):
    with store.transaction() as transaction:
        for one in (zones_out(11), zones_out(9), zones_out(10, ended_at=T0 + 5)):
            transaction.put_zones_out(one)
    assert store.zones_out() == [zones_out(9), zones_out(11)]
    assert store.zones_out(ended_after=T0 + 5) == [zones_out(9), zones_out(10, ended_at=T0 + 5), zones_out(11)]
    assert store.zones_out(ended_after=T0 + 6) == [zones_out(9), zones_out(11)]
    with store.transaction() as transaction:
        transaction.put_zones_out(zones_out(9, ended_at=T0 + 7))
    assert (store.zones_out(), store.zones_out_by("out-9").ended_at, store.zones_out_by("out-1")) == (
        [zones_out(11)], T0 + 7, None
    )  # fmt: skip
