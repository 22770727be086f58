"""What was merged into an incident and is with it still: as its facts tell, also when it was closed since."""

from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.model.journal import StoredEntry
from tocsin.model.ports import Store
from tocsin.model.values import Code, Micros, Ref

ABSORBED: Final = Code("incident.absorbed")
GIVEN_BACK: Final = Code("incident.given_back")
MERGES_MAX: Final = 20
"""So many one behind another are followed, and so many are looked at."""


class _Of(msgspec.Struct, gc=False):
    of: Ref


class _Entry(msgspec.Struct, gc=False):
    body: _Of


_ENTRY: Final = msgspec.json.Decoder(_Entry)


def merged_with(store: Store, incident: Ref, facts: Sequence[StoredEntry], most: int) -> list[Ref]:
    """The incidents that were merged into this one, and into those, in the order of the merges.

    `facts` are its own; `most` of each other one are looked at. One whose merge was undone is not among them.
    """
    found: dict[Ref, None] = {}
    wanted = [(incident, facts)]
    for _ in range(MERGES_MAX):
        if not wanted:
            break
        into, told = wanted.pop(0)
        for stored in told:
            if stored.row.kind != ABSORBED:
                continue
            of = _ENTRY.decode(stored.row.entry).body.of
            other = store.incident(of)
            if of in found or of == incident or other is None or other.merged_into != into:
                continue
            found[of] = None
            wanted.append((of, store.incident_facts(of, most)))
    return list(found)


def held_until(store: Store, incident: Ref | None, now: Micros) -> Micros | None:
    """Until when a legal hold keeps it: one of its own, or of what it was merged into; None: there is none."""
    held: list[Micros] = []
    for _ in range(MERGES_MAX):
        if incident is None:
            break
        held += [hold.until for hold in store.holds(incident) if hold.holds_at(now)]
        found = store.incident(incident)
        incident = None if found is None else found.merged_into
    return max(held, default=None)
