"""Keys of holders: made ahead, durable before use, never given twice, destroyed alone."""

import pytest

from support.centres import edit, rows
from support.fakes import CountingIds
from tocsin.model.errors import KeyMissing
from tocsin.vault import MasterKey, Vault
from tocsin.vault.holder_keys import AT_ONCE, LOW, POOL


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys.db"


@pytest.fixture
def vault(path, tmp_path):
    made = Vault.create(path, MasterKey.create(tmp_path / "master.key", {}, CountingIds()), CountingIds())
    yield made
    made.close()


def again(path, tmp_path):
    return Vault.load(path, MasterKey.load(tmp_path / "master.key", {}), CountingIds())


def wrapped(path, id_):
    return bytes(rows(path, f"SELECT value FROM wrapped WHERE id = {id_}")[0][0])


def test_drawn_key_is_in_the_file_before_it_is_used_and_opens_after_a_restart(vault, path, tmp_path):
    vault.holders.start(0)
    id_, secret = vault.holders.draw()
    assert any(wrapped(path, id_))
    assert secret not in path.read_bytes()
    vault.close()
    reopened = again(path, tmp_path)
    assert reopened.holders.get(id_) == secret
    reopened.close()


def test_keys_are_drawn_in_rising_order_and_each_once(vault):
    vault.holders.start(0)
    vault.holders.prepare()
    assert vault.holders.ready == POOL
    drawn = [vault.holders.draw() for _ in range(500)]
    ids = [id_ for id_, _ in drawn]
    assert ids == sorted(set(ids))
    assert len({secret for _, secret in drawn}) == 500
    assert vault.holders.waits == 0


def test_pool_is_filled_again_in_a_thread_before_it_is_empty(vault):
    vault.holders.start(0)
    vault.holders.prepare()
    for _ in range(POOL - LOW + 1):
        vault.holders.draw()
    vault.holders._maker.join(20)
    assert vault.holders.ready >= POOL - 1
    assert vault.holders.waits == 0


def test_whoever_needs_a_key_where_none_is_left_gets_one(vault):
    vault.holders.start(0)
    vault.holders.draw()
    assert (vault.holders.waits, vault.holders.ready) == (1, AT_ONCE - 1)


def test_next_process_goes_on_above_the_highest_key_that_somebody_has(vault, path, tmp_path):
    vault.holders.start(0)
    first = [vault.holders.draw()[0] for _ in range(5)]
    vault.close()
    reopened = again(path, tmp_path)
    reopened.holders.start(first[2])
    assert reopened.holders.draw()[0] == first[3], "what nobody has is used"
    reopened.close()


def test_destroyed_key_is_zeros_and_opens_nothing_and_the_others_live(vault, path, tmp_path):
    vault.holders.start(0)
    (one, _), (two, secret) = vault.holders.draw(), vault.holders.draw()
    before = wrapped(path, one)
    vault.secret_put("incident-text-1", b"words")
    vault.holders.destroy([one], ["incident-text-1"], 5)
    vault.holders.destroy([one], ["incident-text-1"], 6)
    assert vault.holders.get(one) is None
    assert vault.holders.get(two) == secret
    assert not any(wrapped(path, one))
    assert before not in path.read_bytes()
    assert vault.secrets_get(["incident-text-1"]) == {}
    assert rows(path, f"SELECT destroyed_at FROM holder_keys WHERE id = {one}") == [(5,)]
    vault.close()
    reopened = again(path, tmp_path)
    reopened.holders.start(0)
    assert reopened.holders.get(one) is None
    assert reopened.holders.draw()[0] == two, "a destroyed key is not handed out again"
    reopened.close()


def test_unknown_key_is_said(vault):
    with pytest.raises(KeyMissing, match=r"\[keys\.unknown\]"):
        vault.holders.get(999_999)


def test_closed_vault_gives_no_key(vault):
    vault.holders.start(0)
    vault.close()
    with pytest.raises(KeyMissing, match=r"\[vault\.closed\]"):
        vault.holders.draw()


def test_file_of_the_first_release_gets_its_table_and_keeps_its_keys(vault, path, tmp_path):
    vault.secret_put("account-1", b"k" * 16)
    identity = vault.identity_key()
    vault.close()
    edit(path, "DROP TABLE holder_keys")
    edit(path, "PRAGMA user_version = 1")
    reopened = again(path, tmp_path)
    assert reopened.identity_key() == identity
    assert reopened.secret_get("account-1") == b"k" * 16
    reopened.holders.start(0)
    assert reopened.holders.draw()[0] > 0
    assert rows(path, "PRAGMA user_version") == [(2,)]
    reopened.close()
