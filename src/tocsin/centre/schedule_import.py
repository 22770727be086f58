"""Schedules from a file, and into one: the whole file or nothing, every mistake named. Pure, as `account_import`.

A row is the whole schedule of an account or of one of its partitions. Hours are told as `mon 08:00-12:00 13:00-18:00`,
by the clock of the place; what closes on the day after is told with hours above 24, or ends before it begins.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from tocsin.centre.holiday_rows import with_holidays
from tocsin.centre.schedule_check import in_order, wrong_of
from tocsin.centre.table_files import PLAIN, ColumnMap, TableFormat, write_table
from tocsin.centre.table_plan import (
    AccountPlaces,
    Known,
    Mistake,
    Plan,
    Progress,
    RowReader,
    read_rows,
    sorted_out,
)
from tocsin.model.holidays import Holidays
from tocsin.model.schedules import DAY_MIN, EARLY_MIN, DayHours, Hours, Schedule, ScheduleRow, WeekHours
from tocsin.model.sites import zone_number
from tocsin.model.values import AccountNumber, Code, Ref, Seq, ZoneName

COLUMNS: Final = (
    "account",
    "receiver",
    "line",
    "partition",
    "time_zone",
    "week",
    "days",
    "holidays",
    "open_late_min",
    "close_late_min",
    "early_min",
    "test_h",
)
"""Columns of the file, in the order of an export. `account` and `time_zone` are required."""

CELL_CHARACTERS_MAX: Final = 32_768
"""Of a cell: 400 days with four times each."""

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED: Final = "closed"
_SPAN: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_PARTITION: Final = re.compile(r"[0-9A-Za-z]{1,6}")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_Place = tuple[Ref, Code | None]


class PlannedSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule as the file wants it."""

    line: int
    account: AccountNumber
    """As the file names it."""
    id: Ref | None
    """The schedule that it changes; None where it is new."""
    row: ScheduleRow
    version: Seq
    """Of the schedule that the plan was worked out from; 0 where it is new."""


class SchedulePlan(Plan[PlannedSchedule], frozen=True, kw_only=True, tag="schedules"):
    """What importing schedules would do."""


def plan_schedules(
    data: bytes,
    form: TableFormat,
    known: Known,
    mapping: ColumnMap = PLAIN,
    progress: Progress = lambda done, total: None,
) -> SchedulePlan:
    """Read schedules from a file and work out what they change at the centre. Nothing is written.

    Raises:
        BadInput: the file as a whole cannot be read.
        BadRows: mistakes in rows, all of them.
    """
    table = read_rows(data, form, COLUMNS, "account", mapping, cell_max=CELL_CHARACTERS_MAX)
    places = AccountPlaces(known.accounts)
    schedules: dict[_Place, Schedule] = {(one.row.account_id, one.row.partition): one for one in known.schedules}
    planned: list[PlannedSchedule] = []
    first_line: dict[_Place, int] = {}
    for done, entry in enumerate(table.rows):
        if done % 1000 == 0:
            progress(done, len(table.rows))
        reader = RowReader(entry, table.problems)
        account_id = places.find(reader)
        partition = reader.read("partition", _partition)
        place = (account_id or Ref(""), partition)
        old = schedules.get(place)
        row = _row(reader, place, None if old is None else old.row, known, has_holidays="holidays" in table.columns)
        if account_id is None or row is None:
            continue
        first = first_line.setdefault(place, entry.line)
        if first != entry.line:
            reader.note(f"is of the same account and partition as {table.noun} {first}")
            continue
        planned.append(
            PlannedSchedule(
                line=entry.line,
                account=AccountNumber(entry.cells["account"]),
                id=None if old is None else old.id,
                row=row,
                version=Seq(0) if old is None else old.seq,
            )
        )
    table.problems.raise_if_any()
    progress(len(table.rows), len(table.rows))
    return SchedulePlan(**sorted_out(planned, lambda item: _verdict(item, schedules)))


def export_schedules(known: Known, form: TableFormat) -> bytes:
    """Write schedules, by account and partition, so that importing the file again changes nothing."""
    by_id = {account.id: account.row for account in known.accounts}
    labels = {one.id: one.row.label for one in known.calendars}
    found = [(by_id[one.row.account_id], one.row) for one in known.schedules if one.row.account_id in by_id]
    found.sort(key=lambda pair: (pair[0].account.upper(), pair[0].receiver or "", pair[0].line or "", _key(pair[1])))
    rows = (
        {
            "account": account.account,
            "receiver": account.receiver,
            "line": account.line,
            "partition": row.partition,
            "time_zone": row.zone,
            "week": _week_text(row.week),
            "days": "; ".join(f"{day.date} {_hours_text(day.hours)}" for day in row.days if day.source != "shared"),
            "holidays": None if row.holidays is None else labels.get(row.holidays),
            "open_late_min": row.open_late_min,
            "close_late_min": row.close_late_min,
            "early_min": row.early_min,
            "test_h": row.test_h,
        }
        for account, row in found
    )
    return write_table(COLUMNS, rows, form)


