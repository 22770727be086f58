"""Several windows of one workstation: one stream, one sound, the same queue."""

import re

import pytest
from playwright.sync_api import expect

from support.server import wait_for

WITHIN_S = 20
WITHOUT = {
    "shared worker": "delete window.SharedWorker",
    "shared worker and locks": "delete window.SharedWorker; delete Navigator.prototype.locks",
}


def another(ana):
    """One more window beside Ana's, in which she is signed in already."""
    page = ana.window.context.new_page()
    page.goto("/")
    expect(page.locator("[data-link=live]")).to_be_visible()
    return page


def streams(person):
    return person.get("/status")["consoles"]


def rows(page):
    return page.locator("[data-id][data-version]")


def test_three_windows_share_one_stream_and_show_the_same(centre, sign_in):
    ana = sign_in(centre, "Ana")
    cy = centre.person("Cy")
    pages = [ana.page, another(ana), another(ana)]
    centre.alarm("1001", "FA", 1)
    for page in pages:
        expect(rows(page)).to_have_count(1)
    wait_for(lambda: streams(cy) == 1, WITHIN_S, "one stream")


def test_the_stream_ends_with_the_last_window(centre, sign_in):
    ana = sign_in(centre, "Ana")
    cy = centre.person("Cy")
    beside = another(ana)
    beside.close()
    centre.alarm("1001", "FA", 1)
    expect(ana.rows).to_have_count(1)
    wait_for(lambda: streams(cy) == 1, WITHIN_S, "one stream")
    ana.page.goto("about:blank")
    wait_for(lambda: streams(cy) == 0, WITHIN_S, "the stream to end")


def test_without_a_shared_worker_one_window_leads_and_the_next_goes_on(centre, sign_in):
    ana = sign_in(centre, "Ana")
    cy = centre.person("Cy")
    ana.window.context.add_init_script(WITHOUT["shared worker"])
    ana.page.reload()
    ana.wait_loaded()
    beside = another(ana)
    centre.alarm("1001", "FA", 1)
    expect(rows(beside)).to_have_count(1)
    expect(ana.rows).to_have_count(1)
    wait_for(lambda: streams(cy) == 1, WITHIN_S, "one stream")
    ana.page.close()
    centre.alarm("1003", "BA", 1)
    expect(rows(beside)).to_have_count(2)
    expect(beside.locator("[data-link=live]")).to_be_visible()
    wait_for(lambda: streams(cy) == 1, WITHIN_S, "one stream to be left")


def test_without_locks_each_window_has_a_stream_of_its_own(centre, sign_in):
    ana = sign_in(centre, "Ana")
    ana.window.context.add_init_script(WITHOUT["shared worker and locks"])
    ana.page.reload()
    ana.wait_loaded()
    beside = another(ana)
    centre.alarm("1001", "FA", 1)
    for page in (ana.page, beside):
        expect(rows(page)).to_have_count(1)
    cy = centre.person("Cy")
    wait_for(lambda: streams(cy) == 2, WITHIN_S, "a stream of each")


@pytest.mark.parametrize("without", ["", WITHOUT["shared worker and locks"]], ids=["locks", "word of mouth"])
def test_one_window_sounds_and_the_next_takes_over(centre, sign_in, without):
    ana = sign_in(centre, "Ana")
    ana.window.context.add_init_script(without)
    ana.page.reload()
    ana.wait_loaded()
    ana.page.get_by_role("button", name="Start shift").click()
    ana.page.get_by_role("button", name="Yes, all of it").click()
    beside = another(ana)
    # It can be heard at this workstation: no window of it is mute.
    expect(beside.get_by_text("This console is mute")).to_have_count(0)
    centre.alarm("1001", "FA", 1)
    sounded = "performance.getEntriesByName('tocsin.sound').length"
    wait_for(lambda: ana.page.evaluate(sounded) >= 1, WITHIN_S, "the alarm to sound")
    assert beside.evaluate(sounded) == 0
    ana.page.close()
    expect(beside.get_by_text("This console is mute")).to_be_visible()
    beside.get_by_role("button", name="Start shift").click()
    beside.get_by_role("button", name="Yes, all of it").click()
    wait_for(lambda: beside.evaluate(sounded) >= 1, WITHIN_S, "the alarm to sound in the window that is left")


def test_signing_out_takes_the_other_windows_along(centre, sign_in):
    ana = sign_in(centre, "Ana")
    beside = another(ana)
    ana.guard.allow("401 .*/api/v1/approvals")  # either window may be asking what waits at that very moment
    ana.page.get_by_role("button", name="Sign out").click()
    for page in (ana.page, beside):
        expect(page).to_have_url(re.compile("/sign-in$"))


def test_session_that_is_over_is_said_and_heard_and_what_was_there_stays(centre, sign_in):
    ana = sign_in(centre, "Ana")
    ana.guard.allow("401")
    centre.alarm("1001", "BA", 1)
    expect(ana.rows).to_have_count(1)
    ana.page.get_by_role("button", name="Start shift").click()
    ana.page.get_by_role("button", name="Yes, all of it").click()
    expect(ana.page.get_by_role("dialog")).to_have_count(0)
    ana.press(" ")
    expect(ana.rows).to_contain_text("You")
    answered = ana.page.request.get("/api/v1/session").json()
    # As when the hours of a session are over: the server ends it, and no window here did.
    ended = ana.page.request.delete(
        "/api/v1/session", headers={"X-CSRF-Token": answered["csrf"], "Origin": centre.origin}
    )
    assert ended.ok
    expect(ana.page.get_by_text("Signed out. Sign in again.")).to_be_visible()
    expect(ana.page.locator("[data-link]")).to_have_text("STALE")
    expect(ana.rows).to_have_count(1)
    sounds = "performance.getEntriesByName('tocsin.sound').map((mark) => mark.detail.name)"
    wait_for(lambda: "lost" in ana.page.evaluate(sounds), WITHIN_S, "the loss to sound")
    ana.page.get_by_role("link", name="Sign in", exact=True).click()
    expect(ana.page).to_have_url(re.compile("/sign-in$"))


def test_who_sees_no_incidents_has_no_queue_no_clock_and_no_mute_console(centre, sign_in, open_window):
    opened = open_window(centre.origin)
    page = opened.page
    page.goto(centre.link("Dora", ("integrator",)))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("#/sites$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-link]")).to_have_count(0)
    expect(page.get_by_text("This console is mute")).to_have_count(0)
    expect(page.get_by_role("link", name="Queue")).to_have_count(0)
