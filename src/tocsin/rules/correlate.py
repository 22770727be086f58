"""Where a signal ends: in a new incident, in an open one, or filed. Exactly one of the three (DESIGN.md, promise 2).

Joining is decided by one table of parameters. In doubt it opens: a second incident that a person can see does less harm
than a merge that hides an alarm.
"""

from collections.abc import Sequence
from typing import Final, Literal, cast

import msgspec

from tocsin.model.catalogue import Catalogue, HazardClass, Priority
from tocsin.model.incidents import (
    POINTS_MAX,
    Condition,
    Incident,
    IncidentJoined,
    IncidentOpened,
    IncidentRestored,
    Point,
)
from tocsin.model.signals import SignalBody
from tocsin.model.values import AccountNumber, Code, Ref, SignalId
from tocsin.rules import reasons
from tocsin.rules.classify import ALARM_KINDS, INFORMATION, UNCLASSIFIED, Reading
from tocsin.rules.on_test import HELD, UnderTest
from tocsin.rules.restorals import ended_points, is_at, point_zone, says_over

CANDIDATES_MAX: Final = 200
"""So many open incidents are looked at for one signal, the latest first."""

SECOND: Final = 1_000_000
LASTING_KINDS: Final = frozenset({"alarm", "duress", "tamper", "trouble", "supervisory", "bypass"})
"""Kinds that go on until a restoral."""

UNKNOWN_KIND: Final = Code("unknown")
Scope = Literal["site", "account", "zone"]
"""Where a signal must come from to join: the same site (else the same account), the same account, or the same zone of
it."""

Same = Literal["hazard", "hazard_not_more_urgent", "type", "type_not_more_urgent"]
"""What it must say: the same hazard class; the same class, and nothing more urgent than the incident is, unless it is
of its type; the same type; the same type, and nothing more urgent. An unknown account's: always the same type."""


class Correlation(msgspec.Struct, frozen=True, gc=False):
    """Which open incident a signal of priority 1 to 4 joins."""

    scope: Scope
    same: Same
    window_s: int
    """Seconds since the incident's latest alarm or fault."""


CORRELATIONS: Final[dict[HazardClass, Correlation]] = {
    # Fire spreads through a building and trips one detector after the other; half an hour of silence is another fire.
    "fire": Correlation("site", "hazard", 1_800),
    "explosion": Correlation("site", "hazard", 1_800),
    # Fuel gas and carbon monoxide ask for different help, though both are of this class.
    "hazmat": Correlation("site", "type", 1_800),
    # Water runs on for hours, from floor to floor, and nobody is in danger by a detector more.
    "flood_weather": Correlation("site", "type", 7_200),
    # Somebody walks through a house within minutes. A break-in never hides in a door held open, or in late arming.
    "intrusion": Correlation("site", "hazard_not_more_urgent", 1_200),
    # One button pressed twice is one patient; the next room is another.
    "medical": Correlation("zone", "hazard", 600),
    "rescue": Correlation("zone", "type", 900),
    "welfare_check": Correlation("zone", "type", 1_800),
    # The same counter pressed twice is one hold-up. A silent one never joins a loud one, since that may be handled by
    # calling the premises; their types part them.
    "robbery_holdup": Correlation("account", "type", 900),
    "collision": Correlation("zone", "type", 900),
    "utility": Correlation("site", "type", 7_200),
    # Faults come and go for days; one incident a fault and account is what an engineer is sent for.
    "technical": Correlation("account", "type", 86_400),
    # No machine opens these four (CODES.md, rule 10). Should one ever, nothing is merged.
    "violence": Correlation("zone", "type", 0),
    "theft": Correlation("zone", "type", 0),
    "missing_person": Correlation("zone", "type", 0),
    "trafficking_kidnap": Correlation("zone", "type", 0),
}
"""By hazard class of the signal."""

