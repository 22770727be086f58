"""Supervision: when a path is overdue, what lost paths have in common, and which incident follows. Pure.

One path lost is a fault and never an intrusion. All paths of an armed account lost together, and not all by what many
others lost too, are INT-ALLPATHS. Many lost at once are one incident, and our own side is suspected first.
Source: DC09.md, section 11; STANDARDS.md, sections 3.2 and 5 (lessons 11 and 17); CONSOLE.md, section 13.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from tocsin.data import read_shipped
from tocsin.model.accounts import CATEGORIES
from tocsin.model.catalogue import Catalogue
from tocsin.model.errors import BadInput
from tocsin.model.incidents import POINTS_MAX, Condition, Incident, IncidentJoined, IncidentOpened, Point
from tocsin.model.supervision import (
    LossCause,
    PathMissing,
    PathReturned,
    PathRole,
    SupervisionMissing,
)
from tocsin.model.values import AccountNumber, Code, Micros, Ref, Words
from tocsin.rules import reasons

PROFILE_FILE: Final = "profiles/en50136-1.toml"
FACTOR: Final = 2.0
GRACE_S: Final = 30.0
"""A path with an interval is overdue after interval x FACTOR + GRACE_S: one poll may be lost, and a retry be late."""

SCAN_S: Final = 1.0
"""What is overdue is looked for so often, and told so much early, that no limit is ever passed unseen."""

ALIKE: Final = 0.2
"""Gaps between polls that differ by at most a fifth are alike."""

LEARN_GAPS: Final = 2
"""So many gaps alike, which is three polls, teach an interval."""

INTERVAL_S_MIN: Final = 5.0
"""Polls closer together are no interval: a panel that starts, or one that repeats itself."""

LATE_FACTOR: Final = 1.2
"""Later than its own interval by a fifth: shown as late."""

MANY: Final = 5
"""With fewer lost, nothing is called common: two neighbours' power cuts prove nothing about us."""

MANY_OF_NETWORK: Final = 10
"""So many lost within WINDOW_S behind one network have that in common, however many others there are behind it."""

SHARE: Final = 0.5
"""Or so large a part of those that are watched."""

WINDOW_S: Final = 60.0
POLLS_MISSED: Final = 10.0
"""Or nobody was heard for so long that so many polls should have come: chance makes that once in twenty thousand."""

TOGETHER_S: Final = 600.0
"""Paths were lost together where the times in which each was lost are no further apart."""

OVERDUE_TYPE: Final = Code("TECH-OVERDUE")
LINE_TYPE: Final = Code("TECH-LINE")
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


# Limits --------------------------------------------------------------------------------------------------------------


class CategoryFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a path of one category may stay lost unseen, and where the figure comes from."""

    id: Code
    limit_s: int
    alternative_s: int | None = None
    """Of the second path; None: the category has one path."""
    source: Words
    evidence: str
    checked_by: Words
    checked_on: Words = Words("")

    @property
    def is_confirmed(self) -> bool:
        """It stands in a public text, or somebody compared it with the bought one."""
        return self.evidence == "C" or bool(self.checked_by)


class _Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    title: str
    wording: str


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    profile: _Profile
    category: list[CategoryFigures]


def load_categories(text: str) -> dict[Code, CategoryFigures]:
    """Read the figures of all categories from a profile's text.

    Raises:
        BadInput: it cannot be read, or a category is missing, doubled, unknown or has no sensible limit. None is used.
    """
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadInput(
            f"The figures for supervision cannot be read: {error}. None of them is used. Mend the profile",
            "profile.supervision",
        ) from error
    found = {one.id: one for one in file.category}
    wrong = sorted(set(CATEGORIES) ^ found.keys())
    wrong += [
        one.id
        for one in file.category
        if one.limit_s <= SCAN_S
        or (one.alternative_s is None) != one.id.startswith("SP")
        or (one.alternative_s or one.limit_s) < one.limit_s
        or one.evidence not in ("C", "M")
    ]
    if wrong or len(found) != len(file.category):
        raise BadInput(
            f"The figures for supervision are wrong at {', '.join(wrong) or 'a category that comes twice'}. None of "
            "them is used. Mend the profile: each of SP1 to SP6 and DP1 to DP4 once, DP with a second limit",
            "profile.supervision",
        )
    return found


@cache
def shipped_categories() -> dict[Code, CategoryFigures]:
    """The figures that ship with the product. Read once."""
    return load_categories(read_shipped(PROFILE_FILE))


def limit_s(
    category: Code | None,
    interval_s: float | None,
    figures: Mapping[Code, CategoryFigures],
    role: PathRole = "only",
) -> float | None:
    """How long a path may be silent; None: it is not supervised.

    `interval_s`: as set, or learnt; None: there is none. The interval's limit counts, but never more than the
    category's, less one scan.
    """
    found = None if category is None else figures.get(category)
    ceiling: float | None = None
    if found is not None:
        ceiling = float(found.alternative_s or found.limit_s) if role == "alternative" else float(found.limit_s)
    by_interval = None if interval_s is None else interval_s * FACTOR + GRACE_S
    if role == "alternative":
        by_interval = None  # the interval is that of the path that polls; the second one may be tested once a day
    if ceiling is None:
        return by_interval
    return ceiling if by_interval is None else min(by_interval, ceiling)


def is_tight(category: Code | None, interval_s: int | None, figures: Mapping[Code, CategoryFigures]) -> bool:
    """One lost poll raises a false fault: polls are further apart than half of the category's limit."""
    found = None if category is None else figures.get(category)
    return found is not None and interval_s is not None and interval_s * 2 > found.limit_s


