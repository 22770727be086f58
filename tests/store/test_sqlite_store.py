"""The SQLite form of the store: how it is set, how it begins, and what its errors become."""

import hashlib
import threading

import pysqlite3.dbapi2 as dbapi
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from support.centres import edit, rows
from tocsin.model.errors import CentreFault, Conflict, DiskFault, JournalFull, TocsinError
from tocsin.model.journal import EntryRow
from tocsin.store import sqlite
from tocsin.store.migrate import upgrade
from tocsin.store.schema import METADATA, REVISION
from tocsin.store.sqlite import SqliteStore


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tocsin.db"


@pytest.fixture
def store(path):
    made = SqliteStore(path)
    yield made
    made.close()


def entry_row(seq, size=10, **fields):
    entry = b"x" * size
    plain = {"at": seq, "kind": "signal", "stream": "main", "number": seq, "entry": entry}
    return EntryRow(seq=seq, hash=hashlib.sha256(entry).digest(), **(plain | fields))


def append(store, *rows_):
    with store.transaction() as transaction:
        transaction.append(rows_)


def pragma(store, name, value=None):
    """Read or set a PRAGMA on the writer's own connection, outside any transaction."""
    connection = store._writer.connection.driver_connection
    found = connection.execute(f"PRAGMA {name}" + ("" if value is None else f" = {value}")).fetchone()
    return found and found[0]


# Schema --------------------------------------------------------------------------------------------------------------


def described(path):
    """Every table and index of a file as SQLite itself describes them."""
    found = {}
    for name, kind in rows(path, "SELECT name, type FROM sqlite_master WHERE tbl_name != 'alembic_version'"):
        info = "table_xinfo" if kind == "table" else "index_xinfo"
        found[kind, name] = rows(path, f"PRAGMA {info}('{name}')")
    return found


def sql_of(path):
    """What made each table and index, without how it was laid out."""
    found = rows(path, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: " ".join(sql.replace('"', "").split()) for name, sql in found}


def test_migrations_make_exactly_the_schema_of_a_new_database(store, path, tmp_path):
    migrated = tmp_path / "migrated.db"
    engine = sa.create_engine(f"sqlite:///{migrated}", module=dbapi)
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    assert described(path) == described(migrated)
    assert sql_of(path) == sql_of(migrated)
    assert sql_of(path)["journal_stream"] == sql_of(migrated)["journal_stream"]
    assert rows(migrated, "SELECT version_num FROM alembic_version") == [(REVISION,)]
    assert sorted(name for kind, name in described(path) if kind == "table") == [
        "access", "accounts", "action_plan_switches", "action_plans", "approvals", "armed", "call_forms", "chains",
        "check_ins", "commands", "contacts", "credentials", "desks",
        "duplicates", "erasures", "floor_plans", "given_ids", "grants", "holder_keys", "holds",
        "incident_facts", "incidents",
        "journal", "key_links", "keyholders", "lines", "meta", "notices", "outages", "outbox", "place_facts",
        "place_warnings",
        "reach", "refusals", "rejected_frames", "rings", "rosters", "schedules", "shifts", "signals", "site_phrases",
        "site_test_codes", "site_tests", "site_wishes", "sites", "sources", "sqlite_sequence", "staff_groups", "timers",
        "totp_steps", "unknown_accounts", "users", "vault_values", "zones", "zones_out",
    ]  # fmt: skip
    engine = sa.create_engine(f"sqlite:///{path}", module=dbapi)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
    assert rows(path, "SELECT version_num FROM alembic_version") == [(REVISION,)]


def test_index_of_streams_is_unique_and_partial_in_both(store, path):
    ((sql,),) = rows(path, "SELECT sql FROM sqlite_master WHERE name = 'journal_stream'")
    assert sql == "CREATE UNIQUE INDEX journal_stream ON journal (stream, number) WHERE stream IS NOT NULL"


def test_opening_again_keeps_what_is_there_and_changes_no_schema(store, path):
    append(store, entry_row(1))
    store.close()
    before = described(path)
    again = SqliteStore(path)
    assert (again.head().seq, described(path)) == (1, before)
    again.close()


