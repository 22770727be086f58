"""The console as people use it: by its words and keys, as they stand on the screen."""

import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from support.browser import Window, window
from support.room import ROLES, Room

ROWS_MAX = 60
CLIPPED = Path(__file__).parent / "clipped.js"


class Screen:
    """The console in one window of somebody who is signed in."""

    def __init__(self, opened: Window, room: Room) -> None:
        """Take a window; `sign_in` comes first."""
        self.window = opened
        self.guard = opened.guard
        self.page: Page = opened.page
        self.room = room

    def sign_in(self, link: str) -> "Screen":
        """Come in by a link, and wait until the queue is there."""
        self.page.goto(link)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.wait_loaded()
        return self

    def wait_loaded(self) -> None:
        """Wait until the queue is there, with rows or without."""
        expect(self.page).to_have_url(re.compile(r"/(#.*)?$"))
        expect(self.page.locator("[data-link=live]")).to_be_visible()
        expect(self.rows.first.or_(self.page.get_by_text("No open incidents."))).to_be_visible()

    @property
    def queue(self) -> Locator:
        """The list of incidents."""
        return self.page.get_by_role("grid")

    @property
    def rows(self) -> Locator:
        """The rows that are drawn."""
        return self.page.locator("[data-id][data-version]")

    def row(self, number: int) -> Locator:
        """The row of an incident by its number."""
        return self.page.locator(f'[data-number="{number}"]')

    @property
    def detail(self) -> Locator:
        """The incident that is open beside the queue."""
        return self.page.locator("article[data-incident]")

    @property
    def numbers(self) -> list[int]:
        """Numbers of the rows that are drawn, in their order on the screen."""
        return self.page.evaluate(
            "[...document.querySelectorAll('[data-id][data-version]')]"
            ".sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map((row) => Number(row.dataset.number))"
        )

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def open(self, number: int) -> Locator:
        """Open an incident by its row; return its detail."""
        self.row(number).click()
        expect(self.detail.get_by_role("heading", level=1)).to_contain_text(f"{number}")
        return self.detail


def screens(browser: Any, stack: Any) -> Callable[..., Screen]:
    """`sign_in(room, "Ana")`: a window of its own for each who comes in; it ends with the test, or with the room."""

    def sign_in(room: Room, name: str = "Ana", roles: tuple[str, ...] = ROLES, **options: Any) -> Screen:
        own = stack.enter_context(contextlib.ExitStack())
        opened = own.enter_context(window(browser, room.origin, **options))
        room.windows.append(own.close)
        return Screen(opened, room).sign_in(room.link(name, roles))

    return sign_in


def clipped(page: Page) -> list[str]:
    """Elements whose text does not fit, and controls that lie over each other: what a person could not read or hit."""
    return page.evaluate(CLIPPED.read_text(encoding="utf-8"))
