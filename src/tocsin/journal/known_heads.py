"""The signed heads that a journal is compared with: the centre's own, and what the caller kept elsewhere.

Only the standard library and `cryptography` are needed, since an outsider's verifier runs this (journal/verify.py).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from tocsin.journal.canonical import INTEGER_MAX
from tocsin.journal.notes import Item, Note, Unread, VerifierKey

UNREAD_NAMED_MAX: Final = 5


class OwnHeads:
    """The centre's heads, read a little ahead of the entries. Their sizes rise in the file."""

    def __init__(self, items: Iterable[Item]) -> None:
        """Read up to the first."""
        self._items = iter(items)
        self._next: Note | None = None
        self._keys: list[VerifierKey] = []
        self.unread: list[Unread] = []
        self.next_size = 0
        self._advance()

    def keys(self) -> tuple[VerifierKey, ...]:
        """Keys that the file claims."""
        return tuple(self._keys)

    def origin(self) -> str | None:
        """Whose heads they are, by the first."""
        return None if self._next is None else self._next.origin

    def up_to(self, size: int) -> Iterator[Note]:
        """Take the heads up to a size, in the file's order."""
        while self._next is not None and self._next.size <= size:
            yield self._take()

    def rest(self) -> Iterator[Note]:
        """Take all that are left."""
        while self._next is not None:
            yield self._take()

    def _take(self) -> Note:
        note = self._next
        assert note is not None, "there is a next head"
        self._advance()
        return note

    def _advance(self) -> None:
        self._next = None
        self.next_size = INTEGER_MAX
        for item in self._items:
            if isinstance(item, Note):
                self._next = item
                self.next_size = item.size
                return
            if isinstance(item, VerifierKey):
                self._keys.append(item)
            elif len(self.unread) < UNREAD_NAMED_MAX:
                self.unread.append(item)


class Trusted:
    """What the caller kept elsewhere, by size."""

    def __init__(self, items: Iterable[Item]) -> None:
        """Read all of them."""
        self.keys: list[VerifierKey] = []
        self.unread: list[Unread] = []
        self.sizes: dict[int, list[Note]] = {}
        for item in items:
            if isinstance(item, Note):
                self.sizes.setdefault(item.size, []).append(item)
            elif isinstance(item, VerifierKey):
                self.keys.append(item)
            elif len(self.unread) < UNREAD_NAMED_MAX:
                self.unread.append(item)
        self._ordered = sorted(self.sizes)

    def origin(self) -> str | None:
        """Whose journal it is about, where it is about one only."""
        names = {note.origin for notes in self.sizes.values() for note in notes} | {key.name for key in self.keys}
        return names.pop() if len(names) == 1 else None

    def of(self, size: int) -> Iterable[Note]:
        """The heads of one size."""
        return self.sizes.get(size, ())

    def beyond(self, size: int) -> Iterator[Note]:
        """The heads of larger sizes, smallest first."""
        for larger in self._ordered[bisect_right(self._ordered, size) :]:
            yield from self.sizes[larger]

    def next_size(self, size: int) -> int:
        """The next larger size that a head is of."""
        place = bisect_right(self._ordered, size)
        return self._ordered[place] if place < len(self._ordered) else INTEGER_MAX

    def count_foreign(self, origin: str | None) -> int:
        """How many heads are of another journal."""
        return sum(1 for notes in self.sizes.values() for note in notes if note.origin != origin)
