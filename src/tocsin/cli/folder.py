"""A centre for the commands: the running one over its control socket, else the folder itself, held meanwhile."""

import contextlib
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from tocsin.access.access import Access, tag_of
from tocsin.centre.action_plan_imports import ImportedPlans
from tocsin.centre.admission import Admission
from tocsin.centre.backup import Backups
from tocsin.centre.centre import Centre, OpenedFrame
from tocsin.centre.configuration import ImportPlan
from tocsin.centre.control import RemoteBackups, RemoteCentre
from tocsin.centre.folder import CONTROL, FolderLock
from tocsin.centre.journal_export import JournalExports
from tocsin.centre.opening import OpenFolder, open_folder
from tocsin.centre.proof import Proof
from tocsin.centre.table_plan import ImportResult, KnownKeyholder
from tocsin.cli.reading import settings_of
from tocsin.journal.head_keeper import HeadKeeper
from tocsin.journal.journal import Journal
from tocsin.model.accounts import Account, SecretRef
from tocsin.model.errors import Conflict
from tocsin.model.holidays import Holidays
from tocsin.model.journal import StoredEntry
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.rules import RulesVersion
from tocsin.model.schedules import Schedule
from tocsin.model.sites import Site, Zone
from tocsin.model.values import Seq
from tocsin.settings import Settings, page_address, split_address
from tocsin.store.sqlite import SqliteStore
from tocsin.system import SystemClock, SystemIds, sleep_blocking

__all__ = ["CentreAccess", "held_folder", "open_centre", "settings_of"]

REJECTED_SHOWN: int = 10_000
T = TypeVar("T")


class CentreAccess:
    """A centre, running or not, for one command."""

    def __init__(
        self,
        centre: Centre | RemoteCentre,
        admission: Callable[[], Admission | RemoteCentre],
        proof: Callable[[], Proof | RemoteCentre],
    ) -> None:
        """Ask `centre`; for links, users and tokens what `admission` makes when it is first wanted; `proof` alike."""
        self._centre = centre
        self.asked = centre
        """Whom all of this is asked of."""
        self.admission = admission
        self.proof = proof
        self._config = 0

    def begin(self) -> None:
        """What is read from now on belongs together: a plan that was worked out from it is refused if it changes."""
        self._config = self._centre.config()

    def accounts(self) -> list[Account]:
        """All accounts, in the order in which they were made."""
        return self._centre.accounts()

    def sites(self) -> list[Site]:
        """All sites, in the order in which they were made."""
        return self._centre.sites()

    def zones(self) -> list[Zone]:
        """All zones."""
        return self._centre.zones()

    def keyholders(self, *, is_export: bool = False) -> list[KnownKeyholder]:
        """All keyholders who are on a list; an export is a fact before this returns."""
        return self._centre.keyholders(is_export=is_export)

    def all_schedules(self) -> list[Schedule]:
        """All schedules."""
        return self._centre.all_schedules()

    def all_calendars(self) -> list[Holidays]:
        """All calendars of holidays that schedules share."""
        return self._centre.all_calendars()

    def rules_versions(self) -> tuple[RulesVersion, ...]:
        """The newest versions of the parameters of judgement, newest first."""
        return self._centre.rules_versions()

    def set_rules(self, changed: Mapping[str, int], version: Seq) -> None:
        """Let decisions go by these parameters from now on."""
        self._centre.set_rules(changed, version)

    def export_plans(self, key: str | None = None) -> bytes:
        """The centre's own action plans as a file, or one plan by its id or name."""
        return self._centre.export_plans(key)

    def import_plans(self, data: str, *, is_dry: bool) -> ImportedPlans:
        """Make and change action plans by name, the whole file or nothing."""
        return self._centre.import_plans(data, is_dry=is_dry)

    def same_keys(self, pairs: Sequence[tuple[SecretRef, bytes]]) -> list[bool]:
        """Whether each key that a file brings is the one that the account has."""
        return self._centre.same_keys(pairs)

    def import_table(self, plan: ImportPlan) -> ImportResult:
        """Carry out a plan; refused where the configuration changed since `begin`."""
        return self._centre.import_table(plan, self._config)

    def entries(self, after: Seq, limit: int) -> list[StoredEntry]:
        """A page of the journal."""
        return self._centre.entries(after, limit)

    @property
    def backups(self) -> Backups | RemoteBackups:
        """What makes backups."""
        return self._centre.backups

    def unknown_accounts(self) -> list[UnknownAccount]:
        """Numbers that send and that fit no account, newest first."""
        return self._centre.unknown_accounts()

    def rejected_frames(self) -> list[RejectedFrame]:
        """Frames that were not accepted, newest first."""
        return self._centre.rejected_frames(REJECTED_SHOWN)

    def open_rejected(self, reason: str) -> list[OpenedFrame]:
        """The same with their bytes; the reading is journalled."""
        return self._centre.open_rejected(REJECTED_SHOWN, reason)


