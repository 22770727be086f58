"""What a chain would have done with the incidents of the last days. Nobody is told, and nothing is stored.

From the journal: what came in, how urgent it was at each moment, when somebody claimed it, who was on duty and at which
desk then. From today: groups, rosters, contacts and the channels that are switched on. Nobody answers in it: who would
have come nobody can know. Source: INTEGRATIONS.md, section 10, "dry run against last month".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from tocsin.centre.chain_view import ChainView
from tocsin.centre.escalation import Escalating
from tocsin.centre.outbox import Outbox
from tocsin.centre.telling import Staff, Telling
from tocsin.model.catalogue import Priority
from tocsin.model.chains import StoredChain
from tocsin.model.errors import BadInput
from tocsin.model.escalation import Tell
from tocsin.model.incidents import Incident, State
from tocsin.model.notices import REACH_SET, Channel, ReachRow
from tocsin.model.ports import Clock, Store
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.chains import Plan, chain_for, goes_on, of_incident, standing_of
from tocsin.rules.incident import BODIES, apply

DAYS_MAX: Final = 31
LOOKED_MAX: Final = 5_000
"""Incidents that one trial looks at, the newest."""

SHOWN_MAX: Final = 100
"""Incidents that it names."""

NAMED_MAX: Final = 20
"""People whom a step of it names; how many there are is said."""

TRIAL_S: Final = 5.0
"""So long one trial may take; then it says how far back it came."""

PAGE: Final = 500
FACTS_MAX: Final = 2_000
REACH_LOOKED_MAX: Final = 200_000
"""Entries that are looked through for who was on duty."""

DAY_US: Final = 86_400_000_000
_US: Final = 1_000_000


class TrialTold(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a step would have told."""

    user: Actor
    channels: tuple[Channel, ...]


class TrialStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step that would have been taken."""

    after_s: int
    """After the incident was opened."""
    step: int
    tell: Tell
    told: int
    """How many people would have been told."""
    recipients: tuple[TrialTold, ...]
    """The first NAMED_MAX of them."""
    refused: int
    """How many could not have been told. Who was off duty, or had said "not now", is nobody's list (SCOPE.md, R8)."""
    desks: int
    """How many desks that it names had somebody at them."""
    vacant: int
    """How many rosters had nobody on call, and desks nobody at them."""
    off_hours: bool


class TrialIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that the chain would have been for."""

    id: Ref
    number: int
    type: Code
    priority: Priority
    """When the chain began."""
    site_id: Ref | None
    opened_at: Micros
    waited_s: int | None
    """So long the chain would have gone on, from its beginning to the claim or closing; None: it goes on still."""
    steps: tuple[TrialStep, ...]
    """Empty: it was over before the first was due."""
    is_nobody: bool
    """Steps were due, and nobody would have been told by any of them."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a chain would have done."""

    since: Micros
    until: Micros
    looked: int
    """Incidents opened in that time that were looked at."""
    is_cut: bool
    """There are more, or they took too long: older ones were not looked at."""
    fitting: int
    """Of them, those that the chain would have been for."""
    in_time: int
    """Of these, over before the first step was due."""
    told: int
    """Of these, somebody would have been told."""
    nobody: int
    """Of these, steps were due and nobody would have been told."""
    incidents: tuple[TrialIncident, ...]
    """Those of which nobody would have been told first, then the newest; at most SHOWN_MAX."""


class _Spell(msgspec.Struct, frozen=True):
    """From when to when the chain would have gone on."""

    since: Micros
    until: Micros | None
    priority: Priority


class _ReachEntry(msgspec.Struct):
    body: ReachRow
    ref: Ref


class _FactEntry(msgspec.Struct):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_REACH_ENTRY: Final = msgspec.json.Decoder(_ReachEntry)
_FACT_ENTRY: Final = msgspec.json.Decoder(_FactEntry)


