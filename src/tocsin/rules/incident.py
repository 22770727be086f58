"""What a fact makes of an incident: one function, live and in a rebuild. It decides nothing (DESIGN.md, journal, 7)."""

from typing import Final, TypeAlias, assert_never

from msgspec.structs import replace

from tocsin.model.action_plans import (
    PLAN_BEGUN,
    PLAN_ENDED,
    STEP_DONE,
    STEP_OVERDUE,
    STEP_WAIVED,
    PlanBegun,
    PlanEnded,
    StepDone,
    StepOverdue,
    StepWaived,
)
from tocsin.model.call_forms import INCIDENT_REPORTED, IncidentReported
from tocsin.model.calls import IncidentCalled
from tocsin.model.escalation import Escalation, IncidentEscalated, IncidentLookAgain
from tocsin.model.help_note import REVIEW_HOURS, IncidentHelpNoted
from tocsin.model.incidents import (
    SOURCES_MAX,
    Incident,
    IncidentAbsorbed,
    IncidentClaimed,
    IncidentClosed,
    IncidentFolded,
    IncidentGivenBack,
    IncidentJoined,
    IncidentMerged,
    IncidentNoted,
    IncidentOpened,
    IncidentParted,
    IncidentPlaced,
    IncidentQuieted,
    IncidentReleased,
    IncidentReopened,
    IncidentRestored,
    IncidentShelved,
    IncidentUnmerged,
    IncidentUnshelved,
    Point,
    Presentation,
    Shelved,
    Source,
)
from tocsin.model.keyholders import IncidentPhraseChecked
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.action_plan_state import apply_plan, ended
from tocsin.rules.reasons import LOST_AGAIN, OUTAGES

REVIEW_US: Final = REVIEW_HOURS * 3_600_000_000
MINUTE_US: Final = 60_000_000

IncidentBody: TypeAlias = (
    IncidentOpened
    | IncidentJoined
    | IncidentFolded
    | IncidentQuieted
    | IncidentMerged
    | IncidentAbsorbed
    | IncidentUnmerged
    | IncidentGivenBack
    | IncidentParted
    | IncidentRestored
    | IncidentPlaced
    | IncidentClaimed
    | IncidentReleased
    | IncidentNoted
    | IncidentClosed
    | IncidentReopened
    | IncidentShelved
    | IncidentUnshelved
    | IncidentHelpNoted
    | IncidentPhraseChecked
    | IncidentEscalated
    | IncidentLookAgain
    | IncidentCalled
    | IncidentReported
    | PlanBegun
    | StepDone
    | StepWaived
    | StepOverdue
    | PlanEnded
)
"""Every fact about one incident."""

BODIES: Final[dict[str, type[IncidentBody]]] = {
    "incident.opened": IncidentOpened,
    "incident.joined": IncidentJoined,
    "incident.folded": IncidentFolded,
    "incident.quieted": IncidentQuieted,
    "incident.merged": IncidentMerged,
    "incident.absorbed": IncidentAbsorbed,
    "incident.unmerged": IncidentUnmerged,
    "incident.given_back": IncidentGivenBack,
    "incident.parted": IncidentParted,
    "incident.restored": IncidentRestored,
    "incident.placed": IncidentPlaced,
    "incident.claimed": IncidentClaimed,
    "incident.released": IncidentReleased,
    "incident.noted": IncidentNoted,
    "incident.closed": IncidentClosed,
    "incident.reopened": IncidentReopened,
    "incident.shelved": IncidentShelved,
    "incident.unshelved": IncidentUnshelved,
    "incident.help_noted": IncidentHelpNoted,
    "incident.phrase_checked": IncidentPhraseChecked,
    "incident.escalated": IncidentEscalated,
    "incident.look_again": IncidentLookAgain,
    "incident.called": IncidentCalled,
    INCIDENT_REPORTED: IncidentReported,
    PLAN_BEGUN: PlanBegun,
    STEP_DONE: StepDone,
    STEP_WAIVED: StepWaived,
    STEP_OVERDUE: StepOverdue,
    PLAN_ENDED: PlanEnded,
}
"""The body of each kind of fact about an incident."""


