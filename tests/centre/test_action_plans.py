"""Incidents led through their plans: one commit each, durable timers, closing, duress; plans without an operator."""

import msgspec
import pytest

from support.action_plans import PlanRoom, ask, form, step
from support.centres import HeldCentre, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS, SECOND
from support.fakes import ManualClock
from tocsin.centre.action_plan_files import MissedFile, PlanFile, WhomFile, read_plans, write_plans
from tocsin.centre.action_plans import BadPlan, rebuild_action_plans
from tocsin.centre.editing import Overtaken
from tocsin.centre.escalation import hold_steps
from tocsin.centre.shifts import Wanted
from tocsin.model.commands import BeginPlan, Claim, Close, Command, DoStep, Release, Reopen, Shelve
from tocsin.model.errors import BadInput, Conflict
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.system import SystemClock


@pytest.fixture
def settings(tmp_path):
    return make_folder(tmp_path / "centre")


class Rooms:
    """A room that can be left and entered again, as a process that ends and starts."""

    def __init__(self, settings):
        self.settings = settings
        self.clock = ManualClock(SystemClock().now_us())
        self.open()

    def open(self):
        self.made = HeldCentre(self.settings, clock=self.clock)
        self.room = PlanRoom(self.made)
        self.room.users(user_1=("supervisor",), user_2=("operator",))
        self.room.home(BOSS)
        if not self.room.store.accounts():
            self.made.add(b"account,name\n1001,One\n2002,Two\n")
        self.room.core.use_places(self.made.centre.places())
        return self.room

    def again(self):
        self.made.close()
        return self.open()


@pytest.fixture
def rooms(settings):
    made = Rooms(settings)
    yield made
    room = made.room
    assert rebuild_findings(room.store) == []
    plans, switches = rebuild_action_plans(room.store.entries(0, 100_000))
    assert (plans, switches) == (room.store.action_plan_versions(), room.store.plan_switches())
    made.made.close()


@pytest.fixture
def room(rooms):
    return rooms.room


def own(room, *steps, **fields):
    return room.centre.action_plans.make(form(*steps, **fields), BOSS)


def results(room, incident):
    return [(one.step, one.result) for one in room.plan(incident).done]


def refused(code, act, *arguments, **fields):
    with pytest.raises((Conflict, BadInput)) as caught:
        act(*arguments, **fields)
    assert caught.value.code == code
    return caught.value


# Beginning -----------------------------------------------------------------------------------------------------------


def test_plan_begins_with_the_first_claim_and_not_before(room):
    incident = room.alarm()
    assert room.plan(incident) is None
    room.act(incident, Claim())
    plan = room.plan(incident)
    assert (plan.name, plan.step, plan.alone, plan.undone) == ("fire-alarm", "send", False, ("send",))
    room.act(incident, Release())
    room.act(incident, Claim())
    assert len(room.facts("incident.plan_begun")) == 1


def test_version_that_ships_is_in_the_journal_once_with_its_hash(room):
    first, second = room.claimed(), room.claimed(account="2002")
    assert room.plan(first).hash == room.plan(second).hash
    (fact,) = room.facts("action_plan.set")
    assert (fact["body"]["name"], fact["body"]["shipped"]) == ("fire-alarm", True)
    assert [one["body"]["hash"] for one in room.facts("incident.plan_begun")] == [room.plan(first).hash] * 2


def test_incident_goes_on_with_the_version_that_it_began_with(room):
    plan = own(room, step("a", mandatory=True), step("b"))
    incident = room.claimed()
    room.centre.action_plans.change(plan.id, plan.seq, form(step("z")), BOSS)
    assert room.plan(incident).version == plan.seq
    room.do(incident, "done")
    assert room.plan(incident).step == "b"
    assert room.plan(room.claimed(account="2002")).step == "z"


def test_plan_of_a_removed_version_is_gone_through_to_its_end(room):
    plan = own(room, step("a"), step("b"))
    incident = room.claimed()
    room.centre.action_plans.remove(plan.id, plan.seq, BOSS)
    room.do(incident, "done")
    room.do(incident, "done")
    assert room.plan(incident).ended
    assert room.plan(room.claimed(account="2002")).name == "fire-alarm"


