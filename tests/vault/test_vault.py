"""Sealing, opening, forgetting; what a wrong clock, a wrong key and a power cut may not do."""

import hashlib
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from pysqlite3 import dbapi2 as sqlite

import tocsin.vault.vault as module
from tocsin.model.errors import BadInput, Conflict, DiskFault, KeyMissing
from tocsin.model.signals import SealedPart
from tocsin.model.values import KeyId, Micros, SealClass
from tocsin.system import SystemIds
from tocsin.vault import MasterKey, Vault
from tocsin.vault.vault import DAY_US, LIFE_DAYS, LIVING_KEYS_MAX, SEALS_BLOCK, SECRET_BYTES_MAX

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

TODAY = 20_000
PART = SealedPart(raw=b"\n1234frame\r", peer="192.0.2.7:40001", text="Hall", mods={"id": "17"}, blocks=("X1",))


def on(day: int, hour: int = 12) -> Micros:
    return Micros(day * DAY_US + hour * 3_600_000_000)


def test_what_was_sealed_opens_again(vault: Vault):
    key, sealed, commitment = vault.seal("panel", on(TODAY), PART)
    assert vault.open(key, sealed) == PART
    assert len(bytes.fromhex(commitment)) == 32
    assert b"Hall" not in sealed


def test_layout_of_a_sealed_value_never_changes(tmp_path: Path, vault: Vault, master: MasterKey):
    """Nonce, then AES-256-GCM of 32 random bytes and msgpack, under class and day; the commitment is of the plain."""
    key, sealed, commitment = vault.seal("intake", on(TODAY), PART)
    wrapped = sqlite_rows(tmp_path, f"SELECT value FROM wrapped WHERE id = {key}")[0][0]
    secret = master.unwrap(wrapped, b"tocsin keys.db day_keys %d intake %d" % (key, TODAY))
    plain = AESGCM(secret).decrypt(sealed[:12], sealed[12:], b"tocsin intake %d" % TODAY)
    assert msgspec.msgpack.decode(plain[32:], type=SealedPart) == PART
    assert hashlib.sha256(plain).hexdigest() == commitment


def sqlite_rows(folder: Path, sql: str) -> list[tuple[bytes, ...]]:
    connection = sqlite.connect(folder / "keys.db")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@settings(max_examples=50)
@given(
    st.builds(
        SealedPart,
        raw=st.none() | st.binary(max_size=50),
        peer=st.none() | st.text(),
        text=st.none() | st.text(),
        mods=st.none() | st.dictionaries(st.text(max_size=3), st.text(), max_size=2),
        blocks=st.lists(st.text(), max_size=2).map(tuple),
    ),
    st.sampled_from(["intake", "panel"]),
)
def test_any_part_opens_to_itself(tmp_path_factory: pytest.TempPathFactory, part: SealedPart, seal_class: SealClass):
    shared = shared_vault(tmp_path_factory)
    key, sealed, _ = shared.seal(seal_class, on(TODAY), part)
    assert shared.open(key, sealed) == part


_SHARED: list[Vault] = []


def shared_vault(factory: pytest.TempPathFactory) -> Vault:
    if not _SHARED:
        path = factory.mktemp("vault") / "keys.db"
        _SHARED.append(Vault.create(path, MasterKey(bytes(32), "the test"), SystemIds()))
    return _SHARED[0]


def test_equal_parts_have_nothing_in_common_when_sealed(vault: Vault):
    sealed = [vault.seal("panel", on(TODAY), PART) for _ in range(5000)]
    assert len({key for key, _, _ in sealed}) == 1
    assert len({value[:12] for _, value, _ in sealed}) == 5000
    assert len({commitment for _, _, commitment in sealed}) == 5000


