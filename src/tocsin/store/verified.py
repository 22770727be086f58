"""The columns of the journal that a verifier reads: the statement, and a reader for another process.

Cast, since SQLite keeps whatever somebody put into a column by hand: it is to be found as changed, not to stop us.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tocsin.model.journal import EntryColumns
from tocsin.store.driver import dbapi

__all__ = ["VERIFIED_PAGE", "last_seq", "verified_between"]

_COLUMNS: Final = (
    "SELECT CAST(seq AS INTEGER), CAST(at AS BIGINT), CAST(kind AS VARCHAR), CAST(stream AS VARCHAR), "
    "CAST(number AS BIGINT), CAST(entry AS BLOB), CAST(hash AS BLOB) FROM journal WHERE seq > :after"
)
VERIFIED_PAGE: Final = f"{_COLUMNS} ORDER BY seq LIMIT :most"
_BETWEEN: Final = f"{_COLUMNS} AND seq <= :last ORDER BY seq"


def last_seq(path: Path) -> int:
    """The seq of the newest entry of the database in a file; 0: there is none.

    Raises:
        dbapi.Error: it cannot be read.
    """
    with contextlib.closing(dbapi.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0]


def verified_between(path: Path, after: int, last: int) -> Iterator[EntryColumns]:
    """Read the entries after a seq up to another of the database in a file, and write nothing to it.

    Raises:
        dbapi.Error: it cannot be read.
    """
    with contextlib.closing(dbapi.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield from connection.execute(_BETWEEN, {"after": after, "last": last})
