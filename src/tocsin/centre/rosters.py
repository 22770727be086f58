"""Rosters: setting them up, exceptions for a time, and who is on call now. From any thread but the writer's."""

from collections.abc import Callable, Iterable
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.editing import Overtaken, who_made
from tocsin.centre.roster_turns import Span, on_call, spans
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.rosters import (
    OVERRIDE_DAYS_MAX,
    OVERRIDES_MAX,
    ROSTER_SET,
    ROSTERS_MAX,
    Roster,
    RosterLayer,
    RosterOverride,
    RosterRow,
)
from tocsin.model.values import Actor, Code, Micros, Ref, Seq, ZoneName

DAY_US: Final = 86_400_000_000
AHEAD_DAYS: Final = 35
"""So far ahead gaps are looked for: five weeks."""

GAPS_MAX: Final = 20
KEPT_US: Final = DAY_US
"""An exception that ended so long ago is left out when the roster is set the next time."""


_Change = Callable[[list[Roster], Roster | None], RosterRow]
"""All rosters and the one as it was -> as it is to be."""


class _Entry(msgspec.Struct, gc=False):
    body: RosterRow
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a roster is to be, without its exceptions."""

    label: Code
    layers: tuple[RosterLayer, ...]
    zone: ZoneName


class OnCall(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on call now and next, and when nobody is within five weeks."""

    gaps: tuple[tuple[Micros, Micros], ...]
    """From when to when; at most `GAPS_MAX`."""
    next: Actor | None
    next_at: Micros | None
    """When somebody else is, or nobody; None: not within five weeks."""
    now: Actor | None


