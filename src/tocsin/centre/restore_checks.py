"""What a restore looks at before it does anything: both halves of one backup, the clock, a whole and signed journal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from tocsin.centre.backup import DATABASE, HEADS, KEYS_MADE
from tocsin.centre.backup_files import Archive, Manifest, signed_text
from tocsin.centre.folder import KEYS, RESTORING
from tocsin.centre.key_changes import KEY_CHANGED
from tocsin.journal.chain import export_line
from tocsin.journal.heads import CentreCreatedBody, HeadKeyChangedBody
from tocsin.journal.notes import Item, Note, NoteError, VerifierKey, parse_signature, read_heads
from tocsin.journal.verify import WHOLE, verify_export
from tocsin.model.errors import BadInput, Conflict, DiskFault, KeyMissing
from tocsin.model.ports import Ids, Store
from tocsin.model.values import Micros, Seq
from tocsin.settings import Settings
from tocsin.store.sqlite import SqliteStore
from tocsin.vault import MasterKey, Vault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PAGE: Final = 2_000
AHEAD_MAX_US: Final = 3_600_000_000
AGE_MAX_US: Final = 35 * 86_400_000_000
"""An older backup than this is restored only where somebody says that the clock is right: what is due dies for good."""

HEADS_PART: Final = "heads.restoring"
SCAN: Final = 1_000_000_000
"""Entries among which the newest change of the head's key is looked for: all."""

WITHOUT_KEYS: Final = (
    "Without it the record can still be read: `tocsin restore FILE DIR --journal-only` brings the journal back, to be "
    "verified and exported. Names, texts, keys of panels and sign-ins are lost: for work make a new centre with "
    "`tocsin init`, import accounts and sites again, and give encrypted panels new keys"
)


class _Created(msgspec.Struct):
    body: CentreCreatedBody


class _KeyChanged(msgspec.Struct):
    body: HeadKeyChangedBody


_CREATED: Final = msgspec.json.Decoder(_Created)
_KEY_CHANGED: Final = msgspec.json.Decoder(_KeyChanged)
Progress = Callable[[str, int, int], None]
"""Is told what is done, how far it has come, and how far it goes."""


def refuse_other_half(data: Archive, keys: Archive) -> None:
    """Data and keys are of one backup.

    Raises:
        Conflict: they are not.
    """
    one, other = data.manifest, keys.manifest
    if one.origin != other.origin:
        raise Conflict(
            f"{data.path.name} is a backup of the centre {one.origin}, and {keys.path.name} of {other.origin}: of two "
            "centres. Nothing was restored. Bring the two files that were made together",
            "backup.other_centre",
        )
    if one.backup != other.backup or other.files.keys() != {KEYS_MADE}:
        raise Conflict(
            f"{data.path.name} and {keys.path.name} are of two different backups. Nothing was restored. Bring the two "
            "files that were made together",
            "backup.pair",
        )
    if other.files[KEYS_MADE].sha256 != one.keys_sha256:
        raise Conflict(
            f"{keys.path.name} holds other keys than {data.path.name} was made with. Nothing was restored. Take "
            "another copy of both",
            "backup.pair",
        )


def check_clock(manifest: Manifest, now: Micros, *, is_sure: bool) -> None:
    """What is due is destroyed for good, so the clock must be right.

    Raises:
        Conflict: it is behind the backup, or so far ahead of it that somebody must look (`is_sure`: somebody has).
    """
    if now < manifest.made_at - AHEAD_MAX_US:
        raise Conflict(
            "This machine's clock is behind the time at which the backup was made. Nothing was restored, since what is "
            "due is erased by that clock. Set the clock, then restore",
            "restore.clock",
        )
    if now > manifest.made_at + AGE_MAX_US and not is_sure:
        raise Conflict(
            f"By this machine's clock the backup is {(now - manifest.made_at) // 86_400_000_000} days old. Nothing was "
            "restored, since what is due is erased for good by that clock. Look at the clock; if it is right, add "
            "--clock-is-right",
            "restore.clock",
        )


def refuse_centre(folder: Path) -> None:
    """Over a centre nothing is restored: it may hold signals that no backup has."""
    if (folder / RESTORING).exists():
        return  # what an ended restore left; it is begun anew
    there = [name for name in (DATABASE, KEYS) if (folder / name).exists()]
    if there:
        raise living(folder, there)


def living(folder: Path, there: Sequence[str]) -> Conflict:
    """The refusal for a folder that has a centre."""
    return Conflict(
        f"There is a centre in {folder} ({' and '.join(there)}). Nothing was restored over it: it may hold signals "
        "that no backup has. Stop it, move the folder away and keep it, then restore into an empty one",
        "restore.living",
    )