@contextlib.contextmanager
def open_centre(folder: Path) -> Generator[CentreAccess]:
    """Ask the process that holds the folder, or hold it for as long as the context lasts."""
    settings = settings_of(folder)
    lock = FolderLock(folder, passing=True)
    try:
        lock.acquire()
    except Conflict:
        control = folder / CONTROL
        if not control.exists():
            raise
        remote = RemoteCentre(control)
        yield CentreAccess(remote, lambda: remote, lambda: remote)
        return
    try:
        yield from _hold(settings)
    finally:
        lock.release()


@contextlib.contextmanager
def held_folder(folder: Path) -> Generator[OpenFolder]:
    """Hold a folder whose centre does not run, with its vault and store open."""
    with FolderLock(folder, passing=True):
        opened = open_folder(settings_of(folder), os.environ, SystemIds())
        try:
            yield opened
        finally:
            opened.close()


@contextlib.contextmanager
def held_access(folder: Path) -> Generator[tuple[Access, str]]:
    """People and rights of a stopped centre, and its origin; what they agree on is durable and signed at the end."""
    settings = settings_of(folder)
    clock, ids = SystemClock(), SystemIds()
    with FolderLock(folder, passing=True):
        opened = open_folder(settings, os.environ, ids)
        try:
            journal = opened.journal(clock, 0)
            yield (
                Access(
                    store=opened.store,
                    secrets=opened.vault,
                    clock=clock,
                    ids=ids,
                    record=journal.record,
                    session_s=settings.web.session_h * 3600,
                    centre_tag=tag_of(opened.signer.origin),
                ),
                opened.signer.origin,
            )
            keeper = HeadKeeper(opened.signer, settings.heads_path, clock, opened.signed_seq)
            keeper.start(journal.head)
            keeper.stop()
        finally:
            opened.close()


def url_of(settings: Settings) -> str | None:
    """The address that a centre will be opened under; None where the system chooses its port at each start."""
    host, port = split_address(settings.web.listen)
    if port == 0 and settings.web.public_url is None:
        return None
    return page_address(settings.web, host, port)


def _hold(settings: Settings) -> Iterator[CentreAccess]:
    clock, ids = SystemClock(), SystemIds()
    opened = open_folder(settings, os.environ, ids)
    journal: Journal | None = None

    def run(work: Callable[[Journal], T]) -> T:
        nonlocal journal
        # The journal reads its last window at opening, which a command that only reads is spared.
        journal = journal or opened.journal(clock, 0)
        opened.vault.prepare(clock.now_us())
        return work(journal)

    def access() -> Access:
        return Access(
            store=opened.store,
            secrets=opened.vault,
            clock=clock,
            ids=ids,
            record=lambda facts, apply: run(lambda journal: journal.record(facts, apply)),
            session_s=settings.web.session_h * 3600,
            centre_tag=tag_of(opened.signer.origin),
            centre_name=settings.centre.name,
        )

    def admission() -> Admission:
        return Admission(access(), lambda: url_of(settings))

    def proof() -> Proof:
        exports = JournalExports(
            store=opened.store,
            run=run,
            heads=settings.heads_path,
            sign_head=centre.sign_head,
            sealer=opened.vault,
            values=centre.values,
            texts=centre.incident_texts,
        )
        return Proof(
            store=opened.store, access=access(), note=centre.note, exports=exports, retention=settings.retention_rules
        )

    centre = Centre(
        store=opened.store,
        sealer=opened.vault,
        secrets=opened.vault,
        holders=opened.vault.holders,
        clock=clock,
        ids=ids,
        run=run,
        retention=settings.retention_rules,
        is_clock_in_doubt=opened.vault.is_clock_in_doubt,
    )
    assert isinstance(opened.store, SqliteStore), "a folder's database is one file"
    centre.use_backups(
        Backups(
            store=opened.store,
            settings=settings,
            signer=opened.signer,
            clock=clock,
            ids=ids,
            sleep=sleep_blocking,
            record=lambda facts: run(lambda journal: journal.record(facts)),
        )
    )
    try:
        yield CentreAccess(centre, admission, proof)
        if journal is not None:
            keeper = HeadKeeper(opened.signer, settings.heads_path, clock, opened.signed_seq)
            keeper.start(journal.head)
            keeper.stop()
    finally:
        opened.close()
