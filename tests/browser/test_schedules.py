"""Schedules in a browser: typed at an account, changed by two at once, tonight only, and late on the board."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.room import room

ACCOUNTS = (
    "account,site,name,partitions\n4101,Harbour Mill,Intrusion,2: Strong room\n4102,Harbour Mill,Fire,\n4103,,Kiosk,\n"
)
ZONES = "account,zone,name,partition\n4101,4,Vault door,2\n4101,9,Cash desk,2\n"
SITES = "name,address\nHarbour Mill,Quay 3\n"
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:National Day\r\n"
    b"DTSTART;VALUE=DATE:20271026\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
PICTURES = os.environ.get("TOCSIN_LOOKS")


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    settings = "\n[on_test]\nword_before_min = 15\n"
    with room(tmp_path_factory.mktemp("mill"), settings=settings, sites=SITES, accounts=ACCOUNTS, zones=ZONES) as made:
        made.alarm("4101", "CL", 1)
        yield made


def look(page, name):
    """Pictures of a page, for a person."""
    if PICTURES:
        before = page.viewport_size
        for width, height in ((1366, 768), (1920, 1080)):
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("dark", "light", "night"):
                page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", scheme)
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)
            page.emulate_media(forced_colors="active")
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}-forced.png", full_page=True)
            page.emulate_media(forced_colors="none")
        page.set_viewport_size(before)


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

    page.get_by_role("button", name="Tonight only: let whole account close at another time").click()
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


def saved_by(person, *dates):
    """The one calendar, saved by somebody else meanwhile."""
    (item,) = person.get("/holidays")["items"]
    days = [{"date": date, "hours": []} for date in dates]
    body = {"label": item["label"], "days": days, "version": item["version"]}
    saved = person.ask("PUT", f"/api/v1/holidays/{item['id']}", body)
    assert saved.status == 200, saved.text
    return saved.json


def test_holidays_are_typed_once_shared_by_two_places_and_kept_while_they_are(mill, sign_in):
    person = mill.person("Dea", ("integrator",))
    ids = [person.get(f"/accounts?number={number}")["items"][0]["id"] for number in ("4102", "4103")]
    screen = sign_in(mill, "Ana", ("supervisor", "integrator"))
    screen.guard.allow("409")
    page = screen.page
    page.goto(f"{mill.origin}/#/accounts/{ids[0]}/schedule")
    page.get_by_role("link", name="Calendars of holidays").click()
    page.get_by_role("button", name="Add a calendar").click()
    page.get_by_label("Short name").fill("two words")
    page.get_by_role("button", name="Save the calendar").click()
    expect(page.get_by_text("Letters, digits and dashes alone")).to_be_visible()
    expect(page.get_by_label("Short name")).to_be_focused()
    page.get_by_label("Short name").fill("austria")
    page.get_by_label("Days", exact=True).fill("2027-12-25 closed\n2027-12-24 08:00-12:00")
    page.get_by_role("button", name="Save the calendar").press("Enter")
    expect(page.get_by_role("article", name="austria")).to_contain_text("shared by no schedule")
    for id_ in ids:
        page.goto(f"{mill.origin}/#/accounts/{id_}/schedule")
        page.get_by_role("button", name=re.compile("Add a schedule|Change the schedule")).first.click()
        page.get_by_label("Holidays that places share").select_option("austria")
        page.get_by_label("Time zone").fill("Europe/Vienna")
        look(page, "holidays-chosen")
        page.get_by_role("button", name="Save the schedule").click()
        expect(page.get_by_role("article", name="whole account")).to_contain_text("2027-12-25 closed shared holidays")
    page.get_by_role("link", name="Calendars of holidays").click()
    shared = page.get_by_role("article", name="austria")
    expect(shared).to_contain_text("shared by 2 schedules")
    look(page, "holidays")
    page.get_by_role("button", name="Change the calendar austria").click()
    expect(page.get_by_text("A change counts at once for the 2 schedules that share it.")).to_be_visible()
    page.get_by_label("Days", exact=True).fill("2027-05-01 closed")
    look(page, "holidays-form")
    page.get_by_role("button", name="Save the calendar").click()
    expect(page.get_by_text("was saved, and 2 schedules have its days.")).to_be_visible()
    for id_ in ids:
        (item,) = person.get(f"/accounts/{id_}/schedules")["items"]
        assert [one["date"] for one in item["days"]] == ["2027-05-01"]
    page.get_by_role("button", name="Change the calendar austria").click()
    page.get_by_label("Days", exact=True).fill("2027-05-01 closed\n2027-12-26 closed")
    now = saved_by(person, "2027-05-01", "2027-12-31")
    page.get_by_role("button", name="Save the calendar").press("Enter")
    conflict = page.get_by_role("region", name="Somebody else saved first")
    expect(conflict).to_contain_text("Dea changed this at")
    expect(conflict.get_by_role("row", name=re.compile("Days"))).to_have_text(
        re.compile("with 2027-12-31 closed.*with 2027-12-26 closed")
    )
    look(page, "holidays-two-editors")
    conflict.get_by_role("button", name="Keep mine").press("Enter")
    expect(page.get_by_label("Days", exact=True)).to_have_value(
        "2027-05-01 closed\n2027-12-26 closed\n2027-12-31 closed"
    )
    page.get_by_role("button", name="Save the calendar").press("Enter")
    expect(shared).to_contain_text("2027-12-31 closed")
    assert now["version"] < person.get("/holidays")["items"][0]["version"]
    page.get_by_role("button", name="Take a calendar (.ics) for austria").click()
    saved_by(person, "2027-05-01")
    page.get_by_label("iCalendar file").set_input_files(
        {"name": "days.ics", "mimeType": "text/calendar", "buffer": CALENDAR}
    )
    page.get_by_role("button", name="See what it says").click()
    expect(page.get_by_role("dialog")).to_contain_text("2027-10-26 closed")
    page.get_by_role("button", name="Take these days").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Dea changed this at")
    page.get_by_role("button", name="See what it says").click()
    look(page, "holidays-file")
    page.get_by_role("button", name="Take these days").click()
    expect(shared).to_contain_text("2027-10-26 closed")
    page.get_by_role("button", name="Remove the calendar austria").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog")).to_contain_text("of the accounts 4102, 4103")
    look(page, "holidays-used")


def test_board_of_tests_names_zones_marks_what_may_be_forgotten_and_says_that_one_is_about_to_end(mill, sign_in):
    screen = sign_in(mill, "Eva", ("supervisor", "operator"))
    page = screen.page
    account = mill.person("Fay", ("integrator",)).get("/accounts?number=4101")["items"][0]["id"]
    person = mill.person("Gil", ("operator",))
    test = {
        "account_id": account, "asked_by": "installer", "company": "4711", "reason": "walk_test", "partition": "2",
        "until": person.get("/session")["now"] + 901_500_000,
    }  # fmt: skip
    first = person.ask("POST", "/api/v1/on-test", test)
    assert person.ask("POST", f"/api/v1/on-test/{first.json['id']}/end").status == 200, "ended, and begun again at once"
    begun = person.ask("POST", "/api/v1/on-test", test)
    assert begun.status == 201, begun.text
    page.goto(f"{mill.origin}/#/on-test")
    row = page.get_by_role("row", name=re.compile("Strong room")).filter(has_text="put on again")
    expect(row).to_contain_text("zones 4 Vault door, 9 Cash desk not tested")
    expect(page.get_by_role("status").filter(has_text="One test may have been forgotten.")).to_be_visible()
    expect(row).to_contain_text("ends soon", timeout=20_000)
    page.reload()
    bar = page.get_by_role("status").filter(has_text="The test of Harbour Mill, account 4101, Strong room ends at")
    expect(bar).to_be_visible()
    look(page, "on-test-soon")
    page.get_by_role("link", name="Look").click()
    expect(page.get_by_text("What is still active then opens as an incident.").first).to_be_visible()
    look(page, "on-test-detail")