# Steps ---------------------------------------------------------------------------------------------------------------


def test_steps_lead_on_by_their_results(room):
    own(room, ask("seen", goes={"no": "line"}), step("send", "dispatch"), step("line", "message", line="place_secured"))
    incident = room.claimed()
    room.do(incident, "no")
    assert room.plan(incident).step == "line"
    room.do(incident, "written")
    assert (results(room, incident), room.plan(incident).ended) == ([("seen", "no"), ("line", "written")], True)


def test_only_whose_turn_it_is_is_done_and_only_by_whoever_has_the_incident(room):
    own(room, step("a"), step("b"))
    incident = room.alarm()
    refused("incident.not_claimed", room.do, incident, "done", "a")
    room.act(incident, Claim())
    refused("plan.other_step", room.do, incident, "done", "b")
    refused("plan.result", room.do, incident, "yes")
    refused("incident.claimed_by_other", room.act, incident, BeginPlan(), BOSS)
    room.do(incident, "done")
    refused("plan.other_step", room.do, incident, "done", "a")


def test_wait_goes_by_the_clock_alone_and_takes_exactly_its_time(room):
    own(room, step("w", "wait", wait_s=60), step("b"))
    incident = room.claimed()
    refused("plan.by_itself", room.do, incident, "over")
    room.pass_s(59)
    assert room.plan(incident).step == "w"
    room.pass_s(2)
    assert (room.plan(incident).step, results(room, incident)) == ("b", [("w", "over")])


def test_optional_step_is_passed_and_a_mandatory_one_is_not(room):
    own(room, step("a"), step("b", mandatory=True))
    incident = room.claimed()
    room.go_past(incident)
    refused("plan.mandatory", room.go_past, incident)
    room.waive(incident, "unsafe")
    (done,) = [one for one in room.plan(incident).done if one.step == "b"]
    assert (done.result, done.reason, done.by, room.plan(incident).ended) == ("waived", "unsafe", ANA, True)


def test_dispatch_notes_who_was_asked_their_number_and_when(room):
    own(room, step("send", "dispatch", asks=("pump",)))
    incident = room.claimed()
    room.do(incident, "asked", reference="E-2026-17", asked_at=42)
    (fact,) = room.facts("incident.step_done")
    assert fact["body"]["asked"] == {"asks": ["pump"], "at": 42, "reference": "E-2026-17"}


def test_notify_step_tells_in_the_same_commit_and_says_how_many(room):
    own(room, step("tell", "notify", whom=WhomFile(roles=("supervisor",))))
    incident = room.claimed()
    room.woken.clear()
    room.do(incident, "told")
    (fact,) = room.facts("incident.step_done")
    assert (fact["body"]["result"], fact["body"]["told"], room.woken) == ("told", 1, [1])
    assert [one.recipient for one in room.store.notices(10, incident=incident)] == [BOSS]


def test_same_command_again_does_a_step_once(room):
    own(room, step("tell", "notify", whom=WhomFile(roles=("supervisor",))), step("b"))
    incident = room.claimed()
    command = Command(actor=ANA, id="same", incident=incident, version=None, act=DoStep(step="tell", result="told"))
    first = room.centre.handle(command)
    assert room.centre.handle(command) == first
    assert len(room.facts("incident.step_done")) == 1


# Limits --------------------------------------------------------------------------------------------------------------


def test_missed_limit_marks_the_step_and_its_turn_goes_on(room):
    own(room, step("a", limit_s=60, missed=MissedFile("mark")))
    incident = room.claimed()
    room.pass_s(61)
    assert (room.plan(incident).step, room.plan(incident).late, room.plan_timers()) == ("a", True, {})
    room.do(incident, "done")
    assert not room.plan(incident).late