class ChainTrials:
    """Tries chains on what was. From any thread but the writer's."""

    def __init__(self, *, store: Store, outbox: Outbox, escalating: Escalating, clock: Clock) -> None:
        """Try by these."""
        self._store = store
        self._escalating = escalating
        self._clock = clock
        self._telling = Telling(store, outbox)
        self._view = ChainView(store, outbox, escalating)

    def by_name(self, name: str, days: int) -> Trial:
        """What a stored chain would have done.

        Raises:
            BadInput: there is none of this name, or so many days are not looked at.
        """
        if not 1 <= days <= DAYS_MAX:
            raise BadInput(f"1 to {DAYS_MAX} days are looked at. Nothing was tried. Name fewer", "chain.days")
        found = next((one for one in self._store.chains() if one.row.name.casefold() == name.casefold()), None)
        if found is None:
            known = ", ".join(one.row.name for one in self._store.chains()) or "none"
            raise BadInput(
                f"There is no such chain. Nothing was tried. Name one of those that there are: {known}", "chain.unknown"
            )
        return self.last_days(found, days)

    def last_days(self, chain: StoredChain, days: int) -> Trial:
        """What this chain would have done in place of the one of its id; with an id that there is not, beside all.

        `days`: 1 to DAYS_MAX. Calls of the control room itself are left out: who may see them is not for a list.
        """
        assert 1 <= days <= DAYS_MAX
        until, end_s = self._clock.now_us(), self._clock.monotonic_s() + TRIAL_S
        since = Micros(until - days * DAY_US)
        plan = self._escalating.plan_as(chain)
        chains = [chain if one.id == chain.id else one for one in self._store.chains()]
        if all(one.id != chain.id for one in chains):
            chains.append(chain)
        staff, past = self._telling.staff(), _Past(self._store, since)
        looked, is_cut, found = 0, False, list[TrialIncident]()
        for incident in self._opened_since(since):
            if looked >= LOOKED_MAX or self._clock.monotonic_s() > end_s:
                is_cut = True
                break
            looked += 1
            spells = self._spells(incident, chain, chains, plan)
            is_cut |= spells is None
            if spells:
                found.append(self._tried(incident, plan, spells, staff, past))
        nobody = [one for one in found if one.is_nobody]
        in_time = sum(not one.steps for one in found)
        shown = sorted(found, key=lambda one: (not one.is_nobody, -one.opened_at))[:SHOWN_MAX]
        return Trial(
            since=since,
            until=until,
            looked=looked,
            is_cut=is_cut,
            fitting=len(found),
            in_time=in_time,
            told=len(found) - in_time - len(nobody),
            nobody=len(nobody),
            incidents=tuple(shown),
        )

    def _opened_since(self, since: Micros) -> Iterator[Incident]:
        """Incidents opened since then, exercises too, the latest changed first."""
        states: tuple[State, ...] = ("open", "closed")
        for state in states:
            before: Seq | None = None
            while page := self._store.incidents(state, before, PAGE):
                yield from (one for one in page if one.opened_at >= since and not one.is_room)
                before = page[-1].version
                if all(one.closed_at is not None and one.closed_at < since for one in page):
                    break  # what was changed before these was closed before

    def _spells(
        self, incident: Incident, chain: StoredChain, chains: Sequence[StoredChain], plan: Plan
    ) -> list[_Spell] | None:
        """When the chain would have begun and been over, by what the journal says of the incident.

        None: it has more facts than are read, and its beginning is not known.
        """
        standing = standing_of(plan.strength, (), ())
        found: list[_Spell] = []
        begun: tuple[Micros, Priority] | None = None
        then: Incident | None = None
        for stored in self._store.incident_facts(incident.id, FACTS_MAX):
            row = stored.row
            body_type = BODIES.get(row.kind)
            if body_type is None:
                continue
            if then is None and row.kind != "incident.opened":
                return None
            entry = _FACT_ENTRY.decode(row.entry)
            if then is not None and entry.ref != incident.id:
                continue  # of another one that it was merged with
            body = msgspec.json.decode(entry.body, type=body_type)
            then = apply(then, body, seq=row.seq, at=row.at, actor=entry.actor, id_=incident.id)
            at = then.opened_at if row.kind == "incident.opened" else row.at
            is_for = chain_for(chains, of_incident(then)) is chain and goes_on(then, plan, standing)
            if is_for and begun is None:
                begun = at, then.priority
            elif not is_for and begun is not None:
                found.append(_Spell(begun[0], at, begun[1]))
                begun = None
        if begun is not None:
            found.append(_Spell(begun[0], None, begun[1]))
        return found

    def _tried(
        self, incident: Incident, plan: Plan, spells: Sequence[_Spell], staff: Staff, past: "_Past"
    ) -> TrialIncident:
        steps: list[TrialStep] = []
        for spell in spells:
            then = staff._replace(
                reach=past.reach(staff.reach, spell.since),
                on_shift=past.on_shift(spell.since),
                desks=dict.fromkeys(staff.desks, True),
            )
            for one in self._view.course(plan.steps, frozenset(), then, spell.since, is_own=True):
                if spell.until is not None and spell.since + one.after_s * _US >= spell.until:
                    break
                if spell.until is None and spell.since + one.after_s * _US > self._clock.now_us():
                    break
                told = [(person, ways) for person, (ways, refusal) in one.people if refusal is None]
                steps.append(
                    TrialStep(
                        after_s=(spell.since - incident.opened_at) // _US + one.after_s,
                        step=one.step,
                        tell=one.tell,
                        told=len(told),
                        recipients=tuple(
                            TrialTold(user=person, channels=tuple(dict.fromkeys(way.channel for way in ways)))
                            for person, ways in told[:NAMED_MAX]
                        ),
                        refused=len(one.people) - len(told),
                        desks=len(one.desks),
                        vacant=len(one.vacant),
                        off_hours=one.off_hours,
                    )
                )
        is_told = any(one.told or one.desks or one.tell == "second_desk" for one in steps)
        first, last = spells[0], spells[-1]
        return TrialIncident(
            id=incident.id,
            number=incident.number,
            type=incident.type,
            priority=first.priority,
            site_id=incident.site_id,
            opened_at=incident.opened_at,
            waited_s=None if last.until is None else (last.until - first.since) // _US,
            steps=tuple(steps),
            is_nobody=bool(steps) and not is_told,
        )


