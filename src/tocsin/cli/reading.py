"""The journal of a folder for the commands that read it, and its settings.

The rest of a centre is not imported for that: it took longer than verifying a small journal.
"""

import contextlib
import functools
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tocsin.centre.folder import CONTROL, FolderLock
from tocsin.journal.ranges import RANGE_ENTRIES
from tocsin.model.errors import Conflict
from tocsin.model.journal import EntryColumns, StoredEntry, columns_of
from tocsin.model.values import Seq
from tocsin.settings import Settings, load
from tocsin.store.sqlite import SqliteStore
from tocsin.store.verified import verified_between

__all__ = ["Pages", "journal_pages", "settings_of"]


def settings_of(folder: Path) -> Settings:
    """The settings of a folder."""
    return load(folder, os.environ)


class Pages(NamedTuple):
    """A journal to read."""

    read: Callable[[Seq, int], list[StoredEntry]]
    """Entries after a seq, so many at most."""
    columns: Callable[[Seq, int], list[EntryColumns]]
    """What is verified of them."""
    last_seq: Seq
    is_running: bool
    """The centre's process answers, and may add to it meanwhile."""
    ranges: Callable[[], Iterator[Callable[[], Iterable[EntryColumns]]]] | None = None
    """What is verified of them in ranges, for other processes to read; None where the centre's own process has it."""


@contextlib.contextmanager
def journal_pages(folder: Path) -> Generator[Pages]:
    """A folder's journal in pages, its end signed first so that all of it can be proved.

    Where no centre runs, the store is opened without the checks of a start: whoever verifies wants to hear where it is
    broken, not that it is.
    """
    settings = settings_of(folder)
    lock = FolderLock(folder, passing=True)
    try:
        lock.acquire()
    except Conflict:
        if not (folder / CONTROL).exists():
            raise
        from tocsin.centre.control import RemoteCentre

        remote = RemoteCentre(folder / CONTROL)
        yield Pages(
            remote.entries,
            lambda after, limit: [columns_of(stored.row) for stored in remote.entries(after, limit)],
            remote.sign_head(),
            is_running=True,
        )
        return
    try:
        if not settings.database_path.exists():
            from tocsin.centre.opening import no_centre

            raise no_centre(folder)
        store = SqliteStore(settings.database_path)
        try:
            last, path = store.head().seq, settings.database_path
            yield Pages(
                store.entries,
                store.verified_columns,
                last,
                is_running=False,
                ranges=lambda: (
                    functools.partial(verified_between, path, after, min(after + RANGE_ENTRIES, last))
                    for after in range(0, last, RANGE_ENTRIES)
                ),
            )
        finally:
            store.close()
    finally:
        lock.release()
