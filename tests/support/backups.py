"""A centre with a backup of it, for what makes, reads and restores backups."""

import shutil

import pytest

from support.centres import HeldCentre, held, make_folder
from support.fakes import START_US, CountingIds, ManualClock, arrival
from tocsin.centre.backup import Backups
from tocsin.centre.backup_files import keys_file_of
from tocsin.centre.restore import restore
from tocsin.cli.backup import _pack
from tocsin.system import SystemIds

TEXT = b"PLANTED-TEXT-4711"


def no_sleep(_seconds):
    """The copies of these tests are small."""


class Made:
    """A centre with a few entries, and a backup of it."""

    def __init__(self, place, name="centre", *, keep_days=None, is_new=False, before=lambda _held: None):
        self.clock = ManualClock()
        self.folder = place / name
        self.settings = make_folder(self.folder, clock=self.clock, is_new=is_new)
        self.file = place / f"{name}.tocsin"
        self.keys = keys_file_of(self.file)
        with held(self.settings, clock=self.clock) as centre:
            centre.add(b"account,name\n5512,Cold store\n")
            for number in range(20):
                centre.journal.store([arrival(b"%d" % number, raw=b"\n" + TEXT + b"\r", received_at=START_US)])
            before(centre)
            self.back_up(centre, self.file, keep_days)
            self.entries = [stored.row.hash for stored in centre.store.entries(0, 1000)][: self.manifest.seq]
        self.master = self.folder / "master.key"

    def back_up(self, centre: HeldCentre, file, keep_days=None):
        backups = Backups(
            store=centre.store,
            settings=self.settings,
            signer=centre.opened.signer,
            clock=self.clock,
            ids=SystemIds(),
            sleep=no_sleep,
            record=centre.journal.record,
        )
        name = backups.begin(keep_days)
        parts = backups.wait(name)
        _pack(backups, parts, file)
        backups.finish(name, is_durable=True)
        self.manifest = parts.manifest

    def restore(self, folder, *, with_key=True, file=None, clock=None, **options):
        folder.mkdir(exist_ok=True)
        if with_key:
            shutil.copy(self.master, folder / "master.key")
        return restore(file or self.file, folder, {}, clock or self.clock, CountingIds(), **options)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "lock"}


def refused(kind, code, work):
    with pytest.raises(kind) as caught:
        work()
    assert caught.value.code == code
    return str(caught.value)
