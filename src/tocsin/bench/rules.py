"""`tocsin bench rules`: what judgement costs, with every rule at work.

The centres are processes of their own, as of `tocsin bench screen`: a storm of signals of every kind, the first page of
a long queue, and a fire behind a flood.
"""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tocsin.bench.desk import following
from tocsin.bench.figures import Figure, Report, Run, Subject, figure_of, run_of
from tocsin.bench.ground import CLOCK, Ground, Tell, measured
from tocsin.bench.panels import Alarm
from tocsin.bench.screen import CORE, Bench, Plan, p95_ms

FLOOD: Final = 2_000
FLOOD_CODES: Final = ("BA", "BT", "TA", "WA")
SEEN_S: Final = 60.0
PAGE: Final = "/api/v1/incidents?limit=500"

RATE: Final = msgspec.structs.replace(
    CORE, name="rules.rate", what="Signals a second that the core decides on in a storm of every kind"
)
QUEUE: Final = Subject(
    name="rules.queue",
    what="The first page of 10,000 open incidents, p95",
    unit="ms",
    judged="value",
    bound="at_most",
    target=100.0,
    ceiling_what="the shortest answer of the same server",
)
FIRE: Final = Subject(
    name="rules.flood",
    what="A fire behind 2,000 alarms that came at once, from its sending to the live stream",
    unit="ms",
    judged="value",
    bound="at_most",
    target=2_000.0,
)


def rate(bench: Bench, plan: Plan, ground: Ground) -> list[Figure]:
    """Whether the core keeps up with half of what intake takes, whatever comes in."""
    del plan, ground
    return [figure_of(RATE, bench.storms(RATE, None, is_mixed=True))]


def queue(bench: Bench, plan: Plan, ground: Ground) -> list[Figure]:
    """How long the queue takes when very much is open."""
    runs = list[Run]()
    with bench.filled(plan.many_incidents) as room:
        for _ in ground.runs(QUEUE, plan.runs):
            shortest = p95_ms(room.desk, "/healthz", plan.asks)
            runs.append(run_of(p95_ms(room.desk, PAGE, plan.asks), shortest))
    return [figure_of(QUEUE, runs)]


def flood(bench: Bench, plan: Plan, ground: Ground) -> list[Figure]:
    """How long a fire waits behind a flood: 2,000 alarms of 10 minutes, all at once."""
    runs = list[Run]()
    with bench.filled(1, spare=FLOOD + plan.runs) as room, following(room.desk) as told:
        sources, fires = room.spare[:FLOOD], room.spare[FLOOD:]
        for number in ground.runs(FIRE, plan.runs):
            room.panels.send(
                [
                    Alarm(account, FLOOD_CODES[index % len(FLOOD_CODES)], number + 1)
                    for index, account in enumerate(sources)
                ]
            )
            sent_s = CLOCK.monotonic_s()
            room.panels.send([Alarm(fires[number], "FA", 1)])
            while (seen := told.get(timeout=SEEN_S)).account != fires[number]:
                pass
            runs.append(run_of((seen.at_s - sent_s) * 1000))
    return [figure_of(FIRE, runs)]


Part = Callable[[Bench, Plan, Ground], list[Figure]]
PARTS: Final[dict[str, tuple[Part, str]]] = {
    "rate": (rate, "the core in a storm of every kind, beside intake"),
    "queue": (queue, "the first page of 10,000 open incidents"),
    "flood": (flood, "a fire behind 2,000 alarms"),
}
"""What `--only` names."""


def measure(plan: Plan, folder: Path, only: Sequence[str], tell: Tell) -> Report:
    """Measure what `only` names, everything where it names nothing, in an empty folder that the caller removes."""

    def run(part: Part, ground: Ground) -> list[Figure]:
        return part(Bench(plan, ground), plan, ground)

    parts = [functools.partial(run, part) for name, (part, _) in PARTS.items() if not only or name in only]
    return measured("rules", plan, folder, tell, parts)
