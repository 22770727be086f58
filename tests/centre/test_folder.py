"""One process writes a folder, and everybody else hears who."""

import signal
import socket
import subprocess
import sys
import threading

import pytest

from tocsin.centre import folder
from tocsin.centre.folder import CONTROL, FolderLock
from tocsin.model.errors import BadInput, Conflict

HOLDER = """
import sys
from pathlib import Path
from tocsin.centre.folder import FolderLock
with FolderLock(Path(sys.argv[1]), passing="passing" in sys.argv):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the folder."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_second_process_is_refused_and_told_which_holds_the_folder(tmp_path, holder):
    with pytest.raises(Conflict) as refused:
        FolderLock(tmp_path).acquire()
    assert str(refused.value) == (
        f"The folder {tmp_path} is in use by process {holder.pid}. Nothing was changed. "
        "Stop that process first, or use another folder [folder.in_use]"
    )


@pytest.mark.parametrize(
    "end", [lambda p: p.stdin.close(), lambda p: p.send_signal(signal.SIGKILL)], ids=["end", "kill"]
)
def test_folder_is_free_when_its_holder_has_ended_however(tmp_path, holder, end):
    end(holder)
    holder.wait(10)
    with FolderLock(tmp_path), pytest.raises(Conflict):
        FolderLock(tmp_path).acquire()
    FolderLock(tmp_path).acquire()


def test_who_starts_waits_for_a_command_that_only_passes_through(tmp_path):
    command = [sys.executable, "-c", HOLDER, tmp_path, "passing"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as passing:
        assert passing.stdout.readline() == "held\n"
        assert (tmp_path / "lock").read_text() == f"{passing.pid} passing\n"
        taken = threading.Event()

        def start():
            with FolderLock(tmp_path):
                taken.set()

        starting = threading.Thread(target=start)
        starting.start()
        # Longer than the grace that everybody gets, so that it is the manner of the holder that counts.
        assert not taken.wait(2 * folder.GRACE_S)
        passing.stdin.close()
        starting.join(folder.PASSING_WAIT_S)
        assert taken.is_set()


def test_whoever_takes_the_folder_clears_away_the_socket_of_a_killed_process(tmp_path):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / CONTROL))
    left.close()
    with FolderLock(tmp_path):
        assert not (tmp_path / CONTROL).exists()


def test_lock_file_is_nobody_elses_to_read(tmp_path):
    with FolderLock(tmp_path):
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "it does not exist"),
        (lambda path: path.write_text(""), "it is not a folder"),
        (lambda path: (path / "lock").mkdir(parents=True), "Is a directory"),
    ],
    ids=["missing", "file", "lock taken by a folder"],
)
def test_folder_that_cannot_be_written_is_refused_with_the_reason(tmp_path, make, reason):
    make(tmp_path / "centre")
    with pytest.raises(BadInput) as refused:
        FolderLock(tmp_path / "centre").acquire()
    assert str(refused.value) == (
        f"The folder {tmp_path / 'centre'} cannot be written: {reason}. Nothing was changed. Name a folder that this "
        "user may write, or make one with `tocsin init` [folder.not_writable]"
    )
