"""The end of an incident's texts: when it is, what moves it, and how it comes about.

What stands in an incident's texts is sealed under its key. Closing it makes a timer; reopening ends it; a legal hold
moves it. When it falls due the key is destroyed in keys.db first, for ever; then the rows go, and the fact
`incident.erased` says so. Killed at any point between, the next start finds the timer due and does the rest. The
journal keeps every fact: commitments say nothing without the bytes that died with the key, so the chain verifies and
the figures are the same (SCOPE.md, R4 and R5).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
import structlog

from tocsin.centre.configuration import Run
from tocsin.centre.merged import held_until, merged_with
from tocsin.centre.timers import Timers, set_timer
from tocsin.centre.values import Values
from tocsin.journal.journal import Journal
from tocsin.model.errors import CentreFault, Conflict, KeyMissing
from tocsin.model.incidents import Committed, Incident, IncidentClosed, IncidentMerged, IncidentNoted
from tocsin.model.journal import EntryRow, Fact, StoredEntry
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.retention import DAY_US, Erasure, Hold, IncidentErased, RetentionRules, retention_of
from tocsin.model.stills import stills_named
from tocsin.model.values import Actor, Code, KeyId, Micros, Ref, Seq
from tocsin.model.vault import SealedValue, Timer
from tocsin.rules.incident import IncidentBody

INCIDENT: Final = Code("incident")
"""Kind of the timer after which an incident's texts are gone."""

INCIDENT_ERASED: Final = Code("incident.erased")
TIME: Final = Code("time")
CLOSED: Final = Code("closed")
FOUND: Final = Code("found")
SETTINGS: Final = Code("settings")
OLD_NOTE: Final = "incident-text-"
"""How the reference of a note began that the first release kept, under a name of its own in keys.db."""

FACTS_MAX: Final = 1_000_000
FOUND_AT_ONCE: Final = 200
PAGE: Final = 5_000
SCHEDULED: Final = Code("erasures_scheduled")
"""Small value: by which rules the incidents that were closed before have their timers."""

_NOTING: Final = {"incident.noted": IncidentNoted, "incident.closed": IncidentClosed}
_LOG = structlog.get_logger("erasure")


class _Entry(msgspec.Struct, gc=False):
    body: msgspec.Raw


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_BODIES: Final = {kind: msgspec.json.Decoder(body) for kind, body in _NOTING.items()}


def notes_of(facts: Sequence[StoredEntry]) -> list[Ref]:
    """References of the notes that facts of an incident name, oldest first."""
    references: list[Ref] = []
    for stored in facts:
        if (decoder := _BODIES.get(stored.row.kind)) is not None:
            note = decoder.decode(_ENTRY.decode(stored.row.entry).body).note
            if note is not None:
                references.append(note)
    return references


