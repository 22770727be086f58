"""The measure of the live stream measures one: consoles are told everything, and it says what that took."""

import pytest

from tocsin.bench.hub import measure_hub

pytestmark = [pytest.mark.slow, pytest.mark.requires("linux")]


def test_measure_says_what_telling_consoles_took():
    run = measure_hub(consoles=20, updates_per_s=50, seconds=1.0, incidents=50)
    assert (run.consoles, run.updates_per_s) == (20, 50)
    assert 1 <= run.writes_per_s <= 15, "ten writes a second and a heartbeat, of fifty updates; fewer on a busy machine"
    assert run.bytes_per_s > 0
    assert 0 < run.alone_share < 1
    assert 0 < run.share < 1


def test_updates_that_go_at_once_are_writes_of_their_own():
    run = measure_hub(consoles=5, updates_per_s=40, seconds=1.0, urgent_every=1, incidents=50)
    assert run.writes_per_s > 12, "more than ten writes a second and a heartbeat; 40 where the machine has nothing else"
