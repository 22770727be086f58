"""What must be true of parts of the queue, whatever befalls the centre. Of the product's own rules it asks nothing.

Each incident that was handed over belongs to one desk, whoever offered it has it no more, what comes later goes with
it, and no part hides or hushes anything: what is in one stands in everybody's queue.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tocsin.model.incidents import Incident
from tocsin.model.journal import EntryRow
from tocsin.model.queue_parts import QueuePart
from tocsin.model.values import Actor, Ref
from tocsin.simulation.host import SimulatedService

if TYPE_CHECKING:
    from tocsin.simulation.people import Operator

GOES_S: Final = 90.0
"""Where nothing disturbs the centre, until what came later has gone to its desk: `within seconds` is promised."""

FULL: Final = 500


class PartJudge:
    """Looks twice a minute."""

    def __init__(self, broke: Callable[[str], None]) -> None:
        """Tell `broke` in a sentence what is wrong."""
        self._broke = broke
        self._left: dict[tuple[Ref, Ref], float] = {}
        """Since when an incident should be in a part and is not."""

    def look(self, service: SimulatedService, now_s: float, well_s: float) -> None:
        """Twice a minute; the centre has been undisturbed for `well_s`."""
        parts = [one for one in service.centre.queue_parts.all() if one.accepted_at is not None]
        if not parts:
            self._left = {}
            return
        store = service.parts._opened.store
        listed = {one.id: one for one in service.parts._screens.board.all()}
        times = Counter(id_ for one in parts for id_ in one.incidents)
        for id_, count in times.items():
            if count > 1:
                self._broke(f"{id_} was handed over, and {count} desks have it.")
            if id_ not in listed and (now := store.incident(id_)) is not None and now.state == "open":
                self._broke(f"incident {now.number} was handed over, and stands in no queue.")
        at_desk = {one.user: one.desk for one in store.shifts()}
        left: dict[tuple[Ref, Ref], float] = {}
        for part in parts:
            for one in (listed[id_] for id_ in part.incidents if id_ in listed):
                if _is_kept(one, part) and at_desk.get(part.by) != part.to_desk:
                    self._broke(f"{part.by} handed incident {one.number} over with {part.id}, and still has it.")
            if len(part.incidents) >= FULL:
                continue
            for one in listed.values():
                if one.id in times or _seq(one.id) < part.seq or not _is_free(one):
                    continue
                if part.hazard in (None, one.hazard) and part.site_id in (None, one.site_id):
                    left[part.id, one.id] = self._left.get((part.id, one.id), now_s)
        self._left = left
        for (part_id, id_), since_s in left.items():
            if min(now_s - since_s, well_s) > GOES_S:
                self._broke(
                    f"incident {listed[id_].number} came later and is of {part_id}, and {now_s - since_s:.0f} s later "
                    "it has not gone to its desk."
                )


def _is_free(one: Incident) -> bool:
    """Nobody has it, and it may go to another desk."""
    is_shown = one.presentation in ("shown", "shelved") and not one.exercise
    return one.state == "open" and one.claimed_by is None and is_shown and not one.is_room


def _is_kept(one: Incident, part: QueuePart) -> bool:
    """Whoever offered it had it before the acceptance, and has it now."""
    assert part.accepted_at is not None, "it was accepted"
    had_at = part.accepted_at if one.claimed_at is None else one.claimed_at
    return one.claimed_by == part.by != part.accepted_by and had_at < part.accepted_at


def _seq(id_: Ref) -> int:
    return int(id_.rpartition("-")[2])


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: dict[str, Any]
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class PartEnd:
    """Reads at the end what the journal says of parts, fact by fact, each before it is applied."""

    def __init__(self) -> None:
        """Begin with none."""
        self._offered: dict[Ref, _Entry] = {}
        self._by: dict[Ref, Actor] = {}
        """Who accepted each part, those too that have ended."""
        self._had: dict[Ref, Ref] = {}
        """The accepted part that each incident is in."""
        self.figures: Counter[str] = Counter()

    def take(
        self, incidents: Mapping[Ref, Incident], desks: Callable[[Actor | None], Ref | None], row: EntryRow
    ) -> list[str]:
        """What is wrong with the next fact, by the incidents as they were; `desks` says where somebody is on shift."""
        if not row.kind.startswith("queue."):
            return []
        entry = _ENTRY.decode(row.entry)
        self.figures[row.kind.replace("queue.", "parts_")] += 1
        if entry.ref is None:
            self._offered[Ref(f"part-{row.seq}")] = entry
            return [f"incident {one.number} may be handed to nobody." for one in _of(entry, incidents) if one.is_room]
        offered = self._offered[entry.ref].body
        found: list[str] = []
        if row.kind == "queue.ended":
            self._had = {id_: part for id_, part in self._had.items() if part != entry.ref}
        elif row.kind == "queue.accepted":
            self._by[entry.ref] = entry.actor or Actor("")
            if desks(entry.actor) != offered["to_desk"]:
                found.append(f"{entry.ref} was accepted by {entry.actor}, who is not on shift at its desk.")
            by = self._offered[entry.ref].actor
            for one in _of(entry, incidents):
                self._had[one.id] = entry.ref
                if one.claimed_by == by != entry.actor:
                    found.append(f"incident {one.number} is {by}'s, who handed it over with {entry.ref}.")
        elif row.kind == "queue.joined":
            for one in _of(entry, incidents):
                if one.id in self._had:
                    found.append(f"incident {one.number} was of {self._had[one.id]}, and came to {entry.ref} too.")
                if one.claimed_by is not None and desks(one.claimed_by) != offered["to_desk"]:
                    found.append(f"incident {one.number} is {one.claimed_by}'s, and went to another desk.")
                self._had[one.id] = entry.ref
        return found

    def told(self, operators: Sequence["Operator"]) -> list[str]:
        """Whoever was told that they have accepted a part has."""
        return [
            f"{one.name} was told to have accepted {part}, and has not."
            for one in operators
            if one.part_work is not None
            for part in one.part_work.told
            if self._by.get(part) != one.id
        ]


def _of(entry: _Entry, incidents: Mapping[Ref, Incident]) -> list[Incident]:
    return [incidents[id_] for id_ in entry.body["incidents"]]


__all__ = ["PartEnd", "PartJudge"]
