"""Every screen of the console, one after the other, with something on each of them."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from support.room import Room
from support.screens import Screen

TABLES = {
    "sites": "name,address\nHarbour Mill,1 Mill Quay\nOld Depot,7 Depot Lane\n",
    "accounts": "account,site,name\n1001,Harbour Mill,Boiler house\n"
    "1002,Harbour Mill,Office\n1003,Old Depot,Depot hall\n1004,,Kiosk\n",
    "zones": "account,zone,name\n1001,1,Boiler room\n1001,2,Stairs\n1003,1,Gate\n",
}
"""Two sites, four accounts, one of them without a site, and zones with names."""

BROKEN_FRAME = b'\nDEAD0025"SIA-DCS"0001L0#1001[#1001|NFA001]\r'


def stock(room: Room) -> None:
    """Let something come in for every screen: alarms, an unknown account, a frame that is refused."""
    room.alarm("1001", "FA", 1)
    room.alarm("1001", "FA", 2)
    room.alarm("1003", "BA", 1)
    room.alarm("1004", "AT", 0)
    room.alarm("4711", "BA", 3)
    room.send_unanswered(BROKEN_FRAME)


def go(screen: Screen, path: str, title: str) -> Page:
    """Open a page of the console by its tab."""
    screen.page.get_by_role("navigation").get_by_role("link", name=title, exact=True).click()
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


def _site(page: Page) -> None:
    page.get_by_role("link", name="Harbour Mill").first.click()
    expect(page.get_by_label("Address")).to_be_visible()


def _account(page: Page) -> None:
    page.get_by_role("link", name="1001").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1001")


TABS: tuple[tuple[str, str, dict[str, Callable[[Page], None]]], ...] = (
    ("#/sites", "Sites", {"site": _site}),
    ("#/accounts", "Accounts", {"account": _account}),
    ("#/import", "Import", {}),
    ("#/unknown", "Unknown accounts", {}),
    ("#/frame", "Frame doctor", {}),
    ("#/journal", "Journal", {}),
)
