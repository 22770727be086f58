"""Which entries are about a site or an account: the same from every store."""

import json

import pytest

from tocsin.model.journal import EntryRow
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def append(store, *facts):
    """Facts as (kind, ref, body), with the next numbers."""
    after = store.head().seq
    rows = [
        EntryRow(seq, seq, kind, None, None, json.dumps({"actor": None, "body": body, "ref": ref}).encode(), bytes(32))
        for seq, (kind, ref, body) in enumerate(facts, after + 1)
    ]
    with store.transaction() as transaction:
        transaction.append(rows)


def about(store, place, before=None, limit=100):
    return [(stored.row.seq, thing) for stored, thing in store.place_facts(place, before, limit)]


def test_entries_are_found_by_their_site_and_account_newest_first(store):
    append(store, ("site.set", None, {}), ("account.set", None, {"site_id": "site-1"}), ("centre.started", None, {}))
    append(store, ("zone.set", "account-2", {"account_id": "account-2", "number": "14"}))
    append(store, ("incident.opened", None, {"account_id": "account-2", "site_id": "site-1", "number": 7}))
    append(store, ("incident.noted", "incident-5", {}), ("site.set", "site-1", {}))
    assert about(store, "site-1") == [(7, "site-1"), (5, "incident-5"), (2, "account-2"), (1, "site-1")]
    assert about(store, "account-2") == [(5, "incident-5"), (4, "account-2/14"), (2, "account-2")]
    assert about(store, "site-1", before=5, limit=1) == [(2, "account-2")]
    assert about(store, "site-9") == []


def test_fact_before_is_the_last_one_of_its_kind_about_the_same_thing(store):
    append(store, ("account.set", None, {}), ("key_link.given", None, {"account_id": "account-1"}))
    append(store, ("account.set", "account-1", {}), ("account.set", None, {}))
    assert store.fact_before("account-1", "account.set", 3).row.seq == 1
    assert store.fact_before("account-1", "account.set", 1) is None
    assert store.fact_before("account-1", "key_link.given", 4) is None
