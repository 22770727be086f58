"""Accounts from a file, and into one: the whole file or nothing, every mistake named.

Pure: bytes and the configuration that is there in, a plan out. `plan_accounts` reads and checks; `centre.configuration`
writes, and gives each key its name in `keys.db`. Keys are in memory between the two and in no text.
"""

import functools
import re
import tomllib
import zoneinfo
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Final, Literal, Protocol, cast

import msgspec

from tocsin.centre.account_parts import read_partitions, read_paths
from tocsin.centre.table_files import (
    PLAIN,
    ColumnMap,
    Problems,
    TableFormat,
    TableRow,
    nearest,
    write_table,
)
from tocsin.centre.table_plan import (
    AccountIdentity,
    Known,
    Mistake,
    Plan,
    Progress,
    RowReader,
    SameKeys,
    account_identity,
    account_number,
    by_name,
    folded,
    hex_digits,
    no_same_keys,
    one_of,
    place,
    read_rows,
    sorted_out,
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
from tocsin.model.sites import SITE_NAME_MAX, Site
from tocsin.model.values import AccountNumber, Code, Place, Ref, ZoneName
from tocsin.protocols.dc09.keys import parse_key

__all__ = [
    "COLUMNS",
    "AccountDraft",
    "AccountPlan",
    "Note",
    "PlannedAccount",
    "Preset",
    "Secret",
    "check_carriers",
    "export_accounts",
    "identity_of",
    "plan_accounts",
    "presets",
    "read_account",
    "settle",
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
    "partitions",
    "paths",
)
"""Columns of the file, in the order of an export. Only `account` is required."""

LATER: Final = ("partitions", "paths")
"""Columns that came later: a file of before them takes nothing away."""

OFF: Final = "off"
NAME_MAX: Final = 120
INTERVAL_S: Final = (10, 3_888_000)
"""10 s to 1080 h (DC09.md section 11)."""
STAMP_S: Final = (0, 86_400)
WINDOW_S: Final = (1, 86_400)
"""Limits of an identity's window (model.signals.Identity)."""
KEY_FORMS: Final = ("hex", "text")
YES: Final = ("yes", "true", "1")
NO: Final = ("no", "false", "0")
_DIGITS = re.compile(r"[0-9]{1,9}")


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
    site: Place | None = None
    """Name of a site that is not there yet: it is made with the account, and `row.site_id` is None."""


class AccountPlan(Plan[PlannedAccount], frozen=True, kw_only=True, tag="accounts"):
    """What importing accounts would do."""


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


class AccountDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is sound by itself, before it is held against what the centre has."""

    line: int
    row: AccountRow
    """Without key and site."""
    secret: Secret | Literal["off"] | None
    """None: the account keeps the key that it has."""
    site: Place | None


def plan_accounts(
    data: bytes,
    form: TableFormat,
    known: Known,
    mapping: ColumnMap = PLAIN,
    progress: Progress = lambda done, total: None,
    same_keys: SameKeys = no_same_keys,
) -> AccountPlan:
    """Read accounts from a file and work out what they change at the centre. Nothing is written.

    A row is the whole account: what it leaves empty gets its default; of columns of `LATER` that the file has not, the
    account keeps what it has. The one exception is the key: left empty, the
    account keeps the key that it has, so that a file without keys never opens an account to clear messages; `off` takes
    the key away. A site is found by its name without case; one that is not there is made.

    Raises:
        BadInput: the file as a whole cannot be read.
        BadRows: mistakes in rows, all of them.
    """
    table = read_rows(data, form, COLUMNS, "account", mapping, verbatim=frozenset({"key"}))
    problems = table.problems
    accounts = {identity_of(account.row): account for account in known.accounts}
    kept = [column for column in LATER if column not in table.columns]
    sites = by_name(known.sites)
    planned: list[PlannedAccount] = []
    first_line: dict[AccountIdentity, int] = {}
    spoilt: set[str] = set()
    """Numbers of rows with mistakes: whoever is carried by them is not blamed too."""
    for done, entry in enumerate(table.rows):
        if done % 1000 == 0:
            progress(done, len(table.rows))
        reader = _AccountReader(entry, problems)
        draft = _with_kept(reader.draft(), kept, accounts)
        item = None if draft is None else settle(draft, accounts.get(identity_of(draft.row)), sites, reader)
        if item is None:
            spoilt.add(entry.cells.get("account", "").upper())
        first = entry.line if reader.identity is None else first_line.setdefault(reader.identity, entry.line)
        if first != entry.line:
            problems.add(entry.line, f"is account {entry.cells['account']} again, as in {table.noun} {first}")
        elif item is not None:
            planned.append(item)
    check_carriers(planned, known.accounts, spoilt, problems)
    problems.raise_if_any()
    progress(len(table.rows), len(table.rows))
    planned = _without_known_keys(planned, accounts, same_keys)
    return AccountPlan(**sorted_out(planned, lambda item: _verdict(item, accounts.get(identity_of(item.row)))))


def _with_kept(
    draft: AccountDraft | None, kept: Sequence[str], accounts: Mapping[AccountIdentity, Account]
) -> AccountDraft | None:
    """The draft with what its account has in columns that the file has not."""
    old = None if draft is None else accounts.get(identity_of(draft.row))
    if draft is None or old is None or not kept:
        return draft
    had = {column: getattr(old.row, column) for column in kept}
    return msgspec.structs.replace(draft, row=msgspec.structs.replace(draft.row, **had))


def _without_known_keys(
    planned: Sequence[PlannedAccount], known: Mapping[AccountIdentity, Account], same_keys: SameKeys
) -> list[PlannedAccount]:
    """Keep the key that is there where the file brings the same one in the same form."""
    kept: dict[int, SecretRef] = {}
    pairs: list[tuple[SecretRef, bytes]] = []
    places: list[int] = []
    for position, item in enumerate(planned):
        account = known.get(identity_of(item.row))
        old = None if account is None else account.row.key
        if item.secret is not None and old is not None and old.form == item.secret.form:
            pairs.append((old, item.secret.value))
            places.append(position)
    if pairs:
        kept = {at: pair[0] for at, pair, same in zip(places, pairs, same_keys(pairs), strict=True) if same}
    return [
        msgspec.structs.replace(item, secret=None, row=msgspec.structs.replace(item.row, key=kept[position]))
        if position in kept
        else item
        for position, item in enumerate(planned)
    ]


def export_accounts(accounts: Sequence[Account], sites: Sequence[Site], form: TableFormat) -> bytes:
    """Write accounts so that importing the file again changes nothing.

    Keys are left out; `key_form` is filled for the accounts that have one.
    """
    ordered = sorted((account.row for account in accounts), key=lambda row: (row.account.upper(), row.receiver or ""))
    names = {site.id: site.row.name for site in sites}
    return write_table(COLUMNS, (_cells(row, names) for row in ordered), form)


def _cells(row: AccountRow, names: Mapping[Ref, Place | None]) -> dict[str, str | int | bool | None]:
    """A row as the file shows it; columns that are left out are empty."""
    return {
        "account": row.account,
        "site": None if row.site_id is None else names.get(row.site_id),
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
        "unknown_codes": None,
        "profile": row.profile,
        "carried_by": row.carried_by,
        "partitions": row.partitions,
        "paths": row.paths,
    }


# Rows ----------------------------------------------------------------------------------------------------------------


def identity_of(row: AccountRow) -> AccountIdentity:
    """What makes two rows the same account: number without case, and R and L as numbers."""
    return account_identity(row.account, row.receiver, row.line)


def read_account(entry: TableRow, problems: Problems) -> AccountDraft | None:
    """Read one account; None where something is wrong, which is noted."""
    return _AccountReader(entry, problems).draft()


def settle(
    draft: AccountDraft, account: Account | None, sites: Mapping[str, Site], notes: "Notes"
) -> PlannedAccount | None:
    """Settle which key and site the account has after the change, and check what a key demands.

    `account`: the one that is changed; None where it is new. None where something is wrong, which is noted.
    """
    row, secret = draft.row, draft.secret
    kept = account.row.key if account is not None and secret is None else None
    brought = secret if isinstance(secret, Secret) else None
    is_good = True
    if kept is not None or brought is not None:
        is_good = _check_window(row, notes)
    if row.carried_by is not None and row.carried_by.upper() == row.account.upper():
        notes.note("carried_by names the account itself")
        is_good = False
    if not is_good:
        return None
    site = None if draft.site is None else sites.get(folded(draft.site))
    return PlannedAccount(
        line=draft.line,
        id=None if account is None else account.id,
        row=msgspec.structs.replace(row, key=kept, site_id=None if site is None else site.id),
        secret=brought,
        site=draft.site if site is None else None,
    )


def _check_window(row: AccountRow, notes: "Notes") -> bool:
    """Refuse a window for repeats that a replayed message could outlive (DC09.md section 10)."""
    late = LATE_MAX_S if row.late_max_s is None else row.late_max_s
    early = EARLY_MAX_S if row.early_max_s is None else row.early_max_s
    window = DUPLICATE_WINDOW_S if row.duplicate_window_s is None else row.duplicate_window_s
    if -1 in (late, early) or window > late + early:
        return True
    notes.note(
        f"duplicate_window_s is {window}; an account with a key needs more than late_max_s + early_max_s = "
        f"{late + early}, or a message could be replayed"
    )
    return False


def check_carriers(
    items: Sequence[PlannedAccount],
    existing: Sequence[Account],
    spoilt: set[str],
    problems: Problems,
    nowhere: str = "is neither in the file nor at the centre",
) -> None:
    """A transmitter that may speak for others must be an account, and have a key: a clear frame proves nothing."""
    keyed = {identity_of(account.row): account.row.key is not None for account in existing}
    keyed |= {identity_of(item.row): item.row.key is not None or item.secret is not None for item in items}
    numbers = {number for number, _, _ in keyed}
    with_key = {number for (number, _, _), has_key in keyed.items() if has_key}
    for item in items:
        carrier = item.row.carried_by
        if carrier is None or carrier.upper() in with_key or carrier.upper() in spoilt:
            continue
        lacks = "has no key" if carrier.upper() in numbers else nowhere
        problems.add(item.line, f"carried_by names account {carrier}, which {lacks}")


def _verdict(item: PlannedAccount, account: Account | None) -> str:
    if account is None:
        return "new"
    is_same = item.secret is None and item.site is None
    return (
        "same" if is_same and msgspec.structs.replace(item.row, config=account.row.config) == account.row else "changed"
    )


class Notes(Protocol):
    """Where a mistake of a row is noted."""

    def note(self, reason: str) -> None:
        """Note it."""
        ...


class _AccountReader(RowReader):
    """Reads the cells of one account and notes every mistake in it."""

    identity: AccountIdentity | None = None
    """Which account the row is, known after `draft` even where other cells are wrong."""

    def draft(self) -> AccountDraft | None:
        """Return the account; None where something is wrong."""
        profile = self.read("profile", _profile)
        if profile is not None:
            self.cells = {**presets()[profile].sets, **self.cells}
        number = self.need("account", account_number)
        key_form = self.read("key_form", functools.partial(one_of, KEY_FORMS)) or "hex"
        secret = self.read("key", functools.partial(_secret, cast("KeyForm", key_form)))
        row = AccountRow(
            account=number or AccountNumber(""),
            carried_by=self.read("carried_by", account_number),
            category=self.read("category", _category),
            duplicate_window_s=self.read("duplicate_window_s", functools.partial(_seconds, WINDOW_S, {})),
            early_max_s=self.read("early_max_s", functools.partial(_seconds, STAMP_S, {OFF: -1})),
            late_max_s=self.read("late_max_s", functools.partial(_seconds, STAMP_S, {OFF: -1})),
            line=self.read("line", hex_digits),
            name=self.read("name", place(NAME_MAX)),
            panel_time_zone=self.read("panel_time_zone", _zone),
            partitions=self.read("partitions", read_partitions),
            paths=self.read("paths", read_paths),
            poll_602=self.read("poll_602", _yes_no) or False,
            profile=profile,
            receiver=self.read("receiver", hex_digits),
            supervision_interval_s=self.read(
                "supervision_interval_s", functools.partial(_seconds, INTERVAL_S, {OFF: 0, "learn": None})
            ),
            unknown_codes=self.read("unknown_codes", _unknown_codes),
        )
        site = self.read("site", place(SITE_NAME_MAX))
        cells_of_identity = {"account": number, "receiver": row.receiver, "line": row.line}
        if number is not None and all(
            value is not None for name, value in cells_of_identity.items() if name in self.cells
        ):
            self.identity = identity_of(row)
        return AccountDraft(line=self.line, row=row, secret=secret, site=site) if self.is_good else None


# Cells ---------------------------------------------------------------------------------------------------------------


def _secret(form: KeyForm, cell: str) -> Secret | Literal["off"]:
    if cell.strip().lower() == OFF:
        return OFF
    try:
        return Secret(parse_key(cell if form == "text" else cell.strip(), form), form)
    except BadInput:
        wanted = "32, 48 or 64 hex digits" if form == "hex" else "16, 24 or 32 ASCII characters"
        raise Mistake(f"must be {wanted} (key_form {form}), or off") from None


def _seconds(limits: tuple[int, int], words: Mapping[str, int | None], cell: str) -> int | None:
    if cell.lower() in words:
        return words[cell.lower()]
    low, high = limits
    if not _DIGITS.fullmatch(cell) or not low <= int(cell) <= high:
        raise Mistake(f"must be {' or '.join([f'{low:,} to {high:,} seconds', *words])}")
    return int(cell)


def _category(cell: str) -> Code:
    return Code(one_of(CATEGORIES, cell.upper()))


def _zone(cell: str) -> ZoneName:
    found = _zones().get(cell.casefold())
    if found != cell:
        meant = "" if found is None else f"; perhaps {found}"
        raise Mistake(f"must be a time zone of the IANA list, such as Europe/Vienna{meant}")
    return ZoneName(cell)


def _yes_no(cell: str) -> bool:
    if cell.lower() not in (*YES, *NO):
        raise Mistake("must be yes or no")
    return cell.lower() in YES


def _unknown_codes(cell: str) -> None:
    """A column of earlier releases: yes is what the centre does, and no cannot be asked of it (decision 0062)."""
    if not _yes_no(cell):
        raise Mistake(
            "cannot be no: a code that nobody knows may be an alarm, and opens an incident. Leave it empty, and give "
            "the zone its type where it is known what it means"
        )


def _profile(cell: str) -> Code:
    if cell.lower() not in presets():
        makers = [preset.maker for preset in presets().values()]
        raise Mistake(f"must be one of {', '.join(makers)}{nearest(cell, makers)}")
    return Code(cell.lower())
