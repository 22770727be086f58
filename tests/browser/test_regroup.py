"""Merging and splitting by keyboard alone, with a chattering detector in between: one way through all of it."""

import os

from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import wait_for_open

SHOWN = os.environ.get("TOCSIN_SHOW_REGROUP")


def shot(screen, name):
    if SHOWN:
        for theme in ("dark", "light", "night"):
            screen.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            screen.page.screenshot(path=f"{SHOWN}/{name}-{theme}.png")


def test_two_incidents_are_merged_undone_and_split_by_keyboard(centre, sign_in):
    cy = centre.person("Cy")
    for account, zone in (("1001", 1), ("1001", 2), ("1003", 1)):
        centre.alarm(account, "BA", zone)
    one, into = sorted(wait_for_open(cy, 2), key=lambda row: -row["number"])
    for _ in range(4):
        centre.alarm("1001", "BA", 1)
    cy.claim(into)
    ana = sign_in(centre, "Ana")
    expect(ana.row(into["number"])).to_contain_text("chatters")
    shot(ana, "chatters")
    detail = ana.open(one["number"])
    ana.press("m")
    dialog = ana.page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="Merge it into another")).to_be_focused()
    ana.press(" ", "Tab", "Tab", " ")
    expect(dialog.get_by_role("radio", name=f"#{into['number']}")).to_be_checked()
    shot(ana, "merge")
    assert axe_violations(ana.page) == []
    ana.press("Enter")
    expect(dialog.get_by_text("Talk to them first.")).to_be_visible()
    ana.press("Tab", " ", "Enter")
    expect(detail.get_by_text(f"Merged into #{into['number']}.")).to_be_visible()
    expect(ana.row(one["number"])).to_have_count(0)
    expect(ana.row(into["number"])).to_contain_text("You")

    detail.get_by_role("button", name="Undo the merge").press("Enter")
    dialog.get_by_role("button", name="Undo the merge").press("Enter")
    expect(ana.row(one["number"])).to_be_visible()

    detail = ana.open(into["number"])
    expect(detail.get_by_text("A detector alarms again and again since").first).to_be_visible()
    ana.press("m")
    dialog.get_by_role("radio", name="Split signals off").press(" ")
    dialog.get_by_role("checkbox").nth(5).press(" ")
    shot(ana, "split")
    ana.press("Enter")
    made = into["number"] + 2
    expect(ana.row(made)).to_be_visible()
    expect(detail.get_by_text(f"Ana split 1 signal off into incident {made}.")).to_be_visible()
    detail = ana.open(made)
    expect(detail.get_by_text(f"Split off #{into['number']}.")).to_be_visible()
    detail.get_by_role("button", name="Undo the split").press("Enter")
    dialog.get_by_role("button", name="Undo the split").press("Enter")
    expect(ana.row(made)).to_have_count(0)
