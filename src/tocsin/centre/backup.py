"""Backups of a centre while it works (DESIGN.md, Operation; docs/reference/backup.md).

The process that holds the folder copies database and keys into `backup-copy` of its own folder, a little at a time, so
that the writer never waits for more than a moment. Whoever asked packs the copies into the two files of the backup and
says when they are durable: hashing gigabytes is nothing for a process that answers panels.

The keys are copied after the data. A key is durable before the first value under it, so a later copy of the keys fits
an earlier copy of the data; the other way round it would not.
"""

import contextlib
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec
import structlog

import tocsin
from tocsin.centre.backup_files import FORMAT, FileEntry, Manifest, signed_text
from tocsin.centre.centre import CLI, EPOCH
from tocsin.centre.disk import RESUME_FREE_BYTES
from tocsin.centre.folder import COPY, KEYS, LAST_SEEN, clear_copies
from tocsin.journal.heads import HeadSigner
from tocsin.journal.notes import signature_text
from tocsin.model.errors import BadInput, CentreFault, Conflict, JournalFull, TocsinError
from tocsin.model.journal import Fact, Head
from tocsin.model.ports import Clock, Ids
from tocsin.model.proof import BackupMade
from tocsin.model.values import Code, HexHash, Micros, Seq
from tocsin.settings import FILE_NAME, Settings
from tocsin.store.copying import Copied, copy_file
from tocsin.store.schema import REVISION
from tocsin.store.sqlite import SqliteStore

__all__ = ["DATABASE", "HEADS", "BackupParts", "BackupState", "Backups"]

DATABASE: Final = "tocsin.db"
HEADS: Final = "heads.txt"
KEYS_MADE: Final = "keys.db"
DATA_FILES: Final = (DATABASE, HEADS, FILE_NAME, LAST_SEEN)
"""What the file of the data holds, as far as it is there."""

MADE: Final = Code("backup.made")
KEPT_DAYS_MAX: Final = 3_650
FORGOTTEN_S: Final = 900
"""Whoever packs asks more often than this, so after so long nobody does: the copies are taken away."""

_DAY_US: Final = 86_400_000_000
_LOG = structlog.get_logger("backup")


class Record(Protocol):
    """Appends facts and returns their numbers when they are durable."""

    def __call__(self, facts: Sequence[Fact], /) -> Sequence[Seq]:
        """Append them."""
        ...


class BackupParts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Copies that lie ready, and what is true of them. The manifest is made from it."""

    folder: str
    data: tuple[str, ...]
    """Names of the data's files in the folder; beside them lies `keys.db`."""
    manifest: Manifest
    """Without its files."""
    held_us: int
    """The longest that the writer was kept waiting."""


