"""Signals of machines over HTTP: by a token of a source, whole or not at all, once, and answered when durable."""

import base64
import json

import msgspec
import pytest

from support.centres import make_folder
from support.cores import rebuild_findings
from support.escalations import Room
from support.fakes import ManualClock
from support.web import Site
from tocsin.centre.sources import rebuild_sources
from tocsin.model.errors import JournalFull
from tocsin.model.journal import Fact
from tocsin.model.supervision import PathMissing, PathReturned, SupervisionMissing, SupervisionReturned
from tocsin.notify.webhook import signed
from tocsin.system import SystemClock

PATH = "/api/v1/intake/signals"
SMOKE = {"code": "smoke", "device": "kitchen-1", "text": "Kitchen of Anna Muster"}


@pytest.fixture
def site(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(b"name,address,directions\nMill,1 Quay Street,\n", kind="sites")
    made.held.add(b"account,site,name\n4711,Mill,Sensors\n4712,,Boiler\n")
    made.held.add(b"account,zone,name,type\n4711,KITCHEN1,Kitchen,\n4711,SAFE1,,INT-BURGLARY\n", kind="zones")
    yield made
    made.close()


@pytest.fixture
def room(site):
    """With a core."""
    return Room(site.held)


def account(site, number="4711"):
    return next(one.id for one in site.held.store.accounts() if one.row.account == number)


def source(site, number="4711"):
    """A source of the account, and its program."""
    boss = site.signed_in("administrator")
    made = boss.post("/api/v1/sources", json={"account_id": account(site, number)}).json()
    token = site.access.create_token(["intake"], 90, "user-1")
    change = {"account_id": made["account_id"], "tokens": [token.id], "version": made["version"]}
    changed = boss.put(f"/api/v1/sources/{made['id']}", json=change)
    assert changed.status_code == 200, changed.text
    program = site.client()
    program.headers["authorization"] = f"Bearer {token.secret}"
    return changed.json(), program


def signals(site):
    """Bodies of the signals in the journal."""
    return [msgspec.json.decode(one.row.entry)["body"] for one in site.held.store.entries(0, 1000)
            if one.row.kind == "signal"]  # fmt: skip


def refused(answer):
    return answer.status_code, answer.json()["code"]


def counts(site, made):
    shown = site.signed_in("operator").get(f"/api/v1/sources/{made['id']}").json()["source"]
    return (
        shown["received"],
        shown["stored"],
        shown["repeated"],
        {one["rule"]: one["count"] for one in shown["refused"]},
    )


def test_signal_of_a_machine_is_stored_and_becomes_an_incident_at_its_site(site, room):
    made, program = source(site)
    answer = program.post(PATH, json=SMOKE | {"values": [{"value": 212, "unit": "degF"}]})
    assert answer.status_code == 202
    (receipt,) = answer.json()["receipts"]
    (body,) = signals(site)
    assert receipt == {"id": body["frame"], "seq": receipt["seq"], "duplicate_of": None}
    assert (body["source"], body["path"], body["account"], body["address"], body["format"], body["code"]) == (
        "webhook", made["id"], "4711", "KITCHEN1", "CID", "111"
    )  # fmt: skip
    assert (body["values"], body["transport"], body["known"]) == ([{"milli": 100_000, "unit": "degC"}], "http", True)
    site.held.journal.store(())
    (incident,) = site.held.store.incidents("open", None, 10)
    assert (incident.type, incident.zone, incident.condition) == ("FIRE-SMOKE", "KITCHEN1", "active")
    assert incident.site_id is not None
    program.post(PATH, json={"code": "smoke", "device": "KITCHEN_1", "state": "returned"})
    site.held.journal.store(())
    (incident,) = site.held.store.incidents("open", None, 10)
    assert incident.condition == "returned"
    assert counts(site, made) == (2, 2, 0, {})


def test_unknown_word_opens_an_incident_of_unknown_nature_and_its_letters_are_sealed(site, room):
    _, program = source(site)
    assert program.post(PATH, json={"code": "annamuster", "device": "x9"}).status_code == 202
    site.held.journal.store(())
    (incident,) = site.held.store.incidents("open", None, 10)
    assert (incident.type, incident.priority) == ("TECH-UNCLASSIFIED", 2)
    assert not any(b"annamuster" in one.row.entry for one in site.held.store.entries(0, 1000))


def test_batch_is_stored_whole_or_not_at_all_and_the_bad_one_is_named(site):
    made, program = source(site)
    batch = [{"code": "smoke", "id": "1"}, {"code": "gas", "id": "2"}, {"code": "people_count", "id": "3"}]
    answer = program.post(PATH, json=batch)
    assert refused(answer) == (400, "intake.scope")
    assert "message 3" in answer.json()["detail"]
    assert "explanation/scope.md" in answer.json()["detail"]
    assert signals(site) == []
    answer = program.post(PATH, json={"signals": batch[:2]})
    assert [one["duplicate_of"] for one in answer.json()["receipts"]] == [None, None]
    assert [(one["code"], one["event"], one["events"]) for one in signals(site)] == [("111", 1, 2), ("151", 2, 2)]
    assert counts(site, made) == (2, 2, 0, {"scope": 1})


def test_id_that_was_given_is_the_same_for_ever_after_a_restart_too_and_not_across_tokens(site):
    made, program = source(site)
    _, other = source(site, "4712")
    first = program.post(PATH, json=SMOKE | {"id": "a-1"}).json()["receipts"][0]
    site.clock.advance(80 * 86_400)
    site.held.journal = site.held.opened.journal(site.clock, 0)  # as after a restart: nothing in memory
    again = program.post(PATH, json=SMOKE | {"id": "a-1"})
    assert again.json()["receipts"] == [first | {"duplicate_of": first["id"]}]
    batch = program.post(PATH, json=[SMOKE | {"id": "a-2"}, SMOKE | {"id": "a-1"}, SMOKE | {"id": "a-2"}]).json()
    new, known, twice = batch["receipts"]
    assert (known["id"], known["duplicate_of"]) == (first["id"], first["id"])
    assert new["duplicate_of"] is None
    assert twice == new | {"duplicate_of": new["id"]}
    assert other.post(PATH, json=SMOKE | {"id": "a-1"}).json()["receipts"][0]["duplicate_of"] is None
    assert len(signals(site)) == 3
    told = site.parts.webhooks.tally.of(made["id"])
    assert (told.stored, told.repeated) == (2, 3)
    every = site.parts.webhooks.tally.since_start
    assert (every["stored"], every["repeated"], every["refused"]) == (3, 3, 0), "as /metrics tells it"
    site.held.journal.store((), lambda transaction: None)
    assert site.held.store.entries(first["seq"] - 1, 1)[0].duplicates == 2


def test_same_id_with_another_content_is_a_conflict_and_nothing_of_its_batch_is_stored(site):
    made, program = source(site)
    program.post(PATH, json=SMOKE | {"id": "a-1"})
    answer = program.post(PATH, json=[{"code": "gas", "id": "a-9"}, {"code": "gas", "id": "a-1"}])
    assert refused(answer) == (409, "intake.conflict")
    assert "message 2" in answer.json()["detail"]
    assert refused(program.post(PATH, json=[{"code": "gas", "id": "b"}, {"code": "water", "id": "b"}])) == (
        409, "intake.conflict"
    )  # fmt: skip
    assert len(signals(site)) == 1
    assert program.post(PATH, json={"code": "gas", "id": "a-9"}).json()["receipts"][0]["duplicate_of"] is None
    assert counts(site, made) == (4, 2, 0, {"conflict": 2})


def test_key_of_the_request_counts_for_each_of_its_messages(site):
    _, program = source(site)
    batch = [{"code": "gas"}, {"code": "gas"}]
    first = program.post(PATH, json=batch, headers={"idempotency-key": "k"}).json()["receipts"]
    again = program.post(PATH, json=batch, headers={"idempotency-key": "k"}).json()["receipts"]
    assert [one["duplicate_of"] for one in again] == [one["id"] for one in first]
    assert len(signals(site)) == 2
    assert refused(program.post(PATH, json=batch, headers={"idempotency-key": "k" * 201})) == (400, "intake.id")


def test_message_without_an_id_is_a_new_signal_each_time(site):
    _, program = source(site)
    sent = [program.post(PATH, json=SMOKE).json()["receipts"][0] for _ in range(2)]
    assert len({one["id"] for one in sent}) == 2
    assert len(signals(site)) == 2


def test_cloud_events_come_structured_as_a_batch_and_binary(site):
    _, program = source(site)
    event = {"specversion": "1.0", "id": "7", "source": "/boiler", "type": "com.example.gas", "data": {"device": "b1"}}
    structured = {"content-type": "application/cloudevents+json; charset=utf-8"}
    first = program.post(PATH, content=json.dumps(event), headers=structured).json()["receipts"][0]
    batch = {"content-type": "application/cloudevents-batch+json"}
    events = json.dumps([event, event | {"id": "8"}])
    again, new = program.post(PATH, content=events, headers=batch).json()["receipts"]
    assert (again["duplicate_of"], new["duplicate_of"]) == (first["id"], None)
    binary = {"ce-specversion": "1.0", "ce-id": "8", "ce-source": "/boiler", "ce-type": "com.example.gas",
              "content-type": "application/json"}  # fmt: skip
    answer = program.post(PATH, json={"device": "b1"}, headers=binary)
    assert answer.json()["receipts"][0]["duplicate_of"] == new["id"]
    assert [(one["code"], one["address"]) for one in signals(site)] == [("151", "B1")] * 2
    wrong = program.post(PATH, content=json.dumps(event | {"specversion": "0.3"}), headers=structured)
    assert refused(wrong) == (400, "intake.event")


def test_what_is_refused_has_a_code_of_its_own_and_is_counted_and_nothing_is_stored(site):
    made, program = source(site)
    wrong = {"json": b"{", "form": b"5", "code": b"{}", "intrusion": b'{"code":"front_door"}', "empty": b"[]"}
    for code, body in wrong.items():
        answer = program.post(PATH, content=body, headers={"content-type": "application/json"})
        assert refused(answer) == (400, f"intake.{code}")
        assert answer.headers["content-type"] == "application/problem+json"
    assert signals(site) == []
    assert counts(site, made) == (5, 0, 0, dict.fromkeys(wrong, 1))
    assert site.parts.webhooks.tally.since_start == {"received": 5, "stored": 0, "repeated": 0, "refused": 5}


def test_body_that_is_too_large_or_of_another_type_is_refused(site):
    _, program = source(site)
    assert program.post(PATH, content=b" " * 65_537, headers={"content-type": "application/json"}).status_code == 413
    assert refused(program.post(PATH, content=b"a=1", headers={"content-type": "text/plain"})) == (400, "intake.type")


def test_token_sends_for_its_own_sources_alone_and_nobody_else_sends(site):
    made, program = source(site)
    other, _ = source(site, "4712")
    assert site.client().post(PATH, json=SMOKE).status_code == 401
    assert site.program("read").post(PATH, json=SMOKE).status_code == 403
    assert site.signed_in("administrator").post(PATH, json=SMOKE).status_code == 403
    assert refused(site.program("intake").post(PATH, json=SMOKE)) == (403, "intake.source")
    assert refused(program.post(f"{PATH}?source={other['id']}", json=SMOKE)) == (403, "intake.source")
    assert program.post(f"{PATH}?source={made['id']}", json=SMOKE).status_code == 202
    boss = site.signed_in("administrator")
    boss.delete(f"/api/v1/sources/{made['id']}?version={made['version']}")
    assert refused(program.post(PATH, json=SMOKE)) == (403, "intake.source")


def test_source_that_floods_is_stopped_and_others_are_unharmed(site):
    made, program = source(site)
    _, other = source(site, "4712")
    big = json.dumps(SMOKE) + " " * 60_000
    codes = [program.post(PATH, content=big, headers={"content-type": "application/json"}).status_code
             for _ in range(20)]  # fmt: skip
    assert codes == [202] * 16 + [429] * 4
    assert other.post(PATH, json=SMOKE).status_code == 202
    site.clock.advance(1)
    assert program.post(PATH, json=SMOKE).status_code == 202
    assert counts(site, made)[3] == {"rate": 4}


def test_nothing_is_promised_while_storage_refuses(site):
    _, program = source(site)
    real = site.held.journal.store

    def full(_batch, _also=None):
        raise JournalFull("full", "store.full")

    site.held.journal.store = full
    answer = program.post(PATH, json=SMOKE | {"id": "1"})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "store.full", "2")
    site.held.journal.store = real
    site.parts.webhooks.is_accepting = False
    assert refused(program.post(PATH, json=SMOKE | {"id": "1"})) == (503, "intake.full")
    site.parts.webhooks.is_accepting = True
    assert program.post(PATH, json=SMOKE | {"id": "1"}).json()["receipts"][0]["duplicate_of"] is None
    assert len(signals(site)) == 1


