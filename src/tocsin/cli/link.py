"""`tocsin link`: let somebody in, once."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["link", "make_link"]


def link(
    name: Annotated[
        str | None,
        typer.Argument(help="Whom it is for; made where there is no such user. Not needed where there is only one."),
    ] = None,
    *,
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)],
    roles: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            help="A role that the user has from now on; may be given more than once. Somebody new is operator.",
            show_default=False,
        ),
    ] = None,
    list_users: Annotated[bool, typer.Option("--list", help="List the users instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Make a link that lets somebody sign in, once.

    It lives 15 minutes. Works while the centre runs, and before it does. Only the link goes to standard output.

    Example: tocsin link "Ana Horvat" --role supervisor --dir centre
    """
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        admission = centre.admission()
        if list_users:
            people = [{"id": one.id, "name": one.name, "roles": list(one.roles)} for one in admission.people()]
            for one in people:
                print(json.dumps(one) if as_json else f"{one['id']}  {one['name']}  ({', '.join(one['roles'])})")
            return
        made = admission.link(name, roles or ())
    if as_json:
        found = {"user": made.user, "is_new": made.is_new, "roles": list(made.roles), "expires_at": made.expires_at}
        print(json.dumps({**found, "url": made.url, "path": f"/sign-in/{made.secret}"}))
        return
    whom = "A new user" if made.is_new else "The user"
    print(
        f"{whom}, {', '.join(made.roles)}. The link works once, within 15 minutes, while the centre runs:",
        file=sys.stderr,
    )
    print(made.url or f"/sign-in/{made.secret}", flush=True)
    if made.url is None:
        print("Put the centre's address before it, which `tocsin serve` prints at its start.", file=sys.stderr)


def make_link(folder: Path, name: str, roles: Sequence[str], seconds: int) -> str:
    """Make a user and a link in one; return its address, or its path where the centre's address is not known yet."""
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        made = centre.admission().link(name, roles, seconds)
    return made.url or f"/sign-in/{made.secret}"