def test_no_random_bytes_are_used_twice_by_many_threads(vault: Vault):
    found: list[list[bytes]] = [[] for _ in range(4)]

    def work(out: list[bytes]) -> None:
        out.extend(vault.seal("panel", on(TODAY), PART)[1][:12] for _ in range(4000))

    threads = [threading.Thread(target=work, args=(out,)) for out in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    nonces = [nonce for out in found for nonce in out]
    assert len(set(nonces)) == len(nonces) == 16_000


def test_each_class_and_each_day_has_a_key_of_its_own(vault: Vault):
    keys = [
        vault.seal(seal_class, on(day, hour), PART)[0]
        for seal_class, day, hour in (
            ("intake", TODAY, 0),
            ("intake", TODAY, 23),
            ("panel", TODAY, 0),
            ("panel", TODAY + 1, 0),
            ("panel", TODAY, 1),
        )
    ]
    assert keys[0] == keys[1]
    assert keys[2] == keys[4]
    assert len(set(keys)) == 3


def test_sealing_does_no_io_on_days_that_were_prepared(tmp_path: Path, vault: Vault):
    vault.prepare(on(TODAY))
    blocker = sqlite.connect(tmp_path / "keys.db", isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        for day in (TODAY, TODAY + 1):
            for seal_class in ("intake", "panel"):
                vault.seal(seal_class, on(day), PART)
    finally:
        blocker.close()
    before = sqlite_rows(tmp_path, "SELECT * FROM day_keys")
    vault.prepare(on(TODAY, 13))
    assert sqlite_rows(tmp_path, "SELECT * FROM day_keys") == before


def test_key_is_durable_before_its_first_use(tmp_path: Path, master: MasterKey, vault: Vault, ids: SystemIds):
    key, sealed, _ = vault.seal("panel", on(TODAY), PART)
    other = Vault.load(tmp_path / "keys.db", master, ids)
    assert other.open(key, sealed) == PART
    assert other.seal("panel", on(TODAY), PART)[0] == key
    other.close()


def test_sealed_values_survive_a_process_that_is_killed(tmp_path: Path):
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tocsin.system import SystemIds\n"
        "from tocsin.model.signals import SealedPart\n"
        "from tocsin.vault import MasterKey, Vault\n"
        "path = Path(sys.argv[1])\n"
        "vault = Vault.create(path, MasterKey(bytes(32), 'x'), SystemIds())\n"
        "for day in range(20000, 20020):\n"
        "    key, sealed, _ = vault.seal('panel', day * 86400000000, SealedPart(text=str(day)))\n"
        "    print(key, sealed.hex(), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    path = tmp_path / "keys.db"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == -9
    vault = Vault.load(path, MasterKey(bytes(32), "the test"), SystemIds())
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [vault.open(KeyId(int(key)), bytes.fromhex(sealed)) for key, sealed in lines] == [
        SealedPart(text=str(day)) for day in range(20000, 20020)
    ]
    vault.close()


def test_damaged_value_and_unknown_key_are_said_and_never_guessed(vault: Vault):
    key, sealed, _ = vault.seal("panel", on(TODAY), PART)
    other, _, _ = vault.seal("intake", on(TODAY), PART)
    for damaged in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:20], b""):
        with pytest.raises(KeyMissing, match=r"\[vault.damaged\]"):
            vault.open(key, damaged)
    with pytest.raises(KeyMissing, match=r"\[vault.damaged\]"):
        vault.open(other, sealed)
    with pytest.raises(KeyMissing, match=r"newest backup of the keys \[keys.unknown\]"):
        vault.open(KeyId(999), sealed)
    with pytest.raises(KeyMissing, match=r"\[keys.unknown\]"):
        vault.open(KeyId(1), sealed)  # the id of a secret is no day's key


def test_day_gets_another_key_when_one_has_sealed_enough(vault: Vault, monkeypatch: pytest.MonkeyPatch):
    first = vault.seal("panel", on(TODAY), PART)[0]
    monkeypatch.setattr(module, "SEALS_MAX", 3 * SEALS_BLOCK)  # a limit in miniature, not a seam
    for _ in range(3):
        vault._sealing["panel"][TODAY].seals_left = 0  # pyright: ignore[reportPrivateUsage] - 16 million seals each
        last = vault.seal("panel", on(TODAY), PART)[0]
    assert last != first
    assert vault.seal("panel", on(TODAY), PART)[0] == last