def apply(
    incident: Incident | None, body: IncidentBody, *, seq: Seq, at: Micros, actor: Actor | None, id_: Ref
) -> Incident:
    """Return the incident as it is after the fact. `incident` is None for the fact that opens it, and never else.

    `seq`, `at` and `actor` are those of the fact's entry; `id_` is the incident's id, which of an opening is
    `incident-` and `seq`.
    """
    if isinstance(body, IncidentOpened):
        assert incident is None, "an incident is opened once"
        return _opened(body, seq, id_)
    assert incident is not None, "only an opened incident has further facts"
    assert seq > incident.version, "facts come in order"
    match body:
        case IncidentJoined():
            return _joined(incident, body, seq)
        case IncidentFolded():
            return replace(folded(incident, body), version=seq)
        case IncidentQuieted():
            return replace(
                incident,
                condition=body.condition,
                points=_without(incident.points, body.points_ended),
                sources=tuple(one for one in incident.sources if source_key(one) not in map(source_key, body.sources)),
                version=seq,
            )
        case IncidentRestored():
            return replace(
                incident,
                condition=body.condition,
                points=_without(incident.points, body.points_ended),
                version=seq,
            )
        case IncidentPlaced():
            return replace(incident, account_id=body.account_id, points=body.points, site_id=body.site_id, version=seq)
        case IncidentClaimed():
            return replace(
                incident,
                acted=seq,
                claimed_at=at,
                claimed_by=actor,
                escalated=_kept(incident),
                presentation=_off_shelf(incident),
                shelved=None,
                version=seq,
            )
        case IncidentReleased():
            return replace(incident, acted=seq, claimed_at=None, claimed_by=None, version=seq)
        case IncidentNoted():
            return replace(incident, acted=seq, version=seq)
        case IncidentClosed():
            return _closed(incident, body, seq, at, actor)
        case IncidentReopened():
            return replace(
                incident,
                acted=seq,
                claimed_at=at,
                claimed_by=actor,
                closed_at=None,
                closed_by=None,
                disposition=None,
                merged_into=None,
                presentation=body.presentation or incident.presentation,
                state="open",
                test=None if body.presentation == "shown" else incident.test,
                version=seq,
            )
        case IncidentShelved():
            return replace(
                incident,
                acted=seq,
                claimed_at=None,
                claimed_by=None,
                escalated=_kept(incident),
                presentation="shelved",
                shelved=Shelved(at=at, by=actor, reason=body.reason, until=Micros(at + body.minutes * MINUTE_US)),
                version=seq,
            )
        case IncidentUnshelved():
            # By the centre, it is as if it came in now: nobody closes or shelves it without having seen that.
            news = seq if actor is None else incident.alarmed
            return replace(
                incident,
                acted=incident.acted if actor is None else seq,
                alarmed=news,
                presentation=_off_shelf(incident),
                shelved=None,
                version=seq,
            )
        case IncidentMerged():
            closed = IncidentClosed(disposition=body.disposition, exercise=body.exercise, note=None)
            return replace(_closed(incident, closed, seq, at, actor), merged_into=body.into)
        case IncidentAbsorbed():
            return _absorbed(incident, body, seq, at, actor)
        case IncidentUnmerged():
            return replace(
                incident,
                acted=seq,
                alarmed=seq,
                claimed_at=at,
                claimed_by=actor,
                closed_at=None,
                closed_by=None,
                condition=body.condition,
                disposition=None,
                merged_into=None,
                points=body.points,
                state="open",
                version=seq,
            )
        case IncidentGivenBack():
            return replace(
                incident,
                acted=seq,
                condition=body.condition,
                confirmed=body.confirmed,
                merged_here=tuple(one for one in incident.merged_here if one.incident != body.of),
                points=_without(incident.points, body.points_ended),
                signals=incident.signals - body.signals,
                version=seq,
            )
        case IncidentParted():
            return replace(
                incident,
                acted=seq,
                condition=body.condition,
                points=_without(incident.points, body.points_ended),
                signals=incident.signals - len(body.moved),
                version=seq,
            )
        case IncidentHelpNoted():
            return replace(incident, acted=seq, help_version=body.version, version=seq)
        case IncidentPhraseChecked() | IncidentCalled():
            is_news = body.priority < incident.priority or (body.silent and not incident.silent)
            return replace(
                incident,
                acted=seq,
                alarmed=seq if is_news else incident.alarmed,
                priority=body.priority,
                silent=body.silent,
                version=seq,
            )
        case IncidentReported():
            return _reported(incident, body, seq, at)
        case IncidentEscalated():
            taken = Escalation(
                at=at,
                bundled=body.bundled,
                chain=body.chain,
                counts=body.counts,
                desks=body.desks,
                late_s=body.late_s,
                priority=body.priority,
                seq=seq,
                step=body.step,
                tell=body.tell,
                told=body.told,
                vacant=body.vacant,
                version=body.version,
            )
            return replace(incident, escalated=(*incident.escalated, taken), version=seq)
        case IncidentLookAgain():
            is_due = body.reason == "due"
            again_at = Micros(at + REVIEW_US) if body.reason in ("written", "confirmed") else None
            return replace(
                incident,
                look_again_at=incident.look_again_at if is_due else again_at,
                look_again_due=is_due,
                version=seq,
            )
        case PlanBegun() | StepDone() | StepWaived() | StepOverdue() | PlanEnded():
            return apply_plan(incident, body, seq=seq, at=at, actor=actor)
    assert_never(body)


