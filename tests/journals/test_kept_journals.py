"""Journals that earlier releases wrote: every later one must verify them, rebuild from them and open their folders."""

import json
import shutil
import tarfile
from pathlib import Path

import msgspec
import pytest

import tocsin
from support.centres import held, rows
from support.cores import rebuild_findings
from support.fakes import SECOND, START_US, CountingIds, ManualClock, arrival
from tocsin.centre.accounts import rebuild_accounts
from tocsin.centre.action_plans import rebuild_action_plans
from tocsin.centre.chains import rebuild_chains
from tocsin.centre.contacts import rebuild_contacts
from tocsin.centre.core import Core
from tocsin.centre.holiday_rows import stored_holidays
from tocsin.centre.holidays import rebuild_holidays
from tocsin.centre.keyholders import rebuild_keyholders, rebuild_phrases, rebuild_warnings, rebuild_wishes
from tocsin.centre.opening import open_folder
from tocsin.centre.outbox import rebuild_notices
from tocsin.centre.ruling import rebuild_rules, stored_versions
from tocsin.centre.sites import rebuild_refusals, rebuild_sites, rebuild_zones
from tocsin.centre.sources import rebuild_sources
from tocsin.cli import main
from tocsin.cli.journal import verify_folder
from tocsin.journal.chain import entry_hash
from tocsin.journal.verify import verify_file
from tocsin.model.commands import Claim, Close, Command
from tocsin.model.journal import KINDS, EntryRow, StoredEntry
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.settings import load
from tocsin.store.schema import REVISION

SIGNALS = {"0.1.0": 17, "0.2.0": 33, "0.3.0": 45}
"""How many signals each has."""

KEPT = sorted(path for path in Path(__file__).parent.iterdir() if (path / "export.jsonl").exists())


def test_a_journal_of_this_release_is_kept():
    assert [path.name for path in KEPT][-1] == tocsin.__version__


def test_journal_of_this_release_holds_every_kind_of_fact_in_its_version():
    kinds = {(stored.row.kind, json.loads(stored.row.entry)["v"]) for stored in entries_of(KEPT[-1] / "export.jsonl")}
    assert set(KINDS.items()) - kinds == {("head.key_changed", 1)}, "make_journal.py writes it anew, before a release"


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def kept(request):
    return request.param


