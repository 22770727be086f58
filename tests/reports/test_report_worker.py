"""The worker that makes reports, as a process: what goes in, what comes out, and times over a change of the clock."""

import os
import subprocess
import sys

import msgspec

from support.pdf import pages
from support.walk_tests import report, signal

HOUR = 3_600_000_000
CHANGE = 1_792_890_000_000_000
"""2026-10-25 01:00 UTC: three in the morning becomes two in Vienna."""


def made(form, zone="Europe/Vienna"):
    environ = {**os.environ, "TZ": zone}
    command = [sys.executable, "-m", "tocsin.reports.worker"]
    return subprocess.run(command, input=form, capture_output=True, check=False, timeout=60, env=environ)


def test_hour_that_comes_twice_is_told_apart_by_its_distance_from_utc():
    signals = [signal(0, at=CHANGE - HOUR // 2), signal(1, at=CHANGE + HOUR // 2)]
    done = made(msgspec.json.encode(report([], signals)))
    (page,) = pages(done.stdout)
    assert [line[:26] for line in page if line.startswith("2026-10-25")] == [
        "2026-10-25 02:30:00 +02:00", "2026-10-25 02:30:00 +01:00"
    ]  # fmt: skip


def test_form_that_is_none_makes_no_report():
    done = made(b'{"zones": 1}')
    assert (done.returncode, done.stdout) == (1, b"")
