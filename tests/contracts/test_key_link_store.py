"""One-time links to keys: the same from every store."""

import msgspec
import pytest

from tocsin.model.key_links import KeyLink, KeyLinkGiven
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

T0 = 1_800_000_000_000_000


def link(n, account, until):
    given = KeyLinkGiven(
        account_id=account, company=None, config=1, epoch=0, is_new=False, secret=f"{n:064x}", until=until
    )
    return KeyLink(
        id=f"keylink-{n}", ended=None, given=given, given_at=T0, given_by="user-1", opened=None, opened_at=None,
        opened_by=None, seq=n,
    )  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def test_links_are_found_by_their_hash_their_account_and_their_end_and_the_last_word_counts(store):
    a, b, c = link(9, "account-1", T0 + 5), link(10, "account-2", T0 + 6), link(11, "account-1", T0 + 9)
    with store.transaction() as transaction:
        for one in (c, a, b):
            transaction.put_key_link(one)
    assert store.key_links() == [a, b, c]
    assert store.key_links("account-1") == [a, c]
    assert store.key_links(after=T0 + 5) == [b, c]
    assert store.key_links("account-1", T0 + 5) == [c]
    with store.transaction() as transaction:
        transaction.put_key_link(msgspec.structs.replace(a, ended="by_hand"))
    assert (store.key_link(f"{9:064x}").ended, store.key_link("0" * 64)) == ("by_hand", None)
