"""Chains and groups of the centre's own: changed by people, checked when saved, and watched from then on.

Each change names the version that its author saw; what somebody else changed since is not overwritten, and the refusal
says who and when. What goes on goes by the changed chain from its beginning. A chain that reaches nobody any more
(somebody left, a contact was withdrawn) is an incident until it is mended.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.editing import BadForm, Overtaken, who_made
from tocsin.centre.escalation import UNSETTLED, Escalating
from tocsin.centre.outbox import Outbox
from tocsin.centre.rosters import checked_zone, turns_ahead
from tocsin.centre.telling import Telling
from tocsin.journal.journal import Journal
from tocsin.model.chains import (
    CHAIN_BROKEN,
    CHAIN_SET,
    CHAINS_MAX,
    CHAINS_WORK,
    GROUP_SET,
    GROUPS_MAX,
    ChainProblem,
    ChainRow,
    GroupRow,
    StoredChain,
    StoredGroup,
)
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import CentreNoticed, Fact, StoredEntry
from tocsin.model.ports import Appender, Clock, Store, StoreTransaction
from tocsin.model.profiles import Profile
from tocsin.model.values import Actor, Code, Ref, Seq
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.chain_check import World, group_problems, is_broken, problems_of

T = TypeVar("T")
BROKEN_TOLD: Final = Code("chains_broken")
"""Small value: the chains that reach nobody, as JSON, so that a restart neither forgets nor tells it twice."""

_REFS: Final = msgspec.json.Decoder(list[Ref])
_ENCODE: Final = msgspec.json.Encoder().encode


class BadChain(BadForm):
    """A chain or group cannot be as it was given. Names each mistake; the code is that of the first."""

    def __init__(self, problems: Sequence[ChainProblem]) -> None:
        """Refuse it for these."""
        super().__init__(said(one) for one in problems)
        self.code = problems[0].code


class _ChainEntry(msgspec.Struct):
    body: ChainRow
    ref: Ref | None


class _GroupEntry(msgspec.Struct):
    body: GroupRow
    ref: Ref | None


_CHAIN_ENTRY: Final = msgspec.json.Decoder(_ChainEntry)
_GROUP_ENTRY: Final = msgspec.json.Decoder(_GroupEntry)


class Chains:
    """Changes of chains and groups, and what is wrong with them. From any thread but the writer's."""

    def __init__(
        self, *, store: Store, run: Run, clock: Clock, outbox: Outbox, escalating: Escalating, profile: Profile
    ) -> None:
        """Work on these. By the figures of `profile` incidents are to be claimed."""
        self._store = store
        self._run = run
        self._clock = clock
        self._outbox = outbox
        self._escalating = escalating
        self._profile = profile
        self._telling = Telling(store, outbox)
        self.on_changed: Callable[[], None] = lambda: None
        """Called when timers were set anew by a change."""

    # Questions -------------------------------------------------------------------------------------------------------

    def chain(self, id_: Ref) -> StoredChain:
        """One chain.

        Raises:
            BadInput: there is none.
        """
        found = next((one for one in self._store.chains() if one.id == id_), None)
        if found is None:
            raise BadInput(
                "There is no such chain, or not any more. Nothing was changed. Look at the list again", "chain.unknown"
            )
        return found

    def group(self, id_: Ref) -> StoredGroup:
        """One group.

        Raises:
            BadInput: there is none.
        """
        found = next((one for one in self._store.groups() if one.id == id_), None)
        if found is None:
            raise BadInput(
                "There is no such group, or not any more. Nothing was changed. Look at the list again", "group.unknown"
            )
        return found

    def problems(self, row: ChainRow, world: World | None = None) -> list[ChainProblem]:
        """What is wrong with a chain, or may be, as everything stands now."""
        return problems_of(row, self.world([row]) if world is None else world)

    def world(self, rows: Iterable[ChainRow]) -> World:
        """What these chains are looked at against, as it stands now."""
        staff = self._telling.staff()
        now = self._clock.now_us()
        named = {id_ for row in rows for step in row.steps for id_ in step.rosters}
        return World(
            living=staff.living,
            groups=staff.groups,
            contacts=staff.contacts,
            reach=staff.reach,
            ways=self._outbox.ways,
            types=shipped_catalogue().types,
            profile=self._profile,
            sites={one.id for one in self._store.sites()},
            now=now,
            turns={id_: turns_ahead(row, now, staff.living) for id_, row in staff.rosters.items() if id_ in named},
            desks={id_: staff.on_shift.get(id_, ()) for id_ in staff.desks},
        )

    # Chains ----------------------------------------------------------------------------------------------------------

    def make(self, row: ChainRow, actor: Actor) -> StoredChain:
        """Make a chain. It holds for what begins to wait from now on, and for what waits by the built-in one.

        Raises:
            BadChain: it cannot be so, or reaches nobody at its end.
            BadInput: there is no such time zone.
            Conflict: there are as many as there can be, or another has its name or applies to just the same.
        """
        return self._set(None, None, row, actor)

    def change(self, id_: Ref, version: Seq, row: ChainRow, actor: Actor) -> StoredChain:
        """Put a chain in place of what it is. What goes on begins it anew.

        Raises:
            BadInput: there is no such chain.
            Overtaken: somebody changed it since `version`.
            BadChain, Conflict: as `make`.
        """
        return self._set(id_, version, row, actor)

    def remove(self, id_: Ref, version: Seq, actor: Actor) -> None:
        """Take a chain away: the built-in one is there again.

        Raises:
            BadInput: there is no such chain.
            Overtaken: somebody changed it since `version`.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            found = self.chain(id_)
            self._refuse_overtaken(found.id, found.seq, version)
            row = msgspec.structs.replace(found.row, removed=True)
            _put_chain(transaction, appender, id_, row, actor)

        self._decide(work)

    def _set(self, id_: Ref | None, version: Seq | None, row: ChainRow, actor: Actor) -> StoredChain:
        row = _tidy(row)
        for step in row.steps:
            if step.hours is not None:
                checked_zone(step.hours.zone)
        world = self.world([row])

        def work(transaction: StoreTransaction, appender: Appender) -> StoredChain:
            others = [one for one in self._store.chains() if one.id != id_]
            if id_ is not None:
                found = self.chain(id_)
                if found.row == row:
                    return found  # the same again
                self._refuse_overtaken(found.id, found.seq, version)
            elif len(others) >= CHAINS_MAX:
                raise Conflict(
                    f"There are {CHAINS_MAX} chains, and no more can be. Nothing was changed. Remove one first",
                    "chain.full",
                )
            if wrong := [one for one in problems_of(row, world) if one.is_refused]:
                raise BadChain(wrong)
            for one in others:
                if one.row.name.casefold() == row.name.casefold():
                    raise Conflict(
                        f"{one.id} has this name already. Nothing was changed. Give it another", "chain.same_name"
                    )
                if _applies(one.row) == _applies(row):
                    raise Conflict(
                        f"The chain {one.row.name} applies to just the same incidents. Nothing was changed. Change "
                        "that one, or say what this one applies to",
                        "chain.same",
                    )
            return _put_chain(transaction, appender, id_, row, actor)

        return self._decide(work)

    # Groups ----------------------------------------------------------------------------------------------------------

    def make_group(self, row: GroupRow, actor: Actor) -> StoredGroup:
        """Make a group of people who are told together.

        Raises:
            BadChain: it cannot be so.
            Conflict: there are as many as there can be, or another has its name.
        """
        return self._set_group(None, None, row, actor)

    def change_group(self, id_: Ref, version: Seq, row: GroupRow, actor: Actor) -> StoredGroup:
        """Put a group in place of what it is.

        Raises:
            BadInput: there is no such group.
            Overtaken: somebody changed it since `version`.
            BadChain, Conflict: as `make_group`.
        """
        return self._set_group(id_, version, row, actor)

    def remove_group(self, id_: Ref, version: Seq, actor: Actor) -> None:
        """Take a group away.

        Raises:
            BadInput: there is no such group.
            Overtaken: somebody changed it since `version`.
            Conflict: a chain tells it.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            found = self.group(id_)
            self._refuse_overtaken(found.id, found.seq, version)
            users = [one.row.name for one in self._store.chains() if any(id_ in step.groups for step in one.row.steps)]
            if users:
                raise Conflict(
                    f"This group is told by the chain {users[0]}. Nothing was changed. Take it out of that first",
                    "group.used",
                )
            _put_group(transaction, appender, id_, msgspec.structs.replace(found.row, removed=True), actor)

        self._decide(work)

    def _set_group(self, id_: Ref | None, version: Seq | None, row: GroupRow, actor: Actor) -> StoredGroup:
        living = {one.id for one in self._store.users() if not one.row.removed}
        members = tuple(
            msgspec.structs.replace(one, capabilities=tuple(sorted(set(one.capabilities)))) for one in row.members
        )
        row = msgspec.structs.replace(row, members=members)

        def work(transaction: StoreTransaction, appender: Appender) -> StoredGroup:
            others = [one for one in self._store.groups() if one.id != id_]
            if id_ is not None:
                found = self.group(id_)
                if found.row == row:
                    return found
                self._refuse_overtaken(found.id, found.seq, version)
            elif len(others) >= GROUPS_MAX:
                raise Conflict(
                    f"There are {GROUPS_MAX} groups, and no more can be. Nothing was changed. Remove one first",
                    "group.full",
                )
            if wrong := group_problems(row, living):
                raise BadChain(wrong)
            if any(one.row.name.casefold() == row.name.casefold() for one in others):
                raise Conflict("Another group has this name. Nothing was changed. Give it another", "group.same_name")
            return _put_group(transaction, appender, id_, row, actor)

        return self._decide(work)

    # Watching --------------------------------------------------------------------------------------------------------

    def watch(self) -> list[Ref]:
        """Look whether each chain reaches somebody at its end, and note where that has changed; return which do not."""
        chains = self._store.chains()
        told = set(_REFS.decode(self._store.get_meta(BROKEN_TOLD) or "[]"))
        if not chains and not told:
            return []
        world = self.world(one.row for one in chains)
        broken = [one.id for one in chains if is_broken(problems_of(one.row, world))]
        if set(broken) == told:
            return broken

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            notice = CHAIN_BROKEN if set(broken) - told else None if broken else CHAINS_WORK
            if notice is not None:
                body = CentreNoticed(account=None, count=len(broken), notice=notice, reason=None)
                appender.append(Fact(kind=Code("centre.noticed"), body=body))
            transaction.put_meta(BROKEN_TOLD, _ENCODE(broken).decode())

        self._run(lambda journal: journal.decide(work))
        return broken

    def settle_found(self) -> None:
        """At the start: bring to its end what an earlier process had begun when it ended."""
        if self._store.get_meta(UNSETTLED):
            self._escalating.settle(self._run)
            self.on_changed()

    # Inside ----------------------------------------------------------------------------------------------------------

    def _decide(self, work: Callable[[StoreTransaction, Appender], T]) -> T:
        def marked(transaction: StoreTransaction, appender: Appender) -> T:
            before = appender.seq
            made = work(transaction, appender)
            if appender.seq != before:
                transaction.put_meta(UNSETTLED, "1")
            return made

        def turn(journal: Journal) -> T:
            made = journal.decide(marked)
            self._escalating.use_chains(self._store.chains())
            self._escalating.use_groups()
            return made

        made = self._run(turn)
        self.settle_found()
        self.watch()
        return made

    def _refuse_overtaken(self, id_: Ref, seq: Seq, version: Seq | None) -> None:
        if seq != version:
            raise Overtaken(id_, *who_made(self._store, seq))


