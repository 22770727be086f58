"""The process of a centre: its logs, its limits, its signals, and what it says when it is ready."""

import asyncio
import contextlib
import ctypes
import gc
import io
import logging
import os
import select
import signal
import sys
from collections.abc import Callable, Coroutine
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from tocsin.model.errors import BadInput
from tocsin.service_manager import ServiceManager
from tocsin.settings import Settings
from tocsin.system import raise_file_limit

if TYPE_CHECKING:
    from tocsin.app import Service

SPARE_FILES: Final = 512 + 4096
"""Open files beside connections: our own, and a full backlog (`listeners.BACKLOG`), which the system may give us in one
go before any of it has been turned away."""

SWITCH_S: Final = 0.0005
SETTLED_S: Final = 1.0
"""So long after the start its first rounds are over, and what they needed can go back as well."""

HEAPS_MAX: Final = 2
"""glibc gives threads heaps of their own, sixteen on two processors, and none shrinks for another's sake. Ours hold the
interpreter's lock for nearly all that they ask for, so one beside the first is enough: 1 MB, and more after months."""

_M_ARENA_MAX: Final = -8
"""Of glibc's malloc.h."""


_UNUSED: Final = ("attr", "attrs", "greenlet", "pydantic")
"""Litestar offers to serve models of pydantic and attrs where the packages are there, which is 9 MB; ours are of
msgspec. SQLAlchemy has greenlet for its asyncio form, 1 MB with C++'s library; our engines work in threads."""

_EMPTY: Final = {"pdb": (), "uvicorn.main": ("Server", "main", "run"), "yaml": ()}
"""Litestar and uvicorn import these for a debugger, a command line and a form of the API's description that a service
never asks for: 3 MB. They find an empty module instead, with the names that they take from it."""


def leave_out() -> None:
    """Keep out of a service's memory what our libraries would import and never use, before they are imported.

    What is there already stays, so this does no harm in a process that uses it.
    """
    unused = _UNUSED if sys.stderr.isatty() else (*_UNUSED, "rich")  # structlog's coloured lines: nobody sees them
    for name in unused:
        # None is how Python marks what is not to be imported.
        sys.modules.setdefault(name, None)  # pyright: ignore[reportArgumentType] - typeshed knows modules alone
    for name, taken in _EMPTY.items():
        if name not in sys.modules:
            empty = sys.modules[name] = ModuleType(name)
            vars(empty).update(dict.fromkeys(taken))


def run_service(settings: Settings, make: Callable[[], "Service"], *, log_level: str) -> int:
    """Run a service until it is told to stop; return its exit status, 0 only if all that was accepted is stored."""
    _set_up_logs(log_level)
    _limit_heaps()
    os.umask(0o077)  # what lies in the folder is nobody else's to read
    # The writer's thread hands the interpreter back within half a millisecond, so that answers leave at once.
    sys.setswitchinterval(SWITCH_S)
    raise_file_limit(settings.receivers.dc09.connections_max + settings.web.connections_max + SPARE_FILES)

    async def run() -> int:
        service = make()
        manager = ServiceManager()
        service.on_alive = manager.alive
        await service.start()
        # What the start made stays for good: the collector need not walk it again and again, with everything at rest.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        _give_memory_back()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, service.stop)
        loop.call_later(SETTLED_S, _give_memory_back)
        with contextlib.suppress(OSError):  # whoever started it may have closed the pipe; panels do not care
            _say(service)
        manager.ready()
        service.on_stop = manager.stopping
        return await service.wait()

    return _run(run())


def _limit_heaps() -> None:
    with contextlib.suppress(OSError, AttributeError):  # glibc alone has it
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, HEAPS_MAX)


def _give_memory_back() -> None:
    """What the start needed and needs no more goes back to the system: 7 MB with 6,000 accounts, within 1 ms."""
    with contextlib.suppress(OSError, AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)


def _run(main: Coroutine[Any, Any, int]) -> int:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)


def _say(service: "Service") -> None:
    for host, port in service.dc09_addresses:
        print(f"DC-09 on {host}:{port}, TCP and UDP", flush=True)
    for host, port in service.tls_addresses:
        print(f"DC-09 on {host}:{port}, TLS", flush=True)
    print(f"Console on {service.web_url}/", flush=True)
    host, port = service.web_address
    print(f"Ready: {service.web_scheme}://{host}:{port}/readyz", flush=True)


class _LogStream(io.TextIOBase):
    """Where lines of the log go: none is worth an alarm.

    On a full disk, or in a pipe that nobody reads any more, a line is dropped rather than raised or waited for.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)

    def write(self, text: str) -> int:
        data = text.encode("utf-8", "backslashreplace")
        with contextlib.suppress(OSError):
            # A pipe that is ready takes so many bytes without waiting, and not one more.
            for start in range(0, len(data), select.PIPE_BUF):
                if self._poll.poll(0):
                    os.write(self._descriptor, data[start : start + select.PIPE_BUF])
        return len(text)


def _set_up_logs(level: str) -> None:
    """JSON lines on stderr in service, a readable form on a terminal."""
    import structlog

    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise BadInput(f"{level[:20]!r} is no log level: debug, info, warning or error", "usage.log_level")
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _LogStream(sys.stderr.fileno()))),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr)
