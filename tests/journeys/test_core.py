"""The core in a real process: whatever kills it and whatever its rules fail on, each signal ends in one place, once."""

import asyncio
import contextlib
from collections.abc import Callable

import pytest

from support.bad_disk import WAL, BadDisk
from support.findings import projection_findings
from support.panels import PLAIN, Ledger, Message, deliver
from support.server import EndedError, Server, mutant, wait_for
from tocsin.model.incidents import Incident, SignalRow
from tocsin.store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

Serve = Callable[..., Server]


def message(number: int, code: str, account: str = PLAIN[0]) -> Message:
    return Message(account, f"{number:04d}", "SIA-DCS", f"#{account}|N{code}07")


def send(server: Server, *messages: Message) -> list[str]:
    """Send messages one after the other; return the kinds of the answers."""
    return [asyncio.run(deliver(one, "tcp", server.dc09, Ledger())).kind for one in messages]


def has_decided(server: Server) -> bool:
    return "tocsin_core_waiting 0.0" in server.get("/metrics").text


def caught_up(server: Server) -> None:
    wait_for(lambda: has_decided(server), 60, "the core has caught up")


def what_became(server: Server) -> tuple[list[SignalRow], list[Incident]]:
    """Of a stopped centre: where its signals ended, and its open incidents, oldest first."""
    assert projection_findings(server.folder) == []
    store = SqliteStore(server.folder / "tocsin.db")
    try:
        return store.signal_rows(0, 1000), sorted(store.incidents("open", None, 1000), key=lambda one: one.number)
    finally:
        store.close()


def test_signal_that_a_rule_fails_on_is_an_incident_and_delays_no_other(serve: Serve) -> None:
    with serve(mutant("poisoned_rule")) as server:
        assert send(server, message(1, "ZX"), message(2, "FA")) == ["ACK", "ACK"]
        caught_up(server)
        assert server.get("/readyz").status == 200
        server.stop()
    rows, incidents = what_became(server)
    assert [(row.code, row.outcome, row.reason) for row in rows] == [
        ("ZX", "quarantined", "ZeroDivisionError"),
        ("FA", "opened", "by_code"),
    ]
    assert [(one.type, one.priority) for one in incidents] == [("TECH-UNCLASSIFIED", 1), ("FIRE-ALARM", 1)]


def test_signal_that_kills_the_process_each_time_is_set_aside_unseen(serve: Serve) -> None:
    server = serve(mutant("deadly_rule"))
    with server:
        with contextlib.suppress(OSError):  # it may die before the acknowledgement has left
            send(server, message(1, "ZX"))
        server.wait_exit()
    starts = 1
    while True:
        starts += 1
        assert starts <= 5, "it dies of the same signal again and again"
        try:
            with server:
                caught_up(server)
                assert send(server, message(starts, "FA")) == ["ACK"]
                caught_up(server)
                server.stop()
                break
        except (EndedError, AssertionError, OSError):
            continue
    rows, incidents = what_became(server)
    assert [(row.code, row.outcome, row.reason) for row in rows] == [
        ("ZX", "quarantined", "death"),
        ("FA", "opened", "by_code"),
    ]
    assert [one.type for one in incidents] == ["TECH-UNCLASSIFIED", "FIRE-ALARM"]


@pytest.mark.requires("cc")
@pytest.mark.parametrize("commits", range(4))
def test_death_at_any_commit_of_an_alarm_makes_one_incident(serve: Serve, disk: BadDisk, commits: int) -> None:
    server = serve(disk.environment)
    with server:
        caught_up(server)
        disk.kill_after(WAL, commits)
        sent = 0
        while sent < 8:
            sent += 1
            try:
                send(server, message(sent, "FA"))
            except (OSError, TimeoutError, EOFError):
                break
        server.wait_exit()
    disk.heal()
    with server:
        assert send(server, message(sent, "FA")) == ["ACK"]
        caught_up(server)
        server.stop()
    rows, incidents = what_became(server)
    assert [(one.type, one.signals) for one in incidents] == [("FIRE-ALARM", len(rows))]
    assert len(rows) == sent
