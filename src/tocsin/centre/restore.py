"""Restores: a centre's folder made from the two files of a backup (docs/reference/backup.md).

Both files are whole and belong together, the master key opens the keys, the database has no damage and the chain
verifies: before all of that is so, nothing in the folder counts as a centre, and an end half way leaves a mark that no
start overlooks. Then, before anything is served: what is due is erased, sessions and links of the past are ended, a new
epoch begins, and the journal says so.
"""

import contextlib
import itertools
import shutil
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from tocsin.centre.backup import DATABASE, HEADS, KEYS_MADE
from tocsin.centre.backup_files import Archive, Manifest, keys_file_of, open_archive, signed_text
from tocsin.centre.centre import CLI, EPOCH, Centre
from tocsin.centre.erasure import INCIDENT
from tocsin.centre.escalation import hold_steps
from tocsin.centre.folder import KEYS, LAST_SEEN, RESTORING, FolderLock, move_aside
from tocsin.centre.key_changes import KEY_CHANGED
from tocsin.centre.opening import OpenFolder, open_folder
from tocsin.centre.outbox import hold_pending
from tocsin.centre.timers import set_timer
from tocsin.centre.values import WAITING
from tocsin.journal.chain import export_line
from tocsin.journal.heads import CentreCreatedBody, HeadKeyChangedBody, append_head
from tocsin.journal.journal import Journal
from tocsin.journal.notes import Item, Note, NoteError, VerifierKey, parse_signature, read_heads
from tocsin.journal.verify import WHOLE, verify_export
from tocsin.model.access import AccessRow
from tocsin.model.errors import BadInput, Conflict, DiskFault, KeyMissing
from tocsin.model.journal import CentreNoticed, Fact
from tocsin.model.ports import Appender, Clock, Ids, Store, StoreTransaction
from tocsin.model.proof import CentreRestored
from tocsin.model.values import Code, Micros, Ref, SealClass, Seq
from tocsin.settings import FILE_NAME, Settings, load
from tocsin.store.schema import REVISION
from tocsin.store.sqlite import SqliteStore
from tocsin.vault import MasterKey, Vault, sync_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

__all__ = ["Restored", "put_back", "refuse_outside", "restore", "set_aside"]

PAGE: Final = 2_000
AHEAD_MAX_US: Final = 3_600_000_000
AGE_MAX_US: Final = 35 * 86_400_000_000
"""An older backup than this is restored only where somebody says that the clock is right: what is due dies for good."""

HEADS_PART: Final = "heads.restoring"
WAIT_US: Final = 7 * 86_400_000_000
"""How long what fell due after a backup waits for a person, once it was restored."""

PUT_OFF_AT_ONCE: Final = 200
JOURNAL_PART: Final = "journal.restoring"
SCAN: Final = 1_000_000_000
"""Entries among which the newest change of the head's key is looked for: all."""

REPLACED: Final = "replaced"
"""How a folder is called with a centre that a backup took the place of; a number stands behind it."""

RESTORED: Final = Code("centre.restored")
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
T = TypeVar("T")


