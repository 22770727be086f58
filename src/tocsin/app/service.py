"""Wiring: opens a centre's folder, starts its parts in order, and ends them in order.

    folder lock -> vault -> store -> tail check -> journal -> writer -> receiver -> sockets, web, control

Nothing listens before the journal is open and its tail checked; nothing closes before what was accepted is stored.
"""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from tocsin.access.access import Access, tag_of
from tocsin.access.hashing import PasswordsApart
from tocsin.access.passwords import Passwords
from tocsin.app.chores import Chores
from tocsin.app.control import make_control
from tocsin.app.desks import DESKS_S, Desks
from tocsin.app.disk_faults import DiskFaults
from tocsin.app.ending import Ending
from tocsin.app.epoch import Epoch
from tocsin.app.guesses import ATTACKED, Guesses
from tocsin.app.intake import Intake
from tocsin.app.notes import log_fault
from tocsin.app.readiness import Readiness
from tocsin.app.rounds import Rounds
from tocsin.app.supervising import Supervising
from tocsin.app.watchdog import Watchdog
from tocsin.centre.attendance import Attendance
from tocsin.centre.backup import Backups
from tocsin.centre.categories import SCAN_S
from tocsin.centre.centre import Centre
from tocsin.centre.core import Core
from tocsin.centre.disk import DiskRoom
from tocsin.centre.escalation import chains_of
from tocsin.centre.folder import RESERVE, FolderLock, replaced_with_keys
from tocsin.centre.last_seen import INTERVAL_S
from tocsin.centre.opening import OpenFolder, open_folder
from tocsin.centre.profiles import Profiles
from tocsin.centre.rings import FORGET_S
from tocsin.centre.scheduler import Scheduler
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.step_guard import StepGuard
from tocsin.centre.supervision_board import Board as SupervisionBoard
from tocsin.intake.dc09.listeners import Listeners
from tocsin.intake.listening import bind
from tocsin.intake.mail.server import mail_server
from tocsin.intake.telephone.receiver import Telephone
from tocsin.intake.ways import Tag
from tocsin.journal.head_keeper import HeadKeeper
from tocsin.journal.journal import Journal
from tocsin.journal.writer import Outcome, Writer
from tocsin.model.errors import CentreFault, DiskFault, JournalFull
from tocsin.model.incidents import Committed
from tocsin.model.journal import Fact
from tocsin.model.ports import Clock, Ids, Notifier, StoreTransaction
from tocsin.model.values import Ref, Seq
from tocsin.notify.providers import make_notifiers, make_telephone_system, push_key_of
from tocsin.notify.sender import Sender
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.flood import count_since
from tocsin.rules.ladder import Way
from tocsin.rules.notices import NOTICES
from tocsin.settings import Settings, page_address
from tocsin.store.sqlite import SqliteStore
from tocsin.system import SystemClock, SystemIds, sleep, sleep_blocking
from tocsin.web.api.types import Beat, UnknownSummary
from tocsin.web.app import make_app
from tocsin.web.paper import Press
from tocsin.web.parts import Parts
from tocsin.web.screens import Screens
from tocsin.web.server import WebServer, web_context

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

STOP_S: Final = 20.0
START_BYTES: Final = 8 << 20
"""With less room than this at the start, the reserve is given back at once."""

LOST_NAMED_MAX: Final = 5
STALE: Final = "the accounts were changed, but the receivers still judge by the old ones: see the log, then start again"
TICK_S: Final = 1.0
ROOM_CHECK_S: Final = 60.0

T = TypeVar("T")
_LOG = structlog.get_logger("centre")


