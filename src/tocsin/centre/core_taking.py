"""What becomes of one entry: the signal that opens, joins, is counted or filed, and what the centre notes by itself.

Each is decided by pure rules (`rules/`) over what is open, and put as facts in a step of the core.
"""

import msgspec

from tocsin.centre.core_entries import (
    ACCOUNT_ENTRY,
    HELD_UP_ENTRY,
    NOTICE_ENTRY,
    NOTICED,
    SIGNAL,
    SIGNAL_ENTRY,
    AccountEntry,
    SignalEntry,
    signal_id,
    site_of,
)
from tocsin.centre.core_state import CoreState
from tocsin.centre.core_step import Opening, Step
from tocsin.centre.on_test_core import OnTestView, take_ended
from tocsin.centre.open_incidents import account_key
from tocsin.centre.out_core import OutView
from tocsin.centre.schedule_core import ScheduleView, take_kept, take_missed
from tocsin.centre.supervision_core import arming_of, forget_account, take_missing, take_returned
from tocsin.model.hold_up import HELD_UP, HeldUp
from tocsin.model.incidents import (
    POINTS_MAX,
    Incident,
    IncidentJoined,
    IncidentOpened,
    SignalOutcome,
    SignalQuarantined,
    Source,
)
from tocsin.model.journal import CentreNoticed, EntryRow, Fact
from tocsin.model.on_test import TEST_ENDED, TEST_KINDS
from tocsin.model.out_of_service import OUT_KINDS, ZONES_PUT_BACK
from tocsin.model.schedules import SCHEDULE_MISSED, SCHEDULE_SET
from tocsin.model.signals import SignalBody
from tocsin.model.supervision import SUPERVISION_MISSING, SUPERVISION_RETURNED
from tocsin.model.values import Code, Ref, Seq
from tocsin.rules import reasons
from tocsin.rules.area import as_area, is_mains, join_area, of_area, open_area
from tocsin.rules.chatter import Folded
from tocsin.rules.classify import Reading, classify
from tocsin.rules.correlate import decide_signal, restore_others
from tocsin.rules.hold_up import decide_held_up, of_own_site
from tocsin.rules.notices import decide_notice, quarantine_incident
from tocsin.rules.placing import place_incident
from tocsin.rules.points import point_of
from tocsin.rules.regroup import merge
from tocsin.rules.runaway import count_in_fault, counted_as, decide_runaway, runs_away


