"""Plans made by hand, and a held centre whose core leads incidents through them."""

from support.escalations import Room
from support.fakes import arrival
from tocsin.centre.action_plan_files import PlanFile, StepFile, form_of, read_plans
from tocsin.centre.core import Core
from tocsin.model.commands import Claim, DoStep, PassStep, WaiveStep
from tocsin.rules.action_plan_check import PlanWorld
from tocsin.rules.catalogue import shipped_capabilities, shipped_catalogue

WORLD = PlanWorld(
    types=frozenset(shipped_catalogue().types),
    technical=frozenset(
        one.type for one in shipped_catalogue().types.values() if one.hazard == "technical" and one.priority in (3, 4)
    ),
    sites=("site-1",),
    capabilities=shipped_capabilities(),
    chains={"chain-1": True, "chain-2": False},
    users=("user-1",),
    groups=(),
    rosters=(),
    desks=(),
    has_supervisor=True,
    zones=(),
    of_name={"fire-alarm": ["FIRE-ALARM"], "technical-line": ["TECH-LINE"]},
)


def step(id_, kind="check", **fields):
    """A step of a file."""
    return StepFile(id=id_, kind=kind, words=fields.pop("words", f"Do {id_}."), **fields)


def ask(id_, **fields):
    return step(id_, "question", answers="yes_no", **fields)


def form(*steps, name="fire-alarm", **fields):
    """A plan as somebody gave it."""
    return form_of(PlanFile(name=name, steps=steps, **fields))


def row(*steps, **fields):
    return form(*steps, **fields).row


def toml(text):
    return read_plans(text)[0]


class PlanRoom(Room):
    """The same with action plans."""

    def __init__(self, made):
        super().__init__(made)
        self.core = Core(
            made.store,
            made.clock,
            shipped_catalogue(),
            made.centre.places(),
            on_committed=self.committed.append,
            keeper=made.centre.keeper,
            follower=made.centre.escalating,
            planner=made.centre.planning,
        )
        made.journal.attach(self.core)
        made.centre.use_core(self.core)
        made.centre.planning.on_notices = lambda: self.woken.append(1)

    def fault(self, code, account="1001"):
        """A signal of an account that is set up."""
        self._count += 1
        ref = next(one.id for one in self.store.accounts() if one.row.account == account)
        made = arrival(
            b"%d" % self._count, account=account, account_ref=ref, code=code, received_at=self.clock.now_us()
        )
        self.made.journal.store([made])
        self.made.journal.store([])
        self.scheduler.wake()
        return self.store.signal_rows(0, 10_000)[-1].incident

    def plan(self, incident):
        return self.store.incident(incident).plan

    def claimed(self, code="FA", account="1001", actor="user-2"):
        incident = self.alarm(code, account)
        self.act(incident, Claim(), actor)
        return incident

    def do(self, incident, result, step=None, **fields):
        self.act(incident, DoStep(step=step or self.plan(incident).step, result=result, **fields))

    def waive(self, incident, reason="not_needed", **fields):
        self.act(incident, WaiveStep(step=self.plan(incident).step, reason=reason, **fields))

    def go_past(self, incident):
        self.act(incident, PassStep(step=self.plan(incident).step))

    def plan_timers(self):
        return {timer.ref: timer.due_at for timer in self.store.timers(kind="plan_step")}
