"""What is wrong with a chain, or may be: looked at when it is saved, and of every stored one from then on.

Pure: the row and who can be reached in, problems out. What can never work is refused; what may be right later is said.
Source: INTEGRATIONS.md, section 10, "checked when saved".
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from tocsin.model.access import Role
from tocsin.model.catalogue import HazardClass, IncidentType, Priority
from tocsin.model.chains import (
    AGAIN_S_MAX,
    AGAIN_S_MIN,
    AGAIN_TIMES_MAX,
    APPLIES_MAX,
    CAPABILITIES_MAX,
    COMING_MAX,
    FIRST_S_MAX,
    MEMBERS_MAX,
    NAMED_MAX,
    NEEDS_MAX,
    STEPS_MAX,
    WAIT_S_MAX,
    WAITS_S_MAX,
    WHO_MAX,
    ChainProblem,
    ChainRow,
    ChainStepRow,
    GroupRow,
    StoredChain,
)
from tocsin.model.escalation import ChainStep
from tocsin.model.notices import RECEIPTS, Channel, Contact, ReachRow
from tocsin.model.profiles import Figure, Profile, claim_figure
from tocsin.model.rosters import DAY_MIN
from tocsin.model.values import Actor, Code, Micros, Ref, Seq, Words
from tocsin.rules.chains import PROGRAMS, capabilities_of, people_of, plan_of_chain
from tocsin.rules.delivery import refusal_of
from tocsin.rules.ladder import Way

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
CAPABILITY: Final = re.compile(r"[a-z][a-z0-9_-]{0,29}")
BROKEN: Final = Code("chain.nobody")
"""With this one a stored chain reaches nobody at its end: somebody must act."""

Turn = tuple[Micros, Micros, Actor | None]
"""From when to when somebody is on call, or nobody."""

_REACHING: Final = frozenset({"notify", "supervisor", "all"})
HOUR_US: Final = 3_600_000_000
DAY_H: Final = 24


class World(NamedTuple):
    """What a chain is looked at against."""

    living: Mapping[Actor, Sequence[Role]]
    groups: Mapping[Ref, GroupRow]
    contacts: Mapping[Actor, Sequence[Contact]]
    reach: Mapping[Actor, ReachRow]
    ways: Collection[Way]
    types: Mapping[str, IncidentType]
    profile: Profile
    """By whose figures incidents are to be claimed."""
    sites: Collection[Ref]
    now: Micros
    turns: Mapping[Ref, Sequence[Turn]]
    """Of the rosters that are there, who is on call from now on: without a hole, and as far ahead as is looked."""
    desks: Mapping[Ref, Sequence[Actor]]
    """The desks that are there, with who is on shift now."""


def problems_of(row: ChainRow, world: World) -> list[ChainProblem]:
    """All that is wrong with a chain, in the order of its steps; what is refused first."""
    found = [*_form(row), *_steps(row.steps), *_unknown(row, world)]
    if not any(one.is_refused for one in found):
        found += [*_reached(row, world), *_people(row, world), *_late(row, world)]
        found += [*_programs(row, world), *_strength(row, world)]
    return sorted(found, key=lambda one: (not one.is_refused, one.step or 0))


def group_problems(row: GroupRow, living: Collection[Actor]) -> list[ChainProblem]:
    """All that is wrong with a group."""
    found: list[ChainProblem] = []
    if not NAME.fullmatch(row.name):
        found.append(_refused("A group's name has 1 to 40 letters, digits, dashes and underscores", "group.name"))
    if len(row.members) > MEMBERS_MAX:
        found.append(_refused(f"A group has at most {MEMBERS_MAX} people", "group.members"))
    people = [member.user for member in row.members]
    if len(set(people)) < len(people):
        found.append(_refused("Somebody stands in the group twice", "group.members"))
    if any(person not in living for person in people):
        found.append(_refused("The group names somebody who does not work here any more", "group.members"))
    for member in row.members:
        if len(member.capabilities) > CAPABILITIES_MAX or not all(map(CAPABILITY.fullmatch, member.capabilities)):
            words = f"A person has at most {CAPABILITIES_MAX} capabilities, each of 1 to 30 small letters and digits"
            found.append(_refused(words, "group.capability"))
            break
    return found


def is_broken(problems: Iterable[ChainProblem]) -> bool:
    """Does a stored chain reach nobody at its end?"""
    return any(one.code == BROKEN and one.is_refused for one in problems)


def _form(row: ChainRow) -> list[ChainProblem]:
    found: list[ChainProblem] = []
    if not NAME.fullmatch(row.name):
        found.append(_refused("A chain's name has 1 to 40 letters, digits, dashes and underscores", "chain.name"))
    if len(row.types) > APPLIES_MAX or len(row.sites) > APPLIES_MAX:
        found.append(_refused(f"A chain names at most {APPLIES_MAX} types and {APPLIES_MAX} sites", "chain.applies"))
    again = row.again
    if again is not None and not (AGAIN_S_MIN <= again.after_s <= AGAIN_S_MAX and 1 <= again.times <= AGAIN_TIMES_MAX):
        words = f"Telling again is after {AGAIN_S_MIN} to {AGAIN_S_MAX} s, 1 to {AGAIN_TIMES_MAX} times"
        found.append(_refused(words, "chain.again"))
    strength = row.strength
    if strength is not None and not (
        1 <= strength.coming <= COMING_MAX
        and len(strength.needs) <= NEEDS_MAX
        and len({need.capability for need in strength.needs}) == len(strength.needs)
        and all(CAPABILITY.fullmatch(need.capability) and 1 <= need.count <= strength.coming for need in strength.needs)
    ):
        words = (
            f"The strength is 1 to {COMING_MAX} people, of them at most {NEEDS_MAX} capabilities, each once and by no "
            "more people than are needed in all"
        )
        found.append(_refused(words, "chain.strength"))
    return found


def _steps(steps: Sequence[ChainStepRow]) -> list[ChainProblem]:
    found: list[ChainProblem] = []
    if not 1 <= len(steps) <= STEPS_MAX:
        return [_refused(f"A chain has 1 to {STEPS_MAX} steps", "chain.steps")]
    for number, step in enumerate(steps, 1):
        lists = (step.users, step.groups, step.rosters, step.desks)
        names = bool(step.roles or any(lists))
        if step.kind == "wait" and not 1 <= step.wait_s <= WAIT_S_MAX:
            found.append(_refused(f"A wait is 1 to {WAIT_S_MAX} s", "chain.wait", number))
        if step.kind == "notify" and not names:
            words = "This step tells nobody: name roles, people, groups, rosters or desks"
            found.append(_refused(words, "chain.who", number))
        if step.kind == "webhook" and not step.users:
            words = "This step calls no program: name whose webhooks it calls"
            found.append(_refused(words, "chain.who", number))
        is_odd = step.kind not in ("notify", "webhook") and names
        is_odd |= step.kind == "webhook" and bool(step.roles or any(lists[1:]))
        is_odd |= step.kind != "wait" and step.wait_s != 0
        is_odd |= step.kind in ("wait", "next_desk", "webhook") and bool(step.channels)
        if is_odd:
            words = (
                "Only a notify step names people, a webhook step those whose webhooks it calls, only a wait has "
                "seconds, and only what tells people has channels"
            )
            found.append(_refused(words, "chain.step", number))
        if (hours := step.hours) is not None and not (
            step.kind in ("notify", "webhook")
            and 0 <= hours.from_min < DAY_MIN
            and 0 <= hours.to_min < DAY_MIN
            and hours.from_min != hours.to_min
        ):
            words = "Only a notify or webhook step has hours: two different times of the day"
            found.append(_refused(words, "chain.hours", number))
        if any(len(one) > WHO_MAX for one in lists):
            words = f"A step names at most {WHO_MAX} people, and as many groups, rosters and desks"
            found.append(_refused(words, "chain.who", number))
    if sum(step.wait_s for step in steps) > WAITS_S_MAX:
        found.append(_refused(f"The waits are more than {WAITS_S_MAX} s together", "chain.wait"))
    first = next((place for place, step in enumerate(steps) if _tells_people(step)), len(steps))
    if sum(step.wait_s for step in steps[:first]) > FIRST_S_MAX:
        found.append(_refused(f"The first person is told after more than {FIRST_S_MAX} s", "chain.wait", first + 1))
    if steps[-1].kind not in _REACHING:
        words = "The last step reaches no person: end with notify, supervisor or all"
        found.append(_refused(words, "chain.last", len(steps)))
    elif steps[-1].hours is not None:
        words = "The last step is taken at some times of the day alone: it must reach a person at any time"
        found.append(_refused(words, "chain.last", len(steps)))
    elif not _tells_people(steps[-1]):
        words = "The last step tells desks alone, and a desk may have nobody at it: name roles, people or rosters too"
        found.append(_refused(words, "chain.last", len(steps)))
    return found


def _tells_people(step: ChainStepRow) -> bool:
    """Does it tell somebody at any time of the day, beside whoever is at a desk just then?"""
    if step.hours is not None:
        return False
    if step.kind == "notify":
        return bool(step.roles or step.users or step.groups or step.rosters)
    return step.kind in _REACHING


def _unknown(row: ChainRow, world: World) -> list[ChainProblem]:
    found: list[ChainProblem] = []
    if any(one not in world.types for one in row.types):
        found.append(_refused("The chain names a type that is in no catalogue", "chain.type"))
    if any(one not in world.sites for one in row.sites):
        found.append(_refused("The chain names a site that is not there any more", "chain.site"))
    for number, step in enumerate(row.steps, 1):
        if any(one not in world.living for one in step.users):
            found.append(_refused("This step names somebody who does not work here any more", "chain.user", number))
        if any(one not in world.groups for one in step.groups):
            found.append(_refused("This step names a group that is not there any more", "chain.group", number))
        if any(one not in world.turns for one in step.rosters):
            found.append(_refused("This step names a roster that is not there any more", "chain.roster", number))
        if any(one not in world.desks for one in step.desks):
            found.append(_refused("This step names a desk that is not there any more", "chain.desk", number))
    return found


def _reached(row: ChainRow, world: World) -> list[ChainProblem]:
    """Whom each step reaches, by what is switched on and entered."""
    found: list[ChainProblem] = []
    on = {channel for channel, _ in world.ways}
    for number, (kind, step) in _told(row):
        is_last = number == len(row.steps)
        always = people_of(step, world.living, world.groups)
        if step.desks and not any(world.desks[one] for one in step.desks):
            words = "Now nobody is on shift at its desk: the next step would come at once"
            found.append(_hinted(words, "chain.desk_empty", number))
        if step.rosters and not any(_usable(world.contacts.get(one, ()), step.channels, on) for one in always):
            found += _gaps(step, number, world, on, is_last=is_last)
        people = _everybody(msgspec.structs.replace(step, desks=()), world)  # a desk is told by its screen
        if step.desks and not people and not is_last:
            continue
        own = {person: _usable(world.contacts.get(person, ()), step.channels, on) for person in people}
        able = [person for person in people if own[person]]
        if not able:
            if not people:
                why = "nobody has this role" if kind != "notify" else "there is nobody in it"
                if step.rosters:
                    why = "nobody is on call"
            elif not on or (step.channels and not on.intersection(step.channels)):
                why = "the channel is not switched on here" if on else "no channel is switched on here"
            else:
                why = "nobody in it has a contact by which it could be told"
            end = ", and it is the last one: the chain would end with nobody told" if is_last else ""
            words = f"This step reaches nobody: {why}{end}"
            found.append(_refused(words, "chain.nobody", number) if is_last else _hinted(words, "chain.nobody", number))
            continue
        if step.channels and not on.issuperset(step.channels):
            found.append(_hinted("A channel of this step is not switched on here", "chain.channel", number))
        if not is_last:
            continue
        if not any(refusal_of(world.reach.get(person), world.now) is None for person in able):
            found.append(_hinted("Now nobody whom the last step tells is on duty", "chain.off_duty", number))
        if not any(one.row.tested_at is not None for person in able for one in own[person]):
            found.append(_hinted("Nobody whom the last step tells has tested a contact", "chain.untested", number))
        if not any(one.row.channel in RECEIPTS for person in able for one in own[person]):
            words = "Whom the last step tells is told by e-mail alone, of which nobody knows whether it was read"
            found.append(_hinted(words, "chain.receipts", number))
    return found


def _people(row: ChainRow, world: World) -> list[ChainProblem]:
    """Who could be told by no step at all, and who by one channel alone: at the first step that tells them."""
    on = {channel for channel, _ in world.ways}
    first: dict[Actor, int] = {}
    channels: dict[Actor, set[Channel]] = {}
    for number, (_, step) in _told(row):
        for person in _everybody(msgspec.structs.replace(step, desks=()), world):  # a desk is told by its screen
            first.setdefault(person, number)
            usable = _usable(world.contacts.get(person, ()), step.channels, on)
            channels.setdefault(person, set()).update(one.row.channel for one in usable)
    found: list[ChainProblem] = []
    for number in sorted(set(first.values())):
        people = [person for person, at in first.items() if at == number]
        mute = [person for person in people if not channels[person]]
        single = [person for person in people if len(channels[person]) == 1]
        if mute and len(mute) < len(people):  # that it reaches nobody at all is said by itself
            words = f"Without a contact that works: {len(mute)} of {len(people)} people"
            found.append(_about(mute, _hinted(words, "chain.no_address", number)))
        if single:
            words = (
                f"By one channel alone, so that nothing is left where it fails: {len(single)} of {len(people)} people"
            )
            found.append(_about(single, _hinted(words, "chain.one_channel", number)))
    return found


def _late(row: ChainRow, world: World) -> list[ChainProblem]:
    """Waits longer than the time to claim. A chain that counts who is coming waits for people on their way, then."""
    target = _target(row, world)
    if target is None:
        return []
    figure, hazard, priority = target
    limit_s = figure.limit_s or 0
    found: list[ChainProblem] = []
    wait_s, begun, is_told = 0, 0, False
    for number, step in enumerate(row.steps, 1):
        if step.kind == "wait":
            begun = begun or number
            wait_s += step.wait_s
        elif step.kind != "webhook":  # a program is nobody
            if wait_s > limit_s and not (is_told and row.strength is not None):
                doubt = "" if figure.is_confirmed else ", an unconfirmed figure"
                words = (
                    f"It waits {wait_s} s, and {hazard.replace('_', ' ')} of priority {priority} is to be claimed "
                    f"within {limit_s} s by {world.profile.title}{doubt}"
                )
                found.append(_hinted(words, "chain.late", begun))
            wait_s, begun, is_told = 0, 0, True
    return found


def _target(row: ChainRow, world: World) -> tuple[Figure, HazardClass, Priority] | None:
    """The shortest time to claim of what a chain is for; None: the profile says nothing of any of it."""
    found: list[tuple[int, HazardClass, Priority, Figure]] = []
    for type_ in world.types.values():
        if row.types and type_.type not in row.types:
            continue
        own = row.priorities if row.types and row.priorities else (type_.priority,)
        for priority in own:
            if row.priorities and priority not in row.priorities:
                continue
            figure = claim_figure(world.profile, type_.hazard, priority)
            if figure is not None and figure.limit_s is not None:
                found.append((figure.limit_s, type_.hazard, priority, figure))
    if not found:
        return None
    _, hazard, priority, figure = min(found, key=lambda one: one[0])
    return figure, hazard, priority


def _programs(row: ChainRow, world: World) -> list[ChainProblem]:
    """Whether each program that is called has an address, and webhooks are on."""
    on = {channel for channel, _ in world.ways}
    return [
        _hinted(
            "This step calls no program: "
            + ("nobody whom it names has a webhook" if "webhook" in on else "webhooks are not switched on here"),
            "chain.webhook",
            number,
        )
        for number, step in enumerate(row.steps, 1)
        if step.kind == "webhook"
        and not any(_usable(world.contacts.get(person, ()), PROGRAMS, on) for person in step.users)
    ]


def _strength(row: ChainRow, world: World) -> list[ChainProblem]:
    if row.strength is None:
        return []
    found: list[ChainProblem] = []
    named = {person for _, (_, step) in _told(row) for person in _everybody(step, world)}
    on = {channel for channel, _ in world.ways}
    asked = {person for person in named if _usable(world.contacts.get(person, ()), (), on)}
    if len(asked) < row.strength.coming:
        words = f"{row.strength.coming} must come, and the chain can ask {len(asked)}: it would end with TELEPHONE"
        found.append(_hinted(words, "chain.few"))
    able = capabilities_of(world.groups.values())
    for need in row.strength.needs:
        have = sum(need.capability in able.get(person, ()) for person in asked)
        if have < need.count:
            words = f"{need.count} {need.capability} must come, and the chain can ask {have}"
            found.append(_hinted(words, "chain.capability"))
    return found


def _everybody(step: ChainStep, world: World) -> list[Actor]:
    """All whom a step may tell: of a roster everybody who has a turn as far ahead as is looked."""
    turns = {id_: [person for _, _, person in world.turns[id_] if person is not None] for id_ in step.rosters}
    return people_of(step, world.living, world.groups, (), {**turns, **{id_: world.desks[id_] for id_ in step.desks}})


def _gaps(step: ChainStep, number: int, world: World, on: Collection[str], *, is_last: bool) -> list[ChainProblem]:
    """When nobody whom the rosters of a step name could be told: some of them may fill the gaps of others."""
    turns = [turn for id_ in step.rosters for turn in world.turns[id_]]
    reached = sorted(
        (since, until)
        for since, until, person in turns
        if person is not None and _usable(world.contacts.get(person, ()), step.channels, on)
    )
    if not reached:
        return []  # that the step reaches nobody at all is said by itself
    at = world.now
    for since, until in reached:
        if since > at:
            break
        at = max(at, until)
    if at >= max(until for _, until, _ in turns):
        return []
    is_gap = not any(since <= at < until and person is not None for since, until, person in turns)
    why = "nobody is on call by its roster" if is_gap else "who is on call by its roster has no contact that works"
    hours = (at - world.now) // HOUR_US
    when = "now" if at == world.now else f"in {hours // DAY_H} days" if hours >= 2 * DAY_H else f"in {hours} h"
    if is_last:
        words = (
            f"This step reaches nobody at some times, first {when}: {why}, and it is the last one. Close the gap, or "
            "name somebody beside the roster"
        )
        return [_refused(words, "chain.nobody", number)]
    words = f"At some times, first {when}, {why}: the next step would come at once"
    return [_hinted(words, "chain.gap", number)]


def _told(row: ChainRow) -> list[tuple[int, tuple[str, ChainStep]]]:
    """The steps that tell people, with their number and kind, as they are carried out."""
    numbered = [(number, one.kind) for number, one in enumerate(row.steps, 1) if one.kind != "wait"]
    made = plan_of_chain(StoredChain(Ref(""), row, Seq(0)), 1).steps
    pairs = zip(numbered, made, strict=False)  # behind them stand what is told again, and the last one
    return [(number, (kind, step)) for (number, kind), step in pairs if kind in _REACHING]


def _usable(contacts: Iterable[Contact], channels: Sequence[Channel], on: Collection[str]) -> list[Contact]:
    return [one for one in contacts if one.row.channel in on and (not channels or one.row.channel in channels)]


def _refused(words: str, code: str, step: int | None = None) -> ChainProblem:
    return ChainProblem(code=Code(code), is_refused=True, step=step, words=Words(words))


def _hinted(words: str, code: str, step: int | None = None) -> ChainProblem:
    return ChainProblem(code=Code(code), is_refused=False, step=step, words=Words(words))


def _about(people: Sequence[Actor], problem: ChainProblem) -> ChainProblem:
    return msgspec.structs.replace(problem, about=tuple(people[:NAMED_MAX]))
