"""Repeats: which arrival was here before (DC09.md section 10; decision 0006).

A repeat is recognised by a keyed hash of what makes it the same, inside a window that starts at the original and is
never extended. The hashes live in memory; at start they are rebuilt from the sealed rows of the last window.
"""

import hashlib
from collections import deque
from typing import Final

import msgspec

from tocsin.model.values import Micros, Seq, SignalId

ORIGINALS_MAX: Final = 500_000
"""Originals remembered at once, about 100 MB. Past it the oldest go first: a repeat of one of them becomes a duplicate
that a person can see, which is better than a merge that hides an alarm (DESIGN.md, promise 2)."""

DIGEST_BYTES: Final = 16


class Original(msgspec.Struct, frozen=True, gc=False):
    """The first of its kind: what a repeat of it is told.

    The garbage collector does not see it: half a million of them made a collection last 0.3 s, with everything at rest.
    """

    id: SignalId
    seq: Seq | None
    since: Micros
    """Not before this either: where the clock was set back, the window must not last until it has caught up."""
    until: Micros


class RepeatWindow:
    """The originals of the last window, by keyed hash. Used by the writer's thread alone."""

    def __init__(self, key: bytes, originals_max: int = ORIGINALS_MAX) -> None:
        """Start empty, hashing under the centre's lasting key (32 bytes)."""
        self._hash = hashlib.blake2b(key=key, digest_size=DIGEST_BYTES)
        self._originals: dict[bytes, Original] = {}
        self._order: deque[tuple[bytes, Original]] = deque()
        self._max = originals_max

    def __len__(self) -> int:
        return len(self._originals)

    def digest(self, material: bytes) -> bytes:
        """The keyed hash of what makes an arrival the same, 16 bytes."""
        # Copying a hash that has the key in it already takes half the time of keying anew.
        hasher = self._hash.copy()
        hasher.update(material)
        return hasher.digest()

    def find(self, digest: bytes, at: Micros) -> Original | None:
        """The original that an arrival at `at` (wall time) repeats, None where it is the first."""
        original = self._originals.get(digest)
        return original if original is not None and original.since <= at < original.until else None

    def remember(self, digest: bytes, original: Original) -> None:
        """Keep an original that is durable."""
        self._originals[digest] = original
        self._order.append((digest, original))
        if len(self._order) > self._max:
            self._forget_oldest()

    def expire(self, now: Micros) -> None:
        """Forget the originals at the front whose window is over. Cheap: called once a batch."""
        while self._order and self._order[0][1].until <= now:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        digest, original = self._order.popleft()
        if self._originals.get(digest) is original:
            del self._originals[digest]
