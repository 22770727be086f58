"""One account on the screen: its key by a link, its zones out of service, its history, and its place in one look."""

import contextlib
import re

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import room
from support.server import wait_for
from support.tour import TABLES

FAILED = "Failed to load resource: the server responded with a status of"
MINUTE = 60_000_000
WITHIN_S = 20
SOON = 4_000_000
"""Long enough that the screen shows it before it ends by itself."""


@pytest.fixture(scope="module")
def mill(tmp_path_factory):
    with room(tmp_path_factory.mktemp("mill"), **TABLES) as made:
        yield made


@pytest.fixture
def boss(mill):
    return mill.person("Boss", ("supervisor", "integrator"))


def account_of(person, number):
    return next(one["id"] for one in person.get("/accounts")["items"] if one["account"] == number)


def press_until(page, key, locator):
    """Press a key until this has the focus: the way of somebody without a mouse."""
    for _ in range(80):
        with contextlib.suppress(AssertionError):
            expect(locator).to_be_focused(timeout=50)
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never reached it")


def test_key_is_shown_once_by_its_link_and_the_second_time_says_when_it_was_opened(mill, boss, sign_in, open_window):
    account = account_of(boss, "1001")
    gus = sign_in(mill, "Gus", ("operator", "integrator")).page
    gus.goto(f"{mill.origin}/#/accounts/{account}/panel")
    expect(gus.get_by_text("No link was given yet.")).to_be_visible()
    give = gus.get_by_role("button", name="Give a link to the key")
    press_until(gus, "Tab", give)
    gus.keyboard.press("Enter")
    dialog = gus.get_by_role("dialog")
    dialog.get_by_label("Make a new key").check()
    gus.keyboard.press("Enter")
    shown = gus.get_by_role("dialog", name="Link to the key of account 1001")
    expect(shown.get_by_text("This is shown once.", exact=False)).to_be_visible()
    (link,) = re.findall(r"/key/[A-Za-z0-9_-]{43}", shown.inner_text())
    assert axe_violations(gus) == []
    gus.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(gus.get_by_text(link)).to_have_count(0)

    installer = open_window(mill.origin)
    installer.guard.allow(f"{FAILED} 410")
    page = installer.page
    for _ in range(2):  # looking uses nothing up
        page.goto(link)
        expect(page.get_by_role("heading", name="Key of account 1001")).to_be_visible()
    expect(page.get_by_text("A new key is made when you go on.")).to_be_visible()
    assert axe_violations(page) == []
    press_until(page, "Tab", page.get_by_role("button", name="Show the key, once"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("This page is not shown again.")).to_be_visible()
    key = bytes.fromhex("".join(page.locator(".key").inner_text().split()))
    assert axe_violations(page) == []
    mill.alarm("1001", "BA", 1, key=key)  # it is the key: with another one nothing is acknowledged

    page.goto(link)
    expect(page.get_by_text(re.compile("It was opened on .*, and a link opens once"))).to_be_visible()
    expect(page.locator(".key")).to_have_count(0)
    gus.reload()
    expect(gus.get_by_role("row").filter(has_text="opened")).to_have_count(1)
    for one in boss.open_incidents():
        boss.claim(one)


def test_zones_are_taken_out_with_the_keyboard_and_come_back_by_themselves_with_what_is_active(mill, boss, sign_in):
    account = account_of(boss, "1003")
    sue = sign_in(mill, "Sue", ("supervisor", "integrator"))
    page = sue.page
    page.goto(f"{mill.origin}/#/accounts/{account}/zones")
    expect(page.get_by_text("No zone of this account is out of service.")).to_be_visible()
    take = page.get_by_role("button", name="Take zones out of service")
    press_until(page, "Tab", take)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Zones")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(take).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Zones are numbers of up to 16")).to_be_visible()
    expect(dialog.get_by_label("Zones")).to_be_focused()
    page.keyboard.type("01, 9")
    expect(dialog.get_by_text("That is: zone 01 Gate, zone 9, which is not in the list of zones.")).to_be_visible()
    dialog.get_by_label("Why").select_option(label="waiting for parts")
    dialog.get_by_label("Fire").uncheck()
    expect(dialog.get_by_role("alert")).to_contain_text("No response to Fire from these zones")
    assert axe_violations(page) == []
    dialog.get_by_role("button", name="Take out of service").click()
    expect(dialog).to_have_count(0)
    out = page.get_by_role("region", name="Zones out of service").get_by_role("row").nth(1)
    expect(out).to_contain_text("zone 1 Gate, zone 9")
    expect(out).to_contain_text("waiting for parts")
    expect(out).to_contain_text("Sue")
    expect(page.get_by_role("row", name=re.compile("^1 Gate"))).to_contain_text("out of service until")

    # A question from a row stands in the middle of the screen, and the focus comes back from it.
    page.get_by_role("button", name="Put back into service: zone 1 Gate, zone 9").click()
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] > 300
    assert box["y"] > 100
    dialog.get_by_role("button", name="Put back").click()
    expect(page.get_by_text("No zone of this account is out of service.")).to_be_visible()

    until = boss.get("/session")["now"] + SOON
    body = {"zones": ["1"], "reason": "building_works", "not_live": [], "until": until}
    assert boss.ask("POST", f"/api/v1/accounts/{account}/out-of-service", body).status == 201
    mill.alarm("1003", "BA", 1)
    expect(page.get_by_text("building works").first).to_be_visible(timeout=15_000)
    ended = page.get_by_role("table", name="Put back within the last day")
    expect(ended.get_by_text("by itself")).to_be_visible(timeout=15_000)

    def shown():
        return [one["presentation"] for one in boss.open_incidents() if one["account"] == "1003"] == ["shown"]

    wait_for(shown, WITHIN_S, "what is active opens")

    page.locator("nav.tabs").get_by_role("link", name="History").click()
    page.get_by_role("button", name="Show the history").click()
    for words in (
        re.compile(r"Taken out of service: zones 1, 9, waiting for parts, back .* by hand"),
        re.compile(r"Taken out of service: zone 1, building works, back .* by itself"),
    ):
        expect(page.get_by_role("listitem").filter(has_text=words)).to_have_count(1)
    assert axe_violations(page) == []
    boss_claims(boss)


