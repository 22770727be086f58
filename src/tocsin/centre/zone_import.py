"""Zones from a file, and into one: the whole file or nothing, every mistake named. Pure, as `account_import`.

What a zone says of its alarms is checked against the catalogue: a machine never opens a type that a person or the
centre alone opens, nor one of the hazard classes that need a person's report (CODES.md, rule 10).
"""

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, cast

import msgspec

from tocsin.centre.table_files import PLAIN, ColumnMap, Problems, TableFormat, TableRow, nearest, write_table
from tocsin.centre.table_plan import (
    AccountPlaces,
    Known,
    Mistake,
    Plan,
    Progress,
    RowReader,
    one_of,
    place,
    read_rows,
    sorted_out,
)
from tocsin.model.accounts import Account
from tocsin.model.catalogue import MACHINE_NEVER, IncidentType, Priority
from tocsin.model.sites import (
    ZONE_DETECTORS,
    ZONE_NAME_MAX,
    ZONES_MAX,
    Zone,
    ZoneDetector,
    ZoneRow,
    zone_number,
)
from tocsin.model.values import AccountNumber, Code, Ref

COLUMNS: Final = ("account", "receiver", "line", "zone", "name", "type", "priority", "partition", "detector")
"""Columns of the file, in the order of an export. `account` and `zone` are required."""

PRIORITIES: Final = ("1", "2", "3", "4")
_ZONE = re.compile(r"[0-9A-Za-z]{1,16}")
_PARTITION = re.compile(r"[0-9A-Za-z]{1,6}")
_Place = tuple[Ref, Code]


class PlannedZone(msgspec.Struct, frozen=True, kw_only=True):
    """A zone as the file wants it, its name in clear."""

    line: int
    account: AccountNumber
    """Of its account, as the file names it."""
    row: ZoneRow


class ZonePlan(Plan[PlannedZone], frozen=True, kw_only=True, tag="zones"):
    """What importing zones would do."""


def plan_zones(
    data: bytes,
    form: TableFormat,
    known: Known,
    types: Mapping[str, IncidentType],
    mapping: ColumnMap = PLAIN,
    progress: Progress = lambda done, total: None,
) -> ZonePlan:
    """Read zones from a file and work out what they change at the centre. Nothing is written.

    A row is the whole zone. Its account must be at the centre, found by number, receiver and line as in a file of
    accounts. Zones that are not in the file stay as they are.

    Raises:
        BadInput: the file as a whole cannot be read.
        BadRows: mistakes in rows, all of them.
    """
    table = read_rows(data, form, COLUMNS, "zone", mapping)
    places = AccountPlaces(known.accounts)
    zones: dict[_Place, ZoneRow] = {(zone.row.account_id, zone.row.number): zone.row for zone in known.zones}
    counts = Counter(account_id for account_id, _ in zones)
    planned: list[PlannedZone] = []
    first_line: dict[_Place, int] = {}
    for done, entry in enumerate(table.rows):
        if done % 1000 == 0:
            progress(done, len(table.rows))
        reader = RowReader(entry, table.problems)
        account_id = places.find(reader)
        row = _row(reader, account_id or Ref(""), types)
        if account_id is None or not row.number:
            continue
        first = first_line.setdefault((account_id, row.number), entry.line)
        if first != entry.line:
            reader.note(f"is zone {row.number} of this account again, as in {table.noun} {first}")
            continue
        if (account_id, row.number) not in zones:
            counts[account_id] += 1
            if counts[account_id] > ZONES_MAX:
                reader.note(f"is more than the {ZONES_MAX:,} zones that an account may have")
        if reader.is_good:
            number = AccountNumber(entry.cells["account"])
            planned.append(PlannedZone(line=entry.line, account=number, row=row))
    table.problems.raise_if_any()
    progress(len(table.rows), len(table.rows))
    return ZonePlan(**sorted_out(planned, lambda item: _verdict(item, zones)))


def read_zone(
    entry: TableRow, problems: Problems, account_id: Ref, types: Mapping[str, IncidentType]
) -> ZoneRow | None:
    """Read one zone of an account that is known; None where something is wrong, which is noted."""
    reader = RowReader(entry, problems)
    row = _row(reader, account_id, types)
    return row if reader.is_good else None


def export_zones(zones: Sequence[Zone], accounts: Sequence[Account], form: TableFormat) -> bytes:
    """Write zones, by account and number, so that importing the file again changes nothing."""
    by_id = {account.id: account.row for account in accounts}
    known = [(by_id[zone.row.account_id], zone.row) for zone in zones if zone.row.account_id in by_id]
    known.sort(
        key=lambda pair: (
            pair[0].account.upper(),
            pair[0].receiver or "",
            pair[0].line or "",
            len(pair[1].number),
            pair[1].number,
        )
    )
    rows = (
        {
            "account": account.account,
            "receiver": account.receiver,
            "line": account.line,
            "zone": zone.number,
            "name": zone.name,
            "type": zone.type,
            "priority": zone.priority,
            "partition": zone.partition,
            "detector": zone.detector,
        }
        for account, zone in known
    )
    return write_table(COLUMNS, rows, form)


def _row(reader: RowReader, account_id: Ref, types: Mapping[str, IncidentType]) -> ZoneRow:
    priority = reader.read("priority", functools.partial(one_of, PRIORITIES))
    return ZoneRow(
        account_id=account_id,
        detector=cast("ZoneDetector | None", reader.read("detector", _detector)),
        name=reader.read("name", place(ZONE_NAME_MAX)),
        number=reader.need("zone", _zone) or Code(""),
        partition=reader.read("partition", _partition),
        priority=None if priority is None else cast("Priority", int(priority)),
        type=reader.read("type", functools.partial(_type, types)),
    )


def _verdict(item: PlannedZone, zones: Mapping[_Place, ZoneRow]) -> str:
    old = zones.get((item.row.account_id, item.row.number))
    if old is None:
        return "new"
    return "same" if msgspec.structs.replace(item.row, config=old.config) == old else "changed"


def _zone(cell: str) -> Code:
    if not _ZONE.fullmatch(cell):
        raise Mistake("must be 1 to 16 letters and digits, as the panel sends it")
    return zone_number(cell)


def _partition(cell: str) -> Code:
    if not _PARTITION.fullmatch(cell):
        raise Mistake("must be 1 to 6 letters and digits, as the panel sends it")
    return zone_number(cell)


def _detector(cell: str) -> str:
    # In no case of its own: a person may write `Smoke and heat`.
    wanted = cell.strip().lower().replace(" ", "_").replace("-", "_")
    if wanted not in ZONE_DETECTORS:
        raise Mistake(f"is no kind of detector{nearest(wanted, ZONE_DETECTORS)}")
    return wanted


def _type(types: Mapping[str, IncidentType], cell: str) -> Code:
    found = types.get(cell.upper())
    if found is None:
        raise Mistake(f"is no type of the catalogue{nearest(cell, types)}")
    if found.opened_by != "any":
        raise Mistake(f"is {found.type}, which no panel opens: it needs {_OPENERS[found.opened_by]}")
    if found.hazard in MACHINE_NEVER:
        raise Mistake(f"is {found.type}, which no panel opens: {found.hazard} needs a person's report")
    return found.type


_OPENERS: Final = {"person": "a person's report", "centre": "the centre itself"}
