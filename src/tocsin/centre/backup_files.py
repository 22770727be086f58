"""The two files of a backup: what is in them, and how they are read back (docs/reference/backup.md).

Each is a plain tar archive: its files, and last `manifest.json`, which names each of them with its length and SHA-256.
Where the manifest is missing the file was cut short. Data and keys name each other, so no half of one backup is ever
taken for the half of another. The data's manifest is signed with the key that signs the journal's heads. The master key
is in neither file.
"""

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, BinaryIO, Final, Literal

import msgspec

from tocsin.journal.heads import Origin
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.values import Code, HexHash, Micros, Seq

__all__ = [
    "FORMAT",
    "KEYS_END",
    "Archive",
    "FileEntry",
    "Manifest",
    "keys_file_of",
    "open_archive",
    "signed_text",
    "write_archive",
]

FORMAT: Final = 1
KEYS_END: Final = ".keys"
"""What the file of the keys is called: the name of the data's, and this."""

MANIFEST: Final = "manifest.json"
MANIFEST_BYTES_MAX: Final = 65_536
MEMBERS_MAX: Final = 16
BLOCK_BYTES: Final = 1 << 20
_MEMBER: Final = re.compile(r"[a-z][a-z0-9.-]{0,40}")
_TYPE_AT: Final = 156
"""Where a header says what its member is."""

Part = Literal["data", "keys"]
_Time = Annotated[Micros, msgspec.Meta(ge=0, le=253_402_300_799_999_999)]
"""A time that has a date: until the end of the year 9999."""

_NUMBER: Final = msgspec.Meta(ge=0, le=(1 << 63) - 1)
_Hash = Annotated[HexHash, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
_Version = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z.+_-]{1,40}\Z")]
"""Shown on a terminal before anything of the file is proved, so nothing in it may steer one."""


class FileEntry(msgspec.Struct, frozen=True, gc=False):
    """One file of an archive."""

    bytes: Annotated[int, _NUMBER]
    sha256: _Hash


