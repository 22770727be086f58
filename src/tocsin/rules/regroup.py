"""Merging and splitting by a person, and undoing it: state and act in, facts or a refusal out.

Every signal ends in exactly one place throughout. A merge moves no signal: the one incident is closed as a duplicate
and points at the other, and what comes of it later goes there. A split moves signals, and says which.
Source: decision 0047.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

from msgspec.structs import replace

from tocsin.model.catalogue import Catalogue, Priority
from tocsin.model.commands import Merge
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import (
    MERGED_MAX,
    MOVED_MAX,
    POINTS_MAX,
    Incident,
    IncidentAbsorbed,
    IncidentGivenBack,
    IncidentMerged,
    IncidentOpened,
    IncidentParted,
    IncidentUnmerged,
    MergedIncident,
    Point,
    SplitOff,
)
from tocsin.model.signals import SignalBody
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules import reasons
from tocsin.rules.chatter import LIFE_SAFETY
from tocsin.rules.classify import INFORMATION, Reading
from tocsin.rules.correlate import open_by
from tocsin.rules.points import lasts, point_of, priority_of
from tocsin.rules.restorals import condition_after

UNDO_HOURS: Final = 12
"""So long a merge or a split can be undone: the shift that did it."""

_HOUR_US: Final = 3_600_000_000


Chosen: TypeAlias = tuple[Seq, SignalBody, Reading, Ref | None]
"""A signal with what it says and its account."""


def decide_merge(
    one: Incident, into: Incident, act: Merge, actor: Actor, version: Seq | None, at: Micros
) -> tuple[IncidentMerged, IncidentAbsorbed]:
    """Close `one` as a duplicate of `into`: the facts of the two.

    Raises:
        Conflict: one of them is closed, has changed, or belongs to somebody who was not asked. Nothing was changed.
        BadInput: the two cannot be one, whatever anybody sees.
    """
    _must_be_alike(one, into)
    for incident in (one, into):
        if incident.state != "open":
            raise Conflict(
                f"Incident {incident.number} is closed. Nothing was merged. Reopen it first, or choose another",
                "incident.closed",
            )
    if one.merged_here:
        raise Conflict(
            f"Others were merged into incident {one.number}. Nothing was merged. Merge incident {into.number} into it",
            "merge.holds_others",
        )
    if len(into.merged_here) >= MERGED_MAX:
        raise Conflict(
            f"{MERGED_MAX} incidents were merged into incident {into.number}, and no more can be. Nothing was merged. "
            "Close this one as a duplicate",
            "merge.full",
        )
    _must_have_seen(one, version)
    _must_have_seen(into, act.seen)
    others = [(one, one.claimed_by), (into, into.claimed_by)]
    claimed = [(incident, who) for incident, who in others if who is not None and who != actor]
    if claimed and not act.take_over:
        said = ", ".join(f"{{{who}}} has incident {incident.number}" for incident, who in claimed)
        raise Conflict(
            f"Nothing was merged: {said}. Talk to them. Merge with taking over where they agree",
            "merge.claimed_by_others",
        )
    is_taken = any(who is not None for _, who in others)
    return merge(one, into, actor, at, is_taken=is_taken, reason=reasons.MERGED_BY_PERSON)


def merge(
    one: Incident, into: Incident, actor: Actor | None, at: Micros, *, is_taken: bool, reason: Code
) -> tuple[IncidentMerged, IncidentAbsorbed]:
    """The facts of a merge that is decided."""
    added = tuple(point for point in one.points if point not in into.points)
    room = max(0, POINTS_MAX - len(into.points))
    taken = MergedIncident(
        account=one.account,
        account_id=one.account_id,
        code=one.code,
        hazard=one.hazard,
        incident=one.id,
        line=one.line,
        merged_at=at,
        merged_by=actor,
        number=one.number,
        points=added[:room],
        reason=one.reason,
        receiver=one.receiver,
        seq=Seq(0),
        signals=one.signals,
        site_id=one.site_id,
        type=one.type,
        was_confirmed=into.confirmed,
        zone=one.zone,
    )
    merged = IncidentMerged(
        disposition="duplicate", exercise=one.exercise, into=into.id, number=into.number, reason=reason
    )
    is_active = "active" in (one.condition, into.condition)
    absorbed = IncidentAbsorbed(
        alarm_at=max(one.alarm_at, into.alarm_at),
        claimed=is_taken,
        condition="active" if is_active else "returned",
        confirmed=one.confirmed or into.confirmed,
        exercise=into.exercise,
        merged=taken,
        last_at=max(one.last_at, into.last_at),
        moved=(),
        of=one.id,
        points_added=taken.points,
        points_full=into.points_full or one.points_full or len(added) > room,
    )
    return merged, absorbed


def decide_unmerge(
    one: Incident, into: Incident, at: Micros, *, has_more: bool
) -> tuple[IncidentUnmerged, IncidentGivenBack]:
    """Undo a merge. `has_more`: signals of what was merged have come since, and ended in the other.

    Raises:
        Conflict: it was not merged, too long ago, or something that happened since contradicts.
    """
    merged = next((merged for merged in into.merged_here if merged.incident == one.id), None)
    if one.merged_into == into.id:
        _must_still_be_open(into, f"that incident {one.number} was merged into")
    if one.merged_into != into.id or merged is None:
        raise Conflict(
            f"Incident {one.number} is not merged into another. Nothing was changed. Look at it again", "merge.none"
        )
    _must_be_recent(one.number, merged.merged_at, at, "merged")
    if has_more:
        raise Conflict(
            f"Signals of incident {one.number} have come since it was merged, and are in incident {into.number}. "
            "Nothing was changed. Split them off there",
            "merge.signals_since",
        )
    left = tuple(point for point in one.points if point in into.points)
    ended = tuple(point for point in merged.points if point in into.points)
    given = IncidentGivenBack(
        condition=condition_after(into, ended),
        confirmed=merged.was_confirmed,
        exercise=into.exercise,
        of=one.id,
        points_ended=ended,
        signals=merged.signals,
    )
    returned = one.condition == "returned" or (bool(one.points) and not left and not one.points_full)
    back = IncidentUnmerged(
        condition="returned" if returned else "active", exercise=one.exercise, into=into.id, points=left
    )
    return back, given


def must_be_by_itself(one: Incident, into: Incident | None) -> None:
    """What was merged into an incident that is open is not reopened beside it: its signals would have two places.

    Raises:
        Conflict: it is so. Nothing was changed.
    """
    if into is not None and into.state == "open" and any(merged.incident == one.id for merged in into.merged_here):
        raise Conflict(
            f"Incident {one.number} was merged into incident {into.number}, which is open and has what comes of it. "
            "Nothing was changed. Undo the merge, or split its signals off there",
            "merge.undo_instead",
        )


def decide_split(
    incident: Incident,
    chosen: Sequence[Chosen],
    number: int,
    config: int,
    site_id: Ref | None,
    version: Seq | None,
    at: Micros,
    catalogue: Catalogue,
) -> IncidentOpened:
    """What a person splits off: the fact that opens the new incident. Its points are what the old one loses.

    `chosen` are signals of the incident in the order of their seq, with their account. The first alarm or fault among
    them says what the new one is.

    Raises:
        Conflict: it is closed, has changed, or nothing would be left.
        BadInput: too many, or none that opens an incident.
    """
    if incident.state != "open":
        raise Conflict(
            f"Incident {incident.number} is closed. Nothing was split off. Reopen it first", "incident.closed"
        )
    _must_have_seen(incident, version)
    if not 1 <= len(chosen) <= MOVED_MAX:
        raise BadInput(
            f"1 to {MOVED_MAX} signals of incident {incident.number} can be split off at once. Nothing was changed. "
            "Choose signals of it",
            "split.signals",
        )
    if len(chosen) >= incident.signals:
        raise Conflict(
            f"Incident {incident.number} would have no signal left. Nothing was changed. Choose fewer", "split.all"
        )
    alarms = [one for one in chosen if one[2].priority < INFORMATION]
    if not alarms:
        raise BadInput(
            "None of the signals is an alarm or a fault, so there is nothing to handle. Nothing was changed. Choose "
            "the alarm too",
            "split.no_alarm",
        )
    points: list[Point] = []
    for _, signal, reading, account_id in alarms:
        point = point_of(reading, signal, account_id)
        if lasts(signal, catalogue) and point in incident.points and point not in points:
            points.append(point)
    _, first, reading, account_id = alarms[0]
    priority: Priority = min(priority_of(one[2]) for one in alarms)
    return replace(
        open_by(reading, first, None, account_id, site_id, number, config, catalogue),
        exercise=incident.exercise,
        points=tuple(points),
        presentation="shown" if incident.presentation == "shelved" else incident.presentation,
        priority=priority,
        reason=reasons.SPLIT_OFF,
        silent=incident.silent or any(one[2].silent for one in alarms),
        split=SplitOff(at=at, moved=tuple(one[0] for one in chosen), of=incident.id),
        test=incident.test,
    )


def parted(incident: Incident, opened: IncidentOpened, id_: Ref) -> IncidentParted:
    """What the old incident loses to the new one."""
    assert opened.split is not None, "it was opened by a split"
    return IncidentParted(
        condition=condition_after(incident, opened.points),
        exercise=incident.exercise,
        into=id_,
        moved=opened.split.moved,
        number=opened.number,
        points_ended=opened.points,
    )


def decide_unsplit(one: Incident, of: Incident, actor: Actor, at: Micros) -> tuple[IncidentMerged, IncidentAbsorbed]:
    """Undo a split: the signals go back, and the incident that was made of them is closed as a duplicate.

    Raises:
        Conflict: it was made by no split, too long ago, or something that happened since contradicts.
    """
    if one.split is None or one.split.of != of.id:
        raise Conflict(
            f"Incident {one.number} was not split off another. Nothing was changed. Look at it again", "split.none"
        )
    _must_be_recent(one.number, one.split.at, at, "split off")
    _must_still_be_open(one, "that was split off")
    _must_still_be_open(of, f"that incident {one.number} was split off")
    if one.signals != len(one.split.moved) or one.merged_here:
        raise Conflict(
            f"More has come to incident {one.number} since it was split off. Nothing was changed. Merge it into "
            f"incident {of.number} instead",
            "split.signals_since",
        )
    if one.claimed_by not in (None, actor):
        raise Conflict(
            f"Nothing was changed: {{{one.claimed_by}}} has incident {one.number}. Talk to them, or take it over first",
            "incident.claimed_by_other",
        )
    merged, absorbed = merge(one, of, actor, at, is_taken=False, reason=reasons.SPLIT_UNDONE)
    return merged, replace(absorbed, confirmed=of.confirmed, merged=None, moved=one.split.moved)


def must_be_of_signals(incident: Incident) -> None:
    """Only incidents that signals opened are merged and split.

    Raises:
        BadInput: the centre looks after this one.
    """
    if incident.origin == "centre" or incident.is_room or incident.reason == reasons.QUARANTINED:
        raise BadInput(
            f"Incident {incident.number} stands by itself: the centre raised it, and looks after it. Nothing was "
            "changed. Close it when it is done",
            "merge.stands_alone",
        )


def _must_be_alike(one: Incident, into: Incident) -> None:
    if one.id == into.id:
        raise BadInput(
            f"Incident {one.number} cannot be merged into itself. Nothing was changed. Choose another", "merge.itself"
        )
    for incident in (one, into):
        must_be_of_signals(incident)
    if one.exercise != into.exercise or one.presentation != into.presentation or one.test != into.test:
        raise BadInput(
            f"Incidents {one.number} and {into.number} are not of one kind: one is an exercise, on test, shelved or "
            "out of service, and the other is not. Nothing was merged. Close the one that is over",
            "merge.unlike",
        )
    if one.silent != into.silent:
        raise BadInput(
            f"One of incidents {one.number} and {into.number} is handled in silence and the other is not. Nothing was "
            "merged. Handle both",
            "merge.silent",
        )
    hides = one.hazard in LIFE_SAFETY and one.hazard != into.hazard
    if one.priority < into.priority or hides:
        raise BadInput(
            f"Incident {one.number} is more urgent than incident {into.number}, or about lives where that is not: it "
            f"would be hidden. Nothing was merged. Merge {into.number} into {one.number}",
            "merge.more_urgent",
        )


def _must_still_be_open(incident: Incident, which: str) -> None:
    if incident.state != "open":
        raise Conflict(
            f"Incident {incident.number}, {which}, is closed. Nothing was changed. Reopen it first", "incident.closed"
        )


def _must_be_recent(number: int, since: Micros, at: Micros, done: str) -> None:
    if at - since > UNDO_HOURS * _HOUR_US:
        raise Conflict(
            f"Incident {number} was {done} more than {UNDO_HOURS} h ago, by another shift. Nothing was changed. "
            "Reopen, merge or split by what is so now",
            "regroup.too_late",
        )


def _must_have_seen(incident: Incident, version: Seq | None) -> None:
    if version is None or version < max(incident.acted, incident.alarmed):
        raise Conflict(
            f"Incident {incident.number} has changed since it was looked at. Nothing was changed by this. Look at what "
            "is new, and repeat",
            "incident.changed",
        )
