"""The master key: the one secret that stands outside `keys.db` and wraps every key in it.

It comes from the environment, from systemd's credentials, or from a file that only its owner may read. Whoever has both
it and `keys.db` can read what the vault holds, so keep the two backups apart.
"""

import base64
import binascii
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tocsin.model.errors import BadInput, Conflict, KeyMissing
from tocsin.model.ports import Ids

ENVIRONMENT: Final = "TOCSIN_MASTER_KEY"
CREDENTIAL: Final = "tocsin-master-key"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
_TEXT_BYTES_MAX: Final = 1024
_REMEDY: Final = (
    f"Put the centre's own key back: as the file, as the variable {ENVIRONMENT} (64 hex digits or base64), or as the "
    f"systemd credential {CREDENTIAL}. Without it nothing sealed can be read again"
)


class MasterKey:
    """Wraps and unwraps keys with AES-256-GCM. It never shows itself: not in a repr, not in an error."""

    __slots__ = ("_aead", "source")

    def __init__(self, secret: bytes, source: str) -> None:
        """Take 32 bytes, and where they came from, in words for errors."""
        assert len(secret) == KEY_BYTES, "a master key has 32 bytes"
        self._aead = AESGCM(secret)
        self.source = source

    @classmethod
    def create(cls, path: Path, environ: Mapping[str, str], ids: Ids) -> "MasterKey":
        """Make a new key in a new file that only its owner may read, durable when this returns.

        Where the environment or systemd gives a key already, that one is used and no file is made.

        Raises:
            Conflict: the file is there already; it was not touched.
            BadInput: what the environment gives is no key.
            OSError: the folder cannot be written.
        """
        given = cls._given(environ)
        if given is not None:
            return given
        secret = ids.token_bytes(KEY_BYTES)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Conflict(
                f"There is a master key already in {path}. It was not touched. Use another folder, or keep this centre",
                "keys.master_exists",
            ) from None
        try:
            os.write(file, secret.hex().encode() + b"\n")
            os.fsync(file)
        finally:
            os.close(file)
        sync_folder(path.parent)
        return cls(secret, f"the file {path}")

    @classmethod
    def load(cls, path: Path, environ: Mapping[str, str]) -> "MasterKey":
        """Find the key: first the variable TOCSIN_MASTER_KEY, then systemd's credential, then the file.

        Raises:
            KeyMissing: it is in none of the three places.
            BadInput: what is there is no key, or others than the owner may read the file.
        """
        given = cls._given(environ)
        if given is not None:
            return given
        source = f"the file {path}"
        if not path.exists():
            raise KeyMissing(f"There is no master key: {source} does not exist. {_REMEDY}", "keys.master_missing")
        refuse_readable_by_others(path)
        return cls(_read_key(_read_text(path), source), source)

    @classmethod
    def stage(cls, path: Path, ids: Ids) -> "MasterKey":
        """Make a key beside the file of the living one, durable when this returns; `adopt` puts it in its place.

        Raises:
            Conflict: one is there already; it was not touched.
        """
        return cls.create(staged_path(path), {}, ids)

    @classmethod
    def _given(cls, environ: Mapping[str, str]) -> "MasterKey | None":
        """The key that the environment or systemd gives, or None."""
        if text := environ.get(ENVIRONMENT):
            source = f"the variable {ENVIRONMENT}"
            return cls(_read_key(text, source), source)
        if folder := environ.get("CREDENTIALS_DIRECTORY"):
            credential = Path(folder) / CREDENTIAL
            if credential.exists():
                # systemd may give it to the service by an access list, which shows as a group's right: no check here.
                source = f"the systemd credential {CREDENTIAL}"
                return cls(_read_key(_read_text(credential), source), source)
        return None

    def wrap(self, nonce: bytes, secret: bytes, place: bytes) -> bytes:
        """Encrypt a secret for its place in `keys.db`; it fits in no other. `nonce` is 12 random bytes, used once."""
        return nonce + self._aead.encrypt(nonce, secret, place)

    def unwrap(self, wrapped: bytes, place: bytes) -> bytes:
        """Decrypt what `wrap` made.

        Raises:
            KeyMissing: it was wrapped under another master key or for another place, or it is damaged.
        """
        try:
            return self._aead.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place)
        except InvalidTag:
            raise KeyMissing(
                f"The master key from {self.source} does not open keys.db, or keys.db is damaged. Nothing was changed. "
                f"{_REMEDY}",
                "keys.master_wrong",
            ) from None

    def __repr__(self) -> str:
        """Say where it came from."""
        return f"MasterKey(from {self.source})"


def staged_path(path: Path) -> Path:
    """Where a new master key waits until all is wrapped under it."""
    return path.with_name(path.name + ".new")


def adopt(path: Path) -> None:
    """Put the staged key in the living one's place, and write zeros over the old one. The name changes at once."""
    with path.open("r+b") as old:
        staged_path(path).replace(path)
        sync_folder(path.parent)
        length = os.fstat(old.fileno()).st_size
        old.write(b"\0" * length)
        old.flush()
        os.fsync(old.fileno())


def refuse_readable_by_others(path: Path) -> None:
    """Raise BadInput where anybody but the owner may read a file that holds keys."""
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadInput(
            f"The file {path} can be read by others than its owner. Nothing was opened. Run `chmod 600 {path}`, and "
            "make new keys if somebody may have read it",
            "keys.readable",
        )


def sync_folder(folder: Path) -> None:
    """Make a new file's name durable, which its own fsync does not."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_TEXT_BYTES_MAX).decode("ascii", "replace")
    except OSError as error:
        raise KeyMissing(
            f"The master key in {path} cannot be read ({error.strerror}). Let the user of the service read it",
            "keys.master_unreadable",
        ) from error


def _read_key(text: str, source: str) -> bytes:
    """Read 64 hex digits or base64 of 32 bytes; the error names the place and never the text."""
    text = text.strip()
    try:
        if len(text) == 2 * KEY_BYTES:
            return bytes.fromhex(text)
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadInput(
            f"What stands in {source} is no master key: 32 bytes are needed, as 64 hex digits or as base64. {_REMEDY}",
            "keys.master_form",
        )
    return key
