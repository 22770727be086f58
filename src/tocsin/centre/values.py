"""Values under their holders' keys: sealed by any thread, stored with their facts, opened as long as the key lives.

A value's name is its commitment, so the fact that names it commits to it: SHA-256 of 32 random bytes and the value.
Those bytes die with the key. A holder's first value takes a key from the pool; the table `holder_keys` says so in the
transaction that stores the value. Until then nobody has the key, and what was sealed and never stored is nowhere.
"""

import hmac
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final, Protocol

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tocsin.journal.journal import Journal
from tocsin.model.errors import BadInput, Conflict, KeyMissing
from tocsin.model.journal import EntryRow
from tocsin.model.ports import Appender, Ids, Sealer, Store, StoreTransaction
from tocsin.model.signals import SealedPart
from tocsin.model.values import Code, HexHash, KeyId, Micros, Ref, Seq
from tocsin.model.vault import SIGNAL_FIELD, VALUE_PREFIX, SealedValue, ValueRow

VALUE_BYTES_MAX: Final = 65_536
HOLDERS_KEPT: Final = 20_000
"""Keys of so many holders stay in memory; the others are unwrapped again, which takes a tenth of a millisecond."""

NONCE_BYTES: Final = 12
SALT_BYTES: Final = 32
INCIDENT: Final = Code("incident")
WAITING: Final = Code("erasures_waiting")
"""Small value: the incidents whose erasure a restore put off, each with the time to which, as JSON."""

RELEASED_AT: Final = Code("erasures_released_at")
"""Small value: the time to which people moved the erasures that waited, so that nobody sees them until they ran."""

_HOLDER: Final = re.compile(r"[a-z]{1,20}-[0-9]{1,16}")
_DIGEST_PURPOSE: Final = b"tocsin value digest 1"
_NO_DIGEST: Final = HexHash("")
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_COPY: Final = msgspec.msgpack.Decoder(tuple[Seq, SealedPart])
_WAITING: Final = msgspec.json.Decoder(dict[Ref, Micros])
_LOG = structlog.get_logger("vault")


class Keys(Protocol):
    """Where holders' keys come from (`vault.HolderKeys`)."""

    def start(self, highest: KeyId) -> None:
        """Take up what an earlier process made."""
        ...

    def prepare(self) -> None:
        """Make keys ahead."""
        ...

    def draw(self) -> tuple[KeyId, bytes]:
        """Take one that nobody has."""
        ...

    def get(self, id_: KeyId) -> bytes | None:
        """One that somebody has; None where it was destroyed."""
        ...

    def destroy(self, ids: Sequence[KeyId], names: Sequence[str], now: Micros) -> None:
        """Destroy keys, and secrets by name, for ever."""
        ...

    def names(self, prefix: str) -> list[str]:
        """Names of the secrets that begin so."""
        ...


class _Key:
    """A key in memory."""

    __slots__ = ("aead", "id", "secret")

    def __init__(self, id_: KeyId, secret: bytes) -> None:
        self.id = id_
        self.secret = secret
        self.aead = AESGCM(secret)


