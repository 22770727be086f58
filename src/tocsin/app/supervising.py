"""Who is silent: supervision from the start of a process to its end, and where each left off."""

import asyncio
import threading
from collections.abc import Callable, Sequence

import structlog

from tocsin.centre import last_seen
from tocsin.centre.categories import shipped_categories
from tocsin.centre.folder import LAST_SEEN
from tocsin.centre.last_seen import write_atomically
from tocsin.centre.opening import OpenFolder
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.supervision import Watch
from tocsin.centre.supervision_core import outages_at_start
from tocsin.centre.supervision_losses import Losses
from tocsin.model.journal import Fact
from tocsin.model.ports import Clock
from tocsin.model.values import Seq
from tocsin.settings import Settings

_LOG = structlog.get_logger("centre")


class Supervising:
    """Looks who is overdue, and goes on where the process before this one ended."""

    def __init__(
        self,
        settings: Settings,
        opened: OpenFolder,
        clock: Clock,
        record: Callable[[Sequence[Fact]], Sequence[Seq]],
        snapshot: AccountSnapshot,
    ) -> None:
        """`record` is for the thread of supervision: it records what was found, and waits for the commit."""
        key = opened.vault.identity_key()
        default = settings.supervision.default_interval_s
        default_s = None if default == "learn" else default
        self._clock = clock
        self._path = settings.folder / LAST_SEEN
        self._saving = threading.Lock()
        self._scanned_s = clock.monotonic_s()
        self.watch = Watch(key, clock, shipped_categories(), default_interval_s=default_s)
        self.watch.use(snapshot)
        self.losses = Losses(self.watch, opened.store, clock, record, key)

    @property
    def unseen_s(self) -> float:
        """For so long nobody has looked who is silent, or could not record what was found."""
        return max(self._clock.monotonic_s() - self._scanned_s, self.losses.failing_s)

    def restore(self, opened: OpenFolder, *, is_new: bool, has_died: bool) -> None:
        """Nobody is overdue by our own time away."""
        try:
            data, now = self._path.read_bytes(), self._clock.now_us()
            away_s = last_seen.restore(self.watch, data, now, is_whole=not has_died)
            _LOG.info("last_seen.restored", away_s=round(away_s))
        except (OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError) and is_new:
                _LOG.info("last_seen.none")
            else:
                _LOG.warning("last_seen.lost", error=type(error).__name__)
                self.watch.give_grace()
        self.losses.restore(outages_at_start(opened.store))

    def begin(self) -> None:
        """The first look comes one interval from now."""
        self._scanned_s = self._clock.monotonic_s()

    def scan(self, *, is_ours: bool) -> None:
        """Look who is overdue. While we take nothing in (`is_ours`), that is our own outage, and nobody's fault."""
        self.losses.found(self.watch.scan(is_ours=is_ours))
        self._scanned_s = self._clock.monotonic_s()
        if self.losses.has_work:
            asyncio.get_running_loop().run_in_executor(None, self.losses.work)

    def save_soon(self) -> None:
        """Beside the event loop: a large centre's file takes a while, and the disk may."""
        asyncio.get_running_loop().run_in_executor(None, self.save)

    def save(self, *, is_whole: bool = False) -> None:
        """Write when each was heard last; `is_whole` at an end in good order."""
        with self._saving:
            try:
                self._write(is_whole=is_whole)
            except OSError as error:
                _LOG.warning("last_seen.not_written", error=type(error).__name__)

    def _write(self, *, is_whole: bool) -> None:
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        write_atomically(self._path, last_seen.encode(self.watch, now, now_s, is_whole=is_whole))
