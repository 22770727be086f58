"""What is worked out from measurements: medians, ratios, verdicts."""

import msgspec
import pytest

from tocsin.bench.figures import Figure, Machine, Report, Run, Subject, figure_of, not_measured, run_of
from tocsin.bench.load import quantile

RATE = Subject(
    name="a.rate",
    what="Signals",
    unit="signals/s",
    judged="ratio",
    bound="at_least",
    target=0.30,
    ceiling_what="the ceiling",
)
DELAY = Subject(name="a.delay", what="A delay", unit="s", judged="value", bound="at_most", target=2.0)


def test_run_has_the_ratio_of_its_own_two_sides():
    assert run_of(30.0, 120.0, cpu=0.9) == Run(value=30.0, ceiling=120.0, ratio=0.25, extra={"cpu": 0.9})
    assert run_of(30.0) == Run(value=30.0, ceiling=None, ratio=None, extra={})


def test_run_without_anything_to_compare_with_has_no_ratio():
    assert run_of(30.0, 0.0).ratio is None


def test_ratio_is_the_median_of_ratios_and_not_the_ratio_of_medians():
    # A busy moment slowed the second run, both sides of it.
    runs = [run_of(40.0, 100.0), run_of(10.0, 50.0), run_of(45.0, 90.0)]
    assert figure_of(RATE, runs) == Figure(
        name="a.rate",
        what="Signals",
        unit="signals/s",
        value=40.0,
        ceiling=90.0,
        ceiling_what="the ceiling",
        ratio=0.4,
        judged="ratio",
        bound="at_least",
        target=0.30,
        met=True,
        not_measured=None,
        runs=tuple(runs),
    )


@pytest.mark.parametrize(("value", "met"), [(29.9, False), (30.0, True), (30.1, True)])
def test_target_of_at_least_belongs_to_what_is_met(value, met):
    assert figure_of(RATE, [run_of(value, 100.0)]).met is met


@pytest.mark.parametrize(("value", "met"), [(1.9, True), (2.0, True), (2.1, False)])
def test_target_of_at_most_belongs_to_what_is_met(value, met):
    assert figure_of(DELAY, [run_of(value)]).met is met


def test_what_was_not_measured_is_neither_met_nor_missed():
    figure = not_measured(RATE, "not measured: no compiler")
    assert (figure.value, figure.ratio, figure.met, figure.runs) == (None, None, None, ())
    assert figure.not_measured == "not measured: no compiler"


def report(*figures: Figure) -> Report:
    machine = Machine(system="s", processor="p", processors=2, python="3", sqlite="3", fsync_ms=0.1)
    return Report(
        bench="intake",
        version="0",
        began_at=1,
        seconds=1.0,
        runs=1,
        run_s=1.0,
        is_quick=True,
        machine=machine,
        figures=figures,
    )


def test_report_names_what_missed_its_target_and_nothing_else():
    missed = figure_of(DELAY, [run_of(3.0)])
    assert report(figure_of(RATE, [run_of(1.0, 2.0)]), not_measured(RATE, "no"), missed).missed == [missed]


def test_report_reads_back_as_it_was_written():
    written = report(figure_of(RATE, [run_of(1.0, 2.0, cpu=0.5)]), not_measured(DELAY, "no"))
    assert msgspec.json.decode(msgspec.json.encode(written), type=Report) == written


@pytest.mark.parametrize(
    ("ordered", "share", "value"),
    [
        ([], 0.5, 0.0),
        ([7.0], 0.99, 7.0),
        ([1.0, 2.0], 0.5, 1.0),
        ([1.0, 2.0, 3.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.99, 99.0),
        ([float(n) for n in range(1, 101)], 1.0, 100.0),
    ],
)
def test_quantile_is_the_smallest_that_so_large_a_share_does_not_exceed(ordered, share, value):
    assert quantile(ordered, share) == value
