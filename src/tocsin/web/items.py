"""What stored rows look like in the API: signals, incident types, lines of a time line."""

from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.centre.account_parts import partition_code
from tocsin.centre.told_places import PAPER
from tocsin.model.catalogue import Catalogue, IncidentType
from tocsin.model.dials import DIAL_ASKED, DIAL_FAILED, DIAL_TOLD, DialAsked, DialFailed, DialTold
from tocsin.model.incidents import IncidentClosed, IncidentNoted, SignalRow
from tocsin.model.journal import StoredEntry, VaultRead
from tocsin.model.notices import INCIDENT_NOTIFIED, NOTICE_MOVED, IncidentNotified, NoticeMoved
from tocsin.model.queue_parts import QUEUE_KINDS
from tocsin.model.retention import HoldLifted, HoldSet, IncidentErased
from tocsin.model.signals import SignalBody
from tocsin.model.stills import (
    STILL_ERASED,
    STILL_LIFTED,
    STILL_MASKED,
    STILL_TAKEN,
    StillErased,
    StillLifted,
    StillMasked,
    StillTaken,
)
from tocsin.model.values import Actor, Code, Place, Ref, Seq, Words
from tocsin.rules import words
from tocsin.rules.classify import Reading, classify
from tocsin.rules.dial_words import tell_dial
from tocsin.rules.incident import BODIES
from tocsin.rules.notice_texts import tell_answer, tell_notified
from tocsin.rules.queue_parts import BODIES as PART_BODIES
from tocsin.rules.queue_parts import tell_part
from tocsin.web.api.types import SignalItem, TimelineItem, TypeItem
from tocsin.web.board import PlaceKey, PlaceName
from tocsin.web.names import PlaceReader


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    cause: Seq | None
    ref: Ref | None = None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_READ: Final = msgspec.json.Decoder(VaultRead)
_SIGNAL: Final = msgspec.json.Decoder(SignalBody)
_BODIES: Final = {Code(kind): msgspec.json.Decoder(body) for kind, body in BODIES.items()}
_DATA_BODIES: Final = {
    Code("hold.set"): msgspec.json.Decoder(HoldSet),
    Code("hold.lifted"): msgspec.json.Decoder(HoldLifted),
    Code("incident.erased"): msgspec.json.Decoder(IncidentErased),
}
_STILL_BODIES: Final = {
    STILL_TAKEN: msgspec.json.Decoder(StillTaken),
    STILL_LIFTED: msgspec.json.Decoder(StillLifted),
    STILL_MASKED: msgspec.json.Decoder(StillMasked),
    STILL_ERASED: msgspec.json.Decoder(StillErased),
}
_PARTS: Final = {kind: msgspec.json.Decoder(body) for kind, body in PART_BODIES.items()}
_NOTIFIED: Final = msgspec.json.Decoder(IncidentNotified)
_MOVED: Final = msgspec.json.Decoder(NoticeMoved)
_DIAL_BODIES: Final = {
    DIAL_ASKED: msgspec.json.Decoder(DialAsked),
    DIAL_TOLD: msgspec.json.Decoder(DialTold),
    DIAL_FAILED: msgspec.json.Decoder(DialFailed),
}
VAULT_READ: Final = Code("vault.read")


def signal_items(
    found: Sequence[tuple[SignalRow, StoredEntry]], reader: PlaceReader, catalogue: Catalogue
) -> list[SignalItem]:
    """Signals in their order, and where each ended."""
    signals = [_SIGNAL.decode(_ENTRY.decode(stored.row.entry).body) for _, stored in found]
    readings = [classify(signal, None, catalogue) for signal in signals]
    places = [PlaceKey(row.account_id, None, reading.zone) for (row, _), reading in zip(found, readings, strict=True)]
    parts = [
        PlaceKey(row.account_id, None, None if signal.partition is None else partition_code(signal.partition))
        for (row, _), signal in zip(found, signals, strict=True)
    ]
    _, names = reader.read({*places, *parts})
    return [
        _signal_item(row, stored, signal, reading, names[place], names[part].zone, catalogue)
        for (row, stored), signal, reading, place, part in zip(found, signals, readings, places, parts, strict=True)
    ]


def _signal_item(
    row: SignalRow,
    stored: StoredEntry,
    signal: SignalBody,
    reading: Reading,
    name: PlaceName,
    partition_name: Place | None,
    catalogue: Catalogue,
) -> SignalItem:
    rule = catalogue.codes.get((signal.format or "", signal.code or ""))
    assert stored.id is not None, "only signals have rows of signals"
    return SignalItem(
        seq=row.seq,
        id=stored.id,
        received_at=signal.received_at,
        device_time=signal.device_time,
        account=signal.account,
        account_id=row.account_id,
        account_name=name.account,
        code=reading.code,
        meaning=None if rule is None else rule.meaning,
        kind=reading.kind,
        zone=reading.zone,
        zone_name=name.zone,
        partition=signal.partition,
        partition_name=partition_name,
        outcome=Code(row.outcome),
        reason=_quarantined(row) if row.outcome == "quarantined" else words.why(row.reason),
        incident=row.incident,
        duplicates=stored.duplicates,
        encrypted=signal.encrypted,
        disputed=signal.disputed,
        transport=signal.transport,
        has_text=stored.row.sealed is not None,
    )


def _quarantined(row: SignalRow) -> str:
    return f"Set aside: a rule failed on it ({row.reason}). It is in an incident of its own."


def timeline_item(stored: StoredEntry, catalogue: Catalogue) -> TimelineItem:
    """A line of an incident's time line."""
    row = stored.row
    entry = _ENTRY.decode(row.entry)
    note: Ref | None = None
    if row.kind == VAULT_READ:
        who = "The centre" if entry.actor is None else f"{{{entry.actor}}}"
        is_paper = _READ.decode(entry.body).what == PAPER
        said = f"{who} printed the place that was told." if is_paper else f"{who} read the texts of this incident."
    elif row.kind in _DATA_BODIES:
        said = words.tell_data(_DATA_BODIES[row.kind].decode(entry.body), entry.actor)
    elif row.kind in _STILL_BODIES:
        said = words.tell_still(_STILL_BODIES[row.kind].decode(entry.body), entry.actor, entry.ref)
    elif row.kind in _DIAL_BODIES:
        said = tell_dial(_DIAL_BODIES[row.kind].decode(entry.body), entry.actor)
    elif row.kind == INCIDENT_NOTIFIED:
        said = tell_notified(_NOTIFIED.decode(entry.body), entry.actor)
    elif row.kind in QUEUE_KINDS:
        said = tell_part(_PARTS[row.kind].decode(entry.body), entry.actor)
    elif row.kind == NOTICE_MOVED:
        said = tell_answer(_MOVED.decode(entry.body), entry.actor)
    else:
        body = _BODIES[row.kind].decode(entry.body)
        said = words.tell(body, entry.actor, catalogue)
        note = body.note if isinstance(body, IncidentNoted | IncidentClosed) else None
    return TimelineItem(
        seq=row.seq, at=row.at, kind=row.kind, actor=entry.actor, cause=entry.cause, words=said, note=note
    )


def type_item(found: IncidentType) -> TypeItem:
    """An incident type of the catalogue."""
    return TypeItem(
        type=found.type,
        short=found.short,
        hazard=found.hazard,
        opened_by=found.opened_by,
        meaning=found.meaning,
        priority=found.priority,
        questions=list(found.questions),
        checks=list(found.checks),
        first_units=[Words(unit) for unit in found.first_units],
    )
