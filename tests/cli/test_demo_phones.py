"""The demo's telephones: what the centre sends appears there, and what is pressed there comes back to it."""

import base64
import http.client
from urllib.parse import urlencode

import pytest

from support.centres import SETTINGS, wait_for
from support.desks import desks
from support.fakes import ManualClock
from tocsin.cli.demo_phones import FORM_BYTES_MAX, KEPT_MAX, PHONES_MAX, Phones, PhoneServer
from tocsin.protocols import voice_xml
from tocsin.settings import load
from tocsin.system import SystemClock

DAN = "+12025550142"
CENTRE = "http://127.0.0.1:8400/n/t-1"
CALL = {"To": DAN, "Url": f"{CENTRE}/voice/1.0", "StatusCallback": f"{CENTRE}/call", "Timeout": "25"}
ASKED = voice_xml.ask("Harbour. Priority 1. Press 1 if you are coming.", "/n/t-1/voice/1.0/key", 8)


class Room:
    """Phones, and a centre that notes what it is told and says what a test wants."""

    def __init__(self):
        self.clock = ManualClock(SystemClock().now_us())
        self.told, self.says = [], []
        self.phones = Phones({DAN: "Dan"}, self.clock, self.post)

    def post(self, url, form):
        self.told.append((url.removeprefix(CENTRE), {name: form[name] for name in form if name != "CallSid"}))
        if not self.says:
            return b""
        said = self.says.pop(0)
        if said is None:
            raise ConnectionRefusedError
        return said

    def pass_s(self, seconds):
        self.clock.advance(seconds)
        self.phones.tick()


@pytest.fixture
def room():
    return Room()


def test_message_appears_with_its_link_to_follow_and_is_told_delivered(room):
    room.phones.message({"To": DAN, "Body": f"<1> #7 {CENTRE}", "StatusCallback": f"{CENTRE}/sms"})
    room.pass_s(0)
    assert room.told == [("/sms", {"MessageStatus": "delivered"})]
    assert f'&lt;1&gt; #7 <a href="{CENTRE}"' in room.phones.shown()


def test_call_rings_is_taken_says_what_the_centre_says_and_sends_the_key_that_is_pressed(room):
    room.phones.call(CALL)
    assert "It rings" in room.phones.shown()
    room.says = [ASKED, voice_xml.end("Thank you, you are noted as coming.")]
    room.phones.press(1, "take")
    assert "Press 1 if you are coming." in room.phones.shown()
    room.phones.press(1, "1")
    room.pass_s(0)
    assert room.told == [
        ("/voice/1.0", {"CallStatus": "in-progress"}),
        ("/voice/1.0/key", {"Digits": "1"}),
        ("/call", {"CallStatus": "completed"}),
    ]
    assert "you are noted as coming" in room.phones.shown()
    room.phones.press(1, "2")  # it is over
    assert len(room.told) == 3


def test_nobody_takes_it_and_the_centre_hears_so_once(room):
    room.phones.call(CALL)
    room.pass_s(24)
    assert room.told == []
    room.pass_s(2)
    room.pass_s(60)
    assert room.told == [("/call", {"CallStatus": "no-answer"})]
    assert "Nobody took it." in room.phones.shown()


def test_silence_in_a_call_goes_on_as_the_centre_says(room):
    room.phones.call(CALL)
    room.says = [ASKED, voice_xml.end("No key was pressed.")]
    room.phones.press(1, "take")
    room.pass_s(9)
    assert room.told[1] == ("/voice/1.0/key", {})
    assert "No key was pressed." in room.phones.shown()


def test_call_into_a_centre_whose_plug_is_pulled_is_a_dead_line(room):
    room.phones.call(CALL)
    room.says = [None]
    room.phones.press(1, "take")
    room.phones.message({"To": DAN, "Body": "x", "StatusCallback": f"{CENTRE}/sms"})
    room.says = [None]
    room.pass_s(60)  # and nothing of it stops the telephones
    assert "the centre does not answer" in room.phones.shown()


