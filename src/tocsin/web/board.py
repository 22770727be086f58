"""The board: the open incidents in memory, in the order of the queue, each encoded once.

The event loop owns it. It is changed by what the core committed (`Committed`), and by nothing else, so that it and the
live stream can never differ. A page of it is bytes joined together: no query, and no encoding but for what changed
since the last page.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import msgspec

from tocsin.model.errors import BadInput
from tocsin.model.incidents import Committed, Incident
from tocsin.model.ports import Store
from tocsin.model.values import Code, Place, Ref, Seq
from tocsin.web.api.types import IncidentItem, LiveId

PAGE_INCIDENTS_MAX: Final = 2_000
NEWEST_CHANGE_ENTRIES_MAX: Final = 2_000
"""So far back the journal is searched at the start for what consoles were told last."""

_ITEM_FIELDS: Final = tuple(
    name for name in IncidentItem.__struct_fields__ if name not in ("account_name", "site", "zone_name")
)
_NAMELESS: Final = b'"account_name":null,"site":null,"zone_name":null}'
_JSON: Final = msgspec.json.Encoder()
_SHOWN: Final = frozenset({"account.set", "site.set", "zone.set"})


class PlaceName(NamedTuple):
    """What people call a place."""

    account: Place | None
    site: Place | None
    zone: Place | None


class Names(Protocol):
    """Names of accounts, sites and zones in memory; looking one up does no I/O."""

    @property
    def config(self) -> int:
        """Version of the configuration that the names are of."""
        ...

    def name(self, account_id: Ref | None, site_id: Ref | None, zone: Code | None) -> PlaceName:
        """What people call this place; None where nobody said."""
        ...


class Update(NamedTuple):
    """One incident that changed."""

    before: Incident | None
    """None where it was not open before."""
    now: Incident
    row: bytes
    """Its `IncidentItem` without names, encoded."""


class _Key(NamedTuple):
    """Place in the queue: most urgent first, unclaimed before claimed, oldest first."""

    priority: int
    is_claimed: bool
    opened_at: int
    number: int
    id: str


class _Row:
    __slots__ = ("incident", "key", "named", "named_config", "row")

    def __init__(self, incident: Incident, row: bytes) -> None:
        self.incident = incident
        self.key = _key(incident)
        self.row = row
        self.named = b""
        self.named_config = -1


class Board:
    """The open incidents. One thread uses it: the event loop's."""

    def __init__(self, epoch: int, names: Names, encode: Callable[[object], bytes] = _JSON.encode) -> None:
        """Begin without any; `load` fills it."""
        self._epoch = epoch
        self._names = names
        self._encode = encode
        self._rows: dict[Ref, _Row] = {}
        self._order: list[_Key] = []
        self._head = Seq(0)
        self._page: tuple[object, bytes] | None = None
        self._changes = 0

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def head(self) -> Seq:
        """The journal's seq that the board has reached."""
        return self._head

    @property
    def live(self) -> LiveId:
        """Where the live stream goes on from the board as it is now."""
        return f"{self._epoch}-{self._head}"

    def get(self, id_: Ref) -> Incident | None:
        """An open incident."""
        row = self._rows.get(id_)
        return None if row is None else row.incident

    def all(self) -> list[Incident]:
        """The open incidents in the order of the queue."""
        return [self._rows[Ref(key.id)].incident for key in self._order]

    def load(self, seq: Seq, incidents: Iterable[Incident]) -> None:
        """Show these, which are all that are open at `seq`."""
        rows = [_Row(incident, self._row(incident)) for incident in incidents]
        self._rows = {row.incident.id: row for row in rows}
        self._order = sorted(row.key for row in rows)
        self._head = seq
        self._changes += 1

    def apply(self, committed: Committed) -> list[Update]:
        """Take up what was committed; return what it changed, each incident with its row for the live stream."""
        self._head = max(self._head, committed.seq)
        self._changes += 1
        return [self._put(incident) for incident in committed.incidents]

    def page(self, limit: int, after: str | None = None, site_id: Ref | None = None) -> bytes:
        """An `IncidentPage` as JSON: at most `limit` incidents (1 to 2,000) behind the place `after`.

        Raises:
            BadInput: `after` is no place in the queue.
        """
        assert 1 <= limit <= PAGE_INCIDENTS_MAX
        asked = (limit, after, site_id, self._changes, self._names.config)
        # Consoles come back together and ask for the same: they are given the same bytes.
        if self._page is None or self._page[0] != asked:
            self._page = (asked, self._make_page(limit, after, site_id))
        return self._page[1]

    def item(self, incident: Incident) -> IncidentItem:
        """An incident, open or closed, with the names of its place."""
        return item_of(incident, self._names.name(incident.account_id, incident.site_id, incident.zone))

    def _put(self, incident: Incident) -> Update:
        before = self._rows.pop(incident.id, None)
        if before is not None:
            del self._order[bisect_left(self._order, before.key)]
        row = _Row(incident, self._row(incident))
        if incident.state == "open":
            self._rows[incident.id] = row
            insort(self._order, row.key)
        return Update(None if before is None else before.incident, incident, row.row)

    def _row(self, incident: Incident) -> bytes:
        encoded = self._encode(item_of(incident))
        assert encoded.endswith(_NAMELESS), "the names stand last in IncidentItem"
        return encoded

    def _make_page(self, limit: int, after: str | None, site_id: Ref | None) -> bytes:
        start = 0 if after is None else bisect_right(self._order, _place(after))
        rows: list[bytes] = []
        found_last: _Key | None = None
        has_more = False
        for index in range(start, len(self._order)):
            row = self._rows[Ref(self._order[index].id)]
            if site_id is not None and row.incident.site_id != site_id:
                continue
            if len(rows) == limit:
                has_more = True
                break
            rows.append(self._named(row))
            found_last = row.key
        next_ = _place_text(found_last) if has_more and found_last is not None else None
        total = len(self._rows) if site_id is None else self._count(site_id)
        return join_page(rows, self.live, next_, total)

    def _count(self, site_id: Ref) -> int:
        return sum(row.incident.site_id == site_id for row in self._rows.values())

    def _named(self, row: _Row) -> bytes:
        config = self._names.config
        if row.named_config != config:
            incident = row.incident
            name = self._names.name(incident.account_id, incident.site_id, incident.zone)
            row.named = row.row if name == _NOBODY_SAID else row.row[: -len(_NAMELESS)] + _encode_name(name)
            row.named_config = config
        return row.named


