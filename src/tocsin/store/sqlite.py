"""The SQLite form of the store: one file, one writer, many short readers.

WAL with synchronous=FULL: a commit returns after one fsync of the write-ahead log. SQLite comes from PyPI's pysqlite3,
since versions 3.7.0 to 3.51.2 can corrupt a database when the log is reset (decision 0003).
"""

import contextlib
import os
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from tocsin.model.access import AccessRow, Approval, Credential, CredentialKind, Grant, User
from tocsin.model.accounts import Account, Refusal
from tocsin.model.chains import StoredChain, StoredGroup
from tocsin.model.errors import Conflict, DiskFault
from tocsin.model.incidents import EVERY, Incident, IncidentFilter, SignalRow, State
from tocsin.model.journal import GENESIS, ActCount, EntryColumns, EntryPage, EntryRow, Head, StoredEntry
from tocsin.model.keyholders import Keyholder, SitePhrases, SiteWishes
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.notices import Contact, Reach
from tocsin.model.ports import Clock
from tocsin.model.retention import Erasure, Hold
from tocsin.model.rosters import Roster
from tocsin.model.shifts import Desk, Shift
from tocsin.model.sites import Site, Zone
from tocsin.model.sources import StoredSource
from tocsin.model.values import AccountNumber, Actor, Code, HexHash, KeyId, Micros, Ref, Seq, SignalId, StreamName
from tocsin.model.vault import Timer, ValueRow
from tocsin.model.warnings import PlaceWarning
from tocsin.store import access_rows, help_rows, vault_rows
from tocsin.store import configuration_rows as configuration
from tocsin.store.action_plan_rows import ActionPlanReads, ActionPlanWrites
from tocsin.store.call_form_rows import CallFormReads, CallFormWrites
from tocsin.store.chain_rows import ChainReads, ChainWrites
from tocsin.store.check_in_rows import CheckInReads, CheckInWrites
from tocsin.store.copying import Copied, copy_database
from tocsin.store.driver import dbapi
from tocsin.store.key_link_rows import KeyLinkReads, KeyLinkWrites
from tocsin.store.migrate import migrate
from tocsin.store.notice_rows import NoticeReads, NoticeWrites
from tocsin.store.on_test_rows import OnTestReads, OnTestWrites
from tocsin.store.place_rows import PlaceFactReads, add_place_facts
from tocsin.store.plain import ask, ask_one, do, do_many
from tocsin.store.reading import faults
from tocsin.store.remembered import Remembered
from tocsin.store.ring_rows import RingReads, RingWrites
from tocsin.store.schedule_rows import ScheduleReads, ScheduleWrites
from tocsin.store.schema import (
    ACCOUNTS,
    COMMANDS,
    DUPLICATES,
    INCIDENT_FACTS,
    INCIDENTS,
    IS_LOGGED,
    JOURNAL,
    META,
    REJECTED,
    SIGNALS,
    UNKNOWN,
    ZONES,
)
from tocsin.store.shift_rows import ShiftReads, ShiftWrites
from tocsin.store.source_rows import SourceReads, SourceWrites
from tocsin.store.supervision_rows import SupervisionReads, SupervisionWrites
from tocsin.store.timer_changes import TimerChanges
from tocsin.store.verified import VERIFIED_PAGE

PAGE_BYTES: Final = 8192
CHECKPOINT_PAGES: Final = 1000
"""The log is written back to the database every 8 MB, inside the writer's turn: two or three more fsyncs each time."""

PAGES_A_COMMIT: Final = 3
"""The least that a commit writes: the ends of the journal and of its index, and a page above them."""

BUSY_MS: Final = 5000
SQLITE_VERSION_MIN: Final = (3, 51, 3)

_INCIDENTS: Final = "SELECT row FROM incidents WHERE state = ? AND version < ? ORDER BY version DESC LIMIT ?"
_LAST: Final = Seq(1 << 62)
_APPEND: Final = str(sa.insert(JOURNAL).compile(dialect=sqlite.dialect()))
_ENCODER: Final = msgspec.json.Encoder()
_INCIDENT: Final = msgspec.json.Decoder(Incident)


def _put(table: sa.Table, key: str) -> str:
    """Insert, or replace what has the same key. Made once: building it anew took longer than carrying it out."""
    statement = insert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name != key}
    return str(statement.on_conflict_do_update(index_elements=[key], set_=changed).compile(dialect=sqlite.dialect()))


_PUT_INCIDENTS: Final = _put(INCIDENTS, "id")
_PUT_META: Final = _put(META, "name")
_ADD_COMMAND: Final = "INSERT INTO commands (actor, id, at, digest, answer) VALUES (?, ?, ?, ?, ?)"
_COMMAND: Final = "SELECT digest, answer FROM commands WHERE actor = ? AND id = ?"
_ADD_SIGNALS: Final = str(sa.insert(SIGNALS).compile(dialect=sqlite.dialect()))
_MOVE_SIGNALS: Final = "UPDATE signals SET incident = ?, outcome = 'joined', reason = ? WHERE seq = ?"
_ADD_FACTS: Final = str(sa.insert(INCIDENT_FACTS).compile(dialect=sqlite.dialect()))
# Cast, since SQLite keeps whatever somebody put into a column by hand: it is to be found as changed, not to stop us.
_ENTRY_COLUMNS: Final = tuple(sa.cast(column, column.type).label(column.name) for column in JOURNAL.c)
_ENTRIES: Final = sa.select(*_ENTRY_COLUMNS, sa.func.coalesce(DUPLICATES.c.count, 0)).outerjoin(
    DUPLICATES, DUPLICATES.c.id == JOURNAL.c.stream + "-" + sa.cast(JOURNAL.c.number, sa.String)
)
_HEAD: Final = "SELECT seq, CAST(hash AS BLOB), CAST(at AS BIGINT) FROM journal ORDER BY seq DESC LIMIT 1"


