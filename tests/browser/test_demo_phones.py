"""The demo's telephones in a browser: a call rings there, and a key that is pressed answers it in the centre."""

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import ROLES, room, wait_for_open
from support.tour import TABLES
from tocsin.cli.demo_phones import PhoneServer

DAN = "+12025550142"


@pytest.fixture
def phones():
    with PhoneServer({DAN: "Dan"}) as made:
        yield made


@pytest.fixture
def harbour(tmp_path, phones):
    """A centre that calls and writes to these telephones alone."""
    phones.keep_token(tmp_path)
    named = {name.removeprefix("TOCSIN_NOTIFY__"): value for name, value in phones.environment().items()}
    gateway = {name.removeprefix("GATEWAY__").lower(): value for name, value in named.items() if name != "INTERNAL"}
    gateway["token_file"] = str(tmp_path / gateway["token_file"])
    lines = [
        f"{name} = {value if value == 'true' else repr(value).replace(chr(39), chr(34))}"
        for name, value in gateway.items()
    ]
    settings = f"\n[notify]\ninternal = {named['INTERNAL']}\n[notify.gateway]\n" + "\n".join(lines) + "\n"
    with room(tmp_path, settings=settings, **TABLES) as made:
        yield made


def take_and_press(page, key, words):
    """Take the call that rings and press a key, by the keyboard alone."""
    phone = page.get_by_role("region", name="Telephone of Dan")
    phone.get_by_role("button", name="Take the call").focus()
    page.keyboard.press("Enter")
    expect(phone.get_by_text("The centre says")).to_be_visible()
    expect(phone.locator("blockquote").first).to_contain_text(words)
    phone.get_by_role("button", name=key).focus()
    page.keyboard.press("Enter")
    expect(phone.get_by_text("A call is over. The centre hung up.").first).to_be_visible()


def test_key_that_is_pressed_in_a_call_counts_the_contact_and_then_says_who_is_coming(
    harbour, phones, sign_in, open_window
):
    dan = sign_in(harbour, "Dan", ("operator", "responder"))
    dan.page.goto(f"{harbour.origin}/#/me")
    mine = dan.page.get_by_role("region", name="How I am reached")
    mine.get_by_label("From home").check()
    mine.get_by_label("By", exact=True).select_option("voice")
    mine.get_by_label("Address", exact=True).fill(DAN)
    mine.get_by_role("button", name="Add", exact=True).click()
    expect(mine.get_by_text("Not tested: it does not count yet")).to_be_visible()

    page = open_window(phones.url.rstrip("/")).page
    page.goto(phones.url)
    expect(page.get_by_text("Nothing has come yet.")).to_be_visible()
    mine.get_by_role("button", name="Send a test to +12...42").click()
    expect(page.get_by_text("It rings")).to_be_visible(timeout=15_000)
    assert axe_violations(page) == []
    take_and_press(page, "1 Coming", "test")
    expect(mine.get_by_text("You would be reached now.")).to_be_visible(timeout=15_000)

    ada = harbour.person("Ada", ROLES)
    harbour.alarm("1001", "FA", 1)
    (incident,) = wait_for_open(ada, 1)
    ana = sign_in(harbour, "Ana")
    ana.open(incident["number"])
    told = ana.page.get_by_role("region", name="People told")
    told.get_by_role("button", name="Tell people").click()
    told.get_by_label("Responder").check()
    told.get_by_role("button", name="Tell them now").click()
    expect(page.get_by_text("It rings")).to_be_visible(timeout=15_000)
    take_and_press(page, "1 Coming", f"{incident['number']}")
    expect(told.get_by_text("1 coming, 0 cannot, 1 told.")).to_be_visible(timeout=15_000)
    expect(ana.page.get_by_text("Dan is coming.")).to_be_visible(timeout=15_000)
