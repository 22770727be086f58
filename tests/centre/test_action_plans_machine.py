"""Plans against a plain model: whatever people, clocks and kills do, each step is taken once and in its order."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support.action_plans import PlanRoom, ask, form, step
from support.centres import HeldCentre, make_folder
from support.cores import rebuild_findings
from support.escalations import ANA, BOSS
from support.fakes import ManualClock
from tocsin.centre.action_plan_files import MissedFile
from tocsin.centre.action_plans import rebuild_action_plans
from tocsin.model.commands import Claim, Close, Release
from tocsin.model.errors import BadInput, Conflict
from tocsin.system import SystemClock

FIRST = (
    ask("seen", mandatory=True, goes={"no": "wait"}),
    step("send", "dispatch", mandatory=True, limit_s=60, missed=MissedFile("go", go="look")),
    step("wait", "wait", wait_s=30),
    step("look", mandatory=True, limit_s=40, missed=MissedFile("mark")),
    step("line", "message", line="place_secured"),
)
OTHER = (step("look", mandatory=True), ask("seen"), step("end-check"))
NEXT = {
    ("seen", "yes"): "send",
    ("seen", "unknown"): "send",
    ("seen", "no"): "wait",
    ("send", "asked"): "wait",
    ("send", "refused"): "wait",
    ("wait", "over"): "look",
    ("look", "done"): "line",
    ("line", "written"): None,
}
RESULTS = {"seen": ["yes", "no", "unknown"], "send": ["asked", "refused"], "look": ["done"], "line": ["written"]}
MANDATORY = {"seen", "send", "look"}


class Model:
    """What one incident's plan should be."""

    def __init__(self, now):
        self.step, self.since, self.done, self.missed = "seen", now, {}, set()
        self.late = False

    def move(self, result, now):
        self.done[self.step] = result
        self.step, self.since, self.late = NEXT[self.step, result], now, False

    def expect(self, now):
        """Let what is due by now come to pass."""
        while True:
            if self.step == "wait" and self.since + 30 <= now + 1e-6:
                self.move("over", self.since + 30)
            elif self.step == "send" and self.since + 60 <= now + 1e-6:
                self.missed.add("send")
                self.step, self.since = "look", self.since + 60
            elif self.step == "look" and not self.late and self.since + 40 <= now + 1e-6:
                self.late = True
            else:
                return

    def undone(self):
        ahead = {"seen": {"seen", "look"}, "send": {"send", "look"}, "wait": {"look"}, "look": {"look"}}
        found = ahead.get(self.step, set()) | self.missed
        if self.step == "send":
            found = {"send", "look"} | self.missed
        return found


class Machine(RuleBasedStateMachine):
    """The model: for each incident whose turn it is and since when, by a clock that nobody sets."""

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-plans-")
        self.clock = ManualClock(SystemClock().now_us())
        self.centre_settings = make_folder(Path(self.folder.name) / "centre")
        self.models, self.account, self.versions = {}, 5000, {}
        self.open()
        self.room.users(user_1=("supervisor",), user_2=("operator",))
        self.plan = self.room.centre.action_plans.make(form(*FIRST), BOSS)
        self.is_first = True

    def open(self):
        self.made = HeldCentre(self.centre_settings, clock=self.clock)
        self.room = PlanRoom(self.made)

    def now(self):
        return self.clock.monotonic_s()

    @precondition(lambda self: self.is_first and len(self.models) < 4)
    @rule()
    def claimed(self):
        self.account += 1
        incident = self.room.claimed(account=str(self.account))
        self.models[incident] = Model(self.now())

    @precondition(lambda self: self.models)
    @rule(data=st.data())
    def do(self, data):
        incident = data.draw(st.sampled_from(sorted(self.models)))
        model = self.models[incident]
        if model.step in RESULTS:
            result = data.draw(st.sampled_from(RESULTS[model.step]))
            self.room.do(incident, result, model.step)
            model.move(result, self.now())

    @precondition(lambda self: any(model.missed for model in self.models.values()))
    @rule()
    def do_what_was_missed(self):
        incident = next(one for one, model in self.models.items() if model.missed)
        self.room.do(incident, "asked", "send")
        self.models[incident].missed.clear()
        self.models[incident].done["send"] = "asked"

    @precondition(lambda self: self.models)
    @rule(data=st.data(), wrong=st.sampled_from(["seen", "send", "wait", "look", "line", "none"]))
    def do_what_is_not_its_turn(self, data, wrong):
        incident = data.draw(st.sampled_from(sorted(self.models)))
        model = self.models[incident]
        if wrong != model.step and wrong not in model.missed:
            with pytest.raises((Conflict, BadInput)):
                self.room.do(incident, "done", wrong)

    @precondition(lambda self: self.models)
    @rule(data=st.data())
    def close(self, data):
        incident = data.draw(st.sampled_from(sorted(self.models)))
        model = self.models[incident]
        if model.undone():
            with pytest.raises(Conflict) as caught:
                self.room.act(incident, Close(disposition="real"))
            assert caught.value.code == "incident.steps_undone"
        else:
            self.room.act(incident, Close(disposition="real"))
            del self.models[incident]

    @precondition(lambda self: self.models)
    @rule()
    def hand_back_and_claim(self):
        incident = sorted(self.models)[0]
        self.room.act(incident, Release(), ANA)
        self.room.act(incident, Claim(), ANA)

    @rule(seconds=st.sampled_from([1, 10, 29, 31, 61, 200]))
    def wait(self, seconds):
        self.room.pass_s(seconds)

    @rule()
    def change_the_plan(self):
        """Those that go on keep their version."""
        self.is_first = not self.is_first
        steps = FIRST if self.is_first else OTHER
        self.plan = self.room.centre.action_plans.change(self.plan.id, self.plan.seq, form(*steps), BOSS)

    @rule()
    def kill_and_start(self):
        self.made.close()
        self.open()
        self.room.pass_s(0)

    @invariant()
    def plans_stand_as_they_should(self):
        if not hasattr(self, "models"):
            return
        for incident, model in self.models.items():
            model.expect(self.now())
            plan = self.room.plan(incident)
            assert (plan.step, plan.late) == (model.step, model.late)
            assert {one.step: one.result for one in plan.done if one.result != "missed"} == model.done
            assert set(plan.undone) == model.undone()
            assert (incident in self.room.plan_timers()) == (plan.due_at is not None)

    def teardown(self):
        if hasattr(self, "made"):
            store = self.room.store
            assert rebuild_findings(store) == []
            kept = (store.action_plan_versions(), store.plan_switches())
            assert rebuild_action_plans(store.entries(0, 100_000)) == kept
            self.made.close()
            self.folder.cleanup()


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
