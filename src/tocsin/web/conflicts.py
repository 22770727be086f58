"""What somebody is told whose command came too late: who was first, how long ago, and what to do now.

People stand in it by their id, as `{user-7}`, which the screen replaces by the name (CONSOLE.md, section 8).
"""

from collections.abc import Sequence

from tocsin.model.catalogue import Catalogue
from tocsin.model.commands import Claim, IncidentAct, Merge
from tocsin.model.errors import Conflict
from tocsin.model.incidents import Incident
from tocsin.model.journal import StoredEntry
from tocsin.model.values import Actor, Micros
from tocsin.web.items import VAULT_READ, timeline_item


def words_of(
    conflict: Conflict,
    act: IncidentAct,
    incident: Incident,
    facts: Sequence[StoredEntry],
    now: Micros,
    catalogue: Catalogue,
) -> str:
    """Say it in words. `facts` are the incident's newest, oldest of them first."""
    match conflict.code:
        case "incident.claimed_by_other" if incident.claimed_by is not None:
            remedy = (
                "Take over, or choose another."
                if isinstance(act, Claim)
                else "Nothing was changed. Take it over first, or leave it to them."
            )
            return f"{_did(incident.claimed_by, 'claimed', incident.claimed_at, now)} {remedy}"
        case "incident.closed" if incident.closed_by is not None:
            closed = _did(incident.closed_by, "closed", incident.closed_at, now)
            return f"{closed} Nothing was changed. Reopen it where there is more to do."
        case "incident.open" if incident.claimed_by is not None:
            return f"{_did(incident.claimed_by, 'reopened', incident.claimed_at, now)} Nothing was changed."
        case "incident.changed" if not isinstance(act, Merge):
            return f"{_latest(facts, now, catalogue)}Nothing was changed by you. Look at what is new, and repeat."
        case _:
            return conflict.message


def ago(since: Micros, now: Micros) -> str:
    """How long ago, as people say it: `2 s`, `5 min`, `3 h`, `4 days`."""
    seconds = max(0, (now - since) // 1_000_000)
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7_200:
        return f"{seconds // 60} min"
    return f"{seconds // 3_600} h" if seconds < 172_800 else f"{seconds // 86_400} days"


def _did(who: Actor, what: str, at: Micros | None, now: Micros) -> str:
    return f"{{{who}}} {what} this." if at is None else f"{{{who}}} {what} this {ago(at, now)} ago."


def _latest(facts: Sequence[StoredEntry], now: Micros, catalogue: Catalogue) -> str:
    for stored in reversed(facts):
        if stored.row.kind != VAULT_READ:
            return f"{ago(stored.row.at, now)} ago: {timeline_item(stored, catalogue).words} "
    return ""
