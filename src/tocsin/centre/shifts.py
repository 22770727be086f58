"""Desks, going on and off shift, and handing a shift over: commands of people, and what the facts make of them.

Whoever is on shift stays responsible until somebody else accepted, or a supervisor took over: no clock, sign-out or end
of a session changes that. Duty of the person follows (`centre.contacts`): on shift, notices come; off shift, none.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec
import structlog

from tocsin.centre.configuration import Run
from tocsin.centre.contacts import DUTY_MAX_US
from tocsin.centre.editing import Overtaken, who_made
from tocsin.centre.rosters import Rosters
from tocsin.centre.shelving import SHELF
from tocsin.model.action_plans import PLAN_STEP
from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.commands import Claim, Command, Release
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.escalation import LOOK_AGAIN, UNCLAIMED
from tocsin.model.incidents import Incident
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.notices import REACH_SET, Reach, ReachRow
from tocsin.model.on_test import TEST_ENDS
from tocsin.model.out_of_service import OUT_ENDS
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.shifts import (
    DESK_ATTENDED,
    DESK_SET,
    DESK_UNATTENDED,
    DESKS_MAX,
    LISTED_MAX,
    SHIFT_BEGUN,
    SHIFT_ENDED,
    SHIFT_OFFER_ENDED,
    SHIFT_OFFERED,
    SHIFT_S_MAX,
    SHIFTS_MAX,
    Desk,
    DeskAttended,
    DeskRow,
    DeskUnattended,
    Listed,
    OfferEnd,
    Shift,
    ShiftBegun,
    ShiftBody,
    ShiftEnd,
    ShiftEnded,
    ShiftOffered,
    ShiftOfferEnded,
)
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.hold_up import LEAD_ROLE, is_hidden
from tocsin.rules.shifts import BODIES, HAZARDS, SECOND_US, apply_shift

TIMERS: Final = (UNCLAIMED, LOOK_AGAIN, PLAN_STEP, TEST_ENDS, OUT_ENDS)
"""Kinds of timers that a hand-over tells of: what people wait for. When data are erased is nobody's shift."""

STAFF: Final = frozenset({"operator", "supervisor"})
LEFT_US: Final = 24 * 3600 * SECOND_US
"""So long after the end of a shift its claims are looked for."""

PAGE: Final = 1_000
BY_PLAN_PAGE: Final = 500
BY_PLAN_PAGES: Final = 10
"""So many closed incidents are looked through for what plans have handled."""

