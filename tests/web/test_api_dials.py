"""Dialling by the centre's telephone system, against a fake one: a fact first, then the call, then what became of it.

The fake is an HTTP server of ours; no maker's equipment was tried.
"""

import json
import re

import pytest

from support.action_plans import PlanRoom
from support.centres import make_folder
from support.cores import rebuild_findings
from support.fakes import ManualClock
from support.providers import fake_provider
from support.web import Site
from tocsin.centre.scheduler import Scheduler
from tocsin.model.dials import DIAL_LOST_MIN
from tocsin.model.rings import GRACE_MIN, IN_CALL_MIN
from tocsin.notify.telephone import TelephoneSystem
from tocsin.protocols.telephone import read_call
from tocsin.system import SystemClock

MINUTE_S, MINUTE_US = 60, 60_000_000
DUTY = "0431 55 66"


@pytest.fixture
def pbx():
    with fake_provider() as made:
        yield made


@pytest.fixture
def site(tmp_path, pbx):
    clock = ManualClock(SystemClock().now_us())
    system = TelephoneSystem(pbx.url(), lambda: "whsec_" + "QUJD" * 10, "urn:x", clock, internal=(pbx.address,))
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock, dialling=system)
    made.held.add(b"name,address,directions\nMill,1 Quay Street,\n", kind="sites")
    made.held.add(b"account,site,name\n1001,Mill,Exchange\n4711,,Telephone system\n")
    keys = b"site,order,name,telephone_1,telephone_2\nMill,1,Planted Erika,+49 431 1,\nMill,2,Bo,+49 431 22,0431/2 33\n"
    made.held.add(keys, kind="keyholders")
    made.folder = tmp_path / "centre"
    yield made
    made._runner.run(system.close())
    made.close()


@pytest.fixture
def room(site):
    return PlanRoom(site.held)


@pytest.fixture
def boss(site):
    return site.signed_in("administrator", "supervisor")


@pytest.fixture
def ana(site, boss):
    """An operator on shift at a desk whose telephone is 1001."""
    person = site.signed_in("operator")
    desk = boss.post("/api/v1/desks", json={"label": "D1"}).json()["id"]
    assert boss.post("/api/v1/lines", json={"number": "1001", "desk": desk}).status_code == 201
    until = site.clock.now_us() + 3_600_000_000
    assert person.post("/api/v1/shifts", json={"desk": desk, "until": until}).status_code == 201
    return person


@pytest.fixture
def sender(site, boss):
    """The telephone system, as it tells of calls."""
    account = next(one.id for one in site.held.store.accounts() if one.row.account == "4711")
    made = boss.post("/api/v1/sources", json={"account_id": account, "pbx": {}}).json()
    token = site.access.create_token(["intake"], 90, "user-1")
    change = {"account_id": account, "tokens": [token.id], "version": made["version"], "pbx": {}}
    assert boss.put(f"/api/v1/sources/{made['id']}", json=change).status_code == 200
    client = site.client()
    client.headers["authorization"] = f"Bearer {token.secret}"
    return client


def keyholders(site):
    return [one.id for one in sorted(site.held.store.keyholders(), key=lambda one: one.row.order)]


def dial(person, incident, key="k1", **whom):
    headers = {"idempotency-key": key}
    return person.post(f"/api/v1/incidents/{incident}/dial", json=whom, headers=headers)


