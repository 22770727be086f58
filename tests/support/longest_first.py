"""In which order workers are given the files of tests: the longest first, so that none is left with one at the end.

What each took stands in `tests/seconds.txt`, a line a file, and may be as wrong as it likes: a file that is not there
is taken by its number of tests, and one that has gone is passed over. To measure anew:

    TESTS_SECONDS=tests/seconds.txt make test

A plain pytest, without workers, runs its files as they were named.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

MEASURED = Path(__file__).parents[1] / "seconds.txt"
WRITE_TO = "TESTS_SECONDS"
SECONDS_A_TEST = 0.3
"""Of a file that nobody has measured."""

WORTH_A_LINE_S = 1.0
TOGETHER = "tests/browser/"
"""Each worker has one browser for this folder, and ends it with the last test of it that it has next."""


def read_seconds(text: str) -> dict[str, float]:
    """Seconds by file; a line that is none is passed over."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        seconds, _, name = line.strip().partition(" ")
        if seconds.isdecimal() and name:
            found[name] = float(seconds)
    return found


def order(files: Mapping[str, int], seconds: Mapping[str, float]) -> list[str]:
    """Files, by name with their number of tests, in the order in which they are to begin."""

    def key(name: str) -> tuple[bool, float, str]:
        return not name.startswith(TOGETHER), -seconds.get(name, files[name] * SECONDS_A_TEST), name

    return sorted(files, key=key)


class LongestFirst:
    """A plugin of pytest: orders the files for workers, and measures them where it is told to."""

    def __init__(self, config: pytest.Config) -> None:
        """Keep the order from being changed by pytest-xdist, which takes files by their number of tests."""
        self._is_worker = hasattr(config, "workerinput")
        self._write_to = None if self._is_worker else os.environ.get(WRITE_TO)
        self._took: defaultdict[str, float] = defaultdict(float)
        if hasattr(config.option, "loadscopereorder"):
            config.option.loadscopereorder = False

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort by file; the tests of a file stay in their order."""
        if not self._is_worker:
            return
        text = MEASURED.read_text(encoding="utf-8") if MEASURED.exists() else ""
        name_of: Callable[[pytest.Item], str] = lambda item: item.nodeid.partition("::")[0]  # noqa: E731 - used twice
        ordered = order(Counter(map(name_of, items)), read_seconds(text))
        places = {name: place for place, name in enumerate(ordered)}
        items.sort(key=lambda item: places[name_of(item)])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what each file takes, with what is set up for it."""
        self._took[report.nodeid.partition("::")[0]] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Write what was measured."""
        if self._write_to:
            Path(self._write_to).write_text(lines_of(self._took), encoding="utf-8")


def lines_of(took: Mapping[str, float]) -> str:
    """The file of seconds: the longest first, whole seconds, without those that take next to none."""
    kept = sorted(
        ((round(s), name) for name, s in took.items() if s >= WORTH_A_LINE_S), key=lambda one: (-one[0], one[1])
    )
    return "".join(f"{seconds} {name}\n" for seconds, name in kept)
