"""`tocsin backup`: data and keys of a centre as two files, while it works."""

import contextlib
import signal
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from tocsin.model.errors import BadInput, Conflict
from tocsin.model.ports import Clock

__all__ = ["backup"]

POLL_S: Final = 0.1
ASK_S: Final = 60.0
"""So often the centre is asked while its copies are packed: where nobody asks, it takes them away."""


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the centre.", show_default=False)],
    file: Annotated[
        Path,
        typer.Argument(
            help="File to make; the keys go beside it as FILE.keys. A folder: it gets a name by time.",
            show_default=False,
        ),
    ],
    keep_days: Annotated[
        int | None,
        typer.Option(
            help="Days after which the copy of the keys is to be gone. Older backups of this centre beside it whose "
            "days are over are deleted.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Make a backup of a centre, running or not: its data and its keys, as two files.

    Neither holds the master key, and the two belong in two places: whoever has both files and the master key can read
    everything. What was erased since is gone for good when the older copies of the keys are.

    Example: tocsin backup /srv/centre /backup/centre --keep-days 30
    """
    from tocsin.centre.backup_files import keys_file_of
    from tocsin.cli.folder import open_centre
    from tocsin.system import SystemClock

    clock = SystemClock()
    begun_s = clock.monotonic_s()
    target = file / f"centre-{_stamp(clock.now_us())}.tocsin" if file.is_dir() else file
    for one in (target, keys_file_of(target)):
        _refuse_what_is_there(one)
    with _Ending() as ending, open_centre(folder) as centre:
        backups = centre.backups
        # What is begun has a name that `finish` needs: no signal comes between.
        with ending.held_back():
            name = backups.begin(keep_days)
        is_durable = False
        try:
            ending.let_go()
            parts = _wait(backups, name)
            sizes = _pack(backups, parts, target)
            is_durable = True
        finally:
            backups.finish(name, is_durable=is_durable)
    gone = [] if keep_days is None else _delete_old(target, parts.manifest.origin, clock.now_us())
    told = {
        "data": str(target),
        "data_bytes": sizes[0],
        "keys": str(keys_file_of(target)),
        "keys_bytes": sizes[1],
        "seconds": round(clock.monotonic_s() - begun_s, 3),
        "writer_held_ms": round(parts.held_us / 1000, 3),
        "seq": parts.manifest.seq,
        "keys_until": parts.manifest.keys_until,
        "deleted": [str(path) for path in gone],
    }
    if as_json:
        print(msgspec.json.encode(told).decode())
        return
    print(f"Backed up {folder} up to seq {told['seq']:,} in {told['seconds']:.1f} s.")
    print(f"  data  {told['data']} ({sizes[0]:,} bytes)")
    print(f"  keys  {told['keys']} ({sizes[1]:,} bytes); keep them in another place than the data")
    for path in gone:
        print(f"  deleted, since its days are over: {path}")
    print("The master key is in neither: without it a backup opens nothing that is sealed.")


def _wait(backups, name):
    """Wait until everything is copied, with a bar for a person."""
    from tocsin.system import sleep_blocking

    with _bar("Copying") as move:
        while (state := backups.state(name)).parts is None:
            move(state.done, state.all)
            sleep_blocking(POLL_S)
    return state.parts


def _pack(backups, parts, target: Path, clock: Clock | None = None) -> tuple[int, int]:
    """Write both files under other names, and give them theirs when both are whole; return their sizes."""
    from tocsin.access.access import tag_of
    from tocsin.centre.backup import KEYS_MADE
    from tocsin.centre.backup_files import keys_file_of, write_archive
    from tocsin.system import SystemClock
    from tocsin.vault.master import sync_folder

    clock = clock or SystemClock()
    copies = Path(parts.folder)
    # The centre's tag: what a killed backup of this one left is taken away, and of no other.
    end = f".{tag_of(parts.manifest.origin)}.part"
    data, keys = (path.with_name(path.name + end) for path in (target, keys_file_of(target)))
    for left in target.parent.glob(f"*{end}"):
        left.unlink(missing_ok=True)
    keys_sha256 = _sha256(copies / KEYS_MADE)
    try:
        total = sum((copies / one).stat().st_size for one in parts.data)
        with _bar("Packing") as move:
            done = 0
            asked_s = clock.monotonic_s()

            def count(length: int) -> None:
                nonlocal done, asked_s
                done += length
                move(done, total)
                if clock.monotonic_s() - asked_s >= ASK_S:
                    backups.state(parts.manifest.backup)
                    asked_s = clock.monotonic_s()

            data_bytes = write_archive(
                data,
                {one: copies / one for one in parts.data},
                lambda files: backups.sign(parts.manifest.backup, files, keys_sha256),
                count,
            )
        keys_bytes = write_archive(
            keys,
            {KEYS_MADE: copies / KEYS_MADE},
            lambda files: msgspec.structs.replace(
                parts.manifest, part="keys", files=files, keys_sha256=files[KEYS_MADE].sha256
            ),
        )
        # The keys first: data that are there are never without theirs.
        keys.rename(keys_file_of(target))
        try:
            data.rename(target)
        except BaseException:
            keys_file_of(target).unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
    except OSError as error:
        raise Conflict(
            f"The backup {target} cannot be written: {error.strerror}. What there was of it was taken away, and the "
            "centre is as it was. Make room, or name another place",
            "backup.file",
        ) from error
    finally:
        for left in (data, keys):
            left.unlink(missing_ok=True)
    return data_bytes, keys_bytes


def _delete_old(target: Path, origin: str, now: int) -> list[Path]:
    """Delete the backups beside this one, of this centre, whose days are over; keys first. Others are left alone."""
    from tocsin.centre.backup_files import KEYS_END, open_archive
    from tocsin.store.schema import REVISION
    from tocsin.vault.master import sync_folder

    gone: list[Path] = []
    for keys in sorted(target.parent.glob(f"*{KEYS_END}")):
        try:
            archive = open_archive(keys, "keys", REVISION)
        except (BadInput, Conflict):
            continue
        archive.close()
        until = archive.manifest.keys_until
        if archive.manifest.origin == origin and until is not None and until <= now:
            for path in (keys, keys.with_name(keys.name.removesuffix(KEYS_END))):
                if path.is_file():
                    path.unlink()
                    gone.append(path)
    if gone:
        sync_folder(target.parent)
    return gone


def _refuse_what_is_there(path: Path) -> None:
    if path.exists():
        raise Conflict(
            f"{path} is there already. It was not touched, and nothing was backed up. Name another file",
            "backup.exists",
        )
    if not path.parent.is_dir():
        raise BadInput(
            f"There is no folder {path.parent} to write the backup to. Nothing was backed up. Make it, or name another",
            "usage.no_file",
        )


def _sha256(path: Path):
    import hashlib

    from tocsin.model.values import HexHash

    with path.open("rb") as file:
        return HexHash(hashlib.file_digest(file, "sha256").hexdigest())


def _stamp(now_us: int) -> str:
    import datetime as dt

    return dt.datetime.fromtimestamp(now_us / 1_000_000, dt.UTC).strftime("%Y%m%dT%H%M%SZ")


class _Ending:
    """Lets SIGTERM and SIGHUP end the command as Ctrl-C does, so that what it made half is taken away.

    The first signal does; those that follow must not end the taking away. A SIGHUP that was ignored (`nohup`) stays so.
    """

    def __init__(self) -> None:
        self._numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        self._before: dict[signal.Signals, Any] = {}
        self._is_held_back = False
        self._is_wanted = False

    def __enter__(self) -> "_Ending":
        if threading.current_thread() is threading.main_thread():
            for number in self._numbers:
                if (was := signal.getsignal(number)) is not signal.SIG_IGN:
                    self._before[number] = was
                    signal.signal(number, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        for number, was in self._before.items():
            signal.signal(number, was)

    @contextlib.contextmanager
    def held_back(self) -> Generator[None]:
        """A signal that comes meanwhile ends the command afterwards, in `let_go`."""
        self._is_held_back = True
        try:
            yield
        finally:
            self._is_held_back = False

    def let_go(self) -> None:
        """Raise what was held back."""
        if self._is_wanted:
            raise KeyboardInterrupt

    def _end(self, _number: int, _frame: object) -> None:
        is_first, self._is_wanted = not self._is_wanted, True
        if is_first and not self._is_held_back:
            raise KeyboardInterrupt


@contextlib.contextmanager
def _bar(title: str) -> Generator[Callable[[int, int], None]]:
    """A bar while a person waits; nothing where nobody does."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of or None)
