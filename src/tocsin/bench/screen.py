"""`tocsin bench screen`: from the commit to the operator's screen, and what the core and the live stream cost.

Centres and loads are processes of their own, the screen is the console as it ships in the machine's Chromium. What a
figure is compared with is taken in the same run.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tocsin.bench import shim
from tocsin.bench.figures import Figure, Report, Run, Subject, figure_of, not_measured, run_of
from tocsin.bench.frames import accounts_csv
from tocsin.bench.ground import CLOCK, Asked, Ground, Tell, measured
from tocsin.bench.load import Open, Storm
from tocsin.bench.processes import Load, centre_process, load_process
from tocsin.model.errors import CentreFault
from tocsin.store.driver import dbapi
from tocsin.system import sleep_blocking

CAUGHT_UP_S: Final = 120.0
LOOK_S: Final = 0.02


class Plan(Asked, frozen=True, kw_only=True):
    """How much is measured."""

    storm_connections: int = 200
    storm_warm_frames: int = 2000


CORE: Final = Subject(
    name="core.rate",
    what="Signals a second that the core decides on in a storm",
    unit="signals/s",
    judged="ratio",
    bound="at_least",
    target=0.5,
    ceiling_what="signals a second stored and acknowledged at the same time",
)
CORE_SLOW: Final = msgspec.structs.replace(
    CORE, name="core.slow_disk", what="The same, with an fsync of 5 ms", ceiling_what="the same, same fsync"
)


class Bench:
    """Measures by a plan, on ground of its own."""

    def __init__(self, plan: Plan, ground: Ground) -> None:
        """Measure as `plan` says."""
        self._plan = plan
        self._ground = ground

    def core(self) -> list[Figure]:
        """Whether the core keeps up with half of what intake takes."""
        slow = self._ground.slow_fsync()
        return [
            figure_of(CORE, self._storms(CORE, None)),
            not_measured(CORE_SLOW, shim.NOT_COMPILED)
            if slow is None
            else figure_of(CORE_SLOW, self._storms(CORE_SLOW, slow)),
        ]

    def _storms(self, subject: Subject, slow: shim.SlowFsync | None) -> list[Run]:
        plan, ground, runs = self._plan, self._ground, list[Run]()
        folder = ground.centre(accounts_csv(plan.storm_connections, 0), None if slow is None else ground.slow_folder)
        environment = {} if slow is None else slow.environment
        with centre_process(folder, environment) as centre, load_process() as load, _decided(folder) as decided:
            load.open(Open(*centre.dc09, connections=plan.storm_connections))
            # A first run shows how fast it goes, so that the others take about as long as was asked for.
            each = max(1, plan.storm_warm_frames // plan.storm_connections)
            first, answered, seconds = each, *_storm(load, 0, each * plan.storm_connections)
            for _ in ground.runs(subject, plan.runs):
                _wait_until(decided, first * plan.storm_connections)
                each = max(1, round(answered / seconds * plan.run_s / plan.storm_connections))
                before = decided()
                answered, seconds = _storm(load, first, each * plan.storm_connections)
                in_storm, ended_s = decided() - before, CLOCK.monotonic_s()
                first += each
                _wait_until(decided, first * plan.storm_connections)
                behind_s = CLOCK.monotonic_s() - ended_s
                runs.append(run_of(in_storm / seconds, answered / seconds, behind_s=behind_s))
        return runs


PARTS: Final[dict[str, tuple[Callable[[Bench], list[Figure]], str]]] = {
    "core": (Bench.core, "the core in a storm, beside intake, also on a slow disk"),
}
"""What `--only` names."""


def measure(plan: Plan, folder: Path, only: Sequence[str], tell: Tell) -> Report:
    """Measure what `only` names, everything where it names nothing, in an empty folder that the caller removes."""

    def run(part: Callable[[Bench], list[Figure]], ground: Ground) -> list[Figure]:
        return part(Bench(plan, ground))

    parts = [functools.partial(run, part) for name, (part, _) in PARTS.items() if not only or name in only]
    return measured("screen", plan, folder, tell, parts)


def _storm(load: Load, first: int, frames: int) -> tuple[int, float]:
    load.prepare(Storm(first, frames))
    result = load.run()
    return result.answered, result.seconds


@contextlib.contextmanager
def _decided(folder: Path) -> Iterator[Callable[[], int]]:
    """How many signals have their outcome: read from the centre's own table, beside the centre."""
    connection = dbapi.connect(f"file:{folder / 'tocsin.db'}?mode=ro", uri=True)
    try:
        yield lambda: connection.execute("SELECT count(*) FROM signals").fetchone()[0]
    finally:
        connection.close()


def _wait_until(decided: Callable[[], int], count: int) -> None:
    """Return when so many signals have their outcome."""
    end_s = CLOCK.monotonic_s() + CAUGHT_UP_S
    while decided() < count:
        if CLOCK.monotonic_s() > end_s:
            raise CentreFault(
                f"The core did not decide on all signals within {CAUGHT_UP_S:.0f} s of the storm's end. Report this as "
                "a fault of Tocsin",
                "bench.core",
            )
        sleep_blocking(LOOK_S)
