"""What became of a run: counters, latency quantiles, and the list of what was acknowledged and what never was."""

import math
from collections import Counter
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import msgspec

from tocsin.model.errors import BadInput

_STEP: Final = 1.01
"""Width of one class of the latency histogram: quantiles are right to 1 %."""
_LOG_STEP: Final = math.log(_STEP)
_LOWEST_S: Final = 1e-6
_CLASSES: Final = 2400  # 1.01 ** 2400 microseconds is more than six hours
UNACKED_KEPT_MAX: Final = 1000
"""Messages never acknowledged that the report itself holds; the file given with --unacked holds all."""


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message and what became of it. Times are microseconds since 1970 UTC by the simulator's host."""

    account: str
    sequence: str
    number: int
    """Running number at its panel."""
    token: str
    data: str
    sent_at: int | None
    """First byte of the first try; None: no connection was ever made for it."""
    acked_at: int | None
    tries: int
    """How often it was transmitted."""
    answer: str
    """`ACK`; or `DUH`, `NAK`, `none` for what came instead; `stopped`: the run ended first."""
    fault: str | None
    expected: str
    """`ack`, or `silence` for a message that no receiver may acknowledge."""


class Ledger(Protocol):
    """Takes each message's end as it comes."""

    def acked(self, line: LedgerLine) -> None:
        """A message was acknowledged."""
        ...

    def unacked(self, line: LedgerLine) -> None:
        """A message was given up."""
        ...


class FileLedger:
    """Writes JSON Lines, each with one unbuffered write, so that a killed run keeps what it knew."""

    def __init__(self, acked: Path | None, unacked: Path | None) -> None:
        """Open the files anew.

        Raises:
            BadInput: a file cannot be written.
        """
        self._encoder = msgspec.json.Encoder()
        self._acked = _open(acked)
        self._unacked = _open(unacked)

    def acked(self, line: LedgerLine) -> None:
        """Write one line."""
        if self._acked is not None:
            self._acked.write(self._encoder.encode(line) + b"\n")

    def unacked(self, line: LedgerLine) -> None:
        """Write one line."""
        if self._unacked is not None:
            self._unacked.write(self._encoder.encode(line) + b"\n")

    def close(self) -> None:
        """Close both files."""
        for file in (self._acked, self._unacked):
            if file is not None:
                file.close()


def _open(path: Path | None) -> BinaryIO | None:
    if path is None:
        return None
    try:
        return path.open("wb", buffering=0)  # type: ignore[return-value]  # a raw file writes bytes as well
    except OSError as error:
        raise BadInput(
            f"The file {path} cannot be written ({error.strerror}); give another place.", "panel.file"
        ) from error


class ListLedger:
    """Keeps the lines in memory: for tests and small runs."""

    def __init__(self) -> None:
        """Begin empty."""
        self.acked_lines: list[LedgerLine] = []
        self.unacked_lines: list[LedgerLine] = []

    def acked(self, line: LedgerLine) -> None:
        """Keep one line."""
        self.acked_lines.append(line)

    def unacked(self, line: LedgerLine) -> None:
        """Keep one line."""
        self.unacked_lines.append(line)


