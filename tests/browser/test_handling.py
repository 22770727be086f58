"""An incident from its alarm to its closing, by one operator and by two at once."""

import pytest
from playwright.sync_api import expect

from support.room import wait_for_open

SECOND_MS = 1_000


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


def test_second_operator_sees_within_a_second_who_has_it(fire, sign_in):
    ana, bo = sign_in(fire, "Ana"), sign_in(fire, "Bo")
    (incident,) = wait_for_open(fire.person("Cy"), 1)
    expect(bo.row(incident["number"])).to_contain_text("unclaimed")
    expect(ana.row(incident["number"])).to_contain_text("unclaimed")
    ana.press(" ")
    expect(ana.row(incident["number"])).to_contain_text("You", timeout=SECOND_MS)
    expect(bo.row(incident["number"])).to_contain_text("Ana", timeout=SECOND_MS)


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
    fire.alarm("1001", "FA", 2)
    expect(dialog.get_by_text("It has changed since you opened this.")).to_be_visible()
    dialog.get_by_role("button", name="Close it").click()
    expect(detail.get_by_text(f"Not done: close #{incident['number']}.")).to_be_visible()
    assert [found["state"] for found in cy.open_incidents()] == ["open"]


def test_new_alarm_is_on_the_screen_within_a_second(fire, sign_in):
    ana = sign_in(fire, "Ana")
    expect(ana.rows).to_have_count(1)
    fire.alarm("1003", "BA", 1)
    expect(ana.rows).to_have_count(2, timeout=SECOND_MS)
    expect(ana.rows.last).to_contain_text("Old Depot")
    expect(ana.rows.last).to_contain_text("Gate")
