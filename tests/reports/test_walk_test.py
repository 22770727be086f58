"""The walk-test report: what is missing stands first, and every name is drawn as text."""

import msgspec
import pytest

from support.pdf import pages
from tocsin.model.on_test import OnTestBegun, SiteTest
from tocsin.reports.pdf import COLUMNS, Paper, plain
from tocsin.reports.walk_test import TestedSignal, TestedZone, WalkTest, verdict, walk_test_pdf

T0 = 1_800_000_000_000_000
BEGUN = OnTestBegun(
    account_id="account-1", again=False, asked_by="installer", company="4711", config=1, exercise=False,
    live=("fire", "medical"), partition=None, reason="walk_test", site_id="site-1", until=T0 + 9, zones=(),
)  # fmt: skip
TEST = SiteTest(
    id="test-9", begun=BEGUN, begun_at=T0, begun_by="user-1", ended_at=None, ended_by=None, ended_seq=None,
    end_reason=None, extended=0, seq=9, until=T0 + 9,
)  # fmt: skip


def zone(number, at=None, name=None):
    return TestedZone(number=number, name=name, at=at, code=None if at is None else "BA")


def signal(n, **fields):
    plain_ = {
        "account": "1234", "at": T0 + n, "code": "BA", "is_understood": True, "outcome": "opened", "zone": "4",
        "zone_name": "Hall",
    }  # fmt: skip
    return TestedSignal(**(plain_ | fields))


def report(zones=(), signals=(), **fields):
    plain_ = {
        "account": "1234", "account_name": None, "centre": "Harbour", "is_cut": False, "made_at": T0, "site": "Bank",
        "test": TEST, "zones": tuple(zones), "signals": tuple(signals),
    }  # fmt: skip
    return WalkTest(**(plain_ | fields))


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
    (page,) = pages(walk_test_pdf(report([zone("4", T0 + 5, "Hall"), zone("9", None, "Yard")], [signal(5)]), stamp))
    assert "4        Hall                                           T+5                          BA" in page
    assert "9        Yard                                           MISSING" in page
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
