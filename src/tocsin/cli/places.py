"""`tocsin places`: public places by name, for the call form."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["places_app"]

Folder = Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)]
Source = Annotated[
    str, typer.Option("--source", help="What the file is called here, such as osm or gates.", show_default=False)
]

places_app = typer.Typer(
    help="Places by name for the call form: import, list or remove a gazetteer's files.",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)


@places_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, or GeoJSON with one feature a line.", show_default=False)],
    folder: Folder,
    source: Source,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do; change nothing.")] = False,
) -> None:
    """Import places from a file, in place of what this source brought before: all of it or nothing.

    The centre may run, and finds them at once. CSV has the columns name, near, kind, latitude, longitude. Of a map:
    osmium export -f geojsonseq FILE.osm.pbf.

    Example: tocsin places import gates.csv --source gates --dir centre
    """
    from tocsin.centre.gazetteer import Gazetteer
    from tocsin.centre.place_import import import_places, source_named
    from tocsin.cli.folder import settings_of
    from tocsin.model.errors import BadInput
    from tocsin.system import SystemClock

    gazetteer, name = Gazetteer(settings_of(folder).folder), source_named(source)
    form = "csv" if file.suffix.lower() in (".csv", ".txt") else "features"
    os.umask(0o077)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            done = import_places(gazetteer, name, lines, form, SystemClock().now_us(), is_dry=dry_run)
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {type(error).__name__}. Nothing was imported", "places.file"
        ) from error
    print(f"{name}: {done.places:,} places, {done.new:,} new, {done.same:,} as before, {done.gone:,} gone.")
    if done.nameless or done.long:
        print(f"Left out: {done.nameless:,} without a name or a place, {done.long:,} too long.")
    if dry_run:
        print("Nothing was imported.")


@places_app.command("list")
def list_(folder: Folder) -> None:
    """List what was imported.

    Example: tocsin places list --dir centre
    """
    from tocsin.centre.gazetteer import Gazetteer
    from tocsin.cli.folder import settings_of

    found = Gazetteer(settings_of(folder).folder).sources()
    for one in found:
        at = datetime.fromtimestamp(one.imported_at // 1_000_000, UTC)
        print(f"{one.name}: {one.places:,} places, imported {at:%Y-%m-%d %H:%M} UTC")
    if not found:
        print("No places were imported.")


@places_app.command("remove")
def remove(folder: Folder, source: Source) -> None:
    """Take out what a source brought.

    Example: tocsin places remove --source gates --dir centre
    """
    from tocsin.centre.gazetteer import Gazetteer
    from tocsin.centre.place_import import source_named
    from tocsin.cli.folder import settings_of
    from tocsin.system import SystemClock

    name = source_named(source)
    Gazetteer(settings_of(folder).folder).remove(name, SystemClock().now_us())
    print(f"{name}: taken out.")
