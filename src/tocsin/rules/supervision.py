"""Supervision: which incident follows where paths are missing, and what becomes of it. Pure.

One path lost is a fault and never an intrusion. All paths of an armed account, or of an armed site with all its
accounts, lost together, and not all by what many others lost too, are INT-ALLPATHS. Many lost at once are one incident,
and our own side is suspected first. Who is overdue and what many have in common is judged in `centre.categories`,
`centre.shared_losses` and `centre.site_losses`.
Source: DC09.md, section 11; STANDARDS.md, sections 3.2 and 5 (lessons 11 and 17); CONSOLE.md, section 13.
"""

from typing import Final

from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import POINTS_MAX, Condition, Incident, IncidentJoined, IncidentOpened, Point
from tocsin.model.supervision import LossCause, PathMissing, PathReturned, PathRole, SupervisionMissing
from tocsin.model.values import AccountNumber, Code, Micros, Ref
from tocsin.rules import reasons

OVERDUE_TYPE: Final = Code("TECH-OVERDUE")
LINE_TYPE: Final = Code("TECH-LINE")
SOURCE_TYPE: Final = Code("TECH-SOURCE")
ALL_PATHS_TYPE: Final = Code("INT-ALLPATHS")
RECEIVER_TYPE: Final = Code("TECH-RECEIVER")
PATH_FORMAT: Final = Code("path")
"""`format` of a point that stands for a path: no code table has it."""

PATH_CODE: Final = Code("not_heard")
COMMON_TYPES: Final[dict[LossCause, tuple[Code, Code]]] = {
    "receiver": (RECEIVER_TYPE, reasons.LOST_RECEIVER),
    "transport": (RECEIVER_TYPE, reasons.LOST_TRANSPORT),
    "network": (LINE_TYPE, reasons.LOST_NETWORK),
}
"""What a common loss opens: our own side first."""


def point_of(account: AccountNumber, account_id: Ref, path: PathRole, type_: Code) -> Point:
    """What is active in an incident while this path is missing."""
    return Point(
        account=AccountNumber(account.upper()),
        account_id=account_id,
        code=PATH_CODE,
        format=PATH_FORMAT,
        kind=Code("trouble"),
        type=type_,
        zone=None if path == "only" else Code(f"path-{path}"),
    )


def is_outage(incident: Incident) -> bool:
    """The centre opened it for paths that were not heard."""
    return incident.reason in reasons.OUTAGES


