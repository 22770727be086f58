"""What the core makes of missing and returned paths, and of openings and closings: incidents, and two projections.

In the core's steps alone, and in a rebuild, which applies the same facts and decides nothing.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from tocsin.centre.open_incidents import OpenIncidents
from tocsin.model.catalogue import Catalogue
from tocsin.model.incidents import Incident, IncidentJoined, IncidentOpened
from tocsin.model.journal import EntryRow
from tocsin.model.ports import Store, StoreTransaction
from tocsin.model.signals import SignalBody
from tocsin.model.sites import Places
from tocsin.model.supervision import (
    SUPERVISION_MISSING,
    SUPERVISION_RETURNED,
    Arming,
    Outage,
    PathMissing,
    PathReturned,
    PathRole,
    SupervisionMissing,
    SupervisionReturned,
)
from tocsin.model.values import Code, Micros, Ref, Seq
from tocsin.rules import reasons
from tocsin.rules.supervision import decide_common, decide_missing, decide_returned, is_outage

PASSED: Final = Code("core_passed")
"""Checkpoint of the core."""

FACTS_PAGE: Final = 1_000
LOOKED_MAX: Final = 10_000
WHOLE: Final = Code("")
"""Partition of a signal that names none."""


class MissingEntry(msgspec.Struct, gc=False):
    """As much of the entry as is needed."""

    body: SupervisionMissing


class ReturnedEntry(msgspec.Struct, gc=False):
    """The same."""

    body: SupervisionReturned


MISSING_ENTRY: Final = msgspec.json.Decoder(MissingEntry)
RETURNED_ENTRY: Final = msgspec.json.Decoder(ReturnedEntry)


class Opening(Protocol):
    """What the core does with what is decided here."""

    def opened(self, body: IncidentOpened) -> Ref:
        """Append the fact; return the incident's id."""
        ...

    def joined(self, incident: Ref, body: IncidentJoined) -> None:
        """Append the fact."""
        ...

    def number(self) -> int:
        """The next number to be shown."""
        ...


def take_missing(
    row: EntryRow,
    transaction: StoreTransaction,
    open_: OpenIncidents,
    places: Places,
    catalogue: Catalogue,
    opening: Opening,
) -> None:
    """Paths were not heard: open or join their incidents, and note that they are missing."""
    fact = MISSING_ENTRY.decode(row.entry).body
    of: dict[Ref, Ref] = {}
    if fact.cause is not None:
        group = next(
            (one for one in open_.centre_own() if is_outage(one) and one.line == fact.group and one.state == "open"),
            None,
        )
        common = decide_common(fact, row.at, group, number=opening.number(), config=places.config, catalogue=catalogue)
        incident = _carry_out(common, opening)
        of = {path.account_id: incident for path in fact.paths}
    else:
        for path in fact.paths:
            place = places.of_account(path.account_id)
            site_id = None if place is None else place.site_id
            decided = decide_missing(
                path,
                row.at,
                tuple(open_.watched(path.account_id)),
                is_armed=path.together and _is_armed(path, site_id, transaction),
                is_source=transaction.is_source(path.account_id),
                of_site=() if site_id is None or not path.of_site else tuple(open_.watched_at(site_id)),
                site_id=site_id,
                number=opening.number(),
                config=places.config,
                catalogue=catalogue,
            )
            of[path.account_id] = _carry_out(decided, opening)
    transaction.put_outages(outages_of(fact, row.seq, row.at, of.get))


def _is_armed(path: PathMissing, site_id: Ref | None, transaction: StoreTransaction) -> bool:
    """Of one account that its panel armed it; where all of its site was lost, that some panel there did."""
    if path.of_site and site_id is not None and transaction.is_site_armed(site_id):
        return True
    return transaction.is_armed(path.account_id)


def take_returned(
    row: EntryRow,
    transaction: StoreTransaction,
    find: Callable[[Ref], Incident | None],
    places: Places,
    opening: Opening,
) -> None:
    """Paths are missing no more: their incidents say so, open ones, and close nothing."""
    fact = RETURNED_ENTRY.decode(row.entry).body
    by_incident: dict[Ref, list[PathReturned]] = {}
    gone: list[tuple[Ref, PathRole]] = []
    for path in fact.paths:
        outage = transaction.outage(path.account_id, path.path)
        if outage is None:
            continue
        gone.append((path.account_id, path.path))
        if outage.incident is not None:
            by_incident.setdefault(outage.incident, []).append(path)
    transaction.drop_outages(gone)
    for id_, paths in by_incident.items():
        incident = find(id_)
        if incident is not None:
            left = transaction.outage_count(id_)
            opening.joined(id_, decide_returned(incident, tuple(paths), left, row.at, places.config))


def outages_of(fact: SupervisionMissing, seq: Seq, at: Micros, incident: Callable[[Ref], Ref | None]) -> list[Outage]:
    """The rows of a fact."""
    return [
        Outage(
            account_id=path.account_id,
            path=path.path,
            heard_at=path.heard_at,
            since=at,
            seq=seq,
            group=fact.group,
            incident=incident(path.account_id),
        )
        for path in fact.paths
    ]


