"""Everything that takes signals in: the receivers, the writer behind them, and what is counted beside."""

import asyncio
from collections.abc import Callable
from typing import Final

from tocsin.app.notes import Notes, give
from tocsin.centre.opening import OpenFolder
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.stills import Stills
from tocsin.centre.supervision import Watch
from tocsin.intake.dc09.budget import SenderBudget
from tocsin.intake.dc09.lists import IntakeLists
from tocsin.intake.dc09.receiver import Receiver
from tocsin.intake.dc09.sockets import ConnectionLimits, Connections
from tocsin.intake.mail.server import MailServer
from tocsin.intake.mqtt.broker import broker_of
from tocsin.intake.ways import Tag, WaysIn
from tocsin.intake.webhook.counts import COUNTS, SourceTally
from tocsin.journal.journal import Journal
from tocsin.journal.writer import Outcome, Rider, Writer, both
from tocsin.model.errors import CentreFault
from tocsin.model.ports import Clock, Ids
from tocsin.protocols.dc09.judge import ReceiverPolicy
from tocsin.settings import Settings
from tocsin.web.side_process import SideProcess

DRAW_S: Final = 20.0
"""For the pictures of one mail to be masked."""


class Intake:
    """The ways in of one centre, and the writer whose commits they answer by. In the event loop."""

    def __init__(
        self,
        settings: Settings,
        opened: OpenFolder,
        journal: Journal,
        *,
        snapshot: AccountSnapshot,
        watch: Watch,
        clock: Clock,
        ids: Ids,
        mail: MailServer | None,
        stills: Stills,
        writer_type: type[Writer[Tag]],
        deliver: Callable[[Outcome[Tag]], None],
    ) -> None:
        """`deliver` is told, in the event loop, what became of each batch."""
        dc09 = settings.receivers.dc09
        self._journal = journal
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._deliver = deliver
        self.lists = IntakeLists(opened.vault, dc09.unknown_kept, dc09.rejected_kept, opened.store.unknown_accounts())
        self._tally = SourceTally(opened.store.get_meta(COUNTS))
        self.writer: Writer[Tag] = writer_type(journal, deliver=self._deliver_soon, also=self._take_beside, clock=clock)
        self.notes = Notes(self.writer)
        self.receiver = Receiver(
            snapshot=snapshot,
            policy=ReceiverPolicy(
                unknown_accounts=dc09.unknown_accounts,
                downgrade=dc09.downgrade,
                unstamped=dc09.unstamped,
                missing_line=dc09.missing_line,
            ),
            writer=self.writer,
            lists=self.lists,
            watch=watch,
            budget=SenderBudget(dc09.unknown_store_per_min),
            clock=clock,
            ids=ids,
            queue_max=dc09.queue_max,
        )
        self.ways_in = WaysIn(
            store=opened.store,
            writer=self.writer,
            tally=self._tally,
            watch=watch,
            clock=clock,
            queue_max=dc09.queue_max,
            secrets=opened.vault,
            panels=lambda: self.receiver.counters,
            broker=broker_of(settings.receivers.mqtt, settings.folder),
            mail=mail,
            stills=stills,
            draw=SideProcess("tocsin.centre.mail_still_worker", "mail", DRAW_S).read,
            notice=self.notes.note,
        )
        self.connections = Connections(
            self.receiver,
            ConnectionLimits(dc09.connections_max, dc09.per_connection_max, dc09.first_frame_s, dc09.idle_s),
        )

    @property
    def sources(self) -> dict[str, int]:
        """What sources other than panels sent since the start, by what became of it."""
        return dict(self._tally.since_start)

    def use(self, snapshot: AccountSnapshot) -> None:
        """Judge by this picture of the accounts from now on."""
        self.receiver.use(snapshot)
        self.ways_in.use(snapshot)

    def pause(self) -> None:
        """Take nothing more in; what was taken is still answered."""
        self.receiver.pause()
        self.ways_in.pause()

    def go_on(self) -> None:
        """Take signals in again."""
        self.receiver.go_on()
        self.ways_in.go_on()

    def abort(self) -> None:
        """Hang up on every panel: what it sent last is not known to be stored."""
        for connection in list(self.connections.open):
            connection.abort()

    def look(self) -> None:
        """Once a second: what goes on beside the signals themselves."""
        self.ways_in.look()
        now = self._clock.now_us()
        if self.lists.is_due(now) or self._tally.is_due(now) or self._journal.has_repeats:
            give(self.writer, self.flush)

    def flush(self, journal: Journal) -> None:
        """In the writer's thread: write what is kept beside signals, though none comes."""
        taken = self._take_beside()
        try:
            journal.store((), None if taken is None else taken.write)
        except CentreFault as fault:
            if taken is not None:
                taken.put_back()
            self._deliver_soon(Outcome((), (), fault))

    def answer(self, outcome: Outcome[Tag]) -> None:
        """Answer this batch's senders."""
        self.receiver.delivered(self.ways_in.delivered(outcome))

    def _take_beside(self) -> Rider | None:
        """What is written with the next transaction: the lists of what came in, and the counts of sources."""
        now = self._clock.now_us()
        return both(self.lists.take(now), self._tally.take(now))

    def _deliver_soon(self, outcome: Outcome[Tag]) -> None:
        """From the writer's thread."""
        self._loop.call_soon_threadsafe(self._deliver, outcome)
