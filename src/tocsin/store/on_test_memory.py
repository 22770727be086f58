"""Tests of sites, of the store in memory."""

from tocsin.model.on_test import SiteTest, SiteTestCode
from tocsin.model.out_of_service import ZonesOut
from tocsin.model.values import HexHash, Micros, Ref
from tocsin.store.memory_tables import InTables


class MemoryOnTestReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.OnTestStore`)."""

    def site_test(self, id_: Ref) -> SiteTest | None:
        """One test."""
        return self._tables.site_tests.get(id_)

    def site_tests(self, ended_after: Micros | None = None) -> list[SiteTest]:
        """Tests that go on, and with a time those that ended then or later, in the order in which they began."""
        return sorted(
            (
                test
                for test in self._tables.site_tests.values()
                if test.ended_at is None or (ended_after is not None and test.ended_at >= ended_after)
            ),
            key=lambda test: test.seq,
        )

    def site_test_code(self, code: HexHash) -> SiteTestCode | None:
        """The one-day code with this keyed hash, ended or not."""
        return next((one for one in self._tables.site_test_codes.values() if one.given.code == code), None)

    def site_test_codes(self, after: Micros) -> list[SiteTestCode]:
        """One-day codes whose time ends after `after`, ended ones too, in the order in which they were given."""
        found = (one for one in self._tables.site_test_codes.values() if one.given.until > after)
        return sorted(found, key=lambda one: one.seq)

    def zones_out_by(self, id_: Ref) -> ZonesOut | None:
        """What was taken out of service under this name."""
        return self._tables.outs.get(id_)

    def zones_out(self, ended_after: Micros | None = None) -> list[ZonesOut]:
        """Zones out of service, and with a time those put back then or later, in the order in which they were taken."""
        return sorted(
            (
                out
                for out in self._tables.outs.values()
                if out.ended_at is None or (ended_after is not None and out.ended_at >= ended_after)
            ),
            key=lambda out: out.seq,
        )


class MemoryOnTestWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.OnTestTransaction`)."""

    def put_site_test(self, test: SiteTest) -> None:
        """Insert a test, or replace the one of the same id."""
        self._tables.site_tests[test.id] = test

    def put_site_test_code(self, code: SiteTestCode) -> None:
        """Insert a one-day code, or replace the one of the same id."""
        self._tables.site_test_codes[code.id] = code

    def put_zones_out(self, out: ZonesOut) -> None:
        """Insert zones out of service, or replace those of the same name."""
        self._tables.outs[out.id] = out
