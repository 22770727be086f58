"""Desks, a roster with a gap, chains and groups: how the simulated centre is set up, and what is changed of it.

People go on shift, hand over, leave their desks and take over from who has gone (`simulation.people`); here stands what
supervisors set up and change beside that, open incidents or not.
"""

from typing import TYPE_CHECKING, Final

from tocsin.centre.rosters import Wanted as WantedRoster
from tocsin.centre.shifts import Wanted as WantedDesk
from tocsin.model.catalogue import Priority
from tocsin.model.chains import Again, ChainRow, ChainStepRow, GroupRow, Member, Need, StepKind, Strength
from tocsin.model.rosters import RosterLayer
from tocsin.model.values import Actor, Code, Micros, Ref, Seq, ZoneName
from tocsin.simulation.errands import Errand
from tocsin.simulation.host import SimulatedService
from tocsin.simulation.machine import BEGIN_US, SECOND_US

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - its type alone; the seeded one comes from `system`

DAY_US: Final = 86_400 * SECOND_US
DESKS: Final = ("North", "South")
ZONE: Final = ZoneName("Europe/Vienna")
HOUR_MIN: Final = 60


def set_up(service: SimulatedService, boss: Actor, operators: list[Actor], everybody: list[Actor]) -> None:
    """A roster that has nobody for some hours of the day, two desks, a group, and a chain that counts who comes."""
    centre = service.centre
    roster = centre.rosters.put(
        None, WantedRoster(label=Code("Desk"), layers=(_layer(operators),), zone=ZONE), None, boss
    )
    for label in DESKS:
        wanted = WantedDesk(
            hazards=(), label=Code(label), priorities=(), roster=roster.id if label == "North" else None
        )
        centre.shifts.set_desk(None, wanted, boss)
    members = tuple(
        Member(capabilities=(Code("driver"),) if at % 2 else (), user=one) for at, one in enumerate(everybody)
    )
    group = centre.chains.make_group(GroupRow(members=members, name=Code("crew"), removed=False), boss)
    centre.chains.make(_chain("fire", (1,), group.id, coming=2), boss)
    for type_ in _alone(service):
        centre.action_plans.switch(type_, Seq(0), boss, is_on=True)


def change(service: SimulatedService, boss: Actor, operators: list[Actor], dice: "Random") -> Errand | None:
    """What a supervisor changes next; None: nothing comes to mind."""
    chance = dice.random()
    if chance < 0.1:
        return _switch_plan(service, boss, dice)
    if chance < 0.7:
        return _change_chain(service, boss, dice)
    rosters = service.centre.rosters.all()
    if not rosters:
        return None
    roster = rosters[0]
    if chance < 0.85:
        since = Micros(service.parts._clock.now_us() + dice.randrange(0, 7200) * SECOND_US)
        until = Micros(since + dice.randrange(600, 14_400) * SECOND_US)
        person = dice.choice(operators)
        return lambda one: one.centre.rosters.override(roster.id, person, None, since, until, boss)
    if chance < 0.92 and roster.row.overrides:
        number = dice.choice(roster.row.overrides).number
        return lambda one: one.centre.rosters.end_override(roster.id, number, boss)
    users = dice.sample(operators, len(operators))
    wanted = WantedRoster(label=roster.row.label, layers=(_layer(users),), zone=ZONE)
    return lambda one: one.centre.rosters.put(roster.id, wanted, roster.seq, boss)


def _alone(service: SimulatedService) -> list[Code]:
    """Types that a plan can handle without an operator."""
    plans = service.centre.action_plans
    return [type_ for type_ in plans.technical() if plans.for_type(type_, None)[0].alone is not None]


def _switch_plan(service: SimulatedService, boss: Actor, dice: "Random") -> Errand:
    """One of them, on or off."""
    type_, is_on = dice.choice(_alone(service)), dice.random() < 0.7
    found = next((one for one in service.centre.action_plans.switches() if one.type == type_), None)
    version = Seq(0) if found is None else found.seq
    return lambda one: one.centre.action_plans.switch(type_, version, boss, is_on=is_on)


def _change_chain(service: SimulatedService, boss: Actor, dice: "Random") -> Errand | None:
    chains, groups = service.parts._opened.store.chains(), service.parts._opened.store.groups()
    group = groups[0].id
    coming = dice.choice((None, 1, 2, 3))
    if not chains or (len(chains) < 3 and dice.random() < 0.3):
        of: tuple[tuple[Priority, ...], ...] = ((1,), (2, 3), ())
        name, priorities = f"chain-{dice.randrange(1000)}", dice.choice(of)
        return lambda one: one.centre.chains.make(_chain(name, priorities, group, coming), boss)
    chain = dice.choice(chains)
    if dice.random() < 0.15:
        return lambda one: one.centre.chains.remove(chain.id, chain.seq, boss)
    row = _chain(chain.row.name, chain.row.priorities, group, coming, dice.randrange(5, 120))
    return lambda one: one.centre.chains.change(chain.id, chain.seq, row, boss)


def _layer(users: list[Actor]) -> RosterLayer:
    """A turn each half day by day, from eight in the morning to nine in the evening: at night nobody is on it."""
    return RosterLayer(
        at_min=8 * HOUR_MIN,
        first_day=BEGIN_US // DAY_US,
        from_min=8 * HOUR_MIN,
        to_min=21 * HOUR_MIN,
        turn_days=1,
        users=tuple(users),
        weekdays=(),
    )


def _chain(name: str, priorities: tuple[Priority, ...], group: Ref, coming: int | None, wait_s: int = 15) -> ChainRow:
    strength = None
    if coming is not None:
        strength = Strength(coming=coming, needs=(Need(capability=Code("driver"), count=1),))
    return ChainRow(
        again=Again(after_s=120, times=2),
        name=Code(name),
        priorities=priorities,
        removed=False,
        sites=(),
        steps=(_step("wait", wait_s), _step("notify", groups=(group,)), _step("wait", 30), _step("supervisor")),
        strength=strength,
        types=(),
    )


def _step(kind: StepKind, wait_s: int = 0, groups: tuple[Ref, ...] = ()) -> ChainStepRow:
    return ChainStepRow(channels=(), groups=groups, kind=kind, roles=(), users=(), wait_s=wait_s)
