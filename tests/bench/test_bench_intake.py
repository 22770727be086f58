"""The bench runs, with numbers so small that only its machinery is tested."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tocsin.bench import shim
from tocsin.bench.figures import Report
from tocsin.bench.ground import Ground
from tocsin.bench.intake import PARTS, Bench, Plan, measure
from tocsin.bench.load import Load, Open, Storm
from tocsin.bench.processes import load_process, output_of, reply_only_process
from tocsin.bench.shim import SlowFsync, compile_shim
from tocsin.cli import main

pytestmark = pytest.mark.requires("linux")
TINY = Plan(
    runs=1,
    run_s=0.1,
    busy_connections=4,
    many_connections=6,
    rate_per_s=200.0,
    idle_connections=5,
    settle_s=0.0,
)
NAMES = [
    "durable.plain",
    "durable.aes",
    "slow_disk.rate",
    "slow_disk.p50",
    "slow_disk.p99",
    "slow_disk.fsyncs",
    "served.p50",
    "served.p99",
    "guesses.p50",
    "guesses.p99",
    "memory.connections",
    "memory.idle",
    "start.ready",
    "start.help",
]


def quiet(_text: str) -> None:
    """Say nothing."""


@pytest.mark.slow
@pytest.mark.requires("cc")
def test_every_figure_is_measured_with_its_ceiling(tmp_path):
    report = measure(TINY, tmp_path, (), quiet)
    figures = {figure.name: figure for figure in report.figures}
    assert list(figures) == NAMES
    assert all(figure.value for figure in figures.values())
    compared = [name for name, figure in figures.items() if figure.judged == "ratio"]
    assert compared == NAMES[:10]
    for name in compared:
        figure = figures[name]
        assert figure.ratio == pytest.approx(figure.value / figure.ceiling)
        assert figure.ceiling_what
    # No ratio of so few signals means anything, but one commit a signal cannot beat the fsync of 5 ms.
    assert figures["slow_disk.rate"].ceiling < 200
    assert figures["slow_disk.p50"].ceiling >= 5.0
    assert figures["memory.connections"].runs[0].extra["connections_open"] == 5


def test_figures_that_need_a_compiler_say_so_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    bench = Bench(TINY, Ground(tmp_path, quiet))
    measured = bench.group_commit() + bench.latency()
    assert [(figure.name, figure.met, figure.not_measured) for figure in measured] == [
        (name, None, shim.NOT_COMPILED) for name in NAMES[2:6]
    ]


@pytest.mark.slow
def test_guesses_come_beside_the_signals_and_are_answered(tmp_path):
    plan = msgspec.structs.replace(TINY, run_s=1.0, guesses_per_s=2.0)
    for figure in Bench(plan, Ground(tmp_path, quiet)).guesses():
        (run,) = figure.runs
        assert run.extra["guesses"] >= 1, "two a second, for as long as the signals take"
        assert 0 < run.extra["looked_at"] <= run.extra["guesses"]
        assert run.extra["unanswered"] == 0
        assert figure.ratio == pytest.approx(figure.value / figure.ceiling)


@pytest.mark.requires("cc")
def test_slow_fsync_fills_up_to_its_time_and_counts(tmp_path):
    library = compile_shim(tmp_path)
    assert library is not None
    slow = SlowFsync(library, tmp_path / "counts", 5000)
    program = "import os\nwith open('f', 'wb') as f:\n for call in (os.fsync, os.fdatasync, os.fsync): call(f.fileno())"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path, env={**os.environ, **slow.environment})
    count = slow.count()
    assert count.calls == 3
    assert count.mean_ms >= 5.0
    assert (count.since(count).calls, count.since(count).mean_ms) == (0, 0.0)


@pytest.mark.slow
def test_ceiling_answers_rightly_and_stores_nothing(tmp_path):
    bench = Bench(TINY, Ground(tmp_path, quiet))
    folder = bench.centre_folder()

    def exported() -> bytes:
        return output_of(["tocsin", "journal", "export", "--dir", str(folder)])

    before = exported()
    with reply_only_process(folder) as server, load_process() as load:
        for is_encrypted in (False, True):
            load.open(Open(*server.dc09, connections=4, is_encrypted=is_encrypted))
            load.prepare(Storm(first=0, frames=12))
            result = load.run()
            assert (result.answered, result.wrong, result.lost) == (12, 0, 0)
    assert exported() == before


def test_wrong_answer_is_counted(tmp_path):
    # A server that sends back what it gets acknowledges nothing.
    echo = (
        "import socket\ns = socket.create_server(('127.0.0.1', 0))\nprint(s.getsockname()[1], flush=True)\n"
        "c = s.accept()[0]\nwhile d := c.recv(4096): c.send(d)"
    )
    with subprocess.Popen([sys.executable, "-c", echo], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        load = Load()
        load.open(Open("127.0.0.1", int(server.stdout.readline()), connections=1))
        load.prepare(Storm(first=0, frames=3))
        result = load.run(Storm(first=0, frames=3))
        load.close()
    assert (result.answered, result.wrong, result.lost) == (3, 3, 0)


@pytest.mark.slow
def test_json_holds_the_documented_fields(capsys, tmp_path):
    words = ["bench", "intake", "--only", "start", "--runs", "1", "--json", "--check", "--dir", str(tmp_path)]
    main(words)
    printed = capsys.readouterr().out
    report = msgspec.json.decode(printed, type=Report)
    assert [figure.name for figure in report.figures] == ["start.ready", "start.help"]
    documented = (Path(__file__).parents[2] / "docs/reference/bench.md").read_text()
    fields = msgspec.json.decode(printed)
    for names in (fields, fields["machine"], fields["figures"][0], fields["figures"][0]["runs"][0]):
        assert [name for name in names if f"`{name}`" not in documented] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--only", "nonsense"), "[usage.only]"),
        (("--runs", "0"), "[usage.runs]"),
        (("--seconds", "1000"), "[usage.seconds]"),
    ],
)
def test_wrong_use_is_a_sentence_and_measures_nothing(words, says, capsys):
    assert main(["bench", "intake", *words]) == 2
    assert capsys.readouterr().err.strip().endswith(says)


def test_place_that_takes_no_folder_is_said(capsys):
    assert main(["bench", "intake", "--dir", "/nonexistent/folder"]) == 1
    assert capsys.readouterr().err.strip().endswith("[folder.not_writable]")


def test_reference_describes_every_figure_and_every_part():
    documented = (Path(__file__).parents[2] / "docs/reference/bench.md").read_text()
    assert [name for name in (*NAMES, *PARTS) if f"`{name}`" not in documented] == []
