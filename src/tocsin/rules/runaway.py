"""Detectors that run away: one that goes on and on is a fault of its account, and somebody must go there.

Its alarms stay where they are: the first opened an incident, the others are counted there (`rules.chatter`). This opens
one more, TECH-RUNAWAY, for the account, so that the fault is not forgotten behind an alarm that everybody takes for
false. It is over when the detector has been quiet for as long as chattering takes. Nothing of a hold-up ever does so:
a second row for the place would give it away. Source: CODES.md; decision 0063.
"""

from collections.abc import Sequence
from typing import Final

from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import POINTS_MAX, Incident, IncidentJoined, IncidentOpened, Point, Source
from tocsin.model.values import Code, Micros, Ref
from tocsin.rules import reasons
from tocsin.rules.judgement import Chatter
from tocsin.rules.on_test import HELD

RUNAWAY_TYPE: Final = Code("TECH-RUNAWAY")
RUNAWAY_FORMAT: Final = Code("runaway")
"""`format` of a point that stands for a detector that runs away: no code table has it."""

SECOND: Final = 1_000_000


def is_runaway(incident: Incident) -> bool:
    """The centre opened it for detectors that run away."""
    return incident.type == RUNAWAY_TYPE and incident.origin == "centre"


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
