"""The folder of a centre: one process writes it, and says so with a lock."""

import contextlib
import errno
import itertools
import os
import re
import shutil
from pathlib import Path
from types import TracebackType
from typing import Final

import structlog

from tocsin.model.errors import BadInput, Conflict
from tocsin.system import sleep_blocking

CONTROL: Final = "control.sock"
LAST_SEEN: Final = "last-seen.json"
RESERVE: Final = "reserve"
FAULT: Final = "disk-fault"
UNFINISHED: Final = "init-unfinished"
KEYS: Final = "keys.db"
COPY: Final = "backup-copy"
RESTORING: Final = "restore-unfinished"
_LOCK: Final = "lock"
PASSING_WAIT_S: Final = 10.0
GRACE_S: Final = 0.25
_TRY_S: Final = 0.02
REPLACED: Final = re.compile(r"replaced-[0-9]{1,6}")
"""Names of the folders with a centre that a backup took the place of."""

_LOG = structlog.get_logger("folder")


def clear_copies(folder: Path) -> None:
    """Take away what a backup copied into the folder, the keys first.

    While they lie there, what is erased is not gone. So a start calls this, and an end, and whoever ends a backup.
    """
    copies = folder / COPY
    with contextlib.suppress(OSError):
        (copies / KEYS).unlink()
    shutil.rmtree(copies, ignore_errors=True)
    if copies.exists():
        _LOG.warning("backup.copy_left", folder=str(copies))


def replaced_with_keys(folder: Path) -> list[Path]:
    """Folders of centres that were set aside and still have their keys: what was erased since can be read there."""
    return sorted(keys.parent for keys in folder.glob(f"*/{KEYS}") if REPLACED.fullmatch(keys.parent.name))


class FolderLock:
    """Holds a folder for this process, until it is released or the process ends, however it ends."""

    def __init__(self, folder: Path, *, passing: bool = False) -> None:
        """Name the folder; `acquire` takes it.

        `passing`: for one command that will let it go in a moment. A centre that starts meanwhile waits for it.
        """
        self._folder = folder
        self._passing = passing
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the folder; wait up to 10 s for a command that only passes through it.

        Raises:
            Conflict: another process has it; its number is named.
            BadInput: the folder is not there or not writable.
        """
        # Not on Windows, where `tocsin frame` and `tocsin panel` run without any folder.
        import fcntl

        path = self._folder / _LOCK
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise BadInput(
                f"The folder {self._folder} cannot be written: {_reason(error)}. Nothing was changed. "
                "Name a folder that this user may write, or make one with `tocsin init`",
                "folder.not_writable",
            ) from error
        waited_s = 0.0
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                holder, _, manner = os.pread(file, 32, 0).decode("ascii", "replace").strip().partition(" ")
                # Who has only just taken it has not written down yet who it is, hence the grace for everybody.
                limit_s = PASSING_WAIT_S if manner == "passing" else GRACE_S
                if waited_s >= limit_s:
                    os.close(file)
                    raise Conflict(
                        f"The folder {self._folder} is in use by process {holder or 'unknown'}. Nothing was changed. "
                        "Stop that process first, or use another folder",
                        "folder.in_use",
                    ) from error
            sleep_blocking(_TRY_S)
            waited_s += _TRY_S
        # Whoever holds the folder knows that no process listens here: a killed one left this behind.
        with contextlib.suppress(OSError):
            (self._folder / CONTROL).unlink()
        os.ftruncate(file, 0)
        manner = " passing" if self._passing else ""
        os.pwrite(file, f"{os.getpid()}{manner}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Let the folder go."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> "FolderLock":
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def move_aside(heads: Path, epoch: int) -> Path:
    """Keep the heads of an epoch that ended beside the new ones; none that was kept before is replaced."""
    name = f"{heads.name}.epoch-{epoch}"
    numbers = (f".{number}" for number in itertools.count(2))
    kept = next(path for end in itertools.chain([""], numbers) if not (path := heads.with_name(name + end)).exists())
    heads.rename(kept)
    return kept


def _reason(error: OSError) -> str:
    words = {
        errno.ENOENT: "it does not exist",
        errno.EACCES: "permission denied",
        errno.EROFS: "the file system is read-only",
        errno.ENOTDIR: "it is not a folder",
    }
    return words.get(error.errno or 0, os.strerror(error.errno or 0))
