"""The page of action plans by keys alone: a plan is written, a loop refused, and then an incident is led by it."""

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations
from support.people_on_screen import told
from support.room import wait_for_open

SUPERVISOR = ("operator", "supervisor")


@pytest.fixture
def ana(centre, sign_in):
    return sign_in(centre, "Ana", SUPERVISOR, viewport={"width": 1366, "height": 768})


def picture(screen, name):
    """Pictures for whoever looks at them, where a folder for them is named."""
    if folder := os.environ.get("TOCSIN_PICTURES"):
        for width, height in ((1366, 768), (1920, 1080)):
            screen.page.set_viewport_size({"width": width, "height": height})
            for theme in ("dark", "light", "night"):
                screen.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
                screen.page.screenshot(path=Path(folder) / f"{name}-{width}-{theme}.png", full_page=True)
        screen.page.evaluate("document.documentElement.dataset.theme = 'dark'")
        screen.page.set_viewport_size({"width": 1366, "height": 768})


def test_plan_is_written_by_keys_a_loop_is_refused_and_an_incident_is_led_by_it(centre, ana):
    page = ana.page
    keys, tabs = page.keyboard, page.get_by_role("tab")
    chosen = page.get_by_role("tab", selected=True)
    mistakes = page.get_by_role("list", name="What is wrong").last
    ana.press("g", "o")
    expect(page.get_by_role("heading", level=1)).to_have_text("Action plans")
    expect(page.get_by_role("link", name="fire-alarm", exact=True)).to_be_visible()
    assert axe_violations(page) == []
    picture(ana, "plans-list")
    ana.press("Tab")
    expect(page.get_by_role("link", name="Make a plan")).to_be_focused()
    ana.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    ana.press("Tab")
    keys.type("fire-alarm")
    for _ in range(5):  # types, sites, hours, without an operator, the list of steps
        ana.press("Tab")
    expect(chosen).to_be_focused()

    # A question, and behind it a check that leads back to it.
    ana.press("Enter")
    keys.type("Is smoke, heat or flame seen?")
    ana.press("Tab")
    keys.type("Q")
    ana.press("Escape", "Insert")
    keys.type("Tell the crews which floor it is.")
    ana.press("Tab", "Tab", " ", "Tab")
    keys.type("90")
    expect(page.get_by_label("When it is missed")).to_be_visible()
    ana.press("Tab", "Tab")
    keys.type("1")
    ana.press("Control+s")
    expect(mistakes).to_contain_text("The plan loops: question-1 -> check-2 -> question-1.")
    expect(chosen).to_be_focused()
    expect(page.get_by_role("tabpanel")).to_contain_text("The plan loops:")
    assert [one["shipped"] for one in centre.person("Cy").get("/action-plans")["items"] if one["name"] == "fire-alarm"]
    assert axe_violations(page) == []
    picture(ana, "plans-loop")

    # The second leads on to the end; the first goes down and up again, and is called otherwise.
    ana.press("End", "Enter")
    for _ in range(5):
        ana.press("Tab")
    ana.press("Home")
    expect(page.get_by_text("Nothing is wrong with it.").or_(page.get_by_text("to look at"))).to_be_visible()
    ana.press("Escape", "Home", "Alt+ArrowDown")
    expect(tabs.nth(1)).to_contain_text("Is smoke")
    ana.press("Alt+ArrowUp", "Enter")
    page.get_by_label("Short name").focus()
    ana.press("Control+a")
    keys.type("seen")
    ana.press("Control+s")
    expect(page.get_by_text("The plan fire-alarm is made.")).to_be_visible()
    expect(chosen).to_have_attribute("data-step", "seen")

    # It is gone through dry: what would stand in the way of closing is said.
    page.get_by_role("button", name="Begin", exact=True).press("Enter")
    expect(page.get_by_role("button", name="yes", exact=True)).to_be_focused()
    ana.press("Enter")
    dry = page.get_by_role("region", name="Go through it dry")
    expect(dry).to_contain_text("after 20 s")
    expect(dry).to_contain_text("Closing would be refused until these are done: check-2.")
    ana.press("Enter")
    expect(dry).to_contain_text("All steps were gone through.")
    picture(ana, "plans-dry")

    centre.alarm("1001", "FA", 1)
    (incident,) = wait_for_open(centre.person("Cy"), 1)
    ana.press("g", "q")
    expect(ana.row(incident["number"])).to_be_visible()
    ana.press(" ", "Enter")
    plan = page.get_by_role("region", name=re.compile("^Plan"))
    expect(plan).to_contain_text("step 1 of 2")
    expect(plan).to_contain_text("Is smoke, heat or flame seen?")
    ana.press("p", "1")
    expect(plan.locator("[data-step]")).to_have_attribute("data-step", "check-2")
    ana.press("1")
    expect(plan).to_contain_text("All steps were gone through.")