def test_limit_that_falls_into_a_shelving_is_missed_at_its_end_and_one_that_does_not_keeps_its_time(room):
    own(room, step("a", limit_s=600, missed=MissedFile("mark")), types=("INT-BURGLARY",))
    incident = room.claimed("BA")
    due_at = room.plan_timers()[incident]
    room.act(incident, Shelve(reason="weather", minutes=5))
    assert room.plan_timers() == {}
    room.pass_s(301)
    assert room.store.incident(incident).presentation == "shown"
    assert room.plan_timers() == {incident: due_at}
    room.act(incident, Shelve(reason="weather", minutes=15))
    room.pass_s(14 * 60)
    assert not room.plan(incident).late
    room.pass_s(61)
    assert room.plan(incident).late


def test_missed_limit_tells_the_supervisors_once(room):
    own(room, step("a", limit_s=60, missed=MissedFile("tell")))
    incident = room.claimed()
    room.pass_s(400)
    (notice,) = room.store.notices(10, incident=incident)
    assert (notice.recipient, notice.ends_at_claim) == (BOSS, False), "it is of an incident that somebody has"
    assert len(room.facts("incident.step_overdue")) == 1


def test_missed_limit_leads_elsewhere_and_what_it_went_past_must_be_done_yet(room):
    own(room, step("a", mandatory=True, limit_s=60, missed=MissedFile("go", go="c")), step("b"), step("c"))
    incident = room.claimed()
    room.pass_s(61)
    assert (room.plan(incident).step, room.plan(incident).undone) == ("c", ("a",))
    room.do(incident, "done")
    refused("incident.steps_undone", room.act, incident, Close(disposition="real"))
    room.do(incident, "done", "a")
    assert room.plan(incident).undone == ()
    room.act(incident, Close(disposition="real"))


def test_limit_outlives_the_process_and_is_missed_once(rooms):
    own(rooms.room, step("a", limit_s=60, missed=MissedFile("mark")))
    incident = rooms.room.claimed()
    rooms.clock.advance(300)
    room = rooms.again()
    room.pass_s(1)
    room = rooms.again()
    room.pass_s(500)
    assert [one["body"]["step"] for one in room.facts("incident.step_overdue")] == ["a"]
    assert room.plan(incident).late


def test_timer_is_the_steps_own_and_gone_with_it(room):
    own(room, step("a", limit_s=60), step("b"), step("c", limit_s=30))
    incident = room.claimed()
    at = room.plan_timers()[incident]
    assert at == room.plan(incident).begun_at + 60 * SECOND
    room.do(incident, "done")
    assert room.plan_timers() == {}
    room.do(incident, "done")
    room.act(incident, Close(disposition="real"))
    assert room.plan_timers() == {}
    assert room.plan(incident).ended


def test_after_a_restore_no_step_of_yesterday_is_missed(rooms):
    own(rooms.room, step("a", limit_s=60))
    incident = rooms.room.claimed()
    assert hold_steps(rooms.made.journal, rooms.room.store) >= 1
    rooms.room.pass_s(120)
    assert not rooms.room.plan(incident).late


# Closing -------------------------------------------------------------------------------------------------------------


def test_closing_is_refused_while_mandatory_steps_are_undone_and_names_them(room):
    own(room, step("a", mandatory=True), ask("b"), step("c", mandatory=True))
    incident = room.claimed()
    error = refused("incident.steps_undone", room.act, incident, Close(disposition="unwanted"))
    assert "a, c" in error.message
    room.do(incident, "done")
    room.waive(incident, all_undone=True)
    assert room.plan(incident).undone == ()
    room.act(incident, Close(disposition="unwanted"))
    assert room.store.incident(incident).state == "closed"


@pytest.mark.parametrize("disposition", ["test", "duplicate"])
def test_tests_and_duplicates_are_closed_with_steps_undone(room, disposition):
    incident = room.claimed()
    room.act(incident, Close(disposition=disposition))
    assert room.store.incident(incident).state == "closed"


def test_nobody_closes_as_handled_by_plan(room):
    incident = room.claimed()
    refused("incident.disposition", room.act, incident, Close(disposition="handled_by_plan"))


def test_reopened_incident_goes_on_where_it_was(room):
    own(room, step("a"), step("b"))
    incident = room.claimed()
    room.do(incident, "done")
    room.act(incident, Close(disposition="real"))
    room.act(incident, Reopen(reason="more_to_do"))
    plan = room.plan(incident)
    assert (plan.step, plan.ended, [one.step for one in plan.done]) == ("b", False, ["a"])


