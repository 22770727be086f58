"""What every store must keep of the configuration: accounts, sites, zones, refused numbers, and pages of them."""

import hashlib

import msgspec
import pytest

from tocsin.model.accounts import Account, AccountRow, NumberRefused, Refusal
from tocsin.model.journal import EntryPage, EntryRow
from tocsin.model.sites import Site, SiteRow, Zone, ZoneRow
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", "memory"])
def store(request, tmp_path):
    made = SqliteStore(tmp_path / "tocsin.db") if request.param == "sqlite" else MemoryStore()
    yield made
    made.close()


def account(n, number, site_id=None, **fields):
    return Account(f"account-{n}", AccountRow(account=number, site_id=site_id, **fields), n)


def site(n, **fields):
    return Site(f"site-{n}", SiteRow(**fields), n)


def zone(account_id, number, seq=1, **fields):
    return Zone(ZoneRow(account_id=account_id, number=number, **fields), seq)


def refusal(account_, seq, receiver=None, line=None, answer="duh"):
    return Refusal(
        NumberRefused(account=account_, answer=answer, line=line, reason="scanner", receiver=receiver, until=9), seq
    )


def put(store, **rows):
    with store.transaction() as transaction:
        for kind, found in rows.items():
            getattr(transaction, f"put_{kind}")(found)


def ids(accounts):
    return [one.id for one in accounts]


ACCOUNTS = [
    account(3, "20", "site-1"),
    account(12, "1b", "site-1"),
    account(5, "1B"),
    account(4, "1", "site-2"),
    account(9, "1Bx", "site-1"),
]


# Accounts ------------------------------------------------------------------------------------------------------------


def test_accounts_come_by_id_in_the_order_in_which_they_were_made(store):
    put(store, accounts=ACCOUNTS)
    assert ids(store.accounts()) == ["account-3", "account-4", "account-5", "account-9", "account-12"]
    assert store.accounts({"account-12", "account-3", "account-77"}) == [ACCOUNTS[0], ACCOUNTS[1]]
    assert store.accounts(()) == []


def test_more_ids_than_one_question_holds_are_all_answered(store):
    made = [account(n, str(n)) for n in range(1, 3000)]
    put(store, accounts=made)
    for many in (1200, 2900):
        assert store.accounts([one.id for one in made[:many]]) == made[:many]


def test_pages_go_by_number_without_case_and_then_as_accounts_were_made(store):
    put(store, accounts=ACCOUNTS)
    order = ["account-4", "account-5", "account-12", "account-9", "account-3"]
    assert ids(store.account_page(None, 10)) == order
    found, after = [], None
    while page := store.account_page(after, 2):
        found += page
        after = (page[-1].row.account.upper(), int(page[-1].id.rpartition("-")[2]))
    assert ids(found) == order


def test_pages_and_counts_are_of_a_site_and_of_a_beginning(store):
    put(store, accounts=ACCOUNTS)
    assert ids(store.account_page(None, 10, site_id="site-1")) == ["account-12", "account-9", "account-3"]
    assert ids(store.account_page(None, 10, number="1B")) == ["account-5", "account-12", "account-9"]
    assert ids(store.account_page(("1B", 12), 10, site_id="site-1", number="1B")) == ["account-9"]
    assert store.account_page(None, 10, number="2_") == store.account_page(None, 10, number="%") == []
    counts = [store.account_count(), store.account_count("site-1"), store.account_count(None, "1B")]
    assert counts == [5, 3, 3]
    assert store.account_count("site-1", "1B") == 2
    assert store.site_sizes(["site-1", "site-2", "site-3"]) == {"site-1": 3, "site-2": 1}


def test_account_that_moved_is_found_at_its_new_site_and_number_alone(store):
    put(store, accounts=ACCOUNTS)
    put(store, accounts=[account(3, "77", "site-2")])
    assert store.site_sizes(["site-1", "site-2"]) == {"site-1": 2, "site-2": 2}
    assert ids(store.account_page(None, 10, number="20")) == []
    assert ids(store.account_page(None, 10, number="77")) == ["account-3"]


# What is removed -----------------------------------------------------------------------------------------------------


