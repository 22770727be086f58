"""`tocsin demo`: a centre with a harbour town's panels, to be watched at its intake."""

import asyncio
import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
import typer

from tocsin.model.errors import BadInput, CentreFault, TocsinError
from tocsin.model.values import Seq
from tocsin.system import SystemClock, sleep

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tocsin.panel import Report

__all__ = ["demo"]

ROUND_S: Final = 3600.0
ROUND_MESSAGES: Final = 20_000
"""What a round sends is made ahead of it: more than this would take seconds at its start."""

SHOWN: Final = 8
REFRESH_S: Final = 0.5
PLAIN_S: Final = 5.0
LOOKED_AT: Final = 40


def demo(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Folder of the centre; a temporary one without.", show_default=False)
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the web part; a free one where it is taken.")
    ] = 8400,
    flood: Annotated[bool, typer.Option("--flood", help="Add 600 alarms in 10 minutes.")] = False,
    no_panels: Annotated[bool, typer.Option("--no-panels", help="Serve only; send with `tocsin panel`.")] = False,
    rate: Annotated[float, typer.Option(min=0.1, max=2000, help="Routine messages a second of the whole town.")] = 6.0,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End by itself after so long.", show_default=False)
    ] = None,
) -> None:
    """Make a centre with simulated panels and show its intake at work.

    120 panels of a made-up harbour town, a third of them encrypted, send real DC-09 over TCP to a real receiver. Stop
    it with Ctrl-C: it then counts what was acknowledged against what the journal holds, and verifies the journal.

    Example: tocsin demo --flood
    """
    # Ended as by Ctrl-C: the centre is stopped, and a temporary folder goes.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _folder(folder) as place, _centre(place, port) as running:
        print(f"Centre in {place}")
        print(f"Receiver {running.dc09_host}:{running.dc09_port} (DC-09 over TCP and UDP), {running.web}/metrics")
        if no_panels:
            print(
                f"Send with: tocsin panel send --host {running.dc09_host} --port {running.dc09_port} --account 4102 "
                "--code FA --zone 01"
            )
        print("Ctrl-C ends the demo.", flush=True)
        acked = _watch(running, flood=flood, panels=not no_panels, rate=rate, seconds=seconds)
        running.stop()
        _account_for(place, acked)


class _Running:
    """A `tocsin serve` process of ours."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]", lines: list[str]) -> None:
        self.folder = folder
        self.process = process
        dc09 = next(line for line in lines if line.startswith("DC-09"))
        self.dc09_host, _, number = dc09.split()[2].rstrip(",").rpartition(":")
        self.dc09_port = int(number)
        self.web = next(line for line in lines if line.startswith("Ready")).split()[1].removesuffix("/readyz")

    def figures(self) -> dict[str, float]:
        """The metrics by name with labels; empty while the centre does not answer."""
        try:
            with urllib.request.urlopen(f"{self.web}/metrics", timeout=2) as answer:  # noqa: S310 - our own address
                text = answer.read().decode()
        except (OSError, urllib.error.URLError):
            return {}
        pairs = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def _folder(folder: Path | None) -> Generator[Path]:
    """The folder, made and filled with the town's accounts where it is new; a temporary one goes at the end."""
    from tocsin.settings import FILE_NAME

    temporary = None
    if folder is None:
        temporary = folder = Path(tempfile.mkdtemp(prefix="tocsin-demo-"))
    try:
        if not (folder / FILE_NAME).exists():
            _fill(folder)
        yield folder
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _fill(folder: Path) -> None:
    from tocsin.cli.accounts import run_import
    from tocsin.cli.folder import open_centre
    from tocsin.cli.init import make_centre
    from tocsin.panel.town import Town

    make_centre(folder, "Harbour control room (demo)")
    with open_centre(folder) as centre:
        run_import(centre, Town().accounts_csv.encode())


