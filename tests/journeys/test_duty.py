"""Staff on duty at a real process: what was answered outlives kill -9, the timer of a lone worker with it."""

import uuid

import pytest

from support.centres import held
from support.fakes import ManualClock
from support.room import room
from support.tour import TABLES
from tocsin.centre.core import Core
from tocsin.model.check_ins import CHECK_IN_DUE
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.settings import load
from tocsin.system import SystemClock

HOUR_S = 3_600


def post(person, path, key, **body):
    return person.ask("POST", f"/api/v1/duty/{path}", body, **{"idempotency-key": key})


@pytest.mark.slow
def test_reports_and_check_ins_outlive_a_kill_and_whoever_is_not_heard_of_is_looked_for_after_it(tmp_path):
    with room(tmp_path, **TABLES) as centre:
        dee, ana = centre.person("Dee", ("responder",)), centre.person("Ana")
        report = {"type": "303", "typed_at": 5, "sent_at": 6, "where": "laundry"}
        first = post(dee, "reports", "once", **report)
        begun = post(dee, "check-in", "begin", minutes=30, where="pump house")
        assert (first.status, begun.status) == (201, 201), begun.text
        centre.server.kill()
        centre.server.start().wait_ready()
        dee.address = ana.address = centre.server.web
        again = [post(dee, "reports", "once", **report) for _ in range(2)]
        assert [(one.status, one.json) for one in again] == [(201, first.json)] * 2
        assert [one["number"] for one in ana.open_incidents()] == [first.json["number"]]
        assert dee.get("/duty/check-in")["check_in"] == begun.json["check_in"]
        other = post(dee, "check-in", uuid.uuid4().hex, minutes=30)
        assert other.json["code"] == "check_in.running"
        centre.server.kill()
        folder = centre.folder
        clock = ManualClock(SystemClock().now_us() + HOUR_S * 1_000_000)
        with held(load(folder, {}), clock=clock) as made:
            core = Core(
                made.store, clock, shipped_catalogue(), made.centre.places(), keeper=made.centre.keeper,
                follower=made.centre.escalating, planner=made.centre.planning,
            )  # fmt: skip
            made.journal.attach(core)
            made.centre.use_core(core)
            for wait_s in (0, 120):
                clock.advance(wait_s)
                now = clock.now_us()
                due = made.store.timers(now, None, CHECK_IN_DUE)
                assert made.centre.timers.run_prompt(made.journal, due, now, {}) == []
            found = {one.type for one in made.store.incidents("open", None, 10)}
            assert found == {"MED-ARREST", "WELFARE-LONEWORKER"}
