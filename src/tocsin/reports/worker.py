"""Makes one report in a process of its own: the form on standard input, the PDF on standard output.

    python -m tocsin.reports.worker < walk_test.json > walk_test.pdf

A long one takes a second of the processor, which nobody who waits for an alarm may wait for.
"""

import sys
from datetime import UTC, datetime

import msgspec

from tocsin.model.values import Micros
from tocsin.reports.walk_test import WalkTest, walk_test_pdf


def stamp(at: Micros) -> str:
    """A time on this machine's clock face, with its distance from UTC: `2027-03-04 07:05:11 +01:00`."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone().isoformat(" ")[:25].replace("+", " +")


def main() -> int:
    """Make it."""
    report = msgspec.json.decode(sys.stdin.buffer.read(), type=WalkTest)
    sys.stdout.buffer.write(walk_test_pdf(report, stamp))
    return 0


if __name__ == "__main__":
    sys.exit(main())
