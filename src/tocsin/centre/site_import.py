"""Sites from a file, and into one: the whole file or nothing, every mistake named. Pure, as `account_import`."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from tocsin.centre.table_files import PLAIN, ColumnMap, Problems, TableFormat, TableRow, write_table
from tocsin.centre.table_plan import Known, Plan, Progress, RowReader, by_name, folded, place, read_rows, sorted_out
from tocsin.model.sites import ADDRESS_MAX, DIRECTIONS_MAX, SITE_NAME_MAX, Site, SiteRow
from tocsin.model.values import Ref

COLUMNS: Final = ("name", "address", "directions")
"""Columns of the file, in the order of an export. Only `name` is required."""


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

    A site is known by its name without case; a row is the whole site.

    Raises:
        BadInput: the file as a whole cannot be read.
        BadRows: mistakes in rows, all of them.
    """
    table = read_rows(data, form, COLUMNS, "name", mapping)
    sites = by_name(known.sites)
    planned: list[PlannedSite] = []
    first_line: dict[str, int] = {}
    for done, entry in enumerate(table.rows):
        if done % 1000 == 0:
            progress(done, len(table.rows))
        row = read_site(entry, table.problems)
        name = entry.cells.get("name")
        first = entry.line if name is None else first_line.setdefault(folded(name), entry.line)
        if first != entry.line:
            table.problems.add(entry.line, f"has the name of {table.noun} {first} again")
        elif row is not None:
            planned.append(PlannedSite(line=entry.line, id=_id_of(row, sites), row=row))
    table.problems.raise_if_any()
    progress(len(table.rows), len(table.rows))
    return SitePlan(**sorted_out(planned, lambda item: _verdict(item, sites)))


def read_site(entry: TableRow, problems: Problems) -> SiteRow | None:
    """Read one site; None where something is wrong, which is noted."""
    reader = RowReader(entry, problems)
    row = SiteRow(
        address=reader.read("address", place(ADDRESS_MAX)),
        directions=reader.read("directions", place(DIRECTIONS_MAX)),
        name=reader.need("name", place(SITE_NAME_MAX)),
    )
    return row if reader.is_good else None


def export_sites(sites: Sequence[Site], form: TableFormat) -> bytes:
    """Write sites, by name, so that importing the file again changes nothing.

    A site whose name is lost is left out: nothing could find it again.
    """
    named = sorted((folded(site.row.name), site.row) for site in sites if site.row.name is not None)
    return write_table(COLUMNS, ({name: getattr(row, name) for name in COLUMNS} for _, row in named), form)


def _id_of(row: SiteRow, sites: Mapping[str, Site]) -> Ref | None:
    assert row.name is not None, "read_site needs a name"
    site = sites.get(folded(row.name))
    return None if site is None else site.id


def _verdict(item: PlannedSite, sites: Mapping[str, Site]) -> str:
    if item.id is None:
        return "new"
    assert item.row.name is not None, "read_site needs a name"
    old = sites[folded(item.row.name)].row
    return "same" if msgspec.structs.replace(item.row, config=old.config) == old else "changed"