class IncidentKeeper:
    """What the core tells of incidents: texts are stored with their facts, and their end is set. In its thread."""

    def __init__(self, *, store: Store, values: Values, rules: RetentionRules) -> None:
        """Keep by these rules."""
        self._store = store
        self._values = values
        self.rules = rules

    def copy_signal(self, incident: Ref, row: EntryRow, *, is_new: bool) -> SealedValue | None:
        """The incident's own copy of what was sealed with a signal. Where none can be made the day's copy is left."""
        try:
            return self._values.copy_signal(incident, row, is_new=is_new)
        except (KeyMissing, CentreFault) as fault:
            _LOG.error("erasure.not_copied", seq=row.seq, code=fault.code)
            return None

    def keep(self, transaction: StoreTransaction, values: Sequence[SealedValue], at: Micros) -> None:
        """Store sealed values with the facts that name them."""
        if values:
            self._values.store(transaction, values, at)

    def acted(
        self,
        transaction: StoreTransaction,
        appender: Appender,
        incident: Incident,
        body: IncidentBody,
        value: SealedValue | None,
        actor: Actor | None,
    ) -> None:
        """Somebody did something to the incident, which is now as `incident` says.

        Raises:
            Conflict: its texts were erased: a closed incident whose texts are gone takes no new ones.
        """
        timer = transaction.timer(INCIDENT, incident.id)
        if value is not None and incident.state == "closed" and timer is None and not isinstance(body, IncidentClosed):
            self._refuse_erased(transaction, incident)
        if value is not None:
            self._values.store(transaction, [value], appender.at)
        if incident.state == "open":
            if timer is not None:
                set_timer(
                    transaction, appender, INCIDENT, incident.id, None, Code("reopened"),
                    actor=actor, exercise=incident.exercise,
                )  # fmt: skip
        elif isinstance(body, IncidentClosed | IncidentMerged) or (value is not None and timer is None):
            # `at` never runs back: where the clock does, data end late rather than early.
            due_at = self.due_at(incident, appender.at, transaction.holds(incident.id))
            set_timer(
                transaction, appender, INCIDENT, incident.id, due_at, CLOSED, actor=actor, exercise=incident.exercise
            )

    def due_at(self, incident: Incident, since: Micros, holds: Sequence[Hold]) -> Micros:
        """When the texts of an incident end that was closed at `since`: by its class, and not before its holds do."""
        due_at = Micros(since + self.rules.hours_of(retention_of(incident.hazard)) * (DAY_US // 24))
        return max([due_at, *(hold.until for hold in holds if hold.lifted_at is None)])

    def _refuse_erased(self, transaction: StoreTransaction, incident: Incident) -> None:
        if transaction.erasure(incident.id) is not None:
            raise Conflict(
                f"Incident {incident.number}: its texts were erased, as the law of its data asks. Nothing was written. "
                "Reopen it where there is more to do",
                "incident.erased",
            )


class Erasing:
    """Erases the texts of incidents whose time is over (`timers.Handler`). In the writer's turn."""

    def __init__(
        self,
        *,
        store: Store,
        values: Values,
        keeper: IncidentKeeper,
        timers: Timers,
        on_committed: Callable[[Committed], None] = lambda _committed: None,
    ) -> None:
        """Erase from these; `on_committed` is told of incidents whose texts are gone."""
        self._store = store
        self._values = values
        self._keeper = keeper
        self._timers = timers
        self.on_committed = on_committed
        self._doing: dict[Ref, tuple[tuple[KeyId, ...], int]] = {}
        self._stills: dict[Ref, list[Ref]] = {}
        self._early: dict[Ref, tuple[Code, Ref | None, Actor | None]] = {}
        timers.register(INCIDENT, self)

    # As timers ask it ------------------------------------------------------------------------------------------------

    def not_before(self, timer: Timer, now: Micros) -> Micros | None:
        """Whether something keeps the texts: a hold that is younger than the timer, or that the incident is open.

        Where people decided, they have looked at that before.
        """
        if timer.ref in self._early:
            return None
        incident = self._store.incident(timer.ref)
        if incident is None or incident.state == "open":
            _LOG.error("erasure.timer_of_open", incident=timer.ref)
            return Micros(now + DAY_US)
        held = [hold.until for hold in self._store.holds(timer.ref) if hold.holds_at(now)]
        return max(held, default=None)

    def destroy(self, timers: Sequence[Timer], now: Micros) -> None:
        """Destroy the keys, and notes that lie under names of their own: from here on nobody can read them."""
        names = {
            timer.ref: [note for note in notes_of(self._store.incident_facts(timer.ref, FACTS_MAX)) if _is_old(note)]
            for timer in timers
        }
        every = [name for some in names.values() for name in some]
        # What is sealed under keys of its own for an incident goes with it, if it is there still.
        self._stills = {}
        taken: set[Ref] = set()  # each once: two that fall due together may be merged
        for timer in timers:
            of = [one for one in self._with_stills(timer.ref, now) if one not in taken]
            taken.update(of)
            self._stills[timer.ref] = [still for one in of for still in stills_named(one)]
        holders = [holder for ref, stills in self._stills.items() for holder in (ref, *stills)]
        keys = self._values.destroy(holders, every, now)
        self._doing = {
            ref: (tuple(key for holder in (ref, *self._stills[ref]) for key in keys[holder]), len(some))
            for ref, some in names.items()
        }

    def _with_stills(self, incident: Ref, now: Micros) -> list[Ref]:
        """Whose stills go with its texts: its own and those of what was merged into it, which it shows.

        A legal hold of the other one keeps them: then they end by their own timers.
        """
        merged = merged_with(self._store, incident, self._store.incident_facts(incident, FACTS_MAX), FACTS_MAX)
        found = self._store.incident(incident)
        into = None if found is None else held_until(self._store, found.merged_into, now)
        gone = [one for one in merged if not any(hold.holds_at(now) for hold in self._store.holds(one))]
        return gone if into is not None else [incident, *gone]

    def fire(self, timer: Timer, transaction: StoreTransaction, appender: Appender) -> Micros | None:
        """Drop the rows, and say so: from here on what its signals brought is shown to nobody either."""
        keys, notes = self._doing[timer.ref]
        dropped = sum(transaction.drop_values(holder) for holder in (timer.ref, *self._stills[timer.ref]))
        reason, approval, actor = self._early.get(timer.ref, (TIME, None, None))
        incident = transaction.incident(timer.ref)
        exercise = incident is not None and incident.exercise
        body = IncidentErased(
            approval=approval, exercise=exercise, keys=keys, notes=notes, reason=reason, values=dropped
        )
        seq = appender.append(Fact(kind=INCIDENT_ERASED, body=body, ref=timer.ref, actor=actor))
        transaction.add_incident_facts([(timer.ref, seq)])
        transaction.put_erasure(Erasure(at=appender.at, incident=timer.ref, reason=reason, seq=seq))
        return None

    def done(self, timers: Sequence[Timer], seq: Seq) -> None:
        """Screens that show the texts must ask again."""
        self._doing = {}
        self.on_committed(Committed(seq=seq, personal=tuple(timer.ref for timer in timers)))

    # As people ask it ------------------------------------------------------------------------------------------------

    def erase_now(
        self, journal: Journal, incident: Ref, reason: Code, approval: Ref | None, actor: Actor, now: Micros
    ) -> None:
        """Erase ahead of time, in the writer's turn; two persons have agreed."""
        self._erase(journal, {incident: reason}, approval, actor, now)

    def erase_again(self, journal: Journal, incidents: Mapping[Ref, Code], actor: Actor, now: Micros) -> None:
        """In a restore: erase what was erased after the backup, open ones too, each for the reason that it was."""
        refs = list(incidents)
        for begin in range(0, len(refs), FOUND_AT_ONCE):
            some = {ref: incidents[ref] for ref in refs[begin : begin + FOUND_AT_ONCE]}
            self._erase(journal, some, None, actor, now)

    def _erase(
        self, journal: Journal, incidents: Mapping[Ref, Code], approval: Ref | None, actor: Actor, now: Micros
    ) -> None:
        self._early = {ref: (reason, approval, actor) for ref, reason in incidents.items()}
        try:
            self._timers.run_now(journal, [Timer(kind=INCIDENT, ref=ref, due_at=now) for ref in incidents], now)
        finally:
            self._early = {}

    # Incidents that were closed before there were timers -------------------------------------------------------------

    def note_rules(self, transaction: StoreTransaction) -> None:
        """At the start of a centre that has nothing to schedule: note by which rules, with what the start writes."""
        if self._store.get_meta(SCHEDULED) is None and not self._store.unscheduled(INCIDENT, 1):
            transaction.put_meta(SCHEDULED, self._keeper.rules.key)

    def schedule_found(self, run: Run) -> int:
        """Give closed incidents the timers that they lack; return how many got one. From any thread but the writer's.

        After an upgrade these are all; after the centre shortened a class, those that would end too late by the new
        rule. A class that was lengthened counts for what is closed from then on: what people were told would end ends.
        """
        rules = self._keeper.rules.key
        before = self._store.get_meta(SCHEDULED)
        total = 0
        # At every start: earlier releases gave none to what was closed by being merged.
        while found := self._store.unscheduled(INCIDENT, FOUND_AT_ONCE):
            run(lambda journal, some=found: self._schedule(journal, some, FOUND))
            total += len(found)
        if before == rules:
            return total
        if before is None:
            self._forget_unnamed()
        else:
            late = self._too_late()
            for begin in range(0, len(late), FOUND_AT_ONCE):
                some = late[begin : begin + FOUND_AT_ONCE]
                run(lambda journal, some=some: self._schedule(journal, some, SETTINGS))
            total += len(late)
        run(lambda journal: journal.record([], lambda transaction, _seqs: transaction.put_meta(SCHEDULED, rules)))
        return total

    def _forget_unnamed(self) -> None:
        """Destroy notes of the first release that no fact names: a power cut took the fact, and left the words."""
        kept = self._values.old_names(OLD_NOTE)
        if not kept:
            return
        named = {note for kind in _NOTING for note in self._named(Code(kind))}
        if lost := [name for name in kept if name not in named]:
            self._values.destroy([], lost, self._store.head().at)

    def _named(self, kind: Code) -> Iterator[Ref]:
        """Notes that facts of a kind name, in the whole journal."""
        before: Seq | None = None
        while True:
            page = self._store.newest_entries(before, kind, PAGE, PAGE)
            yield from notes_of(page.entries)
            if page.next is None:
                return
            before = page.next

    def _schedule(self, journal: Journal, incidents: Sequence[Incident], reason: Code) -> None:
        def work(transaction: StoreTransaction, appender: Appender) -> None:
            for one in incidents:
                incident = transaction.incident(one.id)
                if incident is None or incident.state == "open":
                    continue  # somebody reopened it meanwhile
                since = incident.closed_at or appender.at
                due_at = self._keeper.due_at(incident, since, transaction.holds(one.id))
                set_timer(transaction, appender, INCIDENT, one.id, due_at, reason, exercise=incident.exercise)

        journal.decide(work)

    def _too_late(self) -> list[Incident]:
        """Closed incidents whose timer is later than the rules of today make it."""
        late: list[Incident] = []
        for timer in self._store.timers(kind=INCIDENT):
            incident = self._store.incident(timer.ref)
            if incident is None or incident.closed_at is None or self._values.is_waiting(timer.ref):
                continue
            if timer.due_at > self._keeper.due_at(incident, incident.closed_at, self._store.holds(timer.ref)):
                late.append(incident)
        return late


def _is_old(note: Ref) -> bool:
    return note.startswith(OLD_NOTE)
