"""The server goes away with the page open, and comes back: nothing is lost, and nobody is deceived meanwhile."""

import json
import re

from playwright.sync_api import expect

from support.room import wait_for_open
from support.server import mutant
from tocsin.app.watchdog import CORE_STALLED

STALE_MS = 5_000
LOOK_MS = 1_500
"""The page looks once a second how old what it shows is."""

BACK_MS = 30_000


def test_killed_server_shows_at_once_and_comes_back_with_nothing_lost(centre, sign_in):
    for account in ("1001", "1003", "1004"):
        centre.alarm(account, "BA", 1)
    centre.keep_addresses()
    ana = sign_in(centre, "Ana")
    ana.guard.allow("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING")
    expect(ana.rows).to_have_count(3)
    expect(ana.page.locator("[data-link]")).to_have_text("LIVE")

    centre.server.kill()
    expect(ana.page.get_by_text("Not connected since")).to_be_visible(timeout=STALE_MS + LOOK_MS)
    expect(ana.page.locator("[data-link]")).to_have_text("STALE")
    expect(ana.rows).to_have_count(3)
    first = ana.numbers[0]
    ana.press(" ")
    expect(ana.page.get_by_text(f"Not sent: claim #{first}.")).to_be_visible()
    expect(ana.page.get_by_text("It goes by itself once connected.")).to_be_visible()
    expect(ana.row(first)).to_contain_text("NOT SENT")

    centre.server.start().wait_ready()
    centre.alarm("1003", "FA", 1)
    expect(ana.page.locator("[data-link]")).to_have_text("LIVE", timeout=BACK_MS)
    expect(ana.page.get_by_text("Connected again.")).to_be_visible()
    expect(ana.page.get_by_text("Not connected since")).to_have_count(0)
    expect(ana.rows).to_have_count(4)
    # What was done while it was away goes by itself, once.
    expect(ana.row(first)).to_contain_text("You")
    expect(ana.page.get_by_text("Not sent")).to_have_count(0)

    on_server = wait_for_open(centre.person("Cy"), 4)
    assert [row["number"] for row in on_server] == ana.numbers
    assert [row["number"] for row in on_server if row["claimed_by"] is not None] == [first]


def test_changes_of_a_break_are_shown_when_asked_for_and_a_core_that_is_stuck_in_red(centre, sign_in):
    centre.alarm("1001", "BA", 1)
    centre.keep_addresses()
    ana = sign_in(centre, "Ana")
    ana.guard.allow("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING")
    expect(ana.rows).to_have_count(1)
    assert centre.server.stop() == 0
    expect(ana.page.get_by_text("Not connected since")).to_be_visible(timeout=STALE_MS + LOOK_MS)
    # The alarm comes where the page does not find the centre, so that it is surely one of the break.
    centre.server.env["TOCSIN_WEB__LISTEN"] = "127.0.0.1:0"
    centre.server.start().wait_ready()
    centre.alarm("1003", "FA", 1)
    wait_for_open(centre.person("Cy"), 2)
    assert centre.server.stop() == 0
    del centre.server.env["TOCSIN_WEB__LISTEN"]
    centre.server.env |= mutant("stuck_core")
    centre.server.start().wait_ready()
    bar = ana.page.get_by_role("status").filter(has_text="Connected again.")
    expect(bar).to_contain_text(re.compile(r"1 change while away"), timeout=BACK_MS)
    bar.get_by_role("button", name="Show").click()
    expect(bar.get_by_role("listitem")).to_contain_text("new")
    assert centre.server.get("/readyz").status == 200
    centre.alarm("1001", "ZX", 1)
    red = ana.page.locator(".bar.failure[role=alert]").filter(has_text="Not working: the core has stopped")
    expect(red).to_be_visible(timeout=LOOK_MS + STALE_MS)
    ready = centre.server.get("/readyz")
    assert (ready.status, json.loads(ready.text)["missing"]) == (503, [CORE_STALLED])


def test_an_incident_opened_without_the_centre_says_where_it_is(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    centre.alarm("1003", "BA", 1)
    ana = sign_in(centre, "Ana")
    ana.guard.allow("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING")
    expect(ana.rows).to_have_count(2)
    fire, burglary = ana.numbers
    expect(ana.open(fire).get_by_text("1 Mill Quay")).to_be_visible()
    ana.press("Escape")
    centre.server.kill()
    expect(ana.page.get_by_text("Not connected since")).to_be_visible(timeout=STALE_MS + LOOK_MS)

    detail = ana.open(burglary)
    expect(detail.locator(".where")).to_have_text(re.compile(r"Old Depot.*Depot hall.*Gate"))
    expect(detail).to_contain_text("What the queue knows of it stands here.")
    expect(detail).to_contain_text("Account 1003")
    # What this window loaded before is there still, with its time.
    detail = ana.open(fire)
    expect(detail.get_by_text("1 Mill Quay")).to_be_visible()
    expect(detail.get_by_text("What stands here was loaded at")).to_be_visible()
    # Nothing of it outlives the lock, even where the centre cannot be told.
    ana.page.get_by_role("button", name="Lock").click()
    expect(ana.page.get_by_text("1 Mill Quay")).to_have_count(0)
    expect(detail.locator(".where")).to_have_text("Not shown at a locked desk.")
