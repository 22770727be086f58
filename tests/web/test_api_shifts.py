"""Shifts over HTTP: who is on, handing over, and a desk whose console is gone, with real streams on real sockets."""

import http.client
import json

import pytest

from support.centres import SETTINGS, wait_for
from support.desks import desks

HOUR = 3_600_000_000
SOON = SETTINGS + "\n[shifts]\nunattended_s = 10\n"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre", toml=SOON) as made:
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("operator",))


@pytest.fixture(scope="module")
def bo(office):
    return office.person("Bo", ("operator",))


@pytest.fixture(scope="module")
def boss(office):
    return office.person("Boss", ("supervisor",))


@pytest.fixture(scope="module")
def desk(boss):
    reply = boss.ask("POST", "/api/v1/desks", {"label": "north", "hazards": ["fire"]})
    assert reply.status == 201, reply.text
    return reply.json


def test_change_of_a_desk_names_the_version_that_was_seen(boss, desk):
    path = f"/api/v1/desks/{desk['id']}"
    assert boss.ask("PUT", path, {"label": "north"}).json["code"] == "desk.version"
    seen = next(one for one in boss.get("/shifts")["desks"] if one["id"] == desk["id"])["version"]
    changed = boss.ask("PUT", path, {"label": "north", "hazards": ["fire", "rescue"], "version": seen})
    assert changed.status == 200, changed.text
    late = boss.ask("PUT", path, {"label": "north", "hazards": [], "version": seen})
    assert (late.status, late.json["code"], late.json["changed_by"]) == (409, "config.overtaken", boss.id)
    back = {"label": "north", "hazards": ["fire"], "version": changed.json["version"]}
    assert boss.ask("PUT", path, back).status == 200


def until(person, hours=8):
    return person.get("/session")["now"] + hours * HOUR


def begin(person, desk):
    return person.ask("POST", "/api/v1/shifts", {"desk": desk["id"], "until": until(person)})


def end_all(boss):
    for one in boss.get("/shifts")["desks"]:
        for shift in one["on"]:
            if boss.ask("POST", f"/api/v1/shifts/{shift['id']}/end").status != 200:
                boss.ask("POST", f"/api/v1/shifts/{shift['id']}/take-over", {"until": until(boss)})
                boss.ask("POST", f"/api/v1/shifts/{shift['id']}/end")


def test_board_says_who_is_on_for_what_and_which_classes_nobody_takes(office, ana, boss, desk):
    reply = begin(ana, desk)
    assert reply.status == 201, reply.text
    board = ana.get("/shifts")
    (item,) = board["desks"]
    assert (item["label"], item["hazards"], [one["user"] for one in item["on"]]) == ("north", ["fire"], [ana.id])
    assert board["mine"] == reply.json["id"]
    assert "medical" in board["uncovered"]
    assert "fire" not in board["uncovered"]
    assert boss.get("/shifts")["mine"] is None
    assert begin(ana, desk).json["code"] == "shift.already"
    end_all(boss)
    assert ana.get("/shifts")["desks"][0]["on"] == []


def test_who_is_called_from_home_stands_on_the_board_with_not_now(office, bo, boss, desk):
    later = until(bo, 3)
    assert bo.ask("PUT", "/api/v1/me/reach", {"kind": "from_home", "not_now_until": later}).status == 200
    assert boss.get("/shifts")["from_home"] == [{"user": bo.id, "not_now_until": later}]
    bo.ask("PUT", "/api/v1/me/reach", {"kind": "on_shift"})


