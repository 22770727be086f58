"""What a centre's folder holds, read by the test and not by the product: the rows of the database file, and the chain
worked out anew with nothing but hashlib and json.

While a server runs it is read beside it; after a kill a copy is, so that the folder stays as it was found.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pysqlite3.dbapi2 as dbapi

from tocsin.journal.chain import export_line
from tocsin.journal.notes import read_heads
from tocsin.journal.verify import verify_export
from tocsin.model.journal import EntryRow, StoredEntry

DATABASE = "tocsin.db"
_ROWS = (
    "SELECT j.seq, j.at, j.kind, j.stream, j.number, j.entry, j.hash, j.key, j.sealed, coalesce(d.count, 0) "
    "FROM journal j LEFT JOIN duplicates d ON d.id = j.stream || '-' || j.number ORDER BY j.seq"
)


class Entry(NamedTuple):
    """One line of the journal."""

    seq: int
    kind: str
    id: str | None
    prev: str
    body: dict[str, Any]
    hash: bytes
    duplicates: int
    stored: StoredEntry

    @property
    def name(self) -> tuple[str, str]:
        """Transmitter and sequence: what the panels of these tests never give twice."""
        return self.body["transmitter"], self.body["sequence"]


def read_journal(folder: Path, *, is_running: bool = False) -> list[Entry]:
    """All entries in order. With `is_running` beside the server, which goes on meanwhile."""
    if is_running:
        return _read(folder / DATABASE)
    with tempfile.TemporaryDirectory() as made:
        for file in folder.glob(f"{DATABASE}*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, Path(made) / file.name)
        return _read(Path(made) / DATABASE, mode="rw")


def signals(entries: Sequence[Entry]) -> list[Entry]:
    """The signals among them."""
    return [entry for entry in entries if entry.kind == "signal"]


def notices(entries: Sequence[Entry]) -> list[str]:
    """What the centre noticed about itself, in order."""
    return [entry.body["notice"] for entry in entries if entry.kind == "centre.noticed"]


def chain_faults(entries: Sequence[Entry]) -> list[str]:
    """What is wrong with numbers, links and hashes, worked out here."""
    faults: list[str] = []
    prev, number = "0" * 64, 0
    for expected, entry in enumerate(entries, 1):
        if entry.seq != expected:
            faults.append(f"seq {entry.seq} stands where {expected} belongs")
        if entry.prev != prev:
            faults.append(f"seq {entry.seq} is not linked to the one before")
        row = entry.stored.row
        if hashlib.sha256(b"\0" + row.entry).digest() != entry.hash:
            faults.append(f"seq {entry.seq} does not hash to what stands beside it")
        if row.number is not None:
            number += 1
            if row.number != number:
                faults.append(f"seq {entry.seq} has number {row.number} in its stream, not {number}")
        prev = entry.hash.hex()
    return faults


def proof_faults(folder: Path, entries: Sequence[Entry]) -> list[str]:
    """What the product's own verifier says against the journal and the signed heads of its folder."""
    heads = folder / "heads.txt"
    verdict = verify_export(
        (export_line(entry.stored) for entry in entries), heads=read_heads(heads) if heads.exists() else ()
    )
    return [] if verdict.exit_code == 0 else [f"verify ends with {verdict.exit_code}", *verdict.words]


def _read(path: Path, mode: str = "ro") -> list[Entry]:
    connection = dbapi.connect(f"file:{path}?mode={mode}", uri=True, timeout=10)
    try:
        return [_entry_of(row) for row in connection.execute(_ROWS)]
    finally:
        connection.close()


def _entry_of(row: tuple[Any, ...]) -> Entry:
    stored = StoredEntry(EntryRow(*row[:-1]), row[-1])
    entry = json.loads(stored.row.entry)
    return Entry(
        stored.row.seq, stored.row.kind, entry["id"], entry["prev"], entry["body"], stored.row.hash, row[-1], stored
    )
