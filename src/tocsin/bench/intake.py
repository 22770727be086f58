"""`tocsin bench intake`: what the way of a signal costs, and what the process needs of the machine.

Each figure starts the processes that it needs, and nothing else runs in them. Value and ceiling are taken one right
after the other, run by run, so that a busy machine slows both alike: the ratio is what counts.
"""

import contextlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import msgspec

import tocsin
from tocsin.bench import shim
from tocsin.bench.figures import Figure, Machine, Report, Run, Subject, figure_of, not_measured, run_of
from tocsin.bench.frames import accounts_csv
from tocsin.bench.load import Open, Pace, Result, Storm
from tocsin.bench.one_commit import OneByOne
from tocsin.bench.processes import (
    Load,
    Server,
    centre_process,
    load_process,
    output_of,
    reply_only_process,
    seconds_to_ready,
)
from tocsin.model.errors import CentreFault
from tocsin.model.values import Micros
from tocsin.store.driver import dbapi
from tocsin.system import SystemClock, sleep_blocking

FSYNC_MS: Final = 5.0
MEGABYTE: Final = 1e6
SETTLE_S: Final = 1.0
PROBE_SYNCS: Final = 20
WARM_FRAMES_EACH: Final = 20
ENCODE_MAX: Final = 400_000
"""Frames encoded for one run: about 150 MB in the load's process."""

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
MEMORY_FREE_BYTES: Final = 1_000_000_000
JOURNAL_SEQ: Final = "tocsin_journal_seq"
_CLOCK: Final = SystemClock()
Tell = Callable[[str], None]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured."""

    runs: int = 5
    run_s: float = 2.0
    is_quick: bool = False
    busy_connections: int = 200
    """For the durable signals a core-second: enough that batches form as they do at a centre under load."""
    many_connections: int = 1000
    rate_per_s: float = 1000.0
    idle_connections: int = 5000
    settle_s: float = SETTLE_S


PLAIN: Final = Subject(
    name="durable.plain",
    what="Durable signals a core-second, clear, TCP",
    unit="signals/core-s",
    judged="ratio",
    bound="at_least",
    target=0.30,
    ceiling_what="the same receiver answering without storing",
)
AES: Final = msgspec.structs.replace(PLAIN, name="durable.aes", what="Durable signals a core-second, AES-128, TCP")
GROUP: Final = Subject(
    name="slow_disk.rate",
    what="Signals a second, fsync 5 ms, 1,000 connections",
    unit="signals/s",
    judged="ratio",
    bound="at_least",
    target=50.0,
    ceiling_what="one signal a commit, same fsync",
)
P50: Final = Subject(
    name="slow_disk.p50",
    what="Acknowledgement at 1,000 signals/s, fsync 5 ms, p50",
    unit="ms",
    judged="ratio",
    bound="at_most",
    target=2.5,
    ceiling_what="one fsync",
)
P99: Final = msgspec.structs.replace(
    P50, name="slow_disk.p99", what="Acknowledgement at 1,000 signals/s, fsync 5 ms, p99", target=5.0
)
SYNCS: Final = Subject(
    name="slow_disk.fsyncs",
    what="fsyncs of the process at 1,000 signals/s",
    unit="fsyncs",
    judged="ratio",
    bound="at_most",
    target=1.2,
    ceiling_what="batches committed",
)
CONNECTED: Final = Subject(
    name="memory.connections",
    what="Resident memory with 5,000 idle connections",
    unit="MB",
    judged="value",
    bound="at_most",
    target=200.0,
)
IDLE: Final = msgspec.structs.replace(
    CONNECTED, name="memory.idle", what="Resident memory without a connection", target=100.0
)
READY: Final = Subject(
    name="start.ready",
    what="From the process's start to /readyz 200",
    unit="s",
    judged="value",
    bound="at_most",
    target=2.0,
)
HELP: Final = msgspec.structs.replace(READY, name="start.help", what="tocsin --help", target=0.3)


class Bench:
    """Measures by a plan, in a folder of its own."""

    def __init__(self, plan: Plan, folder: Path, tell: Tell, slow_folder: Path | None = None) -> None:
        """Work in `folder`, which is empty; `tell` is called with what begins.

        Centres on the slow disk lie in `slow_folder`, where there is one.
        """
        self._plan = plan
        self._folder = folder
        self._slow_folder = slow_folder or folder
        self._tell = tell
        self._copies = 0
        self._shim: Path | None = None
        self._has_shim_tried = False
        self._template: Path | None = None

    def durable(self) -> list[Figure]:
        """Figure 1, clear and encrypted."""
        return [self._durable(PLAIN, is_encrypted=False), self._durable(AES, is_encrypted=True)]

    def durable_plain(self) -> list[Figure]:
        """Figure 1, clear."""
        return [self._durable(PLAIN, is_encrypted=False)]

    def durable_aes(self) -> list[Figure]:
        """Figure 1, encrypted."""
        return [self._durable(AES, is_encrypted=True)]

    def group_commit(self) -> list[Figure]:
        """Figure 2: many connections on a slow disk."""
        slow = self._slow_fsync()
        if slow is None:
            return [not_measured(GROUP, shim.NOT_COMPILED)]
        plan, runs = self._plan, list[Run]()
        alone = self._centre_folder(self._slow_folder)
        with centre_process(self._centre_folder(self._slow_folder), slow.environment) as centre, load_process() as load:
            load.open(_open(centre, plan.many_connections))
            sent = _Sent(load, plan.many_connections)
            for _ in self._runs(GROUP):
                one = self._one_by_one(alone, slow.environment)
                per_core_s, extra = _per_core_second(centre, sent, plan.run_s)
                rate_per_s = extra.pop("rate_per_s")
                runs.append(run_of(rate_per_s, one.signals / one.seconds, per_core_second=per_core_s, **extra))
        return [figure_of(GROUP, runs)]

    def latency(self) -> list[Figure]:
        """Figure 3: how long an acknowledgement takes on a slow disk, and how often it syncs."""
        slow = self._slow_fsync()
        if slow is None:
            return [not_measured(subject, shim.NOT_COMPILED) for subject in (P50, P99, SYNCS)]
        plan = self._plan
        p50, p99, syncs = list[Run](), list[Run](), list[Run]()
        with centre_process(self._centre_folder(self._slow_folder), slow.environment) as centre, load_process() as load:
            load.open(_open(centre, plan.many_connections))
            sent = _Sent(load, plan.many_connections)
            for number in self._runs(P50):
                frames = sent.prepare_pace(plan.rate_per_s, plan.run_s, seed=number)
                synced, batches = slow.count(), centre.metric("tocsin_commits_total")
                result = load.run()
                batches = centre.metric("tocsin_commits_total") - batches
                synced = slow.count().since(synced)
                extra = {
                    "load_late_p99_ms": result.late_p99_ms,
                    "max_ms": result.max_ms,
                    "rate_per_s": frames / result.seconds,
                }
                p50.append(run_of(result.p50_ms, synced.mean_ms, **extra))
                p99.append(run_of(result.p99_ms, synced.mean_ms, **extra))
                syncs.append(run_of(synced.calls, batches, **extra))
        return [figure_of(P50, p50), figure_of(P99, p99), figure_of(SYNCS, syncs)]

    def memory(self) -> list[Figure]:
        """Figure 4: memory of an idle centre, without and with connections."""
        plan, without, with_ = self._plan, list[Run](), list[Run]()
        for _ in self._runs(CONNECTED):
            with centre_process(self._centre_folder()) as centre, load_process() as load:
                sleep_blocking(plan.settle_s)
                without.append(run_of(centre.rss_bytes / MEGABYTE, pss_mb=centre.pss_bytes / MEGABYTE))
                load.open(_open(centre, plan.idle_connections, does_poll=True))
                sleep_blocking(plan.settle_s)
                open_now = centre.metric("tocsin_connections_open")
                with_.append(
                    run_of(centre.rss_bytes / MEGABYTE, pss_mb=centre.pss_bytes / MEGABYTE, connections_open=open_now)
                )
        return [figure_of(CONNECTED, with_), figure_of(IDLE, without)]

    def start(self) -> list[Figure]:
        """Figure 4: how soon it is ready, and how soon it helps."""
        folder = self._centre_folder()
        ready = [run_of(seconds_to_ready(folder)) for _ in self._runs(READY)]
        helped = [run_of(_seconds_of(lambda: output_of(["tocsin", "--help"]))) for _ in self._runs(HELP)]
        return [figure_of(READY, ready), figure_of(HELP, helped)]

    def _durable(self, subject: Subject, *, is_encrypted: bool) -> Figure:
        plan, runs = self._plan, list[Run]()
        count = plan.busy_connections
        with (
            centre_process(self._centre_folder()) as centre,
            reply_only_process(self._centre_folder()) as ceiling,
            load_process() as to_centre,
            load_process() as to_ceiling,
        ):
            to_centre.open(_open(centre, count, is_encrypted=is_encrypted))
            to_ceiling.open(_open(ceiling, count, is_encrypted=is_encrypted))
            durable, replied = _Sent(to_centre, count), _Sent(to_ceiling, count)
            for _ in self._runs(subject):
                value, extra = _per_core_second(centre, durable, plan.run_s)
                top, top_extra = _per_core_second(ceiling, replied, plan.run_s)
                extra |= {f"ceiling_{name}": number for name, number in top_extra.items()}
                runs.append(run_of(value, top, **extra))
        return figure_of(subject, runs)

    def _one_by_one(self, folder: Path, environment: Mapping[str, str]) -> OneByOne:
        signals = max(10, round(self._plan.run_s * 1000 / FSYNC_MS / 2))
        printed = output_of(["tocsin.bench.one_commit", str(folder), str(signals)], environment)
        return msgspec.json.decode(printed, type=OneByOne)

    def _runs(self, subject: Subject) -> Iterator[int]:
        for number in range(self._plan.runs):
            self._tell(f"{subject.name}, run {number + 1} of {self._plan.runs}")
            yield number

    def _centre_folder(self, place: Path | None = None) -> Path:
        """A new centre with the bench's accounts, ready to serve."""
        if self._template is None:
            self._tell("making a centre")
            self._template = self._make_template()
        self._copies += 1
        return Path(shutil.copytree(self._template, (place or self._folder) / f"centre-{self._copies}"))

    def _make_template(self) -> Path:
        template, file, plan = self._folder / "template", self._folder / "accounts.csv", self._plan
        clear = max(plan.busy_connections, plan.many_connections, plan.idle_connections)
        file.write_bytes(accounts_csv(clear, plan.busy_connections))
        output_of(["tocsin", "init", str(template)])
        output_of(["tocsin", "import", "accounts", str(file), "--dir", str(template)])
        return template

    def _slow_fsync(self) -> shim.SlowFsync | None:
        if not self._has_shim_tried:
            self._has_shim_tried = True
            self._shim = shim.compile_shim(self._folder)
        if self._shim is None:
            return None
        self._copies += 1
        return shim.SlowFsync(self._shim, self._folder / f"fsyncs-{self._copies}", round(FSYNC_MS * 1000))


