"""The walk-test report: which zones were tested, and which are missing. Nobody's name stands in it."""

from collections.abc import Callable

import msgspec

from tocsin.model.incidents import SignalOutcome
from tocsin.model.on_test import SiteTest
from tocsin.model.sites import ZoneDetector
from tocsin.model.values import AccountNumber, Code, Micros, Place


class TestedZone(msgspec.Struct, frozen=True, kw_only=True):
    """A zone of the test, and the first alarm that came of it."""

    __test__ = False

    number: Code
    name: Place | None
    at: Micros | None
    code: Code | None
    detector: ZoneDetector | None = None


class TestedSignal(msgspec.Struct, frozen=True, kw_only=True):
    """One signal that came."""

    __test__ = False

    account: AccountNumber
    at: Micros
    code: Code | None
    is_understood: bool
    outcome: SignalOutcome
    zone: Code | None
    zone_name: Place | None


class WalkTest(msgspec.Struct, frozen=True, kw_only=True, tag="walk_test"):
    """What the report is made of."""

    account: AccountNumber | None
    account_name: Place | None
    centre: str
    is_cut: bool
    """More came than is listed."""
    made_at: Micros
    partition_name: Place | None = None
    """Of the partition that it is of, where there is one and it has a name."""
    signals: tuple[TestedSignal, ...]
    """In the order in which they came."""
    site: Place | None
    test: SiteTest
    zones: tuple[TestedZone, ...] | None
    """None: which there are is not known."""


def verdict(zones: tuple[TestedZone, ...] | None) -> str:
    """What is missing, in one sentence."""
    if zones is None:
        return "No zone list: what is missing cannot be said."
    missing = [zone.number for zone in zones if zone.at is None]
    if not missing:
        return f"All {len(zones)} zones were tested." if len(zones) > 1 else "The zone was tested."
    return f"{'Zones' if len(missing) > 1 else 'Zone'} {', '.join(missing)} missing."


def walk_test_pdf(report: WalkTest, stamp: Callable[[Micros], str]) -> bytes:
    """The report as PDF; `stamp` writes a time for people, with its distance from UTC."""
    test = report.test
    from tocsin.reports.pdf import Paper  # by the process that makes it alone (decision 0030)

    paper = Paper(f"{report.centre}: walk test {test.id}")
    paper.heading("Walk-test report")
    paper.strong(verdict(report.zones))
    place = [report.site or "", "whole site" if report.account is None else f"account {report.account}"]
    place.append(report.account_name or "")
    if test.begun.partition is not None:
        named = "" if report.partition_name is None else f" ({report.partition_name})"
        place.append(f"partition {test.begun.partition}{named}")
    paper.line("")
    paper.line(f"Place:      {', '.join(part for part in place if part)}")
    paper.line(f"Centre:     {report.centre}")
    paper.line(f"Begun:      {stamp(test.begun_at)}")
    if test.ended_at is None:
        paper.line(f"Ends:       {stamp(test.until)} (it goes on: this is how far it has come)")
    else:
        paper.line(f"Ended:      {stamp(test.ended_at)} {'by hand' if test.end_reason == 'by_hand' else 'by itself'}")
    firm = "" if test.begun.company is None else f", firm {test.begun.company}"
    paper.line(f"Asked by:   {_words(test.begun.asked_by)}{firm} ({_words(test.begun.reason)})")
    paper.line(f"Stayed live: {', '.join(_words(one) for one in test.begun.live) or 'nothing'}")
    paper.line(f"Made:       {stamp(report.made_at)}")
    if report.zones is not None:
        paper.heading("Zones")
        paper.table(
            ("Zone", "Name", "Detector", "First alarm", "Code"),
            (7, 34, 16, 28, 5),
            [
                (
                    zone.number,
                    zone.name or "",
                    "" if zone.detector is None else _words(zone.detector),
                    "MISSING" if zone.at is None else stamp(zone.at),
                    zone.code or "",
                )
                for zone in report.zones
            ],
        )
    paper.heading("What arrived")
    if not report.signals:
        paper.line("Nothing.")
    paper.table(
        ("Time", "Account", "Zone", "Name", "Code", "Understood"),
        (27, 8, 7, 30, 7, 10),
        [
            (
                stamp(one.at),
                one.account,
                one.zone or "",
                one.zone_name or "",
                one.code or "",
                "yes" if one.is_understood else "NO",
            )
            for one in report.signals
        ],
    )
    if report.is_cut:
        paper.line(f"More came: the last {len(report.signals)} are listed.")
    return paper.bytes()


def _words(code: str) -> str:
    return code.replace("_", " ")
