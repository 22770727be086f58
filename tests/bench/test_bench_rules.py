"""The bench of judgement runs, with numbers so small that only its machinery is tested."""

from pathlib import Path

import pytest

from tocsin.bench import rules
from tocsin.bench.screen import Plan

pytestmark = [pytest.mark.requires("linux"), pytest.mark.slow]
DOCUMENTED = (Path(__file__).parents[2] / "docs/reference/bench.md").read_text()
TINY = Plan(runs=1, run_s=1.0, storm_connections=4, storm_warm_frames=40, many_incidents=20, asks=2)


def test_every_figure_of_judgement_is_measured_and_documented(tmp_path, monkeypatch):
    monkeypatch.setattr(rules, "FLOOD", 40)  # a number, lowered so that only the machinery is tested
    report = rules.measure(TINY, tmp_path, [], lambda _text: None)
    figures = {figure.name: figure for figure in report.figures}
    assert list(figures) == ["rules.rate", "rules.queue", "rules.flood"]
    assert all(figure.value is not None for figure in figures.values())
    for figure in figures.values():
        number = f"{figure.target:,.0f}" if figure.unit == "ms" else f"{figure.target:g}"
        assert any(f"`{figure.name}`" in line and number in line for line in DOCUMENTED.splitlines())
