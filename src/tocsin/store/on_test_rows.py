"""Tests of sites, as SQL."""

from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.on_test import SiteTest, SiteTestCode
from tocsin.model.out_of_service import ZonesOut
from tocsin.model.values import HexHash, Micros, Ref
from tocsin.store.reading import SqlReads
from tocsin.store.schema import SITE_TEST_CODES, SITE_TESTS, ZONES_OUT

_ENCODE: Final = msgspec.json.Encoder().encode
_TEST: Final = msgspec.json.Decoder(SiteTest).decode
_CODE: Final = msgspec.json.Decoder(SiteTestCode).decode
_INSERT: Final = insert(SITE_TESTS)
_PUT: Final = _INSERT.on_conflict_do_update(
    index_elements=["id"], set_={name: _INSERT.excluded[name] for name in ("ended_at", "row")}
)
_OUT: Final = msgspec.json.Decoder(ZonesOut).decode
_INSERT_OUT: Final = insert(ZONES_OUT)
_PUT_OUT: Final = _INSERT_OUT.on_conflict_do_update(
    index_elements=["id"], set_={name: _INSERT_OUT.excluded[name] for name in ("ended_at", "row")}
)
_INSERT_CODE: Final = insert(SITE_TEST_CODES)
_PUT_CODE: Final = _INSERT_CODE.on_conflict_do_update(index_elements=["id"], set_={"row": _INSERT_CODE.excluded["row"]})


class OnTestReads(SqlReads):
    """What `SqliteStore` reads of tests (`model.ports.OnTestStore`)."""

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

    def site_test_code(self, code: HexHash) -> SiteTestCode | None:
        """The one-day code with this keyed hash, ended or not."""
        found = sa.select(SITE_TEST_CODES.c.row).where(SITE_TEST_CODES.c.code == code)
        with self._read() as connection:
            row = connection.execute(found).scalar()
        return None if row is None else _CODE(row)

    def site_test_codes(self, after: Micros) -> list[SiteTestCode]:
        """One-day codes whose time ends after `after`, ended ones too, in the order in which they were given."""
        wanted = sa.select(SITE_TEST_CODES.c.row).where(SITE_TEST_CODES.c.until > after)
        with self._read() as connection:
            return [_CODE(row) for row in connection.execute(wanted.order_by(SITE_TEST_CODES.c.seq)).scalars()]

    def zones_out_by(self, id_: Ref) -> ZonesOut | None:
        """What was taken out of service under this name."""
        with self._read() as connection:
            row = connection.execute(sa.select(ZONES_OUT.c.row).where(ZONES_OUT.c.id == id_)).scalar()
        return None if row is None else _OUT(row)

    def zones_out(self, ended_after: Micros | None = None) -> list[ZonesOut]:
        """Zones out of service, and with a time those put back then or later, in the order in which they were taken."""
        wanted = ZONES_OUT.c.ended_at.is_(None)
        if ended_after is not None:
            wanted = wanted | (ZONES_OUT.c.ended_at >= ended_after)
        with self._read() as connection:
            rows = connection.execute(sa.select(ZONES_OUT.c.row).where(wanted).order_by(ZONES_OUT.c.seq)).scalars()
            return [_OUT(row) for row in rows]


class OnTestWrites:
    """What `SqliteTransaction` does to them (`model.ports.OnTestTransaction`)."""

    _connection: sa.Connection

    def put_site_test(self, test: SiteTest) -> None:
        """Insert a test, or replace the one of the same id."""
        row = {"id": test.id, "seq": test.seq, "ended_at": test.ended_at, "row": _ENCODE(test)}
        self._connection.execute(_PUT, row)

    def put_site_test_code(self, code: SiteTestCode) -> None:
        """Insert a one-day code, or replace the one of the same id."""
        given = code.given
        row = {"id": code.id, "seq": code.seq, "code": given.code, "until": given.until, "row": _ENCODE(code)}
        self._connection.execute(_PUT_CODE, row)

    def put_zones_out(self, out: ZonesOut) -> None:
        """Insert zones out of service, or replace those of the same name."""
        row = {"id": out.id, "seq": out.seq, "ended_at": out.ended_at, "row": _ENCODE(out)}
        self._connection.execute(_PUT_OUT, row)
