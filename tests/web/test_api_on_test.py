"""Sites on test over HTTP, with a panel on a real socket: what starts nothing, what does, and what the board says."""

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
    return office.person("Ana", ("supervisor", "integrator"))


@pytest.fixture(scope="module")
def bo(office):
    return office.person("Bo", ("operator",))


def account(ana, number):
    return ana.get(f"/accounts?number={number}")["items"][0]


def begin(person, ana, number="1001", hours=2, **fields):
    body = {
        "account_id": account(ana, number)["id"], "asked_by": "installer", "company": "4711", "reason": "walk_test",
        "until": ana.get("/session")["now"] + int(hours * HOUR),
    }  # fmt: skip
    return person.ask("POST", "/api/v1/on-test", body | fields)


def end(person, test):
    return person.ask("POST", f"/api/v1/on-test/{test['id']}/end")


def board(person):
    return person.get("/on-test")["items"]


def test_panel_on_test_sends_a_burglary_and_nothing_happens_and_a_fire_and_it_does(office, ana, bo):
    reply = begin(bo, ana)
    assert reply.status == 201, reply.text
    test = reply.json
    assert (test["account"], test["site"], test["begun_by"], test["live"]) == (
        "1001", "Boiler hall", bo.id, ["fire", "medical", "robbery_holdup"]
    )  # fmt: skip
    office.report("1001", "BA", 2)
    office.report("1001", "FA", 1)
    rows = wait_for(lambda: [one for one in bo.open_incidents() if one["account"] == "1001"][1:] and [
        (one["type"], one["presentation"]) for one in bo.open_incidents() if one["account"] == "1001"
    ])  # fmt: skip
    assert sorted(rows) == [("FIRE-ALARM", "shown"), ("INT-BURGLARY", "on_test")]
    (item,) = board(bo)
    assert (item["signals"], item["missing"], item["marks"], item["until"]) == (2, [], [], test["until"])
    detail = bo.get(f"/on-test/{test['id']}")
    assert [(one["zone"], one["zone_name"], one["code"], one["outcome"]) for one in detail["arrived"]] == [
        ("1", "Kessel 1", "FA", "opened"), ("2", "Kessel 2", "BA", "opened")
    ]  # fmt: skip
    fire = next(one for one in bo.open_incidents() if one["type"] == "FIRE-ALARM" and one["account"] == "1001")
    assert fire["test"] == bo.get(f"/incidents/{fire['id']}")["on_test"]["id"] == test["id"]
    assert end(bo, test).json["end_reason"] == "by_hand"
    wait_for(lambda: [one["presentation"] for one in bo.open_incidents() if one["account"] == "1001"] == ["shown"] * 2)
    opened = next(one for one in bo.open_incidents() if one["type"] == "INT-BURGLARY")
    assert (opened["reason"], opened["claimed_by"]) == ("active_after_test", None)
    assert board(bo) == []
    assert [one["id"] for one in bo.get("/on-test")["ended"]] == [test["id"]]


def test_board_is_sorted_by_end_and_says_which_zones_nobody_tested(office, ana, bo):
    late = begin(ana, ana, "1001", 3).json
    soon = begin(ana, ana, "1003", 1, zones=["4", "9"]).json
    assert [(one["id"], one["missing"]) for one in board(bo)] == [(soon["id"], ["4", "9"]), (late["id"], ["1", "2"])]
    office.report("1003", "BA", 9)
    office.report("1003", "BA", 4)
    office.report("1003", "BR", 4)
    office.report("1003", "BT", 5)
    wait_for(lambda: board(bo)[0]["missing"] == [])
    assert board(bo)[0]["signals"] == 3, "zone 5 is not of this test"
    for test in (late, soon):
        end(ana, test)
    wait_for(lambda: board(bo) == [])
    assert begin(ana, ana, "1003").json["marks"] == ["again"]
    end(ana, board(bo)[0])


