"""Names of accounts, sites and zones for those who look at screens: opened in the vault, kept in memory alone.

What is opened is kept until its row changes, since a queue of 2,000 incidents asks for the same few names each time.
Nothing here goes into a log, an error, or the live stream.
"""

import threading
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, Protocol

import msgspec

from tocsin.centre.account_parts import part_names
from tocsin.centre.table_plan import folded
from tocsin.centre.texts import open_rows
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.errors import BadInput
from tocsin.model.ports import Store
from tocsin.model.sites import Site, SiteRow, Zone
from tocsin.model.values import AccountNumber, Code, Place, Ref

CONFIG: Final = Code("config")
"""Name of the small value that holds the version of the configuration."""


class AccountName(msgspec.Struct, frozen=True, gc=False):
    """An account as screens name it."""

    account: AccountNumber
    name: Place | None
    site_id: Ref | None
    partitions: Place | None = None
    paths: Place | None = None


class SiteName(msgspec.Struct, frozen=True, gc=False):
    """A site as screens name it."""

    row: SiteRow
    """The whole row, its texts in clear."""

    @property
    def name(self) -> Place | None:
        """What the room calls it."""
        return self.row.name


class ChangedRows(Protocol):
    """What a change of the configuration made (`configuration.Changed`)."""

    @property
    def config(self) -> int:
        """The version of the configuration that it made."""
        ...

    @property
    def sites(self) -> Sequence[Site]:
        """Sites that it set or removed."""
        ...

    @property
    def accounts(self) -> Sequence[Account]:
        """Accounts that it set or removed."""
        ...

    @property
    def zones(self) -> Sequence[Zone]:
        """Zones that it set or removed."""
        ...


