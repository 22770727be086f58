"""What the API takes and answers about chains of escalation, groups of people, and how far an incident has come."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.centre.chain_trial import DAYS_MAX
from tocsin.model.access import Role
from tocsin.model.catalogue import Priority
from tocsin.model.chains import (
    AGAIN_S_MAX,
    AGAIN_TIMES_MAX,
    APPLIES_MAX,
    CAPABILITIES_MAX,
    COMING_MAX,
    MEMBERS_MAX,
    NEEDS_MAX,
    STEPS_MAX,
    WAIT_S_MAX,
    WHO_MAX,
    StepKind,
)
from tocsin.model.escalation import Escalation, Tell
from tocsin.model.notices import Channel, NoticeRefusal
from tocsin.model.values import Actor, Code, Micros, Place, Ref, Seq, Words

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Capability = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,29}$")]
TypeCode = Annotated[str, Meta(pattern=r"^[A-Z0-9-]{1,40}$")]
SiteId = Annotated[str, Meta(pattern=r"^site-[0-9]{1,16}$")]
DeskId = Annotated[str, Meta(pattern=r"^desk-[0-9]{1,16}$")]
RosterId = Annotated[str, Meta(pattern=r"^roster-[0-9]{1,16}$")]
GroupId = Annotated[str, Meta(pattern=r"^group-[0-9]{1,16}$")]
UserId = Annotated[str, Meta(pattern=r"^user-[0-9]{1,16}$", max_length=40)]


class HoursBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Between which times of the local day a step is taken; outside them the next one is."""

    from_min: Annotated[int, Meta(ge=0, lt=1440)]
    """Minutes since midnight."""
    to_min: Annotated[int, Meta(ge=0, lt=1440)]
    """Before `from_min`: of the next day."""
    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    """Of the IANA database, such as Europe/Vienna."""


class ChainStepBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of a chain."""

    kind: StepKind
    wait_s: Annotated[int, Meta(ge=0, le=WAIT_S_MAX)] = 0
    """Of `wait` alone."""
    roles: Annotated[list[Role], Meta(max_length=8)] = []
    users: Annotated[list[UserId], Meta(max_length=WHO_MAX)] = []
    groups: Annotated[list[GroupId], Meta(max_length=WHO_MAX)] = []
    rosters: Annotated[list[RosterId], Meta(max_length=WHO_MAX)] = []
    """Whoever is on call by them then."""
    desks: Annotated[list[DeskId], Meta(max_length=WHO_MAX)] = []
    """Whoever is on shift there then; their screens say so."""
    channels: Annotated[list[Channel], Meta(max_length=5)] = []
    """By which alone people are told; empty: by all that they have."""
    hours: HoursBody | None = None
    """Of `notify` and `webhook`. None: at any time of the day."""


class NeedBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many who can do something."""

    capability: Capability
    count: Annotated[int, Meta(ge=1, le=COMING_MAX)]


class StrengthBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many must be coming until the chain stops, and what of them can do."""

    coming: Annotated[int, Meta(ge=1, le=COMING_MAX)]
    needs: Annotated[list[NeedBody], Meta(max_length=NEEDS_MAX)] = []


class AgainBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who has not answered is told again after the last step: after how long each time, and how often."""

    after_s: Annotated[int, Meta(ge=1, le=AGAIN_S_MAX)]
    times: Annotated[int, Meta(ge=1, le=AGAIN_TIMES_MAX)]


class ChainBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chain, whole. What it applies to: an incident must fit each list that is not empty."""

    name: Name
    steps: Annotated[list[ChainStepBody], Meta(max_length=STEPS_MAX)]
    priorities: Annotated[list[Priority], Meta(max_length=4)] = []
    types: Annotated[list[TypeCode], Meta(max_length=APPLIES_MAX)] = []
    sites: Annotated[list[SiteId], Meta(max_length=APPLIES_MAX)] = []
    strength: StrengthBody | None = None
    """None: it goes on until somebody claims the incident."""
    again: AgainBody | None = None


class ChainChange(ChainBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chain as it shall be, and the version that was looked at."""

    version: Seq


