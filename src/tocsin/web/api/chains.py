"""`/api/v1/chains` and `/api/v1/groups`: whom an incident is told to, in which order, and until how many are coming."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.chain_trial import Trial
from tocsin.centre.chain_view import Ahead, ChainView, Position, TriedStep
from tocsin.centre.chains import BadChain
from tocsin.centre.editing import who_made
from tocsin.centre.rosters import checked_zone
from tocsin.model.access import Role
from tocsin.model.chains import (
    Again,
    ChainOf,
    ChainProblem,
    ChainRow,
    ChainStepRow,
    GroupRow,
    Member,
    Need,
    Standing,
    StoredChain,
    StoredGroup,
    Strength,
)
from tocsin.model.errors import BadInput
from tocsin.model.escalation import StepHours
from tocsin.model.notices import CHANNELS
from tocsin.model.values import Actor, Code, Place, Ref, Seq, ZoneName
from tocsin.rules.chain_check import BROKEN, World
from tocsin.rules.shifts import PRIORITIES
from tocsin.web.api.chain_types import (
    AgainBody,
    AheadItem,
    BuiltInStep,
    ChainBody,
    ChainChange,
    ChainItem,
    ChainsAnswer,
    ChainSiteItem,
    ChainStepBody,
    CheckAnswer,
    DryRunAnswer,
    DryRunBody,
    DryStep,
    DryTold,
    GroupBody,
    GroupChange,
    GroupItem,
    GroupsAnswer,
    HoursBody,
    LastDaysBody,
    MemberBody,
    NeedBody,
    PositionAnswer,
    ProblemItem,
    StandingItem,
    StrengthBody,
)
from tocsin.web.api.incidents import Desk, IncidentId, checked_id
from tocsin.web.configuration_items import shown_now
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

TRIED: Final = Ref("not-saved")
PrincipalRequest = Request[Principal, Any, Any]
ChainId = Annotated[str, PathParameter(description="Id of a chain", max_length=40)]
GroupId = Annotated[str, PathParameter(description="Id of a group", max_length=40)]
Version = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="The version that was looked at")]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of chains and groups."""
    chains, store = parts.centre.chains, parts.store
    items = _Items(parts)
    desk = Desk(parts)
    view = ChainView(store, parts.centre.outbox, parts.centre.escalating)

    @get("/api/v1/chains", opt=needs("chain.read"), summary="Chains of escalation")
    @in_thread
    def read_chains() -> ChainsAnswer:
        """All chains with what is wrong with each now, and the built-in one, which is there without them."""
        on = {channel for channel, _ in parts.centre.outbox.ways}
        return ChainsAnswer(
            items=items.chains(store.chains()),
            built_in=items.built_in(),
            channels=[channel for channel in CHANNELS if channel in on],
        )

    @get("/api/v1/chains/{chain_id:str}", opt=needs("chain.read"), summary="One chain")
    @in_thread
    def read_chain(chain_id: ChainId) -> ChainItem:
        """One chain."""
        return items.chain(Ref(chain_id))

    @post("/api/v1/chains", opt=needs("chain.write"), summary="Make a chain")
    @in_thread
    def make_chain(request: PrincipalRequest, data: JSONBody[ChainBody]) -> ChainItem:
        """Make a chain; it holds for what begins to wait from now on. One that reaches nobody at its end is refused."""
        return items.chain(chains.make(chain_row(data), request.user.actor).id)

    @put("/api/v1/chains/{chain_id:str}", opt=needs("chain.write"), summary="Change a chain")
    @in_thread
    def change_chain(request: PrincipalRequest, chain_id: ChainId, data: JSONBody[ChainChange]) -> ChainItem:
        """Put a chain in place of what it is; refused with how it is now where somebody changed it since."""
        id_, actor, row = Ref(chain_id), request.user.actor, chain_row(data)
        shown_now(lambda: chains.change(id_, data.version, row, actor), lambda: items.chain(id_))
        return items.chain(id_)

    @delete("/api/v1/chains/{chain_id:str}", opt=needs("chain.write"), summary="Remove a chain")
    @in_thread
    def remove_chain(request: PrincipalRequest, chain_id: ChainId, version: Version) -> Response[None]:
        """Remove a chain: the built-in one is there again."""
        id_, actor = Ref(chain_id), request.user.actor
        shown_now(lambda: chains.remove(id_, Seq(version), actor), lambda: items.chain(id_))
        return Response(None, status_code=204)

    @post("/api/v1/chains/check", opt=needs("chain.write"), status_code=200, summary="Check a chain")
    @in_thread
    def check_chain(data: JSONBody[ChainBody]) -> CheckAnswer:
        """What is wrong with a chain, or may be. Nothing is saved."""
        return CheckAnswer(problems=_problems(chains.problems(chain_row(data))))

    @post("/api/v1/chains/dry-run", opt=needs("chain.read"), status_code=200, summary="Try a chain without sending")
    @in_thread
    def dry_run(data: JSONBody[DryRunBody]) -> DryRunAnswer:
        """Who would be told of such an incident now, when and by which channels, if nobody answered. Sends nothing."""
        type_ = parts.catalogue.types.get(data.type)
        if type_ is None:
            raise BadInput("There is no such type. Nothing was tried. Choose one of the catalogue", "chain.type")
        priority = type_.priority if data.priority is None else data.priority
        of = ChainOf(priority=priority, site=None if data.site_id is None else Ref(data.site_id), type=Code(data.type))
        plan, row = parts.centre.escalating.plan_of(of), None
        if data.chain is not None:
            row = chain_row(data.chain)
            plan = parts.centre.escalating.plan_as(StoredChain(TRIED, row, Seq(0)))
        elif plan is not None:
            row = chains.chain(plan.id).row
        living = {one.id: one.row.roles for one in store.users() if not one.row.removed}
        problems = [] if row is None else chains.problems(row)
        if data.chain is not None and any(one.is_refused and not one.code.endswith("nobody") for one in problems):
            return DryRunAnswer(
                chain_id=None, chain_name=None, priority=priority, strength=None, steps=[], problems=_problems(problems)
            )
        return DryRunAnswer(
            chain_id=None if plan is None or plan.id == TRIED else plan.id,
            chain_name=None if plan is None else plan.name,
            priority=priority,
            strength=None if plan is None else _strength(plan.strength),
            steps=[_dry(one, living) for one in view.tried(of, plan, parts.clock.now_us())],
            problems=_problems(problems),
        )

    @post("/api/v1/chains/last-days", opt=needs("chain.read"), status_code=200, summary="Try a chain on the last days")
    @in_thread
    def last_days(data: JSONBody[LastDaysBody]) -> Trial:
        """For which incidents a chain would have been, who would have been told when, and of which nobody.

        By the journal, and by the groups, rosters and contacts of today. Nobody is told, nothing is stored.
        """
        if data.chain is None and data.chain_id is None:
            raise BadInput("No chain was named. Nothing was tried. Name a stored one, or give one", "chain.trial")
        stored = None if data.chain_id is None else chains.chain(Ref(data.chain_id))
        if data.chain is not None:
            row = chain_row(data.chain)
            wrong = [one for one in chains.problems(row) if one.is_refused and one.code != BROKEN]
            if wrong:
                raise BadChain(wrong)
            stored = StoredChain(TRIED if stored is None else stored.id, row, Seq(0))
        assert stored is not None, "one of the two was given"
        return parts.centre.chain_trials.last_days(stored, data.days)

    @get("/api/v1/groups", opt=needs("chain.read"), summary="Groups of people who are told together")
    @in_thread
    def read_groups() -> GroupsAnswer:
        """All groups, with what each of their people can do."""
        return GroupsAnswer(items=[items.group_item(one) for one in store.groups()])

    @post("/api/v1/groups", opt=needs("chain.write"), summary="Make a group")
    @in_thread
    def make_group(request: PrincipalRequest, data: JSONBody[GroupBody]) -> GroupItem:
        """Make a group of people who are told together."""
        return items.group_item(chains.make_group(group_row(data), request.user.actor))

    @put("/api/v1/groups/{group_id:str}", opt=needs("chain.write"), summary="Change a group")
    @in_thread
    def change_group(request: PrincipalRequest, group_id: GroupId, data: JSONBody[GroupChange]) -> GroupItem:
        """Put a group in place of what it is; refused with how it is now where somebody changed it since."""
        id_, actor, row = Ref(group_id), request.user.actor, group_row(data)
        shown_now(lambda: chains.change_group(id_, data.version, row, actor), lambda: items.group(id_))
        return items.group(id_)

    @delete("/api/v1/groups/{group_id:str}", opt=needs("chain.write"), summary="Remove a group")
    @in_thread
    def remove_group(request: PrincipalRequest, group_id: GroupId, version: Version) -> Response[None]:
        """Remove a group that no chain tells."""
        id_, actor = Ref(group_id), request.user.actor
        shown_now(lambda: chains.remove_group(id_, Seq(version), actor), lambda: items.group(id_))
        return Response(None, status_code=204)

    @get("/api/v1/incidents/{incident_id:str}/chain", opt=needs("chain.read"), summary="How far its chain has come")
    @in_thread
    def read_position(request: PrincipalRequest, incident_id: IncidentId) -> PositionAnswer:
        """Which steps were taken, which comes next and when, and how many are coming of how many."""
        incident = desk.seen(checked_id(incident_id), request.user)
        at = view.position(incident)
        plan = at.plan
        return PositionAnswer(
            chain_id=None if plan is None else plan.id,
            chain_name=None if plan is None else plan.name,
            taken=list(incident.escalated),
            next=_ahead(at.own),
            next_built_in=_ahead(at.built_in),
            strength=_standing(at),
        )

    return [
        read_chains,
        read_chain,
        make_chain,
        change_chain,
        remove_chain,
        check_chain,
        dry_run,
        last_days,
        read_groups,
        make_group,
        change_group,
        remove_group,
        read_position,
    ]


