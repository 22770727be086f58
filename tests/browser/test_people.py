"""People at their desks: signing in, locking, two persons, who lands where, and what is shown once."""

import re
import time

import pytest
from playwright.sync_api import expect
from pyotp.totp import TOTP

from support.people_on_screen import PASSWORD, PIN, come_in, lands_on, told, with_authenticator, with_password
from support.room import ROLES, wait_for_open
from support.screens import Screen

FAILED = "Failed to load resource: the server responded with a status of"


@pytest.fixture
def screen(centre, open_window):
    """`screen()` is a window in which nobody is signed in."""
    return lambda **options: Screen(open_window(centre.origin, **options), centre)


def lock(screen):
    screen.press("F4")
    bar = screen.page.get_by_role("region", name="This desk is locked")
    expect(bar.get_by_label("PIN or password")).to_be_focused()
    return bar


def unlock(bar, secret):
    bar.get_by_label("PIN or password").fill(secret)
    bar.get_by_role("button", name="Unlock").click()


def test_name_password_and_code_let_somebody_in_and_a_password_alone_does_not(centre, screen):
    ana = with_password(centre, "Ana")
    totp = with_authenticator(ana)
    window = screen()
    come_in(window, "Ana")
    code = window.page.get_by_label("Code of your authenticator")
    expect(code).to_be_visible()
    window.guard.allow(f"{FAILED} 400")
    code.fill("000000")
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(window.page.get_by_role("alert")).to_be_visible()
    # The step in which it was switched on is used up: the one after it is another code.
    code.fill(totp.at(int(time.time()) + 30))
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    window.wait_loaded()


def test_the_own_account_sets_password_authenticator_and_pin(centre, sign_in):
    page = sign_in(centre, "Ana").page
    page.get_by_role("link", name="Ana").click()
    expect(page.get_by_text("You have no password yet")).to_be_visible()
    page.get_by_role("button", name="Set the password").click()
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("5 characters; at least 12.")).to_be_visible()
    expect(page.get_by_label("New password", exact=True)).to_be_focused()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password once more").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("The password is set.")).to_be_visible()

    page.get_by_role("button", name="Set up an authenticator").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("The six digits that the app shows now").fill(TOTP(secret).now())
    page.get_by_role("button", name="Switch it on").click()
    codes = page.get_by_role("dialog")
    expect(codes.get_by_role("listitem")).to_have_count(10)
    shown = codes.get_by_role("listitem").first.inner_text()
    codes.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("10 codes are left.")).to_be_visible()
    assert shown not in page.content()

    page.get_by_label("New PIN").fill("123")
    page.get_by_role("button", name="Set the PIN").click()
    expect(page.get_by_text(re.compile(r"6 to 12 digits\.$"))).to_be_visible()
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_role("button", name="Set the PIN").click()
    expect(page.get_by_text("The PIN is set.")).to_be_visible()