TIMERS_COUNTED_MAX: Final = 10_000
_LOG = structlog.get_logger("shifts")
Handle = Callable[[Command], tuple[Incident, Seq]]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a desk is to be."""

    hazards: tuple[HazardClass, ...]
    label: Code
    priorities: tuple[Priority, ...]
    roster: Ref | None = None


class Shifts:
    """Commands about desks and shifts. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock, rosters: Rosters, handle: Handle) -> None:
        """Work on these; `handle` carries out commands on incidents, whose claims go with a shift."""
        self._store = store
        self._run = run
        self._clock = clock
        self._rosters = rosters
        self._handle = handle
        self._passed: set[Ref] = set()
        """Hand-overs whose incidents are known to be where they belong."""

    # Desks -----------------------------------------------------------------------------------------------------------

    def desks(self) -> list[Desk]:
        """The desks there are, in the order in which they were made."""
        return [desk for desk in self._store.desks() if not desk.row.removed]

    def set_desk(self, id_: Ref | None, wanted: Wanted, actor: Actor, version: Seq | None = None) -> Desk:
        """Make a desk, or change the one that its author saw at `version`.

        Raises:
            BadInput: there is no such desk, or no such roster.
            Overtaken: somebody changed it since `version`.
            Conflict: another has this label, or there are as many as can be.
        """
        row = DeskRow(
            hazards=tuple(one for one in HAZARDS if one in wanted.hazards),
            label=wanted.label,
            priorities=tuple(sorted(set(wanted.priorities))),
            removed=False,
            roster=wanted.roster,
        )
        if wanted.roster is not None:
            self._rosters.one(wanted.roster)

        def work(transaction: StoreTransaction, appender: Appender) -> Desk:
            known = self.desks()
            before = None if id_ is None else _desk(known, id_)
            if before is None and len(known) >= DESKS_MAX:
                raise Conflict(
                    f"There are {DESKS_MAX} desks, and no more can be. Nothing was changed. Remove those that nobody "
                    "uses",
                    "desk.full",
                )
            if any(one.row.label.casefold() == row.label.casefold() and one.id != id_ for one in known):
                raise Conflict(
                    f"Another desk is called {row.label}; labels are compared without case. Nothing was changed. Give "
                    "another label",
                    "desk.same",
                )
            if before is not None and before.row == row:
                return before
            if before is not None and version is not None and before.seq != version:
                raise Overtaken(before.id, *who_made(self._store, before.seq))
            seq = appender.append(Fact(kind=DESK_SET, body=row, ref=id_, actor=actor))
            since = None if before is None else before.unattended_since
            desk = Desk(id=id_ or _id_of("desk", seq), row=row, seq=seq, unattended_since=since)
            transaction.put_desk(desk)
            return desk

        return self._run(lambda journal: journal.decide(work))

    def due(self, desk: Desk) -> Actor | None:
        """Who should be on shift at a desk now by its roster; None: it has none, or nobody is on call."""
        roster = desk.row.roster
        known = {one.id for one in self._rosters.all()}
        return self._rosters.on_call(roster) if roster is not None and roster in known else None

    def remove_desk(self, id_: Ref, actor: Actor) -> None:
        """Take a desk away that nobody is on shift at.

        Raises:
            BadInput: there is no such desk.
            Conflict: somebody is on shift at it, or a chain of escalation tells it.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            before = _desk(self.desks(), id_)
            if before.unattended_since is not None or any(shift.desk == id_ for shift in self._store.shifts()):
                raise Conflict(
                    "Somebody is on shift at this desk, or was a moment ago. Nothing was changed. Hand the shift over "
                    "or end it first, then try again",
                    "desk.staffed",
                )
            if any(id_ in step.desks for one in self._store.chains() for step in one.row.steps):
                raise Conflict(
                    "A chain of escalation tells this desk. Nothing was changed. Take it out of the chain first",
                    "desk.used",
                )
            row = msgspec.structs.replace(before.row, removed=True)
            seq = appender.append(Fact(kind=DESK_SET, body=row, ref=id_, actor=actor))
            transaction.put_desk(Desk(id=id_, row=row, seq=seq, unattended_since=None))

        self._run(lambda journal: journal.decide(work))

    # On shift and off ------------------------------------------------------------------------------------------------

    def begin(self, desk: Ref, until: Micros, actor: Actor) -> Shift:
        """Go on shift at a desk, by one's own word.

        Raises:
            BadInput: there is no such desk, or the end cannot be.
            Conflict: one is on shift already.
        """
        _check_until(until, self._clock.now_us())

        def work(transaction: StoreTransaction, appender: Appender) -> Shift:
            _desk(self.desks(), desk)
            going_on = self._store.shifts()
            if any(one.user == actor for one in going_on):
                raise Conflict(
                    "You are on shift already. Nothing was changed. Hand that shift over or end it first",
                    "shift.already",
                )
            if len(going_on) >= SHIFTS_MAX:
                raise Conflict(
                    f"{SHIFTS_MAX} people are on shift, and no more can be. Nothing was changed. End shifts that are "
                    "over",
                    "shift.full",
                )
            return self._begin(transaction, appender, ShiftBegun(desk=desk, from_shift=None, until=until), actor)

        return self._run(lambda journal: journal.decide(work))

    def end(self, id_: Ref, actor: Actor, *, is_lead: bool = False) -> Shift:
        """Go off shift without handing over: only while somebody else is on, and with nothing claimed.

        A supervisor (`is_lead`) ends the last shift too, and those of others. Of one that is over nothing changes.

        Raises:
            BadInput: there is no such shift.
            Forbidden: it is somebody else's.
            Conflict: it is the last one, or its person has open incidents.
        """
        has = self._claimed(self._one(id_).user)
        # What whoever ends it must not see is no reason that they may be told.
        claimed = [one for one in has if not is_hidden(one, actor, is_lead=is_lead)]

        def work(transaction: StoreTransaction, appender: Appender) -> Shift:
            shift = self._one(id_)
            if shift.ended_at is not None:
                return shift
            if shift.user != actor and not is_lead:
                raise Forbidden(
                    "This is somebody else's shift. Nothing was changed. Ask them to hand it over, or a supervisor to "
                    "take it over",
                    "shift.others",
                )
            if claimed:
                raise Conflict(
                    "Open incidents are claimed on this shift. Nothing was changed. Hand the shift over, or give the "
                    "incidents back first; where its person has gone, a supervisor takes it over",
                    "shift.holds",
                )
            if not is_lead and len(self._store.shifts()) < 2:
                raise Conflict(
                    "Nobody else is on shift. Nothing was changed. Hand the shift over; where the centre closes, a "
                    "supervisor ends the last one",
                    "shift.last",
                )
            return self._end(transaction, appender, shift, "by_hand", None, None, actor)

        shift = self._run(lambda journal: journal.decide(work))
        for one in has if shift.user != actor else ():
            if one.is_room:
                self._let_go(one, shift)
        return shift

    # Handing over ----------------------------------------------------------------------------------------------------

    def listed(self, user: Actor) -> Listed:
        """What goes with somebody's shift now, by ids and numbers; ids beyond the limit are cut, and counted.

        A call of the control room itself is not in it: whoever must not see it may read the list. The queue shows it.
        """
        found = self._store.incidents("open", None, LISTED_MAX)
        incidents = [one for one in found if not one.is_room]
        room = {one.id for one in found if one.is_room}
        held = [one for one in self._store.notices(LISTED_MAX, states=("held",)) if one.incident not in room]
        room_held = sum(len(self._store.notices(LISTED_MAX, incident=one, states=("held",))) for one in room)
        tests = self._store.site_tests()
        zones_out = sorted(self._store.zones_out(), key=lambda one: (one.until, one.seq))
        timers = (
            (kind, sum(one.ref not in room for one in self._store.timers(None, TIMERS_COUNTED_MAX, kind)))
            for kind in TIMERS
        )
        by_plan = self._by_plan(user)
        shelved = self._shelved()
        return Listed(
            by_plan=tuple(by_plan[:LISTED_MAX]),
            by_plan_count=len(by_plan),
            claimed=tuple(one.id for one in self._claimed(user) if not one.is_room)[:LISTED_MAX],
            held=tuple(one.id for one in held),
            held_count=max(0, self._store.notice_tally().held - room_held),
            incidents=tuple(one.id for one in incidents),
            incidents_count=self._store.incident_count("open") - len(room),
            shelved=tuple(shelved[:LISTED_MAX]),
            shelved_count=len(shelved),
            tests=tuple(one.id for one in tests[:LISTED_MAX]),
            tests_count=len(tests),
            timers=tuple((kind, count) for kind, count in timers if count),
            zones_out=tuple(one.id for one in zones_out[:LISTED_MAX]),
            zones_out_count=len(zones_out),
        )

    def _shelved(self) -> list[Ref]:
        """Open incidents that somebody put aside: one timer each."""
        timers = self._store.timers(None, TIMERS_COUNTED_MAX, SHELF)
        return [one.ref for one in sorted(timers, key=lambda one: (one.due_at, one.ref))]

    def _by_plan(self, user: Actor) -> list[Ref]:
        """What was handled by its plan since somebody's shift began: of very much the newest."""
        begun_at = next((one.begun_at for one in self._store.shifts() if one.user == user), None)
        found: list[Ref] = []
        before: Seq | None = None
        for _ in range(BY_PLAN_PAGES if begun_at is not None else 0):
            page = self._store.incidents("closed", before, BY_PLAN_PAGE)
            late = [one for one in page if (one.closed_at or 0) >= (begun_at or 0)]
            found += [one.id for one in late if one.disposition == "handled_by_plan"]
            if len(late) < len(page) or len(page) < BY_PLAN_PAGE:
                break
            before = page[-1].version
        return found

    def offer(self, id_: Ref, to: Actor, actor: Actor) -> Shift:
        """Hand a shift to somebody. Until they accept, the one who hands over stays responsible.

        An offer to another before it ends with this one.

        Raises:
            BadInput: there is no such shift, or no such colleague.
            Forbidden: it is somebody else's shift.
            Conflict: it is over.
        """
        if to == actor or to not in self._staff():
            raise BadInput(
                "Nobody of this id works at a desk here, or it is yourself. Nothing was changed. Choose a colleague "
                "who is an operator or supervisor",
                "shift.to",
            )
        listed = self.listed(actor)

        def work(transaction: StoreTransaction, appender: Appender) -> Shift:
            shift = self._going_on(id_)
            if shift.user != actor:
                raise Forbidden(
                    "This is somebody else's shift. Nothing was changed. They hand it over themselves, or a supervisor "
                    "takes it over",
                    "shift.others",
                )
            return self._add(transaction, appender, shift, ShiftOffered(listed=listed, to=to), SHIFT_OFFERED, actor)

        return self._run(lambda journal: journal.decide(work))

    def end_offer(self, id_: Ref, actor: Actor) -> Shift:
        """Withdraw one's offer, or decline it. Where there is none, nothing changes.

        Raises:
            BadInput: there is no such shift.
            Forbidden: it is somebody else's matter.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> Shift:
            shift = self._one(id_)
            if shift.offered_to is None:
                return shift
            if actor not in (shift.user, shift.offered_to):
                raise Forbidden(
                    "This hand-over is between others. Nothing was changed. They accept, decline or withdraw it",
                    "shift.others",
                )
            reason: OfferEnd = "withdrawn" if actor == shift.user else "declined"
            return self._add(transaction, appender, shift, ShiftOfferEnded(reason=reason), SHIFT_OFFER_ENDED, actor)

        return self._run(lambda journal: journal.decide(work))

    def accept(self, id_: Ref, until: Micros, actor: Actor) -> Shift:
        """Accept what was handed over, the list as a whole as it is now; return the old shift, which is over.

        Open incidents that the other had are claimed by whoever accepts. Again, it does what is left of that.

        Raises:
            BadInput: there is no such shift, or the end cannot be.
            Forbidden: it was offered to somebody else.
            Conflict: it is not offered any more.
        """
        return self._take(id_, until, actor, "handed_over")

    def take_over(self, id_: Ref, until: Micros, actor: Actor) -> Shift:
        """Take the shift of somebody who has gone, without a word of theirs: a supervisor does.

        Raises:
            BadInput: there is no such shift, or the end cannot be.
            Conflict: it is over, or one's own.
        """
        return self._take(id_, until, actor, "taken_over")

    def _take(self, id_: Ref, until: Micros, actor: Actor, reason: ShiftEnd) -> Shift:
        _check_until(until, self._clock.now_us())
        listed = self.listed(self._one(id_).user)

        def work(transaction: StoreTransaction, appender: Appender) -> Shift:
            shift = self._one(id_)
            if shift.ended_at is not None and shift.to == actor and shift.end_reason == reason:
                return shift
            shift = self._going_on(id_)
            if shift.user == actor:
                raise Conflict("This is your own shift. Nothing was changed. Hand it to a colleague", "shift.own")
            if reason == "handed_over" and shift.offered_to is None:
                raise Conflict(
                    "This shift is not handed over, or not any more. Nothing was changed. Look at who is on shift",
                    "shift.not_offered",
                )
            if reason == "handed_over" and shift.offered_to != actor:
                raise Forbidden(
                    "This shift is handed to somebody else. Nothing was changed. They accept or decline it",
                    "shift.others",
                )
            after = self._end(transaction, appender, shift, reason, listed, actor, actor)
            if not any(one.user == actor for one in self._store.shifts()):
                body = ShiftBegun(desk=shift.desk, from_shift=shift.id, until=until)
                self._begin(transaction, appender, body, actor)
            return after

        shift = self._run(lambda journal: journal.decide(work))
        if not self._pass_claims(shift, actor):
            self._pass_claims(shift, actor)
        return shift

    def pass_found(self) -> None:
        """Bring to their end the hand-overs that an earlier process did not: nobody who has gone has an incident.

        Each hand-over is looked at until nothing is left of it, so once as a rule.
        """
        ended = self._store.shifts(ended_after=Micros(self._clock.now_us() - LEFT_US))
        handed_on = sorted((one for one in ended if one.to is not None), key=lambda one: one.version)
        self._passed.intersection_update(one.id for one in handed_on)
        for shift in handed_on:
            if shift.id in self._passed:
                continue
            heir = _heir(shift, handed_on)
            if heir == shift.user or self._pass_claims(shift, heir):
                self._passed.add(shift.id)

    def _pass_claims(self, shift: Shift, actor: Actor) -> bool:
        """The incidents that whoever went had are whose shift it is now: each by a command like any other.

        All that they had at the end, whether or not they had it when the list was made, or the list had room for it. A
        call of the control room that whoever takes over must not see goes back to the queue, for others to claim.
        False: somebody did something to one of them at that moment, and it is to be looked at again.
        """
        is_done = True
        is_lead = any(one.id == actor and LEAD_ROLE in one.row.roles for one in self._store.users())
        for id_ in self._left_by(shift):
            incident = self._store.incident(id_)
            if incident is None or not is_left(incident, shift):
                continue  # somebody was quicker, and has it
            if is_hidden(incident, actor, is_lead=is_lead):
                is_done &= self._let_go(incident, shift)
                continue
            command, act = Code(f"{shift.id}-{id_}-{incident.version}"), Claim(take_over=True)
            is_done &= self._handled(Command(actor=actor, id=command, incident=id_, version=incident.version, act=act))
        return is_done

    def _let_go(self, incident: Incident, shift: Shift) -> bool:
        """Give a call of the control room back in the name of whoever had it, and has gone."""
        command, act = Code(f"{shift.id}-{incident.id}-{incident.version}"), Release()
        return self._handled(
            Command(actor=shift.user, id=command, incident=incident.id, version=incident.version, act=act)
        )

    def _handled(self, command: Command) -> bool:
        try:
            self._handle(command)
        except Conflict as fault:
            _LOG.warning("shifts.claim_not_passed", incident=command.incident, code=fault.code)
            return False
        return True

    def _left_by(self, shift: Shift) -> list[Ref]:
        found: list[Ref] = []
        before: Seq | None = None
        while page := self._store.incidents("open", before, PAGE):
            found += [one.id for one in page if is_left(one, shift)]
            before = page[-1].version
        return found

    # Inside ----------------------------------------------------------------------------------------------------------

    def _one(self, id_: Ref) -> Shift:
        shift = self._store.shift(id_)
        if shift is None:
            raise BadInput("There is no such shift. Nothing was changed. Look at who is on shift", "shift.unknown")
        return shift

    def _going_on(self, id_: Ref) -> Shift:
        shift = self._one(id_)
        if shift.ended_at is not None:
            raise Conflict("This shift is over. Nothing was changed. Look at who is on shift", "shift.over")
        return shift

    def _staff(self) -> set[Actor]:
        return {user.id for user in self._store.users() if not user.row.removed and STAFF & set(user.row.roles)}

    def _claimed(self, user: Actor) -> list[Incident]:
        """Open incidents that somebody has, the newest first."""
        found: list[Incident] = []
        before: Seq | None = None
        while page := self._store.incidents("open", before, PAGE):
            found += [one for one in page if one.claimed_by == user]
            before = page[-1].version
        return found

    def _begin(self, transaction: StoreTransaction, appender: Appender, body: ShiftBegun, actor: Actor) -> Shift:
        seq = appender.append(Fact(kind=SHIFT_BEGUN, body=body, actor=actor))
        shift = apply_shift(None, body, seq=seq, at=appender.at, actor=actor, id_=_id_of("shift", seq))
        transaction.put_shift(shift)
        self._set_duty(transaction, appender, actor, Micros(appender.at + DUTY_MAX_US), actor)
        return shift

    def _end(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        shift: Shift,
        reason: ShiftEnd,
        listed: Listed | None,
        to: Actor | None,
        actor: Actor,
    ) -> Shift:
        body = ShiftEnded(listed=listed, reason=reason, to=to)
        self._set_duty(transaction, appender, shift.user, None, actor)
        return self._add(transaction, appender, shift, body, SHIFT_ENDED, actor)

    def _add(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        shift: Shift,
        body: ShiftBody,
        kind: Code,
        actor: Actor,
    ) -> Shift:
        seq = appender.append(Fact(kind=kind, body=body, ref=shift.id, actor=actor))
        after = apply_shift(shift, body, seq=seq, at=appender.at, actor=actor, id_=shift.id)
        transaction.put_shift(after)
        return after

    def _set_duty(
        self, transaction: StoreTransaction, appender: Appender, user: Actor, until: Micros | None, actor: Actor
    ) -> None:
        """Whoever is notified by duty is on duty with the shift. Who is called from home stays as they said."""
        found = self._store.reach(user)
        if found and found[0].row.kind != "on_shift":
            return
        old = found[0].row if found else ReachRow(kind="on_shift", not_now_until=None, on_duty_until=None)
        row = msgspec.structs.replace(old, not_now_until=None, on_duty_until=until)
        if found and found[0].row == row:
            return
        seq = appender.append(Fact(kind=REACH_SET, body=row, ref=Ref(user), actor=actor))
        transaction.put_reach([Reach(user, row, seq)])


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_DESK: Final = msgspec.json.Decoder(DeskRow)
_UNATTENDED: Final = msgspec.json.Decoder(DeskUnattended)
_DECODERS: Final = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}


class ShiftRebuild:
    """Desks and shifts from their facts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.desks: dict[Ref, Desk] = {}
        self.shifts: dict[Ref, Shift] = {}

    def take_desk(self, row: EntryRow) -> None:
        """Apply a fact about a desk."""
        entry = _ENTRY.decode(row.entry)
        id_ = entry.ref or _id_of("desk", row.seq)
        if row.kind == DESK_SET:
            set_ = _DESK.decode(entry.body)
            before = self.desks.get(id_)
            since = None if before is None or set_.removed else before.unattended_since
            self.desks[id_] = Desk(id=id_, row=set_, seq=row.seq, unattended_since=since)
        elif row.kind == DESK_UNATTENDED:
            since = _UNATTENDED.decode(entry.body).since
            self.desks[id_] = msgspec.structs.replace(self.desks[id_], unattended_since=since)
        else:
            self.desks[id_] = msgspec.structs.replace(self.desks[id_], unattended_since=None)

    def take_shift(self, row: EntryRow) -> None:
        """Apply a fact about a shift."""
        entry = _ENTRY.decode(row.entry)
        id_ = entry.ref or _id_of("shift", row.seq)
        body = _DECODERS[row.kind].decode(entry.body)
        self.shifts[id_] = apply_shift(self.shifts.get(id_), body, seq=row.seq, at=row.at, actor=entry.actor, id_=id_)


