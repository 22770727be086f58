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
from tocsin.model.calls import IncidentCalled
from tocsin.model.escalation import Escalation, IncidentEscalated, IncidentLookAgain
from tocsin.model.help_note import REVIEW_HOURS, IncidentHelpNoted
from tocsin.model.incidents import (
    Incident,
    IncidentClaimed,
    IncidentClosed,
    IncidentJoined,
    IncidentNoted,
    IncidentOpened,
    IncidentPlaced,
    IncidentReleased,
    IncidentReopened,
    IncidentRestored,
    Point,
)
from tocsin.model.keyholders import IncidentPhraseChecked
from tocsin.model.values import Actor, Micros, Ref, Seq
from tocsin.rules.action_plan_state import apply_plan, ended
from tocsin.rules.reasons import LOST_AGAIN, OUTAGES

REVIEW_US: Final = REVIEW_HOURS * 3_600_000_000

IncidentBody: TypeAlias = (
    IncidentOpened
    | IncidentJoined
    | IncidentRestored
    | IncidentPlaced
    | IncidentClaimed
    | IncidentReleased
    | IncidentNoted
    | IncidentClosed
    | IncidentReopened
    | IncidentHelpNoted
    | IncidentPhraseChecked
    | IncidentEscalated
    | IncidentLookAgain
    | IncidentCalled
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
    "incident.restored": IncidentRestored,
    "incident.placed": IncidentPlaced,
    "incident.claimed": IncidentClaimed,
    "incident.released": IncidentReleased,
    "incident.noted": IncidentNoted,
    "incident.closed": IncidentClosed,
    "incident.reopened": IncidentReopened,
    "incident.help_noted": IncidentHelpNoted,
    "incident.phrase_checked": IncidentPhraseChecked,
    "incident.escalated": IncidentEscalated,
    "incident.look_again": IncidentLookAgain,
    "incident.called": IncidentCalled,
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
            return replace(incident, acted=seq, claimed_at=at, claimed_by=actor, escalated=_kept(incident), version=seq)
        case IncidentReleased():
            return replace(incident, acted=seq, claimed_at=None, claimed_by=None, version=seq)
        case IncidentNoted():
            return replace(incident, acted=seq, version=seq)
        case IncidentClosed():
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
                state="closed",
                version=seq,
            )
        case IncidentReopened():
            return replace(
                incident,
                acted=seq,
                claimed_at=at,
                claimed_by=actor,
                closed_at=None,
                closed_by=None,
                disposition=None,
                state="open",
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
        case IncidentEscalated():
            taken = Escalation(
                at=at,
                bundled=body.bundled,
                chain=body.chain,
                counts=body.counts,
                desks=body.desks,
                late_s=body.late_s,
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
        signals=0 if body.signal is None and body.reason not in OUTAGES else 1,
        silent=body.silent,
        site_id=body.site_id,
        state="open",
        test=body.test,
        type=body.type,
        version=seq,
        zone=body.zone,
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
        version=seq,
    )


def _without(points: tuple[Point, ...], ended: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple(point for point in points if point not in ended) if ended else points


def _kept(incident: Incident) -> tuple[Escalation, ...]:
    """What a claim leaves of the steps that were taken: a chain that counts who is coming goes on from there."""
    return tuple(one for one in incident.escalated if one.counts)
