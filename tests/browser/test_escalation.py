"""Escalation on the screen: a group and a chain are made, checked and tried, and an incident says who is missing."""

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations
from support.providers import fake_provider
from support.room import ROLES, room, wait_for_open
from support.server import wait_for
from support.tour import TABLES

DAY_US = 86_400_000_000


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


def responder(reaching, provider, name):
    made = reaching.person(name, ("responder",))
    made.ask("POST", "/api/v1/me/contacts", {"channel": "webhook", "address": provider.url(f"/{name}")})
    made.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"})
    return made


def coming(reaching, provider, person, name):
    """Somebody answers the notice that came to their own address."""
    taken = wait_for(
        lambda: next((one for one in provider.taken if one.path == f"/{name}"), None), 15, f"{name} is told"
    )
    link = taken.json["data"]["callback_url"].removeprefix(reaching.origin)
    assert person.ask("POST", link, {"state": "coming"}).status == 204


def test_a_chain_is_made_checked_and_tried_and_the_incident_says_who_is_missing(reaching, provider, sign_in):
    rex, mo = responder(reaching, provider, "Rex"), responder(reaching, provider, "Mo")
    ada = reaching.person("Ada", ROLES)
    today = ada.get("/session")["now"] // DAY_US
    layer = {"users": [rex.id], "turn_days": 7, "first_day": today - 1, "at_min": 0, "from_min": 0, "to_min": 1440}
    made = ada.ask("POST", "/api/v1/rosters", {"label": "watch", "zone": "UTC", "layers": [layer | {"weekdays": []}]})
    assert made.status == 201, made.text
    assert ada.ask("POST", "/api/v1/desks", {"label": "north", "hazards": [], "priorities": []}).status == 201
    ana = sign_in(reaching, "Ana", ("operator", "supervisor"))
    page = ana.page
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Escalation", exact=True)).to_be_visible()
    expect(page.get_by_text("None. Every incident of priority 1 or 2 has the built-in chain.")).to_be_visible()
    dialog = page.get_by_role("dialog")

    page.get_by_role("button", name="Make a group").click()
    dialog.get_by_label("Name", exact=True).fill("crew")
    dialog.get_by_label("Rex", exact=True).check()
    dialog.get_by_label("What Rex can do").fill("driver")
    dialog.get_by_label("Mo", exact=True).check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="crew"))).to_contain_text(
        "Rex (driver)"
    )

    page.get_by_role("button", name="Make a chain").click()
    dialog.get_by_label("Name", exact=True).fill("night")
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.get_by_text("Step 1: This step tells nobody: name roles, people, groups,")).to_be_visible()
    dialog.get_by_role("group", name="Groups that step 1 tells").get_by_label("crew").check()
    dialog.get_by_role("group", name="Rosters by which step 1 tells").get_by_label("who is on call: watch").check()
    dialog.get_by_role("group", name="Desks that step 1 tells").get_by_label("desk north").check()
    for number in ("2", "3"):
        dialog.get_by_role("button", name="Add a step").click()
        dialog.get_by_role("group", name=f"Groups that step {number} tells").get_by_label("crew").check()
    dialog.get_by_label("Step 2 is for some times of the day alone").check()
    dialog.get_by_label("Step 2: to").fill("20:30")
    dialog.get_by_label("It goes on until enough are coming").check()
    dialog.get_by_label("How many must come").fill("2")
    dialog.get_by_label("Of them, what they can do").fill("driver 1")
    assert axe_violations(page) == []
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="night"))
    expect(row).to_contain_text("2 are coming, of them 1 driver")
    expect(row).to_contain_text("tell who is on call: watch, desk north, crew")
    expect(row).to_contain_text("tell crew, from 06:00 to 20:30 alone")

    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.get_by_text("By the chain night.")).to_be_visible()
    told = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="people of the chain"))
    expect(told.first).to_contain_text("at once")
    expect(told.first).to_contain_text("Rex (responder): webhook")
    expect(told.first).to_contain_text("Nobody: north.")
    assert axe_violations(page) == []
    assert provider.taken == []  # nothing was sent

    reaching.alarm("1001", "FA", 1)
    (incident,) = wait_for_open(ada, 1)
    page.goto(f"{reaching.origin}/#/")
    ana.open(incident["number"])
    region = page.get_by_role("region", name="People told")
    expect(region.get_by_text("0 of 2 coming, driver missing")).to_be_visible(timeout=15_000)
    coming(reaching, provider, mo, "Mo")
    expect(region.get_by_text("1 of 2 coming, driver missing")).to_be_visible(timeout=15_000)
    coming(reaching, provider, rex, "Rex")
    expect(region.get_by_text("2 of 2 coming")).to_be_visible(timeout=15_000)
    expect(region.get_by_text("No more steps.")).to_be_visible(timeout=15_000)

    page.goto(f"{reaching.origin}/#/escalation")
    page.get_by_role("button", name="Try night on the last 30 days").click()
    expect(dialog.get_by_text("1 incident of the last 30 days was looked at.")).to_be_visible(timeout=15_000)
    tried = dialog.get_by_role("row").filter(has=page.get_by_role("link", name=f"#{incident['number']}"))
    expect(tried).to_contain_text("at once: people of the chain: Rex (webhook), Mo (webhook)")
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
