"""`tocsin import` and `tocsin export`: what people bring to a centre and take from it as files."""

import difflib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Protocol

import msgspec
import typer

from tocsin.centre.action_plan_imports import ImportedPlan, ImportedPlans
from tocsin.centre.centre import READ_REASONS, OpenedFrame
from tocsin.centre.configuration import ImportPlan
from tocsin.centre.table_files import BYTES_MAX, PLAIN, BadRows, ColumnMap, TableFormat, read_map, write_table
from tocsin.centre.table_plan import ImportResult, KnownKeyholder, SameKeys, no_same_keys
from tocsin.centre.tables import KINDS, NAMED_MAX, Planned, TableKind, labels_of, plan_table
from tocsin.model.accounts import Account
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.holidays import Holidays
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.schedules import Schedule
from tocsin.model.sites import Site, Zone
from tocsin.system import SystemClock

__all__ = ["CentreAccess", "export", "import_", "run_export", "run_import"]

PLANS: Final = "plans"
IMPORTS: Final = (*KINDS, PLANS)
EXPORTS: Final = (*KINDS, PLANS, "unknown-accounts", "rejected-frames")
WAITED_S: Final = 10.0
LATER: Final = ("units", "stations", "run-cards", "users")


class CentreAccess(Protocol):
    """A centre as these commands need it, whether it runs or not. `tocsin.cli.folder` has the real one."""

    def begin(self) -> None:
        """What is read from now on belongs together."""
        ...

    def accounts(self) -> list[Account]:
        """All accounts."""
        ...

    def sites(self) -> list[Site]:
        """All sites."""
        ...

    def zones(self) -> list[Zone]:
        """All zones."""
        ...

    def keyholders(self, *, is_export: bool = False) -> list[KnownKeyholder]:
        """All keyholders; an export is a fact before this returns."""
        ...

    def all_schedules(self) -> list[Schedule]:
        """All schedules."""
        ...

    def all_calendars(self) -> list[Holidays]:
        """All calendars of holidays that schedules share."""
        ...

    def import_table(self, plan: ImportPlan) -> ImportResult:
        """Carry out a plan in one transaction, keys first."""
        ...

    def export_plans(self, key: str | None = None) -> bytes:
        """The centre's own action plans as a file, or one plan by its id or name."""
        ...

    def import_plans(self, data: str, *, is_dry: bool) -> ImportedPlans:
        """Make and change action plans by name, the whole file or nothing."""
        ...

    def unknown_accounts(self) -> list[UnknownAccount]:
        """Numbers that send and fit no account."""
        ...

    def open_rejected(self, reason: str) -> list[OpenedFrame]:
        """The same with their bytes; the reading is journalled."""
        ...

    def rejected_frames(self) -> list[RejectedFrame]:
        """Frames that were not accepted."""
        ...


class Form(StrEnum):
    """Form of an exported file."""

    CSV = "csv"
    JSON = "json"


Folder = Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)]


