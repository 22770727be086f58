"""What the screens are told: the board and the live hub, fed by what the core commits."""

import asyncio
from collections.abc import Callable

from tocsin.model.incidents import Committed, Incident
from tocsin.model.ports import Clock, Store
from tocsin.model.values import Seq
from tocsin.web.api.types import Beat
from tocsin.web.board import Board, newest_change
from tocsin.web.live import Hub, show


class Screens:
    """Board and hub of a running centre. The event loop owns them; `committed` may be called from any thread."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        loop: asyncio.AbstractEventLoop,
        epoch: int,
        at: tuple[Seq, list[Incident]],
        beat: Callable[[], Beat],
        consoles_max: int,
    ) -> None:
        """Show the incidents that are open `at` a seq, and go on with what is committed after it."""
        seq, incidents = at
        self._loop = loop
        self.board = Board(epoch)
        self.board.load(seq, incidents)
        self.hub = Hub(
            epoch=epoch,
            head=seq,
            unchanged_since=newest_change(store, seq),
            clock=clock,
            timers=loop,
            beat=beat,
            consoles_max=consoles_max,
        )

    def committed(self, committed: Committed) -> None:
        """From the writer's thread, after a commit: let the loop show what it changed."""
        self._loop.call_soon_threadsafe(self._show, committed)

    def _show(self, committed: Committed) -> None:
        show(committed, self.board, self.hub)
