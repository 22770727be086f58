"""Handlers that read the disk or wait for the writer run in a thread, so that the event loop goes on.

The library's own `sync_to_thread` wraps a handler twice where its path has several methods, and then answers nothing.
"""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a handler of a plain function: it has the function's name, words and parameters, and runs in a thread."""

    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(function, *args, **kwargs)

    return run
