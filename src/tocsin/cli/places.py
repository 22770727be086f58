"""`tocsin places`: public places by name, for the call form."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

__all__ = ["places_app"]

Folder = Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)]
Source = Annotated[
    str, typer.Option("--source", help="What the file is called here, such as osm or gates.", show_default=False)
]
SOURCE_SIGNS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")

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
) -> None:
    """Import places from a file, in place of what this source brought before: all of it or nothing.

    The centre may run, and finds them at once. CSV has the columns name, near, kind, latitude, longitude. Of a map:
    osmium export -f geojsonseq FILE.osm.pbf.

    Example: tocsin places import gates.csv --source gates --dir centre
    """
    from tocsin.centre.gazetteer import Gazetted, Gazetteer
    from tocsin.cli.folder import settings_of
    from tocsin.model.errors import BadInput
    from tocsin.model.values import Code, Place
    from tocsin.protocols.place_files import Counted, FilePlace, read_csv, read_features
    from tocsin.system import SystemClock

    gazetteer = Gazetteer(settings_of(folder).folder)
    name, counted = _source(source), Counted()
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            read: Iterator[FilePlace] = (
                read_csv(lines) if file.suffix.lower() in (".csv", ".txt") else read_features(lines, counted)
            )
            places = (
                Gazetted(
                    name=Place(one.name),
                    near=Place(one.near) if one.near else None,
                    kind=Code(one.kind),
                    latitude=one.latitude,
                    longitude=one.longitude,
                )
                for one in read
            )
            os.umask(0o077)
            count = gazetteer.replace(Code(name), places, SystemClock().now_us())
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The file cannot be read as UTF-8: {type(error).__name__}. Nothing was imported", "places.file"
        ) from error
    print(f"{name}: {count:,} places.")
    if counted.nameless or counted.long:
        print(f"Left out: {counted.nameless:,} without a name or a place, {counted.long:,} too long.")


@places_app.command("list")
def list_(folder: Folder) -> None:
    """List what was imported.

    Example: tocsin places list --dir centre
    """
    from tocsin.centre.gazetteer import Gazetteer
    from tocsin.cli.folder import settings_of

    found = Gazetteer(settings_of(folder).folder).sources()
    for one in found:
        print(f"{one.name}: {one.places:,} places")
    if not found:
        print("No places were imported.")


@places_app.command("remove")
def remove(folder: Folder, source: Source) -> None:
    """Take out what a source brought.

    Example: tocsin places remove --source gates --dir centre
    """
    from tocsin.centre.gazetteer import Gazetteer
    from tocsin.cli.folder import settings_of
    from tocsin.model.errors import BadInput
    from tocsin.model.values import Code
    from tocsin.system import SystemClock

    gazetteer, name = Gazetteer(settings_of(folder).folder), _source(source)
    if all(one.name != name for one in gazetteer.sources()):
        raise BadInput(f"No places were imported as {name}. Nothing was changed", "places.source")
    gazetteer.replace(Code(name), (), SystemClock().now_us())
    print(f"{name}: taken out.")


def _source(said: str) -> str:
    from tocsin.model.errors import BadInput

    if not 1 <= len(said) <= 30 or not SOURCE_SIGNS.issuperset(said):
        raise BadInput("--source has 1 to 30 small letters, digits, - or _. Nothing was changed", "usage.source")
    return said