def item_of(incident: Incident, name: PlaceName | None = None) -> IncidentItem:
    """An incident as the API shows it; without `name`, as the live stream does."""
    name = name or _NOBODY_SAID
    fields = {field: getattr(incident, field) for field in _ITEM_FIELDS}
    return IncidentItem(**fields, account_name=name.account, site=name.site, zone_name=name.zone)


def join_page(rows: Sequence[bytes], live: LiveId, next_: str | None, total: int) -> bytes:
    """An `IncidentPage` as JSON, of rows that are encoded."""
    end = _JSON.encode({"live": live, "next": next_, "total": total})
    return b'{"items":[' + b",".join(rows) + b"]," + end[1:]


def newest_change(store: Store, head: Seq) -> Seq:
    """The newest fact, up to `head`, that changed what people see, or how far back none did.

    A console that holds this or anything newer has missed nothing, though the process that told it has ended.
    """
    newest = Seq(max(0, head - NEWEST_CHANGE_ENTRIES_MAX))
    for stored in store.entries(newest, NEWEST_CHANGE_ENTRIES_MAX):
        if stored.row.kind in _SHOWN or stored.row.kind.startswith("incident."):
            newest = stored.row.seq
    return newest


def _key(incident: Incident) -> _Key:
    is_claimed = incident.claimed_by is not None
    return _Key(incident.priority, is_claimed, incident.opened_at, incident.number, incident.id)


def _place_text(key: _Key) -> str:
    return f"{key.priority}.{int(key.is_claimed)}.{key.opened_at}.{key.number}"


def _place(text: str) -> _Key:
    """A place in the queue, behind whatever stands there, and whether or not something still does."""
    numbers = text.split(".")
    if len(numbers) != 4 or not all(number.isascii() and number.isdigit() and len(number) <= 16 for number in numbers):
        raise BadInput(
            "`after` is no place in the queue. Nothing was read. Give `next` of the page before, as it is, or leave it "
            "out to begin with the first page",
            "incidents.after",
        )
    priority, is_claimed, opened_at, number = (int(one) for one in numbers)
    return _Key(priority, bool(is_claimed), opened_at, number, _BEHIND)


def _encode_name(name: PlaceName) -> bytes:
    names: Mapping[str, str | None] = {"account_name": name.account, "site": name.site, "zone_name": name.zone}
    return _JSON.encode(names)[1:]


_NOBODY_SAID: Final = PlaceName(None, None, None)
_BEHIND: Final = "~"
"""Sorts after every id."""
