"""`tocsin serve`: run a centre in the foreground until SIGTERM or Ctrl-C."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from tocsin.model.errors import BadInput

__all__ = ["serve"]

PARTS = frozenset({"receiver", "core", "web"})
SPARE_FILES = 512
SWITCH_S = 0.0005


def serve(
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)],
    roles: Annotated[
        str, typer.Option(help="Parts that this process runs. On SQLite all of them.")
    ] = "receiver,core,web",
    accept_lost_tail: Annotated[
        bool,
        typer.Option(
            "--accept-lost-tail", help="Go on though a signed head is ahead of the journal; the loss is journalled."
        ),
    ] = False,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Run the centre of a folder until it is told to stop.

    Ends cleanly on SIGTERM or Ctrl-C: what was accepted is stored and answered first. Exit status 0 only then.

    Example: tocsin serve --dir /srv/centre
    """
    _check_roles(roles)
    from tocsin.app import Service, raise_file_limit
    from tocsin.settings import load

    settings = load(folder, os.environ)
    _set_up_logs(log_level)
    os.umask(0o077)  # what lies in the folder is nobody else's to read
    # The writer's thread hands the interpreter back within half a millisecond, so that answers leave at once.
    sys.setswitchinterval(SWITCH_S)
    raise_file_limit(settings.receivers.dc09.connections_max + SPARE_FILES)

    async def run() -> int:
        service = Service(settings, os.environ, accept_lost_tail=accept_lost_tail)
        await service.start()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, service.stop)
        _say(service)
        return await service.wait()

    status = _run(run())
    if status:
        raise typer.Exit(status)


def _check_roles(roles: str) -> None:
    asked = {word.strip() for word in roles.split(",") if word.strip()}
    if unknown := sorted(asked - PARTS):
        raise BadInput(f"There is no part {unknown[0][:20]!r}. Parts are receiver, core and web", "usage.roles")
    if asked != PARTS:
        raise BadInput(
            "On SQLite one process runs all parts: the file has one writer. Nothing was started. Leave --roles out",
            "usage.roles",
        )


def _run(main):
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)


def _say(service) -> None:
    for host, port in service.dc09_addresses:
        print(f"DC-09 on {host}:{port}, TCP and UDP", flush=True)
    for host, port in service.tls_addresses:
        print(f"DC-09 on {host}:{port}, TLS", flush=True)
    host, port = service.web_address
    print(f"Ready: http://{host}:{port}/readyz", flush=True)


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr)