def test_two_supervisors_see_each_other_and_an_old_version_comes_back(centre, ana):
    bo = centre.person("Bo", SUPERVISOR)
    step = {"id": "look", "kind": "check", "words": "Look at the panel."}
    made = told(bo, "/action-plans", name="fire-alarm", steps=[step])
    page = ana.page
    page.goto(f"{centre.origin}/#/action-plans/{made['id']}")
    words = page.get_by_label("Words", exact=True)
    words.fill("Look at the panel twice.")
    changed = {"name": "fire-alarm", "steps": [step | {"words": "Ring the bell."}, step | {"id": "more"}]}
    put = bo.ask("PUT", f"/api/v1/action-plans/{made['id']}", {**changed, "version": made["version"]})
    assert put.status == 200, put.text
    ana.guard.allow("status of 409")
    ana.press("Control+s")
    conflict = page.get_by_role("region", name="Somebody else saved first")
    expect(conflict).to_contain_text("Bo changed this at")
    row = conflict.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Step look", exact=True))
    expect(row).to_contain_text("Ring the bell.")
    expect(row).to_contain_text("Look at the panel twice.")
    expect(conflict.get_by_role("rowheader", name="Step more")).to_be_visible()
    assert axe_violations(page) == []
    picture(ana, "plans-conflict")
    # Kept, mine stands on top of theirs, step by step; then theirs is saved after all.
    conflict.get_by_role("button", name="Keep mine").press("Enter")
    expect(words).to_have_value("Look at the panel twice.")
    expect(page.get_by_role("tab")).to_have_count(2)
    words.fill("Ring the bell, twice.")
    ana.press("Control+s")
    expect(page.get_by_text("Saved. Incidents that begin a plan")).to_be_visible()

    versions = page.get_by_role("table", name="Versions")
    expect(versions.get_by_role("row")).to_have_count(4)
    expect(versions).to_contain_text("Bo")
    versions.get_by_role("button", name=f"Take it into the form: version {made['version']}").press("Enter")
    expect(words).to_have_value("Look at the panel.")
    expect(page.get_by_text("What saving would change: Order of the steps, Step look, Step more.")).to_be_visible()
    ana.press("Control+s")
    expect(page.get_by_text("Saved. Incidents that begin a plan")).to_be_visible()
    expect(versions.get_by_role("row")).to_have_count(5)
    picture(ana, "plans-versions")
    (now,) = [one for one in bo.get("/action-plans")["items"] if one["name"] == "fire-alarm"]
    assert [one["words"] for one in now["steps"]] == ["Look at the panel."]
    assert now["changed_by"] != bo.id

    # What goes without an operator is asked once more, with what it means.
    page.goto(f"{centre.origin}/#/action-plans")
    page.get_by_role("button", name="Switch on: plans handle TECH-LINE without an operator").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("will sound for nobody")
    picture(ana, "plans-switch")
    dialog.get_by_role("button", name="Switch on").press("Enter")
    line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="TECH-LINE", exact=False))
    expect(line.last).to_contain_text("Handled by its plan")


