"""The watchdog is watched: what stands still in the centre itself is said at once, and becomes an incident."""

from typing import Final

from tocsin.app.notes import Notes
from tocsin.app.readiness import Readiness
from tocsin.app.supervising import Supervising
from tocsin.centre.core import Core
from tocsin.centre.scheduler import Scheduler
from tocsin.intake.ways import Tag
from tocsin.journal.head_keeper import HeadKeeper
from tocsin.journal.writer import Writer
from tocsin.notify.sender import Sender

STORAGE_SLOW_S: Final = 5.0
CORE_STALLED: Final = (
    "the core has stopped at an entry that it cannot take: signals are stored, and nothing becomes of them; see the log"
)
CORE_LATE_S: Final = 10.0
CORE_LATE: Final = "signals are stored, and wait for more than 10 s to become incidents"
TIMERS_SILENT_S: Final = 15.0
TIMERS_SILENT: Final = (
    "the timers stand still: nobody is told of what nobody claims, and nothing is erased; watch the queue, see the log"
)
SUPERVISION_SILENT_S: Final = 15.0
SUPERVISION_SILENT: Final = (
    "nobody is watching who is silent: a lost panel or path is not told; see the log, and start the centre again"
)
NOTICES_SILENT_S: Final = 30.0
NOTICES_SILENT: Final = (
    "notices stand still: nobody is reached by telephone, message or mail; telephone, and see the log"
)
TIMERS_FAIL: Final = "timers fail and are tried again: somebody may not be told of what nobody claims; see the log"


class Watchdog:
    """Looks each second whether the centre's own parts turn."""

    def __init__(
        self,
        readiness: Readiness,
        notes: Notes,
        *,
        writer: Writer[Tag],
        core: Core,
        scheduler: Scheduler,
        supervising: Supervising,
        sender: Sender,
        heads: HeadKeeper,
    ) -> None:
        """Watch over these, and say so by `readiness` and `notes`."""
        self._readiness = readiness
        self._notes = notes
        self._writer = writer
        self._core = core
        self._scheduler = scheduler
        self._supervising = supervising
        self._sender = sender
        self._heads = heads
        self._is_unseen = self._is_mute = False

    def look(self) -> None:
        """Once a second."""
        tell = self._readiness.tell
        tell("storage", "storage has not answered for 5 s", is_so=self._writer.oldest_waiting_s > STORAGE_SLOW_S)
        self._watch_over("core", CORE_STALLED, "core_stalled", "", is_so=self._core.is_stalled)
        is_late = self._core.oldest_waiting_s > CORE_LATE_S
        self._watch_over("core_late", CORE_LATE, "core_late", "core_in_time", is_so=is_late)
        is_silent = self._scheduler.silent_s > TIMERS_SILENT_S
        self._watch_over("timers", TIMERS_SILENT, "timers_stopped", "timers_run", is_so=is_silent)
        # After a stop of the whole process this may come before the scan: only what is so twice is so.
        was_unseen, self._is_unseen = self._is_unseen, self._supervising.unseen_s > SUPERVISION_SILENT_S
        is_unseen = was_unseen and self._is_unseen
        self._watch_over("supervision", SUPERVISION_SILENT, "supervision_stopped", "supervision_runs", is_so=is_unseen)
        was_mute, self._is_mute = self._is_mute, self._sender.silent_s > NOTICES_SILENT_S
        is_mute = was_mute and self._is_mute
        self._watch_over("notices", NOTICES_SILENT, "notices_stopped", "notices_run", is_so=is_mute)
        tell("timers_fail", TIMERS_FAIL, is_so=self._scheduler.failing > 0)
        tell("heads", "signed heads cannot be written to their place", is_so=self._heads.has_failed)

    def _watch_over(self, part: str, words: str, notice: str, over: str, *, is_so: bool) -> None:
        """Tell of it at once, and make it an incident as soon as one can be written."""
        was_so = self._readiness.lacks(part)
        self._readiness.tell(part, words, is_so=is_so)
        if is_so and not was_so:
            self._notes.note(notice)
        elif was_so and not is_so and over:
            self._notes.note(over)
