"""Action plans over HTTP: configured, checked, tried dry, switched; and the steps of an incident by whoever has it."""

import json

import pytest

from support.action_plans import PlanRoom
from support.centres import make_folder
from support.fakes import ManualClock
from support.web import Site
from tocsin.system import SystemClock


@pytest.fixture
def site(tmp_path):
    clock = ManualClock(SystemClock().now_us())
    made = Site(make_folder(tmp_path / "centre", clock=clock), clock=clock)
    yield made
    made.close()


@pytest.fixture
def room(site):
    return PlanRoom(site.held)


@pytest.fixture
def sue(site):
    return site.signed_in("supervisor")


@pytest.fixture
def ana(site):
    return site.signed_in("operator")


def step(id_, kind="check", **fields):
    return {"id": id_, "kind": kind, "words": f"Do {id_} now.", **fields}


def body(*steps, name="fire-alarm", **fields):
    return {"name": name, "steps": list(steps), **fields}


def done(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def refused(answer):
    return answer.status_code, answer.json()["code"]


class Acts:
    """What one person does with one incident."""

    def __init__(self, person, incident):
        self.person, self.incident, self.count = person, incident, 0

    def __call__(self, act, **fields):
        self.count += 1
        headers = {"Idempotency-Key": f"{self.incident}-{act.replace('/', '-')}-{self.count}"}
        return self.person.post(f"/api/v1/incidents/{self.incident}/{act}", json=fields, headers=headers)

    def version(self):
        return done(self.person.get(f"/api/v1/incidents/{self.incident}"))["incident"]["version"]

    def claim(self):
        return done(self("claim", version=self.version()))["incident"]


def test_plan_is_made_shown_changed_and_removed(room, sue, ana):
    made = done(sue.post("/api/v1/action-plans", json=body(step("a", mandatory=True), step("b"))), 201)
    assert [one["words"] for one in made["steps"]] == ["Do a now.", "Do b now."]
    assert (made["shipped"], made["for_types"][0], made["steps"][0]["next"]) == (False, "FIRE-ALARM", "b")
    listed = done(ana.get("/api/v1/action-plans"))
    assert listed["items"][0] == made
    assert [one["name"] for one in listed["items"]].count("fire-alarm") == 1
    assert len(listed["items"]) == 32
    assert {one["code"] for one in listed["waive_reasons"]} >= {"not_needed", "unsafe"}
    path = f"/api/v1/action-plans/{made['id']}"
    newer = done(sue.put(path, json=body(step("z"), version=made["version"])))
    late = sue.put(path, json=body(step("y"), version=made["version"]))
    assert refused(late) == (409, "config.overtaken")
    assert late.json()["action_plan"]["steps"][0]["id"] == "z"
    assert done(sue.delete(f"{path}?version={newer['version']}"), 204) is None
    assert done(ana.get("/api/v1/action-plans/fire-alarm"))["shipped"] is True


def test_versions_say_who_and_when_and_an_old_one_is_saved_again(room, sue, ana):
    path = "/api/v1/action-plans/fire-alarm/versions"
    Acts(ana, room.alarm()).claim()  # goes by the one that ships: a version of nobody's making
    assert done(ana.get(path)) == {"items": [], "older": 0}
    made = done(sue.post("/api/v1/action-plans", json=body(step("a"), step("b"))), 201)
    newer = done(sue.put(f"/api/v1/action-plans/{made['id']}", json=body(step("z"), version=made["version"])))
    items = done(ana.get(path))["items"]
    assert [(one["version"], one["steps"], one["now"]) for one in items] == [
        (newer["version"], 1, True),
        (made["version"], 2, False),
    ]
    assert items == done(ana.get(f"/api/v1/action-plans/{made['id']}/versions"))["items"]
    assert {one["changed_by"] for one in items} == {made["changed_by"]}
    assert all(one["changed_at"] for one in items)
    old = done(ana.get(f"{path}/{made['version']}"))
    assert old == made
    again = body(*old["steps"], version=newer["version"])
    back = done(sue.put(f"/api/v1/action-plans/{made['id']}", json=again))
    assert (back["steps"], back["version"] > newer["version"]) == (made["steps"], True)
    done(sue.delete(f"/api/v1/action-plans/{made['id']}?version={back['version']}"), 204)
    items = done(ana.get(path))["items"]
    assert [(one["removed"], one["now"]) for one in items][:2] == [(True, False), (False, False)]
    for number in ("1", "x", "-1", "²", "9" * 16):
        assert refused(ana.get(f"{path}/{number}")) == (404, "action_plan.unknown")
    assert refused(ana.get("/api/v1/action-plans/nothing/versions")) == (404, "action_plan.unknown")


def test_bad_plan_is_refused_with_every_mistake_in_words(room, sue):
    bad = body(step("a", next="a"), step("b", words="What is their religion?"))
    answer = sue.post("/api/v1/action-plans", json=bad)
    assert answer.status_code == 400
    said = " ".join(answer.json()["problems"])
    assert "a -> a" in said
    assert "Step b" in said
    checked = done(sue.post("/api/v1/action-plans/check", json=bad))["problems"]
    assert {one["step"] for one in checked if one["refused"]} >= {"a", "b"}


def test_dry_run_says_when_which_step_comes_and_sends_nothing(room, ana):
    plan = body(step("a", "question", answers="yes_no", goes=[{"result": "no", "to": "end"}]), step("b"))
    asked = {"plan": plan, "answers": [{"step": "a", "result": "yes", "after_s": 7}]}
    ran = done(ana.post("/api/v1/action-plans/dry-run", json=asked))
    assert [(one["step"], one["at_s"], one["result"]) for one in ran["steps"]] == [("a", 0, "yes"), ("b", 7, None)]
    by_type = done(ana.post("/api/v1/action-plans/dry-run", json={"type": "TECH-LINE", "alone": True}))
    assert (by_type["name"], by_type["ends"]) == ("technical-line", "queue")
    wrong = {"plan": plan, "answers": [{"step": "a", "result": "maybe"}]}
    assert refused(ana.post("/api/v1/action-plans/dry-run", json=wrong)) == (400, "action_plan.answer")


def test_operators_see_plans_and_supervisors_change_them(site, room, ana):
    office, key = site.signed_in("administrator"), site.signed_in("integrator")
    assert ana.post("/api/v1/action-plans", json=body(step("a"))).status_code == 403
    assert key.get("/api/v1/action-plans").status_code == 403
    done(office.post("/api/v1/action-plans", json=body(step("a"))), 201)
    switch = "/api/v1/action-plans/switches/TECH-LINE"
    assert office.put(switch, json={"on": True, "version": 0}).status_code == 403


def test_supervisor_lets_a_type_be_handled_alone(room, sue):
    path = "/api/v1/action-plans/switches/TECH-LINE"
    on = done(sue.put(path, json={"on": True, "version": 0}))
    assert (on["on"], on["plan"]) == (True, "technical-line")
    assert refused(sue.put(path, json={"on": False, "version": 0}))[0] == 409
    assert done(sue.put(path, json={"on": False, "version": on["version"]}))["on"] is False
    assert refused(sue.put("/api/v1/action-plans/switches/FIRE-ALARM", json={"on": True, "version": 0})) == (
        400,
        "action_plan.switch",
    )


def test_plan_is_shown_before_it_begins_and_its_steps_are_done_by_whoever_has_the_incident(room, ana, sue):
    incident = room.alarm()
    acts = Acts(ana, incident)
    shown = done(ana.get(f"/api/v1/incidents/{incident}"))
    assert (shown["plan"]["begun"], shown["plan"]["name"], shown["incident"]["plan"]) == (False, "fire-alarm", None)
    assert refused(acts("plan/step", step="send", result="asked")) == (409, "incident.not_claimed")
    row = acts.claim()
    assert (row["plan"]["step"], row["plan"]["number"], row["plan"]["of"]) == ("send", 1, 8)
    assert refused(acts("plan/step", step="seen", result="yes")) == (409, "plan.other_step")
    assert refused(acts("plan/step", step="send", result="yes")) == (400, "plan.result")
    assert refused(Acts(sue, incident)("plan/waive", step="send", reason="unsafe")) == (
        409,
        "incident.claimed_by_other",
    )
    said = done(acts("plan/step", step="send", result="asked", reference="E-17"))
    first, second = said["plan"]["steps"][:2]
    assert (first["state"], first["result"], first["by_plan"], second["state"]) == ("done", "asked", False, "now")
    assert [one["code"] for one in first["asks"]] == ["pump", "ladder", "command"]
    assert done(acts("plan/next", step="which"))["plan"]["step"] == "call-place"
    words = [one["words"] for one in done(ana.get(f"/api/v1/incidents/{incident}"))["timeline"]]
    assert any("their number E-17" in one for one in words)
    assert any("step which: left out" in one for one in words)


def test_call_that_reached_nobody_is_tried_again_and_noted(room, ana):
    room.centre.action_plans.make(_form(), "user-1")
    incident = room.alarm()
    acts = Acts(ana, incident)
    acts.claim()
    again = done(acts("plan/step", step="call", result="no_answer"))
    assert again["plan"]["step"] == "call"
    assert done(acts("plan/step", step="call", result="attends"))["plan"]["ended"] is True
    assert refused(acts("plan/step", step="call", result="attends")) == (409, "plan.over")


def _form():
    from support.action_plans import form
    from support.action_plans import step as step_of

    return form(step_of("call", "call", call="number", telephone="+43 1 234"))


def test_closing_lists_what_must_be_done_first_in_words(room, ana, sue):
    done(sue.post("/api/v1/action-plans", json=body(step("a", mandatory=True), step("b", mandatory=True))), 201)
    incident = room.alarm()
    acts = Acts(ana, incident)
    acts.claim()
    answer = acts("close", version=acts.version(), disposition="real")
    assert refused(answer) == (409, "incident.steps_undone")
    assert answer.json()["steps"] == [{"id": "a", "words": "Do a now."}, {"id": "b", "words": "Do b now."}]
    left = done(acts("plan/waive", step="a", reason="done_elsewhere", all_undone=True))
    assert (left["plan"]["undone"], left["incident"]["plan"]["ended"]) == ([], True)
    assert done(acts("close", version=acts.version(), disposition="real"))["incident"]["state"] == "closed"


def test_who_closes_may_say_why_for_all_steps_at_once(room, ana, sue):
    done(
        sue.post("/api/v1/action-plans", json=body(step("a"), step("b", mandatory=True), step("c", mandatory=True))),
        201,
    )
    incident = room.alarm()
    acts = Acts(ana, incident)
    acts.claim()
    closed = done(acts("close", version=acts.version(), disposition="real", waive="unsafe"))["incident"]
    assert (closed["state"], closed["plan"]["undone"]) == ("closed", 0)
    waived = [(one["body"]["step"], one["body"]["reason"]) for one in room.facts("incident.step_waived")]
    assert waived == [("b", "unsafe"), ("c", "unsafe")]


def test_nobody_closes_as_handled_by_plan(room, ana):
    acts = Acts(ana, room.alarm())
    acts.claim()
    answer = acts("close", version=acts.version(), disposition="handled_by_plan")
    assert refused(answer) == (400, "incident.disposition")
    codes = {one["code"] for one in done(ana.get("/api/v1/catalogue"))["dispositions"]}
    assert "handled_by_plan" not in codes


def test_words_of_a_plan_are_for_those_who_read_texts(site, room):
    incident = room.alarm()
    program = site.program("read")
    assert done(program.get(f"/api/v1/incidents/{incident}"))["plan"] is None
    assert program.get(f"/api/v1/incidents/{incident}/plan").status_code == 403


def test_call_from_the_call_list_counts_for_the_step_and_the_other_way_round(site, room, ana, sue):
    held = site.held
    held.add(b"name,address,directions\nMill,1 Quay Street,\n", kind="sites")
    held.add(b"account,site,name\n1001,Mill,Panel\n")
    site_id = room.store.sites()[0].id
    room.core.use_places(held.centre.places())
    for name, number in (("Porter", "+12025550101"), ("Warden", "+12025550102")):
        contact = {"name": name, "telephones": [number]}
        done(sue.post(f"/api/v1/sites/{site_id}/keyholders", json=contact), 201)
    first, second = [one.id for one in room.store.keyholders([site_id])]
    plan = body(step("keys", "call", call="keyholders", mandatory=True), step("b"))
    done(sue.post("/api/v1/action-plans", json=plan), 201)
    incident = room.fault("FA")
    acts = Acts(ana, incident)
    acts.claim()
    assert refused(acts("plan/step", step="keys", result="attends")) == (400, "plan.keyholder")
    tried = done(acts("plan/step", step="keys", result="no_answer", of=first, telephone=1))
    assert tried["plan"]["step"] == "keys"
    listed = done(acts("calls", of=second, telephone=1, outcome="attends"))
    assert [one["outcome"] for one in listed["calls"]] == ["no_answer", "attends"]
    plan = done(ana.get(f"/api/v1/incidents/{incident}/plan"))
    assert (plan["step"], plan["steps"][0]["result"], plan["undone"]) == ("b", "attends", [])
    (fact,) = room.facts("incident.step_done")
    assert (fact["body"]["of"], fact["body"]["place"]) == (second, 2)


# Files ---------------------------------------------------------------------------------------------------------------


def test_plans_go_round_as_files_looked_at_first_and_imported_as_looked_at(site, room, sue, ana):
    made = done(sue.post("/api/v1/action-plans", json=body(step("look"), name="mine", types=["FIRE-ALARM"])), 201)
    file = sue.get("/api/v1/export/action-plans")
    assert file.headers["content-disposition"] == 'attachment; filename="action-plans.json"'
    assert file.json()["format"] == 1
    same = done(sue.post("/api/v1/import/action-plans?dry_run=true", content=file.content))
    assert [(one["name"], one["state"], one["version"]) for one in same["plans"]] == [("mine", "same", made["version"])]
    one = sue.get("/api/v1/export/action-plans", params={"plan": "hold-up"}).json()["plans"][0]
    other = file.json()["plans"][0] | {"steps": [{"id": "look", "kind": "check", "words": "Look twice."}]}
    text = json.dumps({"format": 1, "plans": [one, other]})
    looked = done(sue.post("/api/v1/import/action-plans?dry_run=true", content=text))
    assert (looked["dry_run"], looked["refused"]) == (True, False)
    assert [(each["state"], each["in_place_of_shipped"], each["changed"]) for each in looked["plans"]] == [
        ("new", True, []),
        ("changed", False, ["look"]),
    ]
    basis = looked["basis"]
    assert refused(sue.post("/api/v1/import/action-plans", params={"basis": basis}, content=file.content)) == (
        409,
        "action_plan.basis",
    )
    path = "/api/v1/import/action-plans"
    assert done(sue.post(path, params={"basis": basis}, content=text))["dry_run"] is False
    assert {one.row.name for one in room.store.action_plans()} == {"mine", "hold-up"}
    assert [each["version"] for each in done(sue.get("/api/v1/action-plans/mine/versions"))["items"]][1:] == [
        made["version"]
    ]
    # Who reads plans exports them, and changes none.
    assert ana.get("/api/v1/export/action-plans").status_code == 200
    assert ana.post(path, content=text).status_code == 403


def test_file_with_mistakes_is_told_plan_by_plan_and_changes_nothing(room, sue):
    path = "/api/v1/import/action-plans"
    loop = [{"id": "a", "kind": "check", "words": "Look.", "next": "a"}]
    good = [{"id": "a", "kind": "check", "words": "Look."}]
    plans = [{"name": "good", "types": ["FIRE-ALARM"], "steps": good}, {"name": "loops", "steps": loop}]
    text = json.dumps({"format": 1, "plans": plans})
    looked = done(sue.post(path, params={"dry_run": True}, content=text))
    assert looked["refused"]
    assert [one["name"] for one in looked["plans"] if any(bad["refused"] for bad in one["problems"])] == ["loops"]
    answer = sue.post(path, content=text)
    assert answer.status_code == 400
    assert "loops: " in answer.text
    for content in (b"\xff\xfe", b"[[[", b"", b"x" * 100):
        assert refused(sue.post(path, params={"dry_run": True}, content=content)) == (400, "action_plan.file")
    assert refused(sue.get("/api/v1/export/action-plans", params={"plan": 'x"; a'})) == (404, "action_plan.unknown")
    assert room.store.action_plans() == []
