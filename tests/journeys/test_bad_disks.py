"""A disk that is slow, fails, or is full, under the real process (DESIGN.md, Operation)."""

import asyncio
import fcntl
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from support.bad_disk import BadDisk
from support.findings import journal_findings
from support.journal_reader import notices, read_journal
from support.journeys import failed_fsync, settle, slow_disk, talk_and_kill
from support.panels import PLAIN, UNKNOWN, Ledger, alarm, deliver, linked, mixed_fleet, one_by_one, poll
from support.server import Server, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.requires("cc")]

Serve = Callable[..., Server]
RESERVE_BYTES = 64 << 20
WITHIN_S = 30
"""Comes within a second or two; a busy machine gets more."""


def test_no_acknowledgement_leaves_before_its_fsync_has_returned(serve: Serve, disk: BadDisk) -> None:
    assert slow_disk(serve(disk.environment), disk, 20) == []


@pytest.mark.parametrize(
    ("count", "hangs"), [(1, False), (1_000_000, True)], ids=["once", "from then on, and the disk hangs"]
)
def test_after_a_failed_fsync_nothing_is_acknowledged_and_the_process_ends(
    serve: Serve, disk: BadDisk, count: int, hangs: bool
) -> None:
    assert failed_fsync(serve(disk.environment), disk, count, hangs=hangs) == []


def test_a_failed_fsync_while_the_log_is_written_back_ends_the_process_and_loses_nothing(
    serve: Serve, disk: BadDisk
) -> None:
    """Left to itself SQLite keeps such a failure to itself, and the log grows for ever while everything looks well."""
    server = serve(disk.environment)
    ledger = Ledger()
    panels = mixed_fleet(ledger, random.Random(0))
    with server:
        disk.fail("/tocsin.db")
        talk_and_kill(server, panels, 0.5, lambda: wait_for(lambda: not server.is_running, 30, "the end"))
        assert server.wait_exit() == 1
    disk.heal()
    with server:
        settle(server, panels)
        server.stop()
    assert journal_findings(server.folder, read_journal(server.folder), ledger) == []


def test_a_full_disk_stops_intake_and_room_on_it_starts_it_again(serve: Serve, disk: BadDisk, folder: Path) -> None:
    server = serve(disk.environment)
    ledger = Ledger()
    reserve = folder / "reserve"
    with server:
        wait_for(reserve.exists, WITHIN_S, "the reserve file")
        # While it is full: no answer to anything, and the service lives and says why.
        disk.fill(200_000)
        _send_until_refused(server, ledger)
        assert "disk is full" in server.get("/readyz").text
        assert server.get("/healthz").status == 200
        wait_for(lambda: not reserve.exists(), WITHIN_S, "the reserve file freed")
        acknowledged = set(ledger.acknowledged)
        for message in (alarm(PLAIN[1], 1), alarm(UNKNOWN[0], 1), poll(PLAIN[2])):
            for way in ("tcp", "udp"):
                with pytest.raises(TimeoutError):
                    asyncio.run(deliver(message, way, server.dc09, Ledger(), answer_s=0.4))
        assert set(ledger.acknowledged) == acknowledged
        wait_for(lambda: notices(read_journal(folder, is_running=True)) == ["disk_full"], WITHIN_S, "the notice")
        # Room again: it goes on by itself.
        disk.heal()
        wait_for(lambda: server.get("/readyz").status == 200, WITHIN_S, "ready again")
        assert reserve.stat().st_size == RESERVE_BYTES
        for name in sorted(ledger.waiting):
            asyncio.run(deliver(ledger.messages[name], "tcp", server.dc09, ledger))
        assert asyncio.run(deliver(poll(PLAIN[2]), "udp", server.dc09, Ledger())).kind == "ACK"
        assert server.stop() == 0
    entries = read_journal(folder)
    assert notices(entries) == ["disk_full", "disk_room"]
    for name in ((PLAIN[1], "0001"), (UNKNOWN[0], "0001")):
        # Read into a buffer while it was full, it may have been taken once there was room.
        ledger.messages.setdefault(name, alarm(name[0], 1))
        ledger.sent.setdefault(name, 2)
    assert journal_findings(folder, entries, ledger) == []


