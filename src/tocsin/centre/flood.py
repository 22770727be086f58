"""Watches for floods of alarms: counts what is announced, and says when a storm begins and ends.

The core tells of each incident that it opens. The beginning is a fact of the same commit as the incident that was one
too many; the end is a timer's. While a storm goes on every console is told so with each beat. What was announced in the
last hour is in memory, and found again in the store at a start.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import structlog

from tocsin.centre.timers import Timers, set_timer
from tocsin.model.flood import STORM_BEGAN, STORM_ENDED, Storm, StormBegan, StormEnded
from tocsin.model.incidents import Incident, State
from tocsin.model.journal import Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.flood import KEPT_S, SECOND, Announced, begins, in_window, is_announced, is_over, look_again_at
from tocsin.rules.judgement import JUDGEMENT, Flood, Judgement

STORM: Final = Code("storm")
"""Kind of its timer, and the small value that holds a storm that goes on."""

ANNOUNCED_MAX: Final = 20_000
"""Of more in an hour the newest are counted."""

PAGE: Final = 1_000
_LOG = structlog.get_logger("flood")
_STORM: Final = msgspec.json.Decoder(Storm)
_ENCODE: Final = msgspec.json.Encoder().encode


class FloodWatch:
    """Counts and judges. In the writer's turn; `storm` and `announced` are read from any thread."""

    def __init__(self, store: Store, now: Micros, judgement: Callable[[], Judgement] = lambda: JUDGEMENT) -> None:
        """Go on where the store says: a storm that goes on, and what was announced in the last hour."""
        self._store = store
        self._judgement = judgement
        self._timers: Timers | None = None
        kept = store.get_meta(STORM)
        self.storm: Storm | None = _STORM.decode(kept) if kept else None
        """The storm that goes on."""
        self.announced: tuple[Announced, ...] = tuple(_found(store, now))
        """What was announced in the last hour, in the order in which it came. Replaced whole."""
        self._new: list[Announced] = []
        self._begun: Storm | None = None
        self._ended = False

    @property
    def rule(self) -> Flood:
        """When a storm begins and ends."""
        return self._judgement().flood

    def use(self, timers: Timers) -> None:
        """End storms from now on."""
        self._timers = timers
        timers.register(STORM, self, is_prompt=True)

    # What the core tells ---------------------------------------------------------------------------------------------

    def opened(self, incident: Incident) -> None:
        """An incident was opened in this step."""
        if is_announced(incident):
            self._new.append((incident.opened_at, incident.hazard, incident.priority))

    def look(self, transaction: StoreTransaction, appender: Appender) -> None:
        """At the end of a step: say where a storm begins with it."""
        if not self._new or self.storm is not None:
            return
        rule, now = self._judgement().flood, max(appender.at, self._new[-1][0])
        times = in_window((at for at, _, _ in (*self.announced, *self._new)), now, rule.window_s)
        if not begins(times, 1, rule) or not begins(times, desks := self._desks(), rule):
            return  # the desks are asked for only where it matters
        body = StormBegan(
            begins=rule.begins, count=len(times), desks=desks, exercise=False, since=times[0], window_s=rule.window_s
        )
        seq = appender.append(Fact(kind=STORM_BEGAN, body=body))
        self._begun = Storm(id=Ref(f"storm-{seq}"), seq=seq, since=times[0])
        transaction.put_meta(STORM, _ENCODE(self._begun).decode())
        set_timer(transaction, appender, STORM, self._begun.id, look_again_at(times, desks, rule), STORM_BEGAN)

    def settle(self, *, is_durable: bool) -> None:
        """The transaction with the step has ended."""
        new, begun = self._new, self._begun
        self._new, self._begun = [], None
        if not is_durable or not new:
            return
        newest = max(at for at, _, _ in new)
        kept = tuple(one for one in self.announced if one[0] > newest - KEPT_S * SECOND)
        self.announced = (*kept, *new)[-ANNOUNCED_MAX:]
        if begun is not None:
            self.storm = begun
            _LOG.warning("storm.began", storm=begun.id, incidents=len(new))

    def _desks(self) -> int:
        """Desks with somebody on shift, at least 1."""
        return max(1, len({one.desk for one in self._store.shifts()}))

    # Its timer (`timers.Handler`) ------------------------------------------------------------------------------------

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Never: how many came is looked at when it is due."""
        del timer, now

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Nothing is destroyed; a transaction begins."""
        del timers, now
        self._ended = False

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Say that it is over, or look again when it may be."""
        if self.storm is None or self.storm.id != timer.ref or self._timers is None:
            _LOG.error("storm.timer_of_none", storm=timer.ref)
            return None
        rule, desks = self._judgement().flood, self._desks()
        # Where the clock was set back meanwhile, it is later than it says: the timer counts by another clock too.
        now = max(appender.at, timer.due_at)
        times = in_window((at for at, _, _ in self.announced), now, rule.window_s)
        if not is_over(times, desks, rule):
            return max(look_again_at(times, desks, rule), Micros(now + SECOND))
        body = StormEnded(
            count=len(times),
            desks=desks,
            ends=rule.ends,
            exercise=False,
            late_s=self._timers.late_s(timer, appender.at),
        )
        appender.append(Fact(kind=STORM_ENDED, body=body, ref=self.storm.id))
        transaction.put_meta(STORM, "")
        self._ended = True
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """It is durable."""
        del timers, seq
        if self._ended:
            self.storm, self._ended = None, False
            _LOG.info("storm.ended")


def _found(store: Store, now: Micros) -> list[Announced]:
    """What the store knows to have been announced in the last hour: open, and closed since."""
    since = now - KEPT_S * SECOND
    found: list[Announced] = []
    states: tuple[State, ...] = ("open", "closed")
    for state in states:
        before: Seq | None = None
        while page := store.incidents(state, before, PAGE):
            for one in page:
                if one.opened_at > since and is_announced(one):
                    found.append((one.opened_at, one.hazard, one.priority))
            before = page[-1].version
            if state == "closed" and (page[-1].closed_at or 0) <= since:
                break
    return sorted(found)[-ANNOUNCED_MAX:]
