"""The plain pages, with scripts switched off: whatever happens to the console, an incident can be handled."""

import re

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import wait_for_open
from support.screens import clipped

PHONE = {"width": 320, "height": 640}


@pytest.fixture
def lite(centre, open_window):
    """Ana at the plain queue, without scripts, with a fire and a burglary."""
    centre.alarm("1001", "FA", 1)
    centre.alarm("1003", "BA", 1)
    wait_for_open(centre.person("Cy"), 2)
    opened = open_window(centre.origin, java_script_enabled=False)
    opened.guard.allow("status of 409")
    page = opened.page
    page.goto(centre.link("Ana"))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/lite")
    return page


def test_incident_is_claimed_noted_and_closed_without_scripts(lite, centre):
    expect(lite.get_by_role("heading", level=1)).to_have_text("Queue: 2 open")
    expect(lite.get_by_role("row").nth(1)).to_contain_text("Harbour Mill")
    lite.get_by_role("link", name=re.compile("FIRE")).click()
    lite.get_by_role("button", name="Claim").click()
    expect(lite.get_by_text("Ana").first).to_be_visible()
    expect(lite.get_by_role("button", name="Claim")).to_have_count(0)

    lite.get_by_label("What happened").fill("Gate is open, two pumps on their way")
    lite.get_by_role("button", name="Write the note").click()
    lite.get_by_role("link", name="Notes and texts of panels").click()
    expect(lite.get_by_text("Gate is open, two pumps on their way")).to_be_visible()
    lite.get_by_role("link", name="Back to the incident").click()

    lite.get_by_label("What it was").select_option("unwanted")
    lite.get_by_label("Why they are left undone").select_option("not_needed")
    lite.get_by_role("button", name="Close", exact=True).click()
    expect(lite.get_by_role("heading", level=1)).to_have_text("Queue: 1 open")
    left = centre.person("Cy").open_incidents()
    assert [incident["type"] for incident in left] == ["INT-BURGLARY"]


def test_page_that_was_opened_twice_claims_once(lite, centre):
    lite.get_by_role("link", name=re.compile("FIRE")).click()
    (bo, incident) = (centre.person("Bo"), centre.person("Cy").open_incidents()[0])
    bo.claim(incident)
    lite.get_by_role("button", name="Claim").click()
    expect(lite.get_by_text("Bo").first).to_be_visible()
    assert centre.person("Cy").open_incidents()[0]["claimed_by"] == bo.id


def test_plain_pages_have_nothing_that_axe_finds_and_fit_a_phone(centre, open_window):
    # With scripts, since axe is one; the pages have none of their own.
    centre.alarm("1001", "FA", 1)
    wait_for_open(centre.person("Cy"), 1)
    page = open_window(centre.origin, viewport=PHONE).page
    found = []

    def look(name):
        found.extend(f"{name}: {finding}" for finding in (*axe_violations(page), *clipped(page)))

    page.goto("/sign-in")
    look("how to sign in")
    page.goto(centre.link("Ana"))
    look("link")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/lite")
    look("queue")
    page.get_by_role("link", name=re.compile("FIRE")).click()
    look("incident")
    page.get_by_role("button", name="Claim").click()
    look("claimed")
    page.get_by_role("link", name="Notes and texts of panels").click()
    look("texts")
    page.get_by_role("link", name="Back to the incident").click()
    page.get_by_label("What it was").select_option("unwanted")
    page.get_by_label("Why they are left undone").select_option("not_needed")
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("link", name="Closed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Closed: 1")
    look("closed")
    page.get_by_role("link", name=re.compile("FIRE")).click()
    look("closed incident")
    if found:
        pytest.fail("\n".join(found), pytrace=False)