def test_database_of_a_newer_program_is_refused_untouched(store, path):
    store.close()
    edit(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict) as refused:
        SqliteStore(path)
    assert str(refused.value) == (
        f"The database has schema 9999, this program knows {REVISION}: it was written by a newer Tocsin. Nothing was "
        "changed. Start the newer program, or restore a backup made by this one [store.newer]"
    )
    assert rows(path, "SELECT version_num FROM alembic_version") == [("9999",)]
    edit(path, f"UPDATE alembic_version SET version_num = '{REVISION}'")


def test_sqlite_that_can_corrupt_a_database_opens_none(path, monkeypatch):
    monkeypatch.setattr(sqlite, "SQLITE_VERSION_MIN", (99, 0, 0))  # no older SQLite is at hand
    with pytest.raises(Conflict, match=r"can corrupt a database; .* Nothing was opened.*store\.sqlite_version"):
        SqliteStore(path)
    assert not path.exists()


def test_sqlite_that_we_run_on_is_outside_the_range_of_the_log_reset_bug():
    assert dbapi.sqlite_version_info >= sqlite.SQLITE_VERSION_MIN == (3, 51, 3)


# Settings of the connection ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page_size", 8192),
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: a commit is one fsync of the log
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("wal_autocheckpoint", 0),
        ("cache_size", -8000),
        ("trusted_schema", 0),
    ],
)
def test_writers_connection_is_set_as_written_down(store, name, value):
    assert pragma(store, name) == value


def test_readers_see_the_last_commit_while_a_transaction_is_open(store):
    append(store, entry_row(1))
    with store.transaction() as transaction:
        transaction.append([entry_row(2)])
        assert (store.head().seq, transaction.head().seq) == (1, 2)
    assert store.head().seq == 2