def test_restarts_never_count_too_few_seals(tmp_path: Path, vault: Vault, master: MasterKey, ids: SystemIds):
    for _ in range(3):
        again = Vault.load(tmp_path / "keys.db", master, ids)
        again.prepare(on(TODAY))
        again.close()
    assert sqlite_rows(tmp_path, "SELECT DISTINCT seals FROM day_keys") == [(3 * SEALS_BLOCK,)]


# Forgetting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seal_class", ["intake", "panel"])
def test_key_dies_when_its_class_says_and_not_an_hour_before(vault: Vault, seal_class: SealClass):
    key, sealed, _ = vault.seal(seal_class, on(TODAY, 0), PART)
    life_days = LIFE_DAYS[seal_class]
    for day in range(TODAY, TODAY + life_days):
        assert vault.destroy_expired(on(day, 23)) == ()
    assert vault.open(key, sealed) == PART
    assert vault.destroy_expired(on(TODAY + life_days, 0)) == (key,)
    assert vault.open(key, sealed) is None
    assert vault.destroyed() == (key,)
    assert vault.destroy_expired(on(TODAY + life_days, 1)) == ()


def test_destroyed_key_stays_destroyed_and_its_id_is_never_given_again(
    tmp_path: Path, vault: Vault, master: MasterKey, ids: SystemIds
):
    key, sealed, _ = vault.seal("intake", on(TODAY), PART)
    vault.destroy_expired(on(TODAY + 20), is_clock_sure=True)
    again = Vault.load(tmp_path / "keys.db", master, ids)
    assert again.open(key, sealed) is None
    assert again.destroyed() == (key,)
    later, _, _ = again.seal("intake", on(TODAY), PART)
    assert later > key
    again.close()


def test_no_byte_of_a_destroyed_key_or_secret_stays_in_any_file(tmp_path: Path):
    """Thousands of keys and secrets made, replaced and destroyed in a random order; then every file is searched."""
    chance = random.Random(7)
    vault = Vault.create(tmp_path / "keys.db", MasterKey(bytes(32), "the test"), SystemIds())
    gone: list[bytes] = []
    secrets: dict[str, bytes] = {}
    day = TODAY
    for _ in range(30):
        names = [f"account-{chance.randrange(400)}" for _ in range(40)]
        for name in names:
            gone.extend(wrapped_secrets(tmp_path, [name]))
        secrets = {name: chance.randbytes(chance.randint(1, 900)) for name in names}
        vault.secrets_put(secrets)
        doomed = chance.sample(names, 10)
        gone.extend(wrapped_secrets(tmp_path, doomed))
        vault.secrets_delete(doomed)
        for _ in range(4):
            vault.seal("intake", on(day), PART)
            vault.seal("panel", on(day), PART)
            day += 1
        living = dict(sqlite_rows(tmp_path, "SELECT id, value FROM wrapped"))
        gone.extend(living[id_] for id_ in vault.destroy_expired(on(day), is_clock_sure=True))
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert len(gone) > 900
    assert files
    # Any 12 bytes of it: a part of a key would be too much as well.
    for wrapped in gone:
        assert any(wrapped)
        for data in files:
            assert wrapped not in data
            assert wrapped[:12] not in data
            assert wrapped[-12:] not in data
    assert {name: vault.secret_get(name) for name in secrets if name not in doomed} == {
        name: value for name, value in secrets.items() if name not in doomed
    }
    vault.close()


def wrapped_secrets(folder: Path, names: list[str]) -> list[bytes]:
    marks = ",".join(f"'{name}'" for name in names)
    found = sqlite_rows(folder, f"SELECT w.value FROM secrets s JOIN wrapped w ON w.id = s.id WHERE name IN ({marks})")
    return [row[0] for row in found]


def test_no_journal_file_stays_beside_the_keys(tmp_path: Path, vault: Vault):
    vault.seal("intake", on(TODAY), PART)
    vault.destroy_expired(on(TODAY + 20), is_clock_sure=True)
    assert [path.name for path in tmp_path.iterdir()] == ["keys.db"]