class Service:
    """One running centre: `start`, then `wait`, which returns the exit status.

    What the machine gives it (threads, sockets, the disk, other machines) is taken in methods and names of their own,
    so that a bench can leave something out, and the simulation can put its own in place of it.
    """

    writer_type: type[Writer[Tag]] = Writer
    scheduler_type: type[Scheduler] = Scheduler
    head_keeper_type: type[HeadKeeper] = HeadKeeper
    store_type: Callable[[Path], SqliteStore] = SqliteStore
    guard_type: type[StepGuard] = StepGuard
    supervising_type: type[Supervising] = Supervising

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        *,
        accept_lost_tail: bool = False,
        clock: Clock | None = None,
        ids: Ids | None = None,
    ) -> None:
        """Serve the folder of `settings`, by the machine's own clock and randomness where no others are given.

        `accept_lost_tail` goes on though a signed head is ahead of the journal.
        """
        self._settings = settings
        self._environ = environ
        self._accept_lost_tail = accept_lost_tail
        self._clock: Clock = clock or SystemClock()
        self._ids: Ids = ids or SystemIds()
        self._readiness = Readiness()
        self._ending = Ending()
        self._disk = DiskRoom(settings.folder, RESERVE)
        self._rounds = Rounds(self._clock)
        self._has_screens = False
        self._rings_changed = 0
        self._started_s = self._clock.monotonic_s()
        self.on_alive: Callable[[], None] = lambda: None
        """Called each second while the event loop turns."""
        self.on_stop: Callable[[], None] = lambda: None
        """Called when it begins to end."""
        self.web_address: tuple[str, int] = ("", 0)
        self.dc09_addresses: list[tuple[str, int]] = []
        self.tls_addresses: list[tuple[str, int]] = []

    @property
    def web_scheme(self) -> str:
        """What the web part speaks: http or https."""
        return "http" if self._settings.web.certificate is None else "https"

    @property
    def web_url(self) -> str:
        """The address under which people open the centre, once it is bound."""
        return page_address(self._settings.web, *self.web_address)

    def missing(self) -> list[str]:
        """What is not ready, in words (`web.health.Status`)."""
        return self._readiness.words()

    def metrics(self) -> bytes:
        """The Prometheus text (`web.health.Status`)."""
        # With the first scrape: 2 MB that a centre which nobody scrapes does without.
        from tocsin.web.metrics import Figures, render

        return render(
            Figures(
                counters=self._receiver.counters,
                waiting_signals=self._writer.waiting_signals,
                oldest_waiting_s=self._writer.oldest_waiting_s,
                batches=self._writer.batches,
                connections_open=len(self._intake.connections.open),
                head_seq=self._journal.head.seq,
                signed_seq=self._heads.signed_seq,
                loop_lag_s=self._rounds.take_lag_s(),
                disk_free_bytes=self._disk.free_bytes(),
                is_disk_low=self._disk.is_low(),
                uptime_s=self._clock.monotonic_s() - self._started_s,
                paths_heard=self._supervising.watch.paths_heard,
                accounts=self._snapshot.size,
                incidents_open=self._screens.board.told_count,
                core_waiting=self._core.waiting_entries,
                core_oldest_s=self._core.oldest_waiting_s,
                consoles=self._screens.hub.consoles,
                consoles_slow=self._screens.hub.resets["slow"],
                web_connections_open=self._web.connections,
                web_connections_refused=self._web.refused,
                secrets_refused=self._access.attempts.refused,
                bounces=self._centre.bounces.counts,
                sources=self._intake.sources,
                is_ready=not self._readiness.words(),
            )
        )

    async def start(self) -> None:
        """Open the folder and begin to serve; what was begun is ended again where a part fails.

        Raises:
            TocsinError: with the remedy.
        """
        self._loop = asyncio.get_running_loop()
        try:
            self._hold_folder()
            self._bind()
            self._open_journal()
            self._make_receiver()
            await self._listen_dc09()
            self._start_sender()
            await self._listen_web()
            await self._listen_control()
        except BaseException:
            await self._ending.close()
            raise
        self._watchdog = Watchdog(
            self._readiness,
            self._notes,
            writer=self._writer,
            core=self._core,
            scheduler=self._scheduler,
            supervising=self._supervising,
            sender=self._sender,
            heads=self._heads,
        )
        self._supervising.begin()
        every = self._rounds.every
        every(TICK_S, self._tick)
        every(SCAN_S, self._supervise)
        every(INTERVAL_S, self._supervising.save_soon)
        every(ROOM_CHECK_S, self._disk_faults.check_room)
        every(DESKS_S, self._look_at_desks)
        self._chores.begin(self._rounds)
        self._start_timers()
        self._readiness.drop("start")
        _LOG.info("centre.ready", seconds=round(self._clock.monotonic_s() - self._started_s, 3))

    def stop(self) -> None:
        """End in good order."""
        self._ending.ask()

    async def wait(self) -> int:
        """Serve until stopped or broken; return the exit status, 0 only if all that was accepted is stored."""
        await self._ending.asked()
        self._readiness.put("stop", "the centre is stopping")
        self.on_stop()
        await self._ending.close()
        return self._ending.status

    # Parts, in the order of their start ------------------------------------------------------------------------------

    def _hold_folder(self) -> None:
        lock = FolderLock(self._settings.folder)
        lock.acquire()

        async def release() -> None:
            lock.release()

        self._ending.undo(release)

    def _bind(self) -> None:
        """Take every address before the start is recorded: where one is in use, the journal says nothing of it."""
        listeners = Listeners(self._settings)
        self._listeners = listeners

        async def close_listeners() -> None:
            listeners.close()

        self._ending.undo(close_listeners)
        self._web_context = web_context(self._settings)
        listener = bind(self._settings.web.listen, socket.SOCK_STREAM, "web.listen")
        self._web_listener = listener

        async def close_web() -> None:
            listener.close()

        self._ending.undo(close_web)
        self._mail = mail = mail_server(self._settings.receivers.mail, self._settings.folder)
        if mail is not None:

            async def close_mail() -> None:
                mail.listener.close()

            self._ending.undo(close_mail)
        self.dc09_addresses, self.tls_addresses = listeners.addresses, listeners.tls_addresses
        self.web_address = listener.getsockname()[:2]

    def _open_journal(self) -> None:
        if self._disk.free_bytes() < START_BYTES:
            # The start itself is noted in the journal: the reserve is there for this.
            self._disk.free_reserve()
        opened = open_folder(
            self._settings,
            self._environ,
            self._ids,
            accept_lost_tail=self._accept_lost_tail,
            open_store=self.store_type,
        )
        self._opened = opened
        for replaced in replaced_with_keys(self._settings.folder):
            # Nobody looks there again by himself, and no erasure reaches it.
            _LOG.warning("folder.replaced_keys", folder=str(replaced))

        async def close() -> None:
            opened.close()

        self._ending.undo(close)

        now = self._clock.now_us()
        opened.vault.prepare(now)
        self._centre = Centre(
            store=opened.store,
            sealer=opened.vault,
            secrets=opened.vault,
            holders=opened.vault.holders,
            clock=self._clock,
            ids=self._ids,
            run=self._run_in_writer,
            retention=self._settings.retention_rules,
            chains=chains_of(self._settings.escalation),
            is_clock_in_doubt=opened.vault.is_clock_in_doubt,
            on_accounts=self._use_soon,
            on_places=lambda places: self._core.use_places(places),
            on_stale=self._stale_soon,
            sign_head=lambda: self._heads.sign_now(self._journal.head),
            unknown=lambda: self._intake.lists.unknown,
            own_site=self._settings.own_site,
            profile=Profiles(self._settings.folder).chosen(self._settings.figures.profile, "response").profile,
        )
        self._centre.site_tests.word_s = self._settings.on_test.word_before_min * 60
        self._snapshot = self._centre.snapshot()
        self._journal = opened.journal(self._clock, self._snapshot.longest_window_us)
        self._catalogue = shipped_catalogue()
        self._guard = self.guard_type()
        self._core = Core(
            opened.store,
            self._clock,
            self._catalogue,
            self._centre.places(),
            on_committed=self._committed,
            keeper=self._centre.keeper,
            follower=self._centre.escalating,
            own_site=self._settings.own_site,
            planner=self._centre.planning,
            guard=self._guard,
        )
        self._scheduler = self.scheduler_type(self._centre.timers, opened.store, self._run_in_writer, self._clock)
        self._centre.erasing.on_committed = self._committed
        self._centre.stills.on_committed = self._committed
        self._centre.site_tests.on_timed = self._scheduler.wake
        self._centre.zones_out.on_timed = self._scheduler.wake
        try:
            self._centre.values.prepare()
        except JournalFull as fault:
            # Alarms come first: without keys made ahead the day's copies of texts serve until there is room.
            _LOG.error("vault.not_prepared", code=fault.code)
        self._attach_core()
        self._use_backups(opened)
        passwords = self._make_passwords()
        self._access = Access(
            store=opened.store,
            secrets=opened.vault,
            clock=self._clock,
            ids=self._ids,
            record=self._record,
            session_s=self._settings.web.session_h * 3600,
            centre_tag=tag_of(opened.signer.origin),
            centre_name=self._settings.centre.name,
            passwords=passwords,
        )
        self._centre.use_approvals(self._access.approvals.take)
        self._epoch = Epoch(opened, self._settings, self._clock)
        self._epoch.record_start(self._journal, self._centre.erasing.note_rules)
        self._heads = self.head_keeper_type(opened.signer, self._settings.heads_path, self._clock, opened.signed_seq)
        self._screens = Screens(
            store=opened.store,
            clock=self._clock,
            loop=self._loop,
            epoch=self._epoch.number,
            at=self._core.open_incidents(),
            beat=self._beat,
            consoles_max=self._settings.web.consoles_max,
        )
        self._has_screens = True
        self._centre.rings.on_changed = self._rang_soon
        self._attendance = Attendance(
            store=opened.store,
            run=self._run_in_writer,
            clock=self._clock,
            limit_s=self._settings.shifts.unattended_s,
            on_hastened=self._scheduler.wake,
        )
        self._desks = Desks(
            self._access,
            self._attendance,
            self._centre.queue_parts,
            self._screens,
            self._clock,
            self._settings.shifts.idle_s,
        )
        _, there = self._core.open_incidents()
        self._guesses = Guesses(
            lambda: self._access.attempts.refused,
            self._clock.monotonic_s,
            lambda notice: self._notes.note(notice),
            is_open=any(one.reason == NOTICES[ATTACKED].reason for one in there),
        )
        self._supervising = self.supervising_type(
            self._settings, opened, self._clock, self._record_found, self._snapshot
        )
        self._supervising.restore(opened, is_new=self._epoch.is_new, has_died=self._epoch.has_died)

    def _make_passwords(self) -> Passwords:
        passwords = PasswordsApart()

        async def end_hashing() -> None:
            await asyncio.to_thread(passwords.close)

        self._ending.undo(end_hashing)
        return passwords

    def _attach_core(self) -> None:
        """Let the core decide on what is stored: the bench of the intake alone leaves it out."""
        self._journal.attach(self._core)
        self._centre.use_core(self._core)
        self._guard.start()

        async def end_guard() -> None:
            await asyncio.to_thread(self._guard.stop)

        self._ending.undo(end_guard)

    def _use_backups(self, opened: OpenFolder) -> None:
        assert isinstance(opened.store, SqliteStore), "a folder's database is one file"
        backups = Backups(
            store=opened.store,
            settings=self._settings,
            signer=opened.signer,
            clock=self._clock,
            ids=self._ids,
            sleep=sleep_blocking,
            record=lambda facts: self._run_in_writer(lambda journal: journal.record(facts)),
        )
        self._centre.use_backups(backups)

        async def stop_backup() -> None:
            await asyncio.to_thread(backups.stop)

        self._ending.undo(stop_backup)

    def _make_receiver(self) -> None:
        intake = self._intake = Intake(
            self._settings,
            self._opened,
            self._journal,
            snapshot=self._snapshot,
            watch=self._supervising.watch,
            clock=self._clock,
            ids=self._ids,
            mail=self._mail,
            stills=self._centre.stills,
            writer_type=self.writer_type,
            deliver=self._delivered,
        )
        self._writer, self._receiver, self._notes = intake.writer, intake.receiver, intake.notes
        self._disk_faults = DiskFaults(
            self._disk,
            self._settings.folder,
            intake=intake,
            notes=self._notes,
            readiness=self._readiness,
            ending=self._ending,
            loop=self._loop,
            die_within=self._die_within,
        )
        self._chores = Chores(
            self._centre,
            self._opened,
            self._access,
            self._scheduler,
            intake.lists,
            self._writer,
            self._clock,
            self._settings.retention_rules,
            run=self._run_in_writer,
        )
        self._ending.undo(self._chores.end)
        self._ending.undo(intake.ways_in.close)
        self._use(self._snapshot)
        self._writer.start()
        self._heads.start(self._journal.head)
        self._ending.undo(self._end_writer)
        if not self._disk.make_reserve():
            self._disk_faults.full()

    async def _listen_dc09(self) -> None:
        self._ending.undo(self._stop_reading)
        await self._listeners.serve(self._intake.connections)
        await self._intake.ways_in.start()

    def _start_sender(self) -> None:
        """Send notices by what the settings switch on, those too that an earlier process left."""
        origin = self._opened.signer.origin
        push_key = push_key_of(self._settings, self._opened.vault)
        notifiers = self._make_notifiers(push_key)
        outbox = self._centre.outbox
        if push_key is not None:
            from tocsin.protocols.web_push import base64url, public_bytes

            outbox.push_key = base64url(public_bytes(push_key))
        sender = self._sender = Sender(outbox, notifiers, self._clock)
        outbox.on_committed = self._committed
        outbox.use(notifiers, f"{tag_of(origin)}-{self._epoch.number}-", self.web_url, sender.wake)
        self._centre.escalating.on_notices = sender.wake
        self._centre.planning.on_notices = sender.wake
        self._centre.chains.on_changed = self._scheduler.wake
        self._access.watch(self._chores.sweep_contacts_soon)
        sender.start()
        self._ending.undo(sender.stop)

    def _make_notifiers(self, push_key: "ec.EllipticCurvePrivateKey | None") -> Mapping[Way, Notifier]:
        return make_notifiers(self._settings, self._source, push_key, self._clock, self._ids)

    @property
    def _source(self) -> str:
        """How the centre names itself to programs."""
        return f"urn:tocsin:{tag_of(self._opened.signer.origin)}"

    async def _listen_web(self) -> None:
        dialling = make_telephone_system(self._settings, self._source, self._clock)
        if dialling is not None:
            self._ending.undo(dialling.close)
        parts = Parts(
            access=self._access,
            board=self._screens.board,
            catalogue=self._catalogue,
            centre=self._centre,
            clock=self._clock,
            dialling=dialling,
            hub=self._screens.hub,
            ids=self._ids,
            settings=self._settings,
            status=self,
            store=self._opened.store,
            supervision=SupervisionBoard(self._supervising.watch, self._supervising.losses, self._clock),
            telephone=Telephone(self._intake.ways_in.webhooks, self._centre.rings, self._centre.dials),
            vault=self._opened.vault,
            webhooks=self._intake.ways_in.webhooks,
        )
        app = make_app(parts)
        Press(parts).begin(self._rounds.every)
        self._rounds.every(FORGET_S, self._centre.rings.forget_old)
        self._web = server = WebServer(app, self._web_listener, self._settings, self._web_context)
        server.start()
        self._ending.undo(server.stop)

        async def end_streams() -> None:
            # Before the server's own end, which waits for every answer that has begun.
            self._screens.hub.close()

        self._ending.undo(end_streams)

    async def _listen_control(self) -> None:
        control = make_control(self._settings, self._opened, self._centre, self._access, lambda: self.web_url)
        await control.start()
        self._ending.undo(control.close)

    # What goes on while it runs --------------------------------------------------------------------------------------

    def _run_in_writer(self, work: Callable[[Journal], T]) -> T:
        """For threads of commands: give work to the writer, and wait."""
        return self._writer.call(work).result()

    def _record(self, facts: Sequence[Fact], apply: Callable[[StoreTransaction, Sequence[Seq]], None]) -> Sequence[Seq]:
        """For threads of commands: record facts with what they make, and wait for the commit."""
        return self._run_in_writer(lambda journal: journal.record(facts, apply))

    def _use_soon(self, snapshot: AccountSnapshot) -> None:
        """From a command's thread: judge by this picture from now on."""
        self._loop.call_soon_threadsafe(self._use, snapshot)

    def _stale_soon(self, fault: CentreFault) -> None:
        """From a command's thread: the accounts were changed, and the new picture of them could not be made."""
        _LOG.error("accounts.stale", error=str(fault))
        self._loop.call_soon_threadsafe(lambda: self._readiness.tell("accounts", STALE, is_so=True))

    def _committed(self, committed: Committed) -> None:
        """From the writer's thread. The first facts of a start come before the screens, which begin with them."""
        if committed.incidents or committed.personal:  # an answer may have moved a timer
            self._scheduler.wake()
        if self._has_screens:
            self._screens.committed(committed)

    def _rang_soon(self) -> None:
        """From the thread of whoever told of a call, or took it: every console is told to ask."""
        self._loop.call_soon_threadsafe(self._rang)

    def _rang(self) -> None:
        self._rings_changed += 1
        self._screens.hub.beat_soon()

    def _beat(self) -> Beat:
        """What every console hears every two seconds."""
        unknown = self._intake.lists.unknown
        return Beat(
            now=self._clock.now_us(),
            missing=self.missing(),
            last_signal_at=self._core.last_signal_at,
            load=count_since(self._core.flood.announced, self._clock.now_us(), 600),
            storm_since=None if (storm := self._core.flood.storm) is None else storm.since,
            rings=self._rings_changed,
            unknown=UnknownSummary(count=len(unknown), oldest_at=min((row.first_at for row in unknown), default=None)),
        )

    def _use(self, snapshot: AccountSnapshot) -> None:
        self._snapshot = snapshot
        self._intake.use(snapshot)
        self._supervising.losses.config = snapshot.config
        self._readiness.drop("accounts")
        self._readiness.drop("keys")
        if lost := snapshot.keyless:
            named = ", ".join(lost[:LOST_NAMED_MAX]) + (" ..." if len(lost) > LOST_NAMED_MAX else "")
            words = f"keys of {len(lost)} accounts are lost, all their frames are refused: {named}"
            self._readiness.put("keys", words)
            _LOG.error("accounts.key_lost", count=len(lost), account_ids=lost[:LOST_NAMED_MAX])

    def _delivered(self, outcome: Outcome[Tag]) -> None:
        fault = outcome.fault
        if isinstance(fault, JournalFull):
            self._disk_faults.full()
        elif isinstance(fault, DiskFault):
            self._disk_faults.failed(fault)
        elif fault is None:
            self._heads.reached(self._journal.head)
        self._intake.answer(outcome)

    def _die_within(self, seconds: float) -> None:
        """A disk that fails may hang too, and then nothing that touches it would ever return."""
        deadline = threading.Timer(seconds, os._exit, (1,))
        deadline.daemon = True
        deadline.start()

    def _tick(self) -> None:
        self.on_alive()
        self._intake.connections.sweep()
        if not self._writer.is_alive:
            ended = CentreFault("The journal's thread has ended: nothing can be stored", "journal.ended")
            self._disk_faults.failed(ended)
            return
        self._watchdog.look()
        self._intake.look()
        self._guesses.look()
        self._disk_faults.go_on_with_room()

    def _start_timers(self) -> None:
        """Last of all, when everybody who is told can be reached: what fell due while we were away fires now, late."""
        escalating, clock = self._centre.escalating, self._clock

        def schedule(journal: Journal) -> object:
            return escalating.schedule_found(journal, clock.now_us())

        found = self._writer.call(schedule)
        found.add_done_callback(log_fault)
        found.add_done_callback(lambda _done: self._scheduler.wake())
        self._scheduler.start()

        async def stop() -> None:
            await asyncio.to_thread(self._scheduler.stop)

        self._ending.undo(stop)

    def _record_found(self, facts: Sequence[Fact]) -> Sequence[Seq]:
        """For the thread of supervision: record what it found, and wait for the commit."""
        return self._run_in_writer(lambda journal: journal.record(facts))

    def _supervise(self) -> None:
        self._supervising.scan(is_ours=not self._receiver.is_accepting)

    def _look_at_desks(self) -> None:
        self._desks.look_soon(self._listening())

    def _listening(self) -> set[Ref]:
        return self._desks.listening()

    # End -------------------------------------------------------------------------------------------------------------

    async def _stop_reading(self) -> None:
        """Take nothing more in; what was taken is still answered."""
        self._intake.pause()
        self._listeners.stop()

    async def _end_writer(self) -> None:
        """Store what waits, answer it, note the end, and sign it."""
        await self._rounds.stop()
        if not self._ending.status:
            await asyncio.to_thread(self._chores.write_uses)
            with contextlib.suppress(CentreFault):
                self._writer.call(self._intake.flush)
                self._writer.call(self._epoch.record_stop)
        if not await asyncio.to_thread(self._writer.stop, STOP_S):
            _LOG.error("journal.not_ended", waiting_signals=self._writer.waiting_signals)
            self._ending.status = 1
        await sleep(0)  # the last receipts come by the loop
        self._heads.reached(self._journal.head)
        await asyncio.to_thread(self._heads.stop)
        await asyncio.to_thread(self._supervising.save, is_whole=True)
        self._listeners.close()
        await sleep(0.05)  # let the last answers leave
        _LOG.info("centre.stopped", seq=self._journal.head.seq)
