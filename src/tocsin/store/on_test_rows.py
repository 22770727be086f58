"""Tests of sites, as SQL."""

import contextlib
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.on_test import SiteTest
from tocsin.model.values import Micros, Ref
from tocsin.store.schema import SITE_TESTS

_ENCODE: Final = msgspec.json.Encoder().encode
_TEST: Final = msgspec.json.Decoder(SiteTest).decode
_INSERT: Final = insert(SITE_TESTS)
_PUT: Final = _INSERT.on_conflict_do_update(
    index_elements=["id"], set_={name: _INSERT.excluded[name] for name in ("ended_at", "row")}
)


class OnTestReads:
    """What `SqliteStore` reads of tests (`model.ports.OnTestStore`)."""

    def _read(self) -> contextlib.AbstractContextManager[sa.Connection]:
        raise NotImplementedError

    def site_test(self, id_: Ref) -> SiteTest | None:
        """One test."""
        with self._read() as connection:
            row = connection.execute(sa.select(SITE_TESTS.c.row).where(SITE_TESTS.c.id == id_)).scalar()
        return None if row is None else _TEST(row)

    def site_tests(self, ended_after: Micros | None = None) -> list[SiteTest]:
        """Tests that go on, and with a time those that ended then or later, in the order in which they began."""
        wanted = SITE_TESTS.c.ended_at.is_(None)
        if ended_after is not None:
            wanted = wanted | (SITE_TESTS.c.ended_at >= ended_after)
        with self._read() as connection:
            rows = connection.execute(sa.select(SITE_TESTS.c.row).where(wanted).order_by(SITE_TESTS.c.seq)).scalars()
            return [_TEST(row) for row in rows]


class OnTestWrites:
    """What `SqliteTransaction` does to them (`model.ports.OnTestTransaction`)."""

    _connection: sa.Connection

    def put_site_test(self, test: SiteTest) -> None:
        """Insert a test, or replace the one of the same id."""
        row = {"id": test.id, "seq": test.seq, "ended_at": test.ended_at, "row": _ENCODE(test)}
        self._connection.execute(_PUT, row)
