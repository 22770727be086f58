"""100,000 signals with repeats, restarts and in another order, every rule at work: none is lost, none makes a second
incident. The long form takes a million."""

import collections
import random

import pytest

from support.action_plans import PlanRoom
from support.centres import HeldCentre, make_folder
from support.escalations import ANA, BOSS
from support.fakes import SECOND, ManualClock, arrival
from support.many_signals import IDLE_S, SITES, Ledger, assert_rebuilt, received, signals
from tocsin.model.commands import Claim, Close, Shelve
from tocsin.system import SystemClock

pytestmark = pytest.mark.slow

LIVES = 12
"""Processes, one after the other, on the same folder."""


class HeldWithWindow(HeldCentre):
    """It knows the messages of the last 300 s again, as a centre at work does."""

    def __init__(self, settings, clock):
        super().__init__(settings, clock=clock)
        self.journal = self.opened.journal(clock, 300 * SECOND)


class KilledError(Exception):
    """The process dies here."""


def dies(_transaction):
    raise KilledError


class Town:
    """A centre that leads its incidents by plans, through one process after the other."""

    def __init__(self, folder, seed):
        self.settings = make_folder(folder)
        self.clock = ManualClock(SystemClock().now_us())
        self.chance = random.Random(seed)
        self.ledger = Ledger()
        self.shelved = self.closed = 0
        self.open()
        self.room.users(user_1=("supervisor",), user_2=("operator",))
        self.made.add(("name\n" + "".join(f"S{n}\n" for n in range(SITES))).encode(), kind="sites")
        self.made.add(("account,site\n" + "".join(f"{n},S{n}\n" for n in range(SITES))).encode())
        self.room.core.use_places(self.made.centre.places())
        self.room.centre.action_plans.switch("TECH-BATTERY", 0, BOSS, is_on=True)
        self.accounts = {int(one.row.account): one.id for one in self.made.store.accounts()}

    def open(self):
        self.made = HeldWithWindow(self.settings, self.clock)
        self.room = PlanRoom(self.made)

    def dies_and_comes_back(self, slice_):
        """It dies before the commit, or after it and before its answers; whoever got none sends again."""
        if self.chance.random() < 0.5:
            with pytest.raises(KilledError):
                self.made.journal.store(self.arrivals(slice_), dies)
        else:
            self.made.journal.store(self.arrivals(slice_))
            assert self.made.journal.is_core_behind, "it dies with entries that nobody has decided on"
        with self.made.store.transaction() as transaction:
            transaction.put_meta("running", "1")
        self.made.close()
        self.clock.advance(self.chance.uniform(2, 60))
        self.open()

    def arrivals(self, slice_):
        now = self.clock.now_us()
        return [arrival(one.material, **received(one, self.accounts, now)) for one in slice_]

    def take(self, slice_):
        for message, receipt in zip(slice_, self.made.journal.store(self.arrivals(slice_)), strict=True):
            self.ledger.acknowledged(message, receipt)

    def settle(self, steps_max=10_000):
        while self.made.journal.is_core_behind:
            self.made.journal.store(())
            steps_max -= 1
            assert steps_max, "the core comes to no end"

    def work(self):
        """What people do in a minute: claim, put aside, and close what is over."""
        now = self.clock.now_us()
        for one in self.made.store.incidents("open", None, 100_000):
            is_over = now - one.last_at > IDLE_S * SECOND
            if one.claimed_by is None and (is_over or (one.priority <= 2 and self.chance.random() < 0.5)):
                self.room.act(one.id, Claim())
            if is_over:
                self.room.act(one.id, Close(disposition="real", waive="not_needed"))
                self.closed += 1
            elif one.priority == 2 and one.claimed_by is not None and self.chance.random() < 0.02:
                self.room.act(one.id, Shelve(reason="comes_again"), ANA)
                self.shelved += 1

    def live_through(self, slices, restarts):
        for number, slice_ in enumerate(slices):
            if number in restarts and slice_:
                self.dies_and_comes_back(slice_)
            if slice_:
                self.take(slice_)
            if number % 3:  # now and then more waits than one slice
                self.settle()
            self.room.pass_s(10)
            if number % 6 == 5:
                self.work()
        for _ in range(40):
            self.settle()
            self.room.pass_s(60)
            self.work()


@pytest.mark.parametrize(
    "count", [100_000, pytest.param(1_000_000, marks=pytest.mark.soak)], ids=["hundred-thousand", "million"]
)
def test_signals_with_repeats_restarts_and_reordering_make_no_second_incident_and_lose_none(tmp_path, count):
    town = Town(tmp_path / "centre", seed=count)
    slices = list(signals(count, count))
    busy = [number for number, slice_ in enumerate(slices) if len(slice_) > 50]
    town.live_through(slices, set(busy[len(busy) // LIVES :: len(busy) // LIVES]))

    store = town.made.store
    assert town.ledger.arrived > count * 1.09
    rows, stored = town.ledger.judge(store, count)
    kinds = collections.Counter(one.row.kind for one in store.entries(0, 100_000_000))
    # All of it was at work.
    assert kinds["storm.began"] == kinds["storm.ended"] >= 2, kinds
    assert kinds["incident.folded"] > 1_000
    assert kinds["incident.quieted"] > 100
    assert town.shelved > 5
    assert {one.disposition for one in stored.values()} == {"real", "handled_by_plan", "duplicate"}
    assert all(one.plan is not None for one in stored.values() if one.merged_into is None)
    assert {row.reason for row in rows} >= {"same_site", "same_point", "area_mains", "area_mains_joined", "folded"}
    assert_rebuilt(store, rows, stored)
    town.made.close()
