"""Files of places: CSV, and GeoJSON with one feature a line, as `osmium export -f geojsonseq` writes it. Pure.

CSV is all or nothing: each mistake is named by its line. Of a map's extract most has no name, and is left out and
counted. What a feature says beyond its name, address, kind and place is not read. Source: RFC 7946, RFC 8142.
"""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

import msgspec

from tocsin.model.errors import BadInput

LINE_MAX: Final = 1 << 20
"""Characters of a line; a longer one is the outline of a country, which no caller stands at."""

NAME_MAX: Final = 200
MISTAKES_MAX: Final = 20
COLUMNS: Final = ("name", "near", "kind", "latitude", "longitude")
KINDS: Final = ("settlement", "place", "street", "crossing", "kilometre", "address")
_SETTLEMENTS: Final = frozenset(
    {"city", "town", "village", "hamlet", "suburb", "neighbourhood", "quarter", "isolated_dwelling"}
)


class FilePlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place as a file has it."""

    name: str
    near: str
    kind: str
    latitude: float | None
    longitude: float | None


class Counted(msgspec.Struct):
    """What was left out of a file of a map."""

    nameless: int = 0
    long: int = 0


def read_csv(lines: Iterable[str]) -> Iterator[FilePlace]:
    """The places of a table with the columns COLUMNS, of which `name` alone must be there.

    Raises:
        BadInput: the head is not right, or rows are not: the first MISTAKES_MAX are named. Take nothing of it then.
    """
    reader = csv.reader(lines, strict=True)
    wrong: list[str] = []
    try:
        first = next(reader, list[str]())
        head = [one.strip().lower().removeprefix("\ufeff") for one in first]
        odd = [one for one in head if one not in COLUMNS]
        if "name" not in head or odd or len(set(head)) < len(head):
            raise BadInput(
                f"The first line of the file must name columns of {', '.join(COLUMNS)}, each once, and `name` among "
                "them. Nothing was imported",
                "places.head",
            )
        for row in reader:
            if not row:
                continue
            found = _csv_row(dict(zip(head, row, strict=False)), len(row) == len(head))
            if isinstance(found, FilePlace):
                if not wrong:
                    yield found
            else:
                wrong.append(f"line {reader.line_num}: {found}")
                if len(wrong) == MISTAKES_MAX:
                    break
    except csv.Error as error:
        raise BadInput(f"Line {reader.line_num} of the file is no CSV. Nothing was imported", "places.csv") from error
    if wrong:
        raise BadInput(f"{'; '.join(wrong)}. Nothing was imported. Mend the file", "places.rows")


def _csv_row(row: Mapping[str, str], is_whole: bool) -> FilePlace | str:
    if not is_whole:
        return "another number of columns than the first line"
    name = _plain(row["name"])
    if not 1 <= len(name) <= NAME_MAX:
        return f"name has not 1 to {NAME_MAX} characters"
    near = _plain(row.get("near", ""))
    if len(near) > NAME_MAX:
        return f"near has more than {NAME_MAX} characters"
    kind = row.get("kind", "").strip().lower() or "place"
    if kind not in KINDS:
        return f"kind is none of {', '.join(KINDS)}"
    latitude, longitude = row.get("latitude", "").strip(), row.get("longitude", "").strip()
    if (latitude == "") != (longitude == ""):
        return "latitude and longitude go together"
    if latitude == "":
        return FilePlace(name=name, near=near, kind=kind, latitude=None, longitude=None)
    try:
        at = float(latitude), float(longitude)
    except ValueError:
        return "latitude and longitude are numbers of degrees"
    if not _is_on_earth(*at):
        return "latitude is -90 to 90, longitude -180 to 180"
    return FilePlace(name=name, near=near, kind=kind, latitude=at[0], longitude=at[1])


def read_features(lines: Iterable[str], counted: Counted) -> Iterator[FilePlace]:
    """The named places of features, one a line; what has no name is counted.

    Raises:
        BadInput: a line is no feature of GeoJSON. Take nothing of it then.
    """
    for number, raw in enumerate(lines, 1):
        line = raw.strip("\x1e \t\r\n")
        if not line:
            continue
        if len(line) > LINE_MAX:
            counted.long += 1
            continue
        try:
            feature: Any = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
            raise _no_feature(number) from error
        if not isinstance(feature, dict) or cast("dict[str, Any]", feature).get("type") != "Feature":
            raise _no_feature(number)
        found = _feature(cast("dict[str, Any]", feature))
        if found is None:
            counted.nameless += 1
        else:
            yield found


def _no_feature(number: int) -> BadInput:
    return BadInput(
        f"Line {number} is no feature of GeoJSON. Nothing was imported. Write one feature a line: osmium export -f "
        "geojsonseq",
        "places.feature",
    )


def _feature(feature: Mapping[str, Any]) -> FilePlace | None:
    said = feature.get("properties")
    tags: dict[str, str] = {}
    if isinstance(said, dict):
        tags = {key: _plain(value) for key, value in cast("dict[str, Any]", said).items() if isinstance(value, str)}
    street, number = tags.get("addr:street") or tags.get("addr:place") or "", tags.get("addr:housenumber", "")
    town = " ".join(part for part in (tags.get("addr:postcode"), tags.get("addr:city") or tags.get("is_in")) if part)
    name, kind = tags.get("name", ""), "place"
    if tags.get("place") in _SETTLEMENTS:
        kind = "settlement"
    elif tags.get("highway") == "milestone":
        name = " km ".join(part for part in (tags.get("ref", ""), tags.get("distance", "")) if part)
        kind = "kilometre"
    elif tags.get("highway"):
        kind = "street"
    elif not name and street and number:
        name, kind = f"{street} {number}", "address"
    near = town if not name or kind == "address" or not street else f"{street} {number}, {town}".strip(" ,")
    at = _middle(feature.get("geometry"))
    if not 1 <= len(name) <= NAME_MAX or at is None:
        return None
    return FilePlace(name=name, near=near[:NAME_MAX], kind=kind, latitude=at[0], longitude=at[1])


def _middle(geometry: Any) -> tuple[float, float] | None:
    """The middle of what a geometry covers. GeoJSON puts longitude first."""
    if not isinstance(geometry, dict):
        return None
    west = south = math.inf
    east = north = -math.inf
    waiting: list[Any] = [cast("dict[str, Any]", geometry).get("coordinates")]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, list) or not one:
            continue
        pair = cast("list[Any]", one)
        if isinstance(pair[0], int | float) and len(pair) >= 2 and isinstance(pair[1], int | float):
            west, east = min(west, pair[0]), max(east, pair[0])
            south, north = min(south, pair[1]), max(north, pair[1])
        else:
            waiting += pair
    if not _is_on_earth(south, west) or not _is_on_earth(north, east):
        return None
    return round((south + north) / 2, 6), round((west + east) / 2, 6)


def _is_on_earth(latitude: float, longitude: float) -> bool:
    return math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180


def _plain(said: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
