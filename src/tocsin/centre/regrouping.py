"""Merging and splitting by a person: what an act on incidents changes, in the transaction of its command.

`rules.regroup` decides. Here it is looked up, appended and put: both incidents, the rows of signals that move, the
timers, and the copies of texts that go with a signal.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import msgspec

from tocsin.model.catalogue import Catalogue
from tocsin.model.commands import Command, Merge, RegroupAct, Split, Unmerge, Unsplit
from tocsin.model.errors import BadInput
from tocsin.model.incidents import Incident, SignalRow
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.signals import SignalBody
from tocsin.model.sites import Places
from tocsin.model.values import Actor, Code, Micros, Ref
from tocsin.model.vault import SealedValue
from tocsin.rules.classify import classify
from tocsin.rules.incident import BODIES, IncidentBody, apply
from tocsin.rules.reasons import SPLIT_OFF, SPLIT_UNDONE
from tocsin.rules.regroup import (
    Chosen,
    decide_merge,
    decide_split,
    decide_unmerge,
    decide_unsplit,
    must_be_of_signals,
    parted,
)

SIGNALS_LOOKED_AT_MAX: Final = 5_000
"""Signals of an incident that are looked through, the newest: one that is older can not be split off."""

KIND_OF: Final = {body: Code(kind) for kind, body in BODIES.items()}


class _SignalEntry(msgspec.Struct, gc=False):
    body: SignalBody


_SIGNAL_ENTRY: Final = msgspec.json.Decoder(_SignalEntry)


class Copies(Protocol):
    """Who keeps the texts of incidents (`core.Keeper`)."""

    def copy_signal(self, incident: Ref, row: EntryRow, *, is_new: bool) -> SealedValue | None:
        """The incident's own copy of what was sealed with a signal that opened or joined it."""
        ...

    def keep(self, transaction: StoreTransaction, values: Sequence[SealedValue], at: Micros) -> None:
        """Store sealed values with the facts that name them."""
        ...


class Step(NamedTuple):
    """One fact of a regrouping: the incident as it was, as it is, and the body."""

    before: Incident | None
    after: Incident
    body: IncidentBody


class Regrouping:
    """Carries out one command. In the writer's turn."""

    def __init__(
        self,
        store: Store,
        places: Places,
        catalogue: Catalogue,
        transaction: StoreTransaction,
        appender: Appender,
        number: int,
    ) -> None:
        """Work in this transaction; `number` is the next to be shown."""
        self._store, self._places, self._catalogue = store, places, catalogue
        self._transaction, self._appender = transaction, appender
        self._number = number
        self.steps: list[Step] = []

    def carry_out(self, incident: Incident, command: Command, act: RegroupAct, keeper: Copies | None) -> Incident:
        """Do it; return the incident that the command was about, as it is then.

        Raises:
            Conflict, BadInput: it is refused; nothing was changed.
        """
        actor, at = command.actor, self._appender.at
        match act:
            case Merge():
                into = self._incident(act.into)
                merged, absorbed = decide_merge(incident, into, act, actor, command.version, at)
                after = self._add(incident, merged, actor)
                self._add(into, absorbed, actor)
            case Unmerge():
                into = self._incident(incident.merged_into or incident.id)
                has_more = incident.merged_into is not None and self._has_more(incident, into)
                back, given = decide_unmerge(incident, into, at, has_more=has_more)
                self._add(into, given, actor)
                after = self._add(incident, back, actor)
            case Split():
                after = self._split(incident, command, act, keeper)
            case Unsplit():
                of = self._incident(incident.id if incident.split is None else incident.split.of)
                merged, absorbed = decide_unsplit(incident, of, actor, at)
                after = self._add(incident, merged, actor)
                self._add(of, absorbed, actor)
                self._transaction.move_signals(absorbed.moved, of.id, SPLIT_UNDONE)
        return after

    def _split(self, incident: Incident, command: Command, act: Split, keeper: Copies | None) -> Incident:
        must_be_of_signals(incident)
        wanted = set(act.signals)
        rows = self._store.incident_signals(incident.id, SIGNALS_LOOKED_AT_MAX)
        chosen = sorted((one for one in rows if one[0].seq in wanted), key=lambda one: one[0].seq)
        if len(chosen) < len(wanted):
            raise BadInput(
                f"Not all of those signals are of incident {incident.number}, or they are too old. Nothing was "
                "changed. Look at it again, and choose anew",
                "split.unknown_signal",
            )
        read: list[Chosen] = []
        for row, stored in chosen:
            signal = _SIGNAL_ENTRY.decode(stored.row.entry).body
            place = None if row.account_id is None else self._places.of_account(row.account_id)
            read.append((row.seq, signal, classify(signal, place, self._catalogue), row.account_id))
        site = self._site_of(chosen[0][0]) if chosen else None
        opened = decide_split(
            incident, read, self._number, self._places.config, site, command.version, self._appender.at, self._catalogue
        )
        new = self._add(None, opened, command.actor)
        after = self._add(incident, parted(incident, opened, new.id), command.actor)
        assert opened.split is not None
        self._transaction.move_signals(opened.split.moved, new.id, SPLIT_OFF)
        if keeper is not None:
            copies = [keeper.copy_signal(new.id, one.row, is_new=number == 0) for number, (_, one) in enumerate(chosen)]
            keeper.keep(self._transaction, [one for one in copies if one is not None], self._appender.at)
        return after

    def _add(self, incident: Incident | None, body: IncidentBody, actor: Actor) -> Incident:
        ref = None if incident is None else incident.id
        seq = self._appender.append(Fact(kind=KIND_OF[type(body)], body=body, ref=ref, actor=actor))
        id_ = ref or Ref(f"incident-{seq}")
        after = apply(incident, body, seq=seq, at=self._appender.at, actor=actor, id_=id_)
        self._transaction.put_incidents([after])
        self._transaction.add_incident_facts([(id_, seq)])
        self.steps.append(Step(incident, after, body))
        return after

    def _incident(self, id_: Ref) -> Incident:
        found = self._transaction.incident(id_)
        if found is None:
            raise BadInput(
                f"There is no incident {id_[:40]}. Nothing was changed. Look at the queue again", "incident.unknown"
            )
        return found

    def _has_more(self, one: Incident, into: Incident) -> bool:
        """Signals of what was merged have come since, and ended in the other."""
        merged = next((merged for merged in into.merged_here if merged.incident == one.id), None)
        if merged is None:
            return False
        places = {(merged.account_id, merged.account)} | {(point.account_id, point.account) for point in one.points}
        ids = {account_id for account_id, _ in places if account_id is not None}
        numbers = {account for account_id, account in places if account_id is None}
        rows = self._store.incident_signals(into.id, SIGNALS_LOOKED_AT_MAX)
        return any(
            row.seq > merged.seq and (row.account_id in ids or (row.account_id is None and row.account in numbers))
            for row, _ in rows
        )

    def _site_of(self, row: SignalRow) -> Ref | None:
        place = None if row.account_id is None else self._places.of_account(row.account_id)
        return None if place is None else place.site_id
