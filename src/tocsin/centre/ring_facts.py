"""What facts make of rings and lines, live and in a rebuild; and the end of rings, by a timer."""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tocsin.centre.timers import Timers, set_timer
from tocsin.centre.values import Values
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.rings import (
    LINE_SET,
    RING_ENDS,
    RING_ERASED,
    RING_LOCATED,
    RING_LOST,
    RING_RETURNED,
    RING_TAKEN,
    RING_TOLD,
    LineRow,
    Ring,
    RingErased,
    RingLost,
    RingReturned,
    RingTaken,
    RingTold,
    StoredLine,
)
from tocsin.model.values import Actor, Code, KeyId, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.ringing import due_at, located, lost, reported, returned, state_of, taken, told_of


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


class _Ended(msgspec.Struct, gc=False):
    incident: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_TOLD: Final = msgspec.json.Decoder(RingTold)
_TAKEN: Final = msgspec.json.Decoder(RingTaken)
_RETURNED: Final = msgspec.json.Decoder(RingReturned)
_CALL_ENDED: Final = msgspec.json.Decoder(_Ended)
_LINE: Final = msgspec.json.Decoder(LineRow)


class RingRebuild:
    """The rings and lines from their facts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.rings: dict[Ref, Ring] = {}
        self.lines: dict[Ref, StoredLine] = {}

    def take(self, row: EntryRow) -> None:
        """Apply a fact about a ring."""
        entry = _ENTRY.decode(row.entry)
        if row.kind == RING_TOLD:
            before = None if entry.ref is None else self.rings[entry.ref]
            ring = told_of(before, _TOLD.decode(entry.body), row.seq, row.at)
            self.rings[ring.id] = ring
            return
        assert entry.ref is not None, "a ring is told of before anything becomes of it"
        ring = self.rings[entry.ref]
        if row.kind == RING_LOCATED:
            ring = located(ring, row.seq)
        elif row.kind == RING_LOST:
            ring = lost(ring, row.seq, row.at)
        elif row.kind == RING_TAKEN:
            ring = taken(ring, _TAKEN.decode(entry.body).call, row.seq)
        elif row.kind == RING_RETURNED:
            ring = returned(ring, _RETURNED.decode(entry.body).is_done, row.seq, row.at, entry.actor)
        else:
            del self.rings[entry.ref]
            return
        self.rings[entry.ref] = ring

    def call_ended(self, row: EntryRow) -> None:
        """The form of one has ended."""
        entry = _ENTRY.decode(row.entry)
        for id_, ring in self.rings.items():
            if ring.call == entry.ref:
                self.rings[id_] = reported(ring, _CALL_ENDED.decode(entry.body).incident, row.seq)

    def take_line(self, row: EntryRow) -> None:
        """Apply a fact about a line."""
        assert row.kind == LINE_SET, "the kinds are told apart before"
        entry = _ENTRY.decode(row.entry)
        line = StoredLine(entry.ref or Ref(f"line-{row.seq}"), _LINE.decode(entry.body), row.seq)
        if line.row.removed:
            del self.lines[line.id]
        else:
            self.lines[line.id] = line


def call_ended(store: Store, transaction: StoreTransaction, call: Ref, incident: Ref | None, seq: Seq) -> None:
    """In the transaction in which a call form ends: its ring knows what became of it."""
    for ring in store.rings():
        if ring.call == call:
            transaction.put_ring(reported(ring, incident, seq))


def put(transaction: StoreTransaction, appender: Appender, ring: Ring, actor: Actor | None = None) -> None:
    """Put a ring as it is now, with the time at which something becomes of it by itself."""
    transaction.put_ring(ring)
    due = due_at(ring, appender.at)
    set_timer(transaction, appender, RING_ENDS, ring.id, due, Code(state_of(ring)), actor=actor)


class RingEnds:
    """Gives up rings whose end nobody told, and erases those that are over (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store, values: Values, on_changed: Callable[[], None]) -> None:
        """Work on these; `on_changed` is told when something became of a ring."""
        self._store = store
        self._values = values
        self._on_changed = on_changed
        self._keys: dict[Ref, tuple[KeyId, ...]] = {}

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Its time is its own: no hold is of a ring."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy the keys of those that are over: from here on nobody can read their number."""
        over: list[Ref] = []
        for timer in timers:
            ring = self._store.ring(timer.ref)
            if ring is None or state_of(ring) not in ("ringing", "answered"):
                over.append(timer.ref)
        self._keys = self._values.destroy(over, (), now)

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Take one that nobody ended for ended: where nobody answered, it is to be called back. Else drop its rows."""
        ring = self._store.ring(timer.ref)
        if ring is not None and timer.ref not in self._keys:
            seq = appender.append(Fact(kind=RING_LOST, body=RingLost(exercise=False), ref=ring.id))
            ring = lost(ring, seq, appender.at)
            transaction.put_ring(ring)
            return due_at(ring, appender.at)
        erased = RingErased(keys=self._keys.get(timer.ref, ()), values=transaction.drop_values(timer.ref))
        appender.append(Fact(kind=RING_ERASED, body=erased, ref=timer.ref))
        transaction.drop_ring(timer.ref)
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Consoles show it as it is now."""
        self._on_changed()


def register_rings(timers: Timers, store: Store, values: Values, on_changed: Callable[[], None]) -> None:
    """Let rings end by their timers."""
    timers.register(RING_ENDS, RingEnds(store, values, on_changed))
