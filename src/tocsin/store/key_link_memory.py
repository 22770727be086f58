"""One-time links to keys of accounts, of the store in memory."""

from tocsin.model.key_links import KeyLink
from tocsin.model.values import HexHash, Micros, Ref
from tocsin.store.memory_tables import InTables


class MemoryKeyLinkReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.KeyLinkStore`)."""

    def key_link(self, secret: HexHash) -> KeyLink | None:
        """The link with this keyed hash, whatever became of it."""
        return next((one for one in self._tables.key_links.values() if one.given.secret == secret), None)

    def key_links(self, account_id: Ref | None = None, after: Micros | None = None) -> list[KeyLink]:
        """Links of all accounts or of one, all or those whose time ends after `after`, in the order of giving."""
        found = (
            one
            for one in self._tables.key_links.values()
            if account_id in (None, one.given.account_id) and (after is None or one.given.until > after)
        )
        return sorted(found, key=lambda one: one.seq)


class MemoryKeyLinkWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.KeyLinkTransaction`)."""

    def put_key_link(self, link: KeyLink) -> None:
        """Insert a link, or replace the one of the same id."""
        self._tables.key_links[link.id] = link