def are_alike(one_s: float, other_s: float) -> bool:
    """Two gaps between polls are within a fifth of each other, and long enough to be an interval."""
    return min(one_s, other_s) >= INTERVAL_S_MIN and abs(one_s - other_s) <= ALIKE * max(one_s, other_s)


# What they have in common --------------------------------------------------------------------------------------------


class Crowd(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Watched paths that share something, when some of them have just been lost."""

    cause: LossCause
    group: Code
    lost: int
    """Lost within WINDOW_S, those of now among them."""
    missing: int
    """All that are missing, since whenever, those of now among them."""
    heard: int
    """Those that are not missing."""
    missed_polls: float
    """Polls that should have come from those since any of them was last heard."""
    silent_s: float = 0.0
    """Since any of those was last heard."""
    gap_s: float = 0.0
    """Between two polls of one of those: half of them poll more often."""
    is_known: bool = False
    """It was called common before, and nobody has said that it is over."""


def is_common(crowd: Crowd) -> bool:
    """The loss is one happening: of what they share, not of each of them."""
    if crowd.is_known and crowd.missing >= MANY:
        return True
    if crowd.lost + crowd.heard < MANY or not crowd.lost:
        return False
    if crowd.lost >= MANY and crowd.lost >= SHARE * (crowd.lost + crowd.heard):
        return True
    if crowd.cause == "network" and crowd.lost >= MANY_OF_NETWORK:
        return True
    # After a restart of ours all panels poll in step: silence counts only where it is longer than their interval.
    is_silent = crowd.heard > 0 and crowd.silent_s > LATE_FACTOR * crowd.gap_s
    return is_silent and crowd.missed_polls >= POLLS_MISSED


def were_lost_together(heard_at_s: float, limit_s_: float, other_heard_at_s: float, other_limit_s: float) -> bool:
    """Two paths could have been lost at one time: each was, between when it was last heard and its limit."""
    begin, end = max(heard_at_s, other_heard_at_s), min(heard_at_s + limit_s_, other_heard_at_s + other_limit_s)
    return begin - end <= TOGETHER_S


# Incidents -----------------------------------------------------------------------------------------------------------


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
    site_id: Ref | None,
    number: int,
    config: int,
    catalogue: Catalogue,
) -> IncidentOpened | tuple[Ref, IncidentJoined]:
    """One path by itself: open an incident, or join the open one of the same account and type.

    `own` are the account's open incidents of this kind; a flapping path stays in one of them.
    """
    type_, reason = _what_is_it(path, is_armed=is_armed)
    point = point_of(path.account, path.account_id, path.path, type_)
    for incident in own:
        if incident.type == type_ and is_outage(incident):
            return incident.id, _again(incident, (point,), at, config, reasons.LOST_AGAIN)
    return _opened(
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
    return _opened(
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
    return _joined(
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


def _what_is_it(path: PathMissing, *, is_armed: bool) -> tuple[Code, Code]:
    if not path.all_lost:
        return LINE_TYPE, reasons.LOST_PATH
    if path.together and is_armed:
        return ALL_PATHS_TYPE, reasons.LOST_ALL_PATHS
    return OVERDUE_TYPE, reasons.OVERDUE


def _opened(
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
    return _joined(
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


def _joined(
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
