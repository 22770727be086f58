"""An incident's action plan, step by step, on the screen and by keys alone."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.people_on_screen import told
from support.room import ROLES, wait_for_open

DIALLED = """() => {
  window.dialled = [];
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='tel:']");
    if (link) { event.preventDefault(); window.dialled.push(link.getAttribute("href")); }
  }, true);
}"""


@pytest.fixture
def ada(centre):
    """Somebody who sets things up."""
    return centre.person("Ada", (*ROLES, "integrator", "administrator"))


@pytest.fixture
def fire(centre, ada):
    """A fire alarm of a place that has two keyholders."""
    centre.alarm("1001", "FA", 1)
    (incident,) = wait_for_open(ada, 1)
    for name, telephone in (("Edda Example", "+43 1 5550101"), ("Fritz Example", "+43 1 5550203")):
        told(ada, f"/sites/{incident['site_id']}/keyholders", name=name, telephones=[telephone])
    return incident


def picture(screen, name):
    """Pictures for whoever looks at them, where a folder for them is named."""
    if folder := os.environ.get("TOCSIN_PICTURES"):
        for theme in ("dark", "light", "night"):
            screen.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
            screen.page.screenshot(path=Path(folder) / f"{name}-{theme}.png")
        screen.page.evaluate("document.documentElement.dataset.theme = 'dark'")


def test_fire_is_led_from_claim_to_closing_by_its_plan_with_keys_alone(centre, fire, sign_in):
    ana = sign_in(centre, "Ana", viewport={"width": 1366, "height": 768})
    bo = sign_in(centre, "Bo")
    plan = ana.page.get_by_role("region", name=re.compile("^Plan"))
    turn = plan.locator("[data-step]")
    ana.page.evaluate(DIALLED)
    expect(ana.row(fire["number"])).to_be_visible()

    ana.press(" ")
    expect(ana.row(fire["number"])).to_contain_text("You")
    ana.press("Enter")
    expect(plan).to_contain_text("step 1 of 8")

    # Closing is refused as long as the fire service was not sent; the dialogue lists that step, and leads to it.
    ana.press("c")
    dialog = ana.page.get_by_role("dialog")
    expect(dialog.get_by_role("list", name="Steps that are not done")).to_contain_text("Send the fire service")
    dialog.get_by_role("button", name="Do them first").press("Enter")
    expect(dialog).to_have_count(0)
    expect(turn).to_be_focused()
    expect(turn).to_contain_text(re.compile(r"\d\d:\d\d left"))
    picture(ana, "plan-first")

    # What reaches nobody leaves the step where it is; that it was asked leads on, and the focus with it.
    ana.press("Tab")
    ana.page.keyboard.type("F-2026.11")
    ana.press("Enter")
    expect(plan).to_contain_text("step 2 of 8")
    expect(turn).to_be_focused()
    expect(turn).to_have_attribute("data-step", "which")
    expect(plan.locator("[data-state=done]")).to_contain_text("Asked, and it is coming")
    ana.press("1")
    expect(turn).to_have_attribute("data-step", "call-place")
    expect(turn).to_be_focused()

    # A colleague looks on: what Ana does stands there without a click, and nothing there does it.
    his = bo.open(fire["number"]).get_by_role("region", name=re.compile("^Plan"))
    expect(his).to_contain_text("step 3 of 8")
    expect(his).to_contain_text("Whoever has the incident does its steps.")
    ana.press("1")
    expect(turn).to_have_attribute("data-step", "seen")
    expect(his).to_contain_text("step 4 of 8")
    expect(his.get_by_role("button")).to_have_count(0)

    expect(turn).to_be_focused()
    ana.press("4")  # duress is asked once more
    expect(dialog).to_contain_text("Is somebody under duress?")
    ana.press("Escape")
    expect(turn).to_be_focused()
    ana.press("1")
    expect(turn).to_have_attribute("data-step", "cleared")
    expect(turn).to_be_focused()
    ana.press("0")  # it need not be done
    expect(turn).to_have_attribute("data-step", "entrance")
    expect(turn).to_be_focused()
    ana.press("1")

    # The call list and the plan are one: the next on the list is dialled by `o`, and what came of it counts for both.
    expect(turn).to_have_attribute("data-step", "keyholder")
    expect(turn).to_contain_text("1. Edda Example")
    picture(ana, "plan-call")
    expect(turn).to_be_focused()
    ana.press("o")
    assert ana.page.evaluate("window.dialled") == ["tel:+4315550101"]
    ana.press("6")
    expect(turn).to_contain_text("2. Fritz Example")
    expect(turn.get_by_text("Sending…")).to_have_count(0)  # until then no other result is taken
    ana.press("o")
    assert ana.page.evaluate("window.dialled") == ["tel:+4315550101", "tel:+4315550203"]
    ana.press("1")
    expect(turn).to_have_attribute("data-step", "line")
    expect(ana.detail.locator("[data-keyholder]").first).to_contain_text("No answer")
    expect(turn).to_be_focused()
    ana.press("1")
    expect(turn).to_have_count(0)
    expect(plan).to_contain_text("All steps were gone through.")
    picture(ana, "plan-over")

    ana.press("c")
    expect(dialog.get_by_text("of its plan")).to_have_count(0)
    ana.press(" ", "Enter")
    expect(ana.detail.get_by_text("Ana closed it at")).to_be_visible()
    done = {one["id"]: one["result"] for one in centre.person("Cy").get(f"/incidents/{fire['id']}/plan")["steps"]}
    assert done == {
        "send": "asked", "which": "done", "call-place": "attends", "seen": "yes", "cleared": "skipped",
        "entrance": "done", "keyholder": "attends", "line": "written",
    }  # fmt: skip


def test_overdue_step_says_so_and_a_text_is_read_out_line_by_line(centre, ada, fire, sign_in):
    steps = [
        {
            "id": "say",
            "kind": "instruct",
            "words": "Leave the building. Close the doors.",
            "mandatory": True,
            "limit_s": 5,
        },
        {"id": "look", "kind": "check", "words": "Look at the second detector.", "mandatory": True},
    ]
    told(ada, "/action-plans", name="fire-alarm", steps=steps)
    ana = sign_in(centre, "Ana", viewport={"width": 1366, "height": 768})
    plan = ana.page.get_by_role("region", name=re.compile("^Plan"))
    turn = plan.locator("[data-step]")
    expect(ana.row(fire["number"])).to_be_visible()
    ana.press(" ", "Enter")
    expect(plan).to_contain_text("step 1 of 2")
    ana.press("p")
    expect(turn).to_be_focused()
    ana.press("1")
    expect(turn).to_contain_text("1 of 2 said")
    expect(turn).to_contain_text(re.compile(r"OVERDUE.*by \d\d:\d\d", re.S))
    picture(ana, "plan-overdue")
    ana.press("Escape")
    expect(ana.row(fire["number"])).to_contain_text("STEP OVERDUE")
    picture(ana, "plan-row")
    ana.press("Enter", "p")
    expect(turn).to_be_focused()
    ana.press("1")
    ana.press("1")
    expect(turn).to_have_attribute("data-step", "look")
    expect(turn).to_be_focused()

    # A mandatory step is left undone for a reason, by two keys.
    ana.press("0")
    dialog = ana.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Look at the second detector.")
    picture(ana, "plan-waive")
    ana.press("3")
    expect(dialog).to_have_count(0)
    expect(plan).to_contain_text("Left undone: others have done it")
    expect(plan.get_by_role("status")).to_be_focused()
