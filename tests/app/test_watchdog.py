"""What stands still is said by `/readyz`, and is an incident as soon as one can be written."""

import pytest

from support.centres import wait_for
from support.desks import Office, make_office
from support.in_process import serving
from support.jumping import Jumping
from tocsin.app.watchdog import NOTICES_SILENT, NOTICES_SILENT_S, SUPERVISION_SILENT, SUPERVISION_SILENT_S

pytestmark = pytest.mark.slow  # whole processes


def missing(centre):
    return centre.get("/readyz").json["missing"]


def opened(ana):
    return [(row["type"], row["reason"], row["condition"]) for row in ana.open_incidents()]


@pytest.fixture
def watched(tmp_path):
    clock = Jumping()
    with serving(make_office(tmp_path / "centre"), clock=clock) as centre:
        assert missing(centre) == []
        yield centre, clock, Office(centre).person("Ana")


def test_look_at_who_is_silent_that_fails_each_second_is_said_and_is_an_incident_until_it_works(watched):
    centre, clock, ana = watched
    watch = centre.service._supervising.watch
    heard, watch.watched_paths = watch.heard, watch.watched_paths + 1
    watch.heard, watch.size = None, watch.size + 1  # every scan raises
    clock.advance(SUPERVISION_SILENT_S)
    assert SUPERVISION_SILENT in wait_for(lambda: missing(centre), 25)
    wait_for(lambda: ("TECH-CENTRE", "notice_supervision_stopped", "active") in opened(ana))
    watch.heard, watch.size, watch.watched_paths = heard, watch.size - 1, watch.watched_paths - 1
    wait_for(lambda: ("TECH-CENTRE", "notice_supervision_stopped", "returned") in opened(ana), 25)
    assert missing(centre) == []


def test_outbox_that_nobody_looks_into_is_said_and_is_an_incident(watched):
    centre, clock, ana = watched
    service = centre.service
    service._loop.call_soon_threadsafe(service._sender._running.cancel)
    wait_for(service._sender._running.cancelled)
    clock.advance(NOTICES_SILENT_S)
    assert NOTICES_SILENT in wait_for(lambda: missing(centre), 25)
    wait_for(lambda: ("TECH-CENTRE", "notice_notices_stopped", "active") in opened(ana))
