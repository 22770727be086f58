"""The Prometheus text says what was counted, under names that stay."""

from tocsin.intake.dc09.counters import Counters
from tocsin.web.metrics import Figures, render


def figures(counters=None, **fields):
    plain = {
        "counters": counters or Counters(),
        "waiting_signals": 3,
        "oldest_waiting_s": 0.25,
        "batches": 4,
        "connections_open": 5,
        "head_seq": 60,
        "signed_seq": 50,
        "loop_lag_s": 0.5,
        "disk_free_bytes": 7_000_000_000,
        "is_disk_low": True,
        "uptime_s": 8.5,
        "paths_heard": 9,
        "accounts": 10,
        "incidents_open": 11,
        "core_waiting": 12,
        "core_oldest_s": 1.5,
        "consoles": 13,
        "consoles_slow": 17,
        "web_connections_open": 14,
        "web_connections_refused": 15,
        "secrets_refused": 16,
        "bounces": {"noted": 1, "unknown": 2},
        "sources": {"received": 5, "stored": 3, "repeated": 1, "refused": 2},
        "is_ready": True,
    }
    return Figures(**(plain | fields))


def values(data):
    lines = [line for line in data.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_gauges_are_the_figures():
    found = values(render(figures()))
    names = {
        "ready": 1,
        "accounts": 10,
        "paths_heard": 9,
        "incidents_open": 11,
        "core_waiting": 12,
        "core_oldest_seconds": 1.5,
        "consoles": 13,
        "web_connections_open": 14,
        "web_connections_refused_total": 15,
        "secrets_refused_total": 16,
        "connections_open": 5,
        "signals_waiting": 3,
        "oldest_waiting_seconds": 0.25,
        "journal_seq": 60,
        "journal_signed_seq": 50,
        "loop_lag_seconds": 0.5,
        "disk_free_bytes": 7e9,
        "disk_low": 1,
        "uptime_seconds": 8.5,
        "commits_total": 4,
    }
    assert {name: found[f"tocsin_{name}"] for name in names} == names
    assert values(render(figures(is_ready=False)))["tocsin_ready"] == 0


def test_counters_are_told_by_result_and_by_reason():
    counters = Counters()
    counters.stored, counters.repeated, counters.polls, counters.answers, counters.not_stored = 1, 2, 3, 4, 5
    counters.refused["discarded", "crc"] = 6
    counters.refused["refused", "time"] = 7
    counters.disputed, counters.unknown, counters.clock_off = 8, 9, 10
    counters.connections_opened, counters.connections_refused, counters.connections_silent = 11, 12, 13
    counters.reading_paused, counters.datagrams_dropped = 14, 15
    found = values(render(figures(counters)))
    assert {name: value for name, value in found.items() if name.endswith("total") or "total{" in name} == {
        'tocsin_frames_total{result="stored"}': 1,
        'tocsin_frames_total{result="repeated"}': 2,
        'tocsin_frames_total{result="poll"}': 3,
        'tocsin_frames_total{result="answer"}': 4,
        'tocsin_frames_total{result="not_stored"}': 5,
        'tocsin_frames_refused_total{outcome="discarded",reason="crc"}': 6,
        'tocsin_frames_refused_total{outcome="refused",reason="time"}': 7,
        "tocsin_signals_disputed_total": 8,
        "tocsin_signals_unknown_total": 9,
        "tocsin_clock_off_total": 10,
        "tocsin_connections_total": 11,
        "tocsin_connections_refused_total": 12,
        "tocsin_connections_silent_total": 13,
        "tocsin_reading_paused_total": 14,
        "tocsin_datagrams_dropped_total": 15,
        "tocsin_commits_total": 4,
        "tocsin_web_connections_refused_total": 15,
        "tocsin_secrets_refused_total": 16,
        'tocsin_bounces_total{outcome="noted"}': 1,
        'tocsin_bounces_total{outcome="unknown"}': 2,
        'tocsin_sources_total{result="received"}': 5,
        'tocsin_sources_total{result="stored"}': 3,
        'tocsin_sources_total{result="repeated"}': 1,
        'tocsin_sources_total{result="refused"}': 2,
        "tocsin_consoles_slow_total": 17,
    }


def test_latency_is_a_histogram_whose_buckets_add_up():
    counters = Counters()
    for seconds, frames in ((0.0005, 2), (0.004, 3), (0.3, 1), (60.0, 4)):
        counters.acknowledged_after(seconds, frames)
    found = values(render(figures(counters)))
    name = "tocsin_acknowledgement_seconds"
    wanted = {"0.001": 2, "0.002": 2, "0.005": 5, "0.01": 5, "0.2": 5, "0.5": 6, "5.0": 6, "+Inf": 10}
    assert {bound: found[f'{name}_bucket{{le="{bound}"}}'] for bound in wanted} == wanted
    assert (found[f"{name}_count"], found[f"{name}_sum"]) == (10, 0.0005 * 2 + 0.004 * 3 + 0.3 + 240)


def test_every_metric_has_its_help_and_type_and_names_no_account():
    lines = render(figures()).decode().splitlines()
    helped = {line.split()[2] for line in lines if line.startswith("# HELP")}
    typed = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert helped == typed
    assert all(name.startswith("tocsin_") for name in helped)
    assert "account=" not in "\n".join(lines)
