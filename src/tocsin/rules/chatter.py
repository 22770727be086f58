"""Detectors that chatter: one that alarms again and again is counted in one number, in one incident, and told of once.

Nothing is dropped and nothing is hushed that is new: another zone, a higher priority or a first alarm is told as ever.
Source: ISA-18.2 (chattering: 3 or more within a minute), STANDARDS.md 3.5; decision 0045.
"""

from typing import Final

import msgspec
from msgspec.structs import replace

from tocsin.model.catalogue import HazardClass
from tocsin.model.incidents import (
    ALARMS_KEPT,
    SOURCES_MAX,
    Incident,
    IncidentFolded,
    IncidentQuieted,
    Point,
    Source,
)
from tocsin.model.signals import SignalBody
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.rules.belonging import is_disputed
from tocsin.rules.incident import source_key, with_source
from tocsin.rules.judgement import Chatter
from tocsin.rules.points import upper
from tocsin.rules.restorals import condition_after, point_zone

SECOND: Final = 1_000_000
LIFE_SAFETY: Final[frozenset[HazardClass]] = frozenset(
    {"fire", "explosion", "medical", "rescue", "hazmat", "robbery_holdup"}
)
"""Where a signal that names no zone could be another detector each time: it is never counted with others."""


class Folded(msgspec.Struct, frozen=True, gc=False):
    """A signal that ends in an incident by being counted there: its detector chatters, and it says nothing new."""

    incident: Ref
    is_alarm: bool
    sources: tuple[Source, ...]
    """The detector as it is known from now on; of a restoral, all that it is about."""


def heard_again(
    incident: Incident, point: Point, at: Micros, rule: Chatter, closed: Source | None = None
) -> Source | None:
    """The detector after one more alarm of it, which joins this incident; None where its repeats are not watched.

    `closed` is the detector as an incident that was closed a short while ago knew it: whoever closes that early does
    not begin the count anew by which it is seen that it runs away. Of life safety without a zone each alarm could be
    another room: it is told as ever and never chatters, and it is counted only so that its fault is told too.
    """
    if is_disputed(incident) or point.format == "-":
        return None
    is_chatter_watched = _is_watched(incident, point)
    known = _of(incident, point)
    # No timer of chattering lets it be forgotten: what was quiet for so long begins its count anew here.
    has_rested = known is not None and not is_chatter_watched and at - known.last_at >= rule.quiet_s * SECOND
    if known is None:
        is_first = _opened(incident, point) and abs(at - incident.opened_at) <= rule.window_s * SECOND
        if all(one.since is not None for one in incident.sources) and len(incident.sources) >= SOURCES_MAX:
            return None  # each alarm of one detector more is told: in doubt it is shown
        times: tuple[Micros, ...] = (incident.opened_at, at) if is_first else (at,)
    else:
        times = (at,) if has_rested else (*known.at, at)[-ALARMS_KEPT:]
    recent = [one for one in times if abs(at - one) <= rule.window_s * SECOND]
    since = None if known is None else known.since
    count = 0 if known is None else known.count + (since is not None)
    if is_chatter_watched and since is None and len(recent) >= rule.alarms:
        since, count = min(recent), len(recent)
    burst_at, burst = times[0], len(times)
    if (counted := None if has_rested else known or closed) is not None:
        more = 1 if known is not None else len(times)
        is_within = counted.burst_at is not None and abs(at - counted.burst_at) <= rule.runaway_s * SECOND
        burst_at, burst = (counted.burst_at, counted.burst + more) if is_within else (times[0], more)
    runaway_since = None if known is None or has_rested else known.runaway_since
    if runaway_since is None and (since is not None or not is_chatter_watched) and burst >= rule.runaway_alarms:
        runaway_since = burst_at
    return Source(
        account=point.account,
        account_id=point.account_id,
        at=times,
        burst=burst,
        burst_at=burst_at,
        code=point.code,
        count=count,
        last_at=at,
        runaway_since=runaway_since,
        since=since,
        type=point.type,
        zone=point.zone,
    )


def chatters(incident: Incident, point: Point) -> bool:
    """The detector of this point chatters in the incident already."""
    known = _of(incident, point)
    return known is not None and known.since is not None


