"""The same seed gives the same run, byte for byte, in whatever process; and a run needs nothing of this machine."""

import subprocess
import sys

from support.simulations import environment


def run_of(tmp_path, name, seed, **more):
    trace = tmp_path / name
    words = ["simulate-centre", "--seed", seed, "--hours", "0.3", "--accounts", "20", "--trace", trace]
    done = subprocess.run(
        [sys.executable, "-m", "tocsin", *map(str, words)],
        env=environment(**more),
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, trace.read_bytes()


def test_same_seed_gives_the_same_run_byte_for_byte_and_another_seed_another(tmp_path):
    """In processes whose hashes differ, so that no order of a set is a part of it."""
    first = run_of(tmp_path, "first", 4, PYTHONHASHSEED="1")
    assert first == run_of(tmp_path, "second", 4, PYTHONHASHSEED="2", TZ="Asia/Kathmandu")
    assert len(first[1]) > 500
    assert run_of(tmp_path, "third", 5)[1] != first[1]
