"""Figures 7 to 10: what it costs to watch a million accounts in one process, besides the sockets."""

import functools
from pathlib import Path
from typing import Final

import msgspec

from tocsin.bench.figures import Figure, Report, Subject, figure_of, run_of
from tocsin.bench.ground import Asked, Ground, Tell, measured
from tocsin.bench.processes import output_of
from tocsin.bench.watched import Cost

POLLS_PER_S: Final = 11_000
"""A million accounts that poll every 90 s."""


class Plan(Asked, frozen=True, kw_only=True):
    """How much is measured."""

    accounts: int = 1_000_000
    polls: int = 300_000


POLLS: Final = Subject(
    name="supervision.cpu",
    what="11,000 polls/s and a scan a second of a million accounts, besides sockets and frames",
    unit="% of a core",
    judged="value",
    bound="at_most",
    target=2.0,
    ceiling_what="one entry set in a dictionary for each poll",
)
SCAN: Final = Subject(
    name="supervision.scan",
    what="One scan of a million accounts",
    unit="ms",
    judged="value",
    bound="at_most",
    target=5.0,
    ceiling_what="one comparison of a million numbers",
)
MEMORY: Final = Subject(
    name="supervision.memory",
    what="A million accounts above an empty centre: accounts, sites, paths, numpy",
    unit="MB",
    judged="value",
    bound="at_most",
    target=350.0,
)
ANSWER: Final = Subject(
    name="supervision.answer",
    what="The slowest answer about a million accounts: numbers, or a page of 40",
    unit="ms",
    judged="value",
    bound="at_most",
    target=200.0,
)


def measure(plan: Plan, folder: Path, tell: Tell) -> Report:
    """Measure all of it, each run in a process of its own."""
    return measured("supervision", plan, folder, tell, [functools.partial(_watched, plan)])


def _watched(plan: Plan, ground: Ground) -> list[Figure]:
    costs = [
        msgspec.json.decode(output_of(["tocsin.bench.watched", str(plan.accounts), str(plan.polls)]), type=Cost)
        for _ in ground.runs(POLLS, plan.runs)
    ]
    return [
        figure_of(
            POLLS,
            [
                run_of(
                    (one.poll_ns * POLLS_PER_S / 1e9 + one.scan_ms / 1e3) * 100,
                    one.dictionary_ns * POLLS_PER_S / 1e9 * 100,
                    poll_ns=one.poll_ns,
                )
                for one in costs
            ],
        ),
        figure_of(SCAN, [run_of(one.scan_ms, one.compare_ms, wall_ms=one.scan_wall_ms) for one in costs]),
        figure_of(MEMORY, [run_of(one.memory_mb, numpy_mb=one.numpy_mb) for one in costs]),
        figure_of(ANSWER, [run_of(one.answer_ms, use_ms=one.use_ms) for one in costs]),
    ]
