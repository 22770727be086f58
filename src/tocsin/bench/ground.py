"""Where a bench works: its folders, the slow disk, the machine that it tells of, and the report at the end."""

import contextlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final, Literal

import msgspec

import tocsin
from tocsin.bench import shim
from tocsin.bench.figures import Figure, Machine, Report, Subject
from tocsin.bench.processes import output_of
from tocsin.store.driver import dbapi
from tocsin.system import SystemClock

FSYNC_MS: Final = 5.0
PROBE_SYNCS: Final = 20
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
MEMORY_FREE_BYTES: Final = 1_000_000_000
CLOCK: Final = SystemClock()
Tell = Callable[[str], None]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a bench was asked for."""

    runs: int = 5
    run_s: float = 2.0
    is_quick: bool = False


class Ground:
    """The folders of one bench, and the shim for its slow disk."""

    def __init__(self, folder: Path, tell: Tell, slow_folder: Path | None = None) -> None:
        """Work in `folder`, which is empty; `tell` is called with what begins.

        Centres on the slow disk lie in `slow_folder`, where there is one.
        """
        self.folder = folder
        self.slow_folder = slow_folder or folder
        self.tell = tell
        self._copies = 0
        self._shim: Path | None = None
        self._has_shim_tried = False
        self._templates: dict[bytes, Path] = {}

    def runs(self, subject: Subject, count: int) -> Iterator[int]:
        """Number the runs of a subject, and say which begins."""
        for number in range(count):
            self.tell(f"{subject.name}, run {number + 1} of {count}")
            yield number

    def centre(self, accounts: bytes, place: Path | None = None) -> Path:
        """A new centre with the accounts of a CSV file, ready to serve; in `place`, else in the bench's folder."""
        template = self._templates.get(accounts)
        if template is None:
            self.tell("making a centre")
            template = self._templates[accounts] = self._make_template(accounts)
        self._copies += 1
        return Path(shutil.copytree(template, (place or self.folder) / f"centre-{self._copies}"))

    def slow_fsync(self, wait_ms: float = FSYNC_MS) -> shim.SlowFsync | None:
        """What makes a process's fsync take so long at least; None where no compiler is."""
        if not self._has_shim_tried:
            self._has_shim_tried = True
            self._shim = shim.compile_shim(self.folder)
        if self._shim is None:
            return None
        self._copies += 1
        return shim.SlowFsync(self._shim, self.folder / f"fsyncs-{self._copies}", round(wait_ms * 1000))

    def _make_template(self, accounts: bytes) -> Path:
        number = len(self._templates) + 1
        template, file = self.folder / f"template-{number}", self.folder / f"accounts-{number}.csv"
        file.write_bytes(accounts)
        output_of(["tocsin", "init", str(template)])
        output_of(["tocsin", "import", "accounts", str(file), "--dir", str(template)])
        return template


def measured(
    bench: Literal["intake", "rules", "screen", "sources", "supervision", "verify"],
    asked: Asked,
    folder: Path,
    tell: Tell,
    parts: Sequence[Callable[[Ground], list[Figure]]],
) -> Report:
    """Let each part measure, on ground in an empty folder that the caller removes; report on all."""
    began_at, began_s = CLOCK.now_us(), CLOCK.monotonic_s()
    figures = list[Figure]()
    with _memory_folder() as in_memory:
        ground = Ground(folder, tell, in_memory)
        for part in parts:
            figures += part(ground)
    return Report(
        bench=bench,
        version=tocsin.__version__,
        began_at=began_at,
        seconds=round(CLOCK.monotonic_s() - began_s, 1),
        runs=asked.runs,
        run_s=asked.run_s,
        is_quick=asked.is_quick,
        machine=Machine(
            system=f"{platform.system()} {platform.release()}",
            processor=_processor(),
            processors=os.cpu_count() or 1,
            python=platform.python_version(),
            sqlite=".".join(map(str, dbapi.sqlite_version_info)),
            fsync_ms=_fsync_ms(folder),
        ),
        figures=tuple(figures),
    )


def seconds_of(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    began_s = CLOCK.monotonic_s()
    work()
    return CLOCK.monotonic_s() - began_s


@contextlib.contextmanager
def _memory_folder() -> Iterator[Path | None]:
    """A folder in memory, where that has room, so that a slow disk is as slow as the shim makes it, and no slower."""
    made: Path | None = None
    with contextlib.suppress(OSError):
        if shutil.disk_usage(MEMORY).free >= MEMORY_FREE_BYTES:
            made = Path(tempfile.mkdtemp(prefix="tocsin-bench-", dir=MEMORY))
    try:
        yield made
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _fsync_ms(folder: Path) -> float:
    """How long this disk takes for a page, unslowed."""
    taken: list[float] = []
    with (folder / "probe").open("wb", buffering=0) as file:
        for _ in range(PROBE_SYNCS):
            file.write(bytes(4096))
            taken.append(seconds_of(lambda: os.fdatasync(file.fileno())) * 1000)
    return round(median(taken), 3)
