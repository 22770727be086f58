"""Signed heads: the centre's own statement of how far its journal reached, kept where the database cannot change it.

A hash chain alone proves nothing against someone who rewrites the whole table; a signed head kept elsewhere does.
Made every 1,000 entries or 60 s, whichever comes first, if anything is new, and at start and stop. The format, which
the stand-alone verifier reads too, is in journal/notes.py; signing, appending and the facts about keys are here.
Source: INTEGRATIONS.md section 12; DESIGN.md, "The journal", 10.
"""

import os
import re
from pathlib import Path
from typing import Final, NewType

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.journal.notes import (
    Item,
    Note,
    NoteError,
    NoteSignature,
    Unread,
    VerifierKey,
    head_text,
    key_change_text,
    read_heads,
    signature_text,
)
from tocsin.model.journal import Head
from tocsin.model.values import Code, HexHash, Place, Seq

__all__ = [
    "HEAD_ENTRIES_MAX",
    "HEAD_INTERVAL_S",
    "CentreCreatedBody",
    "HeadKeyChangedBody",
    "HeadSigner",
    "Item",
    "Note",
    "NoteError",
    "Origin",
    "SignatureText",
    "Unread",
    "VerifierKey",
    "VerifierKeyText",
    "append_head",
    "key_changed_body",
    "origin_of",
    "read_heads",
]

HEAD_ENTRIES_MAX: Final = 1000
"""A head is due when so many entries came after the last one."""
HEAD_INTERVAL_S: Final = 60
"""A head is due so long after the first entry that none covers."""

Origin = NewType("Origin", str)
"""Whose journal it is: `HOST/tocsin/CENTRE/chain`. It is the name that heads are signed under."""
VerifierKeyText = NewType("VerifierKeyText", str)
"""A public key as C2SP writes it: `NAME+8 HEX+BASE64`."""
SignatureText = NewType("SignatureText", str)
"""64 bytes of Ed25519 signature in base64."""


class CentreCreatedBody(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `centre.created`, version 1: always the first fact, and the only one of its kind. Final."""

    centre: Place
    head_key: VerifierKeyText
    """What the heads are checked with until a `head.key_changed`."""
    origin: Origin
    version: Code
    """Version of the program that made the centre."""


class HeadKeyChangedBody(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `head.key_changed`, version 1: heads of this seq and above are signed with the new key. Final."""

    new_key: VerifierKeyText
    old_key: VerifierKeyText
    signature: SignatureText
    """The old key's, over `notes.key_change_text`: origin, seq and prev of this very entry, and the new key."""


class HeadSigner:
    """Signs heads with the centre's lasting key. 23 us a head."""

    def __init__(self, private_key: Ed25519PrivateKey, origin: Origin) -> None:
        """Take the key and the origin, which is also the name that it signs under.

        Raises:
            NoteError: the origin is no name that C2SP allows.
        """
        self._private_key = private_key
        self.origin: Final = origin
        self.verifier_key: Final = VerifierKey(origin, private_key.public_key().public_bytes_raw())

    def sign(self, head: Head) -> Note:
        """Sign where the journal ends. `head` must be durable, since the signed head says that it was."""
        assert head.seq >= 1, "an empty journal has no head to sign"
        entry_hash = bytes.fromhex(head.hash)
        signature = self.sign_text(head_text(self.origin, head.seq, entry_hash))
        signed = NoteSignature(self.origin, self.verifier_key.key_id, signature)
        return Note(self.origin, head.seq, entry_hash, (signed,))

    def sign_text(self, text: bytes) -> bytes:
        """Return the 64 bytes of signature over `text`."""
        return self._private_key.sign(text)

    def __repr__(self) -> str:
        """Name the public half alone."""
        return f"HeadSigner({self.verifier_key})"


def key_changed_body(old: HeadSigner, new: VerifierKey, *, seq: Seq, prev: HexHash) -> HeadKeyChangedBody:
    """Make the fact that hands over to a new key, inside the writer's transaction, which alone knows seq and prev."""
    assert new.name == old.origin, "the name of a head's key is the origin, which never changes"
    return HeadKeyChangedBody(
        new_key=VerifierKeyText(str(new)),
        old_key=VerifierKeyText(str(old.verifier_key)),
        signature=SignatureText(signature_text(old.sign_text(key_change_text(old.origin, seq, prev, new)))),
    )


def origin_of(host: str, centre: str) -> Origin:
    """Make the origin `HOST/tocsin/CENTRE/chain` from any host name and any name of a centre.

    Letters and digits stay, in lower case; whatever else becomes a dash. At most 63 characters a part.
    """
    return Origin(f"{_name_part(host, '.')}/tocsin/{_name_part(centre, '')}/chain")


def append_head(path: Path, note: Note) -> None:
    """Append a signed head to its file and return when it is durable.

    It needs no right to read: the two newlines before each note but the first end whatever a power cut left torn. One
    write call, so that two programs cannot mix their notes.

    Raises:
        OSError: it could not be written or synced; appending the same note again is safe.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags, 0o644)
    try:
        is_first = os.fstat(descriptor).st_size == 0
        data = note.format() if is_first else b"\n\n" + note.format()
        if os.write(descriptor, data) != len(data):
            raise OSError(f"a signed head could be written in part only: {path.name}")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_first:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable, which its own fsync does not."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name_part(text: str, extra: str) -> str:
    cleaned = re.sub(rf"[^a-z0-9{re.escape(extra)}]+", "-", text.lower())[:63].strip("-.")
    return cleaned or "unnamed"
