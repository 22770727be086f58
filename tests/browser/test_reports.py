"""The queue marks what waits for longer than the chosen profile says; a supervisor reads and takes a report."""

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import ROLES, room
from support.screens import clipped
from support.tour import TABLES

QUICK = """\
[profile]
id = "quick"
title = "A limit that a test can wait for"
wording = "designed to measure against"
copied_from = "en50518-2019"
[[figure]]
id = "reaction.urgent.80"
measure = "reaction"
hazards = ["fire"]
share = 0.8
limit_s = 1
source = "this test"
evidence = "M"
"""


@pytest.fixture
def quick(tmp_path):
    with room(tmp_path, settings='\n[figures]\nprofile = "quick"\n', **TABLES) as made:
        (tmp_path / "centre" / "profiles").mkdir()
        (tmp_path / "centre" / "profiles" / "quick.toml").write_text(QUICK)
        yield made


def test_overdue_is_marked_in_the_queue_and_a_report_is_read_and_taken_by_keyboard(quick, sign_in, tmp_path):
    quick.alarm("1003", "BA", 1)
    quick.alarm("1001", "FA", 1)
    ana = sign_in(quick, "Ana", (*ROLES, "supervisor"), viewport={"width": 1366, "height": 768})
    page = ana.page
    fire, burglary = ana.numbers
    expect(ana.row(fire)).to_contain_text("▲ OVERDUE")
    expect(ana.row(burglary)).not_to_contain_text("OVERDUE")
    page.keyboard.press("Space")
    expect(ana.row(fire)).not_to_contain_text("OVERDUE")

    ana.press("g", "v")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")
    expect(page.get_by_text("A limit that a test can wait for (quick, version 1-", exact=False)).to_be_visible()
    expect(page.get_by_text("the centre's own copy of en50518-2019")).to_be_visible()
    expect(page.get_by_text("Fewer than three people handled incidents in this period")).to_be_visible()
    expect(page.get_by_role("img", name="Incidents annunciated")).to_be_visible()
    assert axe_violations(page) == []
    assert clipped(page) == []

    page.get_by_label("Measured against").focus()
    page.keyboard.type("NFPA 1225")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Against NFPA 1225:2022", exact=False)).to_be_visible()
    expect(page.get_by_text("no such facts in this journal").first).to_be_visible()
    assert "profile=nfpa-1225-2022" in page.url

    link = page.get_by_role("link", name="PDF, to print")
    with page.expect_download() as taken:
        link.press("Enter")
    assert taken.value.suggested_filename == "figures.pdf"
    taken.value.save_as(tmp_path / "figures.pdf")
    assert (tmp_path / "figures.pdf").read_bytes().startswith(b"%PDF")
