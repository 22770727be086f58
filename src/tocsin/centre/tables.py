"""The kinds of tables that people bring to a centre and take from it, one entry a kind.

Whoever imports or exports, a command or a worker of the API, finds here what a kind needs to know, how it is planned
and how it is written.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from tocsin.centre import account_import, keyholder_import, schedule_import, site_import, zone_import
from tocsin.centre.configuration import ImportPlan
from tocsin.centre.table_files import PLAIN, ColumnMap, TableFormat
from tocsin.centre.table_plan import Known, KnownKeyholder, Progress, SameKeys, no_same_keys
from tocsin.model.accounts import Account
from tocsin.model.holidays import Holidays
from tocsin.model.schedules import Schedule
from tocsin.model.sites import Site, Zone
from tocsin.system import SystemClock

NAMED_MAX: Final = 20
"""New and changed rows that an answer names; the rest is counted."""


Planned = (
    account_import.PlannedAccount
    | site_import.PlannedSite
    | zone_import.PlannedZone
    | keyholder_import.PlannedKeyholder
    | schedule_import.PlannedSchedule
)


class Source(Protocol):
    """A centre, running or not, as far as a table needs it."""

    def accounts(self) -> list[Account]:
        """All accounts, names in clear."""
        ...

    def sites(self) -> list[Site]:
        """All sites, texts in clear."""
        ...

    def zones(self) -> list[Zone]:
        """All zones, names in clear."""
        ...

    def keyholders(self, *, is_export: bool = False) -> list[KnownKeyholder]:
        """All keyholders who are on a list, contacts in clear. An export is a fact before this returns."""
        ...

    def all_schedules(self) -> list[Schedule]:
        """All schedules."""
        ...

    def all_calendars(self) -> list[Holidays]:
        """All calendars of holidays that schedules share."""
        ...


class TableKind(NamedTuple):
    """One kind of table."""

    name: str
    columns: tuple[str, ...]
    known: Callable[[Source], Known]
    """What of the centre a plan is worked out from."""
    plan: Callable[[bytes, TableFormat, Known, ColumnMap, Progress, SameKeys], ImportPlan]
    export: Callable[[Known, TableFormat], bytes]
    exported: Callable[[Source], Known] | None = None
    """What of the centre an export is made from, where that is not `known`: reading it is a fact of its own."""

    def to_export(self, source: Source) -> Known:
        """What an export is made from."""
        return (self.exported or self.known)(source)


def _plan_accounts(
    data: bytes, form: TableFormat, known: Known, mapping: ColumnMap, progress: Progress, same_keys: SameKeys
) -> ImportPlan:
    return account_import.plan_accounts(data, form, known, mapping, progress, same_keys)


def _plan_sites(
    data: bytes, form: TableFormat, known: Known, mapping: ColumnMap, progress: Progress, _same_keys: SameKeys
) -> ImportPlan:
    return site_import.plan_sites(data, form, known, mapping, progress)


def _plan_zones(
    data: bytes, form: TableFormat, known: Known, mapping: ColumnMap, progress: Progress, _same_keys: SameKeys
) -> ImportPlan:
    from tocsin.rules.catalogue import shipped_catalogue

    return zone_import.plan_zones(data, form, known, shipped_catalogue().types, mapping, progress)


def _plan_keyholders(
    data: bytes, form: TableFormat, known: Known, mapping: ColumnMap, progress: Progress, _same_keys: SameKeys
) -> ImportPlan:
    return keyholder_import.plan_keyholders(data, form, known, mapping, progress)


def _plan_schedules(
    data: bytes, form: TableFormat, known: Known, mapping: ColumnMap, progress: Progress, _same_keys: SameKeys
) -> ImportPlan:
    return schedule_import.plan_schedules(data, form, known, mapping, progress)


def _accounts_and_sites(source: Source) -> Known:
    return Known(accounts=source.accounts(), sites=source.sites())


def _sites(source: Source) -> Known:
    return Known(sites=source.sites())


def _accounts_and_zones(source: Source) -> Known:
    return Known(accounts=source.accounts(), zones=source.zones())


def _accounts_and_schedules(source: Source) -> Known:
    return Known(accounts=source.accounts(), schedules=source.all_schedules(), calendars=source.all_calendars())


def _keyholders_and_sites(source: Source) -> Known:
    return Known(sites=source.sites(), keyholders=source.keyholders(), now=SystemClock().now_us())


def _exported_keyholders(source: Source) -> Known:
    return Known(sites=source.sites(), keyholders=source.keyholders(is_export=True))


def _export_accounts(known: Known, form: TableFormat) -> bytes:
    return account_import.export_accounts(known.accounts, known.sites, form)


def _export_sites(known: Known, form: TableFormat) -> bytes:
    return site_import.export_sites(known.sites, form)


def _export_zones(known: Known, form: TableFormat) -> bytes:
    return zone_import.export_zones(known.zones, known.accounts, form)


def _export_keyholders(known: Known, form: TableFormat) -> bytes:
    return keyholder_import.export_keyholders(known.keyholders, known.sites, form)


_ALL: Final = (
    TableKind("accounts", account_import.COLUMNS, _accounts_and_sites, _plan_accounts, _export_accounts),
    TableKind("sites", site_import.COLUMNS, _sites, _plan_sites, _export_sites),
    TableKind("zones", zone_import.COLUMNS, _accounts_and_zones, _plan_zones, _export_zones),
    TableKind(
        "keyholders",
        keyholder_import.COLUMNS,
        _keyholders_and_sites,
        _plan_keyholders,
        _export_keyholders,
        _exported_keyholders,
    ),
    TableKind(
        "schedules",
        schedule_import.COLUMNS,
        _accounts_and_schedules,
        _plan_schedules,
        schedule_import.export_schedules,
    ),
)
KINDS: Final[Mapping[str, TableKind]] = {kind.name: kind for kind in _ALL}
"""Every kind that can be imported and exported, by its name."""


def plan_table(
    kind: TableKind,
    source: Source,
    data: bytes,
    mapping: ColumnMap = PLAIN,
    progress: Progress = lambda done, total: None,
    same_keys: SameKeys = no_same_keys,
) -> ImportPlan:
    """Work out what importing a file would do at the centre. Nothing is written.

    Raises:
        BadInput: the file cannot be read, or rows are wrong (BadRows).
    """
    return kind.plan(data, form_of(data), kind.known(source), mapping, progress, same_keys)


def form_of(data: bytes) -> TableFormat:
    """JSON begins with a bracket, which no heading of a table does."""
    return "json" if data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{") else "csv"


def labels_of(items: Sequence[Planned], limit: int | None = NAMED_MAX) -> list[str]:
    """What planned rows are called on the screen of whoever brought the file: the first so many, None for all."""
    return [_label(item) for item in items[:limit]]


def _label(item: Planned) -> str:
    match item:
        case account_import.PlannedAccount():
            return item.row.account
        case site_import.PlannedSite():
            return item.row.name or ""
        case zone_import.PlannedZone():
            return f"{item.account} zone {item.row.number}"
        case keyholder_import.PlannedKeyholder():
            return f"{item.site} keyholder {item.row.order}"
        case schedule_import.PlannedSchedule():
            return item.account if item.row.partition is None else f"{item.account} partition {item.row.partition}"
