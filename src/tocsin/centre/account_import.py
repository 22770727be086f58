"""Accounts from a file, and into one: the whole file or nothing, every mistake named.

Pure: bytes and the accounts that are there in, a plan out. `plan_import` reads and checks; whoever writes takes
`accounts_to_store`, which gives each key its name in `keys.db`. Keys are in memory between the two and in no text.
"""

import functools
import re
import tomllib
import zoneinfo
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Final, Literal, TypeVar, cast

import msgspec

from tocsin.centre.table_files import (
    PLAIN,
    ColumnMap,
    Problems,
    TableFormat,
    TableRow,
    nearest,
    read_table,
    write_table,
)
from tocsin.model.accounts import (
    CATEGORIES,
    DUPLICATE_WINDOW_S,
    EARLY_MAX_S,
    LATE_MAX_S,
    Account,
    AccountRow,
    KeyForm,
    SecretRef,
)
from tocsin.model.errors import BadInput
from tocsin.model.values import AccountNumber, Code, Place, Ref, ZoneName
from tocsin.protocols.dc09.keys import parse_key

__all__ = [
    "COLUMNS",
    "AccountToStore",
    "ImportResult",
    "Note",
    "Plan",
    "PlannedAccount",
    "Preset",
    "SameKeys",
    "Secret",
    "accounts_to_store",
    "export_accounts",
    "no_same_keys",
    "plan_import",
    "presets",
]

COLUMNS: Final = (
    "account",
    "site",
    "name",
    "key",
    "key_form",
    "receiver",
    "line",
    "supervision_interval_s",
    "category",
    "late_max_s",
    "early_max_s",
    "duplicate_window_s",
    "panel_time_zone",
    "poll_602",
    "unknown_codes",
    "profile",
    "carried_by",
)
"""Columns of the file, in the order of an export. Only `account` is required."""

OFF: Final = "off"
PLACE_CHARACTERS_MAX: Final = 120
INTERVAL_S: Final = (10, 3_888_000)
"""10 s to 1080 h (DC09.md section 11)."""
STAMP_S: Final = (0, 86_400)
WINDOW_S: Final = (1, 86_400)
"""Limits of an identity's window (model.signals.Identity)."""
KEY_FORMS: Final = ("hex", "text")
YES: Final = ("yes", "true", "1")
NO: Final = ("no", "false", "0")
_NUMBER = re.compile(r"[A-Za-z0-9]{1,16}")
_HEX = re.compile(r"[0-9A-Fa-f]{1,6}")
_DIGITS = re.compile(r"[0-9]{1,9}")

_VERDICTS: Final = ("new", "changed", "same")
_Identity = tuple[str, int | None, int | None]
Progress = Callable[[int, int], None]
"""Told from time to time how many rows of how many are checked."""


SameKeys = Callable[[Sequence[tuple[SecretRef, bytes]]], Sequence[bool]]
"""Tells for each pair whether the key that lies there is the one given. Asked once a file."""


def no_same_keys(pairs: Sequence[tuple[SecretRef, bytes]]) -> Sequence[bool]:
    """Tell no key from another: every key that a file brings counts as a change."""
    return [False] * len(pairs)


class Secret(msgspec.Struct, frozen=True):
    """A key as it was given. Its bytes are in no repr."""

    value: bytes
    """16, 24 or 32 bytes."""
    form: KeyForm

    def __repr__(self) -> str:
        """Tell the length and never the key."""
        return f"Secret({len(self.value) * 8} bits)"


class PlannedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the file wants it."""

    line: int
    id: Ref | None
    """The account that it changes; None where it is new."""
    row: AccountRow
    """`key` is the one that is kept; None where there is none or `secret` brings one."""
    secret: Secret | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What importing the file would do, each in the order of the file."""

    new: tuple[PlannedAccount, ...]
    changed: tuple[PlannedAccount, ...]
    same: tuple[PlannedAccount, ...]
    """Accounts of the file that already are as it wants them: nothing is written for them."""


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did."""

    new: int
    changed: int
    same: int
    config: int
    """The version of the configuration that it made, or found where it changed nothing."""


class AccountToStore(msgspec.Struct, frozen=True, kw_only=True):
    """One account to write, and the key that `row.key` names, if the file brought one."""

    id: Ref | None
    row: AccountRow
    secret: Secret | None


class Note(msgspec.Struct, frozen=True):
    """Something known of a maker's panels, and how: `seen in captures` or `from a manual`."""

    says: str
    label: Literal["seen in captures", "from a manual"]


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a maker's name in the column `profile` fills in."""

    maker: str
    sets: dict[str, str]
    notes: tuple[Note, ...]


