"""Slowed fsync: a small C library, compiled where there is a compiler, loaded into the server alone."""

import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Final

NOT_COMPILED: Final = "not measured: no C compiler (`cc`) on this machine"
COMPILE_S: Final = 60
COUNT_BYTES: Final = 16


class FsyncCount:
    """How often a process synced, and how long that took."""

    def __init__(self, calls: int, microseconds: int) -> None:
        """Hold both."""
        self.calls = calls
        self.microseconds = microseconds

    def since(self, earlier: "FsyncCount") -> "FsyncCount":
        """What came on top of `earlier`."""
        return FsyncCount(self.calls - earlier.calls, self.microseconds - earlier.microseconds)

    @property
    def mean_ms(self) -> float:
        """How long one took; 0 of none."""
        return self.microseconds / self.calls / 1000 if self.calls else 0.0


class SlowFsync:
    """The compiled shim: what to put into a process's environment, and its counts."""

    def __init__(self, library: Path, counts: Path, wait_us: int) -> None:
        """Wait `wait_us` before each fsync; counts go to a file of their own."""
        self._counts = counts
        counts.write_bytes(bytes(COUNT_BYTES))
        self.wait_us = wait_us
        self.environment = {
            "LD_PRELOAD": str(library),
            "TOCSIN_BENCH_FSYNC_US": str(wait_us),
            "TOCSIN_BENCH_FSYNC_COUNT": str(counts),
        }

    def count(self) -> FsyncCount:
        """Counts since the process began."""
        data = self._counts.read_bytes()
        return FsyncCount(int.from_bytes(data[:8], sys.byteorder), int.from_bytes(data[8:16], sys.byteorder))


def compile_shim(folder: Path) -> Path | None:
    """Compile the shim into a folder; None where there is no compiler, or it cannot."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, library = folder / "slow_fsync.c", folder / "slow_fsync.so"
    source.write_bytes(resources.files("tocsin.bench").joinpath("slow_fsync.c").read_bytes())
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    done = subprocess.run(command, capture_output=True, timeout=COMPILE_S, check=False)  # noqa: S603 - our own file
    return library if done.returncode == 0 else None
