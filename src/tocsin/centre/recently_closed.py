"""Detectors of incidents that were closed a short while ago: so that one that comes back is said to have come back.

How often they alarmed goes on being counted too, in memory: whoever closes early does not begin that count anew.
"""

from collections.abc import Iterator
from typing import Final, TypeVar

from tocsin.centre.open_incidents import account_key
from tocsin.model.incidents import Earlier, Incident, IncidentOpened, Point, Source
from tocsin.model.ports import Store
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.rules.chatter import alarmed_once, point_key
from tocsin.rules.incident import source_key
from tocsin.rules.restorals import point_zone

KEPT_MAX: Final = 20_000
"""Detectors that are remembered, those of the incidents that were closed last."""

PAGE: Final = 1_000
PAGES_MAX: Final = 10
"""So many closed incidents are looked through at the start, in thousands."""

SECOND: Final = 1_000_000
K = TypeVar("K")
V = TypeVar("V")
_Key = tuple[str, Code, Code | None]
_SourceKey = tuple[bool, tuple[str, Code, Code, Code | None]]


class RecentlyClosed:
    """By account, type and zone: the incident that was closed last. In the writer's thread."""

    def __init__(self, store: Store | None = None) -> None:
        """Begin with what the store has, where there is one; it is asked no more."""
        self._found: dict[_Key, tuple[Micros, Ref, int, bool]] = {}
        self._sources: dict[_SourceKey, Source] = {}
        before: Seq | None = None
        pages: list[list[Incident]] = []
        while store is not None and len(pages) < PAGES_MAX and (page := store.incidents("closed", before, PAGE)):
            pages.append(page)
            before = page[-1].version
        for page in reversed(pages):
            for incident in reversed(page):
                self.put(incident)

    def put(self, incident: Incident, before: Incident | None = None, window_s: int = 600) -> None:
        """It was closed. What was on test or out of service says nothing of what comes then.

        `before` is what it was when it was open: only then how often its detectors alarmed is known.
        Alarms within `window_s` are counted together.
        """
        if incident.closed_at is None or incident.origin != "signal" or incident.presentation != "shown":
            return
        found = (incident.closed_at, incident.id, incident.number, incident.exercise)
        keys = {_key(incident.account_id, incident.account or "", incident.type, incident.zone)}
        keys.update(_key(one.account_id, one.account, one.type, one.zone) for one in incident.points)
        for key in keys:
            self._found.pop(key, None)
            self._found[key] = found
        for source in () if before is None else self._counted(before, window_s):
            kept = incident.exercise, source_key(source)
            self._sources.pop(kept, None)
            self._sources[kept] = source
        _forget_first(self._found)
        _forget_first(self._sources)

    def _counted(self, incident: Incident, window_s: int) -> Iterator[Source]:
        """Its detectors: also the one that opened it, and said nothing after that."""
        yield from incident.sources
        known = {source_key(source) for source in incident.sources}
        for point in incident.points:
            if point_key(point) not in known:
                before = self.source(point, incident.exercise)
                yield alarmed_once(point, incident.last_at, before, window_s)

    def source(self, point: Point, exercise: bool) -> Source | None:
        """This detector, as the incident knew it that was closed last of those in which it repeated."""
        return self._sources.get((exercise, point_key(point)))

    def before(self, opened: IncidentOpened, within_s: int) -> Earlier | None:
        """The closed incident that the detector which opens this one was in, not more than so long before."""
        found = self._found.get(_key(opened.account_id, opened.account or "", opened.type, opened.zone))
        if found is None or opened.presentation != "shown" or opened.account is None:
            return None
        closed_at, id_, number, exercise = found
        closed_s = (opened.opened_at - closed_at) // SECOND
        if exercise != opened.exercise or not 0 <= closed_s <= within_s:
            return None
        return Earlier(closed_s=closed_s, incident=id_, number=number)


def _forget_first(found: dict[K, V]) -> None:
    while len(found) > KEPT_MAX:
        del found[next(iter(found))]


def _key(account_id: Ref | None, account: str, type_: Code, zone: Code | None) -> _Key:
    return account_key(account_id, account), type_, point_zone(zone)
