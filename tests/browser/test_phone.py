"""A responder's phone: its session is bound to a key that does not leave it."""

import re

import pytest
from playwright.sync_api import expect

from support.people_on_screen import PASSWORD, come_in, lands_on, with_password
from support.room import ROLES
from support.screens import Screen

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
FAILED = "Failed to load resource: the server responded with a status of"
GONE = "ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING"
SIGN_IN = re.compile("/sign-in(#.*)?$")


@pytest.fixture
def screen(centre, open_window):
    """`screen()` is a window in which nobody is signed in."""
    return lambda **options: Screen(open_window(centre.origin, **options), centre)


@pytest.fixture
def phone(centre, screen):
    """Dee's phone, bound."""
    with_password(centre, "Dee", ("responder",))
    made = screen(**PHONE)
    come_in(made, "Dee")
    lands_on(made, "My account")
    made.page.get_by_role("button", name="Stay signed in on this phone").click()
    expect(bound(made)).to_be_visible()
    return made


def bound(screen):
    return screen.page.get_by_text("You stay signed in on this phone until")


def proofs(screen):
    """How often the phone showed its key."""
    return sum(request.endswith("/api/v1/session/proof") for request in screen.guard.requests)


def begin_again(centre):
    """Stop and start the centre: it knows of no phone any more that this was it."""
    centre.keep_addresses()
    assert centre.server.stop() == 0
    centre.server.start().wait_ready()


def test_a_phone_stays_signed_in_and_shows_its_key_again_when_it_is_asked(centre, phone):
    phone.page.reload()
    expect(bound(phone)).to_be_visible()
    before = proofs(phone)
    phone.guard.allow(f"{FAILED} 401|{GONE}")
    begin_again(centre)
    phone.page.reload()
    expect(bound(phone)).to_be_visible()
    assert proofs(phone) > before
    cookie = next(one for one in phone.window.context.cookies() if "tocsin" in one["name"])
    assert cookie["expires"] - phone.page.evaluate("Date.now() / 1000") > 80 * 86_400


def test_the_cookie_of_a_phone_lets_nobody_in_without_its_key(centre, phone, screen):
    thief = screen(**PHONE)
    thief.window.context.add_cookies(phone.window.context.cookies())
    begin_again(centre)
    thief.guard.allow(f"{FAILED} 401")
    thief.page.goto("/#/me")
    expect(thief.page).to_have_url(SIGN_IN)
    # And the phone itself goes on.
    phone.guard.allow(f"{FAILED} 401|{GONE}")
    phone.page.reload()
    expect(bound(phone)).to_be_visible()


def test_a_phone_is_refused_once_it_was_signed_out_everywhere(centre, phone, sign_in):
    page = sign_in(centre, "Ada", (*ROLES, "administrator")).page
    page.goto("/#/people/users")
    page.get_by_role("link", name="Dee").click()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_text(re.compile("sessions? ended"))).to_be_visible()
    phone.guard.allow(f"{FAILED} 401")
    before = proofs(phone)
    phone.page.reload()
    expect(phone.page).to_have_url(SIGN_IN)
    phone.page.goto("/#/me")
    expect(phone.page).to_have_url(SIGN_IN)
    assert proofs(phone) == before, "its key opens nothing any more"
    come_in(phone, "Dee")
    lands_on(phone, "My account")
    expect(phone.page.get_by_role("button", name="Stay signed in on this phone")).to_be_visible()


def test_a_phone_has_the_rights_of_a_responder_alone(centre, screen):
    with_password(centre, "Eve", (*ROLES, "responder"))
    made = screen(**PHONE)
    come_in(made, "Eve")
    made.wait_loaded()
    made.page.goto("/#/me")
    made.page.get_by_role("button", name="Stay signed in on this phone").click()
    expect(bound(made)).to_be_visible()
    expect(made.page.get_by_role("link", name="Queue")).to_have_count(0)
    status = made.page.evaluate("fetch('/api/v1/incidents?state=open').then((answer) => answer.status)")
    made.guard.allow(f"{FAILED} 403")
    assert status == 403


# Whoever signed in a while ago shows again who it is ------------------------------------------------------------------


@pytest.fixture
def not_fresh(centre, screen):
    """Ana, who signed in a while ago: since then the centre was started anew."""
    with_password(centre, "Ana")
    made = screen()
    come_in(made, "Ana")
    made.wait_loaded()
    made.guard.allow(f"{FAILED} 40[03]|{GONE}")
    begin_again(centre)
    made.page.reload()
    made.wait_loaded()
    made.page.goto("/#/me")
    return made


def credentials(centre):
    person = centre.person("Ana")
    return person.get("/me")["credentials"]


def test_what_was_asked_for_is_done_once_the_password_was_given_and_a_wrong_one_loses_nothing(centre, not_fresh):
    page = not_fresh.page
    page.get_by_label("New PIN").fill("730518")
    page.get_by_role("button", name="Set the PIN").click()
    question = page.get_by_role("dialog", name="Show that it is you")
    expect(question.get_by_label("Password")).to_be_focused()
    question.get_by_label("Password").fill("not her password at all")
    question.get_by_role("button", name="Go on").click()
    expect(question.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("The PIN is set.")).to_have_count(0)
    assert credentials(centre)["pin"] is None
    question.get_by_label("Password").fill(PASSWORD)
    question.get_by_role("button", name="Go on").click()
    expect(question).to_have_count(0)
    expect(page.get_by_text("The PIN is set.")).to_be_visible()
    assert credentials(centre)["pin"] is not None
    # Once confirmed, the next act asks for nothing.
    page.get_by_role("button", name="Set up an authenticator").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    expect(question).to_have_count(0)


def test_whoever_does_not_confirm_changes_nothing_and_keeps_what_was_typed(centre, not_fresh):
    page = not_fresh.page
    page.get_by_label("New PIN").fill("730518")
    page.get_by_role("button", name="Set the PIN").click()
    page.get_by_role("dialog", name="Show that it is you").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("New PIN")).to_have_value("730518")
    expect(page.get_by_role("alert").filter(has_text="Nothing was changed")).to_be_visible()
    assert credentials(centre)["pin"] is None


def test_a_phone_is_bound_after_its_owner_showed_again_who_it_is(centre, screen):
    with_password(centre, "Dee", ("responder",))
    made = screen(**PHONE)
    come_in(made, "Dee")
    lands_on(made, "My account")
    made.guard.allow(f"{FAILED} 40[03]|{GONE}")
    begin_again(centre)
    made.page.reload()
    lands_on(made, "My account")
    made.page.get_by_role("button", name="Stay signed in on this phone").click()
    question = made.page.get_by_role("dialog", name="Show that it is you")
    question.get_by_label("Password").fill(PASSWORD)
    question.get_by_role("button", name="Go on").click()
    expect(bound(made)).to_be_visible()
