"""What is put aside, and what comes all at once: by keyboard alone, and nothing of it is gone."""

import os

from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import wait_for_open
from support.screens import clipped

SHOWN = os.environ.get("TOCSIN_SHOW_FLOOD")


def shot(screen, name, *themes):
    if not SHOWN:
        return
    for width, height in ((1366, 768), (1920, 1080)):
        screen.page.set_viewport_size({"width": width, "height": height})
        for theme in themes or ("dark", "light", "night"):
            screen.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            screen.page.screenshot(path=f"{SHOWN}/{name}-{width}-{theme}.png")
    screen.page.emulate_media(forced_colors="active")
    screen.page.screenshot(path=f"{SHOWN}/{name}-forced.png")
    screen.page.emulate_media(forced_colors="none")
    screen.page.evaluate("document.documentElement.dataset.theme = 'dark'")


def test_incident_is_shelved_listed_and_taken_back_by_keyboard_and_a_fire_needs_two(centre, sign_in):
    cy = centre.person("Cy")
    centre.alarm("1003", "BA", 1)
    centre.alarm("1001", "FA", 1)
    fire, burglary = wait_for_open(cy, 2)
    ana = sign_in(centre, "Ana", ("operator",))
    detail = ana.open(burglary["number"])
    ana.press("s")
    dialog = ana.page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="The fault is known")).to_be_focused()
    ana.press("Enter")
    expect(dialog.get_by_text("Choose why.")).to_be_visible()
    ana.press("ArrowDown")
    expect(dialog.get_by_label("For how long")).to_have_value("15")
    assert axe_violations(ana.page) == []
    shot(ana, "shelve")
    ana.press("Enter")
    expect(detail.get_by_text("Shelved until")).to_contain_text("by Ana. Somebody is on the way. It sounds again then")
    expect(ana.row(burglary["number"])).to_contain_text("shelved until")
    expect(ana.page.get_by_role("banner").get_by_role("link", name="Shelved")).to_contain_text("1")
    assert ana.numbers == [fire["number"], burglary["number"]]

    detail = ana.open(fire["number"])
    ana.press("s")
    expect(ana.page.get_by_text("only a supervisor shelves it").last).to_be_visible()
    expect(dialog).to_have_count(0)

    ana.press("Escape", "g", "f")
    expect(ana.page.get_by_role("heading", name="Shelved: 1")).to_be_visible()
    row = ana.page.locator(f"[data-shelved='{burglary['number']}']")
    expect(row).to_contain_text("Somebody is on the way")
    expect(row).to_contain_text("Ana")
    assert axe_violations(ana.page) == []
    assert clipped(ana.page) == []
    shot(ana, "shelved")

    # A supervisor shelves the fire that Ana has; she alone could not, nor could Cy.
    assert (
        cy.act(fire["id"], "shelve", version=fire["version"], reason="work_on_site", minutes=5).json["code"]
        == "shelve.alone"
    )
    (fire,) = [one for one in wait_for_open(cy, 2) if one["id"] == fire["id"]]
    bo = centre.person("Bo", ("operator",))
    fire = bo.claim(fire)
    refused = bo.act(fire["id"], "shelve", version=fire["version"], reason="work_on_site", minutes=5)
    assert (refused.status, refused.json["code"]) == (403, "shelve.lead")
    done = cy.act(fire["id"], "shelve", version=fire["version"], reason="work_on_site", minutes=10)
    assert (done.status, done.json["incident"]["presentation"]) == (200, "shelved")
    expect(ana.page.get_by_role("heading", name="Shelved: 2")).to_be_visible()
    centre.alarm("1001", "FA", 2)  # another zone of a fire
    expect(ana.page.get_by_role("heading", name="Shelved: 1")).to_be_visible()

    row.get_by_role("button", name="Take back").press("Enter")
    expect(ana.page.get_by_role("heading", name="Shelved: none")).to_be_visible()
    assert {one["presentation"] for one in cy.open_incidents()} == {"shown"}
