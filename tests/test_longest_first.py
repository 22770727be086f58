"""The order in which workers are given files: nobody waits at the end for a long one that began last."""

import subprocess
import sys
from pathlib import Path

from support.longest_first import TOGETHER, lines_of, order, read_seconds
from support.server import environment

SECONDS = {"tests/a.py": 5.0, "tests/b.py": 60.0, f"{TOGETHER}c.py": 7.0, f"{TOGETHER}d.py": 9.0, "tests/gone.py": 99.0}


def test_longest_comes_first_and_browsers_stay_together():
    files = {"tests/a.py": 100, "tests/b.py": 1, f"{TOGETHER}c.py": 1, f"{TOGETHER}d.py": 1}
    assert order(files, SECONDS) == [f"{TOGETHER}d.py", f"{TOGETHER}c.py", "tests/b.py", "tests/a.py"]


def test_file_that_was_never_measured_is_taken_by_its_tests():
    assert order({"tests/a.py": 1, "tests/new.py": 100, "tests/small.py": 2}, SECONDS) == [
        "tests/new.py",
        "tests/a.py",
        "tests/small.py",
    ]


def test_order_without_any_measure_is_that_of_the_tests_and_then_of_the_names():
    assert order({"tests/z.py": 2, "tests/y.py": 2, "tests/x.py": 3}, {}) == ["tests/x.py", "tests/y.py", "tests/z.py"]


def test_lines_that_say_nothing_are_passed_over():
    assert read_seconds("12 tests/a.py\n\nx tests/b.py\n-3 tests/c.py\n7\n<<<<<<< ours\n") == {"tests/a.py": 12.0}


def test_what_is_written_is_read_again_without_what_takes_next_to_nothing():
    text = lines_of({"tests/a.py": 0.9, "tests/b.py": 1.4, "tests/c.py": 70.6})
    assert text == "71 tests/c.py\n1 tests/b.py\n"
    assert read_seconds(text) == {"tests/c.py": 71.0, "tests/b.py": 1.0}


def test_workers_begin_with_the_longest_and_a_run_can_be_measured(tmp_path):
    """By pytest itself: the short file has more tests, which pytest-xdist would begin with."""
    (tmp_path / "conftest.py").write_text(
        "from pathlib import Path\n"
        "from support import longest_first\n"
        f"longest_first.MEASURED = Path({str(tmp_path / 'seconds.txt')!r})\n"
        "def pytest_configure(config):\n"
        "    config.pluginmanager.register(longest_first.LongestFirst(config))\n"
        "def pytest_runtest_call(item):\n"
        f"    Path({str(tmp_path / 'order')!r}).open('a').write(item.nodeid + '\\n')\n"
    )
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {Path(__file__).parent}\n")
    (tmp_path / "seconds.txt").write_text("9 test_long.py\n1 test_short.py\n")
    (tmp_path / "test_long.py").write_text("import time\ndef test_one(): time.sleep(1.1)\n")
    (tmp_path / "test_short.py").write_text("def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass\n")
    measured = tmp_path / "measured.txt"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "1", "--dist", "loadfile", "."],
        cwd=tmp_path,
        env=environment({"TESTS_SECONDS": str(measured), "PYTHONPATH": str(Path(__file__).parent)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    names = [line.partition("::")[0] for line in (tmp_path / "order").read_text().splitlines()]
    assert names == ["test_long.py", *["test_short.py"] * 3]
    assert measured.read_text() == "1 test_long.py\n"