# Another plan --------------------------------------------------------------------------------------------------------


def test_duress_begins_the_plan_of_a_hold_up_at_once(room):
    own(room, ask("phrase"), name="mine", types=("INT-BURGLARY",))
    incident = room.claimed("BA")
    before = room.store.incident(incident)
    room.do(incident, "duress")
    after = room.store.incident(incident)
    assert (before.priority, before.silent) == (2, False)
    assert (after.priority, after.silent, after.plan.name) == (1, True, "hold-up")
    assert after.alarmed > before.alarmed, "nobody closes it without having seen that"
    assert [one["body"]["reason"] for one in room.facts("incident.plan_begun")] == ["claimed", "duress"]


def test_steps_that_were_done_stay_done_when_the_plan_is_another(room):
    own(room, step("silence", mandatory=True), ask("phrase"), name="mine", types=("INT-BURGLARY",))
    incident = room.claimed("BA")
    room.do(incident, "done")
    room.do(incident, "duress")
    plan = room.plan(incident)
    assert (plan.name, plan.step) == ("hold-up", "police")
    assert [(one.step, one.result) for one in plan.done] == [("silence", "done")]


# Without an operator -------------------------------------------------------------------------------------------------


def switch_on(room, type_="TECH-PANEL"):
    found = {one.type: one.seq for one in room.store.plan_switches()}
    room.centre.action_plans.switch(type_, found.get(type_, 0), BOSS, is_on=True)


def technical(room):
    """A code that opens what a plan may handle, and the type."""
    known = shipped_catalogue().codes
    for (format_, code), rule in known.items():
        over = known.get((format_, code[:-1] + "R"))
        is_fault = format_ == "SIA" and code.endswith("T") and rule.kind == "trouble" and rule.priority == 4
        is_ours = is_fault and rule.type in ("TECH-PANEL", "TECH-MAINS")
        if is_ours and over is not None and over.kind == "trouble_restoral":
            return code, over.code, rule.type
    raise AssertionError("there is none")


def test_nothing_is_handled_without_an_operator_before_a_supervisor_switched_it_on(room):
    code, _, _ = technical(room)
    assert room.plan(room.fault(code)) is None


def test_fault_that_returns_is_handled_by_its_plan(room):
    code, over, type_ = technical(room)
    switch_on(room, type_)
    incident = room.fault(code)
    plan = room.plan(incident)
    assert (plan.alone, plan.step) == (True, "wait-return")
    room.pass_s(30)
    room.fault(over)
    assert room.plan(incident).step == "settle"
    room.pass_s(121)
    closed = room.store.incident(incident)
    assert (closed.state, closed.disposition, closed.closed_by) == ("closed", "handled_by_plan", None)
    assert all(one.by is None for one in closed.plan.done)
    assert room.store.timer("incident", incident) is not None, "its texts end too"


def test_fault_that_chattered_is_handled_by_its_plan_once_it_is_quiet_and_over(room):
    code, over, type_ = technical(room)
    switch_on(room, type_)
    for _ in range(6):
        incident = room.fault(code)
        room.pass_s(5)
    room.fault(over)
    assert room.store.incident(incident).chatter_since is not None
    assert room.plan(incident).step == "wait-return", "what chatters is not over with one restoral"
    room.pass_s(301)
    assert (room.store.incident(incident).condition, room.plan(incident).step) == ("returned", "settle")
    room.pass_s(121)
    assert room.store.incident(incident).disposition == "handled_by_plan"
    assert rebuild_findings(room.store) == []


def test_hand_over_lists_what_was_handled_so_since_the_shift_began(room):
    code, over, type_ = technical(room)
    switch_on(room, type_)
    shifts = room.centre.shifts
    desk = shifts.set_desk(None, Wanted(hazards=(), label="north", priorities=()), BOSS).id
    shifts.begin(desk, room.clock.now_us() + 3_600 * SECOND, ANA)
    incident = room.fault(code)
    room.fault(over)
    room.pass_s(121)
    listed = shifts.listed(ANA)
    assert (listed.by_plan, listed.by_plan_count) == ((incident,), 1)
    assert shifts.listed(BOSS).by_plan == ()


