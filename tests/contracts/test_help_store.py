"""What every store must keep of keyholders, phrases, wishes and place warnings."""

import pytest

from tocsin.model.keyholders import (
    Keyholder,
    KeyholderRow,
    SitePhrases,
    SitePhrasesRow,
    SiteWishes,
    WishesRow,
)
from tocsin.model.warnings import PlaceWarned, PlaceWarning
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", "memory"])
def store(request, tmp_path):
    made = SqliteStore(tmp_path / "tocsin.db") if request.param == "sqlite" else MemoryStore()
    yield made
    made.close()


def keyholder(n, site=1, order=1, seq=None, **fields):
    row = KeyholderRow(contact=f"keyholder-text-{n:016x}", order=order, site_id=f"site-{site}", **fields)
    return Keyholder(f"keyholder-{n}", row, seq or n)


def phrases(site, seq, verifier="site-phrase-1"):
    return SitePhrases(SitePhrasesRow(site_id=f"site-{site}", has_phrase=True, verifier=verifier), seq)


def wishes(site, seq, reference="site-wishes-1"):
    return SiteWishes(WishesRow(site_id=f"site-{site}", review_at=9, wishes=reference), seq)


def warning(n, site=1, danger="dog"):
    body = PlaceWarned(cause="incident-1", danger=danger, ends_at=n * 10, site_id=f"site-{site}")
    return PlaceWarning(f"warning-{n}", body, n)


def put(store, **rows):
    with store.transaction() as transaction:
        for name, found in rows.items():
            getattr(transaction, name)(found)


def test_keyholders_come_by_site_as_made_and_by_their_order(store):
    rows = [keyholder(9, 10, 1), keyholder(3, 2, 2), keyholder(8, 2, 1), keyholder(11, 2, 1, removed_at=5)]
    put(store, put_keyholders=rows)
    assert store.keyholders() == [rows[2], rows[3], rows[1], rows[0]]
    assert store.keyholders(["site-10"]) == [rows[0]]
    assert store.keyholders(ids=["keyholder-3", "keyholder-77"]) == [rows[1]]
    assert store.keyholders([]) == store.keyholders(ids=[]) == []


def test_more_ids_than_one_question_holds_are_all_answered(store):
    rows = [keyholder(n, n) for n in range(1, 1300)]
    put(store, put_keyholders=rows)
    assert store.keyholders([row.row.site_id for row in rows]) == rows
    assert store.keyholders(ids=[row.id for row in rows]) == rows


def test_keyholder_is_replaced_by_id_stays_when_removed_and_goes_when_dropped(store):
    put(store, put_keyholders=[keyholder(1), keyholder(2, order=2)])
    removed = keyholder(1, seq=7, removed_at=70)
    put(store, put_keyholders=[removed])
    assert store.keyholders() == [removed, keyholder(2, order=2)]
    put(store, drop_keyholders=["keyholder-1", "keyholder-99"])
    assert store.keyholders() == [keyholder(2, order=2)]


@pytest.mark.parametrize(("put_", "read", "made"), [("put_site_phrases", "site_phrases", phrases),
                                                     ("put_site_wishes", "site_wishes", wishes)])  # fmt: skip
def test_phrases_and_wishes_are_one_a_site_and_go_with_their_reference(store, put_, read, made):
    put(store, **{put_: [made(2, 5), made(1, 6)]})
    assert getattr(store, read)() == [made(2, 5), made(1, 6)]
    put(store, **{put_: [made(2, 9)]})
    assert getattr(store, read)(["site-2"]) == [made(2, 9)]
    put(store, **{put_: [made(2, 10, None)]})
    assert getattr(store, read)() == [made(1, 6)]
    assert getattr(store, read)(["site-2"]) == []


def test_warnings_come_as_made_by_site_until_they_are_dropped(store):
    put(store, put_place_warnings=[warning(5), warning(3, 2), warning(10)])
    assert store.place_warnings() == [warning(3, 2), warning(5), warning(10)]
    assert store.place_warnings(["site-1"]) == [warning(5), warning(10)]
    put(store, drop_place_warnings=["warning-5", "warning-6"])
    assert store.place_warnings(["site-1"]) == [warning(10)]


def test_failed_transaction_leaves_all_of_it_as_it_was(store):
    put(store, put_keyholders=[keyholder(1)], put_place_warnings=[warning(5)], put_site_wishes=[wishes(1, 3)])

    def fail():
        with store.transaction() as transaction:
            transaction.drop_keyholders(["keyholder-1"])
            transaction.drop_place_warnings(["warning-5"])
            transaction.put_site_wishes([wishes(1, 4, None)])
            transaction.put_site_phrases([phrases(1, 4)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (store.keyholders(), store.place_warnings(), store.site_wishes(), store.site_phrases()) == (
        [keyholder(1)],
        [warning(5)],
        [wishes(1, 3)],
        [],
    )
