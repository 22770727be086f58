"""A centre that is set aside: believed only where it fits the backup, and lost at no point of a restore."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from support.centres import edit, make_folder
from support.erasing import ANA
from support.fakes import ManualClock
from support.people import PASSWORD
from support.restoring import Living, counts
from tocsin.centre.opening import open_folder
from tocsin.centre.restore import restore, set_aside
from tocsin.centre.restore_aside import Mark, put_back, reach_of, read_mark, write_mark
from tocsin.journal.heads import append_head
from tocsin.journal.notes import Note, read_heads
from tocsin.model.errors import BadInput, KeyMissing, TocsinError
from tocsin.model.retention import EraseEarly
from tocsin.settings import load
from tocsin.system import SystemIds

CLI = "cli"


@pytest.fixture
def living(tmp_path):
    return Living(make_folder(tmp_path / "centre", clock=ManualClock()))


def contents(folder):
    """Every file of a centre but its lock, by its bytes; a database by its journal's end."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def decided(room):
    """Somebody is removed and texts are erased after a backup; return the incident."""
    incident = room.closed()
    user = room.access.set_user("Ana Horvat", ["operator"], CLI)
    room.access.set_password(user, PASSWORD, CLI)
    room.back_up(1)
    room.centre.holds.erase_early(EraseEarly(incident=incident, reason="data_subject"), "approval-1", ANA)
    room.access.remove_user(user, CLI)
    return incident


def started(folder):
    """What a start of the folder says: nothing, or why not."""
    try:
        open_folder(load(folder, {}), {}, SystemIds()).close()
    except TocsinError as error:
        return error.code
    return None


# What is believed ----------------------------------------------------------------------------------------------------


def restored_anyway(living, before):
    """A restore that carries nothing over; return why. What waits and who comes in is as the backup has it."""
    incident = decided(living)
    done, room = living.over(before=before)
    try:
        assert done.epoch is not None
        assert done.carried == type(done.carried)(aside=living.folder / "replaced-1", why_not=done.carried.why_not)
        assert room.store.values(incident)
        assert [one.name for one in room.access.people()] == ["Ana Horvat"]
        assert [one["notice"] for one in room.bodies("centre.noticed")] == ["restored"]
    finally:
        room.close_folder()
    return done.carried.why_not


def test_centre_of_another_origin_is_not_believed(living, tmp_path):
    other = Living(make_folder(tmp_path / "other", clock=ManualClock(), is_new=True))
    other.stop()

    def swap(aside):
        for name in ("tocsin.db", "heads.txt"):
            shutil.copy(tmp_path / "other" / name, aside / name)

    assert restored_anyway(living, swap) == "other_origin"


def test_centre_whose_journal_says_other_things_at_the_backups_end_is_not_believed(living):
    twin = living.folder.parent / "twin"

    def fork(aside):
        shutil.copy(living.folder / "master.key", twin / "master.key")
        room = Living(load(twin, {}), clock=living.clock)
        for _ in range(5):
            room.closed("9999")
        room.stop()
        for name in ("tocsin.db", "heads.txt"):
            shutil.copy(twin / name, aside / name)

    shutil.copytree(living.folder, twin)
    for path in [*twin.glob("*.db-*"), *twin.glob("lock")]:
        path.unlink()
    # Both go on from the same beginning.
    assert restored_anyway(living, fork) == "forked"


def test_centre_that_ends_before_the_backup_does_is_not_believed(living):
    twin = living.folder.parent / "twin"
    shutil.copytree(living.folder, twin)

    def shorten(aside):
        for name in ("tocsin.db", "heads.txt"):
            shutil.copy(twin / name, aside / name)

    assert restored_anyway(living, shorten) == "shorter"


def test_centre_whose_journal_somebody_changed_is_not_believed(living):
    def change(aside):
        edit(aside / "tocsin.db", "UPDATE journal SET entry = replace(entry, 'user-', 'xser-') WHERE kind = 'user.set'")

    assert restored_anyway(living, change) == "broken"


