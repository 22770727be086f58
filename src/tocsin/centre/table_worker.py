"""A process of its own that checks a table, so that a large file never holds up the receivers (DESIGN.md, Operation).

    python -m tocsin.centre.table_worker import accounts CONTROL ACTOR plan < file
    python -m tocsin.centre.table_worker export accounts CONTROL csv ACTOR

It asks the centre over its control socket, as commands do. A file comes by standard input and is never on a disk: it
may hold keys. What comes of it goes to standard output: for an import one `Outcome` as JSON, for an export the file;
where an export cannot be made, an `Outcome` with the error goes to standard error.
"""

import os
import sys
from pathlib import Path
from typing import Final, Literal

import msgspec

from tocsin.centre.configuration import counts_of
from tocsin.centre.control import RemoteCentre
from tocsin.centre.table_files import BYTES_MAX, BadRows, Problem, TableFormat
from tocsin.centre.table_plan import ImportResult
from tocsin.centre.tables import KINDS, plan_table
from tocsin.model.errors import BadInput, CentreFault, Conflict, Refused, TocsinError
from tocsin.model.ports import Clock
from tocsin.model.values import Actor
from tocsin.system import SystemClock

NICE: Final = 10
"""So much the worker stands behind whatever else the machine does."""

FAILED: Final = 1
Act = Literal["plan", "carry_out"]


class WorkerError(msgspec.Struct, frozen=True):
    """Why nothing came of it."""

    message: str
    code: str
    kind: Literal["BadInput", "Conflict", "CentreFault"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an import did or would do; or its mistakes, one of which refuses it whole; or why it was not looked at."""

    result: ImportResult | None = None
    bad: tuple[Problem, ...] = ()
    more_bad: int = 0
    message: str = ""
    """With mistakes: how many, in a sentence."""
    error: WorkerError | None = None
    took_s: float = 0.0
    """From the whole file in hand to this answer."""


def import_file(
    kind: str, data: bytes, centre: RemoteCentre, actor: Actor, act: Act, clock: Clock | None = None
) -> Outcome:
    """Check a file against what the centre has and, if asked, carry it out; say how long it took."""
    clock = clock or SystemClock()
    begun_s = clock.monotonic_s()
    outcome = _import_file(kind, data, centre, actor, act)
    return msgspec.structs.replace(outcome, took_s=round(clock.monotonic_s() - begun_s, 3))


def _import_file(kind: str, data: bytes, centre: RemoteCentre, actor: Actor, act: Act) -> Outcome:
    try:
        config = centre.config()
        plan = plan_table(KINDS[kind], centre, data, same_keys=centre.same_keys)
        if act == "carry_out":
            return Outcome(result=centre.import_table(plan, config, actor))
        return Outcome(result=counts_of(plan, config))
    except BadRows as error:
        return Outcome(bad=error.problems, more_bad=error.more, message=error.message)
    except TocsinError as error:
        return Outcome(error=_told(error))


def main(words: list[str]) -> int:
    """Do what the arguments say; return the exit status."""
    os.nice(NICE)
    match words:
        case ["import", kind, control, actor, ("plan" | "carry_out") as act]:
            data = sys.stdin.buffer.read(BYTES_MAX + 1)
            outcome = import_file(kind, data, RemoteCentre(Path(control)), Actor(actor), act)
            sys.stdout.buffer.write(msgspec.json.encode(outcome))
        case ["export", kind, control, ("csv" | "json") as form, actor]:
            return _export(kind, RemoteCentre(Path(control), Actor(actor)), form)
        case _:
            raise SystemExit("usage: see the module's first lines")
    return 0


def _export(kind: str, centre: RemoteCentre, form: TableFormat) -> int:
    table = KINDS[kind]
    try:
        data = table.export(table.to_export(centre), form)
    except TocsinError as error:
        sys.stderr.buffer.write(msgspec.json.encode(Outcome(error=_told(error))))
        return FAILED
    sys.stdout.buffer.write(data)
    return 0


def _told(error: TocsinError) -> WorkerError:
    match error:
        case BadInput():
            return WorkerError(error.message, error.code, "BadInput")
        case Refused():
            return WorkerError(error.message, error.code, "Conflict")
        case _:
            return WorkerError(error.message, error.code, "CentreFault")


def error_of(told: WorkerError) -> TocsinError:
    """What the worker was told, to be raised."""
    families: dict[str, type[TocsinError]] = {"BadInput": BadInput, "Conflict": Conflict, "CentreFault": CentreFault}
    return families[told.kind](told.message, told.code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
