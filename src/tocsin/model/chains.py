"""Chains of one's own: whom an incident is told to, one after another, how many are needed, and who is told again.

A chain and a group of people are configuration: each change is a fact with the whole row. Names are short words that
the centre chooses, never a person's; people stand in rows by their opaque ids. Fields stand in the order of canonical
JSON. Source: INTEGRATIONS.md, section 10.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.access import Role
from tocsin.model.catalogue import Priority
from tocsin.model.escalation import StepHours
from tocsin.model.notices import Channel
from tocsin.model.values import Actor, Code, Ref, Seq, Words

CHAIN_SET: Final = Code("chain.set")
GROUP_SET: Final = Code("group.set")
CHAIN_BROKEN: Final = Code("chain_broken")
CHAINS_WORK: Final = Code("chains_work")

CHAINS_MAX: Final = 50
GROUPS_MAX: Final = 100
STEPS_MAX: Final = 20
"""Steps of a chain that somebody writes; what is told again and the last step come on top."""

WHO_MAX: Final = 50
"""People that a step names one by one; groups, rosters and desks likewise."""

MEMBERS_MAX: Final = 500
"""People of a group."""

NAMED_MAX: Final = 20
"""People whom one problem of a chain names; its words say how many there are."""

CAPABILITIES_MAX: Final = 10
"""Of one person in a group."""

NEEDS_MAX: Final = 5
APPLIES_MAX: Final = 200
"""Types, or sites, that a chain names."""

COMING_MAX: Final = 100
WAIT_S_MAX: Final = 3_600
WAITS_S_MAX: Final = 4 * 3_600
"""All waits of a chain together."""

FIRST_S_MAX: Final = 300
"""By then the first person is told, or it is no alarm chain."""

AGAIN_S_MIN: Final = 60
AGAIN_S_MAX: Final = 1_800
AGAIN_TIMES_MAX: Final = 10

StepKind = Literal["all", "next_desk", "notify", "supervisor", "wait", "webhook"]
STEP_KINDS: Final[tuple[StepKind, ...]] = ("wait", "notify", "next_desk", "supervisor", "all", "webhook")


class ChainStepRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A step as somebody wrote it."""

    channels: tuple[Channel, ...]
    """By which alone people are told; empty: by all that they have."""
    desks: tuple[Ref, ...] = ()
    """Whoever is on shift there then; their screens say so."""
    groups: tuple[Ref, ...]
    hours: StepHours | None = None
    """None: at any time of the day."""
    kind: StepKind
    roles: tuple[Role, ...]
    rosters: tuple[Ref, ...] = ()
    """Whoever is on call by them then."""
    users: tuple[Actor, ...]
    """Of `webhook`: those whose webhooks are called."""
    wait_s: int
    """Of `wait` alone; 0 else."""


class Again(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """After the last step, who has not answered is told again: after how long each time, and how often."""

    after_s: int
    times: int


class Need(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many who can do something, such as `driver`."""

    capability: Code
    count: int


class Strength(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many must say that they are coming until a chain stops."""

    coming: int
    needs: tuple[Need, ...]
    """Of them, with these capabilities. Who has two counts for both."""


class ChainRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `chain.set`, version 1, whose ref is the chain."""

    again: Again | None
    name: Code
    priorities: tuple[Priority, ...]
    """Empty: all. So for `types` and `sites`: an incident must fit each."""
    removed: bool
    sites: tuple[Ref, ...]
    steps: tuple[ChainStepRow, ...]
    strength: Strength | None
    """None: it goes on until somebody claims the incident."""
    types: tuple[Code, ...]


class StoredChain(msgspec.Struct, frozen=True, gc=False):
    """A chain as the table has it; `seq` is its version."""

    id: Ref
    row: ChainRow
    seq: Seq


class Member(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Somebody in a group, and what they can do there."""

    capabilities: tuple[Code, ...]
    user: Actor


class GroupRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `group.set`, version 1, whose ref is the group: people who are told together."""

    members: tuple[Member, ...]
    name: Code
    removed: bool


class StoredGroup(msgspec.Struct, frozen=True, gc=False):
    """A group as the table has it; `seq` is its version."""

    id: Ref
    row: GroupRow
    seq: Seq


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How near an incident is to the strength that its chain wants."""

    asked: int
    """Who was told of it, each once."""
    coming: int
    missing: tuple[Need, ...]
    """What the chain wants and nobody who is coming can do."""
    wanted: int

    @property
    def is_reached(self) -> bool:
        """Enough are coming, and they can do what is needed."""
        return self.coming >= self.wanted and not self.missing


class ChainProblem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is wrong with a chain, or may be."""

    code: Code
    is_refused: bool
    """With it a chain is not saved; of one that is stored, nobody may be reached. Else it may be right later."""
    about: tuple[Actor, ...] = ()
    """Whom it is about, where it is about some people alone; at most NAMED_MAX."""
    step: int | None
    """Number of the step, from 1; None: it is about all of them."""
    words: Words


class ChainOf(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What decides which chain an incident has."""

    priority: Priority
    site: Ref | None
    type: Code
