"""The `tocsin` command: finds the command that was asked for, imports only that one, and says errors in a sentence.

Each command lives in a module of its own and is imported when it is called, so that `tocsin --help` answers at once
whatever the others need. The table below is all that the help knows of them; a test compares it with the real ones.
"""

import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import tocsin

if TYPE_CHECKING:
    import typer

__all__ = ["COMMANDS", "Command", "main"]


class Command(NamedTuple):
    """Where a command lives, and its line in the help."""

    module: str
    attribute: str
    """A function with Typer's annotations, or a `typer.Typer` with commands of its own."""
    summary: str
    """The first line of the command's own help, or the beginning of it."""


COMMANDS: Final[dict[str, Command]] = {
    "demo": Command(
        "tocsin.cli.demo", "demo", "Make a centre with a harbour town's panels, and a link to its operator's screen."
    ),
    "init": Command("tocsin.cli.init", "init", "Make the folder of a new centre: settings, database and keys."),
    "serve": Command("tocsin.cli.serve", "serve", "Run the centre of a folder until it is told to stop."),
    "link": Command("tocsin.cli.link", "link", "Make a link that lets somebody sign in, once."),
    "user": Command(
        "tocsin.cli.user", "user_app", "Who may come in: add, list, roles, rename, remove, password, sessions."
    ),
    "token": Command("tocsin.cli.token", "token_app", "Make, list and revoke tokens for programs."),
    "doctor": Command(
        "tocsin.cli.doctor",
        "doctor",
        "Check disk, fsync, SQLite, ports, clock, keys, settings, broker and mail of a centre.",
    ),
    "import": Command(
        "tocsin.cli.accounts",
        "import_",
        "Import sites, accounts, zones, keyholders, schedules or action plans from a file: all of it or nothing.",
    ),
    "export": Command(
        "tocsin.cli.accounts",
        "export",
        "Export sites, accounts, zones, keyholders, schedules, action plans and lists of the intake as CSV or JSON.",
    ),
    "places": Command(
        "tocsin.cli.places",
        "places_app",
        "Places by name for the call form: import, list or remove a gazetteer's files.",
    ),
    "backup": Command(
        "tocsin.cli.backup", "backup", "Make a backup of a centre, running or not: its data and its keys, as two files."
    ),
    "restore": Command("tocsin.cli.restore", "restore", "Make a centre's folder from the two files of a backup."),
    "scope": Command("tocsin.cli.scope", "scope_app", "Print what a centre could be asked about, and what it holds."),
    "frame": Command("tocsin.cli.frame", "frame", "Explain a DC-09 frame: what is right, what is not, what would fit."),
    "panel": Command("tocsin.cli.panel", "panel_app", "Send real DC-09 as a panel: signals, a storm, a recording."),
    "report": Command(
        "tocsin.cli.report",
        "report",
        "Print how fast incidents were claimed and handled, unwanted alarms, load and supervision, against a profile.",
    ),
    "journal": Command("tocsin.cli.journal", "journal_app", "Verify, export or follow the journal."),
    "rules": Command(
        "tocsin.cli.rules", "rules_app", "What signals are joined by, and a dry run with other parameters."
    ),
    "chains": Command(
        "tocsin.cli.chains", "chains_app", "Try a chain of escalation on the incidents of the last days."
    ),
    "keys": Command("tocsin.cli.keys", "keys_app", "Change the master key, or the key that signs the heads."),
    "simulate-centre": Command(
        "tocsin.cli.simulate",
        "simulate_centre",
        "Simulate a whole centre under faults, and check that it keeps its promises.",
    ),
    "bench": Command("tocsin.cli.bench", "bench_app", "Measure this machine: each figure with its ceiling and ratio."),
}
"""Every command, in the order of the help."""

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
ARGUMENT_FAMILIES: Final = ("usage.", "dc09.", "frame.", "panel.", "rules.", "vault.reason")
"""Codes of bad input that stood in the arguments: wrong use. What stood in a file or a setting is a failed job."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 the job failed, 2 wrong use, 130 interrupted."""
    try:
        status = _dispatch(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`): nobody is left to tell, and Python must not try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("--help", "-h", "help"):
        print(_help())
        return DONE if words else WRONG_USE
    if words[0] == "--version":
        print(f"tocsin {tocsin.__version__}")
        return DONE
    name = words[0]
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, 1)
        remedy = f"did you mean `tocsin {near[0]}`?" if near else "`tocsin --help` lists the commands."
        return _fail(f"There is no command {name[:40]!r}; {remedy}", WRONG_USE)
    return _run(name, words[1:])


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "Usage: tocsin COMMAND [OPTIONS] [ARGUMENTS]",
            "",
            "Tocsin, an open alarm-receiving and emergency-dispatch centre.",
            "",
            "Commands:",
            *lines,
            "",
            "`tocsin COMMAND --help` explains a command, with an example. `tocsin --version` prints the version.",
            "Try it: tocsin demo",
        ]
    )


def _run(name: str, words: list[str]) -> int:
    """Run one command, and turn what it raises on purpose into a sentence and a status."""
    from tocsin.model.errors import BadInput, TocsinError

    try:
        if name == "serve":
            from tocsin.cli.serving import run_plain

            if (status := run_plain(words)) is not None:
                return status
        return _run_by_typer(name, words)
    except BadInput as error:
        return _fail(str(error), WRONG_USE if error.code.startswith(ARGUMENT_FAMILIES) else FAILED)
    except TocsinError as error:
        return _fail(str(error), FAILED)


def _run_by_typer(name: str, words: list[str]) -> int:
    """Import one command, and let Typer read its words and run it."""
    try:
        command = _load(name)
    except ModuleNotFoundError as error:
        if error.name != COMMANDS[name].module:
            raise
        return _fail(f"This build of Tocsin lacks the command {name}; install the whole package.", FAILED)
    import typer

    try:
        # A command returns nothing, or the status that it ended with by `typer.Exit`.
        status = command.main(args=words, prog_name=f"tocsin {name}", standalone_mode=False)
    except typer.TyperException as error:
        return _wrong_use(error)
    except typer.Abort:
        return INTERRUPTED
    return status if isinstance(status, int) else DONE


def _load(name: str) -> Any:
    """Return a command ready to run: Typer's own form of the function or application that its module offers."""
    entry = COMMANDS[name]
    target = getattr(importlib.import_module(entry.module), entry.attribute)
    import typer
    from typer.main import get_command

    if isinstance(target, typer.Typer):
        return get_command(target)
    application = typer.Typer(add_completion=False, rich_markup_mode=None)
    application.command(name)(target)
    return get_command(application)


def _wrong_use(error: "typer.TyperException") -> int:
    """Say what is wrong with the arguments, with the usage above it where Typer knows it."""
    show = getattr(error, "show", None)
    if show is None:
        return _fail(error.format_message(), error.exit_code)
    show()
    return error.exit_code


def _fail(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
