"""People with passwords and second factors, as the tests in a browser need them."""

import re
from typing import Any

from playwright.sync_api import expect
from pyotp.totp import TOTP

from support.room import ROLES, Person, Room
from support.screens import Screen

PASSWORD = "harbour lantern copper sixteen"
PIN = "730518"


def with_password(room: Room, name: str, roles: tuple[str, ...] = ROLES, *, password: str = PASSWORD) -> Person:
    """Somebody who can sign in by name and password."""
    person = room.person(name, roles)
    told(person, "/me/password", new=password)
    return person


def told(person: Person, path: str, method: str = "POST", status: int = 300, **body: Any) -> Any:
    """Do something at the API; the answer."""
    reply = person.ask(method, f"/api/v1{path}", body or None)
    if reply.status >= status:
        raise AssertionError(f"{path}: {reply.status} {reply.text[:300]}")
    return reply.json if reply.text else None


def with_authenticator(person: Person) -> TOTP:
    """Their authenticator, switched on by its first code."""
    totp = TOTP(told(person, "/me/totp")["secret"])
    told(person, "/me/totp/confirm", code=totp.now())
    return totp


def come_in(screen: Screen, name: str, password: str = PASSWORD) -> None:
    """Type name and password at the sign-in page."""
    page = screen.page
    page.goto("/sign-in")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def lands_on(screen: Screen, title: str) -> None:
    """The first page that somebody sees."""
    expect(screen.page.get_by_role("heading", level=1)).to_have_text(re.compile(title))