CORRELATIONS_BY_TYPE: Final[dict[str, Correlation]] = {
    # It could be anything: the next zone may be the fire.
    UNCLASSIFIED: Correlation("zone", "type_not_more_urgent", 900),
}
"""Types that differ from their class."""


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
) -> IncidentOpened | tuple[Ref, IncidentJoined] | Code:
    """Decide where a signal ends: the fact that opens an incident, the incident that it joins, or why it is filed.

    `under` says that its place is on test, or its zone out of service: then it joins and opens incidents of that alone,
    unless it is live.

    `candidates` are open incidents of the same site and of the same account, in any order; the latest CANDIDATES_MAX
    count, and whatever of them is closed or of another exercise is passed over. `number` is the next to be shown.
    A restoral may end points of further incidents: `restore_others`.
    """
    among = usable(candidates, signal)
    if reading.priority == INFORMATION:
        return _inform(reading, signal, signal_id, account_id, among, config, catalogue)
    is_off = under is not None and not under.is_live
    # What counts and what starts no response are never one incident: neither may hide in the other.
    if under is not None and not under.is_live:
        among = [one for one in among if one.presentation == under.presentation and one.test == under.test]
    else:
        among = [one for one in among if one.presentation not in HELD]
    found = _find(reading, signal, account_id, site_id, among)
    if found is not None:
        incident, reason = found
        return incident.id, _join(reading, signal, signal_id, account_id, incident, reason, config, catalogue)
    opened = _open(reading, signal, signal_id, account_id, site_id, number, config, catalogue)
    if under is None:
        return opened
    return msgspec.structs.replace(opened, presentation=under.presentation if is_off else "shown", test=under.test)


def restore_others(
    reading: Reading,
    signal: SignalBody,
    signal_id: SignalId,
    account_id: Ref | None,
    joined: Ref,
    candidates: Sequence[Incident],
    config: int,
    catalogue: Catalogue,
) -> list[tuple[Ref, IncidentRestored]]:
    """What a restoral that joined one incident ends in the others: `*R` ends the alarm and the fault of a zone.

    Empty for whatever is no restoral. In the order of the incidents' numbers.
    """
    if not says_over(reading, signal):
        return []
    others: list[tuple[Ref, IncidentRestored]] = []
    for incident in sorted(usable(candidates, signal), key=lambda one: one.number):
        if incident.id == joined or not _is_of(incident, signal, account_id):
            continue
        ended = ended_points(incident, reading, signal, account_id, catalogue)
        if ended:
            body = IncidentRestored(
                at=signal.received_at,
                condition=_condition_after(incident, ended),
                config=config,
                exercise=incident.exercise,
                points_ended=ended,
                signal=signal_id,
            )
            others.append((incident.id, body))
    return others


def usable(candidates: Sequence[Incident], signal: SignalBody) -> list[Incident]:
    """Of the candidates: open, of signals that a rule could take, of the same exercise; the latest CANDIDATES_MAX."""
    if len(candidates) > CANDIDATES_MAX:
        candidates = sorted(candidates, key=lambda one: one.version, reverse=True)[:CANDIDATES_MAX]
    return [
        one
        for one in candidates
        if one.state == "open"
        and one.origin == "signal"
        and one.exercise == signal.exercise
        and one.reason != reasons.QUARANTINED
    ]


# Alarms and faults ---------------------------------------------------------------------------------------------------


def _find(
    reading: Reading, signal: SignalBody, account_id: Ref | None, site_id: Ref | None, among: Sequence[Incident]
) -> tuple[Incident, Code] | None:
    """The open incident that an alarm or fault belongs to, and why; the best of them where there are several."""
    assert reading.hazard is not None, "what opens has a type"
    assert reading.type is not None, "what opens has a type"
    rule = CORRELATIONS_BY_TYPE.get(reading.type) or CORRELATIONS[reading.hazard]
    point = _point(reading, signal, account_id)
    is_status = signal.format == "CID" and signal.qualifier == "6"  # never a second incident: the window does not count
    best: tuple[tuple[bool, bool, int, int], Incident, Code] | None = None
    for incident in among:
        if not is_status and abs(signal.received_at - incident.alarm_at) > rule.window_s * SECOND:
            continue
        if not _is_same(incident, reading, signal, rule.same):
            continue
        reason = _why_same_place(incident, reading, signal, account_id, site_id, rule.scope)
        if reason is None:
            continue
        has_point = _has(incident, point)
        if is_status:
            reason = reasons.STILL_PRESENT
        elif has_point:
            reason = reasons.SAME_POINT
        rank = (has_point, incident.type == reading.type, incident.alarm_at, incident.number)
        if best is None or rank > best[0]:
            best = (rank, incident, reason)
    return None if best is None else best[1:]


