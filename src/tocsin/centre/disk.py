"""Room on the disk: a reserve that is freed when it is full, and a warning before that (DESIGN.md, Operation)."""

import os
import shutil
from pathlib import Path
from typing import Final

RESERVE_BYTES: Final = 64 << 20
RESUME_FREE_BYTES: Final = RESERVE_BYTES + (16 << 20)
"""Intake goes on once the reserve can be made again with 16 MB to spare, so that it does not flap."""

LOW_BYTES: Final = 2 << 30
LOW_SHARE: Final = 0.10


class DiskRoom:
    """Watches the folder's disk and keeps its reserve."""

    def __init__(self, folder: Path, name: str) -> None:
        """Keep the reserve as file `name` in the folder."""
        self._folder = folder
        self._reserve = folder / name

    @property
    def has_reserve(self) -> bool:
        """The reserve is there, whole."""
        try:
            return self._reserve.stat().st_size == RESERVE_BYTES
        except OSError:
            return False

    def make_reserve(self) -> bool:
        """Make the reserve if there is room; say whether it is there. Takes real blocks, not a hole."""
        if self.has_reserve:
            return True
        if self.free_bytes() < RESUME_FREE_BYTES:
            return False
        try:
            with self._reserve.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
                else:
                    block = bytes(1 << 20)
                    for _ in range(RESERVE_BYTES >> 20):
                        file.write(block)
        except OSError:
            self.free_reserve()
            return False
        return True

    def free_reserve(self) -> None:
        """Give the reserve's room back, for the core's claims and faults."""
        self._reserve.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Bytes that this user may still write."""
        return shutil.disk_usage(self._folder).free

    def is_low(self) -> bool:
        """Less than 10 % or 2 GB is left."""
        usage = shutil.disk_usage(self._folder)
        return usage.free < LOW_BYTES or usage.free < usage.total * LOW_SHARE
