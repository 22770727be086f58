"""Restores: a centre's folder made from the two files of a backup (docs/reference/backup.md).

Both files are whole and belong together, the master key opens the keys, the database has no damage and the chain
verifies: before all of that is so, nothing in the folder counts as a centre, and an end half way leaves a mark that no
start overlooks. Then, before anything is served: what a centre that was there had decided since is carried over, what
is due is erased, sessions and links of the past are ended, a new epoch begins, and the journal says so.
"""

import contextlib
import shutil
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from tocsin.access.approvals import answered
from tocsin.centre.backup import DATABASE, HEADS, KEYS_MADE
from tocsin.centre.backup_files import Archive, Manifest, keys_file_of, open_archive
from tocsin.centre.carried import Carried, Carrier, Reach, Since
from tocsin.centre.centre import CLI, EPOCH, Centre
from tocsin.centre.escalation import hold_steps
from tocsin.centre.folder import KEYS, LAST_SEEN, RESTORING, FolderLock, move_aside
from tocsin.centre.opening import OpenFolder, open_folder
from tocsin.centre.outbox import hold_pending
from tocsin.centre.restore_aside import (
    JOURNAL_PART,
    Mark,
    finish_setting_aside,
    put_back,
    reach_of,
    read_mark,
    refuse_outside,
    set_aside,
    since_of,
    take_away_files,
    write_mark,
)
from tocsin.centre.restore_checks import (
    HEADS_PART,
    Progress,
    check_clock,
    check_journal,
    check_keys,
    head_of,
    living,
    load_master,
    refuse_centre,
    refuse_other_centre,
    refuse_other_half,
)
from tocsin.centre.waiting import put_off
from tocsin.journal.heads import append_head
from tocsin.journal.journal import Journal
from tocsin.journal.notes import Note, read_heads
from tocsin.model.access import AccessRow, Approval, ApprovalAnswered
from tocsin.model.errors import BadInput, Conflict, DiskFault
from tocsin.model.journal import CentreNoticed, Fact
from tocsin.model.ports import Clock, Ids, StoreTransaction
from tocsin.model.proof import CentreRestored
from tocsin.model.values import Code, Micros, Ref, SealClass, Seq
from tocsin.settings import FILE_NAME, Settings, load
from tocsin.store.schema import REVISION
from tocsin.vault import sync_folder

__all__ = ["Restored", "put_back", "reach_of", "refuse_outside", "restore", "set_aside"]

RESTORED: Final = Code("centre.restored")
STEPS: Final = 3
"""In which what was decided after the backup is carried over."""

T = TypeVar("T")


