"""The demo as a newcomer meets it: the link, the fire, a colleague, the plug, the end, and the next day."""

import http.client
import json
import re
from urllib.parse import urlsplit

import pytest

from support.demo import DEADLINE_S, Demo
from support.server import wait_for

NOTE = "Fire brigade called, on their way."

pytestmark = pytest.mark.slow


class Desk:
    """A browser without a screen: a link, the cookie that it gets for it, and the API."""

    def __init__(self, link):
        url = urlsplit(link)
        self.address, self.link = (url.hostname, url.port), url.path
        self.cookie, self.csrf, self.commands = "", "", 0

    def ask(self, method, path, body=None):
        headers = {"Cookie": self.cookie, "Content-Type": "application/json"}
        if method != "GET":
            self.commands += 1
            headers |= {"X-CSRF-Token": self.csrf, "Idempotency-Key": f"test-{self.commands}"}
        connection = http.client.HTTPConnection(*self.address, timeout=10)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            if cookie := answer.getheader("set-cookie"):
                self.cookie = cookie.partition(";")[0]
            data = answer.read().decode()
            is_json = "json" in answer.getheader("content-type", "")
            return answer.status, json.loads(data) if is_json else data
        finally:
            connection.close()

    def sign_in(self):
        assert self.ask("GET", self.link)[0] == 200  # looking does not use it up
        assert self.ask("POST", self.link)[0] == 303
        status, session = self.ask("GET", "/api/v1/session")
        assert status == 200
        self.csrf = session["csrf"]
        return session

    def incidents(self, state="open"):
        status, page = self.ask("GET", f"/api/v1/incidents?state={state}")
        assert status == 200, page
        return page["items"]

    def act(self, incident, act, **body):
        return self.ask("POST", f"/api/v1/incidents/{incident['id']}/{act}", body)

    def close(self, incident):
        """Close it, looking again as long as news come between: the fire's detectors go on."""
        while True:
            status, answer = self.act(
                incident, "close", version=incident["version"], disposition="real", waive="unsafe"
            )
            if status == 200:
                return answer["incident"]
            assert (status, answer["code"]) == (409, "incident.changed"), answer
            assert answer["incident"]["version"] > incident["version"]
            incident = answer["incident"]

    def is_answered(self):
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except (OSError, http.client.HTTPException):  # killed before, or in the middle of its answer
            return False


def fire_of(desk):
    """The fire of the cold store, once a second detector has confirmed it."""
    found = [one for one in desk.incidents() if one["site"] == "Cold Store North" and one["confirmed"]]
    assert len(found) <= 1, "one fire is one incident"
    return found[0] if found else None


def test_newcomer_handles_the_fire_pulls_the_plug_and_finds_all_of_it_the_next_day(tmp_path):
    folder = tmp_path / "centre"
    with Demo(folder, "--pace", "1200") as demo:
        ana, bo = map(Desk, demo.links)
        assert len(demo.links) == 2
        session = ana.sign_in()
        assert (session["user"]["name"], session["demo"]) == ("Ana", True)
        assert {"incident.handle", "unknown.handle", "site.write"} <= set(session["permissions"])
        assert Desk(demo.links[0]).ask("POST", ana.link)[0] == 410, "a link works once"
        assert bo.sign_in()["user"]["name"] == "Bo"

        fire = wait_for(lambda: fire_of(ana), DEADLINE_S, "the fire")
        assert (fire["type"], fire["priority"], fire["zone_name"]) == ("FIRE-SMOKE", 1, "Smoke detector store 3")
        status, claimed = ana.act(fire, "claim", version=fire["version"])
        assert (status, claimed["incident"]["claimed_by"]) == (200, session["user"]["id"])
        status, refused = bo.act(fire, "claim", version=fire["version"])
        assert (status, refused["code"]) == (409, "incident.claimed_by_other")
        assert refused["incident"]["claimed_by"] == session["user"]["id"]
        assert ana.act(fire, "note", text=NOTE)[0] == 200
        _, detail = ana.ask("GET", f"/api/v1/incidents/{fire['id']}")
        assert detail["address"] == "3 North Mole"
        assert "loading bay" in detail["directions"]

        assert wait_for(ana.is_answered, DEADLINE_S, "the centre")
        demo.press_enter()
        wait_for(lambda: not ana.is_answered(), DEADLINE_S, "the plug pulled")
        wait_for(ana.is_answered, DEADLINE_S, "the centre back under its address")
        (fire,) = [one for one in ana.incidents() if one["id"] == fire["id"]]
        assert fire["claimed_by"] == session["user"]["id"]
        assert ana.close(fire)["state"] == "closed"

        status, said = demo.end()
        (words,) = [line for line in said if "were acknowledged" in line]
        acked, stored = map(int, re.findall(r"\d+", words.replace(",", "")))
        assert status == 0
        assert 20 < acked <= stored
        assert any(line.startswith("Whole: ") for line in said)

    with Demo(folder, "--no-panels") as demo:
        ana = Desk(demo.links[0])
        assert ana.sign_in()["user"] == session["user"]
        assert [one["id"] for one in ana.incidents("closed")] == [fire["id"]]
        assert {"TECH-MAINS"} <= {one["type"] for one in ana.incidents()}
        _, texts = ana.ask("GET", f"/api/v1/incidents/{fire['id']}/texts")
        assert [note["text"] for note in texts["notes"]] == [NOTE]
        assert demo.end()[0] == 0
