"""Paper for staff on duty: the card with the short numbers, and the codes that hang at places."""

from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.model.catalogue import HazardClass
from tocsin.model.values import Code, Micros, Place, Secret, Words

SHEETS_A_PAGE: Final = 2


class CardNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A type with its short number."""

    hazard: HazardClass
    short: Code
    meaning: Words


class DutyCard(msgspec.Struct, frozen=True, kw_only=True, tag="duty_card"):
    """What the card is made of."""

    centre: str
    telephone: Words | None
    made_at: Micros
    url: Secret
    """Of the phone page."""
    numbers: tuple[CardNumber, ...]
    """By number."""


class PlaceSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One code to hang up."""

    site: Place
    part: Place | None
    url: Secret


class PlaceSheets(msgspec.Struct, frozen=True, kw_only=True, tag="place_sheets"):
    """What the sheets are made of."""

    centre: str
    telephone: Words | None
    made_at: Micros
    sheets: tuple[PlaceSheet, ...]


def duty_card_pdf(card: DutyCard, stamp: Callable[[Micros], str]) -> bytes:
    """The card as PDF; `stamp` writes a time for people."""
    from tocsin.reports.pdf import Paper  # by the process that makes it alone (decision 0030)

    paper = Paper(f"{card.centre}: duty card, {stamp(card.made_at)[:10]}")
    paper.heading("Duty card")
    paper.strong(card.centre)
    paper.strong(f"Telephone: {card.telephone}" if card.telephone else "Telephone: see the number at the place")
    paper.line("")
    paper.line("1. Scan the code below, or open the page on the phone: it goes on without a network.")
    paper.line("2. Type the three digits of what it is. 3. Say where: scan the code at the place. 4. Send.")
    paper.line("No receipt on the screen? Nobody knows of it yet: telephone.")
    paper.picture(card.url, 110)
    paper.line(card.url)
    hazard: HazardClass | None = None
    rows: list[tuple[str, str]] = []
    for one in card.numbers:
        if one.hazard != hazard:
            hazard = one.hazard
            rows.append(("", hazard.replace("_", " ").upper()))
        rows.append((one.short, one.meaning))
    paper.heading("What it is")
    paper.table(("No.", "Meaning"), (4, 86), rows)
    return paper.bytes()


def place_sheets_pdf(form: PlaceSheets, stamp: Callable[[Micros], str]) -> bytes:
    """Each code with the name of its place, two on a page to be cut apart."""
    from tocsin.reports.pdf import Paper  # by the process that makes it alone (decision 0030)

    paper = Paper(f"{form.centre}: codes of places, {stamp(form.made_at)[:10]}")
    for number, sheet in enumerate(form.sheets):
        if number and number % SHEETS_A_PAGE == 0:
            paper.next_page()
        elif number:
            paper.skip(24)
        paper.heading(sheet.part or sheet.site)
        if sheet.part is not None:
            paper.strong(sheet.site)
        paper.picture(sheet.url, 220)
        paper.strong("Something wrong here? Scan the code, choose what it is, send.")
        paper.line(f"For staff of this place, who sign in at {form.centre}.")
        if form.telephone:
            paper.strong(f"Or telephone: {form.telephone}")
    return paper.bytes()
