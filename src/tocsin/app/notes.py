"""What the centre notes of itself in the journal, and what it logs of work there that failed."""

from collections.abc import Callable
from concurrent.futures import Future

import structlog

from tocsin.intake.ways import Tag
from tocsin.journal.journal import Journal
from tocsin.journal.writer import Writer
from tocsin.model.errors import CentreFault
from tocsin.model.journal import CentreNoticed, Fact
from tocsin.model.values import Code

_LOG = structlog.get_logger("centre")


class Notes:
    """Facts of the kind `centre.noticed`: kept here for as long as the journal has no room even for them."""

    def __init__(self, writer: Writer[Tag]) -> None:
        """Note in turns of `writer`."""
        self._writer = writer
        self._unwritten: list[str] = []

    def note(self, notice: str) -> None:
        """Note it in the journal, and where there is no room even for that, when there is."""
        body = CentreNoticed(account=None, count=1, notice=Code(notice), reason=None)
        noted = self._writer.call(lambda journal: journal.record([Fact(kind=Code("centre.noticed"), body=body)]))
        noted.add_done_callback(lambda done: self._unwritten.append(notice) if done.exception() else None)

    def note_again(self) -> None:
        """There is room: note what could not be noted."""
        unwritten, self._unwritten = self._unwritten, []
        for notice in unwritten:
            self.note(notice)


def give(writer: Writer[Tag], work: Callable[[Journal], object]) -> None:
    """Give work to the writer and go on; what it raises is logged."""
    writer.call(work).add_done_callback(log_fault)


def log_fault(future: "Future[object]") -> None:
    """Log why work that was given to the writer was not done, if it was not."""
    if (error := future.exception()) is not None:
        _LOG.warning("journal.work_failed", error=str(error) if isinstance(error, CentreFault) else repr(error))
