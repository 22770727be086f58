"""Which accounts an incident of silent paths is about: all of them, also those that were heard again since.

An incident remembers 200 active points; the facts that it follows from name every path. It reads only.
"""

from collections.abc import Collection
from typing import Final

import msgspec

from tocsin.centre.supervision_core import MISSING_ENTRY
from tocsin.model.incidents import Incident, Point
from tocsin.model.ports import Store
from tocsin.model.supervision import SUPERVISION_MISSING
from tocsin.model.values import Ref, Seq
from tocsin.rules.supervision import is_outage

FACTS_MAX: Final = 5_000
"""Of an incident's facts the last so many are looked at: with 200 paths each, a million."""

FACTS_AT_ONCE: Final = 500


class _Body(msgspec.Struct, gc=False):
    points: tuple[Point, ...] = ()
    points_added: tuple[Point, ...] = ()


class _Entry(msgspec.Struct, gc=False):
    body: _Body
    cause: Seq | None = None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


def accounts_of_outage(store: Store, incident: Incident) -> frozenset[Ref]:
    """The accounts whose silence opened or joined it; of what was not opened for silence, none."""
    if not is_outage(incident):
        return frozenset()
    found = {point.account_id for point in incident.points if point.account_id is not None}
    causes: list[Seq] = []
    for stored in store.incident_facts(incident.id, FACTS_MAX):
        entry = _ENTRY.decode(stored.row.entry)
        points = (*entry.body.points, *entry.body.points_added)
        found.update(point.account_id for point in points if point.account_id is not None)
        if entry.cause is not None:
            causes.append(entry.cause)
    if incident.account_id is None:  # many at once: each fact has paths of this incident alone
        for begin in range(0, len(causes), FACTS_AT_ONCE):
            found |= _of_facts(store, causes[begin : begin + FACTS_AT_ONCE])
    return frozenset(found)


def _of_facts(store: Store, seqs: Collection[Seq]) -> set[Ref]:
    rows = [stored.row for stored in store.entries_at(seqs)]
    bodies = [MISSING_ENTRY.decode(row.entry).body for row in rows if row.kind == SUPERVISION_MISSING]
    return {path.account_id for body in bodies if body.cause is not None for path in body.paths}


__all__ = ["accounts_of_outage"]