PARTS: Final[dict[str, tuple[Callable[[Bench], list[Figure]], str]]] = {
    "plain": (Bench.durable_plain, "durable signals a core-second, clear"),
    "aes": (Bench.durable_aes, "the same, encrypted"),
    "group": (Bench.group_commit, "rate on a slow disk against one signal a commit"),
    "latency": (Bench.latency, "acknowledgement and fsyncs on a slow disk"),
    "memory": (Bench.memory, "memory, idle and with connections"),
    "start": (Bench.start, "time to be ready, and of the help"),
}
"""What `--only` names."""


class _Sent:
    """How far the numbering of one load's frames is, so that none is ever a repeat."""

    def __init__(self, load: Load, connections: int) -> None:
        self._load = load
        self._connections = connections
        self._first = 0
        self._rate_per_s = 0.0

    def prepare_storm(self, seconds: float) -> None:
        """Have frames for about so long encoded, after a first run that shows how fast it goes."""
        if not self._rate_per_s:
            self._prepare(Storm(self._first, WARM_FRAMES_EACH * self._connections), WARM_FRAMES_EACH)
            self.run()
        frames = min(ENCODE_MAX, round(self._rate_per_s * seconds))
        each = max(1, round(frames / self._connections))
        self._prepare(Storm(self._first, each * self._connections), each)

    def prepare_pace(self, rate_per_s: float, seconds: float, seed: int) -> int:
        each = max(1, round(rate_per_s * seconds / self._connections))
        frames = each * self._connections
        self._prepare(Pace(self._first, frames, rate_per_s, seed), each)
        return frames

    def run(self) -> Result:
        result = self._load.run()
        self._rate_per_s = result.answered / result.seconds
        return result

    def _prepare(self, order: Storm | Pace, each: int) -> None:
        self._load.prepare(order)
        self._first += each