def test_what_a_message_holds_beside_the_list_is_nowhere_on_the_disk(site, tmp_path):
    _, program = source(site)
    planted = {"driver": "Planted Name", "persons": 314159, "nested": {"plate": "PL-ANTED-1"}}
    program.post(PATH, json=SMOKE | planted)
    program.post(PATH, json={"code": "person_count", **planted})
    program.post(PATH, json={"code": "smoke", "values": [{"value": 271828, "unit": "persons"}], **planted})
    program.post(PATH, content=b'{"code": "Planted Name", ', headers={"content-type": "application/json"})
    site.held.journal.store((), site.parts.webhooks.tally.write)
    assert len(signals(site)) == 1
    for file in (tmp_path / "centre").rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            for word in (b"Planted Name", b"314159", b"271828", b"PL-ANTED-1", b"Anna Muster", b"kitchen-1"):
                assert word not in held, file.name


def test_source_is_made_changed_and_removed_under_the_version_that_was_seen(site):
    boss, ana = site.signed_in("administrator"), site.signed_in("operator")
    body = {"account_id": account(site)}
    assert ana.post("/api/v1/sources", json=body).status_code == 403
    made = boss.post("/api/v1/sources", json=body).json()
    assert (made["account"], made["name"], made["site"], made["tokens"]) == ("4711", "Sensors", "Mill", [])
    assert refused(boss.post("/api/v1/sources", json=body)) == (409, "source.same")
    assert refused(boss.post("/api/v1/sources", json={"account_id": "account-999"})) == (400, "source.account")
    given = boss.post(f"/api/v1/sources/{made['id']}/tokens", json={"version": made["version"]}).json()
    assert refused(boss.put(f"/api/v1/sources/{made['id']}", json=body | {"version": made["version"]})) == (
        409, "config.overtaken"
    )  # fmt: skip
    listed = ana.get("/api/v1/sources").json()
    assert [(one["id"], one["tokens"], one["version"]) for one in listed["items"]] == [
        (made["id"], [given["id"]], given["version"])
    ]
    assert {one["word"]: one["type"] for one in listed["words"]}["smoke"] == "FIRE-SMOKE"
    program = site.client()
    program.headers["authorization"] = f"Bearer {given['secret']}"
    assert program.post(PATH, json=SMOKE).status_code == 202
    assert rebuild_sources(list(site.held.store.entries(0, 1000))) == site.held.store.sources()
    assert boss.delete(f"/api/v1/sources/{made['id']}?version={given['version']}").status_code == 204
    assert refused(ana.get(f"/api/v1/sources/{made['id']}")) == (404, "source.unknown")
    assert rebuild_sources(list(site.held.store.entries(0, 1000))) == site.held.store.sources() == []


