"""The board: the open incidents in memory, in the order of the queue, each encoded once.

The event loop owns it. It is changed by what the core committed (`Committed`), and by nothing else, so that it and the
live stream can never differ. A page of it is bytes joined together: no query, and no encoding. Names of places come
from beside (`web.names`), each once for a version of the configuration.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from tocsin.model.action_plans import PlanState
from tocsin.model.errors import BadInput
from tocsin.model.incidents import Committed, Incident
from tocsin.model.ports import Store
from tocsin.model.values import Actor, Code, Place, Ref, Seq
from tocsin.rules.hold_up import is_hidden
from tocsin.web.api.action_plan_types import PlanMark
from tocsin.web.api.types import IncidentItem, LiveId

PAGE_INCIDENTS_MAX: Final = 2_000
URGENT: Final = 2
NAMES_MAX: Final = 50_000
"""Names of places kept for pages; beyond it all are asked for again."""

NEWEST_CHANGE_ENTRIES_MAX: Final = 2_000
"""So far back the journal is searched at the start for what consoles were told last."""

_MADE: Final = frozenset({"account_name", "escalated", "plan", "site", "zone_name"})
_ITEM_FIELDS: Final = tuple(name for name in IncidentItem.__struct_fields__ if name not in _MADE)
_NAMELESS: Final = b'"account_name":null,"site":null,"zone_name":null}'
_NAMELESS_BYTES: Final = len(_NAMELESS)
_JSON: Final = msgspec.json.Encoder()
_SHOWN: Final = frozenset({"account.set", "site.set", "zone.set"})


class PlaceKey(NamedTuple):
    """A place as incidents name it: by ids."""

    account_id: Ref | None
    site_id: Ref | None
    zone: Code | None


class PlaceName(NamedTuple):
    """What people call a place; None where nobody said."""

    account: Place | None
    site: Place | None
    zone: Place | None


class Update(NamedTuple):
    """One incident that changed."""

    before: Incident | None
    """None where it was not open before."""
    now: Incident
    row: bytes
    """Its `IncidentItem` without names, encoded."""


class _Key(NamedTuple):
    """Place in the queue: most urgent first, unclaimed before claimed before shelved, oldest first."""

    priority: int
    rank: int
    """0 nobody has it; 1 somebody has; 2 shelved."""
    opened_at: int
    number: int
    id: str


class _Row:
    __slots__ = ("incident", "key", "place", "row")

    def __init__(self, incident: Incident, row: bytes) -> None:
        self.incident = incident
        self.key = _key(incident)
        self.place = place_of(incident)
        self.row = row


class Board:
    """The open incidents. One thread uses it: the event loop's."""

    def __init__(self, epoch: int, encode: Callable[[object], bytes] = _JSON.encode) -> None:
        """Begin without any; `load` fills it."""
        self._epoch = epoch
        self._encode = encode
        self._names: dict[PlaceKey, bytes] = {_NOWHERE: _NAMELESS}
        """The end of a row: the names of its place."""
        self._config = 0
        self._rows: dict[Ref, _Row] = {}
        self._order: list[_Key] = []
        self._silent = 0
        self._room: tuple[Incident, ...] = ()
        """Open calls of the control room itself: not for every screen. Replaced whole: any thread may read it."""
        self._head = Seq(0)
        self._page: tuple[object, bytes] | None = None
        self._changes = 0

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def told_count(self) -> int:
        """How many are open, silent calls for help left out: what anybody may be told who asks."""
        return len(self._rows) - self._silent

    @property
    def head(self) -> Seq:
        """The journal's seq that the board has reached."""
        return self._head

    @property
    def live(self) -> LiveId:
        """Where the live stream goes on from the board as it is now."""
        return f"{self._epoch}-{self._head}"

    def hidden_from(self, actor: Actor, *, is_lead: bool) -> frozenset[Ref]:
        """Open incidents that a person's screens must show nothing of. From any thread."""
        return frozenset(one.id for one in self._room if is_hidden(one, actor, is_lead=is_lead))

    def get(self, id_: Ref) -> Incident | None:
        """An open incident."""
        row = self._rows.get(id_)
        return None if row is None else row.incident

    def has_urgent(self) -> bool:
        """Something of priority 1 or 2 is shown that nobody has claimed."""
        for key in self._order:
            if key.priority > URGENT:
                return False
            if key.rank == 0 and self._rows[Ref(key.id)].incident.presentation == "shown":
                return True
        return False

    def all(self) -> list[Incident]:
        """The open incidents in the order of the queue."""
        return [self._rows[Ref(key.id)].incident for key in self._order]

    def at(self, places: Collection[Ref]) -> list[Incident]:
        """The open incidents at these sites and of these accounts, the latest changed first."""
        found = [
            row.incident
            for row in (self._rows.values() if places else ())
            if row.place.site_id in places or row.place.account_id in places
        ]
        found.sort(key=lambda incident: -incident.version)
        return found

    def load(self, seq: Seq, incidents: Iterable[Incident]) -> None:
        """Show these, which are all that are open at `seq`."""
        rows = [_Row(incident, self._row(incident)) for incident in incidents]
        self._rows = {row.incident.id: row for row in rows}
        self._order = sorted(row.key for row in rows)
        self._silent = sum(row.incident.silent for row in rows)
        self._room = tuple(row.incident for row in rows if row.incident.is_room)
        self._head = seq
        self._changes += 1

    def apply(self, committed: Committed) -> list[Update]:
        """Take up what was committed; return what it changed, each incident with its row for the live stream."""
        self._head = max(self._head, committed.seq)
        self._changes += 1
        if committed.config is not None:
            self._forget_names(committed.config)
        return [self._put(incident) for incident in committed.incidents]

    @property
    def config(self) -> int:
        """Version of the configuration: no name is older."""
        return self._config

    def unnamed(self, limit: int, after: str | None = None, site_id: Ref | None = None) -> set[PlaceKey]:
        """Places of this page whose names are not known here: give them by `name`."""
        return {row.place for row in self._select(limit, after, site_id)[0]} - self._names.keys()

    def name(self, config: int, names: Mapping[PlaceKey, PlaceName]) -> None:
        """Take names of places; where they may be older than the configuration they are left aside."""
        if config < self._config:
            return
        if len(self._names) + len(names) > NAMES_MAX:
            self._forget_names(config)
        self._names.update({place: _encode_name(name) for place, name in names.items()})
        self._changes += 1

    def page(
        self,
        limit: int,
        after: str | None = None,
        site_id: Ref | None = None,
        *,
        is_named: bool = True,
        hidden: Collection[Ref] = (),
    ) -> bytes:
        """An `IncidentPage` as JSON: at most `limit` incidents (1 to 2,000) behind the place `after`.

        Without names of places where `is_named` is False; without those of `hidden`, which do not count either.

        Raises:
            BadInput: `after` is no place in the queue.
        """
        if not is_named or hidden:
            return self._make_page(limit, after, site_id, is_named=is_named, hidden=hidden)
        asked = (limit, after, site_id, self._changes)
        # Consoles come back together and ask for the same: they are given the same bytes.
        if self._page is None or self._page[0] != asked:
            self._page = (asked, self._make_page(limit, after, site_id))
        return self._page[1]

    def _put(self, incident: Incident) -> Update:
        before = self._rows.pop(incident.id, None)
        if before is not None:
            self._silent -= before.incident.silent
            del self._order[bisect_left(self._order, before.key)]
        row = _Row(incident, self._row(incident))
        if incident.state == "open":
            self._rows[incident.id] = row
            self._silent += incident.silent
            insort(self._order, row.key)
        if incident.is_room:
            others = tuple(one for one in self._room if one.id != incident.id)
            self._room = (*others, incident) if incident.state == "open" else others
        return Update(None if before is None else before.incident, incident, row.row)

    def _row(self, incident: Incident) -> bytes:
        encoded = self._encode(item_of(incident))
        assert encoded.endswith(_NAMELESS), "the names stand last in IncidentItem"
        return encoded

    def _select(
        self, limit: int, after: str | None, site_id: Ref | None, hidden: Collection[Ref] = ()
    ) -> tuple[list[_Row], bool]:
        """The rows of a page, and whether there are more behind it."""
        assert 1 <= limit <= PAGE_INCIDENTS_MAX
        start = 0 if after is None else bisect_right(self._order, _place(after))
        if site_id is None and not hidden:
            keys = self._order[start : start + limit + 1]
        else:
            behind = islice(self._order, start, None)
            mine = (key for key in behind if self._is_meant(Ref(key.id), site_id, hidden))
            keys = list(islice(mine, limit + 1))
        return [self._rows[Ref(key.id)] for key in keys[:limit]], len(keys) > limit

    def _make_page(
        self,
        limit: int,
        after: str | None,
        site_id: Ref | None,
        *,
        is_named: bool = True,
        hidden: Collection[Ref] = (),
    ) -> bytes:
        rows, has_more = self._select(limit, after, site_id, hidden)
        names = self._names if is_named else {}
        named = [row.row[:-_NAMELESS_BYTES] + names.get(row.place, _NAMELESS) for row in rows]
        is_all = site_id is None and not hidden
        total = len(self._rows) if is_all else sum(self._is_meant(id_, site_id, hidden) for id_ in self._rows)
        return join_page(named, self.live, _place_text(rows[-1].key) if has_more else None, total)

    def _is_meant(self, id_: Ref, site_id: Ref | None, hidden: Collection[Ref]) -> bool:
        return id_ not in hidden and (site_id is None or self._rows[id_].place.site_id == site_id)

    def _forget_names(self, config: int) -> None:
        self._names = {_NOWHERE: _NAMELESS}
        self._config = config


