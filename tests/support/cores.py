"""A core at work on a journal, without sockets and threads: what it decides, and whether a rebuild finds the same."""

import functools
import tempfile
from pathlib import Path

import msgspec

from support.fakes import CountingIds, ManualClock, arrival
from tocsin.centre.core import Core
from tocsin.centre.flood import STORM
from tocsin.centre.plans import rebuild_plans
from tocsin.centre.queue_parts import stored_parts
from tocsin.centre.rebuild import Rebuild
from tocsin.centre.sources import rebuild_sources
from tocsin.journal.identity import RepeatWindow
from tocsin.journal.journal import Journal
from tocsin.model.commands import Command
from tocsin.model.flood import Storm
from tocsin.model.sites import AccountPlace
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.store.memory import MemoryStore
from tocsin.store.place_index import rows_of
from tocsin.vault import MasterKey, Vault

KEY = b"k" * 32


@functools.cache
def vault():
    """One vault for a whole run: what is sealed here matters to nobody."""
    folder = Path(tempfile.mkdtemp(prefix="tocsin-cores-"))
    ids = CountingIds()
    return Vault.create(folder / "keys.db", MasterKey.create(folder / "master.key", {}, ids), ids)


class PlacesOf:
    """A configuration made by hand: site and zones by account id."""

    def __init__(self, sites, zones=None, config=3):
        self.config = config
        self._found = {id_: AccountPlace(site, (zones or {}).get(id_, {})) for id_, site in sites.items()}

    def of_account(self, account_id):
        return self._found.get(account_id)


class CoreAtWork:
    """A journal with a core on a store of its own, or on one that is given."""

    def __init__(self, store=None, clock=None, places=None, catalogue=None, core=Core, is_deciding=True):
        self.store = MemoryStore() if store is None else store
        self.clock = clock or ManualClock()
        self.committed = []
        self.commands = 0
        self.frames = 0
        self.journal = Journal(self.store, vault(), self.clock, RepeatWindow(KEY), 0)
        self.core = core(
            self.store, self.clock, catalogue or shipped_catalogue(), places, on_committed=self.committed.append
        )
        if is_deciding:
            self.journal.attach(self.core)

    def again(self, **options):
        """The same store in the hands of another process, after this one has died."""
        with self.store.transaction() as transaction:
            transaction.put_meta("running", "1")
        return CoreAtWork(self.store, self.clock, **options)

    def receive(self, code="BA", account="1234", *, account_ref=None, events=1, **fields):
        """Store one frame, undecided yet; return its receipt."""
        self.frames += 1
        made = arrival(
            b"%d" % (self.journal.head.seq * 1000 + self.frames), events=events, account=account, code=code,
            account_ref=account_ref, received_at=self.clock.now_us(), **fields
        )  # fmt: skip
        return self.journal.store([made])[0]

    def run(self, steps_max=10_000):
        """Let the core decide on all that is stored."""
        steps = 0
        while self.journal.is_core_behind:
            self.journal.store(())
            steps += 1
            assert steps < steps_max, "the core does not come to an end"
        return self

    def signal(self, code="BA", account="1234", **fields):
        """Store a signal and decide on it; return where it ended."""
        self.receive(code, account, **fields)
        self.run()
        return self.rows()[-1]

    def handle(self, incident, act, actor="user-1", version=-1, id_=None):
        """Carry out a command; `version` -1 stands for the incident's newest."""
        self.commands += 1
        if version == -1:
            version = self.store.incident(incident).version
        command = Command(actor=actor, id=id_ or f"c{self.commands}", incident=incident, version=version, act=act)
        return self.core.handle(self.journal, command)

    def rows(self):
        return self.store.signal_rows(0, 100_000)

    def open(self):
        """Open incidents, oldest first."""
        return sorted(self.store.incidents("open", None, 100_000), key=lambda incident: incident.number)

    def findings(self):
        """What a rebuild finds otherwise than the tables have it, in words."""
        return rebuild_findings(self.store)


