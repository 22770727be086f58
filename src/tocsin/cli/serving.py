"""`tocsin serve` without Typer: what the plain words of the command ask for, and the service itself.

A centre runs for months. What Typer needs to read four options would stay in its memory for as long (11 MB), and take
a quarter of a second of every start. So plain words are read here; whatever else was written is Typer's to explain.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tocsin.model.errors import BadInput

ALL_ROLES: Final = "receiver,core,web"
LOG_LEVEL: Final = "info"
VALUES: Final = {"--dir": "folder", "--roles": "roles", "--log-level": "log_level"}
"""Options with a value, and what they are called in `run`. A test compares them with Typer's."""

FLAG: Final = "--accept-lost-tail"
_PARTS: Final = frozenset(ALL_ROLES.split(","))


def run(folder: Path, roles: str = ALL_ROLES, *, accept_lost_tail: bool = False, log_level: str = LOG_LEVEL) -> int:
    """Run the centre of a folder until it is told to stop; return its exit status.

    Raises:
        TocsinError: it was not started, with the remedy.
    """
    _check_roles(roles)
    from tocsin.process import leave_out, run_service

    leave_out()
    from tocsin.app import Service
    from tocsin.settings import load

    settings = load(folder, os.environ)
    return run_service(
        settings, lambda: Service(settings, os.environ, accept_lost_tail=accept_lost_tail), log_level=log_level
    )


def run_plain(words: Sequence[str]) -> int | None:
    """The same for the words of a command line; None, and nothing done, where they are not plain.

    Plain is each option at most once, with its value, and the folder among them.
    """
    values: dict[str, str] = {}
    accepts = False
    left = list(words)
    while left:
        option, equals, value = left.pop(0).partition("=")
        if option == FLAG and not equals and not accepts:
            accepts = True
            continue
        if option not in VALUES or VALUES[option] in values:
            return None
        if not equals:
            value = left.pop(0) if left else ""
            if value.startswith("-"):
                return None
        if not value:
            return None
        values[VALUES[option]] = value
    folder = values.pop("folder", None)
    return None if folder is None else run(Path(folder), **values, accept_lost_tail=accepts)


def _check_roles(roles: str) -> None:
    asked = {word.strip() for word in roles.split(",") if word.strip()}
    if unknown := sorted(asked - _PARTS):
        raise BadInput(f"There is no part {unknown[0][:20]!r}. Parts are receiver, core and web", "usage.roles")
    if asked != _PARTS:
        raise BadInput(
            "On SQLite one process runs all parts: the file has one writer. Nothing was started. Leave --roles out",
            "usage.roles",
        )
