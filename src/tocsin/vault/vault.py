"""The vault: seals personal values under a key of the day, and forgets them by destroying that key.

A sealed value is a 12-byte nonce and AES-256-GCM of 32 random bytes and the value in msgpack; the class and the day are
authenticated with it. Its commitment, which the journal holds, is SHA-256 of what was encrypted: the random bytes make
it say nothing about the value, and they die with it.

Retention and a wrong clock. Keys belong to days, and a machine's clock can be wrong by years. So: a key is made for a
day only when something is sealed on it (at most `LIVING_KEYS_MAX` live; beyond that the newest is used on); and nothing
is destroyed for a day after the clock was seen to step by more than two days, so that a clock that is set right within
that day has harmed nothing. A key of a day that lies ahead of the clock was made while the clock was wrong; it is
destroyed when keys of as many days were made after it as its class lives.
Source: DESIGN.md, "Personal data and the vault".
"""

import re
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tocsin.model.errors import BadInput, KeyMissing
from tocsin.model.ports import Ids
from tocsin.model.signals import SealedPart
from tocsin.model.values import HexHash, KeyId, Micros, SealClass
from tocsin.vault.holder_keys import HolderKeys, holder_place
from tocsin.vault.keys_db import KeysDb
from tocsin.vault.master import KEY_BYTES, NONCE_BYTES, MasterKey

DAY_US: Final = 86_400_000_000
LIFE_DAYS: Final[Mapping[SealClass, int]] = {"intake": 14, "panel": 90}
"""How long a value of each class lives at most. A key dies so many days after its day began."""

SEALS_MAX: Final = 2**31
"""Values under one key: the chance that two random nonces are alike stays near 2^-35. Then the day gets another key."""
SEALS_BLOCK: Final = 2**24
"""Seals are counted in the file in blocks, ahead of use, so that a restart never counts too few."""

LIVING_KEYS_MAX: Final = 4096
CLOCK_STEP_MAX_US: Final = 2 * DAY_US
CLOCK_DOUBT_US: Final = DAY_US
SECRET_BYTES_MAX: Final = 8_192
SECRETS_MAX: Final = 100_000
"""Secrets put or deleted at once."""
NAMES_A_QUERY: Final = 500

_SALT_BYTES: Final = 32
_DRAW_BYTES: Final = NONCE_BYTES + _SALT_BYTES
_POOL_BYTES: Final = 65_536
_CLASSES: Final[tuple[SealClass, ...]] = ("intake", "panel")
_SECRET_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LASTING: Final = "centre."
_IDENTITY: Final = "centre.identity"
_HEAD: Final = "centre.head"
_NEXT_HEAD: Final = "centre.head-next"
_CHECK: Final = "centre.check"
_CHECK_VALUE: Final = b"tocsin keys.db 1"
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(SealedPart).decode


class _DayKey:
    """A key in memory, ready to seal and to open."""

    __slots__ = ("_aead", "aad", "decrypt", "encrypt", "id", "seals_left")

    def __init__(self, id_: KeyId, secret: bytes, seal_class: SealClass, day: int) -> None:
        self.id = id_
        self._aead = AESGCM(secret)
        self.encrypt = self._aead.encrypt
        self.decrypt = self._aead.decrypt
        self.aad = f"tocsin {seal_class} {day}".encode()
        self.seals_left = 0


