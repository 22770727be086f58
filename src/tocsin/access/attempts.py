"""Wrong secrets by the address that they came from: who keeps guessing is told to wait, and nobody else is."""

import threading
from collections import OrderedDict
from typing import Final

from tocsin.model.errors import TooMany
from tocsin.model.ports import Clock

FREE_ATTEMPTS: Final = 10
"""Wrong secrets of one address before it has to wait: a console with an old cookie asks a few times at once."""

REFILL_S: Final = 6.0
"""After so long one more is free again."""

ADDRESSES_MAX: Final = 10_000
"""Addresses remembered; the one that was quiet for longest is forgotten first."""


class Attempts:
    """Counts wrong secrets. A right one is never refused for wrong ones of the same address: no desk is locked out."""

    def __init__(self, clock: Clock) -> None:
        """Count by this clock."""
        self._clock = clock
        self._counting = threading.Lock()
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By address: how many wrong ones are not forgiven yet, and when that was worked out."""
        self.refused = 0
        """Wrong secrets since the start."""

    def failed(self, address: str) -> None:
        """Count a wrong secret.

        Raises:
            TooMany: there were more than ten of them, and a minute has not forgiven them yet.
        """
        with self._counting:
            self.refused += 1
            now_s = self._clock.monotonic_s()
            used, since_s = self._used.get(address, (0.0, now_s))
            used = max(0.0, used - (now_s - since_s) / REFILL_S)
            is_over = used + 1 > FREE_ATTEMPTS
            self._used[address] = (used if is_over else used + 1, now_s)
            self._used.move_to_end(address)
            while len(self._used) > ADDRESSES_MAX:
                self._used.popitem(last=False)
        if is_over:
            wait_s = max(1, round((used + 1 - FREE_ATTEMPTS) * REFILL_S + 0.5))
            raise TooMany(
                f"Too many sessions, tokens or links from this address that the centre does not know. Nothing was "
                f"done. Sign in with a new link, or wait {wait_s} s",
                "access.too_many",
                wait_s,
            )