def test_rows_that_say_removed_go_in_the_order_of_the_facts(store):
    put(store, accounts=ACCOUNTS, sites=[site(1, name="a"), site(2)], zones=[zone("account-3", "1"), zone("b-4", "1")])
    put(
        store,
        accounts=[account(3, "20", removed=True), account(20, "5"), account(20, "5", removed=True)],
        sites=[site(1, removed=True)],
        zones=[zone("account-3", "1", removed=True)],
    )
    assert ids(store.accounts()) == ["account-4", "account-5", "account-9", "account-12"]
    assert store.sites() == [site(2)]
    assert store.zones() == [zone("b-4", "1")]


# Sites, zones and refused numbers ------------------------------------------------------------------------------------


def test_sites_are_replaced_by_id_and_come_as_made(store):
    put(store, sites=[site(10, name="ref"), site(9)])
    changed = Site("site-10", SiteRow(address="other", config=4), 30)
    put(store, sites=[changed])
    assert store.sites() == [site(9), changed]
    assert store.sites({"site-10"}) == [changed]


def test_zones_are_replaced_by_account_and_number_and_come_in_their_order(store):
    rows = [zone("account-10", "2"), zone("account-9", "10"), zone("account-9", "9"), zone("account-9", "A")]
    put(store, zones=rows)
    changed = zone("account-9", "9", 7, type="FIRE-SMOKE", priority=1)
    put(store, zones=[changed])
    assert store.zones() == [changed, rows[3], rows[1], rows[0]]
    assert store.zones({"account-10"}) == [rows[0]]
    assert store.zone_counts(["account-9", "account-10", "account-11"]) == {"account-9": 3, "account-10": 1}


def test_refused_number_is_one_row_a_number_receiver_and_line_with_the_last_word(store):
    put(store, refusals=[refusal("4a", 1), refusal("4A", 2, receiver="1"), refusal("4a", 3, line="")])
    put(store, refusals=[refusal("4A", 9, answer=None)])
    assert store.refusals() == [
        refusal("4A", 2, receiver="1"),
        refusal("4a", 3, line=""),
        refusal("4A", 9, answer=None),
    ]


def test_failed_transaction_leaves_the_configuration_as_it_was(store):
    put(store, sites=[site(1)], accounts=[account(2, "1")])

    def fail():
        with store.transaction() as transaction:
            transaction.put_sites([site(1, removed=True)])
            transaction.put_accounts([account(2, "1", removed=True)])
            transaction.put_zones([zone("account-2", "1")])
            transaction.put_refusals([refusal("4", 1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (store.sites(), store.accounts(), store.zones(), store.refusals()) == (
        [site(1)],
        [account(2, "1")],
        [],
        [],
    )


# The journal, newest first -------------------------------------------------------------------------------------------


def entry(seq, kind):
    data = msgspec.json.encode({"body": {}, "kind": kind, "ref": None, "seq": seq})
    return EntryRow(seq, seq * 10, kind, None, None, data, hashlib.sha256(data).digest())


KINDS = ["signal", "site.set", "signal", "signal", "zone.set", "signal", "site.set", "signal"]


@pytest.fixture
def written(store):
    with store.transaction() as transaction:
        transaction.append([entry(seq, kind) for seq, kind in enumerate(KINDS, 1)])
    return store


def seqs(page: EntryPage):
    return [stored.row.seq for stored in page.entries]


def test_newest_entries_come_in_pages_down_to_the_first(written):
    page = written.newest_entries(None, None, 3, 100)
    assert (seqs(page), page.next) == ([8, 7, 6], 6)
    page = written.newest_entries(page.next, None, 3, 100)
    assert (seqs(page), page.next) == ([5, 4, 3], 3)
    page = written.newest_entries(page.next, None, 3, 100)
    assert (seqs(page), page.next) == ([2, 1], None)


def test_rare_kind_is_looked_for_in_bounded_steps(written):
    page = written.newest_entries(None, "site.set", 5, 3)
    assert (seqs(page), page.next) == ([7], 6)
    page = written.newest_entries(page.next, "site.set", 5, 3)
    assert (seqs(page), page.next) == ([], 3)
    page = written.newest_entries(page.next, "site.set", 5, 3)
    assert (seqs(page), page.next) == ([2], None)
    assert seqs(written.newest_entries(None, "site.set", 1, 100)) == [7]


def test_empty_journal_has_no_newest_entries(store):
    assert store.newest_entries(None, None, 5, 5) == EntryPage((), None)


def test_entries_are_found_by_their_numbers(written):
    assert [stored.row for stored in written.entries_at([5, 2, 99, 5])] == [entry(2, "site.set"), entry(5, "zone.set")]