@contextlib.contextmanager
def _centre(folder: Path, port: int) -> Generator[_Running]:
    environ = {
        **os.environ,
        "TOCSIN_RECEIVERS__DC09__LISTEN": '["127.0.0.1:0"]',
        "TOCSIN_WEB__LISTEN": f"127.0.0.1:{_free(port)}",
    }
    command = [sys.executable, "-m", "tocsin", "serve", "--dir", str(folder), "--log-level", "warning"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:  # noqa: S603 - ourselves
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Ready"):
            line = process.stdout.readline().decode()
            if not line:
                raise CentreFault("The demo's centre did not start; what it said stands above", "demo.not_started")
            lines.append(line.strip())
        running = _Running(folder, process, lines)
        try:
            yield running
        finally:
            running.stop()


def _free(port: int) -> int:
    from tocsin.intake.listening import bind

    try:
        bind(f"127.0.0.1:{port}", socket.SOCK_STREAM, "--port").close()
    except BadInput:
        print(f"Port {port} is in use; taking a free one.", file=sys.stderr)
        return 0
    return port


def _watch(running: _Running, *, flood: bool, panels: bool, rate: float, seconds: float | None) -> int:
    """Send and show until Ctrl-C; return how many messages were acknowledged as stored."""
    acked: list[int] = []

    async def go() -> None:
        clock = SystemClock()
        round_s = max(10.0, min(ROUND_S, ROUND_MESSAGES / rate))
        begin_s = clock.monotonic_s()
        with _screen() as show:
            while running.process.poll() is None:
                left_s = round_s if seconds is None else seconds - (clock.monotonic_s() - begin_s)
                if left_s <= 0:
                    return
                await _round(running, show, min(round_s, left_s), acked, rate if panels else 0.0, flood=flood)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(go())
    return sum(acked)


async def _round(
    running: _Running, show: "Show", round_s: float, acked: list[int], rate: float, *, flood: bool
) -> None:
    """Let the town send for so long, and show it twice a second; add to `acked` how many messages were acknowledged."""
    from tocsin.panel import Run, Target
    from tocsin.panel.town import Town

    clock = SystemClock()
    run: Run | None = None
    sending = None
    if rate:
        first = clock.now_us() // 1_000_000 % 9000 + 1  # so that a demo begun again repeats no sequence number
        fleet = Town().fleet(duration_s=round_s, rate_per_s=rate, flood=flood, first=first, seed=first)
        run = Run(fleet, Target(host=running.dc09_host, port=running.dc09_port))
        sending = asyncio.create_task(run.run(duration_s=round_s))
    end_s = clock.monotonic_s() + round_s
    before = sum(acked)
    try:
        while clock.monotonic_s() < end_s and running.process.poll() is None:
            figures = await asyncio.to_thread(running.figures)
            await asyncio.to_thread(show, running, figures, run.report() if run is not None else None, before)
            await sleep(REFRESH_S)
    finally:
        if run is not None and sending is not None:
            run.stop()
            # Ctrl-C cancels the sending too; what was acknowledged until then counts all the same.
            with contextlib.suppress(asyncio.CancelledError):
                await sending
            acked.append(run.report().acked)


Show = Callable[["_Running", dict[str, float], "Report | None", int], None]


@contextlib.contextmanager
def _screen() -> Generator[Show]:
    """A live table on a terminal, a line every five seconds elsewhere."""
    if not sys.stdout.isatty():
        yield _plain()
        return
    from rich.live import Live

    with Live(refresh_per_second=4, transient=False) as live:
        yield lambda running, figures, report, acked: live.update(_table(running, figures, report, acked))


def _plain() -> Show:
    clock = SystemClock()
    next_s = 0.0

    def show(_running: _Running, figures: dict[str, float], report: "Report | None", acked: int) -> None:
        nonlocal next_s
        if clock.monotonic_s() < next_s or not figures:
            return
        next_s = clock.monotonic_s() + PLAIN_S
        rows = dict(_rows(figures, report, acked))
        print("  ".join(f"{name}: {value}" for name, value in rows.items()), flush=True)

    return show


def _rows(figures: dict[str, float], report: "Report | None", acked: int) -> list[tuple[str, str]]:
    def count(name: str) -> str:
        return f"{int(figures.get(name, 0)):,}"

    rows: list[tuple[str, str]] = []
    if report is not None:
        latency = report.latency_ms
        rows += [
            ("panels connected", f"{count('tocsin_connections_open')} of {report.panels}"),
            ("sent", f"{report.sent:,} messages, {report.polls_sent:,} polls"),
            ("acknowledged", f"{acked + report.acked:,}"),
            ("given up", f"{report.never:,}"),
            ("ack after ms", f"p50 {latency.p50 or 0:.1f}, p99 {latency.p99 or 0:.1f}"),
        ]
    refused = sum(int(value) for name, value in figures.items() if name.startswith("tocsin_frames_refused"))
    rows += [
        ("stored", count('tocsin_frames_total{result="stored"}')),
        ("repeats", count('tocsin_frames_total{result="repeated"}')),
        ("refused", f"{refused:,}"),
        ("commits", count("tocsin_commits_total")),
        ("journal", f"seq {count('tocsin_journal_seq')}, signed to {count('tocsin_journal_signed_seq')}"),
    ]
    return rows


def _table(running: _Running, figures: dict[str, float], report: "Report | None", acked: int) -> "RenderableType":
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Tocsin: what comes in, and what is durable", title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column(min_width=44)
    for name, value in _rows(figures, report, acked):
        table.add_row(name, value)
    sites, meanings = _words()
    newest = Table(title="Newest signals in the journal", title_justify="left")
    for name in ("seq", "site", "code", "meaning", "address", ""):
        newest.add_column(name, no_wrap=True, max_width=34)
    for line in _newest(running.folder, int(figures.get("tocsin_journal_seq", 0))):
        body = line["body"]
        code = body["code"] or "-"
        shown = f"{'E' if body['qualifier'] == '1' else 'R'}{code}" if body["format"] == "CID" else code
        where = "user, sealed" if body["address_withheld"] else body["address"] or "-"
        site = sites.get(body["account"], f"unknown account {body['account']}")
        meaning = meanings.get((body["format"], code), "")
        newest.add_row(str(line["seq"]), site, shown, meaning, where, "AES" if body["encrypted"] else "clear")
    return Group(table, newest, Text("Ctrl-C ends the demo and verifies the journal.", style="dim"))


@functools.cache
def _words() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Names of the town's sites by account, and what codes mean by format and code."""
    from tocsin.panel.town import Town
    from tocsin.protocols.code_tables import codes

    tables: tuple[Literal["SIA", "CID"], ...] = ("SIA", "CID")
    meanings = {(table, code): row.meaning for table in tables for code, row in codes(table).items()}
    return {row["account"]: row["site"] for row in Town().rows}, meanings


def _newest(folder: Path, seq: int) -> list[dict[str, Any]]:
    """The newest signals, asked of the centre as any program would ask."""
    from tocsin.centre.control import RemoteCentre
    from tocsin.centre.folder import CONTROL

    centre = RemoteCentre(folder / CONTROL)
    try:
        page = centre.entries(Seq(max(0, seq - LOOKED_AT)), LOOKED_AT)
    except TocsinError:
        return []
    signals = [stored.row.entry for stored in page if stored.row.kind == "signal"]
    return [msgspec.json.decode(entry) for entry in signals[-SHOWN:]]


def _account_for(folder: Path, acked: int) -> None:
    """Count what was acknowledged against what the journal holds, and verify it."""
    from tocsin.cli.journal import verify_folder

    verdict, signals = verify_folder(folder)
    print(f"{acked:,} messages were acknowledged; the journal holds {signals:,} signals.")
    for sentence in verdict.words:
        print(sentence)
    if verdict.exit_code or acked > signals:
        raise typer.Exit(1)
