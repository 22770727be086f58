"""What all tests share: parts of the machine that some of them need, and a last word on what was skipped."""

import os
import shutil
import sys
from collections.abc import Callable
from typing import NamedTuple

import hypothesis
import pytest

# A busy machine is no failure of ours; each test bounds its own work.
hypothesis.settings.register_profile("tocsin", deadline=None)
hypothesis.settings.load_profile("tocsin")


class Part(NamedTuple):
    """A part of the machine that a test may need by `@pytest.mark.requires(NAME)`."""

    is_there: Callable[[], bool]
    remedy: str
    ci_must_have: bool


PARTS = {
    "cc": Part(
        lambda: shutil.which("cc") is not None, "a C compiler as `cc` (Debian: apt install gcc libc6-dev)", True
    ),
    "linux": Part(lambda: sys.platform == "linux", "Linux", False),
}


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every skipped test and its reason in the last lines."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section(f"{len(skipped)} skipped, with the reason")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.line(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")
