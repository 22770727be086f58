"""Tables that people bring and take: CSV or JSON in, CSV or JSON out, and maps from other systems' columns.

Pure: bytes in, rows of texts out. What the texts must be is decided by the kind (`account_import`).
"""

import csv
import difflib
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from tocsin.model.errors import BadInput

__all__ = [
    "BYTES_MAX",
    "CELL_CHARACTERS_MAX",
    "PROBLEMS_SHOWN_MAX",
    "ROWS_MAX",
    "BadRows",
    "ColumnMap",
    "Problem",
    "Problems",
    "Table",
    "TableFormat",
    "TableRow",
    "nearest",
    "read_map",
    "read_table",
    "write_table",
]

TableFormat = Literal["csv", "json"]
BYTES_MAX: Final = 64 << 20
ROWS_MAX: Final = 100_000
CELL_CHARACTERS_MAX: Final = 4096
COLUMNS_MAX: Final = 256
PROBLEMS_SHOWN_MAX: Final = 1000
MAP_BYTES_MAX: Final = 1 << 20
DELIMITERS: Final = (",", ";", "\t")
ENCODINGS: Final = ("utf-8", "windows-1252", "iso-8859-1", "utf-16")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would run, and what we have already marked as text."""


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with one row. The reason repeats no value: a cell may hold a key or a name."""

    line: int
    """Line of the CSV file where the row begins, or number of the row in JSON, from 1."""
    reason: str


class BadRows(BadInput):
    """Rows of a file are wrong, so nothing of it was taken. Names the first 1,000 of them and counts the rest."""

    def __init__(self, problems: Sequence[Problem], more: int, noun: str) -> None:
        """Make the error; `noun` is what a row is called by in this format: line or row."""
        count = len(problems) + more
        rows = "1 mistake" if count == 1 else f"{count:,} mistakes"
        super().__init__(
            f"{rows} in the file; nothing was imported, and the centre keeps what it has. Mend what is named and "
            "import it again.",
            "import.rows",
        )
        self.problems = tuple(problems)
        self.more = more
        self.noun = noun


class Problems:
    """Collects what is wrong, so that a person mends a file once."""

    def __init__(self, noun: str) -> None:
        """Start with none; `noun` as in BadRows."""
        self._noun = noun
        self._shown: list[Problem] = []
        self._more = 0

    def add(self, line: int, reason: str) -> None:
        """Note a problem; only counted from the 1,001st on."""
        if len(self._shown) < PROBLEMS_SHOWN_MAX:
            self._shown.append(Problem(line, reason))
        else:
            self._more += 1

    @property
    def shown(self) -> list[Problem]:
        """The problems, in the order of the file: the first 1,000."""
        return sorted(self._shown, key=lambda problem: problem.line)

    def raise_if_any(self) -> None:
        """Refuse the file if anything is wrong.

        Raises:
            BadRows: with the problems in the order of the file.
        """
        if self._shown:
            raise BadRows(self.shown, self._more, self._noun)


class TableRow(msgspec.Struct, frozen=True):
    """One row: its place, and its cells by column. A cell that is empty is left out."""

    line: int
    cells: dict[str, str]

    def __repr__(self) -> str:
        """Name the place and never a cell, which may hold a key."""
        return f"TableRow(line {self.line})"


class Table(msgspec.Struct, frozen=True):
    """A file as read: its sound rows in order, what a row is called, and what was wrong with the others.

    Whoever reads the rows adds to `problems` and raises once, so that a person sees all mistakes together.
    """

    rows: tuple[TableRow, ...]
    noun: str
    problems: Problems
    columns: frozenset[str] = frozenset()
    """Columns of ours that the file has, or the map fills in."""


class ColumnMap(msgspec.Struct, frozen=True, kw_only=True):
    """How another system's file is read: its columns, values that mean ours, and what stands in no column."""

    columns: dict[str, str] = {}
    """Ours -> theirs."""
    values: dict[str, dict[str, str]] = {}
    """Ours -> their value -> our value."""
    constants: dict[str, str] = {}
    """Ours -> the value of every row."""
    delimiter: str | None = None
    encoding: str = "utf-8"


PLAIN: Final = ColumnMap()
"""Our own columns."""