def mark_unattended(
    transaction: StoreTransaction, appender: Appender, desk: Desk, since: Micros | None, *, is_staffed: bool
) -> Desk:
    """Say that a desk is unattended since then; with None, that it is over."""
    body = DeskAttended(is_staffed=is_staffed) if since is None else DeskUnattended(since=since)
    kind = DESK_ATTENDED if since is None else DESK_UNATTENDED
    appender.append(Fact(kind=kind, body=body, ref=desk.id))
    after = msgspec.structs.replace(desk, unattended_since=since)
    transaction.put_desk(after)
    return after


def _id_of(kind: str, seq: Seq) -> Ref:
    return Ref(f"{kind}-{seq}")


def _desk(known: Iterable[Desk], id_: Ref) -> Desk:
    found = next((desk for desk in known if desk.id == id_), None)
    if found is None:
        raise BadInput("There is no such desk, or not any more. Nothing was changed. Look at the desks", "desk.unknown")
    return found


def is_left(incident: Incident, shift: Shift) -> bool:
    """Has somebody this incident, from before their shift passed to another?"""
    if incident.state != "open" or incident.claimed_by != shift.user or shift.to is None or shift.ended_at is None:
        return False
    claimed_at = incident.claimed_at or Micros(0)
    # While a clock is set back, `at` of facts stands still: then what was done last tells.
    return claimed_at < shift.ended_at or (claimed_at == shift.ended_at and incident.acted <= shift.version)


def _heir(shift: Shift, handed_on: Iterable[Shift]) -> Actor:
    """Who has now what was handed over with a shift: whoever took it may have handed it on since, in this order."""
    for later in handed_on:
        if shift.to == later.user and later.version > shift.version:
            shift = later
    assert shift.to is not None, "it was handed over"
    return shift.to


def _check_until(until: Micros, now: Micros) -> None:
    if not now < until <= now + SHIFT_S_MAX * SECOND_US:
        raise BadInput(
            f"A shift is planned to end after now, and within {SHIFT_S_MAX // 3600} hours. Nothing was changed. Name "
            "such an end",
            "shift.until",
        )
