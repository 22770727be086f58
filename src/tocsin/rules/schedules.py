"""Schedules: which incident follows where a place does not open, close or test in time, or opens at odd hours. Pure.

What comes later sets it to returned and closes nothing. Which time counts is worked out in `centre.schedule_times`.
Source: CONSOLE.md, section 13; issue of sites and time.
"""

from typing import Final

from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import Incident, IncidentJoined, IncidentOpened, Point
from tocsin.model.schedules import Awaited
from tocsin.model.values import AccountNumber, Code, Micros, Ref
from tocsin.rules import reasons
from tocsin.rules.supervision import joined_by_centre, opened_by_centre

NOT_OPENED_TYPE: Final = Code("WELFARE-NOTOPENED")
SCHEDULE_TYPE: Final = Code("INT-SCHEDULE")
NOT_TESTED_TYPE: Final = Code("TECH-OVERDUE")
POINT_FORMAT: Final = Code("schedule")
"""`format` of a point that stands for what a schedule waits for: no code table has it."""

LATE_S: Final = 60
"""Told later than this, it says so."""

_MISSED: Final[dict[Awaited, tuple[Code, Code, Code, Code]]] = {
    "open": (NOT_OPENED_TYPE, reasons.NOT_OPENED, reasons.NOT_OPENED_TOLD_LATE, Code("not_opened")),
    "close": (SCHEDULE_TYPE, reasons.NOT_CLOSED, reasons.NOT_CLOSED_TOLD_LATE, Code("not_closed")),
    "test": (NOT_TESTED_TYPE, reasons.NOT_TESTED, reasons.NOT_TESTED_TOLD_LATE, Code("not_tested")),
}
OUTSIDE: Final = Code("opened_outside")
_ENDS: Final[dict[Awaited, tuple[tuple[Code, Code], ...]]] = {
    "open": ((Code("not_opened"), reasons.OPENED_LATE),),
    "close": ((Code("not_closed"), reasons.CLOSED_LATE), (OUTSIDE, reasons.CLOSED_AGAIN)),
    "test": ((Code("not_tested"), reasons.TESTED_LATE),),
}
"""What ends what: a closing ends that a place was not closed, and that it was opened outside its hours."""


def is_of_schedule(incident: Incident) -> bool:
    """The centre opened it since a schedule was not kept."""
    return incident.reason in reasons.SCHEDULE


def decide_missed(
    what: Awaited,
    account: AccountNumber,
    account_id: Ref,
    partition: Code | None,
    late_s: int,
    at: Micros,
    own: tuple[Incident, ...],
    *,
    site_id: Ref | None,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened | tuple[Ref, IncidentJoined]:
    """It did not come: open an incident, or join the open one of the same account about the same."""
    type_, in_time, told_late, code = _MISSED[what]
    reason = told_late if late_s > LATE_S else in_time
    return _open_or_join(
        type_, reason, code, account, account_id, partition, at, own,
        site_id=site_id, number=number, config=config, catalogue=catalogue,
    )  # fmt: skip


def decide_outside(
    account: AccountNumber,
    account_id: Ref,
    partition: Code | None,
    at: Micros,
    own: tuple[Incident, ...],
    *,
    site_id: Ref | None,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened | tuple[Ref, IncidentJoined]:
    """It was opened outside its hours: the same."""
    return _open_or_join(
        SCHEDULE_TYPE, reasons.OPENED_OUTSIDE, OUTSIDE, account, account_id, partition, at, own,
        site_id=site_id, number=number, config=config, catalogue=catalogue,
    )  # fmt: skip


def decide_came(
    what: Awaited, partition: Code | None, at: Micros, own: tuple[Incident, ...], config: int
) -> list[tuple[Ref, IncidentJoined]]:
    """What was waited for has come: what that ends of the account's open incidents.

    A signal that names no partition speaks for all of them.
    """
    found: list[tuple[Ref, IncidentJoined]] = []
    for incident in own:
        for code, reason in _ENDS[what]:
            ended = tuple(
                point
                for point in incident.points
                if point.format == POINT_FORMAT
                and point.code == code
                and (partition is None or point.zone in (None, _zone_of(partition)))
            )
            if ended:
                left = len(ended) < len(incident.points)
                found.append(
                    (
                        incident.id,
                        joined_by_centre(
                            incident,
                            at,
                            config,
                            condition="active" if left else "returned",
                            gap_s=max(0, (at - incident.last_at) // 1_000_000),
                            is_alarm=False,
                            is_news=False,
                            kind=Code(what),
                            points_ended=ended,
                            reason=reason,
                        ),
                    )
                )
    return found


def _open_or_join(
    type_: Code,
    reason: Code,
    code: Code,
    account: AccountNumber,
    account_id: Ref,
    partition: Code | None,
    at: Micros,
    own: tuple[Incident, ...],
    *,
    site_id: Ref | None,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened | tuple[Ref, IncidentJoined]:
    point = Point(
        account=AccountNumber(account.upper()),
        account_id=account_id,
        code=code,
        format=POINT_FORMAT,
        kind=Code("other"),
        type=type_,
        zone=_zone_of(partition),
    )
    for incident in own:
        if incident.type == type_ and is_of_schedule(incident) and incident.zone == point.zone:
            return incident.id, joined_by_centre(
                incident,
                at,
                config,
                condition="active",
                gap_s=max(0, (at - incident.last_at) // 1_000_000),
                is_alarm=True,
                is_news=True,
                kind=Code("other"),
                points_added=() if point in incident.points else (point,),
                reason=reason,
            )
    return opened_by_centre(
        type_,
        reason,
        (point,),
        at,
        account=account,
        account_id=account_id,
        group=None,
        site_id=site_id,
        zone=point.zone,
        number=number,
        config=config,
        catalogue=catalogue,
    )


def _zone_of(partition: Code | None) -> Code | None:
    return None if partition is None else Code(f"partition-{partition}")