def test_number_that_somebody_entered_has_a_phone_too_and_what_is_none_is_refused(room):
    assert room.phones.message({"To": "+12025550188", "Body": "x"}).status == 201
    assert "+12025550188" in room.phones.shown()
    assert room.phones.call({"To": "nonsense"}).status == 400
    for number in range(PHONES_MAX):
        last = room.phones.call({"To": f"+4412345678{number:02d}"})
    assert (last.status, b"21211" in last.body) == (400, True)


def test_only_the_newest_are_kept(room):
    for number in range(KEPT_MAX + 5):
        room.phones.message({"To": DAN, "Body": f"text {number}."})
    assert room.phones.shown().count('class="text"') == KEPT_MAX


@pytest.fixture
def server():
    with PhoneServer({DAN: "Dan"}) as made:
        yield made


def ask(server, method, path, form=None, **headers):
    host, port = server.address.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    try:
        connection.request(method, path, None if form is None else urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_page_says_that_it_is_simulated_and_shows_the_phones(server):
    status, page = ask(server, "GET", "/")
    assert (status, "Simulated." in page, "Telephone of Dan" in page) == (200, True, True)


def test_only_the_centre_sends_and_only_this_page_presses(server):
    begin = "/2010-04-01/Accounts/demo/Messages.json"
    own = "Basic " + base64.b64encode(f"demo:{server.token}".encode()).decode()
    assert ask(server, "POST", begin, {"To": DAN})[0] == 401
    assert ask(server, "POST", begin, {"To": DAN}, Authorization=own)[0] == 201
    assert ask(server, "GET", "/", Host="elsewhere.example")[0] == 403
    assert ask(server, "POST", "/calls/1/take", {}, Origin="http://elsewhere.example")[0] == 403
    assert ask(server, "POST", "/calls/1/take", {}, Origin=f"http://{server.address}")[0] == 303
    assert ask(server, "POST", "/calls/1/take", {"x": "y" * FORM_BYTES_MAX})[0] == 413
    assert ask(server, "GET", "/nothing")[0] == 404


def test_settings_that_lead_here_are_those_of_a_centre(server, tmp_path):
    (tmp_path / "tocsin.toml").write_text("")
    server.keep_token(tmp_path)
    notify = load(tmp_path, server.environment()).notify
    assert (notify.internal, notify.gateway.sms, notify.gateway.calls) == ((server.address,), True, True)
    assert (tmp_path / str(notify.gateway.token_file)).read_text() == f"{server.token}\n"
    assert (tmp_path / str(notify.gateway.token_file)).stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_missed_claim_rings_a_phone_on_the_page_and_the_key_pressed_there_says_who_is_coming(tmp_path, server):
    folder = tmp_path / "centre"
    folder.mkdir()
    server.keep_token(folder)
    notify = f"""
[notify]
internal = ["{server.address}"]
[notify.gateway]
url = "{server.url}2010-04-01/Accounts/demo"
account = "demo"
token_file = "demo-telephones.token"
sender = "Harbour"
calls = true
"""
    with desks(folder, toml=SETTINGS + notify) as office:
        ana, dan = office.person("Ana"), office.person("Dan", ("responder",))
        assert dan.ask("POST", "/api/v1/me/contacts", {"channel": "voice", "address": DAN}).status == 201
        assert dan.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"}).status == 200
        step = {"kind": "notify", "users": [dan.id], "channels": ["voice"]}
        made = ana.ask("POST", "/api/v1/chains", {"name": "duty", "priorities": [1], "steps": [step]})
        assert made.status == 201, made.text
        row = office.alarm(ana)
        wait_for(lambda: "It rings" in ask(server, "GET", "/now")[1], 15)
        own = f"http://{server.address}"
        assert ask(server, "POST", "/calls/1/take", {}, Origin=own)[0] == 303
        assert "Press 1 if you are coming" in ask(server, "GET", "/now")[1]
        assert ask(server, "POST", "/calls/1/1", {}, Origin=own)[0] == 303
        assert "You are noted as coming." in ask(server, "GET", "/now")[1]
        told = ana.get(f"/incidents/{row['id']}/notices")
        assert (told["coming"], [one["user_id"] for one in told["items"]]) == (1, [dan.id])
