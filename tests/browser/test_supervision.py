"""The board of supervision in a browser: who is heard, who never was, and the way to an account."""

import re

import pytest
from playwright.sync_api import expect

from support.room import room

ACCOUNTS = "account,site,category\n4101,Harbour Mill,SP4\n4102,Harbour Mill,DP3\n4103,,\n"
SITES = "name\nHarbour Mill\n"


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    with room(tmp_path_factory.mktemp("watched"), sites=SITES, accounts=ACCOUNTS) as made:
        made.alarm("4101", "BA", 3)
        yield made


def test_board_says_who_is_heard_and_who_is_not_supervised_yet(watched, sign_in):
    page = sign_in(watched, "Ana", ("supervisor", "integrator")).page
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile("#/supervision$"))
    expect(page.get_by_role("heading", name="Supervision", exact=True)).to_be_visible()
    expect(page.get_by_text("2 not supervised yet")).to_be_visible()
    expect(page.get_by_text(re.compile(r"as of .*\d\d:\d\d:\d\d"))).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^SP4"))
    expect(row).to_contain_text("3 min")
    expect(row).to_contain_text("unconfirmed figure")
    expect(page.get_by_text("Nobody is missing or late.")).to_be_visible()

    page.get_by_label("State", exact=True).select_option("all")
    mill = page.get_by_role("row", name=re.compile("on time 4101"))
    expect(mill).to_contain_text("Harbour Mill")
    expect(mill).to_contain_text("127.0.0.0/24")
    expect(page.get_by_role("row", name=re.compile("never heard 4102"))).to_be_visible()
    page.get_by_label("Category", exact=True).select_option("DP3")
    expect(mill).to_have_count(0)
    page.get_by_role("link", name="4102").click()
    expect(page).to_have_url(re.compile("#/accounts/account-"))
