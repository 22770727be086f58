"""Chains of escalation over HTTP: saved under the version that was seen, checked, tried without sending, watched."""

import pytest

from support.centres import make_folder
from support.escalations import Room
from support.fakes import ManualClock
from support.web import Site
from tocsin.model.commands import Claim
from tocsin.system import SystemClock

SAME_TIMES = {"from_min": 60, "to_min": 60, "zone": "UTC"}


@pytest.fixture
def site(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    made.held.add(b"name,address,directions\nMill,1 Quay Street,\n", kind="sites")
    yield made
    made.close()


@pytest.fixture
def room(site):
    """With a core; text messages are switched on, and two responders are reached at home."""
    return Room(site.held)


@pytest.fixture
def crew(site, room):
    people = [site.user("responder") for _ in range(2)]
    room.home(*people)
    return people


@pytest.fixture
def ana(site):
    return site.signed_in("supervisor")


@pytest.fixture
def bo(site):
    return site.signed_in("supervisor")


def notify(*users, **fields):
    return {"kind": "notify", "users": list(users), **fields}


def body(*steps, **fields):
    return {"name": "crew", "priorities": [1], "steps": list(steps), **fields}


def done(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def refused(answer):
    return answer.status_code, answer.json()["code"]


def make(person, *steps, **fields):
    return done(person.post("/api/v1/chains", json=body(*steps, **fields)), 201)


def test_chain_is_made_shown_changed_and_removed(site, room, crew, ana):
    made = make(ana, notify(crew[0]), {"kind": "wait", "wait_s": 60}, notify(*crew), again={"after_s": 120, "times": 2})
    said = [(one["code"], one["refused"], one["step"], one["about"]) for one in made["problems"]]
    assert said == [
        ("chain.one_channel", False, 1, [crew[0]]),
        ("chain.late", False, 2, []),
        ("chain.untested", False, 3, []),
        ("chain.one_channel", False, 3, [crew[1]]),
    ]
    listed = done(ana.get("/api/v1/chains"))
    assert listed["items"] == [made]
    steps = [(one["tell"], one["after_s"]) for one in listed["built_in"]]
    assert steps[:2] == [("second_desk", 20), ("supervisor", 40)]
    assert listed["channels"] == ["sms"]
    change = body(notify(crew[1]), name="night", version=made["version"])
    changed = done(ana.put(f"/api/v1/chains/{made['id']}", json=change))
    assert (changed["name"], changed["id"]) == ("night", made["id"])
    assert done(ana.get(f"/api/v1/chains/{made['id']}")) == changed
    done(ana.delete(f"/api/v1/chains/{made['id']}?version={changed['version']}"), 204)
    assert refused(ana.get(f"/api/v1/chains/{made['id']}")) == (404, "chain.unknown")


def test_second_of_two_supervisors_sees_who_was_first_and_how_it_is_now(site, room, crew, ana, bo):
    made = make(ana, notify(crew[0]))
    path = f"/api/v1/chains/{made['id']}"
    first = done(ana.put(path, json=body(notify(crew[1]), version=made["version"])))
    second = bo.put(path, json=body(notify(*crew), version=made["version"]))
    assert refused(second) == (409, "config.overtaken")
    assert (second.json()["chain"], second.json()["changed_by"]) == (first, first["changed_by"])
    assert refused(bo.delete(f"{path}?version={made['version']}")) == (409, "config.overtaken")


@pytest.mark.parametrize(
    ("steps", "fields", "code"),
    [
        ([], {}, "chain.steps"),
        ([{"kind": "notify"}], {}, "chain.who"),
        ([{"kind": "supervisor"}, {"kind": "wait", "wait_s": 5}], {}, "chain.last"),
        ([{"kind": "supervisor"}, {"kind": "next_desk"}], {}, "chain.last"),
        ([{"kind": "wait", "wait_s": 0}, {"kind": "all"}], {}, "chain.wait"),
        ([{"kind": "wait", "wait_s": 301}, {"kind": "all"}], {}, "chain.wait"),
        ([{"kind": "all", "wait_s": 5}], {}, "chain.step"),
        ([{"kind": "supervisor", "roles": ["operator"]}], {}, "chain.step"),
        ([{"kind": "notify", "users": ["user-999"]}], {}, "chain.user"),
        ([{"kind": "notify", "groups": ["group-999"]}], {}, "chain.group"),
        ([{"kind": "notify", "rosters": ["roster-999"]}], {}, "chain.roster"),
        ([{"kind": "notify", "roles": ["responder"], "desks": ["desk-999"]}], {}, "chain.desk"),
        ([{"kind": "webhook"}, {"kind": "all"}], {}, "chain.who"),
        ([{"kind": "notify", "roles": ["responder"], "hours": SAME_TIMES}, {"kind": "all"}], {}, "chain.hours"),
        ([{"kind": "notify", "roles": ["auditor"]}], {}, "chain.nobody"),
        ([{"kind": "notify", "roles": ["responder"], "channels": ["voice"]}], {}, "chain.nobody"),
        ([{"kind": "notify", "roles": ["responder"]}], {"types": ["NO-SUCH"]}, "chain.type"),
        ([{"kind": "notify", "roles": ["responder"]}], {"sites": ["site-999"]}, "chain.site"),
        ([{"kind": "notify", "roles": ["responder"]}], {"again": {"after_s": 59, "times": 1}}, "chain.again"),
        (
            [{"kind": "notify", "roles": ["responder"]}],
            {"strength": {"coming": 1, "needs": [{"capability": "driver", "count": 2}]}},
            "chain.strength",
        ),
    ],
)
def test_chain_that_cannot_work_is_refused_with_its_code_and_nothing_is_saved(site, crew, ana, steps, fields, code):
    answer = ana.post("/api/v1/chains", json=body(*steps, **fields))
    assert refused(answer) == (400, code)
    assert answer.json()["problems"]
    checked = done(ana.post("/api/v1/chains/check", json=body(*steps, **fields)))["problems"]
    assert (checked[0]["code"], checked[0]["refused"]) == (code, True)
    assert done(ana.get("/api/v1/chains"))["items"] == []


def test_what_may_be_right_later_is_said_and_saved(site, room, crew, ana):
    wants = {"coming": 4, "needs": [{"capability": "driver", "count": 1}]}
    room.centre.contacts.set_reach(crew[0], "on_shift", not_now_until=None, on_duty_until=None)
    made = make(ana, notify(crew[0]), strength=wants)
    assert {one["code"] for one in made["problems"]} == {
        "chain.capability", "chain.few", "chain.off_duty", "chain.one_channel", "chain.untested"
    }  # fmt: skip
    assert not any(one["refused"] for one in made["problems"])


def test_chain_that_was_right_says_so_when_its_last_person_is_removed(site, room, crew, ana):
    make(ana, notify(crew[0]))
    (contact,) = room.store.contacts(crew[0])
    room.centre.contacts.remove(crew[0], contact.id)
    (shown,) = done(ana.get("/api/v1/chains"))["items"]
    assert [(one["code"], one["refused"], one["step"]) for one in shown["problems"]] == [("chain.nobody", True, 1)]


def test_dry_run_tells_who_would_be_told_when_and_by_what_and_sends_nothing(site, room, crew, ana):
    boss = site.user("supervisor")
    room.home(boss)
    make(ana, notify(crew[0]), {"kind": "wait", "wait_s": 90}, {"kind": "all"}, again={"after_s": 60, "times": 1})
    head = room.store.head().seq
    ran = done(ana.post("/api/v1/chains/dry-run", json={"type": "FIRE-ALARM"}))
    assert (ran["chain_name"], ran["priority"]) == ("crew", 1)
    steps = [(one["after_s"], one["tell"], one["own"]) for one in ran["steps"]]
    assert steps == [
        (0, "notify", True), (20, "second_desk", False), (40, "supervisor", False), (90, "everyone", True),
        (150, "again", True), (210, "telephone", True), (280, "telephone", False),
    ]  # fmt: skip
    (person,) = ran["steps"][0]["told"]
    assert person == {"user_id": crew[0], "roles": ["responder"], "channels": ["sms"], "refusal": None}
    told = {one["user_id"]: one["refusal"] for one in ran["steps"][3]["told"]}
    assert told[boss] is None
    assert "off_duty" in told.values()  # whoever is signed in here never said anything
    assert (room.store.head().seq, room.store.notices(10)) == (head, [])


def test_dry_run_of_a_chain_that_is_not_saved_goes_by_that_one(site, room, crew, ana):
    tried = body(notify(crew[1]), strength={"coming": 1})
    ran = done(ana.post("/api/v1/chains/dry-run", json={"type": "FIRE-ALARM", "priority": 2, "chain": tried}))
    assert [one["tell"] for one in ran["steps"]] == [
        "notify", "second_desk", "telephone", "supervisor", "telephone"
    ]  # fmt: skip
    assert {one["priority"] for one in done(ana.get("/api/v1/chains"))["built_in"]} == {1, 2}
    assert (ran["chain_id"], ran["strength"]) == (None, {"coming": 1, "needs": []})
    assert done(ana.get("/api/v1/chains"))["items"] == []
    assert refused(ana.post("/api/v1/chains/dry-run", json={"type": "NO-SUCH"})) == (400, "chain.type")
    without = done(ana.post("/api/v1/chains/dry-run", json={"type": "FIRE-ALARM"}))
    assert [one["tell"] for one in without["steps"]][:3] == ["second_desk", "supervisor", "everyone"]


def test_incident_says_which_step_it_is_at_what_comes_next_and_who_is_missing(site, room, crew, ana):
    room.home(site.user("supervisor"))
    made = done(
        ana.post(
            "/api/v1/groups",
            json={"name": "crew", "members": [{"user_id": crew[0], "capabilities": ["driver"]}, {"user_id": crew[1]}]},
        ),
        201,
    )
    wants = {"coming": 2, "needs": [{"capability": "driver", "count": 1}]}
    first = {"kind": "notify", "groups": [made["id"]]}
    make(ana, first, {"kind": "wait", "wait_s": 90}, {"kind": "all"}, strength=wants)
    incident = room.alarm()
    room.pass_s(2)
    asked = next(one for one in room.store.notices(10, incident=incident) if one.recipient == crew[1])
    room.answer(asked, "coming")
    at = done(ana.get(f"/api/v1/incidents/{incident}/chain"))
    assert [one["tell"] for one in at["taken"]] == ["notify"]
    opened = room.store.incident(incident)
    assert (at["next"]["tell"], at["next_built_in"]["tell"]) == ("everyone", "second_desk")
    assert at["next"]["at"] - opened.escalated[0].at == 90_000_000
    assert at["strength"] == {
        "asked": 2, "coming": 1, "wanted": 2, "missing": [{"capability": "driver", "count": 1}], "is_reached": False
    }  # fmt: skip
    room.act(incident, Claim(), actor=crew[0])
    at = done(ana.get(f"/api/v1/incidents/{incident}/chain"))
    assert (at["next"]["tell"], at["next_built_in"]) == ("everyone", None)


def test_group_is_changed_under_the_version_that_was_seen(site, room, crew, ana, bo):
    made = done(ana.post("/api/v1/groups", json={"name": "crew", "members": [{"user_id": crew[0]}]}), 201)
    path = f"/api/v1/groups/{made['id']}"
    both = {"name": "crew", "members": [{"user_id": one} for one in crew], "version": made["version"]}
    changed = done(ana.put(path, json=both))
    late = bo.put(path, json={**both, "name": "other"})
    assert (refused(late), late.json()["group"]) == ((409, "config.overtaken"), changed)
    assert done(ana.get("/api/v1/groups"))["items"] == [changed]
    done(ana.delete(f"{path}?version={changed['version']}"), 204)
    assert refused(ana.put(path, json=both)) == (404, "group.unknown")
    twice = {"name": "x", "members": [{"user_id": crew[0]}, {"user_id": crew[0]}]}
    assert refused(ana.post("/api/v1/groups", json=twice)) == (400, "group.members")


def test_operator_sees_and_tries_chains_and_changes_none(site, room, crew):
    operator = site.signed_in("operator")
    done(operator.get("/api/v1/chains"))
    done(operator.post("/api/v1/chains/dry-run", json={"type": "FIRE-ALARM"}))
    assert refused(operator.post("/api/v1/chains", json=body(notify(crew[0])))) == (403, "access.forbidden")
    assert refused(site.signed_in("responder").get("/api/v1/chains")) == (403, "access.forbidden")


def test_times_of_the_day_are_kept_and_a_zone_that_there_is_none_of_is_refused_before_anything_is_tried(
    site, room, crew, ana
):
    hours = {"from_min": 1200, "to_min": 360, "zone": "Europe/Vienna"}
    made = make(ana, notify(crew[0], hours=hours), notify(*crew))
    assert [step["hours"] for step in made["steps"]] == [hours, None]
    wrong = body(notify(crew[0], hours=hours | {"zone": "Nowhere/Land"}), notify(*crew), name="other")
    assert refused(ana.post("/api/v1/chains", json=wrong)) == (400, "roster.zone")
    tried = ana.post("/api/v1/chains/dry-run", json={"type": "FIRE-ALARM", "chain": wrong})
    assert refused(tried) == (400, "roster.zone")


def test_chain_is_tried_on_the_last_days_saved_or_not_and_nothing_is_sent(site, room, crew, ana):
    incident = room.alarm()
    room.pass_s(30)
    room.act(incident, Claim())
    made = make(ana, notify(crew[0]))
    head = room.store.head().seq
    (was,) = done(ana.post("/api/v1/chains/last-days", json={"chain_id": made["id"]}))["incidents"]
    assert (was["id"], was["waited_s"], was["is_nobody"]) == (incident, 30, False)
    assert was["steps"][0] == {
        "after_s": 0, "step": 0, "tell": "notify", "told": 1, "refused": 0, "desks": 0, "vacant": 0, "off_hours": False,
        "recipients": [{"user": crew[0], "channels": ["sms"]}],
    }  # fmt: skip
    other = body({"kind": "wait", "wait_s": 60}, notify(crew[1]))
    found = done(ana.post("/api/v1/chains/last-days", json={"chain_id": made["id"], "chain": other, "days": 1}))
    assert (found["fitting"], found["in_time"], found["told"], found["nobody"]) == (1, 1, 0, 0)
    for wrong, code in (
        ({}, (400, "chain.trial")),
        ({"chain_id": "chain-9"}, (404, "chain.unknown")),
        ({"chain": body()}, (400, "chain.steps")),
        ({"chain_id": made["id"], "days": 32}, (400, "request.invalid")),
    ):
        assert refused(ana.post("/api/v1/chains/last-days", json=wrong)) == code
    assert (room.store.head().seq, room.store.notices(10)) == (head, [])
