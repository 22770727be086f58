"""Detectors of incidents that were closed a short while ago: so that one that comes back is said to have come back."""

from typing import Final

from tocsin.centre.open_incidents import account_key
from tocsin.model.incidents import Earlier, Incident, IncidentOpened
from tocsin.model.ports import Store
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.rules.restorals import point_zone

KEPT_MAX: Final = 20_000
"""Detectors that are remembered, those of the incidents that were closed last."""

PAGE: Final = 1_000
PAGES_MAX: Final = 10
"""So many closed incidents are looked through at the start, in thousands."""

SECOND: Final = 1_000_000
_Key = tuple[str, Code, Code | None]


class RecentlyClosed:
    """By account, type and zone: the incident that was closed last. In the writer's thread."""

    def __init__(self, store: Store) -> None:
        """Begin with what the store has; it is asked no more."""
        self._found: dict[_Key, tuple[Micros, Ref, int, bool]] = {}
        before: Seq | None = None
        pages: list[list[Incident]] = []
        while len(pages) < PAGES_MAX and (page := store.incidents("closed", before, PAGE)):
            pages.append(page)
            before = page[-1].version
        for page in reversed(pages):
            for incident in reversed(page):
                self.put(incident)

    def put(self, incident: Incident) -> None:
        """It was closed. What was on test or out of service says nothing of what comes then."""
        if incident.closed_at is None or incident.origin != "signal" or incident.presentation != "shown":
            return
        found = (incident.closed_at, incident.id, incident.number, incident.exercise)
        keys = {_key(incident.account_id, incident.account or "", incident.type, incident.zone)}
        keys.update(_key(one.account_id, one.account, one.type, one.zone) for one in incident.points)
        for key in keys:
            self._found.pop(key, None)
            self._found[key] = found
        while len(self._found) > KEPT_MAX:
            del self._found[next(iter(self._found))]

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


def _key(account_id: Ref | None, account: str, type_: Code, zone: Code | None) -> _Key:
    return account_key(account_id, account), type_, point_zone(zone)
