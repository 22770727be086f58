"""How often a phrase may be tried in one incident: counted before anything is looked at, one at a time.

Attempts of this process are counted in memory, whatever becomes of them; those of the process before it by their facts.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from tocsin.centre.reads import FACTS_MAX
from tocsin.model.errors import Conflict, TooMany
from tocsin.model.keyholders import PHRASE_CHECKED
from tocsin.model.ports import Clock, Store
from tocsin.model.values import Ref

CHECKS_MAX: Final = 10
"""Phrases asked for in one incident within ten minutes: enough for whoever stutters, too few to guess."""

CHECKS_S: Final = 600
TURNS: Final = 64
"""Locks that incidents share."""


class _Tried:
    """What was tried in an incident, each list of CHECKS_MAX times at most."""

    __slots__ = ("others", "times")

    def __init__(self) -> None:
        self.times: list[float] = []
        self.others: list[float] = []
        """Under the id of a command that said something else."""


class Guessing:
    """Counts attempts at phrases. From any thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Count on; facts that are there already are of a process before this one."""
        self._store = store
        self._clock = clock
        self._begun = store.head().seq
        self._lock = threading.Lock()
        self._turns = [threading.Lock() for _ in range(TURNS)]
        self._tried: dict[Ref, _Tried] = {}

    @contextmanager
    def turn(self, incident: Ref) -> Generator["Turn"]:
        """Have the incident to oneself: what is asked at once is counted and answered one after another."""
        with self._turns[hash(incident) % TURNS]:
            now_s = self._clock.monotonic_s()
            with self._lock:
                for id_, one in list(self._tried.items()):
                    one.times = [at for at in one.times if at > now_s - CHECKS_S]
                    one.others = [at for at in one.others if at > now_s - CHECKS_S]
                    if not one.times and not one.others and id_ != incident:
                        del self._tried[id_]
                tried = self._tried.setdefault(incident, _Tried())
            yield Turn(tried, self._left_s(incident), now_s)

    def _left_s(self, incident: Ref) -> list[float]:
        """For how many seconds each attempt of an earlier process still counts."""
        since = self._clock.now_us() - CHECKS_S * 1_000_000
        return [
            (stored.row.at - since) / 1_000_000
            for stored in self._store.incident_facts(incident, FACTS_MAX)
            if stored.row.kind == PHRASE_CHECKED and stored.row.seq <= self._begun and stored.row.at > since
        ]


class Turn:
    """What somebody may do who has an incident to oneself."""

    def __init__(self, tried: _Tried, before_s: list[float], now_s: float) -> None:
        """Go on from what was tried; `before_s`: how long attempts of an earlier process still count."""
        self._tried = tried
        self._before_s = before_s
        self._now_s = now_s

    def count(self) -> None:
        """Count an attempt, before anything is hashed.

        Raises:
            TooMany: there were CHECKS_MAX within ten minutes.
        """
        left_s = self._before_s + [at + CHECKS_S - self._now_s for at in self._tried.times]
        if len(left_s) >= CHECKS_MAX:
            raise _too_many(min(left_s))
        self._tried.times.append(self._now_s)

    def refuse_other(self) -> None:
        """Refuse a phrase under the id of a command that said something else; it counts as an attempt.

        Raises:
            Conflict: always, or TooMany.
        """
        if len(self._tried.others) < CHECKS_MAX:
            self._tried.others.append(self._now_s)
        self.count()
        raise Conflict(
            "This command's id was used for another command before. Nothing was checked. Give each command an id of "
            "its own",
            "command.reused",
        )

    def refuse_matching(self) -> None:
        """Refuse to tell a stored answer again to whoever tried what a command had said.

        Raises:
            TooMany: CHECKS_MAX said something else within ten minutes.
        """
        if len(self._tried.others) >= CHECKS_MAX:
            raise _too_many(min(self._tried.others) + CHECKS_S - self._now_s)


def _too_many(left_s: float) -> TooMany:
    return TooMany(
        f"{CHECKS_MAX} phrases were asked for in this incident within ten minutes. Nothing was checked. Treat the call "
        "as one with a wrong phrase",
        "phrases.too_many",
        max(1, int(left_s)),
    )
