"""Other keys for a centre: nothing is lost, the old master key opens nothing, and the proof goes on over the change."""

import os
import signal as signals
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from support.centres import make_folder, rows
from support.erasing import PANEL_WORDS, WORDS, Room
from support.fakes import CountingIds, ManualClock
from tocsin.centre.key_changes import change_head_key, change_master_key, refuse_given
from tocsin.centre.opening import open_folder
from tocsin.journal.chain import export_line
from tocsin.journal.heads import read_heads
from tocsin.journal.verify import verify_export
from tocsin.model.errors import Conflict, JournalFull, KeyMissing
from tocsin.system import SystemIds
from tocsin.vault import MasterKey, Vault, staged_path


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre", clock=ManualClock())


@pytest.fixture
def filled(settings):
    """A folder with a panel's text, a note and a secret; its incident and clock."""
    room = Room(settings)
    incident = room.alarm()
    room.note(incident)
    room.held.vault.secret_put("account-key-1", b"k" * 16)
    room.close_folder()
    return incident, room.clock


def wrapped(settings):
    return {id_: bytes(value) for id_, value in rows(settings.folder / "keys.db", "SELECT id, value FROM wrapped")}


def words(settings, filled):
    room = Room(settings, clock=filled[1])
    try:
        assert room.held.vault.secret_get("account-key-1") == b"k" * 16
        return room.words(filled[0])
    finally:
        room.close_folder()


def rotate(settings, ids=None):
    opened = open_folder(settings, {}, SystemIds())
    try:
        return change_master_key(settings, opened.vault, ids or SystemIds())
    finally:
        opened.close()


def test_everything_opens_under_the_new_master_key_and_nothing_under_the_old(settings, filled):
    old_key, before = settings.master_key_path.read_bytes(), wrapped(settings)
    count = rotate(settings)
    after = wrapped(settings)
    assert count == len(before)
    assert before.keys() == after.keys()
    assert all(before[id_] != after[id_] for id_ in before)
    assert words(settings, filled) == [PANEL_WORDS, WORDS]
    assert stat.S_IMODE(settings.master_key_path.stat().st_mode) == 0o600
    assert not staged_path(settings.master_key_path).exists()
    data = (settings.folder / "keys.db").read_bytes()
    assert [id_ for id_, value in before.items() if value in data] == []
    with pytest.raises(KeyMissing, match=r"\[keys\.master_wrong\]"):
        Vault.load(settings.folder / "keys.db", MasterKey(bytes.fromhex(old_key.decode()), "test"), SystemIds())


def test_old_key_leaves_no_bytes_in_the_folder(settings, filled):
    del filled
    old = settings.master_key_path.read_bytes().strip()
    with settings.master_key_path.open("rb") as held:
        rotate(settings)
        assert held.read() == b"\0" * 65, "zeros were written over the file of the old key"
    assert all(old not in file.read_bytes() for file in settings.folder.iterdir() if file.is_file())


def test_destroyed_keys_stay_destroyed(settings, filled):
    room = Room(settings, clock=filled[1])
    room.close(filled[0])
    room.pass_days(30)
    room.close_folder()
    zeros = {id_ for id_, value in wrapped(settings).items() if not any(value)}
    rotate(settings)
    assert {id_ for id_, value in wrapped(settings).items() if not any(value)} == zeros != set()
    assert words(settings, filled) == []


def test_rotation_that_cannot_be_written_changes_nothing(settings, filled):
    class Full(SystemIds):
        def __init__(self):
            self.left = 20

        def token_bytes(self, length):
            self.left -= 1
            if not self.left:
                raise JournalFull("full", "vault.full")
            return super().token_bytes(length)

    before = wrapped(settings)
    opened = open_folder(settings, {}, Full())
    opened.vault._ids = Full()
    with pytest.raises(JournalFull):
        change_master_key(settings, opened.vault, SystemIds())
    opened.close()
    assert wrapped(settings) == before
    assert not staged_path(settings.master_key_path).exists()
    assert words(settings, filled) == [PANEL_WORDS, WORDS]


MASTER = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tocsin.centre.opening import open_folder
from tocsin.settings import load
from tocsin.system import SystemIds
from tocsin.vault import MasterKey
settings, point = load(Path(sys.argv[2]), {}), sys.argv[3]
def die(): os.kill(os.getpid(), signal.SIGKILL)
opened = open_folder(settings, {}, SystemIds())
staged = MasterKey.stage(settings.master_key_path, SystemIds())
if point == "staged": die()
class Dies(SystemIds):
    left = 25
    def token_bytes(self, length):
        self.left -= 1
        if not self.left: die()
        return super().token_bytes(length)
