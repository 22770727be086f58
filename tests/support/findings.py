"""What the journeys hold a centre to. Each check returns what it found wrong, in words, so that a test of the tests can
ask whether a mutant is found out."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from support.bad_disk import WAL, Sync
from support.cores import rebuild_findings
from support.journal_reader import Entry, chain_faults, proof_faults, read_journal, signals
from support.panels import Ledger, Name
from tocsin.model.values import Seq
from tocsin.store.sqlite import SqliteStore

SHOWN = 5


def journal_findings(folder: Path, entries: Sequence[Entry], ledger: Ledger) -> list[str]:
    """Everything acknowledged is there, everything is there once, nothing else is there, and the chain is whole."""
    return [*ledger_findings(entries, ledger), *chain_faults(entries), *proof_faults(folder, entries)]


def ledger_findings(entries: Sequence[Entry], ledger: Ledger) -> list[str]:
    """What the panels know against what the journal has."""
    frames = Counter(entry.name for entry in signals(entries) if entry.body["event"] == 1)
    findings = [
        *_some("acknowledged, but not in the journal", sorted(set(ledger.acknowledged) - set(frames))),
        *_some("in the journal more than once", sorted(name for name, count in frames.items() if count > 1)),
        *_some("in the journal, but never sent", sorted(set(frames) - set(ledger.sent))),
    ]
    for entry in signals(entries):
        sent = ledger.sent.get(entry.name, 0)
        if entry.duplicates >= max(sent, 1):
            findings.append(f"{entry.name} was counted as repeated {entry.duplicates} times, and sent {sent} times")
    return findings + _some("with events of its frame missing", _torn_frames(entries))


def projection_findings(folder: Path) -> list[str]:
    """Every signal of a stopped centre has ended in one place, and a rebuild finds what the tables have."""
    store = SqliteStore(folder / "tocsin.db")
    try:
        ended = [row.seq for row in store.signal_rows(Seq(0), 10_000_000)]
        stored = [entry.seq for entry in signals(read_journal(folder))]
        return rebuild_findings(store) + [
            f"seq {seq} is stored, but without an end" for seq in sorted(set(stored) - set(ended))[:SHOWN]
        ]
    finally:
        store.close()


def early_acknowledgements(ledger: Ledger, syncs: Sequence[Sync]) -> list[str]:
    """Acknowledgements that came though no fsync of the log began after the message was sent and ended before."""
    good = sorted((sync.began_ns, sync.ended_ns) for sync in syncs if sync.name == WAL and sync.errno == 0)
    early = [
        name
        for name, one in ledger.acknowledged.items()
        if not any(began >= one.sent_ns and ended <= one.acknowledged_ns for began, ended in good)
    ]
    return _some("acknowledged before any fsync that could have stored it", sorted(early))


def _torn_frames(entries: Sequence[Entry]) -> list[Name]:
    """Frames of several events of which not all are there: they are stored together or not at all."""
    found: dict[str, list[Entry]] = {}
    for entry in signals(entries):
        found.setdefault(entry.body["frame"], []).append(entry)
    return [
        group[0].name
        for group in found.values()
        if [one.body["event"] for one in group] != list(range(1, group[0].body["events"] + 1))
    ]


def _some(words: str, names: Sequence[Name]) -> list[str]:
    if not names:
        return []
    shown = ", ".join(f"{account}/{sequence}" for account, sequence in names[:SHOWN])
    return [f"{len(names)} {words}: {shown}{' ...' if len(names) > SHOWN else ''}"]
