"""Incidents worked out from the journal again: apply the facts, decide nothing (DESIGN.md, "The journal", 7).

What results equals the live tables byte for byte, with the vault empty and no catalogue at hand.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from tocsin.centre.call_facts import CallRebuild
from tocsin.centre.check_in_facts import CheckInRebuild
from tocsin.centre.core_entries import signal_row
from tocsin.centre.key_links import KeyLinkRebuild
from tocsin.centre.on_test_core import CodeRebuild, on_test_rebuild
from tocsin.centre.out_core import out_rebuild
from tocsin.centre.queue_parts import QueueRebuild
from tocsin.centre.ring_facts import RingRebuild
from tocsin.centre.rosters import RosterRebuild
from tocsin.centre.schedule_core import ScheduleRebuild
from tocsin.centre.shifts import ShiftRebuild
from tocsin.centre.supervision_core import MISSING_ENTRY, RETURNED_ENTRY, SupervisionRebuild
from tocsin.model.call_forms import CALL_ENDED, CALL_KINDS
from tocsin.model.check_ins import CHECK_IN_KINDS
from tocsin.model.dials import DIAL_KINDS
from tocsin.model.errors import DiskFault
from tocsin.model.flood import STORM_BEGAN, STORM_ENDED, Storm, StormBegan
from tocsin.model.incidents import (
    Incident,
    IncidentAbsorbed,
    IncidentFolded,
    IncidentJoined,
    IncidentOpened,
    SignalOutcome,
    SignalQuarantined,
    SignalRow,
    SignalsFiled,
)
from tocsin.model.journal import StoredEntry
from tocsin.model.key_links import KEY_LINK_KINDS
from tocsin.model.notices import NOTICE_MOVED, NoticeMoved
from tocsin.model.on_test import CODE_KINDS, TEST_KINDS
from tocsin.model.out_of_service import OUT_KINDS
from tocsin.model.queue_parts import QUEUE_KINDS
from tocsin.model.rings import LINE_SET, RING_KINDS
from tocsin.model.rosters import ROSTER_SET
from tocsin.model.schedules import SCHEDULE_SET
from tocsin.model.shifts import DESK_KINDS, SHIFT_KINDS
from tocsin.model.signals import SignalBody
from tocsin.model.stills import STILL_KINDS
from tocsin.model.supervision import SUPERVISION_MISSING, SUPERVISION_RETURNED
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.rules.incident import BODIES, apply
from tocsin.rules.reasons import SPLIT_OFF, SPLIT_UNDONE
from tocsin.rules.runaway import counted_as

BESIDE: Final = STILL_KINDS | {"vault.read", "incident.erased", "hold.set", "hold.lifted", "incident.notified"}
"""Facts that stand in an incident's time line and change nothing of the incident."""


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    at: Micros
    body: msgspec.Raw
    cause: Seq | None
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_SIGNAL: Final = msgspec.json.Decoder(SignalBody)


class _Removed(msgspec.Struct, gc=False):
    removed: bool = False


_REMOVED: Final = msgspec.json.Decoder(_Removed)
_FILED: Final = msgspec.json.Decoder(SignalsFiled)
_QUARANTINED: Final = msgspec.json.Decoder(SignalQuarantined)
_STORM_BEGAN: Final = msgspec.json.Decoder(StormBegan)
_MOVED: Final = msgspec.json.Decoder(NoticeMoved)
_DECODERS: Final = {kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()}


