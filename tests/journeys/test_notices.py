"""Reaching people, by a real process: from a button to a provider, back by its receipt, over restarts and kills."""

import base64
import hmac
import http.client
import time
import uuid
from urllib.parse import urlencode, urlsplit

import pytest

from support.centres import make_folder
from support.providers import fake_provider
from support.room import Room
from support.server import SETTINGS, Server, run_tocsin, wait_for


@pytest.fixture
def provider():
    with fake_provider() as made:
        yield made


def with_webhooks(folder, provider, more=""):
    make_folder(folder)
    (folder / "tocsin.toml").write_text(
        SETTINGS + f'\n[notify]\ninternal = ["{provider.address}"]\n[notify.webhook]\nenabled = true\n{more}'
    )
    return folder


def add_webhook(person, provider, path="/hook"):
    made = person.ask("POST", "/api/v1/me/contacts", {"channel": "webhook", "address": provider.url(path)})
    assert made.status == 201, made.text
    return made.json


def path_of(url):
    return urlsplit(url).path


def post_form(server, path, **fields):
    """What a provider sends: a form, by nobody who is signed in."""
    connection = http.client.HTTPConnection(*server.web, timeout=20)
    try:
        connection.request("POST", path, urlencode(fields), {"content-type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def keyed():
    return {"idempotency-key": uuid.uuid4().hex}


def at_home(person):
    assert person.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"}).status == 200


def notices(person, **wanted):
    items = person.get("/notices?limit=200")["items"]
    return [one for one in items if all(one[name] == value for name, value in wanted.items())]


GATEWAY = """
[notify.gateway]
url = "{url}"
account = "AC1"
token_file = "token"
sender = "+12025550100"
calls = true
"""


@pytest.fixture
def room(tmp_path, provider):
    """A centre with webhooks, text messages and calls, and an account that raises incidents."""
    folder = with_webhooks(tmp_path / "centre", provider, GATEWAY.format(url=provider.url("/gw")))
    (folder / "token").write_text("pass\n")
    tables = {
        "sites": "name,address,directions,hazards,hazard_details,latitude,longitude\n"
        "Boiler hall,1 Quay Street,Gate 2,flammable_gas,two bottles,45.3271,14.4422\n",
        "accounts": "account,site,name\n1001,Boiler hall,Fire panel\n",
        "zones": "account,receiver,line,zone,name,type,priority\n1001,,,1,Kessel 1,,\n",
    }
    for kind, table in tables.items():
        (folder / f"{kind}.csv").write_text(table)
        done = run_tocsin("import", kind, folder / f"{kind}.csv", "--dir", folder)
        assert done.status == 0, done.errors
    provider.answer = lambda taken: (201, {}, b'{"sid": "X1"}') if taken.path.startswith("/gw") else (204, {}, b"")
    with Server(folder) as server:
        yield Room(server)


def alarm(room, person, code="FA"):
    room.alarm("1001", code)
    return wait_for(person.open_incidents, 10, "an incident")[0]


def test_a_persons_test_goes_out_signed_comes_back_and_makes_the_contact_count(tmp_path, provider):
    with Server(with_webhooks(tmp_path / "centre", provider)) as server:
        room = Room(server)
        ana = room.person("Ana")
        made = add_webhook(ana, provider)
        contact = made["contact"]
        assert (contact["hint"], contact["tested_at"], contact["is_on"]) == ("127.0.0.1", None, True)
        tested = ana.ask("POST", f"/api/v1/me/contacts/{contact['id']}/test")
        assert tested.status == 200, tested.text
        (taken,) = provider.wait()
        body = taken.json
        assert body["data"] == {
            "purpose": "test", "number": None, "priority": None, "type": None, "exercise": False,
            "text": "TEST of your contact", "expires_at": body["data"]["expires_at"],
            "answer_url": body["data"]["answer_url"], "callback_url": body["data"]["callback_url"],
        }  # fmt: skip
        signed = f"{taken.headers['webhook-id']}.{taken.headers['webhook-timestamp']}.".encode() + taken.body
        key = base64.b64decode(made["secret"].removeprefix("whsec_"))
        mac = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        assert taken.headers["webhook-signature"] == f"v1,{mac}"
        delivered = wait_for(
            lambda: [one for one in ana.get("/notices")["items"] if one["state"] == "delivered"], 5, "a receipt"
        )
        assert [one["state"] for one in delivered[0]["attempts"]] == ["delivered"]
        link = path_of(body["data"]["callback_url"])
        assert ana.ask("POST", link, {"state": "arrived"}).status == 204
        assert ana.ask("POST", link, {"state": "arrived"}).status == 204, "the same again changes nothing"
        (notice,) = ana.get("/notices")["items"]
        assert (notice["state"], notice["answer"], notice["is_waiting"]) == ("answered", "arrived", False)
        assert ana.get("/me/reach")["contacts"][0]["tested_at"] is not None
        kinds = [one["kind"] for one in ana.get("/journal?limit=100")["items"]]
        assert kinds.count("notice.queued") == 1
        assert kinds.count("notice.moved") == 3
        assert kinds.count("contact.set") == 2
        assert len(provider.taken) == 1


def test_person_who_is_called_presses_1_hears_what_and_the_incident_says_who_is_coming(room, provider):
    ana, rex = room.person("Ana"), room.person("Rex", ("responder",))
    at_home(rex)
    assert rex.ask("POST", "/api/v1/me/contacts", {"channel": "voice", "address": "+1 202 555 0177"}).status == 201
    incident = alarm(room, ana)
    told = ana.ask(
        "POST", f"/api/v1/incidents/{incident['id']}/notify", {"roles": ["responder"], "wanted": 1}, **keyed()
    )
    assert told.status == 200, told.text
    (call,) = provider.wait()
    assert (call.path, call.form["To"]) == ("/gw/Calls.json", "+12025550177")
    first = path_of(call.form["Url"])
    status, said = post_form(room.server, first)
    assert status == 200
    assert "Priority 1. Press 1 if you are coming." in said
    assert "fire" not in said.lower(), "nothing but centre and priority before a key"
    key = f"{first}/key"
    assert "Priority 1" in post_form(room.server, key, Digits="9")[1], "9 repeats"
    assert "/voice/2.0/key" in post_form(room.server, key)[1], "silence leads to the next prompt"
    done = post_form(room.server, key, Digits="1")[1]
    assert "noted as coming" in done
    assert "fire" in done.lower(), "what it is, once the person has answered"
    assert "At Boiler hall, 1 Quay Street." in done, "and where"
    assert post_form(room.server, key, Digits="1")[1] == done, "a repeat gives the same answer"
    assert post_form(room.server, key, Digits="2")[1] == done, "and another key at the same step changes nothing"
    assert post_form(room.server, path_of(call.form["StatusCallback"]), CallStatus="completed")[0] == 204
    found = ana.get(f"/incidents/{incident['id']}/notices")
    assert (found["coming"], found["cannot"], [one["answer"] for one in found["items"]]) == (1, 0, ["coming"])
    lines = [one["words"] for one in ana.get(f"/incidents/{incident['id']}")["timeline"]]
    assert f"{{{ana.id}}} had 1 person told of it. 1 are needed." in lines
    assert f"{{{rex.id}}} is coming." in lines
    assert len(provider.taken) == 1, "who has answered is not called again"


def test_call_that_nobody_here_made_gets_a_polite_good_bye_and_a_wrong_link_opens_nothing(room, provider):
    for path in ("5.1.AAAAAAAAAAAAAAAA", "x", "999999.1.AAAAAAAAAAAAAAAA"):
        status, said = post_form(room.server, f"/n/{path}/voice/1.0/key", Digits="1")
        assert (status, "Good-bye" in said, "<Hangup/>" in said) == (200, True, True)
        assert post_form(room.server, f"/n/{path}/sms", MessageStatus="delivered")[0] == 404
        assert post_form(room.server, f"/n/{path}/answer/coming")[0] == 404


def test_receipt_of_a_text_message_is_shown_and_an_undelivered_one_goes_on_by_the_next_way(room, provider):
    ana = room.person("Ana")
    for channel, address in (("sms", "+12025550177"), ("voice", "+12025550177")):
        assert ana.ask("POST", "/api/v1/me/contacts", {"channel": channel, "address": address}).status == 201
    at_home(ana)
    incident = alarm(room, ana)
    body = {"users": [ana.id]}
    assert ana.ask("POST", f"/api/v1/incidents/{incident['id']}/notify", body, **keyed()).status == 200
    (sms,) = provider.wait()
    assert sms.form["Body"].startswith(f"#{incident['number']} P1 ")
    wait_for(lambda: notices(ana, state="accepted"), 5, "taken by the provider")
    callback = path_of(sms.form["StatusCallback"])
    assert post_form(room.server, callback, MessageStatus="sent")[0] == 204
    assert notices(ana, state="accepted"), "sent tells nothing of the person"
    assert post_form(room.server, callback, MessageStatus="undelivered")[0] == 204
    provider.wait(2)

    def attempts():
        (notice,) = notices(ana)
        return [(one["channel"], one["state"]) for one in notice["attempts"]]

    wait_for(lambda: attempts() == [("sms", "failed"), ("voice", "accepted")], 5, "the call, which waits no longer")
    assert post_form(room.server, callback, MessageStatus="delivered")[0] == 204


def test_page_of_a_notice_answers_by_a_button_alone_and_takes_it_after_the_incident_was_closed(room, provider):
    ana = room.person("Ana")
    add_webhook(ana, provider)
    at_home(ana)
    incident = alarm(room, ana)
    told = ana.ask("POST", f"/api/v1/incidents/{incident['id']}/notify", {"users": [ana.id]}, **keyed())
    assert told.status == 200
    page = path_of(provider.wait()[0].json["data"]["answer_url"])
    shown = room.server.get(page)
    assert (shown.status, "Coming" in shown.text, f"#{incident['number']} P1" in shown.text) == (200, True, True)
    assert notices(ana)[0]["answer"] is None, "opening it is no answer: programs open links too"
    assert "Quay" not in shown.text, "nobody sees the place before an answer"
    status, said = post_form(room.server, f"{page}/answer/coming")
    for words in ("Boiler hall", "1 Quay Street", "Gate 2", "flammable gas", "two bottles", "geo:45.3271,14.4422"):
        assert words in said, "whoever is coming is told where"
    assert "Kessel 1 (zone 1)" in room.server.get(page).text, "and finds it again by the link"
    assert "Quay" not in post_form(room.server, f"{page}/answer/cannot")[1], "nor whoever cannot"
    mine = ana.claim(incident)
    assert ana.act(incident["id"], "close", version=mine["version"], disposition="test").status in (200, 201)
    status, said = post_form(room.server, f"{page}/answer/coming")
    assert (status, "has been closed" in said, "noted as" in said) == (200, True, True)
    assert "Quay" not in said, "nor anybody once it is closed"
    (notice,) = notices(ana)
    assert (notice["answer"], notice["is_late"]) == ("coming", True)
    assert "It came late." in ana.get(f"/incidents/{incident['id']}")["timeline"][-1]["words"]


def test_who_may_not_sees_no_board_and_tells_nobody(room):
    rex = room.person("Rex", ("responder",))
    for method, path, body in (
        ("GET", "/api/v1/notices", None),
        ("POST", "/api/v1/notices/notice-1/again", None),
        ("DELETE", "/api/v1/notices/notice-1", None),
        ("POST", "/api/v1/incidents/incident-1/notify", {"users": ["user-1"]}),
    ):
        assert rex.ask(method, path, body, **keyed()).status == 403
    assert rex.ask("GET", "/api/v1/me/reach").status == 200


def test_same_wish_again_tells_nobody_twice_and_what_is_wrong_is_refused(room, provider):
    ana = room.person("Ana")
    add_webhook(ana, provider)
    at_home(ana)
    incident = alarm(room, ana)
    path, once = f"/api/v1/incidents/{incident['id']}/notify", keyed()
    for _ in range(3):
        assert ana.ask("POST", path, {"users": [ana.id]}, **once).status == 200
    assert len(notices(ana)) == 1
    for body, code in (
        ({}, "notice.people"), ({"users": ["user-99999"]}, "notice.people"),
        ({"wanted": 0, "users": [ana.id]}, "request.invalid"),
        ({"users": ["Ana"]}, "request.invalid"), ({"users": [ana.id], "text": "x"}, "request.invalid"),
    ):  # fmt: skip
        refused = ana.ask("POST", path, body, **keyed())
        assert (refused.status, refused.json["code"]) == (400, code)


def killed_in_a_storm(folder, provider, people, kills):
    """Tell all of them, and kill the process again and again while it is at it."""
    slow = SlowProvider(provider)
    server = Server(folder).start()
    server.wait_ready()
    room = Room(server)
    ana = room.person("Ana")
    persons = [room.person(f"P{number}", ("responder",)) for number in range(people)]
    for number, person in enumerate(persons):
        at_home(person)
        add_webhook(person, provider, f"/p{number}")
    incident = alarm(room, ana)
    body = {"roles": ["responder"]}
    assert ana.ask("POST", f"/api/v1/incidents/{incident['id']}/notify", body, **keyed()).status == 200
    room.keep_addresses()
    settings = (folder / "tocsin.toml").read_text()
    (folder / "tocsin.toml").write_text(
        settings + f'\n[notify]\ninternal = ["{provider.address}"]\n[notify.webhook]\nenabled = true\n'
    )
    for number in range(kills):
        wanted = min(people, (number + 1) * people // (kills + 1))
        wait_for(lambda wanted=wanted: len(slow.paths) >= wanted or not slow.is_busy, 30, "some to be told")
        server.kill()
        server.wait_exit()
        server = Server(folder).start()
        server.wait_ready()
    try:
        return server, Room(server), slow
    except BaseException:
        server.stop()
        raise


class SlowProvider:
    """Lets the fake answer after a moment, and notes whom it has heard of."""

    def __init__(self, provider):
        self.paths = {}
        self.is_busy = True
        provider.answer = self

    def __call__(self, taken):
        self.paths.setdefault(taken.path, set()).add(taken.headers["webhook-id"])
        time.sleep(0.05)
        return 204, {}, b""


def everybody_is_told(tmp_path, provider, people, kills):
    folder = with_webhooks(tmp_path / "centre", provider)
    (folder / "accounts.csv").write_text("account\n1001\n")
    assert run_tocsin("import", "accounts", folder / "accounts.csv", "--dir", folder).status == 0
    server, room, slow = killed_in_a_storm(folder, provider, people, kills)
    try:
        bea = room.person("Bea")
        wait_for(lambda: len(notices(bea, state="delivered")) == people, 60, "everybody's receipt")
        assert set(slow.paths) == {f"/p{number}" for number in range(people)}, "at least once, nobody silently not"
        assert all(len(ids) == 1 for ids in slow.paths.values()), "and each time under the same id"
        assert len(notices(bea, is_waiting=True)) == people, "that a program has it ends nothing: they are asked again"
    finally:
        server.stop()


@pytest.mark.slow
def test_process_killed_in_a_storm_of_notices_tells_everybody_at_least_once_under_one_id(tmp_path, provider):
    everybody_is_told(tmp_path, provider, people=20, kills=3)


@pytest.mark.soak
def test_process_killed_ten_times_in_a_storm_of_notices_tells_everybody(tmp_path, provider):
    everybody_is_told(tmp_path, provider, people=100, kills=10)