class PlaceNames:
    """Tells names by id. May be used from any thread; the first question for a name reads it from the disk."""

    def __init__(self, store: Store, secrets_get: Callable[[Sequence[str]], Mapping[str, bytes]]) -> None:
        """Read rows from `store` and texts with `secrets_get`."""
        self._store = store
        self._secrets_get = secrets_get
        self.config = int(store.get_meta(CONFIG) or 0)
        """Version of the configuration that no name is older than."""
        self._lock = threading.Lock()
        self._changes: deque[ChangedRows] = deque()
        self._accounts: dict[Ref, AccountName] = {}
        self._sites: dict[Ref, SiteName | None] = {}
        self._zones: dict[Ref, dict[Code, Place]] = {}
        self._order: list[tuple[str, Ref]] | None = None
        """Every site by its name; None until somebody asks for a list."""
        self._folded: dict[Ref, str] = {}

    def accounts(self, ids: Iterable[Ref]) -> dict[Ref, AccountName]:
        """Accounts by id; those that are not there are left out."""
        wanted = set(ids)
        with self._lock:
            self._take_changes()
            if missing := wanted - self._accounts.keys():
                found = self._store.accounts(missing)
                for account, row in zip(found, self._opened(found), strict=True):
                    self._accounts[account.id] = AccountName(
                        row.account, row.name, row.site_id, row.partitions, row.paths
                    )
            # What is not there is not remembered: anybody may ask for any id.
            return {id_: self._accounts[id_] for id_ in wanted if id_ in self._accounts}

    def sites(self, ids: Iterable[Ref]) -> dict[Ref, SiteName]:
        """Sites by id; those that are not there are left out."""
        wanted = set(ids)
        with self._lock:
            self._take_changes()
            self._read_sites(wanted - self._sites.keys())
            for id_ in wanted:
                if self._sites[id_] is None:
                    del self._sites[id_]
            return {id_: name for id_ in wanted if (name := self._sites.get(id_)) is not None}

    def zones(self, account_ids: Iterable[Ref]) -> dict[Ref, dict[Code, Place]]:
        """Names of the zones of accounts, by number without leading zeros; zones without a name are left out.

        With those of partitions and paths, under the words by which incidents name them (`centre.account_parts`).
        """
        wanted = set(account_ids)
        with self._lock:
            self._take_changes()
            if missing := wanted - self._zones.keys():
                found = self._store.zones(missing)
                for id_ in missing:
                    self._zones[id_] = {}
                for row in open_rows((zone.row for zone in found), self._secrets_get):
                    if row.name is not None:
                        self._zones[row.account_id][row.number] = row.name
                accounts = self._store.accounts(missing)
                for account, opened in zip(accounts, self._opened(accounts), strict=True):
                    self._zones[account.id].update(part_names(opened))
            return {id_: self._zones[id_] for id_ in wanted}

    def site_page(self, after: Ref | None, limit: int, words: str = "") -> tuple[list[Ref], int]:
        """Sites by name, at most `limit`, that come after the site `after`; and how many there are in all.

        `words`: how the name, or a word in it, begins. Places may be looked for by name; people never (SCOPE.md, R7).

        Raises:
            BadInput: the site `after` is not there any more.
        """
        sought = f" {folded(words)}" if words else ""
        with self._lock:
            self._take_changes()
            order = self._ordered()
            begin = 0
            if after is not None:
                if after not in self._folded:
                    raise BadInput(
                        "The site that the page begins after was removed. Nothing was read. Begin with the first page",
                        "sites.after",
                    )
                begin = bisect_right(order, (self._folded[after], after))
            if not sought:
                return [id_ for _, id_ in order[begin : begin + limit]], len(order)
            fitting = [at for at, (name, _) in enumerate(order) if sought in f" {name}"]
            return [order[at][1] for at in fitting if at >= begin][:limit], len(fitting)

    def site_named(self, name: str) -> Ref | None:
        """The site of this name, without case."""
        sought = folded(name)
        with self._lock:
            self._take_changes()
            order = self._ordered()
            at = bisect_left(order, (sought, Ref("")))
            return order[at][1] if at < len(order) and order[at][0] == sought else None

    def forget(self, changed: ChangedRows) -> None:
        """These were changed: read them anew. Never waits, since the writer itself calls it."""
        self._changes.append(changed)
        self.config = changed.config

    def _take_changes(self) -> None:
        """Under the lock: let go of what was changed."""
        while self._changes:
            changed = self._changes.popleft()
            for account in changed.accounts:
                self._accounts.pop(account.id, None)
                self._zones.pop(account.id, None)  # its parts are named there too
            for zone in changed.zones:
                self._zones.pop(zone.row.account_id, None)
            for site in changed.sites:
                self._sites.pop(site.id, None)
            self._reorder(changed.sites)

    def _read_sites(self, missing: Collection[Ref]) -> None:
        if not missing:
            return
        found = self._store.sites(missing)
        self._sites.update(dict.fromkeys(missing))
        for site, row in zip(found, open_rows((site.row for site in found), self._secrets_get), strict=True):
            self._sites[site.id] = SiteName(row)

    def _opened(self, accounts: Sequence[Account]) -> list[AccountRow]:
        return open_rows((account.row for account in accounts), self._secrets_get)

    def _ordered(self) -> list[tuple[str, Ref]]:
        if self._order is None:
            self._read_sites({site.id for site in self._store.sites()} - self._sites.keys())
            self._folded = {
                id_: "" if name.name is None else folded(name.name)
                for id_, name in self._sites.items()
                if name is not None
            }
            self._order = sorted((name, id_) for id_, name in self._folded.items())
        return self._order

    def _reorder(self, sites: Sequence[Site]) -> None:
        """Put changed sites where their names now stand: a list of 100,000 is not opened again for one."""
        if self._order is None:
            return
        self._read_sites({site.id for site in sites})
        for site in sites:
            old = self._folded.pop(site.id, None)
            if old is not None:
                del self._order[bisect_left(self._order, (old, site.id))]
            name = self._sites[site.id]
            if name is not None:
                self._folded[site.id] = "" if name.name is None else folded(name.name)
                insort(self._order, (self._folded[site.id], site.id))


__all__ = ["AccountName", "PlaceNames", "SiteName"]
