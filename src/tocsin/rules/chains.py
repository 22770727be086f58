"""Chains of the centre's own: which one an incident has, whom each step tells, and whether enough are coming.

Pure. A chain goes on until somebody claims the incident, or, where it counts, until enough are coming, who can do what
is needed; a closing ends either. Behind what somebody wrote stand those who have not answered, told again, and at last
TELEPHONE: no chain ends in silence. Source: INTEGRATIONS.md, section 10.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from tocsin.model.access import Role
from tocsin.model.chains import Again, ChainOf, ChainRow, ChainStepRow, GroupRow, Need, Standing, StoredChain, Strength
from tocsin.model.escalation import Chain, ChainStep, Escalation, Tell
from tocsin.model.incidents import Incident
from tocsin.model.notices import Channel, Notice, NoticeAnswer
from tocsin.model.values import Actor, Code, Ref, Seq
from tocsin.rules.action_plan import is_alone
from tocsin.rules.escalation import ROLES
from tocsin.rules.ladder import asked_by

_TELLS: Final[dict[str, Tell]] = {
    "all": "everyone",
    "next_desk": "second_desk",
    "notify": "notify",
    "supervisor": "supervisor",
    "webhook": "webhook",
}
PROGRAMS: Final[tuple[Channel, ...]] = ("webhook",)
"""By which a step calls programs."""

COVERED: Final[frozenset[Tell]] = frozenset({"everyone"})
"""What the built-in chain leaves out where one of the centre's own tells people: second desk, supervisor and TELEPHONE
stay for what nobody claims."""

_NOBODY: Final[Mapping[Ref, Sequence[Actor]]] = {}
_OVER: Final = frozenset({"failed", "expired", "held"})


class Plan(NamedTuple):
    """A chain as it is carried out."""

    id: Ref
    name: Code
    version: Seq
    steps: Chain
    strength: Strength | None


def plan_of_chain(chain: StoredChain, telephone_s: int) -> Plan:
    """Make the steps of a chain: waits become the time before the next step, and the end is TELEPHONE."""
    steps: list[ChainStep] = []
    wait_s = 0
    for row in chain.row.steps:
        if row.kind == "wait":
            wait_s += row.wait_s
        else:
            steps.append(_step(row, wait_s))
            wait_s = 0
    again = chain.row.again
    if again is not None:
        steps += [ChainStep(tell="again", wait_s=again.after_s)] * again.times
    steps.append(ChainStep(tell="telephone", wait_s=_last_wait(again, telephone_s)))
    return Plan(chain.id, chain.row.name, chain.seq, tuple(steps), chain.row.strength)


def of_incident(incident: Incident) -> ChainOf:
    """What decides which chain it has."""
    return ChainOf(priority=incident.priority, site=incident.site_id, type=incident.type)


def chain_for(chains: Sequence[StoredChain], of: ChainOf) -> StoredChain | None:
    """The chain of such an incident: one for its site before one for its type before one for its priority alone.

    Of those that are equal the oldest; None: the built-in one.
    """
    fitting = [one for one in chains if fits(one.row, of)]
    return max(fitting, key=lambda one: _weight(one.row), default=None)


def fits(row: ChainRow, of: ChainOf) -> bool:
    """Does it apply to such an incident?"""
    return (
        (not row.priorities or of.priority in row.priorities)
        and (not row.types or of.type in row.types)
        and (not row.sites or of.site in row.sites)
    )


def last_of(incident: Incident, plan: Plan) -> Escalation | None:
    """The last step that was taken of this chain, as it is now: one that was changed begins anew."""
    taken = (one for one in reversed(incident.escalated) if (one.chain, one.version) == (plan.id, plan.version))
    return next(taken, None)


def last_built_in(incident: Incident) -> Escalation | None:
    """The last step that was taken of the built-in chain, as urgent as it is now: what was raised begins it anew."""
    taken = (one for one in reversed(incident.escalated) if one.chain is None and one.priority <= incident.priority)
    return next(taken, None)


def goes_on(incident: Incident, plan: Plan, standing: Standing | None) -> bool:
    """Must this chain go on? With strength, until it is reached; without, until somebody claims the incident."""
    if incident.state != "open" or incident.presentation != "shown" or is_alone(incident):
        return False
    return incident.claimed_by is None if standing is None else not standing.is_reached


def why_over(incident: Incident, standing: Standing | None) -> Code:
    """Why a chain does not go on."""
    if incident.state == "closed":
        return Code("closed")
    if incident.presentation != "shown":
        return Code("not_shown")
    return Code("claimed") if standing is None else Code("strong")


def answers_of(notices: Iterable[Notice]) -> dict[Actor, NoticeAnswer]:
    """What everybody answered last."""
    answered = [one for one in notices if one.answer is not None and one.purpose != "program"]
    said: dict[Actor, NoticeAnswer] = {}
    for one in sorted(answered, key=lambda one: one.answered_seq or 0):
        assert one.answer is not None, "it was looked for"
        said[one.recipient] = one.answer
    return said


def asked_of(notices: Iterable[Notice]) -> set[Actor]:
    """Who was told of it, and had a way."""
    return {one.recipient for one in notices if one.plan and one.purpose != "program"}


def standing_of(strength: Strength | None, notices: Sequence[Notice], groups: Iterable[GroupRow]) -> Standing | None:
    """How near it is to the strength that is wanted; None where none is."""
    if strength is None:
        return None
    coming = {person for person, answer in answers_of(notices).items() if answer == "coming"}
    able = capabilities_of(groups)
    missing: list[Need] = []
    for need in strength.needs:
        lacking = need.count - sum(need.capability in able.get(person, ()) for person in coming)
        if lacking > 0:
            missing.append(Need(capability=need.capability, count=lacking))
    asked = asked_of(notices)
    return Standing(asked=len(asked | coming), coming=len(coming), missing=tuple(missing), wanted=strength.coming)


def capabilities_of(groups: Iterable[GroupRow]) -> dict[Actor, frozenset[Code]]:
    """What everybody can do, by all groups together."""
    able: dict[Actor, frozenset[Code]] = {}
    for group in groups:
        for member in group.members:
            able[member.user] = able.get(member.user, frozenset()) | frozenset(member.capabilities)
    return able


def people_of(
    step: ChainStep,
    living: Mapping[Actor, Sequence[Role]],
    groups: Mapping[Ref, GroupRow],
    notices: Sequence[Notice] = (),
    holders: Mapping[Ref, Sequence[Actor]] = _NOBODY,
) -> list[Actor]:
    """Whom a step tells, each once whatever groups, roles, rosters and desks name them; those of `living` alone.

    `holders`: who is on call by each roster then, and on shift at each desk.
    """
    if step.tell == "again":
        answered = answers_of(notices)
        return sorted(person for person in asked_of(notices) if person not in answered and person in living)
    roles = {*ROLES[step.tell], *step.roles}
    members = [member.user for id_ in step.groups if id_ in groups for member in groups[id_].members]
    by_role = [person for person, own in living.items() if roles.intersection(own)]
    on = [person for id_ in (*step.rosters, *step.desks) for person in holders.get(id_, ())]
    return [person for person in dict.fromkeys([*step.users, *members, *on, *by_role]) if person in living]


def was_asked(notices: Iterable[Notice], channels: Iterable[Channel], *, is_named: bool) -> bool:
    """Was somebody really asked by all of these channels already, or is about to be by a notice that goes on?

    What is planned for later is no asking by a channel that a step names: it wants that one now.
    """
    fitting = [one for one in notices if one.state not in _OVER or one.reason == "replaced"]
    begins: set[Channel] = {
        way.channel
        for one in fitting
        for way in one.plan
        if one.due_at is not None and (not is_named or (way.at_s == 0 and not one.attempts))
    }
    return set(channels) <= asked_by(fitting) | begins


def untried(notices: Iterable[Notice]) -> set[Channel]:
    """Channels of these notices by which nobody was asked yet."""
    found = list(notices)
    planned: set[Channel] = {way.channel for one in found for way in one.plan}
    return planned - asked_by(found)


def _step(row: ChainStepRow, wait_s: int) -> ChainStep:
    return ChainStep(
        channels=PROGRAMS if row.kind == "webhook" else row.channels,
        desks=row.desks,
        groups=row.groups,
        hours=row.hours,
        roles=row.roles,
        rosters=row.rosters,
        tell=_TELLS[row.kind],
        users=row.users,
        wait_s=wait_s,
    )


def _last_wait(again: Again | None, telephone_s: int) -> int:
    return telephone_s if again is None else again.after_s


def _weight(row: ChainRow) -> tuple[bool, bool, bool]:
    return bool(row.sites), bool(row.types), bool(row.priorities)