def test_walk_test_report_says_which_zones_are_missing(office, ana, bo):
    test = begin(bo, ana, "1001", 1).json
    office.report("1001", "BA", 2)
    wait_for(lambda: board(bo)[0]["missing"] == ["1"])
    connection = http.client.HTTPConnection(*bo.address, timeout=20)
    connection.request("GET", f"/api/v1/on-test/{test['id']}/report", headers=bo.headers)
    reply = connection.getresponse()
    assert (reply.status, reply.getheader("content-type")) == (200, "application/pdf")
    assert reply.getheader("content-disposition") == f'attachment; filename="walk-{test["id"]}.pdf"'
    (page,) = pages(reply.read())
    connection.close()
    assert page[:2] == ["Walk-test report", "Zone 1 missing."]
    assert any(line.split()[:3] == ["2", "Kessel", "2"] for line in page)
    end(bo, test)
    again = bo.ask("GET", "/api/v1/on-test/test-999999/report")
    assert (again.status, again.json["code"]) == (404, "on_test.unknown")


def test_more_than_a_day_is_a_supervisors_and_an_extension_is_an_act_of_its_own(ana, bo):
    refused = begin(bo, ana, "1002", 25)
    assert (refused.status, refused.json["code"]) == (403, "on_test.longer")
    assert (bo.get("/on-test")["length_s_max"], ana.get("/on-test")["length_s_max"]) == (86_400, 604_800)
    test = begin(bo, ana, "1002", 1).json
    later = {"until": test["until"] + 5 * HOUR}
    extended = bo.ask("POST", f"/api/v1/on-test/{test['id']}/extend", later)
    assert (extended.json["until"], extended.json["extended"]) == (later["until"], 1)
    again = bo.ask("POST", f"/api/v1/on-test/{test['id']}/extend", later)
    assert (again.status, again.json["code"]) == (409, "on_test.not_later")
    same = begin(bo, ana, "1002", 1)
    assert (same.status, same.json["code"]) == (409, "on_test.same")
    end(bo, test)
    none = bo.ask("POST", "/api/v1/on-test/test-999999/end")
    assert (none.status, none.json["code"]) == (404, "on_test.unknown")


@pytest.mark.parametrize(
    "fields",
    [
        {"company": "Muller and Sons, Mr. Muller"},
        {"zones": ["not a zone"]},
        {"zones": [str(n) for n in range(201)]},
        {"reason": "because"},
        {"live": ["crowd"]},
        {"note": "words"},
    ],
)
def test_what_does_not_fit_is_refused_whole(ana, fields):
    assert begin(ana, ana, "1002", 1, **fields).status == 400
    assert board(ana) == []


def take_out(person, ana, number="1001", hours=2, **fields):
    body = {"reason": "detector_fault", "until": ana.get("/session")["now"] + int(hours * HOUR), "zones": ["02"]}
    return person.ask("POST", f"/api/v1/accounts/{account(ana, number)['id']}/out-of-service", body | fields)


def out_of(person):
    return person.get("/out-of-service")["items"]