def test_token_that_could_not_be_bound_lets_nobody_in(site):
    boss = site.signed_in("administrator")
    made = boss.post("/api/v1/sources", json={"account_id": account(site)}).json()
    answer = boss.post(f"/api/v1/sources/{made['id']}/tokens", json={"version": made["version"] - 1})
    assert refused(answer) == (409, "config.overtaken")
    assert [one.state for one in site.access.tokens()] == ["revoked"]


def test_devices_that_were_heard_are_listed_known_ones_and_others(site, room):
    made, program = source(site)
    program.post(PATH, json=[SMOKE, SMOKE, {"code": "battery", "device": "0x00158d0001a2b3c4"}, {"code": "test"}])
    site.held.journal.store(())
    devices = site.signed_in("operator").get(f"/api/v1/sources/{made['id']}").json()["devices"]
    assert [(one["device"], one["is_known"], one["count"]) for one in devices] == [
        (None, False, 1), ("00158D0001A2B3C4", False, 1), ("KITCHEN1", True, 2)
    ]  # fmt: skip


def test_pasted_message_is_explained_and_changes_nothing(site):
    made, _ = source(site)
    ana = site.signed_in("operator")
    path = f"/api/v1/sources/{made['id']}/message"
    told = ana.post(path, json={"text": json.dumps([SMOKE, {"code": "gas", "state": "returned"}])}).json()
    assert told["is_accepted"]
    assert [(one["type"], one["state"], one["device"], one["is_known_device"]) for one in told["messages"]] == [
        ("FIRE-SMOKE", "active", "KITCHEN1", True), ("HAZ-GAS", "returned", None, False)
    ]  # fmt: skip
    told = ana.post(path, json={"text": '[{"code":"gas"},{"code":"motion"}]'}).json()
    assert (told["is_accepted"], told["code"], told["index"], told["messages"]) == (False, "intake.intrusion", 1, [])
    assert (signals(site), counts(site, made)) == ([], (0, 0, 0, {}))


