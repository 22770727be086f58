"""An installer without a login, with a code for one place and one day: over real HTTP, by plain pages."""

import http.client
import urllib.parse

import pytest

from support.centres import wait_for
from support.desks import desks
from support.pdf import pages
from tocsin.access.attempts import FREE_ATTEMPTS

HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("supervisor", "integrator"))


class Phone:
    """A browser without a session."""

    def __init__(self, office):
        self.office = office
        self.cookie = ""

    def ask(self, method, path, **form):
        connection = http.client.HTTPConnection(*self.office.address, timeout=20)
        headers = {"cookie": self.cookie} if self.cookie else {}
        body = None
        if method == "POST":
            headers["content-type"] = "application/x-www-form-urlencoded"
            headers["origin"] = f"http://{self.office.address[0]}:{self.office.address[1]}"
            body = urllib.parse.urlencode(form)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            if (set_ := answer.getheader("set-cookie")) is not None:
                self.set_cookie, self.cookie = set_, set_.partition(";")[0]
            return answer.status, answer.read()
        finally:
            connection.close()

    def page(self):
        status, body = self.ask("GET", "/test")
        assert status == 200
        return body.decode()


def give(ana, number="1001", hours=8):
    account = ana.get(f"/accounts?number={number}")["items"][0]
    body = {"account_id": account["id"], "company": "4711", "until": ana.get("/session")["now"] + int(hours * HOUR)}
    return ana.ask("POST", "/api/v1/on-test-codes", body)


def test_installer_with_a_code_begins_sees_what_was_tried_and_ends(office, ana):
    made = give(ana).json
    phone = Phone(office)
    assert "Call it." in phone.page()
    letters = made["code"]
    assert phone.ask("POST", "/test", code=f" {letters[:5].lower()}-{letters[5:]} ")[0] == 303
    assert "HttpOnly" in phone.set_cookie
    assert "SameSite=strict" in phone.set_cookie.replace("Strict", "strict")
    assert "Boiler hall, account 1001" in phone.page()
    assert phone.ask("POST", "/test/begin", hours="2", reason="walk_test", zones="")[0] == 303
    (item,) = ana.get("/on-test")["items"]
    assert (item["begun_by"], item["asked_by"], item["company"], item["live"]) == (
        made["item"]["id"], "installer", "4711", ["fire", "medical", "robbery_holdup"]
    )  # fmt: skip
    office.report("1001", "HA", 1)
    office.report("1001", "BA", 2)
    wait_for(lambda: "Kessel 2" in phone.page())
    shown = phone.page()
    assert "Zone 1 Kessel 1 not tested." in shown
    assert ">BA<" in shown
    assert ">HA<" not in shown
    status, report = phone.ask("GET", "/test/report")
    (drawn,) = pages(report)
    assert (status, drawn[:2]) == (200, ["Walk-test report", "Zone 1 missing."])
    assert phone.ask("POST", "/test/end")[0] == 303
    assert "The test is over" in phone.page()
    assert ana.get("/on-test")["items"] == []
    assert phone.ask("POST", "/test/leave")[0] == 303
    assert "Call it." in phone.page()


def test_code_is_for_one_place_until_its_end_and_until_somebody_ends_it(office, ana):
    made = give(ana, "1002", 1).json
    phone = Phone(office)
    phone.ask("POST", "/test", code=made["code"])
    phone.ask("POST", "/test/begin", hours="24", reason="walk_test", zones="4")
    (item,) = ana.get("/on-test")["items"]
    assert (item["until"], item["zones"], item["account"]) == (made["item"]["until"], ["4"], "1002")
    assert made["item"]["id"] in [one["id"] for one in ana.get("/on-test-codes")["items"]]
    assert ana.ask("DELETE", f"/api/v1/on-test-codes/{made['item']['id']}").status == 204
    assert "Call it." in phone.page()
    again = ana.ask("DELETE", f"/api/v1/on-test-codes/{made['item']['id']}")
    assert (again.status, again.json["code"]) == (404, "on_test_code.unknown")
    assert len(ana.get("/on-test")["items"]) == 1, "a test that goes on goes on"
    ana.ask("POST", f"/api/v1/on-test/{item['id']}/end")


def test_page_of_a_code_says_that_its_test_is_about_to_end_and_so_does_the_board(office, ana):
    """With the ten minutes that ship, of a test that is a second longer."""
    made = give(ana, "1001", (600 + 1.5) / 3600).json
    phone = Phone(office)
    phone.ask("POST", "/test", code=made["code"])
    phone.ask("POST", "/test/begin", hours="0", reason="walk_test", zones="1")
    (item,) = ana.get("/on-test")["items"]
    assert (item["word_at"], "ends by itself" in phone.page()) == (None, False)
    wait_for(lambda: ana.get("/on-test")["items"][0]["word_at"])
    shown = phone.page()
    assert "It ends by itself in 10 min." in shown
    assert "zones 1 Kessel 1<" in shown
    phone.ask("POST", "/test/end")
    assert "ends by itself" not in phone.page()


def test_code_is_for_a_day_at_most_and_its_letters_are_told_once(ana):
    refused = give(ana, "1003", 25)
    assert (refused.status, refused.json["code"]) == (400, "on_test.code_until")
    made = give(ana, "1003").json
    assert made["code"] not in ana.ask("GET", "/api/v1/on-test-codes").text


def test_form_that_holds_what_cannot_be_changes_nothing(office, ana):
    phone = Phone(office)
    phone.ask("POST", "/test", code=give(ana, "1003").json["code"])
    for form in ({"zones": "<b>"}, {"reason": "because"}, {"hours": "many"}):
        status, body = phone.ask("POST", "/test/begin", **({"hours": "1", "reason": "drill", "zones": ""} | form))
        assert (status, "Zones are numbers" in body.decode()) == (403, True)
    assert ana.get("/on-test")["items"] == []


def test_guessing_is_slowed(office):
    phone = Phone(office)
    said = [phone.ask("POST", "/test", code="A" * 11)[0] for _ in range(FREE_ATTEMPTS + 2)]
    assert said[0] == 403
    assert said[-1] == 429


def test_form_of_another_page_begins_and_opens_nothing(office, ana):
    """A page elsewhere that lets the installer's browser send a form: it has the cookie, and not our origin."""
    phone = Phone(office)
    phone.ask("POST", "/test", code=give(ana, "1003").json["code"])
    headers = {"cookie": phone.cookie, "content-type": "application/x-www-form-urlencoded"}
    for foreign in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        for path, form in (("/test/begin", "hours=1&reason=drill&zones="), ("/test/end", ""), ("/test", "code=A")):
            connection = http.client.HTTPConnection(*office.address, timeout=20)
            connection.request("POST", path, form, headers | foreign)
            assert connection.getresponse().status == 403, (path, foreign)
            connection.close()
    assert ana.get("/on-test")["items"] == []