def _why_same_place(
    incident: Incident,
    reading: Reading,
    signal: SignalBody,
    account_id: Ref | None,
    site_id: Ref | None,
    scope: Scope,
) -> Code | None:
    """Why the signal comes from where the incident is, within the scope; None where it does not."""
    if signal.disputed or _is_disputed(incident):
        return reasons.SAME_DISPUTED_ACCOUNT if _is_of(incident, signal, account_id) else None
    if scope == "site" and site_id is not None and incident.site_id == site_id:
        return reasons.SAME_SITE
    if not _is_of(incident, signal, account_id):
        return None
    if scope == "zone" and not (account_id is None and reading.type == UNCLASSIFIED):
        return reasons.SAME_ZONE if _same_zone(incident, reading) else None
    return reasons.SAME_ACCOUNT if account_id is not None else reasons.SAME_UNKNOWN_ACCOUNT


def _is_of(incident: Incident, signal: SignalBody, account_id: Ref | None) -> bool:
    """The incident is of the signal's account.

    Where the two accounts of a message dispute each other, both must be the same, and no other signal counts: what such
    a message says of an account is never taken for that account's word. Unknown ones go by number, receiver and line.
    """
    if signal.disputed != _is_disputed(incident):
        return False
    if signal.disputed and not any(one.account == _upper(signal.data_account) for one in incident.points):
        return False
    if account_id is not None:
        return incident.account_id == account_id or any(one.account_id == account_id for one in incident.points)
    return (
        incident.account_id is None
        and _upper(incident.account) == signal.account.upper()
        and incident.receiver == signal.receiver
        and incident.line == signal.line
    )


def _same_zone(incident: Incident, reading: Reading) -> bool:
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


def _is_disputed(incident: Incident) -> bool:
    return incident.reason in (reasons.DISPUTED, reasons.DISPUTED_UNKNOWN_CODE)


def _open(
    reading: Reading,
    signal: SignalBody,
    signal_id: SignalId,
    account_id: Ref | None,
    site_id: Ref | None,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened:
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
        points=(_point(reading, signal, account_id),) if _lasts(signal, catalogue) else (),
        priority=_priority(reading),
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
) -> IncidentJoined:
    asked = _priority(reading)
    priority = asked if asked < incident.priority else incident.priority
    point = _point(reading, signal, account_id)
    is_new = not _has(incident, point)
    is_added = is_new and _lasts(signal, catalogue)
    has_room = len(incident.points) < POINTS_MAX
    silent = incident.silent or reading.silent
    confirmed = incident.confirmed or _confirms(incident, point, catalogue)
    return IncidentJoined(
        at=signal.received_at,
        code=reading.code,
        condition="active",
        config=config,
        confirmed=confirmed,
        exercise=incident.exercise,
        gap_s=_gap_s(signal, incident),
        is_alarm=True,
        is_news=is_new or priority < incident.priority or silent != incident.silent or incident.condition != "active",
        kind=_kind(reading),
        points_added=(point,) if is_added and has_room else (),
        points_ended=(),
        points_full=incident.points_full or (is_added and not has_room),
        priority=priority,
        raised_from=incident.priority if priority < incident.priority else None,
        reason=reason,
        signal=signal_id,
        silent=silent,
        zone=reading.zone,
    )