def decide_missing(
    path: PathMissing,
    at: Micros,
    own: tuple[Incident, ...],
    *,
    is_armed: bool,
    is_source: bool = False,
    of_site: tuple[Incident, ...] = (),
    site_id: Ref | None,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened | tuple[Ref, IncidentJoined]:
    """One path by itself: open an incident, or join the open one of the same account and type.

    `own` are the account's open incidents of this kind; a flapping path stays in one of them. `is_armed`: the account,
    or, where all of its site was lost, some account there. `is_source`: a source has it, and no panel.
    `of_site` are the open ones of all accounts of the site: the loss of all its paths is one incident, whichever
    account is told first.
    """
    type_, reason = _what_is_it(path, is_armed=is_armed, is_source=is_source)
    point = point_of(path.account, path.account_id, path.path, type_)
    for incident in (*own, *of_site) if type_ == ALL_PATHS_TYPE else own:
        if incident.type == type_ and is_outage(incident):
            return incident.id, _again(incident, (point,), at, config, reasons.LOST_AGAIN)
    return opened_by_centre(
        type_,
        reason,
        (point,),
        at,
        account=path.account,
        account_id=path.account_id,
        group=None,
        site_id=site_id,
        zone=point.zone if type_ == LINE_TYPE else None,
        number=number,
        config=config,
        catalogue=catalogue,
    )


def decide_common(
    fact: SupervisionMissing, at: Micros, open_: Incident | None, *, number: int, config: int, catalogue: Catalogue
) -> IncidentOpened | tuple[Ref, IncidentJoined]:
    """Many at once: one incident names them all. `open_` is that of the same group, where there is one."""
    assert fact.cause is not None, "a common loss has a cause"
    type_, reason = COMMON_TYPES[fact.cause]
    points = tuple(point_of(path.account, path.account_id, path.path, type_) for path in fact.paths)
    if open_ is not None:
        return open_.id, _again(open_, points, at, config, reasons.LOST_MORE)
    return opened_by_centre(
        type_,
        reason,
        points,
        at,
        account=None,
        account_id=None,
        group=fact.group,
        site_id=None,
        zone=None,
        number=number,
        config=config,
        catalogue=catalogue,
    )


def decide_returned(
    incident: Incident, paths: tuple[PathReturned, ...], left: int, at: Micros, config: int
) -> IncidentJoined:
    """Paths of one incident are missing no more. It closes nothing. `left`: how many of its paths still are."""
    gone = {(path.account_id, None if path.path == "only" else Code(f"path-{path.path}")) for path in paths}
    ended = tuple(
        point for point in incident.points if point.format == PATH_FORMAT and (point.account_id, point.zone) in gone
    )
    is_heard = any(path.reason == "heard" for path in paths)
    condition: Condition = "returned" if left == 0 else incident.condition
    return joined_by_centre(
        incident,
        at,
        config,
        condition=condition,
        gap_s=max((path.away_s for path in paths), default=0),
        is_alarm=False,
        is_news=False,
        kind=Code("trouble_restoral"),
        points_ended=ended,
        reason=reasons.HEARD_AGAIN if is_heard else reasons.UNWATCHED,
    )


def _what_is_it(path: PathMissing, *, is_armed: bool, is_source: bool) -> tuple[Code, Code]:
    if not path.all_lost:
        return LINE_TYPE, reasons.LOST_PATH
    if path.together and is_armed:
        return ALL_PATHS_TYPE, reasons.LOST_SITE if path.of_site else reasons.LOST_ALL_PATHS
    return (SOURCE_TYPE, reasons.SOURCE_SILENT) if is_source else (OVERDUE_TYPE, reasons.OVERDUE)


def opened_by_centre(
    type_: Code,
    reason: Code,
    points: tuple[Point, ...],
    at: Micros,
    *,
    account: AccountNumber | None,
    account_id: Ref | None,
    group: Code | None,
    site_id: Ref | None,
    zone: Code | None,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened:
    """What the centre opens by itself, with the type's own class and priority."""
    found = catalogue.types[type_]
    return IncidentOpened(
        account=account,
        account_id=account_id,
        catalogue=catalogue.version,
        code=None,
        config=config,
        exercise=False,
        hazard=found.hazard,
        line=group,
        number=number,
        opened_at=at,
        origin="centre",
        points=points[:POINTS_MAX],
        priority=found.priority,
        reason=reason,
        receiver=None,
        signal=None,
        silent=False,
        site_id=site_id,
        type=type_,
        zone=zone,
    )


def _again(incident: Incident, points: tuple[Point, ...], at: Micros, config: int, reason: Code) -> IncidentJoined:
    new = tuple(point for point in points if point not in incident.points)
    room = POINTS_MAX - len(incident.points)
    return joined_by_centre(
        incident,
        at,
        config,
        condition="active",
        gap_s=max(0, (at - incident.last_at) // 1_000_000),
        is_alarm=True,
        is_news=incident.condition == "returned",
        kind=Code("trouble"),
        points_added=new[:room],
        points_full=incident.points_full or len(new) > room,
        reason=reason,
    )


def joined_by_centre(
    incident: Incident,
    at: Micros,
    config: int,
    *,
    condition: Condition,
    gap_s: int,
    is_alarm: bool,
    is_news: bool,
    kind: Code,
    reason: Code,
    points_added: tuple[Point, ...] = (),
    points_ended: tuple[Point, ...] = (),
    points_full: bool | None = None,
) -> IncidentJoined:
    """What the centre adds to one of its own incidents. No signal comes with it."""
    return IncidentJoined(
        at=at,
        code=None,
        condition=condition,
        config=config,
        confirmed=incident.confirmed,
        exercise=incident.exercise,
        gap_s=gap_s,
        is_alarm=is_alarm,
        is_news=is_news,
        kind=kind,
        points_added=points_added,
        points_ended=points_ended,
        points_full=incident.points_full if points_full is None else points_full,
        priority=incident.priority,
        raised_from=None,
        reason=reason,
        signal=None,
        silent=incident.silent,
        zone=None,
    )
