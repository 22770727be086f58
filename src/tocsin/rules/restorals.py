"""Which points a restoral ends: the zone that alarmed, by the code families of DC-03 or the code of Contact ID.

Where a code leaves it open, a point stays: an incident that is called active a while too long does less harm than one
that is called returned while its detector still stands in alarm. Source: CODES.md, rules 2 and 4.
"""

from typing import Final

from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import Condition, Incident, Point
from tocsin.model.signals import SignalBody
from tocsin.model.values import AccountNumber, Code, Ref
from tocsin.rules.classify import INFORMATION, Reading, is_restored

RESTORAL_KINDS: Final = frozenset({"restoral", "trouble_restoral"})
ALARMS: Final = frozenset({"alarm", "duress"})
FAULTS: Final = frozenset({"trouble", "supervisory", "tamper"})

FAMILIES: Final = "BFGHKMPQSUWZ"
"""Families of DC-03 that have zones, so that `*R`, `*H`, `*J` and `*U` mean the same in each."""

_VENDOR: Final = frozenset({"PF", "SM"})
"""Extensions of a maker that only look as if they belonged to a family."""

ALSO: Final = {"BH": "EA", "BR": "EA"}
"""What ends with a family though its code is of another: the exit alarm is a burglary zone's."""

PAIRS: Final[dict[str, frozenset[str]]] = {
    restoral: frozenset(ended.split())
    for restoral, ended in {
        "AN": "AS",
        "AR": "AT",
        "BE": "BD",
        "DH": "DL DM",
        "DR": "DF DJ DL DM",
        "EJ": "ES",
        "EN": "EM",
        "ER": "EM ET",
        "FJ": "FT FY",
        "FQ": "FW FZ",
        "FV": "FS FZ",
        "IR": "IA",
        "LR": "LT",
        "NR": "NT",
        "NS": "NA",
        "OV": "OU",
        "PO": "PF",
        "RR": "AT",
        "TH": "TA",
        "TJ": "TT",
        "TR": "TA TT",
        "XC": "SM",
        "XH": "XL XQ",
        "XJ": "XS",
        "XR": "XT",
        "YE": "YD",
        "YH": "YA",
        "YJ": "YI",
        "YK": "YC YS",
        "YQ": "YP",
        "YR": "YM YT",
        "YZ": "YX",
    }.items()
}
"""Restorals of DC-03 that end certain codes, rather than a family's."""


def ended_points(
    incident: Incident, reading: Reading, signal: SignalBody, account_id: Ref | None, catalogue: Catalogue
) -> tuple[Point, ...]:
    """The active points of an incident that this signal ends; none where it is no restoral, or disputed."""
    if not incident.points or not says_over(reading, signal):
        return ()
    zone = point_zone(reading.detector)
    account = AccountNumber(signal.account.upper())
    return tuple(
        point
        for point in incident.points
        if point.zone == zone
        and is_at(point, account, account_id)
        and point.format == signal.format
        and _ends(point, reading, signal, catalogue)
    )


def condition_after(incident: Incident, ended: tuple[Point, ...]) -> Condition:
    """Returned where nothing is active any more, as far as anybody can know."""
    if ended and len(ended) == len(incident.points) and not incident.points_full:
        return "returned"
    return incident.condition


def says_over(reading: Reading, signal: SignalBody) -> bool:
    """The signal can end something: a restoral, or what Contact ID says at qualifier 3. A disputed one never does."""
    return (
        reading.priority == INFORMATION
        and not signal.disputed
        and (reading.kind in RESTORAL_KINDS or (signal.format == "CID" and signal.qualifier == "3"))
    )


def is_at(point: Point, account: AccountNumber, account_id: Ref | None) -> bool:
    """The point is the account's: by its id, whatever its number was then; an unknown one's by its number."""
    return point.account_id == account_id and (account_id is not None or point.account == account)


def point_zone(zone: Code | None) -> Code | None:
    """The zone of a point: zone 0 stands for the whole panel, as no zone does."""
    return None if zone == "0" else zone


def _ends(point: Point, reading: Reading, signal: SignalBody, catalogue: Catalogue) -> bool:
    assert signal.code is not None, "a restoral has a code"
    if signal.format == "CID":
        rule = catalogue.codes.get(("CID", signal.code))
        if rule is None or is_restored(signal, rule):
            return point.code == signal.code
        return point.kind in ALARMS and _type_of(point, catalogue) == reading.type  # 465, the panic alarm is reset
    pair = PAIRS.get(signal.code)
    if pair is not None:
        return point.code in pair
    if signal.code[:1] in FAMILIES and signal.code[1:] in ("H", "J", "R", "U"):
        return _ends_in_family(point, signal.code)
    kinds = ALARMS if reading.kind == "restoral" else FAULTS  # a code that the centre has added
    return point.kind in kinds and _type_of(point, catalogue) == reading.type


def _ends_in_family(point: Point, restoral: str) -> bool:
    if ALSO.get(restoral) == point.code:
        return True
    if point.code[:1] != restoral[0] or point.code in _VENDOR:
        return False
    match restoral[1]:
        case "R":
            return point.kind in ALARMS or point.kind in FAULTS
        case "H":
            return point.kind in ALARMS
        case "J":
            return point.kind in FAULTS
        case _:
            return point.kind == "bypass"


def _type_of(point: Point, catalogue: Catalogue) -> Code | None:
    """The type that the tables give the point's code, whatever the zone list made of it."""
    rule = catalogue.codes.get((point.format, point.code))
    return None if rule is None else rule.type
