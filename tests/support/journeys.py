"""Journeys: what a real process goes through, told once: tests of the product and of the mutants go the same way.

Each returns what it found wrong, in words.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Sequence

from support.bad_disk import WAL, BadDisk
from support.findings import early_acknowledgements, journal_findings, projection_findings
from support.journal_reader import Entry, read_journal, signals
from support.panels import (
    KEYED,
    PLAIN,
    SHORT_WINDOW,
    SHORT_WINDOW_S,
    Chatterer,
    Ledger,
    Message,
    Panel,
    Way,
    alarm,
    deliver,
    linked,
    mixed_fleet,
)
from support.server import Server, wait_for

WINDOWS = 8
"""Three signals need two windows; a busy machine gets more."""

END_MAX_S = 20
"""It takes two seconds; a busy machine gets more, and a hanging disk would make it a minute."""


def talk_and_kill(
    server: Server, panels: Sequence[Panel | Chatterer], after_s: float, end: Callable[[], object]
) -> None:
    """Let the panels talk, and after `after_s` end the server while they do."""
    is_over = False

    async def kill() -> None:
        nonlocal is_over
        await asyncio.sleep(after_s)  # a moment that the dice chose, not one that something is waited for
        await asyncio.to_thread(end)
        is_over = True

    async def all_together() -> None:
        await asyncio.gather(kill(), *(panel.talk(lambda: server.dc09, lambda: is_over) for panel in panels))

    asyncio.run(all_together())


def settle(server: Server, panels: list[Panel]) -> None:
    """Let the panels repeat what is pending until it is acknowledged."""

    async def all_together() -> None:
        await asyncio.gather(*(panel.settle(lambda: server.dc09) for panel in panels))

    asyncio.run(all_together())


def kill_rounds(
    server: Server,
    dice: random.Random,
    rounds: int,
    disk: BadDisk | None = None,
    moments: Sequence[str] = ("load", "load", "load", "load", "start", "stop"),
) -> list[str]:
    """Kill -9 at random moments under load, and start again, so many times. With `disk` the power goes with it."""
    ledger = Ledger()
    panels = mixed_fleet(ledger, dice)
    for _ in range(rounds):
        server.start()
        moment = dice.choice(moments)
        if moment == "start":
            time.sleep(dice.uniform(0, 1.5))  # anywhere between the first instruction and ready
            server.kill()
        else:
            server.wait_ready()
            talk_and_kill(
                server, panels, dice.uniform(0.02, 0.5), server.kill if moment == "load" else server.terminate
            )
            if moment == "stop":
                time.sleep(dice.uniform(0, 0.3))
                server.kill()
        if disk is not None:
            disk.cut_power()
            if findings := journal_findings(server.folder, read_journal(server.folder), ledger):
                return findings
    with server:
        settle(server, panels)
        status = server.stop()
    findings = [f"stopped in good order, and the exit status is {status}"] if status else []
    findings += projection_findings(server.folder)
    return findings + journal_findings(server.folder, read_journal(server.folder), ledger)


def death_before_the_reply(server: Server, disk: BadDisk, account: str, way: Way) -> list[str]:
    """The process dies when a signal is stored and its sender not yet told: the repeat is no second signal."""
    ledger = Ledger()
    first, message = alarm(PLAIN[1], 1), alarm(account, 7)
    with server:
        # The first commit after a start may sync the log's head before it: from the second on it is one sync each.
        asyncio.run(deliver(first, "tcp", server.dc09, ledger))
        wait_for(lambda: _has_taken_in(server, 1), 60, "the first signal is stored and decided on")
        disk.kill_after(WAL)
        try:
            asyncio.run(deliver(message, way, server.dc09, ledger, answer_s=2.0))
        except (OSError, TimeoutError):
            pass
        else:
            return ["acknowledged, though the process died right after the commit"]
        server.wait_exit()
    disk.heal()
    if [entry.name for entry in signals(read_journal(server.folder))] != [first.name, message.name]:
        return ["the signal was not stored, or stored more than once, before the process died"]
    with server:
        answer = asyncio.run(deliver(message, way, server.dc09, ledger))
        server.stop()
    entries = read_journal(server.folder)
    findings = journal_findings(server.folder, entries, ledger)
    if answer.kind != "ACK":
        findings.append(f"the repeat was answered with {answer.kind}")
    counts = [entry.duplicates for entry in signals(entries)]
    return findings + ([] if counts == [0, 1] else [f"counts of repeats are {counts}, not [0, 1]"])


def _has_taken_in(server: Server, signals_since_start: int) -> bool:
    # Both: an early acknowledgement leaves nothing waiting, for nothing is stored yet.
    lines = server.get("/metrics").text.splitlines()
    return {f'tocsin_frames_total{{result="stored"}} {signals_since_start}.0', "tocsin_core_waiting 0.0"} <= set(lines)


def slow_disk(server: Server, disk: BadDisk, milliseconds: int, messages: int = 12) -> list[str]:
    """With an fsync that takes its time, no acknowledgement may come before the one that stored its signal."""
    ledger = Ledger()
    dice = random.Random(0)
    with server:
        disk.slow(WAL, milliseconds)
        panels = mixed_fleet(ledger, dice)

        async def talk() -> None:
            def has_enough() -> bool:
                return len(ledger.acknowledged) >= messages * len(panels)

            async with asyncio.timeout(60):
                await asyncio.gather(*(panel.talk(lambda: server.dc09, has_enough) for panel in panels))

        asyncio.run(talk())
        settle(server, panels)
        disk.heal()
        server.stop()
    findings = early_acknowledgements(ledger, disk.syncs())
    return findings + journal_findings(server.folder, read_journal(server.folder), ledger)


def repeats(server: Server) -> list[str]:
    """The same message again: on another link, over UDP, twice in one write; always acknowledged, stored once."""
    ledger = Ledger()
    findings: list[str] = []
    ways: tuple[Way, ...] = ("tcp", "udp", "tcp")
    with server:
        for message in (alarm(PLAIN[0], 1), alarm(PLAIN[1], 2), alarm(KEYED[0], 3)):
            for way in ways:
                asyncio.run(deliver(message, way, server.dc09, ledger))
            findings += asyncio.run(_twice_in_one_write(server, message, ledger))
        server.stop()
    entries = read_journal(server.folder)
    counts = [entry.duplicates for entry in signals(entries)]
    if len(counts) == 3 and counts != [4, 4, 4]:
        findings.append(f"counts of repeats are {counts}, not 4 each")
    return findings + journal_findings(server.folder, entries, ledger)


async def _twice_in_one_write(server: Server, message: Message, ledger: Ledger) -> list[str]:
    async with linked("tcp", server.dc09) as link:
        ledger.note_sent(message)
        ledger.note_sent(message)
        await link.send(message.frame() + message.frame())
        frames = 0
        try:
            async with asyncio.timeout(5):
                while frames < 2:
                    frames += len(await link.frames())
        except (OSError, TimeoutError):
            return [f"{frames} answers to two messages in one write"]
    return []


def window_of_repeats(server: Server) -> list[str]:
    """A panel that sends one message without end: each time that the window is over it is a signal anew."""
    message = alarm(SHORT_WINDOW, 1)

    def stored() -> list[Entry]:
        asyncio.run(deliver(message, "tcp", server.dc09, Ledger()))
        return signals(read_journal(server.folder, is_running=True))

    with server:
        end = time.monotonic() + WINDOWS * SHORT_WINDOW_S
        while len(found := stored()) < 3:
            if time.monotonic() > end:
                return [f"{len(found)} signals in {WINDOWS * SHORT_WINDOW_S} s, with a window of {SHORT_WINDOW_S} s"]
    times = [entry.body["received_at"] for entry in found]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    # The window runs from storing to storing: what a busy machine lets one of the two wait is not in these times.
    least_us = SHORT_WINDOW_S * 750_000
    return [f"a repeat after {gap} us was a new signal" for gap in gaps if gap < least_us]


def failed_fsync(server: Server, disk: BadDisk, count: int, *, hangs: bool = False) -> list[str]:
    """An fsync of the journal fails: no more acknowledgements, the process says so and ends; the next one serves.

    With `hangs` the disk answers no other fsync any more.
    """
    ledger = Ledger()
    panels = mixed_fleet(ledger, random.Random(0))
    findings: list[str] = []
    with server:
        # So that there is always more queued behind the batch that fails.
        disk.slow(WAL, 30)
        chatterer = Chatterer(PLAIN[20], ledger)

        def fail_and_look() -> None:
            disk.fail(WAL, after=5, count=count)
            if hangs:
                disk.slow("heads.txt", 60_000)
            wait_for(lambda: any(sync.errno for sync in disk.syncs()), 30, "a failed fsync")
            findings.extend(_shows_its_end(server))

        talk_and_kill(server, [*panels, chatterer], 0.3, fail_and_look)
        failed = next(sync for sync in disk.syncs() if sync.errno)
        status = server.wait_exit()
        took_s = (time.monotonic_ns() - failed.ended_ns) / 1e9
    if status != 1:
        findings.append(f"exit status {status}, not 1")
    if took_s > END_MAX_S:
        findings.append(f"ended {took_s:.1f} s after the fsync failed, not within {END_MAX_S}")
    before = [sync for sync in disk.syncs() if sync.ended_ns <= failed.began_ns]
    findings += early_acknowledgements(ledger, before)
    disk.heal()
    with server:
        settle(server, panels)
        server.stop()
    return findings + journal_findings(server.folder, read_journal(server.folder), ledger)


def _shows_its_end(server: Server) -> list[str]:
    """`/readyz` is 503 with the reason, at least once before the process has gone."""
    seen = False

    def has_gone() -> bool:
        nonlocal seen
        try:
            answer = server.get("/readyz", deadline_s=1)
            seen = seen or (answer.status == 503 and "disk" in answer.text)
        except OSError:
            pass
        return not server.is_running

    wait_for(has_gone, 30, "the end of the process")
    return [] if seen else ["/readyz never said that the disk failed"]
