"""What a signal tells of that goes on: its point, and whether an incident has that already."""

from typing import Final, cast

from tocsin.model.catalogue import Catalogue, Priority
from tocsin.model.incidents import Incident, Point
from tocsin.model.signals import SignalBody
from tocsin.model.values import AccountNumber, Code, Ref
from tocsin.rules.classify import INFORMATION, UNCLASSIFIED, Reading
from tocsin.rules.restorals import is_at, point_zone

SECOND: Final = 1_000_000
LASTING_KINDS: Final = frozenset({"alarm", "duress", "tamper", "trouble", "supervisory", "bypass"})
"""Kinds that go on until a restoral."""

UNKNOWN_KIND: Final = Code("unknown")


def point_of(reading: Reading, signal: SignalBody, account_id: Ref | None) -> Point:
    """What is active now. Of a disputed signal it is the account that the data name: nobody else's restoral ends it."""
    assert reading.type is not None, "what opens has a type"
    named = upper(signal.data_account) if signal.disputed else None
    return Point(
        account=named or AccountNumber(signal.account.upper()),
        account_id=None if named else account_id,
        code=signal.code or Code("-"),
        format=signal.format or Code("-"),
        kind=kind_of(reading),
        type=reading.type,
        zone=point_zone(reading.detector),
    )


def lasts(signal: SignalBody, catalogue: Catalogue) -> bool:
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


def has_point(incident: Incident, point: Point) -> bool:
    """The same detector says the same: type and kind follow from code and configuration, so they need not agree."""
    return any(
        one.zone == point.zone
        and one.code == point.code
        and is_at(one, point.account, point.account_id)
        and one.format == point.format
        for one in incident.points
    )


def priority_of(reading: Reading) -> Priority:
    """The priority of what opens or joins: 1 to 4."""
    assert 1 <= reading.priority < INFORMATION, "what opens has a priority of an incident"
    return cast("Priority", reading.priority)


def kind_of(reading: Reading) -> Code:
    """What the signal is; `unknown` where no table has its code."""
    return Code(reading.kind or UNKNOWN_KIND)


def upper(account: AccountNumber | None) -> AccountNumber | None:
    """A number as points have it."""
    return None if account is None else AccountNumber(account.upper())


def gap_s(signal: SignalBody, incident: Incident) -> int:
    """Seconds since the incident's signal before."""
    return max(0, (signal.received_at - incident.last_at) // SECOND)
