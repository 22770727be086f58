"""A chain that counts who is coming, against a plain model: whatever is answered, killed or set, each step once."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support.centres import HeldCentre, make_folder
from support.chains import chain, step, strength, wait
from support.cores import rebuild_findings
from support.escalations import Room
from support.fakes import ManualClock
from tocsin.model.commands import Claim, Close
from tocsin.system import SystemClock

A, B, C = "user-3", "user-4", "user-5"
STEPS = [("notify", 0, (A, B)), ("notify", 60, (C,)), ("again", 120, ()), ("again", 120, ()), ("telephone", 120, ())]
WANTED = 2
NEAR_S = 1.0
HOUR_US = 3_600_000_000


class One:
    """What the model knows of one incident, by a clock that nobody sets."""

    def __init__(self, now_s):
        self.since_s, self.step, self.failed = now_s, 0, False
        self.answers, self.told, self.last = {}, [], ()
        self.taken, self.is_closed, self.is_hurried = [], False, False

    @property
    def is_strong(self):
        return sum(said == "coming" for said in self.answers.values()) >= WANTED

    @property
    def due_s(self):
        """When the next step is due; None where none is."""
        if self.is_closed or self.is_strong or self.step >= len(STEPS):
            return None
        return self.since_s + (0 if self.failed or self.is_hurried else STEPS[self.step][1])

    def take(self):
        """Take the next step; where it reaches nobody, the next other one comes at once."""
        self.since_s = self.due_s
        tell, _, people = STEPS[self.step]
        if tell == "again":
            people = tuple(sorted({one for one in self.told if one not in self.answers}))
        people = tuple(one for one in people if one not in self.answers)
        self.taken.append((tell, len(people)))
        self.told += people
        self.last = dict.fromkeys(people)
        self.failed, self.is_hurried = not people, False
        self.step += 1
        while self.failed and self.step < len(STEPS) and STEPS[self.step][0] == tell:
            self.step += 1

    def answered(self, person, said, now_s):
        """Somebody answers the newest notice."""
        was_strong = self.is_strong
        self.answers[person] = said
        if person in self.last:
            self.last[person] = said
        if was_strong and not self.is_strong:
            self.since_s, self.is_hurried = now_s, False  # it goes on from where it was
        elif self.last and not self.is_strong and set(self.last.values()) == {"cannot"}:
            self.since_s, self.is_hurried = now_s, True


class Machine(RuleBasedStateMachine):
    """Every incident is claimed at once: a claim ends no chain that counts. The built-in chain is another test's.

    Once the clock is set back, a restart and a clock set ahead again are left out, as in `test_escalation_machine`.
    """

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-chains-")
        self.clock = ManualClock(SystemClock().now_us())
        self.centre_settings = make_folder(Path(self.folder.name) / "centre")
        self.incidents, self.account, self.set_back = {}, 5000, False
        self.open()
        self.room.users(user_2=("operator",), user_3=("responder",), user_4=("responder",), user_5=("responder",))
        self.room.home(A, B, C)
        row = chain(
            step("notify", users=(A, B)), wait(60), step("notify", users=(C,)),
            strength=strength(WANTED), again=(120, 2),
        )  # fmt: skip
        self.room.centre.chains.make(row, "user-2")

    def open(self):
        self.made = HeldCentre(self.centre_settings, clock=self.clock)
        self.room = Room(self.made)

    def now(self):
        return self.clock.monotonic_s()

    def expect(self):
        for one in self.incidents.values():
            while (due_s := one.due_s) is not None and due_s <= self.now() + 1e-6:
                one.take()

    def settle(self):
        """Go on until nothing is about to fall due: which side of a second it falls on is not what is looked at."""
        while True:
            if any(one.due_s is not None and abs(one.due_s - self.now()) < NEAR_S for one in self.incidents.values()):
                self.room.pass_s(2 * NEAR_S)
                continue
            before = [one.step for one in self.incidents.values()]
            self.expect()
            if before == [one.step for one in self.incidents.values()]:
                return

    @rule()
    def alarm(self):
        self.account += 1
        incident = self.room.alarm(account=str(self.account))
        self.incidents[incident] = One(self.now())
        self.room.act(incident, Claim())
        self.room.pass_s(2 * NEAR_S)
        self.settle()

    @precondition(lambda self: self.incidents)
    @rule(data=st.data(), said=st.sampled_from(["coming", "cannot"]))
    def answer(self, data, said):
        incident = data.draw(st.sampled_from(list(self.incidents)))
        one = self.incidents[incident]
        if not one.told:
            return
        person = data.draw(st.sampled_from(sorted(set(one.told))))
        newest = next(
            notice for notice in self.room.store.notices(500, incident=incident)
            if notice.recipient == person and notice.plan
        )  # fmt: skip
        self.room.answer(newest, said)
        if not one.is_closed and one.answers.get(person) != said:
            one.answered(person, said, self.now())
        self.settle()

    @precondition(lambda self: self.incidents)
    @rule(data=st.data())
    def close(self, data):
        incident = data.draw(st.sampled_from(list(self.incidents)))
        if not self.incidents[incident].is_closed:
            self.room.act(incident, Close(disposition="real"))
            self.incidents[incident].is_closed = True

    @rule(seconds=st.integers(1, 130))
    def wait(self, seconds):
        self.room.pass_s(seconds)
        self.settle()

    @precondition(lambda self: not self.set_back)
    @rule(seconds=st.integers(0, 200))
    def kill_and_start_again(self, seconds):
        """Dead for so long: what fell due meanwhile comes at once, and what follows counts from then."""
        self.made.close()
        self.clock.advance(seconds)
        for one in self.incidents.values():
            if one.due_s is not None and one.due_s < self.now():
                one.since_s += self.now() - one.due_s
        self.open()
        self.room.scheduler.turn()
        self.settle()

    @rule()
    def set_the_clock_back_by_an_hour(self):
        """Each step comes in its time all the same."""
        self.settle()
        self.clock.wall_us -= HOUR_US
        self.set_back = True

    @precondition(lambda self: not self.set_back)
    @rule()
    def set_the_clock_ahead_by_an_hour(self):
        """What waits comes at once, and what follows counts from then."""
        self.settle()
        self.clock.wall_us += HOUR_US
        for one in self.incidents.values():
            if one.due_s is not None:
                one.since_s += self.now() - one.due_s
        self.settle()

    @invariant()
    def each_step_was_taken_once_and_none_is_missing(self):
        if not hasattr(self, "room"):
            return
        self.room.pass_s(0)
        found = {incident: [] for incident in self.incidents}
        for fact in self.room.facts("incident.escalated"):
            if fact["body"]["chain"] is not None:
                found[fact["ref"]].append((fact["body"]["tell"], fact["body"]["told"]))
        assert found == {incident: one.taken for incident, one in self.incidents.items()}

    @invariant()
    def nobody_who_answered_is_asked_again(self):
        for incident, one in getattr(self, "incidents", {}).items():
            told = [notice.recipient for notice in self.room.store.notices(500, incident=incident) if notice.plan]
            assert sorted(told) == sorted(one.told)

    def teardown(self):
        if hasattr(self, "made"):
            assert rebuild_findings(self.made.store) == []
            self.made.close()
            self.folder.cleanup()


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=10, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
