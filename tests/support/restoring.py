"""A living centre with a backup, what is decided in it afterwards, and a restore of that backup over it."""

import msgspec

from support.centres import HeldCentre
from support.erasing import Room
from support.people import CHEAP
from tocsin.access.access import Access
from tocsin.access.passwords import Passwords
from tocsin.centre.backup import Backups
from tocsin.centre.editing import Editor
from tocsin.centre.restore import restore, set_aside
from tocsin.cli.backup import _pack
from tocsin.journal.heads import append_head
from tocsin.settings import load
from tocsin.system import SystemIds

DAY_S = 86_400


def no_sleep(_seconds):
    """The copies of these tests are small."""


def back_up(held: HeldCentre, settings, file):
    """A backup of a held centre; return its manifest."""
    backups = Backups(
        store=held.store, settings=settings, signer=held.opened.signer, clock=held.clock, ids=SystemIds(),
        sleep=no_sleep, record=held.journal.record,
    )  # fmt: skip
    parts = backups.wait(backups.begin(None))
    _pack(backups, parts, file)
    backups.finish(parts.manifest.backup, is_durable=True)
    return parts.manifest


class Living(Room):
    """A room with people and call lists."""

    def __init__(self, settings, clock=None, **options):
        super().__init__(settings, clock=clock, **options)
        self.folder = settings.folder
        self.file = self.folder.parent / "one.tocsin"
        self.access = Access(
            store=self.store, secrets=self.held.vault, clock=self.clock, ids=SystemIds(),
            record=self.journal.record, session_s=12 * 3600, centre_tag="test0000", passwords=Passwords(CHEAP),
        )  # fmt: skip
        self.editor = Editor(self.centre.configuration, self.store, self.clock)

    def back_up(self, days=0):
        """Make a backup, and let days go by."""
        self.manifest = back_up(self.held, self.settings, self.file)
        self.clock.advance(days * DAY_S)
        return self.manifest

    def stop(self):
        """As a centre ends: its last entry is signed."""
        append_head(self.settings.heads_path, self.held.opened.signer.sign(self.store.head()))
        self.close_folder()

    def over(self, days=0, before=lambda _aside: None, **options):
        """Stop, restore the backup over this centre; return what was done, and the centre as it is then."""
        self.stop()
        self.clock.advance(days * DAY_S)
        before(set_aside(self.folder))
        done = restore(self.file, self.folder, {}, self.clock, SystemIds(), **options)
        return done, Living(load(self.folder, {}), clock=self.clock)


def counts(done):
    """What was carried over, without what was not."""
    assert done.carried.why_not is None, done.carried.why_not
    return {name: count for name, count in done.carried.counts.items() if count}


def since(room, seq, *kinds):
    """Kind, ref and body of the entries after a seq whose kinds begin so."""
    entries = [msgspec.json.decode(stored.row.entry) for stored in room.entries() if stored.row.seq > seq]
    return [(one["kind"], one["ref"], one["actor"], one["body"]) for one in entries if one["kind"].startswith(kinds)]
