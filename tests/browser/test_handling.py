"""An incident from its alarm to its closing, by one operator and by two at once."""

import re

import pytest
from playwright.sync_api import expect

from support.room import wait_for_open
from support.server import run_tocsin

SOON_MS = 5_000
"""A second is the promise, which `tocsin bench screen` measures (docs/reference/bench.md); a busy machine gets more."""


@pytest.fixture
def fire(centre):
    """A centre where one smoke detector has reported."""
    centre.alarm("1001", "FA", 1)
    return centre


def test_incident_is_claimed_noted_closed_and_reopened(fire, sign_in):
    ana = sign_in(fire, "Ana")
    (incident,) = wait_for_open(fire.person("Cy"), 1)
    expect(ana.row(incident["number"])).to_contain_text("Harbour Mill")
    detail = ana.open(incident["number"])

    detail.get_by_role("button", name="Claim").click()
    expect(detail.get_by_text("You have it since")).to_be_visible()
    expect(ana.row(incident["number"])).to_contain_text("You")

    detail.get_by_role("button", name="Add a note").click()
    ana.page.get_by_role("textbox", name="Note").fill("Caretaker opens the gate at the quay")
    ana.page.get_by_role("button", name="Add the note").click()
    expect(detail.get_by_text("Caretaker opens the gate at the quay")).to_be_visible()

    detail.get_by_role("button", name="Close").click()
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Close it").click()
    expect(dialog.get_by_text("Choose what it was.")).to_be_visible()
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Close it").click()
    expect(dialog.get_by_text("Choose why, or do the steps first.")).to_be_visible()
    dialog.get_by_label("Why is it left undone").select_option("not_needed")
    dialog.get_by_role("textbox").fill("Burnt toast in the office")
    dialog.get_by_role("button", name="Close it").click()
    expect(detail.get_by_text("Ana closed it at")).to_be_visible()
    expect(detail.get_by_text("Burnt toast in the office")).to_be_visible()
    expect(ana.row(incident["number"])).to_have_count(0)

    detail.get_by_role("button", name="Reopen").click()
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Reopen it").click()
    expect(ana.row(incident["number"])).to_be_visible()
    expect(detail.get_by_text("closed it at")).to_have_count(0)


def test_second_operator_sees_at_once_who_has_it(fire, sign_in):
    ana, bo = sign_in(fire, "Ana"), sign_in(fire, "Bo")
    (incident,) = wait_for_open(fire.person("Cy"), 1)
    expect(bo.row(incident["number"])).to_contain_text("unclaimed")
    expect(ana.row(incident["number"])).to_contain_text("unclaimed")
    ana.press(" ")
    expect(ana.row(incident["number"])).to_contain_text("You", timeout=SOON_MS)
    expect(bo.row(incident["number"])).to_contain_text("Ana", timeout=SOON_MS)


def test_conflict_names_who_was_quicker_and_offers_to_take_over(fire, sign_in):
    ana = fire.person("Ana")
    bo = sign_in(fire, "Bo")
    bo.guard.allow("status of 409")
    (incident,) = wait_for_open(ana, 1)

    def ana_is_quicker(route):
        ana.claim(incident)
        route.continue_()

    bo.page.route("**/claim", ana_is_quicker, times=1)
    detail = bo.open(incident["number"])
    detail.get_by_role("button", name="Claim").click()
    expect(detail.get_by_text(f"Not done: claim #{incident['number']}. Ana claimed it")).to_be_visible()
    expect(detail.get_by_text("{user")).to_have_count(0)
    assert ana.open_incidents()[0]["claimed_by"] == ana.id

    detail.locator("[data-phase=conflict]").get_by_role("button", name="Take over").click()
    dialog = bo.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ana has it.")
    dialog.get_by_role("button", name="Take over").click()
    expect(detail.get_by_text("You have it since")).to_be_visible()
    assert ana.open_incidents()[0]["claimed_by"] != ana.id


@pytest.mark.parametrize("way", ["Look", "Take over"])
def test_claim_that_was_lost_from_the_queue_is_told_with_who_has_it_and_the_way_on(fire, sign_in, way):
    ana = fire.person("Ana")
    bo = sign_in(fire, "Bo")
    bo.guard.allow("status of 409")
    (incident,) = wait_for_open(ana, 1)
    row = bo.row(incident["number"])
    expect(row).to_contain_text("unclaimed")

    def ana_is_quicker(route):
        ana.claim(incident)
        route.continue_()

    bo.page.route("**/claim", ana_is_quicker, times=1)
    bo.press(" ")
    bar = bo.page.get_by_role("alert").filter(has_text=f"Not done: claim #{incident['number']}.")
    expect(bar).to_contain_text(re.compile(r"Ana claimed it \d+ s ago\."))
    expect(row).to_contain_text("NOT DONE")
    expect(row).to_contain_text("Ana")
    bar.get_by_role("button", name=way).click()
    expect(bar).to_have_count(0)
    if way == "Look":
        expect(bo.detail.locator("[data-phase=conflict]")).to_contain_text("Ana claimed it")
        bo.detail.locator("[data-phase=conflict]").get_by_role("button", name="Take over").click()
    bo.page.get_by_role("dialog").get_by_role("button", name="Take over").click()
    expect(row).to_contain_text("You")
    expect(row).not_to_contain_text("NOT DONE")


