"""The thread of timers is watched: a centre whose timers stand still says so."""

from support.centres import make_folder, wait_for
from support.in_process import serving
from support.jumping import Jumping
from tocsin.app.watchdog import TIMERS_SILENT, TIMERS_SILENT_S


def missing(centre):
    return centre.get("/readyz").json["missing"]


def test_scheduler_that_stands_still_is_said_by_readyz(tmp_path):
    clock = Jumping()
    with serving(make_folder(tmp_path / "centre"), clock=clock) as centre:
        assert missing(centre) == []
        centre.service._scheduler.stop()
        clock.advance(TIMERS_SILENT_S)
        assert TIMERS_SILENT in wait_for(lambda: missing(centre))


def test_scheduler_that_turns_is_never_said_to_stand_still(tmp_path):
    clock = Jumping()
    with serving(make_folder(tmp_path / "centre"), clock=clock) as centre:
        scheduler = centre.service._scheduler
        clock.advance(TIMERS_SILENT_S)
        scheduler.wake()
        wait_for(lambda: scheduler.silent_s < TIMERS_SILENT_S)
        assert wait_for(lambda: TIMERS_SILENT not in missing(centre))
