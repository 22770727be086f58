"""`tocsin bench verify`: how soon it is known whether a journal is whole, of an export and of a folder.

The very program that an auditor runs is measured, its start included, by the clock on the wall, against hashing the
same bytes on one core and nothing else. It follows ranges of the journal on as many cores as it is given, four at most.
"""

import functools
import os
import resource
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from tocsin.bench.figures import Figure, Report, Run, Subject, figure_of, run_of
from tocsin.bench.frames import accounts_csv
from tocsin.bench.ground import CLOCK, Asked, Ground, Tell, measured
from tocsin.bench.one_commit import arrivals_of, never
from tocsin.bench.processes import output_of
from tocsin.centre.centre import Centre
from tocsin.centre.opening import OpenFolder, open_folder
from tocsin.journal.heads import append_head
from tocsin.model.values import Seq
from tocsin.settings import load
from tocsin.system import SystemClock, SystemIds

BATCH: Final = 1000
"""A head is signed after as many, as a centre does."""


class Plan(Asked, frozen=True, kw_only=True):
    """How much is measured."""

    entries: int = 500_000
    quick_entries: int = 20_000

    @property
    def signals(self) -> int:
        """How many the journal holds; `run_s` says nothing here."""
        return self.quick_entries if self.is_quick else self.entries


EXPORT: Final = Subject(
    name="verify.export",
    what="Entries of an export verified a second, start included",
    unit="entries/s",
    judged="ratio",
    bound="at_least",
    target=0.15,
    ceiling_what="SHA-256 of the same entries on one core, and nothing else",
)
FOLDER: Final = msgspec.structs.replace(
    EXPORT, name="verify.folder", what="Entries of a folder verified a second, start included", target=0.15
)


class Bench:
    """Measures by a plan, on one journal of its own."""

    def __init__(self, plan: Plan, ground: Ground) -> None:
        """Measure as `plan` says."""
        self._plan = plan
        self._ground = ground

    def export(self) -> list[Figure]:
        """An export alone."""
        folder = self._folder()
        export = folder.with_name("export.jsonl")
        output_of(["tocsin", "journal", "export", "--dir", str(folder), "--out", str(export)])
        return [self._measure(EXPORT, folder, ["--export", str(export)])]

    def folder(self) -> list[Figure]:
        """The folder of a centre that does not run."""
        folder = self._folder()
        return [self._measure(FOLDER, folder, ["--dir", str(folder)])]

    def _measure(self, subject: Subject, folder: Path, words: list[str]) -> Figure:
        runs: list[Run] = []
        for _ in self._ground.runs(subject, self._plan.runs):
            before_s, began_s = _cpu_s(resource.RUSAGE_CHILDREN), CLOCK.monotonic_s()
            printed = output_of(["tocsin", "journal", "verify", "--json", *words])
            took_s, core_s = CLOCK.monotonic_s() - began_s, _cpu_s(resource.RUSAGE_CHILDREN) - before_s
            entries = msgspec.json.decode(printed, type=_Verdict).entries
            runs.append(run_of(entries / took_s, _hashes_per_core_second(folder), entries=entries, core_s=core_s))
        return figure_of(subject, runs)

    def _folder(self) -> Path:
        """The filled folder, the same for each part."""
        folder = self._ground.folder / "filled"
        if not folder.exists():
            self._ground.tell(f"storing {self._plan.signals:,} signals")
            self._ground.centre(accounts_csv(1, 0)).rename(folder)
            _fill(folder, self._plan.signals)
        return folder


class _Verdict(msgspec.Struct):
    entries: int


def _fill(folder: Path, signals: int) -> None:
    """Store so many signals in a folder that no other process holds, and sign as a centre does."""
    clock, ids, settings = SystemClock(), SystemIds(), load(folder, os.environ)
    opened = open_folder(settings, os.environ, ids)
    try:
        opened.vault.prepare(clock.now_us())
        centre = Centre(
            store=opened.store,
            sealer=opened.vault,
            secrets=opened.vault,
            holders=opened.vault.holders,
            clock=clock,
            ids=ids,
            run=never,
        )
        journal = opened.journal(clock, 0)
        for first in range(0, signals, BATCH):
            journal.store(arrivals_of(centre, first, min(BATCH, signals - first)))
            append_head(settings.heads_path, opened.signer.sign(journal.head))
    finally:
        opened.close()


def _hashes_per_core_second(folder: Path) -> float:
    """What this processor can do with the same bytes at most."""
    opened = open_folder(load(folder, os.environ), os.environ, SystemIds())
    try:
        return _hashed(opened)
    finally:
        opened.close()


def _hashed(opened: OpenFolder) -> float:
    entries, spent_s, after = 0, 0.0, Seq(0)
    while page := opened.store.entries(after, BATCH):
        before_s = _cpu_s(resource.RUSAGE_SELF)
        for stored in page:
            sha256(b"\0" + stored.row.entry).digest()
        spent_s += _cpu_s(resource.RUSAGE_SELF) - before_s
        entries, after = entries + len(page), page[-1].row.seq
    return entries / spent_s


def _cpu_s(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


PARTS: Final[dict[str, tuple[Callable[[Bench], list[Figure]], str]]] = {
    "export": (Bench.export, "an export alone"),
    "folder": (Bench.folder, "a folder"),
}
"""What `--only` names."""


def measure(plan: Plan, folder: Path, only: Sequence[str], tell: Tell) -> Report:
    """Measure what `only` names, everything where it names nothing, in an empty folder that the caller removes."""

    def run(part: Callable[[Bench], list[Figure]], ground: Ground) -> list[Figure]:
        return part(Bench(plan, ground))

    parts = [functools.partial(run, part) for name, (part, _) in PARTS.items() if not only or name in only]
    return measured("verify", plan, folder, tell, parts)
