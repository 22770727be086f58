"""`tocsin simulate-centre`: what it prints, what it writes, and what it refuses."""

import subprocess
import sys

import pytest

from support.server import run_tocsin
from support.simulations import MUTANTS, environment

SMALL = ("--hours", "0.2", "--accounts", "5")


def test_seeds_that_keep_every_promise_are_told_in_a_line_each(tmp_path):
    trace = tmp_path / "trace.txt"
    done = run_tocsin("simulate-centre", "--seeds", "1..2", *SMALL, "--faults", "network,kill", "--trace", trace)
    assert (done.status, done.errors) == (0, "")
    first, second, last = done.output.splitlines()
    assert first.startswith("seed 1: kept (")
    assert second.startswith("seed 2: kept (")
    assert last == "2 seeds, 0 broke a promise"
    assert "ready, seq" in trace.read_text().splitlines()[0]


def test_seed_that_breaks_a_promise_says_what_broke_and_how_to_run_it_again():
    words = ["simulate-centre", "--seed", "1", "--hours", "1.5", "--accounts", "30"]
    done = subprocess.run(
        [sys.executable, "-m", "tocsin", *words],
        env=environment(PYTHONPATH=str(MUTANTS), MUTANT="no_identity"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    first, *found, again = done.stdout.splitlines()
    assert first == "seed 1: BROKEN"
    assert "though it was one message within its window" in found[0]
    assert again == "  Again: tocsin simulate-centre --seed 1 --hours 1.5 --accounts 30 --trace trace.txt"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--seeds", "7"), "usage.seeds"),
        (("--seeds", "9..2"), "usage.seeds"),
        (("--seeds", "1..2", "--seed", "3"), "usage.seeds"),
        (("--seed", "1", "--faults", "dragons"), "simulation.asked"),
        (("--seed", "1", "--hours", "0"), "simulation.asked"),
        (("--seed", "1", "--hours", "10000"), "simulation.asked"),
        (("--seed", "1", "--accounts", "2"), "simulation.asked"),
        (("--seed", "1", "--accounts", "100000"), "simulation.asked"),
        (("--seed", "1", "--trace", "/nowhere/trace.txt"), "usage.trace"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_a_reason(words, code):
    done = run_tocsin("simulate-centre", *words)
    assert done.status in (1, 2)
    assert f"[{code}]" in done.errors
    assert done.output == ""


def test_a_served_centre_imports_nothing_of_it():
    code = "import sys, tocsin.app, tocsin.process, tocsin.cli.serve; print([m for m in sys.modules if 'simulat' in m])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