class Rosters:
    """Rosters of a centre."""

    def __init__(self, *, store: Store, run: Run, clock: Clock) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock

    def all(self) -> list[Roster]:
        """The rosters there are, in the order in which they were made."""
        return [one for one in self._store.rosters() if not one.row.removed]

    def one(self, id_: Ref) -> Roster:
        """A roster.

        Raises:
            BadInput: there is none of this id.
        """
        found = next((one for one in self.all() if one.id == id_), None)
        if found is None:
            raise BadInput(
                "There is no such roster, or not any more. Nothing was changed. Look at the rosters", "roster.unknown"
            )
        return found

    def now(self, roster: Roster) -> OnCall:
        """Who is on call, who is next, and the gaps ahead."""
        since = self._clock.now_us()
        until = Micros(since + AHEAD_DAYS * DAY_US)
        found: list[Span] = spans(roster.row, since, until, ZoneInfo(roster.row.zone), self._living())
        return OnCall(
            gaps=tuple((one.since, one.until) for one in found if one.person is None)[:GAPS_MAX],
            next=found[1].person if len(found) > 1 else None,
            next_at=found[1].since if len(found) > 1 else None,
            now=found[0].person,
        )

    def on_call(self, id_: Ref) -> Actor | None:
        """Who is on call by a roster now; None: nobody.

        Raises:
            BadInput: there is no such roster.
        """
        row = self.one(id_).row
        return on_call(row, self._clock.now_us(), ZoneInfo(row.zone), self._living())

    def people(self, ids: Iterable[Ref]) -> tuple[list[Actor], list[Code]]:
        """Who is on call by these rosters, each person once; and the labels of those that have nobody now.

        Raises:
            BadInput: there is no such roster.
        """
        found: dict[Actor, None] = {}
        empty: list[Code] = []
        for id_ in dict.fromkeys(ids):
            person = self.on_call(id_)
            if person is None:
                empty.append(self.one(id_).row.label)
            else:
                found[person] = None
        return list(found), empty

    def put(self, id_: Ref | None, wanted: Wanted, version: Seq | None, actor: Actor) -> Roster:
        """Make a roster, or change the one that its author saw at `version`. Exceptions stay.

        Raises:
            BadInput: there is no such roster, zone or colleague.
            Conflict: somebody changed it since, another has this label, or there are as many as can be.
        """
        checked_zone(wanted.zone)
        strangers = {one for layer in wanted.layers for one in layer.users} - self._living()
        if strangers:
            raise BadInput(
                f"{len(strangers)} of the people on this roster do not work here, or not any more. Nothing was "
                "changed. Take them out",
                "roster.people",
            )

        def change(known: list[Roster], before: Roster | None) -> RosterRow:
            if before is None and len(known) >= ROSTERS_MAX:
                raise Conflict(
                    f"There are {ROSTERS_MAX} rosters, and no more can be. Nothing was changed. Remove those that "
                    "nobody uses",
                    "roster.full",
                )
            if any(one.row.label.casefold() == wanted.label.casefold() and one.id != id_ for one in known):
                raise Conflict(
                    f"Another roster is called {wanted.label}; labels are compared without case. Nothing was changed. "
                    "Give another label",
                    "roster.same",
                )
            return RosterRow(
                label=wanted.label,
                layers=wanted.layers,
                overrides=() if before is None else self._kept(before),
                removed=False,
                zone=wanted.zone,
            )

        return self._change(id_, version, actor, change)

    def remove(self, id_: Ref, version: Seq, actor: Actor) -> None:
        """Take a roster away. Whoever is asked by it is not asked any more.

        Raises:
            BadInput, Conflict: as `put`.
        """

        def change(_known: list[Roster], before: Roster | None) -> RosterRow:
            assert before is not None, "a roster that is named is there"
            return msgspec.structs.replace(before.row, removed=True, overrides=())

        self._change(id_, version, actor, change)

    def override(
        self, id_: Ref, person: Actor, instead_of: Actor | None, from_at: Micros, until_at: Micros, actor: Actor
    ) -> Roster:
        """Put somebody in for another, or for whoever it is, for a time.

        Raises:
            BadInput: there is no such roster or colleague, or the time cannot be.
            Conflict: there are as many exceptions as can be.
        """
        now = self._clock.now_us()
        length = until_at - from_at
        is_possible = 0 < length <= OVERRIDE_DAYS_MAX * DAY_US
        if not is_possible or until_at <= now or from_at > now + 4 * OVERRIDE_DAYS_MAX * DAY_US:
            raise BadInput(
                f"An exception ends after now and after it begins, is {OVERRIDE_DAYS_MAX} days long at most, and "
                "begins within a year. Nothing was changed. Name such times",
                "roster.override",
            )
        if person not in self._living() or person == instead_of:
            raise BadInput(
                "Nobody of this id works here, or it is the one who is stood in for. Nothing was changed. Choose a "
                "colleague",
                "roster.people",
            )

        def change(_known: list[Roster], before: Roster | None) -> RosterRow:
            assert before is not None, "a roster that is named is there"
            kept = self._kept(before)
            if len(kept) >= OVERRIDES_MAX:
                raise Conflict(
                    f"This roster has {OVERRIDES_MAX} exceptions, and no more can be. Nothing was changed. Take back "
                    "those that nobody needs, or change the roster",
                    "roster.overrides",
                )
            number = max((one.number for one in before.row.overrides), default=0) + 1
            made = RosterOverride(from_at=from_at, instead_of=instead_of, number=number, until_at=until_at, user=person)
            return msgspec.structs.replace(before.row, overrides=(*kept, made))

        return self._change(id_, None, actor, change)

    def end_override(self, id_: Ref, number: int, actor: Actor) -> Roster:
        """Take an exception back. Of one that is not there any more nothing changes.

        Raises:
            BadInput: there is no such roster.
        """

        def change(_known: list[Roster], before: Roster | None) -> RosterRow:
            assert before is not None, "a roster that is named is there"
            left = tuple(one for one in before.row.overrides if one.number != number)
            return msgspec.structs.replace(before.row, overrides=left)

        return self._change(id_, None, actor, change)

    # Inside ----------------------------------------------------------------------------------------------------------

    def _change(self, id_: Ref | None, version: Seq | None, actor: Actor, change: _Change) -> Roster:
        def work(transaction: StoreTransaction, appender: Appender) -> Roster:
            before = None if id_ is None else self.one(id_)
            if before is not None and version is not None and before.seq != version:
                raise Overtaken(before.id, *who_made(self._store, before.seq))
            row = change(self.all(), before)
            if before is not None and before.row == row:
                return before
            seq = appender.append(Fact(kind=ROSTER_SET, body=row, ref=id_, actor=actor))
            roster = Roster(id=id_ or _id_of(seq), row=row, seq=seq)
            transaction.put_roster(roster)
            return roster

        return self._run(lambda journal: journal.decide(work))

    def _kept(self, roster: Roster) -> tuple[RosterOverride, ...]:
        earliest = self._clock.now_us() - KEPT_US
        return tuple(one for one in roster.row.overrides if one.until_at > earliest)

    def _living(self) -> set[Actor]:
        return {user.id for user in self._store.users() if not user.row.removed}


class RosterRebuild:
    """Rosters from their facts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.rosters: dict[Ref, Roster] = {}

    def take(self, row: EntryRow) -> None:
        """Apply a fact about a roster."""
        entry = _ENTRY.decode(row.entry)
        id_ = entry.ref or _id_of(row.seq)
        self.rosters[id_] = Roster(id=id_, row=entry.body, seq=row.seq)


def checked_zone(name: ZoneName) -> ZoneInfo:
    """The time zone of a name.

    Raises:
        BadInput: there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise BadInput(
            f"There is no time zone {name!r}. Nothing was changed. Give a name of the IANA database, such as "
            "Europe/Vienna",
            "roster.zone",
        ) from None


def _id_of(seq: Seq) -> Ref:
    return Ref(f"roster-{seq}")
