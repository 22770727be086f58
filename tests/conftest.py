"""What all tests share: parts of the machine that some of them need, and a last word on what was skipped."""

import gc
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest

from support import longest_first, zygote
from support.mosquitto import find_mosquitto
from tocsin.bench.browser import REMEDY, find_chromium
from tocsin.centre.folder import RESERVE

# A busy machine is no failure of ours; each test bounds its own work.
hypothesis.settings.register_profile("tocsin", deadline=None)
hypothesis.settings.load_profile("tocsin")


class Part(NamedTuple):
    """A part of the machine that a test may need by `@pytest.mark.requires(NAME)`."""

    is_there: Callable[[], bool]
    remedy: str
    ci_must_have: bool


ROOT = Path(__file__).parents[1]
PARTS = {
    "axe": Part(
        (ROOT / "console/node_modules/axe-core/axe.min.js").is_file, "the console's packages (make console)", True
    ),
    "cc": Part(
        lambda: shutil.which("cc") is not None, "a C compiler as `cc` (Debian: apt install gcc libc6-dev)", True
    ),
    "chromium": Part(lambda: find_chromium() is not None, REMEDY, True),
    "console": Part((ROOT / "src/tocsin/web/static/.built").is_file, "the console as it is built (make console)", True),
    "linux": Part(lambda: sys.platform == "linux", "Linux", False),
    "mosquitto": Part(
        lambda: find_mosquitto() is not None, "the broker mosquitto (Debian: apt install mosquitto)", True
    ),
    "playwright": Part(
        lambda: importlib.util.find_spec("playwright") is not None, "the Python package playwright (make test)", True
    ),
}


UNHURRIED = frozenset(
    {"app", "bench", "browser", "cli", "console", "docs", "intake", "journeys", "panel", "scope", "simulation", "web"}
)
"""Rooms whose tests start processes, servers or browsers: `make quick` leaves them out."""


SLOW_ROOMS = tuple(f"tests/{room}/" for room in sorted(UNHURRIED))


def pytest_configure(config: pytest.Config) -> None:
    """Let workers begin with what takes longest."""
    config.pluginmanager.register(longest_first.LongestFirst(config), "longest first")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector of garbage need not walk a million objects again and again.

    It walks as often as before: what a test leaves open is to be found while that test, or the next, still runs.
    """
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of those rooms as slow, whatever each of them takes, and give slow ones a second try.

    Their servers, browsers and panels share two processors with another test's, and a machine of somebody else's may
    stand still for seconds. A promise that does not hold breaks twice. Each second try is named at the end: it is a
    defect, of the test or of the product, and is looked at.
    """
    for item in items:
        if item.nodeid.startswith(SLOW_ROOMS) and item.get_closest_marker("soak") is None:
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("slow") is not None and item.get_closest_marker("soak") is None:
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose part of the machine is missing; under CI=true fail it, for there the parts are installed."""
    for mark in item.iter_markers("requires"):
        for name in mark.args:
            part = PARTS[name]
            if part.is_there():
                continue
            if part.ci_must_have and os.environ.get("CI") == "true":
                pytest.fail(f"needs {part.remedy}, and CI must have it", pytrace=False)
            pytest.skip(f"needs {part.remedy}")


@pytest.fixture(scope="module", autouse=True)
def _room_given_back(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """What the centres of a file of tests reserved of the disk goes with them: hundreds of 64 MB fill a small one."""
    yield
    base = tmp_path_factory.getbasetemp()
    for depth in ("*", "*/*", "*/*/*"):
        for reserve in base.glob(f"{depth}/{RESERVE}"):
            reserve.unlink(missing_ok=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test that is marked `afresh`, and what is set up for it, forks no process."""
    allowed = zygote.Allowed.now
    zygote.Allowed.now = allowed and item.get_closest_marker("afresh") is None
    try:
        return (yield)
    finally:
        zygote.Allowed.now = allowed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every skipped test and its reason in the last lines, and every test that had a second try."""
    tried = terminalreporter.stats.get("rerun", [])
    if tried:
        terminalreporter.section(f"{len(tried)} failed once and had a second try: look at each")
        for report in tried:
            terminalreporter.line(f"{report.nodeid}: {_last_line(report)}")
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"{len(skipped)} skipped, with the reason")
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            terminalreporter.line(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")


def _last_line(report: pytest.TestReport) -> str:
    lines = [line for line in str(report.longrepr).splitlines() if line.startswith("E ")] or [""]
    return lines[0].removeprefix("E").strip()
