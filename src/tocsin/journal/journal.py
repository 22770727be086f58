"""The journal: what makes a signal durable, numbers it and chains it (DESIGN.md, "The journal").

One thread uses a `Journal`: the writer's. `store` is the only maker of receipts, and a receipt is the only thing that
an acknowledgement can be made from, so none can leave before the commit.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

import msgspec
import structlog

from tocsin.journal.chain import entry_bytes, entry_hash
from tocsin.journal.given import GivenIds
from tocsin.journal.identity import ORIGINALS_MAX, Original, RepeatWindow
from tocsin.model.errors import DiskFault, JournalFull, KeyMissing
from tocsin.model.journal import KINDS, ClockStepped, EntryRow, Fact, Head, StoredEntry
from tocsin.model.ports import Appender, Clock, Sealer, Store, StoreTransaction
from tocsin.model.signals import Arrival, Differs, Receipt, SealedPart, Signal, SignalBody
from tocsin.model.values import Actor, Code, HexHash, KeyId, Micros, Ref, Seq, SignalId, StreamName

STREAM: Final = StreamName("main")
"""The one stream of a centre in one process. A region's receivers each have their own."""

CLOCK_TOLERANCE_US: Final = 1_000_000
"""A clock that runs back by less is slewing: `at` is held and nothing is noted."""

_SIGNAL: Final = Code("signal")
_SIGNAL_VERSION: Final = KINDS["signal"]
_ENCODE: Final = msgspec.json.Encoder().encode

PAGE: Final = Seq(2000)
T = TypeVar("T")
_LOG = structlog.get_logger("journal")


class Core(Protocol):
    """What decides on entries after they are durable, in the writer's own turns (DESIGN.md, "The way of a signal")."""

    @property
    def is_behind(self) -> bool:
        """Entries wait to be decided on."""
        ...

    def step(self, transaction: StoreTransaction, appender: Appender) -> None:
        """Decide on some of them. What it raises undoes this step alone."""
        ...

    def settle(self, *, is_durable: bool) -> None:
        """The transaction with the step has ended; where it is not durable, the step never happened."""
        ...

    def failed(self, error: Exception) -> None:
        """The step raised, and was undone alone."""
        ...

    def fed(self, rows: Sequence[EntryRow]) -> None:
        """These entries are durable now."""
        ...


