"""Schedules in a browser: typed at an account, changed by two at once, tonight only, and late on the board."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.room import room

ACCOUNTS = "account,site,name\n4101,Harbour Mill,Intrusion\n4102,Harbour Mill,Fire\n"
SITES = "name,address\nHarbour Mill,Quay 3\n"
PICTURES = os.environ.get("TOCSIN_LOOKS")


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    with room(tmp_path_factory.mktemp("mill"), sites=SITES, accounts=ACCOUNTS) as made:
        made.alarm("4101", "CL", 1)
        yield made


def look(page, name):
    """Two pictures of a page, for a person."""
    if PICTURES:
        for scheme in ("dark", "light"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", scheme)
            page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png", full_page=True)


def test_schedule_is_typed_saved_and_shown_and_tonight_is_said(mill, sign_in):
    page = sign_in(mill, "Ana", ("supervisor", "integrator")).page
    account = mill.person("Ben", ("integrator",)).get("/accounts?number=4101")["items"][0]
    page.goto(f"{mill.origin}/#/accounts/{account['id']}/schedule")
    page.get_by_role("button", name="Add a schedule").click()
    page.get_by_label("Monday").fill("08:00-12:00, 11:00-18:00")
    page.get_by_label("Days that are not as their weekday is").fill("2027-12-24 08:00-12:00\n2027-12-25 closed")
    page.get_by_label("Time zone").fill("Europe/Vienna")
    page.get_by_role("button", name="Save the schedule").click()
    expect(page.get_by_text("Write hours as 08:00-12:00")).to_be_visible()
    expect(page.get_by_label("Monday")).to_be_focused()
    look(page, "schedule-form")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(day).fill("00:00-24:00")
    page.get_by_label("A test report comes").fill("25")
    page.get_by_role("button", name="Save the schedule").click()
    card = page.get_by_role("article", name="whole account")
    expect(card).to_contain_text("open by its hours now")
    expect(card).to_contain_text("2027-12-25 closed")
    expect(card).to_contain_text("told when no test came for 25 h")
    look(page, "schedule-card")

    page.get_by_role("button", name="Let whole account close at another time tonight").click()
    page.get_by_role("dialog").get_by_label("Closes at").fill("99:00")
    page.get_by_role("button", name="Set for this day").click()
    expect(page.get_by_text("A time as 23:30.")).to_be_visible()
    look(page, "schedule-tonight")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.goto(f"{mill.origin}/#/supervision")
    expect(page.get_by_text("1 with a schedule")).to_be_visible()
    expect(page.get_by_text("Nobody is late to open, close or test.")).to_be_visible()


def test_second_who_saves_sees_who_was_first_and_what(mill, sign_in):
    person = mill.person("Cem", ("integrator",))
    account = person.get("/accounts?number=4102")["items"][0]["id"]
    body = {"version": 0, "zone": "Europe/Vienna", "week": [], "test_h": 25}
    made = person.ask("PUT", f"/api/v1/accounts/{account}/schedules", body).json
    screen = sign_in(mill, "Ana", ("supervisor", "integrator"))
    screen.guard.allow("409")
    page = screen.page
    page.goto(f"{mill.origin}/#/accounts/{account}/schedule")
    page.get_by_role("button", name="Change the schedule of whole account").click()
    page.get_by_label("Monday").fill("09:00-17:00")
    changed = {**body, "version": made["version"], "test_h": 48}
    assert person.ask("PUT", f"/api/v1/accounts/{account}/schedules", changed).status == 200
    page.get_by_role("button", name="Save the schedule").click()
    conflict = page.get_by_role("region", name=re.compile("in between|changed|saved"))
    expect(conflict).to_contain_text("Cem")
    expect(conflict.get_by_role("row", name=re.compile("test report"))).to_contain_text("48")
    look(page, "schedule-conflict")
    conflict.get_by_role("button").last.click()
    expect(page.get_by_label("A test report comes")).to_have_value("48")  # not touched here: as the other left it
    page.get_by_role("button", name="Save the schedule").click()
    expect(page.get_by_role("article", name="whole account")).to_contain_text("09:00-17:00")


def test_opening_outside_the_hours_is_late_on_the_board_and_on_the_site(mill, sign_in):
    person = mill.person("Dana", ("supervisor", "integrator"))
    account = person.get("/accounts?number=4101")["items"][0]["id"]
    items = person.get(f"/accounts/{account}/schedules")["items"]
    body = {
        "version": items[0]["version"] if items else 0, "zone": "Europe/Vienna", "open_late_min": None,
        "close_late_min": None, "days": [{"date": "2020-01-01", "hours": []}],
    }  # fmt: skip
    assert person.ask("PUT", f"/api/v1/accounts/{account}/schedules", body).status == 200
    mill.alarm("4101", "OP", 2)
    page = sign_in(mill, "Ana", ("supervisor", "integrator")).page
    page.goto(f"{mill.origin}/#/supervision")
    row = page.get_by_role("row", name=re.compile("opened outside its hours"))
    expect(row).to_contain_text("4101")
    expect(row).to_contain_text("Harbour Mill")
    look(page, "schedule-late")
    row.get_by_role("link", name=re.compile("^#")).click()
    expect(page.get_by_text("It was opened outside the hours of its schedule.").first).to_be_visible()
    look(page, "schedule-incident")
    mill.alarm("4101", "CL", 3)
    expect(page.get_by_text("It was closed again.").first).to_be_visible()
    site = person.get("/sites")["items"][0]["id"]
    page.goto(f"{mill.origin}/#/sites/{site}")
    expect(page.get_by_role("article", name=re.compile("4101"))).to_be_visible()
    look(page, "schedule-site")
