"""A held centre whose incidents have texts, people who handle them, and time that passes."""

import itertools

import msgspec

from support.centres import HeldCentre
from support.cores import rebuild_findings
from support.fakes import ManualClock, arrival
from tocsin.centre.core import Core
from tocsin.centre.retention_rebuild import rebuild_retention
from tocsin.journal.chain import export_line
from tocsin.journal.verify import verify_export
from tocsin.model.commands import AddNote, Claim, Close, Command, Reopen
from tocsin.model.retention import RetentionRules
from tocsin.model.signals import SealedPart
from tocsin.rules.catalogue import shipped_catalogue

ANA, BO = "user-7", "user-8"
WORDS = "Herr Schmidt opens at the gate, he limps"
PANEL_WORDS = "boiler room, ring at Schmidt"
DAY_S = 86_400


class Room:
    """A centre's folder at work in this process, on a clock that only moves when told."""

    _numbers = itertools.count(1)
    """Of commands and messages, over all rooms: a folder that is opened again has no command twice."""

    def __init__(self, settings, clock=None, rules=None, **options):
        self.settings = settings
        self.clock = clock or ManualClock()
        self.held = HeldCentre(settings, clock=self.clock, retention=rules or RetentionRules(), **options)
        self.centre, self.store, self.journal = self.held.centre, self.held.store, self.held.journal
        self.texts, self.values, self.timers = self.centre.incident_texts, self.centre.values, self.centre.timers
        self.committed = []
        self.centre.erasing.on_committed = self.committed.append
        self.values.prepare()
        self.shown = []
        """What every screen was told of incidents."""
        self.core = Core(
            self.store,
            self.clock,
            shipped_catalogue(),
            on_committed=self.shown.append,
            keeper=self.centre.keeper,
            follower=self.centre.escalating,
        )
        self.journal.attach(self.core)
        self.centre.use_core(self.core)
        self.centre.use_approvals(lambda id_, act, digest, actor: None)

    def close_folder(self):
        self.held.close()

    def receive(self, account="4711", code="FA", text=PANEL_WORDS, address=None, account_ref=None):
        """Store one signal with a text, undecided."""
        number = next(self._numbers)
        material = b"%d %d" % (number, self.clock.now_us())
        fields = {"account": account, "code": code, "account_ref": account_ref}
        made = arrival(material, received_at=self.clock.now_us(), **fields)
        part = SealedPart(raw=b"\nframe of Schmidt\r", peer="192.0.2.7:4000", text=text, address=address)
        self.journal.store([msgspec.structs.replace(made, sealed=(part,))])

    def decide(self):
        while self.journal.is_core_behind:
            self.journal.store([])

    def alarm(self, account="4711", **fields):
        """A signal that is decided on; return its incident."""
        self.receive(account, **fields)
        self.decide()
        return self.store.signal_rows(0, 1_000_000)[-1].incident

    def act(self, act, incident, text=None, actor=ANA, id_=None, version=-1):
        """Carry out a command; `version` -1 stands for the incident's newest."""
        version = self.store.incident(incident).version if version == -1 else version
        command = Command(actor=actor, id=id_ or f"c{next(self._numbers)}", incident=incident, version=version, act=act)
        return self.texts.handle(command, text)

    def note(self, incident, text=WORDS, **options):
        return self.act(AddNote(note=""), incident, text, version=None, **options)

    def close(self, incident, text=None):
        self.act(Claim(), incident)
        self.act(Close(disposition="real"), incident, text)

    def reopen(self, incident):
        self.act(Reopen(reason="more_to_do"), incident)

    def closed(self, account="4711", **fields):
        """An incident with a panel's text and a note, closed."""
        incident = self.alarm(account, **fields)
        self.note(incident)
        self.close(incident)
        return incident

    def pass_days(self, days, hours=0):
        """Let time pass, hour by hour for the vault as a running centre does."""
        for _ in range(days):
            self.clock.advance(DAY_S)
            self.tick()
        self.clock.advance(hours * 3600)
        return self.tick()

    def tick(self):
        """What a running centre does now and then; return how many timers were done."""
        now = self.clock.now_us()
        self.held.vault.prepare(now)
        self.held.opened.erase_expired(self.journal, now, self.centre.keeper.rules)
        return self.timers.run_all(self.journal, now)

    def words(self, incident):
        """Every text of an incident that anybody can read now."""
        found = self.texts.read(incident, ANA)
        return [one.text for one in found.signals] + [note.text for note in found.notes if note.text is not None]

    def kinds(self, ref=None):
        """Kinds of the facts about an object, or of all."""
        entries = [msgspec.json.decode(stored.row.entry) for stored in self.entries()]
        return [entry["kind"] for entry in entries if ref is None or entry["ref"] == ref]

    def bodies(self, kind):
        entries = (msgspec.json.decode(stored.row.entry) for stored in self.entries())
        return [entry["body"] for entry in entries if entry["kind"] == kind]

    def entries(self):
        found, after = [], 0
        while page := self.store.entries(after, 5_000):
            found += page
            after = page[-1].row.seq
        return found

    def due_at(self, incident):
        timer = self.store.timer("incident", incident)
        return None if timer is None else timer.due_at

    def verdict(self):
        """What a verifier says of the journal, exported."""
        return verify_export([export_line(stored) for stored in self.entries()])

    def findings(self):
        """What a rebuild finds otherwise than the tables have it."""
        found = rebuild_findings(self.store)
        rebuilt = rebuild_retention(self.entries())
        if rebuilt.timers != self.store.timers():
            found.append("timers differ")
        if rebuilt.holds != self.store.holds():
            found.append("holds differ")
        if rebuilt.erasures != self.store.erasures():
            found.append("erasures differ")
        return found


def files_with(folder, *wanted):
    """Names of the files below a folder that hold one of these bytes."""
    return sorted(
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and any(one in (data := file.read_bytes()) or one.hex().encode() in data for one in wanted)
    )
