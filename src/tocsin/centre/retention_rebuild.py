"""Timers, legal holds and erasures worked out from the journal again (DESIGN.md, "The journal", 7).

What results equals the live tables, with the vault empty. Whose a key is, and the sealed values, are in no fact: they
are the vault's part of the database, and die with it.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.centre.holds import lifted_by
from tocsin.model.errors import DiskFault
from tocsin.model.journal import StoredEntry
from tocsin.model.retention import Erasure, Hold, HoldLifted, HoldSet, IncidentErased
from tocsin.model.values import Actor, Code, Micros, Ref
from tocsin.model.vault import Timer, TimerSet


class RetentionTables(msgspec.Struct, frozen=True):
    """The three tables, each in the order in which the store gives it."""

    timers: list[Timer]
    holds: list[Hold]
    erasures: list[Erasure]


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    at: Micros
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_TIMER: Final = msgspec.json.Decoder(TimerSet)
_SET: Final = msgspec.json.Decoder(HoldSet)
_LIFTED: Final = msgspec.json.Decoder(HoldLifted)
_ERASED: Final = msgspec.json.Decoder(IncidentErased)
_KINDS: Final = frozenset({"timer.set", "hold.set", "hold.lifted", "incident.erased"})


def rebuild_retention(entries: Iterable[StoredEntry]) -> RetentionTables:
    """Apply the journal's facts again, from the first.

    Raises:
        DiskFault: the journal speaks of what it does not hold.
    """
    timers: dict[tuple[Code, Ref], Timer] = {}
    holds: dict[Ref, Hold] = {}
    erasures: dict[Ref, Erasure] = {}
    for stored in entries:
        if stored.row.kind not in _KINDS:
            continue
        entry = _ENTRY.decode(stored.row.entry)
        ref, seq = entry.ref, stored.row.seq
        if ref is None:
            raise _broken(seq)
        match stored.row.kind:
            case "timer.set":
                body = _TIMER.decode(entry.body)
                timers.pop((body.kind, ref), None)
                if body.due_at is not None:
                    timers[body.kind, ref] = Timer(kind=body.kind, ref=ref, due_at=body.due_at)
            case "hold.set":
                hold = _hold_of(_SET.decode(entry.body), ref, seq, entry)
                holds[hold.id] = hold
            case "hold.lifted":
                lifted = _LIFTED.decode(entry.body)
                if lifted.hold not in holds:
                    raise _broken(seq)
                holds[lifted.hold] = lifted_by(holds[lifted.hold], lifted, at=entry.at, actor=entry.actor)
            case _:
                erased = _ERASED.decode(entry.body)
                erasures[ref] = Erasure(at=entry.at, incident=ref, reason=erased.reason, seq=seq)
    return RetentionTables(
        timers=sorted(timers.values(), key=lambda timer: (timer.due_at, timer.ref, timer.kind)),
        holds=list(holds.values()),
        erasures=sorted(erasures.values(), key=lambda erasure: erasure.seq),
    )


def _hold_of(body: HoldSet, incident: Ref, seq: int, entry: _Entry) -> Hold:
    return Hold(
        id=Ref(f"hold-{seq}"),
        incident=incident,
        lifted_at=None,
        lifted_by=None,
        lifted_reason=None,
        reason=body.reason,
        set_at=entry.at,
        set_by=entry.actor,
        until=body.until,
    )


def _broken(seq: int) -> DiskFault:
    return DiskFault(
        f"Seq {seq} of the journal speaks of what it never told of before. Verify the journal", "journal.broken"
    )