def test_a_locked_desk_keeps_queue_and_selection_and_takes_no_command(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    ana = sign_in(centre, "Ana")
    person = centre.person("Ana")
    told(person, "/me/pin", pin=PIN)
    expect(ana.rows).to_have_count(1)
    number = ana.numbers[0]
    detail = ana.open(number)
    detail.get_by_role("button", name="Add a note").click()
    ana.page.get_by_role("dialog").get_by_label("Note").fill("keys hang at the porter's")
    ana.page.get_by_role("dialog").get_by_role("button", name="Add the note").click()
    expect(detail.get_by_text("keys hang at the porter's")).to_be_visible()

    ana.guard.allow(f"{FAILED} 4(00|23)")
    bar = lock(ana)
    expect(ana.row(number)).to_be_visible()
    expect(ana.row(number)).to_have_attribute("aria-selected", "true")
    expect(ana.page.get_by_text("keys hang at the porter's")).to_have_count(0)
    expect(ana.page.get_by_role("button", name="Claim")).to_have_count(0)
    expect(ana.page.get_by_role("navigation").get_by_role("link", name="Sites")).to_have_count(0)
    # What comes in is seen and heard on: the queue goes on, and no key claims it.
    centre.alarm("1003", "BA", 1)
    expect(ana.rows).to_have_count(2)
    ana.press("Escape", " ")
    assert all(one["claimed_by"] is None for one in person.open_incidents())
    # The centre itself refuses as well, whatever the page would show.
    refused = ana.page.evaluate("fetch('/api/v1/incidents/incident-1/texts').then((answer) => answer.status)")
    assert refused == 423

    unlock(bar, "999999")
    expect(bar.get_by_role("alert")).to_contain_text("neither the PIN nor the password")
    unlock(bar, PIN)
    expect(bar).to_have_count(0)
    expect(ana.row(number)).to_have_attribute("aria-selected", "true")
    expect(ana.page.get_by_text("keys hang at the porter's")).to_be_visible()


def test_a_second_window_of_the_desk_is_locked_with_the_first(centre, sign_in):
    ana = sign_in(centre, "Ana")
    told(centre.person("Ana"), "/me/pin", pin=PIN)
    other = Screen(ana.window, centre)
    other.page = ana.window.context.new_page()
    other.page.goto("/")
    other.wait_loaded()
    bar = lock(ana)
    there = other.page.get_by_role("region", name="This desk is locked")
    expect(there).to_be_visible()
    unlock(bar, PIN)
    expect(there).to_have_count(0)


def test_a_desk_that_nothing_would_unlock_is_not_locked(centre, sign_in):
    ana = sign_in(centre, "Ana")
    ana.guard.allow(f"{FAILED} 409")
    ana.press("F4")
    expect(ana.page.get_by_text("It was not locked.")).to_be_visible()
    expect(ana.page.get_by_role("region", name="This desk is locked")).to_have_count(0)


def test_somebody_else_takes_a_locked_desk_over(centre, sign_in):
    with_password(centre, "Bo")
    ana = sign_in(centre, "Ana")
    told(centre.person("Ana"), "/me/pin", pin=PIN)
    lock(ana).get_by_role("button", name="Sign in as somebody else").click()
    expect(ana.page).to_have_url(re.compile("/sign-in$"))
    come_in(ana, "Bo")
    ana.wait_loaded()
    expect(ana.page.get_by_role("link", name="Bo", exact=False).first).to_be_visible()


def hold(screen, number):
    """Ask for a legal hold on an incident."""
    detail = screen.open(number)
    detail.get_by_role("button", name="Keep them longer").click()
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Next").click()
    dialog.get_by_role("radio", name="the police ask").check()
    dialog.get_by_role("button", name="Ask for a second person").click()
    return detail, dialog


def test_what_takes_two_persons_waits_on_the_others_screen_and_is_done_once(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    wait_for_open(centre.person("Ana"), 1)
    ana, bo = sign_in(centre, "Ana"), sign_in(centre, "Bo")
    detail, dialog = hold(ana, ana.numbers[0])
    expect(dialog.get_by_role("button", name="Carry it out")).to_have_count(0)
    bar = bo.page.get_by_role("region", name="What takes two persons")
    expect(bar).to_contain_text("Ana asks for a second person")
    expect(bar).to_contain_text("legal hold")
    # What it is about, as the room knows it: the number, and a day.
    number = ana.numbers[0]
    expect(bar.get_by_role("link", name=f"#{number}", exact=True)).to_be_visible()
    expect(bar).to_contain_text(re.compile(r"until: 20\d\d-\d\d-\d\d\. Why: the police ask\."))
    expect(bar).to_contain_text(re.compile(r"0[45]:\d\d left"))
    bar.get_by_role("button", name="Yes, I answer for it too").click()
    expect(dialog.get_by_text("Bo said yes.")).to_be_visible()
    dialog.get_by_role("button", name="Carry it out").click()
    expect(dialog).to_have_count(0)
    expect(detail.get_by_text("A legal hold keeps them.")).to_be_visible()
    expect(bar).to_have_count(0)


def test_the_second_person_may_answer_at_the_first_ones_screen_and_never_be_the_first(centre, sign_in):
    with_password(centre, "Bo")
    centre.alarm("1001", "FA", 1)
    wait_for_open(centre.person("Ana"), 1)
    ana = sign_in(centre, "Ana")
    told(centre.person("Ana"), "/me/password", new=PASSWORD + " of Ana")
    ana.page.reload()
    if "sign-in" in ana.page.url:
        come_in(ana, "Ana", PASSWORD + " of Ana")
    ana.wait_loaded()
    ana.guard.allow(f"{FAILED} 4(00|01|03|09)")
    detail, dialog = hold(ana, ana.numbers[0])
    dialog.get_by_role("button", name="The second person is here").click()
    here = ana.page.get_by_role("dialog", name="A second person, at this screen")
    here.get_by_label("Their name").fill("Ana")
    here.get_by_label("Their password").fill(PASSWORD + " of Ana")
    here.get_by_role("button", name="Yes, I answer for it too").click()
    expect(here.get_by_role("alert")).to_be_visible()
    here.get_by_label("Their name").fill("Bo")
    here.get_by_label("Their password").fill(PASSWORD)
    here.get_by_role("button", name="Yes, I answer for it too").click()
    expect(here).to_have_count(0)
    dialog.get_by_role("button", name="Carry it out").click()
    expect(detail.get_by_text("A legal hold keeps them.")).to_be_visible()
    expect(ana.page.get_by_role("link", name="Ana", exact=False).first).to_be_visible()


def test_a_token_is_shown_once(centre, sign_in):
    page = sign_in(centre, "Ada", (*ROLES, "administrator")).page
    page.goto("/#/people/tokens")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("Choose at least one.")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("^read")).check()
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_role("dialog").locator("code").inner_text()
    assert secret.startswith("tcn_")
    page.get_by_role("button", name="Put it away").click()
    row = page.get_by_role("row").nth(1)
    expect(row).to_contain_text("alive")
    page.reload()
    expect(row).to_contain_text("alive")
    assert secret not in page.content()
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("revoked")


def test_a_desk_that_was_left_asks_for_the_password_before_it_makes_a_user(centre, sign_in):
    roles = (*ROLES, "administrator")
    with_password(centre, "Ada", roles)
    centre.keep_addresses()
    ada = sign_in(centre, "Ada", roles)
    # A centre that was started again has seen nobody show who they are.
    ada.guard.allow("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING")
    ada.guard.allow(f"{FAILED} 4(00|03)")
    centre.server.kill()
    centre.server.start().wait_ready()
    page = ada.page
    page.goto("/#/people/users/new")
    page.get_by_label("Name", exact=True).fill("Bo Larsen")
    page.get_by_role("checkbox", name=re.compile("^Operator")).check()
    page.get_by_role("button", name="Make the user").click()
    asking = page.get_by_role("dialog", name="Show that it is you")
    expect(asking).to_be_visible()
    assert "Bo Larsen" not in str(centre.person("Ada", roles).get("/users"))
    asking.get_by_label("Password").fill("not the password")
    asking.get_by_role("button", name="Go on").click()
    expect(asking.get_by_role("alert")).to_be_visible()
    asking.get_by_label("Password").fill(PASSWORD)
    asking.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("dialog", name="Sign-in link of Bo Larsen")).to_be_visible()


