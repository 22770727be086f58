"""Runs of the simulated centre: in this process, and in one that takes a fault into itself before each."""

import atexit
import contextlib
import os
import subprocess
import sys
from pathlib import Path

from tocsin.simulation.run import FAULTS, Asked, Simulation, _folder, _silent_logs, checked, names_of, simulate

MUTANTS = Path(__file__).parent / "mutants"
HOURS, ACCOUNTS = 0.5, 30
"""What a short run is: 4 to 12 s of a processor, by how busy the machine is."""

END = "."


def broken_by(seed, hours=HOURS, accounts=ACCOUNTS, **asked):
    """What a run found broken, with how to run it again."""
    made = Asked(seed, hours, accounts, **asked)
    findings = simulate(made).findings
    return [*findings, f"again: {made.command}"] if findings else []


@contextlib.contextmanager
def simulated_database(seed, hours, accounts):
    """Simulate a centre, and hand out its database for as long as the context lasts."""
    made = checked(Asked(seed, hours, accounts))
    with _folder() as folder, _silent_logs():
        ran = Simulation(made, folder, lambda _line: None).run()
        assert not ran.findings, made.command
        yield next(folder.rglob("tocsin.db"))


def environment(**more):
    """A process of its own finds the same product."""
    paths = [more.pop("PYTHONPATH", None), os.environ.get("PYTHONPATH"), str(Path(__file__).parents[1])]
    return {**os.environ, **more, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


class Mutants:
    """One process that has loaded the product; for each mutant it becomes another one, with that fault in it."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(PYTHONPATH=str(MUTANTS)),
            text=True,
        )
        atexit.register(self.close)

    def breaks(self, name, seeds, hours=HOURS, accounts=ACCOUNTS, faults=FAULTS):
        """The first thing that breaks where the product has this fault in it; empty where nothing does."""
        print(name, hours, accounts, ",".join(faults) or "none", *seeds, file=self._process.stdin, flush=True)
        found = list(iter(self._process.stdout.readline, f"{END}\n"))
        assert self._process.poll() is None, "it lives on"
        return "".join(found)

    def close(self):
        """End it."""
        self._process.stdin.close()
        self._process.wait(60)


def _serve_mutants():
    from sitecustomize import mutate

    broken_by(1, hours=0.01)  # whatever a run loads is loaded
    for line in sys.stdin:
        name, hours, accounts, faults, *seeds = line.split()
        size = {"hours": float(hours), "accounts": int(accounts), "faults": names_of(faults)}
        child = os.fork()
        if not child:
            mutate(name)
            found = next((found for seed in map(int, seeds) if (found := broken_by(seed, **size))), [])
            print("\n".join(found), END, sep="\n" if found else "", flush=True)
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            print("it ended with an error", END, sep="\n", flush=True)


if __name__ == "__main__":
    _serve_mutants()