class SqliteStore(
    ActionPlanReads,
    CallFormReads,
    CheckInReads,
    ChainReads,
    KeyLinkReads,
    NoticeReads,
    OnTestReads,
    PlaceFactReads,
    RingReads,
    ScheduleReads,
    ShiftReads,
    SourceReads,
    SupervisionReads,
):
    """A centre's database in one file (`model.ports.Store`)."""

    def __init__(self, path: Path) -> None:
        """Open the database and bring it to this program's schema.

        Raises:
            Conflict: it was written by a newer program, or SQLite is too old.
            DiskFault: it cannot be read or written.
        """
        if dbapi.sqlite_version_info < SQLITE_VERSION_MIN:
            raise Conflict(
                f"SQLite {dbapi.sqlite_version} can corrupt a database; 3.51.3 or newer is needed. "
                "Nothing was opened. Install pysqlite3 0.6.1 or newer",
                "store.sqlite_version",
            )
        self._files = (path, path.with_name(path.name + "-wal"))
        self._numbers: tuple[int, ...] | None = None
        self._log_pages = 0
        """Pages written to the log since it was last written back, about."""
        self._timer_changes = TimerChanges()
        self._desks = Remembered[list[Desk]]()
        self._shifts = Remembered[list[Shift]]()
        self._first_due = Remembered["Micros | None"]()
        self._chains = Remembered[list[StoredChain]]()
        self._contacts = Remembered[list[Contact]]()
        self._groups = Remembered[list[StoredGroup]]()
        self._reach = Remembered[list[Reach]]()
        self._rosters = Remembered[list[Roster]]()
        self._sources = Remembered[list[StoredSource]]()
        self._users = Remembered[list[User]]()
        self._remembered: dict[str, Remembered[Any]] = {
            "chains": self._chains,
            "contacts": self._contacts,
            "desks": self._desks,
            "groups": self._groups,
            "outbox": self._first_due,
            "reach": self._reach,
            "rosters": self._rosters,
            "shifts": self._shifts,
            "sources": self._sources,
            "users": self._users,
        }
        self._end: Head | None = None
        """The journal's end, where this process has written to it: nobody else does meanwhile."""
        with faults():
            self._engine = make_engine(path, pool=sa.pool.QueuePool)
            migrate(self._engine)
            self._writer = make_engine(path, pool=sa.pool.StaticPool, begins=False).connect()

    @contextlib.contextmanager
    def transaction(self) -> Generator["SqliteTransaction"]:
        """Begin the writer's transaction; commit and fsync at the end, roll back on an exception."""
        with faults():
            with self._begun():
                transaction = SqliteTransaction(self._writer)
                yield transaction
                self._check_files()
            self._timer_changes.committed(transaction.changed_timers)
            if transaction.last is not None:
                self._end = Head(transaction.last.seq, HexHash(transaction.last.hash.hex()), transaction.last.at)
            for name in transaction.changed:
                self._remembered[name].changed()
            self._log_pages += PAGES_A_COMMIT + transaction.written_bytes // PAGE_BYTES
            if self._log_pages >= CHECKPOINT_PAGES:
                self._checkpoint()

    @contextlib.contextmanager
    def _begun(self) -> Generator[None]:
        """Begin and commit by the driver: by SQLAlchemy both took longer than what stands between them."""
        connection = self._writer
        do(connection, "BEGIN IMMEDIATE")
        try:
            yield
            if connection.in_transaction():  # something went by SQLAlchemy, which notes its end by this
                connection.commit()
            else:
                connection.connection.commit()
        except BaseException:
            # Asked or not: of a commit that failed it says that it is in no transaction, and takes no statement more.
            connection.rollback()
            connection.connection.rollback()
            raise

    def _checkpoint(self) -> None:
        """Write the log back to the database. Done by us: SQLite's own way keeps an fsync that failed to itself."""
        self._log_pages = 0
        connection = self._writer.connection.dbapi_connection
        assert connection is not None, "the writer's connection is open"
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        cursor.close()

    def head(self) -> Head:
        """The durable end of the journal."""
        if self._end is not None:
            return self._end
        with self._read() as connection:
            return _head(connection)

    def entries(self, after: Seq, limit: int) -> list[StoredEntry]:
        """Entries with a seq above `after`, in order, at most `limit`."""
        found = _ENTRIES.where(JOURNAL.c.seq > after).order_by(JOURNAL.c.seq).limit(limit)
        with self._read() as connection:
            return [_stored(*row) for row in connection.execute(found)]

    def verified_columns(self, after: Seq, limit: int) -> list[EntryColumns]:
        """What is verified of the entries above a seq, in order, at most `limit`: plain, and three times as fast."""
        with self._read() as connection:
            cursor = connection.connection.cursor()
            try:
                return cursor.execute(VERIFIED_PAGE, {"after": after, "most": limit}).fetchall()
            finally:
                cursor.close()

    def command_answer(self, actor: Actor, id_: Code) -> bytes | None:
        """What somebody's command was answered with, as long as it is remembered."""
        found = sa.select(COMMANDS.c.answer).where(COMMANDS.c.actor == actor, COMMANDS.c.id == id_)
        with self._read() as connection:
            return connection.execute(found).scalar()

    def incident(self, id_: Ref) -> Incident | None:
        """One incident, open or closed."""
        with self._read() as connection:
            return _incident(connection, id_)

    def incidents(self, state: State, before: Seq | None, limit: int, only: IncidentFilter = EVERY) -> list[Incident]:
        """Incidents of a state, the latest changed first."""
        if only == EVERY:
            with self._read() as connection:
                plain_rows = ask(connection, _INCIDENTS, (state, _LAST if before is None else before, limit))
            return [_INCIDENT.decode(row[0]) for row in plain_rows]
        found = sa.select(INCIDENTS.c.row).where(INCIDENTS.c.state == state, *_let_through(only))
        if before is not None:
            found = found.where(INCIDENTS.c.version < before)
        with self._read() as connection:
            rows = connection.execute(found.order_by(INCIDENTS.c.version.desc()).limit(limit)).scalars().all()
        return [_INCIDENT.decode(row) for row in rows]

    def incident_count(self, state: State, only: IncidentFilter = EVERY) -> int:
        """How many there are."""
        counted = sa.select(sa.func.count()).select_from(INCIDENTS)
        counted = counted.where(INCIDENTS.c.state == state, *_let_through(only))
        with self._read() as connection:
            return connection.execute(counted).scalar() or 0

    def highest_number(self) -> int:
        """The highest number that an incident has, 0 where there is none."""
        with self._read() as connection:
            return connection.execute(sa.select(sa.func.max(INCIDENTS.c.number))).scalar() or 0

    def incident_facts(self, id_: Ref, limit: int) -> list[StoredEntry]:
        """The entries that make an incident's time line, oldest first: the last `limit`."""
        found = (
            _ENTRIES.join(INCIDENT_FACTS, INCIDENT_FACTS.c.seq == JOURNAL.c.seq)
            .where(INCIDENT_FACTS.c.incident == id_)
            .order_by(JOURNAL.c.seq.desc())
            .limit(limit)
        )
        with self._read() as connection:
            return [_stored(*row) for row in connection.execute(found)][::-1]

    def incident_signals(self, id_: Ref, limit: int) -> list[tuple[SignalRow, StoredEntry]]:
        """Signals of an incident, newest first."""
        return self._signals(SIGNALS.c.incident == id_, None, limit)

    def account_signals(self, account_id: Ref, before: Seq | None, limit: int) -> list[tuple[SignalRow, StoredEntry]]:
        """Signals of an account, newest first."""
        return self._signals(SIGNALS.c.account_id == account_id, before, limit)

    def signal_rows(self, after: Seq, limit: int) -> list[SignalRow]:
        """Where signals ended, in the order of their seq."""
        found = sa.select(*SIGNALS.c).where(SIGNALS.c.seq > after).order_by(SIGNALS.c.seq).limit(limit)
        with self._read() as connection:
            return [_signal_row(row) for row in connection.execute(found)]

    def _signals(
        self, which: sa.ColumnElement[bool], before: Seq | None, limit: int
    ) -> list[tuple[SignalRow, StoredEntry]]:
        found = _ENTRIES.add_columns(*SIGNALS.c).join(SIGNALS, SIGNALS.c.seq == JOURNAL.c.seq).where(which)
        if before is not None:
            found = found.where(SIGNALS.c.seq < before)
        with self._read() as connection:
            rows = connection.execute(found.order_by(SIGNALS.c.seq.desc()).limit(limit)).all()
        width = len(_ENTRY_COLUMNS) + 1
        return [(_signal_row(row[width:]), _stored(*row[:width])) for row in rows]

    def entries_at(self, seqs: Collection[Seq]) -> list[StoredEntry]:
        """The entries of these numbers, in order."""
        ordered = sorted(set(seqs))
        found: list[StoredEntry] = []
        with self._read() as connection:
            for begin in range(0, len(ordered), configuration.IDS_A_QUERY):
                some = ordered[begin : begin + configuration.IDS_A_QUERY]
                rows = connection.execute(_ENTRIES.where(JOURNAL.c.seq.in_(some)).order_by(JOURNAL.c.seq))
                found.extend(_stored(*row) for row in rows)
        return found

    def newest_entries(self, before: Seq | None, kind: Code | None, limit: int, looked_max: int) -> EntryPage:
        """Entries with a seq below `before`, newest first."""
        with self._read() as connection:
            below = Seq(_head(connection).seq + 1) if before is None else before
            lowest = max(1, below - looked_max)
            found = _ENTRIES.where(JOURNAL.c.seq < below, JOURNAL.c.seq >= lowest)
            if kind is not None:
                found = found.where(JOURNAL.c.kind == kind)
            rows = connection.execute(found.order_by(JOURNAL.c.seq.desc()).limit(limit)).all()
        entries = tuple(_stored(*row) for row in rows)
        end = entries[-1].row.seq if len(entries) == limit else lowest
        return EntryPage(entries, Seq(end) if end > 1 else None)

    def logged(self, before: Seq | None, since: Micros, until: Micros, limit: int) -> EntryPage:
        """Entries of the watch log, newest first, by their own index: it must find the very words of its condition."""
        found = _ENTRIES.where(IS_LOGGED, JOURNAL.c.at >= since, JOURNAL.c.at < until)
        if before is not None:
            found = found.where(JOURNAL.c.seq < before)
        with self._read() as connection:
            rows = connection.execute(found.order_by(JOURNAL.c.seq.desc()).limit(limit + 1)).all()
        entries = tuple(_stored(*row) for row in rows[:limit])
        return EntryPage(entries, entries[-1].row.seq if len(rows) > limit else None)

    def facts(
        self, kinds: Collection[Code], after: Seq, limit: int, looked_max: int
    ) -> tuple[list[StoredEntry], Seq | None]:
        """Entries of some kinds with a seq above `after`, in order; and where to go on."""
        found = _ENTRIES.where(
            JOURNAL.c.seq > after, JOURNAL.c.seq <= after + looked_max, JOURNAL.c.kind.in_(sorted(kinds))
        )
        with self._read() as connection:
            end = _head(connection).seq
            rows = connection.execute(found.order_by(JOURNAL.c.seq).limit(limit)).all()
        entries = [_stored(*row) for row in rows]
        looked = entries[-1].row.seq if len(entries) == limit else Seq(after + looked_max)
        return entries, looked if looked < end else None

    def acts_of(self, actor: Actor, after: Seq, looked_max: int) -> tuple[list[ActCount], Seq | None]:
        """How many facts of each kind an actor caused, above `after`; and where to go on."""
        # Canonical JSON begins with its first key, so nothing needs to be parsed.
        begins = b'{"actor":' + _ENCODER.encode(actor) + b","
        with self._read() as connection:
            end = _head(connection).seq
            rows = connection.exec_driver_sql(
                "SELECT kind, count(*), min(at), max(at) FROM journal WHERE seq > ? AND seq <= ? "
                "AND substr(entry, 1, ?) = ? GROUP BY kind ORDER BY kind",
                (after, after + looked_max, len(begins), begins),
            ).all()
        looked = Seq(after + looked_max)
        return [ActCount(*row) for row in rows], looked if looked < end else None

    def accounts(self, ids: Collection[Ref] | None = None) -> list[Account]:
        """All accounts, or those of the ids that are there, in the order in which they were made."""
        with self._read() as connection:
            return configuration.read_accounts(connection, ids)

    def account_page(
        self, after: tuple[str, int] | None, limit: int, *, site_id: Ref | None = None, number: str = ""
    ) -> list[Account]:
        """Accounts by number without case, then as they were made."""
        with self._read() as connection:
            return configuration.read_account_page(connection, after, limit, site_id, number)

    def account_count(self, site_id: Ref | None = None, number: str = "") -> int:
        """How many accounts there are, or stand at a site, or begin so."""
        with self._read() as connection:
            return configuration.count_accounts(connection, site_id, number)

    def site_sizes(self, site_ids: Collection[Ref]) -> dict[Ref, int]:
        """How many accounts stand at each of these sites."""
        with self._read() as connection:
            return configuration.count_by(connection, ACCOUNTS.c.site_id, site_ids)

    def zone_counts(self, account_ids: Collection[Ref]) -> dict[Ref, int]:
        """How many zones each of these accounts has."""
        with self._read() as connection:
            return configuration.count_by(connection, ZONES.c.account_id, account_ids)

    def sites(self, ids: Collection[Ref] | None = None) -> list[Site]:
        """All sites, or those of the ids that are there, in the order in which they were made."""
        with self._read() as connection:
            return configuration.read_sites(connection, ids)

    def zones(self, account_ids: Collection[Ref] | None = None) -> list[Zone]:
        """All zones, or those of some accounts."""
        with self._read() as connection:
            return configuration.read_zones(connection, account_ids)

    def refusals(self) -> list[Refusal]:
        """Numbers that were ever refused, each with the last word on it."""
        with self._read() as connection:
            return configuration.read_refusals(connection)

    def keyholders(
        self, site_ids: Collection[Ref] | None = None, *, ids: Collection[Ref] | None = None
    ) -> list[Keyholder]:
        """All keyholders, or those of some sites, or some of them, removed ones too."""
        with self._read() as connection:
            return help_rows.read_keyholders(connection, site_ids, ids)

    def site_phrases(self, site_ids: Collection[Ref] | None = None) -> list[SitePhrases]:
        """Phrases of all sites, or of some."""
        with self._read() as connection:
            return help_rows.read_phrases(connection, site_ids)

    def site_wishes(self, site_ids: Collection[Ref] | None = None) -> list[SiteWishes]:
        """Notes of residents' wishes of all sites, or of some."""
        with self._read() as connection:
            return help_rows.read_wishes(connection, site_ids)

    def place_warnings(self, site_ids: Collection[Ref] | None = None) -> list[PlaceWarning]:
        """Warnings that stand, all or those of some sites."""
        with self._read() as connection:
            return help_rows.read_warnings(connection, site_ids)

    def users(self) -> list[User]:
        """All users, removed ones too, in the order in which they were made."""
        return list(self._users.get(self._read_users))

    def _read_users(self) -> list[User]:
        with self._read() as connection:
            return access_rows.read_users(connection)

    def access_rows(self) -> list[AccessRow]:
        """What lets somebody in, and what did until it was dropped, in the order in which it was made."""
        with self._read() as connection:
            return access_rows.read_access(connection)

    def credentials(self) -> list[Credential]:
        """What people can sign in or unlock with, by user and kind."""
        with self._read() as connection:
            return access_rows.read_credentials(connection)

    def totp_steps(self) -> dict[Actor, int]:
        """The last step of each user's authenticator that was used."""
        with self._read() as connection:
            return access_rows.read_totp_steps(connection)

    def grants(self) -> list[Grant]:
        """All grants, by user and target."""
        with self._read() as connection:
            return access_rows.read_grants(connection)

    def approvals(self) -> list[Approval]:
        """All that two persons did or are asked to do together, in the order in which it was asked."""
        with self._read() as connection:
            return access_rows.read_approvals(connection)

    def unknown_accounts(self) -> list[UnknownAccount]:
        """The unknown accounts, newest first."""
        with self._read() as connection:
            rows = connection.execute(sa.select(UNKNOWN).order_by(UNKNOWN.c.last_at.desc())).mappings().all()
        return [
            UnknownAccount(
                **{**row, "receiver": configuration.absent(row["receiver"]), "line": configuration.absent(row["line"])}  # pyright: ignore[reportArgumentType] - columns are the fields
            )
            for row in rows
        ]

    def rejected_frames(self, limit: int) -> list[RejectedFrame]:
        """The newest rejected frames, newest first."""
        with self._read() as connection:
            rows = connection.execute(sa.select(REJECTED).order_by(REJECTED.c.id.desc()).limit(limit)).mappings().all()
        return [RejectedFrame(**row) for row in rows]  # pyright: ignore[reportArgumentType] - columns are the fields

    def values(self, holder: Ref, field: Code | None = None, limit: int | None = None) -> list[ValueRow]:
        """A holder's sealed values, oldest first: all, or the newest."""
        with self._read() as connection:
            return vault_rows.read_values(connection, holder, field, limit)

    def value_count(self, holder: Ref) -> int:
        """How many sealed values a holder has."""
        with self._read() as connection:
            return vault_rows.count_values(connection, holder)

    def holder_keys(self, holder: Ref) -> list[KeyId]:
        """The keys that values of a holder are sealed under, rising."""
        with self._read() as connection:
            return vault_rows.read_holder_keys(connection, holder)

    def highest_holder_key(self) -> KeyId:
        """The highest key that any holder has, 0 where none has one."""
        with self._read() as connection:
            return vault_rows.highest_holder_key(connection)

    def timer(self, kind: Code, ref: Ref) -> Timer | None:
        """One timer."""
        with self._read() as connection:
            return vault_rows.read_timer(connection, kind, ref)

    def timers(self, until: Micros | None = None, limit: int | None = None, kind: Code | None = None) -> list[Timer]:
        """Timers that are due by then, or all, the first due first."""
        with self._read() as connection:
            return vault_rows.read_timers(connection, until, limit, kind)

    def timer_changes(self) -> dict[tuple[Code, Ref], Timer | None] | None:
        """Timers that were set, or with None ended, since the last call; None: too many to remember."""
        return self._timer_changes.take()

    def holds(self, incident: Ref | None = None) -> list[Hold]:
        """Legal holds of an incident, or of all, lifted ones too, oldest first."""
        with self._read() as connection:
            return vault_rows.read_holds(connection, incident)

    def erasure(self, incident: Ref) -> Erasure | None:
        """The last erasure of an incident's data."""
        with self._read() as connection:
            return vault_rows.read_erasure(connection, incident)

    def erasures(self) -> list[Erasure]:
        """The last erasure of each incident's data, in the order of their facts."""
        with self._read() as connection:
            return vault_rows.read_erasures(connection)

    def unscheduled(self, kind: Code, limit: int) -> list[Incident]:
        """Closed incidents that no timer of the kind waits for, and that were never erased, oldest first."""
        with self._read() as connection:
            return vault_rows.read_unscheduled(connection, kind, limit)

    def get_meta(self, name: Code) -> str | None:
        """A small value that lives beside the journal."""
        with self._read() as connection:
            return _meta(connection, name)

    def truncate_log(self) -> bool:
        """Write the log back and cut it to nothing; False where a reader kept it: ask again later."""
        with faults():
            connection = self._writer.connection.dbapi_connection
            assert connection is not None, "the writer's connection is open"
            cursor = connection.cursor()
            try:
                # A reader that takes its time must not keep the writer waiting: without a busy time it is told at once.
                cursor.execute("PRAGMA busy_timeout=0")
                is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
                cursor.close()
        if not is_busy:
            self._log_pages = 0
        return not is_busy

    def check(self) -> list[str]:
        """Look through the whole database for damage; return what is wrong, in words."""
        try:
            with self._read() as connection:
                found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(100)")]
        except DiskFault:
            # Damaged so badly that SQLite cannot look through it.
            return ["it cannot be read to its end"]
        return [] if found == ["ok"] else found

    def copy_to(
        self,
        target: Path,
        clock: Clock,
        sleep: Callable[[float], None],
        on_progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Copied:
        """Copy the whole database into a new file while the writer goes on (`store.copying`). From any thread."""
        connection = self._writer.connection.dbapi_connection
        assert connection is not None, "the writer's connection is open"
        return copy_database(connection, target, clock, sleep, on_progress)

    def close(self) -> None:
        """Let go of the database; the last connection writes the log back."""
        with faults():
            if not self._writer.closed:
                self._checkpoint()
            self._writer.close()
            self._writer.engine.dispose()
            self._engine.dispose()

    def _check_files(self) -> None:
        """Just before a commit: the files that we write are still the ones of these names.

        A database that was moved, replaced or deleted while it is open takes every write, and loses it at the end.
        """
        try:
            found = tuple(os.stat(file).st_ino for file in self._files)
        except FileNotFoundError:
            found = ()
        self._numbers = self._numbers or found
        if found and found == self._numbers:
            return
        raise DiskFault(
            f"The database {self._files[0].name} was moved, replaced or deleted while it was open. Nothing of this "
            "batch was stored. Never touch its files while the centre runs: put them back as they were, then start "
            "again",
            "store.disk",
        )


class SqliteTransaction(
    ActionPlanWrites,
    CallFormWrites,
    CheckInWrites,
    ChainWrites,
    KeyLinkWrites,
    NoticeWrites,
    OnTestWrites,
    RingWrites,
    ScheduleWrites,
    ShiftWrites,
    SourceWrites,
    SupervisionWrites,
):
    """One transaction of the writer (`model.ports.StoreTransaction`)."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work on the writer's connection, inside its open transaction."""
        self._connection = connection
        self.written_bytes = 0
        self.changed_timers: dict[tuple[Code, Ref], Timer | None] = {}
        self.changed: set[str] = set()
        """What the store remembers of the tables that it has changed."""
        self.last: EntryRow | None = None
        """The last entry that was appended."""

    def head(self) -> Head:
        """The journal's end inside this transaction."""
        return _head(self._connection)

    def stream_end(self, stream: StreamName) -> int:
        """The last number of a stream, 0 where it is empty."""
        found = ask_one(self._connection, "SELECT max(number) FROM journal WHERE stream = ?", (stream,))
        return 0 if found is None or found[0] is None else int(found[0])

    def append(self, rows: Sequence[EntryRow]) -> None:
        """Append entries, which must go on where the journal and each stream end."""
        self.written_bytes += sum(len(row.entry) + len(row.sealed or b"") for row in rows)
        # Tuples straight to the driver: building a statement and dictionaries for each row doubled the cost of a row.
        do_many(
            self._connection,
            _APPEND,
            [
                (r.seq, r.at, r.kind, r.stream, r.number, _blob(r.entry), _blob(r.hash), r.key, _blob(r.sealed))
                for r in rows
            ],
        )
        add_place_facts(self._connection, rows)
        if rows:
            self.last = rows[-1]

    def add_duplicates(self, counts: Mapping[SignalId, int]) -> None:
        """Add to the counts of repeats."""
        statement = insert(DUPLICATES)
        statement = statement.on_conflict_do_update(
            index_elements=[DUPLICATES.c.id], set_={"count": DUPLICATES.c.count + statement.excluded.count}
        )
        self._many(statement, [{"id": id_, "count": count} for id_, count in counts.items()])

    def put_accounts(self, accounts: Iterable[Account]) -> None:
        """Insert accounts, or replace those of the same id; those whose row says removed go."""
        configuration.put_accounts(self._connection, accounts)

    def put_sites(self, sites: Iterable[Site]) -> None:
        """Insert sites, or replace those of the same id; those whose row says removed go."""
        configuration.put_sites(self._connection, sites)

    def put_zones(self, zones: Iterable[Zone]) -> None:
        """Insert zones, or replace those of the same account and number; those whose row says removed go."""
        configuration.put_zones(self._connection, zones)

    def put_refusals(self, refusals: Iterable[Refusal]) -> None:
        """Insert refused numbers, or replace those of the same number, receiver and line."""
        configuration.put_refusals(self._connection, refusals)

    def put_keyholders(self, keyholders: Iterable[Keyholder]) -> None:
        """Insert keyholders, or replace those of the same id."""
        help_rows.put_keyholders(self._connection, keyholders)

    def drop_keyholders(self, ids: Collection[Ref]) -> None:
        """Drop keyholders that were erased."""
        help_rows.drop_keyholders(self._connection, ids)

    def put_site_phrases(self, phrases: Iterable[SitePhrases]) -> None:
        """Insert phrases of sites, or replace those of the same site; those without a verifier go."""
        help_rows.put_phrases(self._connection, phrases)

    def put_site_wishes(self, wishes: Iterable[SiteWishes]) -> None:
        """Insert notes of wishes, or replace those of the same site; those without a note go."""
        help_rows.put_wishes(self._connection, wishes)

    def put_place_warnings(self, warnings: Iterable[PlaceWarning]) -> None:
        """Insert warnings."""
        help_rows.put_warnings(self._connection, warnings)

    def drop_place_warnings(self, ids: Collection[Ref]) -> None:
        """Drop warnings that ended."""
        help_rows.drop_warnings(self._connection, ids)

    def put_users(self, users: Iterable[User]) -> None:
        """Insert users, or replace those of the same id."""
        access_rows.write_users(self._connection, users)
        self.changed.add("users")

    def put_access(self, rows: Iterable[AccessRow]) -> None:
        """Insert what lets somebody in, or replace what has the same hash."""
        access_rows.write_access(self._connection, rows)

    def renew_access(self, old: HexHash, row: AccessRow) -> None:
        """Insert what lets somebody in, in place of what has another hash."""
        access_rows.renew_access(self._connection, old, row)

    def drop_access(self, before: Micros) -> None:
        """Forget what opened nothing any more before this time."""
        access_rows.drop_access(self._connection, before)

    def put_credentials(self, credentials: Iterable[Credential]) -> None:
        """Insert credentials, or replace those of the same user and kind."""
        access_rows.write_credentials(self._connection, credentials)

    def drop_credentials(self, user: Actor, kinds: Iterable[CredentialKind]) -> None:
        """Forget credentials of a user; with `totp` also the last step that was used."""
        access_rows.drop_credentials(self._connection, user, kinds)

    def put_totp_step(self, user: Actor, step: int) -> None:
        """Note the last step of a user's authenticator that was used."""
        access_rows.write_totp_step(self._connection, user, step)

    def put_grants(self, grants: Iterable[Grant]) -> None:
        """Insert grants, or replace those of the same user and target; those whose row says removed go."""
        access_rows.write_grants(self._connection, grants)

    def put_approvals(self, approvals: Iterable[Approval]) -> None:
        """Insert what two persons do together, or replace what has the same id."""
        access_rows.write_approvals(self._connection, approvals)

    def put_unknown(self, rows: Iterable[UnknownAccount]) -> None:
        """Insert or replace rows of the unknown accounts."""
        statement = insert(UNKNOWN)
        changed = ("first_at", "last_at", "signals", "polls", "unreadable", "transport")
        statement = statement.on_conflict_do_update(
            index_elements=[UNKNOWN.c.account, UNKNOWN.c.receiver, UNKNOWN.c.line],
            set_={name: statement.excluded[name] for name in changed},
        )
        values = (msgspec.structs.asdict(row) for row in rows)
        self._many(
            statement,
            [
                {**v, "receiver": configuration.present(v["receiver"]), "line": configuration.present(v["line"])}
                for v in values
            ],
        )

    def drop_unknown(self, account: AccountNumber) -> None:
        """Forget a number, compared without case."""
        self._connection.execute(sa.delete(UNKNOWN).where(sa.func.upper(UNKNOWN.c.account) == account.upper()))

    def add_rejected(self, rows: Sequence[RejectedFrame], keep_max: int) -> None:
        """Append to the rejected frames, and let the oldest go so that `keep_max` stay."""
        values = [{k: v for k, v in msgspec.structs.asdict(row).items() if k != "id"} for row in rows]
        self._many(sa.insert(REJECTED), values)
        newest = self._connection.execute(sa.select(sa.func.max(REJECTED.c.id))).scalar() or 0
        self._connection.execute(sa.delete(REJECTED).where(REJECTED.c.id <= newest - keep_max))

    @contextlib.contextmanager
    def savepoint(self) -> Generator[None]:
        """A part of the transaction that is undone alone where it raises."""
        changed_timers, last = dict(self.changed_timers), self.last
        try:
            do(self._connection, "SAVEPOINT part")
            yield
            do(self._connection, "RELEASE part")
        except BaseException:
            self.changed_timers, self.last = changed_timers, last
            if self._connection.connection.in_transaction:  # some faults have ended it whole by now
                do(self._connection, "ROLLBACK TO part")
                do(self._connection, "RELEASE part")
            raise

    def incident(self, id_: Ref) -> Incident | None:
        """One incident, open or closed."""
        return _incident(self._connection, id_)

    def put_incidents(self, incidents: Iterable[Incident]) -> None:
        """Insert incidents, or replace those of the same id."""
        rows = [(i.id, i.number, i.version, i.state, bytearray(_ENCODER.encode(i))) for i in incidents]
        if rows:
            self.written_bytes += sum(len(row[-1]) for row in rows)
            do_many(self._connection, _PUT_INCIDENTS, rows)

    def add_incident_facts(self, facts: Iterable[tuple[Ref, Seq]]) -> None:
        """Note which entries make the time line of which incident."""
        if rows := list(facts):
            do_many(self._connection, _ADD_FACTS, rows)

    def add_signals(self, rows: Iterable[SignalRow]) -> None:
        """Note where signals ended."""
        if values := [msgspec.structs.astuple(row) for row in rows]:
            self.written_bytes += 100 * len(values)
            do_many(self._connection, _ADD_SIGNALS, values)

    def move_signals(self, seqs: Sequence[Seq], incident: Ref, reason: Code) -> None:
        """Let these signals end in another incident."""
        if seqs:
            rows = [(incident, reason, seq) for seq in seqs]
            self._connection.exec_driver_sql(_MOVE_SIGNALS, rows)

    def get_command(self, actor: Actor, id_: Code) -> tuple[bytes, bytes] | None:
        """Digest and answer of a command that was carried out, as long as it is remembered."""
        row = ask_one(self._connection, _COMMAND, (actor, id_))
        return None if row is None else (row[0], row[1])

    def put_command(self, actor: Actor, id_: Code, at: Micros, digest: bytes, answer: bytes) -> None:
        """Remember a command and its answer."""
        do(self._connection, _ADD_COMMAND, (actor, id_, at, bytearray(digest), bytearray(answer)))

    def drop_commands(self, before: Micros) -> None:
        """Forget commands that are older."""
        self._connection.execute(sa.delete(COMMANDS).where(COMMANDS.c.at < before))

    def put_values(self, rows: Sequence[ValueRow]) -> None:
        """Insert sealed values, and note whose their keys are."""
        if rows:
            self.written_bytes += vault_rows.add_values(self._connection, rows)

    def drop_values(self, holder: Ref) -> int:
        """Delete a holder's values and let go of its keys, which are destroyed by then; return how many values."""
        return vault_rows.drop_values(self._connection, holder)

    def drop_value_field(self, holder: Ref, field: Code) -> int:
        """Delete a holder's values of one field; return how many."""
        return vault_rows.drop_field(self._connection, holder, field)

    def holder_keys(self, holder: Ref) -> list[KeyId]:
        """The keys that values of a holder are sealed under, rising."""
        return vault_rows.read_holder_keys(self._connection, holder)

    def put_timer(self, timer: Timer) -> None:
        """Insert a timer, or replace the one of the same kind and object."""
        vault_rows.put_timer(self._connection, timer)
        self.changed_timers[timer.kind, timer.ref] = timer

    def drop_timer(self, kind: Code, ref: Ref) -> None:
        """Delete a timer."""
        vault_rows.drop_timer(self._connection, kind, ref)
        self.changed_timers[kind, ref] = None

    def timer(self, kind: Code, ref: Ref) -> Timer | None:
        """One timer."""
        return vault_rows.read_timer(self._connection, kind, ref)

    def put_hold(self, hold: Hold) -> None:
        """Insert a legal hold, or replace the one of the same id."""
        vault_rows.put_hold(self._connection, hold)

    def holds(self, incident: Ref) -> list[Hold]:
        """Legal holds of an incident, lifted ones too, oldest first."""
        return vault_rows.read_holds(self._connection, incident)

    def put_erasure(self, erasure: Erasure) -> None:
        """Note an erasure, in place of any before of the same incident."""
        vault_rows.put_erasure(self._connection, erasure)

    def erasure(self, incident: Ref) -> Erasure | None:
        """The last erasure of an incident's data."""
        return vault_rows.read_erasure(self._connection, incident)

    def get_meta(self, name: Code) -> str | None:
        """A small value that lives beside the journal."""
        return _meta(self._connection, name)

    def put_meta(self, name: Code, value: str) -> None:
        """Set such a value."""
        do(self._connection, _PUT_META, (name, value))

    def _many(self, statement: sa.Insert, values: list[dict[str, Any]]) -> None:
        if values:
            self._connection.execute(statement, values)


def make_engine(path: Path, pool: type[sa.Pool], *, begins: bool = True) -> sa.Engine:
    """Connections to the database; without `begins` each statement stands for itself."""
    engine = sa.create_engine(
        f"sqlite:///{path}", module=dbapi, poolclass=pool, connect_args={"check_same_thread": False}
    )

    def prepare(connection: Any, _record: object) -> None:
        # We begin transactions ourselves: the driver would begin a deferred one, and only before some statements.
        connection.isolation_level = None
        # Text that somebody put there by hand need not be UTF-8.
        connection.text_factory = _text
        for pragma in (
            f"page_size={PAGE_BYTES}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
            "wal_autocheckpoint=0",
            "cache_size=-8000",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    event.listen(engine, "connect", prepare)
    if begins:
        event.listen(engine, "begin", begin)
    return engine


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _blob(value: bytes | None) -> bytearray | None:
    """The driver looks for an adapter of each `bytes`, 1.6 us a time, and for none of a `bytearray`: stored alike."""
    return None if value is None else bytearray(value)


def _let_through(only: IncidentFilter) -> list[sa.ColumnElement[bool]]:
    """As `IncidentFilter.lets`, of the rows as they lie in the table."""
    row = sa.cast(INCIDENTS.c.row, sa.Text)

    def field(name: str) -> sa.Function[Any]:
        return sa.func.json_extract(row, f"$.{name}")

    wanted: list[sa.ColumnElement[bool]] = []
    if only.site_id is not None:
        wanted.append(field("site_id") == only.site_id)
    if only.handler is not None:
        wanted.append(sa.or_(field("closed_by") == only.handler, field("claimed_by") == only.handler))
        wanted.append(field("closed_at") > only.closed_after)
    return wanted


def _stored(
    seq: Seq,
    at: Micros,
    kind: Code,
    stream: StreamName | None,
    number: int | None,
    entry: bytes,
    hash_: bytes,
    key: KeyId | None,
    sealed: bytes | None,
    duplicates: int,
) -> StoredEntry:
    return StoredEntry(EntryRow(seq, at, kind, stream, number, entry, hash_, key, sealed), duplicates)


def _head(connection: sa.Connection) -> Head:
    row = ask_one(connection, _HEAD)
    if row is None:
        return Head(Seq(0), GENESIS, Micros(0))
    return Head(Seq(row[0]), HexHash(row[1].hex()), Micros(row[2]))


def _meta(connection: sa.Connection, name: Code) -> str | None:
    row = ask_one(connection, "SELECT value FROM meta WHERE name = ?", (name,))
    return None if row is None else row[0]


def _incident(connection: sa.Connection, id_: Ref) -> Incident | None:
    row = ask_one(connection, "SELECT row FROM incidents WHERE id = ?", (id_,))
    return None if row is None else _INCIDENT.decode(row[0])


def _signal_row(row: Sequence[Any]) -> SignalRow:
    return SignalRow(**dict(zip(SignalRow.__struct_fields__, row, strict=True)))


__all__ = ["SqliteStore", "SqliteTransaction", "make_engine"]