def test_an_administrator_makes_a_user_who_comes_in_by_the_link_shown_once(centre, sign_in, screen):
    page = sign_in(centre, "Ada", (*ROLES, "administrator")).page
    page.goto("/#/people/users/new")
    page.get_by_label("Name", exact=True).fill("Cy")
    page.get_by_role("checkbox", name=re.compile("^Operator")).check()
    page.get_by_role("button", name="Make the user").click()
    link = page.get_by_role("dialog").locator("code").inner_text()
    page.get_by_role("button", name="Put it away").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cy")
    assert link not in page.content()
    cy = screen().sign_in(link)
    expect(cy.page.get_by_role("navigation").get_by_role("link", name="People")).to_have_count(0)

    page.get_by_role("checkbox", name=re.compile("^Auditor")).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_text("1 session ended.")).to_be_visible()
    cy.guard.allow(f"{FAILED} 401")
    expect(cy.page.get_by_text("Signed out.")).to_be_visible()


@pytest.mark.parametrize(
    ("roles", "title"),
    [
        (("site_contact",), "What happens at my sites"),
        (("installer",), "Accounts that I look after"),
        (("auditor",), "Reports"),
        (("responder",), "My account"),
        (("integrator",), "Sites"),
        (("administrator",), "Sites"),
    ],
)
def test_whoever_has_no_queue_lands_on_a_page_that_is_of_use(centre, screen, roles, title):
    window = screen()
    window.page.goto(centre.link("Dee", roles))
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    lands_on(window, title)


def test_a_site_contact_sees_the_own_site_and_no_other(centre, sign_in, screen):
    centre.alarm("1001", "FA", 1)
    centre.alarm("1003", "BA", 1)
    ada = centre.person("Ada", (*ROLES, "administrator"))
    contact = centre.person("Dee", ("site_contact",))
    wait_for_open(ada, 2)
    site = next(one["id"] for one in ada.get("/sites?limit=50")["items"] if one["name"] == "Harbour Mill")
    told(ada, "/grants", user_id=contact.id, target_id=site)
    window = screen()
    window.page.goto(centre.link("Dee", ("site_contact",)))
    window.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(window.page.get_by_role("row", name=re.compile("Harbour Mill"))).to_have_count(1)
    expect(window.page.get_by_text("Old Depot")).to_have_count(0)


def test_times_are_the_centres_and_say_so_wherever_the_screen_stands(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    here = sign_in(centre, "Ana")
    far = sign_in(centre, "Ana", timezone_id="Asia/Kolkata")
    for one in (here, far):
        expect(one.rows).to_have_count(1)
    zone = here.page.locator(".clock small").inner_text()
    expect(far.page.locator(".clock small")).to_have_text(zone)
    received = [one.open(one.numbers[0]).locator("header .clock .dim .mono").inner_text() for one in (here, far)]
    assert received[0] == received[1]


def test_the_header_counts_priority_4_and_a_row_shows_its_zone_beside_a_confirmation(centre, sign_in):
    centre.alarm("1001", "FA", 1)
    centre.alarm("1001", "FA", 2)
    centre.alarm("1004", "AT", 0)
    ana = sign_in(centre, "Ana")
    expect(ana.page.get_by_role("listitem").filter(has_text="P4")).to_contain_text("1")
    row = ana.row(1)
    expect(row).to_contain_text("confirmed")
    zone = row.locator(".exact")
    expect(zone).to_contain_text("Boiler room")
    assert zone.evaluate("(element) => element.scrollWidth <= element.clientWidth")
