"""A centre whose core is at rest: on it the figures of the intake are measured, so that they tell of the intake alone.

All else is the product's own: receiver, journal, vault, web part, and the way in which `tocsin serve` runs them. What
the core takes of the writer's time is a figure of its own (`tocsin bench screen`, `core.rate`), and what remains of the
acknowledgement with the core at work another (`served.p50`).
"""

import os
import sys
from pathlib import Path

from tocsin.app import Service
from tocsin.process import run_service
from tocsin.settings import load


class IntakeOnly(Service):
    """Stores and acknowledges, and decides on nothing."""

    def _attach_core(self) -> None:
        self._centre.use_core(self._core)


def main(folder: Path) -> int:
    """Serve the centre of a folder until told to stop."""
    settings = load(folder, os.environ)
    return run_service(settings, lambda: IntakeOnly(settings, os.environ), log_level="info")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
