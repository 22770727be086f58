"""The Prometheus text: counted by plain integers on the way of a signal, put into form only when asked.

The form is a few lines, so it is written here: Prometheus's library, which counts and serves by itself, would be 1 MB
of a centre's memory for it. Tests read it with that library's own reader.

Source: Prometheus, "Exposition formats", text format 0.0.4.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

import msgspec

from tocsin.intake.dc09.counters import LATENCY_BUCKETS_MS, Counters

_ESCAPED: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a process counts at this moment."""

    counters: Counters
    waiting_signals: int
    oldest_waiting_s: float
    batches: int
    connections_open: int
    head_seq: int
    signed_seq: int
    loop_lag_s: float
    disk_free_bytes: int
    is_disk_low: bool
    uptime_s: float
    paths_heard: int
    accounts: int
    incidents_open: int
    core_waiting: int
    """Entries of the journal that the core has not decided on yet."""
    core_oldest_s: float
    consoles: int
    consoles_slow: int
    web_connections_open: int
    web_connections_refused: int
    secrets_refused: int
    is_ready: bool


class _Family(NamedTuple):
    """One figure, or several that differ in their labels."""

    name: str
    text: str
    kind: Literal["counter", "gauge", "histogram"]
    samples: Iterable[tuple[str, Mapping[str, str], float]]
    """What stands behind the name, the labels, the value."""


def render(figures: Figures) -> bytes:
    """Put the figures into Prometheus's text form."""
    return "".join(line for family in _families(figures) for line in _lines(family)).encode()


def _lines(family: _Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.text}\n"
    yield f"# TYPE {family.name} {family.kind}\n"
    for suffix, labels, value in family.samples:
        told = ",".join(f'{name}="{words.translate(_ESCAPED)}"' for name, words in labels.items())
        yield f"{family.name}{suffix}{{{told}}} {value}\n" if told else f"{family.name}{suffix} {value}\n"


def _families(figures: Figures) -> Iterator[_Family]:
    counters = figures.counters
    yield _by_label(
        "tocsin_frames_total",
        "Frames taken by what became of them.",
        "result",
        {
            "stored": counters.stored,
            "repeated": counters.repeated,
            "poll": counters.polls,
            "answer": counters.answers,
            "not_stored": counters.not_stored,
        },
    )
    yield _Family(
        "tocsin_frames_refused_total",
        "Frames not accepted, by outcome and reason.",
        "counter",
        [
            ("", {"outcome": outcome, "reason": reason}, count)
            for (outcome, reason), count in sorted(counters.refused.items())
        ],
    )
    for name, text, count in (
        ("tocsin_signals_disputed", "Frames whose data named an account they cannot speak for.", counters.disputed),
        ("tocsin_signals_unknown", "Frames stored for accounts that are not set up.", counters.unknown),
        ("tocsin_clock_off", "Clear frames whose time stamp lay outside the window.", counters.clock_off),
        ("tocsin_connections", "Connections taken.", counters.connections_opened),
        ("tocsin_connections_refused", "Connections closed at once: no place.", counters.connections_refused),
        ("tocsin_connections_silent", "Connections closed without a whole frame.", counters.connections_silent),
        ("tocsin_reading_paused", "Times that reading of a connection stopped.", counters.reading_paused),
        ("tocsin_datagrams_dropped", "Datagrams dropped: no room, or too long.", counters.datagrams_dropped),
        ("tocsin_commits", "Batches committed.", figures.batches),
        (
            "tocsin_web_connections_refused",
            "Connections of browsers and programs closed at once: no place.",
            figures.web_connections_refused,
        ),
        (
            "tocsin_secrets_refused",
            "Sessions, tokens and links that were never the centre's; wrong passwords, codes and PINs.",
            figures.secrets_refused,
        ),
        ("tocsin_consoles_slow", "Consoles reset or cut off: they took too little.", figures.consoles_slow),
    ):
        yield _Family(f"{name}_total", text, "counter", [("", {}, count)])
    for name, text, value in (
        ("tocsin_ready", "1 when every part is ready.", int(figures.is_ready)),
        ("tocsin_accounts", "Accounts set up.", figures.accounts),
        ("tocsin_incidents_open", "Incidents that are open.", figures.incidents_open),
        ("tocsin_web_connections_open", "Connections of browsers and programs.", figures.web_connections_open),
        ("tocsin_consoles", "Consoles that follow the live stream.", figures.consoles),
        ("tocsin_core_waiting", "Entries stored and not yet decided on.", figures.core_waiting),
        (
            "tocsin_core_oldest_seconds",
            "Age of the oldest entry not yet decided on.",
            figures.core_oldest_s,
        ),
        ("tocsin_paths_heard", "Paths of accounts heard since the start.", figures.paths_heard),
        ("tocsin_connections_open", "Connections open now.", figures.connections_open),
        ("tocsin_signals_waiting", "Signals that wait for storage.", figures.waiting_signals),
        ("tocsin_oldest_waiting_seconds", "Age of the oldest signal not yet stored.", figures.oldest_waiting_s),
        ("tocsin_journal_seq", "Last durable entry of the journal.", figures.head_seq),
        ("tocsin_journal_signed_seq", "Last entry covered by a signed head.", figures.signed_seq),
        (
            "tocsin_loop_lag_seconds",
            "Worst delay of the event loop since last asked.",
            figures.loop_lag_s,
        ),
        ("tocsin_disk_free_bytes", "Bytes left on the folder's disk.", figures.disk_free_bytes),
        ("tocsin_disk_low", "1 when less than 10 % or 2 GB is left.", int(figures.is_disk_low)),
        ("tocsin_uptime_seconds", "Seconds since the start.", figures.uptime_s),
    ):
        yield _Family(name, text, "gauge", [("", {}, value)])
    yield _latency(counters)


def _by_label(name: str, text: str, label: str, counts: dict[str, int]) -> _Family:
    return _Family(name, text, "counter", [("", {label: value}, count) for value, count in counts.items()])


def _latency(counters: Counters) -> _Family:
    running = 0
    samples: list[tuple[str, Mapping[str, str], float]] = []
    bounds = [str(bound / 1000) for bound in LATENCY_BUCKETS_MS] + ["+Inf"]
    for bound, count in zip(bounds, counters.latency_counts, strict=True):
        running += count
        samples.append(("_bucket", {"le": bound}, running))
    samples += [("_count", {}, running), ("_sum", {}, counters.latency_sum_s)]
    text = "From the last byte of a frame to its acknowledgement written."
    return _Family("tocsin_acknowledgement_seconds", text, "histogram", samples)