def done(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json()


def refused(answer):
    return answer.status_code, answer.json()["code"]


def call_of(made):
    return "tocsin-" + made["id"]


def tell(sender, event, call, **more):
    return done(sender.post("/api/v1/intake/calls", json={"event": event, "call": call, **more}), 202)


def told(person):
    return done(person.get("/api/v1/rings"))


def facts(site, *kinds):
    found = [json.loads(one.row.entry) for one in site.held.store.entries(0, 1000)]
    return [(one["kind"], one["ref"], one["body"]) for one in found if one["kind"] in kinds]


def scheduler(site):
    return Scheduler(site.held.centre.timers, site.held.store, lambda work: work(site.held.journal), site.clock)


def test_the_desk_is_asked_for_and_its_number_stands_in_no_fact_answer_list_or_file(site, room, pbx, ana):
    incident, bo = room.alarm(), keyholders(site)[1]
    made = done(dial(ana, incident, of=bo, telephone=2))
    (taken,) = pbx.taken
    assert taken.json["data"] == {"call": call_of(made), "extension": "1001", "number": "0431233"}
    assert (made["incident"], made["of"], made["telephone"], made["failed"]) == (incident, bo, 2, None)
    desk = site.held.store.desks()[0].id
    (asked,) = facts(site, "dial.asked")
    assert asked[1:] == (
        incident,
        {
            "desk": desk, "exercise": False, "extension": "1001", "of": bo, "place": 2, "step": None, "telephone": 2,
        },
    )  # fmt: skip
    assert facts(site, "vault.read")[0][1:2] == (incident,)
    stored = b"".join(path.read_bytes() for path in site.folder.rglob("*") if path.is_file())
    assert b"0431233" not in stored
    assert b"0431/2 33" not in stored
    kinds = [one.row.kind for one in site.held.store.incident_facts(incident, 100)]
    assert "dial.asked" in kinds
    assert rebuild_findings(site.held.store) == []


def test_the_telephone_system_fills_the_times_and_the_desk_is_in_a_call_while_somebody_talks(site, room, ana, sender):
    incident = room.alarm()
    made = done(dial(ana, incident, of=keyholders(site)[0]))
    assert (told(ana)["in_call_until"], told(ana)["items"], told(ana)["dialling"]) == (None, [], "ready")
    call, times = call_of(made), []
    for event, extension in (("ringing", "1001"), ("answered", "1001"), ("answered", None), ("ended", None)):
        site.clock.advance(10)
        said = tell(sender, event, call, **({} if extension is None else {"extension": extension}))
        assert (said["id"], said["is_repeat"]) == (made["id"], event == "ringing")
        assert tell(sender, event, call, **({} if extension is None else {"extension": extension}))["is_repeat"]
        times.append(site.clock.now_us())
        until = told(ana)["in_call_until"]
        assert until == (times[1] + IN_CALL_MIN * MINUTE_US if event == "answered" else None)
    (shown,) = told(ana)["dials"]
    assert (shown["picked_up_at"], shown["answered_at"], shown["ended_at"]) == tuple(times[1:])
    assert [body["event"] for _, _, body in facts(site, "dial.told")] == ["picked_up", "answered", "ended"]
    assert facts(site, "ring.told") == []
    assert rebuild_findings(site.held.store) == []
    # The result is one word of a list, as by hand; and half an hour later the row is gone.
    noted = {"of": keyholders(site)[0], "outcome": "attends", "telephone": 1}
    done(ana.post(f"/api/v1/incidents/{incident}/calls", json=noted, headers={"idempotency-key": "r"}))
    site.clock.advance(GRACE_MIN * MINUTE_S)
    turned = scheduler(site)
    turned.turn()
    assert told(ana)["dials"] == []
    late = sender.post("/api/v1/intake/calls", json={"event": "ended", "call": call})
    assert refused(late) == (404, "dial.unknown")
    assert rebuild_findings(site.held.store) == []


def test_the_same_command_again_dials_once_and_another_under_its_name_is_refused(site, room, pbx, ana):
    incident, (first, second) = room.alarm(), keyholders(site)
    made = done(dial(ana, incident, of=first))
    assert done(dial(ana, incident, of=first)) == made
    assert refused(dial(ana, incident, of=second)) == (409, "command.reused")
    assert len(pbx.taken) == 1
    assert len(facts(site, "dial.asked")) == 1


def test_a_dial_that_the_telephone_system_does_not_take_says_so_at_once_and_holds_up_nothing(site, room, pbx, ana):
    incident = room.alarm()
    pbx.answer = (500, {}, b"no")
    made = done(dial(ana, incident, of=keyholders(site)[0]))
    assert (made["failed"], made["ended_at"]) == ("refused", site.clock.now_us())
    assert facts(site, "dial.failed") == [
        ("dial.failed", incident, {"dial": made["id"], "exercise": False, "reason": "refused"})
    ]
    assert told(ana)["in_call_until"] is None
    pbx.answer = (204, {}, b"")
    assert done(dial(ana, incident, "k2", of=keyholders(site)[0]))["failed"] is None
    assert rebuild_findings(site.held.store) == []


def test_what_the_telephone_system_told_before_its_answer_counts_more_than_the_answer(site, room, pbx, ana, sender):
    def refuse_late(taken):
        # From the fake's own thread: the centre is told while it waits for the answer.
        message = {"event": "answered", "call": taken.json["data"]["call"], "extension": "1001"}
        told_of.append(message)
        site.held.centre.dials.tell("source-1", read_call(json.dumps(message).encode(), "application/json", {}))
        return 500, {}, b""

    told_of = []
    pbx.answer = refuse_late
    made = done(dial(ana, room.alarm(), of=keyholders(site)[0]))
    assert (made["failed"], made["ended_at"], made["picked_up_at"]) == (None, None, site.clock.now_us())
    assert facts(site, "dial.failed") == []
    assert len(told_of) == 1


def test_who_may_not_be_called_by_it_is_refused_and_nothing_leaves(site, room, pbx, ana, boss):
    incident, (first, _) = room.alarm(), keyholders(site)
    other = site.signed_in("operator")
    silent = room.alarm("HA")
    for answer, found in (
        (dial(other, incident, of=first), (409, "dial.no_extension")),
        (dial(ana, silent, of=first), (409, "dial.silent")),
        (dial(ana, incident, of="keyholder-999"), (400, "dial.whom")),
        (dial(ana, incident, of=first, telephone=2), (400, "dial.whom")),
        (dial(ana, incident), (400, "dial.step")),
        (dial(ana, incident, step="nothing"), (400, "dial.step")),
        (dial(ana, "incident-999999", of=first), (404, "incident.unknown")),
        (dial(site.signed_in("administrator"), incident, of=first), (403, "access.forbidden")),
    ):
        assert refused(answer) == found
    assert (pbx.taken, facts(site, "dial.asked")) == ([], [])
    assert done(dial(ana, silent, of=first, is_anyway=True))["failed"] is None
    assert (told(other)["dials"], told(other)["dialling"]) == (
        [],
        "no_extension",
    )  # nobody else is shown what somebody dialled


def test_a_step_of_a_plan_dials_its_own_number(site, room, pbx, ana, boss):
    step = {"id": "duty", "kind": "call", "words": "Call the duty officer.", "call": "number", "telephone": DUTY}
    done(boss.post("/api/v1/action-plans", json={"name": "fire-alarm", "steps": [step]}), 201)
    incident = room.alarm()
    assert refused(dial(ana, incident, step="duty")) == (400, "dial.step")  # it has not begun
    version = done(ana.get(f"/api/v1/incidents/{incident}"))["incident"]["version"]
    claim = {"version": version}
    done(ana.post(f"/api/v1/incidents/{incident}/claim", json=claim, headers={"idempotency-key": "c"}))
    made = done(dial(ana, incident, step="duty"))
    assert (pbx.taken[0].json["data"]["number"], made["of"], made["step"]) == ("04315566", None, "duty")
    (asked,) = facts(site, "dial.asked")
    assert (asked[2]["of"], asked[2]["place"], asked[2]["step"], asked[2]["telephone"]) == (None, None, "duty", None)
    assert not re.search(r"5566|55 66", json.dumps(asked))


def test_one_that_nobody_tells_of_is_over_after_a_while_and_after_a_clock_that_was_set_back(site, room, ana):
    done(dial(ana, room.alarm(), of=keyholders(site)[0]))
    turning = scheduler(site)
    turning.turn()
    site.clock.wall_us -= 3 * 3600 * 1_000_000
    site.clock.advance(DIAL_LOST_MIN * MINUTE_S + 1)
    turning.turn()
    (shown,) = told(ana)["dials"]
    assert (shown["is_lost"], shown["ended_at"] is not None) == (True, True)
    assert rebuild_findings(site.held.store) == []


def test_a_lost_end_keeps_no_desk_soft_for_ever(site, room, ana, sender):
    made = done(dial(ana, room.alarm(), of=keyholders(site)[0]))
    tell(sender, "answered", call_of(made), extension="1001")
    tell(sender, "answered", "c9", extension="1001")  # and of a call that came in
    assert told(ana)["in_call_until"] is not None
    site.clock.advance(IN_CALL_MIN * MINUTE_S)
    assert told(ana)["in_call_until"] is None


def test_a_centre_without_one_says_so_and_desks_dial_by_hand(tmp_path):
    made = Site(make_folder(tmp_path / "plain"))
    try:
        ana = made.signed_in("operator")
        assert told(ana)["dialling"] == "off"
        assert refused(dial(ana, "incident-1", of="keyholder-1")) == (409, "dial.off")
    finally:
        made.close()