def test_centre_whose_end_is_not_signed_is_not_believed(living):
    def change(aside):
        heads = (aside / "heads.txt").read_bytes()
        (aside / "heads.txt").write_bytes(heads[: len(heads) // 2])

    assert restored_anyway(living, change) == "unsigned"


def shortened(aside, seq):
    edit(aside / "tocsin.db", f"DELETE FROM journal WHERE seq > {seq}")


def heads_from(aside, first):
    """Leave of the file of heads what begins there, as where it was lost and begun anew."""
    notes = [item for item in read_heads(aside / "heads.txt") if isinstance(item, Note) and item.size >= first]
    (aside / "heads.txt").write_bytes(b"\n\n".join(note.format() for note in notes))


@pytest.mark.parametrize("how", ["cut", "whole"])
def test_centre_whose_signed_heads_are_gone_is_not_believed(living, how):
    def change(aside):
        (aside / "heads.txt").unlink()
        if how == "cut":
            shortened(aside, living.manifest.seq)

    assert restored_anyway(living, change) == "unsigned"


def test_centre_whose_signed_heads_were_begun_anew_after_the_backup_is_not_believed(living):
    def change(aside):
        heads_from(aside, living.manifest.seq + 1)

    assert restored_anyway(living, change) == "unsigned"


def test_heads_that_were_signed_after_somebody_looked_vouch_for_nothing(living):
    decided(living)
    living.stop()
    shortened(living.folder, living.manifest.seq)
    (living.folder / "heads.txt").unlink()
    reach = reach_of(living.folder)
    assert (reach.heads, reach.ended_seq) == (0, living.manifest.seq)
    opened = open_folder(load(living.folder, {}), {}, SystemIds())
    append_head(living.folder / "heads.txt", opened.signer.sign(opened.store.head()))
    opened.close()
    set_aside(living.folder, reach)
    done = restore(living.file, living.folder, {}, living.clock, SystemIds())
    assert (done.carried.why_not, done.carried.ended_seq) == ("unsigned", living.manifest.seq)
    assert done.carried.ended_at == reach.ended_at


@pytest.mark.parametrize(("is_kept", "why_not"), [(False, None), (True, "broken")])
def test_only_heads_kept_elsewhere_tell_that_journal_and_heads_were_cut_together(living, is_kept, why_not):
    elsewhere = living.folder.parent / "elsewhere.txt"
    user = living.access.set_user("Ana Horvat", ["operator"], CLI)
    living.back_up()
    at_backup = living.held.opened.signer.sign(living.store.head())
    assert at_backup.size > living.manifest.seq, "the backup itself is noted"
    living.access.remove_user(user, CLI)

    def roll_back(aside):
        shutil.move(aside / "heads.txt", elsewhere)
        notes = [*(item for item in read_heads(elsewhere) if item.size < at_backup.size), at_backup]
        (aside / "heads.txt").write_bytes(b"\n\n".join(note.format() for note in notes))
        shortened(aside, at_backup.size)

    done, room = living.over(before=roll_back, trusted=elsewhere if is_kept else None)
    room.close_folder()
    assert (done.carried.why_not, done.carried.counts.get("users_removed", 0)) == (why_not, 0)


def test_with_heads_kept_elsewhere_a_centre_that_lost_its_own_is_believed(living):
    elsewhere = living.folder.parent / "elsewhere.txt"
    decided(living)
    done, room = living.over(before=lambda aside: shutil.move(aside / "heads.txt", elsewhere), trusted=elsewhere)
    room.close_folder()
    assert counts(done)["users_removed"] == 1


def test_heads_kept_elsewhere_that_end_before_the_backup_vouch_for_nothing(living):
    elsewhere = living.folder.parent / "elsewhere.txt"
    shutil.copy(living.folder / "heads.txt", elsewhere)
    decided(living)
    done, room = living.over(before=lambda aside: (aside / "heads.txt").unlink(), trusted=elsewhere)
    room.close_folder()
    assert done.carried.why_not == "unsigned"


def test_trusted_heads_without_a_centre_that_was_set_aside_are_refused(living, tmp_path):
    living.back_up()
    living.stop()
    with pytest.raises(BadInput) as error:
        restore(living.file, tmp_path / "new", {}, living.clock, SystemIds(), trusted=living.folder / "heads.txt")
    assert error.value.code == "usage.trusted"
    assert not (tmp_path / "new" / "tocsin.db").exists()


@pytest.mark.parametrize("how", ["no file", "no database", "cut short", "bad settings"])
def test_centre_that_cannot_be_read_holds_up_no_restore(living, how):
    def break_it(aside):
        database = aside / "tocsin.db"
        match how:
            case "no file":
                database.unlink()
            case "no database":
                database.write_bytes(b"nothing of a database" * 1000)
            case "cut short":
                database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])
            case _:
                (aside / "tocsin.toml").write_text("[storage]\nurl = 7\n")

    assert restored_anyway(living, break_it) == "unreadable"


# Where it is lost ----------------------------------------------------------------------------------------------------

KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from support.fakes import ManualClock
from tocsin.centre.restore import restore, set_aside
from tocsin.system import SystemIds

file, folder, now_us, step = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])

def die(what, done, _all):
    if (what, done) == ("Carrying over", step):
        os.kill(os.getpid(), signal.SIGKILL)

set_aside(folder)
restore(file, folder, {}, ManualClock(now_us), SystemIds(), progress=die)
"""


def child(code, *words):
    """Run Python in a process of its own, with the tests' support; return its status."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], env=environ, check=False, capture_output=True, timeout=60
    )


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_killed_while_it_carries_over_nothing_starts_and_the_next_restore_carries_all(living, step):
    incident = decided(living)
    living.stop()
    ended = child(KILLED, living.file, living.folder, living.clock.now_us(), step)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert started(living.folder) == "restore.unfinished"
    done = restore(living.file, living.folder, {}, living.clock, SystemIds())
    assert counts(done) == {"incidents_erased": 1, "users_removed": 1}
    assert done.aside == living.folder / "replaced-1"
    assert not (living.folder / "restore-unfinished").exists()
    room = Living(load(living.folder, {}), clock=living.clock)
    try:
        assert room.store.values(incident) == []
        assert room.access.people() == []
        assert room.findings() == []
    finally:
        room.close_folder()


