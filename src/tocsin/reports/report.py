"""A report: whose figures of which time they are, what they are measured against, and the figures."""

from typing import Final

import msgspec

from tocsin.model.profiles import LOAD_PREFIX, Figure, Profile
from tocsin.model.values import Micros
from tocsin.reports import says
from tocsin.reports.figures import Ask, Figures, Load, Result

FORMAT: Final = 1
"""Of the JSON form: raised when a field changes its meaning or goes."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that a report says."""

    format: int = FORMAT
    centre: str
    made_at: Micros
    since: Micros
    until: Micros
    as_of: Micros
    is_export: bool
    """Computed from an export; else from a centre's own journal."""
    profile: Profile
    load_profile: Profile
    trouble: tuple[str, ...]
    """Why a chosen profile was not used, and the shipped one instead."""
    figures: Figures


class Against(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a profile beside what was measured, in words."""

    figure: Figure
    about: str
    target: str
    measured: str
    cases: str
    misses: str
    remark: str
    is_reached: bool | None
    """None: nothing to judge."""


def against(report: Report) -> list[Against]:
    """The chosen profile's figures of intervals, in its order, for the whole centre."""
    results = {one.figure: one for one in report.figures.paths.results}
    results |= {one.figure: one for group in report.figures.groups[:1] for one in group.results}
    return [
        _against(one, results.get(one.id), is_withheld=report.figures.is_withheld)
        for one in report.profile.figures
        if not one.measure.startswith(LOAD_PREFIX)
    ]


def _against(figure: Figure, result: Result | None, *, is_withheld: bool) -> Against:
    is_reached: bool | None = None
    measured = cases = misses = says.NOTHING
    remarks = [] if figure.is_confirmed else [says.UNCONFIRMED]
    if figure.measure not in ("reaction", "handling", "path_fault", "restoral"):
        remarks.append(says.NOT_MEASURED)
    elif (result is None and is_withheld) or (result is not None and result.is_withheld):
        remarks.append(says.WITHHELD)
    elif result is None or result.cases == 0:
        remarks.append("no case")
    else:
        measured = says.share(result.within, result.cases)
        cases, misses = says.count(result.cases), says.count(result.cases - result.within)
        is_reached = result.within * 1000 >= (figure.share_permille or 0) * result.cases
    if result is not None and result.waiting:
        remarks.append(f"{says.count(result.waiting)} not claimed yet, within the limit")
    return Against(
        figure=figure,
        about=f"{says.MEASURE_WORDS[figure.measure]}: {says.hazards(figure)}",
        target=says.target(figure),
        measured=measured,
        cases=cases,
        misses=misses,
        remark=", ".join(remarks),
        is_reached=is_reached,
    )


def load_against(report: Report, load: Load) -> list[Against]:
    """The load profile's figures beside one load; those of the whole journal beside the room's alone."""
    made: list[Against] = []
    for one in report.load_profile.figures:
        if not one.measure.startswith(LOAD_PREFIX) or one.measure in ("load.flood_begins", "load.flood_ends"):
            continue
        found = _load_measured(report, load, one)
        if found is None:
            continue
        milli, words = found
        is_reached = None
        # Of a mix of priorities there is no better side.
        if one.measure not in ("load.high", "load.medium", "load.low", "load.day"):
            goal = one.target_milli or 0
            is_reached = milli < goal if one.measure == "load.stale" else milli <= goal
        made.append(
            Against(
                figure=one,
                about=says.MEASURE_WORDS[one.measure],
                target=says.target(one),
                measured=words,
                cases=says.count(load.annunciated),
                misses="",
                remark="" if one.is_confirmed else says.UNCONFIRMED,
                is_reached=is_reached,
            )
        )
    return made


def _load_measured(report: Report, load: Load, figure: Figure) -> tuple[int, str] | None:
    """In thousandths of the target's unit, and in words; None: it is not measured of this one."""
    figures, all_ = report.figures, load.annunciated
    high, medium, *low = load.priorities
    shares = {"load.high": high, "load.medium": medium, "load.low": sum(low)}
    match figure.measure:
        case "load.average":
            return load.mean_milli, says.thousandths(load.mean_milli)
        case "load.peak_hour":
            return load.peak_hour * 1000, says.count(load.peak_hour)
        case "load.peak_minute":
            return load.peak_minute * 1000, says.count(load.peak_minute)
        case "load.flood_share":
            return _percent_milli(load.flood_us, load.staffed_us), says.share(load.flood_us, load.staffed_us)
        case "load.high" | "load.medium" | "load.low":
            return _percent_milli(shares[figure.measure], all_), says.share(shares[figure.measure], all_)
        case "load.worst_ten" if load.kind == "room":
            return _percent_milli(figures.worst_ten, all_), says.share(figures.worst_ten, all_)
        case "load.chattering" if load.kind == "room":
            return figures.chattering * 1000, says.count(figures.chattering)
        case "load.stale" if load.kind == "room":
            return figures.stale * 1000, says.count(figures.stale)
        case _:
            return None


def _percent_milli(part: int, whole: int) -> int:
    return 0 if whole == 0 else -(-part * 100_000 // whole)


def report_of(
    ask: Ask, figures: Figures, *, centre: str, made_at: Micros, is_export: bool, trouble: tuple[str, ...]
) -> Report:
    """Put it together."""
    return Report(
        centre=centre,
        made_at=made_at,
        since=ask.since,
        until=ask.until,
        as_of=ask.as_of,
        is_export=is_export,
        profile=ask.profile,
        load_profile=ask.load_profile,
        trouble=trouble,
        figures=figures,
    )
