"""`/api/v1/flood`: whether an alarm flood goes on, and the load of the room and of one's own desk against targets.

No load of another's desk, and none of a person: a desk's panel shows its own (STANDARDS.md 3.5, SCOPE R8).
"""

from typing import Any, Final

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from tocsin.centre.profiles import Profiles
from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.errors import CentreFault
from tocsin.model.flood import Load
from tocsin.model.shifts import Desk, Shift
from tocsin.model.values import Code, Micros, Ref, Words
from tocsin.rules.flood import load_of
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal

SHOWN: Final = ("load.average", "load.peak_hour", "load.peak_minute", "load.flood_begins", "load.flood_ends")
"""Figures that are about what came up to now; the others are of a report."""


class LoadTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of the chosen load profile, for one staffed desk."""

    id: Code
    is_confirmed: bool
    """False: an unconfirmed figure; nobody with the bought text has checked it."""
    measure: Code
    source: Words
    target_milli: int
    """In thousandths."""


class DeskLoad(msgspec.Struct, frozen=True, kw_only=True):
    """What was announced to one's own desk: of its classes and priorities."""

    id: Ref
    label: Code
    load: Load


class FloodAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The load up to now."""

    at: Micros
    begins: int
    """A storm is more than so many in `window_s`, for each staffed desk; over below `ends`."""
    ends: int
    desk: DeskLoad | None
    """None: whoever asks is on shift nowhere."""
    desks: int
    """Desks with somebody on shift."""
    hazards: list[HazardClass]
    """Those that one's own desk takes; empty: all."""
    priorities: list[Priority]
    profile: Words
    room: Load
    storm_since: Micros | None
    targets: list[LoadTarget]
    window_s: int


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The route of the load."""
    profile = Profiles(parts.settings.folder).chosen(parts.settings.figures.load_profile, "load").profile
    targets = [
        LoadTarget(
            id=one.id,
            is_confirmed=one.is_confirmed,
            measure=Code(one.measure),
            source=one.source,
            target_milli=one.target_milli,
        )
        for one in profile.figures
        if one.measure in SHOWN and one.target_milli is not None
    ]

    @get("/api/v1/flood", opt=needs("incident.read"), sync_to_thread=True, summary="Alarm flood and load")
    def read_flood(request: Request[Principal, Any, Any]) -> FloodAnswer:
        """Whether an alarm flood goes on, and how many incidents were announced, against the chosen profile."""
        watch, now = parts.centre.flood, parts.clock.now_us()
        if watch is None:
            raise CentreFault("No core runs in this process. Nothing was counted. Start the centre", "core.none")
        shifts: list[Shift] = parts.store.shifts()
        own = next((one for one in shifts if one.user == request.user.actor), None)
        desk: Desk | None = next((one for one in parts.store.desks() if own is not None and one.id == own.desk), None)
        rule, announced = watch.rule, watch.announced
        storm = watch.storm
        return FloodAnswer(
            at=now,
            begins=rule.begins,
            ends=rule.ends,
            desk=None
            if desk is None
            else DeskLoad(
                id=desk.id,
                label=desk.row.label,
                load=load_of(announced, now, desk.row.hazards, desk.row.priorities),
            ),
            desks=len({one.desk for one in shifts}),
            hazards=[] if desk is None else list(desk.row.hazards),
            priorities=[] if desk is None else list(desk.row.priorities),
            profile=profile.title,
            room=load_of(announced, now),
            storm_since=None if storm is None else storm.since,
            targets=targets,
            window_s=rule.window_s,
        )

    return [read_flood]
