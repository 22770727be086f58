"""The bench of machines runs, with numbers so small that only its machinery is tested."""

from pathlib import Path

import pytest

from tocsin.bench.sources import PARTS, Plan, measure

pytestmark = pytest.mark.requires("linux")
DOCUMENTED = (Path(__file__).parents[2] / "docs/reference/bench.md").read_text()
TINY = Plan(runs=1, run_s=0.2, panels=4, sources=2, signals=5, warm_requests=1, devices=3, warm_messages=6)


def quiet(_text: str) -> None:
    """Say nothing."""


@pytest.mark.slow
@pytest.mark.requires("mosquitto")
def test_every_figure_of_machines_is_measured_with_its_ceiling_and_documented(tmp_path):
    figures = {figure.name: figure for figure in measure(TINY, tmp_path, (), quiet).figures}
    assert list(figures) == ["webhook.batches", "mqtt.durable", "mask.1080p"]
    for figure in figures.values():
        assert figure.ratio == pytest.approx(figure.value / figure.ceiling)
        assert any(f"`{figure.name}`" in line and f"{figure.target:g}" in line for line in DOCUMENTED.splitlines())
    assert [name for name in PARTS if f"`{name}`" not in DOCUMENTED] == []


def test_without_a_broker_its_figure_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("tocsin.bench.sources.find_mosquitto", lambda: None)
    (figure,) = measure(TINY, tmp_path, ["mqtt"], quiet).figures
    assert (figure.met, figure.not_measured) == (None, "needs the broker mosquitto (Debian: apt install mosquitto)")
