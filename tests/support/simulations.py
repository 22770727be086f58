"""Runs of the simulated centre, in this process or, as a mutant, in one of their own."""

import os
import subprocess
import sys
from pathlib import Path

from tocsin.simulation.run import Asked, simulate

MUTANTS = Path(__file__).parent / "mutants"
HOURS, ACCOUNTS = 1.5, 30
"""What a short run is: about 4 s of a processor."""


def broken_by(seed, hours=HOURS, accounts=ACCOUNTS, **asked):
    """What a run found broken, with how to run it again."""
    made = Asked(seed, hours, accounts, **asked)
    findings = simulate(made).findings
    return [*findings, f"again: {made.command}"] if findings else []


def environment(**more):
    """A process of its own finds the same product."""
    paths = [more.pop("PYTHONPATH", None), os.environ.get("PYTHONPATH"), str(Path(__file__).parents[1])]
    return {**os.environ, **more, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def mutant_breaks(name, seeds, deadline_s=600):
    """The first thing that breaks where the product has this fault in it; empty where nothing does."""
    done = subprocess.run(
        [sys.executable, __file__, *map(str, seeds)],
        env=environment(PYTHONPATH=str(MUTANTS), MUTANT=name),
        capture_output=True,
        text=True,
        timeout=deadline_s,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":
    for number in map(int, sys.argv[1:]):
        if found := broken_by(number):
            print("\n".join(found))
            break