def _confirms(incident: Incident, point: Point, catalogue: Catalogue) -> bool:
    """Another detector of an alarm: another account, or another zone of the same. What names no zone proves nothing."""
    if point.kind not in ALARM_KINDS or incident.hazard == "technical" or _is_disputed(incident):
        return False
    if any(_is_another(one.account_id, one.account, one.zone, point) for one in incident.points if _alarms(one)):
        return True
    # A motion detector returns within seconds, so the one that opened it counts too.
    return _first_kind(incident, catalogue) in ALARM_KINDS and _is_another(
        incident.account_id, _upper(incident.account), incident.zone, point
    )


def _alarms(point: Point) -> bool:
    return point.kind in ALARM_KINDS


def _is_another(account_id: Ref | None, account: AccountNumber | None, zone: Code | None, point: Point) -> bool:
    if account_id != point.account_id or (account_id is None and account != point.account):
        return True
    return _is_zone(zone) and _is_zone(point.zone) and zone != point.zone


def _first_kind(incident: Incident, catalogue: Catalogue) -> str | None:
    """What the signal was that opened it: alarm, fault, ..."""
    code = incident.code or ""
    rule = catalogue.codes.get(("SIA", code) if len(code) == 2 else ("CID", code[1:]))
    return None if rule is None else rule.kind


def _is_zone(zone: Code | None) -> bool:
    return zone is not None and zone != "0" and "-" not in zone


# Information ---------------------------------------------------------------------------------------------------------


def _inform(
    reading: Reading,
    signal: SignalBody,
    signal_id: SignalId,
    account_id: Ref | None,
    among: list[Incident],
    config: int,
    catalogue: Catalogue,
) -> tuple[Ref, IncidentJoined] | Code:
    """Priority 5 opens nothing: it joins what it speaks about at the same account, or is filed."""
    if reading.reason == reasons.UNKNOWN_ACCOUNT_QUEUE:
        return reading.reason
    of_account = [one for one in among if _is_of(one, signal, account_id)]
    ending = [(one, ended_points(one, reading, signal, account_id, catalogue)) for one in of_account]
    holding = [pair for pair in ending if pair[1]]
    if holding:
        incident, ended = max(holding, key=lambda pair: _rank(pair[0], reading))
        return incident.id, _tell(reading, signal, signal_id, incident, ended, reasons.RESTORED, config)
    speaks_of = [one for one in of_account if _speaks_of(one, reading, catalogue)]
    if speaks_of:
        incident = max(speaks_of, key=lambda one: _rank(one, reading))
        return incident.id, _tell(reading, signal, signal_id, incident, (), _why_told(reading), config)
    return _why_filed(reading, signal)


def _rank(incident: Incident, reading: Reading) -> tuple[bool, bool, bool, int, int]:
    """Same zone first; then alarms before faults, the type itself before its class, and the latest."""
    zone = point_zone(reading.zone)
    is_zone = _same_zone(incident, reading) or any(one.zone == zone for one in incident.points)
    return (
        is_zone,
        incident.hazard != "technical",
        incident.type == reading.type,
        incident.alarm_at,
        incident.number,
    )


def _speaks_of(incident: Incident, reading: Reading, catalogue: Catalogue) -> bool:
    """The incident is what the information speaks about: by its type, or by what its codes open without a zone list."""
    if reading.type is None:
        return reading.kind in ("cancel", "open") and incident.hazard == "intrusion"
    if reading.type == UNCLASSIFIED and not reading.is_known_code:
        return False  # over, says an unknown code; of what, its point alone could tell
    if incident.type.partition(".")[0] == reading.type:
        return True
    for one in incident.points:
        rule = catalogue.codes.get((one.format, one.code))
        if rule is not None and rule.type == reading.type:
            return True
    return False


