"""The shim: it sees what Python and SQLite do to files, and a power cut leaves what was synced and nothing else."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.bad_disk import WAL, BadDisk

pytestmark = pytest.mark.requires("cc")

WRITES = """
import os, signal, sys
os.chdir(sys.argv[1])
with open("kept", "wb") as file:
    file.write(b"synced ")
    file.flush()
    os.fsync(file.fileno())
    file.write(b"and not")
with open("never", "wb") as file:
    file.write(b"nothing")
with open("old.new", "wb") as file:
    file.write(b"new")
    file.flush()
    os.fsync(file.fileno())
os.rename("old.new", "old")
os.unlink("gone")
here = os.open(".", os.O_RDONLY)
if sys.argv[2] == "folder synced":
    os.fsync(here)
os.unlink("unlinked too late")
os.kill(os.getpid(), signal.SIGKILL)
"""

COMMITS = """
import sys
import pysqlite3.dbapi2 as sqlite
database = sqlite.connect(sys.argv[1] + "/tocsin.db", isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=FULL")
database.execute("CREATE TABLE t (x)")
for n in range(5):
    try:
        database.execute("INSERT INTO t VALUES (?)", (n,))
    except sqlite.Error as error:
        print(error.sqlite_errorname)
"""


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    made = tmp_path / "plain"
    made.mkdir()
    for name in ("old", "gone", "unlinked too late"):
        (made / name).write_bytes(b"before")
    return made


def run(script: str, folder: Path, disk: BadDisk, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder), *words],
        env=disk.environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("synced", [True, False], ids=["folder synced", "folder not synced"])
def test_a_power_cut_leaves_what_was_synced(library: Path, plain: Path, tmp_path: Path, synced: bool) -> None:
    disk = BadDisk(library, plain, tmp_path / "disk", has_shadow=True)
    status, _ = run(WRITES, plain, disk, "folder synced" if synced else "")
    assert status == -signal.SIGKILL
    disk.cut_power()
    expected = {"kept": b"synced ", "never": b"", "old": b"new", "unlinked too late": b"before"}
    before = {"old": b"before", "gone": b"before", "unlinked too late": b"before"}
    assert files(plain) == (expected if synced else before)


def test_the_syncs_and_writes_of_sqlite_are_seen(library: Path, plain: Path, tmp_path: Path) -> None:
    disk = BadDisk(library, plain, tmp_path / "disk")
    assert run(COMMITS, plain, disk) == (0, "")
    assert disk.counts()[WAL] >= 6, "one for each commit"
    assert all(sync.errno == 0 and sync.ended_ns > sync.began_ns for sync in disk.syncs())


def test_a_failed_fsync_reaches_sqlite(library: Path, plain: Path, tmp_path: Path) -> None:
    disk = BadDisk(library, plain, tmp_path / "disk")
    disk.fail(WAL, after=3, count=1)
    assert run(COMMITS, plain, disk) == (0, "SQLITE_IOERR\n")
    assert sum(sync.errno == 5 for sync in disk.syncs()) == 1


def test_a_full_disk_reaches_sqlite(library: Path, plain: Path, tmp_path: Path) -> None:
    disk = BadDisk(library, plain, tmp_path / "disk")
    disk.fill(20_000)
    status, words = run(COMMITS, plain, disk)
    assert (status, set(words.split())) == (0, {"SQLITE_FULL"})


def test_a_process_dies_right_after_the_fsync_that_was_named(library: Path, plain: Path, tmp_path: Path) -> None:
    disk = BadDisk(library, plain, tmp_path / "disk")
    disk.kill_after(WAL, after=2)
    assert run(COMMITS, plain, disk)[0] == -signal.SIGKILL
    assert disk.counts()[WAL] == 3
