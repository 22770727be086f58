"""What every part of the SQLite store reads by: a connection of the pool, and SQLite's errors as ours."""

import contextlib
from collections.abc import Generator
from typing import Final, cast

import sqlalchemy as sa
from sqlalchemy import exc

from tocsin.model.errors import CentreFault, DiskFault, JournalFull
from tocsin.store.driver import dbapi

_FULL: Final = 13
_IO: Final = 10
_BROKEN: Final = (_IO, 8, 11, 14, 26)  # input/output, read-only, corrupt, cannot open, not a database


class SqlReads:
    """Part of what `SqliteStore` reads."""

    _engine: sa.Engine

    @contextlib.contextmanager
    def _read(self) -> Generator[sa.Connection]:
        with faults(), self._engine.connect() as connection:
            yield connection


@contextlib.contextmanager
def faults() -> Generator[None]:
    """Turn SQLite's errors into ours, which say whether a retry can help."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _fault(error.orig) from error
    except dbapi.Error as error:
        raise _fault(error) from error


def _fault(error: BaseException | None) -> CentreFault:
    number = cast("int", getattr(error, "sqlite_errorcode", 0)) & 0xFF
    name = cast("str", getattr(error, "sqlite_errorname", type(error).__name__))
    if number == _FULL:
        return JournalFull(
            "The disk is full: nothing of this batch was stored. Make room; intake goes on by itself", "store.full"
        )
    if number in _BROKEN:
        return DiskFault(
            f"The database could not be written or read ({name}): what is on the disk is unknown. "
            "Check the disk and its cables, then start again; the start checks the database",
            "store.disk",
        )
    fault = CentreFault(f"The database refused a statement ({name}). Nothing of it was stored", "store.refused")
    fault.permanent = False
    return fault
