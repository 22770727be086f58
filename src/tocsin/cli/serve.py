"""`tocsin serve`: run a centre in the foreground until SIGTERM or Ctrl-C."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.serving import ALL_ROLES, LOG_LEVEL, run

__all__ = ["serve"]


def serve(
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)],
    roles: Annotated[str, typer.Option(help="Parts that this process runs. On SQLite all of them.")] = ALL_ROLES,
    accept_lost_tail: Annotated[
        bool,
        typer.Option(
            "--accept-lost-tail", help="Go on though a signed head is ahead of the journal; the loss is journalled."
        ),
    ] = False,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = LOG_LEVEL,
) -> None:
    """Run the centre of a folder until it is told to stop.

    Ends cleanly on SIGTERM or Ctrl-C: what was accepted is stored and answered first. Exit status 0 only then.

    Example: tocsin serve --dir /srv/centre
    """
    status = run(folder, roles, accept_lost_tail=accept_lost_tail, log_level=log_level)
    if status:
        raise typer.Exit(status)