class Restored(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a restore did."""

    manifest: Manifest
    verdict: tuple[str, ...]
    """What the verifier said."""
    epoch: int | None = None
    """None where only the journal was restored."""
    ended: int = 0
    """Sessions, unused links, recovery codes that may have been used since, and one-day codes for tests."""
    erased: int = 0
    """Days, incidents, keyholders and notes whose time was over."""
    waiting: tuple[Ref, ...] = ()
    """Incidents whose texts fell due after the backup: shown to nobody, erased in a week unless held."""
    held: int = 0
    """Notices that were on their way: nothing of yesterday goes out by itself, a person sends or drops each."""
    tokens: int = 0
    """Tokens of programs that live; some may have been revoked since the backup."""
    set_aside: Path | None = None
    """Heads that were there before, and where they are now."""
    aside: Path | None = None
    """The centre that was there before, and where it is now."""
    carried: Carried | None = None
    """What that centre had decided after the backup; None where none was there, and where only the journal is here."""


def restore(
    file: Path,
    folder: Path,
    environ: Mapping[str, str],
    clock: Clock,
    ids: Ids,
    *,
    clock_is_right: bool = False,
    journal_only: bool = False,
    trusted: Path | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> Restored:
    """Make a centre's folder from a backup; what it says is durable when this returns.

    `journal_only`: the data alone, to be read; no centre can be started from them. `trusted`: heads of the
    centre that was there, kept elsewhere, which its journal has to agree with.

    Raises:
        BadInput, Conflict, KeyMissing, DiskFault: nothing was restored, and why.
    """
    with contextlib.ExitStack() as stack:
        data = open_archive(file, "data", REVISION)
        stack.callback(data.close)
        keys: Archive | None = None
        if not journal_only:
            keys = open_archive(keys_file_of(file), "keys", REVISION)
            stack.callback(keys.close)
            refuse_other_half(data, keys)
        manifest = data.manifest
        check_clock(manifest, clock.now_us(), is_sure=clock_is_right)
        refuse_centre(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stack.enter_context(FolderLock(folder))
        with _undone(folder) as begun:
            aside, mark = begun.aside, begun.mark
            if aside is None and trusted is not None:
                raise BadInput(
                    f"No centre was set aside in {folder} that the trusted heads could be of. Nothing was restored. "
                    "Leave --trusted out, or add --over",
                    "usage.trusted",
                )
            if aside is not None and mark.is_moving:
                finish_setting_aside(folder, aside, mark)
            write_mark(folder, msgspec.structs.replace(mark, backup=Code(manifest.backup), is_moving=False))
            # Nothing that the settings of a backup say is done before it is known whose they are.
            for archive in (data, keys):
                if archive is not None:
                    archive.check()
            total = sum(entry.bytes for one in (data, keys) if one for entry in one.manifest.files.values())
            unpack = _Unpacking(total, progress)
            unpack.file(data, DATABASE, folder / JOURNAL_PART)
            verdict = check_journal(folder / JOURNAL_PART, data, folder, progress)
            settings = _settings(data, folder, environ, begun)
            old_heads = refuse_other_centre(settings.heads_path, manifest)
            master = None if keys is None else load_master(settings, environ)
            if keys is not None and master is not None:
                unpack.file(keys, KEYS_MADE, folder / KEYS)
                check_keys(folder / KEYS, master, ids, manifest)
            _put_database(folder / JOURNAL_PART, settings.database_path)
            if LAST_SEEN in manifest.files:
                unpack.file(data, LAST_SEEN, folder / LAST_SEEN)
            old = move_aside(settings.heads_path, manifest.epoch) if old_heads else None
            _put_heads(data, settings, manifest, folder)
            sync_folder(folder)
            restored = Restored(manifest=manifest, verdict=verdict, set_aside=old, aside=aside)
            if keys is not None:
                restored = _begin_anew(settings, environ, clock, ids, restored, progress, mark.reach, trusted)
            (folder / RESTORING).unlink()
            sync_folder(folder)
    return restored


def _settings(data: Archive, folder: Path, environ: Mapping[str, str], begun: "_Begun") -> Settings:
    """The folder's own settings where it has some, else those of the backup, which is known to be whole and signed."""
    if not (folder / FILE_NAME).exists() and FILE_NAME in data.manifest.files:
        begun.made_settings = True
        data.unpack(FILE_NAME, folder / FILE_NAME)
    settings = load(folder, environ)
    refuse_outside(settings)
    if not begun.was_begun and settings.database_path.exists():
        raise living(folder, [settings.database_path.name])
    begun.settings = settings
    take_away_files(settings.database_path, folder / KEYS, folder / LAST_SEEN)  # of a restore that was ended
    return settings


def _put_database(part: Path, target: Path) -> None:
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise DiskFault(
            f"{target} cannot be written: {error.strerror}. Nothing was restored. Make room, or look at the disk",
            "restore.disk",
        ) from error


# What is done then --------------------------------------------------------------------------------------------------


class _Unpacking:
    """Unpacks file by file, and says how far it has come."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._done = 0
        self._progress = progress

    def file(self, archive: Archive, name: str, target: Path) -> None:
        try:
            archive.unpack(name, target, self._moved)
        except FileExistsError:
            raise Conflict(
                f"{target} is there already. Nothing was restored over it. Restore into an empty folder",
                "restore.living",
            ) from None
        except OSError as error:
            raise DiskFault(
                f"{target} cannot be written: {error.strerror}. Nothing was restored. Make room, or look at the disk",
                "restore.disk",
            ) from error

    def _moved(self, length: int) -> None:
        self._done += length
        self._progress("Unpacking", self._done, self._total)


def _put_heads(data: Archive, settings: Settings, manifest: Manifest, folder: Path) -> None:
    """The heads of the backup where the centre's heads belong, with the one for its end."""
    newest = 0
    if HEADS in manifest.files:
        part = folder / HEADS_PART
        part.unlink(missing_ok=True)
        data.unpack(HEADS, part)
        for item in read_heads(part):
            newest = item.size if isinstance(item, Note) else newest
        if part.parent == settings.heads_path.parent:
            part.rename(settings.heads_path)
        else:
            settings.heads_path.write_bytes(part.read_bytes())
            part.unlink()
    if newest < manifest.seq:
        append_head(settings.heads_path, head_of(manifest))


def _begin_anew(
    settings: Settings,
    environ: Mapping[str, str],
    clock: Clock,
    ids: Ids,
    restored: Restored,
    progress: Progress,
    reach: Reach,
    trusted: Path | None,
) -> Restored:
    """A new epoch; what is due is erased, and what let people in is ended, before anything is served."""
    manifest = restored.manifest
    opened = open_folder(settings, environ, ids, is_restoring=True)
    try:
        now = clock.now_us()
        # By seconds: a second restore of the same backup must not be taken for the first by a screen that saw it.
        epoch = max(manifest.epoch + 1, now // 1_000_000)
        journal = opened.journal(clock, 0)
        hold_steps(journal, opened.store)
        centre = _centre(opened, journal, settings, clock, ids)
        carried = None
        if restored.aside is not None:
            # First of all: what was held there must not be erased here.
            since = since_of(restored.aside, manifest, reach, trusted)
            carried = _carry(since, restored.aside, opened, centre, journal, clock, ids, progress)
            carried = msgspec.structs.replace(carried, ended_seq=reach.ended_seq, ended_at=reach.ended_at)
        erased, waiting = _erase_due(opened, centre, journal, settings, now, manifest.made_at)
        held = hold_pending(journal, opened.store)
        codes = centre.test_codes.end_all(CLI)
        alive = [row for row in opened.store.access_rows() if row.ended_at is None and row.expires_at > now]
        knows_since = carried is not None and carried.why_not is None
        ended = [row for row in alive if _is_past(row, knows_since=knows_since)]
        approvals = [one for one in opened.store.approvals() if not one.used and one.expires_at > now]
        body = CentreRestored(
            backup=manifest.backup,
            ended=len(ended) + codes,
            epoch=epoch,
            erased=erased,
            made_at=manifest.made_at,
            seq=manifest.seq,
        )
        notice = CentreNoticed(account=None, count=manifest.seq, notice=Code("restored"), reason=None)
        refused = ApprovalAnswered(given=False)
        facts = [
            Fact(kind=RESTORED, body=body, actor=CLI),
            Fact(kind=Code("centre.noticed"), body=notice),
            *(Fact(kind=Code("approval.answered"), body=refused, ref=one.id, actor=CLI) for one in approvals),
        ]
        lapsed = [answered(one, refused, CLI) for one in approvals]
        journal.record(facts, lambda tx, _seqs: _note(tx, epoch, ended, lapsed, now))
        _sign(opened, settings, journal.head.seq)
        tokens = sum(row.kind == "token" for row in alive)
    finally:
        opened.close()
    return msgspec.structs.replace(
        restored,
        epoch=epoch,
        ended=len(ended) + codes,
        erased=erased,
        held=held,
        tokens=tokens,
        waiting=waiting,
        carried=carried,
    )


def _centre(opened: OpenFolder, journal: Journal, settings: Settings, clock: Clock, ids: Ids) -> Centre:
    def run(work: Callable[[Journal], T]) -> T:
        return work(journal)

    return Centre(
        store=opened.store,
        sealer=opened.vault,
        secrets=opened.vault,
        holders=opened.vault.holders,
        clock=clock,
        ids=ids,
        run=run,
        retention=settings.retention_rules,
    )


def _carry(
    since: Since | Code,
    aside: Path,
    opened: OpenFolder,
    centre: Centre,
    journal: Journal,
    clock: Clock,
    ids: Ids,
    progress: Progress,
) -> Carried:
    """Carry over what the centre that was there had decided after the backup, as far as it can be believed."""
    if isinstance(since, str):
        return Carried(aside=aside, why_not=since)
    try:
        carrier = Carrier(since, opened, centre, journal, clock, ids)
        centre.values.prepare()
        progress("Carrying over", 0, STEPS)
        carrier.incidents()
        progress("Carrying over", 1, STEPS)
        need_link = carrier.people()
        progress("Carrying over", 2, STEPS)
        need_phrases = carrier.places()
        progress("Carrying over", 3, STEPS)
        return carrier.done(need_link, need_phrases)
    finally:
        since.close()


def _erase_due(
    opened: OpenFolder, centre: Centre, journal: Journal, settings: Settings, now: Micros, made_at: Micros
) -> tuple[int, tuple[Ref, ...]]:
    """Erase what is due: keys of days, texts of incidents, keyholders, warnings.

    But texts of incidents that fell due after the backup wait: they may have a legal hold that no backup knows of.
    Return how much was erased, and which incidents wait.
    """
    rules = settings.retention_rules
    life_days: dict[SealClass, int] = {"intake": rules.intake_days, "panel": rules.panel_days}
    days = opened.vault.destroy_expired(now, is_clock_sure=True, life_days=life_days)
    opened.erase_expired(journal, now, rules)
    centre.values.prepare()
    centre.erasing.schedule_found(centre.run)  # what the first release closed has no timer yet
    waiting = put_off(opened.store, centre.values, journal, now, made_at, CLI)
    return len(days) + centre.timers.run_all(journal, now, is_clock_sure=True), tuple(waiting)


def _is_past(row: AccessRow, *, knows_since: bool) -> bool:
    """Whether it lets nobody in any more: what may have been used since the backup, which does not know of it."""
    match row.kind:
        case "session":
            return True
        case "link":
            return row.used_at is None
        case "recovery":
            return not knows_since  # what was carried over tells which of them were used
        case "token":
            return False


def _note(
    transaction: StoreTransaction, epoch: int, ended: Sequence[AccessRow], lapsed: Sequence[Approval], now: Micros
) -> None:
    transaction.put_meta(EPOCH, str(epoch))
    transaction.put_access([msgspec.structs.replace(row, ended_at=now) for row in ended])
    transaction.put_approvals(lapsed)


def _sign(opened: OpenFolder, settings: Settings, seq: Seq) -> None:
    head = opened.store.head()
    assert head.seq == seq, "nobody else writes here"
    append_head(settings.heads_path, opened.signer.sign(head))


class _Begun:
    """What a restore has made so far, to be taken away where it fails."""

    def __init__(self, folder: Path) -> None:
        mark = read_mark(folder)
        self.was_begun = mark is not None
        """A restore into this folder was ended half way before."""
        self.aside = None if mark is None or mark.aside is None else folder / mark.aside
        """Where the centre is that was there."""
        self.mark = mark or Mark()
        self.made_settings = False
        self.settings: Settings | None = None
        """Known from where on they may be trusted."""


@contextlib.contextmanager
def _undone(folder: Path) -> Generator[_Begun]:
    """Where it fails, take away what was unpacked: half a centre must not look like one."""
    begun = _Begun(folder)
    take_away_files(folder / HEADS_PART, folder / JOURNAL_PART)
    try:
        yield begun
    except BaseException:
        take_away_files(folder / HEADS_PART, folder / JOURNAL_PART)
        if begun.settings is not None:
            take_away_files(begun.settings.database_path, folder / KEYS, folder / LAST_SEEN)
        if begun.made_settings:
            (folder / FILE_NAME).unlink(missing_ok=True)
        is_clean = begun.settings is not None or not begun.was_begun  # else the earlier half still lies there
        if is_clean and begun.aside is None:  # and the mark alone knows of a centre that was set aside
            (folder / RESTORING).unlink(missing_ok=True)
        raise
