"""docs/tutorials/your-first-alarm.md, carried out in a real browser by its keys; its pictures are made here.

To make them anew: TOCSIN_PICTURES=docs/pictures pytest tests/browser/test_first_alarm.py
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.browser import window
from support.demo import Demo
from support.pictures import save_picture
from support.screens import Screen

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "docs" / "tutorials" / "your-first-alarm.md").read_text(encoding="utf-8")
PICTURED = re.findall(r"\]\(\.\./pictures/([\w-]+)\.png\)", TUTORIAL)
SIZE = {"width": 1600, "height": 900}
TALL = {"width": 1600, "height": 1480}
"""So much of a page is needed to show an incident with its time line."""

LONG = {"width": 1600, "height": 2040}
"""And so much for a frame field by field."""

ALARM_MS = 60_000
"""The town's fire and what follows it, on a busy machine."""

FRAME = '86540049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027'
"""Its check sum is wrong by one."""


@pytest.fixture
def picture(tmp_path):
    """`picture(page, "queue")` makes one, and at the end every picture of the tutorial was made."""
    place = Path(os.environ.get("TOCSIN_PICTURES") or tmp_path / "pictures")
    place.mkdir(parents=True, exist_ok=True)
    made = []

    def make(page, name, size=SIZE):
        page.set_viewport_size(size)
        page.mouse.move(0, 0)
        save_picture(page, place / f"{name}.png")
        page.set_viewport_size(SIZE)
        made.append(name)

    yield make
    assert sorted(made) == sorted(PICTURED)


def test_newcomer_is_led_from_the_link_to_the_closed_fire_and_nothing_is_lost(browser, tmp_path, picture):
    with Demo(tmp_path / "town", "--pace", "600") as demo:
        origin = demo.links[0].partition("/sign-in")[0]
        with window(browser, origin, viewport=SIZE) as opened:
            ana = Screen(opened, None).sign_in(demo.links[0])
            page = ana.page
            hints = page.get_by_label("First steps")
            expect(hints).to_contain_text("1 of 8")

            # 2. Start the shift
            page.get_by_role("button", name="Start shift").click()
            page.get_by_role("button", name="Yes, all of it").click()
            page.keyboard.press("Escape")
            expect(page.get_by_text("Nobody has tested the sound")).to_have_count(0)

            # 3 and 4. A fault, a fire, and what else the town has; the fire stands on top.
            bank = page.locator("[data-id]").filter(has_text="Bank Market Square")
            expect(bank).to_be_visible(timeout=ALARM_MS)
            ana.press("Home")
            fire = page.locator("[data-id]").filter(has_text="Cold Store North")
            expect(fire).to_have_count(1)
            expect(fire).to_contain_text("confirmed", timeout=ALARM_MS)
            number = int(fire.get_attribute("data-number"))
            assert ana.numbers[0] == number
            expect(fire.get_by_title("4 signals")).to_have_count(1, timeout=ALARM_MS)
            night = page.get_by_role("button", name="Not now")
            if night.is_visible():  # offered by the clock on the wall
                night.click()
            picture(page, "queue")

            ana.press("Home", " ")
            expect(ana.row(number)).to_contain_text("You")
            ana.press("Enter")
            expect(ana.detail.get_by_text("Call point loading bay").first).to_be_visible()
            expect(ana.detail.get_by_text("3 North Mole")).to_be_visible()
            expect(ana.detail.get_by_text("You have it since")).to_be_visible()
            expect(ana.detail.get_by_text("Ana claimed it.")).to_be_visible()
            # Claiming has opened it, and the step that tells of its parts is there to be read.
            expect(hints).to_contain_text("4 of 8")
            picture(page, "incident", TALL)
            ana.press("x")
            expect(hints).to_contain_text("5 of 8")

            # 5. Write down what you do
            ana.press("n")
            page.get_by_role("textbox", name="Note").fill("Fire brigade called, on their way. Porter opens the gate.")
            page.keyboard.press("Control+Enter")
            expect(ana.detail.get_by_text("Porter opens the gate.")).to_be_visible()
            expect(hints).to_contain_text("6 of 8")
            ana.press("Escape")
            expect(ana.row(number)).to_contain_text("You")
            picture(page, "claimed")

            # 6. Close it
            ana.press("Enter", "c")
            dialog = page.get_by_role("dialog")
            dialog.get_by_role("radio", name=re.compile("Real")).check()
            dialog.get_by_label("Why is it left undone").select_option("done_elsewhere")
            dialog.get_by_role("button", name="Close it").click()
            expect(ana.detail.get_by_text("Ana closed it at")).to_be_visible()
            expect(hints).to_contain_text("7 of 8")
            picture(page, "closed", TALL)

            # 8. Pull the plug
            ana.guard.allow("ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|Failed to load")
            # But mains: where those of an area fail, one incident takes the place of them all.
            lasting = page.locator("[data-number]").filter(has_not_text="TECH-MAINS")
            before = {int(row.get_attribute("data-number")) for row in lasting.all()}
            demo.press_enter()
            expect(page.get_by_text("Not connected since")).to_be_visible(timeout=ALARM_MS)
            expect(page.get_by_text("Not connected since")).to_have_count(0, timeout=ALARM_MS)
            expect(page.get_by_text(re.compile("Connected again"))).to_be_visible()
            expect(hints).to_contain_text("8 of 8")
            assert before <= set(ana.numbers)
            page.get_by_role("button", name="Put away").click()

            # Where to go from here
            page.get_by_role("navigation").get_by_role("link", name="Unknown accounts").click()
            expect(page.get_by_text("4221").first).to_be_visible()
            picture(page, "unknown-accounts")
            page.get_by_role("navigation").get_by_role("link", name="Frame doctor").click()
            page.get_by_role("textbox").first.fill(FRAME)
            page.get_by_role("button", name="Examine", exact=True).click()
            expect(page.get_by_text("the body gives 8653").first).to_be_visible()
            picture(page, "frame-doctor", LONG)

        # 9. The proof
        status, said = demo.end()
        assert status == 0
        (words,) = [line for line in said if "were acknowledged" in line]
        acked, stored = map(int, re.findall(r"\d+", words.replace(",", "")))
        assert 20 < acked <= stored
