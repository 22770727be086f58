"""What the first rows can do without comes right behind them: it is there when the centre is not."""

import re

import pytest
from playwright.sync_api import expect

from support.browser import until

GONE = "ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING"
PARTS = ("Approvals", "Help", "Find", "KeyList", "Check")


def read_ahead(screen):
    """Wait until each part was read."""
    for part in PARTS:
        until(
            screen.page,
            f"performance.getEntriesByType('resource').some((one) => /assets.{part}-.*js$/.test(one.name))",
        )


def test_parts_that_the_queue_did_without_work_when_the_centre_is_gone(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    centre.alarm("1003", "BA", 1)
    ana = sign_in(centre, "Ana")
    ana.guard.allow(GONE)
    expect(ana.rows).to_have_count(2)
    read_ahead(ana)
    centre.server.kill()
    expect(ana.page.get_by_text("Not connected since")).to_be_visible()
    dialog = ana.page.get_by_role("dialog")
    for key, title in (("?", "Keys"), ("/", "Find an open incident")):
        ana.press(key)
        expect(dialog.get_by_role("heading", name=title)).to_be_visible()
        ana.press("Escape")
        expect(dialog).to_have_count(0)
    ana.page.get_by_role("button", name="Start shift").click()
    expect(dialog.get_by_role("heading", name="Start shift")).to_be_visible()
    ana.press("Escape")
    ana.open(ana.numbers[1])
    expect(ana.page.get_by_role("region", name="Help note")).to_be_visible()
    # What hides the texts is there from the beginning, and needs nobody's answer.
    ana.press("F4")
    bar = ana.page.get_by_role("region", name="This desk is locked")
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("The centre does not know yet that this desk is locked")
    expect(ana.page.get_by_role("region", name="Help note")).to_have_count(0)


@pytest.mark.parametrize("kind", ["js", "css"])
def test_a_part_that_did_not_come_is_told_and_opens_whole_as_soon_as_it_does(centre, sign_in, open_window, kind):
    window = open_window(centre.origin)
    window.guard.allow("ERR_FAILED")
    missing = re.compile(rf"/assets/KeyList-[^/]*\.{kind}$")
    asked = []

    def refuse(route):
        asked.append(route.request.url)
        route.abort()

    window.page.route(missing, refuse)
    window.page.goto(centre.link("Ana"))
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(window.page.get_by_text("No open incidents.")).to_be_visible()
    button = window.page.get_by_role("button", name="Keys")
    button.click()
    expect(window.page.get_by_role("status").filter(has_text="This part has not been loaded yet.")).to_be_attached()
    expect(window.page.get_by_role("dialog")).to_have_count(0)
    window.page.unroute(missing)
    dialog = window.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Keys")).to_be_visible()
    assert asked
    # With its own looks, not only its words.
    assert dialog.locator("td.change").first.evaluate("(cell) => getComputedStyle(cell).textAlign") == "end"