def test_fault_that_stays_is_told_twice_and_goes_to_the_queue(room):
    code, _, type_ = technical(room)
    switch_on(room, type_)
    incident = room.fault(code)
    room.pass_s(601)
    # Nobody of the place can be told: it goes to the queue at once.
    plan = room.plan(incident)
    assert (plan.alone, plan.step, plan.ended) == (False, None, False)
    room.act(incident, Claim())
    assert room.plan(incident).step == "what"
    assert [one["body"]["reason"] for one in room.facts("incident.plan_ended")] == ["to_queue"]


def test_fault_that_is_active_again_is_not_closed(room):
    code, over, type_ = technical(room)
    switch_on(room, type_)
    incident = room.fault(code)
    room.fault(over)
    room.fault(code)
    room.pass_s(121)
    assert (room.store.incident(incident).state, room.plan(incident).alone) == ("open", False)


def test_claim_takes_it_over(room):
    code, _, type_ = technical(room)
    switch_on(room, type_)
    incident = room.fault(code)
    room.act(incident, Claim())
    plan = room.plan(incident)
    assert (plan.alone, plan.step) == (False, "what")
    room.pass_s(700)
    assert [one["body"]["reason"] for one in room.facts("incident.plan_ended")] == ["taken_over"]


def test_common_cause_hands_it_to_the_queue(room):
    code, _, type_ = technical(room)
    switch_on(room, type_)
    incident = room.fault(code)
    room.centre.planning._common = lambda: True
    room.pass_s(601)
    assert not room.plan(incident).alone
    assert [one["body"]["reason"] for one in room.facts("incident.plan_ended")] == ["common_cause"]
    assert room.plan(room.fault(code, "2002")) is None


def test_only_technical_types_of_low_priority_can_be_switched_on(room):
    for type_ in ("FIRE-ALARM", "TECH-RECEIVER", "INT-DOOR", "NONE"):
        refused("action_plan.switch", room.centre.action_plans.switch, type_, 0, BOSS, is_on=True)
    refused("action_plan.switch", room.centre.action_plans.switch, "TECH-TAMPER", 0, BOSS, is_on=True)


def test_switch_names_the_version_that_was_seen(room):
    switch_on(room)
    with pytest.raises(Overtaken):
        room.centre.action_plans.switch("TECH-PANEL", 0, BOSS, is_on=False)


def test_handled_incident_outlives_the_process_in_the_middle_of_it(rooms):
    code, over, type_ = technical(rooms.room)
    switch_on(rooms.room, type_)
    incident = rooms.room.fault(code)
    rooms.room.fault(over)
    rooms.clock.advance(1_000)
    room = rooms.again()
    room.pass_s(1)
    assert room.store.incident(incident).disposition == "handled_by_plan"
    assert len(room.facts("incident.closed")) == 1


# Changes -------------------------------------------------------------------------------------------------------------


def test_bad_plan_is_refused_with_every_mistake_and_nothing_is_kept(room):
    with pytest.raises(BadPlan) as caught:
        own(room, step("a", next="a"), step("b", words="Ask for the religion."))
    assert len(caught.value.reasons) >= 2
    assert room.store.action_plans() == []


def test_words_lie_in_the_vault_and_not_in_the_journal(room):
    made = own(room, step("a", words="Call the porter Zwetschkenbaum."))
    assert b"Zwetschkenbaum" not in b"".join(one.row.entry for one in room.store.entries(0, 1000))
    assert room.centre.action_plans.texts([made.row])[0]["a"].words == "Call the porter Zwetschkenbaum."