def test_a_full_disk_whose_reserve_is_taken_by_others_is_noticed_all_the_same(
    serve: Serve, disk: BadDisk, folder: Path
) -> None:
    """Promise 3: what could not be written when it happened is written as soon as it can be."""
    server = serve(disk.environment)
    with server:
        disk.fill(100_000, is_shared=True)
        _send_until_refused(server, Ledger())
        disk.heal()
        wait_for(lambda: server.get("/readyz").status == 200, WITHIN_S, "ready")
        assert server.stop() == 0
    assert notices(read_journal(folder)) == ["disk_full", "disk_room"]


def test_a_disk_too_full_for_the_reserve_takes_nothing_in_from_the_start(
    serve: Serve, disk: BadDisk, folder: Path
) -> None:
    server = serve(disk.environment)
    disk.fill(4_000_000)
    with server:
        assert server.get("/readyz").status == 503
        with pytest.raises(TimeoutError):
            asyncio.run(deliver(alarm(PLAIN[0], 1), "tcp", server.dc09, Ledger(), answer_s=0.4))
        disk.heal()
        wait_for(lambda: server.get("/readyz").status == 200, WITHIN_S, "ready")
        assert asyncio.run(deliver(alarm(PLAIN[0], 1), "tcp", server.dc09, Ledger())).kind == "ACK"
        assert server.stop() == 0
    assert notices(read_journal(folder)) == ["disk_full", "disk_room"]


def _send_until_refused(server: Server, ledger: Ledger) -> None:
    for message in one_by_one(PLAIN[:1], 2000):
        try:
            asyncio.run(deliver(message, "tcp", server.dc09, ledger, answer_s=1.0))
        except TimeoutError:
            # An answer may be late on a busy machine: the disk is full where the centre says so.
            if "disk is full" in server.get("/readyz").text:
                return
    raise AssertionError("the disk never got full")


def test_a_stream_that_waits_for_room_is_answered_when_there_is(serve: Serve, disk: BadDisk, folder: Path) -> None:
    """A connection that stays open through a full disk needs no reconnect."""
    server = serve(disk.environment)
    ledger = Ledger()

    async def wait_it_out() -> str:
        async with linked("tcp", server.dc09) as link:
            message = alarm(PLAIN[5], 1)
            await link.send(message.frame())
            ledger.note_sent(message)
            await asyncio.sleep(0)
            await asyncio.to_thread(disk.heal)
            async with asyncio.timeout(WITHIN_S):
                return (await link.answer(message)).kind

    with server:
        disk.fill(100_000)
        _send_until_refused(server, ledger)
        assert asyncio.run(wait_it_out()) == "ACK"
        server.stop()


def test_a_place_that_takes_no_heads_costs_the_centre_nothing(serve: Serve, folder: Path) -> None:
    server = serve({"TOCSIN_JOURNAL__HEADS": "missing/heads.txt"})
    ledger = Ledger()
    panels = mixed_fleet(ledger, random.Random(0))
    with server:
        # More than 1,000 entries, so that a head is due all the while.
        while len(ledger.acknowledged) < 1500:
            talk_and_kill(server, panels, 0.5, lambda: None)
        wait_for(lambda: server.metric("tocsin_core_waiting") == 0, 60, "the core has caught up")
        wait_for(lambda: _cost_of_a_second_s(server) < 0.3, 30, "a second that costs next to nothing")
        assert server.stop() == 0


def _cost_of_a_second_s(server: Server) -> float:
    before_s = _cpu_s(server)
    time.sleep(1.0)  # the span that is measured
    return _cpu_s(server) - before_s


def _cpu_s(server: Server) -> float:
    times = psutil.Process(server.pid).cpu_times()
    return times.user + times.system


@pytest.mark.parametrize("kind", ["full disk", "pipe that nobody reads", "closed pipe"])
def test_a_log_that_cannot_be_written_costs_no_alarm(folder: Path, kind: str) -> None:
    read_end, write_end = os.pipe()
    if kind == "full disk":
        os.close(write_end)
        write_end = os.open("/dev/full", os.O_WRONLY)
    elif kind == "closed pipe":
        os.close(read_end)
    else:
        fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, 4096)  # a few lines
    ledger = Ledger()
    panels = mixed_fleet(ledger, random.Random(0))
    try:
        with Server(folder, arguments=["--log-level", "debug"], errors_to=write_end) as server:
            talk_and_kill(server, panels, 1.5, lambda: None)
            settle(server, panels)
            assert server.get("/readyz").status == 200
            assert server.stop() == 0
    finally:
        os.close(write_end)
        if kind != "closed pipe":
            os.close(read_end)
    assert journal_findings(folder, read_journal(folder), ledger) == []
