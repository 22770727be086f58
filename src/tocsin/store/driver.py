"""The SQLite driver: PyPI's pysqlite3, which carries a SQLite that cannot corrupt its log (decision 0003)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The same interface, and it has types.
    import sqlite3 as dbapi
else:
    import pysqlite3.dbapi2 as dbapi

__all__ = ["dbapi"]
