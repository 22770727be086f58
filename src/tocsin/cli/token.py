"""`tocsin token`: tokens for programs."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from tocsin.model.values import Ref

__all__ = ["token_app"]

DAYS: Final = 90
Folder = Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]

token_app = typer.Typer(
    help="Make, list and revoke tokens for programs.", add_completion=False, rich_markup_mode=None, no_args_is_help=True
)


@token_app.command("create")
def create(
    scopes: Annotated[
        list[str],
        typer.Option(
            "--scope",
            help="What it is for: read, handle, journal or intake; may be given more than once.",
            show_default=False,
        ),
    ],
    folder: Folder,
    days: Annotated[int, typer.Option(help="How long it lives, 1 to 3,650 days.")] = DAYS,
    as_json: AsJson = False,
) -> None:
    """Make a token for a program.

    It is shown this once, alone on standard output, and is kept nowhere. It never has a person's rights.

    Example: tocsin token create --scope read --dir centre
    """
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        made = centre.admission().create_token(scopes, days)
    if as_json:
        print(json.dumps({"id": made.id, "token": made.secret, "expires_at": made.expires_at}))
        return
    print(f"{made.id}, until {_time(made.expires_at)}. It is shown this once:", file=sys.stderr)
    if "intake" in scopes:
        print("It sends for no source yet: bind it to one on the page of sources.", file=sys.stderr)
    print(made.secret, flush=True)


@token_app.command("list")
def list_(folder: Folder, as_json: AsJson = False) -> None:
    """List the tokens, newest first, without their secrets.

    Example: tocsin token list --dir centre
    """
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        items = centre.admission().tokens()
    for item in items:
        if as_json:
            print(json.dumps({name: getattr(item, name) for name in item.__struct_fields__}))
            continue
        used = "never used" if item.used_at is None else f"used {_time(item.used_at)}"
        print(f"{item.id}  {item.state}  {','.join(item.scopes)}  until {_time(item.expires_at)}  {used}")
    if not items and not as_json:
        print("There are no tokens.")


@token_app.command("revoke")
def revoke(
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.", show_default=False)], folder: Folder
) -> None:
    """Let a token open nothing any more.

    Example: tocsin token revoke token-17 --dir centre
    """
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        centre.admission().revoke_token(Ref(id_[:40]))
    print(f"Revoked {id_[:40]}.")


def _time(at: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).strftime("%Y-%m-%d %H:%M UTC")
