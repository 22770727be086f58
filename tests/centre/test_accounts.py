"""Accounts worked out again from the journal are the accounts of the table, to the byte."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.centres import HeldCentre, make_folder, rows
from tocsin.centre.accounts import rebuild_accounts
from tocsin.centre.table_files import BadRows


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    folder = tmp_path_factory.mktemp("accounts") / "centre"
    made = HeldCentre(make_folder(folder))
    made.folder = folder
    yield made
    made.close()


def whole_journal(store):
    entries = []
    while page := store.entries(len(entries), 1000):
        entries += page
    return entries


keys = st.sampled_from([None, "off", "00" * 16, "11" * 24, "22" * 32])
seconds = st.none() | st.just("off") | st.integers(0, 100).map(str)
account_cells = st.fixed_dictionaries(
    {
        "account": st.sampled_from(["1", "2", "aB", "77"]),
        "receiver": st.sampled_from([None, "1", "0F"]),
        "line": st.sampled_from([None, "2"]),
        "key": keys,
        "name": st.none() | st.sampled_from(['Café "am" Hafen', "Zürich \\ Süd", "<&> \U0001d4b3 ẞ"]),
        "late_max_s": seconds,
        "early_max_s": seconds,
        "supervision_interval_s": st.sampled_from([None, "off", "learn", "60"]),
        "poll_602": st.sampled_from([None, "yes"]),
        "panel_time_zone": st.sampled_from([None, "Europe/Vienna"]),
        "category": st.sampled_from([None, "sp2"]),
    }
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(account_cells, min_size=1, max_size=5), min_size=1, max_size=4))
def test_accounts_rebuilt_from_the_journal_equal_the_table_byte_for_byte(centre, files):
    for file in files:
        data = json.dumps([{k: v for k, v in cells.items() if v is not None} for cells in file]).encode()
        try:
            centre.add(data, "json")
        except BadRows:
            continue
    rebuilt = rebuild_accounts(whole_journal(centre.store))
    assert rebuilt == centre.store.accounts()
    table = rows(centre.folder / "tocsin.db", "SELECT id, seq, row FROM accounts")
    again = [(a.id, a.seq, msgspec.json.encode(a.row)) for a in rebuilt]
    assert sorted(table) == sorted(again)


def test_table_holds_the_very_bytes_of_the_facts(centre):
    centre.add(b"account,name\nbytes,Caf\xc3\xa9\n")
    ((seq, row),) = rows(centre.folder / "tocsin.db", "SELECT seq, row FROM accounts ORDER BY seq DESC LIMIT 1")
    (stored,) = centre.store.entries(seq - 1, 1)
    assert b'"body":' + row + b"," in stored.row.entry


def test_account_is_named_by_the_fact_that_made_it_and_keeps_its_name(centre):
    centre.add(b"account\nnamed\n", actor="user-7")
    made = centre.journal.head.seq
    centre.add(b"account,line\nnamed,1\nnamed,\n")
    centre.add(b"account,category\nnamed,SP1\n")
    found = {a.id: (a.row.line, a.row.category) for a in centre.store.accounts() if a.row.account == "named"}
    assert found == {f"account-{made}": (None, "SP1"), f"account-{made + 1}": ("1", None)}
    entries = [json.loads(stored.row.entry) for stored in centre.store.entries(made - 1, 10)]
    assert [(entry["ref"], entry["actor"]) for entry in entries] == [
        (None, "user-7"),
        (None, "cli"),
        (f"account-{made}", "cli"),
    ]
