"""What confirms an incident: a second detector of an alarm, by a table of hazard classes."""

from typing import Final

from tocsin.model.catalogue import Catalogue, HazardClass
from tocsin.model.incidents import ConfirmedBy, Incident, Point
from tocsin.model.values import AccountNumber, Code, Micros, Ref
from tocsin.rules.belonging import is_disputed
from tocsin.rules.classify import ALARM_KINDS
from tocsin.rules.judgement import Confirmation
from tocsin.rules.points import upper

SECOND: Final = 1_000_000


def confirmed_by(
    incident: Incident, point: Point, at: Micros, catalogue: Catalogue, rules: dict[HazardClass, Confirmation]
) -> ConfirmedBy | None:
    """By what this alarm confirms an incident: another account, or another zone of the same; None where it does not.

    What names no zone proves nothing, and what comes long after proves nothing of the first.
    """
    rule = rules[incident.hazard]
    if rule.needs == "nothing" or point.kind not in ALARM_KINDS or is_disputed(incident):
        return None
    if abs(at - incident.alarm_at) > rule.window_s * SECOND:
        return None
    others = [_another(one.account_id, one.account, one.zone, point) for one in incident.points if _alarms(one)]
    if _first_kind(incident, catalogue) in ALARM_KINDS:
        # A motion detector returns within seconds, so the one that opened it counts too.
        others.append(_another(incident.account_id, upper(incident.account), incident.zone, point))
    if "account" in others:
        return "account"
    return "zone" if "zone" in others and rule.needs == "zone" else None


def _alarms(point: Point) -> bool:
    return point.kind in ALARM_KINDS


def _another(
    account_id: Ref | None, account: AccountNumber | None, zone: Code | None, point: Point
) -> ConfirmedBy | None:
    if account_id != point.account_id or (account_id is None and account != point.account):
        return "account"
    return "zone" if _is_zone(zone) and _is_zone(point.zone) and zone != point.zone else None


def _first_kind(incident: Incident, catalogue: Catalogue) -> str | None:
    """What the signal was that opened it: alarm, fault, ..."""
    code = incident.code or ""
    rule = catalogue.codes.get(("SIA", code) if len(code) == 2 else ("CID", code[1:]))
    return None if rule is None else rule.kind


def _is_zone(zone: Code | None) -> bool:
    return zone is not None and zone != "0" and "-" not in zone
