"""What the demo says on its first screen comes true, at its telephones too: nobody claims, and somebody is called."""

import re
import urllib.request

import pytest

from cli.test_cli_demo_journey import Desk, fire_of
from support.demo import DEADLINE_S, Demo
from support.server import wait_for
from tocsin.cli.demo_duty import TEXT_S, VOICE_S
from tocsin.system import SystemClock

LATE_S = 12
"""So much later than it says something may be seen on a machine that is busy."""

LINK_S = 150

pytestmark = pytest.mark.slow


class Telephones:
    """The page with the phones, as a browser asks for it."""

    def __init__(self, url):
        self.url = url

    def shown(self):
        with urllib.request.urlopen(f"{self.url}now") as answer:
            return answer.read().decode()

    def press(self, call, what):
        asked = urllib.request.Request(f"{self.url}calls/{call}/{what}", b"", method="POST")
        with urllib.request.urlopen(asked):
            pass

    def ringing(self):
        found = re.search(r'action="/calls/([0-9]+)/take"', self.shown())
        return None if found is None else found[1]

    def texts(self):
        return self.shown().count('class="text"')


def test_fire_that_nobody_claims_comes_to_a_telephone_a_test_ends_and_a_link_fails(tmp_path):
    clock = SystemClock()
    with Demo(tmp_path / "centre", "--pace", "1200") as demo:
        (words,) = [line for line in demo.said if "simulated telephones" in line]
        assert f"{TEXT_S} s later whoever is on call has a message, and {VOICE_S} s later a call" in words
        phones = Telephones(re.search(r"http://\S+/", words)[0])
        ana = Desk(demo.links[0])
        ana.sign_in()
        fire = wait_for(lambda: fire_of(ana), DEADLINE_S, "the fire")
        began_s = clock.monotonic_s()

        wait_for(phones.texts, TEXT_S + LATE_S, "a message")
        assert f"#{fire['number']} P1" in phones.shown()
        call = wait_for(phones.ringing, VOICE_S + LATE_S, "a call")
        assert clock.monotonic_s() - began_s < VOICE_S + LATE_S
        phones.press(call, "take")
        assert "Priority 1. Press 1 if you are coming." in phones.shown()
        phones.press(call, "1")
        assert "You are noted as coming." in phones.shown()
        _, told = ana.ask("GET", f"/api/v1/incidents/{fire['id']}/notices")
        (answered,) = [one for one in told["items"] if one["answer"] == "coming"]
        others = [one for one in told["items"] if one["user_id"] == answered["user_id"] and one["is_waiting"]]
        assert others == [], "who is coming is called no more"

        fire = fire_of(ana)
        assert ana.act(fire, "claim", version=fire["version"])[0] == 200
        _, told = ana.ask("GET", f"/api/v1/incidents/{fire['id']}/notices")
        assert [one for one in told["items"] if one["is_waiting"]] == [], "and nobody is, once it is claimed"

        def opened(site):
            return [one["type"] for one in ana.incidents() if one["site"] == site]

        wait_for(lambda: opened("Swimming Hall"), LINK_S, "what is active when the test ends")
        wait_for(lambda: "TECH-OVERDUE" in opened("Marina"), LINK_S, "the link that failed")
        assert demo.end()[0] == 0