def read_table(
    data: bytes,
    form: TableFormat,
    known: Sequence[str],
    mapping: ColumnMap = PLAIN,
    verbatim: frozenset[str] = frozenset(),
    cell_max: int = CELL_CHARACTERS_MAX,
) -> Table:
    """Read rows of texts under the columns that are known, after the map.

    Blanks around a cell are dropped, and the apostrophe of `write_table`, but for the columns in `verbatim`.

    Raises:
        BadInput: larger than 64 MiB or 100,000 rows, not the encoding, no CSV or JSON, or columns that nobody knows
            (the nearest is named).
    """
    if len(data) > BYTES_MAX:
        raise BadInput(f"The file has more than {BYTES_MAX >> 20} MiB; import it in parts.", "import.size")
    noun = "line" if form == "csv" else "row"
    problems = Problems(noun)
    columns, records = _read_csv(data, mapping, problems) if form == "csv" else _read_json(data)
    sources = _sources(columns, known, mapping)

    def plain(column: str, cell: str) -> str:
        if column in verbatim:
            return cell
        return _untick(cell.strip()) if form == "csv" else cell.strip()

    rows: list[TableRow] = []
    for line, cells in records:
        if len(rows) == ROWS_MAX:
            raise BadInput(f"The file has more than {ROWS_MAX:,} rows; import it in parts.", "import.size")
        if any(len(cell) > cell_max for cell in cells.values()):
            problems.add(line, f"a cell has more than {cell_max:,} characters")
        else:
            rows.append(TableRow(line, dict(_mapped(cells, sources, mapping, plain))))
    return Table(tuple(rows), noun, problems, frozenset((*sources, *mapping.constants)))


def _mapped(
    cells: Mapping[str, str], sources: Mapping[str, str], mapping: ColumnMap, plain: Callable[[str, str], str]
) -> Iterator[tuple[str, str]]:
    for ours, theirs in sources.items():
        value = plain(ours, cells.get(theirs, ""))
        value = mapping.values.get(ours, {}).get(value, value)
        if value.strip():
            yield ours, value
    yield from mapping.constants.items()


def _sources(columns: Sequence[str], known: Sequence[str], mapping: ColumnMap) -> dict[str, str]:
    """Which column of the file each column of ours is read from."""
    by_name = {column.casefold(): column for column in columns}
    if len(by_name) < len(columns):
        twice = next(name for name in columns if sum(name.casefold() == other.casefold() for other in columns) > 1)
        raise BadInput(f"Two columns are called {_quoted(twice)}; rename one.", "import.columns")
    sources: dict[str, str] = {}
    for ours in known:
        theirs = mapping.columns.get(ours, ours)
        if theirs.casefold() in by_name:
            sources[ours] = by_name[theirs.casefold()]
        elif ours in mapping.columns:
            near = nearest(theirs, columns)
            raise BadInput(
                f"The map reads {ours} from the column {_quoted(theirs)}, which the file does not have{near}.",
                "import.columns",
            )
    if not mapping.columns:
        unknown = [column for column in columns if column not in sources.values()]
        if unknown:
            named = "; ".join(f"{_quoted(column)} is no column{nearest(column, known)}" for column in unknown[:20])
            raise BadInput(
                f"{named}. Nothing was imported; rename it, leave it out, or give a --map.", "import.columns"
            )
    return sources


def nearest(name: str, known: Iterable[str]) -> str:
    """Name the nearest known word, as the end of a sentence; empty where none is near."""
    by_name = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(name.casefold()[:80], by_name, 1, 0.5)
    return f", the nearest is {by_name[near[0]]}" if near else ""


def _quoted(name: str) -> str:
    return repr(name[:40])


# CSV and JSON --------------------------------------------------------------------------------------------------------

_Records = Iterable[tuple[int, dict[str, str]]]


def _read_csv(data: bytes, mapping: ColumnMap, problems: Problems) -> tuple[list[str], _Records]:
    text = _decode(data, mapping.encoding)
    first, _, rest = text.partition("\n")
    skipped = 0
    delimiter = mapping.delimiter
    if re.fullmatch(r"sep=[,;\t]\r?", first):  # what some spreadsheets write above the heading
        delimiter, text, skipped = delimiter or first[4], rest, 1
        first = rest.partition("\n")[0]
    if delimiter is None:
        unquoted = re.sub(r'"[^"]*"', "", first)
        delimiter = max(DELIMITERS, key=unquoted.count)  # the first of equals: a single column has a comma
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    heading = next(_csv_rows(reader, skipped), None)
    if heading is None:
        raise BadInput("The file is empty; its first line names the columns.", "import.columns")
    columns = [cell.strip() for cell in heading[1]]
    if len(columns) > COLUMNS_MAX:
        raise BadInput(f"The file has more than {COLUMNS_MAX} columns.", "import.size")

    def records() -> _Records:
        for line, cells in _csv_rows(reader, skipped):
            if len(cells) == len(columns):
                yield line, dict(zip(columns, cells, strict=True))
            else:
                problems.add(line, f"has {_cells(len(cells))}, the heading has {len(columns)}")

    return columns, records()


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number:,} cells"