class BackupState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How far the copying has come."""

    backup: Code
    done: int
    """Pages of the database."""
    all: int
    parts: BackupParts | None = None
    """When everything is copied."""


class Backups:
    """Makes the copies, one backup at a time. May be used from any thread but the writer's."""

    def __init__(
        self,
        *,
        store: SqliteStore,
        settings: Settings,
        signer: HeadSigner,
        clock: Clock,
        ids: Ids,
        sleep: Callable[[float], None],
        record: Record,
    ) -> None:
        """Copy from `store` and the folder of `settings`; `record` notes what was made."""
        self._store = store
        self._settings = settings
        self._signer = signer
        self._clock = clock
        self._ids = ids
        self._sleep = sleep
        self._record = record
        self._changing = threading.Lock()
        self._work: _Work | None = None
        self._is_stopping = False

    def begin(self, keep_days: int | None = None) -> Code:
        """Begin to copy in a thread of its own; return the backup's name.

        Raises:
            Conflict: another backup is being made. JournalFull: there is no room for the copies.
            BadInput: the keys cannot be kept so long.
        """
        if keep_days is not None and not 1 <= keep_days <= KEPT_DAYS_MAX:
            raise BadInput(
                f"Copies of keys are kept 1 to {KEPT_DAYS_MAX:,} days. Nothing was copied. Give a number in that range",
                "usage.days",
            )
        with self._changing:
            if self._is_stopping:
                raise CentreFault("The centre is stopping. Nothing was copied", "centre.stopping")
            if self._work is not None and self._work.thread.is_alive():
                raise Conflict(
                    "Another backup is being copied. Nothing was changed. Wait until it is done", "backup.busy"
                )
            self._refuse_without_room()
            self._clear()
            name = Code(self._ids.token_bytes(16).hex())
            work = _Work(name, lambda: self._copy(work, keep_days), self._clock.monotonic_s())
            self._work = work
            work.thread.start()
        return name

    def state(self, backup: Code) -> BackupState:
        """How far it has come.

        Raises:
            BadInput: there is no such backup under way. TocsinError: why it ended.
        """
        work = self._known(backup)
        if work.error is not None:
            raise work.error
        return BackupState(backup=work.name, done=work.done, all=work.all, parts=work.parts)

    def wait(self, backup: Code) -> BackupParts:
        """Wait until everything is copied.

        Raises:
            TocsinError: why it ended.
        """
        self._known(backup).thread.join()
        parts = self.state(backup).parts
        assert parts is not None, "the thread has ended well"
        return parts

    def sign(self, backup: Code, files: dict[str, FileEntry], keys_sha256: HexHash) -> Manifest:
        """The signed manifest of the data, with what went into its file."""
        parts = self.state(backup).parts
        if parts is None:
            raise Conflict("The backup is not copied yet. Nothing was signed", "backup.busy")
        plain = msgspec.structs.replace(parts.manifest, files=files, keys_sha256=keys_sha256)
        return msgspec.structs.replace(plain, signature=signature_text(self._signer.sign_text(signed_text(plain))))

    def finish(self, backup: Code, *, is_durable: bool) -> None:
        """Both files are durable elsewhere, or will never be: take the copies away, and note what was made."""
        work = self._known(backup)
        self._end(work)
        if is_durable and work.parts is not None:
            made = work.parts.manifest
            body = BackupMade(backup=backup, bytes=work.bytes, keys_until=made.keys_until, seq=made.seq)
            self._record([Fact(kind=MADE, body=body, actor=CLI)])

    def end_forgotten(self) -> None:
        """End a backup that nobody has asked about for 15 minutes, and take its copies away. Call every few seconds.

        Whoever asked for it was killed, or its machine was. What is erased from now on would live on in the copies.
        """
        work = self._work
        if work is not None and self._clock.monotonic_s() - work.asked_s >= FORGOTTEN_S:
            _LOG.warning("backup.forgotten", seconds=FORGOTTEN_S)
            self._end(work)

    def stop(self) -> None:
        """End what is under way, and take its copies away: the centre ends."""
        with self._changing:
            self._is_stopping = True
            work = self._work
        if work is not None:
            self._end(work)

    @property
    def _folder(self) -> Path:
        return self._settings.folder / COPY

    def _known(self, backup: Code) -> "_Work":
        work = self._work
        if work is None or work.name != backup:
            raise BadInput(
                "There is no such backup under way: the centre was started anew, another backup has begun, or nobody "
                "asked about it for 15 minutes. Nothing was changed. Begin again",
                "backup.unknown",
            )
        work.asked_s = self._clock.monotonic_s()
        return work

    def _end(self, work: "_Work") -> None:
        work.stop = True
        work.thread.join()
        with self._changing:
            if self._work is work:
                self._work = None
                self._clear()

    def _copy(self, work: "_Work", keep_days: int | None) -> None:
        try:
            work.parts = self._copied(work, keep_days)
        except TocsinError as error:
            work.error = error
        except Exception as error:  # noqa: BLE001 - told to whoever asks for its state; it is logged
            _LOG.exception("backup.failed")
            work.error = CentreFault(
                f"The backup failed ({type(error).__name__}); nothing else was changed. The log says more",
                "backup.failed",
            )
        if work.error is not None:
            self._clear()

    def _copied(self, work: "_Work", keep_days: int | None) -> BackupParts:
        folder = self._folder
        folder.mkdir(mode=0o700)
        made_at = self._clock.now_us()
        data = [DATABASE]
        # Heads and settings first: a head of the file must not be ahead of the journal that lies beside it.
        for name, path in ((HEADS, self._settings.heads_path), (FILE_NAME, self._settings.folder / FILE_NAME)):
            if path.is_file():
                shutil.copyfile(path, folder / name)
                data.append(name)
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(self._settings.folder / LAST_SEEN, folder / LAST_SEEN)
            data.append(LAST_SEEN)
        copied = self._store.copy_to(folder / DATABASE, self._clock, self._sleep, work.progress)
        work.bytes = copied.size_bytes
        head, epoch = _end_of(folder / DATABASE)
        self._copy_keys(folder, work)
        days_us = None if keep_days is None else keep_days * _DAY_US
        manifest = Manifest(
            format=FORMAT,
            part="data",
            backup=work.name,
            origin=self._signer.origin,
            version=tocsin.__version__,
            schema=REVISION,
            epoch=epoch,
            made_at=made_at,
            seq=head.seq,
            hash=head.hash,
            head=self._signer.sign(head).format().decode(),
            keys_until=None if days_us is None else Micros(made_at + days_us),
            keys_sha256=HexHash(""),
            files={},
        )
        held_us = round(copied.held_s * 1_000_000)
        return BackupParts(folder=str(folder), data=tuple(data), manifest=manifest, held_us=held_us)

    def _copy_keys(self, folder: Path, work: "_Work") -> Copied:
        def progress(_done: int, _all: int) -> None:
            work.refuse_when_stopped()

        return copy_file(self._settings.folder / KEYS, folder / KEYS_MADE, self._clock, self._sleep, progress)

    def _refuse_without_room(self) -> None:
        paths = (self._settings.database_path, self._settings.folder / KEYS, self._settings.heads_path)
        needed = sum(path.stat().st_size for path in paths if path.is_file())
        log = self._settings.database_path.with_name(self._settings.database_path.name + "-wal")
        needed += log.stat().st_size if log.is_file() else 0
        free = shutil.disk_usage(self._settings.folder).free
        if free - needed < RESUME_FREE_BYTES:
            raise JournalFull(
                f"The backup is copied inside the centre's folder first, which takes {needed:,} bytes; {free:,} are "
                f"free there, and {RESUME_FREE_BYTES:,} must stay. Nothing was copied. Make room on the centre's disk",
                "backup.full",
            )

    def _clear(self) -> None:
        clear_copies(self._settings.folder)


class _Work:
    """One backup that is being copied."""

    def __init__(self, name: Code, run: Callable[[], None], now_s: float) -> None:
        self.name = name
        self.asked_s = now_s
        """When somebody last asked about it."""
        self.done = 0
        self.all = 0
        self.bytes = 0
        self.stop = False
        self.parts: BackupParts | None = None
        self.error: TocsinError | None = None
        self.thread = threading.Thread(target=run, name="backup", daemon=True)

    def progress(self, done: int, of: int) -> None:
        self.done, self.all = done, of
        self.refuse_when_stopped()

    def refuse_when_stopped(self) -> None:
        if self.stop:
            raise CentreFault("The backup was ended before it was whole. Nothing else was changed", "backup.stopped")


def _end_of(database: Path) -> tuple[Head, int]:
    """The last entry of a copy, and its epoch."""
    store = SqliteStore(database)
    try:
        return store.head(), int(store.get_meta(EPOCH) or 1)
    finally:
        store.close()