def measure(plan: Plan, folder: Path, only: Sequence[str], tell: Tell) -> Report:
    """Measure what `only` names, everything where it names nothing, in an empty folder that the caller removes."""
    began_at, began_s = _CLOCK.now_us(), _CLOCK.monotonic_s()
    measured = list[Figure]()
    with _memory_folder() as in_memory:
        bench = Bench(plan, folder, tell, in_memory)
        for name, (part, _) in PARTS.items():
            if not only or name in only:
                measured += part(bench)
    return _report(plan, folder, began_at, began_s, measured)


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


def _report(plan: Plan, folder: Path, began_at: Micros, began_s: float, measured: list[Figure]) -> Report:
    return Report(
        bench="intake",
        version=tocsin.__version__,
        began_at=began_at,
        seconds=round(_CLOCK.monotonic_s() - began_s, 1),
        runs=plan.runs,
        run_s=plan.run_s,
        is_quick=plan.is_quick,
        machine=Machine(
            system=f"{platform.system()} {platform.release()}",
            processor=_processor(),
            processors=os.cpu_count() or 1,
            python=platform.python_version(),
            sqlite=".".join(map(str, dbapi.sqlite_version_info)),
            fsync_ms=_fsync_ms(folder),
        ),
        figures=tuple(measured),
    )


