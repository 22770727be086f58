"""Handlers in threads: whoever asks is answered; checks of passwords have threads of their own, and so many wait."""

import asyncio
import functools
import threading

import pytest

from support.server import wait_for
from tocsin.model.errors import TooMany
from tocsin.web.threads import CHECKS_RETRY_S, CheckPool, in_thread


def in_a_loop(test):
    """Run a test in an event loop of its own."""

    @functools.wraps(test)
    def run():
        asyncio.run(test())

    return run


class Gate:
    """Work that lasts until it is let go."""

    def __init__(self):
        self.begun = threading.Semaphore(0)
        self._free = threading.Event()

    def work(self):
        self.begun.release()
        assert self._free.wait(20)
        return "checked"

    def open(self):
        self._free.set()


async def begun(gate, count):
    for _ in range(count):
        assert await asyncio.to_thread(gate.begun.acquire, timeout=20)


@in_a_loop
async def test_one_too_many_is_told_when_to_come_again_and_the_others_are_checked():
    pool, gate = CheckPool(2), Gate()
    first = [asyncio.create_task(pool.run(gate.work)) for _ in range(2)]
    await begun(gate, 2)
    with pytest.raises(TooMany) as refusal:
        await pool.run(gate.work)
    assert (refusal.value.code, refusal.value.retry_after_s) == ("access.busy", CHECKS_RETRY_S)
    assert await asyncio.to_thread(lambda: "the shared threads are free") == "the shared threads are free"
    gate.open()
    assert await asyncio.gather(*first) == ["checked", "checked"]
    assert await pool.run(gate.work) == "checked"


@in_a_loop
async def test_who_goes_away_leaves_the_place_when_the_work_is_done_and_not_before():
    pool, gate = CheckPool(1), Gate()
    gone = asyncio.create_task(pool.run(gate.work))
    await begun(gate, 1)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    with pytest.raises(TooMany):
        await pool.run(gate.work)
    gate.open()
    await asyncio.to_thread(wait_for, lambda: pool._waiting == 0, 20, "the end of the work")
    assert await pool.run(gate.work) == "checked"


@in_a_loop
async def test_what_goes_wrong_in_a_check_comes_to_who_asked_and_frees_the_place():
    pool = CheckPool(1)

    def fail():
        raise KeyError("x")

    for _ in range(3):
        with pytest.raises(KeyError):
            await pool.run(fail)


def search_without_a_find():
    return next(iter(()))


@in_a_loop
async def test_search_that_finds_nothing_is_a_fault_and_leaves_nobody_waiting():
    for run in (in_thread(search_without_a_find), CheckPool().check(search_without_a_find)):
        with pytest.raises(RuntimeError, match="without a find"):
            await asyncio.wait_for(run(), 20)