def test_plans_are_taken_out_as_a_file_and_brought_in_only_as_they_were_looked_at(centre, ana, tmp_path):
    page = ana.page
    ana.press("g", "o")
    page.get_by_role("link", name="hold-up", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a file").click()
    file = json.loads(Path(saved.value.path()).read_text())
    assert (saved.value.suggested_filename, file["format"], file["plans"][0]["name"]) == ("hold-up.json", 1, "hold-up")

    # A loop is told beside its plan, and nothing can be brought in.
    page.get_by_role("link", name="All plans").first.click()
    files = page.get_by_role("region", name="As files")
    ana.guard.allow("status of 409")
    steps = file["plans"][0]["steps"]
    loop = {"name": "goes-round", "types": ["FIRE-ALARM"], "steps": [{**steps[-1], "id": "a", "next": "a"}]}
    made = tmp_path / "plans.json"

    def choose(*plans):
        made.write_text(json.dumps({"format": 1, "plans": plans}))
        files.locator("input[type=file]").set_input_files(made)

    choose(file["plans"][0], loop)
    expect(files.get_by_role("heading", level=3)).to_have_text(re.compile("1 plan cannot be so"))
    expect(files.get_by_role("row", name=re.compile("goes-round"))).to_contain_text("The plan loops")
    expect(files.get_by_role("button", name=re.compile("Bring in "))).to_have_count(0)
    assert axe_violations(page) == []
    picture(ana, "plans-file-refused")

    # Mended it says what would be otherwise; what somebody else saved meanwhile is not written over unseen.
    choose(file["plans"][0] | {"steps": [{**steps[0], "words": "Otherwise."}, *steps[1:]]})
    expect(files.get_by_role("heading", level=3)).to_be_focused()
    expect(files.get_by_role("row", name=re.compile("hold-up"))).to_contain_text("in place of the one that ships")
    picture(ana, "plans-file-ready")
    other = centre.person("Cy")
    assert other.ask("POST", "/api/v1/import/action-plans", file["plans"][0]).status == 200
    files.get_by_role("button", name="Bring in 1 plan").click()
    expect(files).to_contain_text("Plans were changed since the file was looked at")
    files.get_by_role("button", name="Look at it again").click()
    expect(files.get_by_role("row", name=re.compile("hold-up"))).to_contain_text(f"steps changed: {steps[0]['id']}")
    ana.press("Tab")
    files.get_by_role("button", name="Bring in 1 plan").press("Enter")
    expect(files).to_contain_text("Brought in: 0 new, 1 as a new version.")
    expect(page.get_by_role("region", name="Of this centre").or_(page.get_by_role("table").first)).to_contain_text(
        "hold-up"
    )
    items = other.get("/action-plans/hold-up/versions")["items"]
    assert [one["now"] for one in items] == [True, False]


def test_rules_are_changed_by_keys_and_a_second_supervisor_sees_who_was_first(centre, ana):
    bo = centre.person("Bo", SUPERVISOR)
    page = ana.page
    ana.press("g", "u")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rules")
    alarms = page.get_by_role("textbox", name="A detector chatters from so many alarms")
    alarms.fill("99")
    ana.press("Enter")
    expect(page.get_by_text("A whole number from 3 to 10.")).to_be_visible()
    expect(alarms).to_be_focused()
    alarms.fill("5")
    expect(page.get_by_text("--set chatter.alarms=5")).to_be_visible()
    # Tried on what came in, before it is saved: three alarms chatter now, and would not then.
    for _ in range(4):
        centre.alarm("1001", "BA", 7)
    wait_for_open(centre.person("Cy"), 1)
    trial = page.get_by_role("region", name="Try these numbers first")
    trial.get_by_role("button", name="Try the numbers in the form").press("Enter")
    expect(trial).to_contain_text(re.compile("Of [0-9]+ signals [0-9]+ would end otherwise."))
    expect(trial.get_by_role("table").first.get_by_role("row", name=re.compile("Intrusion"))).to_contain_text("→")
    expect(trial.get_by_role("group", name="Signals that would end otherwise")).to_contain_text("is counted in")
    assert axe_violations(page) == []
    picture(ana, "rules")
    alarms.fill("6")
    expect(trial).to_contain_text("The form has other numbers by now")
    alarms.fill("5")
    changed = [{"name": "mains.accounts", "value": 4}]
    assert bo.ask("PUT", "/api/v1/rules/parameters", {"changed": changed, "version": 0}).status == 200
    ana.guard.allow("status of 409")
    ana.press("Enter")
    conflict = page.get_by_role("region", name="Somebody else saved first")
    expect(conflict).to_contain_text("Bo changed this at")
    conflict.get_by_role("button", name="Keep mine").press("Enter")
    alarms.press("Enter")
    expect(page.get_by_text("Saved. The next signal goes by it.")).to_be_visible()
    versions = page.get_by_role("table", name="Versions")
    expect(versions.get_by_role("row").nth(1)).to_contain_text("chatter.alarms 5, mains.accounts 4")
    expect(versions.get_by_role("row").nth(2)).to_contain_text("Bo")
    now = {one["name"]: one["now"] for one in bo.get("/rules/parameters")["items"]}
    assert (now["chatter.alarms"], now["mains.accounts"]) == (5, 4)
