"""By keys alone: from the link to a closed fire, without one event of a mouse."""

import re

from playwright.sync_api import expect

from support.browser import until
from support.room import wait_for_open

NOTE_MOUSE = """
window.mouse = [];
for (const name of ["pointerdown", "pointerup", "mousedown", "mouseup", "mousemove", "wheel", "touchstart"]) {
  addEventListener(name, () => window.mouse.push(name), true);
}
"""
SOUNDED = "performance.getEntriesByName('tocsin.sound').map((mark) => mark.detail.name)"
FOCUSED = "document.activeElement.matches('a, button') ? document.activeElement.innerText : ''"


def tab_to(page, words, most=60):
    """Press Tab until what has the focus says so."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if passed[-1].startswith(words):
            return
    raise AssertionError(f"Tab never came to {words!r}: {passed}")


def test_fire_is_handled_from_first_sound_to_closing_by_keys_alone(centre, open_window):
    opened = open_window(centre.origin)
    opened.context.add_init_script(NOTE_MOUSE)
    page = opened.page
    page.goto(centre.link("Ana"))
    tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No open incidents.")).to_be_visible()

    tab_to(page, "Start shift")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Did you hear it?")
    expect(page.get_by_role("button", name="Yes, all of it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)

    centre.alarm("1001", "FA", 1)
    until(page, f"{SOUNDED}.includes('p1')")
    (incident,) = wait_for_open(centre.person("Cy"), 1)
    page.keyboard.press(" ")
    row = page.locator(f'[data-number="{incident["number"]}"]')
    expect(row).to_contain_text("You")
    page.keyboard.press("Enter")
    detail = page.locator("article[data-incident]")
    expect(detail.get_by_role("heading", level=1)).to_be_focused()

    page.keyboard.press("x")
    expect(detail.get_by_text("Why this priority, why joined").locator("..")).to_be_focused()
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("Called the site: c, n and j are letters here")
    page.keyboard.press("Control+Enter")
    expect(detail.get_by_text("c, n and j are letters here")).to_be_visible()

    page.keyboard.press("c")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the way to the steps
    page.keyboard.press("ArrowDown")  # why the step of its plan is left undone
    tab_to(page, "Close it")
    page.keyboard.press("Enter")
    expect(detail.get_by_text("Ana closed it at")).to_be_visible()
    expect(row).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_text("No open incidents.")).to_be_visible()
    assert page.evaluate("window.mouse") == []


def test_focus_comes_back_to_where_it_was(centre, sign_in):
    for account in ("1001", "1003", "1004"):
        centre.alarm(account, "BA", 1)
    ana = sign_in(centre, "Ana")
    expect(ana.rows).to_have_count(3)
    ana.press("j", "Enter")
    expect(ana.detail.get_by_role("heading", level=1)).to_be_focused()
    chosen = ana.page.locator("[data-id][aria-selected=true]").get_attribute("data-number")
    ana.press("n")
    expect(ana.page.get_by_role("textbox", name="Note")).to_be_focused()
    ana.press("Escape")
    expect(ana.page.get_by_role("dialog")).to_have_count(0)
    ana.press("Escape")
    expect(ana.detail).to_have_count(0)
    expect(ana.queue).to_be_focused()
    expect(ana.page.locator("[data-id][aria-selected=true]")).to_have_attribute("data-number", chosen or "")


def test_single_keys_can_be_switched_off(centre, sign_in):
    centre.alarm("1001", "BA", 1)
    ana = sign_in(centre, "Ana")
    expect(ana.rows).to_have_count(1)
    ana.press("?")
    ana.page.get_by_role("checkbox", name="Single keys work").uncheck()
    ana.press("Escape", "Escape", "n", "g", "j")
    expect(ana.page.get_by_role("dialog")).to_have_count(0)
    expect(ana.page).to_have_url(re.compile(r"/(#/?)?$"))


def test_every_page_has_its_way_by_tab(centre, sign_in):
    ana = sign_in(centre, "Ana")
    for name in (
        "Sites", "Supervision", "Accounts", "Unknown accounts", "On test", "Frame doctor", "Journal", "Notices",
        "Queue",
    ):  # fmt: skip
        tab_to(ana.page, name)
        ana.press("Enter")
        expect(ana.page).to_have_title(re.compile(name))
        # The page takes the focus when it has come; Tab goes on from there.
        expect(ana.page.locator("main")).to_be_focused()


def test_g_and_a_letter_goes_to_each_page(centre, sign_in):
    ana = sign_in(centre, "Ana")
    for letter, page in (
        ("l", "sites"), ("s", "supervision"), ("t", "on-test"), ("w", "shifts"), ("r", "rosters"), ("a", "accounts"),
        ("b", "watch"), ("y", "sources"), ("n", "notices"), ("i", "import"), ("q", ""),
    ):  # fmt: skip
        ana.press("g", letter)
        expect(ana.page).to_have_url(re.compile(f"#/{page}$"))