class Journal:
    """Appends signals and facts to a store, chained, in one stream."""

    def __init__(
        self, store: Store, sealer: Sealer, clock: Clock, window: RepeatWindow, longest_window_us: int
    ) -> None:
        """Go on where the store ends, remembering the originals of the last `longest_window_us`."""
        self._store = store
        self._sealer = sealer
        self._clock = clock
        self._window = window
        self._repeats: dict[SignalId, int] = {}
        self._step_noted = False
        self._disk_fault: DiskFault | None = None
        self._core: Core | None = None
        self._head = Head(Seq(0), HexHash(""), Micros(0))
        self._number = 0
        self._read_end()
        self._restore_window(longest_window_us)

    @property
    def head(self) -> Head:
        """The durable end."""
        return self._head

    @property
    def is_core_behind(self) -> bool:
        """The core has entries to decide on."""
        return self._core is not None and self._core.is_behind

    def attach(self, core: Core) -> None:
        """Let `core` decide on what is stored, from now on."""
        self._core = core

    @property
    def has_repeats(self) -> bool:
        """Counts of repeats wait for the next commit."""
        return bool(self._repeats)

    def store(
        self, batch: Sequence[Arrival], also: Callable[[StoreTransaction], None] | None = None
    ) -> list[Receipt | Differs]:
        """Make arrivals durable, then hand out what their senders may be told.

        One receipt an arrival, in the order of `batch` (at most 10,000); none for an arrival that says something else
        under an id that its sender gave before, of which nothing is stored. `also` writes what rides along: lists
        beside the journal. Returns after the fsync; nothing else entitles a caller to acknowledge.

        Raises:
            JournalFull: nothing of the batch is stored. Stop reading; try again when there is room.
            DiskFault: what is stored is unknown. Stop the process.
        Source: DESIGN.md, promise 1; decision 0004.
        """
        if self._disk_fault is not None:
            raise self._disk_fault
        draft = _Draft(self._head, self._number, self._now())
        if (step := self._clock_step()) is not None:
            draft.add_fact(step)
        # The window runs on the wall clock, not on `at`, which is held for as long as a clock is set back.
        now = self._clock.now_us()
        receipts: list[Receipt | Differs] = []
        originals: dict[bytes, Original] = {}
        repeats: dict[SignalId, int] = {}
        given = GivenIds(self._window, self._store, batch)
        for arrival in batch:
            digest = None
            if arrival.given is not None:
                receipts.append(_take_given(draft, arrival, given, repeats, self._sealer))
                continue
            if arrival.identity is not None:
                digest = self._window.digest(arrival.identity.material)
                original = originals.get(digest) or self._window.find(digest, now)
                if arrival.identity.is_fresh:
                    original = None
                if original is not None:
                    repeats[original.id] = repeats.get(original.id, 0) + 1
                    receipts.append(Receipt(original.id, original.seq, original.id))
                    continue
            first = draft.add_arrival(arrival, digest, now, self._sealer)
            if digest is not None and arrival.identity is not None:
                window_us = arrival.identity.window_us
                originals[digest] = Original(first.id, first.seq, Micros(now - window_us), Micros(now + window_us))
            receipts.append(first)
        if draft.rows or also is not None or self.is_core_behind:
            self._commit(draft, given.beside(also), with_step=True)
            for digest, original in originals.items():
                self._window.remember(digest, original)
        # The originals of these repeats are durable, now or since an earlier batch; their counts ride with the next.
        for id_, count in repeats.items():
            self._repeats[id_] = self._repeats.get(id_, 0) + count
        self._window.expire(now)
        return receipts

    def record(
        self, facts: Sequence[Fact], apply: Callable[[StoreTransaction, Sequence[Seq]], None] | None = None
    ) -> list[Seq]:
        """Append facts in one transaction, and let `apply` write their projections in the same one.

        Raises:
            JournalFull, DiskFault: as `store`.
        """
        draft = _Draft(self._head, self._number, self._now())
        if (step := self._clock_step()) is not None:
            draft.add_fact(step)
        seqs = [draft.add_fact(fact) for fact in facts]
        self._commit(draft, None if apply is None else lambda tx: apply(tx, seqs))
        return seqs

    def decide(self, work: Callable[[StoreTransaction, Appender], T]) -> T:
        """Let `work` look, append facts and write their projections, all in one transaction; return what it returns.

        Raises:
            JournalFull, DiskFault: as `store`. Whatever `work` raises: nothing of it is stored.
        """
        draft = _Draft(self._head, self._number, self._now())
        if (step := self._clock_step()) is not None:
            draft.add_fact(step)
        done: list[T] = []
        self._commit(draft, None, lambda tx: done.append(work(tx, draft)))
        return done[0]

    def _commit(
        self,
        draft: "_Draft",
        also: Callable[[StoreTransaction], None] | None,
        work: Callable[[StoreTransaction], None] | None = None,
        *,
        with_step: bool = False,
    ) -> None:
        if self._disk_fault is not None:
            raise self._disk_fault
        repeats = self._repeats
        core = self._core if with_step and self.is_core_behind else None
        is_stepped = False
        is_committing = False
        arrived = len(draft.rows)
        try:
            with self._store.transaction() as transaction:
                if work is not None:
                    work(transaction)
                if draft.rows:
                    transaction.append(draft.rows)
                    arrived = len(draft.rows)
                if repeats:
                    transaction.add_duplicates(repeats)
                if also is not None:
                    also(transaction)
                if core is not None:
                    is_stepped = self._step(core, transaction, draft)
                is_committing = True
        except DiskFault as error:
            # The next fsync may succeed and prove nothing: the system tells of a failed write once, and forgets it.
            self._disk_fault = error
            if core is not None:
                core.settle(is_durable=False)
            raise
        except BaseException:
            if is_committing:  # what the database holds after a failed commit is for the database to say
                self._read_end()
            if core is not None:
                core.settle(is_durable=False)
            raise
        self._repeats = {}
        self._head = Head(draft.seq, draft.prev, draft.at)
        self._number = draft.number
        if core is not None:
            core.settle(is_durable=is_stepped)
        if self._core is not None and arrived:
            self._core.fed(draft.rows[:arrived])

    def _step(self, core: Core, transaction: StoreTransaction, draft: "_Draft") -> bool:
        """One step of the core under a savepoint of its own: a bug in a rule costs no signal (DESIGN.md)."""
        mark = draft.mark()
        try:
            with transaction.savepoint():
                core.step(transaction, draft)
                if added := draft.rows[mark[0] :]:
                    transaction.append(added)
        except (DiskFault, JournalFull):
            raise  # the disk's, so the whole transaction's
        except Exception as error:  # noqa: BLE001 - undone alone; the core narrows it down and quarantines
            draft.back_to(mark)
            core.failed(error)
            return False
        return True

    def _now(self) -> Micros:
        return max(self._clock.now_us(), self._head.at)

    def _clock_step(self) -> Fact | None:
        behind_us = self._head.at - self._clock.now_us()
        if behind_us <= CLOCK_TOLERANCE_US:
            self._step_noted = False
            return None
        if self._step_noted:
            return None
        self._step_noted = True
        return Fact(kind=Code("clock.stepped"), body=ClockStepped(backward_us=behind_us))

    def _read_end(self) -> None:
        with self._store.transaction() as transaction:
            self._head = transaction.head()
            self._number = transaction.stream_end(STREAM)

    def _restore_window(self, longest_window_us: int) -> None:
        """Remember the originals of the last window again, so that a restart makes no second incident."""
        now = self._clock.now_us()
        found: list[tuple[bytes, Original]] = []
        before = self._head.seq
        oldest_at = now
        while before > 0 and oldest_at > now - longest_window_us and len(found) < ORIGINALS_MAX:
            after = Seq(max(0, before - PAGE))
            page = self._store.entries(after, before - after)
            found.extend(self._originals(page, now))
            oldest_at = page[0].row.at
            before = after
        for digest, original in reversed(found):
            self._window.remember(digest, original)

    def _originals(self, page: Sequence[StoredEntry], now: Micros) -> Iterator[tuple[bytes, Original]]:
        """The originals of a page whose window is still open, newest first."""
        for stored in reversed(page):
            row = stored.row
            if row.sealed is None or row.key is None or stored.id is None:
                continue
            part = self._opened(row.key, row.sealed)
            if part is None or part.identity is None or part.identity_since is None or part.identity_until is None:
                continue
            if part.identity_since <= now < part.identity_until:
                yield part.identity, Original(stored.id, row.seq, part.identity_since, part.identity_until)

    def _opened(self, key: KeyId, sealed: bytes) -> SealedPart | None:
        """What was sealed; None also where its key is lost: a repeat then shows twice, and the start goes on."""
        try:
            return self._sealer.open(key, sealed)
        except KeyMissing:
            _LOG.warning("journal.window_unreadable", key=key)
            return None


