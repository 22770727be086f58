"""What facts make of rings, dials and lines, live and in a rebuild; and the end of rings and dials, by two timers.

Giving up a ring whose end nobody told is *prompt* (`centre.timers`): whoever rang and was lost must be called back on
time, whatever the wall clock says. Erasing one waits while that is in doubt.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tocsin.centre.timers import Timers, set_timer
from tocsin.centre.values import Values
from tocsin.model.dials import DIAL_ASKED, DIAL_TOLD, DialAsked, DialFailed, DialTold
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.rings import (
    LINE_SET,
    RING_ENDS,
    RING_ERASED,
    RING_GIVEN_UP,
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
from tocsin.model.values import Actor, Code, HexHash, KeyId, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules import dialling
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
_DIAL_ASKED: Final = msgspec.json.Decoder(DialAsked)
_DIAL_TOLD: Final = msgspec.json.Decoder(DialTold)
_DIAL_FAILED: Final = msgspec.json.Decoder(DialFailed)
_CALL_ENDED: Final = msgspec.json.Decoder(_Ended)
_GOING: Final = frozenset({"ringing", "answered"})
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

    def take_dial(self, row: EntryRow) -> Ref:
        """Apply a fact about a dial; return its incident, whose time line has it."""
        entry = _ENTRY.decode(row.entry)
        assert entry.ref is not None, "a dial is about an incident"
        if row.kind == DIAL_ASKED:
            assert entry.actor is not None, "somebody asked for it"
            body = _DIAL_ASKED.decode(entry.body)
            ring = dialling.asked(body, dial_key(row.seq), row.seq, row.at, entry.ref, entry.actor)
        elif row.kind == DIAL_TOLD:
            told = _DIAL_TOLD.decode(entry.body)
            ring = dialling.told(self.rings[told.dial], told.event, row.seq, row.at)
        else:
            failed = _DIAL_FAILED.decode(entry.body)
            ring = dialling.failed(self.rings[failed.dial], failed.reason, row.seq, row.at)
        self.rings[ring.id] = ring
        return entry.ref

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


def dial_key(seq: Seq) -> HexHash:
    """What stands in the place of the keyed hash: a dial is found by its own name."""
    return HexHash(f"{seq:064x}")


def put(transaction: StoreTransaction, appender: Appender, ring: Ring, actor: Actor | None = None) -> None:
    """Put a ring as it is now, with the time at which something becomes of it by itself."""
    transaction.put_ring(ring)
    due, state = due_at(ring, appender.at), Code(state_of(ring))
    if state in _GOING:
        set_timer(transaction, appender, RING_GIVEN_UP, ring.id, due, state, actor=actor)
        if transaction.timer(RING_ENDS, ring.id) is not None:
            set_timer(transaction, appender, RING_ENDS, ring.id, None, state, actor=actor)
        return
    if transaction.timer(RING_GIVEN_UP, ring.id) is not None:
        set_timer(transaction, appender, RING_GIVEN_UP, ring.id, None, state, actor=actor)
    set_timer(transaction, appender, RING_ENDS, ring.id, due, state, actor=actor)


class RingGivenUp:
    """Gives up rings whose end nobody told (`timers.Handler`): where nobody answered, one is to be called back."""

    def __init__(self, store: Store, on_changed: Callable[[], None]) -> None:
        """Work on these; `on_changed` is told when something became of a ring."""
        self._store = store
        self._on_changed = on_changed

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Its time is its own: no hold is of a ring."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed."""
        del timers, now

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Take it for ended."""
        ring = self._store.ring(timer.ref)
        if ring is None or state_of(ring) not in _GOING:
            return None
        seq = appender.append(Fact(kind=RING_LOST, body=RingLost(exercise=False), ref=ring.id))
        ring = lost(ring, seq, appender.at)
        transaction.put_ring(ring)
        set_timer(transaction, appender, RING_ENDS, ring.id, due_at(ring, appender.at), Code(state_of(ring)))
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Consoles show it as it is now."""
        del timers, seq
        self._on_changed()


class RingEnds:
    """Erases rings that are over (`timers.Handler`). In the writer's turn."""

    def __init__(self, store: Store, values: Values, on_changed: Callable[[], None]) -> None:
        """Work on these; `on_changed` is told when something became of a ring."""
        self._store = store
        self._values = values
        self._on_changed = on_changed
        self._keys: dict[Ref, tuple[KeyId, ...]] = {}

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Until it is given up, one that goes on is not erased: a centre of before had one timer for both."""
        ring = self._store.ring(timer.ref)
        return due_at(ring, now) if ring is not None and state_of(ring) in _GOING else None

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy their keys: from here on nobody can read their number."""
        self._keys = self._values.destroy([timer.ref for timer in timers], (), now)

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop its rows."""
        erased = RingErased(keys=self._keys.get(timer.ref, ()), values=transaction.drop_values(timer.ref))
        appender.append(Fact(kind=RING_ERASED, body=erased, ref=timer.ref))
        transaction.drop_ring(timer.ref)
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Consoles show it as it is now."""
        self._on_changed()


def register_rings(timers: Timers, store: Store, values: Values, on_changed: Callable[[], None]) -> None:
    """Let rings end by their timers."""
    timers.register(RING_GIVEN_UP, RingGivenUp(store, on_changed), is_prompt=True)
    timers.register(RING_ENDS, RingEnds(store, values, on_changed))