class Manifest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a backup says of itself. Both halves have the same, but for `part`, `files` and what only one needs."""

    format: int
    """Rises when an older program could not restore it."""
    part: Part
    backup: Annotated[Code, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
    """32 hex digits, the same in both files."""
    origin: Annotated[Origin, msgspec.Meta(pattern=r"^[!-~]{1,300}\Z")]
    """Whose it is: the name under which the centre signs its heads."""
    version: _Version
    """Version of the program that made it."""
    schema: _Version
    """Of the database."""
    epoch: Annotated[int, _NUMBER]
    made_at: _Time
    seq: Annotated[Seq, _NUMBER]
    """The last entry in it."""
    hash: _Hash
    head: str
    """A signed head for that entry."""
    keys_until: _Time | None
    """By when the copy of the keys is to be deleted; None: nobody said."""
    keys_sha256: Annotated[HexHash, msgspec.Meta(pattern=r"^([0-9a-f]{64})?\Z")]
    """Of `keys.db` in the other file. Empty until they are packed."""
    files: dict[str, FileEntry]
    signature: str = ""
    """Ed25519 over the rest, in base64, with the key of the heads; only of the data."""


def keys_file_of(file: Path) -> Path:
    """The file of the keys that belongs to a file of data."""
    return file.with_name(file.name + KEYS_END)


def signed_text(manifest: Manifest) -> bytes:
    """What is signed of a manifest: a line that no head and no change of a key begins with, and a hash of the rest."""
    plain = msgspec.structs.replace(manifest, signature="")
    return (
        b"tocsin backup 1\n" + hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest().encode() + b"\n"
    )


def write_archive(
    target: Path,
    sources: Mapping[str, Path],
    manifest: Callable[[dict[str, FileEntry]], Manifest],
    on_bytes: Callable[[int], None] = lambda _count: None,
) -> int:
    """Write an archive, durable when this returns; return its size. `manifest` is asked last, with what went in.

    Raises:
        Conflict: the file is there already; it was not touched.
        OSError: it cannot be written; what there is of it was taken away.
    """
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(
            f"{target} is there already. It was not touched, and nothing was backed up. Name another file",
            "backup.exists",
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
                files = {name: _add(archive, name, source, on_bytes) for name, source in sources.items()}
                made = manifest(files)
                data = msgspec.json.format(msgspec.json.encode(made), indent=1)
                archive.addfile(_info(MANIFEST, len(data), made.made_at), io.BytesIO(data))
            file.flush()
            os.fsync(file.fileno())
            return file.tell()
    except BaseException:
        target.unlink(missing_ok=True)
        raise


class Archive:
    """One file of a backup, opened for reading."""

    def __init__(self, path: Path, file: BinaryIO, members: Mapping[str, tuple[int, int]], manifest: Manifest) -> None:
        """Read `members`, each by its place in the file and its length."""
        self.path = path
        self.manifest = manifest
        self._file = file
        self._members = members

    def unpack(self, name: str, target: Path, on_bytes: Callable[[int], None] = lambda _count: None) -> None:
        """Write one file of it, durable when this returns.

        Raises:
            BadInput: it is not what the manifest says; what was written is taken away.
            OSError: it cannot be written.
        """
        begin, length = self._members[name]
        digest = hashlib.sha256()
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as made:
                for block in self._blocks(begin, length):
                    digest.update(block)
                    made.write(block)
                    on_bytes(len(block))
                made.flush()
                os.fsync(made.fileno())
            if digest.hexdigest() != self.manifest.files[name].sha256:
                raise _damaged(self.path, f"{name} in it is not what was written")
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def check(self) -> None:
        """Compare every file in it with the manifest; nothing is written.

        Raises:
            BadInput: one is not what the manifest says.
        """
        for name, (begin, length) in self._members.items():
            if name == MANIFEST:
                continue
            digest = hashlib.sha256()
            for block in self._blocks(begin, length):
                digest.update(block)
            if digest.hexdigest() != self.manifest.files[name].sha256:
                raise _damaged(self.path, f"{name} in it is not what was written")

    def close(self) -> None:
        """Let go of it."""
        self._file.close()

    def _blocks(self, begin: int, length: int) -> Iterator[bytes]:
        self._file.seek(begin)
        left = length
        while left:
            block = self._file.read(min(BLOCK_BYTES, left))
            if not block:
                raise _damaged(self.path, "it ends in the middle")
            left -= len(block)
            yield block


def open_archive(path: Path, part: Part, schema: str) -> Archive:
    """Open one file of a backup and read what it says of itself. `schema` is the newest that this program knows.

    Raises:
        BadInput: it is not there, no backup, cut short, or the other half.
        Conflict: a newer program made it.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        what = "data" if part == "data" else "keys"
        raise BadInput(
            f"The backup's {what}, {path}, cannot be read: {error.strerror}. Nothing was restored. A backup is two "
            f"files, FILE and FILE{KEYS_END}: bring both",
            "backup.missing",
        ) from error
    try:
        members = _members(path, file)
        manifest = _manifest(path, file, members)
        _check(path, manifest, members, part, schema)
    except BaseException:
        file.close()
        raise
    return Archive(path, file, members, manifest)


