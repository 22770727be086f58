"""`tocsin bench`: what this machine can do with this program, each figure with its ceiling and the ratio of the two."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from tocsin.model.errors import BadInput

if TYPE_CHECKING:
    from tocsin.bench.figures import Figure, Report
    from tocsin.bench.ground import Asked

__all__ = ["bench_app"]

RUNS_MAX: Final = 100
SECONDS: Final = (0.1, 60.0)
QUICK_RUNS: Final = 1
QUICK_S: Final = 0.5
FREE_BYTES: Final = 2_000_000_000
"""What the folders of a whole bench need, generously."""

P = TypeVar("P", bound="Asked")

bench_app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="Measure this machine: each figure with its ceiling and ratio."
)


@bench_app.callback()
def _bench() -> None:
    """Measure this machine: each figure with its ceiling and ratio."""


Runs = Annotated[int, typer.Option(help="Runs of each figure; medians are told.")]
Quick = Annotated[bool, typer.Option("--quick", help="One short run of each: a first look, no figure to quote.")]
Check = Annotated[bool, typer.Option("--check", help="Exit status 1 where a target is missed.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Folder = Annotated[
    Path | None,
    typer.Option("--dir", help="Where to put the bench's folder, on the disk that is meant.", show_default="temporary"),
]


@bench_app.command()
def intake(
    runs: Runs = 5,
    seconds: Annotated[float, typer.Option(help="How long one run of a rate takes, about.")] = 2.0,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Measure this alone: plain, aes, group, latency, served, guesses, memory or start. May be repeated."
        ),
    ] = None,
    quick: Quick = False,
    check: Check = False,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Measure the way of a signal: rates, acknowledgements on a slow disk, memory, start.

    Starts centres of its own in a temporary folder, on free ports of this machine, and removes them. Takes about four
    minutes. Other work on the machine lowers values and ceilings alike: look at the ratios.

    Example: tocsin bench intake --only plain --runs 3
    """
    from tocsin.bench.intake import PARTS, Plan, measure

    plan = _asked(Plan(runs=runs, run_s=seconds), quick=quick)
    names = _names(only, PARTS)
    with _room(folder) as room, _progress(quiet=as_json) as tell:
        report = measure(plan, room, names, tell)
    _end(report, as_json=as_json, check=check)


@bench_app.command()
def screen(
    runs: Runs = 3,
    seconds: Annotated[float, typer.Option(help="How long one run of a rate takes, about.")] = 10.0,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Measure this alone: pixel, hub, core, visible, pages or script. May be repeated."),
    ] = None,
    quick: Quick = False,
    check: Check = False,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Measure the way to the screen: commit to pixel in Chromium, the live stream, the core, pages with 10,000 open.

    Starts centres of its own in a temporary folder, on free ports of this machine, and removes them. The screen is
    drawn by the machine's own Chromium, which the package `tocsin[bench]` drives; without the two, what needs them is
    said to be not measured. Takes about four minutes.

    Example: tocsin bench screen --only core --runs 1
    """
    from tocsin.bench.screen import PARTS, Plan, measure

    plan = _asked(Plan(runs=runs, run_s=seconds), quick=quick)
    names = _names(only, PARTS)
    with _room(folder) as room, _progress(quiet=as_json) as tell:
        report = measure(plan, room, names, tell)
    _end(report, as_json=as_json, check=check)


@bench_app.command()
def rules(
    runs: Runs = 3,
    seconds: Annotated[float, typer.Option(help="How long one run of a rate takes, about.")] = 5.0,
    only: Annotated[
        list[str] | None, typer.Option(help="Measure this alone: rate, queue or flood. May be repeated.")
    ] = None,
    quick: Quick = False,
    check: Check = False,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Measure judgement with every rule at work: the core's rate, a long queue, a fire behind a flood.

    Starts centres of its own in a temporary folder, on free ports of this machine, and removes them. Takes about two
    minutes.

    Example: tocsin bench rules --only rate
    """
    from tocsin.bench.rules import PARTS, measure
    from tocsin.bench.screen import Plan

    plan = _asked(Plan(runs=runs, run_s=seconds), quick=quick)
    names = _names(only, PARTS)
    with _room(folder) as room, _progress(quiet=as_json) as tell:
        report = measure(plan, room, names, tell)
    _end(report, as_json=as_json, check=check)