def import_(
    kind: Annotated[
        str,
        typer.Argument(
            help="What the file holds: sites, accounts, zones, keyholders, schedules or plans.", show_default=False
        ),
    ],
    file: Annotated[
        Path, typer.Argument(help="CSV or JSON; at most 100,000 rows. Plans: TOML or JSON.", show_default=False)
    ],
    folder: Folder,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="TOML that takes another system's columns and values.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is new, changed and same; change nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Import sites, accounts, zones, keyholders, schedules or action plans from a file: all of it or nothing.

    Every bad row is named with its line and reason. Works while the centre runs. A site that accounts name and that is
    not there is made with them; zones and schedules need their accounts at the centre. Plans come as TOML or JSON, and
    are known by their names.

    Example: tocsin import accounts accounts.csv --dir centre --dry-run
    """
    _check_kind(kind, IMPORTS, "imports")
    if kind == PLANS:
        _import_plans(folder, file, map_file, is_dry=dry_run, as_json=as_json)
        return
    table = KINDS[kind]
    mapping = PLAIN if map_file is None else read_map(_read(map_file, "map"), table.columns)
    data = _read(file, "file")
    begun_s = SystemClock().monotonic_s()
    try:
        with _open_centre(folder) as centre:
            plan, result = run_import(centre, table, data, mapping, dry_run=dry_run)
    except BadRows as error:
        _show_problems(error, as_json=as_json)
        _show_time(begun_s)
        raise
    print(_as_json(table, plan, result) if as_json else _as_text(plan, result))
    _show_time(begun_s)


def export(
    kind: Annotated[
        str,
        typer.Argument(
            help="What to write: sites, accounts, zones, keyholders, schedules, plans, unknown-accounts or "
            "rejected-frames.",
            show_default=False,
        ),
    ],
    folder: Folder,
    form: Annotated[Form, typer.Option("--format", help="Form of the file.")] = Form.CSV,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; without it, the terminal.")] = None,
    unsealed: Annotated[
        bool, typer.Option("--unsealed", help="With rejected-frames: their bytes and senders too. It is journalled.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help=f"Why, with --unsealed: {', '.join(READ_REASONS)}.", show_default=False)
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option("--plan", help="With plans: this one alone, by its name; one that ships too.", show_default=False),
    ] = None,
) -> None:
    """Export sites, accounts, zones, keyholders, schedules, action plans and lists of the intake as CSV or JSON.

    An export of the first six can be imported again and changes nothing; plans are written as JSON. Keys and phrases
    are never written. Times are UTC. An export of keyholders is a fact in the journal; so is reading the bytes of
    rejected frames, which are sealed, since they can hold a name.

    Example: tocsin export accounts --dir centre --out accounts.csv
    """
    _check_kind(kind, EXPORTS, "exports")
    _check_unsealed(kind, reason, unsealed=unsealed)
    if plan is not None and kind != PLANS:
        raise BadInput(f"--plan goes with plans, not with {kind}. Nothing was written.", "usage.plan")
    file_form: TableFormat = "json" if form is Form.JSON else "csv"
    with _open_centre(folder) as centre:
        if unsealed and reason is not None:
            data, note = _opened_file(centre.open_rejected(reason), file_form), ""
        else:
            data, note = (centre.export_plans(plan), "") if plan else run_export(centre, kind, file_form)
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        _write(out, data)
    if note:
        print(note, file=sys.stderr)


def _import_plans(folder: Path, file: Path, map_file: Path | None, *, is_dry: bool, as_json: bool) -> None:
    if map_file is not None:
        raise BadInput("--map goes with tables, and plans are none. Nothing was read.", "usage.map")
    try:
        data = _read(file, "file").decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"The file {file} is not UTF-8. Nothing was imported.", "usage.file") from None
    with _open_centre(folder) as centre:
        done = centre.import_plans(data, is_dry=is_dry)
    if as_json:
        counts = {"new": len(done.new), "changed": len(done.changed), "same": len(done.same)}
        print(json.dumps({"dry_run": is_dry, **counts, "new_plans": done.new, "changed_plans": done.changed}))
        return
    counts_text = f"{len(done.new)} new, {len(done.changed)} changed, {len(done.same)} same"
    print(f"{'Would import' if is_dry else 'Imported'}: {counts_text}.")
    for one in done.plans if is_dry else ():
        if one.state != "same":
            print(f"  {one.state}: {one.name}{_otherwise(one)}")


def _otherwise(plan: ImportedPlan) -> str:
    """What of a plan would be otherwise, in words."""
    if plan.state == "new":
        return ", in place of the one that ships" if plan.is_shipped_name else ""
    steps = (("steps added", plan.added), ("changed", plan.changed), ("taken out", plan.removed))
    found = [f"{word} {', '.join(ids)}" for word, ids in (*steps, ("also", plan.fields)) if ids]
    return f" ({'; '.join(found)})"


def run_import(
    centre: CentreAccess, table: TableKind, data: bytes, mapping: ColumnMap = PLAIN, *, dry_run: bool = False
) -> tuple[ImportPlan, ImportResult | None]:
    """Plan an import against what the centre has and, unless it is a dry run, carry it out.

    Raises:
        BadInput: the file cannot be read, or rows are wrong (BadRows); nothing was changed.
    """
    centre.begin()
    with _progress_bar("Checking rows") as progress:
        plan = plan_table(table, centre, data, mapping, progress, _same_keys(centre))
    if dry_run:
        return plan, None
    with _status(f"Storing {len(plan.new) + len(plan.changed):,} {table.name} ..."):
        return plan, centre.import_table(plan)


def _same_keys(centre: CentreAccess) -> SameKeys:
    """How this centre compares keys; one that cannot takes each key of a file as a change."""
    return getattr(centre, "same_keys", no_same_keys)


def run_export(centre: CentreAccess, kind: str, form: TableFormat) -> tuple[bytes, str]:
    """Return the file of a kind, and a note for the person who asked; the note may be empty."""
    match kind:
        case "accounts" | "sites" | "zones" | "keyholders" | "schedules":
            table = KINDS[kind]
            known = table.to_export(centre)
            keyed = sum(account.row.key is not None for account in known.accounts) if kind == "accounts" else 0
            has = "1 account has" if keyed == 1 else f"{keyed:,} accounts have"
            note = f"Keys were not written; {has} one. Importing the file again keeps them."
            return table.export(known, form), note if keyed else ""
        case "plans":
            return centre.export_plans(), ""
        case "unknown-accounts":
            return _list_file(UnknownAccount, centre.unknown_accounts(), form), ""
        case _:
            assert kind == "rejected-frames", kind
            return _list_file(RejectedFrame, centre.rejected_frames(), form), ""


def _list_file(kind: type[msgspec.Struct], rows: Sequence[msgspec.Struct], form: TableFormat) -> bytes:
    """Write a list of the intake; what is sealed stays out of it, and times are in words."""
    names = [name for name in kind.__struct_fields__ if name not in ("sealed", "key")]
    return write_table(names, ({name: _cell(name, getattr(row, name)) for name in names} for row in rows), form)


def _cell(name: str, value: Any) -> Any:
    if name == "at" or name.endswith("_at"):
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)).isoformat(timespec="milliseconds")
    return value


def _check_unsealed(kind: str, reason: str | None, *, unsealed: bool) -> None:
    if unsealed and kind != "rejected-frames":
        raise BadInput("Only rejected-frames can be exported with --unsealed. Nothing was read.", "usage.unsealed")
    if unsealed and reason not in READ_REASONS:
        raise BadInput(
            f"--unsealed needs --reason, one of {', '.join(READ_REASONS)}. Nothing was read.", "usage.unsealed"
        )
    if reason is not None and not unsealed:
        raise BadInput("--reason goes with --unsealed.", "usage.unsealed")


def _opened_file(frames: Sequence[OpenedFrame], form: TableFormat) -> bytes:
    """Write rejected frames with what was sealed; bytes as hex, for `tocsin frame`."""
    names = [name for name in RejectedFrame.__struct_fields__ if name not in ("sealed", "key")]
    rows = (
        {name: _cell(name, getattr(one.frame, name)) for name in names}
        | {"peer": one.peer, "raw": None if one.raw is None else one.raw.hex()}
        for one in frames
    )
    return write_table([*names, "peer", "raw"], rows, form)


def _open_centre(folder: Path) -> AbstractContextManager[CentreAccess]:
    # Imported here: it brings the database, which a mistyped kind or a missing file does not need.
    from tocsin.cli.folder import open_centre

    return open_centre(folder)


def _check_kind(kind: str, known: Sequence[str], verb: str) -> None:
    if kind in known:
        return
    offered = known[0] if len(known) == 1 else f"{', '.join(known[:-1])} and {known[-1]}"
    if kind in LATER:
        raise BadInput(f"This release {verb} {offered}; {kind} come later.", "usage.kind")
    near = difflib.get_close_matches(kind, known, 1)
    raise BadInput(f"{kind[:40]!r} cannot be taken; did you mean {near[0] if near else offered}?", "usage.kind")


def _read(file: Path, noun: str) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(BYTES_MAX + 1)
    except OSError as error:
        raise BadInput(
            f"The {noun} {file} cannot be read: {error.strerror}. Nothing was imported.", "usage.file"
        ) from None


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Conflict(f"{file} cannot be written: {error.strerror}. Name another with --out.", "export.file") from None


# What the person sees ------------------------------------------------------------------------------------------------


def _show_problems(error: BadRows, *, as_json: bool) -> None:
    if as_json:
        problems = [{error.noun: problem.line, "reason": problem.reason} for problem in error.problems]
        print(json.dumps({"error": error.code, "problems": problems, "more": error.more}))
        return
    for problem in error.problems:
        print(f"{error.noun} {problem.line}: {problem.reason}", file=sys.stderr)
    if error.more:
        print(f"and {error.more:,} more", file=sys.stderr)


def _show_time(begun_s: float) -> None:
    """Say how long it took, where somebody had to wait."""
    took_s = SystemClock().monotonic_s() - begun_s
    if took_s >= WAITED_S:
        print(f"It took {took_s:.0f} s.", file=sys.stderr)


def _as_json(table: TableKind, plan: ImportPlan, result: ImportResult | None) -> str:
    return json.dumps(
        {
            "dry_run": result is None,
            "new": len(plan.new),
            "changed": len(plan.changed),
            "same": len(plan.same),
            "config": None if result is None else result.config,
            "sites": None if result is None else result.sites,
            f"new_{table.name}": labels_of(plan.new, None),
            f"changed_{table.name}": labels_of(plan.changed, None),
        }
    )


def _as_text(plan: ImportPlan, result: ImportResult | None) -> str:
    counts = f"{len(plan.new):,} new, {len(plan.changed):,} changed, {len(plan.same):,} same"
    if result is not None:
        made = f" {result.sites:,} {'site was' if result.sites == 1 else 'sites were'} made." if result.sites else ""
        return f"Imported: {counts}.{made}"
    return "\n".join([f"Would import: {counts}.", *_listed("new", plan.new), *_listed("changed", plan.changed)])


def _listed(word: str, items: Sequence[Planned]) -> list[str]:
    if not items:
        return []
    more = f" and {len(items) - NAMED_MAX:,} more" if len(items) > NAMED_MAX else ""
    return [f"  {word}: {', '.join(labels_of(items))}{more}"]


@contextmanager
def _progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal; nothing where no person watches."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _status(title: str) -> AbstractContextManager[object]:
    from rich.console import Console

    console = Console(stderr=True)
    return console.status(title) if console.is_terminal else nullcontext()
