"""`tocsin bench intake`: what the way of a signal costs, and what the process needs of the machine.

Each figure starts the processes that it needs, and nothing else runs in them. Value and ceiling are taken one right
after the other, run by run, so that a busy machine slows both alike: the ratio is what counts.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import msgspec

from tocsin.bench import shim
from tocsin.bench.figures import Figure, Report, Run, Subject, figure_of, not_measured, run_of
from tocsin.bench.frames import accounts_csv
from tocsin.bench.ground import FSYNC_MS, Asked, Ground, Tell, measured, seconds_of
from tocsin.bench.load import Open, Pace, Result, Storm
from tocsin.bench.one_commit import OneByOne
from tocsin.bench.processes import (
    Load,
    Server,
    centre_process,
    guesses_process,
    intake_process,
    load_process,
    output_of,
    reply_only_process,
    seconds_to_ready,
)
from tocsin.model.errors import CentreFault
from tocsin.system import sleep_blocking

MEGABYTE: Final = 1e6
SETTLE_S: Final = 1.0
WARM_FRAMES_EACH: Final = 20
ENCODE_MAX: Final = 400_000
"""Frames encoded for one run: about 150 MB in the load's process."""

JOURNAL_SEQ: Final = "tocsin_journal_seq"


class Plan(Asked, frozen=True, kw_only=True):
    """How much is measured."""

    busy_connections: int = 200
    """For the durable signals a core-second: enough that batches form as they do at a centre under load."""
    many_connections: int = 1000
    rate_per_s: float = 1000.0
    idle_connections: int = 5000
    guessed_rate_per_s: float = 500.0
    guesses_per_s: float = 200.0
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
SERVED_P50: Final = msgspec.structs.replace(
    P50, name="served.p50", what="Acknowledgement at 1,000 signals/s with the core at work, fsync 5 ms, p50", target=4.0
)
SERVED_P99: Final = msgspec.structs.replace(
    P50, name="served.p99", what="Acknowledgement at 1,000 signals/s with the core at work, fsync 5 ms, p99", target=8.0
)
GUESSED_P50: Final = Subject(
    name="guesses.p50",
    what="Acknowledgement at 500 signals/s beside 200 guesses at passwords a second, p50",
    unit="ms",
    judged="ratio",
    bound="at_most",
    target=2.0,
    ceiling_what="the same without guesses",
)
GUESSED_P99: Final = msgspec.structs.replace(
    GUESSED_P50,
    name="guesses.p99",
    what="Acknowledgement at 500 signals/s beside 200 guesses at passwords a second, p99",
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


Start = Callable[[Path, Mapping[str, str] | None], AbstractContextManager[Server]]
"""Starts a centre on a folder."""


class Bench:
    """Measures by a plan, on ground of its own."""

    def __init__(self, plan: Plan, ground: Ground) -> None:
        """Measure as `plan` says."""
        self._plan = plan
        self._ground = ground

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
        slow = self._ground.slow_fsync()
        if slow is None:
            return [not_measured(GROUP, shim.NOT_COMPILED)]
        plan, runs = self._plan, list[Run]()
        alone = self.centre_folder(is_slow=True)
        with (
            intake_process(self.centre_folder(is_slow=True), slow.environment) as centre,
            load_process() as load,
        ):
            load.open(open_order(centre, plan.many_connections))
            sent = SentFrames(load, plan.many_connections)
            for _ in self._runs(GROUP):
                one = self._one_by_one(alone, slow.environment)
                per_core_s, extra = _per_core_second(centre, sent, plan.run_s)
                rate_per_s = extra.pop("rate_per_s")
                runs.append(run_of(rate_per_s, one.signals / one.seconds, per_core_second=per_core_s, **extra))
        return [figure_of(GROUP, runs)]

    def latency(self) -> list[Figure]:
        """Figure 3: how long an acknowledgement takes on a slow disk, and how often it syncs."""
        return self._latency(intake_process, (P50, P99, SYNCS))

    def served(self) -> list[Figure]:
        """The same of a centre as it serves: each signal becomes an incident in the same writer's turns."""
        return self._latency(centre_process, (SERVED_P50, SERVED_P99, None))

    def _latency(self, start: Start, subjects: tuple[Subject, Subject, Subject | None]) -> list[Figure]:
        slow = self._ground.slow_fsync()
        if slow is None:
            return [not_measured(subject, shim.NOT_COMPILED) for subject in subjects if subject is not None]
        plan = self._plan
        p50, p99, syncs = list[Run](), list[Run](), list[Run]()
        with (
            start(self.centre_folder(is_slow=True), slow.environment) as centre,
            load_process() as load,
        ):
            load.open(open_order(centre, plan.many_connections))
            sent = SentFrames(load, plan.many_connections)
            for number in self._runs(subjects[0]):
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
        found = zip(subjects, (p50, p99, syncs), strict=True)
        return [figure_of(subject, runs) for subject, runs in found if subject is not None]

    def guesses(self) -> list[Figure]:
        """What wrong passwords from everywhere cost the panels: each run without them and with them."""
        plan, count = self._plan, self._plan.busy_connections
        p50, p99 = list[Run](), list[Run]()
        with centre_process(self.centre_folder()) as centre, load_process() as load:
            load.open(open_order(centre, count))
            sent = SentFrames(load, count)
            for number in self._runs(GUESSED_P50):
                sent.prepare_pace(plan.guessed_rate_per_s, plan.run_s, seed=2 * number)
                alone = load.run()
                sent.prepare_pace(plan.guessed_rate_per_s, plan.run_s, seed=2 * number + 1)
                with guesses_process(centre, plan.guesses_per_s) as end:
                    beside = load.run()
                    guessed = end()
                extra = {
                    "load_late_p99_ms": beside.late_p99_ms,
                    "max_ms": beside.max_ms,
                    "guesses": guessed.sent,
                    "looked_at": guessed.looked_at,
                    "unanswered": guessed.failed,
                }
                p50.append(run_of(beside.p50_ms, alone.p50_ms, **extra))
                p99.append(run_of(beside.p99_ms, alone.p99_ms, **extra))
        return [figure_of(GUESSED_P50, p50), figure_of(GUESSED_P99, p99)]

    def memory(self) -> list[Figure]:
        """Figure 4: memory of an idle centre, without and with connections."""
        plan, without, with_ = self._plan, list[Run](), list[Run]()
        for _ in self._runs(CONNECTED):
            with centre_process(self.centre_folder()) as centre, load_process() as load:
                sleep_blocking(plan.settle_s)
                without.append(run_of(centre.rss_bytes / MEGABYTE, pss_mb=centre.pss_bytes / MEGABYTE))
                load.open(open_order(centre, plan.idle_connections, does_poll=True))
                sleep_blocking(plan.settle_s)
                open_now = centre.metric("tocsin_connections_open")
                with_.append(
                    run_of(centre.rss_bytes / MEGABYTE, pss_mb=centre.pss_bytes / MEGABYTE, connections_open=open_now)
                )
        return [figure_of(CONNECTED, with_), figure_of(IDLE, without)]

    def start(self) -> list[Figure]:
        """Figure 4: how soon it is ready, and how soon it helps."""
        folder = self.centre_folder()
        ready = [run_of(seconds_to_ready(folder)) for _ in self._runs(READY)]
        helped = [run_of(seconds_of(lambda: output_of(["tocsin", "--help"]))) for _ in self._runs(HELP)]
        return [figure_of(READY, ready), figure_of(HELP, helped)]

    def _durable(self, subject: Subject, *, is_encrypted: bool) -> Figure:
        plan, runs = self._plan, list[Run]()
        count = plan.busy_connections
        with (
            intake_process(self.centre_folder()) as centre,
            reply_only_process(self.centre_folder()) as ceiling,
            load_process() as to_centre,
            load_process() as to_ceiling,
        ):
            to_centre.open(open_order(centre, count, is_encrypted=is_encrypted))
            to_ceiling.open(open_order(ceiling, count, is_encrypted=is_encrypted))
            durable, replied = SentFrames(to_centre, count), SentFrames(to_ceiling, count)
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
        return self._ground.runs(subject, self._plan.runs)

    def centre_folder(self, *, is_slow: bool = False) -> Path:
        """A new centre with the bench's accounts, ready to serve; `is_slow`: where the slow disk is."""
        plan = self._plan
        clear = max(plan.busy_connections, plan.many_connections, plan.idle_connections)
        return self._ground.centre(
            accounts_csv(clear, plan.busy_connections), self._ground.slow_folder if is_slow else None
        )


PARTS: Final[dict[str, tuple[Callable[[Bench], list[Figure]], str]]] = {
    "plain": (Bench.durable_plain, "durable signals a core-second, clear"),
    "aes": (Bench.durable_aes, "the same, encrypted"),
    "group": (Bench.group_commit, "rate on a slow disk against one signal a commit"),
    "latency": (Bench.latency, "acknowledgement and fsyncs on a slow disk"),
    "served": (Bench.served, "the same acknowledgement with the core at work"),
    "guesses": (Bench.guesses, "acknowledgement while somebody guesses passwords"),
    "memory": (Bench.memory, "memory, idle and with connections"),
    "start": (Bench.start, "time to be ready, and of the help"),
}
"""What `--only` names."""


class SentFrames:
    """How far the numbering of one load's frames is, so that none is ever a repeat."""

    def __init__(self, load: Load, connections: int) -> None:
        """Number those of `load`, which has so many connections."""
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
        """Have frames for so long at a rate encoded; return how many."""
        each = max(1, round(rate_per_s * seconds / self._connections))
        frames = each * self._connections
        self._prepare(Pace(self._first, frames, rate_per_s, seed), each)
        return frames

    def run(self) -> Result:
        """Send what was prepared, until all is answered."""
        result = self._load.run()
        self._rate_per_s = result.answered / result.seconds
        return result

    def _prepare(self, order: Storm | Pace, each: int) -> None:
        self._load.prepare(order)
        self._first += each


def measure(plan: Plan, folder: Path, only: Sequence[str], tell: Tell) -> Report:
    """Measure what `only` names, everything where it names nothing, in an empty folder that the caller removes."""

    def run(part: Callable[[Bench], list[Figure]], ground: Ground) -> list[Figure]:
        return part(Bench(plan, ground))

    parts = [functools.partial(run, part) for name, (part, _) in PARTS.items() if not only or name in only]
    return measured("intake", plan, folder, tell, parts)


def open_order(server: Server, connections: int, *, is_encrypted: bool = False, does_poll: bool = False) -> Open:
    """Connect panels to a server."""
    return Open(*server.dc09, connections=connections, is_encrypted=is_encrypted, does_poll=does_poll)


def _per_core_second(server: Server, sent: SentFrames, seconds: float) -> tuple[float, dict[str, float]]:
    """Answers a core-second of a server, to frames for about so long."""
    sent.prepare_storm(seconds)
    return per_core_second(server, sent.run)


def per_core_second(server: Server, send: Callable[[], Result]) -> tuple[float, dict[str, float]]:
    """Answers a core-second of a server, and what else shows that the server was what was measured."""
    stored = server.metric(JOURNAL_SEQ) if server.web else 0
    before_s = server.cpu_s
    result = send()
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