def fold_restoral(incident: Incident, ended: tuple[Point, ...], at: Micros) -> Folded | None:
    """Count a restoral of nothing but detectors that chatter; they stay active until they are quiet."""
    found = [_of(incident, point) for point in ended]
    sources = [one for one in found if one is not None and one.since is not None]
    if not ended or len(sources) < len(ended):
        return None
    over = (replace(one, count=one.count + (one is sources[0]), is_over=True, last_at=at) for one in sources)
    return Folded(incident.id, False, tuple(over))


def fold(
    incident: Incident, pending: IncidentFolded | None, folded: Folded, signal: SignalBody, seq: Seq, config: int
) -> IncidentFolded:
    """The fact of what this step has folded so far, with one signal more. `incident` is as it was before the fact."""
    before = pending or IncidentFolded(
        alarm_at=incident.alarm_at,
        at=incident.last_at,
        config=config,
        exercise=incident.exercise,
        signals=(),
        sources=(),
    )
    sources = before.sources
    for source in folded.sources:
        sources = with_source(sources, source)
    return replace(
        before,
        alarm_at=signal.received_at if folded.is_alarm else before.alarm_at,
        at=signal.received_at,
        config=config,
        signals=(*before.signals, seq),
        sources=sources,
    )


def decide_quiet(incident: Incident, now: Micros, rule: Chatter) -> IncidentQuieted | None:
    """Say which detectors have ceased to chatter by now; None: none has.

    One whose last word was a restoral is over with that. By the centre's clock; one that is ahead of it waits.
    """
    quiet = tuple(one for one in incident.sources if one.since is not None and now >= quiet_at(one, rule))
    if not quiet:
        return None
    over = {source_key(one) for one in quiet if one.is_over}
    ended = tuple(point for point in incident.points if point_key(point) in over)
    return IncidentQuieted(
        condition=condition_after(incident, ended),
        exercise=incident.exercise,
        points_ended=ended,
        quiet_s=max(0, (now - max(one.last_at for one in quiet)) // SECOND),
        sources=quiet,
    )


def next_quiet(incident: Incident, rule: Chatter) -> Micros | None:
    """When the first of its detectors that chatter may have been quiet for long enough; None: none chatters."""
    return min((quiet_at(one, rule) for one in incident.sources if one.since is not None), default=None)


def quiet_at(source: Source, rule: Chatter) -> Micros:
    """When it has been quiet for long enough."""
    return Micros(source.last_at + rule.quiet_s * SECOND)


def _is_watched(incident: Incident, point: Point) -> bool:
    """Its repeats may be counted together: one detector at one place that anybody can name."""
    if is_disputed(incident) or point.format == "-":
        return False
    return point.zone is not None or incident.hazard not in LIFE_SAFETY


def _opened(incident: Incident, point: Point) -> bool:
    """The signal that opened the incident came from this detector, and said this."""
    return (
        incident.account_id == point.account_id
        and (point.account_id is not None or upper(incident.account) == point.account)
        and incident.type == point.type
        and _plain(incident.code, point.format) == point.code
        and point_zone(incident.zone) == point.zone
    )


def _plain(code: Code | None, format_: Code) -> str | None:
    """A code as sent: shown ones of Contact ID begin with their letter."""
    return code[1:] if code is not None and format_ == "CID" else code


def _of(incident: Incident, point: Point) -> Source | None:
    key = point_key(point)
    return next((one for one in incident.sources if source_key(one) == key), None)


def alarmed_once(point: Point, at: Micros, before: Source | None = None, window_s: int = 0) -> Source:
    """A detector that alarmed once in an incident, and `before` in one that was closed within the window."""
    burst_at, burst = at, 1
    if before is not None and before.burst_at is not None and abs(at - before.burst_at) <= window_s * SECOND:
        burst_at, burst = before.burst_at, before.burst + 1
    return Source(
        account=point.account,
        account_id=point.account_id,
        at=(at,),
        burst=burst,
        burst_at=burst_at,
        code=point.code,
        last_at=at,
        type=point.type,
        zone=point.zone,
    )


def point_key(point: Point) -> tuple[str, Code, Code, Code | None]:
    """By what the detector of a point is known, as `rules.incident.source_key` has it of a source."""
    return point.account_id or point.account, point.type, point.code, point.zone
