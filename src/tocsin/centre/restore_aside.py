"""A living centre that a backup takes the place of: its files are set aside within the folder, all of them.

A mark in the folder (`restore-unfinished`) says where they are before the first is moved, so that whatever ends half
way is gone on with: nothing starts from the folder, and the next restore knows what was there.
"""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tocsin.centre.backup_files import Manifest
from tocsin.centre.carried import UNREADABLE, Reach, Since, read_since
from tocsin.centre.folder import KEYS, LAST_SEEN, REPLACED, RESTORING, FolderLock
from tocsin.journal.notes import read_heads
from tocsin.model.errors import Conflict, TocsinError
from tocsin.model.values import Code
from tocsin.settings import FILE_NAME, Settings, load
from tocsin.store.sqlite import SqliteStore
from tocsin.vault import sync_folder

JOURNAL_PART: Final = "journal.restoring"
MARK_PART: Final = "restore-unfinished.part"

ENDS: Final = ("", "-journal", "-wal", "-shm")


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What `restore-unfinished` says."""

    backup: Code | None = None
    """What is being restored; None: nothing yet."""
    aside: Code | None = None
    """Name of the folder with the centre that was there."""
    is_moving: bool = False
    """Its files are on their way there, or back."""
    reach: Reach = Reach()
    """How far that centre had come."""


def read_mark(folder: Path) -> Mark | None:
    """What the mark of a folder says; None where it has none."""
    try:
        text = (folder / RESTORING).read_bytes()
    except FileNotFoundError:
        return None
    try:
        mark = msgspec.json.decode(text, type=Mark)
    except msgspec.MsgspecError:
        return Mark()  # of an older program: it wrote the backup's name alone
    return mark if mark.aside is None or REPLACED.fullmatch(mark.aside) else Mark()


def write_mark(folder: Path, mark: Mark) -> None:
    """Put a mark into a folder, or another in its place; durable when this returns."""
    part = folder / MARK_PART
    part.write_bytes(msgspec.json.encode(mark))
    part.replace(folder / RESTORING)
    sync_folder(folder)


def reach_of(folder: Path) -> Reach:
    """How far a stopped centre has come. To be asked before anybody opens it: an opened one signs what it finds."""
    settings = load(folder, {})
    with FolderLock(folder, passing=True):
        reach = Reach(heads=_count_heads(settings))
        if not settings.database_path.is_file():
            return reach
        store = SqliteStore(settings.database_path)
        try:
            head = store.head()
        finally:
            store.close()
    return msgspec.structs.replace(reach, ended_seq=head.seq, ended_at=head.at)


def set_aside(folder: Path, reach: Reach | None = None) -> Path:
    """Move the files of a stopped centre into a folder of their own beside the new ones; settings and key stay.

    `reach`: how far it had come, where it was opened since then.

    Raises:
        Conflict: its process runs, or its files do not lie in the folder.
    """
    with FolderLock(folder):
        settings = load(folder, {})
        refuse_outside(settings)
        reach = reach or Reach(heads=_count_heads(settings))
        numbers = itertools.count(1)
        aside = next(path for number in numbers if not (path := folder / f"replaced-{number}").exists())
        mark = Mark(aside=Code(aside.name), is_moving=True, reach=reach)
        write_mark(folder, mark)
        try:
            finish_setting_aside(folder, aside, mark)
        except BaseException:
            _move_back(folder, aside)
            raise
    return aside


def finish_setting_aside(folder: Path, aside: Path, mark: Mark) -> None:
    """Move what is not there yet. A copy of the settings goes along, so that the journal can be read there."""
    aside.mkdir(mode=0o700, exist_ok=True)
    settings = load(folder, {})
    for path in _files(settings):
        target = aside / path.relative_to(settings.folder.resolve())
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(path, target)
        sync_folder(target.parent)
        sync_folder(path.parent)
    if (folder / FILE_NAME).is_file():
        shutil.copyfile(folder / FILE_NAME, aside / FILE_NAME)
    sync_folder(aside)
    write_mark(folder, msgspec.structs.replace(mark, is_moving=False))


def put_back(folder: Path, aside: Path) -> None:
    """Move what was set aside back to its place: nothing could be restored over it."""
    with FolderLock(folder):
        mark = read_mark(folder) or Mark()
        write_mark(folder, msgspec.structs.replace(mark, aside=Code(aside.name), is_moving=True))
        _move_back(folder, aside)


def _count_heads(settings: Settings) -> int:
    path = settings.heads_path
    return sum(1 for _ in read_heads(path)) if path.is_file() else 0


def since_of(aside: Path, manifest: Manifest, reach: Reach, trusted: Path | None) -> Since | Code:
    """What the centre that was set aside wrote after the backup, or why nothing of it is believed (`read_since`)."""
    try:
        settings = load(aside, {})
    except (TocsinError, OSError):
        return UNREADABLE
    return read_since(aside, settings.database_path, settings.heads_path, manifest, reach, trusted)


def _move_back(folder: Path, aside: Path) -> None:
    if aside.is_dir():
        there = load(folder, {}).folder.resolve()
        for path in _files(load(aside, {})):
            target = there / path.relative_to(aside.resolve())
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(path, target)
            sync_folder(target.parent)
        (aside / FILE_NAME).unlink(missing_ok=True)
        for path in sorted((one for one in aside.rglob("*") if one.is_dir()), reverse=True):
            path.rmdir()
        aside.rmdir()
    (folder / RESTORING).unlink()
    sync_folder(folder)


def _files(settings: Settings) -> Iterator[Path]:
    """Files of a centre that a restore makes anew, those that are there."""
    folder = settings.folder.resolve()
    for path in (settings.database_path, folder / KEYS, settings.heads_path, folder / LAST_SEEN):
        for end in ENDS:
            found = path.resolve().with_name(path.name + end)
            if found.is_file():
                yield found


def take_away_files(*paths: Path) -> None:
    """Delete files and what a database has beside it; those that are not there are left out."""
    for path in paths:
        for end in ENDS:
            path.with_name(path.name + end).unlink(missing_ok=True)


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
