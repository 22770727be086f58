"""The control room's own hold-up: what it opens, who must not see it, and how its escalation differs.

Pure: state + fact + now -> facts. Whoever forces the operator may read the operator's screen. So it shows nothing
there, sounds nowhere in the room, and people elsewhere are told at once. Source: CONSOLE.md, section 2; decision 0042.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from tocsin.model.access import Role
from tocsin.model.catalogue import Catalogue
from tocsin.model.escalation import Chain
from tocsin.model.hold_up import HeldUp
from tocsin.model.incidents import Incident, IncidentJoined, IncidentOpened
from tocsin.model.values import Actor, Micros, Ref
from tocsin.rules.classify import HOLD_UP
from tocsin.rules.notices import joined_by_centre
from tocsin.rules.reasons import HELD_UP_AGAIN, ROOM_HELD_UP

LEAD_ROLE: Final[Role] = "supervisor"
"""Whose screens show a call by a button, as the web's permission `shift.lead` says."""

AT_ONCE: Final = frozenset({"second_desk", "supervisor", "everyone", "notify"})
"""Steps of the built-in chain that nobody waits for. Those that repeat them keep their times."""


def decide_held_up(
    body: HeldUp, at: Micros, candidates: Sequence[Incident], number: int, config: int, catalogue: Catalogue
) -> IncidentOpened | tuple[Ref, IncidentJoined]:
    """Open the incident, or join the one that the same person's earlier press opened.

    A test press never joins a real one, nor the other way round: neither may hide the other.
    """
    for incident in candidates:
        is_same = incident.raised_by == body.raised_by and incident.exercise == body.exercise
        if incident.is_room and is_same:
            joined = joined_by_centre(incident, at, config, reason=HELD_UP_AGAIN, is_over=False)
            return incident.id, replace(joined, is_news=True)
    type_ = catalogue.types[HOLD_UP]
    return IncidentOpened(
        account=None,
        account_id=None,
        catalogue=catalogue.version,
        code=None,
        config=config,
        exercise=body.exercise,
        hazard=type_.hazard,
        is_room=True,
        line=None,
        number=number,
        opened_at=at,
        origin="centre",
        points=(),
        priority=1,
        raised_by=body.raised_by,
        reason=ROOM_HELD_UP,
        receiver=None,
        signal=None,
        silent=True,
        site_id=body.site_id,
        type=HOLD_UP,
        zone=None,
    )


def of_own_site(opened: IncidentOpened, site_id: Ref | None, own_site: Ref | None) -> IncidentOpened:
    """A signal that calls for help in silence from the centre's own site is the control room's, as by its keys."""
    is_room = opened.silent and own_site is not None and site_id == own_site and opened.presentation == "shown"
    return replace(opened, is_room=True) if is_room else opened


def is_hidden(incident: Incident, actor: Actor, *, is_lead: bool) -> bool:
    """Must a person's screens show nothing of it while it is open?

    By the keys: those of whoever pressed. By a button nobody knows whose desk is meant, so supervisors alone see it.
    """
    if not incident.is_room or incident.state != "open":
        return False
    return not is_lead if incident.raised_by is None else incident.raised_by == actor


def hurried(chain: Chain) -> Chain:
    """The built-in chain without its first waits: another desk, supervisors and everybody are told at once, once."""
    steps = list(chain)
    seen: set[str] = set()
    for number, step in enumerate(steps):
        if step.tell not in AT_ONCE or step.tell in seen:
            break
        seen.add(step.tell)
        steps[number] = replace(step, wait_s=0)
    return tuple(steps)