class Taking:
    """Takes entries one by one, in the order of the journal."""

    def __init__(self, state: CoreState, own_site: Ref | None) -> None:
        """`own_site` is the control room's: a silent call for help from there is its own."""
        self._state = state
        self._own_site = own_site
        self._on_test = OnTestView(state.store)
        self._out = OutView(state.store)
        self._schedules = ScheduleView(state.store)

    def fed(self, row: EntryRow) -> None:
        """This entry is durable now: keep what it says about tests, zones out of service and schedules."""
        if row.kind in TEST_KINDS:
            self._on_test.fed(row)
        elif row.kind in OUT_KINDS:
            self._out.fed(row)
        elif row.kind == SCHEDULE_SET:
            self._schedules.fed(row)

    def passed(self, seq: Seq) -> None:
        """All up to this entry is decided on."""
        self._on_test.passed(seq)
        self._out.passed(seq)

    def take(self, row: EntryRow, step: Step) -> None:
        """Decide on one entry."""
        state, opening = self._state, Opening(step, row.seq)
        if row.kind == SIGNAL:
            self._take_signal(row, SIGNAL_ENTRY.decode(row.entry), step)
        elif row.kind == NOTICED:
            self._take_notice(row, NOTICE_ENTRY.decode(row.entry).body, step)
        elif row.kind == HELD_UP:
            self._take_held_up(row, HELD_UP_ENTRY.decode(row.entry).body, step)
        elif row.kind == SUPERVISION_MISSING:
            step.write_armings()
            take_missing(row, step.transaction, state.open, state.places, state.catalogue, opening)
        elif row.kind == SUPERVISION_RETURNED:
            take_returned(row, step.transaction, state.open.get, state.places, opening)
        elif row.kind in (TEST_ENDED, ZONES_PUT_BACK):
            take_ended(row, state.open.all(), state.config, state.catalogue, opening)
        elif row.kind == SCHEDULE_MISSED:
            take_missed(row, state.open, state.places, state.catalogue, opening)
        else:
            self._take_account(row, ACCOUNT_ENTRY.decode(row.entry), step)

    def quarantine(self, row: EntryRow, error: Code, step: Step) -> None:
        """Set an entry aside that no rule could take, and raise an incident for it."""
        signal, id_, ref = None, None, None
        if row.kind == SIGNAL:
            entry = SIGNAL_ENTRY.decode(row.entry)
            signal, id_, ref = entry.body, signal_id(row), entry.ref
        body = SignalQuarantined(error=error, exercise=signal is not None and signal.exercise, signal=id_)
        cause = step.appender.append(Fact(kind=Code("signal.quarantined"), body=body, cause=row.seq))
        state = self._state
        opened = quarantine_incident(signal, id_, ref, row.at, step.number + 1, state.config, state.catalogue)
        incident = step.open_incident(opened, cause)
        if signal is not None:
            step.add_signal(row.seq, ref, signal, "quarantined", error, incident)
            step.copy(incident, row, is_new=True)

    # Signals ---------------------------------------------------------------------------------------------------------

    def _take_signal(self, row: EntryRow, entry: SignalEntry, step: Step) -> None:
        state, signal, ref = self._state, entry.body, entry.ref
        place = None if ref is None else state.places.of_account(ref)
        reading = classify(signal, place, state.catalogue)
        site = None if place is None else place.site_id
        id_, config, catalogue = signal_id(row), state.config, state.catalogue
        candidates = state.open.candidates(account_key(ref, signal.account), site)
        test = self._on_test.judge(reading, signal, ref, site, row.seq)
        out = self._out.judge(reading, signal, ref, row.seq)
        # Whoever walks through a test wants to see the zone, in service or not; else what starts no response counts.
        under = out if out is not None and (test is None or (test.is_live and not out.is_live)) else test
        decided = decide_signal(
            reading, signal, id_, ref, site, candidates, step.number + 1, config, catalogue, under, state.judges(),
            state.closed.source,
        )  # fmt: skip
        if isinstance(decided, IncidentOpened):
            decided = self._counted(decided, reading, signal, ref) or decided
        step.last_signal_at = signal.received_at
        joined_to: Ref | None = None
        match decided:
            case IncidentOpened():
                incident, outcome, said = self._open(decided, signal, site, row.seq, step)
                step.add_signal(row.seq, ref, signal, outcome, said, incident)
                step.copy(incident, row, is_new=outcome == "opened")
            case (incident_id, IncidentJoined() as joined):
                joined_to, said = incident_id, joined.reason
                before = step.one(incident_id)
                step.add(joined, incident_id, row.seq)
                self._run_away(before, joined.source, signal, row.seq, step)
                step.add_signal(row.seq, ref, signal, "joined", said, incident_id)
                step.add_arming(arming_of(signal, ref, row.seq, joined.kind))
                step.copy(incident_id, row, is_new=False)
            case Folded():
                # Its words are not copied: the signal is stored and counted, and one source must not fill the vault.
                joined_to = decided.incident
                before = step.one(joined_to)
                said = counted_as(before)
                step.fold(decided, signal, row)
                if decided.is_alarm:
                    self._run_away(before, decided.sources[0], signal, row.seq, step)
                step.add_signal(row.seq, ref, signal, "joined", said, decided.incident)
            case said:
                step.add_signal(row.seq, ref, signal, "filed", said, None)
                step.add_arming(arming_of(signal, ref, row.seq, said))
        if joined_to is not None:
            for other, restored in restore_others(reading, signal, id_, ref, joined_to, candidates, config, catalogue):
                step.add(restored, other, row.seq)
        take_kept(
            signal, reading, said, ref, self._schedules, state.open, state.places, catalogue,
            Opening(step, row.seq), is_on_test=test is not None,
        )  # fmt: skip

    def _counted(self, opened: IncidentOpened, reading: Reading, signal: SignalBody, ref: Ref | None) -> Folded | None:
        """Where somebody closed the incident of a detector that runs away, its fault counts what would open another."""
        own = self._state.open.raised_for(ref)
        return count_in_fault(opened, point_of(reading, signal, ref), own, signal.received_at) if own else None

    def _run_away(self, before: Incident, source: Source | None, signal: SignalBody, cause: Seq, step: Step) -> None:
        """Where the detector begins to run away with this alarm, that is a fault of its account."""
        if source is None or not runs_away(before, source):
            return
        state = self._state
        decided = decide_runaway(
            before, source, signal.received_at, state.open.raised_for(source.account_id), step.number + 1,
            state.config, state.catalogue,
        )  # fmt: skip
        match decided:
            case IncidentOpened():
                step.open_incident(decided, cause)
            case (incident_id, IncidentJoined() as joined):
                step.add(joined, incident_id, cause)
            case None:
                pass

    def _open(
        self, opened: IncidentOpened, signal: SignalBody, site: Ref | None, cause: Seq, step: Step
    ) -> tuple[Ref, SignalOutcome, Code]:
        """Open an incident for the signal, or let it be part of what many have in common."""
        if (area := self._area(opened, signal)) is not None:
            return self._open_area(area, opened, signal, cause, step)
        opened = of_own_site(opened, site, self._own_site)
        earlier = self._state.closed.before(opened, self._state.judges().returned_s)
        if earlier is not None and self._state.open.get(earlier.incident) is None:  # nobody has reopened it
            opened = msgspec.structs.replace(opened, earlier=earlier)
        return step.open_incident(opened, cause), "opened", opened.reason

    def _area(self, opened: IncidentOpened, signal: SignalBody) -> Incident | list[Incident] | None:
        """Where it is the mains of an area: that incident, or those that become one with it."""
        if not is_mains(opened, signal):
            return None
        rule, mains = self._state.judges().area_mains, self._state.open.mains()
        area = open_area(opened, mains, rule)
        return area if area is not None else (of_area(opened, mains, rule) or None)

    def _open_area(
        self, area: Incident | list[Incident], opened: IncidentOpened, signal: SignalBody, cause: Seq, step: Step
    ) -> tuple[Ref, SignalOutcome, Code]:
        """Let the signal join the area's incident, or open that and merge the others into it that nobody has."""
        if isinstance(area, Incident):
            step.add(join_area(area, opened, signal, POINTS_MAX - len(area.points)), area.id, cause)
            return area.id, "joined", reasons.AREA_MAINS_JOINED
        id_ = step.open_incident(as_area(opened), cause)
        for one in area:
            if one.claimed_by is not None:
                continue  # somebody is at it
            step.end_fold(one.id)
            merged, absorbed = merge(
                step.one(one.id), step.one(id_), None, step.appender.at, is_taken=False, reason=reasons.MERGED_AS_AREA
            )
            step.add(merged, one.id, cause)
            step.add(absorbed, id_, cause)
        return id_, "opened", reasons.AREA_MAINS

    # What the centre notes -------------------------------------------------------------------------------------------

    def _take_notice(self, row: EntryRow, notice: CentreNoticed, step: Step) -> None:
        state = self._state
        decided = decide_notice(notice, row.at, state.open.centre_own(), step.number + 1, state.config, state.catalogue)
        match decided:
            case IncidentOpened():
                step.open_incident(decided, row.seq)
            case (incident_id, IncidentJoined() as joined):
                step.add(joined, incident_id, row.seq)
            case None:
                pass

    def _take_held_up(self, row: EntryRow, body: HeldUp, step: Step) -> None:
        state = self._state
        found = state.open.centre_own()
        decided = decide_held_up(body, row.at, found, step.number + 1, state.config, state.catalogue)
        if isinstance(decided, IncidentOpened):
            step.open_incident(decided, row.seq)
        else:
            incident_id, joined = decided
            step.add(joined, incident_id, row.seq)

    def _take_account(self, row: EntryRow, entry: AccountEntry, step: Step) -> None:
        """A number was set up: what it opened as an unknown account belongs to it now."""
        if entry.body.removed:
            if entry.ref is not None:
                step.write_armings()
                forget_account(step.transaction, entry.ref)
            return
        account_id = entry.ref or Ref(f"account-{row.seq}")
        for incident in self._state.open.candidates(account_key(None, entry.body.account), None):
            placed = place_incident(incident, entry.body, account_id, site_of(entry.body), entry.body.config)
            if placed is not None:
                step.add(placed, incident.id, row.seq)