@pytest.fixture
def folder(kept, tmp_path):
    with tarfile.open(kept / "centre.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def entries_of(export):
    """The lines of an export as stored entries, hashed anew from their canonical form."""
    for line in export.read_text("utf-8").splitlines():
        entry = json.loads(line)
        known, _ = entry.pop("hash"), entry.pop("derived")
        canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert entry_hash(canonical).hex() == known
        stream, _, number = (entry["id"] or "").partition("-")
        yield StoredEntry(
            EntryRow(
                entry["seq"],
                entry["at"],
                entry["kind"],
                stream or None,
                int(number) if number else None,
                canonical,
                bytes.fromhex(known),
            ),
            0,
        )


def test_its_export_verifies_alone(kept):
    verdict = verify_file(kept / "export.jsonl")
    assert (verdict.exit_code, verdict.first_bad_seq, verdict.counts.unsigned_entries) == (0, None, 0)


LATER = {"partitions": None, "paths": None}
"""Fields of an account that a release may not have known: its journals say nothing of them."""


def test_its_accounts_are_rebuilt_from_the_export_alone(kept):
    known = json.loads((kept / "accounts.json").read_text("utf-8"))
    expected = [account | {"row": LATER | account["row"]} for account in known]
    rebuilt = [msgspec.to_builtins(account) for account in rebuild_accounts(entries_of(kept / "export.jsonl"))]
    assert rebuilt == expected


def test_its_folder_opens_and_holds_what_its_export_says(kept, folder):
    clock, ids = ManualClock(START_US + 100 * SECOND), CountingIds()
    opened = open_folder(load(folder, {}), {}, ids)
    try:
        stored = opened.store.entries(0, 5000)
        assert [(s.row.entry, s.row.hash) for s in stored] == [
            (e.row.entry, e.row.hash) for e in entries_of(kept / "export.jsonl")
        ]
        assert opened.store.accounts() == rebuild_accounts(stored)
        assert opened.store.sites() == rebuild_sites(stored) != []
        assert opened.store.zones() == rebuild_zones(stored) != []
        assert opened.store.refusals() == rebuild_refusals(stored) != []
        assert rebuild_findings(opened.store) == []
        assert [s.duplicates for s in stored if s.duplicates][:3] == [1, 1, 1], "repeats were counted"
        assert opened.store.keyholders() == rebuild_keyholders(stored)
        assert opened.store.site_phrases() == rebuild_phrases(stored)
        assert opened.store.site_wishes() == rebuild_wishes(stored)
        assert opened.store.place_warnings() == rebuild_warnings(stored)
        assert (opened.store.contacts(), opened.store.reach()) == rebuild_contacts(stored)
        assert opened.store.notices(1000)[::-1] == rebuild_notices(stored)
        assert (opened.store.chains(), opened.store.groups()) == rebuild_chains(stored)
        kept_plans = (opened.store.action_plan_versions(), opened.store.plan_switches())
        assert kept_plans == rebuild_action_plans(stored)
        assert opened.store.sources() == rebuild_sources(stored)
        assert stored_versions(opened.store) == rebuild_rules(stored)
        assert stored_holidays(opened.store) == rebuild_holidays(stored)
        sealed = [opened.vault.open(s.row.key, s.row.sealed) for s in stored if s.row.sealed is not None]
        assert all(part is not None for part in sealed)
        assert {part.address for part in sealed} >= {"042"}
        assert opened.journal(clock, 3600 * SECOND).head.seq == len(stored)
    finally:
        opened.close()


def test_its_folder_verifies(kept, folder):
    verdict, signals = verify_folder(folder, counted_after=0)
    assert (verdict.exit_code, signals) == (0, SIGNALS[kept.name])


@pytest.mark.parametrize(("release", "revision"), [("0.1.0", "0002"), ("0.2.0", "0003")])
def test_database_of_a_release_before_is_brought_to_this_schema_and_its_texts_stay_readable(
    tmp_path, release, revision
):
    """Opens, migrates, verifies, rebuilds; what is sealed opens; and the centre works on with it."""
    with tarfile.open(Path(__file__).parent / release / "centre.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    before = rows(tmp_path / "tocsin.db", "SELECT version_num FROM alembic_version")
    clock = ManualClock(START_US + 200 * SECOND)
    with held(load(tmp_path, {}), clock=clock) as centre:
        after = rows(tmp_path / "tocsin.db", "SELECT version_num FROM alembic_version")
        assert (before, after) == ([(revision,)], [(REVISION,)])
        assert rebuild_findings(centre.store) == []
        assert {account.row.name for account in centre.centre.accounts()} >= {"Küste »Nord«", "Bank, intrusion"}
        assert {site.row.address for site in centre.centre.sites()} >= {"Quay 3, gate »Nord«"}
        sealed = [s.row for s in centre.store.entries(0, 5000) if s.row.sealed is not None]
        texts = {centre.vault.open(row.key, row.sealed).text for row in sealed}
        assert {"Boiler room", "A name"} <= texts
        incident = centre.store.incidents("open", None, 10)[0]
        shown = centre.centre.incident_texts.read(incident.id, "user-7")
        assert shown.signals or shown.notes is not None
        centre.journal.attach(
            Core(
                centre.store, clock, shipped_catalogue(), keeper=centre.centre.keeper, follower=centre.centre.escalating
            )
        )
        receipt = centre.journal.store([arrival(b"after the upgrade", received_at=clock.now_us())])[0]
        while centre.journal.is_core_behind:
            centre.journal.store(())
        assert centre.store.signal_rows(receipt.seq - 1, 1)[0].outcome in ("opened", "joined")
        assert rebuild_findings(centre.store) == []
    verdict, _ = verify_folder(tmp_path)
    assert verdict.exit_code == 0


def test_what_an_incident_of_the_release_before_holds_ends_on_time_too(tmp_path):
    with tarfile.open(Path(__file__).parent / "0.1.0" / "centre.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    clock = ManualClock(START_US + 200 * SECOND)
    with held(load(tmp_path, {}), clock=clock) as centre:
        centre.centre.values.prepare()
        # As the release before closed one: nothing kept a timer for it.
        core = Core(centre.store, clock, shipped_catalogue())
        found = centre.store.incidents("open", None, 100)[0]
        for number, act in enumerate((Claim(), Close("real", None))):
            version = centre.store.incident(found.id).version
            command = Command(actor="user-7", id=f"x{number}", incident=found.id, version=version, act=act)
            core.handle(centre.journal, command)
        closed = centre.store.incidents("closed", None, 100)
        assert closed
        centre.centre.erasing.schedule_found(lambda work: work(centre.journal))
        assert len(centre.store.timers(kind="incident")) == len(closed)
        clock.advance(40 * 86_400)
        while centre.centre.timers.run_due(centre.journal, clock.now_us(), is_clock_sure=True):
            pass
        assert centre.store.timers(kind="incident") == []
        assert all(centre.store.erasure(one.id) is not None for one in closed)
    verdict, _ = verify_folder(tmp_path)
    assert verdict.exit_code in (0, 3), verdict.words


def test_backup_of_the_release_before_cannot_be_mistaken_and_this_ones_restores(tmp_path):
    """The kept folder of this release goes through a backup and a restore, with everything that is in it."""
    folder = tmp_path / "centre"
    folder.mkdir()
    with tarfile.open(KEPT[-1] / "centre.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    assert main(["backup", str(folder), str(tmp_path / "one")]) == 0
    new = tmp_path / "new"
    new.mkdir()
    shutil.copy(folder / "master.key", new / "master.key")
    assert main(["restore", str(tmp_path / "one"), str(new), "--clock-is-right"]) == 0
    assert verify_folder(new)[0].exit_code == 0
