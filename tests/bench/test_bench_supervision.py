"""The bench of supervision: each figure is measured, with what it is compared with."""

import pytest

from tocsin.bench.supervision import Plan, measure


@pytest.mark.slow
@pytest.mark.requires("linux")
def test_every_figure_of_supervision_is_measured_with_its_ceiling(tmp_path):
    report = measure(Plan(runs=1, accounts=2_000, polls=1_000, is_quick=True), tmp_path, lambda _text: None)
    figures = {figure.name: figure for figure in report.figures}
    assert list(figures) == ["supervision.cpu", "supervision.scan", "supervision.memory", "supervision.answer"]
    assert all(figure.value is not None for figure in figures.values())
    assert figures["supervision.cpu"].ceiling_what
    assert figures["supervision.cpu"].ratio == pytest.approx(
        figures["supervision.cpu"].value / figures["supervision.cpu"].ceiling
    )
    assert {name: figure.target for name, figure in figures.items()} == {
        "supervision.cpu": 2.0, "supervision.scan": 5.0, "supervision.memory": 350.0, "supervision.answer": 200.0
    }  # fmt: skip