def rebuild_findings(store):
    """Compare incidents, time lines and signals of a store with what its journal makes of them again."""
    rows, facts = [], []
    rebuilt = Rebuild(rows.append, lambda incident, seq: facts.append((incident, seq)))
    entries, after = [], 0
    while page := store.entries(after, 5_000):
        entries.extend(page)
        after = page[-1].row.seq
    rebuilt.take_all(entries)
    found = []
    stored = {
        incident.id: msgspec.json.encode(incident)
        for state in ("open", "closed")
        for incident in store.incidents(state, None, 10_000_000)
    }
    again = {id_: msgspec.json.encode(incident) for id_, incident in rebuilt.incidents.items()}
    found += [
        f"{id_}: table and rebuild differ"
        for id_ in sorted(stored.keys() | again.keys())
        if stored.get(id_) != again.get(id_)
    ]
    watched = rebuilt.supervision
    if [row for _, row in sorted(watched.outages.items())] != store.outages():
        found.append("missing paths: table and rebuild differ")
    if [row for _, row in sorted(watched.armed.items())] != store.armed():
        found.append("what is armed: table and rebuild differ")
    if list(rebuilt.on_test.found.values()) != store.site_tests(ended_after=0):
        found.append("tests of sites: table and rebuild differ")
    if list(rebuilt.out.found.values()) != store.zones_out(ended_after=0):
        found.append("zones out of service: table and rebuild differ")
    if list(rebuilt.test_codes.codes.values()) != store.site_test_codes(0):
        found.append("one-day codes: table and rebuild differ")
    if list(rebuilt.key_links.links.values()) != store.key_links():
        found.append("links to keys: table and rebuild differ")
    if rebuilt.queue_parts.parts != stored_parts(store):
        found.append("parts of the queue: table and rebuild differ")
    if list(rebuilt.check_ins.check_ins.values()) != store.check_ins():
        found.append("check-ins")
    if list(rebuilt.calls.calls.values()) != store.call_forms():
        found.append("calls that are taken: table and rebuild differ")
    if (list(rebuilt.rings.rings.values()), list(rebuilt.rings.lines.values())) != (store.rings(), store.lines()):
        found.append("rings and lines: table and rebuild differ")
    storm = store.get_meta(STORM)
    if rebuilt.storm != (msgspec.json.decode(storm, type=Storm) if storm else None):
        found.append("storm: small value and rebuild differ")
    if list(rebuilt.schedules.schedules.values()) != store.schedules():
        found.append("schedules: table and rebuild differ")
    if rebuild_plans(one.row for one in entries) != store.floor_plans():
        found.append("floor plans: table and rebuild differ")
    if sorted(rebuilt.shifts.desks.values(), key=lambda desk: int(desk.id[5:])) != store.desks():
        found.append("desks: table and rebuild differ")
    if list(rebuilt.shifts.shifts.values()) != store.shifts(ended_after=0):
        found.append("shifts: table and rebuild differ")
    if sorted(rebuilt.rosters.rosters.values(), key=lambda one: int(one.id[7:])) != store.rosters():
        found.append("rosters: table and rebuild differ")
    if rebuild_sources(entries) != store.sources():
        found.append("sources: table and rebuild differ")
    places = {}
    for one in rows_of(stored_.row for stored_ in entries):
        places.setdefault(one.place, []).append((one.seq, one.thing))
    for place, expected in places.items():
        if [(stored_.row.seq, thing) for stored_, thing in store.place_facts(place, None, 100_000)] != expected[::-1]:
            found.append(f"{place}: the index of its facts and the journal differ")
    if sorted(map(rebuilt.placed, rows), key=lambda row: row.seq) != store.signal_rows(0, 10_000_000):
        found.append("where signals ended: table and rebuild differ")
    for id_ in again:
        line = [entry.row.seq for entry in store.incident_facts(id_, 10_000_000)]
        if line != [seq for incident, seq in facts if incident == id_]:
            found.append(f"{id_}: time lines differ")
    return found
