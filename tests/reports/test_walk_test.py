"""The walk-test report: what is missing stands first, and every name is drawn as text."""

import msgspec
import pytest

from support.pdf import pages
from support.walk_tests import T0, report, signal, zone
from tocsin.reports.pdf import COLUMNS, Paper, plain
from tocsin.reports.walk_test import verdict, walk_test_pdf


def stamp(at):
    return f"T+{at - T0}"


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        ((zone("4"), zone("7", 1), zone("9")), "Zones 4, 9 missing."),
        ((zone("4"),), "Zone 4 missing."),
        ((zone("4", 1), zone("7", 1)), "All 2 zones were tested."),
        (None, "No zone list: what is missing cannot be said."),
    ],
)
def test_report_begins_with_what_is_missing(zones, said):
    assert verdict(zones) == said
    made = msgspec.structs.replace(report(), zones=zones)
    (page,) = pages(walk_test_pdf(made, stamp))
    assert page[:2] == ["Walk-test report", said]


def test_report_lists_zones_and_signals_and_nobody():
    hall = msgspec.structs.replace(zone("4", T0 + 5, "Hall"), detector="smoke_and_heat")
    (page,) = pages(walk_test_pdf(report([hall, zone("9", None, "Yard")], [signal(5)]), stamp))
    assert [line.split() for line in page if line.startswith(("4  ", "9  "))] == [
        ["4", "Hall", "smoke", "and", "heat", "T+5", "BA"], ["9", "Yard", "MISSING"]
    ]  # fmt: skip
    assert any(line.split() == ["T+5", "1234", "4", "Hall", "BA", "yes"] for line in page)
    assert "user-1" not in " ".join(page)


def test_long_report_goes_on_over_pages_each_with_its_head():
    found = pages(walk_test_pdf(report([], [signal(n) for n in range(500)]), stamp))
    assert len(found) > 5
    assert all(any(line.startswith("Time ") for line in page) for page in found)
    assert [page[-1] for page in found][-1] == f"Harbour: walk test test-9, page {len(found)} of {len(found)}"
    told = [line.split()[0] for page in found for line in page if line.startswith("T+")]
    assert told == [f"T+{n}" for n in range(500)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Küche (2) \\ ) Tj", "Küche (2) \\ ) Tj"),
        ("Łódź, dílna", "Lódz, dílna"),
        ("\u202egnp.exe\u0007", "gnp.exe"),
        ("消防", "??"),
        ("<script>", "<script>"),
    ],
)
def test_name_is_drawn_as_text_whatever_it_holds(name, shown):
    assert plain(name) == shown
    (page,) = pages(walk_test_pdf(report([zone("4", None, name)]), stamp))
    assert any(shown in line for line in page)


def test_very_long_name_stays_in_its_cell():
    (page,) = pages(walk_test_pdf(report([zone("4", None, "wordy " * 200)]), stamp))
    assert max(len(line) for line in page) <= COLUMNS
    assert any(line.strip().endswith("...") for line in page)


def test_table_that_does_not_fit_its_page_is_a_mistake_of_ours():
    with pytest.raises(AssertionError):
        Paper("x").table(("a",), (COLUMNS + 1,), [])
