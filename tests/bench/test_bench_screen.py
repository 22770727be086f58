"""The bench of the screen runs, with numbers so small that only its machinery is tested."""

import re
from pathlib import Path

import msgspec
import pytest

from tocsin.bench import browser, shim
from tocsin.bench.browser import NO_BROWSER
from tocsin.bench.figures import Report
from tocsin.bench.ground import Ground
from tocsin.bench.screen import PARTS, Bench, Plan, measure
from tocsin.cli import main

pytestmark = pytest.mark.requires("linux")
DOCUMENTED = (Path(__file__).parents[2] / "docs/reference/bench.md").read_text()
TINY = Plan(
    runs=1,
    run_s=1.0,
    storm_connections=4,
    storm_warm_frames=40,
    open_incidents=130,
    changes_per_s=20.0,
    fires=2,
    consoles=3,
    visible_signals=3,
    many_incidents=50,
    asks=2,
)
GIVEN_UP_MS = 60_000
PIXEL = [
    "pixel.urgent",
    "pixel.others",
    "pixel.long_tasks",
    "pixel.key",
    "pixel.load",
    "pixel.urgent.slowed",
    "pixel.others.slowed",
    "pixel.long_tasks.slowed",
    "pixel.key.slowed",
    "pixel.load.slowed",
    "pixel.rows",
    "pixel.sound",
]
WITHOUT_BROWSER = ["hub.consoles", "core.rate", "core.slow_disk", "visible.p95", "pages.slowest"]
NAMES = [*PIXEL, *WITHOUT_BROWSER, "script.scripts", "script.styles", "script.fonts"]


def quiet(_text: str) -> None:
    """Say nothing."""


@pytest.mark.slow
@pytest.mark.requires("cc")
def test_figures_that_need_no_browser_are_measured(tmp_path):
    report = measure(TINY, tmp_path, ("hub", "core", "visible", "pages"), quiet)
    figures = {figure.name: figure for figure in report.figures}
    assert (report.bench, list(figures)) == ("screen", WITHOUT_BROWSER)
    assert all(figure.runs and figure.value is not None for figure in figures.values())
    for name in ("core.rate", "core.slow_disk", "visible.p95"):
        assert figures[name].ratio == pytest.approx(figures[name].value / figures[name].ceiling)
    # Two fsyncs of 20 ms and a tick of 100 ms, and nothing is seen before the second fsync.
    assert figures["visible.p95"].ceiling >= 140
    assert figures["visible.p95"].value >= 40
    pages = figures["pages.slowest"].runs[0].extra
    assert {"/api/v1/incidents", "/api/v1/incidents/{incident_id}", "/api/v1/places"} <= set(pages)
    assert figures["pages.slowest"].value == max(pages.values())
    assert figures["hub.consoles"].runs[0].extra["writes_per_s"] > 1


@pytest.mark.slow
@pytest.mark.requires("chromium", "playwright", "console")
def test_way_to_the_screen_is_measured_beside_a_page_that_does_the_least(tmp_path):
    report = measure(TINY, tmp_path, ("pixel", "script"), quiet)
    figures = {figure.name: figure for figure in report.figures}
    assert list(figures) == [*PIXEL, "script.scripts", "script.styles", "script.fonts"]
    for name in ("pixel.urgent", "pixel.others", "pixel.urgent.slowed", "pixel.others.slowed"):
        # Longer than a frame less than none, and sooner than the measure itself gives up.
        assert 1 < figures[name].value < GIVEN_UP_MS
        assert 1 < figures[name].ceiling < GIVEN_UP_MS
    assert figures["pixel.urgent"].runs[0].extra["changes"] > 0
    assert 10 < figures["pixel.rows"].value <= 60
    assert 0 < figures["pixel.sound"].value < GIVEN_UP_MS
    assert 10 < figures["script.scripts"].value <= 90
    assert figures["script.fonts"].value > 1


def test_figures_that_need_a_browser_say_how_to_get_it_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    bench = Bench(TINY, Ground(tmp_path, quiet))
    measured = bench.pixel() + bench.script()
    assert [(figure.name, figure.met, figure.not_measured) for figure in measured] == [
        (name, None, NO_BROWSER) for name in NAMES if name not in WITHOUT_BROWSER
    ]


def test_figures_that_need_a_compiler_say_so_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (figure,) = Bench(TINY, Ground(tmp_path, quiet)).visible()
    assert (figure.name, figure.not_measured) == ("visible.p95", shim.NOT_COMPILED)


def test_missing_things_are_named_with_their_remedy():
    assert "apt install chromium" in browser.NO_BROWSER
    assert "pip install 'tocsin[bench]'" in browser.NO_PLAYWRIGHT


@pytest.mark.slow
def test_json_holds_the_documented_fields(capsys, tmp_path):
    words = ["bench", "screen", "--only", "core", "--runs", "1", "--seconds", "0.2", "--json", "--dir", str(tmp_path)]
    assert main(words) == 0
    printed = capsys.readouterr().out
    report = msgspec.json.decode(printed, type=Report)
    assert [figure.name for figure in report.figures] == ["core.rate", "core.slow_disk"]
    fields = msgspec.json.decode(printed)
    for names in (fields, fields["machine"], fields["figures"][0], fields["figures"][0]["runs"][0]):
        assert [name for name in names if f"`{name}`" not in DOCUMENTED] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "says"), [(("--only", "nonsense"), "[usage.only]"), (("--runs", "0"), "[usage.runs]")]
)
def test_wrong_use_is_a_sentence_and_measures_nothing(words, says, capsys):
    assert main(["bench", "screen", *words]) == 2
    assert capsys.readouterr().err.strip().endswith(says)


def test_reference_describes_every_figure_and_every_part():
    assert [name for name in (*NAMES, *PARTS) if f"`{name}`" not in DOCUMENTED] == []
    targets = re.findall(r"at most ([0-9.]+) kB", DOCUMENTED)
    assert {"90", "15", "60"} <= set(targets)
