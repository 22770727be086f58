"""Tests of the tests: a server with a fault in it must be found out by the journey that is there for it."""

import random
from collections.abc import Callable

import pytest

from support.bad_disk import BadDisk
from support.journeys import death_before_the_reply, failed_fsync, kill_rounds, repeats, slow_disk, window_of_repeats
from support.panels import PLAIN
from support.server import Server, mutant

pytestmark = [pytest.mark.slow, pytest.mark.requires("cc")]

Serve = Callable[..., Server]


def finds(findings: list[str], words: str) -> bool:
    """One of the findings says so."""
    return any(words in finding for finding in findings)


def test_commits_that_are_not_synced_are_found_by_a_power_cut(serve: Serve, shadowed_disk: BadDisk) -> None:
    server = serve({**shadowed_disk.environment, **mutant("synchronous_normal")})
    findings = kill_rounds(server, random.Random(0), 3, shadowed_disk, moments=("load",))
    assert finds(findings, "acknowledged, but not in the journal")


def test_a_reply_before_the_commit_is_found_by_a_slow_disk(serve: Serve, disk: BadDisk) -> None:
    findings = slow_disk(serve({**disk.environment, **mutant("reply_before_commit")}), disk, 20)
    assert finds(findings, "acknowledged before any fsync that could have stored it")


def test_a_reply_before_the_commit_is_found_by_death_right_after_it(serve: Serve, disk: BadDisk) -> None:
    server = serve({**disk.environment, **mutant("reply_before_commit")})
    findings = death_before_the_reply(server, disk, PLAIN[0], "tcp")
    assert findings == ["acknowledged, though the process died right after the commit"]


def test_repeats_that_nobody_recognises_are_found(serve: Serve) -> None:
    assert finds(repeats(serve(mutant("no_identity"))), "in the journal more than once")


def test_repeats_that_are_forgotten_at_a_restart_are_found(serve: Serve, disk: BadDisk) -> None:
    server = serve({**disk.environment, **mutant("window_forgotten_at_start")})
    assert finds(death_before_the_reply(server, disk, PLAIN[0], "tcp"), "in the journal more than once")


def test_a_window_that_repeats_extend_is_found(serve: Serve) -> None:
    assert finds(window_of_repeats(serve(mutant("window_extended"))), "with a window of 1 s")


def test_going_on_after_a_failed_fsync_is_found(serve: Serve, disk: BadDisk) -> None:
    server = serve({**disk.environment, **mutant("goes_on_after_a_failed_fsync")})
    found = failed_fsync(server, disk, 1)
    assert finds(found, "acknowledged before any fsync that could have stored it"), found


def test_a_checkpoint_that_is_written_later_is_found_by_kills(serve: Serve) -> None:
    findings = kill_rounds(serve(mutant("checkpoint_later")), random.Random(0), 4, moments=("load",))
    assert findings != []