def _key(row: ScheduleRow) -> tuple[int, str]:
    return len(row.partition or ""), row.partition or ""


def _row(
    reader: RowReader, place: _Place, old: ScheduleRow | None, known: Known, *, has_holidays: bool
) -> ScheduleRow | None:
    old_days = {} if old is None else {day.date: day for day in old.days}
    shared = None if old is None else old.holidays
    if has_holidays:  # a file without the column takes no calendar away
        shared = reader.read("holidays", lambda cell: _calendar(cell, known.calendars))
    row = ScheduleRow(
        account_id=place[0],
        close_late_min=reader.read("close_late_min", _number),
        days=tuple(_kept_source(day, old_days) for day in reader.read("days", _days) or ()),
        early_min=_or(reader.read("early_min", _number), EARLY_MIN),
        holidays=shared,
        open_late_min=reader.read("open_late_min", _number),
        partition=place[1],
        test_h=reader.read("test_h", _number),
        week=tuple(reader.read("week", _week) or ()),
        zone=reader.need("time_zone", ZoneName) or ZoneName(""),
    )
    if not reader.is_good:
        return None
    for reason in wrong_of(row):
        field, _, words = reason.partition(": ")
        reader.note(f"{'time_zone' if field == 'zone' else field} {words}")
    return in_order(with_holidays(row, known.calendars)) if reader.is_good else None


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _kept_source(day: DayHours, old: Mapping[Code, DayHours]) -> DayHours:
    """The day as it is, where the file does not change it: one of a calendar stays one of a calendar."""
    before = old.get(day.date)
    hours = tuple(sorted(day.hours, key=lambda hours: hours.opens_min))
    return before if before is not None and before.hours == hours else day


def _calendar(cell: str, known: Sequence[Holidays]) -> Ref:
    for one in known:
        if one.row.label.casefold() == cell.casefold():
            return one.id
    raise Mistake("names no calendar of holidays that is at the centre; it is made there first")


def _week(cell: str) -> list[WeekHours]:
    found: list[WeekHours] = []
    told: set[int] = set()
    for part in _parts(cell):
        words = part.split()
        first, _, last = words[0].casefold().partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise Mistake("must be as in: mon-fri 08:00-12:00 13:00-18:00; sat 09:00-12:00")
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        days = range(begin, end + 1) if begin <= end else (*range(begin, 7), *range(end + 1))
        hours = _hours(words[1:])
        for weekday in days:
            if weekday in told:
                raise Mistake(f"tells {WEEKDAYS[weekday]} twice")
            told.add(weekday)
            found += [WeekHours(closes_min=h.closes_min, opens_min=h.opens_min, weekday=weekday) for h in hours]
    return found


def _days(cell: str) -> list[DayHours]:
    found: list[DayHours] = []
    for part in _parts(cell):
        words = part.split()
        try:
            day = date.fromisoformat(words[0])
        except ValueError:
            raise Mistake("must be as in: 2027-12-24 08:00-12:00; 2027-12-25 closed") from None
        found.append(DayHours(date=Code(day.isoformat()), hours=tuple(_hours(words[1:])), source="by_hand"))
    return found


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _hours(words: Sequence[str]) -> list[Hours]:
    if [word.casefold() for word in words] == [CLOSED]:
        return []
    found: list[Hours] = []
    for word in words:
        match = _SPAN.fullmatch(word)
        if match is None or int(match[2]) > 59 or int(match[4]) > 59:
            raise Mistake(f"has hours that cannot be read; they are as 08:00-18:00, or {CLOSED}")
        opens = int(match[1]) * 60 + int(match[2])
        closes = int(match[3]) * 60 + int(match[4])
        found.append(Hours(closes_min=closes if closes > opens else closes + DAY_MIN, opens_min=opens))
    if not found:
        raise Mistake(f"has a day without hours; say {CLOSED} where it does not open")
    return found


def _week_text(week: Sequence[WeekHours]) -> str:
    days: list[str] = []
    for weekday, name in enumerate(WEEKDAYS):
        hours = [Hours(closes_min=w.closes_min, opens_min=w.opens_min) for w in week if w.weekday == weekday]
        if hours:
            days.append(f"{name} {_hours_text(hours)}")
    return "; ".join(days)


def _hours_text(hours: Sequence[Hours]) -> str:
    return " ".join(f"{_face(one.opens_min)}-{_face(one.closes_min)}" for one in hours) or CLOSED


def _face(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _partition(cell: str) -> Code:
    if not _PARTITION.fullmatch(cell):
        raise Mistake("must be 1 to 6 letters and digits, as the panel sends it")
    return zone_number(cell)


def _number(cell: str) -> int:
    if not _NUMBER.fullmatch(cell):
        raise Mistake("must be a whole number")
    return int(cell)


def _verdict(item: PlannedSchedule, schedules: Mapping[_Place, Schedule]) -> str:
    if item.id is None:
        return "new"
    return "same" if item.row == schedules[item.row.account_id, item.row.partition].row else "changed"
