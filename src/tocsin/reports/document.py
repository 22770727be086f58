"""What a report says, block by block, in words: HTML and PDF differ in how it looks, never in what it says."""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tocsin.model.profiles import Profile
from tocsin.model.values import Micros
from tocsin.reports import says
from tocsin.reports.drawing import Drawing
from tocsin.reports.figures import DIMENSIONS, Group, Load, Times
from tocsin.reports.report import Against, Report, against, load_against

Stamp = Callable[[Micros], str]
WORDING: Final = "Designed to measure against"


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading."""

    text: str


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A paragraph."""

    text: str
    is_strong: bool = False


class Pairs(msgspec.Struct, frozen=True, tag="pairs"):
    """Names and values, one a line."""

    rows: tuple[tuple[str, str], ...]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table. `align` has an `l` or `r` for each column, `share` its part of the width."""

    title: str
    head: tuple[str, ...]
    align: str
    share: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


class Plot(msgspec.Struct, frozen=True, tag="plot"):
    """A drawing."""

    drawing: Drawing


Block = Heading | Text | Pairs | Table | Plot


def document(report: Report, drawings: Sequence[Drawing], stamp: Stamp) -> list[Block]:
    """The whole report; `stamp` writes a time for people."""
    plots = {one.id: Plot(one) for one in drawings}
    return [
        *_front(report, stamp),
        *_against_profile(report, plots),
        *_groups(report, plots),
        *_load(report, plots),
        *_unwanted(report, plots),
        *_paths(report),
        *_left_out(report),
    ]


def _front(report: Report, stamp: Stamp) -> list[Block]:
    figures = report.figures
    source = "an export of the journal" if report.is_export else "the journal"
    pairs = (
        ("Period", f"{stamp(report.since)} to {stamp(report.until)}"),
        ("As it stood", stamp(report.as_of)),
        (WORDING, f"{report.profile.title} ({_profile_words(report.profile)})"),
        ("Operators' load", f"{report.load_profile.title} ({_profile_words(report.load_profile)})"),
        ("Computed from", f"{source} alone: {says.count(figures.entries)} entries, up to number {figures.last_seq}"),
        ("Made", stamp(report.made_at)),
    )
    priorities = figures.load[0].priorities if figures.load else (0, 0, 0, 0)
    heard = sum(priorities)
    blocks: list[Block] = [Text(words, is_strong=True) for words in report.trouble]
    blocks += [
        Pairs(pairs),
        Heading("In short"),
        Table(
            "What came in",
            ("Signals", "Incidents", "Annunciated", "Not claimed", *(f"Priority {one}" for one in (1, 2, 3, 4))),
            "rrrrrrrr",
            (12, 12, 13, 13, 12, 12, 12, 12),
            (
                tuple(
                    says.count(one)
                    for one in (figures.signals, figures.incidents, heard, figures.unclaimed, *priorities)
                ),
            ),
        ),
    ]
    if figures.is_withheld:
        blocks.append(
            Text(
                "Fewer than three people handled incidents in this period: no figure of how fast they did is shown. "
                "What nobody has claimed is counted above. Choose a longer period.",
                is_strong=True,
            )
        )
    return blocks


def _profile_words(profile: Profile) -> str:
    own = "" if profile.copied_from is None else f", the centre's own copy of {profile.copied_from}"
    return f"{profile.id}, version {profile.version}{own}"


def _against_profile(report: Report, plots: dict[str, Plot]) -> list[Block]:
    rows = against(report)
    blocks: list[Block] = [Heading(f"Against {report.profile.title}")]
    blocks.append(
        Table(
            "For the whole centre",
            ("Figure", "Target", "Measured", "", "Cases", "Misses", "Remark"),
            "llrlrrl",
            (27, 17, 9, 12, 7, 7, 21),
            tuple(
                (one.about, one.target, one.measured, _reached(one), one.cases, one.misses, one.remark) for one in rows
            ),
        )
    )
    sources = dict.fromkeys(one.figure.source for one in rows)
    blocks.append(Text(f"Source: {'; '.join(sources)}."))
    if any(not one.figure.is_confirmed for one in rows):
        blocks.append(
            Text(
                f"{says.UNCONFIRMED.capitalize()}: from memory. Compare it with the bought text before anything relies "
                "on it; who has done so enters name and day into the profile."
            )
        )
    if "spread" in plots:
        blocks.append(plots["spread"])
    return blocks


def _reached(one: Against) -> str:
    return {None: "", True: "reached", False: "NOT reached"}[one.is_reached]


def _groups(report: Report, plots: dict[str, Plot]) -> list[Block]:
    groups = report.figures.groups
    if not groups:
        return []
    blocks: list[Block] = [Heading("Reaction and handling")]
    names = {
        "all": "Whole centre",
        "hazard": "By hazard class",
        "desk": "By desk",
        "shift": "By shift",
        "month": "By month",
    }
    shown = [one for one in DIMENSIONS if not (one == "month" and sum(g.dimension == "month" for g in groups) < 2)]
    rows: list[tuple[str, ...]] = []
    for dimension in shown:
        for group in (one for one in groups if one.dimension == dimension):
            rows.append((names[dimension] if dimension != "all" else "", *_group_row(group)))
    blocks.append(
        Table(
            "How long it took",
            (
                "",
                "",
                "Cases",
                "Open",
                "Reaction: half within",
                "9 of 10 within",
                "Longest",
                "Handling: half within",
                "9 of 10 within",
            ),
            "llrrrrrrr",
            (13, 23, 7, 6, 11, 10, 10, 10, 10),
            _without_repeats(rows),
        )
    )
    blocks.append(
        Text(
            "Open: not claimed when the report was made; what nobody has claimed belongs to no desk. Half and nine "
            "of ten are of those that were claimed; what was not claimed in time is a miss above. Nothing is dropped "
            "for being slow."
        )
    )
    joined = [one for one in groups if len(one.labels) > 1]
    if joined:
        blocks.append(
            Text(
                "Joined, since one of them had fewer than three people: "
                + "; ".join(f"{says.DIMENSION_WORDS[one.dimension]} {_labels(one)}" for one in joined)
                + "."
            )
        )
    if "classes" in plots:
        blocks.append(plots["classes"])
    return blocks


def _group_row(group: Group) -> tuple[str, ...]:
    return (
        _labels(group).capitalize() if group.dimension == "all" else _labels(group),
        says.count(group.cases),
        says.count(group.unclaimed),
        *_time_cells(group.reaction),
        *_time_cells(group.handling)[:2],
    )


def _time_cells(times: Times | None) -> tuple[str, str, str]:
    if times is None:
        return says.NOTHING, says.NOTHING, says.NOTHING
    return says.duration(times.median_us), says.duration(times.p90_us), says.duration(times.longest_us)


def _labels(group: Group) -> str:
    return " + ".join(says.label(one) for one in group.labels)


def _without_repeats(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The first cell is left empty where it is that of the row above."""
    made: list[tuple[str, ...]] = []
    before = ""
    for first, *rest in rows:
        made.append(("" if first == before else first, *rest))
        before = first
    return tuple(made)


