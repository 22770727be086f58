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
    fields = {"disposition": "unwanted", "waive": "not_needed", "note": "Word of Eva's"}
    answer = ana.act(incident["id"], "close", version=claimed["version"], **fields)
    assert answer.status == 200, answer.text


def test_contact_sees_what_happens_at_the_own_site_and_never_a_silent_call(centre, ana):
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
    wait_for(lambda: eva.get("/own/incidents")["items"][0]["state"] == "closed", 10, "the closed one")
    told = eva.ask("GET", "/api/v1/own/incidents")
    assert [one["number"] for one in told.json["items"]] == [found["1001"]["number"]]
    for hidden in ("Word of", ana.id, "Ana", "incident-", "1001", "account"):
        assert hidden not in told.text, hidden
    for path in (
        "/api/v1/incidents",
        f"/api/v1/incidents/{found['1001']['id']}/texts",
        "/api/v1/sites",
        "/api/v1/users",
    ):
        assert eva.ask("GET", path).status == 403


def test_duress_phrase_changes_nothing_that_the_contact_of_the_site_sees(centre, ana):
    place = next(one for one in ana.get("/accounts")["items"] if one["account"] == "2001")
    site, kay = place["site_id"], own(centre, ana, "Kay", "site_contact", place["site_id"])
    keeper = centre.person("Ida", ["integrator"])
    body = {"name": "Erika", "telephones": ["+1 202 555 0101"], "pass_phrase": "Sunrise", "duress_phrase": "Sunset"}
    made = keeper.ask("POST", f"/api/v1/sites/{site}/keyholders", body)
    assert made.status == 201, made.text
    for incident in ana.get("/incidents")["items"]:
        close(ana, incident)
    centre.alarm("2001", "AT")
    [mains] = wait_for_open(ana, 1)
    ana.get(f"/incidents/{mains['id']}/keyholders")  # which is a fact of its time line
    before = kay.get("/own/incidents")
    said = {"of": made.json["id"], "phrase": "Sunset"}
    path = f"/api/v1/incidents/{mains['id']}/phrase"
    asked = ana.ask("POST", path, said, **{"idempotency-key": "duress"})
    assert (asked.status, asked.json["outcome"], asked.json["incident"]["silent"]) == (200, "duress", True)
    assert kay.get("/own/incidents") == before
    close(ana, asked.json["incident"])
    [after] = [one for one in kay.get("/own/incidents")["items"] if one["number"] == mains["number"]]
    assert (after["state"], after["priority"], after["type"]) == ("closed", mains["priority"], mains["type"])


def test_silent_alarm_moves_no_time_that_an_installer_sees(centre, ana):
    place = next(one for one in ana.get("/accounts")["items"] if one["account"] == "1002")
    ivo = own(centre, ana, "Ivo", "installer", place["id"])
    centre.alarm("1002", "RP", zone=0)
    wait_for(lambda: ivo.get("/own/accounts")["items"][0]["heard_at"], 20, "the test")
    before = ivo.get("/own/accounts")
    count = len(ana.get("/incidents")["items"])
    centre.alarm("1002", "HA", zone=7)
    wait_for_open(ana, count + 1)
    assert ivo.get("/own/accounts") == before


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
    for hidden in ("INT-", "FIRE", '"1001"', "Harbour Mill"):
        assert hidden not in told.text, hidden
    assert finn.ask("GET", "/api/v1/accounts").status == 403
    assert finn.ask("GET", "/api/v1/own/incidents").status == 403


def test_what_is_taken_back_is_gone_from_the_next_answer_on(centre, ana):
    places = {one["account"]: one for one in ana.get("/accounts")["items"]}
    gus = own(centre, ana, "Gus", "installer", places["1002"]["id"])
    assert len(gus.get("/own/accounts")["items"]) == 1
    assert ana.ask("DELETE", f"/api/v1/grants/{gus.id}/{places['1002']['id']}").status == 204
    assert gus.get("/own/accounts") == {"items": []}