def _opened(body: IncidentOpened, seq: Seq, id_: Ref) -> Incident:
    return Incident(
        account=body.account,
        account_id=body.account_id,
        acted=seq,
        alarm_at=body.opened_at,
        alarmed=seq,
        area=body.area,
        claimed_at=None,
        claimed_by=None,
        closed_at=None,
        closed_by=None,
        code=body.code,
        condition="active",
        confirmed=False,
        disposition=None,
        exercise=body.exercise,
        hazard=body.hazard,
        id=id_,
        is_room=body.is_room,
        last_at=body.opened_at,
        line=body.line,
        number=body.number,
        opened_at=body.opened_at,
        origin=body.origin,
        points=body.points,
        points_full=False,
        presentation=body.presentation,
        priority=body.priority,
        raised_by=body.raised_by,
        reason=body.reason,
        receiver=body.receiver,
        signals=_signals_of(body),
        silent=body.silent,
        site_id=body.site_id,
        split=body.split,
        state="open",
        test=body.test,
        type=body.type,
        version=seq,
        zone=body.zone,
    )


def _reported(incident: Incident, body: IncidentReported, seq: Seq, at: Micros) -> Incident:
    """What opened it says where it is; a further one is news, and renews the alarm."""
    if body.is_first:
        told = None if body.place == "site" else body.place
        return replace(incident, acted=seq, reports=incident.reports + 1, told_place=told, version=seq)
    return replace(
        incident,
        acted=seq,
        alarm_at=at,
        alarmed=seq,
        condition="active",
        confirmed=body.confirmed,
        last_at=at,
        priority=body.priority,
        reports=incident.reports + 1,
        silent=body.silent,
        version=seq,
    )


def _signals_of(body: IncidentOpened) -> int:
    if body.split is not None:
        return len(body.split.moved)
    return 0 if body.signal is None and body.reason not in OUTAGES else 1


def _closed(incident: Incident, body: IncidentClosed, seq: Seq, at: Micros, actor: Actor | None) -> Incident:
    return replace(
        incident,
        acted=seq,
        claimed_at=None,
        claimed_by=None,
        closed_at=at,
        closed_by=actor,
        disposition=body.disposition,
        escalated=(),
        plan=ended(incident.plan),
        presentation=_off_shelf(incident),
        shelved=None,
        merged_here=(),
        sources=(),
        state="closed",
        version=seq,
    )


def _absorbed(incident: Incident, body: IncidentAbsorbed, seq: Seq, at: Micros, actor: Actor | None) -> Incident:
    is_taken = body.claimed and incident.claimed_by != actor
    merged = () if body.merged is None else (replace(body.merged, seq=seq),)
    came = len(body.moved) + (0 if body.merged is None else body.merged.signals)
    return replace(
        incident,
        acted=seq,
        alarm_at=body.alarm_at,
        claimed_at=at if is_taken else incident.claimed_at,
        claimed_by=actor if is_taken else incident.claimed_by,
        condition=body.condition,
        confirmed=body.confirmed,
        escalated=_kept(incident) if is_taken else incident.escalated,
        last_at=body.last_at,
        merged_here=incident.merged_here + merged,
        points=incident.points + body.points_added,
        points_full=body.points_full,
        signals=incident.signals + came,
        version=seq,
    )


def _joined(incident: Incident, body: IncidentJoined, seq: Seq) -> Incident:
    return replace(
        incident,
        alarm_at=body.at if body.is_alarm else incident.alarm_at,
        alarmed=seq if body.is_news else incident.alarmed,
        condition=body.condition,
        confirmed=body.confirmed,
        last_at=body.at,
        points=_without(incident.points, body.points_ended) + body.points_added,
        points_full=body.points_full,
        priority=body.priority,
        # Of a path that comes and goes, how often it went.
        signals=incident.signals + (body.signal is not None or body.reason == LOST_AGAIN),
        silent=body.silent,
        sources=incident.sources if body.source is None else with_source(incident.sources, body.source),
        version=seq,
    )


def folded(incident: Incident, body: IncidentFolded) -> Incident:
    """The incident with what was folded into it; its version is the fact's, which may not be there yet."""
    sources = incident.sources
    for source in body.sources:
        sources = with_source(sources, source)
    return replace(
        incident,
        alarm_at=body.alarm_at,
        last_at=body.at,
        signals=incident.signals + len(body.signals),
        sources=sources,
    )


def source_key(source: Source) -> tuple[str, Code, Code, Code | None]:
    """By what a detector is known: its account, what it says, its zone."""
    return source.account_id or source.account, source.type, source.code, source.zone


def with_source(sources: tuple[Source, ...], source: Source) -> tuple[Source, ...]:
    """The detectors with this one as it is now, last; beyond SOURCES_MAX the one that was heard least lately goes."""
    key = source_key(source)
    others = tuple(one for one in sources if source_key(one) != key)
    if len(others) >= SOURCES_MAX:
        least = min((one for one in others if one.since is None), key=lambda one: one.last_at, default=others[0])
        others = tuple(one for one in others if one is not least)
    return (*others, source)


def _without(points: tuple[Point, ...], ended: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple(point for point in points if point not in ended) if ended else points


def _off_shelf(incident: Incident) -> Presentation:
    """As it is shown once it is not shelved."""
    return "shown" if incident.presentation == "shelved" else incident.presentation


def _kept(incident: Incident) -> tuple[Escalation, ...]:
    """What a claim leaves of the steps that were taken: a chain that counts who is coming goes on from there."""
    return tuple(one for one in incident.escalated if one.counts)
