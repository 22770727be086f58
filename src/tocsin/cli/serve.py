"""`tocsin serve`: run a centre in the foreground until SIGTERM or Ctrl-C."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tocsin.model.errors import BadInput

__all__ = ["serve"]

PARTS = frozenset({"receiver", "core", "web"})


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
    from tocsin.process import leave_out_rich, run_service

    leave_out_rich()
    from tocsin.app import Service
    from tocsin.settings import load

    settings = load(folder, os.environ)
    status = run_service(
        settings, lambda: Service(settings, os.environ, accept_lost_tail=accept_lost_tail), log_level=log_level
    )
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
