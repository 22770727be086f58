"""What is asked every few seconds and seldom changes: read once, and again after a commit that changed it."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """An answer of the store as it was read last. Asked from any thread, told of changes by the writer alone."""

    def __init__(self) -> None:
        """Begin without one."""
        self._changes = 0
        self._kept: tuple[int, T] | None = None

    def get(self, read: Callable[[], T]) -> T:
        """The answer, read anew where a commit has changed it since."""
        changes, kept = self._changes, self._kept
        if kept is not None and kept[0] == changes:
            return kept[1]
        found = read()
        # Under the number from before it was read: a commit in between makes it stale, and never the other way round.
        self._kept = changes, found
        return found

    def changed(self) -> None:
        """A commit that changed it is durable."""
        self._changes += 1
