"""A bad disk for one folder: `shims/disk.c` around a process, and what the test does to it while that runs.

    disk = BadDisk.make(library, folder, place)
    server = Server(folder, env=disk.environment)
    disk.fail("tocsin.db-wal")

Nothing of the product knows of it. `BadDisk.cut_power` puts a folder back to what was synced.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parent / "shims" / "disk.c"
WAL = "tocsin.db-wal"


class Sync(NamedTuple):
    """One fsync that the process asked for."""

    began_ns: int
    """CLOCK_MONOTONIC, as `time.monotonic_ns`."""
    ended_ns: int
    errno: int
    """0 where it went well."""
    name: str


def build_library(folder: Path) -> Path:
    """Compile the shim into `folder`; needs `cc`."""
    library = folder / "disk.so"
    command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
    made = subprocess.run([*command, "-ldl", "-lpthread"], capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"the shim does not compile:\n{made.stderr}")
    return library


class BadDisk:
    """What stands between a process and the disk of one folder."""

    def __init__(self, library: Path, folder: Path, place: Path, *, has_shadow: bool = False) -> None:
        """Stand around `folder`; `place`, made here, holds the controls, the log and the shadow of the folder."""
        self._folder = folder.resolve()
        self._control = place / "control"
        self._shadow = place / "shadow"
        self._log = place / "syncs"
        self._control.mkdir(parents=True)
        self.environment = {
            "LD_PRELOAD": str(library),
            "DISK_FOLDER": str(self._folder),
            "DISK_CONTROL": str(self._control),
            "DISK_LOG": str(self._log),
        }
        if has_shadow:
            self._begin_shadow()
            self.environment["DISK_SHADOW"] = str(self._shadow)

    def slow(self, end: str, milliseconds: int) -> None:
        """From now on each fsync of a path that ends with `end` takes so much longer."""
        self._set("slow", f"{end} {milliseconds}")

    def fail(self, end: str, *, after: int = 0, count: int = 1_000_000) -> None:
        """From now on, after so many good ones, `count` fsyncs of such paths fail with EIO."""
        self._set("fail", f"{end} {after} {count}")

    def kill_after(self, end: str, after: int = 0) -> None:
        """From now on, after so many, the process dies just as an fsync of such a path has returned."""
        self._set("kill", f"{end} {after}")

    def fill(self, room_bytes: int = 0, *, is_shared: bool = False) -> None:
        """The disk has so many bytes left; with `is_shared` another program takes what is freed."""
        self._set("full", f"{room_bytes} {int(is_shared)}")

    def heal(self) -> None:
        """The disk is good again, and empty."""
        for file in self._control.iterdir():
            file.unlink()

    def syncs(self) -> list[Sync]:
        """Every fsync of the folder's files so far, in the order in which they ended."""
        if not self._log.exists():
            return []
        return [_sync_of(line) for line in self._log.read_text().splitlines()]

    def counts(self) -> dict[str, int]:
        """How many fsyncs each file had."""
        found: dict[str, int] = {}
        for sync in self.syncs():
            found[sync.name] = found.get(sync.name, 0) + 1
        return found

    def cut_power(self) -> None:
        """Put the folder back to what was synced. No process may have it open."""
        names = dict(line.split(" ", 1) for line in (self._shadow / "names").read_text().splitlines())
        for file in list(self._folder.iterdir()):
            file.unlink()
        for ino, name in names.items():
            kept = self._shadow / "ino" / ino
            target = self._folder / name
            if kept.exists():
                shutil.copyfile(kept, target)
            else:
                target.touch()
            target.chmod(0o600)
        shutil.rmtree(self._shadow)
        self._begin_shadow()

    def _begin_shadow(self) -> None:
        """All that is in the folder now is on the disk."""
        for name in ("ino", "kept"):
            (self._shadow / name).mkdir(parents=True)
        lines: list[str] = []
        for file in self._folder.iterdir():
            ino = str(file.stat().st_ino)
            shutil.copyfile(file, self._shadow / "ino" / ino)
            lines.append(f"{ino} {file.name}\n")
        (self._shadow / "names").write_text("".join(lines))

    def _set(self, name: str, text: str) -> None:
        partial = self._control / f".{name}"
        partial.write_text(text)
        os.replace(partial, self._control / name)


def _sync_of(line: str) -> Sync:
    began, ended, errno, path = line.split(" ", 3)
    return Sync(int(began), int(ended), int(errno), Path(path).name)
