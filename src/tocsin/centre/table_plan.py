"""What importing a table would do, worked out the same way for every kind of table.

A kind reads its rows with a `RowReader`, which notes every mistake, and tells what is new, changed and same. What is
particular to a kind stands in its own module: `account_import`, `site_import`, `zone_import`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Generic, TypeVar

import msgspec

from tocsin.centre.table_files import (
    CELL_CHARACTERS_MAX,
    PLAIN,
    ColumnMap,
    Problems,
    Table,
    TableFormat,
    TableRow,
    read_table,
)
from tocsin.model.accounts import Account, SecretRef
from tocsin.model.errors import BadInput
from tocsin.model.holidays import Holidays
from tocsin.model.keyholders import KeyholderContact, KeyholderRow
from tocsin.model.schedules import Schedule
from tocsin.model.sites import Site, Zone
from tocsin.model.values import AccountNumber, Code, Micros, Place, Ref

NUMBER: Final = re.compile(r"[A-Za-z0-9]{1,16}")
_HEX = re.compile(r"[0-9A-Fa-f]{1,6}")

Progress = Callable[[int, int], None]
"""Told from time to time how many rows of how many are checked."""

SameKeys = Callable[[Sequence[tuple[SecretRef, bytes]]], Sequence[bool]]
"""Tells for each pair whether the key that lies there is the one given. Asked once a file."""

P = TypeVar("P", bound=msgspec.Struct)
T = TypeVar("T")


def no_same_keys(pairs: Sequence[tuple[SecretRef, bytes]]) -> Sequence[bool]:
    """Tell no key from another: every key that a file brings counts as a change."""
    return [False] * len(pairs)


class KnownKeyholder(msgspec.Struct, frozen=True, kw_only=True):
    """A keyholder who is on a list, contact in clear; None where it is lost. No phrase, nor what tells one."""

    id: Ref
    row: KeyholderRow
    contact: KeyholderContact | None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre has now, texts in clear: what a plan is worked out from. A kind needs some of it."""

    accounts: Sequence[Account] = ()
    sites: Sequence[Site] = ()
    zones: Sequence[Zone] = ()
    keyholders: Sequence[KnownKeyholder] = ()
    schedules: Sequence[Schedule] = ()
    calendars: Sequence[Holidays] = ()
    """Of holidays, which schedules share."""
    now: Micros = Micros(0)
    """When that was; days of a file are past before it."""


class Plan(msgspec.Struct, Generic[P], frozen=True, kw_only=True):
    """What importing the file would do, each in the order of the file."""

    new: tuple[P, ...]
    changed: tuple[P, ...]
    same: tuple[P, ...]
    """Rows of the file that already are as it wants them: nothing is written for them."""


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did."""

    new: int
    changed: int
    same: int
    sites: int = 0
    """Sites that an import of accounts made, since they were named in it."""
    config: int
    """The version of the configuration that it made, or found where it changed nothing."""


class Mistake(Exception):  # noqa: N818 - it never leaves the import
    """A cell is wrong; the text says how, without the cell."""


class RowReader:
    """Reads the cells of one row and notes every mistake in it."""

    def __init__(self, entry: TableRow, problems: Problems) -> None:
        """Read `entry`; mistakes go to `problems`."""
        self.line = entry.line
        self.cells = dict(entry.cells)
        self.is_good = True
        self._problems = problems

    def read(self, column: str, read: Callable[[str], T]) -> T | None:
        """What the cell says; None where it is empty, or wrong, which is noted."""
        cell = self.cells.get(column)
        if cell is None:
            return None
        try:
            return read(cell)
        except Mistake as mistake:
            self.note(f"{column} {mistake}")
            return None

    def need(self, column: str, read: Callable[[str], T]) -> T | None:
        """The same where the cell must not be empty."""
        if column not in self.cells:
            self.note(f"{column} is missing")
        return self.read(column, read)

    def note(self, reason: str) -> None:
        """Note a mistake of this row."""
        self.is_good = False
        self._problems.add(self.line, reason)


def read_rows(
    data: bytes,
    form: TableFormat,
    columns: Sequence[str],
    needed: str,
    mapping: ColumnMap = PLAIN,
    verbatim: frozenset[str] = frozenset(),
    cell_max: int = CELL_CHARACTERS_MAX,
) -> Table:
    """Read a file whose every row needs the column `needed`.

    Raises:
        BadInput: the file as a whole cannot be read, or no row has anything in that column.
    """
    table = read_table(data, form, columns, mapping, verbatim, cell_max)
    if table.rows and not any(needed in entry.cells for entry in table.rows):
        raise BadInput(
            f"The file has no column {needed}, or it is empty; every row needs it. Nothing was imported.",
            "import.columns",
        )
    return table


def sorted_out(items: Iterable[P], verdict: Callable[[P], str]) -> dict[str, tuple[P, ...]]:
    """The items by what they are: `new`, `changed` or `same`."""
    groups: dict[str, list[P]] = {"new": [], "changed": [], "same": []}
    for item in items:
        groups[verdict(item)].append(item)
    return {name: tuple(found) for name, found in groups.items()}


# Cells that more than one kind has -----------------------------------------------------------------------------------


def account_number(cell: str) -> AccountNumber:
    """A number of an account."""
    if not NUMBER.fullmatch(cell):
        raise Mistake("must be 1 to 16 letters and digits")
    return AccountNumber(cell)


def hex_digits(cell: str) -> Code:
    """A receiver or line."""
    if not _HEX.fullmatch(cell):
        raise Mistake("must be 1 to 6 hex digits, without the letter R or L")
    return Code(cell.upper())


def place(characters_max: int) -> Callable[[str], Place]:
    """How a text of so many characters is read: a name, an address."""

    def read(cell: str) -> Place:
        if len(cell) > characters_max or not cell.isprintable():
            raise Mistake(f"must be at most {characters_max} printable characters")
        return Place(cell)

    return read


def one_of(words: Sequence[str], cell: str) -> str:
    """One of some words."""
    if cell not in words:
        raise Mistake(f"must be {', '.join(words[:-1])} or {words[-1]}")
    return cell


AccountIdentity = tuple[str, int | None, int | None]


def account_identity(number: str, receiver: str | None, line: str | None) -> AccountIdentity:
    """What makes two rows the same account: number without case, and R and L as numbers."""
    return number.upper(), None if receiver is None else int(receiver, 16), None if line is None else int(line, 16)


class AccountPlaces:
    """Finds the accounts that rows of a file are of, by number, receiver and line."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        """Find among these."""
        self._accounts = {account_identity(one.row.account, one.row.receiver, one.row.line): one.id for one in accounts}
        self._numbers = {number for number, _, _ in self._accounts}

    def find(self, reader: RowReader) -> Ref | None:
        """The account of a row; None where there is none, which is noted."""
        number = reader.need("account", account_number)
        receiver, line = reader.read("receiver", hex_digits), reader.read("line", hex_digits)
        if number is None or not reader.is_good:
            return None
        found = self._accounts.get(account_identity(number, receiver, line))
        if found is None:
            other = " with this receiver and line; it is there with others" if number.upper() in self._numbers else ""
            reader.note(f"account {number} is not at the centre{other}")
        return found


def folded(name: str) -> str:
    """A name as names are compared: without case, and however its accents are written."""
    return unicodedata.normalize("NFKC", name).casefold()


def by_name(sites: Iterable[Site]) -> Mapping[str, Site]:
    """Sites by their name as names are compared; those whose name is lost are left out."""
    return {folded(site.row.name): site for site in sites if site.row.name is not None}
