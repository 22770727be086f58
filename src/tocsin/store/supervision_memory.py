"""Missing paths and what is armed, of the store in memory."""

from collections.abc import Collection, Iterable

from tocsin.model.supervision import Arming, Outage, PathRole
from tocsin.model.values import Code, Ref
from tocsin.store.memory_tables import InTables


class MemorySupervisionReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.SupervisionStore`)."""

    def outages(self, accounts: Collection[Ref] | None = None) -> list[Outage]:
        """Missing paths, all or those of some accounts, by account and path."""
        rows = sorted(self._tables.outages.items())
        return [row for (account, _), row in rows if accounts is None or account in accounts]

    def armed(self, accounts: Collection[Ref] | None = None) -> list[Arming]:
        """What is armed, of all or of some accounts, by account and partition."""
        found = (row for _, row in sorted(self._tables.armed.items()))
        return [row for row in found if accounts is None or row.account_id in accounts]


class MemorySupervisionWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.SupervisionTransaction`)."""

    def outage(self, account_id: Ref, path: PathRole) -> Outage | None:
        """One missing path."""
        return self._tables.outages.get((account_id, path))

    def outage_count(self, incident: Ref) -> int:
        """How many paths of an incident are missing."""
        return sum(row.incident == incident for row in self._tables.outages.values())

    def put_outages(self, outages: Iterable[Outage]) -> None:
        """Insert missing paths, or replace those of the same account and path."""
        self._tables.outages.update({(row.account_id, row.path): row for row in outages})

    def drop_outages(self, paths: Iterable[tuple[Ref, PathRole]]) -> None:
        """These are missing no more."""
        for path in paths:
            self._tables.outages.pop(path, None)

    def is_armed(self, account_id: Ref, partition: Code | None = None) -> bool:
        """Some partition of the account is armed, as far as its panel said; or this one, by itself or with all."""
        found = [of for account, of in self._tables.armed if account == account_id]
        if partition is None:
            return bool(found)
        bare = partition.lstrip("0").upper()
        return any(not of or of.lstrip("0").upper() == bare for of in found)

    def is_site_armed(self, site_id: Ref) -> bool:
        """Some partition of some account of the site is armed, as far as their panels said."""
        found = (self._tables.accounts.get(account) for account, _ in self._tables.armed)
        return any(account is not None and account.row.site_id == site_id for account in found)

    def arm(self, armings: Iterable[Arming]) -> None:
        """These partitions are armed."""
        self._tables.armed.update({(row.account_id, row.partition): row for row in armings})

    def disarm(self, account_id: Ref, partition: Code | None) -> None:
        """A partition is not armed any more; with None, nothing of the account is."""
        armed = self._tables.armed
        for key in [key for key in armed if key[0] == account_id and partition in (None, key[1])]:
            del armed[key]