class _Draft:
    """Entries that are numbered and chained, and not yet stored."""

    __slots__ = ("at", "number", "prev", "rows", "seq")

    def __init__(self, head: Head, number: int, at: Micros) -> None:
        self.rows: list[EntryRow] = []
        self.seq = head.seq
        self.prev = head.hash
        self.number = number
        self.at = at

    def append(self, fact: Fact) -> Seq:
        """Append a fact; return its number (`model.ports.Appender`)."""
        return self.add_fact(fact)

    def mark(self) -> tuple[int, Seq, HexHash, int]:
        """Where it stands, to come back to."""
        return len(self.rows), self.seq, self.prev, self.number

    def back_to(self, mark: tuple[int, Seq, HexHash, int]) -> None:
        """Forget what was added since."""
        length, self.seq, self.prev, self.number = mark
        del self.rows[length:]

    def add_arrival(self, arrival: Arrival, digest: bytes | None, now: Micros, sealer: Sealer) -> Receipt:
        """Add the events of one frame; return the receipt that becomes true with the commit."""
        first_seq = Seq(self.seq + 1)
        frame = SignalId(f"{STREAM}-{self.number + 1}")
        if digest is not None and arrival.identity is not None:
            part = arrival.sealed[0]
            assert part is not None, "an arrival with an identity has its raw bytes with the first signal"
            part.identity = digest
            part.identity_since = Micros(now - arrival.identity.window_us)
            part.identity_until = Micros(now + arrival.identity.window_us)
        events = len(arrival.signals)
        for index, signal in enumerate(arrival.signals):
            self.number += 1
            id_ = SignalId(f"{STREAM}-{self.number}") if index else frame
            part = arrival.sealed[index]
            key: KeyId | None = None
            sealed: bytes | None = None
            commitment: HexHash | None = None
            if part is not None:
                key, sealed, commitment = sealer.seal(arrival.seal_class, arrival.received_at, part)
            body = _ENCODE(_body(signal, arrival, frame, index + 1, events, commitment))
            self._add(_SIGNAL, _SIGNAL_VERSION, id_, signal.account_ref, None, None, body, key, sealed)
        return Receipt(frame, first_seq, None)

    def add_fact(self, fact: Fact) -> Seq:
        """Add a fact that is no signal; return its seq."""
        body = _ENCODE(fact.body)
        self._add(fact.kind, KINDS[fact.kind], None, fact.ref, fact.actor, fact.cause, body, None, None)
        return self.seq

    def _add(
        self,
        kind: Code,
        version: int,
        id_: SignalId | None,
        ref: Ref | None,
        actor: Actor | None,
        cause: Seq | None,
        body: bytes,
        key: KeyId | None,
        sealed: bytes | None,
    ) -> None:
        self.seq = Seq(self.seq + 1)
        entry = entry_bytes(
            seq=self.seq,
            id=id_,
            at=self.at,
            kind=kind,
            v=version,
            ref=ref,
            actor=actor,
            cause=cause,
            body=body,
            prev=self.prev,
        )
        hash_ = entry_hash(entry)
        self.prev = HexHash(hash_.hex())
        stream, number = (None, None) if id_ is None else (STREAM, self.number)
        self.rows.append(EntryRow(self.seq, self.at, kind, stream, number, entry, hash_, key, sealed))


