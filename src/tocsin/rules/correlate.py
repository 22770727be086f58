"""Where a signal ends: in a new incident, in an open one, or filed. Exactly one of the three (DESIGN.md, promise 2).

Joining is decided by one table of parameters. In doubt it opens: a second incident that a person can see does less harm
than a merge that hides an alarm.
"""

from collections.abc import Callable, Sequence

import msgspec

from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import POINTS_MAX, Incident, IncidentJoined, IncidentOpened, Point, Source
from tocsin.model.signals import SignalBody
from tocsin.model.values import Code, Ref, SignalId
from tocsin.rules import reasons
from tocsin.rules.belonging import CANDIDATES_MAX, find_incident, usable
from tocsin.rules.chatter import Folded, chatters, fold_restoral, heard_again
from tocsin.rules.classify import INFORMATION, Reading
from tocsin.rules.confirming import confirmed_by
from tocsin.rules.information import inform, restore_others
from tocsin.rules.judgement import CORRELATIONS, CORRELATIONS_BY_TYPE, JUDGEMENT, Judgement
from tocsin.rules.on_test import HELD, UnderTest
from tocsin.rules.points import gap_s, has_point, kind_of, lasts, point_of, priority_of

__all__ = [
    "CANDIDATES_MAX",
    "CORRELATIONS",
    "CORRELATIONS_BY_TYPE",
    "POINTS_MAX",
    "decide_signal",
    "restore_others",
    "usable",
]
Closed = Callable[[Point, bool], Source | None]
"""A detector as a closed incident knew it, of an exercise or not; None: none that was closed lately knew it."""


def decide_signal(
    reading: Reading,
    signal: SignalBody,
    signal_id: SignalId,
    account_id: Ref | None,
    site_id: Ref | None,
    candidates: Sequence[Incident],
    number: int,
    config: int,
    catalogue: Catalogue,
    under: UnderTest | None = None,
    judgement: Judgement = JUDGEMENT,
    closed: Closed = lambda _point, _exercise: None,
) -> IncidentOpened | tuple[Ref, IncidentJoined] | Folded | Code:
    """Decide where a signal ends: what opens an incident, joins one, is counted in one, or why it is filed.

    `under` says that its place is on test, or its zone out of service: then it joins and opens incidents of that alone,
    unless it is live.

    `candidates` are open incidents of the same site and of the same account, in any order; the latest CANDIDATES_MAX
    count, and whatever of them is closed or of another exercise is passed over. `number` is the next to be shown.
    A restoral may end points of further incidents: `restore_others`. `closed` tells how often a detector alarmed in
    an incident that was closed a short while ago.
    """
    among = usable(candidates, signal, reading)
    if reading.priority == INFORMATION:
        told = inform(reading, signal, signal_id, account_id, among, config, catalogue)
        if not isinstance(told, tuple):
            return told
        incident, body = told
        return fold_restoral(incident, body.points_ended, signal.received_at) or (incident.id, body)
    is_off = under is not None and not under.is_live
    # What counts and what starts no response are never one incident: neither may hide in the other.
    if under is not None and not under.is_live:
        among = [one for one in among if one.presentation == under.presentation and one.test == under.test]
    else:
        among = [one for one in among if one.presentation not in HELD]
    found = find_incident(reading, signal, account_id, site_id, among, judgement)
    if found is not None:
        incident, reason = found
        return _join(reading, signal, signal_id, account_id, incident, reason, config, catalogue, judgement, closed)
    opened = open_by(reading, signal, signal_id, account_id, site_id, number, config, catalogue)
    if under is None:
        return opened
    return msgspec.structs.replace(opened, presentation=under.presentation if is_off else "shown", test=under.test)


def open_by(
    reading: Reading,
    signal: SignalBody,
    signal_id: SignalId | None,
    account_id: Ref | None,
    site_id: Ref | None,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened:
    """What a signal opens: an incident of the type, the place and the priority that it was read as."""
    assert reading.hazard is not None, "what opens has a type"
    assert reading.type is not None, "what opens has a type"
    return IncidentOpened(
        account=signal.account,
        account_id=account_id,
        catalogue=catalogue.version,
        code=reading.code,
        config=config,
        exercise=signal.exercise,
        hazard=reading.hazard,
        line=signal.line,
        number=number,
        opened_at=signal.received_at,
        origin="signal",
        points=(point_of(reading, signal, account_id),) if lasts(signal, catalogue) else (),
        priority=priority_of(reading),
        reason=reading.reason,
        receiver=signal.receiver,
        signal=signal_id,
        silent=reading.silent,
        site_id=site_id,
        type=reading.type,
        zone=reading.zone,
    )


def _join(
    reading: Reading,
    signal: SignalBody,
    signal_id: SignalId,
    account_id: Ref | None,
    incident: Incident,
    reason: Code,
    config: int,
    catalogue: Catalogue,
    judgement: Judgement,
    closed: Closed,
) -> tuple[Ref, IncidentJoined] | Folded:
    asked = priority_of(reading)
    priority = asked if asked < incident.priority else incident.priority
    point = point_of(reading, signal, account_id)
    is_new = not has_point(incident, point)
    is_added = is_new and lasts(signal, catalogue)
    has_room = len(incident.points) < POINTS_MAX
    silent = incident.silent or reading.silent
    confirmed_by_ = None
    if not incident.confirmed:
        confirmed_by_ = confirmed_by(incident, point, signal.received_at, catalogue, judgement.confirmations)
    is_more = priority < incident.priority or silent != incident.silent or confirmed_by_ is not None
    before = closed(point, incident.exercise)
    source = heard_again(incident, point, signal.received_at, judgement.chatter, before)
    is_known = chatters(incident, point)
    is_held = not is_added or not has_room  # what would end the point is known to the incident already
    if is_known and source is not None and not is_more and is_held and incident.condition == "active":
        return Folded(incident.id, True, (source,))
    begins = source is not None and source.since is not None and not is_known
    return incident.id, IncidentJoined(
        at=signal.received_at,
        code=reading.code,
        condition="active",
        config=config,
        confirmed=incident.confirmed or confirmed_by_ is not None,
        confirmed_by=confirmed_by_,
        exercise=incident.exercise,
        gap_s=gap_s(signal, incident),
        is_alarm=True,
        # Whoever closes it as over must have seen that it is active again, chattering or not.
        is_news=is_more or incident.condition != "active" or (is_new and not begins),
        kind=kind_of(reading),
        points_added=(point,) if is_added and has_room else (),
        points_ended=(),
        points_full=incident.points_full or (is_added and not has_room),
        priority=priority,
        raised_from=incident.priority if priority < incident.priority else None,
        reason=reasons.CHATTERING if begins else reason,
        signal=signal_id,
        silent=silent,
        source=source,
        zone=reading.zone,
    )
