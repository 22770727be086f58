"""Reaching people, on the screen: own contacts and a test of each, people told of an incident, the delivery board."""

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations
from support.providers import fake_provider
from support.room import ROLES, room, wait_for_open
from support.server import wait_for
from support.tour import TABLES


@pytest.fixture
def provider():
    with fake_provider() as made:
        yield made


@pytest.fixture
def reaching(tmp_path, provider):
    """A centre with webhooks switched on."""
    settings = f'\n[notify]\ninternal = ["{provider.address}"]\n[notify.webhook]\nenabled = true\n'
    with room(tmp_path, settings=settings, **TABLES) as made:
        yield made


def test_a_person_enters_a_contact_tests_it_and_sees_that_it_counts(reaching, provider, sign_in):
    ana = sign_in(reaching, "Ana")
    ana.page.goto(f"{reaching.origin}/#/me")
    mine = ana.page.get_by_role("region", name="How I am reached")
    expect(mine.get_by_text("You would not be reached now: off duty.")).to_be_visible()
    mine.get_by_label("From home").check()
    expect(mine.get_by_text("You would not be reached now: no contact.")).to_be_visible()
    mine.get_by_label("By", exact=True).select_option("webhook")
    mine.get_by_label("Address", exact=True).fill(provider.url())
    mine.get_by_role("button", name="Add", exact=True).click()
    secret = ana.page.get_by_role("dialog")
    expect(secret.get_by_text("whsec_")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(mine.get_by_text("Not tested: it does not count yet")).to_be_visible()
    mine.get_by_role("button", name="Send a test to 127.0.0.1").click()
    (taken,) = provider.wait()
    expect(mine.get_by_text("Delivered: the device has it")).to_be_visible(timeout=15_000)
    answer = ana.page.context.new_page()
    answer.goto(taken.json["data"]["answer_url"])
    answer.get_by_role("button", name="It has arrived").click()
    expect(answer.get_by_text("this contact counts from now on")).to_be_visible()
    answer.close()
    expect(mine.get_by_text("You would be reached now.")).to_be_visible(timeout=15_000)
    mine.get_by_role("group", name="Urgent: priority 1 and 2").get_by_label("By my own times").check()
    mine.get_by_role("button", name="Save times").click()
    expect(mine.get_by_text("Choose at least one channel")).to_be_visible()
    mine.get_by_role("combobox", name="webhook").select_option("after 20 s")
    mine.get_by_role("button", name="Save times").click()
    expect(mine.get_by_text("Saved.")).to_be_visible()
    mine.get_by_role("button", name="Add a time").click()
    mine.get_by_label("Time 1: day").select_option("Sunday")
    mine.get_by_label("Time 1: from").fill("20:00")
    mine.get_by_label("Time 1: from").press("Tab")
    assert axe_violations(ana.page) == []
    mine.get_by_role("button", name="Save my week").click()
    expect(mine.get_by_role("button", name="Save my week")).to_be_enabled()
    api = reaching.person("Ana").get("/me/reach")
    assert api["rules"] == {"urgent": [{"channel": "webhook", "after_s": 20}], "normal": []}
    assert [(one["weekday"], one["from_min"], one["to_min"]) for one in api["away"]["weekly"]] == [(6, 1200, 1800)]
    mine.get_by_role("button", name="Not now for").click()
    expect(mine.get_by_text("You would not be reached now: said “not now”.")).to_be_visible()
    mine.get_by_role("button", name="Remove 127.0.0.1").click()
    expect(mine.get_by_text("No contacts yet.")).to_be_visible()


def test_an_operator_tells_people_and_sees_who_is_coming_and_who_could_not_be_told(reaching, provider, sign_in):
    rex = reaching.person("Rex", ("responder",))
    rex.ask("POST", "/api/v1/me/contacts", {"channel": "webhook", "address": provider.url("/rex")})
    rex.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"})
    reaching.person("Off", ("responder",))
    ada = reaching.person("Ada", ROLES)
    reaching.alarm("1001", "FA", 1)
    (incident,) = wait_for_open(ada, 1)
    ana = sign_in(reaching, "Ana")
    ana.open(incident["number"])
    told = ana.page.get_by_role("region", name="People told")
    told.get_by_role("button", name="Tell people").click()
    told.get_by_role("button", name="Tell them now").click()
    expect(told.get_by_text("Choose at least one role or person.")).to_be_visible()
    told.get_by_label("Responder").check()
    told.get_by_label("How many are needed").fill("1")
    told.get_by_role("button", name="Tell them now").click()
    expect(told.get_by_text("1 person is being told. 1 cannot be: see the list.")).to_be_visible()
    expect(told.get_by_text("off duty")).to_be_visible()
    (taken,) = provider.wait()
    link = taken.json["data"]["callback_url"].removeprefix(reaching.origin)
    assert rex.ask("POST", link, {"state": "coming"}).status == 204
    expect(told.get_by_text("1 coming, 0 cannot, 2 told.")).to_be_visible(timeout=15_000)
    expect(ana.page.get_by_text("Rex is coming.")).to_be_visible(timeout=15_000)
    ana.page.goto(f"{reaching.origin}/#/notices")
    expect(ana.page.get_by_role("heading", name="Delivery board")).to_be_visible()
    row = ana.page.get_by_role("row").filter(has=ana.page.get_by_role("rowheader", name="Rex"))
    expect(row.get_by_text("coming")).to_be_visible()
    other = ana.page.get_by_role("row").filter(has=ana.page.get_by_role("rowheader", name="Off"))
    other.get_by_role("button", name="Send again to Off").click()
    wait_for(lambda: len(ada.get("/notices")["items"]) == 3, 10, "a notice anew")
    assert axe_violations(ana.page) == []