class Histogram:
    """Latencies in classes 1 % wide: bounded memory however long the run."""

    def __init__(self) -> None:
        """Begin empty."""
        self.counts = [0] * _CLASSES
        self.total = 0
        self.max_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one latency."""
        self.total += 1
        if seconds > self.max_s:
            self.max_s = seconds
        place = int(math.log(seconds / _LOWEST_S) / _LOG_STEP) if seconds > _LOWEST_S else 0
        self.counts[place if place < _CLASSES else _CLASSES - 1] += 1

    def quantile_ms(self, share: float) -> float | None:
        """Return the latency, ms, that `share` of all did not exceed; None where there is none."""
        if not self.total:
            return None
        wanted = math.ceil(share * self.total)
        seen = 0
        for place, count in enumerate(self.counts):
            seen += count
            if seen >= wanted:
                return min(_LOWEST_S * _STEP ** (place + 1), self.max_s) * 1000
        return self.max_s * 1000


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds from the first byte of a message to its ACK; None where nothing was acknowledged."""

    p50: float | None
    p90: float | None
    p99: float | None
    max: float | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a run. Counters are messages unless they say otherwise; polls of the supervision stand apart."""

    ok: bool
    """Everything sent came out as expected: acknowledged, or left unanswered where the fault demands it."""
    interrupted: bool
    panels: int
    planned: int
    sent: int
    transmissions: int
    """Frames written, repeats and polls included."""
    acked: int
    ack: int
    """ACK answers that fitted, those to repeats included, polls not."""
    nak: int
    duh: int
    none: int
    """Waits that ended without an answer."""
    wrong: int
    """Answers that did not fit: other sequence, R, L or account, clear where it must be encrypted, unreadable."""
    late: int
    """Answers to an earlier try of a message that was settled already."""
    never: int
    """Messages that should have been acknowledged and were given up."""
    silent_as_expected: int
    unexpected: int
    """Messages acknowledged that no receiver may acknowledge."""
    repeats_sent: int
    repeats_unanswered: int
    polls_sent: int
    polls_acked: int
    polls_never: int
    connections: int
    connections_lost: int
    connection_failures: int
    failures: dict[str, int]
    """Connection failures by kind."""
    faults: dict[str, int]
    """Messages struck, by fault mode."""
    latency_ms: Latency
    behind_max_ms: float
    """The longest that a message left after its planned time, because its panel still waited for an answer."""
    duration_s: float
    rate_per_s: float
    """Messages acknowledged a second."""
    cpu_s: float
    """Processor time of the simulator's process during the run."""
    acked_per_core_s: float
    unacked: list[LedgerLine]
    """The first of those given up."""


class Tally:
    """Counts what happens while a run goes on. All sessions of a run share one; it is no thread's but the loop's."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        """Begin at nought."""
        self.ledger = ledger
        self.latency = Histogram()
        self.sent = self.transmissions = self.acked = self.ack = self.nak = self.duh = self.none = 0
        self.wrong = self.late = self.never = self.silent_as_expected = self.unexpected = 0
        self.repeats_sent = self.repeats_unanswered = 0
        self.polls_sent = self.polls_acked = self.polls_never = 0
        self.connections = self.connections_lost = 0
        self.failures: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.behind_max_s = 0.0
        self.unacked: list[LedgerLine] = []

    def give_up(self, line: LedgerLine) -> None:
        """Count a message that was never acknowledged."""
        if line.expected == "silence" and line.sent_at is not None and line.answer != "stopped":
            self.silent_as_expected += 1
        else:
            self.never += 1
        if len(self.unacked) < UNACKED_KEPT_MAX:
            self.unacked.append(line)
        if self.ledger is not None:
            self.ledger.unacked(line)

    def report(self, *, panels: int, planned: int, duration_s: float, cpu_s: float, interrupted: bool) -> Report:
        """Return the counters as they stand."""
        quantile = self.latency.quantile_ms
        return Report(
            ok=self.is_ok(),
            interrupted=interrupted,
            panels=panels,
            planned=planned,
            sent=self.sent,
            transmissions=self.transmissions,
            acked=self.acked,
            ack=self.ack,
            nak=self.nak,
            duh=self.duh,
            none=self.none,
            wrong=self.wrong,
            late=self.late,
            never=self.never,
            silent_as_expected=self.silent_as_expected,
            unexpected=self.unexpected,
            repeats_sent=self.repeats_sent,
            repeats_unanswered=self.repeats_unanswered,
            polls_sent=self.polls_sent,
            polls_acked=self.polls_acked,
            polls_never=self.polls_never,
            connections=self.connections,
            connections_lost=self.connections_lost,
            connection_failures=sum(self.failures.values()),
            failures=dict(sorted(self.failures.items())),
            faults=dict(sorted(self.faults.items())),
            latency_ms=Latency(
                _round(quantile(0.5)), _round(quantile(0.9)), _round(quantile(0.99)), _round(quantile(1.0))
            ),
            behind_max_ms=round(self.behind_max_s * 1000, 3),
            duration_s=round(duration_s, 6),
            rate_per_s=round(self.acked / duration_s, 1) if duration_s > 0 else 0.0,
            cpu_s=round(cpu_s, 6),
            acked_per_core_s=round(self.acked / cpu_s, 1) if cpu_s > 0 else 0.0,
            unacked=list(self.unacked),
        )

    def is_ok(self) -> bool:
        """Whether everything so far came out as expected."""
        return not (self.never or self.unexpected or self.wrong or self.repeats_unanswered or self.polls_never)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
