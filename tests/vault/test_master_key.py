"""Where the master key comes from, and what is refused."""

import base64
import os
from pathlib import Path

import pytest

from tocsin.model.errors import BadInput, Conflict, KeyMissing
from tocsin.system import SystemIds
from tocsin.vault import MasterKey

SECRET = bytes(range(200, 232))
NONCE = bytes(12)


def opens_with(key: MasterKey, secret: bytes) -> bool:
    wrapped = MasterKey(secret, "the test").wrap(NONCE, b"value", b"place")
    return key.unwrap(wrapped, b"place") == b"value"


def test_new_key_is_durable_and_readable_by_its_owner_alone(tmp_path: Path):
    path = tmp_path / "master.key"
    made = MasterKey.create(path, {}, SystemIds())
    assert path.stat().st_mode & 0o777 == 0o600
    loaded = MasterKey.load(path, {})
    assert loaded.unwrap(made.wrap(NONCE, b"value", b"place"), b"place") == b"value"


def test_existing_key_is_never_overwritten(tmp_path: Path):
    path = tmp_path / "master.key"
    path.write_text("precious")
    with pytest.raises(Conflict, match=r"not touched.*\[keys.master_exists\]"):
        MasterKey.create(path, {}, SystemIds())
    assert path.read_text() == "precious"


def test_no_file_is_made_where_the_environment_gives_the_key(tmp_path: Path):
    key = MasterKey.create(tmp_path / "master.key", {"TOCSIN_MASTER_KEY": SECRET.hex()}, SystemIds())
    assert opens_with(key, SECRET)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [SECRET.hex(), SECRET.hex().upper(), base64.b64encode(SECRET).decode(), base64.urlsafe_b64encode(SECRET).decode()],
)
def test_key_is_read_as_hex_or_base64_from_each_place(tmp_path: Path, text: str):
    path = tmp_path / "master.key"
    path.write_text(f"{text}\n")
    path.chmod(0o600)
    (tmp_path / "tocsin-master-key").write_text(text)
    nowhere = tmp_path / "none"
    assert opens_with(MasterKey.load(path, {}), SECRET)
    assert opens_with(MasterKey.load(nowhere, {"TOCSIN_MASTER_KEY": text}), SECRET)
    assert opens_with(MasterKey.load(nowhere, {"CREDENTIALS_DIRECTORY": str(tmp_path)}), SECRET)


def test_variable_goes_before_credential_before_file(tmp_path: Path):
    path = tmp_path / "master.key"
    path.write_text("00" * 32)
    path.chmod(0o600)
    (tmp_path / "tocsin-master-key").write_text("11" * 32)
    credential = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert opens_with(MasterKey.load(path, {**credential, "TOCSIN_MASTER_KEY": "22" * 32}), b"\x22" * 32)
    assert opens_with(MasterKey.load(path, credential), b"\x11" * 32)
    assert opens_with(MasterKey.load(path, {"CREDENTIALS_DIRECTORY": str(tmp_path / "other")}), bytes(32))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_key_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path, mode: int):
    path = tmp_path / "master.key"
    path.write_text(SECRET.hex())
    path.chmod(mode)
    with pytest.raises(BadInput, match=r"chmod 600 .*\[keys.readable\]"):
        MasterKey.load(path, {})


def test_missing_key_names_the_three_places(tmp_path: Path):
    with pytest.raises(KeyMissing, match=r"TOCSIN_MASTER_KEY.*tocsin-master-key.*\[keys.master_missing\]"):
        MasterKey.load(tmp_path / "master.key", {})


@pytest.mark.parametrize(
    "text", ["", "secret words", "ab" * 31, "zz" * 32, "ab" * 33, "QUJD", "\u20ac" * 64, "x" * 5000]
)
def test_what_is_no_key_is_refused_without_being_quoted(tmp_path: Path, text: str):
    path = tmp_path / "master.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(BadInput, match=r"\[keys.master_form\]") as caught:
        MasterKey.load(path, {})
    assert not text or text not in str(caught.value)


def test_key_never_shows_itself():
    key = MasterKey(SECRET, "the file /x")
    assert repr(key) == "MasterKey(from the file /x)"
    with pytest.raises(KeyMissing) as caught:
        key.unwrap(bytes(60), b"place")
    assert SECRET.hex() not in str(caught.value) + repr(key)
    assert not hasattr(key, "__dict__")


def test_what_was_wrapped_for_one_place_opens_in_no_other():
    key = MasterKey(SECRET, "the test")
    wrapped = key.wrap(NONCE, b"value", b"day_keys 7")
    with pytest.raises(KeyMissing, match=r"\[keys.master_wrong\]"):
        key.unwrap(wrapped, b"day_keys 8")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_unreadable_key_is_said(tmp_path: Path):
    path = tmp_path / "master.key"
    path.write_text(SECRET.hex())
    path.chmod(0o200)
    with pytest.raises(KeyMissing, match=r"\[keys.master_unreadable\]"):
        MasterKey.load(path, {})
