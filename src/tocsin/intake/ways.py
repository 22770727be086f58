"""The ways in beside panels, together: what starts, pauses and ends with the centre, and where receipts go.

Webhooks come by the web part, and are always there; a broker is read, and mail taken, where that is set up.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from tocsin.centre.configuration import Secrets
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.stills import Stills
from tocsin.centre.supervision import Watch
from tocsin.intake.dc09.counters import Counters
from tocsin.intake.dc09.receiver import Waiting
from tocsin.intake.mail.pictures import Draw, MailPictures
from tocsin.intake.mail.receiver import Mails
from tocsin.intake.mail.server import MailServer
from tocsin.intake.mqtt.bridge import Broker
from tocsin.intake.mqtt.receiver import Brokered, FromBroker
from tocsin.intake.webhook.counts import SourceTally
from tocsin.intake.webhook.receiver import Posted, Webhooks
from tocsin.journal.writer import Outcome, Writer
from tocsin.model.errors import CentreFault
from tocsin.model.ports import Clock, Store
from tocsin.model.signals import Differs, Receipt

Tag = Waiting | Posted | FromBroker
"""What waits for the writer: a frame of a panel, a request of a machine, or a message of a broker."""

BROKER_LOST_S: Final = 30.0
"""So long a broker may be away before somebody must look: it is started anew in less."""


class WaysIn:
    """Webhooks and the broker of one centre. In the event loop, but for what says otherwise."""

    def __init__(
        self,
        *,
        store: Store,
        writer: Writer[Tag],
        tally: SourceTally,
        watch: Watch,
        clock: Clock,
        queue_max: int,
        secrets: Secrets,
        panels: Callable[[], Counters],
        broker: Broker | None,
        mail: MailServer | None,
        stills: Stills,
        draw: Draw,
        notice: Callable[[str], None],
    ) -> None:
        """Take in by these; `draw` masks what a mail shows, `notice` makes an incident of what a person must know."""
        self.webhooks = Webhooks(
            store=store,
            writer=writer,
            tally=tally,
            watch=watch,
            clock=clock,
            queue_max=queue_max,
            secrets=secrets,
            panels=panels,
        )
        self.brokered: Brokered | None = None
        if broker is not None:
            self.brokered = self.webhooks.brokered = Brokered(
                broker, store=store, submit=writer.submit, tally=tally, watch=watch, clock=clock, notice=notice
            )
        self.mails: Mails | None = None
        if mail is not None:
            self.mails = self.webhooks.mails = Mails(
                domain=mail.domain,
                tls=mail.tls,
                store=store,
                writer=writer,
                tally=tally,
                watch=watch,
                clock=clock,
                queue_max=queue_max,
                secrets=secrets,
                pictures=MailPictures(stills=stills, store=store, tally=tally, clock=clock, draw=draw),
            )
        self._mail = mail
        self._notice = notice
        self._task: asyncio.Task[None] | None = None
        self._is_lost: bool | None = None
        """None until something is known: an earlier process may have left an incident open."""

    def use(self, snapshot: AccountSnapshot) -> None:
        """Judge by this picture of the accounts from now on."""
        self.webhooks.use(snapshot)
        if self.brokered is not None:
            self.brokered.use(snapshot)
        if self.mails is not None:
            self.mails.use(snapshot)

    async def start(self) -> None:
        """Take mail, and connect to the broker."""
        if self.mails is not None and self._mail is not None:
            await self.mails.serve(self._mail.listener)
        if self.brokered is not None:
            self._task = asyncio.create_task(self.brokered.bridge.run())

    def pause(self) -> None:
        """Take nothing more in; what was taken is still answered."""
        self.webhooks.is_accepting = False
        if self.mails is not None:
            self.mails.is_accepting = False
        if self.brokered is not None:
            self.brokered.bridge.pause()

    def go_on(self) -> None:
        """Take in again."""
        self.webhooks.is_accepting = True
        if self.mails is not None:
            self.mails.is_accepting = True
        if self.brokered is not None:
            self.brokered.bridge.go_on()

    async def close(self) -> None:
        """Leave the broker, and take no more mail; both keep what comes. After the last receipts."""
        if self.mails is not None:
            await self.mails.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def look(self) -> None:
        """Once a second: take up what was set up, and notice a broker that is away."""
        if self.mails is not None:
            self.mails.look()
        if self.brokered is None:
            return
        self.brokered.look()
        lost_s = self.brokered.lost_s
        if lost_s > BROKER_LOST_S and self._is_lost is not True:
            self._is_lost = True
            self._notice("broker_lost")
        elif lost_s == 0 and self._is_lost is not False:
            self._is_lost = False
            self._notice("broker_back")

    def delivered(self, outcome: Outcome[Tag]) -> Outcome[Waiting]:
        """Answer requests and messages, and leave the panels' frames."""
        frames: list[Waiting] = []
        receipts: list[Receipt | Differs] = []
        for place, tag in enumerate(outcome.tags):
            told = outcome.fault or outcome.receipts[place]
            if isinstance(tag, Posted):
                self.webhooks.delivered(tag, told)
            elif isinstance(tag, FromBroker):
                if self.brokered is not None:
                    self.brokered.delivered(tag, told)
            else:
                frames.append(tag)
                if not isinstance(told, CentreFault):
                    receipts.append(told)
        return Outcome(frames, receipts, outcome.fault)
