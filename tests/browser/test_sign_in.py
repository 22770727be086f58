"""Coming in: by a link, once."""

import re

from playwright.sync_api import expect


def test_link_lets_somebody_in_once(centre, sign_in, open_window):
    link = centre.link("Ana")
    ana = sign_in(centre, "Ana")
    expect(ana.page.get_by_text("Ana")).to_be_visible()
    first = open_window(centre.origin).page
    first.goto(link)
    first.get_by_role("button", name="Sign in").click()
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
