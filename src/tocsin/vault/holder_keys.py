"""Keys of holders (incidents, sites): made ahead in a pool, durable before use, each destroyed alone.

`keys.db` says which keys there are, `tocsin.db` says whose they are: so an incident gets its key in the transaction of
its own facts, and no fsync is paid for it. Keys are handed out in rising order, and after a start only those above the
highest that anybody has: a key that was drawn for something that never committed is never used again.
"""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Final

import structlog

from tocsin.model.errors import CentreFault, KeyMissing
from tocsin.model.ports import Ids
from tocsin.model.values import KeyId, Micros
from tocsin.vault.keys_db import KeysDb
from tocsin.vault.master import KEY_BYTES, NONCE_BYTES, MasterKey

POOL: Final = 2_048
"""Keys that lie ready: a flood opens hundreds of incidents a second."""

LOW: Final = 1_024
"""With fewer left, more are made, in a thread beside."""

AT_ONCE: Final = 256
"""So many are made where none is left and somebody waits: one commit of keys.db for all of them."""

_LOG = structlog.get_logger("vault")


class HolderKeys:
    """The pool, and the keys that were drawn from it. May be used from any thread."""

    def __init__(self, keys: KeysDb, master: MasterKey, ids: Ids) -> None:
        """Work on an open `keys.db`; `start` before the first key is drawn."""
        self._keys = keys
        self._master = master
        self._ids = ids
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._pool: deque[tuple[KeyId, bytes]] = deque()
        self._maker: threading.Thread | None = None
        self._is_closed = False
        self.waits = 0
        """How often somebody had to wait since none was left."""

    @property
    def ready(self) -> int:
        """How many lie ready."""
        return len(self._pool)

    def start(self, highest: KeyId) -> None:
        """Take up what an earlier process made and nobody got; `highest` is the highest key that anybody has.

        Where `keys.db` is older than the database, no number that somebody has already is given again.
        """
        with self._making:
            if self._keys.last_id() < highest:
                _LOG.warning("vault.keys_older", highest=highest)
                with self._keys.transaction():
                    self._keys.skip_to(highest)
            rows = self._keys.rows(
                "SELECT h.id, w.value FROM holder_keys h JOIN wrapped w ON w.id = h.id "
                "WHERE h.destroyed_at IS NULL AND h.id > ? ORDER BY h.id LIMIT ?",
                (highest, POOL),
            )
            found = [(KeyId(id_), self._master.unwrap(bytes(value), holder_place(id_))) for id_, value in rows]
            with self._lock:
                self._pool = deque(found)

    def prepare(self) -> None:
        """Fill the pool, so that drawing costs no I/O. At the start, and now and then.

        Raises:
            JournalFull, DiskFault: no key could be made; those that are there can still be drawn.
        """
        if len(self._pool) <= LOW:
            self._make(POOL - len(self._pool))

    def draw(self) -> tuple[KeyId, bytes]:
        """Take a key, which nobody else gets: its number and its 32 bytes. It is durable.

        Raises:
            JournalFull, DiskFault: none was left and none could be made.
        """
        while True:
            try:
                drawn = self._pool.popleft()
            except IndexError:
                if self._is_closed:
                    raise KeyMissing("The vault is closed: no key can be drawn", "vault.closed") from None
                self.waits += 1
                self._make(AT_ONCE)
                continue
            if len(self._pool) < LOW:
                self._make_soon()
            return drawn

    def get(self, id_: KeyId) -> bytes | None:
        """The 32 bytes of a key; None where it was destroyed.

        Raises:
            KeyMissing: there never was such a key.
        """
        found = self._keys.rows(
            "SELECT h.destroyed_at, w.value FROM holder_keys h JOIN wrapped w ON w.id = h.id WHERE h.id = ?", (id_,)
        )
        if not found:
            raise KeyMissing(
                f"keys.db has no holder's key {id_}. It may come from an older backup than the database: restore the "
                "newest backup of the keys",
                "keys.unknown",
            )
        if found[0][0] is not None:
            return None
        return self._master.unwrap(bytes(found[0][1]), holder_place(id_))

    def destroy(self, ids: Sequence[KeyId], names: Sequence[str], now: Micros) -> None:
        """Destroy keys, and secrets of these names, for ever, all or none. What is destroyed already stays so.

        Raises:
            JournalFull, DiskFault: nothing was destroyed; try again.
        """
        with self._keys.transaction():
            for id_ in ids:
                self._keys.destroy(id_)
                self._keys.rows(
                    "UPDATE holder_keys SET destroyed_at = ? WHERE id = ? AND destroyed_at IS NULL", (now, id_)
                )
            for name in names:
                for row in self._keys.rows("SELECT id FROM secrets WHERE name = ?", (name,)):
                    self._keys.destroy(row[0])
                self._keys.rows("DELETE FROM secrets WHERE name = ?", (name,))

    def names(self, prefix: str) -> list[str]:
        """Names of the secrets that begin so, in order: letters, digits and dashes, ended by a dash."""
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        rows = self._keys.rows("SELECT name FROM secrets WHERE name >= ? AND name < ? ORDER BY name", (prefix, end))
        return [row[0] for row in rows]

    def use_master(self, master: MasterKey) -> None:
        """Wrap and unwrap by another master key from now on: all keys were wrapped anew."""
        self._master = master

    def close(self) -> None:
        """Make no more; forget what lies ready."""
        self._is_closed = True
        maker = self._maker
        if maker is not None:
            maker.join()
        self._pool.clear()

    def _make_soon(self) -> None:
        """Fill the pool in a thread, one at a time: whoever draws must not wait for the disk."""
        with self._lock:
            if self._is_closed or (self._maker is not None and self._maker.is_alive()):
                return
            self._maker = threading.Thread(target=self._fill_quietly, name="vault-keys", daemon=True)
            self._maker.start()

    def _fill_quietly(self) -> None:
        try:
            self._make(POOL - len(self._pool))
        except CentreFault as fault:
            _LOG.warning("vault.keys_not_made", code=fault.code, ready=len(self._pool))

    def _make(self, count: int) -> None:
        """Make keys in one commit. Whoever waited for another's turn finds the pool filled."""
        with self._making:
            count = min(count, POOL - len(self._pool))
            if count <= 0 or self._is_closed:
                return
            secrets = [self._ids.token_bytes(KEY_BYTES) for _ in range(count)]
            with self._keys.transaction():
                made = [(KeyId(id_), secret) for id_, secret in enumerate(secrets, self._keys.next_id())]
                self._keys.add_holders(
                    [
                        (id_, self._master.wrap(self._ids.token_bytes(NONCE_BYTES), secret, holder_place(id_)))
                        for id_, secret in made
                    ]
                )
            self._pool.extend(made)


def holder_place(id_: int) -> bytes:
    """What a holder's key is wrapped for: it opens in no other row."""
    return f"tocsin keys.db holder_keys {id_}".encode()
