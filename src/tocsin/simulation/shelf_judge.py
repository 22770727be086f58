"""What must be true of what people put aside, whatever befalls the centre.

Nothing is shelved past its end, nothing about lives by one person or for long, and nothing stays aside when more is
known of it. What is put aside is listed, and every signal of it is counted. Of the product's own rules it asks nothing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from tocsin.centre.shelving import SHELF
from tocsin.model.incidents import Incident, SignalRow
from tocsin.model.journal import EntryRow
from tocsin.model.values import Actor, Ref, Seq
from tocsin.simulation.host import SimulatedService
from tocsin.simulation.machine import SECOND_US

LATE_S: Final = 90.0
"""Beyond its end, where nothing disturbs the centre, until it is shown again."""

LIVES: Final = frozenset({"fire", "explosion", "medical", "rescue", "hazmat", "robbery_holdup"})
LIVES_MAX_MIN: Final = 10
MAX_MIN: Final = 480
NAMED_MAX: Final = 3
TOUCHING: Final = frozenset(
    {
        "incident.claimed",
        "incident.closed",
        "incident.escalated",
        "incident.folded",
        "incident.joined",
        "incident.shelved",
    }
)
"""Before any of these comes, what was news has ended the shelf."""


TELLING: Final = frozenset({"incident.called", "incident.joined", "incident.phrase_checked", "incident.step_done"})
"""Facts that may say more than was known."""


class ShelfJudge:
    """Looks twice a minute."""

    def __init__(self, broke: Callable[[str], None]) -> None:
        """Tell `broke` in a sentence what is wrong."""
        self._broke = broke

    def look(self, service: SimulatedService, well_s: float) -> None:
        """Twice a minute; the centre has been undisturbed for `well_s`."""
        store, now = service.parts._opened.store, service.parts._clock.now_us()
        timers = {timer.ref: timer.due_at for timer in store.timers(kind=SHELF)}
        listed = {one.id for one in service.parts._screens.board.all()}
        for one in store.incidents("open", None, 1_000_000):
            until = None if one.shelved is None else one.shelved.until
            if timers.get(one.id) != until:
                self._broke(f"incident {one.number} is shelved until {until}, and its timer says otherwise.")
            if one.shelved is not None and one.id not in listed:
                self._broke(f"incident {one.number} is shelved, and stands in no list.")
            if (one.shelved is None) != (one.presentation != "shelved"):
                self._broke(f"incident {one.number} is {one.presentation}, and its shelf says otherwise.")
            if one.shelved is not None and min((now - one.shelved.until) / SECOND_US, well_s) > LATE_S:
                late_s = (now - one.shelved.until) / SECOND_US
                self._broke(f"incident {one.number} was put aside until {late_s:.0f} s ago, and still is.")


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: dict[str, Any]
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class ShelfEnd:
    """Reads at the end what the journal says of shelves, fact by fact, each before it is applied."""

    def __init__(self, leads: Collection[Actor]) -> None:
        """These lead the room."""
        self._leads = leads
        self._news: dict[Ref, Seq] = {}
        self.figures: Counter[str] = Counter()

    def take(self, incidents: Mapping[Ref, Incident], row: EntryRow) -> list[str]:
        """What is wrong with the next fact, by the incident as it was."""
        is_end = row.kind == "incident.unshelved"
        if not is_end and row.kind not in TOUCHING | TELLING:
            return []
        entry = _ENTRY.decode(row.entry)
        before = None if entry.ref is None else incidents.get(entry.ref)
        if before is None:
            return []
        if is_end:
            self.figures[f"unshelved_{entry.body['reason']}"] += 1
        if before.id in self._news and (is_end or row.kind in TOUCHING):
            del self._news[before.id]
            if not is_end or entry.body["reason"] != "news":
                return [f"more came of incident {before.number} than was known, and it stayed aside."]
        if row.kind == "incident.shelved":
            self.figures["shelved"] += 1
            return self._shelved(before, entry)
        if row.kind in TELLING and before.shelved is not None and _is_news(before, entry.body):
            self._news[before.id] = row.seq
        return []

    def left(self, incidents: Mapping[Ref, Incident]) -> list[str]:
        """What is wrong when all was read."""
        found = [incidents[id_] for id_ in self._news]
        return [f"more came of incident {one.number} than was known, and it stayed aside." for one in found]

    def _shelved(self, before: Incident, entry: _Entry) -> list[str]:
        minutes: int = entry.body["minutes"]
        if entry.actor is None or before.presentation != "shown" or before.state != "open":
            return [f"incident {before.number} was put aside by nobody, or was aside already."]
        if before.priority != 1 and before.hazard not in LIVES:
            is_long = not 0 < minutes <= MAX_MIN
            is_others = before.claimed_by not in (None, entry.actor)
            return [f"incident {before.number} was put aside for {minutes} min."] if is_long or is_others else []
        self.figures["shelved_lives"] += 1
        is_two = before.claimed_by is not None and before.claimed_by != entry.actor and entry.actor in self._leads
        if not is_two or not 0 < minutes <= LIVES_MAX_MIN:
            return [f"incident {before.number} is about lives, and was put aside by one person alone, or for long."]
        return []


def uncounted(incidents: Iterable[Incident], rows: Sequence[SignalRow]) -> list[str]:
    """Every signal of an incident is counted there, told or not: folded, shelved, on test."""
    ended = Counter(row.incident for row in rows if row.incident is not None)
    found = [
        f"incident {one.number} counts {one.signals} signals, and {ended[one.id]} ended there."
        for one in incidents
        if one.origin == "signal" and one.signals != ended[one.id] and not one.merged_here and one.merged_into is None
    ]
    return found[:NAMED_MAX]


def _is_news(before: Incident, body: Mapping[str, Any]) -> bool:
    is_more = body["priority"] < before.priority or (body["silent"] and not before.silent)
    is_confirmed = body.get("confirmed", False) and not before.confirmed
    is_of_life = before.priority == 1 or before.hazard in LIVES
    return bool(is_more or is_confirmed or (is_of_life and body.get("is_news", False)))


__all__ = ["ShelfEnd", "ShelfJudge", "uncounted"]