def _open(server: Server, connections: int, *, is_encrypted: bool = False, does_poll: bool = False) -> Open:
    return Open(*server.dc09, connections=connections, is_encrypted=is_encrypted, does_poll=does_poll)


def _per_core_second(server: Server, sent: _Sent, seconds: float) -> tuple[float, dict[str, float]]:
    """Answers a core-second of a server, and what else shows that the server was what was measured."""
    sent.prepare_storm(seconds)
    stored = server.metric(JOURNAL_SEQ) if server.web else 0
    before_s = server.cpu_s
    result = sent.run()
    spent_s = max(server.cpu_s - before_s, 0.001)
    if server.web and (stored := server.metric(JOURNAL_SEQ) - stored) < result.answered:
        raise CentreFault(
            f"{result.answered} signals were acknowledged and {stored:.0f} stored: no figure can be had from that. "
            "Report this as a fault of Tocsin",
            "bench.not_stored",
        )
    return result.answered / spent_s, {
        "rate_per_s": result.answered / result.seconds,
        "cpu": spent_s / result.seconds,
        "load_cpu": result.cpu_s / result.seconds,
    }


def _seconds_of(work: Callable[[], object]) -> float:
    began_s = _CLOCK.monotonic_s()
    work()
    return _CLOCK.monotonic_s() - began_s


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
            taken.append(_seconds_of(lambda: os.fdatasync(file.fileno())) * 1000)
    return round(median(taken), 3)
