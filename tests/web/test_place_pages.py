"""The place of an incident in one look, and what the journal says of a place: over real HTTP, with real signals."""

import uuid

import pytest

from support.centres import wait_for
from support.desks import desks

HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        yield made


@pytest.fixture(scope="module")
def sue(office):
    return office.person("Sue", ("supervisor", "integrator", "auditor"))


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("operator",))


@pytest.fixture(scope="module")
def accounts(sue):
    return {one["account"]: one for one in sue.get("/accounts")["items"]}


def begin_test(sue, account, zones=("2",)):
    body = {"account_id": account["id"], "asked_by": "staff", "reason": "walk_test", "zones": list(zones)}
    body["until"] = sue.get("/session")["now"] + HOUR
    return sue.ask("POST", "/api/v1/on-test", body).json


def lines(person, place, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    kind = "sites" if place.startswith("site-") else "accounts"
    return person.get(f"/{kind}/{place}/history?{asked}")


def test_place_is_seen_in_one_look_without_a_name_of_anybody(office, ana, sue, accounts):
    place = accounts["1001"]["site_id"]
    body = {"name": "Planted Erika", "telephones": ["+1 202 555 0101"]}
    assert sue.ask("POST", f"/api/v1/sites/{place}/keyholders", body).status == 201
    first = office.alarm(sue, "1003", "WA")
    test = begin_test(sue, accounts["1001"])
    seen = sue.get(f"/sites/{place}")
    kept = {name: seen[name] for name in ("name", "address", "directions", "version")}
    more = {
        "hazards": ["toxic"],
        "hazard_details": "ammonia, hall 4",
        "authority_ref": "FB 12",
        "response": "guard_first",
    }
    assert sue.ask("PUT", f"/api/v1/sites/{place}", kept | more).status == 200
    taken = {
        "reason": "detector_fault",
        "zones": ["4"],
        "until": sue.get("/session")["now"] + HOUR,
        "not_live": ["fire"],
    }
    out = sue.ask("POST", f"/api/v1/accounts/{accounts['1001']['id']}/out-of-service", taken)
    assert out.status == 201, out.text
    office.report("1001", "CL", 0)
    now = sue.get("/session")["now"]
    row = {"version": 0, "zone": "UTC", "partition": None, "week": [], "days": [], "test_h": None}
    row |= {"open_late_min": None, "close_late_min": None, "early_min": 0}
    row["week"] = [{"weekday": day, "opens_min": 0, "closes_min": 1440} for day in range(7)]
    set_ = sue.ask("PUT", f"/api/v1/accounts/{accounts['1003']['id']}/schedules", row)
    assert set_.status == 200, set_.text
    schedule = set_.json
    closes_at = now + HOUR
    later = {"version": schedule["version"], "closes_at": closes_at}
    assert sue.ask("POST", f"/api/v1/schedules/{schedule['id']}/tonight", later).status == 200
    incident = office.alarm(ana)
    shown = ana.ask("GET", f"/api/v1/incidents/{incident['id']}/place")
    answer = shown.json
    assert (answer["name"], answer["address"], answer["directions"]) == ("Boiler hall", "1 Quay Street", "Gate 2")
    assert (answer["accounts"], answer["accounts_total"]) == (["1001", "1003"], 2)
    assert (answer["keyholders"], answer["keyholders_due"], answer["no_call_first"]) == (1, 0, False)
    assert [(one["account"], one["zones"], one["live"]) for one in answer["tests"]] == [
        ("1001", ["2"], ["fire", "medical", "robbery_holdup"])
    ]
    assert {name: answer[name] for name in more} == more
    (armed,) = answer["armed"]
    assert (armed["account"], armed["is_armed"], armed["partitions"]) == ("1001", True, ["1"])
    assert abs(armed["since"] - now) < HOUR
    (hours,) = answer["hours"]
    assert (hours["account"], hours["partition"], hours["is_open_time"], hours["source"]) == (
        "1003", None, True, "tonight",
    )  # fmt: skip
    assert any(abs(span["closes_at"] - closes_at) < 60_000_000 for span in hours["spans"])
    assert [(one["account"], one["zones"], one["reason"], one["live"]) for one in answer["out_of_service"]] == [
        ("1001", ["4"], "detector_fault", ["medical", "robbery_holdup"])
    ]
    assert [one["number"] for one in answer["others"]] == [first["number"]]
    assert (answer["missing"], answer["plans"], answer["warnings"], answer["has_wishes"]) == ([], [], [], False)
    assert "lanted" not in shown.text
    assert "555" not in shown.text
    sue.ask("POST", f"/api/v1/on-test/{test['id']}/end")
    (told, *_) = [one for one in lines(sue, place, what="tests")["items"] if one["kind"] == "zones.taken_out"]
    assert (told["code"], told["account"], told["actor"]) == ("4", "1001", sue.id)
    assert told["zones_out"] == {
        "end_reason": None, "ended_at": None, "reason": "detector_fault", "until": taken["until"], "zones": ["4"],
    }  # fmt: skip
    (edited, *_) = [one for one in lines(sue, place, what="edits")["items"] if one["kind"] == "site.set"]
    assert edited["changed"] == ["hazards", "response", "texts"]
    sue.close_all()
    refused = office.person("Ida", ("integrator",)).ask("GET", f"/api/v1/incidents/{incident['id']}/place")
    assert refused.status == 403


def test_history_tells_incidents_tests_openings_and_who_changed_what(office, sue, ana, accounts):
    account = accounts["1002"]
    site = account["site_id"]
    office.report("1002", "OP", 1)
    incident = office.alarm(sue, "1002", "BA")
    office.report("1002", "CL", 1)
    test = begin_test(sue, account)
    sue.ask("POST", f"/api/v1/on-test/{test['id']}/end")
    kept = ("account", "name", "site_id", "category")
    seen = sue.get(f"/accounts/{account['id']}")
    body = {name: seen[name] for name in kept} | {"category": "SP4", "version": seen["version"]}
    assert sue.ask("PUT", f"/api/v1/accounts/{account['id']}", body).status == 200
    sue.close(incident["id"], "unwanted", waive="not_needed")

    def told(answer):
        return [(one["kind"], one["what"]) for one in answer["items"]]

    wait_for(lambda: "close" in [kind for kind, _ in told(lines(sue, account["id"]))])
    answer = lines(sue, account["id"])
    assert told(answer) == [
        ("account.set", "edits"), ("test.begun", "tests"), ("close", "openings"), ("incident.opened", "incidents"),
        ("open", "openings"), ("account.set", "edits"),
    ]  # fmt: skip
    edit, tested, closing, opened, _, made = answer["items"]
    assert (edit["actor"], edit["changed"], edit["is_new"]) == (sue.id, ["category", "texts"], False)
    assert (made["actor"], made["changed"], made["is_new"]) == ("cli", [], True)
    assert (tested["test"]["reason"], tested["test"]["ended_at"] is not None) == ("walk_test", True)
    assert (closing["code"], closing["actor"]) == ("CL", None)
    assert (opened["incident"]["number"], opened["incident"]["disposition"]) == (incident["number"], "unwanted")
    of_site = lines(sue, site)["items"]
    assert [one["seq"] for one in answer["items"]] == [one["seq"] for one in of_site if one["account_id"] is not None]
    assert of_site[-1]["kind"] in ("site.set", "account.set")
    for what in ("incidents", "tests", "openings", "edits"):
        only = [one["seq"] for one in lines(sue, account["id"], what=what)["items"]]
        assert only == [one["seq"] for one in answer["items"] if one["what"] == what]
    # An operator sees closed incidents of others nowhere, and so not here.
    of_ana = lines(ana, account["id"])
    assert (of_ana["has_incidents"], "incidents" in [one["what"] for one in of_ana["items"]]) == (False, False)


def test_history_comes_a_page_by_key_at_a_time_and_nothing_is_missing_or_twice(office, sue, accounts):
    account = accounts["1003"]
    for n in range(3):
        office.report("1003", "OP", n + 1)
        zones = sue.get(f"/accounts/{account['id']}/zones")
        item = {"number": "7", "name": uuid.uuid4().hex, "type": None, "priority": None}
        body = {"items": [item], "version": zones["version"]}
        assert sue.ask("PUT", f"/api/v1/accounts/{account['id']}/zones", body).status == 200
    wait_for(lambda: len(lines(sue, account["id"], what="openings")["items"]) == 3)
    for place in (account["id"], account["site_id"]):
        whole = [one["seq"] for one in lines(sue, place, limit=100)["items"]]
        found, before = [], {}
        while True:
            page = lines(sue, place, limit=2, **before)
            found += [one["seq"] for one in page["items"]]
            if page["next"] is None:
                break
            before = {"before": page["next"]}
        assert found == whole
        assert sorted(found, reverse=True) == found


def test_reading_a_history_is_noted_as_a_reading_of_the_journal(office, accounts):
    bob = office.person("Bob", ("operator",))
    reader = office.person("Aud", ("auditor",))
    for _ in range(2):
        lines(bob, accounts["1001"]["id"])
    page = reader.get("/journal?kind=journal.read&limit=50")
    assert [one["actor"] for one in page["items"]].count(bob.id) == 1
    refused = bob.ask("GET", "/api/v1/sites/site-99999/history")
    assert (refused.status, refused.json["code"]) == (404, "history.unknown")
    assert reader.ask("GET", f"/api/v1/accounts/{accounts['1001']['id']}/history").status == 403