class _Past:
    """Who was on duty, and at which desk, at each moment of the last days."""

    def __init__(self, store: Store, since: Micros) -> None:
        self._shifts = store.shifts(ended_after=since)
        self._reach: dict[Actor, list[tuple[Micros, ReachRow]]] = {}
        before: Seq | None = None
        left = REACH_LOOKED_MAX
        while left > 0:
            page = store.newest_entries(before, REACH_SET, PAGE, min(left, 20_000))
            for stored in page.entries:
                entry = _REACH_ENTRY.decode(stored.row.entry)
                self._reach.setdefault(Actor(entry.ref), []).append((stored.row.at, entry.body))
            if page.next is None or (page.entries and page.entries[-1].row.at < since - DAY_US):
                break
            left -= 20_000
            before = page.next

    def reach(self, now: Mapping[Actor, ReachRow], at: Micros) -> dict[Actor, ReachRow]:
        """What each had said by then; who said nothing since is taken by their kind, without a time."""
        found: dict[Actor, ReachRow] = {}
        for user, row in now.items():
            said = next((body for when, body in self._reach.get(user, ()) if when <= at), None)
            found[user] = said or replace(row, not_now_until=None, on_duty_until=None)
        return found

    def on_shift(self, at: Micros) -> dict[Ref, list[Actor]]:
        """By desk."""
        found: dict[Ref, list[Actor]] = {}
        for shift in self._shifts:
            if shift.begun_at <= at and (shift.ended_at is None or at < shift.ended_at):
                found.setdefault(shift.desk, []).append(shift.user)
        return found