def _tell(
    reading: Reading,
    signal: SignalBody,
    signal_id: SignalId,
    incident: Incident,
    ended: tuple[Point, ...],
    reason: Code,
    config: int,
) -> IncidentJoined:
    return IncidentJoined(
        at=signal.received_at,
        code=reading.code,
        condition=_condition_after(incident, ended),
        config=config,
        confirmed=incident.confirmed,
        exercise=incident.exercise,
        gap_s=_gap_s(signal, incident),
        is_alarm=False,
        is_news=False,
        kind=_kind(reading),
        points_added=(),
        points_ended=ended,
        points_full=incident.points_full,
        priority=incident.priority,
        raised_from=None,
        reason=reason,
        signal=signal_id,
        silent=incident.silent,
        zone=reading.zone,
    )


def _condition_after(incident: Incident, ended: tuple[Point, ...]) -> Condition:
    """Returned where nothing is active any more, as far as anybody can know."""
    if ended and len(ended) == len(incident.points) and not incident.points_full:
        return "returned"
    return incident.condition


def _why_told(reading: Reading) -> Code:
    match reading.kind:
        case "restoral" | "trouble_restoral":
            return reasons.RESTORED_NOTHING
        case "cancel":
            return reasons.CANCELLED
        case "open":
            return reasons.DISARMED
        case _:
            return reasons.INFORMATION


_FILED: Final[dict[str, Code]] = {
    "test": reasons.FILED_TEST,
    "open": reasons.FILED_OPEN,
    "close": reasons.FILED_CLOSE,
    "bypass": reasons.FILED_BYPASS,
    "restoral": reasons.FILED_RESTORAL,
    "trouble_restoral": reasons.FILED_RESTORAL,
    "cancel": reasons.FILED_CANCEL,
}


def _why_filed(reading: Reading, signal: SignalBody) -> Code:
    if not signal.known:
        return reasons.UNKNOWN_ACCOUNT_QUEUE
    if not reading.is_known_code:
        return reasons.FILED_UNKNOWN_RESTORAL
    return _FILED.get(reading.kind or "", reasons.FILED_INFORMATION)


# Parts ---------------------------------------------------------------------------------------------------------------


def _point(reading: Reading, signal: SignalBody, account_id: Ref | None) -> Point:
    """What is active now. Of a disputed signal it is the account that the data name: nobody else's restoral ends it."""
    assert reading.type is not None, "what opens has a type"
    named = _upper(signal.data_account) if signal.disputed else None
    return Point(
        account=named or AccountNumber(signal.account.upper()),
        account_id=None if named else account_id,
        code=signal.code or Code("-"),
        format=signal.format or Code("-"),
        kind=_kind(reading),
        type=reading.type,
        zone=point_zone(reading.detector),
    )


def _lasts(signal: SignalBody, catalogue: Catalogue) -> bool:
    """It tells of something that goes on until a restoral, not only of something that happened.

    "Silenced at the panel" or "verified in partition 1" happened: with a point, nothing would ever end it, and an
    incident whose detectors have all returned would be called active for good.
    """
    rule = catalogue.codes.get((signal.format or "", signal.code or ""))
    if rule is None or signal.disputed or rule.type == UNCLASSIFIED:
        return True
    if rule.address_is == "partition" or rule.kind == "other":
        return False
    return rule.kind in LASTING_KINDS or rule.kind_restore != rule.kind


def _has(incident: Incident, point: Point) -> bool:
    """The same detector says the same: type and kind follow from code and configuration, so they need not agree."""
    return any(
        one.zone == point.zone
        and one.code == point.code
        and is_at(one, point.account, point.account_id)
        and one.format == point.format
        for one in incident.points
    )


def _priority(reading: Reading) -> Priority:
    assert 1 <= reading.priority < INFORMATION, "what opens has a priority of an incident"
    return cast("Priority", reading.priority)


def _kind(reading: Reading) -> Code:
    return Code(reading.kind or UNKNOWN_KIND)


def _upper(account: AccountNumber | None) -> AccountNumber | None:
    return None if account is None else AccountNumber(account.upper())


def _gap_s(signal: SignalBody, incident: Incident) -> int:
    return max(0, (signal.received_at - incident.last_at) // SECOND)
