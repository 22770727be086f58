"""A file of places, read as whoever imports it says it is, and what it would change: the same for every way in."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from tocsin.centre.gazetteer import Gazetted, Gazetteer
from tocsin.model.errors import BadInput
from tocsin.model.values import Code, Place, Words
from tocsin.protocols.place_files import Counted, read_csv, read_features

FILE_BYTES_MAX: Final = 64 << 20
"""Of a file that is sent by HTTP; larger ones are imported by the command line, which streams them."""

SOURCE_PATTERN: Final = r"^[a-z0-9_-]{1,30}$"
SourceName = Annotated[Code, Meta(pattern=SOURCE_PATTERN)]
Form = Literal["csv", "features"]
"""A table, or GeoJSON with one feature a line."""


class PlacesChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an import changes."""

    places: int
    """In the file."""
    same: int
    new: int
    gone: int
    """The source brought them before, and they are not in the file."""
    nameless: int
    """Left out: without a name or a place."""
    long: int
    """Left out: lines that are too long."""
    kinds: dict[Code, int]
    """Places of the file by their kind."""


class PlacesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a process that reads a file says of it."""

    change: PlacesChange | None = None
    message: Words = Words("")
    code: Code = Code("")


def source_named(said: str) -> Code:
    """The name of a source.

    Raises:
        BadInput: it is none.
    """
    if re.fullmatch(SOURCE_PATTERN, said, re.ASCII) is None:
        raise BadInput(
            "The name of a source has 1 to 30 small letters, digits, - or _. Nothing was changed", "usage.source"
        )
    return Code(said)


def read_places(lines: Iterable[str], form: Form, counted: Counted) -> Iterator[Gazetted]:
    """The places of a file.

    Raises:
        BadInput: it is no such file, or rows of it are wrong. Take nothing of it then.
    """
    try:
        for one in read_csv(lines) if form == "csv" else read_features(lines, counted):
            yield Gazetted(
                name=Place(one.name),
                near=Place(one.near) if one.near else None,
                kind=Code(one.kind),
                latitude=one.latitude,
                longitude=one.longitude,
            )
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The file cannot be read as UTF-8: {type(error).__name__}. Nothing was imported", "places.file"
        ) from error


def import_places(
    gazetteer: Gazetteer, source: Code, lines: Iterable[str], form: Form, at: int, *, is_dry: bool
) -> PlacesChange:
    """Take a file in place of what its source brought before, all of it or nothing; `is_dry`: say what that would do.

    Raises:
        BadInput: the file is not right, or has no place. Nothing was changed.
        Conflict: as `Gazetteer.replace`.
    """
    # Digests alone: a country's places by their names would not fit.
    before = {hash(_key(one)) for one in gazetteer.of(source)}
    counted, kinds, seen = Counted(), Counter[Code](), set[int]()

    def told() -> Iterator[Gazetted]:
        for one in read_places(lines, form, counted):
            kinds[one.kind] += 1
            seen.add(hash(_key(one)))
            yield one
        if not seen:
            raise BadInput(
                "The file has no place. Nothing was imported. To take a source out, remove it", "places.empty"
            )

    count = gazetteer.check(source, told()) if is_dry else gazetteer.replace(source, told(), at)
    same = len(seen & before)
    return PlacesChange(
        places=count,
        same=same,
        new=len(seen) - same,
        gone=len(before) - same,
        nameless=counted.nameless,
        long=counted.long,
        kinds=dict(kinds),
    )


def _key(one: Gazetted) -> tuple[str, str, str, float | None, float | None]:
    return one.name, one.near or "", one.kind, one.latitude, one.longitude
