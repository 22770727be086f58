"""Which timers changed with the commits since somebody last asked: the scheduler need not read them all each time."""

import threading
from collections.abc import Mapping
from typing import Final

from tocsin.model.values import Code, Ref
from tocsin.model.vault import Timer

KEPT_MAX: Final = 10_000
"""Timers remembered as changed; where more are, whoever asks looks at all of them."""


class TimerChanges:
    """Told by the writer after each commit, asked by one other thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._kept: dict[tuple[Code, Ref], Timer | None] | None = {}

    def committed(self, changed: Mapping[tuple[Code, Ref], Timer | None]) -> None:
        """These are durable; None: it ended."""
        if not changed:
            return
        with self._lock:
            if self._kept is not None:
                self._kept.update(changed)
                if len(self._kept) > KEPT_MAX:
                    self._kept = None

    def take(self) -> dict[tuple[Code, Ref], Timer | None] | None:
        """What was told since the last call; None: too much to remember."""
        with self._lock:
            taken, self._kept = self._kept, {}
        return taken
