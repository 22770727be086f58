"""`tocsin init`: make the folder of a new centre."""

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from tocsin.model.errors import BadInput
from tocsin.settings import FILE_NAME, Settings, default_toml, load

__all__ = ["first_link", "init", "make_centre"]


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make.", show_default=False)],
    name: Annotated[str, typer.Option(help="Name of the centre, shown everywhere.")] = "Control room",
    admin: Annotated[
        str | None,
        typer.Option(help="Name of the first user, who is administrator and supervisor.", show_default=False),
    ] = None,
) -> None:
    """Make the folder of a new centre: settings, database and keys.

    The master key lies beside the database. Whoever has both can read what is sealed: keep its copy apart from the
    backups. With --admin it prints a sign-in link that works once, within 24 hours.

    Example: tocsin init /srv/centre --name "Harbour control room" --admin "Ana Horvat"
    """
    if admin is not None:
        from tocsin.access.users import checked_name

        admin = checked_name(admin)
    settings = make_centre(folder, name)
    file = folder / FILE_NAME
    print(f"Made the centre {settings.centre.name!r} in {folder}.")
    print(f"  settings    {file}")
    print(f"  master key  {settings.master_key_path} (keep a copy apart from the backups of this folder)")
    if admin is not None:
        print(f"Sign-in link for {admin}; it works once, within 24 hours, while the centre runs:")
        print(f"  {first_link(folder, admin)}")
    print(f"Next: tocsin import accounts FILE.csv --dir {folder}, then tocsin serve --dir {folder}")


def first_link(folder: Path, name: str) -> str:
    """Make the first user of a new centre, and a link to sign in with."""
    from tocsin.access.links import FIRST_LINK_S
    from tocsin.cli.link import make_link

    return make_link(folder, name, ("administrator", "supervisor"), FIRST_LINK_S)


def make_centre(folder: Path, name: str, *, is_demo: bool = False) -> Settings:
    """Make the folder, its settings where it has none yet, its database and its keys.

    Raises:
        BadInput: the folder cannot be made or written, or its settings are wrong.
        Conflict: it has a centre already.
    """
    from tocsin.centre.folder import FolderLock
    from tocsin.centre.opening import create_folder
    from tocsin.system import SystemClock, SystemIds

    text = default_toml(name, is_demo=is_demo)
    file = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"The folder {folder} cannot be made: {error.strerror}. Nothing was changed. Name one that this user may "
            "make",
            "folder.not_writable",
        ) from error
    before = os.umask(0o077)  # what lies in the folder is nobody else's to read
    try:
        with FolderLock(folder):
            if not file.exists():
                _write_new(file, text)
            settings = load(folder, os.environ)
            create_folder(settings, os.environ, SystemClock(), SystemIds(), _host())
    finally:
        os.umask(before)
    return settings


def _write_new(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8") as made:
        made.write(text)


def _host() -> str:
    """The machine's name, for the origin of signed heads: letters, digits, dots and dashes."""
    name = "".join(c for c in socket.gethostname().lower() if c.isascii() and (c.isalnum() or c in ".-"))
    return name.strip(".-")[:64] or "localhost"