def test_transaction_takes_the_writers_lock_at_once(store, path):
    other = dbapi.connect(str(path), timeout=0)
    with store.transaction(), pytest.raises(dbapi.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_threads_read_while_the_writer_writes(store):
    counts = []

    def read():
        for _ in range(30):
            counts.append(len(store.entries(0, 1000)))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for seq in range(1, 31):
        append(store, entry_row(seq))
    for thread in threads:
        thread.join()
    assert len(counts) == 120
    assert set(counts) <= set(range(31))


# Faults --------------------------------------------------------------------------------------------------------------


def test_commit_that_failed_leaves_the_writer_usable_whatever_the_batch_went_by(store):
    """SQLAlchemy says of itself then that it is in no transaction, and refuses every statement until it is told."""
    writer = store._writer
    with store.transaction():
        writer.exec_driver_sql("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        writer.exec_driver_sql("CREATE TABLE many (one REFERENCES one DEFERRABLE INITIALLY DEFERRED)")
    writer.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")

    def fails_as_it_is_committed():
        with store.transaction():
            writer.exec_driver_sql("INSERT INTO many VALUES (7)")

    with pytest.raises(TocsinError, match="SQLITE_CONSTRAINT"):
        fails_as_it_is_committed()
    with store.transaction() as transaction:
        transaction.put_meta("tried", "again")
        assert transaction.stream_end("main") == 0  # which goes by SQLAlchemy
    assert store.get_meta("tried") == "again"


def test_full_database_is_journal_full_nothing_is_stored_and_it_goes_on_with_room(store):
    append(store, entry_row(1))
    pragma(store, "max_page_count", pragma(store, "page_count") + 1)
    with pytest.raises(JournalFull) as full:
        append(store, entry_row(2, size=100_000))
    assert str(full.value) == (
        "The disk is full: nothing of this batch was stored. Make room; intake goes on by itself [store.full]"
    )
    assert not full.value.permanent
    assert store.head().seq == 1
    pragma(store, "max_page_count", 1_000_000)
    append(store, entry_row(2, size=100_000))
    assert store.head().seq == 2


def test_database_that_cannot_be_written_is_a_fault_of_the_disk(store):
    append(store, entry_row(1))
    pragma(store, "query_only", "ON")
    with pytest.raises(DiskFault) as failed:
        append(store, entry_row(2))
    assert str(failed.value) == (
        "The database could not be written or read (SQLITE_READONLY): what is on the disk is unknown. "
        "Check the disk and its cables, then start again; the start checks the database [store.disk]"
    )
    assert failed.value.permanent


def copy_over(path):
    path.with_name("copy").write_bytes(path.read_bytes())
    path.with_name("copy").rename(path)


@pytest.mark.parametrize("name", ["tocsin.db", "tocsin.db-wal"])
@pytest.mark.parametrize("change", [lambda p: p.rename(p.with_name("moved")), lambda p: p.unlink(), copy_over],
                         ids=["moved", "deleted", "replaced"])  # fmt: skip
def test_file_that_was_taken_from_under_us_takes_no_signal_with_it(store, path, name, change):
    append(store, entry_row(1))
    change(path.with_name(name))
    for _ in range(2):
        with pytest.raises(DiskFault) as failed:
            append(store, entry_row(2))
        assert str(failed.value) == (
            "The database tocsin.db was moved, replaced or deleted while it was open. Nothing of this batch was "
            "stored. Never touch its files while the centre runs: put them back as they were, then start again "
            "[store.disk]"
        )


@pytest.mark.parametrize(
    "content", [b"no database" * 1000, b"SQLite format 3\0" + b"\xff" * 9000], ids=["text", "head"]
)
def test_file_that_is_no_database_is_a_fault_of_the_disk(path, content):
    path.write_bytes(content)
    with pytest.raises(DiskFault, match=r"store\.disk"):
        SqliteStore(path)
    assert path.read_bytes() == content


def test_folder_that_is_not_there_is_a_fault_of_the_disk(tmp_path):
    with pytest.raises(DiskFault, match=r"SQLITE_CANTOPEN.*store\.disk"):
        SqliteStore(tmp_path / "none" / "tocsin.db")


def test_row_against_the_rules_is_ours_may_be_tried_again_and_shows_no_value(store):
    append(store, entry_row(1))
    with pytest.raises(CentreFault) as refused:
        append(store, entry_row(1, entry=b"somebody's name"))
    assert (type(refused.value), refused.value.permanent) == (CentreFault, False)
    assert str(refused.value) == (
        "The database refused a statement (SQLITE_CONSTRAINT). Nothing of it was stored [store.refused]"
    )


def test_database_locked_by_a_stranger_for_too_long_may_be_tried_again(store, path):
    pragma(store, "busy_timeout", 10)
    stranger = dbapi.connect(str(path), isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(CentreFault, match=r"SQLITE_BUSY.*store\.refused") as refused:
        append(store, entry_row(1))
    assert not refused.value.permanent
    stranger.execute("ROLLBACK")
    stranger.close()
    append(store, entry_row(1))


def test_damage_is_told_in_words(store, path):
    append(store, *(entry_row(seq) for seq in range(1, 2000)))
    store.close()
    ((page,),) = rows(path, "SELECT rootpage FROM sqlite_master WHERE name = 'journal_stream'")
    with path.open("r+b") as file:
        file.seek((page - 1) * 8192)
        file.write(hashlib.shake_256(b"damage").digest(8192))
    again = SqliteStore(path)
    found = again.check()
    again.close()
    assert found
    assert all(isinstance(words, str) and words for words in found)


@pytest.mark.parametrize("column", ["at", "kind", "entry", "hash", "number"])
@pytest.mark.parametrize("value", ["'text'", "x'00ff'", "7"])
def test_column_edited_to_another_type_is_read_all_the_same(store, path, column, value):
    append(store, entry_row(1), entry_row(2))
    edit(path, f"UPDATE journal SET {column} = {value} WHERE seq = 2")
    first, second = (stored.row for stored in store.entries(0, 10))
    assert first == entry_row(1)
    assert second != entry_row(2)
    kinds = [type(getattr(second, name)) for name in ("at", "kind", "entry", "hash", "number")]
    assert kinds == [int, str, bytes, bytes, int]
    assert store.head().seq == 2


def test_closing_writes_the_log_back_and_leaves_one_file(store, path):
    append(store, entry_row(1))
    assert path.with_name("tocsin.db-wal").exists()
    store.close()
    assert [file.name for file in path.parent.iterdir()] == ["tocsin.db"]