def test_same_plan_again_makes_no_version_and_a_change_names_what_was_seen(room):
    plans = room.centre.action_plans
    made = own(room, step("a"))
    assert plans.change(made.id, made.seq, form(step("a")), BOSS) == made
    newer = plans.change(made.id, made.seq, form(step("b")), BOSS)
    with pytest.raises(Overtaken):
        plans.change(made.id, made.seq, form(step("c")), BOSS)
    assert [one.seq for one in room.store.action_plan_versions()] == [made.seq, newer.seq]
    refused("action_plan.same_name", plans.make, form(step("z")), BOSS)


def test_export_can_be_imported_again_and_changes_nothing(room):
    plans = room.centre.action_plans
    own(
        room,
        ask("seen", goes={"no": "tell"}, limit_s=60, missed=MissedFile("go", go="tell")),
        step("send", "dispatch", asks=("pump",), mandatory=True),
        step("tell", "notify", whom=WhomFile(roles=("supervisor",))),
    )
    own(room, step("k", "call", call="number", telephone="+43 1 234"), name="mine", types=("FIRE-SMOKE",))
    before = room.store.action_plans()
    done = plans.import_(plans.export().decode(), BOSS)
    assert (done.new, done.changed, done.same) == ((), (), ("fire-alarm", "mine"))
    assert room.store.action_plans() == before
    (one,) = read_plans(plans.export("mine").decode())
    assert (one.row.name, one.texts[0].telephone) == ("mine", "+43 1 234")
    refused("action_plan.unknown", plans.export, "none-such")


def test_every_plan_that_ships_goes_into_a_file_and_comes_whole_to_another_centre(room):
    plans = room.centre.action_plans
    for row in plans.shipped():
        (form_,) = read_plans(plans.export(row.name).decode())
        words = {one.id: one.words for one in form_.texts}
        steps = tuple(msgspec.structs.replace(one, words=words[one.id]) for one in form_.row.steps)
        assert msgspec.structs.replace(form_.row, shipped=True, steps=steps) == row
    files = [msgspec.json.decode(plans.export(row.name))["plans"] for row in plans.shipped()]
    text = msgspec.json.encode({"format": 1, "plans": [one for (one,) in files]}).decode()
    done = plans.import_(text, BOSS)
    assert len(done.new) == 32
    assert all(one.is_shipped_name for one in done.plans)
    assert plans.export() == msgspec.json.format(text.encode(), indent=2) + b"\n"
    assert plans.import_(plans.export().decode(), BOSS).same == done.new


def test_preview_says_what_would_be_otherwise_and_exactly_that_is_imported(room):
    plans = room.centre.action_plans
    own(room, step("a"), step("b"), step("c"), name="mine", types=("FIRE-SMOKE",))
    before = room.store.action_plans()
    file = plans.export().decode()
    raw = msgspec.json.decode(file)
    a, _, c = raw["plans"][0]["steps"]
    raw["plans"][0]["steps"] = [c | {"next": "d"}, {"id": "d", "kind": "check", "words": "New.", "next": "a"},
                                a | {"words": "Otherwise.", "next": "end"}]  # fmt: skip
    raw["plans"][0]["types"] = ["FIRE-ALARM"]
    text = msgspec.json.encode(raw).decode()
    looked = plans.preview(text)
    (one,) = looked.plans
    assert (one.state, one.version, one.is_shipped_name) == ("changed", before[0].seq, False)
    assert (one.added, one.changed, one.removed) == (("d",), ("c", "a"), ("b",))
    assert one.fields == ("types", "order")
    assert room.store.action_plans() == before, "looking changes nothing"
    # Another file, or another plan meanwhile: not what was looked at.
    refused("action_plan.basis", plans.import_, file, BOSS, basis=looked.basis)
    plans.change(before[0].id, before[0].seq, form(step("z"), name="mine", types=("FIRE-SMOKE",)), BOSS)
    refused("action_plan.basis", plans.import_, text, BOSS, basis=looked.basis)
    done = plans.import_(text, BOSS, basis=plans.preview(text).basis)
    assert done.changed == ("mine",)
    assert len(plans.versions("mine")) == 3, "a new version each; none is written over"
    assert [one.id for one in room.store.action_plans()[0].row.steps] == ["c", "d", "a"]


