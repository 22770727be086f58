"""What a bench measured: each figure with its ceiling, their ratio and the target."""

from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec

Bound = Literal["at_least", "at_most"]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement of a figure."""

    value: float
    ceiling: float | None = None
    """What the value is compared with, measured in the same run."""
    ratio: float | None = None
    """`value / ceiling`; None where there is no ceiling."""
    extra: dict[str, float] = {}
    """What else was seen, such as the load's own processor time."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: medians of its runs, and whether the target is met."""

    name: str
    what: str
    unit: str
    value: float | None
    ceiling: float | None
    ceiling_what: str | None
    ratio: float | None
    judged: Literal["value", "ratio"]
    """Which of them the target is about."""
    bound: Bound
    target: float
    met: bool | None
    """None where it was not measured."""
    not_measured: str | None = None
    """Why."""
    runs: tuple[Run, ...] = ()


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure is about, before it is measured."""

    name: str
    what: str
    unit: str
    judged: Literal["value", "ratio"]
    bound: Bound
    target: float
    ceiling_what: str | None = None


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where it was measured."""

    system: str
    processor: str
    processors: int
    python: str
    sqlite: str
    fsync_ms: float
    """A plain fsync of one page in the bench's folder, median."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `tocsin bench ... --json` prints."""

    bench: Literal["intake", "rules", "screen", "sources", "supervision", "verify"]
    version: str
    began_at: int
    """Microseconds since 1970 UTC."""
    seconds: float
    """How long the whole bench took."""
    runs: int
    run_s: float
    """How long one run of a rate was meant to take."""
    is_quick: bool
    machine: Machine
    figures: tuple[Figure, ...]

    @property
    def missed(self) -> list[Figure]:
        """Figures that were measured and do not meet their target."""
        return [figure for figure in self.figures if figure.met is False]


def run_of(value: float, ceiling: float | None = None, **extra: float) -> Run:
    """One measurement, with its ratio."""
    ratio = value / ceiling if ceiling else None
    return Run(value=value, ceiling=ceiling, ratio=ratio, extra=extra)


def figure_of(subject: Subject, runs: Sequence[Run]) -> Figure:
    """The medians of the runs. The ratio is the median of their ratios: both sides of a run saw the same machine."""
    assert runs, "a figure without a run was not measured"
    value = median(run.value for run in runs)
    ceilings = [run.ceiling for run in runs if run.ceiling is not None]
    ratios = [run.ratio for run in runs if run.ratio is not None]
    ratio = median(ratios) if ratios else None
    judged = value if subject.judged == "value" else ratio
    assert judged is not None, "a figure that is judged by its ratio has a ceiling"
    met = judged >= subject.target if subject.bound == "at_least" else judged <= subject.target
    return _figure(
        subject, value=value, ceiling=median(ceilings) if ceilings else None, ratio=ratio, met=met, runs=tuple(runs)
    )


def not_measured(subject: Subject, reason: str) -> Figure:
    """A figure that this machine cannot give, and why."""
    return msgspec.structs.replace(
        _figure(subject, value=None, ceiling=None, ratio=None, met=None, runs=()), not_measured=reason
    )


def _figure(
    subject: Subject,
    *,
    value: float | None,
    ceiling: float | None,
    ratio: float | None,
    met: bool | None,
    runs: tuple[Run, ...],
) -> Figure:
    return Figure(
        name=subject.name,
        what=subject.what,
        unit=subject.unit,
        value=value,
        ceiling=ceiling,
        ceiling_what=subject.ceiling_what,
        ratio=ratio,
        judged=subject.judged,
        bound=subject.bound,
        target=subject.target,
        met=met,
        runs=runs,
    )
