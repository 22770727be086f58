"""The judge of timers holds a process for what it has done itself, and for nothing that one before it left untold."""

from types import SimpleNamespace

import msgspec
import pytest

from support.cores import CoreAtWork
from tocsin.model.escalation import Escalation
from tocsin.model.incidents import Committed
from tocsin.simulation.judge import Judge
from tocsin.simulation.machine import World


class Watched:
    """A judge, and a process that is ready with what an earlier one left."""

    def __init__(self, *steps):
        centre = CoreAtWork()
        centre.signal("FA")
        (fire,) = centre.open()
        self.fire = msgspec.structs.replace(fire, escalated=steps)
        with centre.store.transaction() as transaction:
            transaction.put_incidents([self.fire])
        disk = SimpleNamespace(latency_s=0.0)
        world = World(1)
        run = SimpleNamespace(world=world, host=SimpleNamespace(disk=disk), panels=[], phones=None, trace=print)
        supervising = SimpleNamespace(watch=SimpleNamespace(missing=b"", size=0))
        parts = SimpleNamespace(_opened=SimpleNamespace(store=centre.store), _supervising=supervising)
        self.judge, self.service = Judge(run), SimpleNamespace(parts=parts)
        self.judge.started(self.service)
        world.now_s += 3_600

    def committed(self, *steps):
        after = msgspec.structs.replace(self.fire, escalated=steps)
        self.service.on_committed(Committed(seq=9, incidents=(after,)))
        return self.judge.findings


def step(number, late_s):
    return Escalation(at=number, late_s=late_s, seq=number, step=number, tell="supervisor", told=1)


def test_seeds_7100058_and_7100078_a_late_step_of_a_process_that_died_with_it_is_none_of_the_next_ones():
    """It slept, took the step late, and its fsync failed: nobody was told of it before the incident was claimed."""
    left = step(1, 43)
    assert Watched(left).committed(left) == []


@pytest.mark.parametrize(("late_s", "count"), [(5, 0), (6, 1)])
def test_step_that_this_process_takes_late_is_found(late_s, count):
    assert len(Watched(step(1, 43)).committed(step(1, 43), step(2, late_s))) == count