def _carry_out(decided: IncidentOpened | tuple[Ref, IncidentJoined], opening: Opening) -> Ref:
    if isinstance(decided, IncidentOpened):
        return opening.opened(decided)
    incident, joined = decided
    opening.joined(incident, joined)
    return incident


# Armed ---------------------------------------------------------------------------------------------------------------


class ArmingChange(NamedTuple):
    """A signal said that a partition, or all of an account, is armed or is not."""

    account_id: Ref
    partition: Code
    how: Literal["open", "close"]
    seq: Seq


def arming_of(signal: SignalBody, account_id: Ref | None, seq: Seq, said: Code) -> ArmingChange | None:
    """What a signal that ended as `said` (why it was filed, or the kind that it joined with) says of arming."""
    if account_id is None or signal.disputed:
        return None
    partition = signal.partition or WHOLE
    if said in (reasons.FILED_OPEN, "open"):
        return ArmingChange(account_id, partition, "open", seq)
    if said in (reasons.FILED_CLOSE, "close"):
        return ArmingChange(account_id, partition, "close", seq)
    return None


def put_armings(transaction: StoreTransaction, changes: Iterable[ArmingChange]) -> None:
    """Write what signals said of arming, in their order."""
    for one in changes:
        if one.how == "close":
            transaction.arm([Arming(account_id=one.account_id, partition=one.partition, seq=one.seq)])
        else:
            # An opening that names no partition opens all of it.
            transaction.disarm(one.account_id, one.partition or None)


def forget_account(transaction: StoreTransaction, account_id: Ref) -> None:
    """It is no account of ours any more."""
    transaction.disarm(account_id, None)
    transaction.drop_outages([(account_id, "only"), (account_id, "primary"), (account_id, "alternative")])


class SupervisionRebuild:
    """The same two tables from the journal alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.outages: dict[tuple[Ref, PathRole], Outage] = {}
        self.armed: dict[tuple[Ref, Code], Arming] = {}
        self._opened: dict[tuple[Ref, Code], Seq] = {}
        self._facts: dict[Seq, bool] = {}
        """Facts of missing paths, and whether they have something in common."""

    def take(self, seq: Seq, at: Micros, fact: SupervisionMissing | SupervisionReturned) -> None:
        """Apply a fact about paths."""
        if isinstance(fact, SupervisionReturned):
            for path in fact.paths:
                self.outages.pop((path.account_id, path.path), None)
            return
        self._facts[seq] = fact.cause is not None
        for row in outages_of(fact, seq, at, lambda _account: None):
            self.outages[row.account_id, row.path] = row

    def ended_in(self, cause: Seq, accounts: Collection[Ref | None], incident: Ref) -> None:
        """A fact about an incident follows from one about paths: of all of them, or of these accounts'."""
        is_common = self._facts.get(cause)
        if is_common is None:
            return
        for key, row in self.outages.items():
            if row.seq == cause and (is_common or row.account_id in accounts):
                self.outages[key] = msgspec.structs.replace(row, incident=incident)

    def quarantined(self, cause: Seq) -> None:
        """A rule failed on a fact about paths: nothing was noted of it."""
        for key in [key for key, row in self.outages.items() if row.seq == cause]:
            del self.outages[key]

    def signal(self, signal: SignalBody, account_id: Ref | None, seq: Seq, said: Code) -> None:
        """Apply where a signal ended. A step tells of those that it filed after the others: their numbers count."""
        change = arming_of(signal, account_id, seq, said)
        if change is None:
            return
        account, key = change.account_id, (change.account_id, change.partition)
        if change.how == "open":
            self._opened[key] = max(seq, self._opened.get(key, Seq(0)))
            for one in [one for one in self.armed if one[0] == account and change.partition in (WHOLE, one[1])]:
                if self.armed[one].seq < seq:
                    del self.armed[one]
            return
        opened = max(self._opened.get(key, Seq(0)), self._opened.get((account, WHOLE), Seq(0)))
        before = self.armed.get(key)
        if seq > opened and (before is None or before.seq < seq):
            self.armed[key] = Arming(account_id=account, partition=change.partition, seq=seq)

    def forget(self, account_id: Ref, seq: Seq) -> None:
        """It was removed."""
        for key in [key for key in self.outages if key[0] == account_id]:
            del self.outages[key]
        self._opened[account_id, WHOLE] = seq
        for key in [key for key in self.armed if key[0] == account_id]:
            del self.armed[key]


def outages_at_start(store: Store) -> list[Outage]:
    """What is missing, with the facts that the core has not taken yet."""
    rebuilt = SupervisionRebuild()
    rebuilt.outages = {(row.account_id, row.path): row for row in store.outages()}
    after: Seq | None = Seq(int(store.get_meta(PASSED) or 0))
    while after is not None:
        found, after = store.facts((SUPERVISION_MISSING, SUPERVISION_RETURNED), after, FACTS_PAGE, LOOKED_MAX)
        for stored in found:
            row = stored.row
            decoder = MISSING_ENTRY if row.kind == SUPERVISION_MISSING else RETURNED_ENTRY
            rebuilt.take(row.seq, row.at, decoder.decode(row.entry).body)
    return list(rebuilt.outages.values())