@functools.cache
def presets() -> Mapping[str, Preset]:
    """Return the shipped presets by name, lower case."""
    text = resources.files("tocsin.data").joinpath("presets.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Preset])


@functools.cache
def _zones() -> Mapping[str, str]:
    """Every time zone by its name and by its last part, both without case: `vienna` finds Europe/Vienna."""
    names = sorted(zoneinfo.available_timezones())
    by_part = {name.rpartition("/")[2].casefold(): name for name in names}
    return by_part | {name.casefold(): name for name in names}


def plan_import(
    data: bytes,
    form: TableFormat,
    existing: Sequence[Account],
    mapping: ColumnMap = PLAIN,
    progress: Progress = lambda done, total: None,
    same_keys: SameKeys = no_same_keys,
) -> Plan:
    """Read accounts from a file and work out what they change at the centre. Nothing is written.

    A row is the whole account: what it leaves empty gets its default. The one exception is the key: left empty, the
    account keeps the key that it has, so that a file without keys never opens an account to clear messages; `off` takes
    the key away.

    Raises:
        BadInput: the file as a whole cannot be read.
        BadRows: mistakes in rows, all of them.
    """
    table = read_table(data, form, COLUMNS, mapping, verbatim=frozenset({"key"}))
    if table.rows and not any("account" in entry.cells for entry in table.rows):
        raise BadInput(
            "The file has no column account, or it is empty; it is the only one that every file needs. "
            "Nothing was imported.",
            "import.columns",
        )
    problems = table.problems
    known = {_identity(account.row): account for account in existing}
    planned: list[PlannedAccount] = []
    first_line: dict[_Identity, int] = {}
    spoilt: set[str] = set()
    """Numbers of rows with mistakes: whoever is carried by them is not blamed too."""
    for done, entry in enumerate(table.rows):
        if done % 1000 == 0:
            progress(done, len(table.rows))
        reader = _RowReader(entry, problems)
        item = reader.read(known)
        if item is None:
            spoilt.add(entry.cells.get("account", "").upper())
        first = entry.line if reader.identity is None else first_line.setdefault(reader.identity, entry.line)
        if first != entry.line:
            problems.add(entry.line, f"is account {entry.cells['account']} again, as in {table.noun} {first}")
        elif item is not None:
            planned.append(item)
    _check_carriers(planned, existing, spoilt, problems)
    problems.raise_if_any()
    progress(len(table.rows), len(table.rows))
    planned = _without_known_keys(planned, known, same_keys)
    verdicts = [_verdict(item, known.get(_identity(item.row))) for item in planned]
    groups = {name: tuple(item for item, v in zip(planned, verdicts, strict=True) if v == name) for name in _VERDICTS}
    return Plan(**groups)


def _without_known_keys(
    planned: Sequence[PlannedAccount], known: Mapping[_Identity, Account], same_keys: SameKeys
) -> list[PlannedAccount]:
    """Keep the key that is there where the file brings the same one in the same form."""
    kept: dict[int, SecretRef] = {}
    pairs: list[tuple[SecretRef, bytes]] = []
    places: list[int] = []
    for place, item in enumerate(planned):
        account = known.get(_identity(item.row))
        old = None if account is None else account.row.key
        if item.secret is not None and old is not None and old.form == item.secret.form:
            pairs.append((old, item.secret.value))
            places.append(place)
    if pairs:
        kept = {place: pair[0] for place, pair, same in zip(places, pairs, same_keys(pairs), strict=True) if same}
    return [
        msgspec.structs.replace(item, secret=None, row=msgspec.structs.replace(item.row, key=kept[place]))
        if place in kept
        else item
        for place, item in enumerate(planned)
    ]


def accounts_to_store(plan: Plan, config: int, name_secret: Callable[[], Code]) -> Iterator[AccountToStore]:
    """Yield what an import has to write: rows with the new `config`, each new key under a name of its own.

    `name_secret` gives a name that is free in `keys.db`. New accounts first, then changed ones, in the file's order.
    """
    for item in (*plan.new, *plan.changed):
        key = item.row.key
        if item.secret is not None:
            key = SecretRef(bits=len(item.secret.value) * 8, form=item.secret.form, name=name_secret())
        yield AccountToStore(
            id=item.id, row=msgspec.structs.replace(item.row, config=config, key=key), secret=item.secret
        )


def export_accounts(accounts: Sequence[Account], form: TableFormat) -> bytes:
    """Write accounts so that importing the file again changes nothing.

    Keys are left out; `key_form` is filled for the accounts that have one.
    """
    ordered = sorted((account.row for account in accounts), key=lambda row: (row.account.upper(), row.receiver or ""))
    return write_table(COLUMNS, (_cells(row) for row in ordered), form)


def _cells(row: AccountRow) -> dict[str, str | int | bool | None]:
    """A row as the file shows it; columns that are left out are empty."""
    return {
        "account": row.account,
        "site": row.site,
        "name": row.name,
        "key_form": None if row.key is None else row.key.form,
        "receiver": row.receiver,
        "line": row.line,
        "supervision_interval_s": OFF if row.supervision_interval_s == 0 else row.supervision_interval_s,
        "category": row.category,
        "late_max_s": OFF if row.late_max_s == -1 else row.late_max_s,
        "early_max_s": OFF if row.early_max_s == -1 else row.early_max_s,
        "duplicate_window_s": row.duplicate_window_s,
        "panel_time_zone": row.panel_time_zone,
        "poll_602": row.poll_602,
        "unknown_codes": row.unknown_codes,
        "profile": row.profile,
        "carried_by": row.carried_by,
    }


# Rows ----------------------------------------------------------------------------------------------------------------


def _identity(row: AccountRow) -> _Identity:
    """What makes two rows the same account: number without case, and R and L as numbers."""
    receiver = None if row.receiver is None else int(row.receiver, 16)
    line = None if row.line is None else int(row.line, 16)
    return row.account.upper(), receiver, line


def _verdict(item: PlannedAccount, account: Account | None) -> str:
    if account is None:
        return "new"
    same = item.secret is None and msgspec.structs.replace(item.row, config=account.row.config) == account.row
    return "same" if same else "changed"


_Cell = TypeVar("_Cell")


class _Mistake(Exception):  # noqa: N818 - it never leaves this module
    """A cell is wrong; the text says how, without the cell."""


class _RowReader:
    """Reads the cells of one row and notes every mistake in it."""

    def __init__(self, entry: TableRow, problems: Problems) -> None:
        self._line = entry.line
        self._problems = problems
        self._cells = dict(entry.cells)
        self._good = True
        self.identity: _Identity | None = None
        """Which account the row is, known after `read` even where other cells are wrong."""

    def read(self, known: Mapping[_Identity, Account]) -> PlannedAccount | None:
        """Return the account, with the key that it keeps from `known`; None where something is wrong."""
        profile = self._try("profile", _profile)
        if profile is not None:
            self._cells = {**presets()[profile].sets, **self._cells}
        if "account" not in self._cells:
            self._note("account is missing")
        number = self._try("account", _account)
        key_form = self._try("key_form", functools.partial(_one_of, KEY_FORMS)) or "hex"
        secret = self._try("key", functools.partial(_secret, cast("KeyForm", key_form)))
        row = AccountRow(
            account=number or AccountNumber(""),
            carried_by=self._try("carried_by", _account),
            category=self._try("category", _category),
            duplicate_window_s=self._try("duplicate_window_s", functools.partial(_seconds, WINDOW_S, {})),
            early_max_s=self._try("early_max_s", functools.partial(_seconds, STAMP_S, {OFF: -1})),
            late_max_s=self._try("late_max_s", functools.partial(_seconds, STAMP_S, {OFF: -1})),
            line=self._try("line", _hex),
            name=self._try("name", _place),
            panel_time_zone=self._try("panel_time_zone", _zone),
            poll_602=self._try("poll_602", _yes_no) or False,
            profile=profile,
            receiver=self._try("receiver", _hex),
            site=self._try("site", _place),
            supervision_interval_s=self._try(
                "supervision_interval_s", functools.partial(_seconds, INTERVAL_S, {OFF: 0, "learn": None})
            ),
            unknown_codes=self._try("unknown_codes", lambda cell: Code("yes" if _yes_no(cell) else "no")),
        )
        cells_of_identity = {"account": number, "receiver": row.receiver, "line": row.line}
        if number is not None and all(
            value is not None for name, value in cells_of_identity.items() if name in self._cells
        ):
            self.identity = _identity(row)
        if not self._good:
            return None
        return self._with_key(row, secret, known.get(_identity(row)))

    def _with_key(
        self, row: AccountRow, secret: "Secret | Literal['off'] | None", account: Account | None
    ) -> PlannedAccount | None:
        """Settle which key the account has after the import, and check what a key demands."""
        kept = account.row.key if account is not None and secret is None else None
        brought = secret if isinstance(secret, Secret) else None
        if kept is not None or brought is not None:
            self._check_window(row)
        if row.carried_by is not None and row.carried_by.upper() == row.account.upper():
            self._note("carried_by names the account itself")
        if not self._good:
            return None
        row = msgspec.structs.replace(row, key=kept)
        return PlannedAccount(line=self._line, id=None if account is None else account.id, row=row, secret=brought)

    def _check_window(self, row: AccountRow) -> None:
        """Refuse a window for repeats that a replayed message could outlive (DC09.md section 10)."""
        late = LATE_MAX_S if row.late_max_s is None else row.late_max_s
        early = EARLY_MAX_S if row.early_max_s is None else row.early_max_s
        window = DUPLICATE_WINDOW_S if row.duplicate_window_s is None else row.duplicate_window_s
        if -1 not in (late, early) and window <= late + early:
            self._note(
                f"duplicate_window_s is {window}; an account with a key needs more than late_max_s + early_max_s = "
                f"{late + early}, or a message could be replayed"
            )

    def _try(self, column: str, read: Callable[[str], _Cell]) -> _Cell | None:
        cell = self._cells.get(column)
        if cell is None:
            return None
        try:
            return read(cell)
        except _Mistake as mistake:
            self._note(f"{column} {mistake}")
            return None

    def _note(self, reason: str) -> None:
        self._good = False
        self._problems.add(self._line, reason)


def _check_carriers(
    items: Sequence[PlannedAccount], existing: Sequence[Account], spoilt: set[str], problems: Problems
) -> None:
    """A transmitter that may speak for others must be an account, and have a key: a clear frame proves nothing."""
    keyed = {_identity(account.row): account.row.key is not None for account in existing}
    keyed |= {_identity(item.row): item.row.key is not None or item.secret is not None for item in items}
    numbers = {number for number, _, _ in keyed}
    with_key = {number for (number, _, _), has_key in keyed.items() if has_key}
    for item in items:
        carrier = item.row.carried_by
        if carrier is None or carrier.upper() in with_key or carrier.upper() in spoilt:
            continue
        lacks = "has no key" if carrier.upper() in numbers else "is neither in the file nor at the centre"
        problems.add(item.line, f"carried_by names account {carrier}, which {lacks}")


# Cells ---------------------------------------------------------------------------------------------------------------


def _account(cell: str) -> AccountNumber:
    if not _NUMBER.fullmatch(cell):
        raise _Mistake("must be 1 to 16 letters and digits")
    return AccountNumber(cell)


def _secret(form: KeyForm, cell: str) -> Secret | Literal["off"]:
    if cell.strip().lower() == OFF:
        return OFF
    try:
        return Secret(parse_key(cell if form == "text" else cell.strip(), form), form)
    except BadInput:
        wanted = "32, 48 or 64 hex digits" if form == "hex" else "16, 24 or 32 ASCII characters"
        raise _Mistake(f"must be {wanted} (key_form {form}), or off") from None


def _hex(cell: str) -> Code:
    if not _HEX.fullmatch(cell):
        raise _Mistake("must be 1 to 6 hex digits, without the letter R or L")
    return Code(cell.upper())


def _place(cell: str) -> Place:
    if len(cell) > PLACE_CHARACTERS_MAX or not cell.isprintable():
        raise _Mistake(f"must be at most {PLACE_CHARACTERS_MAX} printable characters")
    return Place(cell)


def _seconds(limits: tuple[int, int], words: Mapping[str, int | None], cell: str) -> int | None:
    if cell.lower() in words:
        return words[cell.lower()]
    low, high = limits
    if not _DIGITS.fullmatch(cell) or not low <= int(cell) <= high:
        raise _Mistake(f"must be {' or '.join([f'{low:,} to {high:,} seconds', *words])}")
    return int(cell)


def _category(cell: str) -> Code:
    return Code(_one_of(CATEGORIES, cell.upper()))


def _one_of(words: Sequence[str], cell: str) -> str:
    if cell not in words:
        raise _Mistake(f"must be {', '.join(words[:-1])} or {words[-1]}")
    return cell


def _zone(cell: str) -> ZoneName:
    found = _zones().get(cell.casefold())
    if found != cell:
        meant = "" if found is None else f"; perhaps {found}"
        raise _Mistake(f"must be a time zone of the IANA list, such as Europe/Vienna{meant}")
    return ZoneName(cell)


def _yes_no(cell: str) -> bool:
    if cell.lower() not in (*YES, *NO):
        raise _Mistake("must be yes or no")
    return cell.lower() in YES


def _profile(cell: str) -> Code:
    if cell.lower() not in presets():
        makers = [preset.maker for preset in presets().values()]
        raise _Mistake(f"must be one of {', '.join(makers)}{nearest(cell, makers)}")
    return Code(cell.lower())
