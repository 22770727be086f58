"""Paper for when the screens are dark: an empty call form, and the open incidents as they stand."""

from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.model.values import Code, Micros, Place

ROWS_MAX: Final = 2_000
"""Incidents that are printed, the most urgent ones first; of more there is the number."""

_RULE: Final = "_" * 92


class CallPaper(msgspec.Struct, frozen=True, kw_only=True, tag="call_paper"):
    """An empty call form."""

    centre: str
    made_at: Micros


class OpenRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One open incident."""

    number: int
    priority: int
    type: Code
    place: Place
    address: Place | None
    opened_at: Micros
    state: Place
    """Who has it, or that nobody has."""


class OpenPaper(msgspec.Struct, frozen=True, kw_only=True, tag="open_paper"):
    """The open incidents, the most urgent ones first."""

    centre: str
    made_at: Micros
    open: int
    rows: tuple[OpenRow, ...]


def call_paper_pdf(paper: CallPaper, stamp: Callable[[Micros], str]) -> bytes:
    """The form as PDF: where first, then what, then the caller, as on the screen."""
    from tocsin.reports.pdf import Paper  # by the process that makes it alone (decision 0030)

    page = Paper(f"{paper.centre}: call form, printed {stamp(paper.made_at)}")
    page.heading("Call on paper")
    _asked(page.line, "Time of the call", "Taken by")
    page.heading("1 Where")
    _asked(page.line, "Site, address, crossing", "", "Exactly: floor, door, room", "Position (degrees)")
    page.line("[ ] The place is unclear: send to what is known, then find it.")
    page.heading("2 What")
    _asked(page.line, "What is it (type)", "What happened, as it is told", "", "")
    page.line("In danger now:   [ ] fire   [ ] smoke   [ ] gas   [ ] water   [ ] weapon   [ ] traffic   [ ] no")
    page.line("Patient:         [ ] awake  [ ] not awake      [ ] breathes  [ ] does not breathe")
    page.heading("3 Who needs help, and who calls")
    page.line("People in need, as told:  hurt ____   trapped ____   missing ____   to be moved ____")
    _asked(page.line, "Number to call back", "Language")
    page.line("No name of anybody in violence. No looks, no origin, no papers: what help needs, and no more.")
    page.heading("4 Sent")
    for _ in range(3):
        page.line("")
        page.line("Unit __________________  sent at ________  there at ________  told by  [ ] radio  [ ] telephone")
    page.heading("5 Into the system, when it is back")
    _asked(page.line, "Incident number", "Entered by, at")
    page.line("Shred this page when it is entered.")
    return page.bytes()


def _asked(line: Callable[[str], None], *labels: str) -> None:
    for label in labels:
        line("")
        line(f"{label + ': ' if label else ''}{_RULE}"[:92])


def open_paper_pdf(paper: OpenPaper, stamp: Callable[[Micros], str]) -> bytes:
    """The list as PDF."""
    from tocsin.reports.pdf import Paper  # by the process that makes it alone (decision 0030)

    made = stamp(paper.made_at)
    page = Paper(f"{paper.centre}: open incidents, {made}")
    page.heading("Open incidents")
    page.strong(f"As of {made}. What happened since is not on it.")
    if not paper.rows:
        page.line("No open incidents.")
    else:
        page.table(
            ("No.", "P", "Type", "Place", "Since", "State"),
            (7, 4, 18, 32, 16, 12),
            [
                (
                    str(one.number),
                    str(one.priority),
                    one.type,
                    one.place if one.address is None else f"{one.place}, {one.address}",
                    stamp(one.opened_at)[:16],
                    one.state,
                )
                for one in paper.rows
            ],
        )
    if paper.open > len(paper.rows):
        page.strong(f"{paper.open - len(paper.rows):,} more are not on this paper.")
    page.line("")
    page.line("Places that were told stand here as they were told. Nothing else that callers said: ask whoever has it.")
    return page.bytes()