def _load(report: Report, plots: dict[str, Plot]) -> list[Block]:
    figures = report.figures
    room = figures.load[0]
    blocks: list[Block] = [Heading("Operators' load")]
    if "load" in plots:
        blocks.append(plots["load"])
    blocks.append(
        Table(
            f"The whole room against {report.load_profile.title}: targets are per staffed desk",
            ("Figure", "Target", "Measured", "", "Where the target is from"),
            "lrrll",
            (29, 8, 10, 9, 44),
            tuple(
                (one.about, one.target, one.measured, _over(one), _sourced(one)) for one in load_against(report, room)
            ),
        )
    )
    rows = [_load_row(one) for one in figures.load]
    blocks.append(
        Table(
            "By desk and shift",
            (
                "",
                "Incidents",
                "Average in 10 min",
                "Most in 10 min",
                "In an hour",
                "In a minute",
                "Floods",
                "Time in flood",
                "P1 / P2 / P3 / P4",
            ),
            "lrrrrrrrr",
            (24, 10, 10, 9, 8, 8, 7, 10, 18),
            tuple(rows),
        )
    )
    said = [
        "Averages are of ten minutes and are never scaled up or down in time. A desk counts while somebody is there."
    ]
    if figures.load_joined:
        said.append(
            f"In the room's load alone, since fewer than three people were at them: {', '.join(figures.load_joined)}."
        )
    blocks.append(Text(" ".join(said)))
    return blocks


def _sourced(one: Against) -> str:
    return f"{one.figure.source} ({one.remark})" if one.remark else one.figure.source


def _over(one: Against) -> str:
    return {None: "", True: "within", False: "ABOVE"}[one.is_reached]


