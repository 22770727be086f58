"""Handlers that read the disk or wait for the writer run in a thread, so that the event loop goes on.

The library's own `sync_to_thread` wraps a handler twice where its path has several methods, and then answers nothing.
"""

import asyncio
import functools
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

from tocsin.model.errors import TooMany

CHECKS_MAX: Final = 40
"""Sign-ins and unlocks at once: more than `access.passwords` lets wait, so that it is its queues that refuse."""

CHECKS_RETRY_S: Final = 3

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a handler of a plain function: it has the function's name, words and parameters, and runs in a thread."""

    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(lambda: _answering(lambda: function(*args, **kwargs)))

    return run


def _answering(function: Callable[[], T]) -> T:
    """Call it. A future takes no StopIteration: whoever waits for it would wait for ever, in place of a 500."""
    try:
        return function()
    except StopIteration as error:
        raise RuntimeError("a search ended without a find") from error


class CheckPool:
    """Threads of their own for whatever checks or hashes a password.

    A check takes a fifth of a second, and more where many wait. In the threads that everybody shares, a storm of
    sign-ins would keep operators waiting for their own commands.
    """

    def __init__(self, at_once_max: int = CHECKS_MAX) -> None:
        """Let so many wait at once; more are told to come again."""
        self._at_once_max = at_once_max
        self._threads = ThreadPoolExecutor(at_once_max, thread_name_prefix="sign-in")
        self._counting = threading.Lock()
        self._waiting = 0

    async def run(self, function: Callable[[], T]) -> T:
        """Run it in one of the threads. Call from the event loop.

        Raises:
            TooMany: too many wait already; nothing was checked.
        """
        with self._counting:
            if self._waiting >= self._at_once_max:
                raise TooMany(
                    f"Too many sign-ins at once. Nothing was checked. Try again in {CHECKS_RETRY_S} s; who is signed "
                    "in goes on",
                    "access.busy",
                    CHECKS_RETRY_S,
                )
            self._waiting += 1
        done = self._threads.submit(lambda: _answering(function))
        # When the work is over, and not when its sender has gone: what nobody waits for is work all the same.
        done.add_done_callback(self._left)
        return await asyncio.wrap_future(done)

    def check(self, function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
        """Make a handler of a plain function, as `in_thread` does, that runs in these threads."""

        @functools.wraps(function)
        async def run(*args: P.args, **kwargs: P.kwargs) -> T:
            return await self.run(lambda: function(*args, **kwargs))

        return run

    def _left(self, _done: "Future[Any]") -> None:
        with self._counting:
            self._waiting -= 1


CHECKS: Final = CheckPool()
"""Those of this process."""
