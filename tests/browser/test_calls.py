"""A call from its first letter to its incident, by keys alone; what a reload and another desk find of it."""

import http.client
import json
import re

from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import wait_for_open
from support.screens import clipped
from tocsin.centre.gazetteer import Gazetted, Gazetteer

NUMBER = "+1 202 555 0143"


def type_(screen, text):
    screen.page.keyboard.type(text)


def saved(screen):
    """Wait until the centre has what was typed."""
    expect(screen.page.get_by_text(re.compile(r"^\s*Saved \d\d:\d\d:\d\d"))).to_be_visible()


def call_id(screen):
    expect(screen.page).to_have_url(re.compile(r"#/calls/call-\d+$"))
    return screen.page.url.rpartition("/")[2]


def test_what_is_typed_for_a_call_is_no_command_wherever_the_focus_was(centre, sign_in):
    ana = sign_in(centre, "Ana")
    page = ana.page
    centre.alarm("1001", "FA", 1)
    expect(ana.rows).to_have_count(1)
    ana.rows.first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("grid")).to_be_focused()
    page.keyboard.press("N")
    page.keyboard.type("a c")
    where = page.get_by_role("combobox", name="Where is it?")
    expect(where).to_be_focused()
    page.keyboard.type(" Mill")
    expect(where).to_have_value(re.compile(" Mill$"))
    expect(ana.row(ana.numbers[0])).to_contain_text("unclaimed")
    expect(page.get_by_text("No incident is open here")).to_have_count(0)
    # Somebody clicks beside the fields: Space claims nothing, and Esc still goes back.
    page.get_by_role("heading", name="Call", exact=True).click()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("#/(queue)?$"))
    expect(ana.row(ana.numbers[0])).to_contain_text("unclaimed")


def test_a_call_is_taken_saved_found_again_and_opened_by_keys_alone(centre, sign_in):
    lane = Gazetted(name="7 Harbour Lane", near="Kiel", kind="address", latitude=54.32, longitude=10.13)
    Gazetteer(centre.folder).replace("osm", [lane], 1)
    ana, bo = sign_in(centre, "Ana"), sign_in(centre, "Bo", viewport={"width": 1366, "height": 768})
    page = ana.page
    ana.press("N")
    expect(page.get_by_role("combobox", name="Where is it?")).to_be_focused()
    type_(ana, "7 Harbour La")
    id_ = call_id(ana)
    saved(ana)
    # Another desk sees that a call is being taken, and nothing of what is said.
    taken = bo.page.get_by_role("list", name="Calls being taken")
    expect(taken).to_contain_text("Ana takes a call", timeout=15_000)
    expect(taken).not_to_contain_text("Harbour")
    # The window is reloaded in the middle of it: all is there.
    page.reload()
    where = page.get_by_role("combobox", name="Where is it?")
    expect(where).to_have_value("7 Harbour La")
    assert call_id(ana) == id_
    where.focus()
    ana.press("End")
    type_(ana, "ne")
    # An imported place is chosen by key, and its position taken.
    expect(page.get_by_role("listbox", name="Sites and places")).to_contain_text("Kiel")
    ana.press("ArrowDown", "Enter")
    expect(page.get_by_label("Position (latitude, longitude)")).to_have_value("54.32, 10.13")
    where.focus()
    ana.press("Tab", "Tab", "Tab", "Space")
    expect(page.get_by_label("The place is unclear")).to_be_checked()
    ana.press("Tab")
    type_(ana, "303")
    expect(page.get_by_role("listbox", name="Incident types")).to_contain_text("MED-ARREST")
    ana.press("Enter")
    expect(page.get_by_text("MED-ARREST, priority 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Ask the caller")).to_be_visible()
    expect(page.get_by_role("complementary", name="For you, never read out")).to_contain_text("Guide the caller")
    ana.press("Tab")
    type_(ana, "he fell and does not breathe")
    page.get_by_label("Number", exact=True).focus()
    type_(ana, NUMBER)
    saved(ana)
    for theme in ("night", "light", "dark"):
        page.get_by_label("Theme").select_option(theme)
        assert axe_violations(page) == []
    assert clipped(page) == []
    page.get_by_label("Number", exact=True).focus()
    ana.press("Control+Enter")
    expect(ana.detail).to_contain_text("MED-ARREST")
    expect(ana.detail).to_contain_text("You have it since")
    said = page.get_by_role("region", name="What people reported")
    expect(said).to_contain_text("7 Harbour Lane")
    expect(said).to_contain_text("54.32, 10.13")
    expect(said).to_contain_text("he fell and does not breathe")
    expect(page.get_by_role("region", name="Help note")).to_contain_text(NUMBER)
    # It is in everybody's queue, with its way in, and the call is no longer being taken.
    row = bo.page.locator("[data-id][data-version]").first
    expect(row).to_contain_text("MED-ARREST")
    expect(row).to_contain_text("CALL")
    expect(row).to_contain_text("PLACE UNCLEAR")
    expect(bo.page.get_by_role("list", name="Calls being taken")).to_have_count(0, timeout=15_000)


