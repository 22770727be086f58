"""Paper for staff on duty: what is drawn is the code itself, and each stands under the name of its place."""

import re
import zlib

import segno

from support.pdf import pages
from tocsin.reports.duty_sheets import PlaceSheet, PlaceSheets, place_sheets_pdf

URL = "https://control.example:8400/duty#/here/site-12.abcdefghijklmnopqrst.SGFsbCBC"


def drawn(pdf):
    """Each code on the first page, as rows of dark and light from top to bottom."""
    streams = (zlib.decompress(one) for one in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL))
    page = next(one for one in streams if b" re" in one)
    dark = [tuple(map(float, one.split())) for one in re.findall(rb"([0-9. -]+) re", page)]
    top, left = max(y for _, y, _, _ in dark), min(x for x, _, _, _ in dark)
    module = dark[0][2] - 0.05
    return {(round((top - y) / module), round((x - left) / module)) for x, y, _, _ in dark}


def test_the_code_that_is_drawn_is_the_one_of_its_address():
    form = PlaceSheets(
        centre="Harbour", telephone=None, made_at=1, sheets=(PlaceSheet(site="Pier", part="Hall B", url=URL),)
    )
    made = place_sheets_pdf(form, lambda _at: "2026-11-23 20:00")
    rows = segno.make_qr(URL, error="m").matrix
    assert drawn(made) == {(y, x) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    (text,) = pages(made)
    assert text.index("Hall B") < text.index("Pier")


def test_two_stand_on_a_page_and_none_is_cut():
    sheets = tuple(PlaceSheet(site=f"Place {number}", part=None, url=URL) for number in range(5))
    form = PlaceSheets(centre="Harbour", telephone="+1 202", made_at=1, sheets=sheets)
    made = pages(place_sheets_pdf(form, lambda _at: "2026-11-23 20:00"))
    assert [[line for line in page if line.startswith("Place ")] for page in made] == [
        ["Place 0", "Place 1"], ["Place 2", "Place 3"], ["Place 4"],
    ]  # fmt: skip