class Vault:
    """Seals, opens and forgets (`model.ports.Sealer`); keeps secrets. May be used from any thread."""

    def __init__(self, keys: KeysDb, master: MasterKey, ids: Ids) -> None:
        """Work on an open `keys.db`; `create` and `load` are the ways in.

        Raises:
            KeyMissing: the master key is not the one that wrapped these keys.
        """
        self._keys = keys
        self._master = master
        self._ids = ids
        self._lock = threading.RLock()
        self._sealing: dict[SealClass, dict[int, _DayKey]] = {c: {} for c in _CLASSES}
        self._opening: dict[KeyId, _DayKey | None] = {}
        self._pool: deque[bytes] = deque()
        self.holders = HolderKeys(keys, master, ids)
        """Keys of incidents and sites."""
        if self.secret_get(_CHECK) != _CHECK_VALUE:
            raise KeyMissing("keys.db is damaged. Restore it from the newest backup of the keys", "keys.damaged")

    @classmethod
    def create(cls, path: Path, master: MasterKey, ids: Ids) -> "Vault":
        """Make a new `keys.db` with the centre's lasting keys, durable when this returns.

        Raises:
            Conflict: there is one already; it was not touched.
        """
        keys = KeysDb.create(path)
        with keys.transaction():
            lasting = {
                _CHECK: _CHECK_VALUE,
                _IDENTITY: ids.token_bytes(KEY_BYTES),
                _HEAD: Ed25519PrivateKey.from_private_bytes(ids.token_bytes(KEY_BYTES)).private_bytes_raw(),
            }
            _put(keys, master, ids, lasting)
        return cls(keys, master, ids)

    @classmethod
    def load(cls, path: Path, master: MasterKey, ids: Ids) -> "Vault":
        """Open an existing `keys.db`.

        Raises:
            KeyMissing: it is not there, or the master key does not fit; the message names the remedy.
            Conflict: a newer program wrote it.
            BadInput: others than its owner may read it.
        """
        keys = KeysDb(path)
        try:
            return cls(keys, master, ids)
        except BaseException:
            keys.close()
            raise

    def seal(self, seal_class: SealClass, at: Micros, part: SealedPart) -> tuple[KeyId, bytes, HexHash]:
        """Seal under the key of the UTC day of `at`; return the key's id, the sealed bytes and the commitment.

        The key is durable before this returns. After `prepare` for that day it costs no I/O. `at` is best the time of
        receipt: where the journal's `at` is held by a clock that ran back, it names a day that has not come.

        Raises:
            JournalFull, DiskFault: a key had to be made and could not be.
        """
        key = self._sealing[seal_class].get(at // DAY_US)
        if key is None or key.seals_left <= 0:
            key = self._sealing_key(seal_class, at // DAY_US)
        # Two threads may count one seal for two: the limit has room for that, and no lock is paid for each seal.
        key.seals_left -= 1
        try:
            # Taking from a deque is atomic, so no two threads get the same bytes.
            drawn = self._pool.pop()
        except IndexError:
            drawn = self._draw()
        nonce = drawn[:NONCE_BYTES]
        plain = drawn[NONCE_BYTES:] + _encode(part)
        return key.id, nonce + key.encrypt(nonce, plain, key.aad), HexHash(sha256(plain).hexdigest())

    def open(self, key: KeyId, sealed: bytes) -> SealedPart | None:
        """Return what was sealed, or None where its key has been destroyed.

        Raises:
            KeyMissing: there never was such a key, or it does not fit what was sealed.
        """
        try:
            found = self._opening[key]
        except KeyError:
            found = self._opening_key(key)
        if found is None:
            return None
        try:
            plain = found.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], found.aad)
        except (InvalidTag, ValueError):
            raise KeyMissing(
                f"A sealed value does not fit key {key}: the value is damaged, or keys.db belongs to another database",
                "vault.damaged",
            ) from None
        return _decode(plain[_SALT_BYTES:])

    def prepare(self, at: Micros) -> None:
        """Make the keys of today and tomorrow ready, so that sealing costs no I/O. Call at start and each hour.

        Raises:
            JournalFull, DiskFault: a key could not be made; sealing goes on as long as it has one for the day.
        """
        today = at // DAY_US
        for day in (today, today + 1):
            for seal_class in _CLASSES:
                key = self._sealing[seal_class].get(day)
                if key is None or key.seals_left <= SEALS_BLOCK // 4:
                    self._sealing_key(seal_class, day, ahead=True)

    def destroy_expired(
        self, now: Micros, *, is_clock_sure: bool = False, life_days: Mapping[SealClass, int] = LIFE_DAYS
    ) -> tuple[KeyId, ...]:
        """Destroy the keys whose time is over, for ever, and return their ids, rising. Call each hour, and at start.

        `now` is wall time. Where the clock stepped by more than two days since the last call, nothing is destroyed for
        a day, unless a person says that the clock is right (`is_clock_sure`). `life_days` may shorten, never lengthen.

        Raises:
            JournalFull, DiskFault: nothing was destroyed; try again.
        """
        with self._lock:
            is_in_doubt = self._is_clock_in_doubt(now) and not is_clock_sure
            due = () if is_in_doubt else self._due(now, life_days)
            if due:
                with self._keys.transaction():
                    for id_ in due:
                        self._keys.destroy(id_)
                        self._keys.rows("UPDATE day_keys SET destroyed_at = ? WHERE id = ?", (now, id_))
            self._forget(due)
        return due

    def destroyed(self) -> tuple[KeyId, ...]:
        """Ids of all keys that were ever destroyed, rising: to record those whose fact a power cut left out."""
        found = self._keys.rows("SELECT id FROM day_keys WHERE destroyed_at IS NOT NULL ORDER BY id")
        return tuple(KeyId(row[0]) for row in found)

    def secret_get(self, name: str) -> bytes:
        """Unwrap a secret.

        Raises:
            KeyMissing: there is none of this name, or the master key does not fit.
        """
        found = self._keys.rows(
            "SELECT s.id, w.value FROM secrets s JOIN wrapped w ON w.id = s.id WHERE s.name = ?", (name,)
        )
        if not found:
            raise KeyMissing(
                f"keys.db has no secret {name}. It may come from an older backup than the database: restore the newest "
                "backup of the keys",
                "keys.secret_missing",
            )
        return self._master.unwrap(bytes(found[0][1]), _secret_place(name, found[0][0]))

    def secrets_get(self, names: Sequence[str]) -> dict[str, bytes]:
        """Unwrap many secrets at once; those that are not there are left out. 100,000 take about a second.

        Raises:
            KeyMissing: the master key does not fit.
        """
        found: dict[str, bytes] = {}
        for begin in range(0, len(names), NAMES_A_QUERY):
            some = tuple(names[begin : begin + NAMES_A_QUERY])
            places = ",".join("?" * len(some))
            rows = self._keys.rows(
                "SELECT s.name, s.id, w.value FROM secrets s JOIN wrapped w ON w.id = s.id "  # noqa: S608 - marks alone
                f"WHERE s.name IN ({places})",
                some,
            )
            for name, id_, wrapped in rows:
                found[name] = self._master.unwrap(bytes(wrapped), _secret_place(name, id_))
        return found

    def secret_names(self, prefix: str) -> list[str]:
        """Names of the secrets that begin so, in order."""
        sql = "SELECT name FROM secrets WHERE substr(name, 1, ?) = ? ORDER BY name"
        return [str(row[0]) for row in self._keys.rows(sql, (len(prefix), prefix))]

    def secret_put(self, name: str, secret: bytes) -> None:
        """Wrap and store one secret in place of any of this name, which is destroyed. Durable when this returns.

        Raises:
            BadInput: the name or the length is outside what the vault takes.
        """
        self.secrets_put({name: secret})

    def secrets_put(self, secrets: Mapping[str, bytes]) -> None:
        """Wrap and store secrets, all or none, in place of any of these names. Durable when this returns.

        Raises:
            BadInput: a name or a length is outside what the vault takes, or they are more than 100,000.
            JournalFull, DiskFault: nothing was stored.
        """
        _refuse_too_many(len(secrets))
        for name, secret in secrets.items():
            _refuse_name(name)
            if not 1 <= len(secret) <= SECRET_BYTES_MAX:
                raise BadInput(
                    f"Secret {name} has {len(secret)} bytes, limits 1 and {SECRET_BYTES_MAX}. Nothing was stored",
                    "vault.secret_length",
                )
        if secrets:
            with self._lock, self._keys.transaction():
                _put(self._keys, self._master, self._ids, secrets)

    def secret_delete(self, name: str) -> None:
        """Destroy a secret, for ever. One that is not there stays so."""
        self.secrets_delete((name,))

    def secrets_delete(self, names: Sequence[str]) -> None:
        """Destroy secrets, all or none, for ever."""
        _refuse_too_many(len(names))
        for name in names:
            _refuse_name(name)
        if names:
            with self._lock, self._keys.transaction():
                for name in names:
                    _drop_secret(self._keys, name)

    def identity_key(self) -> bytes:
        """32 bytes, the centre's for ever: what makes repeats recognisable is hashed under it."""
        return self.secret_get(_IDENTITY)

    def head_signing_key(self) -> Ed25519PrivateKey:
        """The key that signs heads."""
        return Ed25519PrivateKey.from_private_bytes(self.secret_get(_HEAD))

    def next_head_key(self) -> Ed25519PrivateKey | None:
        """The key that was made to sign heads and does not sign them yet; None where there is none."""
        found = self.secrets_get([_NEXT_HEAD])
        return Ed25519PrivateKey.from_private_bytes(found[_NEXT_HEAD]) if found else None

    def make_next_head_key(self) -> Ed25519PrivateKey:
        """Make the key that shall sign heads, durable when this returns. It signs none before `take_next_head_key`."""
        key = Ed25519PrivateKey.from_private_bytes(self._ids.token_bytes(KEY_BYTES))
        with self._lock, self._keys.transaction():
            _put(self._keys, self._master, self._ids, {_NEXT_HEAD: key.private_bytes_raw()})
        return key

    def take_next_head_key(self) -> None:
        """Let the next key sign heads; the one before is destroyed. In one commit of keys.db."""
        with self._lock:
            secret = self.secret_get(_NEXT_HEAD)
            with self._keys.transaction():
                _put(self._keys, self._master, self._ids, {_HEAD: secret})
                _drop_secret(self._keys, _NEXT_HEAD)

    def drop_next_head_key(self) -> None:
        """The change of the key never came about."""
        with self._lock, self._keys.transaction():
            _drop_secret(self._keys, _NEXT_HEAD)

    def rewrap(self, master: MasterKey) -> int:
        """Wrap everything under another master key, all of it or nothing; return how many keys and secrets.

        In one commit of keys.db: killed before it the old key opens the file, after it the new one. Each wrapping is
        written over the one before, so the file keeps none of the old ones.

        Raises:
            JournalFull, DiskFault: nothing was changed.
        """
        with self._lock:
            places = [
                *(
                    (id_, _day_place(id_, seal_class, day))
                    for id_, seal_class, day in self._keys.rows(
                        "SELECT id, class, day FROM day_keys WHERE destroyed_at IS NULL"
                    )
                ),
                *((id_, _secret_place(name, id_)) for name, id_ in self._keys.rows("SELECT name, id FROM secrets")),
                *(
                    (id_, holder_place(id_))
                    for (id_,) in self._keys.rows("SELECT id FROM holder_keys WHERE destroyed_at IS NULL")
                ),
            ]
            with self._keys.transaction():
                for id_, place in places:
                    secret = self._master.unwrap(self._keys.wrapped(id_), place)
                    self._keys.rewrap(id_, master.wrap(self._ids.token_bytes(NONCE_BYTES), secret, place))
            self._master = master
            self.holders.use_master(master)
        return len(places)

    def close(self) -> None:
        """Let go of the file and of every key."""
        self.holders.close()
        with self._lock:
            self._forget(tuple(self._opening))
            self._opening.clear()
            self._keys.close()

    def _draw(self) -> bytes:
        """Fill the pool of random bytes, 64 KiB at a time, and take one draw."""
        drawn = self._ids.token_bytes(_POOL_BYTES - _POOL_BYTES % _DRAW_BYTES)
        self._pool.extend(drawn[i : i + _DRAW_BYTES] for i in range(_DRAW_BYTES, len(drawn), _DRAW_BYTES))
        return drawn[:_DRAW_BYTES]

    def _sealing_key(self, seal_class: SealClass, day: int, *, ahead: bool = False) -> _DayKey:
        """The key to seal with on a day, with seals counted ahead; made where there is none."""
        with self._lock:
            known = self._sealing[seal_class].get(day)
            if known is not None and known.seals_left > (SEALS_BLOCK // 4 if ahead else 0):
                return known
            with self._keys.transaction():
                id_ = self._pick(seal_class, day) or self._make(seal_class, day)
                self._keys.rows("UPDATE day_keys SET seals = seals + ? WHERE id = ?", (SEALS_BLOCK, id_))
            key = self._opening_key(id_)
            assert key is not None, "a key that was just picked lives"
            key.seals_left = max(key.seals_left, 0) + SEALS_BLOCK
            self._sealing[seal_class][day] = key
            return key

    def _pick(self, seal_class: SealClass, day: int) -> KeyId | None:
        """A living key of this day with seals left; the newest of any day where too many live; else None."""
        living = "SELECT id FROM day_keys WHERE destroyed_at IS NULL AND class = ?"
        found = self._keys.rows(
            f"{living} AND day = ? AND seals <= ? ORDER BY id DESC LIMIT 1",
            (seal_class, day, SEALS_MAX - SEALS_BLOCK),
        )
        if not found:
            count = self._keys.rows("SELECT count(*) FROM day_keys WHERE destroyed_at IS NULL")[0][0]
            if count >= LIVING_KEYS_MAX:
                found = self._keys.rows(f"{living} ORDER BY id DESC LIMIT 1", (seal_class,))
        return KeyId(found[0][0]) if found else None

    def _make(self, seal_class: SealClass, day: int) -> KeyId:
        """Make a day's key inside the transaction."""
        id_ = KeyId(self._keys.next_id())
        secret = self._ids.token_bytes(KEY_BYTES)
        nonce = self._ids.token_bytes(NONCE_BYTES)
        self._keys.add(id_, self._master.wrap(nonce, secret, _day_place(id_, seal_class, day)))
        self._keys.rows("INSERT INTO day_keys (id, class, day, seals) VALUES (?, ?, ?, 0)", (id_, seal_class, day))
        return id_

    def _opening_key(self, id_: KeyId) -> _DayKey | None:
        """The key from memory or from the file; None where it was destroyed."""
        with self._lock:
            if id_ in self._opening:
                return self._opening[id_]
            found = self._keys.rows("SELECT class, day, destroyed_at FROM day_keys WHERE id = ?", (id_,))
            wrapped = self._keys.wrapped(id_)
            key = None
            if not found:
                raise KeyMissing(f"keys.db has no day's key {id_}", "keys.unknown")
            seal_class, day, destroyed_at = found[0]
            if destroyed_at is None:
                key = _DayKey(id_, self._master.unwrap(wrapped, _day_place(id_, seal_class, day)), seal_class, day)
            self._opening[id_] = key
            return key

    def _due(self, now: Micros, life: Mapping[SealClass, int]) -> tuple[KeyId, ...]:
        """Keys whose time is over."""
        today = now // DAY_US
        rows = self._keys.rows("SELECT id, class, day, destroyed_at FROM day_keys ORDER BY id DESC")
        later: dict[SealClass, set[int]] = {c: set() for c in _CLASSES}
        due: list[KeyId] = []
        for id_, seal_class, day, destroyed_at in rows:
            life_days = min(life[seal_class], LIFE_DAYS[seal_class])
            is_over = day + life_days <= today
            is_ahead = day > today + 1
            if destroyed_at is None and (is_over or (is_ahead and len(later[seal_class]) >= life_days)):
                due.append(KeyId(id_))
            later[seal_class].add(day)
        return tuple(reversed(due))

    def is_clock_in_doubt(self, now: Micros) -> bool:
        """Whether the clock stepped by more than two days less than a day ago: then nothing is destroyed by time.

        It only looks; `destroy_expired` notes the time, each hour at least.
        """
        with self._lock:
            seen, until = self._keys.state("clock_seen"), self._keys.state("clock_doubted_until")
        return (seen is not None and abs(now - seen) > CLOCK_STEP_MAX_US) or (until is not None and now < until)

    def _is_clock_in_doubt(self, now: Micros) -> bool:
        """Note the time; say whether the clock stepped by more than two days less than a day ago."""
        seen, until = self._keys.state("clock_seen"), self._keys.state("clock_doubted_until")
        if seen is not None and abs(now - seen) > CLOCK_STEP_MAX_US:
            until = now + CLOCK_DOUBT_US
        elif until is not None and now >= until:
            until = None
        with self._keys.transaction():
            self._keys.set_state("clock_seen", now)
            self._keys.set_state("clock_doubted_until", until)
        return until is not None

    def _forget(self, ids: Sequence[KeyId]) -> None:
        """Drop keys from memory."""
        gone = set(ids)
        for id_ in gone:
            self._opening[id_] = None
        for keys in self._sealing.values():
            for day in [day for day, key in keys.items() if key.id in gone]:
                del keys[day]


def _put(keys: KeysDb, master: MasterKey, ids: Ids, secrets: Mapping[str, bytes]) -> None:
    """Wrap and store secrets inside the transaction; what they replace is destroyed."""
    for name, secret in secrets.items():
        _destroy_secret(keys, name)
        id_ = keys.next_id()
        keys.add(id_, master.wrap(ids.token_bytes(NONCE_BYTES), secret, _secret_place(name, id_)))
        keys.rows("INSERT OR REPLACE INTO secrets (name, id) VALUES (?, ?)", (name, id_))


def _drop_secret(keys: KeysDb, name: str) -> None:
    """Destroy a secret and forget its name, inside the transaction."""
    _destroy_secret(keys, name)
    keys.rows("DELETE FROM secrets WHERE name = ?", (name,))


def _destroy_secret(keys: KeysDb, name: str) -> None:
    for row in keys.rows("SELECT id FROM secrets WHERE name = ?", (name,)):
        keys.destroy(row[0])


def _day_place(id_: KeyId, seal_class: SealClass, day: int) -> bytes:
    """What a day's key is wrapped for: it opens in no other row."""
    return f"tocsin keys.db day_keys {id_} {seal_class} {day}".encode()


def _secret_place(name: str, id_: int) -> bytes:
    return f"tocsin keys.db secrets {id_} {name}".encode()


def _refuse_name(name: str) -> None:
    if not _SECRET_NAME.fullmatch(name) or name.startswith(_LASTING):
        raise BadInput(
            "A secret's name has 1 to 64 letters, digits, dots, dashes or underlines and does not begin with "
            f"`{_LASTING}`. Nothing was changed",
            "vault.secret_name",
        )


def _refuse_too_many(count: int) -> None:
    if count > SECRETS_MAX:
        raise BadInput(f"{count} secrets at once, limit {SECRETS_MAX}. Nothing was changed", "vault.too_many")
