"""`tocsin simulate-centre`: a whole centre under faults, in virtual time, from a seed."""

import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tocsin.model.errors import BadInput

if TYPE_CHECKING:
    from tocsin.simulation.run import Ran

SEEDS_MAX: Final = 1_000_000
DRAWN_BYTES: Final = 4
_RANGE: Final = re.compile(r"([0-9]{1,18})\.\.([0-9]{1,18})")


def simulate_centre(
    seed: Annotated[
        int | None, typer.Option(help="The run's seed: the same gives the same run, byte for byte.", min=0)
    ] = None,
    seeds: Annotated[str | None, typer.Option(metavar="A..B", help="Many runs, one for each seed.")] = None,
    hours: Annotated[float, typer.Option(help="Hours that are simulated; a quiet 40 minutes follow.")] = 24.0,
    accounts: Annotated[int, typer.Option(help="Panels that report.")] = 500,
    faults: Annotated[
        str,
        typer.Option(
            help="Kinds that are let happen: network, silence, disk, kill, clock, suspend, people, providers; or none."
        ),
    ] = "all",
    trace: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what happens, line by line.")] = None,
) -> None:
    """Simulate a whole centre under faults, and check that it keeps its promises.

    Panels, lossy links, a slow and a full disk, kills, set clocks, a host that sleeps, impatient people and failing
    providers, in one process and in virtual time, all from a seed. The centre is the real one. A seed that breaks a
    promise is named with what broke and how to run it again; the exit status is 1 then.

    Example: tocsin simulate-centre --seed 7 --hours 3 --accounts 60
    """
    from tocsin.simulation.run import FAULTS, Asked, checked, names_of, simulate

    kinds = FAULTS if faults == "all" else names_of(faults)
    numbers = _numbers(seed, seeds)
    broken = 0
    with _traced(trace) as on_trace:
        for number in numbers:
            asked = checked(Asked(number, hours, accounts, kinds))
            ran = simulate(asked, on_trace)
            broken += bool(ran.findings)
            print("\n".join(_told(ran)), flush=True)
    if len(numbers) > 1:
        print(f"{len(numbers)} seeds, {broken} broke a promise")
    if broken:
        raise typer.Exit(1)


def _numbers(seed: int | None, seeds: str | None) -> range:
    if seed is not None and seeds is not None:
        raise BadInput(
            "Give one seed, or a range of seeds. Nothing was simulated. Leave one of them out", "usage.seeds"
        )
    if seeds is None:
        if seed is None:
            from tocsin.system import SystemIds

            seed = int.from_bytes(SystemIds().token_bytes(DRAWN_BYTES), "big")
        return range(seed, seed + 1)
    match = _RANGE.fullmatch(seeds)
    if match is None or not 0 <= int(match[2]) - int(match[1]) < SEEDS_MAX:
        raise BadInput(
            f"{seeds[:40]!r} is no range of seeds. Nothing was simulated. Give the first and the last, as 1..1000",
            "usage.seeds",
        )
    return range(int(match[1]), int(match[2]) + 1)


@contextlib.contextmanager
def _traced(path: Path | None) -> Iterator[Callable[[str], None]]:
    if path is None:
        yield lambda _line: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"The trace {path} cannot be written ({type(error).__name__}). Nothing was simulated. Name another file",
            "usage.trace",
        ) from error
    with file:
        yield lambda line: print(line, file=file)


def _told(ran: "Ran") -> list[str]:
    """What came of a run, for a person."""
    if not ran.findings:
        said = ", ".join(f"{count} {name}" for name, count in ran.figures.items())
        return [f"seed {ran.asked.seed}: kept ({said}); journal {ran.head[:16]}, run {ran.digest[:16]}"]
    return [
        f"seed {ran.asked.seed}: BROKEN",
        *(f"  {words}" for words in ran.findings),
        f"  Again: {ran.asked.command} --trace trace.txt",
    ]