def chain_row(body: ChainBody) -> ChainRow:
    """The row that a body stands for."""
    return ChainRow(
        again=None if body.again is None else Again(after_s=body.again.after_s, times=body.again.times),
        name=Code(body.name),
        priorities=tuple(body.priorities),
        removed=False,
        sites=tuple(map(Ref, body.sites)),
        steps=tuple(
            ChainStepRow(
                channels=tuple(dict.fromkeys(step.channels)),
                desks=tuple(dict.fromkeys(map(Ref, step.desks))),
                groups=tuple(dict.fromkeys(map(Ref, step.groups))),
                hours=None if step.hours is None else _hours(step.hours),
                kind=step.kind,
                roles=tuple(dict.fromkeys(step.roles)),
                rosters=tuple(dict.fromkeys(map(Ref, step.rosters))),
                users=tuple(dict.fromkeys(map(Actor, step.users))),
                wait_s=step.wait_s,
            )
            for step in body.steps
        ),
        strength=None
        if body.strength is None
        else Strength(
            coming=body.strength.coming,
            needs=tuple(Need(capability=Code(one.capability), count=one.count) for one in body.strength.needs),
        ),
        types=tuple(map(Code, body.types)),
    )


def _hours(body: HoursBody) -> StepHours:
    zone = ZoneName(body.zone)
    checked_zone(zone)
    return StepHours(from_min=body.from_min, to_min=body.to_min, zone=zone)


