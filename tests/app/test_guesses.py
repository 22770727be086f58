"""Guessing is told of once, and that it is over once."""

import contextlib
import http.client

from support.fakes import ManualClock
from support.room import room
from support.server import wait_for
from tocsin.app.guesses import ATTACKED, QUIET, QUIET_S, REFUSED_A_MINUTE, Guesses


class Door:
    """A door that refuses, looked at once a second."""

    def __init__(self, *, is_open=False):
        self.clock, self.refused, self.noted = ManualClock(), 7, []
        self.guesses = Guesses(lambda: self.refused, self.clock.monotonic_s, self.noted.append, is_open=is_open)

    def pass_(self, seconds, refused_each=0):
        for _ in range(seconds):
            self.clock.advance(1)
            self.refused += refused_each
            self.guesses.look()


def test_twenty_within_a_minute_are_told_once_however_long_it_goes_on_and_the_quiet_once():
    door = Door()
    door.pass_(REFUSED_A_MINUTE - 1, refused_each=1)
    assert door.noted == []
    door.pass_(1, refused_each=1)
    assert door.noted == [ATTACKED]
    door.pass_(900, refused_each=1)
    assert door.noted == [ATTACKED]
    door.pass_(int(QUIET_S) - 1)
    assert door.noted == [ATTACKED]
    door.pass_(1)
    assert door.noted == [ATTACKED, QUIET]
    door.pass_(5, refused_each=10)
    assert door.noted == [ATTACKED, QUIET, ATTACKED]


def test_a_hundred_wrong_ones_spread_over_an_hour_are_no_attack():
    door = Door()
    for _ in range(100):
        door.refused += 1
        door.pass_(36)
    assert door.noted == []


def test_what_was_open_before_a_start_is_over_after_the_quiet_and_not_told_again():
    door = Door(is_open=True)
    door.pass_(3, refused_each=20)
    assert door.noted == []
    door.pass_(int(QUIET_S))
    assert door.noted == [QUIET]


def test_wrong_tokens_open_one_incident_and_whoever_is_signed_in_goes_on_working(tmp_path):
    with room(tmp_path) as made:
        ana = made.person("Ana")
        host, port = ana.address
        for count in range(REFUSED_A_MINUTE + 15):
            connection = http.client.HTTPConnection(host, port, timeout=30)
            with contextlib.closing(connection):
                connection.request("POST", "/api/v1/intake/signals", b"[]", {"authorization": f"Bearer guess-{count}"})
                assert connection.getresponse().status in (401, 429)
        attacks = lambda: [one for one in ana.open_incidents() if one["type"] == "TECH-ACCESS"]  # noqa: E731
        (told,) = wait_for(attacks, 30, "TECH-ACCESS")
        assert (told["priority"], told["origin"]) == (2, "centre")
