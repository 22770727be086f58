"""The catalogue's files, checked whole: one wrong row and nothing of them is used (CODES.md).

A typing slip in these tables can hide an alarm, so every column is checked, and every mistake is named with its file
and line. They are files because a centre may change priorities and add rows.
"""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, Literal, cast, get_args

from tocsin.data import read_shipped
from tocsin.model.catalogue import (
    MACHINE_NEVER,
    Catalogue,
    CodeFormat,
    CodeRule,
    HazardClass,
    IncidentType,
    Kind,
    OpenedBy,
    Priority,
)
from tocsin.model.errors import BadInput
from tocsin.model.values import Code, Words

TYPES_FILE: Final = "incident_types.csv"
CAPABILITIES_FILE: Final = "capabilities.csv"
SIA_FILE: Final = "sia_codes.csv"
CID_FILE: Final = "contact_id_codes.csv"
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    CAPABILITIES_FILE: ("capability", "meaning", "by_default"),
    TYPES_FILE: (
        "type",
        "short",
        "hazard",
        "meaning",
        "priority",
        "opened_by",
        "action_plan",
        "questions",
        "checks",
        "first_units",
    ),
    SIA_FILE: ("code", "meaning", "address_is", "kind", "hazard", "incident_type", "priority"),
    CID_FILE: (
        "code",
        "meaning",
        "address_is",
        "kind",
        "hazard",
        "incident_type",
        "priority",
        "kind_restore",
        "sia",
        "sia_restore",
    ),
}
"""The files and their columns, each of which must be there once; in any order."""

FILE_CHARACTERS_MAX: Final = 1 << 20
ROWS_MAX: Final = 5_000
CELL_CHARACTERS_MAX: Final = 1_000
MEANING_CHARACTERS_MAX: Final = 200
PARTS_MAX: Final = 12
"""Questions, checks or units of one type."""

UNITS_MAX: Final = 20
"""Units of one capability in a first response."""

MISTAKES_SHOWN_MAX: Final = 20

ADDRESS_IS: Final = frozenset(
    {
        "zone",
        "user",
        "partition",
        "door",
        "expander",
        "device",
        "output",
        "relay",
        "line",
        "network",
        "printer",
        "receiver",
        "linecard",
        "hub",
        "condition",
        "function",
        "message",
        "dealer",
        "downloader",
        "none",
        "unknown",
    }
)
"""What the address of a code can mean."""

REQUIRED_TYPES: Final = frozenset(
    {
        "TECH-UNCLASSIFIED",
        "TECH-UNKNOWNACCOUNT",
        "TECH-CENTRE",
        "TECH-RECEIVER",
        "TECH-SOURCE",
        "TECH-NOTIFY",
        "TECH-RUNAWAY",
        "TECH-ACCESS",
        "TECH-LINE",
        "TECH-OVERDUE",
        "INT-ALLPATHS",
        "HOLD-UP",
    }
)
"""Types that the rules themselves name."""

TESTS_THAT_OPEN: Final = frozenset({("SIA", "RY"), ("CID", "608")})
"""A test that reports a fault (CODES.md, rule 6)."""

SHORT_DIGIT: Final[dict[HazardClass, str]] = {
    "fire": "2",
    "explosion": "2",
    "medical": "3",
    "rescue": "4",
    "collision": "4",
    "hazmat": "5",
    "flood_weather": "5",
    "utility": "5",
    "intrusion": "6",
    "theft": "6",
    "robbery_holdup": "6",
    "violence": "7",
    "trafficking_kidnap": "7",
    "missing_person": "7",
    "welfare_check": "7",
    "technical": "8",
}
"""First digit of a short number. A local type's is 9."""

LOCAL_DIGIT: Final = "9"
NEVER_SHORT: Final = frozenset({"911", "999"})
_HAZARDS: Final = frozenset(cast("tuple[str, ...]", get_args(HazardClass)))
_KINDS: Final = frozenset(cast("tuple[str, ...]", get_args(Kind)))
_OPENED_BY: Final = frozenset(cast("tuple[str, ...]", get_args(OpenedBy)))
_BY_DEFAULT: Final = frozenset({"unit", "request"})
_PRIORITIES: Final = ("1", "2", "3", "4", "5")
_ALWAYS_5: Final = frozenset({"restoral", "trouble_restoral", "cancel"})
_RESTORES: Final = frozenset({"restoral", "trouble_restoral", "close"})
_TYPE: Final = re.compile(r"[A-Z][A-Z-]{1,29}(?:\.[A-Z0-9][A-Z0-9-]{0,9})?")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_UNIT: Final = re.compile(r"([1-9][0-9]?) ([a-z][a-z0-9_-]{0,39})")
_CODE: Final[dict[CodeFormat, re.Pattern[str]]] = {
    "SIA": re.compile(r"[A-Z]{2}"),
    "CID": re.compile(r"[0-9B-F]{3}"),
}
_FORM: Final[dict[CodeFormat, str]] = {"SIA": "two capital letters", "CID": "three digits (0-9, B-F)"}
_Row = dict[str, str]
_Of = Literal["file", "size", "columns", "syntax", "rows"]
"""What is wrong: the code of the refusal is that of the first mistake."""