def test_a_second_call_is_offered_what_is_open_at_its_site_and_a_wrong_number_is_no_report(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    (fire,) = wait_for_open(centre.person("Ada"), 1)
    ana = sign_in(centre, "Ana", viewport={"width": 1366, "height": 768})
    page = ana.page
    ana.press("Control+Enter")
    where = page.get_by_role("combobox", name="Where is it?")
    expect(where).to_be_focused()
    type_(ana, fire["site"][:4])
    expect(page.get_by_role("listbox", name="Sites")).to_contain_text(fire["site"])
    ana.press("Enter")
    same = page.get_by_role("region", name="Is it one of these?")
    expect(same).to_contain_text(f"#{fire['number']} FIRE-ALARM")
    assert clipped(page) == []
    same.get_by_role("button", name=f"Join #{fire['number']}").press("Enter")
    expect(ana.detail.get_by_role("heading", level=1)).to_contain_text(f"{fire['number']}")
    expect(ana.detail).to_contain_text("Confirmed")
    expect(page.get_by_role("region", name="What people reported")).to_contain_text("joined it")
    ana.press("Escape")
    # One that is no report ends with why, and is gone.
    ana.press("N")
    expect(page.get_by_role("combobox", name="Where is it?")).to_be_focused()
    type_(ana, "x")
    call_id(ana)
    page.get_by_role("button", name="No report…").press("Enter")
    page.get_by_label("Wrong number").press("Space")
    ana.press("Enter")
    expect(page.get_by_role("form", name="Call")).to_have_count(0)
    (one,) = centre.person("Ada").open_incidents()
    assert (one["reports"], one["confirmed"], centre.person("Ada").get("/calls")["items"]) == (1, True, [])


def test_a_call_rings_at_the_desk_of_its_telephone_opens_its_form_there_and_waits_where_nobody_answers(centre, sign_in):
    boss = centre.person("Boss", ("administrator", "supervisor"))
    depot = next(one for one in boss.get("/accounts")["items"] if one["account"] == "1003")
    source = boss.ask("POST", "/api/v1/sources", {"account_id": depot["id"], "pbx": {}}).json
    made = boss.ask("POST", f"/api/v1/sources/{source['id']}/tokens", {"version": source["version"]})
    assert made.status == 201, made.text
    token = made.json["secret"]

    def tell(call, event, **more):
        connection = http.client.HTTPConnection(*centre.address, timeout=10)
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        connection.request("POST", "/api/v1/intake/calls", json.dumps({"event": event, "call": call, **more}), headers)
        assert connection.getresponse().status == 202
        connection.close()

    ana, bo = sign_in(centre, "Ana"), sign_in(centre, "Bo")
    desk = boss.ask("POST", "/api/v1/desks", {"label": "north"}).json["id"]
    assert boss.ask("POST", "/api/v1/lines", {"number": "1001", "desk": desk}).status == 201
    site = boss.get("/sites")["items"][0]
    line = {"number": "431 9988", "site_id": site["id"], "exact": "lift-2"}
    assert boss.ask("POST", "/api/v1/lines", line).status == 201
    page = ana.page
    until = boss.get("/session")["now"] + 3_600_000_000
    assert centre.person("Ana").ask("POST", "/api/v1/shifts", {"desk": desk, "until": until}).status == 201
    tell("a", "ringing", caller="+431 9988", extension="1001")
    expect(page.get_by_text("Your telephone rings")).to_be_visible(timeout=15_000)
    expect(bo.page.get_by_text("A call rings")).to_be_visible(timeout=15_000)
    expect(bo.page.get_by_text("lift-2")).to_be_visible()
    for theme in ("night", "light", "dark"):
        page.get_by_label("Theme").select_option(theme)
        assert axe_violations(page) == []
    page.get_by_label("Theme").blur()
    assert clipped(page) == []
    tell("a", "answered", extension="1001")
    # Answered here: the form opens by itself, with number, place and focus, and at no other desk.
    where = page.get_by_role("combobox", name="Where is it?")
    expect(where).to_be_focused(timeout=15_000)
    expect(where).to_have_value(site["name"])
    expect(page.get_by_label("Where exactly: floor, door, room")).to_have_value("lift-2")
    expect(page.get_by_label("Number", exact=True)).to_have_value("+4319988")
    expect(bo.page.get_by_role("combobox", name="Where is it?")).to_have_count(0)
    tell("a", "ended")
    ana.press("Escape")
    expect(page.get_by_role("list", name="Calls now").get_by_role("listitem")).to_have_count(0, timeout=15_000)
    # Nobody answers the next one: it is called back, and marked so.
    tell("b", "ringing", caller="+49 170 55501")
    tell("b", "ended")
    missed = bo.page.get_by_role("list", name="Calls to return").get_by_role("listitem")
    expect(missed).to_contain_text("Nobody answered: call back", timeout=15_000)
    missed.get_by_role("button", name="Show the number").click()
    expect(missed.get_by_role("link", name="+4917055501")).to_be_visible()
    assert axe_violations(bo.page) == []
    missed.get_by_role("button", name="Called back").click()
    expect(missed).to_contain_text("Bo called back")
    missed.get_by_role("button", name="Not called back yet").click()
    expect(missed).to_contain_text("Nobody answered: call back")