KILLED_MOVING = """
import os, shutil, signal, sys
from pathlib import Path

folder, number = Path(sys.argv[1]), int(sys.argv[2])
moved = 0
move = shutil.move

def moving(*words):
    global moved
    if moved == number:
        os.kill(os.getpid(), signal.SIGKILL)
    moved += 1
    return move(*words)

shutil.move = moving  # a power cut between two files: nothing of ours says when
exec(sys.argv[3])
"""
ASIDE = "from tocsin.centre.restore import set_aside; set_aside(folder)"
BACK = "from tocsin.centre.restore import put_back; put_back(folder, folder / 'replaced-1')"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_killed_while_it_is_set_aside_no_file_is_lost(living, number):
    decided(living)
    living.stop()
    was = contents(living.folder)
    ended = child(KILLED_MOVING, living.folder, number, ASIDE)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert started(living.folder) == "restore.unfinished"
    done = restore(living.file, living.folder, {}, living.clock, SystemIds())
    assert counts(done) == {"incidents_erased": 1, "users_removed": 1}
    kept = contents(living.folder / "replaced-1")
    assert {name: kept[name] for name in ("keys.db", "heads.txt")} == {
        name: was[name] for name in ("keys.db", "heads.txt")
    }
    assert kept["tocsin.toml"] == was["tocsin.toml"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_killed_while_it_is_put_back_no_file_is_lost(living, number):
    decided(living)
    living.stop()
    was = contents(living.folder)
    aside = set_aside(living.folder)
    assert child(KILLED_MOVING, living.folder, number, BACK).returncode == -signal.SIGKILL
    assert started(living.folder) == "restore.unfinished"
    put_back(living.folder, aside)
    assert contents(living.folder) == was
    assert started(living.folder) is None


@pytest.mark.parametrize("number", [0, 1, 2])
def test_restore_after_a_kill_while_it_was_put_back_loses_no_file(living, number):
    decided(living)
    living.stop()
    was = contents(living.folder)
    aside = set_aside(living.folder)
    assert child(KILLED_MOVING, living.folder, number, BACK).returncode == -signal.SIGKILL
    done = restore(living.file, living.folder, {}, living.clock, SystemIds())
    assert counts(done) == {"incidents_erased": 1, "users_removed": 1}
    assert {name: data for name, data in contents(aside).items() if name != "tocsin.db"} == {
        name: was[name] for name in ("heads.txt", "keys.db", "tocsin.toml")
    }


def test_restore_that_fails_over_a_centre_leaves_the_mark_until_it_is_put_back(living):
    decided(living)
    living.stop()
    was = contents(living.folder)
    aside = set_aside(living.folder)
    (living.folder / "master.key").rename(living.folder / "master.away")
    for _ in range(2):
        with pytest.raises(KeyMissing):
            restore(living.file, living.folder, {}, living.clock, SystemIds())
        assert read_mark(living.folder).aside == "replaced-1"
        assert started(living.folder) == "restore.unfinished"
        assert (aside / "tocsin.db").exists()
    (living.folder / "master.away").rename(living.folder / "master.key")
    put_back(living.folder, aside)
    assert contents(living.folder) == was
    assert started(living.folder) is None


def test_files_in_folders_of_their_own_are_set_aside_and_put_back_there(living):
    living.stop()
    folder = living.folder
    (folder / "data").mkdir()
    (folder / "tocsin.db").rename(folder / "data" / "centre.db")
    text = (folder / "tocsin.toml").read_text()
    (folder / "tocsin.toml").write_text(text + '\n[storage]\nurl = "sqlite:///data/centre.db"\n')
    was = contents(folder)
    aside = set_aside(folder)
    assert (aside / "data" / "centre.db").exists()
    assert not (folder / "data" / "centre.db").exists()
    put_back(folder, aside)
    assert contents(folder) == was


def test_second_centre_is_set_aside_beside_the_first(living):
    living.back_up()
    _, room = living.over()
    done, room = room.over(before=lambda aside: aside)
    room.close_folder()
    assert done.aside == living.folder / "replaced-2"
    assert (living.folder / "replaced-1" / "tocsin.db").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"0123456789abcdef0123456789abcdef", Mark()),
        (b'{"aside":"../elsewhere"}', Mark()),
        (b'{"aside":"replaced-1/.."}', Mark()),
        (b'{"aside":7}', Mark()),
        (b"\xff", Mark()),
        (b'{"aside":"replaced-3","is_moving":true}', Mark(aside="replaced-3", is_moving=True)),
    ],
)
def test_mark_of_an_older_program_or_of_somebody_else_leads_nowhere(tmp_path, text, expected):
    assert read_mark(tmp_path) is None
    (tmp_path / "restore-unfinished").write_bytes(text)
    assert read_mark(tmp_path) == expected
    write_mark(tmp_path, expected)
    assert read_mark(tmp_path) == expected
