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

PLAN = (
    ("send", "1"), ("which", "1"), ("call-place", "6"), ("keyholder", "6"),
)  # fmt: skip
"""The steps of a fire alarm as the tutorial does them: nobody answers at the place, nor the first on the list."""

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
            expect(hints).to_contain_text("1 of 9")

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
            expect(hints).to_contain_text("4 of 9")
            picture(page, "incident", TALL)
            ana.press("x")
            expect(hints).to_contain_text("5 of 9")

            # 5. Go by its plan: every step by one key, two of the keyholders are dialled
            plan = page.get_by_role("region", name=re.compile("^Plan"))
            turn = plan.locator("[data-step]")
            ana.press("p")
            for step, key in PLAN:
                expect(turn).to_have_attribute("data-step", step)
                expect(turn).to_be_focused()
                if step == "keyholder":
                    picture(page, "plan", TALL)
                ana.press(key)
                expect(hints).to_contain_text("6 of 9")
            expect(turn).to_contain_text("2. ")
            expect(turn.get_by_text("Sending…")).to_have_count(0)
            ana.press("1")
            expect(turn).to_have_attribute("data-step", "line")
            ana.press("1")
            expect(plan).to_contain_text("All steps were gone through.")

            # 6. Write down what else you do
            ana.press("n")
            page.get_by_role("textbox", name="Note").fill("Porter opens the gate, and waits for the crews there.")
            page.keyboard.press("Control+Enter")
            expect(ana.detail.get_by_text("Porter opens the gate,")).to_be_visible()
            expect(hints).to_contain_text("7 of 9")
            ana.press("Escape")
            expect(ana.row(number)).to_contain_text("You")
            picture(page, "claimed")

            # 7. Close it
            ana.press("Enter", "c")
            dialog = page.get_by_role("dialog")
            dialog.get_by_role("radio", name=re.compile("Real")).check()
            expect(dialog.get_by_label("Why is it left undone")).to_have_count(0)
            dialog.get_by_role("button", name="Close it").click()
            expect(ana.detail.get_by_text("Ana closed it at")).to_be_visible()
            expect(hints).to_contain_text("8 of 9")
            picture(page, "closed", TALL)

            # 9. Pull the plug
            ana.guard.allow("ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|Failed to load")
            # But mains: where those of an area fail, one incident takes the place of them all.
            lasting = page.locator("[data-number]").filter(has_not_text="TECH-MAINS")
            before = {int(row.get_attribute("data-number")) for row in lasting.all()}
            demo.press_enter()
            expect(page.get_by_text("Not connected since")).to_be_visible(timeout=ALARM_MS)
            expect(page.get_by_text("Not connected since")).to_have_count(0, timeout=ALARM_MS)
            expect(page.get_by_text(re.compile("Connected again"))).to_be_visible()
            expect(hints).to_contain_text("9 of 9")
            # Those that came meanwhile may have pushed some of them out of sight: what there is, the centre says.
            kept = page.context.request.get(f"{origin}/api/v1/incidents?state=open&limit=100").json()["items"]
            assert before <= {one["number"] for one in kept}
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

        # 10. The proof
        status, said = demo.end()
        assert status == 0
        (words,) = [line for line in said if "were acknowledged" in line]
        acked, stored = map(int, re.findall(r"\d+", words.replace(",", "")))
        assert 20 < acked <= stored