def test_counts_outlive_a_restart(site):
    made, program = source(site)
    program.post(PATH, json=SMOKE)
    program.post(PATH, json={"code": "motion"})
    site.held.journal.store((), site.parts.webhooks.tally.take(site.clock.now_us()).write)
    again = site._webhooks().tally.of(made["id"])
    assert (again.received, again.stored, again.refused["intrusion"].count) == (2, 1, 1)


def test_source_is_heard_by_what_it_sends_and_its_silence_is_an_incident_once_with_one_return(site, room):
    made, program = source(site)
    snapshot = site.held.centre.snapshot()
    site.watch.use(snapshot)
    site.parts.webhooks.use(snapshot)
    assert site.watch.paths_heard == 0
    assert program.post(PATH, json={"code": "test"}).status_code == 202
    assert site.watch.paths_heard == 1
    lost = PathMissing(account="4711", account_id=made["account_id"], all_lost=True, path="only", heard_at=1,
                       limit_s=60, together=True)  # fmt: skip
    missing = SupervisionMissing(cause=None, config=1, exercise=False, group=None, paths=(lost,))
    back = PathReturned(account="4711", account_id=made["account_id"], away_s=90, path="only", reason="heard")
    returned = SupervisionReturned(config=1, exercise=False, paths=(back,))
    for kind, body in (("supervision.missing", missing), ("supervision.returned", returned)):
        site.held.journal.record([Fact(kind=kind, body=body)])
        site.held.journal.store(())
        shown = site.signed_in("operator").get(f"/api/v1/sources/{made['id']}").json()["source"]
        assert shown["is_silent"] == (kind == "supervision.missing")
    (incident,) = site.held.store.incidents("open", None, 10)
    assert (incident.type, incident.reason, incident.condition) == ("TECH-SOURCE", "source_silent", "returned")
    assert rebuild_findings(site.held.store) == []


