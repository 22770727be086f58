"""Mains failures of an area: many accounts lose their mains within minutes, so it is the supply, not each of them.

They become one incident that names all. Where accounts stand is a value of the vault, which no rule sees: what counts
is how many places say so within how short a time, as supervision does for paths (`centre.shared_losses`). No other
class ever goes into it. Source: decision 0045.
"""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from tocsin.model.catalogue import Priority
from tocsin.model.incidents import MERGED_MAX, Incident, IncidentJoined, IncidentOpened
from tocsin.model.signals import SignalBody
from tocsin.model.values import Code
from tocsin.rules import reasons
from tocsin.rules.judgement import AreaMains
from tocsin.rules.on_test import HELD
from tocsin.rules.points import gap_s

MAINS_TYPE: Final = Code("TECH-MAINS")
AREA: Final = Code("mains")
SECOND: Final = 1_000_000


def is_mains(opened: IncidentOpened, signal: SignalBody) -> bool:
    """It would open an incident of one account about its mains, and could be of an area."""
    return (
        opened.type == MAINS_TYPE
        and opened.account_id is not None
        and opened.presentation not in HELD
        and not signal.disputed
        and bool(opened.points)
    )


def open_area(opened: IncidentOpened, open_mains: Iterable[Incident], rule: AreaMains) -> Incident | None:
    """The area's incident that this belongs to; None where none is open, or it heard of no other for too long."""
    fitting = [
        one
        for one in open_mains
        if one.area == AREA
        and one.exercise == opened.exercise
        and one.presentation not in HELD
        and abs(opened.opened_at - one.alarm_at) <= rule.joins_s * SECOND
    ]
    return max(fitting, key=lambda one: one.alarm_at, default=None)


def of_area(opened: IncidentOpened, open_mains: Iterable[Incident], rule: AreaMains) -> list[Incident]:
    """The incidents that are of one area with this one, oldest first; none where they are too few.

    One counts where it is active, began within the window, and is of another account and place.
    """
    found = [
        one
        for one in open_mains
        if one.area is None
        and one.type == MAINS_TYPE
        and one.account_id is not None
        and one.exercise == opened.exercise
        and one.presentation not in HELD
        and one.condition == "active"
        and not one.merged_here
        and abs(opened.opened_at - one.opened_at) <= rule.window_s * SECOND
    ]
    places = {one.site_id or one.account_id for one in found} - {opened.site_id or opened.account_id}
    if len(places) + 1 < rule.accounts:
        return []
    return sorted(found, key=lambda one: one.number)[:MERGED_MAX]


def as_area(opened: IncidentOpened) -> IncidentOpened:
    """The incident of the area: of no account alone."""
    return replace(
        opened,
        account=None,
        account_id=None,
        area=AREA,
        earlier=None,
        line=None,
        reason=reasons.AREA_MAINS,
        receiver=None,
        site_id=None,
        zone=None,
    )


def join_area(area: Incident, opened: IncidentOpened, signal: SignalBody, room: int) -> IncidentJoined:
    """One account more, in place of an incident of its own. `room` is for so many points."""
    added = opened.points if room >= len(opened.points) else ()
    priority: Priority = min(area.priority, opened.priority)
    return IncidentJoined(
        at=signal.received_at,
        code=opened.code,
        condition="active",
        config=opened.config,
        confirmed=area.confirmed,
        exercise=area.exercise,
        gap_s=gap_s(signal, area),
        is_alarm=True,
        is_news=area.condition != "active" or priority < area.priority,
        kind=opened.points[0].kind,
        points_added=tuple(point for point in added if point not in area.points),
        points_ended=(),
        points_full=area.points_full or not added,
        priority=priority,
        raised_from=area.priority if priority < area.priority else None,
        reason=reasons.AREA_MAINS_JOINED,
        signal=opened.signal,
        silent=area.silent,
        zone=opened.zone,
    )