def test_shift_is_handed_over_with_its_open_incidents_and_a_program_sees_who_is_on(office, ana, bo, boss, desk):
    shift = begin(ana, desk).json
    row = office.alarm(ana)
    version = ana.get(f"/incidents/{row['id']}")["incident"]["version"]
    assert ana.act(row["id"], "claim", version=version).status == 200
    assert ana.ask("POST", f"/api/v1/shifts/{shift['id']}/end").json["code"] == "shift.holds"
    taken = {"zones": ["7"], "reason": "detector_fault", "not_live": [], "until": until(ana)}
    account = next(one["id"] for one in ana.get("/accounts")["items"] if one["account"] == "1002")
    out = ana.ask("POST", f"/api/v1/accounts/{account}/out-of-service", taken).json
    assert ana.ask("POST", f"/api/v1/shifts/{shift['id']}/offer", {"to": bo.id}).status == 200
    board = bo.get("/shifts")
    assert (board["offered"], board["desks"][0]["on"][0]["user"]) == ([shift["id"]], ana.id)
    detail = bo.get(f"/shifts/{shift['id']}")
    assert (detail["now"]["claimed"], detail["offered"]["claimed"]) == ([row["id"]], [row["id"]])
    # What is left out is told with its reason, since when, until when and by whom.
    assert (detail["now"]["zones_out"], detail["offered"]["zones_out_count"]) == ([out["id"]], 1)
    told = [(one["account"], one["reason"], one["taken_by"], one["until"]) for one in detail["zones_out"]]
    assert told == [("1002", "detector_fault", ana.id, taken["until"])]
    assert ana.ask("POST", f"/api/v1/out-of-service/{out['id']}/end").status == 200
    reply = bo.ask("POST", f"/api/v1/shifts/{shift['id']}/accept", {"until": until(bo)})
    assert reply.status == 200, reply.text
    assert (reply.json["to"], reply.json["end_reason"], reply.json["listed"]["claimed"]) == (
        bo.id, "handed_over", [row["id"]]
    )  # fmt: skip
    assert ana.get(f"/incidents/{row['id']}")["incident"]["claimed_by"] == bo.id
    connection = http.client.HTTPConnection(*office.address)
    connection.request("GET", "/api/v1/shifts", headers=office.program("read"))
    seen = json.loads(connection.getresponse().read())
    connection.close()
    assert [one["user"] for one in seen["desks"][0]["on"]] == [bo.id]
    assert ana.ask("POST", f"/api/v1/shifts/{shift['id']}/take-over", {"until": until(ana)}).status == 403
    bo.close_all()
    end_all(boss)


def unattended(person):
    return person.get("/shifts")["desks"][0]["unattended_since"]


def test_desk_whose_console_is_gone_or_locked_is_an_incident_on_the_others(office, ana, bo, boss, desk):
    office.centre.service._access.set_pin(ana.id, "830261")
    begin(ana, desk)
    assert wait_for(lambda: unattended(boss), 25) is not None
    (row,) = wait_for(lambda: [one for one in bo.open_incidents() if one["reason"] == "notice_desk_unattended"])
    assert (row["type"], row["condition"]) == ("TECH-CENTRE", "active")
    with ana.listen():
        wait_for(lambda: bo.get(f"/incidents/{row['id']}")["incident"]["condition"] == "returned", 15)
        assert unattended(boss) is None
        # A console that is locked goes on listening, and nobody can act there.
        assert ana.ask("POST", "/api/v1/session/lock", {"reason": "idle"}).status == 200
        wait_for(lambda: unattended(boss), 25)
        assert ana.ask("POST", "/api/v1/session/unlock", {"secret": "830261"}).status == 200
        wait_for(lambda: unattended(boss) is None, 15)
    bo.close_all()
    end_all(boss)


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "/desks", {"label": "two words"}, None),
        ("POST", "/desks", {"label": "x" * 21}, None),
        ("POST", "/shifts", {"desk": "desk-0x", "until": 1}, None),
        ("POST", "/shifts", {"desk": "desk-999", "until": 1}, "shift.until"),
        ("POST", "/shifts/shift-999/end", None, "shift.unknown"),
        ("DELETE", "/desks/desk-999", None, "desk.unknown"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(boss, method, path, body, code):
    reply = boss.ask(method, f"/api/v1{path}", body)
    assert reply.status in (400, 404, 409, 422), reply.text
    assert code is None or reply.json["code"] == code
