"""Timers and chain against a plain model: whatever people, clocks and kills do, each step is taken once and in time."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support.centres import HeldCentre, make_folder
from support.cores import rebuild_findings
from support.escalations import Room
from support.fakes import ManualClock
from tocsin.model.commands import Claim, Release
from tocsin.system import SystemClock

STEPS = [("second_desk", 20), ("supervisor", 20), ("everyone", 0), ("telephone", 0)]
"""Nobody can be reached: after the supervisor all is done at once."""

NEAR_S = 1.0


class Machine(RuleBasedStateMachine):
    """The model: for each incident since when it waits, by a clock that nobody sets; and what was told.

    A restart while the clock is set back is left out: what waits then waits its step's whole time again, since nothing
    tells how much of it has passed (docs/reference/timers.md).
    """

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-escalation-")
        self.clock = ManualClock(SystemClock().now_us())
        self.centre_settings = make_folder(Path(self.folder.name) / "centre")
        self.waiting, self.taken, self.incidents, self.claimed = {}, [], [], set()
        self.account = 5000
        self.set_back = False
        self.open()

    def open(self):
        self.made = HeldCentre(self.centre_settings, clock=self.clock)
        self.room = Room(self.made)

    def now(self):
        return self.clock.monotonic_s()

    def expect(self):
        """Let the model take the steps that are due by now."""
        for incident, (since, step) in list(self.waiting.items()):
            while step < len(STEPS) and since + STEPS[step][1] <= self.now() + 1e-6:
                since += STEPS[step][1]
                self.taken.append((incident, STEPS[step][0]))
                step += 1
            self.waiting[incident] = (since, step)

    @rule()
    def alarm(self):
        self.account += 1
        incident = self.room.alarm(account=str(self.account))
        self.incidents.append(incident)
        self.waiting[incident] = (self.now(), 0)

    @precondition(lambda self: self.incidents)
    @rule(data=st.data())
    def claim_or_give_back(self, data):
        incident = data.draw(st.sampled_from(self.incidents))
        if incident in self.claimed:
            self.claimed.discard(incident)
            self.room.act(incident, Release())
            self.waiting[incident] = (self.now(), 0)
        else:
            self.claimed.add(incident)
            self.room.act(incident, Claim())
            del self.waiting[incident]

    @rule(seconds=st.integers(1, 45))
    def wait(self, seconds):
        self.room.pass_s(seconds)
        self.settle()

    def settle(self):
        """Go on until nothing is about to fall due: which side of a second it falls on is not what is looked at."""
        self.expect()
        while any(
            step < len(STEPS) and abs(since + STEPS[step][1] - self.now()) < NEAR_S
            for since, step in self.waiting.values()
        ):
            self.room.pass_s(2 * NEAR_S)
            self.expect()

    @precondition(lambda self: not self.set_back)
    @rule(seconds=st.integers(0, 90))
    def kill_and_start_again(self, seconds):
        """Dead for so long: what fell due meanwhile comes at once, and what follows counts from then."""
        self.made.close()
        self.clock.advance(seconds)
        for incident, (since, step) in self.waiting.items():
            if step < len(STEPS) and since + STEPS[step][1] < self.now():
                self.waiting[incident] = (self.now() - STEPS[step][1], step)
        self.open()
        self.room.scheduler.turn()
        self.settle()

    @rule(hours=st.integers(1, 24))
    def set_the_clock_back(self, hours):
        self.settle()
        self.clock.wall_us -= hours * 3600 * 1_000_000
        self.set_back = True

    @invariant()
    def each_step_was_taken_once_and_none_is_missing(self):
        if not hasattr(self, "room"):
            return
        self.room.pass_s(0)
        found = [(ref, tell) for ref, tell, _ in self.room.steps()]
        assert sorted(found) == sorted(self.taken)

    def teardown(self):
        if hasattr(self, "made"):
            assert rebuild_findings(self.made.store) == []
            self.made.close()
            self.folder.cleanup()


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
