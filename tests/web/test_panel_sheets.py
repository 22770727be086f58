"""The panel sheet and the link to a key, over the application: what an installer is given, and nobody else."""

import re

import pytest

from support.centres import make_folder
from support.pdf import pages
from support.web import ORIGIN, web

KEY = "00112233445566778899AABBCCDDEEFF"
ACCOUNTS = (
    "account,site,name,key,key_form,category,supervision_interval_s,profile\n"
    f"1001,Boiler hall,Fire panel,{KEY},hex,SP4,,Ajax\n1002,Bank,Intrusion,,,,60,\n1003,Bank,Water,,,,off,\n"
)
ZONES = "account,receiver,line,zone,name,type,priority\n1001,,,1,Kessel 1,,\n"
HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    settings = make_folder(tmp_path_factory.mktemp("sheets") / "centre")
    with web(settings) as made:
        for kind, table in (("accounts", ACCOUNTS), ("zones", ZONES)):
            made.held.add(table.encode(), kind=kind)
        made.ids = {one.row.account: one.id for one in made.parts.store.accounts()}
        yield made


@pytest.fixture(scope="module")
def integrator(site):
    return site.signed_in("integrator")


def sheet(client, path):
    answer = client.get(f"/api/v1{path}/sheet")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return " ".join(" ".join(pages(answer.content)[0]).split())


def give(site, client, number="1001", path="/accounts", **fields):
    body = {"until": site.clock.now_us() + HOUR} | fields
    return client.post(f"/api/v1{path}/{site.ids[number]}/key-links", json=body)


def address(made):
    """Where the link leads, on this centre."""
    origin, slash, path = made["url"].partition("/key/")
    assert origin == ORIGIN
    return slash + path


def test_sheet_says_what_is_typed_into_the_panel_and_never_the_key(site, integrator):
    shown = sheet(integrator, f"/accounts/{site.ids['1001']}")
    for said in (
        "Account 1001", "Boiler hall, Fire panel", "127.0.0.1", "TCP, else UDP", "SIA DC-09", "every 90 s",
        "AES with a key of 128 bits", "Kessel 1", "Ajax panels",
    ):  # fmt: skip
        assert said in shown
    assert not re.search(KEY, shown, re.IGNORECASE)
    assert "every 60 s" in sheet(integrator, f"/accounts/{site.ids['1002']}")
    off = sheet(integrator, f"/accounts/{site.ids['1003']}")
    assert "nobody is told when they stop" in off
    assert "sends in clear" in off
    gone = integrator.get("/api/v1/accounts/account-99999/sheet")
    assert (gone.status_code, gone.json()["code"]) == (404, "accounts.unknown")


def test_link_shows_the_key_to_whoever_opens_it_once_and_says_so_afterwards(site, integrator):
    made = give(site, integrator, company="4711").json()
    assert (made["item"]["state"], made["item"]["company"], made["item"]["opened_at"]) == ("alive", "4711", None)
    browser = site.client()
    for _ in range(2):
        looked = browser.get(address(made))
        assert (looked.status_code, "Show the key, once" in looked.text, "0011" in looked.text) == (200, True, False)
    foreign = browser.post(address(made), headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    shown = browser.post(address(made), headers={"origin": ORIGIN})
    assert shown.headers["cache-control"] == "no-store"
    assert "".join(re.findall(r"<span>(.*?)</span>", shown.text)) == KEY
    for again in (browser.get(address(made)), browser.post(address(made))):
        assert (again.status_code, "It was opened on" in again.text, "0011" in again.text) == (410, True, False)
    (item,) = integrator.get(f"/api/v1/accounts/{site.ids['1001']}/key-links").json()["items"]
    assert (item["state"], item["opened_by"]) == ("opened", made["item"]["id"])
    assert item["opened_at"] is not None
    refused = give(site, integrator)
    assert (refused.status_code, refused.json()["code"]) == (409, "key_link.shown")


def test_installer_gets_sheet_and_key_of_the_own_account_alone(site):
    user = site.known("installer", name="Ida")
    site.access.grant(user, site.ids["1002"], "cli")
    ida = site.signed_in(user=user)
    assert "Account 1002" in sheet(ida, f"/own/accounts/{site.ids['1002']}")
    made = give(site, ida, "1002", "/own/accounts", is_new=True).json()
    assert made["item"]["given_by"] == user
    assert give(site, ida, "1001", "/own/accounts").json()["code"] == "own.unknown"
    assert ida.get(f"/api/v1/own/accounts/{site.ids['1001']}/sheet").json()["code"] == "own.unknown"
    shown = ida.post(address(made))
    assert "is not heard until it has this key" in shown.text
    (item,) = ida.get(f"/api/v1/own/accounts/{site.ids['1002']}/key-links").json()["items"]
    assert (item["opened_by"], item["is_new"]) == (user, True)


def test_link_that_was_ended_or_is_none_of_ours_says_what_to_do(site, integrator):
    made = give(site, integrator, "1003", is_new=True).json()
    newer = give(site, integrator, "1003", is_new=True).json()
    assert integrator.delete(f"/api/v1/key-links/{newer['item']['id']}").status_code == 204
    again = integrator.delete(f"/api/v1/key-links/{newer['item']['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "key_link.unknown")
    browser = site.client(address="192.0.2.99")
    assert "Use the newer one" in browser.get(address(made)).text
    assert "The centre ended it" in browser.get(address(newer)).text
    said = [browser.get("/key/" + "x" * 43).status_code for _ in range(12)]
    assert (said[0], said[-1]) == (404, 429)
    late = give(site, integrator, "1003", is_new=True, until=site.clock.now_us() + 25 * HOUR)
    assert (late.status_code, late.json()["code"]) == (400, "key_link.until")