def boss_claims(boss):
    """Nothing waits for whoever comes next."""
    for one in boss.open_incidents():
        if one["claimed_by"] is None:
            boss.claim(one)


def test_place_in_one_look_says_by_one_key_what_is_armed_which_hours_count_and_what_is_out(mill, boss, sign_in):
    account = account_of(boss, "1002")
    now = boss.get("/session")["now"]
    week = [{"weekday": day, "opens_min": 0, "closes_min": 1440} for day in range(7)]
    schedule = {"version": 0, "zone": "UTC", "partition": None, "week": week, "days": [], "test_h": None}
    schedule |= {"open_late_min": None, "close_late_min": None, "early_min": 0}
    made = boss.ask("PUT", f"/api/v1/accounts/{account}/schedules", schedule).json
    later = {"version": made["version"], "closes_at": now + 30 * MINUTE}
    assert boss.ask("POST", f"/api/v1/schedules/{made['id']}/tonight", later).status == 200
    body = {"zones": ["4"], "reason": "detector_fault", "not_live": [], "until": now + 60 * MINUTE}
    assert boss.ask("POST", f"/api/v1/accounts/{account}/out-of-service", body).status == 201
    mill.alarm("1002", "CL", 1)
    mill.alarm("1002", "FA", 2)
    ana = sign_in(mill, "Ana", ("operator",))
    number = max(one["number"] for one in boss.open_incidents())
    expect(ana.row(number)).to_be_visible()
    ana.open(number)
    expect(ana.page.get_by_role("button", name="The place in one look")).to_be_visible()
    before = ana.page.evaluate("document.activeElement.outerHTML")
    ana.press("v")
    dialog = ana.page.get_by_role("dialog", name="The place in one look")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    for words in (
        re.compile(r"Account 1002: (armed \(closed\)|partition 1 armed) since \d{4}-"),
        re.compile(r"Account 1002: .*\d\d:\d\d to .*; FOR TONIGHT ONLY; open by its hours now"),
        re.compile(r"account 1002, zone 4; faulty detector; until .*; stays live: Fire, Medical, Robbery and hold-up"),
    ):
        expect(dialog.get_by_text(words)).to_be_visible()
    assert axe_violations(ana.page) == []
    ana.press("Escape")
    expect(dialog).to_have_count(0)
    assert ana.page.evaluate("document.activeElement.outerHTML") == before
