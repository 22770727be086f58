"""Wiring: opens a centre's folder, starts its parts in order, and ends them in order.

    folder lock -> vault -> store -> tail check -> journal -> writer -> receiver -> sockets, web, control

Nothing listens before the journal is open and its tail checked; nothing closes before what was accepted is stored.
"""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

import tocsin
from tocsin.access.access import Access, tag_of
from tocsin.access.hashing import PasswordsApart
from tocsin.access.passwords import Passwords
from tocsin.centre import last_seen
from tocsin.centre.admission import Admission
from tocsin.centre.attendance import Attendance
from tocsin.centre.backup import Backups
from tocsin.centre.categories import SCAN_S, shipped_categories
from tocsin.centre.centre import EPOCH, Centre
from tocsin.centre.control import ControlServer
from tocsin.centre.core import RUNNING, Core
from tocsin.centre.disk import DiskRoom
from tocsin.centre.escalation import chains_of
from tocsin.centre.folder import CONTROL, FAULT, LAST_SEEN, RESERVE, FolderLock, move_aside, replaced_with_keys
from tocsin.centre.journal_export import JournalExports
from tocsin.centre.last_seen import INTERVAL_S, write_atomically
from tocsin.centre.opening import OpenFolder, open_folder
from tocsin.centre.profiles import Profiles
from tocsin.centre.proof import Proof
from tocsin.centre.scheduler import Scheduler
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.step_guard import StepGuard
from tocsin.centre.supervision import Watch
from tocsin.centre.supervision_board import Board as SupervisionBoard
from tocsin.centre.supervision_core import outages_at_start
from tocsin.centre.supervision_losses import Losses
from tocsin.centre.unknown_watch import tell_unknown
from tocsin.intake.dc09.budget import SenderBudget
from tocsin.intake.dc09.listeners import Listeners
from tocsin.intake.dc09.lists import IntakeLists
from tocsin.intake.dc09.receiver import Receiver
from tocsin.intake.dc09.sockets import ConnectionLimits, Connections
from tocsin.intake.listening import bind
from tocsin.intake.mqtt.broker import broker_of
from tocsin.intake.telephone.receiver import Telephone
from tocsin.intake.ways import Tag, WaysIn
from tocsin.intake.webhook.counts import COUNTS, SourceTally
from tocsin.journal.head_keeper import HeadKeeper
from tocsin.journal.journal import Journal
from tocsin.journal.writer import Outcome, Rider, Writer, both
from tocsin.model.errors import CentreFault, DiskFault, JournalFull
from tocsin.model.incidents import Committed
from tocsin.model.journal import CentreNoticed, CentreStarted, CentreStopped, Fact
from tocsin.model.ports import Clock, Ids, Notifier, StoreTransaction
from tocsin.model.values import Code, Ref, Seq
from tocsin.notify.providers import make_notifiers, push_key_of
from tocsin.notify.sender import Sender
from tocsin.protocols.dc09.judge import ReceiverPolicy
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.flood import count_since
from tocsin.rules.ladder import Way
from tocsin.settings import Settings, page_address
from tocsin.store.sqlite import SqliteStore
from tocsin.system import SystemClock, SystemIds, sleep, sleep_blocking
from tocsin.web.api.types import Beat, UnknownSummary
from tocsin.web.app import make_app
from tocsin.web.metrics import Figures, render
from tocsin.web.paper import Press
from tocsin.web.parts import Parts
from tocsin.web.screens import Screens
from tocsin.web.server import WebServer, web_context

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

STOP_S: Final = 20.0
DECIDE_AT_STOP_S: Final = 5.0
STORAGE_SLOW_S: Final = 5.0
LOOP_LAG_MAX_S: Final = 0.25
START_BYTES: Final = 8 << 20
"""With less room than this at the start, the reserve is given back at once."""

DESKS_S: Final = 2.0
"""How often it is looked who is at the desks."""

LOST_NAMED_MAX: Final = 5
CORE_STALLED: Final = (
    "the core has stopped at an entry that it cannot take: signals are stored, and nothing becomes of them; see the log"
)
CORE_LATE_S: Final = 10.0
CORE_LATE: Final = "signals are stored, and wait for more than 10 s to become incidents"
STALE: Final = "the accounts were changed, but the receivers still judge by the old ones: see the log, then start again"
TICK_S: Final = 1.0
ROOM_CHECK_S: Final = 60.0
BACKUP_CHECK_S: Final = 5.0
UNKNOWN_CHECK_S: Final = 60.0
USES_S: Final = 60.0
"""How often it is written when sessions and tokens were last used."""

