"""One line a signal in the log: what came, and how long until it was durable. The journal is evidence; this is help.

A storm writes so many lines a second and then counts: a log must never slow down what it tells of.
"""

from typing import Final

import structlog

from tocsin.model.signals import Receipt
from tocsin.protocols.dc09.judge import Verdict

LINES_PER_S: Final = 50
_LOG = structlog.get_logger("signal")


class SignalLog:
    """Writes `signal.stored` lines, bounded."""

    def __init__(self) -> None:
        """Start with a full second."""
        self._second = -1
        self._lines = 0
        self._unsaid = 0

    def stored(self, verdict: Verdict, receipt: Receipt, waited_s: float, now_s: float) -> None:
        """Tell of one frame that is durable and answered. Codes and numbers only: no text, no address of a sender."""
        second = int(now_s)
        if second != self._second:
            if self._unsaid:
                _LOG.info("signal.stored.more", frames=self._unsaid)
            self._second, self._lines, self._unsaid = second, 0, 0
        if self._lines >= LINES_PER_S:
            self._unsaid += 1
            return
        self._lines += 1
        _LOG.info(
            "signal.stored",
            source="dc09",
            account=verdict.account,
            code=verdict.events[0].code if verdict.events else None,
            id=receipt.id,
            stored_ms=round(waited_s * 1000, 1),
            duplicate_of=receipt.duplicate_of,
            reply=verdict.reply,
        )
