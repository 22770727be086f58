"""What other parameters would have made of the signals of the last days: decided again, from the journal alone.

Two small centres go through the same signals side by side, one by the parameters that are, one by those that are asked
about. Both have the accounts and zones, the tests and what people did at each moment, so that whatever differs comes of
the parameters. What is open at the beginning is not known to either: a day before is taken along and not counted.
Source: DESIGN.md, "Apply is not decide": a re-run runs rules and changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal

import msgspec

from tocsin.centre.open_incidents import OpenIncidents, account_key
from tocsin.centre.rebuild import Rebuild
from tocsin.centre.recently_closed import RecentlyClosed
from tocsin.centre.ruling import judgement_in, known_of
from tocsin.model.accounts import AccountRow
from tocsin.model.catalogue import Catalogue, HazardClass
from tocsin.model.incidents import (
    POINTS_MAX,
    Incident,
    IncidentClosed,
    IncidentJoined,
    IncidentOpened,
    SignalOutcome,
    SignalRow,
    Source,
)
from tocsin.model.journal import StoredEntry
from tocsin.model.rules import RULES_SET, RulesSet
from tocsin.model.signals import SignalBody
from tocsin.model.sites import AccountPlace, ZoneRow, ZoneRule
from tocsin.model.values import Actor, Code, Micros, Ref, Seq, SignalId
from tocsin.rules import reasons
from tocsin.rules.area import as_area, is_mains, join_area, of_area, open_area
from tocsin.rules.chatter import Folded, decide_quiet, fold, next_quiet
from tocsin.rules.classify import Reading, classify
from tocsin.rules.correlate import decide_signal, restore_others
from tocsin.rules.incident import IncidentBody, apply
from tocsin.rules.judgement import Flood, Judgement
from tocsin.rules.on_test import HELD, UnderTest
from tocsin.rules.points import point_of
from tocsin.rules.regroup import merge
from tocsin.rules.runaway import (
    count_in_fault,
    counted_as,
    decide_calm,
    decide_runaway,
    first_calm,
    is_runaway,
    next_calm,
    runs_away,
)

WARM_S: Final = 86_400
"""So much before the first day is decided too, so that what was open is there."""

EXAMPLES_MAX: Final = 20
"""Signals that a dry run names, where nobody asks for more."""

Outcome = Literal["opened", "joined", "folded", "filed"]
"""`folded`: joined as one of many of a detector that chatters or runs away, and told of no more."""

_US: Final = 1_000_000


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    cause: Seq | None
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_SIGNAL: Final = msgspec.json.Decoder(SignalBody)
_ACCOUNT: Final = msgspec.json.Decoder(AccountRow)
_ZONE: Final = msgspec.json.Decoder(ZoneRow)
_RULES: Final = msgspec.json.Decoder(RulesSet)


class Ended(msgspec.Struct, frozen=True):
    """Where one signal ended in one of the two."""

    outcome: Outcome
    reason: Code
    first: Seq | None
    """The signal that opened the incident in which it ended, or with which its detector began to run away; None where
    it was filed."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A signal that would end elsewhere."""

    signal: SignalId
    seq: Seq
    at: Micros
    account: str
    code: Code | None
    zone: Code | None
    was: Outcome
    was_in: int | None
    """Number of the incident in which its opening signal is; None where it was filed."""
    was_in_id: Ref | None
    would: Outcome
    would_in: int | None
    would_in_id: Ref | None
    reason: Code


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Signals of a hazard class by what became of them."""

    opened: int = 0
    """So many incidents, too."""
    joined: int = 0
    folded: int = 0
    filed: int = 0


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """What other parameters would have made of the signals."""

    signals: int
    """How many were decided again."""
    as_decided: int
    """So many of them ended by the present parameters as the journal says: what differs was decided by other rules."""
    differing: int
    """So many would end elsewhere."""
    now: dict[str, Counts]
    """By hazard class of the incident; `-` for what was filed without a type. By the present parameters."""
    would: dict[str, Counts]
    examples: list[Example]
    """The first of them."""
    is_untold: bool
    """A number is other than now that not all is told about: of floods, or of the faults of detectors that run away."""


class World:
    """A centre without a store, which decides by some parameters."""

    def __init__(self, judgement: Judgement, catalogue: Catalogue) -> None:
        """Begin without incidents."""
        self._judgement, self._catalogue = judgement, catalogue
        self._open = OpenIncidents()
        self._closed = RecentlyClosed()
        self._first: dict[Ref, Seq] = {}
        """The signal that opened each open incident."""
        self._of_first: dict[Seq, Ref] = {}
        self._chattering: set[Ref] = set()
        self._calm_at: dict[Ref, Micros] = {}
        """When to look whether what runs away is quiet, as its timer does."""
        self._seq = Seq(0)
        self._number = 0

    def judge_by(self, judgement: Judgement) -> None:
        """Decide by these parameters from now on."""
        self._judgement = judgement

    def take(
        self,
        signal: SignalBody,
        id_: SignalId,
        seq: Seq,
        ref: Ref | None,
        place: AccountPlace | None,
        under: UnderTest | None,
    ) -> tuple[Ended, HazardClass | None]:
        """Decide on a signal; return where it ended, and its hazard class."""
        self._quieten(signal.received_at)
        reading = classify(signal, place, self._catalogue)
        site = None if place is None else place.site_id
        candidates = self._open.candidates(account_key(ref, signal.account), site)
        decided = decide_signal(
            reading, signal, id_, ref, site, candidates, self._number + 1, 1, self._catalogue, under, self._judgement,
            self._closed.source,
        )  # fmt: skip
        if isinstance(decided, IncidentOpened):
            decided = self._counted(decided, reading, signal, ref) or decided
        match decided:
            case IncidentOpened():
                return self._opened(decided, signal, seq), reading.hazard
            case Folded():
                before = self._one(decided.incident)
                self._put(before, fold(before, None, decided, signal, seq, 1), signal.received_at)
                if decided.is_alarm:
                    self._run_away(before, decided.sources[0], signal.received_at, seq)
                ended = Ended("folded", counted_as(before), self._first[before.id])
            case (joined, IncidentJoined() as body):
                before = self._one(joined)
                self._put(before, body, signal.received_at)
                self._run_away(before, body.source, signal.received_at, seq)
                ended = Ended("joined", body.reason, self._first[joined])
            case reason:
                return Ended("filed", reason, None), reading.hazard
        into = decided.incident if isinstance(decided, Folded) else decided[0]
        for other, restored in restore_others(reading, signal, id_, ref, into, candidates, 1, self._catalogue):
            self._put(self._one(other), restored, signal.received_at)
        return ended, reading.hazard

    def close(self, firsts: Iterable[Seq], at: Micros) -> None:
        """The incident that these signals had opened was closed."""
        self._quieten(at)
        for first in firsts:
            id_ = self._of_first.get(first)
            self._close(None if id_ is None else self._open.get(id_), at)

    def close_fault(self, closed: Incident, at: Micros) -> None:
        """The fault of what runs away in an account was closed."""
        self._quieten(at)
        account = closed.account_id or closed.account
        for one in self._open.raised_for(closed.account_id):
            if is_runaway(one) and one.exercise == closed.exercise and (one.account_id or one.account) == account:
                self._close(one, at)

    def _close(self, incident: Incident | None, at: Micros) -> None:
        if incident is not None:
            self._put(incident, IncidentClosed(disposition="fault", exercise=incident.exercise, note=None), at)

    def _counted(self, opened: IncidentOpened, reading: Reading, signal: SignalBody, ref: Ref | None) -> Folded | None:
        own = self._open.raised_for(ref)
        return count_in_fault(opened, point_of(reading, signal, ref), own, signal.received_at) if own else None

    def _run_away(self, before: Incident, source: Source | None, at: Micros, seq: Seq) -> None:
        """Where the detector begins to run away with this alarm, that is a fault, as in the centre."""
        if source is None or not runs_away(before, source):
            return
        own = self._open.raised_for(source.account_id)
        match decide_runaway(before, source, at, own, self._number + 1, 1, self._catalogue):
            case IncidentOpened() as opened:
                self._number += 1
                self._first[self._put(None, opened, at).id] = seq
            case (fault, IncidentJoined() as joined):
                self._put(self._one(fault), joined, at)
            case None:
                pass

    def _opened(self, opened: IncidentOpened, signal: SignalBody, seq: Seq) -> Ended:
        rule, mains = self._judgement.area_mains, self._open.mains() if is_mains(opened, signal) else []
        area = open_area(opened, mains, rule)
        if area is not None:
            room = POINTS_MAX - len(area.points)
            self._put(area, join_area(area, opened, signal, room), signal.received_at)
            return Ended("joined", reasons.AREA_MAINS_JOINED, self._first[area.id])
        of_one = of_area(opened, mains, rule) if mains else []
        if of_one:
            opened = as_area(opened)
        self._number += 1
        made = self._put(None, opened, signal.received_at)
        self._first[made.id], self._of_first[seq] = seq, made.id
        for one in of_one:
            merged, absorbed = merge(
                one, self._one(made.id), None, signal.received_at, is_taken=False, reason=reasons.MERGED_AS_AREA
            )
            self._put(one, merged, signal.received_at)
            self._put(self._one(made.id), absorbed, signal.received_at)
        return Ended("opened", opened.reason, seq)

    def _quieten(self, now: Micros) -> None:
        for id_ in list(self._chattering):
            incident = self._open.get(id_)
            body = None if incident is None else decide_quiet(incident, now, self._judgement.chatter)
            if incident is not None and body is not None:
                self._put(incident, body, now)
        for id_ in list(self._calm_at):
            while (at := self._calm_at.get(id_)) is not None and at <= now:
                self._calm(self._one(id_), at)

    def _calm(self, fault: Incident, at: Micros) -> None:
        of_it = (*self._open.of_account(account_key(fault.account_id, fault.account or "")), fault)
        heard, rule = [source for one in of_it for source in one.sources], self._judgement.chatter
        body = decide_calm(fault, heard, at, rule, 1)
        if body is not None:
            fault = self._put(fault, body, at)
        if (later := next_calm(fault, heard, rule)) is not None:
            self._calm_at[fault.id] = later

    def _one(self, id_: Ref) -> Incident:
        found = self._open.get(id_)
        assert found is not None, "a signal joins one of the candidates that it was given"
        return found

    def _put(self, incident: Incident | None, body: IncidentBody, at: Micros) -> Incident:
        self._seq = Seq(self._seq + 1)
        id_ = Ref(f"incident-{self._seq}") if incident is None else incident.id
        after = apply(incident, body, seq=self._seq, at=at, actor=None, id_=id_)
        self._open.put(after)
        self._open.keep()
        if after.state == "closed":
            self._of_first.pop(self._first.pop(id_, Seq(0)), None)
            self._closed.put(after, incident, self._judgement.chatter.runaway_s)
        due_at = first_calm(after, self._judgement.chatter) if is_runaway(after) and after.state == "open" else None
        if due_at is None:
            self._calm_at.pop(id_, None)
        elif incident is None or not incident.points:
            self._calm_at[id_] = due_at
        if next_quiet(after, self._judgement.chatter) is not None:
            self._chattering.add(id_)
        else:
            self._chattering.discard(id_)
        return after


class _Places:
    """Accounts and zones at each moment, as the journal tells."""

    def __init__(self) -> None:
        self._sites: dict[Ref, Ref | None] = {}
        self._zones: dict[Ref, dict[str, ZoneRule]] = {}

    def set_account(self, id_: Ref, row: AccountRow) -> None:
        self._sites.pop(id_, None)
        if not row.removed:
            self._sites[id_] = row.site_id

    def set_zone(self, row: ZoneRow) -> None:
        zones = self._zones.setdefault(row.account_id, {})
        zones.pop(row.number, None)
        if not row.removed and (row.type is not None or row.priority is not None):
            zones[row.number] = ZoneRule(row.type, row.priority)

    def of_account(self, id_: Ref | None) -> AccountPlace | None:
        if id_ is None or id_ not in self._sites:
            return None
        return AccountPlace(self._sites[id_], self._zones.get(id_, {}))


def rules_of(stored: StoredEntry) -> dict[str, int]:
    """What a `rules.set` says, as far as this release knows it."""
    return known_of(_RULES.decode(_ENTRY.decode(stored.row.entry).body).changed)


def dry_run(
    pages: Callable[[], Iterator[StoredEntry]],
    since: Micros,
    now: Judgement,
    would: Judgement,
    catalogue: Catalogue,
    examples_max: int = EXAMPLES_MAX,
) -> DryRun:
    """Decide the signals that were received at `since` or later again, by both.

    `now` is where it begins: what ships, for a whole journal. From each `rules.set` on a signal goes by that.
    `pages` gives the whole journal in order, each time that it is asked: it is read twice.
    """
    rows: dict[Seq, SignalRow] = {}

    def keep(row: SignalRow) -> None:
        if row.at >= since - WARM_S * _US:
            rows[row.seq] = row

    rebuilt = Rebuild(keep)
    firsts: dict[Ref, list[Seq]] = {}
    faults: dict[Seq, Ref] = {}
    for stored in pages():
        rebuilt.take(stored)
        if stored.row.kind == "incident.opened":
            opened = Ref(f"incident-{stored.row.seq}")
            if is_runaway(rebuilt.incidents[opened]) and (cause := _ENTRY.decode(stored.row.entry).cause) is not None:
                faults[cause] = opened
    for row in rows.values():
        if row.outcome == "opened" and row.incident is not None:
            firsts.setdefault(row.incident, []).append(row.seq)
    worlds = (World(now, catalogue), World(would, catalogue))
    places = _Places()
    in_force = now
    counts = (Counter[tuple[str, str]](), Counter[tuple[str, str]]())
    signals = as_decided = differing = 0
    examples: list[Example] = []
    for stored in pages():
        row = stored.row
        entry = _ENTRY.decode(row.entry)
        if row.kind == "account.set":
            places.set_account(entry.ref or Ref(f"account-{row.seq}"), _ACCOUNT.decode(entry.body))
        elif row.kind == "zone.set":
            places.set_zone(_ZONE.decode(entry.body))
        elif row.kind == RULES_SET:
            in_force = judgement_in(_RULES.decode(entry.body).changed)
            worlds[0].judge_by(in_force)
        elif entry.ref is not None and (
            row.kind == "incident.closed" or (row.kind == "incident.merged" and entry.actor is not None)
        ):
            closed = rebuilt.incidents[entry.ref]
            for world in worlds:
                if is_runaway(closed):
                    world.close_fault(closed, row.at)
                else:
                    world.close(firsts.get(entry.ref, ()), row.at)
        if row.kind != "signal" or row.seq not in rows:
            continue
        signal = _SIGNAL.decode(entry.body)
        if signal.received_at < since - WARM_S * _US or rows[row.seq].outcome == "quarantined":
            continue
        id_, under = SignalId(f"{row.stream}-{row.number}"), _under(rows[row.seq], rebuilt)
        place = places.of_account(entry.ref)
        (one, hazard), (other, _) = (world.take(signal, id_, row.seq, entry.ref, place, under) for world in worlds)
        if signal.received_at < since:
            continue
        signals += 1
        as_decided += _row_outcome(one) == rows[row.seq].outcome
        for count, ended in zip(counts, (one, other), strict=True):
            count[hazard or "-", ended.outcome] += 1
        if (one.outcome, one.first) == (other.outcome, other.first):
            continue
        differing += 1
        if len(examples) < examples_max:
            was, would_be = (_incident(ended.first, faults, rows, rebuilt) for ended in (one, other))
            examples.append(
                Example(
                    signal=id_,
                    seq=row.seq,
                    at=signal.received_at,
                    account=signal.account,
                    code=signal.code,
                    zone=signal.address,
                    was=one.outcome,
                    was_in=None if was is None else was.number,
                    was_in_id=None if was is None else was.id,
                    would=other.outcome,
                    would_in=None if would_be is None else would_be.number,
                    would_in_id=None if would_be is None else would_be.id,
                    reason=other.reason,
                )
            )
    return DryRun(
        signals=signals,
        as_decided=as_decided,
        differing=differing,
        now=_counts(counts[0]),
        would=_counts(counts[1]),
        examples=examples,
        is_untold=_untold(would) != _untold(in_force),
    )


def _untold(judgement: Judgement) -> tuple[Flood, int, int]:
    """Numbers by which more comes of signals than where they end."""
    return judgement.flood, judgement.chatter.runaway_alarms, judgement.chatter.runaway_s


def _row_outcome(ended: Ended) -> SignalOutcome:
    return "joined" if ended.outcome == "folded" else ended.outcome


def _under(row: SignalRow, rebuilt: Rebuild) -> UnderTest | None:
    """Whether its place was on test or out of service then: as the incident says in which it ended."""
    incident = None if row.incident is None else rebuilt.incidents.get(row.incident)
    if incident is None or incident.test is None:
        return None
    if incident.presentation in HELD:
        return UnderTest(incident.test, is_live=False, presentation=incident.presentation)
    return UnderTest(incident.test, is_live=True)


def _incident(
    first: Seq | None, faults: dict[Seq, Ref], rows: dict[Seq, SignalRow], rebuilt: Rebuild
) -> Incident | None:
    """The fault that began with this signal, or the incident in which it is."""
    if first is None:
        return None
    row, fault = rows.get(first), faults.get(first)
    id_ = fault if fault is not None or row is None else row.incident
    return None if id_ is None else rebuilt.incidents.get(id_)


def _counts(found: Counter[tuple[str, str]]) -> dict[str, Counts]:
    classes = sorted({hazard for hazard, _ in found})
    return {
        hazard: Counts(
            opened=found[hazard, "opened"],
            joined=found[hazard, "joined"],
            folded=found[hazard, "folded"],
            filed=found[hazard, "filed"],
        )
        for hazard in classes
    }
