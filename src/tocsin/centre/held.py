"""What the core holds of places whose signals start no response, and how that ends: tests, and zones out of service.

Whether such a thing counts for a signal follows from their numbers in the journal and from its end, so nothing here is
undone when a step of the core is: the facts are durable before it is told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Generic, Protocol, TypeVar

import msgspec

from tocsin.centre.supervision_core import PASSED
from tocsin.model.journal import EntryRow
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer


class Held(Protocol):
    """A test of a site, or zones out of service."""

    @property
    def id(self) -> Ref:
        """Its name."""
        ...

    @property
    def ended_at(self) -> Micros | None:
        """When it ended; None while it goes on."""
        ...

    @property
    def ended_seq(self) -> Seq | None:
        """Of the fact that ended it."""
        ...

    @property
    def until(self) -> Micros:
        """When it ends by itself."""
        ...


H = TypeVar("H", bound=Held)


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class HeldRebuild(Generic[H]):
    """Such things from their facts alone."""

    def __init__(
        self, bodies: Mapping[Code, type[object]], apply: Callable[..., H], id_of: Callable[[Seq], Ref]
    ) -> None:
        """Begin with none. `apply` makes of one, or None, and a body what it is then; `id_of` names it by its fact."""
        self._decoders = {kind: msgspec.json.Decoder(body) for kind, body in bodies.items()}
        self._apply = apply
        self._id_of = id_of
        self.found: dict[Ref, H] = {}

    def take(self, row: EntryRow) -> H:
        """Apply a fact; return what it is about as it is then."""
        entry = _ENTRY.decode(row.entry)
        body = self._decoders[Code(row.kind)].decode(entry.body)
        id_ = entry.ref or self._id_of(row.seq)
        one = self._apply(self.found.get(id_), body, seq=row.seq, at=row.at, actor=entry.actor, id_=id_)
        self.found[id_] = one
        return one


class HeldView(Generic[H]):
    """Those that the core still needs, by their place. In the writer's thread."""

    def __init__(self, found: Iterable[H], kept: dict[Ref, H], place_of: Callable[[H], Ref]) -> None:
        """Begin with these; `kept` is where the facts are applied to, and is shared with whoever does that."""
        self._kept = kept
        self._place_of = place_of
        self._by_place: dict[Ref, dict[Ref, None]] = {}
        self._ended: dict[Seq, Ref] = {}
        for one in found:
            self.put(one)

    def put(self, one: H) -> None:
        """It is as this says now."""
        self._kept[one.id] = one
        self._by_place.setdefault(self._place_of(one), {})[one.id] = None
        if one.ended_seq is not None:
            self._ended[one.ended_seq] = one.id

    def passed(self, seq: Seq) -> None:
        """All up to this one is decided on: what ended before is needed no more."""
        for ended in [ended for ended in self._ended if ended <= seq]:
            id_ = self._ended.pop(ended)
            place = self._place_of(self._kept.pop(id_))
            of_place = self._by_place.get(place, {})
            of_place.pop(id_, None)
            if not of_place:
                self._by_place.pop(place, None)

    def __bool__(self) -> bool:
        """There is any."""
        return bool(self._by_place)

    def of(self, *places: Ref | None) -> Iterator[H]:
        """Those of these places."""
        for place in places:
            if place is not None:
                for id_ in self._by_place.get(place, ()):
                    yield self._kept[id_]


class HeldEnds(Generic[H]):
    """Ends what its time is over of (`timers.Handler`). In the writer's turn."""

    def __init__(self, find: Callable[[Ref], H | None], end: Callable[[H, StoreTransaction, Appender], object]) -> None:
        """`find` reads one by its name; `end` says that it is over."""
        self._find = find
        self._end = end

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """It ends at its own time, by whichever clock comes to it first."""
        del now
        one = self._find(timer.ref)
        return one.until if one is not None and one.ended_at is None and one.until > timer.due_at else None

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is sealed of it."""

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say so; the core does the rest."""
        one = self._find(timer.ref)
        if one is not None and one.ended_at is None:
            self._end(one, transaction, appender)
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Nothing more."""


def undecided_since(store: Store) -> Micros:
    """What ended before this time was told to nobody who is still to come: the core has taken all up to there."""
    head = store.head()
    passed = Seq(int(store.get_meta(PASSED) or 0))
    entries = store.entries_at([passed]) if 0 < passed < head.seq else []
    return head.at if passed >= head.seq else entries[0].row.at if entries else Micros(0)
