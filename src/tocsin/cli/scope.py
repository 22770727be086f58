"""`tocsin scope`: what a centre could be asked about, and what it holds."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import msgspec
import typer

__all__ = ["scope_app"]

scope_app = typer.Typer(
    name="scope",
    help="Print what a centre could be asked about, and what it holds.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
Folder = Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@scope_app.command()
def sheet(folder: Folder, as_json: AsJson = False) -> None:
    """Print the scope sheet: what the centre can be asked about, counted by month from its journal alone.

    Made to be published: there is no name, number, place or text in it. Works while the centre runs.

    Example: tocsin scope sheet --dir /srv/centre > scope-sheet.md
    """
    from tocsin.centre.folder import replaced_with_keys
    from tocsin.centre.sheets import sheet_text
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        made = centre.proof().scope_sheet()
    replaced = [path.name for path in replaced_with_keys(folder)]
    if as_json:
        print(msgspec.json.encode({**msgspec.structs.asdict(made), "replaced": replaced}).decode())
        return
    print(sheet_text(made, replaced), end="")


@scope_app.command()
def records(folder: Folder) -> None:
    """Print a draft of the records of processing, from the program's own register of personal fields.

    What a program cannot know (who is responsible, the legal basis) is left empty, to be filled in.

    Example: tocsin scope records --dir /srv/centre > records-of-processing.md
    """
    from tocsin.centre.sheets import kept_here, records_text
    from tocsin.cli.folder import settings_of

    settings = settings_of(folder)
    print(records_text(settings.centre.name, kept_here(settings.retention_rules)), end="")


@scope_app.command()
def holdings(
    name: Annotated[str, typer.Argument(help="Name of one of the staff, as it is shown.", show_default=False)],
    folder: Folder,
    as_json: AsJson = False,
) -> None:
    """Print what is held about one of the staff, to hand over to that person.

    The reading is noted in the journal. Everybody who is signed in sees the same about themselves on the own page.

    Example: tocsin scope holdings "Ana Horvat" --dir /srv/centre
    """
    from tocsin.centre.centre import CLI
    from tocsin.centre.sheets import holdings_text
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        held = centre.proof().holdings_of_name(name, CLI)
    print(msgspec.json.encode(held).decode() if as_json else holdings_text(held, _time), end="\n" if as_json else "")


def _time(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
