"""What each source sent, by numbers alone: received, stored, repeated, and refused by rule. No payload.

Kept beside the journal as one small value, written with the next batch; a kill may lose the last second of it.
"""

import threading
from typing import Final

import msgspec

from tocsin.model.ports import StoreTransaction
from tocsin.model.stills import A_DAY
from tocsin.model.values import Code, Micros, Ref

COUNTS: Final = Code("source_counts")
FLUSH_INTERVAL_US: Final = 1_000_000
DAY_US: Final = 86_400_000_000
RULES_MAX: Final = 40
"""Rules of one source that are counted; there are fewer."""


class RefusedCount(msgspec.Struct):
    """How often one rule refused something of a source."""

    count: int
    first_day: Micros
    """Midnight UTC of the first day, and of the last. No time of day: it would say who was where when."""
    last_day: Micros


class SourceCounts(msgspec.Struct):
    """What came from one source since it was set up."""

    received: int = 0
    """Requests."""
    stored: int = 0
    """Signals."""
    repeated: int = 0
    last_at: Micros | None = None
    """When something of it was stored last, or repeated."""
    refused: dict[Code, RefusedCount] = msgspec.field(default_factory=dict)
    """By rule."""
    pictures: int = 0
    """Pictures of it that were kept, masked."""
    pictures_day: Micros = Micros(0)
    """Midnight UTC of the day of the newest one."""
    pictures_that_day: int = 0


_DECODE: Final = msgspec.json.Decoder(dict[Ref, SourceCounts]).decode
_ENCODE: Final = msgspec.json.Encoder().encode


class SourceTally:
    """Counts in the event loop, hands over in the writer's thread (`journal.writer.Rider`)."""

    def __init__(self, stored: str | None) -> None:
        """Go on from what was stored."""
        self._lock = threading.Lock()
        self._counts: dict[Ref, SourceCounts] = {} if stored is None else _DECODE(stored)
        self.since_start = {"received": 0, "stored": 0, "repeated": 0, "refused": 0}
        """Of all sources together: requests, messages of the broker and mails; signals and calls; refusals."""
        self._is_changed = False
        self._next_flush_at = Micros(0)

    def of(self, source: Ref) -> SourceCounts:
        """What was counted of a source."""
        with self._lock:
            found = self._counts.get(source) or SourceCounts()
            return msgspec.structs.replace(found, refused=dict(found.refused))

    def received(self, source: Ref) -> None:
        """A request of a source came."""
        with self._lock:
            self._of(source).received += 1
            self.since_start["received"] += 1

    def stored(self, source: Ref, stored: int, repeated: int, at: Micros) -> None:
        """So many of its signals are durable."""
        with self._lock:
            counts = self._of(source)
            counts.stored += stored
            counts.repeated += repeated
            counts.last_at = at
            self.since_start["stored"] += stored
            self.since_start["repeated"] += repeated

    def pictures_left(self, source: Ref, at: Micros) -> int:
        """How many more pictures of it may be kept today, by UTC."""
        with self._lock:
            found = self._counts.get(source)
            return A_DAY if found is None or found.pictures_day != at - at % DAY_US else A_DAY - found.pictures_that_day

    def pictured(self, source: Ref, at: Micros) -> None:
        """A picture of it is durable."""
        day = Micros(at - at % DAY_US)
        with self._lock:
            counts = self._of(source)
            counts.pictures += 1
            counts.pictures_that_day = 1 if counts.pictures_day != day else counts.pictures_that_day + 1
            counts.pictures_day = day

    def refused(self, source: Ref, rule: Code, at: Micros) -> None:
        """A request of it was refused."""
        day = Micros(at - at % DAY_US)
        with self._lock:
            self.since_start["refused"] += 1
            refused = self._of(source).refused
            found = refused.get(rule)
            if found is not None:
                found.count += 1
                found.last_day = max(found.last_day, day)
            elif len(refused) < RULES_MAX:
                refused[rule] = RefusedCount(1, day, day)

    def _of(self, source: Ref) -> SourceCounts:
        self._is_changed = True
        return self._counts.setdefault(source, SourceCounts())

    def is_due(self, now: Micros) -> bool:
        """Something waits, and the last write was at least a second ago."""
        return self._is_changed and (now >= self._next_flush_at or now < self._next_flush_at - FLUSH_INTERVAL_US)

    def take(self, now: Micros) -> "SourceTally | None":
        """Itself, to be written with the next transaction; None where nothing is due."""
        if not self.is_due(now):
            return None
        self._next_flush_at = Micros(now + FLUSH_INTERVAL_US)
        return self

    def write(self, transaction: StoreTransaction) -> None:
        """Write all counts."""
        with self._lock:
            self._is_changed = False
            said = _ENCODE(self._counts).decode()
        transaction.put_meta(COUNTS, said)

    def put_back(self) -> None:
        """The transaction failed: they wait for the next."""
        with self._lock:
            self._is_changed = True

    def forget(self, known: set[Ref]) -> None:
        """Drop the counts of sources that are gone."""
        with self._lock:
            gone = self._counts.keys() - known
            for source in gone:
                del self._counts[source]
                self._is_changed = True
