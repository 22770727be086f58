"""A report as a table of plain values, one a line, for programs: seconds, counts, shares in percent."""

import csv
import io
from collections.abc import Iterator

from tocsin.centre.journal_export import harmless
from tocsin.reports import says
from tocsin.reports.figures import Result, Times
from tocsin.reports.report import Report, against, load_against

COLUMNS = ("section", "of", "what", "value", "unit", "cases", "note")
Row = tuple[str, str, str, str, str, str, str]


def figures_csv(report: Report) -> bytes:
    """The file; its first lines say of what time it is, and against which profile."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in _rows(report):
        writer.writerow([harmless(cell) for cell in row])
    return stream.getvalue().encode()


def _rows(report: Report) -> Iterator[Row]:
    figures = report.figures
    for name, value in (("since", report.since), ("until", report.until), ("as_of", report.as_of)):
        yield "period", "", name, str(value), "us since 1970 UTC", "", ""
    for name, profile in (("profile", report.profile), ("load profile", report.load_profile)):
        yield (
            "period",
            "",
            name,
            f"{profile.id} {profile.version}",
            "",
            "",
            f"designed to measure against {profile.title}",
        )
    yield "period", "", "entries", str(figures.entries), "", "", f"up to number {figures.last_seq}"
    for name, value in (
        ("signals", figures.signals),
        ("incidents", figures.incidents),
        ("not claimed", figures.unclaimed),
        ("reopened", figures.reopened),
    ):
        yield "counts", "", name, str(value), "", "", ""
    yield "counts", "", "claimed by programs", str(figures.claimed_by_programs), "", "", ""
    for why, number in figures.excluded:
        yield "left out", "", why, str(number), "", "", says.EXCLUSION_WORDS[why]
    if figures.is_withheld:
        yield "reaction", "all", "withheld", "", "", "", says.WITHHELD
    for one in against(report):
        figure = one.figure
        yield (
            "profile",
            str(figure.measure),
            str(figure.id),
            one.measured.removesuffix(" %"),
            "%",
            one.cases,
            "; ".join(part for part in (f"target {one.target}", f"misses {one.misses}", one.remark) if part),
        )
    for group in figures.groups:
        of = f"{group.dimension}: {' + '.join(group.labels)}"
        yield "reaction", of, "not claimed", str(group.unclaimed), "", str(group.cases), ""
        yield from _times("reaction", of, group.reaction)
        yield from _times("handling", of, group.handling)
        for result in group.results:
            yield _result("reaction", of, result)
    for load in figures.load:
        of = f"{load.kind}: {load.label}"
        cases = str(load.annunciated)
        yield "load", of, "average in ten minutes", says.thousandths(load.mean_milli), "", cases, f"{load.slots} slots"
        for name, value in (
            ("most in ten minutes", load.peak_slot),
            ("most in an hour", load.peak_hour),
            ("most in a minute", load.peak_minute),
            ("floods", load.floods),
        ):
            yield "load", of, name, str(value), "", cases, ""
        yield "load", of, "time in flood", _seconds(load.flood_us), "s", cases, f"of {_seconds(load.staffed_us)} s"
        for priority, value in enumerate(load.priorities, 1):
            yield "load", of, f"priority {priority}", str(value), "", cases, ""
        for one in load_against(report, load):
            yield (
                "load",
                of,
                f"against {one.figure.id}",
                one.measured.removesuffix(" %"),
                "",
                cases,
                f"target {one.target}",
            )
    for one in figures.sources:
        note = f"real {one.real}" + (
            "" if one.operator_us is None else f"; operator time {_seconds(one.operator_us)} s"
        )
        yield "unwanted", f"{one.dimension}: {one.key}", "unwanted", str(one.unwanted), "", str(one.closed), note
    paths = figures.paths
    for name in (
        "losses",
        "own",
        "common",
        "all_lost",
        "without_incident",
        "within",
        "returned",
        "unwatched",
        "still_missing",
    ):
        yield "paths", "", name.replace("_", " "), str(getattr(paths, name)), "", str(paths.losses), ""
    yield from _times("path fault", "", paths.fault)
    yield from _times("restoral", "", paths.restoral)
    for account, number in paths.worst:
        yield "paths", f"account: {account}", "losses", str(number), "", str(paths.losses), ""


def _times(section: str, of: str, times: Times | None) -> Iterator[Row]:
    if times is not None:
        for name, us in (
            ("half within", times.median_us),
            ("9 of 10 within", times.p90_us),
            ("longest", times.longest_us),
        ):
            yield section, of, name, _seconds(us), "s", str(times.cases), ""


def _result(section: str, of: str, result: Result) -> Row:
    note = says.WITHHELD if result.is_withheld else f"not claimed yet, within the limit: {result.waiting}"
    value = "" if result.cases == 0 else says.share(result.within, result.cases).removesuffix(" %")
    return section, of, str(result.figure), value, "%", str(result.cases), note


def _seconds(us: int) -> str:
    return f"{us // 1_000_000}.{us % 1_000_000:06d}"
