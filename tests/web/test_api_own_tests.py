"""Installers and site contacts put their own places on test: within limits, and without a trace of what stays live."""

import http.client

import pytest

from support.centres import wait_for
from support.desks import desks
from support.pdf import pages

HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("supervisor", "administrator"))


@pytest.fixture(scope="module")
def places(ana):
    return {one["account"]: one for one in ana.get("/accounts")["items"]}


def own(office, ana, name, role, target):
    person = office.person(name, [role])
    assert ana.ask("POST", "/api/v1/grants", {"user_id": person.id, "target_id": target}).status == 201
    return person


@pytest.fixture(scope="module")
def ida(office, ana, places):
    return own(office, ana, "Ida", "installer", places["1001"]["id"])


@pytest.fixture(scope="module")
def eva(office, ana, places):
    return own(office, ana, "Eva", "site_contact", places["1001"]["site_id"])


def begin(person, ana, hours=1, **place):
    until = ana.get("/session")["now"] + int(hours * HOUR)
    return person.ask("POST", "/api/v1/own/on-test", {"reason": "walk_test", "until": until} | place)


def test_installer_tests_the_own_panel_and_sees_what_was_tried_and_no_alarm(office, ana, places, ida):
    test = begin(ida, ana, account_id=places["1001"]["id"]).json
    assert (test["account"], test["is_mine"], ana.get("/on-test")["items"][0]["asked_by"]) == (
        "1001", True, "installer"
    )  # fmt: skip
    office.report("1001", "FA", 1)
    office.report("1001", "HA", 1)
    office.report("1001", "HR", 1)
    office.report("1001", "BA", 2)
    office.report("1001", "RP", 0)

    def tried():
        return ida.get(f"/own/on-test/{test['id']}")

    wait_for(lambda: len(tried()["tried"]) == 2)
    assert [(one["zone"], one["code"]) for one in tried()["tried"]] == [("0", "RP"), ("2", "BA")]
    assert tried()["missing"] == ["1"], "the fire that stayed live is no test"
    connection = http.client.HTTPConnection(*ida.address, timeout=20)
    connection.request("GET", f"/api/v1/own/on-test/{test['id']}/report", headers=ida.headers)
    (page,) = pages(connection.getresponse().read())
    connection.close()
    assert page[:2] == ["Walk-test report", "Zone 1 missing."]
    assert not {"FA", "HA", "HR"} & set(" ".join(page).split())
    assert ida.ask("POST", f"/api/v1/own/on-test/{test['id']}/end").json["end_reason"] == "by_hand"
    assert [one["id"] for one in ida.get("/own/on-test")["items"]] == [test["id"]]


def test_nobody_tests_or_sees_what_is_not_the_own(ana, places, ida, eva):
    others = [
        begin(ida, ana, account_id=places["1002"]["id"]),
        begin(ida, ana, site_id=places["1001"]["site_id"]),
        begin(eva, ana, account_id=places["1002"]["id"]),
        begin(eva, ana, account_id="account-99999"),
    ]
    assert [(one.status, one.json["code"]) for one in others] == [(400, "on_test.place")] * 4
    body = {
        "account_id": places["1002"]["id"], "asked_by": "staff", "reason": "drill",
        "until": ana.get("/session")["now"] + HOUR,
    }  # fmt: skip
    test = ana.ask("POST", "/api/v1/on-test", body).json
    for path in ("", "/report"):
        assert ida.ask("GET", f"/api/v1/own/on-test/{test['id']}{path}").json["code"] == "on_test.unknown"
    assert ida.ask("POST", f"/api/v1/own/on-test/{test['id']}/end").status == 404
    assert test["id"] not in [one["id"] for one in eva.get("/own/on-test")["items"]]
    ana.ask("POST", f"/api/v1/on-test/{test['id']}/end")


def test_contact_puts_the_own_site_on_test_and_life_stays_live(ana, places, eva):
    [place] = eva.get("/own/on-test")["places"]
    assert place == {"account": None, "id": places["1001"]["site_id"], "name": "Boiler hall"}
    test = begin(eva, ana, site_id=place["id"]).json
    item = ana.get("/on-test")["items"][0]
    assert (item["id"], item["asked_by"], item["live"]) == (
        test["id"], "site_contact", ["fire", "medical", "robbery_holdup"]
    )  # fmt: skip
    eva.ask("POST", f"/api/v1/own/on-test/{test['id']}/end")


@pytest.mark.parametrize(("fields", "status"), [({"not_live": ["fire"]}, 400), ({"company": "x"}, 400)])
def test_own_test_takes_no_more_than_it_says(ana, places, ida, fields, status):
    assert begin(ida, ana, account_id=places["1001"]["id"], **fields).status == status


def test_own_test_is_no_longer_than_the_centre_lets_it(ana, places, ida):
    refused = begin(ida, ana, 5, account_id=places["1001"]["id"])
    assert (refused.status, refused.json["code"]) == (403, "on_test.own_longer")
    assert ida.get("/own/on-test")["length_s_max"] == 4 * 3600
