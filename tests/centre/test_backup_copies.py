"""Copies of keys that a backup makes on its way: none outlives the backup, however that ends."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest

from support.backups import Made, no_sleep, refused
from support.centres import HeldCentre, make_folder
from support.centres import held as opened
from support.erasing import WORDS, Room
from support.fakes import ManualClock
from support.in_process import serving, wait_for
from support.server import Server, environment, make_centre, run_tocsin
from tocsin.access.access import tag_of
from tocsin.centre.backup import FORGOTTEN_S, Backups
from tocsin.centre.backup_files import keys_file_of
from tocsin.centre.folder import COPY
from tocsin.cli.backup import ASK_S, _Ending, _pack
from tocsin.model.errors import BadInput, CentreFault
from tocsin.system import SystemIds


def backups_of(held, settings):
    return Backups(
        store=held.store,
        settings=settings,
        signer=held.opened.signer,
        clock=held.clock,
        ids=SystemIds(),
        sleep=no_sleep,
        record=held.journal.record,
    )


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre")


@pytest.fixture
def held(settings):
    made = HeldCentre(settings, clock=ManualClock())
    yield made
    made.close()


def copied(held, settings):
    """Backups with one that is copied, whose command has gone."""
    backups = backups_of(held, settings)
    name = backups.begin()
    backups.wait(name)
    assert (settings.folder / COPY / "keys.db").is_file()
    return backups, name


def test_copies_that_a_killed_process_left_are_taken_away_when_the_folder_is_opened(settings):
    first = HeldCentre(settings, clock=ManualClock())
    copied(first, settings)
    first.close()
    assert (settings.folder / COPY / "keys.db").is_file(), "nobody ended the backup"
    HeldCentre(settings, clock=ManualClock()).close()
    assert not (settings.folder / COPY).exists()


def test_copies_are_taken_away_when_the_centre_stops(held, settings):
    backups, _ = copied(held, settings)
    backups.stop()
    assert not (settings.folder / COPY).exists()
    refused(CentreFault, "centre.stopping", backups.begin)


def test_copies_that_nobody_asks_about_are_taken_away_and_another_backup_can_be_made(held, settings):
    backups, name = copied(held, settings)
    held.clock.advance(FORGOTTEN_S - 1)
    backups.state(name)
    held.clock.advance(FORGOTTEN_S - 1)
    backups.end_forgotten()
    assert (settings.folder / COPY / "keys.db").is_file(), "somebody asked meanwhile"
    held.clock.advance(1)
    backups.end_forgotten()
    backups.end_forgotten()
    assert not (settings.folder / COPY).exists()
    refused(BadInput, "backup.unknown", lambda: backups.state(name))
    assert backups.wait(backups.begin())
    backups.stop()


def test_running_centre_takes_forgotten_copies_away_by_itself(settings):
    clock = ManualClock()
    with serving(settings, clock=clock) as centre:
        name = centre.remote.backups.begin()
        wait_for(lambda: centre.remote.backups.state(name).parts)
        clock.advance(FORGOTTEN_S)
        wait_for(lambda: not (settings.folder / COPY).exists())


def test_erased_words_are_in_no_copy_once_the_backup_is_forgotten(tmp_path):
    room = Room(make_folder(tmp_path / "centre"))
    incident = room.closed()
    assert any(WORDS in words for words in room.words(incident))
    backups, _ = copied(room.held, room.settings)
    room.clock.advance(FORGOTTEN_S)
    backups.end_forgotten()
    room.pass_days(40)
    assert not any(WORDS in words for words in room.words(incident))
    assert not (room.settings.folder / COPY).exists()
    room.close_folder()


class Stepping(ManualClock):
    """A clock that goes on by half of what may pass between two questions whenever it is read."""

    def monotonic_s(self):
        self.advance(ASK_S / 2)
        return super().monotonic_s()


class Asked:
    """Backups that count how often their state is asked for."""

    def __init__(self, backups):
        self.sign = backups.sign
        self._state = backups.state
        self.count = 0

    def state(self, name):
        self.count += 1
        return self._state(name)


def test_centre_is_asked_all_the_while_its_copies_are_packed(held, settings, tmp_path):
    backups, name = copied(held, settings)
    asked = Asked(backups)
    _pack(asked, backups.wait(name), tmp_path / "file", Stepping())
    assert asked.count > 3
    backups.stop()


def test_backup_that_the_centre_has_forgotten_leaves_no_file(held, settings, tmp_path):
    backups, name = copied(held, settings)
    parts = backups.wait(name)
    place = tmp_path / "out"
    place.mkdir()

    class Forgotten(Asked):
        def state(self, name):
            backups.stop()
            return super().state(name)

    with pytest.raises(BadInput):
        _pack(Forgotten(backups), parts, place / "file", Stepping())
    assert list(place.iterdir()) == []


def test_what_a_killed_backup_of_this_centre_left_beside_goes_with_the_next_one(tmp_path):
    place = tmp_path / "kept"
    place.mkdir()
    made = Made(place)
    tag = tag_of(made.manifest.origin)
    stale = [place / f"centre-20261101T031500Z.tocsin{end}.{tag}.part" for end in ("", ".keys")]
    others = [place / f"centre-20261101T031500Z.tocsin.keys{end}" for end in (".0123abcd.part", ".part.txt")]
    for path in (*stale, *others):
        path.write_bytes(b"copies of keys")
    with opened(made.settings, clock=made.clock) as centre:
        made.back_up(centre, place / "next.tocsin")
    assert [path.exists() for path in stale] == [False, False]
    assert [path.exists() for path in others] == [True, True], "another centre's, or no such file"
    assert keys_file_of(place / "next.tocsin").is_file()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_while_the_files_are_packed_leaves_neither(held, settings, tmp_path, number):
    backups, name = copied(held, settings)
    parts = backups.wait(name)
    place = tmp_path / "out"
    place.mkdir()
    seen = []

    class Ended(Asked):
        def state(self, name):
            seen.extend(path.name for path in place.iterdir())
            signal.raise_signal(number)
            return super().state(name)

    found = signal.signal(number, signal.SIG_DFL)  # who runs the tests may ignore it, as `nohup` does
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), _Ending():
        _pack(Ended(backups), parts, place / "file", Stepping())
    assert seen == [f"file.{tag_of(parts.manifest.origin)}.part"]
    assert list(place.iterdir()) == []
    assert signal.signal(number, found) is before
    backups.stop()


@pytest.mark.parametrize(
    ("is_running", "number"), [(True, signal.SIGTERM), (False, signal.SIGHUP)], ids=["running", "stopped"]
)
def test_command_that_is_ended_by_a_signal_takes_the_copies_away(tmp_path, is_running, number):
    folder, place = tmp_path / "centre", tmp_path / "out"
    place.mkdir()
    make_centre(folder, "account,name\n5512,Cold store\n")
    with Server(folder) if is_running else contextlib.nullcontext() as server:
        if server is not None:
            server.wait_ready()
        process = caught_copying(folder, place)
        assert (folder / COPY).exists()
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        assert process.wait(20) == 130
        assert list(place.iterdir()) == []
        assert not (folder / COPY).exists()
        assert run_tocsin("backup", folder, place / "file").status == 0, "and another one is made"
        assert not (folder / COPY).exists()


def caught_copying(folder, place):
    """The command, stopped while the copies lie in the folder; one that was quicker than we is given again."""
    words = [sys.executable, "-m", "tocsin", "backup", str(folder), str(place / "file")]
    for _ in range(20):
        process = subprocess.Popen(
            words,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        while process.poll() is None and not (folder / COPY).exists():
            os.sched_yield()
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if (folder / COPY).exists():
            return process
        process.send_signal(signal.SIGCONT)
        process.wait(20)
        for path in place.iterdir():
            path.unlink()
    raise AssertionError("the command was quicker than we twenty times")