class ProblemItem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a chain, or may be."""

    code: Code
    refused: bool
    """A chain with it is not saved; a stored one needs somebody now."""
    step: int | None
    """Number of the step, from 1."""
    words: Words
    about: list[Actor]
    """Whom it is about, where it is about some people alone; the first twenty."""


class ChainSiteItem(msgspec.Struct, frozen=True, kw_only=True):
    """A site that a chain applies to."""

    id: Ref
    name: Place | None
    """None: it is not there any more."""


class ChainItem(msgspec.Struct, frozen=True, kw_only=True):
    """One chain, and what is wrong with it as everything stands now."""

    id: Ref
    name: Code
    steps: list[ChainStepBody]
    priorities: list[Priority]
    types: list[Code]
    sites: list[ChainSiteItem]
    strength: StrengthBody | None
    again: AgainBody | None
    problems: list[ProblemItem]
    version: Seq
    changed_at: Micros
    changed_by: Actor | None


class MemberBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody in a group, and what they can do there."""

    user_id: UserId
    capabilities: Annotated[list[Capability], Meta(max_length=CAPABILITIES_MAX)] = []


class GroupBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group, whole."""

    name: Name
    members: Annotated[list[MemberBody], Meta(max_length=MEMBERS_MAX)]


class GroupChange(GroupBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group as it shall be, and the version that was looked at."""

    version: Seq


class GroupItem(msgspec.Struct, frozen=True, kw_only=True):
    """One group of people who are told together."""

    id: Ref
    name: Code
    members: list[MemberBody]
    version: Seq
    changed_at: Micros
    changed_by: Actor | None


class GroupsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All groups, in the order in which they were made."""

    items: list[GroupItem]


class BuiltInStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the built-in chain."""

    tell: Tell
    after_s: int
    """After the beginning."""
    priority: Priority
    """Of the incidents whose chain it is of."""


class ChainsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All chains, in the order in which they were made, and what is there without them."""

    items: list[ChainItem]
    built_in: list[BuiltInStep]
    """For what is of priority 1 or 2 and nobody claims: the steps of either, one after the other."""
    channels: list[Channel]
    """Those that are switched on here."""


class CheckAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a chain that is not saved."""

    problems: list[ProblemItem]


class DryRunBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What would happen with such an incident now."""

    type: TypeCode
    priority: Priority | None = None
    """None: that of the type."""
    site_id: SiteId | None = None
    chain: ChainBody | None = None
    """By this one, which is not saved; None: by what is stored."""


class DryTold(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a step would tell."""

    user_id: Actor
    roles: list[Role]
    channels: list[Channel]
    """In the order in which they are tried."""
    refusal: NoticeRefusal | None
    """Why not, now."""


class DryStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step as it would be taken, where nobody claims and nobody answers."""

    after_s: int
    tell: Tell
    own: bool
    """Of the centre's own chain; else of the built-in one."""
    told: list[DryTold]
    desks: list[Ref]
    """Desks by name that it would tell, with somebody at them now."""
    vacant: list[Ref]
    """Rosters by which nobody would be on call then, and desks that nobody is at now."""
    off_hours: bool
    """It would not be its time of the day: the next step would come at once."""


class DryRunAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen. Nothing was sent."""

    chain_id: Ref | None
    chain_name: Code | None
    """None: the built-in chain alone."""
    priority: Priority
    strength: StrengthBody | None
    steps: list[DryStep]
    problems: list[ProblemItem]


class LastDaysBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chain to be tried on the incidents of the last days: a stored one, one that is not saved, or a change of it."""

    chain_id: Annotated[str, Meta(pattern=r"^chain-[0-9]{1,16}$")] | None = None
    """The stored one. With `chain`, that one takes its place; without, it is tried beside all others."""
    chain: ChainBody | None = None
    days: Annotated[int, Meta(ge=1, le=DAYS_MAX)] = 30


class AheadItem(msgspec.Struct, frozen=True, kw_only=True):
    """The next step of a chain."""

    at: Micros
    tell: Tell


class StandingItem(msgspec.Struct, frozen=True, kw_only=True):
    """How near an incident is to the strength that its chain wants."""

    asked: int
    coming: int
    wanted: int
    missing: list[NeedBody]
    is_reached: bool


class PositionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How far an incident has come."""

    chain_id: Ref | None
    chain_name: Code | None
    """None: the built-in chain alone, if any."""
    taken: list[Escalation]
    next: AheadItem | None
    """Of the centre's own chain."""
    next_built_in: AheadItem | None
    """Of the built-in one: for what nobody claims."""
    strength: StandingItem | None
