"""Makes one dry run in a process of its own: the form on standard input, the result as JSON on standard output.

    python -m tocsin.centre.dry_run_worker < form.json

It reads the journal in the database's file and writes nothing to it. A year of a large centre takes minutes of the
processor, so it goes behind everything else.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tocsin.centre.dry_run import DryRun, dry_run
from tocsin.journal.ranges import RANGE_ENTRIES
from tocsin.model.journal import EntryRow, StoredEntry
from tocsin.model.values import Code, Micros, Seq, StreamName
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.judgement import JUDGEMENT
from tocsin.rules.parameters import judgement_with
from tocsin.store.verified import last_seq, verified_between
from tocsin.system import limit_process

CPU_S: Final = 300
MEMORY_BYTES: Final = 2 << 30
NICE: Final = 10


class DryRunForm(msgspec.Struct, frozen=True, kw_only=True):
    """A dry run that is wanted."""

    database: str
    since: Micros
    changed: dict[str, int]
    """All parameters that are other than what ships."""
    examples_max: int


def run(form: DryRunForm) -> DryRun:
    """Decide again.

    Raises:
        BadInput: a parameter that there is not, or out of its range.
        CentreFault: the database could not be read.
    """
    path = Path(form.database)
    last = last_seq(path)

    def entries() -> Iterator[StoredEntry]:
        # In ranges, each read as it is then: one long reading would keep the centre's log of writes from being cleared.
        for after in range(0, last, RANGE_ENTRIES):
            for seq, at, kind, stream, number, entry, hash_ in verified_between(
                path, after, min(after + RANGE_ENTRIES, last)
            ):
                yield StoredEntry(
                    EntryRow(
                        seq=Seq(seq),
                        at=Micros(at),
                        kind=Code(kind),
                        stream=None if stream is None else StreamName(stream),
                        number=number,
                        entry=entry,
                        hash=hash_,
                    ),
                    0,
                )

    would = judgement_with(form.changed)
    return dry_run(entries, form.since, JUDGEMENT, would, shipped_catalogue(), form.examples_max)


def main() -> int:
    """Do it."""
    limit_process(cpu_s=CPU_S, memory_bytes=MEMORY_BYTES)
    os.nice(NICE)
    form = msgspec.json.decode(sys.stdin.buffer.read(), type=DryRunForm)
    sys.stdout.buffer.write(msgspec.json.encode(run(form)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
