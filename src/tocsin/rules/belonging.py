"""Which open incident an alarm or fault belongs to, and why.

In doubt none: a second incident that a person can see does less harm than a merge that hides an alarm.
"""

import functools
from collections.abc import Sequence, Set
from typing import Final

from msgspec.structs import replace

from tocsin.model.incidents import REPORTED, Incident, MergedIncident, Point
from tocsin.model.signals import SignalBody
from tocsin.model.values import Code, Ref
from tocsin.rules import reasons
from tocsin.rules.classify import UNCLASSIFIED, Reading
from tocsin.rules.judgement import Correlation, Judgement, Same, Scope
from tocsin.rules.points import has_point, point_of, upper
from tocsin.rules.restorals import point_zone

CANDIDATES_MAX: Final = 200
"""So many open incidents are looked at for one signal, the latest first."""

SECOND: Final = 1_000_000


def usable(candidates: Sequence[Incident], signal: SignalBody, reading: Reading) -> list[Incident]:
    """Of the candidates: open, of signals that a rule could take, of the same exercise; the latest CANDIDATES_MAX.

    An area's only where the signal speaks of the same: no other class goes into it.
    """
    if len(candidates) > CANDIDATES_MAX:
        candidates = sorted(candidates, key=lambda one: one.version, reverse=True)[:CANDIDATES_MAX]
    return [
        one
        for one in candidates
        if one.state == "open"
        and (one.origin == "signal" or one.origin in REPORTED)
        and one.exercise == signal.exercise
        and one.reason != reasons.QUARANTINED
        and (one.area is None or one.type == reading.type)
    ]


def find_incident(
    reading: Reading,
    signal: SignalBody,
    account_id: Ref | None,
    site_id: Ref | None,
    among: Sequence[Incident],
    judgement: Judgement,
) -> tuple[Incident, Code] | None:
    """The open incident that an alarm or fault belongs to, and why; the best of them where there are several."""
    assert reading.hazard is not None, "what opens has a type"
    assert reading.type is not None, "what opens has a type"
    rule = judgement.correlations_by_type.get(reading.type) or judgement.correlations[reading.hazard]
    point = point_of(reading, signal, account_id)
    is_status = signal.format == "CID" and signal.qualifier == "6"  # never a second incident: the window does not count
    best: tuple[tuple[bool, bool, int, int], Incident, Code] | None = None
    for incident in among:
        if not is_status and abs(signal.received_at - incident.alarm_at) > rule.window_s * SECOND:
            continue
        reason = _why(incident, reading, signal, account_id, site_id, rule)
        if reason is None:
            continue
        is_known = has_point(incident, point)
        if is_status:
            reason = reasons.STILL_PRESENT
        elif is_known:
            reason = reasons.SAME_POINT
        rank = (is_known, incident.type == reading.type, incident.alarm_at, incident.number)
        if best is None or rank > best[0]:
            best = (rank, incident, reason)
    return None if best is None else best[1:]


def seen_as(incident: Incident) -> tuple[Incident, ...]:
    """The incident as itself, and as each that was merged into it: what belonged to one of those belongs here.

    Each with what is active at its own accounts alone: what was merged into a fire brings no fire of its site along.
    To an area's belongs what is active in it: whose mains have returned fails anew by itself.
    """
    if not incident.merged_here or incident.area is not None:
        return (incident,)
    own = incident.account_id or upper(incident.account)
    accounts = [
        {merged.account_id or upper(merged.account), *map(_account_of, merged.points)} - {own}
        for merged in incident.merged_here
    ]
    of_others = set[str | None]().union(*accounts)
    itself = replace(incident, points=tuple(one for one in incident.points if _account_of(one) not in of_others))
    return (itself, *map(functools.partial(_as, incident), incident.merged_here, accounts))


def _as(incident: Incident, merged: MergedIncident, accounts: Set[str | None]) -> Incident:
    return replace(
        incident,
        account=merged.account,
        account_id=merged.account_id,
        code=merged.code,
        hazard=merged.hazard,
        line=merged.line,
        points=tuple(one for one in incident.points if _account_of(one) in accounts),
        reason=merged.reason,
        receiver=merged.receiver,
        site_id=merged.site_id,
        type=merged.type,
        zone=merged.zone,
    )


def _account_of(point: Point) -> str:
    return point.account_id or point.account


def _why(
    incident: Incident,
    reading: Reading,
    signal: SignalBody,
    account_id: Ref | None,
    site_id: Ref | None,
    rule: Correlation,
) -> Code | None:
    """Why the signal belongs to the incident, or to what was merged into it; None where it does not."""
    for number, one in enumerate(seen_as(incident)):
        if not _is_same(one, reading, signal, rule.same):
            continue
        reason = _why_same_place(one, reading, signal, account_id, site_id, rule.scope)
        if reason is not None:
            return reasons.MERGED_HERE if number else reason
    return None


def _why_same_place(
    incident: Incident,
    reading: Reading,
    signal: SignalBody,
    account_id: Ref | None,
    site_id: Ref | None,
    scope: Scope,
) -> Code | None:
    """Why the signal comes from where the incident is, within the scope; None where it does not."""
    if signal.disputed or is_disputed(incident):
        return reasons.SAME_DISPUTED_ACCOUNT if is_of(incident, signal, account_id) else None
    if scope == "site" and site_id is not None and incident.site_id == site_id:
        return reasons.SAME_SITE
    if not is_of(incident, signal, account_id):
        return None
    if scope == "zone" and not (account_id is None and reading.type == UNCLASSIFIED):
        return reasons.SAME_ZONE if same_zone(incident, reading) else None
    return reasons.SAME_ACCOUNT if account_id is not None else reasons.SAME_UNKNOWN_ACCOUNT


def is_of(incident: Incident, signal: SignalBody, account_id: Ref | None) -> bool:
    """The incident is of the signal's account.

    Where the two accounts of a message dispute each other, both must be the same, and no other signal counts: what such
    a message says of an account is never taken for that account's word. Unknown ones go by number, receiver and line.
    """
    if signal.disputed != is_disputed(incident):
        return False
    if signal.disputed and not any(one.account == upper(signal.data_account) for one in incident.points):
        return False
    if account_id is not None:
        return incident.account_id == account_id or any(one.account_id == account_id for one in incident.points)
    return (
        incident.account_id is None
        and upper(incident.account) == signal.account.upper()
        and incident.receiver == signal.receiver
        and incident.line == signal.line
    )


def same_zone(incident: Incident, reading: Reading) -> bool:
    """The signal names the zone that opened the incident; or neither names one."""
    return point_zone(incident.zone) == point_zone(reading.zone)


def _is_same(incident: Incident, reading: Reading, signal: SignalBody, same: Same) -> bool:
    is_type = incident.type == reading.type
    if same == "type" or not signal.known:
        return is_type
    if same == "type_not_more_urgent":
        return is_type and reading.priority >= incident.priority
    if is_type:
        return True
    return incident.hazard == reading.hazard and (same == "hazard" or reading.priority >= incident.priority)


def is_disputed(incident: Incident) -> bool:
    """It was opened by a message whose two accounts dispute each other."""
    return incident.reason in (reasons.DISPUTED, reasons.DISPUTED_UNKNOWN_CODE)