def refuse_other_centre(heads: Path, manifest: Manifest) -> Path | None:
    """Heads that lie where this centre's will go are another centre's: refuse. Its own: they are set aside."""
    if not heads.is_file():
        return None
    newest = None
    for item in read_heads(heads):
        if isinstance(item, Note):
            newest = item
    if newest is not None and newest.origin != manifest.origin:
        raise Conflict(
            f"The backup is of the centre {manifest.origin}, and the signed heads in {heads} are of {newest.origin}. "
            "Nothing was restored. Bring a backup of this centre, or restore into a folder of its own",
            "backup.other_centre",
        )
    return heads


def load_master(settings: Settings, environ: Mapping[str, str]) -> MasterKey:
    """The master key, from where a start takes it.

    Raises:
        KeyMissing: it is not there, and what can still be done.
    """
    try:
        return MasterKey.load(settings.master_key_path, environ)
    except KeyMissing as error:
        raise KeyMissing(f"{error.message}. {WITHOUT_KEYS}", error.code) from error


def check_keys(path: Path, master: MasterKey, ids: Ids, manifest: Manifest) -> None:
    """The master key opens them, and they signed the backup."""
    try:
        vault = Vault.load(path, master, ids)
    except KeyMissing as error:
        raise KeyMissing(f"{error.message}. {WITHOUT_KEYS}", error.code) from error
    try:
        public = vault.head_signing_key().public_key()
    finally:
        vault.close()
    _check_signature(public, manifest)


def _check_signature(public: "Ed25519PublicKey", manifest: Manifest) -> None:
    from cryptography.exceptions import InvalidSignature

    try:
        public.verify(parse_signature(manifest.signature), signed_text(manifest))
    except (InvalidSignature, NoteError):
        raise BadInput(
            "The backup was changed after it was made: it is not signed with the centre's own key. Nothing was "
            "restored. Take the copy that was kept where nobody else writes",
            "backup.signature",
        ) from None


def _named_key(store: Store) -> "Ed25519PublicKey":
    """The key that signs this journal's heads, as the journal itself names it. It needs no keys of the vault."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    changes = store.newest_entries(None, KEY_CHANGED, 1, SCAN).entries
    if changes:
        text = str(_KEY_CHANGED.decode(changes[0].row.entry).body.new_key)
    else:
        text = str(_CREATED.decode(store.entries(Seq(0), 1)[0].row.entry).body.head_key)
    return Ed25519PublicKey.from_public_bytes(VerifierKey.parse(text).public)


def check_journal(database: Path, data: Archive, folder: Path, progress: Progress) -> tuple[str, ...]:
    """The database has no damage, ends where the manifest says, its chain verifies, and its key signed the backup."""
    manifest = data.manifest
    store = SqliteStore(database)
    try:
        if wrong := store.check():
            raise DiskFault(
                f"The database in the backup is damaged: {wrong[0]}. Nothing was restored. Take the backup before it",
                "restore.damaged",
            )
        head = store.head()
        if (head.seq, head.hash) != (manifest.seq, manifest.hash):
            raise DiskFault(
                f"The journal in the backup ends at seq {head.seq}, and the backup says {manifest.seq}: it was "
                "changed. Nothing was restored. Take the backup before it",
                "restore.damaged",
            )
        verdict = verify_export(_lines(store, head.seq, progress), heads=_heads(data, folder))
        if verdict.exit_code == WHOLE:
            _check_signature(_named_key(store), manifest)
    finally:
        store.close()
    if verdict.exit_code != WHOLE:
        raise DiskFault(
            f"The journal in the backup does not verify. {verdict.words[0]} Nothing was restored. Take the backup "
            "before it, and look for who changed this one",
            "restore.journal",
        )
    return verdict.words


def _lines(store: Store, last: Seq, progress: Progress) -> Iterator[bytes]:
    after = Seq(0)
    while page := store.entries(after, PAGE):
        for stored in page:
            yield export_line(stored)
        after = page[-1].row.seq
        progress("Verifying", after, last)


def _heads(data: Archive, folder: Path) -> Iterator[Item]:
    """The heads of the backup, and the one that its manifest carries for its end."""
    manifest = data.manifest
    newest = 0
    if HEADS in manifest.files:
        path = folder / HEADS_PART
        path.unlink(missing_ok=True)
        data.unpack(HEADS, path)
        for item in read_heads(path):
            if isinstance(item, Note):
                newest = item.size
            yield item
        path.unlink()
    if newest < manifest.seq:
        yield head_of(manifest)


def head_of(manifest: Manifest) -> Note:
    """The signed head that a backup carries for its end.

    Raises:
        BadInput: it is none.
    """
    try:
        return Note.parse(manifest.head.encode())
    except NoteError:
        raise BadInput(
            "The backup carries no signed head that can be read. Nothing was restored. Take the backup before it",
            "backup.damaged",
        ) from None
