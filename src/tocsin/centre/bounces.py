"""Bounced mail that somebody gives us: counted by what became of it, whoever sends what."""

import threading
from typing import Final, Literal

import structlog

from tocsin.centre.outbox import Outbox
from tocsin.model.errors import BadInput
from tocsin.model.notices import BOUNCE_OUTCOMES, BounceOutcome
from tocsin.protocols.bounces import BOUNCE_BYTES_MAX, NESTED_MAX, read_bounce

UNREADABLE: Final = "unreadable"
_LOG = structlog.get_logger("bounces")


class Bounces:
    """Takes reports of delivery. From any thread but the writer's."""

    def __init__(self, outbox: Outbox) -> None:
        """Tell `outbox` of what came back."""
        self._outbox = outbox
        self._lock = threading.Lock()
        self._counts: dict[str, int] = dict.fromkeys((*BOUNCE_OUTCOMES, UNREADABLE), 0)

    @property
    def counts(self) -> dict[str, int]:
        """How many, since the start, by what became of them."""
        with self._lock:
            return dict(self._counts)

    def take(self, raw: bytes) -> BounceOutcome:
        """Take one mail; the same again changes nothing.

        Raises:
            BadInput: it is no report of delivery. To send it again is of no use.
            JournalFull, DiskFault: nothing was noted; send it again.
        """
        bounce = read_bounce(raw)
        if bounce is None:
            self._count(UNREADABLE)
            raise BadInput(
                f"This is no report of delivery (multipart/report with a delivery status) of {BOUNCE_BYTES_MAX:,} "
                f"bytes and {NESTED_MAX} nested parts at most. Nothing was noted. Give the mail back as the server "
                "sent it, with all of its head",
                "notice_bounce.form",
            )
        outcome: BounceOutcome = "not_final"
        if bounce.is_final:
            said = [self._outbox.bounced(one) for one in bounce.message_ids]
            outcome = "noted" if "noted" in said else "known" if "known" in said else "unknown"
        self._count(outcome)
        return outcome

    def _count(self, outcome: Literal["unreadable"] | BounceOutcome) -> None:
        with self._lock:
            self._counts[outcome] += 1
        # Not one word of the mail: an address may stand in any.
        _LOG.info("bounce.taken", outcome=outcome)