class Values:
    """Seals values under their holders' keys and opens them. May be used from any thread."""

    def __init__(self, *, store: Store, keys: Keys, sealer: Sealer, ids: Ids) -> None:
        """Work on these; `sealer` opens what was sealed under a day's key, to copy it."""
        self._store = store
        self._keys = keys
        self._sealer = sealer
        self._ids = ids
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._waiting: dict[Ref, Micros] | None = None
        self._released_at: Micros | None = None
        self._is_started = False
        self._by_holder: OrderedDict[Ref, _Key] = OrderedDict()
        self._by_id: OrderedDict[KeyId, _Key] = OrderedDict()
        self._dead: set[KeyId] = set()
        """Destroyed since the start: what was sealed under one just before must not be stored."""

    def prepare(self) -> None:
        """Make keys ahead, so that sealing costs no I/O. At the start, and now and then.

        Raises:
            JournalFull, DiskFault: none could be made; those that are there can still be used.
        """
        self._start()
        self._keys.prepare()

    def seal(
        self, holder: Ref, field: Code, value: bytes, *, is_new: bool = False, most: int = VALUE_BYTES_MAX
    ) -> SealedValue:
        """Seal a value under the holder's key. Nothing is stored: hand it on with the fact that names it.

        `is_new`: the holder is being made, so nobody looks for a key that it has already. `most`: a picture may be
        longer than a text.

        Raises:
            BadInput: the value has more than `most` bytes.
            JournalFull, DiskFault: the holder needs a key, and none could be made.
        """
        if len(value) > most:
            raise BadInput(f"A text has {len(value)} bytes, limit {most}. Nothing was stored. Shorten it", "vault.long")
        key = self._key_of(holder, is_new=is_new)
        return self._sealed(key, holder, field, value, _digest_of(key, field, value))

    def digest(self, holder: Ref, field: Code, value: bytes) -> HexHash:
        """Keyed hash of a value under the holder's key, as `seal` has it. Nothing is sealed.

        Of a holder that nothing was stored of, the key and so the hash may be others after a restart.

        Raises:
            JournalFull, DiskFault: the holder needs a key, and none could be made.
        """
        return _digest_of(self._key_of(holder, is_new=False), field, value)

    def waiting(self) -> dict[Ref, Micros]:
        """Incidents whose erasure a restore put off, and to when. Only a restore changes it."""
        if self._waiting is None:
            self._waiting = _WAITING.decode(self._store.get_meta(WAITING) or "{}")
            self._released_at = _at(self._store.get_meta(RELEASED_AT))
        return self._waiting

    def put_off(
        self, journal: Journal, waiting: dict[Ref, Micros], work: Callable[[StoreTransaction, Appender], None]
    ) -> None:
        """In a restore: note what waits from now on, in the transaction in which `work` moves its timers."""

        def both(transaction: StoreTransaction, appender: Appender) -> None:
            work(transaction, appender)
            transaction.put_meta(WAITING, msgspec.json.encode(waiting).decode())

        journal.decide(both)
        self._waiting = waiting

    def released_at(self) -> Micros | None:
        """The time to which people moved erasures that waited; None where nobody ever did."""
        self.waiting()
        return self._released_at

    def release(self, journal: Journal, at: Micros) -> Micros:
        """Note that erasures which wait will be moved to `at`, before the first is. In the writer's turn."""
        journal.record([], lambda transaction, _seqs: transaction.put_meta(RELEASED_AT, str(at)))
        self.waiting()
        self._released_at = at
        return at

    def is_waiting(self, holder: Ref) -> bool:
        """The holder's texts fell due after the backup that they come from, and nobody has decided on them yet.

        Then they are shown to nobody. A legal hold or a reopening moves or ends the timer, and with it the waiting.
        Where people let it go, it waits until the timer has run.
        """
        due_at = self.waiting().get(holder)
        if due_at is None:
            return False
        timer = self._store.timer(INCIDENT, holder)
        return timer is not None and timer.due_at in (due_at, self._released_at)

    def open(self, rows: Sequence[ValueRow], *, even_waiting: bool = False) -> dict[Ref, bytes]:
        """What the rows hold, by their names. Those whose key was destroyed or is lost are left out.

        And those that wait for their erasure (`is_waiting`), unless nobody is shown what is opened.
        """
        holders = set[Ref]() if even_waiting else {row.holder for row in rows}
        closed = {one for one in holders if self.is_waiting(one)}
        opened: dict[Ref, bytes] = {}
        for row in rows:
            key = None if row.holder in closed else self._key(row.key)
            if key is None:
                continue
            try:
                plain = key.aead.decrypt(
                    row.sealed[:NONCE_BYTES], row.sealed[NONCE_BYTES:], _place(row.holder, row.field)
                )
            except (InvalidTag, ValueError):
                _LOG.error("vault.value_damaged", holder=row.holder, field=row.field, key=row.key)
                continue
            opened[row.ref] = plain[SALT_BYTES:]
        return opened

    def copy_signal(self, holder: Ref, row: EntryRow, *, is_new: bool = False) -> SealedValue | None:
        """Seal again, under the holder's key, what was sealed with a signal; None where it has or had nothing.

        What tells a repeat is left out: it belongs to the day's key alone.

        Raises:
            KeyMissing: the day's key is lost.
            JournalFull, DiskFault: as `seal`.
        """
        if row.key is None or row.sealed is None:
            return None
        part = self._sealer.open(row.key, row.sealed)
        if part is None:
            return None
        part.identity = part.identity_since = part.identity_until = None
        key = self._key_of(holder, is_new=is_new)
        return self._sealed(key, holder, SIGNAL_FIELD, _ENCODE((row.seq, part)), _NO_DIGEST)

    def open_signals(self, rows: Sequence[ValueRow], *, even_waiting: bool = False) -> dict[Seq, SealedPart]:
        """What copies of signals hold, by the signals' seqs; as `open`."""
        opened = self.open(rows, even_waiting=even_waiting)
        return dict(_COPY.decode(value) for value in opened.values())

    def store(self, transaction: StoreTransaction, values: Sequence[SealedValue], at: Micros) -> None:
        """Store sealed values, in the transaction of the facts that name them. In the writer's turn.

        Raises:
            Conflict: the holder's key was destroyed after the value was sealed. Doing it again can help.
        """
        if any(value.key in self._dead for value in values):
            raise Conflict(
                "The data of this incident were erased at this very moment. Nothing was stored. Look at it again",
                "incident.erased",
            )
        transaction.put_values(
            [
                ValueRow(ref=one.ref, holder=one.holder, field=one.field, key=one.key, sealed=one.sealed, at=at)
                for one in values
            ]
        )

    def destroy(self, holders: Sequence[Ref], names: Sequence[str], now: Micros) -> dict[Ref, tuple[KeyId, ...]]:
        """Destroy the keys of holders, and secrets by name, for ever; return which keys they were.

        In the writer's turn, before the rows go: what is destroyed already is destroyed again.

        Raises:
            JournalFull, DiskFault: nothing was destroyed.
        """
        keys = {holder: tuple(self._store.holder_keys(holder)) for holder in holders}
        with self._lock:
            # A key that was drawn and never stored under goes too: what was sealed under it must not come later.
            drawn = [key.id for holder in holders if (key := self._by_holder.get(holder)) is not None]
        gone = sorted({*drawn, *(key for some in keys.values() for key in some)})
        if gone or names:
            self._start()
            self._keys.destroy(gone, names, now)
        with self._lock:
            self._dead.update(gone)
            for holder in holders:
                self._by_holder.pop(holder, None)
            for id_ in gone:
                self._by_id.pop(id_, None)
        return keys

    def old_names(self, prefix: str) -> list[str]:
        """Names of secrets that begin so: texts that the first release kept by themselves."""
        return self._keys.names(prefix)

    def _sealed(self, key: _Key, holder: Ref, field: Code, value: bytes, digest: HexHash) -> SealedValue:
        drawn = self._ids.token_bytes(NONCE_BYTES + SALT_BYTES)
        nonce, plain = drawn[:NONCE_BYTES], drawn[NONCE_BYTES:] + value
        return SealedValue(
            ref=Ref(VALUE_PREFIX + sha256(plain).hexdigest()),
            holder=holder,
            field=field,
            key=key.id,
            sealed=nonce + key.aead.encrypt(nonce, plain, _place(holder, field)),
            digest=digest,
        )

    def _key_of(self, holder: Ref, *, is_new: bool) -> _Key:
        """The key that a holder seals under; a new one where it has none."""
        with self._lock:
            if (key := self._by_holder.get(holder)) is not None:
                self._by_holder.move_to_end(holder)
                return key
        if not _HOLDER.fullmatch(holder):
            raise BadInput("Nobody of this name holds values. Nothing was stored", "vault.holder")
        self._start()
        known = None if is_new else self._living(holder)
        with self._lock:
            if (key := self._by_holder.get(holder)) is None:  # nobody else was the first meanwhile
                key = known or _Key(*self._keys.draw())
                self._by_holder[holder] = key
                _keep(self._by_holder)
            return key

    def _living(self, holder: Ref) -> _Key | None:
        """The first key of a holder that lives."""
        for id_ in self._store.holder_keys(holder):
            if (key := self._key(id_)) is not None:
                return key
        return None

    def _key(self, id_: KeyId) -> _Key | None:
        """A key by its number; None where it was destroyed, or is lost."""
        with self._lock:
            if id_ in self._dead:
                return None
            if (key := self._by_id.get(id_)) is not None:
                return key
        try:
            secret = self._keys.get(id_)
        except KeyMissing:
            _LOG.error("vault.key_lost", key=id_)
            return None
        if secret is None:
            return None
        with self._lock:
            if id_ in self._dead:
                return None
            key = self._by_id[id_] = _Key(id_, secret)
            _keep(self._by_id)
        return key

    def _start(self) -> None:
        if not self._is_started:
            with self._starting:
                if not self._is_started:
                    self._keys.start(self._store.highest_holder_key())
                    self._is_started = True


def _at(text: str | None) -> Micros | None:
    return None if text is None else Micros(int(text))


def _keep(kept: OrderedDict[Ref, _Key] | OrderedDict[KeyId, _Key]) -> None:
    """Let the one go that was not used for longest."""
    if len(kept) > HOLDERS_KEPT:
        kept.popitem(last=False)


def _digest_of(key: _Key, field: Code, value: bytes) -> HexHash:
    return HexHash(hmac.digest(key.secret, b"%s\0%s\0%s" % (_DIGEST_PURPOSE, field.encode(), value), "sha256").hex())


def _place(holder: Ref, field: Code) -> bytes:
    """What a value is sealed for: it opens as no other's."""
    return f"tocsin value {holder} {field}".encode()
