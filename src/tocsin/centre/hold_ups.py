"""A silent call for help of the control room: durable before it is answered, and answered the same every time."""

import threading
from typing import Final

import structlog

from tocsin.centre.configuration import Run
from tocsin.model.hold_up import HELD_UP, HeldUp
from tocsin.model.journal import Fact
from tocsin.model.ports import Clock, Store
from tocsin.model.values import Actor, Ref

AGAIN_S: Final = 10.0
"""A press so soon after the same person's last one says nothing new: it is answered alike, and no fact is added."""

LOOKED_MAX: Final = 100
"""Open incidents that are looked through for it, those that changed last: it has just come."""

_LOG = structlog.get_logger("centre")


class HoldUps:
    """Takes presses. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock, own_site: Ref | None) -> None:
        """Work on these; `own_site` is the control room's own site, where the settings name one."""
        self._store = store
        self._run = run
        self._clock = clock
        self._own_site = own_site
        self._lock = threading.Lock()
        self._pressed_s: dict[tuple[Actor, bool], float] = {}
        # Said at the start, not at a press: a line of the log at that moment would tell of it.
        if own_site is not None and self.own_site is None:
            _LOG.warning("held_up.no_site", site=own_site)

    @property
    def own_site(self) -> Ref | None:
        """The control room's own site; None where the settings name none, or one that is not there."""
        wanted = self._own_site
        found = [] if wanted is None else self._store.sites([wanted])
        return wanted if any(not site.row.removed for site in found) else None

    def press(self, actor: Actor, *, raised_by: Actor | None, exercise: bool) -> None:
        """Call for help in silence; durable when this returns. What follows is the core's.

        `raised_by` is whose screens must show nothing; None: a button of the room, by a program.

        Raises:
            CentreFault: nothing can be stored; whoever asks tries again.
        """
        key, now_s = (actor, exercise), self._clock.monotonic_s()
        with self._lock:
            self._pressed_s = {one: at for one, at in self._pressed_s.items() if now_s - at < AGAIN_S}
            is_again = key in self._pressed_s
        if is_again and self._is_open(raised_by, exercise=exercise):
            return
        body = HeldUp(exercise=exercise, raised_by=raised_by, site_id=self.own_site)
        self._run(lambda journal: journal.record([Fact(kind=HELD_UP, body=body, actor=actor)]))
        with self._lock:
            self._pressed_s[key] = now_s

    def _is_open(self, raised_by: Actor | None, *, exercise: bool) -> bool:
        """Nobody has closed it meanwhile: then a press would be a new call."""
        newest = self._store.incidents("open", None, LOOKED_MAX)
        return any(one.is_room and (one.raised_by, one.exercise) == (raised_by, exercise) for one in newest)
