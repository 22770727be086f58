"""Coming in: by a link, once."""

import re

from playwright.sync_api import expect


def test_link_lets_somebody_in_once(centre, sign_in, open_window):
    link = centre.link("Ana")
    ana = sign_in(centre, "Ana")
    expect(ana.page.get_by_text("Ana")).to_be_visible()
    first = open_window(centre.origin).page
    first.goto(link)
    first.get_by_role("button", name="Sign in", exact=True).click()
    expect(first).to_have_url(f"{centre.origin}/")
    second = open_window(centre.origin)
    second.guard.allow("status of 410")
    second.page.goto(link)
    expect(second.page.get_by_role("heading")).to_have_text("This link lets nobody in")
    expect(second.page.get_by_text("used")).to_be_visible()


def test_nobody_sees_a_thing_without_sign_in(centre, open_window):
    page = open_window(centre.origin).page
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_signed_out_window_shows_nothing_any_more(centre, sign_in):
    ana = sign_in(centre, "Ana")
    ana.page.get_by_role("button", name="Sign out").click()
    expect(ana.page).to_have_url(re.compile("/sign-in$"))
    ana.page.goto("/")
    expect(ana.page).to_have_url(re.compile("/sign-in$"))


def test_a_window_whose_session_is_over_shows_no_place_no_silence_and_takes_no_command(centre, sign_in):
    ana = sign_in(centre, "Ana")
    ana.guard.allow("401")
    centre.alarm("1003", "HA", 1)
    expect(ana.rows).to_have_count(1)
    detail = ana.open(ana.numbers[0])
    detail.get_by_role("button", name="Claim").click()
    expect(detail.get_by_role("button", name="Close")).to_be_visible()
    for words in ("7 Depot Lane", "SILENT CALL FOR HELP"):
        expect(detail.get_by_text(words)).to_be_visible()
    expect(ana.rows).to_contain_text("Old Depot")

    session = ana.page.request.get("/api/v1/session").json()
    ana.page.request.delete("/api/v1/session", headers={"X-CSRF-Token": session["csrf"], "Origin": centre.origin})
    expect(ana.page.get_by_text("Signed out. Sign in again.")).to_be_visible()
    for words in ("Old Depot", "7 Depot Lane", "Gate", "silent", "HOLDUP", "hold-up"):
        expect(ana.page.locator("main").get_by_text(words)).to_have_count(0)
    for act in ("Close", "Add a note", "Give back"):
        expect(detail.get_by_role("button", name=act)).to_have_count(0)
    expect(ana.rows).to_have_count(1)