def test_disk_that_fails_destroys_nothing_and_says_so(tmp_path: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch):
    key, sealed, _ = vault.seal("intake", on(TODAY), PART)
    blocker = sqlite.connect(tmp_path / "keys.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    vault._keys._connection.execute("PRAGMA busy_timeout = 1")  # pyright: ignore[reportPrivateUsage] - else 5 s
    with pytest.raises(DiskFault, match=r"\[vault.disk\]"):
        vault.destroy_expired(on(TODAY + 20), is_clock_sure=True)
    blocker.close()
    assert vault.open(key, sealed) == PART
    assert vault.destroy_expired(on(TODAY + 20), is_clock_sure=True) == (key,)


# A wrong clock --------------------------------------------------------------------------------------------------------


def test_clock_that_jumps_ahead_for_an_hour_destroys_nothing(vault: Vault):
    key, sealed, _ = vault.seal("intake", on(TODAY), PART)
    vault.destroy_expired(on(TODAY))
    for hour in range(3):
        assert vault.destroy_expired(on(TODAY + 5000, hour)) == ()
    for hour in range(13, 20):
        assert vault.destroy_expired(on(TODAY, hour)) == ()
    assert vault.open(key, sealed) == PART


def test_clock_set_back_for_days_destroys_nothing_that_is_young(vault: Vault):
    key, sealed, _ = vault.seal("intake", on(TODAY), PART)
    vault.destroy_expired(on(TODAY))
    for day in range(100, 105):
        for hour in (1, 13):
            vault.prepare(on(day, hour))
            assert vault.destroy_expired(on(day, hour)) == ()
    assert vault.destroy_expired(on(TODAY + 5)) == ()
    assert vault.open(key, sealed) == PART


def test_centre_that_was_off_for_months_forgets_a_day_after_its_start(vault: Vault):
    key, _, _ = vault.seal("intake", on(TODAY), PART)
    vault.destroy_expired(on(TODAY))
    assert vault.destroy_expired(on(TODAY + 60, 1)) == ()
    assert vault.destroy_expired(on(TODAY + 60, 23)) == ()
    assert vault.destroy_expired(on(TODAY + 61, 2)) == (key,)


def test_person_who_says_that_the_clock_is_right_need_not_wait(vault: Vault):
    key, _, _ = vault.seal("intake", on(TODAY), PART)
    vault.destroy_expired(on(TODAY))
    assert vault.destroy_expired(on(TODAY + 60), is_clock_sure=True) == (key,)


def test_key_of_a_day_that_never_came_dies_after_as_many_days_as_any(vault: Vault):
    vault.prepare(on(TODAY))
    vault.destroy_expired(on(TODAY))
    ahead, sealed, _ = vault.seal("intake", on(TODAY + 5000), PART)
    died_on = None
    for day in range(TODAY + 1, TODAY + 20):
        vault.prepare(on(day))
        if ahead in vault.destroy_expired(on(day)):
            died_on = day
            break
    assert died_on == TODAY + 13 or died_on == TODAY + 14
    assert vault.open(ahead, sealed) is None


def test_days_at_random_make_a_bounded_number_of_keys(tmp_path: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LIVING_KEYS_MAX", 50)  # a limit in miniature, not a seam
    assert LIVING_KEYS_MAX == 4096
    chance = random.Random(3)
    for _ in range(300):
        key, sealed, _ = vault.seal("panel", on(chance.randrange(40_000)), PART)
        assert vault.open(key, sealed) == PART
    assert sqlite_rows(tmp_path, "SELECT count(*) FROM day_keys") == [(50,)]


# Secrets and opening --------------------------------------------------------------------------------------------------


def test_secret_is_kept_replaced_and_destroyed(tmp_path: Path, vault: Vault, master: MasterKey, ids: SystemIds):
    vault.secret_put("account-7.1", b"first")
    vault.secret_put("account-7.1", b"second, longer")
    again = Vault.load(tmp_path / "keys.db", master, ids)
    assert again.secret_get("account-7.1") == b"second, longer"
    again.secret_delete("account-7.1")
    again.secret_delete("never-there")
    again.close()
    with pytest.raises(KeyMissing, match=r"no secret account-7.1.*\[keys.secret_missing\]"):
        vault.secret_get("account-7.1")


def test_secrets_are_put_all_or_none(vault: Vault):
    with pytest.raises(BadInput, match=r"\[vault.secret_length\]"):
        vault.secrets_put({"a": b"x", "b": bytes(SECRET_BYTES_MAX + 1)})
    with pytest.raises(BadInput, match=r"\[vault.secret_name\]"):
        vault.secrets_put({"a": b"x", "bad name": b"x"})
    with pytest.raises(KeyMissing):
        vault.secret_get("a")


@pytest.mark.parametrize("name", ["", "centre.identity", "a b", "\xe9", "x" * 65, ".x"])
def test_lasting_keys_and_odd_names_are_out_of_reach(vault: Vault, name: str):
    before = vault.identity_key()
    for attempt in (lambda: vault.secret_put(name, b"x"), lambda: vault.secret_delete(name)):
        with pytest.raises(BadInput, match=r"\[vault.secret_name\]"):
            attempt()
    assert vault.identity_key() == before


def test_lasting_keys_last(tmp_path: Path, vault: Vault, master: MasterKey, ids: SystemIds):
    again = Vault.load(tmp_path / "keys.db", master, ids)
    assert again.identity_key() == vault.identity_key()
    assert again.head_signing_key().private_bytes_raw() == vault.head_signing_key().private_bytes_raw()
    assert len({again.identity_key(), again.head_signing_key().private_bytes_raw()}) == 2
    again.close()


def test_wrong_master_key_is_recognised_at_once(tmp_path: Path, vault: Vault, ids: SystemIds):
    with pytest.raises(
        KeyMissing, match=r"does not open keys.db.*Put the centre's own key back.*\[keys.master_wrong\]"
    ):
        Vault.load(tmp_path / "keys.db", MasterKey(bytes(32), "the test"), ids)


def test_missing_keys_are_never_made_anew(tmp_path: Path, master: MasterKey, ids: SystemIds):
    with pytest.raises(KeyMissing, match=r"Restore it.*do not make a new one \[keys.missing\]"):
        Vault.load(tmp_path / "keys.db", master, ids)
    assert list(tmp_path.iterdir()) == []


def test_existing_keys_are_never_overwritten(tmp_path: Path, vault: Vault, master: MasterKey, ids: SystemIds):
    before = (tmp_path / "keys.db").read_bytes()
    with pytest.raises(Conflict, match=r"\[keys.exists\]"):
        Vault.create(tmp_path / "keys.db", master, ids)
    assert (tmp_path / "keys.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database" * 500])
def test_file_that_holds_no_keys_is_said(tmp_path: Path, master: MasterKey, ids: SystemIds, content: bytes):
    path = tmp_path / "keys.db"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyMissing, match=r"\[keys.damaged\]"):
        Vault.load(path, master, ids)


def test_keys_of_a_newer_program_are_refused(tmp_path: Path, vault: Vault, master: MasterKey, ids: SystemIds):
    vault.close()
    sqlite_rows(tmp_path, "PRAGMA user_version = 3")
    with pytest.raises(Conflict, match=r"newer version of Tocsin.*\[keys.newer\]"):
        Vault.load(tmp_path / "keys.db", master, ids)


def test_keys_that_others_may_read_are_refused(tmp_path: Path, vault: Vault, master: MasterKey, ids: SystemIds):
    path = tmp_path / "keys.db"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(BadInput, match=r"chmod 600"):
        Vault.load(path, master, ids)


def test_nothing_of_the_vault_stands_in_clear_in_its_file(tmp_path: Path, vault: Vault):
    vault.secret_put("account-1", b"0123456789abcdef-key")
    data = (tmp_path / "keys.db").read_bytes()
    for secret in (b"0123456789abcdef-key", vault.identity_key(), vault.head_signing_key().private_bytes_raw()):
        assert secret not in data


def test_file_of_keys_is_the_only_one_made(tmp_path: Path, vault: Vault):
    assert os.listdir(tmp_path) == ["keys.db"]
    assert vault.destroyed() == ()
