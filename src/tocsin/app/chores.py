"""What is tidied up, made ahead and destroyed while the centre runs."""

import asyncio
import threading
from typing import Final

import structlog

from tocsin.access.access import Access
from tocsin.app.notes import give
from tocsin.app.rounds import Rounds
from tocsin.centre.centre import Centre
from tocsin.centre.configuration import Run
from tocsin.centre.opening import OpenFolder
from tocsin.centre.scheduler import Scheduler
from tocsin.centre.unknown_watch import tell_unknown
from tocsin.intake.dc09.lists import IntakeLists
from tocsin.intake.ways import Tag
from tocsin.journal.journal import Journal
from tocsin.journal.writer import Writer
from tocsin.model.errors import CentreFault
from tocsin.model.ports import Clock
from tocsin.model.retention import RetentionRules

BACKUP_CHECK_S: Final = 5.0
UNKNOWN_CHECK_S: Final = 60.0
USES_S: Final = 60.0
"""How often it is written when sessions and tokens were last used."""

VAULT_CHECK_S: Final = 600.0
CHORES_S: Final = 60.0
"""How often keys are made ahead, and it is looked for what has no timer yet and should have one."""

_LOG = structlog.get_logger("centre")


class Chores:
    """Rounds of upkeep: beside the event loop, in turns of the writer with intake's between them."""

    def __init__(
        self,
        centre: Centre,
        opened: OpenFolder,
        access: Access,
        scheduler: Scheduler,
        lists: IntakeLists,
        writer: Writer[Tag],
        clock: Clock,
        retention: RetentionRules,
        *,
        run: Run,
    ) -> None:
        """`run` gives work to the writer, and waits."""
        self._centre = centre
        self._opened = opened
        self._access = access
        self._scheduler = scheduler
        self._lists = lists
        self._writer = writer
        self._clock = clock
        self._retention = retention
        self._run = run
        self._loop = asyncio.get_running_loop()
        self._doing = threading.Lock()

    def begin(self, rounds: Rounds) -> None:
        """Do them from now on, two of them at once."""
        rounds.every(VAULT_CHECK_S, self._check_vault)
        rounds.every(CHORES_S, self._do_soon)
        rounds.every(USES_S, self._write_uses_soon)
        rounds.every(BACKUP_CHECK_S, self._end_forgotten_backup_soon)
        rounds.every(UNKNOWN_CHECK_S, self._check_unknown)
        self._check_vault()
        self._do_soon()

    async def end(self) -> None:
        """No further chore; the writer has ended by now, so a round that is at it ends with its next turn."""
        await asyncio.to_thread(self._doing.acquire)

    def write_uses(self) -> None:
        """Write when sessions and tokens were last used."""
        try:
            self._access.write_uses()
        except CentreFault as fault:
            _LOG.warning("access.uses_not_written", code=fault.code)

    def sweep_contacts_soon(self) -> None:
        """From the thread of whoever changed rights: contacts of people who were removed are destroyed."""
        self._loop.call_soon_threadsafe(lambda: self._loop.run_in_executor(None, self._sweep_contacts))

    def _write_uses_soon(self) -> None:
        self._loop.run_in_executor(None, self.write_uses)

    def _end_forgotten_backup_soon(self) -> None:
        self._loop.run_in_executor(None, self._centre.backups.end_forgotten)

    def _check_unknown(self) -> None:
        """Let a person hear of numbers that nobody has set up within an hour."""
        unknown = self._lists.unknown
        give(self._writer, lambda journal: tell_unknown(journal, self._opened.store, unknown, self._clock.now_us()))

    def _check_vault(self) -> None:
        """Make the keys of today and tomorrow ahead of need, and destroy those whose time is over."""
        give(self._writer, self._erase)

    def _erase(self, journal: Journal) -> None:
        now = self._clock.now_us()
        self._opened.vault.prepare(now)
        self._opened.erase_expired(journal, now, self._retention)

    def _do_soon(self) -> None:
        self._loop.run_in_executor(None, self._do)

    def _do(self) -> None:
        if not self._doing.acquire(blocking=False):
            return  # a round before this one is at it still
        try:
            self._centre.values.prepare()
            if self._centre.erasing.schedule_found(self._run):
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
            self._doing.release()

    def _sweep_contacts(self) -> None:
        try:
            self._centre.contacts.sweep(lambda user: bool(self._access.roles_of(user)))
            self._centre.chains.watch()
            self._centre.reachable.watch()
            self._centre.floor_plans.sweep()
        except CentreFault as fault:
            _LOG.warning("contacts.not_swept", code=fault.code)