if point == "wrapping": opened.vault._ids = Dies()
opened.vault.rewrap(staged)
die()
"""


def killed(script, *arguments):
    support = str(Path(__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", script, support, *map(str, arguments)], check=False)
    assert done.returncode == -signals.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("point", ["staged", "wrapping", "wrapped"])
def test_rotation_that_was_killed_loses_nothing(settings, filled, point):
    old = settings.master_key_path.read_bytes()
    killed(MASTER, settings.folder, point)
    assert words(settings, filled) == [PANEL_WORDS, WORDS]
    assert not staged_path(settings.master_key_path).exists()
    assert (settings.master_key_path.read_bytes() == old) == (point != "wrapped")
    rotate(settings)
    assert words(settings, filled) == [PANEL_WORDS, WORDS]


def test_key_of_the_environment_is_replaced_by_a_given_one(settings, filled, tmp_path):
    del filled
    secret = settings.master_key_path.read_text().strip()
    settings.master_key_path.unlink()
    environ = {"TOCSIN_MASTER_KEY": secret}
    with pytest.raises(Conflict, match=r"TOCSIN_MASTER_KEY.*--to FILE.*\[keys\.master_given\]"):
        refuse_given(settings, environ)
    new = MasterKey.create(tmp_path / "new.key", {}, SystemIds())
    opened = open_folder(settings, environ, SystemIds())
    change_master_key(settings, opened.vault, SystemIds(), new)
    opened.close()
    with pytest.raises(KeyMissing):
        open_folder(settings, environ, SystemIds())
    open_folder(settings, {"TOCSIN_MASTER_KEY": (tmp_path / "new.key").read_text()}, SystemIds()).close()


# The key of the heads -------------------------------------------------------------------------------------------------


def verdict(settings, room):
    lines = [export_line(stored) for stored in room.entries()]
    return verify_export(lines, heads=read_heads(settings.heads_path))


def change(room):
    opened = room.held.opened
    signer = change_head_key(room.journal, opened.vault, opened.signer, "approval-5", "user-1")
    opened.signer = signer
    return signer


def sign(settings, signer, room):
    from tocsin.journal.heads import append_head

    append_head(settings.heads_path, signer.sign(room.journal.head))


def test_heads_go_on_under_another_key_and_the_verifier_follows(settings):
    room = Room(settings)
    first = room.held.opened.signer
    room.alarm("1")
    sign(settings, first, room)
    new = change(room)
    sign(settings, new, room)
    room.alarm("2")
    sign(settings, new, room)
    found = verdict(settings, room)
    assert (found.exit_code, found.words) == (0, found.words)
    assert found.counts.proved_seq == room.journal.head.seq
    assert str(new.verifier_key) != str(first.verifier_key)
    assert room.bodies("head.key_changed")[0]["old_key"] == str(first.verifier_key)
    room.close_folder()
    again = open_folder(settings, {}, SystemIds())
    assert str(again.signer.verifier_key) == str(new.verifier_key)
    again.close()


def test_head_of_the_old_key_after_the_change_is_found(settings):
    room = Room(settings)
    first = room.held.opened.signer
    room.alarm("1")
    change(room)
    sign(settings, first, room)
    assert verdict(settings, room).exit_code == 1
    room.close_folder()


HEAD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from support.erasing import Room
from support.fakes import ManualClock
from tocsin.centre.key_changes import change_head_key
from tocsin.settings import load
from tocsin.system import SystemIds
settings, now, point = load(Path(sys.argv[2]), {}), int(sys.argv[3]), sys.argv[4]
def die(): os.kill(os.getpid(), signal.SIGKILL)
room = Room(settings, clock=ManualClock(now))
class Dies(SystemIds):
    left = 3
    def token_bytes(self, length):
        self.left -= 1
        if not self.left: die()
        return super().token_bytes(length)
vault = room.held.vault
if point == "made":
    vault.make_next_head_key(); die()
vault._ids = Dies()
change_head_key(room.journal, vault, room.held.opened.signer, "approval-5", "user-1")
"""


@pytest.mark.slow
@pytest.mark.parametrize("point", ["made", "told"])
def test_change_of_the_heads_key_that_was_killed_ends_as_the_journal_says(settings, point):
    room = Room(settings)
    room.alarm("1")
    before = room.held.opened.signer
    room.close_folder()
    killed(HEAD, settings.folder, room.clock.now_us(), point)
    again = Room(settings, clock=room.clock)
    changed = again.bodies("head.key_changed")
    signer = again.held.opened.signer
    assert len(changed) == (point == "told")
    assert str(signer.verifier_key) == (changed[0]["new_key"] if changed else str(before.verifier_key))
    assert again.held.vault.next_head_key() is None
    sign(settings, signer, again)
    assert verdict(settings, again).exit_code == 0
    again.close_folder()


def test_file_of_the_master_key_alone_decides_where_nothing_was_staged(settings):
    ids = CountingIds()
    assert not staged_path(settings.master_key_path).exists()
    open_folder(settings, dict(os.environ), ids).close()
