"""Detectors that run away: one that goes on and on is a fault of its account, and somebody must go there.

Its alarms stay where they are: the first opened an incident, the others are counted there (`rules.chatter`). This opens
one more, TECH-RUNAWAY, for the account, so that the fault is not forgotten behind an alarm that everybody takes for
false. It is over when the detector has been quiet for as long as chattering takes. Nothing of a hold-up ever does so:
a second row for the place would give it away. Source: CODES.md; decision 0063.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from tocsin.model.catalogue import Catalogue, HazardClass
from tocsin.model.incidents import ALARMS_KEPT, POINTS_MAX, Incident, IncidentJoined, IncidentOpened, Point, Source
from tocsin.model.values import Code, Micros, Ref
from tocsin.rules import reasons
from tocsin.rules.chatter import Folded, alarmed_once, point_key
from tocsin.rules.judgement import Chatter
from tocsin.rules.on_test import HELD

RUNAWAY_TYPE: Final = Code("TECH-RUNAWAY")
RUNAWAY_FORMAT: Final = Code("runaway")
"""`format` of a point that stands for a detector that runs away: no code table has it."""

SECOND: Final = 1_000_000
COUNTED_HAZARDS: Final[frozenset[HazardClass]] = frozenset({"intrusion", "technical", "theft", "utility"})
"""What a detector that runs away says of these, after somebody closed it, is counted in its fault: never what is about
lives, nor what nobody may overlook twice."""


def is_runaway(incident: Incident) -> bool:
    """The centre opened it for detectors that run away."""
    return incident.type == RUNAWAY_TYPE and incident.origin == "centre"


def counted_as(incident: Incident) -> Code:
    """Why a signal is only counted in this incident: the reason that its row says."""
    return reasons.COUNTED_IN_FAULT if is_runaway(incident) else reasons.FOLDED


def runs_away(incident: Incident, source: Source | None) -> bool:
    """With this alarm the detector begins to run away. `incident` is as it was before the alarm."""
    if source is None or source.runaway_since is None:
        return False
    if incident.silent or incident.is_room or incident.hazard == "robbery_holdup" or incident.presentation in HELD:
        return False
    known = next((one for one in incident.sources if _key(one) == _key(source)), None)
    return known is None or known.runaway_since is None


def decide_runaway(
    incident: Incident,
    source: Source,
    at: Micros,
    own: Sequence[Incident],
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened | tuple[Ref, IncidentJoined] | None:
    """Open the incident of the account, or let the detector belong to the one that is open; None where it does.

    `incident` is that in which it repeats, `own` are open incidents that the centre raised for the account.
    """
    point = _point(source)
    found = next(
        (
            one
            for one in own
            if is_runaway(one)
            and one.exercise == incident.exercise
            and (one.account_id or one.account) == (source.account_id or source.account)
        ),
        None,
    )
    if found is None:
        type_ = catalogue.types[RUNAWAY_TYPE]
        return IncidentOpened(
            account=source.account,
            account_id=source.account_id,
            catalogue=catalogue.version,
            code=None,
            config=config,
            exercise=incident.exercise,
            hazard=type_.hazard,
            line=incident.line,
            number=number,
            opened_at=at,
            origin="centre",
            points=(point,),
            priority=type_.priority,
            reason=reasons.RUNAWAY,
            receiver=incident.receiver,
            signal=None,
            silent=False,
            site_id=incident.site_id if incident.account_id == source.account_id else None,
            type=RUNAWAY_TYPE,
            zone=source.zone,
        )
    if point in found.points:
        return None
    has_room = len(found.points) < POINTS_MAX
    return found.id, _joined(
        found,
        at,
        config,
        reason=reasons.RUNAWAY_MORE,
        added=(point,) if has_room else (),
        is_full=found.points_full or not has_room,
        zone=source.zone,
    )


def count_in_fault(opened: IncidentOpened, point: Point, own: Sequence[Incident], at: Micros) -> Folded | None:
    """Count the alarm in the open fault of its detector, where it would open an incident like one that was closed.

    `point` is the detector that would open it, and `own` are open incidents that the centre raised for the account.
    None: it opens one. Only of what COUNTED_HAZARDS names, and only while its fault is open and goes on: then somebody
    closed the incident in which it was counted. Everything else of the account is shown as ever.
    """
    if point.zone is None or opened.hazard not in COUNTED_HAZARDS or opened.silent or opened.presentation in HELD:
        return None
    for one in own:
        if not is_runaway(one) or one.exercise != opened.exercise or one.presentation in HELD:
            continue
        if any(_is_of(active, point) for active in one.points):
            known = next((source for source in one.sources if _key(source) == point_key(point)), None)
            return Folded(one.id, True, (_counted(known or alarmed_once(point, at), at),))
    return None


def _is_of(active: Point, point: Point) -> bool:
    """The active point of a fault stands for this detector."""
    return (active.account, active.account_id, active.code, active.zone) == (
        point.account,
        point.account_id,
        point.code,
        point.zone,
    )


def _counted(known: Source, at: Micros) -> Source:
    return replace(
        known,
        at=(*known.at, at)[-ALARMS_KEPT:] if known.count else (at,),
        burst=known.burst + (known.count > 0),
        count=known.count + 1,
        is_over=False,
        last_at=at,
        since=known.since or at,
    )


def decide_calm(
    incident: Incident, heard: Sequence[Source], now: Micros, rule: Chatter, config: int
) -> IncidentJoined | None:
    """Say which detectors of it run away no more; None: none. `heard` are the account's of all open incidents."""
    ended = tuple(point for point in incident.points if _calm_at(point, heard, rule) <= now)
    if not ended:
        return None
    return _joined(incident, now, config, reason=reasons.RUNAWAY_CALM, ended=ended, is_full=incident.points_full)