class Rebuild:
    """Takes the entries in order; `incidents` is what they make, and each signal's row is told once."""

    def __init__(
        self,
        on_signal: Callable[[SignalRow], None] = lambda _row: None,
        on_fact: Callable[[Ref, Seq], None] = lambda _incident, _seq: None,
    ) -> None:
        """Begin with nothing. `on_fact` is told which entry belongs to which incident's time line."""
        self.incidents: dict[Ref, Incident] = {}
        self._on_signal = on_signal
        self._on_fact = on_fact
        self._waiting: dict[Seq, tuple[Ref | None, SignalBody]] = {}
        """Signals that no fact has spoken about yet: as many as the core was ever behind."""
        self._quarantined: dict[Seq, tuple[Seq | None, Code]] = {}
        self._moved: dict[Seq, tuple[Ref, Code]] = {}
        """Signals that people split off, and where they are now."""
        self.supervision = SupervisionRebuild()
        self.on_test = on_test_rebuild()
        self.test_codes = CodeRebuild()
        self.out = out_rebuild()
        self.schedules = ScheduleRebuild()
        self.shifts = ShiftRebuild()
        self.rosters = RosterRebuild()
        self.key_links = KeyLinkRebuild()
        self.queue_parts = QueueRebuild()
        self.calls = CallRebuild()
        self.check_ins = CheckInRebuild()
        self.rings = RingRebuild()
        self.storm: Storm | None = None

    def take(self, stored: StoredEntry) -> None:
        """Apply one entry.

        Raises:
            DiskFault: the journal speaks of what it does not hold.
        """
        row = stored.row
        if row.kind == "signal":
            entry = _ENTRY.decode(row.entry)
            self._waiting[row.seq] = (entry.ref, _SIGNAL.decode(entry.body))
        elif row.kind == "signals.filed":
            for seq, reason in _FILED.decode(_ENTRY.decode(row.entry).body).filed:
                self.supervision.signal(self._waiting[seq][1], self._waiting[seq][0], seq, reason)
                self._end(seq, "filed", reason, None)
        elif row.kind == "signal.quarantined":
            entry = _ENTRY.decode(row.entry)
            self._quarantined[row.seq] = (entry.cause, _QUARANTINED.decode(entry.body).error)
            if entry.cause is not None:
                self.supervision.quarantined(entry.cause)
        elif row.kind == SUPERVISION_MISSING:
            self.supervision.take(row.seq, row.at, MISSING_ENTRY.decode(row.entry).body)
        elif row.kind == SUPERVISION_RETURNED:
            self.supervision.take(row.seq, row.at, RETURNED_ENTRY.decode(row.entry).body)
        elif row.kind == "account.set":
            entry = _ENTRY.decode(row.entry)
            if entry.ref is not None and _REMOVED.decode(entry.body).removed:
                self.supervision.forget(entry.ref, row.seq)
        elif row.kind in TEST_KINDS:
            self.on_test.take(row)
        elif row.kind in CODE_KINDS:
            self.test_codes.take(row)
        elif row.kind in OUT_KINDS:
            self.out.take(row)
        elif row.kind == SCHEDULE_SET:
            self.schedules.take(row)
        elif row.kind in DESK_KINDS:
            self.shifts.take_desk(row)
        elif row.kind in SHIFT_KINDS:
            self.shifts.take_shift(row)
        elif row.kind in QUEUE_KINDS:
            for incident in self.queue_parts.take(row):
                if incident in self.incidents:
                    self._on_fact(incident, row.seq)
        elif row.kind == STORM_BEGAN:
            body = _STORM_BEGAN.decode(_ENTRY.decode(row.entry).body)
            self.storm = Storm(id=Ref(f"storm-{row.seq}"), seq=row.seq, since=body.since)
        elif row.kind == STORM_ENDED:
            self.storm = None
        elif row.kind == ROSTER_SET:
            self.rosters.take(row)
        elif row.kind in CALL_KINDS:
            self.calls.take(row)
            if row.kind == CALL_ENDED:
                self.rings.call_ended(row)
        elif row.kind in CHECK_IN_KINDS:
            self.check_ins.take(row)
        elif row.kind in RING_KINDS:
            self.rings.take(row)
        elif row.kind in DIAL_KINDS:
            incident = self.rings.take_dial(row)
            if incident in self.incidents:
                self._on_fact(incident, row.seq)
        elif row.kind == LINE_SET:
            self.rings.take_line(row)
        elif row.kind in KEY_LINK_KINDS:
            self.key_links.take(row)
        elif row.kind in BESIDE:
            # Who was shown the texts of an incident, and what became of them, stands in its time line alone.
            entry = _ENTRY.decode(row.entry)
            if entry.ref is not None and entry.ref in self.incidents:
                self._on_fact(entry.ref, row.seq)
        elif row.kind == NOTICE_MOVED:
            # An answer stands in the time line of its incident, and changes nothing of that.
            moved = _MOVED.decode(_ENTRY.decode(row.entry).body)
            if moved.answer is not None and moved.incident is not None and moved.incident in self.incidents:
                self._on_fact(moved.incident, row.seq)
        elif row.kind in _DECODERS:
            self._apply(row.seq, row.kind, _ENTRY.decode(row.entry))

    def placed(self, row: SignalRow) -> SignalRow:
        """Where a signal is now that `on_signal` told: people may have split it off since."""
        found = self._moved.get(row.seq)
        if found is None:
            return row
        return msgspec.structs.replace(row, incident=found[0], outcome="joined", reason=found[1])

    def take_all(self, entries: Iterable[StoredEntry]) -> "Rebuild":
        """Apply many; return self."""
        for stored in entries:
            self.take(stored)
        return self

    def _apply(self, seq: Seq, kind: Code, entry: _Entry) -> None:
        body = _DECODERS[kind].decode(entry.body)
        id_ = entry.ref or Ref(f"incident-{seq}")
        before = self.incidents.get(id_)
        if before is None and entry.ref is not None:
            raise DiskFault(
                f"Seq {seq} of the journal speaks of {id_}, which it never opened. Verify the journal", "journal.broken"
            )
        self.incidents[id_] = apply(before, body, seq=seq, at=entry.at, actor=entry.actor, id_=id_)
        if isinstance(body, IncidentFolded):
            # Not in the time line: its beginning and its end are, and the count stands on the incident.
            for signal in body.signals:
                self._end(signal, "joined", counted_as(self.incidents[id_]), id_)
            return
        self._on_fact(id_, seq)
        if isinstance(body, IncidentOpened) and body.split is not None:
            self._moved.update(dict.fromkeys(body.split.moved, (id_, SPLIT_OFF)))
        elif isinstance(body, IncidentAbsorbed):
            self._moved.update(dict.fromkeys(body.moved, (id_, SPLIT_UNDONE)))
        cause = entry.cause
        if cause is None:
            return
        if cause in self._quarantined:
            signal, error = self._quarantined.pop(cause)
            if signal is not None and signal in self._waiting:
                self._end(signal, "quarantined", error, id_)
            return
        # What joins may be a path of another account of the same site: its points name it.
        named = {one.account_id for one in body.points_added} if isinstance(body, IncidentJoined) else set[Ref | None]()
        self.supervision.ended_in(cause, named or {self.incidents[id_].account_id}, id_)
        # Without a signal it is about an incident of the centre's own, and the signal ends elsewhere.
        if cause in self._waiting and isinstance(body, IncidentOpened | IncidentJoined) and body.signal is not None:
            if isinstance(body, IncidentJoined):
                self.supervision.signal(self._waiting[cause][1], self._waiting[cause][0], cause, body.kind)
            self._end(cause, "opened" if entry.ref is None else "joined", body.reason, id_)

    def _end(self, seq: Seq, outcome: SignalOutcome, reason: Code, incident: Ref | None) -> None:
        ref, signal = self._waiting.pop(seq)
        self._on_signal(signal_row(seq, ref, signal, outcome, reason, incident))


__all__ = ["Rebuild"]