def _take_given(
    draft: _Draft, arrival: Arrival, given: GivenIds, repeats: dict[SignalId, int], sealer: Sealer
) -> Receipt | Differs:
    """Add what is new of an arrival whose signals have ids of their own: all of it, or nothing where one differs."""
    found = given.look(arrival)
    if isinstance(found, Differs):
        return found
    new = [index for index, original in enumerate(found) if original is None]
    each: dict[int, Receipt] = {}
    if new:
        first = draft.add_arrival(
            msgspec.structs.replace(
                arrival,
                signals=tuple(arrival.signals[index] for index in new),
                sealed=tuple(arrival.sealed[index] for index in new),
            ),
            None,
            arrival.received_at,
            sealer,
        )
        assert first.seq is not None, "this tier adopts at append"
        number = draft.number - len(new)
        for place, index in enumerate(new):
            id_ = SignalId(f"{STREAM}-{number + place + 1}")
            each[index] = Receipt(id_, Seq(first.seq + place), None)
    for index, original in enumerate(found):
        # The same id twice in one request: the second repeats the first.
        if original is not None:
            told = each[original] if isinstance(original, int) else original
            each[index] = Receipt(told.id, told.seq, told.id)
            repeats[told.id] = repeats.get(told.id, 0) + 1
    receipts = tuple(each[index] for index in range(len(found)))
    given.keep(arrival, receipts)
    return Receipt(receipts[0].id, receipts[0].seq, receipts[0].duplicate_of, receipts)


def _body(
    signal: Signal, arrival: Arrival, frame: SignalId, event: int, events: int, commitment: HexHash | None
) -> SignalBody:
    # By position, in the order of the fields: by name it takes six times as long, a tenth of what storing costs.
    return SignalBody(
        signal.account,
        signal.address,
        signal.address_withheld,
        signal.block,
        signal.category,
        signal.code,
        commitment,
        arrival.config,
        signal.data_account,
        signal.device_time,
        signal.disputed,
        signal.encrypted,
        event,
        signal.event_time,
        events,
        False,  # exercise
        signal.format,
        frame,
        signal.account_ref is not None,
        signal.line,
        signal.partition,
        signal.path,
        signal.peripheral,
        signal.qualifier,
        arrival.received_at,
        signal.receiver,
        signal.sequence,
        signal.source,
        signal.token,
        signal.transmitter,
        signal.transport,
        signal.trigger,
        signal.values,
    )