def said(problem: ChainProblem) -> str:
    """A problem in words, with the number of its step."""
    return problem.words if problem.step is None else f"Step {problem.step}: {problem.words}"


def rebuild_chains(entries: Sequence[StoredEntry]) -> tuple[list[StoredChain], list[StoredGroup]]:
    """Apply the journal's facts again: what results equals the live tables byte for byte, with the vault empty."""
    chains: dict[Ref, StoredChain] = {}
    groups: dict[Ref, StoredGroup] = {}
    for stored in entries:
        row = stored.row
        if row.kind == CHAIN_SET:
            entry = _CHAIN_ENTRY.decode(row.entry)
            id_ = entry.ref or Ref(f"chain-{row.seq}")
            chains[id_] = StoredChain(id_, entry.body, row.seq)
            if entry.body.removed:
                del chains[id_]
        elif row.kind == GROUP_SET:
            made = _GROUP_ENTRY.decode(row.entry)
            id_ = made.ref or Ref(f"group-{row.seq}")
            groups[id_] = StoredGroup(id_, made.body, row.seq)
            if made.body.removed:
                del groups[id_]
    return list(chains.values()), list(groups.values())


def _put_chain(
    transaction: StoreTransaction, appender: Appender, id_: Ref | None, row: ChainRow, actor: Actor
) -> StoredChain:
    seq = appender.append(Fact(kind=CHAIN_SET, body=row, ref=id_, actor=actor))
    made = StoredChain(id_ or Ref(f"chain-{seq}"), row, seq)
    transaction.put_chains([made])
    return made


def _put_group(
    transaction: StoreTransaction, appender: Appender, id_: Ref | None, row: GroupRow, actor: Actor
) -> StoredGroup:
    seq = appender.append(Fact(kind=GROUP_SET, body=row, ref=id_, actor=actor))
    made = StoredGroup(id_ or Ref(f"group-{seq}"), row, seq)
    transaction.put_groups([made])
    return made


def _tidy(row: ChainRow) -> ChainRow:
    return msgspec.structs.replace(
        row,
        priorities=tuple(sorted(set(row.priorities))),
        sites=tuple(sorted(set(row.sites))),
        types=tuple(sorted(set(row.types))),
    )


def _applies(row: ChainRow) -> tuple[object, ...]:
    return row.priorities, row.types, row.sites