class Restored(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a restore did."""

    manifest: Manifest
    verdict: tuple[str, ...]
    """What the verifier said."""
    epoch: int | None = None
    """None where only the journal was restored."""
    ended: int = 0
    """Sessions and unused links."""
    erased: int = 0
    """Days, incidents, keyholders and notes whose time was over."""
    waiting: tuple[Ref, ...] = ()
    """Incidents whose texts fell due after the backup: shown to nobody, erased in a week unless held."""
    held: int = 0
    """Notices that were on their way: nothing of yesterday goes out by itself, a person sends or drops each."""
    tokens: int = 0
    """Tokens of programs that live; some may have been revoked since the backup."""
    set_aside: Path | None = None
    """Heads that were there before, and where they are now."""


def restore(
    file: Path,
    folder: Path,
    environ: Mapping[str, str],
    clock: Clock,
    ids: Ids,
    *,
    clock_is_right: bool = False,
    journal_only: bool = False,
    progress: Progress = lambda _what, _done, _all: None,
) -> Restored:
    """Make a centre's folder from a backup; what it says is durable when this returns.

    `journal_only`: the data alone, to be read; no centre can be started from them.

    Raises:
        BadInput, Conflict, KeyMissing, DiskFault: nothing was restored, and why.
    """
    with contextlib.ExitStack() as stack:
        data = open_archive(file, "data", REVISION)
        stack.callback(data.close)
        keys: Archive | None = None
        if not journal_only:
            keys = open_archive(keys_file_of(file), "keys", REVISION)
            stack.callback(keys.close)
            _refuse_other_half(data, keys)
        manifest = data.manifest
        _check_clock(manifest, clock.now_us(), is_sure=clock_is_right)
        _refuse_centre(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stack.enter_context(FolderLock(folder))
        with _undone(folder) as begun:
            (folder / RESTORING).write_text(manifest.backup, encoding="ascii")
            sync_folder(folder)
            # Nothing that the settings of a backup say is done before it is known whose they are.
            for archive in (data, keys):
                if archive is not None:
                    archive.check()
            total = sum(entry.bytes for one in (data, keys) if one for entry in one.manifest.files.values())
            unpack = _Unpacking(total, progress)
            unpack.file(data, DATABASE, folder / JOURNAL_PART)
            verdict = _check_journal(folder / JOURNAL_PART, data, folder, progress)
            settings = _settings(data, folder, environ, begun)
            old_heads = _refuse_other_centre(settings.heads_path, manifest)
            master = None if keys is None else _master(settings, environ)
            if keys is not None and master is not None:
                unpack.file(keys, KEYS_MADE, folder / KEYS)
                _check_keys(folder / KEYS, master, ids, manifest)
            _put_database(folder / JOURNAL_PART, settings.database_path)
            if LAST_SEEN in manifest.files:
                unpack.file(data, LAST_SEEN, folder / LAST_SEEN)
            set_aside = move_aside(settings.heads_path, manifest.epoch) if old_heads else None
            _put_heads(data, settings, manifest, folder)
            sync_folder(folder)
            restored = Restored(manifest=manifest, verdict=verdict, set_aside=set_aside)
            if keys is not None:
                restored = _begin_anew(settings, environ, clock, ids, restored)
            (folder / RESTORING).unlink()
            sync_folder(folder)
    return restored


def set_aside(folder: Path) -> Path:
    """Move the files of a stopped centre into a folder of their own beside the new ones; settings and key stay.

    Raises:
        Conflict: its process runs, or its files do not lie in the folder.
    """
    with FolderLock(folder):
        settings = load(folder, {})
        refuse_outside(settings)
        numbers = itertools.count(1)
        aside = next(path for number in numbers if not (path := folder / f"{REPLACED}-{number}").exists())
        aside.mkdir(mode=0o700)
        database = settings.database_path
        for path in (database, folder / KEYS, settings.heads_path, folder / LAST_SEEN):
            for end in ("", "-journal", "-wal", "-shm"):
                found = path.with_name(path.name + end)
                if found.is_file():
                    shutil.move(found, aside / found.name)
        sync_folder(aside)
        sync_folder(folder)
    return aside


def put_back(folder: Path, aside: Path) -> None:
    """Move what was set aside back to its place: nothing could be restored over it."""
    settings = load(folder, {})
    for path in sorted(aside.iterdir()):
        at_heads = path.name.startswith(settings.heads_path.name)
        shutil.move(path, (settings.heads_path.parent if at_heads else settings.database_path.parent) / path.name)
    aside.rmdir()
    sync_folder(folder)


# What is looked at before ------------------------------------------------------------------------------------------


def _refuse_other_half(data: Archive, keys: Archive) -> None:
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


def _check_clock(manifest: Manifest, now: Micros, *, is_sure: bool) -> None:
    """What is due is destroyed for good, so the clock must be right."""
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


def _refuse_centre(folder: Path) -> None:
    """Over a centre nothing is restored: it may hold signals that no backup has."""
    if (folder / RESTORING).exists():
        return  # what an ended restore left; it is begun anew
    there = [name for name in (DATABASE, KEYS) if (folder / name).exists()]
    if there:
        raise _living(folder, there)


def _living(folder: Path, there: Sequence[str]) -> Conflict:
    return Conflict(
        f"There is a centre in {folder} ({' and '.join(there)}). Nothing was restored over it: it may hold signals "
        "that no backup has. Stop it, move the folder away and keep it, then restore into an empty one",
        "restore.living",
    )


def _settings(data: Archive, folder: Path, environ: Mapping[str, str], begun: "_Begun") -> Settings:
    """The folder's own settings where it has some, else those of the backup, which is known to be whole and signed."""
    if not (folder / FILE_NAME).exists() and FILE_NAME in data.manifest.files:
        begun.made_settings = True
        data.unpack(FILE_NAME, folder / FILE_NAME)
    settings = load(folder, environ)
    refuse_outside(settings)
    if not begun.was_begun and settings.database_path.exists():
        raise _living(folder, [settings.database_path.name])
    begun.settings = settings
    _take_away_files(settings.database_path, folder / KEYS, folder / LAST_SEEN)  # of a restore that was ended
    return settings


def refuse_outside(settings: Settings) -> None:
    """A restore moves, replaces and deletes the database and the heads, so it does that within the folder alone.

    Raises:
        Conflict: the settings say that one of them lies elsewhere, or under the name of another file of the centre.
    """
    folder = settings.folder.resolve()
    taken = {folder / KEYS, folder / FILE_NAME, folder / LAST_SEEN, folder / RESTORING, folder / JOURNAL_PART}
    taken.add(settings.master_key_path.resolve())
    for name, path in (("storage.url", settings.database_path), ("journal.heads", settings.heads_path)):
        place = path.resolve()
        if place.is_relative_to(folder) and place not in taken:
            taken.add(place)
            continue
        where = "another file of the centre" if place in taken else f"outside {settings.folder}"
        raise Conflict(
            f"{name} of the settings names {path}, {where}, and a restore moves and deletes nothing there. Nothing "
            f"was restored. Put a {FILE_NAME} of your own into {settings.folder} whose {name} stays in that folder, "
            "restore, then move the file and set it again",
            "restore.outside",
        )


def _put_database(part: Path, target: Path) -> None:
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise DiskFault(
            f"{target} cannot be written: {error.strerror}. Nothing was restored. Make room, or look at the disk",
            "restore.disk",
        ) from error


def _refuse_other_centre(heads: Path, manifest: Manifest) -> Path | None:
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


def _master(settings: Settings, environ: Mapping[str, str]) -> MasterKey:
    try:
        return MasterKey.load(settings.master_key_path, environ)
    except KeyMissing as error:
        raise KeyMissing(f"{error.message}. {WITHOUT_KEYS}", error.code) from error


def _check_keys(path: Path, master: MasterKey, ids: Ids, manifest: Manifest) -> None:
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


def _check_journal(database: Path, data: Archive, folder: Path, progress: Progress) -> tuple[str, ...]:
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
        yield _head_of(manifest)


def _head_of(manifest: Manifest) -> Note:
    try:
        return Note.parse(manifest.head.encode())
    except NoteError:
        raise BadInput(
            "The backup carries no signed head that can be read. Nothing was restored. Take the backup before it",
            "backup.damaged",
        ) from None


# What is done then --------------------------------------------------------------------------------------------------


class _Unpacking:
    """Unpacks file by file, and says how far it has come."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._done = 0
        self._progress = progress

    def file(self, archive: Archive, name: str, target: Path) -> None:
        try:
            archive.unpack(name, target, self._moved)
        except FileExistsError:
            raise Conflict(
                f"{target} is there already. Nothing was restored over it. Restore into an empty folder",
                "restore.living",
            ) from None
        except OSError as error:
            raise DiskFault(
                f"{target} cannot be written: {error.strerror}. Nothing was restored. Make room, or look at the disk",
                "restore.disk",
            ) from error

    def _moved(self, length: int) -> None:
        self._done += length
        self._progress("Unpacking", self._done, self._total)


def _put_heads(data: Archive, settings: Settings, manifest: Manifest, folder: Path) -> None:
    """The heads of the backup where the centre's heads belong, with the one for its end."""
    newest = 0
    if HEADS in manifest.files:
        part = folder / HEADS_PART
        part.unlink(missing_ok=True)
        data.unpack(HEADS, part)
        for item in read_heads(part):
            newest = item.size if isinstance(item, Note) else newest
        if part.parent == settings.heads_path.parent:
            part.rename(settings.heads_path)
        else:
            settings.heads_path.write_bytes(part.read_bytes())
            part.unlink()
    if newest < manifest.seq:
        append_head(settings.heads_path, _head_of(manifest))


def _begin_anew(settings: Settings, environ: Mapping[str, str], clock: Clock, ids: Ids, restored: Restored) -> Restored:
    """A new epoch; what is due is erased, and what let people in is ended, before anything is served."""
    manifest = restored.manifest
    opened = open_folder(settings, environ, ids, is_restoring=True)
    try:
        now = clock.now_us()
        # By seconds: a second restore of the same backup must not be taken for the first by a screen that saw it.
        epoch = max(manifest.epoch + 1, now // 1_000_000)
        journal = opened.journal(clock, 0)
        hold_steps(journal, opened.store)
        erased, waiting = _erase_due(opened, journal, settings, clock, ids, now, manifest.made_at)
        held = hold_pending(journal, opened.store)
        alive = [row for row in opened.store.access_rows() if row.ended_at is None and row.expires_at > now]
        ended = [row for row in alive if row.kind == "session" or (row.kind == "link" and row.used_at is None)]
        body = CentreRestored(
            backup=manifest.backup,
            ended=len(ended),
            epoch=epoch,
            erased=erased,
            made_at=manifest.made_at,
            seq=manifest.seq,
        )
        notice = CentreNoticed(account=None, count=manifest.seq, notice=Code("restored"), reason=None)
        facts = [
            Fact(kind=RESTORED, body=body, actor=CLI),
            Fact(kind=Code("centre.noticed"), body=notice),
        ]
        journal.record(facts, lambda tx, _seqs: _note(tx, epoch, ended, now))
        _sign(opened, settings, journal.head.seq)
        tokens = sum(row.kind == "token" for row in alive)
    finally:
        opened.close()
    return msgspec.structs.replace(
        restored, epoch=epoch, ended=len(ended), erased=erased, held=held, tokens=tokens, waiting=waiting
    )


def _erase_due(
    opened: OpenFolder, journal: Journal, settings: Settings, clock: Clock, ids: Ids, now: Micros, made_at: Micros
) -> tuple[int, tuple[Ref, ...]]:
    """Erase what is due: keys of days, texts of incidents, keyholders, warnings.

    But texts of incidents that fell due after the backup wait: they may have a legal hold that no backup knows of.
    Return how much was erased, and which incidents wait.
    """

    def run(work: Callable[[Journal], T]) -> T:
        return work(journal)

    rules = settings.retention_rules
    life_days: dict[SealClass, int] = {"intake": rules.intake_days, "panel": rules.panel_days}
    days = opened.vault.destroy_expired(now, is_clock_sure=True, life_days=life_days)
    opened.erase_expired(journal, now, rules)
    centre = Centre(
        store=opened.store,
        sealer=opened.vault,
        secrets=opened.vault,
        holders=opened.vault.holders,
        clock=clock,
        ids=ids,
        run=run,
        retention=rules,
    )
    centre.values.prepare()
    centre.erasing.schedule_found(run)  # what the first release closed has no timer yet
    waiting = _put_off(opened.store, centre, journal, now, made_at)
    return len(days) + centre.timers.run_all(journal, now, is_clock_sure=True), waiting


def _put_off(store: Store, centre: Centre, journal: Journal, now: Micros, made_at: Micros) -> tuple[Ref, ...]:
    """Move the end of texts that fell due between the backup and now, by facts, and note that nobody may see them."""
    until = Micros(now + WAIT_US)
    late = [timer.ref for timer in store.timers(now, kind=INCIDENT) if timer.due_at > made_at]
    known = dict(centre.values.waiting())
    for begin in range(0, len(late), PUT_OFF_AT_ONCE):
        some = late[begin : begin + PUT_OFF_AT_ONCE]
        known |= dict.fromkeys(some, until)
        text = msgspec.json.encode(known).decode()

        def work(transaction: StoreTransaction, appender: Appender, some: list[Ref] = some, text: str = text) -> None:
            for ref in some:
                incident = transaction.incident(ref)
                exercise = incident is not None and incident.exercise
                set_timer(transaction, appender, INCIDENT, ref, until, Code("restored"), actor=CLI, exercise=exercise)
            transaction.put_meta(WAITING, text)

        journal.decide(work)
    return tuple(late)


def _note(transaction: StoreTransaction, epoch: int, ended: Sequence[AccessRow], now: Micros) -> None:
    transaction.put_meta(EPOCH, str(epoch))
    transaction.put_access([msgspec.structs.replace(row, ended_at=now) for row in ended])


def _sign(opened: OpenFolder, settings: Settings, seq: Seq) -> None:
    head = opened.store.head()
    assert head.seq == seq, "nobody else writes here"
    append_head(settings.heads_path, opened.signer.sign(head))


class _Begun:
    """What a restore has made so far, to be taken away where it fails."""

    def __init__(self, was_begun: bool) -> None:
        self.was_begun = was_begun
        """A restore into this folder was ended half way before."""
        self.made_settings = False
        self.settings: Settings | None = None
        """Known from where on they may be trusted."""


@contextlib.contextmanager
def _undone(folder: Path) -> Generator[_Begun]:
    """Where it fails, take away what was unpacked: half a centre must not look like one."""
    begun = _Begun((folder / RESTORING).exists())
    _take_away_files(folder / HEADS_PART, folder / JOURNAL_PART)
    try:
        yield begun
    except BaseException:
        _take_away_files(folder / HEADS_PART, folder / JOURNAL_PART)
        if begun.settings is not None:
            _take_away_files(begun.settings.database_path, folder / KEYS, folder / LAST_SEEN)
        if begun.made_settings:
            (folder / FILE_NAME).unlink(missing_ok=True)
        if begun.settings is not None or not begun.was_begun:  # else the earlier half still lies there
            (folder / RESTORING).unlink(missing_ok=True)
        raise


def _take_away_files(*paths: Path) -> None:
    for path in paths:
        for end in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