def test_source_that_signs_is_taken_with_its_signature_alone_and_its_secret_lies_in_the_vault(site, tmp_path):
    made, program = source(site)
    boss = site.signed_in("administrator")
    path = f"/api/v1/sources/{made['id']}/secret"
    assert site.signed_in("operator").post(path, json={"version": made["version"]}).status_code == 403
    assert refused(boss.post(path, json={"version": made["version"] - 1})) == (409, "config.overtaken")
    told = boss.post(path, json={"version": made["version"]}).json()
    body = json.dumps(SMOKE).encode()

    def send(secret, id_="m-1", content=body):
        headers = signed(id_, site.clock.now_us() // 1_000_000, body, secret)
        return program.post(PATH, content=content, headers={"content-type": "application/json", **headers})

    assert refused(program.post(PATH, json=SMOKE)) == (403, "intake.signature")
    assert refused(send(told["secret"], content=body + b" ")) == (403, "intake.signature")
    first = send(told["secret"]).json()["receipts"][0]
    assert send(told["secret"]).json()["receipts"][0]["duplicate_of"] == first["id"], "its id is the request's key"
    kept = {"account_id": made["account_id"], "tokens": made["tokens"], "version": told["version"]}
    assert boss.put(f"/api/v1/sources/{made['id']}", json=kept).json()["is_signed"]
    again = boss.post(path, json={"version": told["version"]}).json()
    assert refused(send(told["secret"], "m-2")) == (403, "intake.signature"), "the one before is destroyed"
    assert send(again["secret"], "m-2").status_code == 202
    key = base64.b64decode(again["secret"].removeprefix("whsec_"))
    for file in (tmp_path / "centre").rglob("*"):
        if file.is_file():
            assert key not in file.read_bytes(), file.name
            assert again["secret"].encode() not in file.read_bytes(), file.name
    assert len(site.held.vault.secret_names("source-key-")) == 1
    assert boss.delete(f"{path}?version={again['version']}").status_code == 204
    assert program.post(PATH, json=SMOKE).status_code == 202
    assert site.held.vault.secret_names("source-key-") == []
    assert rebuild_sources(list(site.held.store.entries(0, 1000))) == site.held.store.sources()
    assert counts(site, made)[3] == {"signature": 3}


def test_source_at_a_broker_has_topics_and_no_tokens_and_its_messages_are_explained_by_topic(site):
    boss, ana = site.signed_in("administrator"), site.signed_in("operator")
    mqtt = {"convention": "chirpstack", "base": "7", "cameras": [], "topics": []}
    made = boss.post("/api/v1/sources", json={"account_id": account(site), "mqtt": mqtt}).json()
    assert (made["way"], made["mqtt"], made["unread"], made["is_best_effort"]) == ("mqtt", mqtt, [], False)
    assert ana.get("/api/v1/sources").json()["broker"] is None
    told = boss.post(f"/api/v1/sources/{made['id']}/tokens", json={"version": made["version"]})
    assert refused(told) == (400, "source.way")
    path = f"/api/v1/sources/{made['id']}/message"
    topic = "application/7/device/a84041000181d6f2/event/up"
    body = {"deviceInfo": {"devEui": "a84041000181d6f2"}, "object": {"smoke": True, "people_count": 3}}
    told = ana.post(path, json={"text": json.dumps(body), "topic": topic}).json()
    (one,) = told["messages"]
    assert (told["is_accepted"], one["type"], one["device"]) == (True, "FIRE-SMOKE", "A84041000181D6F2")
    told = ana.post(path, json={"text": json.dumps(body), "topic": topic.replace("/7/", "/8/")}).json()
    assert (told["is_accepted"], told["code"]) == (False, "intake.topic")
    told = ana.post(path, json={"text": json.dumps(body | {"object": {"count": 3}}), "topic": topic}).json()
    assert (told["is_accepted"], told["code"], told["messages"]) == (False, None, [])
    other = boss.post("/api/v1/sources", json={"account_id": account(site, "4712"), "mqtt": mqtt})
    assert refused(other) == (409, "source.topics")
    for wrong in ({"base": "people/#"}, {"base": ""}, {"convention": "kafka"}, {"cameras": ["a b"]}):
        answer = boss.post("/api/v1/sources", json={"account_id": account(site, "4712"), "mqtt": mqtt | wrong})
        assert answer.status_code == 400
    assert (signals(site), counts(site, made)) == ([], (0, 0, 0, {}))
    assert rebuild_sources(list(site.held.store.entries(0, 1000))) == site.held.store.sources()