def test_zone_out_of_service_sends_a_burglary_and_nothing_happens_and_a_fire_and_it_does(office, ana, bo):
    reply = take_out(bo, ana)
    assert reply.status == 201, reply.text
    out = reply.json
    assert (out["account"], out["site"], out["taken_by"], out["zones"], out["live"], out["marks"]) == (
        "1001", "Boiler hall", bo.id, [{"number": "2", "name": "Kessel 2"}], ["fire", "medical", "robbery_holdup"], [],
    )  # fmt: skip
    known = {one["id"] for one in bo.open_incidents()}
    new = lambda: [one for one in bo.open_incidents() if one["id"] not in known]  # noqa: E731
    office.report("1001", "BA", 2)
    office.report("1001", "TA", 1)
    wait_for(lambda: len(new()) == 2)
    assert sorted((one["type"], one["presentation"]) for one in new()) == [
        ("INT-BURGLARY", "out_of_service"), ("TECH-TAMPER", "shown"),
    ]  # fmt: skip
    burglary = next(one for one in new() if one["type"] == "INT-BURGLARY")
    assert bo.get(f"/incidents/{burglary['id']}")["out_of_service"] == {
        "id": out["id"], "ended_at": None, "reason": "detector_fault", "until": out["until"],
    }  # fmt: skip
    own = bo.get(f"/accounts/{out['account_id']}/out-of-service")["items"]
    assert [one["incidents"] for one in own] == [[{"id": burglary["id"], "number": burglary["number"]}]]
    assert (out_of(bo), bo.get("/supervision")["out_of_service"]) == (own, 1)
    assert bo.get(f"/accounts/{account(ana, '1002')['id']}/out-of-service")["items"] == []
    seen = bo.get(f"/accounts/{out['account_id']}/signals")["items"]
    assert [one["incident"] for one in seen if one["code"] == "BA"][:1] == [burglary["id"]], "it is shown as ever"
    assert bo.ask("POST", f"/api/v1/out-of-service/{out['id']}/end").json["end_reason"] == "by_hand"
    wait_for(lambda: [one["presentation"] for one in new()] == ["shown"] * 2)
    opened = next(one for one in new() if one["type"] == "INT-BURGLARY")
    assert (opened["reason"], opened["claimed_by"]) == ("active_back_in_service", None)
    assert out_of(bo) == []
    assert [one["id"] for one in bo.get("/out-of-service")["ended"]] == [out["id"]]
    again = take_out(ana, ana).json
    assert again["marks"] == ["again"]
    bo.ask("POST", f"/api/v1/out-of-service/{again['id']}/end")


def test_more_than_a_day_out_of_service_is_a_supervisors_and_is_put_off_by_an_act_of_its_own(ana, bo):
    refused = take_out(bo, ana, "1002", 25)
    assert (refused.status, refused.json["code"]) == (403, "out_of_service.longer")
    out = take_out(ana, ana, "1002", 24 * 30).json
    answers = [person.get("/out-of-service")["length_s_max"] for person in (bo, ana)]
    assert answers == [86_400, 92 * 86_400]
    extend = f"/api/v1/out-of-service/{out['id']}/extend"
    assert ana.ask("POST", extend, {"until": out["until"] + HOUR}).json["extended"] == 1
    again = ana.ask("POST", extend, {"until": out["until"] + HOUR})
    assert (again.status, again.json["code"]) == (409, "out_of_service.not_later")
    same = take_out(bo, ana, "1002")
    assert (same.status, same.json["code"]) == (409, "out_of_service.same")
    ana.ask("POST", f"/api/v1/out-of-service/{out['id']}/end")
    none = bo.ask("POST", "/api/v1/out-of-service/out-999999/end")
    assert (none.status, none.json["code"]) == (404, "out_of_service.unknown")


@pytest.mark.parametrize(
    "fields",
    [{"zones": []}, {"zones": ["not a zone"]}, {"reason": "because"}, {"not_live": ["crowd"]}, {"note": "words"}],
)
def test_what_cannot_be_out_of_service_is_refused_whole(ana, fields):
    assert take_out(ana, ana, "1002", 1, **fields).status == 400
    assert out_of(ana) == []


def test_account_that_is_removed_puts_its_zones_back(ana):
    made = ana.ask("POST", "/api/v1/accounts", {"account": "1999"}).json
    out = take_out(ana, ana, "1999").json
    assert ana.ask("DELETE", f"/api/v1/accounts/{made['id']}?version={made['version']}").status == 204
    assert out_of(ana) == []
    ended = next(one for one in ana.get("/out-of-service")["ended"] if one["id"] == out["id"])
    assert (ended["end_reason"], ended["account"]) == ("account_removed", None)
