"""What site contacts and installers see of a centre at work: their own, nothing that people said, nothing of others."""

import pytest

from support.room import room, wait_for_open
from support.server import wait_for

pytestmark = pytest.mark.slow
ACCOUNTS = "account,site,name\n1001,Harbour Mill,Boiler house\n1002,Harbour Mill,Office\n2001,Depot West,Gate\n"


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    with room(tmp_path_factory.mktemp("own"), accounts=ACCOUNTS) as made:
        yield made


@pytest.fixture(scope="module")
def ana(centre):
    return centre.person("Ana", ["administrator", "supervisor"])


def own(centre, ana, name, role, *targets):
    """Somebody of this role, for whom these were entered as theirs."""
    person = centre.person(name, [role])
    for target in targets:
        made = ana.ask("POST", "/api/v1/grants", {"user_id": person.id, "target_id": target})
        assert made.status == 201, made.text
    return person


def close(ana, incident):
    claimed = ana.claim(incident)
    answer = ana.act(incident["id"], "close", version=claimed["version"], disposition="unwanted", note="Word of Eva's")
    assert answer.status == 200, answer.text


def test_contact_sees_what_happens_at_the_own_site_and_a_silent_call_only_when_it_is_over(centre, ana):
    places = {one["account"]: one for one in ana.get("/accounts")["items"]}
    mill, depot = places["1001"]["site_id"], places["2001"]["site_id"]
    eva = own(centre, ana, "Eva", "site_contact", mill)
    centre.alarm("1001", "FA")
    centre.alarm("1002", "HA", zone=9)
    centre.alarm("2001", "FA")
    found = {one["account"]: one for one in wait_for_open(ana, 3)}
    assert found["1002"]["silent"] is True

    [fire] = eva.get("/own/incidents")["items"]
    assert (fire["number"], fire["site"], fire["state"], fire["is_claimed"]) == (
        found["1001"]["number"],
        "Harbour Mill",
        "open",
        False,
    )
    assert depot not in str(eva.get("/own/incidents"))

    close(ana, found["1002"])
    close(ana, found["1001"])
    wait_for(lambda: len(eva.get("/own/incidents")["items"]) == 2, 10, "both closed ones")
    told = eva.ask("GET", "/api/v1/own/incidents")
    assert {one["state"] for one in told.json["items"]} == {"closed"}
    for hidden in ("Word of", ana.id, "Ana", "incident-", "1001", "account"):
        assert hidden not in told.text, hidden
    for path in (
        "/api/v1/incidents",
        f"/api/v1/incidents/{found['1001']['id']}/texts",
        "/api/v1/sites",
        "/api/v1/users",
    ):
        assert eva.ask("GET", path).status == 403


def test_installer_sees_whether_the_own_panels_are_heard_and_their_faults_and_no_alarm(centre, ana):
    places = {one["account"]: one for one in ana.get("/accounts")["items"]}
    finn = own(centre, ana, "Finn", "installer", places["2001"]["id"])
    [before] = finn.get("/own/accounts")["items"]
    centre.alarm("2001", "BA", zone=3)
    centre.alarm("2001", "AT", zone=0)
    centre.alarm("1001", "YT", zone=0)
    wait_for(lambda: finn.get("/own/accounts")["items"][0]["faults"], 20, "the fault")
    told = finn.ask("GET", "/api/v1/own/accounts")
    [gate] = told.json["items"]
    assert (gate["account"], gate["name"], gate["has_key"]) == ("2001", "Gate", False)
    assert gate["heard_at"] > (before["heard_at"] or 0)
    assert [one["type"] for one in gate["faults"]] == ["TECH-MAINS"]
    for hidden in ("INT-", "FIRE", "1001", "Harbour Mill"):
        assert hidden not in told.text, hidden
    assert finn.ask("GET", "/api/v1/accounts").status == 403
    assert finn.ask("GET", "/api/v1/own/incidents").status == 403


def test_what_is_taken_back_is_gone_from_the_next_answer_on(centre, ana):
    places = {one["account"]: one for one in ana.get("/accounts")["items"]}
    gus = own(centre, ana, "Gus", "installer", places["1002"]["id"])
    assert len(gus.get("/own/accounts")["items"]) == 1
    assert ana.ask("DELETE", f"/api/v1/grants/{gus.id}/{places['1002']['id']}").status == 204
    assert gus.get("/own/accounts") == {"items": []}