def _members(path: Path, file: BinaryIO) -> dict[str, tuple[int, int]]:
    """Where each file of an archive lies. A backup may come from anybody, so only what `write_archive` makes is read.

    Headers alone are read, one block each. `tarfile` would also follow what changes the next header (PAX, GNU long
    names, sparse files), and take as much memory for it as the file says.
    """
    found: dict[str, tuple[int, int]] = {}
    length = os.fstat(file.fileno()).st_size
    at = 0
    while (info := _header_at(path, file, at, is_first=not found)) is not None:
        if not info.isreg() or info.linkname or not _MEMBER.fullmatch(info.name) or info.name in found or info.size < 0:
            raise _no_backup(path)
        begin = at + tarfile.BLOCKSIZE
        if begin + info.size > length:
            raise _cut_short(path)
        found[info.name] = (begin, info.size)
        if len(found) > MEMBERS_MAX:
            raise _no_backup(path)
        at = begin + -(-info.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
    return found


def _header_at(path: Path, file: BinaryIO, at: int, *, is_first: bool) -> tarfile.TarInfo | None:
    """The header at a place; None at the end."""
    file.seek(at)
    block = file.read(tarfile.BLOCKSIZE)
    if not is_first and (not block or not any(block)):
        return None
    # The type as it stands in the file: `frombuf` calls a regular file whose name ends in a slash a folder.
    if len(block) == tarfile.BLOCKSIZE and block[_TYPE_AT] != tarfile.REGTYPE[0]:
        raise _no_backup(path)
    try:
        return tarfile.TarInfo.frombuf(block, "ascii", "surrogateescape")
    except tarfile.TarError:
        raise (_no_backup(path) if is_first else _cut_short(path)) from None


def _manifest(path: Path, file: BinaryIO, members: Mapping[str, tuple[int, int]]) -> Manifest:
    if MANIFEST not in members:
        raise _cut_short(path)
    begin, length = members[MANIFEST]
    if length > MANIFEST_BYTES_MAX:
        raise _no_backup(path)
    file.seek(begin)
    data = file.read(length)
    try:
        found = msgspec.json.decode(data, type=_Format)
        if found.format > FORMAT:
            raise _newer(path, found.version)
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # RecursionError: lists in lists, as deep as the length allows.
        raise _no_backup(path) from None


class _Format(msgspec.Struct):
    format: int
    version: _Version


def _check(path: Path, manifest: Manifest, members: Mapping[str, tuple[int, int]], part: Part, schema: str) -> None:
    if manifest.part != part:
        raise BadInput(
            f"{path} holds the {manifest.part} of a backup, and its {part} are wanted here. Nothing was restored. Name "
            f"the file of the data; its keys are found beside it as FILE{KEYS_END}",
            "backup.other_half",
        )
    if manifest.schema > schema:
        raise _newer(path, manifest.version)
    lengths = {name: length for name, (_, length) in members.items() if name != MANIFEST}
    if lengths != {name: entry.bytes for name, entry in manifest.files.items()}:
        raise _damaged(path, "its files are not those of its manifest")


def _add(archive: tarfile.TarFile, name: str, source: Path, on_bytes: Callable[[int], None]) -> FileEntry:
    with source.open("rb") as file:
        length = os.fstat(file.fileno()).st_size
        reader = _Hashing(file, on_bytes)
        archive.addfile(_info(name, length, Micros(0)), reader)  # pyright: ignore[reportArgumentType] - it only reads
    return FileEntry(length, HexHash(reader.digest.hexdigest()))


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO, on_bytes: Callable[[int], None]) -> None:
        self._file = file
        self._on_bytes = on_bytes
        self.digest = hashlib.sha256()

    def read(self, length: int = -1) -> bytes:
        data = self._file.read(length)
        self.digest.update(data)
        self._on_bytes(len(data))
        return data


def _info(name: str, length: int, at: Micros) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = length, 0o600, at // 1_000_000
    return info


def _no_backup(path: Path) -> BadInput:
    return BadInput(
        f"{path} is no backup that `tocsin backup` made, or it is damaged from its beginning. Nothing was restored. "
        "Take another copy of it",
        "backup.none",
    )


def _cut_short(path: Path) -> BadInput:
    return BadInput(
        f"{path} was cut short: its end is missing, and with it part of the backup. Nothing was restored. Copy it anew "
        "from where it was made, or take the backup before it",
        "backup.cut_short",
    )


def _damaged(path: Path, what: str) -> BadInput:
    return BadInput(
        f"{path} is damaged: {what}. Nothing was restored. Take another copy of it, or the backup before it",
        "backup.damaged",
    )


def _newer(path: Path, version: str) -> Conflict:
    return Conflict(
        f"{path} was made by a newer Tocsin ({version[:20]}), which this one cannot read. Nothing was restored. "
        "Install that version, then restore",
        "backup.newer",
    )
