"""Journals that earlier releases wrote: every later one must verify them, rebuild from them and open their folders."""

import json
import tarfile
from pathlib import Path

import msgspec
import pytest

from support.cores import rebuild_findings
from support.fakes import SECOND, START_US, CountingIds, ManualClock
from tocsin.centre.accounts import rebuild_accounts
from tocsin.centre.opening import open_folder
from tocsin.centre.sites import rebuild_refusals, rebuild_sites, rebuild_zones
from tocsin.cli.journal import verify_folder
from tocsin.journal.chain import entry_hash
from tocsin.journal.verify import verify_file
from tocsin.model.journal import EntryRow, StoredEntry
from tocsin.settings import load

KEPT = sorted(path for path in Path(__file__).parent.iterdir() if (path / "export.jsonl").exists())


def test_a_journal_of_this_release_is_kept():
    assert [path.name for path in KEPT][-1] == "0.1.0"


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


def test_its_accounts_are_rebuilt_from_the_export_alone(kept):
    expected = json.loads((kept / "accounts.json").read_text("utf-8"))
    rebuilt = [msgspec.to_builtins(account) for account in rebuild_accounts(entries_of(kept / "export.jsonl"))]
    assert rebuilt == expected


def test_its_folder_opens_and_holds_what_its_export_says(kept, folder):
    clock, ids = ManualClock(START_US + 100 * SECOND), CountingIds()
    opened = open_folder(load(folder, {}), {}, ids)
    try:
        stored = opened.store.entries(0, 1000)
        assert [(s.row.entry, s.row.hash) for s in stored] == [
            (e.row.entry, e.row.hash) for e in entries_of(kept / "export.jsonl")
        ]
        assert opened.store.accounts() == rebuild_accounts(stored)
        assert opened.store.sites() == rebuild_sites(stored) != []
        assert opened.store.zones() == rebuild_zones(stored) != []
        assert opened.store.refusals() == rebuild_refusals(stored) != []
        assert rebuild_findings(opened.store) == []
        assert [s.duplicates for s in stored if s.duplicates] == [1, 1, 1], "repeats were counted"
        sealed = [opened.vault.open(s.row.key, s.row.sealed) for s in stored if s.row.sealed is not None]
        assert all(part is not None for part in sealed)
        assert {part.address for part in sealed} >= {"042"}
        assert opened.journal(clock, 3600 * SECOND).head.seq == len(stored)
    finally:
        opened.close()


def test_its_folder_verifies(folder):
    verdict, signals = verify_folder(folder)
    assert (verdict.exit_code, signals) == (0, 17)