def _hours_item(hours: StepHours) -> HoursBody:
    return HoursBody(from_min=hours.from_min, to_min=hours.to_min, zone=hours.zone)


def group_row(body: GroupBody) -> GroupRow:
    """The row that a body stands for."""
    members = tuple(
        Member(capabilities=tuple(map(Code, one.capabilities)), user=Actor(one.user_id)) for one in body.members
    )
    return GroupRow(members=members, name=Code(body.name), removed=False)


class _Items:
    """Makes items of rows. Reads the disk: never in the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def chain(self, id_: Ref) -> ChainItem:
        return self.chains([self._parts.centre.chains.chain(id_)])[0]

    def chains(self, chains: Sequence[StoredChain]) -> list[ChainItem]:
        world = self._parts.centre.chains.world(one.row for one in chains)
        sites = {site for one in chains for site in one.row.sites}
        names = self._parts.centre.names.sites(sites)
        return [self._chain(one, world, lambda id_: names[id_].name if id_ in names else None) for one in chains]

    def group(self, id_: Ref) -> GroupItem:
        return self.group_item(self._parts.centre.chains.group(id_))

    def group_item(self, group: StoredGroup) -> GroupItem:
        by, at = who_made(self._parts.store, group.seq)
        members = [MemberBody(user_id=one.user, capabilities=list(one.capabilities)) for one in group.row.members]
        return GroupItem(
            id=group.id, name=group.row.name, members=members, version=group.seq, changed_at=at, changed_by=by
        )

    def built_in(self) -> list[BuiltInStep]:
        steps: list[BuiltInStep] = []
        for priority in PRIORITIES:
            after_s = 0
            for one in self._parts.centre.escalating.built_in(None, priority)[0]:
                after_s += one.wait_s
                steps.append(BuiltInStep(tell=one.tell, after_s=after_s, priority=priority))
        return steps

    def _chain(self, chain: StoredChain, world: World, name: Callable[[Ref], Place | None]) -> ChainItem:
        row = chain.row
        by, at = who_made(self._parts.store, chain.seq)
        return ChainItem(
            id=chain.id,
            name=row.name,
            steps=[
                ChainStepBody(
                    kind=step.kind,
                    wait_s=step.wait_s,
                    roles=list(step.roles),
                    users=list(step.users),
                    groups=list(step.groups),
                    rosters=list(step.rosters),
                    desks=list(step.desks),
                    channels=list(step.channels),
                    hours=None if step.hours is None else _hours_item(step.hours),
                )
                for step in row.steps
            ],
            priorities=list(row.priorities),
            types=list(row.types),
            sites=[ChainSiteItem(id=site, name=name(site)) for site in row.sites],
            strength=_strength(row.strength),
            again=None if row.again is None else AgainBody(after_s=row.again.after_s, times=row.again.times),
            problems=_problems(self._parts.centre.chains.problems(row, world)),
            version=chain.seq,
            changed_at=at,
            changed_by=by,
        )


def _problems(problems: Sequence[ChainProblem]) -> list[ProblemItem]:
    return [
        ProblemItem(code=one.code, refused=one.is_refused, step=one.step, words=one.words, about=list(one.about))
        for one in problems
    ]


def _strength(strength: Strength | None) -> StrengthBody | None:
    return None if strength is None else StrengthBody(coming=strength.coming, needs=_needs(strength.needs))


def _needs(found: Sequence[Need]) -> list[NeedBody]:
    return [NeedBody(capability=one.capability, count=one.count) for one in found]


def _dry(step: TriedStep, living: dict[Actor, tuple[Role, ...]]) -> DryStep:
    told = [
        DryTold(
            user_id=person,
            roles=list(living.get(person, ())),
            channels=list(dict.fromkeys(way.channel for way in ways)),
            refusal=refusal,
        )
        for person, (ways, refusal) in step.people
    ]
    return DryStep(
        after_s=step.after_s,
        tell=step.tell,
        own=step.is_own,
        told=told,
        desks=list(step.desks),
        vacant=list(step.vacant),
        off_hours=step.off_hours,
    )


def _ahead(ahead: Ahead | None) -> AheadItem | None:
    return None if ahead is None else AheadItem(at=ahead.at, tell=ahead.tell)


def _standing(position: Position) -> StandingItem | None:
    standing: Standing | None = position.standing
    if standing is None:
        return None
    return StandingItem(
        asked=standing.asked,
        coming=standing.coming,
        wanted=standing.wanted,
        missing=_needs(standing.missing),
        is_reached=standing.is_reached,
    )