VAULT_CHECK_S: Final = 600.0
CHORES_S: Final = 60.0
"""How often keys are made ahead, and it is looked for what has no timer yet and should have one."""

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

FATAL_LINGER_S: Final = 1.5
"""After a disk fault `/readyz` says so for a moment longer."""

FATAL_MAX_S: Final = 4.0
"""And the process is gone within 5 s, however far its closing has come."""

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
        self._missing = {"start": "the centre is starting"}
        self._disk = DiskRoom(settings.folder, RESERVE)
        self._ending = asyncio.Event()
        self._unwritten: list[str] = []
        """Notices that the journal had no room for."""
        self._exit_status = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closers: list[Callable[[], Awaitable[None]]] = []
        """What to undo, in the order in which it was done."""
        self._saving_last_seen = threading.Lock()
        self._doing_chores = threading.Lock()
        self._looking_at_desks = threading.Lock()
        self._loop_lag_s = 0.0
        self._is_disk_low = False
        self._has_screens = False
        self._rings_changed = 0
        self._started_s = self._clock.monotonic_s()
        self._scanned_s = self._started_s
        """When it was last looked who is silent."""
        self._is_unseen = self._is_mute = False
        self._urgent_since_s = self._started_s
        """When something of priority 1 or 2 began to wait for a claim, without a moment in which nothing did."""
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
        return list(self._missing.values())

    def metrics(self) -> bytes:
        """The Prometheus text (`web.health.Status`)."""
        loop_lag_s, self._loop_lag_s = self._loop_lag_s, 0.0
        return render(
            Figures(
                counters=self._receiver.counters,
                waiting_signals=self._writer.waiting_signals,
                oldest_waiting_s=self._writer.oldest_waiting_s,
                batches=self._writer.batches,
                connections_open=len(self._connections.open),
                head_seq=self._journal.head.seq,
                signed_seq=self._heads.signed_seq,
                loop_lag_s=loop_lag_s,
                disk_free_bytes=self._disk.free_bytes(),
                is_disk_low=self._disk.is_low(),
                uptime_s=self._clock.monotonic_s() - self._started_s,
                paths_heard=self._watch.paths_heard,
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
                is_ready=not self._missing,
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
            await self._close()
            raise
        self._scanned_s = self._clock.monotonic_s()
        self._every(TICK_S, self._tick)
        self._every(SCAN_S, self._supervise)
        self._every(INTERVAL_S, self._save_last_seen_soon)
        self._every(VAULT_CHECK_S, self._check_vault)
        self._every(CHORES_S, self._do_chores_soon)
        self._every(USES_S, self._write_uses_soon)
        self._every(BACKUP_CHECK_S, self._end_forgotten_backup_soon)
        self._every(ROOM_CHECK_S, self._check_room)
        self._every(UNKNOWN_CHECK_S, self._check_unknown)
        self._every(DESKS_S, self._look_at_desks_soon)
        self._check_vault()
        self._do_chores_soon()
        self._start_timers()
        del self._missing["start"]
        _LOG.info("centre.ready", seconds=round(self._clock.monotonic_s() - self._started_s, 3))

    def stop(self) -> None:
        """End in good order."""
        self._ending.set()

    async def wait(self) -> int:
        """Serve until stopped or broken; return the exit status, 0 only if all that was accepted is stored."""
        await self._ending.wait()
        self._missing["stop"] = "the centre is stopping"
        self.on_stop()
        await self._close()
        return self._exit_status

    # Parts, in the order of their start ------------------------------------------------------------------------------

    def _hold_folder(self) -> None:
        lock = FolderLock(self._settings.folder)
        lock.acquire()

        async def release() -> None:
            lock.release()

        self._closers.append(release)

    def _bind(self) -> None:
        """Take every address before the start is recorded: where one is in use, the journal says nothing of it."""
        listeners = Listeners(self._settings)
        self._listeners = listeners

        async def close_listeners() -> None:
            listeners.close()

        self._closers.append(close_listeners)
        self._web_context = web_context(self._settings)
        listener = bind(self._settings.web.listen, socket.SOCK_STREAM, "web.listen")
        self._web_listener = listener

        async def close_web() -> None:
            listener.close()

        self._closers.append(close_web)
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

        self._closers.append(close)

        async def end_chores() -> None:
            # The writer has ended by now, so a round that is at it ends with its next turn.
            await asyncio.to_thread(self._doing_chores.acquire)

        self._closers.append(end_chores)
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
            unknown=lambda: self._lists.unknown,
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
        self._record_start(opened)
        self._heads = self.head_keeper_type(opened.signer, self._settings.heads_path, self._clock, opened.signed_seq)
        self._screens = Screens(
            store=opened.store,
            clock=self._clock,
            loop=self._loop,
            epoch=self._epoch,
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
        self._start_watch(opened)

    def _make_passwords(self) -> Passwords:
        passwords = PasswordsApart()

        async def end_hashing() -> None:
            await asyncio.to_thread(passwords.close)

        self._closers.append(end_hashing)
        return passwords

    def _attach_core(self) -> None:
        """Let the core decide on what is stored: the bench of the intake alone leaves it out."""
        self._journal.attach(self._core)
        self._centre.use_core(self._core)
        self._guard.start()

        async def end_guard() -> None:
            await asyncio.to_thread(self._guard.stop)

        self._closers.append(end_guard)

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

        self._closers.append(stop_backup)

    def _record_start(self, opened: OpenFolder) -> None:
        """Note the start, and the loss of a tail where somebody accepted one: a new epoch begins with it."""
        running = opened.store.get_meta(RUNNING)
        self._is_new, self._has_died = running is None, running == "1"
        epoch = int(opened.store.get_meta(EPOCH) or 1)
        facts: list[Fact] = []
        if opened.lost_seq:
            epoch += 1
            notice = CentreNoticed(account=None, count=opened.lost_seq, notice=Code("tail_lost"), reason=None)
            facts.append(Fact(kind=Code("centre.noticed"), body=notice))
        version = Code(tocsin.__version__)
        facts.append(Fact(kind=Code("centre.started"), body=CentreStarted(epoch=epoch, version=version)))
        self._epoch = epoch

        def note(transaction: StoreTransaction, _seqs: Sequence[Seq]) -> None:
            transaction.put_meta(EPOCH, str(epoch))
            transaction.put_meta(RUNNING, "1")
            self._centre.erasing.note_rules(transaction)

        self._journal.record(facts, note)
        if opened.lost_seq:
            # Only now that the loss is on record: the heads of the lost epoch are kept beside the new ones.
            move_aside(self._settings.heads_path, epoch - 1)

    def _make_receiver(self) -> None:
        settings = self._settings.receivers.dc09
        self._lists = IntakeLists(
            self._opened.vault, settings.unknown_kept, settings.rejected_kept, self._opened.store.unknown_accounts()
        )
        self._tally = SourceTally(self._opened.store.get_meta(COUNTS))
        self._writer: Writer[Tag] = self.writer_type(
            self._journal,
            deliver=self._deliver_soon,
            also=self._take_beside,
            clock=self._clock,
        )
        self._receiver = Receiver(
            snapshot=self._snapshot,
            policy=ReceiverPolicy(
                unknown_accounts=settings.unknown_accounts,
                downgrade=settings.downgrade,
                unstamped=settings.unstamped,
                missing_line=settings.missing_line,
            ),
            writer=self._writer,
            lists=self._lists,
            watch=self._watch,
            budget=SenderBudget(settings.unknown_store_per_min),
            clock=self._clock,
            ids=self._ids,
            queue_max=settings.queue_max,
        )
        self._ways_in = WaysIn(
            store=self._opened.store,
            writer=self._writer,
            tally=self._tally,
            watch=self._watch,
            clock=self._clock,
            queue_max=settings.queue_max,
            secrets=self._opened.vault,
            panels=lambda: self._receiver.counters,
            broker=broker_of(self._settings.receivers.mqtt, self._settings.folder),
            notice=self._notice,
        )
        self._closers.append(self._ways_in.close)
        self._connections = Connections(
            self._receiver,
            ConnectionLimits(
                settings.connections_max, settings.per_connection_max, settings.first_frame_s, settings.idle_s
            ),
        )
        self._use(self._snapshot)
        self._writer.start()
        self._heads.start(self._journal.head)
        self._closers.append(self._end_writer)
        if not self._disk.make_reserve():
            self._disk_full()

    async def _listen_dc09(self) -> None:
        self._closers.append(self._stop_reading)
        await self._listeners.serve(self._connections)
        self._ways_in.start()

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
        outbox.use(notifiers, f"{tag_of(origin)}-{self._epoch}-", self.web_url, sender.wake)
        self._centre.escalating.on_notices = sender.wake
        self._centre.planning.on_notices = sender.wake
        self._centre.chains.on_changed = self._scheduler.wake
        self._access.watch(self._sweep_contacts_soon)
        sender.start()
        self._closers.append(sender.stop)

    def _make_notifiers(self, push_key: "ec.EllipticCurvePrivateKey | None") -> Mapping[Way, Notifier]:
        source = f"urn:tocsin:{tag_of(self._opened.signer.origin)}"
        return make_notifiers(self._settings, source, push_key, self._clock, self._ids)

    def _sweep_contacts_soon(self) -> None:
        """From the thread of whoever changed rights: contacts of people who were removed are destroyed."""
        self._loop.call_soon_threadsafe(lambda: self._loop.run_in_executor(None, self._sweep_contacts))

    def _sweep_contacts(self) -> None:
        try:
            self._centre.contacts.sweep(lambda user: bool(self._access.roles_of(user)))
            self._centre.chains.watch()
            self._centre.reachable.watch()
            self._centre.floor_plans.sweep()
        except CentreFault as fault:
            _LOG.warning("contacts.not_swept", code=fault.code)

    async def _listen_web(self) -> None:
        parts = Parts(
            access=self._access,
            board=self._screens.board,
            catalogue=self._catalogue,
            centre=self._centre,
            clock=self._clock,
            hub=self._screens.hub,
            ids=self._ids,
            settings=self._settings,
            status=self,
            store=self._opened.store,
            supervision=SupervisionBoard(self._watch, self._losses, self._clock),
            vault=self._opened.vault,
            telephone=Telephone(self._ways_in.webhooks, self._centre.rings),
            webhooks=self._ways_in.webhooks,
        )
        app = make_app(parts)
        self._print_rounds(parts)
        self._web = server = WebServer(app, self._web_listener, self._settings, self._web_context)
        server.start()
        self._closers.append(server.stop)

        async def end_streams() -> None:
            # Before the server's own end, which waits for every answer that has begun.
            self._screens.hub.close()

        self._closers.append(end_streams)

    def _print_rounds(self, parts: Parts) -> None:
        """Put the open incidents on paper every few minutes, where the settings say so."""
        paper = self._settings.paper
        if not paper.every_min:
            return
        press, folder = Press(parts), self._settings.folder / paper.folder

        def print_round() -> None:
            self._tasks.add(task := asyncio.create_task(press.round(folder, paper.kept)))
            task.add_done_callback(self._tasks.discard)

        print_round()
        self._every(paper.every_min * 60.0, print_round)

    async def _listen_control(self) -> None:
        admission = Admission(self._access, lambda: self.web_url)
        proof = Proof(
            store=self._opened.store,
            access=self._access,
            note=self._centre.note,
            retention=self._settings.retention_rules,
            exports=JournalExports(
                store=self._opened.store,
                run=self._centre.run,
                heads=self._settings.heads_path,
                sign_head=self._centre.sign_head,
                sealer=self._opened.vault,
                values=self._centre.values,
                texts=self._centre.incident_texts,
            ),
        )
        control = ControlServer(self._centre, self._settings.folder / CONTROL, admission=admission, proof=proof)
        await control.start()
        self._closers.append(control.close)

    # What goes on while it runs --------------------------------------------------------------------------------------

    def _in_writer(self, work: Callable[[Journal], object]) -> None:
        """Give work to the writer and go on; what it raises is logged."""
        self._writer.call(work).add_done_callback(_log_fault)

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
        self._loop.call_soon_threadsafe(lambda: self._tell("accounts", STALE, is_so=True))

    def _committed(self, committed: Committed) -> None:
        """From the writer's thread. The first facts of a start come before the screens, which begin with them."""
        if committed.incidents or committed.personal:  # an answer may have moved a timer
            self._scheduler.wake()
        if self._has_screens:
            self._screens.committed(committed)

    def _rang_soon(self) -> None:
        """From the thread of whoever told of a call, or took it: every console is told to ask."""

        def tell() -> None:
            self._rings_changed += 1
            self._screens.hub.beat_soon()

        self._loop.call_soon_threadsafe(tell)

    def _beat(self) -> Beat:
        """What every console hears every two seconds."""
        unknown = self._lists.unknown
        return Beat(
            now=self._clock.now_us(),
            missing=self.missing(),
            last_signal_at=self._core.last_signal_at,
            load=count_since(self._core.flood.announced, self._clock.now_us(), 600),
            storm_since=None if (storm := self._core.flood.storm) is None else storm.since,
            rings=self._rings_changed,
            unknown=UnknownSummary(count=len(unknown), oldest_at=min((row.first_at for row in unknown), default=None)),
        )

    def _deliver_soon(self, outcome: Outcome[Tag]) -> None:
        """From the writer's thread: answer this batch."""
        self._loop.call_soon_threadsafe(self._delivered, outcome)

    def _use(self, snapshot: AccountSnapshot) -> None:
        self._snapshot = snapshot
        self._receiver.use(snapshot)
        self._ways_in.use(snapshot)
        self._losses.config = snapshot.config
        self._missing.pop("accounts", None)
        self._missing.pop("keys", None)
        if lost := snapshot.keyless:
            named = ", ".join(lost[:LOST_NAMED_MAX]) + (" ..." if len(lost) > LOST_NAMED_MAX else "")
            self._missing["keys"] = f"keys of {len(lost)} accounts are lost, all their frames are refused: {named}"
            _LOG.error("accounts.key_lost", count=len(lost), account_ids=lost[:LOST_NAMED_MAX])

    def _delivered(self, outcome: Outcome[Tag]) -> None:
        fault = outcome.fault
        if isinstance(fault, JournalFull):
            self._disk_full()
        elif isinstance(fault, DiskFault):
            self._fatal(fault)
        elif fault is None:
            self._heads.reached(self._journal.head)
        self._receiver.delivered(self._ways_in.delivered(outcome))

    def _disk_full(self) -> None:
        """Take nothing in until there is room; the reserve lets the centre itself go on writing."""
        if "disk" in self._missing:
            return
        self._missing["disk"] = "the disk is full: signals are not taken in until there is room"
        self._receiver.pause()
        self._ways_in.pause()
        with contextlib.suppress(OSError):
            self._disk.free_reserve()
        _LOG.error("disk.full")
        self._notice("disk_full")

    def _fatal(self, fault: CentreFault) -> None:
        """After a failed fsync nobody knows what is on the disk: stop receiving, say so, and end."""
        if self._exit_status:
            return
        self._exit_status = 1
        self._missing["disk"] = "the disk failed: what was stored last is unknown, the centre is ending"
        self._receiver.pause()
        self._ways_in.pause()
        self._die_within(FATAL_MAX_S)
        for connection in list(self._connections.open):
            connection.abort()
        _LOG.error("disk.failed", error=str(fault))
        self._loop.call_later(FATAL_LINGER_S, self._ending.set)
        with contextlib.suppress(OSError):
            (self._settings.folder / FAULT).touch()

    def _die_within(self, seconds: float) -> None:
        """A disk that fails may hang too, and then nothing that touches it would ever return."""
        deadline = threading.Timer(seconds, os._exit, (1,))
        deadline.daemon = True
        deadline.start()

    def _notice(self, notice: str) -> None:
        """Note it in the journal, and where there is no room even for that, when there is."""
        body = CentreNoticed(account=None, count=1, notice=Code(notice), reason=None)
        noted = self._writer.call(lambda journal: journal.record([Fact(kind=Code("centre.noticed"), body=body)]))
        noted.add_done_callback(lambda done: self._unwritten.append(notice) if done.exception() else None)

    def _tick(self) -> None:
        self.on_alive()
        self._connections.sweep()
        if not self._writer.is_alive:
            self._fatal(CentreFault("The journal's thread has ended: nothing can be stored", "journal.ended"))
            return
        self._tell("storage", "storage has not answered for 5 s", is_so=self._writer.oldest_waiting_s > STORAGE_SLOW_S)
        self._watch_over("core", CORE_STALLED, "core_stalled", "", is_so=self._core.is_stalled)
        is_late = self._core.oldest_waiting_s > CORE_LATE_S
        self._watch_over("core_late", CORE_LATE, "core_late", "core_in_time", is_so=is_late)
        is_silent = self._scheduler.silent_s > TIMERS_SILENT_S
        self._watch_over("timers", TIMERS_SILENT, "timers_stopped", "timers_run", is_so=is_silent)
        unseen_s = max(self._clock.monotonic_s() - self._scanned_s, self._losses.failing_s)
        # After a stop of the whole process this may come before the scan: only what is so twice is so.
        was_unseen, self._is_unseen = self._is_unseen, unseen_s > SUPERVISION_SILENT_S
        is_unseen = was_unseen and self._is_unseen
        self._watch_over("supervision", SUPERVISION_SILENT, "supervision_stopped", "supervision_runs", is_so=is_unseen)
        was_mute, self._is_mute = self._is_mute, self._sender.silent_s > NOTICES_SILENT_S
        is_mute = was_mute and self._is_mute
        self._watch_over("notices", NOTICES_SILENT, "notices_stopped", "notices_run", is_so=is_mute)
        self._tell("timers_fail", TIMERS_FAIL, is_so=self._scheduler.failing > 0)
        self._tell("heads", "signed heads cannot be written to their place", is_so=self._heads.has_failed)
        self._ways_in.look()
        now = self._clock.now_us()
        if self._lists.is_due(now) or self._tally.is_due(now) or self._journal.has_repeats:
            self._in_writer(self._flush)
        if "disk" in self._missing and not self._exit_status and self._disk.make_reserve():
            del self._missing["disk"]
            _LOG.warning("disk.room", free_bytes=self._disk.free_bytes())
            unwritten, self._unwritten = self._unwritten, []
            for notice in (*unwritten, "disk_room"):
                self._notice(notice)
            self._receiver.go_on()
            self._ways_in.go_on()

    def _watch_over(self, part: str, words: str, notice: str, over: str, *, is_so: bool) -> None:
        """Tell of it at once, and make it an incident as soon as one can be written: the watchdog is watched."""
        was_so = part in self._missing
        self._tell(part, words, is_so=is_so)
        if is_so and not was_so:
            self._notice(notice)
        elif was_so and not is_so and over:
            self._notice(over)

    def _tell(self, part: str, words: str, *, is_so: bool) -> None:
        """Let `/readyz` say what is missing for as long as it is."""
        if is_so and part not in self._missing:
            _LOG.error("centre.not_ready", part=part)
            self._missing[part] = words
        elif not is_so and self._missing.pop(part, None) is not None:
            _LOG.warning("centre.ready_again", part=part)

    def _take_beside(self) -> Rider | None:
        """What is written with the next transaction: the lists of what came in, and the counts of sources."""
        now = self._clock.now_us()
        return both(self._lists.take(now), self._tally.take(now))

    def _flush(self, journal: Journal) -> None:
        taken = self._take_beside()
        try:
            journal.store((), None if taken is None else taken.write)
        except CentreFault as fault:
            if taken is not None:
                taken.put_back()
            outcome: Outcome[Tag] = Outcome((), (), fault)
            self._loop.call_soon_threadsafe(self._delivered, outcome)

    def _check_room(self) -> None:
        """Warn while there is time: less than 10 % or 2 GB is left."""
        is_low = self._disk.is_low()
        if is_low != self._is_disk_low:
            self._is_disk_low = is_low
            log = _LOG.warning if is_low else _LOG.info
            log("disk.low" if is_low else "disk.room", free_bytes=self._disk.free_bytes())

    def _check_unknown(self) -> None:
        """Let a person hear of numbers that nobody has set up within an hour."""
        unknown = self._lists.unknown
        self._in_writer(lambda journal: tell_unknown(journal, self._opened.store, unknown, self._clock.now_us()))

    def _check_vault(self) -> None:
        """Make the keys of today and tomorrow ahead of need, and destroy those whose time is over."""
        self._in_writer(self._erase)

    def _erase(self, journal: Journal) -> None:
        now = self._clock.now_us()
        self._opened.vault.prepare(now)
        self._opened.erase_expired(journal, now, self._settings.retention_rules)

    def _do_chores_soon(self) -> None:
        """Beside the event loop: they are done in turns of the writer, with intake's between them."""
        self._loop.run_in_executor(None, self._do_chores)

    def _do_chores(self) -> None:
        if not self._doing_chores.acquire(blocking=False):
            return  # a round before this one is at it still
        try:
            self._centre.values.prepare()
            if self._centre.erasing.schedule_found(self._run_in_writer):
                self._scheduler.wake()
            self._centre.chains.settle_found()
            self._centre.shifts.pass_found()
            self._centre.holidays.follow()
            self._sweep_contacts()
        except CentreFault as fault:
            _LOG.warning("chores.not_done", code=fault.code)
        except Exception:  # noqa: BLE001 - the next round tries again; it is logged
            _LOG.exception("chores.failed")
        finally:
            self._doing_chores.release()

    def _start_timers(self) -> None:
        """Last of all, when everybody who is told can be reached: what fell due while we were away fires now, late."""
        escalating, clock = self._centre.escalating, self._clock

        def schedule(journal: Journal) -> object:
            return escalating.schedule_found(journal, clock.now_us())

        found = self._writer.call(schedule)
        found.add_done_callback(_log_fault)
        found.add_done_callback(lambda _done: self._scheduler.wake())
        self._scheduler.start()

        async def stop() -> None:
            await asyncio.to_thread(self._scheduler.stop)

        self._closers.append(stop)

    def _start_watch(self, opened: OpenFolder) -> None:
        """Go on watching where the process before this one ended: nobody is overdue by our own time away."""
        key = opened.vault.identity_key()
        default = self._settings.supervision.default_interval_s
        default_s = None if default == "learn" else default
        self._watch = Watch(key, self._clock, shipped_categories(), default_interval_s=default_s)
        self._watch.use(self._snapshot)
        self._losses = Losses(self._watch, opened.store, self._clock, self._record_found, key)
        path = self._settings.folder / LAST_SEEN
        try:
            data, now = path.read_bytes(), self._clock.now_us()
            away_s = last_seen.restore(self._watch, data, now, is_whole=not self._has_died)
            _LOG.info("last_seen.restored", away_s=round(away_s))
        except (OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError) and self._is_new:
                _LOG.info("last_seen.none")
            else:
                _LOG.warning("last_seen.lost", error=type(error).__name__)
                self._watch.give_grace()
        self._losses.restore(outages_at_start(opened.store))

    def _record_found(self, facts: Sequence[Fact]) -> Sequence[Seq]:
        """For the thread of supervision: record what it found, and wait for the commit."""
        return self._run_in_writer(lambda journal: journal.record(facts))

    def _supervise(self) -> None:
        """Look who is overdue. While we take nothing in, that is our own outage, and nobody's fault."""
        self._losses.found(self._watch.scan(is_ours=not self._receiver.is_accepting))
        self._scanned_s = self._clock.monotonic_s()
        if self._losses.has_work:
            self._loop.run_in_executor(None, self._losses.work)

    def _save_last_seen_soon(self) -> None:
        """Beside the event loop: a large centre's file takes a while, and the disk may."""
        self._loop.run_in_executor(None, self._save_last_seen)

    def _save_last_seen(self, *, is_whole: bool = False) -> None:
        with self._saving_last_seen:
            try:
                self._write_last_seen(is_whole=is_whole)
            except OSError as error:
                _LOG.warning("last_seen.not_written", error=type(error).__name__)

    def _write_last_seen(self, *, is_whole: bool) -> None:
        now, now_s = self._clock.now_us(), self._clock.monotonic_s()
        data = last_seen.encode(self._watch, now, now_s, is_whole=is_whole)
        write_atomically(self._settings.folder / LAST_SEEN, data)

    def _write_uses_soon(self) -> None:
        """Beside the event loop, which must not wait for the disk."""
        self._loop.run_in_executor(None, self._write_uses)

    def _write_uses(self) -> None:
        try:
            self._access.write_uses()
        except CentreFault as fault:
            _LOG.warning("access.uses_not_written", code=fault.code)

    def _look_at_desks_soon(self) -> None:
        """Beside the event loop: it reads the store, and may wait for the writer."""
        self._loop.run_in_executor(None, self._look_at_desks, self._listening())

    def _listening(self) -> set[Ref]:
        """Sessions whose consoles live; while something urgent waits long enough, those alone that somebody touches."""
        now_s = self._clock.monotonic_s()
        if not self._screens.board.has_urgent():
            self._urgent_since_s = now_s
        idle_s = self._settings.shifts.idle_s
        return self._screens.hub.listening(idle_s if now_s - self._urgent_since_s >= idle_s else None)

    def _look_at_desks(self, listening: set[Ref]) -> None:
        if not self._looking_at_desks.acquire(blocking=False):
            return  # a look before this one waits for the disk
        try:
            self._attendance.look(self._access.present(listening))
            self._centre.queue_parts.look()
        except CentreFault as fault:
            _LOG.warning("desks.not_looked_at", code=fault.code)
        except Exception:  # noqa: BLE001 - the next look tries again; it is logged
            _LOG.exception("desks.failed")
        finally:
            self._looking_at_desks.release()

    def _end_forgotten_backup_soon(self) -> None:
        """Beside the event loop: it waits for the thread that copies."""
        self._loop.run_in_executor(None, self._centre.backups.end_forgotten)

    def _note_lag(self, late_s: float) -> None:
        """Keep the worst delay of the event loop since the figures were last asked for."""
        self._loop_lag_s = max(self._loop_lag_s, late_s)
        if late_s >= LOOP_LAG_MAX_S:
            _LOG.warning("centre.loop_late", seconds=round(late_s, 3))

    def _every(self, interval_s: float, work: Callable[[], None]) -> None:
        async def run() -> None:
            while True:
                due_s = self._clock.monotonic_s() + interval_s
                await sleep(interval_s)
                self._note_lag(self._clock.monotonic_s() - due_s)
                try:
                    work()
                except Exception:  # noqa: BLE001 - one failed round must not end the rounds; it is logged
                    _LOG.exception("centre.task_failed", task=work.__name__)

        self._tasks.add(asyncio.create_task(run()))

    # End -------------------------------------------------------------------------------------------------------------

    async def _stop_reading(self) -> None:
        """Take nothing more in; what was taken is still answered."""
        self._receiver.pause()
        self._ways_in.pause()
        self._listeners.stop()

    async def _end_writer(self) -> None:
        """Store what waits, answer it, note the end, and sign it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self._exit_status:
            await asyncio.to_thread(self._write_uses)
            with contextlib.suppress(CentreFault):
                self._writer.call(self._flush)
                self._writer.call(self._record_stop)
        if not await asyncio.to_thread(self._writer.stop, STOP_S):
            _LOG.error("journal.not_ended", waiting_signals=self._writer.waiting_signals)
            self._exit_status = 1
        await sleep(0)  # the last receipts come by the loop
        self._heads.reached(self._journal.head)
        await asyncio.to_thread(self._heads.stop)
        await asyncio.to_thread(self._save_last_seen, is_whole=True)
        self._listeners.close()
        await sleep(0.05)  # let the last answers leave
        _LOG.info("centre.stopped", seq=self._journal.head.seq)

    def _record_stop(self, journal: Journal) -> None:
        # What came in last is decided on first, so that the end is the last fact and nothing waits for the next start.
        deadline_s = self._clock.monotonic_s() + DECIDE_AT_STOP_S
        while journal.is_core_behind and self._clock.monotonic_s() < deadline_s:
            journal.store(())
        stopped = Fact(kind=Code("centre.stopped"), body=CentreStopped(epoch=self._epoch))
        journal.record([stopped], lambda transaction, _seqs: transaction.put_meta(RUNNING, "0"))

    async def _close(self) -> None:
        while self._closers:
            close = self._closers.pop()
            try:
                await close()
            except Exception:  # noqa: BLE001 - the other parts must be ended too; it is logged and told by the status
                self._exit_status = 1
                _LOG.exception("centre.close_failed")


def _log_fault(future: "Future[object]") -> None:
    if (error := future.exception()) is not None:
        _LOG.warning("journal.work_failed", error=str(error) if isinstance(error, CentreFault) else repr(error))
