r"""Signed notes of C2SP, as the journal's heads use them: reading, writing, checking.

A head is three lines, ORIGIN, size in decimal and hash in base64, then an empty line, then `— NAME BASE64` a signature
(the dash is U+2014; the bytes are 4 of key id and the Ed25519 signature over the three lines with their newlines).

A file of heads is notes one after another; each append but the first begins with two newlines. So an empty line ends
every block, and a note that a power cut tore is ended by the next append and spoils none after it. A line of its own
that is a verifier key (`NAME+8 HEX+BASE64`) names a key. What cannot be read comes out as `Unread`, with its line.

Only the standard library and `cryptography` are needed, since an outsider's verifier runs this.
Source: c2sp.org/signed-note; INTEGRATIONS.md section 12.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTE_BYTES_MAX: Final = 4096
SIGNATURES_MAX: Final = 16
SIGNATURE_BYTES_MIN: Final = 64
SIZE_MAX: Final = 2**53 - 1
_ED25519: Final = b"\x01"
_DASH: Final = "\u2014 "
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
_SIZE: Final = re.compile(r"[1-9][0-9]{0,15}")


class NoteError(ValueError):
    """A text is no signed note or no verifier key; the message says which part."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key that heads are checked with, and the name that it signs under (the origin)."""

    name: str
    public: bytes
    """32 bytes, Ed25519."""

    def __post_init__(self) -> None:
        """Refuse names that C2SP forbids and keys of another length."""
        if not _NAME.fullmatch(self.name):
            raise NoteError("a key's name is empty, longer than 200 characters, or holds a blank or a plus sign")
        if len(self.public) != 32:
            raise NoteError("an Ed25519 public key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that name the key in a signature."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """Give the C2SP verifier key: `NAME+8 HEX+BASE64(0x01 + public key)`."""
        return f"{self.name}+{self.key_id.hex()}+{_to_base64(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a C2SP verifier key.

        Raises:
            NoteError: it is none, not Ed25519, or its name and its key do not belong together.
        """
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise NoteError("a verifier key reads NAME+8 HEX+BASE64")
        raw = _from_base64(parts[2])
        if raw[:1] != _ED25519:
            raise NoteError("a verifier key is not of Ed25519 (type 1)")
        key = cls(parts[0], raw[1:])
        if key.key_id.hex() != parts[1]:
            raise NoteError("a verifier key's 8 digits do not fit its name and key")
        return key

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Say whether `signature` over `text` was made with this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature under a note; whose it is says its name and key id."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed head: how many entries the journal had, the hash of the last, and who says so."""

    origin: str
    size: int
    entry_hash: bytes
    """32 bytes: hash of the entry with seq = size."""
    signatures: tuple[NoteSignature, ...]

    @property
    def text(self) -> bytes:
        """What is signed: three lines with their newlines."""
        return head_text(self.origin, self.size, self.entry_hash)

    def format(self) -> bytes:
        """Return the whole note, from the origin to the newline of its last signature."""
        lines = [f"{_DASH}{s.name} {_to_base64(s.key_id + s.signature)}\n" for s in self.signatures]
        return self.text + b"\n" + "".join(lines).encode()

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        """Read one whole note, as `format` writes it.

        Raises:
            NoteError: it is none, torn, longer than `NOTE_BYTES_MAX`, or not in the one form that C2SP allows.
        """
        text, separator, signatures = data.partition(b"\n\n")
        if len(data) > NOTE_BYTES_MAX or not separator or not signatures.endswith(b"\n"):
            raise NoteError("it is not a whole signed note")
        return _read_note(text.split(b"\n"), signatures[:-1].split(b"\n"))

    def signature_of(self, key: VerifierKey) -> bytes | None:
        """Return what stands under this key's name and id, right or wrong; None where nothing does."""
        for signature in self.signatures:
            if signature.name == key.name and signature.key_id == key.key_id:
                return signature.signature
        return None

    def is_signed_by(self, key: VerifierKey) -> bool:
        """Say whether the note carries a right signature of this key."""
        signature = self.signature_of(key)
        return signature is not None and key.verifies(signature, self.text)


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a heads file that is no whole note: torn by a power cut, or damaged since."""

    line: int
    """Where it begins, from 1."""
    reason: str


Item = Note | VerifierKey | Unread
"""What a heads file holds."""


def head_text(origin: str, size: int, entry_hash: bytes) -> bytes:
    """Return the text of a head, which is what is signed."""
    return f"{origin}\n{size}\n{_to_base64(entry_hash)}\n".encode()


def key_change_text(origin: str, seq: int, prev: str, new_key: VerifierKey) -> bytes:
    """Return what the old key signs when a new one follows it.

    Five lines: origin, the word `key-change`, seq of the entry that says so, its `prev` in hex, the new verifier key.
    Seq and prev tie the change to its place: whoever holds the new key alone cannot move it to an earlier one and
    rewrite what the old key had signed.
    """
    return f"{origin}\nkey-change\n{seq}\n{prev}\n{new_key}\n".encode()


def read_heads(path: Path) -> Iterator[Item]:
    """Give what a heads file holds, in its order, a little at a time.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        yield from parse_heads(file)


def parse_heads(file: BinaryIO) -> Iterator[Item]:
    """Give what an open heads file holds, in its order; never raises for what stands in it."""
    text: tuple[int, list[bytes]] | None = None
    for line, block in _blocks(file):
        if block[0].startswith(_DASH.encode()[:3]):
            yield _note_or_unread(text, line, block)
            text = None
            continue
        if text is not None:
            yield Unread(text[0], "a head without a signature")
            text = None
        key = _key_or_none(block)
        if key is None:
            text = (line, block)
        else:
            yield key
    if text is not None:
        yield Unread(text[0], "a head without a signature")


def signature_text(signature: bytes) -> str:
    """Return a signature as facts hold it: base64 (RFC 4648 section 4)."""
    return _to_base64(signature)


def parse_signature(text: str) -> bytes:
    """Read a signature as facts hold it.

    Raises:
        NoteError: it is not base64 in its one form, or not 64 bytes.
    """
    signature = _from_base64(text)
    if len(signature) != 64:
        raise NoteError("an Ed25519 signature has 64 bytes")
    return signature


def _blocks(file: BinaryIO) -> Iterator[tuple[int, list[bytes]]]:
    """Give runs of lines between empty ones, with the number of the first line; an overlong run is cut."""
    block: list[bytes] = []
    begins = number = size = 0
    while line := file.readline(NOTE_BYTES_MAX + 1):
        number += 1
        if line == b"\n":
            if block:
                yield begins, block
            block, size = [], 0
            continue
        if not block:
            begins = number
        size += len(line)
        # What is too long is no note; keeping its first lines is enough to say so, and memory stays bounded.
        if size <= NOTE_BYTES_MAX or not block:
            block.append(line[:-1] if line.endswith(b"\n") else line)
        else:
            block[-1] = b"\x00"
    if block:
        yield begins, block


def _note_or_unread(text: tuple[int, list[bytes]] | None, line: int, signatures: list[bytes]) -> Note | Unread:
    if text is None:
        return Unread(line, "signatures without a head")
    try:
        return _read_note(text[1], signatures)
    except NoteError as error:
        return Unread(text[0], str(error))


def _key_or_none(block: list[bytes]) -> VerifierKey | None:
    try:
        return VerifierKey.parse(block[0].decode()) if len(block) == 1 else None
    except (NoteError, UnicodeDecodeError):
        return None


def _read_note(text: list[bytes], signatures: list[bytes]) -> Note:
    if len(text) != 3:
        raise NoteError("a head has three lines")
    if len(signatures) > SIGNATURES_MAX:
        raise NoteError(f"a head has more than {SIGNATURES_MAX} signatures")
    try:
        origin, size, hashed = (line.decode() for line in text)
        signed = [_read_signature(line.decode()) for line in signatures]
    except UnicodeDecodeError:
        raise NoteError("a head is not UTF-8") from None
    if not _NAME.fullmatch(origin):
        raise NoteError("a head's origin is no name")
    if not _SIZE.fullmatch(size) or int(size) > SIZE_MAX:
        raise NoteError("a head's size is no seq")
    raw = _from_base64(hashed)
    if len(raw) != 32:
        raise NoteError("a head's hash has not 32 bytes")
    return Note(origin, int(size), raw, tuple(signed))


def _read_signature(line: str) -> NoteSignature:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not separator or not _NAME.fullmatch(name):
        raise NoteError("a signature does not read dash, name, base64")
    raw = _from_base64(encoded)
    # A line of base64 that a power cut tore can be right base64: what is shorter than any signature is torn, not wrong.
    if len(raw) < 4 + SIGNATURE_BYTES_MIN:
        raise NoteError("a signature is too short")
    return NoteSignature(name, raw[:4], raw[4:])


def _to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _from_base64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("it is not base64") from None
    if _to_base64(raw) != text:
        raise NoteError("it is not base64 in its one form")
    return raw
