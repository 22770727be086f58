"""Sites from a file, and into one: the whole file or nothing, every mistake named. Pure, as `account_import`."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

import msgspec

from tocsin.centre.table_files import PLAIN, ColumnMap, Problems, TableFormat, TableRow, nearest, write_table
from tocsin.centre.table_plan import (
    Known,
    Mistake,
    Plan,
    Progress,
    RowReader,
    by_name,
    folded,
    one_of,
    place,
    read_rows,
    sorted_out,
)
from tocsin.model.sites import (
    ADDRESS_MAX,
    AUTHORITY_REF_MAX,
    BUILDING_ACCESS_MAX,
    BUILDING_NAME_MAX,
    BUILDINGS_MAX,
    BUILDINGS_TEXT_MAX,
    DIRECTIONS_MAX,
    HAZARD_DETAILS_MAX,
    INSTALLER_MAX,
    SITE_HAZARDS,
    SITE_NAME_MAX,
    SITE_RESPONSES,
    Site,
    SiteGrade,
    SiteHazard,
    SiteResponse,
    SiteRow,
)
from tocsin.model.values import Code, Place, Ref

COLUMNS: Final = (
    "name",
    "address",
    "directions",
    "latitude",
    "longitude",
    "buildings",
    "hazards",
    "hazard_details",
    "authority_ref",
    "response",
    "grade",
    "installer",
)
"""Columns of the file, in the order of an export. Only `name` is required."""

LATER: Final = COLUMNS[3:]
"""Columns that files of before 0.3.0 do not have: without the column a site keeps what it has."""

DECIMALS: Final = 6
"""Of a position: a tenth of a metre."""

GRADES: Final = ("1", "2", "3", "4")
_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,15})?")
_INSTALLER: Final = re.compile(rf"[A-Za-z0-9-]{{1,{INSTALLER_MAX}}}")
_BETWEEN: Final = "|"
_ACCESS: Final = ":"


class PlannedSite(msgspec.Struct, frozen=True, kw_only=True):
    """A site as the file wants it, its texts in clear."""

    line: int
    id: Ref | None
    """The site that it changes; None where it is new."""
    row: SiteRow


class SitePlan(Plan[PlannedSite], frozen=True, kw_only=True, tag="sites"):
    """What importing sites would do."""


def plan_sites(
    data: bytes,
    form: TableFormat,
    known: Known,
    mapping: ColumnMap = PLAIN,
    progress: Progress = lambda done, total: None,
) -> SitePlan:
    """Read sites from a file and work out what they change at the centre. Nothing is written.

    A site is known by its name without case; a row is the whole site, but for the columns of `LATER` that the file has
    not.

    Raises:
        BadInput: the file as a whole cannot be read.
        BadRows: mistakes in rows, all of them.
    """
    table = read_rows(data, form, COLUMNS, "name", mapping)
    kept = _kept_columns(table.columns)
    sites = by_name(known.sites)
    planned: list[PlannedSite] = []
    first_line: dict[str, int] = {}
    for done, entry in enumerate(table.rows):
        if done % 1000 == 0:
            progress(done, len(table.rows))
        name = entry.cells.get("name")
        old = None if name is None else sites.get(folded(name))
        row = read_site(_with_kept(entry, kept, old), table.problems)
        first = entry.line if name is None else first_line.setdefault(folded(name), entry.line)
        if first != entry.line:
            table.problems.add(entry.line, f"has the name of {table.noun} {first} again")
        elif row is not None:
            planned.append(PlannedSite(line=entry.line, id=None if old is None else old.id, row=row))
    table.problems.raise_if_any()
    progress(len(table.rows), len(table.rows))
    return SitePlan(**sorted_out(planned, lambda item: _verdict(item, sites)))


def read_site(entry: TableRow, problems: Problems) -> SiteRow | None:
    """Read one site; None where something is wrong, which is noted."""
    reader = RowReader(entry, problems)
    latitude = reader.read("latitude", functools.partial(_degrees, 90, " (is it the longitude?)"))
    longitude = reader.read("longitude", functools.partial(_degrees, 180, ""))
    if ("latitude" in reader.cells) != ("longitude" in reader.cells):
        missing = "longitude" if "latitude" in reader.cells else "latitude"
        reader.note(f"{missing} is missing; a position needs both")
    elif latitude == longitude == "0":
        reader.note("latitude and longitude are both 0, which is in the sea: leave them out where they are unknown")
    hazards = reader.read("hazards", _hazards) or ()
    if "hazard_details" in reader.cells and "hazards" not in reader.cells:
        reader.note("hazard_details are there and no hazards; name the hazards that they tell of")
    grade = reader.read("grade", functools.partial(one_of, GRADES))
    row = SiteRow(
        address=reader.read("address", place(ADDRESS_MAX)),
        authority_ref=reader.read("authority_ref", place(AUTHORITY_REF_MAX)),
        buildings=reader.read("buildings", _buildings),
        directions=reader.read("directions", place(DIRECTIONS_MAX)),
        grade=None if grade is None else cast("SiteGrade", int(grade)),
        hazard_details=reader.read("hazard_details", place(HAZARD_DETAILS_MAX)),
        hazards=hazards,
        installer=reader.read("installer", _installer),
        latitude=latitude,
        longitude=longitude,
        name=reader.need("name", place(SITE_NAME_MAX)),
        response=cast("SiteResponse | None", reader.read("response", functools.partial(one_of, SITE_RESPONSES))),
    )
    return row if reader.is_good else None


def export_sites(sites: Sequence[Site], form: TableFormat) -> bytes:
    """Write sites, by name, so that importing the file again changes nothing.

    A site whose name is lost is left out: nothing could find it again.
    """
    named = sorted((folded(site.row.name), site.row.name, site.row) for site in sites if site.row.name is not None)
    return write_table(COLUMNS, (cells_of(row) for _, _, row in named), form)


def cells_of(row: SiteRow) -> dict[str, Any]:
    """A row as a file has it, by column."""
    return {name: " ".join(row.hazards) or None if name == "hazards" else getattr(row, name) for name in COLUMNS}


def degrees_text(degrees: float) -> str:
    """A number of degrees as a file has it; what is none of this world is refused when it is read."""
    return f"{degrees:.{DECIMALS}f}"


def buildings_of(text: Place | None) -> list[tuple[Place, Place | None]]:
    """Buildings and places by the one text that holds them: `Hall B: gate 2 | Pump house`."""
    parts = [] if text is None else [part.partition(_ACCESS) for part in text.split(_BETWEEN)]
    return [(Place(name.strip()), Place(access.strip()) or None) for name, _, access in parts]


def buildings_text(buildings: Iterable[tuple[str, str | None]]) -> str:
    """The reverse.

    Raises:
        Mistake: a name is empty or has a colon, or something has a stroke: they part one from another.
    """
    parts: list[str] = []
    for name, access in buildings:
        if not name.strip():
            raise Mistake("have a part without a name; they are as in: Hall B: gate 2 | Pump house")
        if _ACCESS in name or _BETWEEN in name + (access or ""):
            raise Mistake("have no colon in a name, and no upright stroke: these part one from another")
        parts.append(f"{name.strip()}{_ACCESS} {access.strip()}" if access and access.strip() else name.strip())
    return f" {_BETWEEN} ".join(parts)


def _kept_columns(has: frozenset[str]) -> list[str]:
    """Columns of which a site keeps what it has: those of `LATER` that the file has not, a position as one."""
    has_position = not has.isdisjoint(("latitude", "longitude"))
    gone = {*has, "latitude", "longitude"} if has_position else has
    return [column for column in LATER if column not in gone]


def _with_kept(entry: TableRow, kept: Sequence[str], old: Site | None) -> TableRow:
    """The row with what a site keeps, where the file has no column for it."""
    if old is None or not kept:
        return entry
    cells = cells_of(old.row)
    known = {column: str(cells[column]) for column in kept if cells[column] is not None}
    if "hazards" not in {**known, **entry.cells}:
        known.pop("hazard_details", None)
    return TableRow(entry.line, {**known, **entry.cells})


def _degrees(most: int, perhaps: str, cell: str) -> Place:
    if not _DEGREES.fullmatch(cell):
        raise Mistake(f"must be degrees with a point, such as {'48.20849' if most == 90 else '16.37208'}")
    found = round(float(cell), DECIMALS)
    if abs(found) > most:
        raise Mistake(f"must be from -{most} to {most} degrees{perhaps}")
    return Place(f"{found + 0.0:.{DECIMALS}f}".rstrip("0").rstrip("."))


def _buildings(cell: str) -> Place:
    found = buildings_of(place(BUILDINGS_TEXT_MAX)(cell))
    if len(found) > BUILDINGS_MAX:
        raise Mistake(f"are {len(found)}, and a site has at most {BUILDINGS_MAX}")
    names: set[str] = set()
    for name, access in found:
        if not name:
            raise Mistake("have a part without a name; they are as in: Hall B: gate 2 | Pump house")
        if len(name) > BUILDING_NAME_MAX or len(access or "") > BUILDING_ACCESS_MAX:
            raise Mistake(
                f"have at most {BUILDING_NAME_MAX} characters of a name and {BUILDING_ACCESS_MAX} of how to get in"
            )
        names.add(folded(name))
    if len(names) < len(found):
        raise Mistake("have the same name twice")
    return Place(buildings_text(found))


def _hazards(cell: str) -> tuple[SiteHazard, ...]:
    words = [word for word in re.split(r"[\s,;]+", cell.casefold()) if word]
    for word in words:
        if word not in SITE_HAZARDS:
            near = nearest(word, SITE_HAZARDS)
            raise Mistake(f"must be of the closed list {', '.join(SITE_HAZARDS)}{near}")
    return tuple(hazard for hazard in SITE_HAZARDS if hazard in words)


def _installer(cell: str) -> Code:
    if not _INSTALLER.fullmatch(cell):
        raise Mistake(f"must be 1 to {INSTALLER_MAX} letters, digits and hyphens: the firm, never a person")
    return Code(cell)


def _verdict(item: PlannedSite, sites: Mapping[str, Site]) -> str:
    if item.id is None:
        return "new"
    assert item.row.name is not None, "read_site needs a name"
    old = sites[folded(item.row.name)].row
    return "same" if msgspec.structs.replace(item.row, config=old.config) == old else "changed"