def place_of(incident: Incident) -> PlaceKey:
    """The place of an incident, by its ids."""
    return PlaceKey(incident.account_id, incident.site_id, incident.zone)


def item_of(incident: Incident, name: PlaceName | None = None) -> IncidentItem:
    """An incident as the API shows it; without `name`, as the live stream does."""
    name = name or _NOBODY_SAID
    fields = {field: getattr(incident, field) for field in _ITEM_FIELDS}
    escalated = list(incident.escalated)
    return IncidentItem(
        **fields,
        escalated=escalated,
        plan=None if incident.plan is None else mark_of(incident.plan),
        account_name=name.account,
        site=name.site,
        zone_name=name.zone,
    )


def mark_of(plan: PlanState) -> PlanMark:
    """How far an incident has come with its plan."""
    done = len(plan.done)
    return PlanMark(
        name=plan.name,
        step=plan.step,
        number=done + (plan.step is not None),
        of=plan.of,
        due_at=plan.due_at,
        late=plan.late,
        alone=plan.alone,
        ended=plan.ended,
        undone=len(plan.undone),
    )


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
    rank = 2 if incident.shelved is not None else int(incident.claimed_by is not None)
    return _Key(incident.priority, rank, incident.opened_at, incident.number, incident.id)


def _place_text(key: _Key) -> str:
    return f"{key.priority}.{key.rank}.{key.opened_at}.{key.number}"


def _place(text: str) -> _Key:
    """A place in the queue, behind whatever stands there, and whether or not something still does."""
    numbers = text.split(".")
    if len(numbers) != 4 or not all(number.isascii() and number.isdigit() and len(number) <= 16 for number in numbers):
        raise BadInput(
            "`after` is no place in the queue. Nothing was read. Give `next` of the page before, as it is, or leave it "
            "out to begin with the first page",
            "incidents.after",
        )
    priority, rank, opened_at, number = (int(one) for one in numbers)
    return _Key(priority, rank, opened_at, number, _BEHIND)


def _encode_name(name: PlaceName) -> bytes:
    return _JSON.encode({"account_name": name.account, "site": name.site, "zone_name": name.zone})[1:]


_NOWHERE: Final = PlaceKey(None, None, None)
_NOBODY_SAID: Final = PlaceName(None, None, None)
_BEHIND: Final = "~"
"""Sorts after every id."""
