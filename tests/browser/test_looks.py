"""What people need to be able to see: no motion for those who ask for none, a mute console that says so, any theme."""

import re

import pytest
from playwright.sync_api import expect

from support.browser import until
from support.server import wait_for

WITHIN_S = 20
ANIMATED = "(row) => row.getAnimations({ subtree: true }).filter((one) => one.playState !== 'finished').length"


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_new_fire_moves_only_for_those_who_bear_it(centre, sign_in, motion):
    ana = sign_in(centre, "Ana", reduced_motion=motion)
    ana.page.evaluate(
        """() => {
  window.animated = 0;
  document.addEventListener("animationstart", () => window.animated++, true);
}"""
    )
    centre.alarm("1001", "FA", 1)
    expect(ana.rows).to_have_count(1)
    if motion == "no-preference":
        until(ana.page, "window.animated > 0")
    ana.page.wait_for_timeout(1_200)  # longer than the pulse takes
    until(ana.page, f"({ANIMATED})(document.querySelector('[data-id][data-version]')) === 0")  # nothing blinks
    assert ana.page.evaluate("window.animated") == (0 if motion == "reduce" else 1), "it pulses once"


def test_console_says_that_it_is_mute_until_somebody_has_heard_it(centre, sign_in):
    ana = sign_in(centre, "Ana")
    bar = ana.page.get_by_text("This console is mute. Click to test sound.")
    expect(bar).to_be_visible()
    ana.page.get_by_role("button", name="Start shift").click()
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_role("button", name="No").click()
    expect(dialog.get_by_text("Check loudspeaker, cable and volume")).to_be_visible()
    ana.press("Escape")
    expect(ana.page.get_by_role("button", name="Start shift")).to_be_visible()
    ana.page.get_by_role("button", name="Start shift").click()
    dialog.get_by_role("button", name="Yes, all of it").click()
    expect(dialog).to_have_count(0)
    expect(ana.page.get_by_role("button", name="Start shift")).to_have_count(0)
    cy = centre.person("Cy")

    def heard():
        entries = cy.get("/journal?limit=50")["items"]
        return sorted(entry["body"]["heard"] for entry in entries if entry["kind"] == "desk.sound_checked")

    wait_for(lambda: heard() == [False, True], WITHIN_S, "both answers in the journal")


def test_most_urgent_sound_ends_with_the_claim_and_not_before(centre, sign_in):
    ana = sign_in(centre, "Ana")
    ana.page.get_by_role("button", name="Start shift").click()
    ana.page.get_by_role("button", name="Yes, all of it").click()
    # The dialog gives the focus back to the bar that it was opened from; Space is the queue's once that has gone.
    expect(ana.page.get_by_role("dialog")).to_have_count(0)
    expect(ana.page.get_by_role("button", name="Start shift")).to_have_count(0)
    centre.alarm("1001", "FA", 1)
    expect(ana.rows).to_have_count(1)
    ana.press("F9")
    expect(ana.page.get_by_text("Priority 1 sounds until it is claimed").first).to_be_visible()
    ana.press(" ")
    expect(ana.row(ana.numbers[0])).to_contain_text("You")
    ana.press("F9")
    expect(ana.page.get_by_text("Nothing sounds.").first).to_be_visible()


def test_theme_and_height_of_rows_are_kept(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    ana = sign_in(centre, "Ana")
    expect(ana.rows).to_have_count(1)
    for theme in ("night", "light"):
        ana.page.get_by_label("Theme").select_option(theme)
        ana.page.get_by_label("Rows").select_option("44")
        ana.page.reload()
        expect(ana.page.locator(f":root[data-theme={theme}]")).to_be_attached()
        expect(ana.rows).to_have_count(1)
        box = ana.rows.first.bounding_box()
        assert box is not None
        assert box["height"] == 44


def test_forced_colours_leave_priorities_apart(centre, sign_in):
    for account, code in (("1001", "FA"), ("1003", "BA"), ("1004", "AT")):
        centre.alarm(account, code, 1)
    ana = sign_in(centre, "Ana", forced_colors="active")
    expect(ana.rows).to_have_count(3)
    points = [
        row.locator("svg").first.evaluate("(svg) => svg.querySelector('polygon')?.getAttribute('points') ?? 'circle'")
        for row in ana.rows.all()
    ]
    assert len(set(points)) == 3
    expect(ana.rows.first.locator("[data-priority]")).to_contain_text("P1")


def test_forced_colours_underline_the_tab_that_is_shown_and_no_other(centre, sign_in):
    ana = sign_in(centre, "Ana", forced_colors="active")
    ana.page.goto("/#/unknown/refused")
    tabs = ana.page.locator("main .tabs a")
    expect(tabs).to_have_count(2)
    expect(tabs.nth(1)).to_have_attribute("aria-current", "page")
    hidden, shown = tabs.evaluate_all("(tabs) => tabs.map((tab) => getComputedStyle(tab).borderBottomColor)")
    ground = ana.page.evaluate(
        "() => { document.body.style.outlineColor = 'Canvas'; return getComputedStyle(document.body).outlineColor; }"
    )
    assert hidden == ground
    assert shown != ground


def test_title_of_a_window_behind_others_tells_what_waits(centre, sign_in):
    ana = sign_in(centre, "Ana")
    centre.alarm("1001", "FA", 1)
    expect(ana.page).to_have_title(re.compile(r"^\(1\) "))
    expect(ana.rows).to_have_count(1)  # Space claims nothing that is not on the screen yet
    ana.press(" ")
    expect(ana.page).to_have_title(re.compile(r"^[^(]"))