@bench_app.command()
def sources(
    runs: Runs = 5,
    seconds: Annotated[float, typer.Option(help="How long one run of a rate takes, about.")] = 2.0,
    only: Annotated[
        list[str] | None, typer.Option(help="Measure this alone: webhook, mqtt or mask. May be repeated.")
    ] = None,
    quick: Quick = False,
    check: Check = False,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Measure signals of machines: batches by HTTP, messages of a broker, and the masking of a picture.

    Starts centres of its own in a temporary folder, on free ports of this machine, and removes them; for the broker,
    mosquitto. Takes about a minute and a half.

    Example: tocsin bench sources --only webhook
    """
    from tocsin.bench.sources import PARTS, Plan, measure

    plan = _asked(Plan(runs=runs, run_s=seconds), quick=quick)
    names = _names(only, PARTS)
    with _room(folder) as room, _progress(quiet=as_json) as tell:
        report = measure(plan, room, names, tell)
    _end(report, as_json=as_json, check=check)


@bench_app.command()
def supervision(
    runs: Runs = 3,
    accounts: Annotated[int, typer.Option(min=1_000, max=4_000_000, help="Accounts to watch.")] = 1_000_000,
    quick: Quick = False,
    check: Check = False,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Measure what watching costs: polls, the scan each second, memory and the board of a million accounts.

    Each run is a process of its own without sockets. A run takes about half a minute.

    Example: tocsin bench supervision --runs 1
    """
    from tocsin.bench.supervision import Plan, measure

    plan = _asked(Plan(runs=runs, accounts=accounts), quick=quick)
    _names(None, {})
    with _room(folder) as room, _progress(quiet=as_json) as tell:
        report = measure(plan, room, tell)
    _end(report, as_json=as_json, check=check)


@bench_app.command()
def verify(
    runs: Runs = 5,
    only: Annotated[
        list[str] | None, typer.Option(help="Measure this alone: export or folder. May be repeated.")
    ] = None,
    quick: Quick = False,
    check: Check = False,
    as_json: AsJson = False,
    folder: Folder = None,
) -> None:
    """Measure how fast `tocsin journal verify` is, against hashing the same bytes and nothing else.

    Fills a centre of its own in a temporary folder and removes it. Takes about a minute and a half.

    Example: tocsin bench verify --only folder
    """
    from tocsin.bench.verify import PARTS, Plan, measure

    plan = _asked(Plan(runs=runs), quick=quick)
    names = _names(only, PARTS)
    with _room(folder) as room, _progress(quiet=as_json) as tell:
        report = measure(plan, room, names, tell)
    _end(report, as_json=as_json, check=check)


def _asked(plan: P, *, quick: bool) -> P:
    """The plan, if it is within limits."""
    import msgspec

    if not 1 <= plan.runs <= RUNS_MAX:
        raise BadInput(f"--runs {plan.runs} is outside 1 to {RUNS_MAX}", "usage.runs")
    if not SECONDS[0] <= plan.run_s <= SECONDS[1]:
        raise BadInput(f"--seconds {plan.run_s:g} is outside {SECONDS[0]:g} to {SECONDS[1]:g}", "usage.seconds")
    return msgspec.structs.replace(plan, runs=QUICK_RUNS, run_s=QUICK_S, is_quick=True) if quick else plan


def _names(only: list[str] | None, parts: Mapping[str, object]) -> list[str]:
    """What to measure, if it is there to be measured."""
    names = only or []
    if unknown := [name for name in names if name not in parts]:
        raise BadInput(f"There is nothing {unknown[0][:20]!r} to measure. Names are {', '.join(parts)}", "usage.only")
    if sys.platform != "linux":
        raise BadInput("The bench reads processor time and memory from /proc, so it needs Linux", "bench.linux")
    return names


def _end(report: "Report", *, as_json: bool, check: bool) -> None:
    """Tell what was measured; end with status 1 where a target is missed and that is asked for."""
    if as_json:
        import msgspec

        print(msgspec.json.encode(report).decode())
    else:
        _show(report)
    if check and report.missed:
        raise typer.Exit(1)


@contextlib.contextmanager
def _room(parent: Path | None) -> Iterator[Path]:
    """An empty folder for as long as the context lasts."""
    try:
        made = Path(tempfile.mkdtemp(prefix="tocsin-bench-", dir=parent))
    except OSError as error:
        raise BadInput(
            f"No folder can be made in {parent or tempfile.gettempdir()}: {error.strerror}. Nothing was measured. Name "
            "another with --dir",
            "folder.not_writable",
        ) from error
    try:
        if (free := shutil.disk_usage(made).free) < FREE_BYTES:
            raise BadInput(
                f"{made.parent} has {free / 1e9:.1f} GB left, the bench may need {FREE_BYTES / 1e9:.0f}. Nothing was "
                "measured. Make room, or name another place with --dir",
                "bench.room",
            )
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Say what is measured where a person waits."""
    if quiet or not sys.stderr.isatty():
        yield lambda _text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda text: status.update(text)


def _show(report: "Report") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"tocsin bench {report.bench}", title_justify="left")
    for name in ("figure", "what"):
        table.add_column(name)
    for name in ("value", "ceiling", "ratio", "target"):
        table.add_column(name, justify="right")
    table.add_column("")
    for figure in report.figures:
        table.add_row(*_row(figure))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    machine = report.machine
    console.print(
        f"{machine.processors} x {machine.processor}, {machine.system}, Python {machine.python}, SQLite "
        f"{machine.sqlite}, fsync {machine.fsync_ms} ms here; medians of {report.runs} runs of {report.run_s:g} s, "
        f"{report.seconds:.0f} s in all.",
        highlight=False,
    )
    for line in _notes(report):
        console.print(line, highlight=False)


def _row(figure: "Figure") -> tuple[str, ...]:
    sign = ">=" if figure.bound == "at_least" else "<="
    target = f"{sign} {figure.target:g}" + (f" {figure.unit}" if figure.judged == "value" else "")
    if figure.not_measured is not None:
        return figure.name, figure.what, "-", "-", "-", target, figure.not_measured
    return (
        figure.name,
        figure.what,
        f"{_number(figure.value)} {figure.unit}",
        _number(figure.ceiling),
        "-" if figure.ratio is None else f"{figure.ratio:.2f}",
        target,
        "met" if figure.met else "MISSED",
    )


def _notes(report: "Report") -> Iterator[str]:
    """What tells whether the load, not the server, was measured."""
    for figure in report.figures:
        if figure.name == "slow_disk.rate" and figure.runs:
            used = median(run.extra["cpu"] for run in figure.runs)
            able = median(run.extra["per_core_second"] for run in figure.runs)
            yield f"{figure.name}: the centre had {used:.0%} of a core, and does {able:,.0f} signals in a core-second."
        shares = [run.extra["load_cpu"] for run in figure.runs if "load_cpu" in run.extra]
        shares += [run.extra["ceiling_load_cpu"] for run in figure.runs if "ceiling_load_cpu" in run.extra]
        if shares:
            yield f"{figure.name}: the load used at most {max(shares):.0%} of a core."
        late = [run.extra["load_late_p99_ms"] for run in figure.runs if "load_late_p99_ms" in run.extra]
        if late and figure.name.endswith("p99"):
            yield f"{figure.name}: the load itself was up to {max(late):.1f} ms late (p99): so busy was the machine."


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