def load_catalogue(files: Mapping[str, str]) -> Catalogue:
    """Read the catalogue from the text of its files, by name: those of COLUMNS, all of them and no other.

    Raises:
        BadInput: any mistake in any file. All are counted, the first MISTAKES_SHOWN_MAX named with file and line; none
            of the files is used.
    Source: CODES.md.
    """
    mistakes = _Mistakes()
    for name in sorted(files.keys() - COLUMNS.keys()):
        mistakes.add(name[:40], None, f"no such file is known; there are {', '.join(COLUMNS)}", "file")
    tables = {name: _rows(name, files.get(name), mistakes) for name in COLUMNS}
    mistakes.refuse()  # whatever else would be said about tables that could not be read would be wrong
    capabilities = _capabilities(tables[CAPABILITIES_FILE], mistakes)
    types = _types(tables[TYPES_FILE], capabilities, mistakes)
    sia = _codes("SIA", SIA_FILE, tables[SIA_FILE], types, mistakes)
    cid = _codes("CID", CID_FILE, tables[CID_FILE], types, mistakes)
    named = frozenset(row["code"] for _, row in tables[SIA_FILE])
    _compare(tables[CID_FILE], cid, sia, named, mistakes)
    mistakes.refuse()
    digest = hashlib.sha256()
    for name in sorted(COLUMNS):
        text = files[name].encode()
        digest.update(f"{name}:{len(text)}:".encode() + text)
    return Catalogue(
        types=types,
        codes={(rule.format, rule.code): rule for rule in (*sia.values(), *cid.values())},
        version=Code(digest.hexdigest()[:16]),
    )


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue that ships with the product. Read once."""
    return load_catalogue({name: read_shipped(name) for name in COLUMNS})


@cache
def shipped_capabilities() -> dict[Code, Words]:
    """What a unit can be, or is asked of others: its meaning by its name."""
    rows = csv.DictReader(io.StringIO(read_shipped(CAPABILITIES_FILE)))
    return {Code(row["capability"]): Words(row["meaning"]) for row in rows}


class _Mistakes:
    """Collects what is wrong, and refuses."""

    def __init__(self) -> None:
        self._shown: list[str] = []
        self._count = 0
        self._of: _Of = "rows"

    def add(self, file: str, line: int | None, reason: str, of: _Of = "rows") -> None:
        if not self._count:
            self._of = of
        self._count += 1
        if self._count <= MISTAKES_SHOWN_MAX:
            where = file if line is None else f"{file} line {line}"
            self._shown.append(f"{where}: {reason}")

    def refuse(self) -> None:
        """Raise, where there was a mistake."""
        if not self._count:
            return
        more = self._count - len(self._shown)
        listed = "\n".join(self._shown) + (f"\n... and {more} more" if more else "")
        what = "1 mistake" if self._count == 1 else f"{self._count} mistakes"
        said = f"The catalogue was refused, {what}; nothing of it is used. Mend these lines:\n{listed}"
        match self._of:
            case "file":
                raise BadInput(said, "catalogue.file")
            case "size":
                raise BadInput(said, "catalogue.size")
            case "columns":
                raise BadInput(said, "catalogue.columns")
            case "syntax":
                raise BadInput(said, "catalogue.syntax")
            case "rows":
                raise BadInput(said, "catalogue.rows")


def _shown(cell: str) -> str:
    """A cell in a message: short, and nothing that a terminal would obey."""
    return repr(cell if len(cell) <= 40 else cell[:40] + "...")


# Reading a file ------------------------------------------------------------------------------------------------------


def _rows(name: str, text: str | None, mistakes: _Mistakes) -> list[tuple[int, _Row]]:
    """The rows of a file with their line numbers; none where the file as a whole is wrong."""
    if text is None:
        mistakes.add(name, None, "the file is missing", "file")
        return []
    if len(text) > FILE_CHARACTERS_MAX:
        reason = f"{len(text):,} characters, the limit is {FILE_CHARACTERS_MAX:,}"
        mistakes.add(name, None, reason, "size")
        return []
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[tuple[int, _Row]] = []
    try:
        heading = next(reader, cast("list[str]", []))
        if not _is_heading(name, heading, mistakes):
            return []
        end = reader.line_num
        for cells in reader:
            line, end = end + 1, reader.line_num  # a row with a line break in a cell is named by its first line
            if not cells:
                continue  # an empty line
            if len(rows) == ROWS_MAX:
                mistakes.add(name, line, f"more than {ROWS_MAX:,} rows", "size")
                return []
            if len(cells) != len(heading):
                reason = f"{len(cells)} cells under {len(heading)} columns; a comma in a text needs quotes around it"
                mistakes.add(name, line, reason, "syntax")
                continue
            if _are_plain(name, line, heading, cells, mistakes):
                rows.append((line, dict(zip(heading, cells, strict=True))))
    except csv.Error:
        mistakes.add(name, reader.line_num, "no CSV: a quote is not closed or stands alone", "syntax")
    if not rows:
        mistakes.add(name, None, "the file has no rows that can be read", "syntax")
    return rows


def _is_heading(name: str, heading: list[str], mistakes: _Mistakes) -> bool:
    columns = COLUMNS[name]
    wrong = [f"{_shown(column)} is no column of this file" for column in heading if column not in columns]
    wrong += [f"column {column} is missing" for column in columns if column not in heading]
    wrong += [f"column {column} stands there twice" for column in columns if heading.count(column) > 1]
    for reason in wrong:
        mistakes.add(name, 1, reason, "columns")
    return not wrong


def _are_plain(name: str, line: int, heading: list[str], cells: list[str], mistakes: _Mistakes) -> bool:
    """No cell is too long, has blanks around it, or holds a line break or another character that cannot be seen."""
    is_plain = True
    for column, cell in zip(heading, cells, strict=True):
        if len(cell) > CELL_CHARACTERS_MAX:
            mistakes.add(name, line, f"{column}: {len(cell):,} characters, the limit is {CELL_CHARACTERS_MAX:,}")
        elif not cell.isprintable() or cell != cell.strip():
            mistakes.add(name, line, f"{column}: blanks around it, or a character that cannot be printed")
        else:
            continue
        is_plain = False
    return is_plain


class _Cells:
    """Reads the cells of one row, and notes what is wrong with them."""

    def __init__(self, file: str, line: int, row: _Row, mistakes: _Mistakes) -> None:
        self._file, self._line, self._row, self._mistakes = file, line, row, mistakes
        self.is_right = True

    def wrong(self, reason: str) -> None:
        self.is_right = False
        self._mistakes.add(self._file, self._line, reason)

    def text(self, column: str) -> str:
        return self._row[column]

    def matching(self, column: str, is_good: Callable[[str], object], wanted: str) -> str:
        cell = self._row[column]
        if not is_good(cell):
            self.wrong(f"{column}: {_shown(cell)} is not {wanted}")
        return cell

    def one_of(self, column: str, allowed: frozenset[str]) -> str:
        cell = self._row[column]
        if cell not in allowed:
            self.wrong(f"{column}: {_shown(cell)} is not one of {', '.join(sorted(allowed))}")
        return cell

    def priority(self, lowest: int) -> int:
        cell = self._row["priority"]
        if cell in _PRIORITIES[:lowest]:
            return int(cell)
        self.wrong(f"priority: {_shown(cell)} is not 1 to {lowest}")
        return lowest

    def meaning(self) -> Words:
        cell = self._row["meaning"]
        if not 0 < len(cell) <= MEANING_CHARACTERS_MAX:
            self.wrong(f"meaning: {len(cell):,} characters, not 1 to {MEANING_CHARACTERS_MAX}")
        return Words(cell)

    def parts(self, column: str) -> tuple[Words, ...]:
        cell = self._row[column]
        parts = cell.split("; ") if cell else []
        if len(parts) > PARTS_MAX or not all(part and part == part.strip() and ";" not in part for part in parts):
            self.wrong(f"{column}: not at most {PARTS_MAX} texts divided by '; '")
        return tuple(Words(part) for part in parts)


# Types ---------------------------------------------------------------------------------------------------------------


def _capabilities(rows: list[tuple[int, _Row]], mistakes: _Mistakes) -> frozenset[str]:
    found: dict[str, int] = {}
    for line, row in rows:
        cells = _Cells(CAPABILITIES_FILE, line, row, mistakes)
        name = cells.matching("capability", _NAME.fullmatch, "a name in small letters")
        cells.meaning()
        cells.one_of("by_default", _BY_DEFAULT)
        if name in found:
            cells.wrong(f"capability {_shown(name)} stands in line {found[name]} already")
        found.setdefault(name, line)
    return frozenset(found)


def _types(rows: list[tuple[int, _Row]], capabilities: frozenset[str], mistakes: _Mistakes) -> dict[str, IncidentType]:
    types: dict[str, IncidentType] = {}
    lines: dict[str, int] = {}
    shorts: dict[str, int] = {}
    for line, row in rows:
        cells = _Cells(TYPES_FILE, line, row, mistakes)
        name = cells.matching("type", _TYPE.fullmatch, "a name such as FIRE-SMOKE, or FIRE-SMOKE.HALL")
        if name in lines:
            cells.wrong(f"type {_shown(name)} stands in line {lines[name]} already")
        short = cells.text("short")
        if short in shorts:
            cells.wrong(f"short: {_shown(short)} stands in line {shorts[short]} already")
        hazard = cast("HazardClass", cells.one_of("hazard", _HAZARDS))
        _check_short(cells, name, short, hazard)
        opened_by = cast("OpenedBy", cells.one_of("opened_by", _OPENED_BY))
        if hazard in MACHINE_NEVER and opened_by == "any":
            cells.wrong(f"opened_by: the class {hazard} needs a person's report, so it cannot be any")
        type_ = IncidentType(
            type=Code(name),
            short=Code(short),
            hazard=hazard,
            meaning=cells.meaning(),
            priority=cast("Priority", cells.priority(4)),
            opened_by=opened_by,
            action_plan=Code(cells.matching("action_plan", _NAME.fullmatch, "a name in small letters")),
            questions=cells.parts("questions"),
            checks=cells.parts("checks"),
            first_units=_units(cells, capabilities),
        )
        # Kept though a cell may be wrong: else each code of this type would be called wrong too.
        types.setdefault(name, type_)
        lines.setdefault(name, line)
        shorts.setdefault(short, line)
    for line, row in rows:
        _check_local(_Cells(TYPES_FILE, line, row, mistakes), types)
    for missing in sorted(REQUIRED_TYPES - types.keys()):
        mistakes.add(TYPES_FILE, None, f"type {missing} is missing; the rules need it")
    return types


def _check_short(cells: _Cells, name: str, short: str, hazard: str) -> None:
    """Three digits, the first by class. A leading zero gets lost, and many emergency telephone numbers begin with 1."""
    if len(short) != 3 or not (short.isdecimal() and short.isascii()):
        cells.wrong(f"short: {_shown(short)} is not three digits")
    elif short[0] in "01" or short in NEVER_SHORT:
        cells.wrong(f"short: {short} is never given; nor are 0xx, 1xx, 911 and 999")
    else:
        digit = LOCAL_DIGIT if "." in name else SHORT_DIGIT.get(cast("HazardClass", hazard), short[0])
        if short[0] != digit:
            whose = "a local type" if "." in name else hazard
            cells.wrong(f"short: {short} does not begin with {digit}, the digit of {whose}")


def _check_local(cells: _Cells, types: dict[str, IncidentType]) -> None:
    """A local type is a shipped type plus a suffix, and takes over what it may not change."""
    name = cells.text("type")
    base_name, _, suffix = name.partition(".")
    if not suffix:
        return
    base = types.get(base_name)
    if base is None:
        cells.wrong(f"type: {_shown(name)} is a local type of {_shown(base_name)}, which is not there")
        return
    local = types[name]
    for column in ("hazard", "opened_by", "questions", "checks"):
        if getattr(local, column) != getattr(base, column):
            cells.wrong(f"{column}: a local type has that of {base_name}, unchanged")


def _units(cells: _Cells, capabilities: frozenset[str]) -> tuple[Words, ...]:
    units = cells.parts("first_units")
    for unit in units:
        match = _UNIT.fullmatch(unit)
        if match is None or int(match[1]) > UNITS_MAX:
            cells.wrong(f"first_units: {_shown(unit)} is not a number from 1 to {UNITS_MAX} and a capability")
        elif match[2] not in capabilities:
            cells.wrong(f"first_units: there is no capability {_shown(match[2])}")
    return units


# Codes ---------------------------------------------------------------------------------------------------------------


def _codes(
    format_: CodeFormat,
    file: str,
    rows: list[tuple[int, _Row]],
    types: dict[str, IncidentType],
    mistakes: _Mistakes,
) -> dict[str, CodeRule]:
    rules: dict[str, CodeRule] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        cells = _Cells(file, line, row, mistakes)
        code = cells.matching("code", _CODE[format_].fullmatch, _FORM[format_])
        if code in lines:
            cells.wrong(f"code {_shown(code)} stands in line {lines[code]} already")
        lines.setdefault(code, line)
        kind = cells.one_of("kind", _KINDS)
        rule = CodeRule(
            format=format_,
            code=Code(code),
            meaning=cells.meaning(),
            address_is=Code(cells.one_of("address_is", ADDRESS_IS)),
            kind=cast("Kind", kind),
            kind_restore=cast("Kind", kind if format_ == "SIA" else cells.one_of("kind_restore", _KINDS)),
            type=Code(row["incident_type"]) if row["incident_type"] else None,
            hazard=cast("HazardClass", row["hazard"]) if row["hazard"] else None,
            priority=cells.priority(5),
            restores_as=Code(row["sia_restore"]) if row.get("sia_restore") else None,
        )
        _check_meaning(cells, rule, types)
        if cells.is_right:
            rules.setdefault(code, rule)
    return rules


def _check_meaning(cells: _Cells, rule: CodeRule, types: dict[str, IncidentType]) -> None:
    """What a code opens, or speaks about (CODES.md, rules 1, 2, 3, 6, 10)."""
    opens = rule.priority < 5
    if rule.type is None:
        if opens:
            cells.wrong(f"incident_type: a code of priority {rule.priority} opens an incident, so it needs a type")
        if rule.hazard is not None:
            cells.wrong("hazard: there is none without a type")
    elif (type_ := types.get(rule.type)) is None:
        cells.wrong(f"incident_type: there is no type {_shown(rule.type)}")
    else:
        if rule.hazard != type_.hazard:
            cells.wrong(f"hazard: {_shown(rule.hazard or '')}, but {rule.type} is of {type_.hazard}")
        if opens and (type_.opened_by != "any" or type_.hazard in MACHINE_NEVER):
            who = "the centre itself" if type_.opened_by == "centre" else "a person's report"
            cells.wrong(f"incident_type: {rule.type} is opened by {who} alone, never by a code")
    if opens and rule.kind in _ALWAYS_5:
        cells.wrong(f"priority: {rule.kind} opens nothing, so it is 5")
    if not opens and rule.kind == "duress":
        cells.wrong("priority: a silent call for help opens an incident, so it is 1 to 4")
    if opens and rule.kind == "test" and (rule.format, rule.code) not in TESTS_THAT_OPEN:
        cells.wrong("priority: a test opens nothing, so it is 5")
    if rule.kind_restore not in (rule.kind, *_RESTORES):
        cells.wrong(
            f"kind_restore: {_shown(rule.kind_restore)} is not {rule.kind}, restoral, trouble_restoral or close"
        )


def _compare(
    rows: list[tuple[int, _Row]],
    cid: dict[str, CodeRule],
    sia: dict[str, CodeRule],
    named: frozenset[str],
    mistakes: _Mistakes,
) -> None:
    """Both tables say the same of the same (rule 11). The type may be narrower: it is of the same class.

    `named` are all codes of the table of DC-03: one whose row is wrong is not compared, since that was said already.
    """
    for line, row in rows:
        rule = cid.get(row["code"])
        if rule is None:
            continue  # said already
        cells = _Cells(CID_FILE, line, row, mistakes)
        for column in ("sia", "sia_restore"):
            if row[column] and row[column] not in named:
                cells.wrong(f"{column}: {_shown(row[column])} is no code of {SIA_FILE}")
        if (same := sia.get(row["sia"])) is not None:
            _compare_new(cells, rule, same)
        if (same := sia.get(row["sia_restore"])) is not None:
            _compare_restore(cells, rule, same)


def _compare_new(cells: _Cells, rule: CodeRule, same: CodeRule) -> None:
    for column in ("kind", "hazard", "priority"):
        ours, theirs = getattr(rule, column), getattr(same, column)
        if ours != theirs:
            cells.wrong(f"{column}: {ours or 'none'}, but {same.code} of {SIA_FILE} has {theirs or 'none'}")


def _compare_restore(cells: _Cells, rule: CodeRule, same: CodeRule) -> None:
    if rule.kind_restore != same.kind:
        cells.wrong(f"kind_restore: {rule.kind_restore}, but {same.code} of {SIA_FILE} has {same.kind}")
    wanted = rule.priority if rule.kind_restore == rule.kind else 5
    if same.priority != wanted:
        cells.wrong(f"sia_restore: {same.code} of {SIA_FILE} has priority {same.priority}, not {wanted}")
    if same.hazard not in (rule.hazard, None):
        cells.wrong(f"sia_restore: {same.code} of {SIA_FILE} is of {same.hazard}, not of {rule.hazard or 'none'}")
