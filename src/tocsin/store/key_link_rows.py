"""One-time links to keys of accounts, as SQL."""

from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.key_links import KeyLink
from tocsin.model.values import HexHash, Micros, Ref
from tocsin.store.reading import SqlReads
from tocsin.store.schema import KEY_LINKS

_ENCODE: Final = msgspec.json.Encoder().encode
_DECODE: Final = msgspec.json.Decoder(KeyLink).decode
_INSERT: Final = insert(KEY_LINKS)
_PUT: Final = _INSERT.on_conflict_do_update(index_elements=["id"], set_={"row": _INSERT.excluded["row"]})


class KeyLinkReads(SqlReads):
    """What `SqliteStore` reads of them (`model.ports.KeyLinkStore`)."""

    def key_link(self, secret: HexHash) -> KeyLink | None:
        """The link with this keyed hash, whatever became of it."""
        found = sa.select(KEY_LINKS.c.row).where(KEY_LINKS.c.secret == secret)
        with self._read() as connection:
            row = connection.execute(found).scalar()
        return None if row is None else _DECODE(row)

    def key_links(self, account_id: Ref | None = None, after: Micros | None = None) -> list[KeyLink]:
        """Links of all accounts or of one, all or those whose time ends after `after`, in the order of giving."""
        wanted = sa.select(KEY_LINKS.c.row).order_by(KEY_LINKS.c.seq)
        if account_id is not None:
            wanted = wanted.where(KEY_LINKS.c.account == account_id)
        if after is not None:
            wanted = wanted.where(KEY_LINKS.c.until > after)
        with self._read() as connection:
            return [_DECODE(row) for row in connection.execute(wanted).scalars()]


class KeyLinkWrites:
    """What `SqliteTransaction` does to them (`model.ports.KeyLinkTransaction`)."""

    _connection: sa.Connection

    def put_key_link(self, link: KeyLink) -> None:
        """Insert a link, or replace the one of the same id."""
        given = link.given
        row = {"id": link.id, "seq": link.seq, "account": given.account_id, "secret": given.secret}
        self._connection.execute(_PUT, row | {"until": given.until, "row": _ENCODE(link)})
