"""Pictures that a machine's mail brings: masked before the first write, and given to the incident that it made.

The signal of the mail is durable before any of this begins, and stays so whatever becomes of a picture. 250 is said
when the pictures are durable too, or dropped and counted: what ends us before has the sender send again, the signal is
known then, and so is each picture that was stored.
Source: INTEGRATIONS.md, sections 13 and 18; decision 0084.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec
import structlog

from tocsin.centre.mail_still_worker import MailStills
from tocsin.centre.stills import Stills
from tocsin.intake.webhook.counts import SourceTally
from tocsin.model.errors import BadInput, CentreFault, Conflict, TooMany
from tocsin.model.ports import Clock, Store
from tocsin.model.signals import Receipt
from tocsin.model.stills import STILLS_MAX
from tocsin.model.values import Code, Ref, Seq
from tocsin.protocols.mail_pictures import may_have_pictures
from tocsin.system import sleep, timeout

TAKE_S: Final = 40.0
"""For all pictures of one mail: well under what a sender waits for its 250, and under the idle time of a connection."""

ASK_S: Final = 0.1
"""As often it is asked what the rules made of the mail."""

_READ: Final = msgspec.msgpack.Decoder(MailStills)
_LOG = structlog.get_logger("intake.mail")

Draw = Callable[[bytes, str], Awaitable[bytes]]
"""Runs `centre.mail_still_worker` on a mail, for so many pictures; one at a time."""


class MailPictures:
    """Gives the pictures of mails to incidents. In the event loop."""

    def __init__(self, *, stills: Stills, store: Store, tally: SourceTally, clock: Clock, draw: Draw) -> None:
        """Keep them by `stills`; count by source in `tally`."""
        self._stills = stills
        self._store = store
        self._tally = tally
        self._clock = clock
        self._draw = draw

    async def take(self, source: Ref, content: bytes, receipts: Sequence[Receipt]) -> None:
        """Keep what a mail shows, whose signals are durable. Raises nothing: what cannot be kept is counted."""
        if not may_have_pictures(content):
            return
        try:
            async with timeout(TAKE_S):
                await self._take(source, content, receipts)
        except (TimeoutError, CentreFault, TooMany):
            # The core is behind, others wait, or storage fails: the signal stands, and has its incident.
            self._refuse(source, "picture_late")
        except BadInput:  # it takes more time or memory than a picture that a camera made
            self._refuse(source, "picture")

    async def _take(self, source: Ref, content: bytes, receipts: Sequence[Receipt]) -> None:
        most = min(STILLS_MAX, self._tally.pictures_left(source, self._clock.now_us()))
        read = _READ.decode(await self._draw(content, str(most)))
        for _ in range(read.refused):
            self._refuse(source, "picture")
        for _ in range(read.more):
            self._refuse(source, "picture_many")
        if not read.stills:
            return
        incident, signal = await self._incident(receipts)
        for drawn in read.stills:
            if incident is None:
                self._refuse(source, "picture_incident")
                continue
            try:
                is_new = await asyncio.to_thread(self._stills.add_of_machine, incident, drawn, source, signal)
            except Conflict as fault:
                self._refuse(source, "picture_many" if fault.code == "still.full" else "picture_incident")
                continue
            if is_new:
                self._tally.pictured(source, self._clock.now_us())
                _LOG.info("still.taken", source=source)

    async def _incident(self, receipts: Sequence[Receipt]) -> tuple[Ref | None, Seq]:
        """The first incident that a signal of the mail opened or joined, and that signal."""
        for receipt in receipts:
            assert receipt.seq is not None, "on this tier the number is known at append"
            while True:
                rows = await asyncio.to_thread(self._store.signal_rows, Seq(receipt.seq - 1), 1)
                if rows and rows[0].seq == receipt.seq:
                    break
                await sleep(ASK_S)
            if rows[0].incident is not None:
                return rows[0].incident, receipt.seq
        return None, Seq(0)

    def _refuse(self, source: Ref, rule: str) -> None:
        self._tally.refused(source, Code(rule), self._clock.now_us())
        _LOG.info("still.refused", source=source, rule=rule)
