"""Whether somebody guesses: many sign-ins, tokens or links refused within a minute, and quiet again."""

from collections import deque
from collections.abc import Callable
from typing import Final

MINUTE_S: Final = 60.0
REFUSED_A_MINUTE: Final = 20
QUIET_S: Final = 600.0
"""It is over when so long none was refused."""

ATTACKED: Final = "access_attacked"
QUIET: Final = "access_quiet"


class Guesses:
    """Looks once a second at how many were refused since the start, and has it noted where they are many."""

    def __init__(
        self,
        refused: Callable[[], int],
        monotonic_s: Callable[[], float],
        note: Callable[[str], None],
        *,
        is_open: bool,
    ) -> None:
        """Note by `note`; `is_open`: an incident of before the start is open, and waits for the quiet."""
        self._refused = refused
        self._monotonic_s = monotonic_s
        self._note = note
        self._is_told = is_open
        self._before = refused()
        self._last_s = monotonic_s()
        self._looks: deque[tuple[float, int]] = deque()
        """When how many more were refused, of the last minute."""

    def look(self) -> None:
        """Note the beginning once, and the end once."""
        now_s, count = self._monotonic_s(), self._refused()
        if count > self._before:
            self._looks.append((now_s, count - self._before))
            self._before, self._last_s = count, now_s
        while self._looks and now_s - self._looks[0][0] >= MINUTE_S:
            self._looks.popleft()
        if not self._is_told and sum(more for _, more in self._looks) >= REFUSED_A_MINUTE:
            self._is_told = True
            self._note(ATTACKED)
        elif self._is_told and now_s - self._last_s >= QUIET_S:
            self._is_told = False
            self._note(QUIET)
