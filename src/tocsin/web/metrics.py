"""The Prometheus text: counted by plain integers on the way of a signal, put into form only when asked."""

from collections.abc import Iterator

import msgspec
from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from tocsin.intake.dc09.counters import LATENCY_BUCKETS_MS, Counters


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
    bounces: dict[str, int]
    """Bounced mail by what became of it."""
    sources: dict[str, int]
    """Of machines, telephone systems and mail: what came by what became of it."""
    is_ready: bool


def render(figures: Figures) -> bytes:
    """Put the figures into Prometheus's text form."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(figures))
    return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        figures, counters = self._figures, self._figures.counters
        yield _by_label(
            "tocsin_frames",
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
        yield _by_label(
            "tocsin_bounces", "Bounced mail that was given back, by what became of it.", "outcome", figures.bounces
        )
        yield _by_label(
            "tocsin_sources",
            "What machines, brokers, mail and telephone systems sent, by what became of it.",
            "result",
            figures.sources,
        )
        refused = CounterMetricFamily(
            "tocsin_frames_refused", "Frames not accepted, by outcome and reason.", labels=("outcome", "reason")
        )
        for (outcome, reason), count in sorted(counters.refused.items()):
            refused.add_metric((outcome, reason), count)
        yield refused
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
            yield CounterMetricFamily(name, text, value=count)
        for name, text, value in (
            ("tocsin_ready", "1 when every part is ready.", int(figures.is_ready)),
            ("tocsin_accounts", "Accounts set up.", figures.accounts),
            (
                "tocsin_incidents_open",
                "Incidents that are open, without silent calls for help.",
                figures.incidents_open,
            ),
            ("tocsin_web_connections_open", "Connections of browsers and programs.", figures.web_connections_open),
            ("tocsin_consoles", "Consoles that follow the live stream.", figures.consoles),
            ("tocsin_core_waiting", "Entries stored and not yet decided on.", figures.core_waiting),
            (
                "tocsin_core_oldest_seconds",
                "Age of the oldest entry not yet decided on.",
                figures.core_oldest_s,
            ),
            (
                "tocsin_paths_heard",
                "Paths of accounts of which it is known when they were last heard.",
                figures.paths_heard,
            ),
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
            yield GaugeMetricFamily(name, text, value=value)
        yield _latency(counters)


def _by_label(name: str, text: str, label: str, counts: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=(label,))
    for value, count in counts.items():
        family.add_metric((value,), count)
    return family


def _latency(counters: Counters) -> Metric:
    running = 0
    buckets: list[tuple[str, float]] = []
    bounds = [str(bound / 1000) for bound in LATENCY_BUCKETS_MS] + ["+Inf"]
    for bound, count in zip(bounds, counters.latency_counts, strict=True):
        running += count
        buckets.append((bound, running))
    family = HistogramMetricFamily(
        "tocsin_acknowledgement_seconds", "From the last byte of a frame to its acknowledgement written."
    )
    family.add_metric((), buckets=buckets, sum_value=counters.latency_sum_s)
    return family