def _load_row(load: Load) -> tuple[str, ...]:
    name = "Whole room" if load.kind == "room" else f"{load.kind} {load.label}"
    return (
        name,
        says.count(load.annunciated),
        says.thousandths(load.mean_milli),
        says.count(load.peak_slot),
        says.count(load.peak_hour),
        says.count(load.peak_minute),
        says.count(load.floods),
        says.share(load.flood_us, load.staffed_us),
        " / ".join(says.count(one) for one in load.priorities),
    )


def _unwanted(report: Report, plots: dict[str, Plot]) -> list[Block]:
    sources = report.figures.sources
    if not sources:
        return []
    blocks: list[Block] = [Heading("Unwanted alarms")]
    names = {
        "hazard": "By hazard class",
        "type": "By type",
        "account": "Worst accounts",
        "zone": "Worst zones",
    }
    if "worst" in plots:
        blocks.append(plots["worst"])
    for dimension, title in names.items():
        rows = [one for one in sources if one.dimension == dimension]
        if rows:
            blocks.append(
                Table(
                    title,
                    ("", "Closed", "Real", "Unwanted", "Share", "Operator time"),
                    "lrrrrr",
                    (40, 10, 10, 12, 12, 16),
                    tuple(
                        (
                            says.label(one.key) if dimension == "hazard" else one.key,
                            says.count(one.closed),
                            says.count(one.real),
                            says.count(one.unwanted),
                            says.share(one.unwanted, one.closed),
                            says.duration(one.operator_us),
                        )
                        for one in rows
                    ),
                )
            )
    blocks.append(
        Text(
            "Of incidents that are closed; those closed as test or duplicate are left out. Operator time: how long the "
            f"unwanted ones were somebody's; {says.NOTHING} where they were of fewer than three people."
        )
    )
    return blocks


def _paths(report: Report) -> list[Block]:
    paths = report.figures.paths
    blocks: list[Block] = [Heading("Supervision of paths")]
    blocks.append(
        Table(
            "Paths that were not heard in time",
            ("Losses", "By themselves", "With many others", "All paths lost", "Heard again", "Not watched", "Missing"),
            "rrrrrrr",
            (11, 14, 16, 14, 14, 18, 13),
            (
                tuple(
                    says.count(one)
                    for one in (
                        paths.losses, paths.own, paths.common, paths.all_lost, paths.returned, paths.unwatched,
                        paths.still_missing,
                    )
                ),
            ),
        )
    )  # fmt: skip
    if paths.losses == 0:
        return blocks
    raised = paths.losses - paths.without_incident
    rows = [("Path fault: last heard to incident", paths.fault), ("Restoral: incident to heard again", paths.restoral)]
    blocks.append(
        Table(
            "How long paths were lost",
            ("", "Cases", "Half within", "9 of 10 within", "Longest"),
            "lrrrr",
            (40, 12, 16, 16, 16),
            tuple((name, says.count(0 if one is None else one.cases), *_time_cells(one)) for name, one in rows),
        )
    )
    words = f"{says.count(paths.within)} of {says.count(raised)} were raised within the path's own limit."
    if paths.without_incident:
        words += f" Of {says.count(paths.without_incident)} no incident followed: these facts are missing."
    blocks.append(Text(words))
    blocks.append(
        Table(
            "Accounts with the most losses",
            ("Account", "Losses"),
            "lr",
            (30, 15),
            tuple((account, says.count(n)) for account, n in paths.worst),
        )
    )
    return blocks


def _left_out(report: Report) -> list[Block]:
    figures = report.figures
    rows = [(says.EXCLUSION_WORDS[why].capitalize(), says.count(n)) for why, n in figures.excluded]
    rows.append(
        (
            "Claimed by a program before any person: they wait for a person all the same",
            says.count(figures.claimed_by_programs),
        )
    )
    rows.append(("Opened again after closing: handling ends with the first closing", says.count(figures.reopened)))
    return [
        Heading("What is left out, and what is missing"),
        Table("Incidents left out of reaction and handling", ("Why", "Incidents"), "lr", (84, 16), tuple(rows)),
        Table("What is measured", ("Interval", "From and to"), "ll", (30, 70), says.INTERVALS),
        Table("What is not", ("Interval", "Why"), "ll", (30, 70), says.MISSING),
        Text(
            "Exercises and tests enter no figure. No figure of staff is of fewer than three people, and none is of one "
            "person. Shares are within the limit of all cases, cut off after the first digit."
        ),
    ]