def test_command_that_is_refused_from_the_queue_says_why(fire, sign_in):
    bo = sign_in(fire, "Bo")
    bo.guard.allow("status of 403")
    (incident,) = wait_for_open(fire.person("Cy"), 1)
    expect(bo.row(incident["number"])).to_be_visible()
    done = run_tocsin("user", "roles", "Bo", "--role", "auditor", "--dir", fire.folder)
    assert done.status == 0, done.errors
    bo.press(" ")
    expect(bo.page.get_by_role("alert").filter(has_text=f"Refused: claim #{incident['number']}.")).to_be_visible()
    expect(bo.row(incident["number"])).to_contain_text("REFUSED")


def test_keys_that_can_do_nothing_say_why(fire, sign_in):
    ana, bo = fire.person("Ana"), sign_in(fire, "Bo")
    (incident,) = wait_for_open(ana, 1)
    expect(bo.row(incident["number"])).to_be_visible()
    said = bo.page.get_by_role("status")
    for key in ("c", "n", "x"):
        bo.press(key)
        expect(said.filter(has_text="No incident is open here.")).to_have_count(1)
    bo.open(incident["number"])
    bo.press("c")
    expect(said.filter(has_text="Claim it first: whoever has it closes it.")).to_have_count(1)
    ana.claim(incident)
    expect(bo.detail).to_contain_text("Ana has it since")
    bo.press("c")
    expect(said.filter(has_text="Ana has it, and closes it.")).to_have_count(1)
    expect(bo.page.get_by_role("dialog")).to_have_count(0)


def test_one_press_too_many_claims_no_second_incident(fire, sign_in):
    fire.alarm("1003", "FA", 1)
    ana = sign_in(fire, "Ana")
    expect(ana.rows).to_have_count(2)
    first, second = ana.numbers
    ana.press(" ")
    expect(ana.row(first)).to_contain_text("You")
    ana.press(" ", " ")
    expect(ana.page.get_by_role("status").filter(has_text=f"#{first} is yours already.")).to_have_count(1)
    expect(ana.page.locator("[data-id][aria-selected=true]")).to_have_attribute("data-number", str(first))
    expect(ana.row(second)).to_contain_text("unclaimed")
    ana.row(second).click()
    ana.press(" ")
    expect(ana.row(second)).to_contain_text("You")


def test_alarm_that_came_in_unseen_keeps_an_incident_open(fire, sign_in):
    ana, cy = sign_in(fire, "Ana"), fire.person("Cy")
    ana.guard.allow("status of 409")
    (incident,) = wait_for_open(cy, 1)
    detail = ana.open(incident["number"])
    detail.get_by_role("button", name="Claim").click()
    expect(detail.get_by_text("You have it since")).to_be_visible()
    detail.get_by_role("button", name="Close").click()
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_label("Why is it left undone").select_option("not_needed")
    fire.alarm("1001", "FA", 2)
    expect(dialog.get_by_text("It has changed since you opened this.")).to_be_visible()
    dialog.get_by_role("button", name="Close it").click()
    expect(detail.get_by_text(f"Not done: close #{incident['number']}.")).to_be_visible()
    assert [found["state"] for found in cy.open_incidents()] == ["open"]


def test_new_alarm_is_on_the_screen_at_once(fire, sign_in):
    ana = sign_in(fire, "Ana")
    expect(ana.rows).to_have_count(1)
    fire.alarm("1003", "BA", 1)
    expect(ana.rows).to_have_count(2, timeout=SOON_MS)
    expect(ana.rows.last).to_contain_text("Old Depot")
    expect(ana.rows.last).to_contain_text("Gate")


def test_time_line_begins_with_the_newest_names_zones_and_says_why_signals_joined(fire, sign_in):
    fire.alarm("1001", "FA", 2)
    ana = sign_in(fire, "Ana")
    (incident,) = wait_for_open(fire.person("Cy"), 1)
    detail = ana.open(incident["number"])
    line = detail.get_by_role("region", name="Time line, newest first").get_by_role("listitem")
    expect(line).to_have_count(2)
    expect(line.first).to_contain_text("Stairs (zone 2). Joined: the same")
    expect(line.last).to_contain_text("Boiler room (zone 1)")
    expect(detail.get_by_role("region", name="Why this priority")).to_contain_text("Joined: the same")
    rows = detail.get_by_role("region", name="Signals, newest first").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Stairs")

    detail.get_by_role("button", name="Claim").click()
    detail.get_by_role("button", name="Close").click()
    dialog = ana.page.get_by_role("dialog")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_label("Why is it left undone").select_option("not_needed")
    dialog.get_by_role("button", name="Close it").click()
    expect(line.first).to_contain_text("Ana closed it. Real")
    expect(line.first).to_be_in_viewport()