def next_calm(incident: Incident, heard: Sequence[Source], rule: Chatter) -> Micros | None:
    """When the first of its detectors may have been quiet for long enough; None: none is active."""
    return min((_calm_at(point, heard, rule) for point in incident.points), default=None)


def first_calm(incident: Incident, rule: Chatter) -> Micros | None:
    """When to look for the first time; None: nothing of it is active."""
    return Micros(incident.last_at + rule.quiet_s * SECOND) if incident.points else None


def _calm_at(point: Point, heard: Sequence[Source], rule: Chatter) -> Micros:
    last = max((one.last_at for one in heard if _point(one) == point), default=None)
    return Micros(0) if last is None else Micros(last + rule.quiet_s * SECOND)


def _point(source: Source) -> Point:
    return Point(
        account=source.account,
        account_id=source.account_id,
        code=source.code,
        format=RUNAWAY_FORMAT,
        kind=Code("trouble"),
        type=RUNAWAY_TYPE,
        zone=source.zone,
    )


def _key(source: Source) -> tuple[str, Code, Code, Code | None]:
    return source.account_id or source.account, source.type, source.code, source.zone


def _joined(
    incident: Incident,
    at: Micros,
    config: int,
    *,
    reason: Code,
    added: tuple[Point, ...] = (),
    ended: tuple[Point, ...] = (),
    is_full: bool,
    zone: Code | None = None,
) -> IncidentJoined:
    is_over = not added and len(ended) == len(incident.points) and not is_full
    return IncidentJoined(
        at=at,
        code=None,
        condition="returned" if is_over else "active",
        config=config,
        confirmed=incident.confirmed,
        exercise=incident.exercise,
        gap_s=max(0, (at - incident.last_at) // SECOND),
        is_alarm=not ended,
        is_news=not ended,
        kind=Code("trouble_restoral" if ended else "trouble"),
        points_added=added,
        points_ended=ended,
        points_full=is_full,
        priority=incident.priority,
        raised_from=None,
        reason=reason,
        signal=None,
        silent=incident.silent,
        zone=zone,
    )
