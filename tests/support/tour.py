"""Every screen of the console, one after the other, with something on each of them."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources

from playwright.sync_api import FilePayload, Page, expect

import tocsin.data
from support.room import Room, wait_for_open
from support.screens import Screen

TABLES = {
    "sites": "name,address\nHarbour Mill,1 Mill Quay\nOld Depot,7 Depot Lane\n",
    "accounts": "account,site,name\n1001,Harbour Mill,Boiler house\n"
    "1002,Harbour Mill,Office\n1003,Old Depot,Depot hall\n1004,,Kiosk\n",
    "zones": "account,zone,name\n1001,1,Boiler room\n1001,2,Stairs\n1003,1,Gate\n",
}
"""Two sites, four accounts, one of them without a site, and zones with names."""

BROKEN_FRAME = b'\nDEAD0025"SIA-DCS"0001L0#1001[#1001|NFA001]\r'


_SHIPPED = tomllib.loads((resources.files(tocsin.data) / "action_plans/collision.toml").read_text())
PLANS = json.dumps({"format": 1, "plans": [{**_SHIPPED, "name": "our-roads", "types": ["COLL-ROAD"]}]})
"""A file with one plan that the centre has not."""


def stock(room: Room) -> None:
    """Let something come in for every screen: alarms, an unknown account, a frame that is refused, a place on test."""
    supervisor = room.person("Cy")
    found = [one for one in supervisor.get("/accounts")["items"] if one["account"] == "1002"]
    place: dict[str, object] = {"account_id": found[0]["id"], "site_id": None, "zones": [], "partition": None}
    why: dict[str, object] = {"reason": "walk_test", "asked_by": "installer", "company": "4711"}
    until = supervisor.get("/on-test")["at"] + 2 * 3600 * 1_000_000
    body = {**place, **why, "until": until, "live": [], "not_live": []}
    begun = supervisor.ask("POST", "/api/v1/on-test", body)
    if begun.status != 201:
        raise AssertionError(f"not on test: {begun.status} {begun.text[:500]}")
    for label in ("north", "south"):
        supervisor.ask("POST", "/api/v1/desks", {"label": label})
    day = supervisor.get("/session")["now"] // (86_400 * 1_000_000)
    for label, hours in (("whole", {}), ("nights", {"from_min": 1200, "to_min": 360})):
        layer = {"users": [supervisor.id], "first_day": day - 2, "at_min": 480, **hours}
        roster = {"label": label, "zone": "Europe/Vienna", "layers": [layer]}
        made = supervisor.ask("POST", "/api/v1/rosters", roster)
        if made.status != 201:
            raise AssertionError(f"no roster: {made.status} {made.text[:500]}")
    days = [{"date": f"2027-12-{day}", "hours": []} for day in range(20, 32)]
    calendar = supervisor.ask("POST", "/api/v1/holidays", {"label": "austria", "days": days})
    if calendar.status != 201:
        raise AssertionError(f"no holidays: {calendar.status} {calendar.text[:500]}")
    taken = {"zones": ["7"], "reason": "building_works", "not_live": [], "until": until}
    out = supervisor.ask("POST", f"/api/v1/accounts/{found[0]['id']}/out-of-service", taken)
    if out.status != 201:
        raise AssertionError(f"not out of service: {out.status} {out.text[:500]}")
    depot = next(one["id"] for one in supervisor.get("/accounts")["items"] if one["account"] == "1003")
    source = room.person("Di", ("administrator",)).ask("POST", "/api/v1/sources", {"account_id": depot})
    if source.status != 201:
        raise AssertionError(f"no source: {source.status} {source.text[:500]}")
    room.alarm("1002", "BA", 1)
    room.alarm("1001", "FA", 1)
    room.alarm("1001", "FA", 2)
    room.alarm("1003", "BA", 1)
    room.alarm("1004", "AT", 0)
    room.alarm("4711", "BA", 3)
    room.send_unanswered(BROKEN_FRAME)
    (shelved,) = [one for one in wait_for_open(supervisor, 5) if one["account"] == "1003"]
    act = supervisor.act(shelved["id"], "shelve", version=shelved["version"], reason="weather", minutes=60)
    if act.status != 200:
        raise AssertionError(f"not shelved: {act.status} {act.text[:500]}")


def go(screen: Screen, path: str, title: str) -> Page:
    """Open a page of the console by its tab."""
    tabs = screen.page.get_by_role("navigation")
    tab, more = tabs.get_by_role("link", name=title, exact=True), tabs.get_by_role("button")
    if not tab.count() and more.count():
        more.click()
    tab.click()
    expect(screen.page.get_by_role("heading", level=1).first).to_be_visible()
    expect(screen.page.get_by_text("Loading…")).to_have_count(0)
    assert path in screen.page.url
    return screen.page


def screens_of(screen: Screen) -> Iterator[str]:
    """Go through every screen; each is drawn when its name is handed out."""
    page = screen.page
    expect(screen.rows.first).to_be_visible()
    yield "queue"
    number = screen.numbers[0]
    detail = screen.open(number)
    expect(detail.get_by_text("Time line")).to_be_visible()
    yield "incident"
    for act, name in (("Claim", "claimed"), ("Add a note", "note"), ("Close", "close")):
        detail.get_by_role("button", name=act, exact=False).first.click()
        shown = detail.get_by_text("You have it since") if name == "claimed" else page.get_by_role("dialog")
        expect(shown).to_be_visible()
        yield name
        if name != "claimed":
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("h")
    expect(page.get_by_role("button", name="Save the help note")).to_be_visible()
    yield "help note"
    page.get_by_role("button", name="Drop my changes").click()
    detail.get_by_role("button", name="Keep them longer").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "how long to hold"
    page.get_by_role("dialog").get_by_role("button", name="Next").click()
    expect(page.get_by_role("button", name="Ask for a second person")).to_be_visible()
    yield "second person"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Ana").click()
    expect(page.get_by_role("heading", name="Authenticator")).to_be_visible()
    yield "my account"
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("button", name="Set the PIN").click()
    yield "my account, with mistakes"
    page.go_back()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "keys"
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "find"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Start shift").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "sound check"
    page.keyboard.press("Escape")
    for path, title, then in TABS:
        go(screen, path, title)
        yield title
        for name, act in then.items():
            act(page)
            expect(page.get_by_text("Loading…")).to_have_count(0)
            yield name


def _places(page: Page) -> None:
    page.get_by_role("link", name="Streets and places").click()
    page.get_by_label("What the source is called here").fill("gates")
    file: FilePayload = {"name": "gates.csv", "mimeType": "text/csv", "buffer": b"name\nGate 4\n"}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Import 1 place").click()
    expect(page.get_by_role("button", name="Remove gates")).to_be_visible()


def _site(page: Page) -> None:
    page.get_by_role("link", name="Harbour Mill").first.click()
    expect(page.get_by_label("Address")).to_be_visible()


def _account(page: Page) -> None:
    page.get_by_role("link", name="1001").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1001")


def _new_site(page: Page) -> None:
    page.get_by_role("link", name="All sites").click()
    page.get_by_role("link", name="New site").click()
    page.get_by_role("button", name="Make the site").click()
    expect(page.get_by_text("Give the site a name.")).to_be_visible()


def _key(page: Page) -> None:
    page.get_by_role("radio", name="Set a key").check()
    expect(page.get_by_label("New key")).to_be_visible()


def _zones(page: Page) -> None:
    page.get_by_role("link", name="Zones (2)").click()
    page.get_by_role("button", name="Change zone 1").click()
    expect(page.get_by_role("textbox", name="Number")).to_be_focused()


def _signals(page: Page) -> None:
    page.get_by_role("link", name="Last signals").click()
    expect(page.get_by_role("cell", name="opened an incident").first).to_be_visible()


def _schedule(page: Page) -> None:
    page.get_by_role("link", name="Schedule", exact=True).click()
    page.get_by_role("button", name="Add a schedule").click()
    expect(page.get_by_label("Monday")).to_be_visible()


def _holidays(page: Page) -> None:
    page.get_by_role("link", name="Calendars of holidays").click()
    expect(page.get_by_role("article", name="austria")).to_contain_text("2027-12-25")


def _change_holidays(page: Page) -> None:
    page.get_by_role("button", name="Change the calendar austria").click()
    page.get_by_label("Days", exact=True).fill("2027-02-28 closed\n2027-02-30 closed")
    page.get_by_role("button", name="Save the calendar").click()
    expect(page.get_by_text("Line 2: write a date")).to_be_visible()


def _file(text: str) -> Callable[[Page], None]:
    def choose(page: Page) -> None:
        page.get_by_role("radio", name="Sites").check()
        file: FilePayload = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.locator("input[type=file]").set_input_files(file)
        expect(
            page.get_by_role("heading", name=re.compile("Nothing is changed yet|nothing can be imported"))
        ).to_be_visible()

    return choose


def _asked(button: str) -> Callable[[Page], None]:
    """A dialog of the first unknown account, in the place of the one before."""

    def ask(page: Page) -> None:
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name=button).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()

    return ask


def _every_account(page: Page) -> None:
    page.get_by_label("State", exact=True).select_option("all")
    expect(page.get_by_role("table").nth(1)).to_be_visible()


def _make_account(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Make account").first.click()
    expect(page.get_by_label("Number", exact=True)).to_be_visible()


def _report(page: Page) -> None:
    page.get_by_label("Hex or text").fill(BROKEN_FRAME.decode().strip())
    page.get_by_role("button", name="Examine", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Byte by byte"))).to_be_visible()


def _refused_frames(page: Page) -> None:
    page.get_by_role("link", name="Refused frames").click()
    expect(page.get_by_role("button", name=re.compile("Open the frame")).first).to_be_visible()


def _entry(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", name=re.compile("Entry"))).to_be_visible()


def _tab(name: str) -> Callable[[Page], None]:
    """A tab inside a page."""

    def open_tab(page: Page) -> None:
        page.locator("nav.tabs").get_by_role("link", name=name, exact=True).click()
        expect(page.locator("nav.tabs [aria-current=page]")).to_have_text(name)

    return open_tab


def _user(page: Page) -> None:
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", name="Signing in")).to_be_visible()


def _new_user(page: Page) -> None:
    page.get_by_role("link", name="All users").click()
    page.get_by_role("link", name="New user").click()
    page.get_by_role("button", name="Make the user").click()
    expect(page.get_by_text("Give the user a name.")).to_be_visible()


def _keyholders(page: Page) -> None:
    page.get_by_role("button", name="Show the keyholders").click()
    expect(page.get_by_text("No keyholder is entered.")).to_be_visible()


def _dialog(button: str) -> Callable[[Page], None]:
    """A dialog that a button opens."""

    def ask(page: Page) -> None:
        if page.get_by_role("dialog").count() > 0:  # else the key would leave the page
            _no_dialog(page)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()

    return ask


def _no_dialog(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def _begun_wrongly(page: Page) -> None:
    page.get_by_role("button", name="Put on test", exact=True).click()
    expect(page.get_by_text("Give the account's number.")).to_be_visible()


def _one_test(page: Page) -> None:
    page.get_by_role("link", name=re.compile("What arrived from")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Test of")


def _one_source(page: Page) -> None:
    page.get_by_role("link", name="Depot hall").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Depot hall")
    page.get_by_role("textbox", name="Message").fill('[{"code":"gas"},{"code":"motion"}]')
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_text("intake.intrusion")).to_be_visible()


def _switch_asked(page: Page) -> None:
    page.get_by_role("button", name="Switch on: plans handle TECH-LINE without an operator").click()
    expect(page.get_by_role("dialog")).to_contain_text("will sound for nobody")


def _plan_file(page: Page) -> None:
    files = page.get_by_role("region", name="As files")
    given: FilePayload = {"name": "plans.json", "mimeType": "application/json", "buffer": PLANS.encode()}
    files.locator("input[type=file]").set_input_files(given)
    expect(files.get_by_role("heading", level=3)).to_be_focused()


def _one_plan(page: Page) -> None:
    page.get_by_role("link", name="fire-alarm", exact=True).click()
    expect(page.get_by_role("tab").first).to_contain_text("Send the fire service")
    expect(page.get_by_role("region", name="What is wrong")).to_contain_text("There is nobody to tell now")


TABS: tuple[tuple[str, str, dict[str, Callable[[Page], None]]], ...] = (
    ("#/flood", "Flood and shelved", {}),
    (
        "#/sites",
        "Sites",
        {
            "site": _site,
            "keyholders": _keyholders,
            "new keyholder": _dialog("Add a keyholder"),
            "phrases": _dialog("Set the site's phrases"),
            "wishes": _dialog("Note wishes"),
            "no dialog": _no_dialog,
            "new site": _new_site,
        },
    ),
    (
        "#/accounts",
        "Accounts",
        {
            "account": _account,
            "key": _key,
            "zones": _zones,
            "last signals": _signals,
            "schedule": _schedule,
            "holidays": _holidays,
            "holidays from a file": _dialog("Take a calendar (.ics) for austria"),
            "no file": _no_dialog,
            "holidays, with mistakes": _change_holidays,
        },
    ),
    ("#/supervision", "Supervision", {"all": _every_account}),
    (
        "#/shifts",
        "Shifts",
        {"go on shift": _dialog("Go on shift: north"), "new desk": _dialog("Add a desk"), "no dialog": _no_dialog},
    ),
    ("#/watch", "Watch log", {}),
    ("#/rosters", "Rosters", {"new roster": _dialog("Add a roster"), "no dialog": _no_dialog}),
    (
        "#/sources",
        "Ways in",
        {"new source": _dialog("Add a source"), "no dialog": _no_dialog, "one source": _one_source},
    ),
    (
        "#/import",
        "Import",
        {"good file": _file("name\nNew Mill\n"), "bad file": _file("name\n" + "x" * 200 + "\n"), "places": _places},
    ),
    (
        "#/unknown",
        "Unknown accounts",
        {
            "attach": _asked("Attach to a site"),
            "not ours": _asked("is not ours"),
            "installer": _asked("Text for the installer"),
            "make account": _make_account,
        },
    ),
    (
        "#/on-test",
        "On test",
        {
            "put on test": _dialog("Put a place on test"),
            "put on test, with mistakes": _begun_wrongly,
            "code for an installer": _dialog("Code for an installer"),
            "no code": _no_dialog,
            "one test": _one_test,
        },
    ),
    ("#/reports", "Reports", {}),
    ("#/frame", "Frame doctor", {"report": _report, "refused frames": _refused_frames}),
    ("#/notices", "Notices", {}),
    ("#/escalation", "Escalation", {"new chain": _dialog("Make a chain"), "no dialog": _no_dialog}),
    (
        "#/action-plans",
        "Action plans",
        {"switch": _switch_asked, "no dialog": _no_dialog, "file": _plan_file, "one plan": _one_plan},
    ),
    ("#/rules", "Rules", {}),
    ("#/journal", "Journal", {"entry": _entry}),
    (
        "#/data",
        "Personal data",
        {name: _tab(name) for name in ("Legal holds", "After a restore", "Exports", "Requests", "Scope sheet")},
    ),
    (
        "#/people",
        "People",
        {
            "user": _user,
            "new user": _new_user,
            "roles": _tab("Roles"),
            "tokens": _tab("Tokens"),
            "sessions": _tab("Sessions"),
        },
    ),
)
