"""Information, priority 5: it opens nothing, and joins what it speaks about at the same account, or is filed."""

from collections.abc import Sequence
from typing import Final

from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import Incident, IncidentJoined, IncidentRestored, Point
from tocsin.model.signals import SignalBody
from tocsin.model.values import Code, Ref, SignalId
from tocsin.rules import reasons
from tocsin.rules.belonging import is_of, same_zone, seen_as, usable
from tocsin.rules.chatter import chatters
from tocsin.rules.classify import UNCLASSIFIED, Reading
from tocsin.rules.points import gap_s, kind_of
from tocsin.rules.restorals import condition_after, ended_points, point_zone, says_over


def inform(
    reading: Reading,
    signal: SignalBody,
    signal_id: SignalId,
    account_id: Ref | None,
    among: list[Incident],
    config: int,
    catalogue: Catalogue,
) -> tuple[Incident, IncidentJoined] | Code:
    """Priority 5 opens nothing: it joins what it speaks about at the same account, or is filed."""
    if reading.reason == reasons.UNKNOWN_ACCOUNT_QUEUE:
        return reading.reason
    of_account = [one for one in among if any(is_of(merged, signal, account_id) for merged in seen_as(one))]
    ending = [(one, ended_points(one, reading, signal, account_id, catalogue)) for one in of_account]
    holding = [pair for pair in ending if pair[1]]
    if holding:
        incident, ended = max(holding, key=lambda pair: _rank(pair[0], reading))
        return incident, _tell(reading, signal, signal_id, incident, ended, reasons.RESTORED, config)
    speaks_of = [one for one in of_account if any(_speaks_of(merged, reading, catalogue) for merged in seen_as(one))]
    if speaks_of:
        incident = max(speaks_of, key=lambda one: _rank(one, reading))
        return incident, _tell(reading, signal, signal_id, incident, (), _why_told(reading), config)
    return _why_filed(reading, signal)


def _rank(incident: Incident, reading: Reading) -> tuple[bool, bool, bool, int, int]:
    """Same zone first; then alarms before faults, the type itself before its class, and the latest."""
    zone = point_zone(reading.zone)
    is_zone = same_zone(incident, reading) or any(one.zone == zone for one in incident.points)
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
        condition=condition_after(incident, ended),
        config=config,
        confirmed=incident.confirmed,
        exercise=incident.exercise,
        gap_s=gap_s(signal, incident),
        is_alarm=False,
        is_news=False,
        kind=kind_of(reading),
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
    for incident in sorted(usable(candidates, signal, reading), key=lambda one: one.number):
        if incident.id == joined or not any(is_of(merged, signal, account_id) for merged in seen_as(incident)):
            continue
        ended = ended_points(incident, reading, signal, account_id, catalogue)
        # A detector that chatters there stays active until it has been quiet: else each of its words would be a fact.
        ended = tuple(point for point in ended if not chatters(incident, point))
        if ended:
            body = IncidentRestored(
                at=signal.received_at,
                condition=condition_after(incident, ended),
                config=config,
                exercise=incident.exercise,
                points_ended=ended,
                signal=signal_id,
            )
            others.append((incident.id, body))
    return others
