"""A source with a mapping: saved under its version, tried before that, and used for what it sends."""

import json

import msgspec
import pytest

from support.centres import make_folder
from support.cores import rebuild_findings
from support.escalations import Room
from support.fakes import ManualClock
from support.web import Site
from tocsin.centre.sources import rebuild_sources
from tocsin.system import SystemClock

PATH = "/api/v1/intake/signals"
ALERT = {
    "each": "/alerts",
    "lines": [{"at": "/labels/tocsin", "expected": "water", "word": "water"}],
    "device_at": "/labels/sensor",
    "state_at": "/status",
    "returned": ["resolved"],
    "text_at": "/annotations/summary",
}
HOT = {
    "lines": [{"at": "/t", "compare": "above", "limit": 60.5, "back": 55, "unit": "degC", "word": "high_temperature"}]
}
FIRING = {
    "receiver": "muster",
    "alerts": [
        {"status": "firing", "labels": {"tocsin": "water", "sensor": "cellar-1", "owner": "Anna Muster"},
         "annotations": {"summary": "Wet at Anna Muster's"}}
    ],
}  # fmt: skip


@pytest.fixture
def site(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(b"name,address,directions\nMill,1 Quay Street,\n", kind="sites")
    made.held.add(b"account,site,name\n4711,Mill,Sensors\n4712,,Boiler\n")
    made.held.add(b"account,zone,name,type\n4711,CELLAR1,Cellar,\n", kind="zones")
    yield made
    made.close()


def refused(answer):
    return answer.status_code, answer.json()["code"]


def account(site, number):
    return next(one.id for one in site.held.store.accounts() if one.row.account == number)


def source(site, mapping, number="4711"):
    """A source with a mapping, whoever set it up, and its program."""
    boss = site.signed_in("administrator")
    token = site.access.create_token(["intake"], 90, "user-1")
    body = {"account_id": account(site, number), "mapping": mapping, "tokens": [token.id]}
    made = boss.post("/api/v1/sources", json=body)
    assert made.status_code == 201, made.text
    program = site.client()
    program.headers["authorization"] = f"Bearer {token.secret}"
    return made.json(), boss, program


def test_a_foreign_body_is_stored_by_its_mapping_and_nothing_else_of_it_is_kept(site, tmp_path):
    Room(site.held)
    made, boss, program = source(site, ALERT)
    answer = program.post(PATH, content=json.dumps(FIRING), headers={"content-type": "text/plain"})
    assert answer.status_code == 202, answer.text
    site.held.journal.store(())
    (incident,) = site.held.store.incidents("open", None, 10)
    assert (incident.type, incident.zone, incident.condition) == ("FLOOD-LEAK", "CELLAR1", "active")
    over = msgspec.json.decode(json.dumps(FIRING).replace("firing", "resolved"))
    assert program.post(PATH, json=over).status_code == 202
    site.held.journal.store(())
    (incident,) = site.held.store.incidents("open", None, 10)
    assert incident.condition == "returned"
    assert refused(program.post(PATH, json={"alerts": [{"labels": {"tocsin": "face"}}]})) == (400, "intake.scope")
    assert refused(program.post(PATH, content=b"no json")) == (400, "intake.json")
    shown = boss.get(f"/api/v1/sources/{made['id']}").json()["source"]
    assert (shown["received"], shown["stored"], {one["rule"] for one in shown["refused"]}) == (4, 2, {"scope", "json"})
    assert shown["mapping"]["lines"][0]["word"] == "water"
    for file in (tmp_path / "centre").glob("tocsin.db*"):
        assert b"Muster" not in file.read_bytes(), file
    assert rebuild_sources(site.held.store.entries(0, 1000)) == site.held.store.sources()
    assert rebuild_findings(site.held.store) == []


def test_a_number_within_its_limits_says_nothing_and_its_source_is_heard(site):
    made, boss, program = source(site, HOT)
    answer = program.post(PATH, json={"t": 57})
    assert (answer.status_code, answer.json()) == (202, {"receipts": []})
    assert len(program.post(PATH, json={"t": 61}).json()["receipts"]) == 1
    shown = boss.get(f"/api/v1/sources/{made['id']}").json()["source"]
    assert (shown["received"], shown["stored"]) == (2, 1)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (ALERT | {"device_at": "/labels/person_name"}, "source.scope"),
        (ALERT | {"lines": [{"at": "/count", "expected": "1", "word": "smoke"}]}, "source.scope"),
        (ALERT | {"lines": [{"at": "/x", "expected": "a face", "word": "smoke"}]}, "source.scope"),
        (ALERT | {"lines": [{"at": "/x", "expected": "1", "word": "burglary"}]}, "source.word"),
        (ALERT | {"each": "alerts"}, "source.pointer"),
        (HOT | {"values": [{"at": "/n", "unit": "persons"}]}, "source.unit"),
        (ALERT | {"lines": []}, "request.invalid"),
        (ALERT | {"expression": "1 + 1"}, "request.invalid"),
    ],
)
def test_a_mapping_that_no_machine_may_have_is_refused_when_saved_and_when_tried(site, mapping, code):
    made, boss, _ = source(site, HOT)
    body = {"account_id": account(site, "4712"), "mapping": mapping}
    answer = boss.post("/api/v1/sources", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    change = {
        "account_id": made["account_id"],
        "mapping": mapping,
        "tokens": made["tokens"],
        "version": made["version"],
    }
    assert refused(boss.put(f"/api/v1/sources/{made['id']}", json=change)) == (400, code)
    tried = boss.post(f"/api/v1/sources/{made['id']}/message", json={"text": "{}", "mapping": mapping})
    assert (tried.json()["code"], tried.json().get("is_accepted", False)) == (code, False)
    if code == "source.scope":
        assert "docs/explanation/scope.md" in answer.json()["detail"]
    assert boss.get(f"/api/v1/sources/{made['id']}").json()["source"]["version"] == made["version"]


def test_a_mapping_is_tried_on_a_pasted_message_before_it_is_saved_and_nothing_is_stored(site):
    made, boss, _ = source(site, HOT)
    before = site.held.store.entries(0, 1000)
    path = f"/api/v1/sources/{made['id']}/message"
    tried = boss.post(path, json={"text": json.dumps(FIRING), "mapping": ALERT}).json()
    assert (tried["is_accepted"], [one["type"] for one in tried["messages"]]) == (True, ["FLOOD-LEAK"])
    assert (tried["messages"][0]["device"], tried["messages"][0]["is_known_device"]) == ("CELLAR1", True)
    own = boss.post(path, json={"text": '{"t": 70}'}).json()
    assert [one["values"] for one in own["messages"]] == [["70_degC"]]
    nothing = boss.post(path, json={"text": '{"t": 57}'}).json()
    assert (nothing["is_accepted"], nothing["messages"]) == (True, [])
    assert boss.get(f"/api/v1/sources/{made['id']}").json()["source"]["received"] == 0
    assert site.held.store.entries(0, 1000) == before


def test_who_saves_a_mapping_that_somebody_changed_is_told_and_nothing_is_overwritten(site):
    made, boss, _ = source(site, HOT)
    change = {"account_id": made["account_id"], "mapping": ALERT, "tokens": made["tokens"], "version": made["version"]}
    assert boss.put(f"/api/v1/sources/{made['id']}", json=change).status_code == 200
    assert boss.put(f"/api/v1/sources/{made['id']}", json=change | {"mapping": None}).status_code == 409
    versions = [one.row.kind for one in site.held.store.entries(0, 1000) if one.row.kind == "source.set"]
    assert len(versions) == 2


def test_topics_of_ones_own_are_exact_and_nobody_elses(site):
    boss = site.signed_in("administrator")

    def save(mqtt, mapping=ALERT, number="4712"):
        body = {"account_id": account(site, number), "mapping": mapping, "mqtt": mqtt}
        return boss.post("/api/v1/sources", json=body)

    generic = {"convention": "generic", "topics": ["tele/+/STATE"]}
    assert refused(save({"convention": "zigbee2mqtt", "base": "z"})) == (400, "source.mapping")
    for topics in (["#"], ["tele/#"], ["+/STATE"], ["$SYS/a"]):
        assert refused(save(generic | {"topics": topics})) == (400, "source.filters")
    assert refused(save(generic | {"topics": []})) == (400, "source.filters")
    assert refused(save(generic | {"topics": ["tele/people/STATE"]})) == (400, "source.scope")
    made = save(generic)
    assert made.status_code == 201, made.text
    assert made.json()["mqtt"]["topics"] == ["tele/+/STATE"]
    assert refused(save({"convention": "generic", "topics": ["tele/plug/STATE"]}, number="4711")) == (
        409,
        "source.topics",
    )
    assert refused(save({"convention": "zigbee2mqtt", "base": "tele"}, None, "4711")) == (409, "source.topics")
    tried = boss.post(
        f"/api/v1/sources/{made.json()['id']}/message",
        json={
            "topic": "tele/plug/STATE",
            "text": "ON",
            "mapping": {"lines": [{"at": "", "expected": "ON", "word": "smoke"}]},
        },
    )
    assert [one["cid"] for one in tried.json()["messages"]] == ["111"]


def test_a_test_goes_the_whole_way_and_opens_nothing_and_is_not_taken_for_the_sender(site, monkeypatch):
    Room(site.held)
    made, boss, _ = source(site, HOT)
    site.held.journal.store(())
    monkeypatch.setattr("tocsin.web.api.sources.ASKED_MAX", 1)  # nobody decides meanwhile: the core is held
    answer = boss.post(f"/api/v1/sources/{made['id']}/test")
    assert answer.status_code == 200, answer.text
    (body,) = [
        msgspec.json.decode(one.row.entry)["body"]
        for one in site.held.store.entries(0, 1000)
        if one.row.kind == "signal"
    ]
    assert (body["source"], body["code"], body["path"], answer.json()["id"]) == (
        "webhook", "605", made["id"], body["frame"]
    )  # fmt: skip
    site.held.journal.store(())
    assert site.held.store.incidents("open", None, 10) == []
    (row,) = site.held.store.signal_rows(0, 10)
    assert row.outcome == "filed"
    shown = boss.get(f"/api/v1/sources/{made['id']}").json()["source"]
    assert (shown["received"], shown["stored"], shown["last_at"]) == (0, 0, None)
    assert refused(site.signed_in("operator").post(f"/api/v1/sources/{made['id']}/test"))[0] == 403