def test_preview_names_what_stands_in_the_way_of_each_plan(room):
    text = """\
[[plans]]
name = "good"
types = ["FIRE-ALARM"]
steps = [{id = "a", kind = "check", words = "Look."}]
[[plans]]
name = "loops"
types = ["FIRE-ALARM"]
steps = [
  {id = "a", kind = "check", words = "Look.", next = "b"},
  {id = "b", kind = "check", words = "Look.", next = "a"},
]
[[plans]]
name = "dead"
types = ["FIRE-ALARM"]
steps = [{id = "a", kind = "check", words = "Look.", next = "end"}, {id = "b", kind = "check", words = "Never."}]
[[plans]]
name = "nobody"
types = ["FIRE-ALARM"]
steps = [{id = "a", kind = "notify", words = "Tell.", whom = {}}]
"""
    plans = room.centre.action_plans
    looked = plans.preview(text)
    wrong = {one.name: [problem.code for problem in one.problems if problem.is_refused] for one in looked.plans}
    assert wrong["good"] == []
    assert all(wrong[name] for name in ("loops", "dead", "nobody")), wrong
    with pytest.raises(BadPlan) as caught:
        plans.import_(text, BOSS, basis=looked.basis)
    assert {reason.partition(":")[0] for reason in caught.value.reasons} == {"loops", "dead", "nobody"}
    assert room.store.action_plans() == []


def test_file_of_another_format_is_refused_and_one_without_any_is_read(room):
    plans = room.centre.action_plans
    for format_ in (2, 0, "1", True, None):
        text = msgspec.json.encode({"format": format_, "plans": []}).decode()
        refused("action_plan.format", plans.preview, text)
    refused("action_plan.file", plans.preview, '{"format": 1, "plans": [], "keyholders": []}')
    refused("action_plan.file", plans.preview, "[" * 100_000)
    refused("action_plan.file", plans.preview, '{"plans": ' + "[" * 100_000)
    refused("action_plan.file", plans.preview, '{"plans": ["' + "x" * (9 << 20) + '"]}')
    refused("action_plan.file", plans.preview, "# " + "x" * (1 << 20))
    assert plans.preview('{"plans": []}').plans == ()
    assert plans.preview("format = 1\nplans = []\n").plans == ()


def test_as_many_plans_as_there_can_be_with_all_their_words_go_round():
    """The largest file that an export writes is one that an import reads."""
    words = "ü" * 400
    steps = [step(f"a-step-with-a-long-name-{number}", words=words) for number in range(40)]
    text = write_plans([PlanFile(name=f"plan-{number}", steps=tuple(steps)) for number in range(200)]).decode()
    assert len(read_plans(text)) == 200
    assert len(text) < 8 << 20


def test_import_is_the_whole_file_or_nothing(room):
    text = '[[plans]]\nname = "fire-alarm"\nsteps = [{id = "a", kind = "check", words = "Look."}]\n'
    bad = text + '[[plans]]\nname = "flood"\nsteps = [{id = "a", kind = "check", words = "Look.", next = "a"}]\n'
    with pytest.raises(BadPlan) as caught:
        room.centre.action_plans.import_(bad, BOSS)
    assert "flood" in caught.value.reasons[0]
    assert room.store.action_plans() == []
    assert room.centre.action_plans.import_(text, BOSS, is_dry=True).new == ("fire-alarm",)
    assert room.store.action_plans() == []
    assert room.centre.action_plans.import_(text, BOSS).new == ("fire-alarm",)


@pytest.mark.parametrize(
    "text", ["not = [toml", "[1, 2]", '{"plans": [{"name": 1}]}', '{"name": "a", "steps": [], "x": 1}']
)
def test_file_of_another_shape_is_refused_with_its_place(room, text):
    refused("action_plan.file", room.centre.action_plans.import_, text, BOSS)


def test_restart_keeps_plans_and_words(rooms):
    made = own(rooms.room, step("a", words="Look there."))
    room = rooms.again()
    assert room.store.action_plans() == [made]
    assert room.centre.action_plans.texts([made.row])[0]["a"].words == "Look there."
    assert msgspec.json.encode(made.row) == msgspec.json.encode(room.store.action_plans()[0].row)