def _csv_rows(reader: Any, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the line where each begins: a quoted cell may run over several."""
    while True:
        begins = int(reader.line_num) + 1 + skipped
        try:
            cells: list[str] = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # The library's message may repeat what it read.
            raise BadInput(
                f"Line {begins} is no CSV: a quotation mark is not closed, stands inside a cell, or a cell is too "
                "long. Nothing was imported.",
                "import.syntax",
            ) from None
        if any(cell.strip() for cell in cells):
            yield begins, cells


def _read_json(data: bytes) -> tuple[list[str], _Records]:
    try:
        objects = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=list[dict[str, str | int | bool | None]])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput(
            "The file is no JSON list of objects whose values are texts, whole numbers, true, false or null. "
            "Nothing was imported.",
            "import.syntax",
        ) from None
    columns = list(dict.fromkeys(name for entry in objects for name in entry))
    if len(columns) > COLUMNS_MAX:
        raise BadInput(f"The file has more than {COLUMNS_MAX} columns.", "import.size")
    return columns, ((n, {key: _as_text(value) for key, value in entry.items()}) for n, entry in enumerate(objects, 1))


def _as_text(value: str | int | bool | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case str():
            return value


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"Line {line} is not {encoding}; save the file as UTF-8, or name its encoding in a --map. "
            "Nothing was imported.",
            "import.encoding",
        ) from None


def write_table(
    columns: Sequence[str], rows: Iterable[Mapping[str, str | int | bool | None]], form: TableFormat
) -> bytes:
    """Write rows as UTF-8. In CSV, a cell that a spreadsheet would run as a formula begins with an apostrophe.

    `read_table` takes the apostrophe off again.
    """
    if form == "json":
        return (
            msgspec.json.format(msgspec.json.encode([{name: row.get(name) for name in columns} for row in rows]))
            + b"\n"
        )
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)  # RFC 4180: lines end with CR LF, and a cell with either is quoted
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_tick(_as_text(row.get(name))) for name in columns])
    return stream.getvalue().encode()


def _tick(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _untick(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


# The map -------------------------------------------------------------------------------------------------------------

_MAP_SECTIONS: Final = ("format", "columns", "values", "constants")
_MAP_FORMAT: Final = ("delimiter", "encoding")


def read_map(data: bytes, known: Sequence[str]) -> ColumnMap:
    """Read a map in TOML: `[columns]` ours = "theirs", `[values.COLUMN]`, `[constants]`, `[format]`.

    Raises:
        BadInput: no TOML, or anything in it that is not known (the nearest is named).
    """
    if len(data) > MAP_BYTES_MAX:
        raise BadInput("The map has more than 1 MiB.", "import.map")
    try:
        tree: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"The map is no TOML in UTF-8: {error}.", "import.map") from None
    _only(tree, _MAP_SECTIONS, "section")
    columns = _texts(tree, "columns", known)
    constants = _texts(tree, "constants", known)
    both = sorted(columns.keys() & constants.keys())
    if both:
        raise BadInput(f"The map gives {both[0]} a column and a constant; keep one.", "import.map")
    try:
        translations = msgspec.convert(tree.get("values", {}), dict[str, dict[str, str]])
    except msgspec.ValidationError:
        raise BadInput(
            'The map\'s values stand in sections [values.COLUMN], each line THEIRS = "ours".', "import.map"
        ) from None
    _only(translations, known, "column")
    layout = _texts(tree, "format", _MAP_FORMAT)
    delimiter, encoding = layout.get("delimiter"), layout.get("encoding", "utf-8").lower()
    if delimiter is not None and delimiter not in DELIMITERS:
        raise BadInput("The map's delimiter must be a comma, a semicolon or a tab.", "import.map")
    if encoding not in ENCODINGS:
        raise BadInput(f"The map's encoding must be one of {', '.join(ENCODINGS)}.", "import.map")
    return ColumnMap(columns=columns, values=translations, constants=constants, delimiter=delimiter, encoding=encoding)


def _texts(tree: Mapping[str, Any], section: str, names: Sequence[str]) -> dict[str, str]:
    """A section as texts, its names among those that are allowed."""
    try:
        found = msgspec.convert(tree.get(section, {}), dict[str, str])
    except msgspec.ValidationError:
        raise BadInput(f'Each line of the map\'s section {section} is NAME = "text".', "import.map") from None
    _only(found, names, "setting" if section == "format" else "column")
    return found


def _only(tree: Mapping[str, Any], names: Sequence[str], noun: str) -> None:
    for name in tree:
        if name not in names:
            raise BadInput(f"The map's {_quoted(name)} is no {noun}{nearest(name, names)}.", "import.map")
